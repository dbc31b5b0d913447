//! One pass over the text that says where the literals and numbers stand that patterns wait for.
//!
//! Text in, hits out: a hit is a pattern and a place near which it could match. The stages go
//! over a region of text at a time, so that it stays in the nearest cache: structure (what is
//! where), literals near long runs, numbers, `@`, Japanese literals, and Teddy for all others.
//! Nothing is confirmed here.

use std::ops::Range;

use super::Source;
use super::analysis::Next;
use super::japanese::Japanese;
use super::look::Look;
use super::numbers::{Memory, Numbers, WaitDigits};
use super::runs::Before;
use super::simd::Processor;
use super::structure::{BLOCK, MOST_DIGITS, Map, Pass, REGION, ones};
use super::table::Table;
use super::teddy::Masks;
use super::vicinity::Vicinity;

/// The patterns that wait for one literal.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Bytes of the literal.
    pub length: usize,
    /// Index of the look by which most places can be dismissed for all patterns that look.
    pub look: Option<usize>,
    pub waits: Vec<Wait>,
}

/// A pattern that waits for a literal, and what it knows about the place.
#[derive(Debug)]
pub(super) struct Wait {
    pub pattern: usize,
    /// How far before the literal's beginning the pattern's window begins, in bytes.
    pub before: usize,
    /// And how far behind the literal's beginning it ends.
    pub after: usize,
    /// What must stand directly before the literal.
    pub preceding: Before,
    /// What must follow the literal.
    pub next: Option<Next>,
    /// Index of the look at all that must follow it.
    pub look: Option<usize>,
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
    pub(super) fn window(&self, at: usize, text: &[u8]) -> Range<usize> {
        at.saturating_sub(self.before)..at.saturating_add(self.after).min(text.len())
    }
}

/// The compiled prefilter of all patterns; made by [`super::builder`].
#[derive(Debug)]
pub(super) struct Prefilter {
    pub processor: Processor,
    /// By literal: the patterns that wait for it.
    pub waiting: Vec<Waiting>,
    pub near_runs: Option<Vicinity>,
    /// The literal `@`.
    pub at: Option<usize>,
    /// Literals with Japanese characters.
    pub japanese: Option<Japanese>,
    /// All other literals.
    pub anywhere: Option<(Masks, Vec<Table>)>,
    pub numbers: Numbers,
    pub looks: Vec<Look>,
}

/// What a search needs; memory is kept from text to text.
#[derive(Debug, Default)]
pub(super) struct Places {
    map: Box<Map>,
    candidates: Vec<u32>,
    memory: Memory,
}

/// What the prefilter has found.
pub(super) enum Hit<'p> {
    /// The literal that these wait for, at this place.
    Literal(&'p Waiting, usize),
    /// The number that this one waits for: its bytes.
    Digits(&'p WaitDigits, Range<usize>),
}

impl Prefilter {
    /// Calls `hit` for everything that patterns wait for, in nearly rising order of place.
    pub(super) fn search<'p>(
        &'p self,
        text: &[u8],
        places: &mut Places,
        sources: &[Source],
        mut hit: impl FnMut(Hit<'p>),
    ) {
        let Places { map, candidates, memory } = places;
        memory.begin(text);
        let shortest = self.numbers.shortest().min(MOST_DIGITS);
        let mut pass = Pass::new(shortest);
        let mut seen = 0;
        let structure = self.needs_structure();
        for start in (0..text.len()).step_by(REGION) {
            let end = text.len().min(start + REGION);
            let mut literal = |index: usize, at: usize| hit(Hit::Literal(&self.waiting[index], at));
            if let Some((masks, tables)) = &self.anywhere {
                candidates.clear();
                self.processor.candidates(masks, text, start..end, candidates);
                for &place in candidates.iter() {
                    tables.iter().for_each(|table| table.at(text, start + place as usize, &mut literal));
                }
            }
            if !structure {
                continue;
            }
            self.processor.structure(&mut pass, text, start, map);
            for &block in map.eventful() {
                let (i, start) = (usize::from(block), start + usize::from(block) * BLOCK);
                let runs = (map.alnum[i], map.token[i]);
                if let Some(vicinity) = self.near_runs.as_ref().filter(|_| runs != (0, 0)) {
                    vicinity.look(text, start, runs, &mut seen, &mut literal);
                }
                if let Some(index) = self.at {
                    ones(map.at[i], |at| literal(index, start + at));
                }
            }
            if let Some(japanese) = self.japanese.as_ref().filter(|_| map.any_lead) {
                japanese.look(text, start, &map.lead, &mut literal);
            }
            if !self.numbers.is_empty() {
                for &block in map.eventful() {
                    let i = usize::from(block);
                    ones(map.digits[i], |at| {
                        let at = (text, &**map, start, start + i * BLOCK + at + 1 - shortest);
                        self.numbers.look(at, sources, memory, |wait, number| hit(Hit::Digits(wait, number)));
                    });
                }
            }
        }
    }

    /// Only the structural pass; gives the number of blocks in which it has found something.
    pub(super) fn structure(&self, text: &[u8], places: &mut Places) -> usize {
        let map = &mut *places.map;
        let mut pass = Pass::new(self.numbers.shortest());
        let mut found = 0;
        for start in (0..text.len()).step_by(REGION) {
            self.processor.structure(&mut pass, text, start, map);
            found += map.eventful().len();
        }
        found
    }

    /// Only the candidates of the literals that can stand anywhere; gives their number.
    pub(super) fn candidates(&self, text: &[u8], places: &mut Places) -> usize {
        let Some((masks, _)) = &self.anywhere else { return 0 };
        let mut found = 0;
        for start in (0..text.len()).step_by(REGION) {
            places.candidates.clear();
            self.processor.candidates(masks, text, start..text.len().min(start + REGION), &mut places.candidates);
            found += places.candidates.len();
        }
        found
    }

    fn needs_structure(&self) -> bool {
        self.near_runs.is_some() || self.at.is_some() || self.japanese.is_some() || !self.numbers.is_empty()
    }
}
