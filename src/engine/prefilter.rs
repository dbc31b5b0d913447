//! One pass over the text that says where the literals and numbers stand that patterns wait for.
//!
//! Text in, hits out: a hit is a pattern and a place near which it could match. The stages go
//! over a region of text at a time, so that it stays in the nearest cache: structure (what is
//! where), literals near long runs, numbers, `@`, Japanese literals, and Teddy for all others.
//! Nothing is confirmed here.

use std::ops::Range;

use super::numbers::{Memory, WaitDigits};
use super::simd::Processor;
use super::structure::{BLOCK, MOST_DIGITS, Map, Pass, REGION, ones};
use super::table::{Table, eight};
use super::tables::{Literal, Tables};

/// The compiled prefilter of all patterns.
#[derive(Debug)]
pub(super) struct Prefilter {
    pub processor: Processor,
    pub tables: Held,
}

/// Tables, made when the crate was built or at run time.
#[derive(Debug)]
pub(super) enum Held {
    Static(&'static Tables),
    Owned(Box<Tables>),
}

impl std::ops::Deref for Held {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        match self {
            Held::Static(tables) => tables,
            Held::Owned(tables) => tables,
        }
    }
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
    Literal(&'p Literal, usize),
    /// The number that this one waits for: its bytes.
    Digits(&'p WaitDigits, Range<usize>),
}

impl Prefilter {
    /// Calls `hit` for everything that patterns wait for, in nearly rising order of place.
    pub(super) fn search<'p>(&'p self, text: &[u8], places: &mut Places, mut hit: impl FnMut(Hit<'p>)) {
        let Places { map, candidates, memory } = places;
        let tables: &Tables = &self.tables;
        memory.begin(text);
        let shortest = tables.numbers.shortest.min(MOST_DIGITS);
        let mut pass = Pass::new(shortest);
        let mut seen = 0;
        let structure = self.needs_structure();
        for start in (0..text.len()).step_by(REGION) {
            let end = text.len().min(start + REGION);
            let mut literal = |index: usize, at: usize| hit(Hit::Literal(&tables.literals[index], at));
            if let Some((masks, grams)) = &tables.anywhere {
                candidates.clear();
                self.processor.candidates(masks, text, start..end, candidates);
                keep(grams, &text[start..], candidates);
                for &place in candidates.iter() {
                    grams.iter().for_each(|table| table.at(text, start + place as usize, &mut literal));
                }
            }
            if !structure {
                continue;
            }
            self.processor.structure(&mut pass, text, start, map);
            for &block in map.eventful() {
                let (i, start) = (usize::from(block), start + usize::from(block) * BLOCK);
                let runs = (map.alnum[i], map.token[i]);
                if let Some(vicinity) = tables.near_runs.as_ref().filter(|_| runs != (0, 0)) {
                    vicinity.look(text, start, runs, &mut seen, &mut literal);
                }
                if let Some(index) = tables.at {
                    ones(map.at[i], |at| literal(index, start + at));
                }
            }
            if let Some(japanese) = tables.japanese.as_ref().filter(|_| map.any_lead) {
                japanese.look(text, start, &map.lead, &mut literal);
            }
            if !tables.numbers.is_empty() {
                for &block in map.eventful() {
                    let i = usize::from(block);
                    ones(map.digits[i], |at| {
                        let at = (text, &**map, start, start + i * BLOCK + at + 1 - shortest);
                        tables.numbers.look(at, memory, |wait, number| hit(Hit::Digits(wait, number)));
                    });
                }
            }
        }
    }

    /// Only the structural pass; gives the number of blocks in which it has found something.
    pub(super) fn structure(&self, text: &[u8], places: &mut Places) -> usize {
        let map = &mut *places.map;
        let mut pass = Pass::new(self.tables.numbers.shortest);
        let mut found = 0;
        for start in (0..text.len()).step_by(REGION) {
            self.processor.structure(&mut pass, text, start, map);
            found += map.eventful().len();
        }
        found
    }

    /// Only the candidates of the literals that can stand anywhere; gives their number.
    pub(super) fn candidates(&self, text: &[u8], places: &mut Places) -> usize {
        let Some((masks, _)) = &self.tables.anywhere else { return 0 };
        let mut found = 0;
        for start in (0..text.len()).step_by(REGION) {
            places.candidates.clear();
            self.processor.candidates(masks, text, start..text.len().min(start + REGION), &mut places.candidates);
            found += places.candidates.len();
        }
        found
    }

    fn needs_structure(&self) -> bool {
        let Tables { near_runs, at, japanese, numbers, .. } = &*self.tables;
        near_runs.is_some() || at.is_some() || japanese.is_some() || !numbers.is_empty()
    }
}

/// Keeps the candidates at which a table may have a gram. Most have none, and which ones is hard to
/// guess for a branch: so there is none.
fn keep(tables: &[Table], text: &[u8], candidates: &mut Vec<u32>) {
    match tables {
        [table] => keep_if(text, candidates, |bytes| table.admits(bytes)),
        _ => keep_if(text, candidates, |bytes| tables.iter().fold(false, |any, table| any | table.admits(bytes))),
    }
}

#[inline(always)]
fn keep_if(text: &[u8], candidates: &mut Vec<u32>, admits: impl Fn(u64) -> bool) {
    let mut kept = 0;
    for i in 0..candidates.len() {
        let place = candidates[i];
        let bytes = eight(text, place as usize);
        candidates[kept] = place;
        kept += usize::from(admits(bytes));
    }
    candidates.truncate(kept);
}
