//! One pass over the text that says, for each pattern, where it could match at all.
//!
//! Text in, windows (pattern, range) out; nothing is confirmed here. Windows of one pattern
//! never overlap: hits close together become one window, so no byte is searched twice for a
//! pattern however dense its hits are.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::required::Required;

/// What must be in the text before a pattern is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The literals that the pattern itself requires.
    Pattern,
    /// One of these, ASCII letters in any case.
    Literals(Vec<String>),
    /// At least so many digits in a run broken by single separators only.
    Digits(u8),
    /// Nothing: the whole text is searched.
    Nothing,
}

/// How far around a hit a pattern's window reaches.
#[derive(Debug, Clone, Copy)]
struct Reach {
    pattern: usize,
    before: usize,
    after: usize,
}

/// The compiled prefilter of all patterns.
#[derive(Debug)]
pub(super) struct Prefilter {
    literals: Option<AhoCorasick>,
    /// By literal: the patterns that wait for it.
    waiting: Vec<Vec<Reach>>,
    /// Patterns that wait for digit runs, with the least number of digits.
    digits: Vec<(u8, Reach)>,
    always: Vec<usize>,
}

/// Collects the gates of all patterns.
#[derive(Debug, Default)]
pub(super) struct Builder {
    index: HashMap<Vec<u8>, usize>,
    literals: Vec<Vec<u8>>,
    waiting: Vec<Vec<Reach>>,
    digits: Vec<(u8, Reach)>,
    always: Vec<usize>,
    patterns: usize,
}

impl Builder {
    /// Adds the next pattern. Fails, in English, if its gate does not gate anything.
    pub(super) fn add(&mut self, gate: &Gate, required: &Required) -> Result<(), String> {
        let pattern = self.patterns;
        self.patterns += 1;
        let whole = Reach { pattern, before: required.longest, after: required.longest };
        match gate {
            Gate::Nothing => self.always.push(pattern),
            Gate::Digits(0) => return Err("`digits = 0` gates nothing".to_owned()),
            Gate::Digits(least) => self.digits.push((*least, whole)),
            Gate::Literals(literals) => {
                for literal in literals {
                    self.wait(literal.to_ascii_lowercase().into_bytes(), whole);
                }
            }
            Gate::Pattern => {
                let shortest = required.literals.iter().map(Vec::len).min().unwrap_or(0);
                if shortest < 3 {
                    return Err(
                        "the pattern contains no literal of three bytes or more that every match must contain; \
                         state `prefilter = { literals = [\"…\"] }` or `{ digits = N }`, or `slow = true`"
                            .to_owned(),
                    );
                }
                for literal in &required.literals {
                    self.wait(literal.clone(), Reach { pattern, before: required.before, after: required.longest });
                }
            }
        }
        Ok(())
    }

    fn wait(&mut self, literal: Vec<u8>, reach: Reach) {
        let next = self.literals.len();
        let index = *self.index.entry(literal.clone()).or_insert(next);
        if index == next {
            self.literals.push(literal);
            self.waiting.push(Vec::new());
        }
        self.waiting[index].push(reach);
    }

    pub(super) fn build(self) -> Result<Prefilter, String> {
        let literals = if self.literals.is_empty() {
            None
        } else {
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::DFA))
                .build(&self.literals)
                .map_err(|e| e.to_string())?;
            Some(automaton)
        };
        Ok(Prefilter { literals, waiting: self.waiting, digits: self.digits, always: self.always })
    }
}

/// The windows of one text, by pattern; memory is kept from text to text.
#[derive(Debug, Default)]
pub(super) struct Windows {
    by_pattern: Vec<Vec<Range<usize>>>,
    touched: Vec<usize>,
}

impl Windows {
    /// Adds a window; hits of a pattern come in rising order of position.
    fn add(&mut self, pattern: usize, window: Range<usize>) {
        if pattern >= self.by_pattern.len() {
            self.by_pattern.resize_with(pattern + 1, Vec::new);
        }
        let windows = &mut self.by_pattern[pattern];
        match windows.last_mut() {
            Some(last) if window.start <= last.end => {
                last.end = last.end.max(window.end);
                last.start = last.start.min(window.start);
            }
            Some(_) => windows.push(window),
            None => {
                self.touched.push(pattern);
                windows.push(window);
            }
        }
    }

    /// Hands out every window once and forgets it.
    pub(super) fn drain(&mut self, mut each: impl FnMut(usize, Range<usize>)) {
        for pattern in self.touched.drain(..) {
            for window in self.by_pattern[pattern].drain(..) {
                each(pattern, window);
            }
        }
    }
}

impl Prefilter {
    /// Finds the windows of all patterns in `text`.
    pub(super) fn search(&self, text: &[u8], windows: &mut Windows) {
        let around = |hit: Range<usize>, reach: &Reach| {
            hit.start.saturating_sub(reach.before)..hit.start.saturating_add(reach.after).min(text.len())
        };
        for &pattern in &self.always {
            windows.add(pattern, 0..text.len());
        }
        if let Some(literals) = &self.literals {
            for hit in literals.find_overlapping_iter(text) {
                for reach in &self.waiting[hit.pattern().as_usize()] {
                    windows.add(reach.pattern, around(hit.range(), reach));
                }
            }
        }
        if !self.digits.is_empty() {
            digit_runs(text, |run, digits| {
                for (least, reach) in &self.digits {
                    if digits >= usize::from(*least) {
                        let end = run.end.saturating_add(reach.after).min(text.len());
                        windows.add(reach.pattern, run.start.saturating_sub(reach.before)..end);
                    }
                }
            });
        }
    }
}

/// Bytes that may stand singly between the digits of one number.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')')
}

/// Calls `each` with every maximal run of digits and single separators, and its digits' number.
fn digit_runs(text: &[u8], mut each: impl FnMut(Range<usize>, usize)) {
    let mut at = 0;
    while let Some(skip) = text[at..].iter().position(u8::is_ascii_digit) {
        let start = at + skip;
        let (mut end, mut digits) = (start, 0);
        while let Some(&byte) = text.get(end) {
            if byte.is_ascii_digit() {
                digits += 1;
                end += 1;
            } else if is_separator(byte) && text.get(end + 1).is_some_and(u8::is_ascii_digit) {
                end += 1;
            } else {
                break;
            }
        }
        each(start..end, digits);
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_runs_are_broken_by_two_separators() {
        let mut runs = Vec::new();
        digit_runs(b"a 12-34 56, 7--8 90", |run, digits| runs.push((run, digits)));
        assert_eq!(runs, [(2..10, 6), (12..13, 1), (15..19, 3)]);
    }

    #[test]
    fn dense_hits_become_one_window() {
        let mut windows = Windows::default();
        for start in (0..100).step_by(5) {
            windows.add(3, start..start + 10);
        }
        windows.add(3, 200..210);
        let mut out = Vec::new();
        windows.drain(|pattern, window| out.push((pattern, window)));
        assert_eq!(out, [(3, 0..105), (3, 200..210)]);
    }
}
