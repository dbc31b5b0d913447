//! One pass over the text that says where the literals and numbers stand that patterns wait for.
//!
//! Text in, hits out: a hit is a pattern and a place near which it could match. The stages go
//! over a region of text at a time, so that it stays in the nearest cache: structure (what is
//! where), literals near long runs, numbers, `@`, Japanese literals, and Teddy for all others.
//! Nothing is confirmed here.

use std::ops::Range;

use super::analysis::{Next, Rest};
use super::rest::Automaton;
use super::runs::Before;
use super::simd::Processor;
use super::structure::{Map, Pass, REGION, ones};
use super::table::Table;
use super::teddy::Masks;
use super::vicinity::Vicinity;

/// A pattern that waits for a literal, and what it knows about the place.
#[derive(Debug)]
pub(super) struct Wait {
    pub pattern: usize,
    /// Bytes of the literal.
    pub length: usize,
    /// How far before the literal's beginning the pattern's window begins, in bytes.
    pub before: usize,
    /// And how far behind the literal's beginning it ends.
    pub after: usize,
    /// What must stand directly before the literal.
    pub preceding: Before,
    /// What must follow the literal.
    pub next: Option<Next>,
    /// Index of what must follow it in full.
    pub rest: Option<usize>,
}

impl Wait {
    /// Can the literal at `at` belong to a match, as far as its neighbours tell?
    #[inline]
    fn admits(&self, text: &[u8], at: usize) -> bool {
        let preceded = match at.checked_sub(1) {
            Some(before) => self.preceding.set.contains(text[before]),
            None => self.preceding.start,
        };
        preceded
            && self.next.as_ref().is_none_or(|next| {
                let from = at + self.length;
                text.get(from..from + next.least).is_some_and(|bytes| bytes.iter().all(|&b| next.set.contains(b)))
            })
    }

    /// The window of a hit.
    pub(super) fn window(&self, at: usize, text: &[u8]) -> Range<usize> {
        at.saturating_sub(self.before)..at.saturating_add(self.after).min(text.len())
    }
}

/// A pattern that waits for a number.
#[derive(Debug)]
pub(super) struct WaitDigits {
    pub pattern: usize,
    /// Digits of the number, at least.
    pub least: usize,
    /// How far a match can reach beyond the number on either side, in bytes.
    pub around: usize,
}

impl WaitDigits {
    /// The window of a hit.
    pub(super) fn window(&self, number: &Range<usize>, text: &[u8]) -> Range<usize> {
        number.start.saturating_sub(self.around)..number.end.saturating_add(self.around).min(text.len())
    }
}

/// The compiled prefilter of all patterns; made by [`super::builder`].
#[derive(Debug)]
pub(super) struct Prefilter {
    pub processor: Processor,
    /// By literal: the patterns that wait for it.
    pub waiting: Vec<Vec<Wait>>,
    pub near_alnum: Option<Vicinity>,
    pub near_token: Option<Vicinity>,
    /// The literal `@`.
    pub at: Option<usize>,
    /// Literals with Japanese characters, filed under grams that begin with one.
    pub japanese: Vec<Table>,
    /// All other literals.
    pub anywhere: Option<(Masks, Vec<Table>)>,
    pub digits: Vec<WaitDigits>,
    pub rests: Vec<(Automaton, Rest)>,
}

/// What a search needs; memory is kept from text to text.
#[derive(Debug, Default)]
pub(super) struct Places {
    map: Box<Map>,
    candidates: Vec<u32>,
}

/// What the prefilter has found.
pub(super) enum Hit<'p> {
    /// The literal that `wait` waits for, at this place.
    Literal(&'p Wait, usize),
    /// The number that it waits for: its bytes.
    Digits(&'p WaitDigits, Range<usize>),
}

impl Prefilter {
    /// Calls `hit` for everything that a pattern waits for; for each pattern in nearly rising
    /// order of place.
    pub(super) fn search<'p>(&'p self, text: &[u8], places: &mut Places, mut hit: impl FnMut(Hit<'p>)) {
        let Places { map, candidates } = places;
        let fewest = self.digits.iter().map(|d| d.least).min().unwrap_or(1);
        let mut pass = Pass::new(fewest);
        let fewest = fewest.clamp(1, 32);
        let (mut seen_alnum, mut seen_token, mut seen_digits) = (0, 0, 0);
        let structure = self.needs_structure();
        for start in (0..text.len()).step_by(REGION) {
            let end = text.len().min(start + REGION);
            let mut literal = |index: usize, at: usize| {
                for wait in &self.waiting[index] {
                    if wait.admits(text, at) {
                        hit(Hit::Literal(wait, at));
                    }
                }
            };
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
            if let Some(vicinity) = &self.near_alnum {
                ones(&map.alnum, |at| vicinity.look(text, start + at, &mut seen_alnum, &mut literal));
            }
            if let Some(vicinity) = &self.near_token {
                ones(&map.token, |at| vicinity.look(text, start + at, &mut seen_token, &mut literal));
            }
            if let Some(index) = self.at {
                ones(&map.at, |at| literal(index, start + at));
            }
            if map.any_lead {
                for table in &self.japanese {
                    ones(&map.lead, |at| table.at(text, start + at, &mut literal));
                }
            }
            if !self.digits.is_empty() {
                ones(&map.digits, |at| {
                    let first = start + at + 1 - fewest;
                    if first >= seen_digits {
                        let (number, digits) = number(text, first);
                        seen_digits = number.end;
                        for wait in self.digits.iter().filter(|wait| digits >= wait.least) {
                            hit(Hit::Digits(wait, number.clone()));
                        }
                    }
                });
            }
        }
    }

    fn needs_structure(&self) -> bool {
        self.near_alnum.is_some()
            || self.near_token.is_some()
            || self.at.is_some()
            || !self.japanese.is_empty()
            || !self.digits.is_empty()
    }
}

/// The run of digits and single separators that begins at `start`, and the number of its digits.
fn number(text: &[u8], start: usize) -> (Range<usize>, usize) {
    let (mut end, mut digits) = (start, 0);
    while let Some(&byte) = text.get(end) {
        let digit = byte.is_ascii_digit();
        if !digit && !(is_separator(byte) && text.get(end + 1).is_some_and(u8::is_ascii_digit)) {
            break;
        }
        digits += usize::from(digit);
        end += 1;
    }
    (start..end, digits)
}

/// Bytes that may stand singly between the digits of one number.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_broken_by_two_separators() {
        let text = b"a 12-34 56, 7--8 90";
        let starts = [2, 12, 15];
        let numbers: Vec<_> = starts.iter().map(|&start| number(text, start)).collect();
        assert_eq!(numbers, [(2..10, 6), (12..13, 1), (15..19, 3)]);
    }
}
