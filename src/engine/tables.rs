//! The prefilter as data: what to look for where, and who waits for it.
//!
//! Made by [`super::builder`]; for the built-in patterns when the crate is built, else at run
//! time. Nothing is searched here.

use super::analysis::{Near, Next};
use super::japanese::Japanese;
use super::list::{List, Text};
use super::numbers::Numbers;
use super::runs::Before;
use super::table::Table;
use super::teddy::Masks;
use super::vicinity::Vicinity;
use super::windows::Window;

/// Everything that the prefilter knows of a set of patterns.
#[derive(Debug)]
pub(super) struct Tables {
    /// What is looked for, and the patterns that wait for it.
    pub literals: List<Literal>,
    /// Those that stand near long runs.
    pub near_runs: Option<Vicinity>,
    /// The literal `@`.
    pub at: Option<usize>,
    /// Literals with Japanese characters.
    pub japanese: Option<Japanese>,
    /// All other literals.
    pub anywhere: Option<(Masks, List<Table>)>,
    /// Who waits for numbers.
    pub numbers: Numbers,
    /// Expressions of what can follow literals.
    pub rests: List<Text>,
    /// For each look ahead, the rests that it tells apart; at most [`Tables::MOST_RESTS`].
    pub looks: List<List<usize>>,
}

/// The stage that looks for a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Stage {
    /// Near long runs.
    NearRun,
    /// At every `@`.
    At,
    /// Where Japanese characters begin.
    Lead,
    /// Everywhere.
    Anywhere,
}

/// A literal and the patterns that wait for it.
#[derive(Debug)]
pub(super) struct Literal {
    /// Its bytes, ASCII letters in lower case.
    pub bytes: List<u8>,
    /// Who looks for it.
    pub stage: Stage,
    /// Near which runs it stands.
    pub near: List<Near>,
    /// Index of the look at what follows it.
    pub look: Option<usize>,
    /// Who waits.
    pub waits: List<Wait>,
}

/// A pattern that waits for a literal, and what it knows about the place.
#[derive(Debug, Clone)]
pub(super) struct Wait {
    /// Index of the pattern.
    pub pattern: usize,
    /// How far before the literal's beginning the pattern's window begins, in bytes.
    pub before: usize,
    /// And how far behind the literal's beginning it ends.
    pub after: usize,
    /// How far before the literal's beginning matches begin at least, in bytes; less than zero
    /// where they can begin behind it.
    pub least: isize,
    /// What must stand directly before the literal.
    pub preceding: Before,
    /// What must follow the literal.
    pub next: Option<Next>,
    /// The rests of the literal's look of which one must follow, one bit each; none if that is not
    /// known.
    pub rests: u64,
    /// Index of a look of its own of which some rest must follow.
    pub look: Option<usize>,
}

impl Tables {
    /// Rests of one look, at most.
    pub(super) const MOST_RESTS: usize = 64;

    /// The rests of which one must follow for a pattern that waits; none if that is not known.
    pub(super) fn rests_for(&self, literal: &Literal, wait: &Wait) -> impl Iterator<Item = &Text> {
        let all = literal.look.map(|look| self.rests_of(look)).into_iter().flatten();
        let joined = all.enumerate().filter(|(i, _)| wait.rests >> i & 1 != 0).map(|(_, rest)| rest);
        joined.chain(wait.look.map(|look| self.rests_of(look)).into_iter().flatten())
    }

    /// The rests of a look.
    pub(super) fn rests_of(&self, look: usize) -> impl Iterator<Item = &Text> {
        self.looks[look].iter().map(|&rest| &self.rests[rest])
    }
}

impl Wait {
    /// Can the literal at `at`, `length` bytes, belong to a match, as far as its neighbours tell?
    #[inline]
    pub(super) fn admits(&self, text: &[u8], at: usize, length: usize) -> bool {
        let preceded = match at.checked_sub(1) {
            Some(before) => self.preceding.set.contains(text[before]),
            None => self.preceding.start,
        };
        preceded
            && self.next.as_ref().is_none_or(|next| {
                let from = at + length;
                text.get(from..from + next.least).is_some_and(|bytes| bytes.iter().all(|&b| next.set.contains(b)))
            })
    }

    /// The window of a hit.
    pub(super) fn window(&self, at: usize, text: &[u8]) -> Window {
        let range = at.saturating_sub(self.before)..at.saturating_add(self.after).min(text.len());
        Window { until: at.saturating_add_signed(1 - self.least).min(range.end), range }
    }
}
