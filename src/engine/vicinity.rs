//! Literals that are looked up near long runs only.
//!
//! The ends of runs' first bytes come in (from the structural pass), places where literals stand
//! go out. A literal belongs here only if the analysis has proven where it stands.

use std::ops::Range;

use super::analysis::Near;
use super::bytes::ByteSet;
use super::runs::RunKind;
use super::table::{Filed, Table, rarest};

/// Widths of grams, the best first.
const WIDTHS: [usize; 2] = [4, 3];
/// Before every place that a gram can have.
const FARTHEST_BACK: isize = isize::MIN / 2;
/// Least length in bytes of a literal that can be looked up here.
pub(super) const SHORTEST: usize = WIDTHS[1];

/// The literals of one kind of run.
#[derive(Debug)]
pub(super) struct Vicinity {
    bytes: ByteSet,
    least: usize,
    tables: Vec<Table>,
    reach: Reach,
}

/// Where grams can begin, relative to a run.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// From the beginning of the run.
    from: isize,
    /// To there, from its beginning.
    to: isize,
    /// And to there, from its end, if there are literals for which that is all that is known.
    open: Option<isize>,
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
    /// The surroundings of runs of `kind`; `None` without literals.
    pub(super) fn new(kind: RunKind, literals: &[Gated<'_>]) -> Option<Vicinity> {
        let mut filed: [Vec<Filed<'_>>; WIDTHS.len()] = Default::default();
        let mut reach = Reach { from: isize::MAX, to: FARTHEST_BACK, open: None };
        for Gated { index, literal, near } in literals {
            let (i, gram) =
                WIDTHS.iter().enumerate().find_map(|(i, &width)| rarest(literal, width, |_| true).map(|at| (i, at)))?;
            filed[i].push(Filed { index: *index, literal, gram });
            for near in *near {
                let (from, to) = (near.from + gram as isize, near.to + gram as isize);
                reach.from = reach.from.min(from);
                if near.open {
                    reach.open = Some(reach.open.map_or(to, |open| open.max(to)));
                } else {
                    reach.to = reach.to.max(to);
                }
            }
        }
        let tables: Vec<Table> = std::iter::zip(WIDTHS, &filed)
            .filter(|(_, filed)| !filed.is_empty())
            .map(|(width, filed)| Table::new(width, filed))
            .collect();
        (!tables.is_empty()).then(|| Vicinity { bytes: kind.bytes(), least: kind.least(), tables, reach })
    }

    /// Looks around the run that became long enough at `at`. `seen` is the end of what has been
    /// looked at for earlier runs of this text.
    #[inline]
    pub(super) fn look(&self, text: &[u8], at: usize, seen: &mut usize, mut found: impl FnMut(usize, usize)) {
        let places = self.places(text, at);
        let places = places.start.max(*seen)..places.end.min(text.len());
        if places.start < places.end {
            for table in &self.tables {
                table.within(text, places.clone(), &mut found);
            }
            *seen = places.end;
        }
    }

    fn places(&self, text: &[u8], at: usize) -> Range<usize> {
        let start = at + 1 - self.least;
        let mut end = start.saturating_add_signed(self.reach.to + 1);
        if let Some(open) = self.reach.open {
            let rest = text[at..].iter().take_while(|&&byte| self.bytes.contains(byte)).count();
            end = end.max((at + rest).saturating_add_signed(open + 1));
        }
        start.saturating_add_signed(self.reach.from)..end
    }
}
