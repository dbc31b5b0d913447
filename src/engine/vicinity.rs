//! Literals that are looked up near long runs only.
//!
//! Where runs become long enough comes in, places where literals stand go out. A literal belongs
//! here only if the analysis has proven where it stands. Most stand at one distance from the
//! beginning of the run: those cost a look at a few bytes there. The others cost a look at every
//! byte around, but only of runs that are long enough for one of them.

use std::collections::{BTreeMap, BTreeSet};

use super::analysis::Near;
use super::bytes::ByteSet;
use super::grams;
use super::list::List;
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
    /// Where the first gram can begin around a run, from the byte at which it becomes long enough.
    /// The same for all kinds of runs, so that what has been looked at has no gaps.
    pub from: isize,
    pub alnum: Around,
    pub token: Around,
}

/// Where grams can begin around the runs of one kind.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// At these distances from the run's beginning.
    pub at: List<isize>,
    /// And within a stretch.
    pub within: Option<Stretch>,
}

/// A stretch of text in which grams can begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// Only if the run is at least so long, in bytes.
    pub least: usize,
    /// To there, from the run's beginning.
    pub to: isize,
    /// And to there, from its end, if there are literals of which no more is known.
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
        let (mut filed, mut from) = (BTreeSet::new(), isize::MAX);
        let mut alnum = Around { at: fixed(literals, RunKind::Alnum, &mut filed), within: None };
        let mut token = Around { at: fixed(literals, RunKind::Token, &mut filed), within: None };
        let others: Vec<&Gated<'_>> = literals.iter().filter(|gated| !gated.near.iter().all(Near::is_fixed)).collect();
        let bytes: Vec<&[u8]> = others.iter().map(|gated| gated.literal).collect();
        for (gated, gram) in others.iter().zip(grams::choose(&bytes, WIDTH)) {
            filed.insert((gated.index, gram.start));
            for near in gated.near.iter().filter(|near| !near.is_fixed()) {
                let around = match near.kind {
                    RunKind::Alnum => &mut alnum,
                    RunKind::Token => &mut token,
                };
                let gram = gram.start as isize;
                from = from.min(near.from + gram + 1 - near.kind.least() as isize);
                let stretch = around.within.get_or_insert(Stretch { least: usize::MAX, to: 0, open: None });
                stretch.least = stretch.least.min(near.length);
                let to = near.to + gram;
                if near.open {
                    stretch.open = Some(stretch.open.map_or(to, |open| open.max(to)));
                } else {
                    stretch.to = stretch.to.max(to);
                }
            }
        }
        let by_index: BTreeMap<usize, &[u8]> = literals.iter().map(|gated| (gated.index, gated.literal)).collect();
        let filed: Vec<Filed<'_>> =
            filed.into_iter().map(|(index, gram)| Filed { index, literal: by_index[&index], gram }).collect();
        (!filed.is_empty()).then(|| Vicinity { table: Table::new(WIDTH, &filed), from, alnum, token })
    }

    /// Looks around the runs that become long enough in the block of `text` that begins at
    /// `start`, at the ones of the masks. `seen` is the end of what has been looked at in this
    /// text. A literal may be found twice.
    #[inline]
    pub(super) fn look(
        &self,
        text: &[u8],
        start: usize,
        (alnum, token): (u64, u64),
        seen: &mut usize,
        mut found: impl FnMut(usize, usize),
    ) {
        let kinds = [(alnum, &self.alnum, RunKind::Alnum), (token, &self.token, RunKind::Token)];
        ones(alnum | token, |bit| {
            let (at, mut end) = (start + bit, 0);
            for (_, around, kind) in kinds.iter().filter(|(mask, ..)| mask >> bit & 1 != 0) {
                let run = at + 1 - kind.least();
                for &distance in around.at.iter() {
                    let at = run.wrapping_add_signed(distance);
                    if at < text.len() {
                        self.table.at(text, at, &mut found);
                    }
                }
                end = end.max(around.within.and_then(|stretch| stretch.end(text, run, *kind)).unwrap_or(0));
            }
            let places = at.saturating_add_signed(self.from).max(*seen)..end.min(text.len());
            if places.start < places.end {
                *seen = places.end;
                self.table.within(text, places, &mut found);
            }
        });
    }
}

/// Files the literals that stand at one distance from runs of a kind; gives the fewest distances
/// at which one gram of each stands.
fn fixed(literals: &[Gated<'_>], kind: RunKind, filed: &mut BTreeSet<(usize, usize)>) -> List<isize> {
    let mut left: Vec<(usize, isize, usize)> = Vec::new();
    for gated in literals {
        let near = gated.near.iter().filter(|near| near.is_fixed() && near.kind == kind);
        left.extend(near.map(|near| (gated.index, near.from, gated.literal.len() - WIDTH)));
    }
    let mut chosen = Vec::new();
    while !left.is_empty() {
        let mut covers: BTreeMap<isize, usize> = BTreeMap::new();
        for &(_, from, last) in &left {
            (from..=from + last as isize).for_each(|at| *covers.entry(at).or_default() += 1);
        }
        let Some((&best, _)) = covers.iter().max_by_key(|(at, count)| (**count, **at)) else { break };
        chosen.push(best);
        left.retain(|&(index, from, last)| {
            let covered = (from..=from + last as isize).contains(&best);
            if covered {
                filed.insert((index, (best - from) as usize));
            }
            !covered
        });
    }
    chosen.into()
}

impl Stretch {
    /// Behind the last place where a gram can begin around the run that begins at `run`; `None` if
    /// the run is too short.
    fn end(&self, text: &[u8], run: usize, kind: RunKind) -> Option<usize> {
        let set: &ByteSet = &kind.bytes();
        let known = run + kind.least();
        let count = |most: usize| text[known..].iter().take(most).take_while(|&&byte| set.contains(byte)).count();
        if kind.least() < self.least && count(self.least - kind.least()) < self.least - kind.least() {
            return None;
        }
        let end = run.saturating_add_signed(self.to) + 1;
        Some(self.open.map_or(end, |open| end.max((known + count(usize::MAX)).saturating_add_signed(open + 1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(near: &[(&'static str, Near)], text: &str) -> Vec<(usize, usize)> {
        let gated: Vec<Gated<'_>> = near
            .iter()
            .enumerate()
            .map(|(index, (literal, near))| Gated {
                index,
                literal: literal.as_bytes(),
                near: std::slice::from_ref(near),
            })
            .collect();
        let (mut seen, mut found) = (0, Vec::new());
        let mut run = 0;
        for (at, byte) in text.bytes().enumerate() {
            run = if byte.is_ascii_alphanumeric() { run + 1 } else { 0 };
            if run == RunKind::Alnum.least() {
                Vicinity::new(&gated).unwrap().look(text.as_bytes(), at, (1, 0), &mut seen, |index, at| {
                    found.push((index, at));
                });
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn literals_are_found_where_they_can_stand() {
        let near = |from, to, open, length| Near { kind: RunKind::Alnum, from, to, open, length };
        let literals = [
            ("ghp_", near(-4, -4, false, 36)),
            ("akia", near(0, 0, false, 20)),
            ("key_", near(-40, -4, false, 24)),
            ("xyz", near(0, -20, true, 23)),
        ];
        let run = "abcdefghij0123456789";
        assert_eq!(found(&literals, &format!("ghp_{run}")), [(0, 0)]);
        assert_eq!(found(&literals, &format!("x AKIA{run} ghp_")), [(1, 2)]);
        // The run is too short for what is less exact.
        assert_eq!(found(&literals, &format!("key_ {run}")), []);
        assert_eq!(found(&literals, &format!("key_ {run}{run}")), [(2, 0)]);
        assert_eq!(found(&literals, &format!("{run}xyz{run}")), [(3, 20)]);
        assert_eq!(found(&literals, &format!("key_ {run}{run} {run}{run}xyz{run}")), [(2, 0), (3, 86)]);
    }
}
