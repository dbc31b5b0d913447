//! Literals that are looked up near long runs only.
//!
//! Where runs become long enough comes in, places where literals stand go out. A literal belongs
//! here only if the analysis has proven where it stands.

use super::analysis::Near;
use super::bytes::ByteSet;
use super::grams;
use super::runs::RunKind;
use super::structure::ones;
use super::table::{Filed, Table};

/// Bytes of a gram. Three are enough: near runs is little text, and one table of all literals
/// costs less than two.
const WIDTH: usize = 3;
/// Least length in bytes of a literal that can be looked up here.
pub(super) const SHORTEST: usize = WIDTH;

/// The literals that stand near runs.
#[derive(Debug)]
pub(super) struct Vicinity {
    pub table: Table,
    /// Where the first gram can begin, from the byte at which a run becomes long enough. The same
    /// for all kinds of runs, so that what has been looked at has no gaps.
    pub from: isize,
    pub alnum: Option<Reach>,
    pub token: Option<Reach>,
}

/// How far behind the byte at which a run becomes long enough grams can begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// To there, from that byte.
    pub to: isize,
    /// And to there, from the end of the run, if there are literals of which no more is known.
    pub open: Option<isize>,
}

/// A literal and its places near runs.
pub(super) struct Gated<'a> {
    /// What it is called in answers.
    pub index: usize,
    /// Its bytes, letters in lower case; at least [`SHORTEST`].
    pub literal: &'a [u8],
    /// Where it can stand.
    pub near: &'a [Near],
}

impl Vicinity {
    /// `None` without literals.
    pub(super) fn new(literals: &[Gated<'_>]) -> Option<Vicinity> {
        let bytes: Vec<&[u8]> = literals.iter().map(|gated| gated.literal).collect();
        let (mut from, mut alnum, mut token) = (isize::MAX, None, None);
        let mut filed = Vec::with_capacity(literals.len());
        for (&Gated { index, literal, near }, gram) in literals.iter().zip(grams::choose(&bytes, WIDTH)) {
            for near in near {
                // From the beginning of a run to where it becomes long enough.
                let first = near.kind.least() as isize - 1;
                let gram = gram.start as isize;
                from = from.min(near.from + gram - first);
                let reach = match near.kind {
                    RunKind::Alnum => &mut alnum,
                    RunKind::Token => &mut token,
                };
                let reach = reach.get_or_insert(Reach { to: 0, open: None });
                if near.open {
                    let to = near.to + gram;
                    reach.open = Some(reach.open.map_or(to, |open| open.max(to)));
                } else {
                    reach.to = reach.to.max(near.to + gram - first);
                }
            }
            filed.push(Filed { index, literal, gram: gram.start });
        }
        (!filed.is_empty()).then(|| Vicinity { table: Table::new(WIDTH, &filed), from, alnum, token })
    }

    /// Looks around the runs that become long enough in the block of `text` that begins at
    /// `start`, at the ones of the masks. `seen` is the end of what has been looked at in this
    /// text.
    #[inline]
    pub(super) fn look(
        &self,
        text: &[u8],
        start: usize,
        (alnum, token): (u64, u64),
        seen: &mut usize,
        mut found: impl FnMut(usize, usize),
    ) {
        ones(alnum | token, |bit| {
            let at = start + bit;
            let mut end = 0;
            for (mask, reach, kind) in [(alnum, &self.alnum, RunKind::Alnum), (token, &self.token, RunKind::Token)] {
                if let (1, Some(reach)) = (mask >> bit & 1, reach) {
                    end = end.max(reach.end(text, at, &kind.bytes()));
                }
            }
            let places = at.saturating_add_signed(self.from).max(*seen)..end.min(text.len());
            if places.start < places.end {
                *seen = places.end;
                self.table.within(text, places, &mut found);
            }
        });
    }
}

impl Reach {
    /// Behind the last place where a gram can begin, for a run that became long enough at `at`.
    fn end(&self, text: &[u8], at: usize, run: &ByteSet) -> usize {
        let end = at.saturating_add_signed(self.to) + 1;
        self.open.map_or(end, |open| {
            let rest = text[at..].iter().take_while(|&&byte| run.contains(byte)).count();
            end.max((at + rest).saturating_add_signed(open + 1))
        })
    }
}
