//! Patterns → immutable automata; a text → candidates.
//!
//! Two steps: the prefilter passes over the text once and says where each pattern could match
//! at all, confirm runs the pattern's own regular expression there. Knows no detectors, files
//! or findings. What it reports is exactly what a plain loop over all expressions would report
//! (`tests/equivalence.rs` holds it to that).

mod confirm;
mod prefilter;
mod required;

use std::ops::Range;

pub use prefilter::Gate;
pub use required::{Required, required};

use confirm::Expression;
use prefilter::Prefilter;

/// One pattern to look for.
#[derive(Debug, Clone)]
pub struct Pattern<'a> {
    /// The expression, in Rust regex syntax with ASCII classes.
    pub regex: &'a str,
    /// What must be in the text before it is tried.
    pub gate: Gate,
}

/// Where a pattern matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Index of the pattern.
    pub pattern: usize,
    /// The whole match.
    pub whole: Range<usize>,
    /// The group `value`, or the whole match where there is none.
    pub value: Range<usize>,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Index of the pattern.
    pub pattern: usize,
    /// What is wrong, in English.
    pub what: String,
}

/// The longest match of any pattern, in bytes of text. Windows overlap by this much, so it is
/// what a pattern may count on; longer (or unbounded) patterns are refused.
pub const LONGEST_MATCH: usize = 16 << 10;

/// The compiled patterns. Immutable and shared by all threads.
#[derive(Debug)]
pub struct Engine {
    prefilter: Prefilter,
    expressions: Vec<Expression>,
}

/// What one thread needs for searching; reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    windows: prefilter::Windows,
    caches: Vec<Option<confirm::Cache>>,
}

impl Engine {
    /// Analyses the patterns and builds the prefilter. Expressions are compiled when they are
    /// first needed.
    pub fn new(patterns: &[Pattern<'_>]) -> Result<Engine, PatternError> {
        let mut prefilter = prefilter::Builder::default();
        let mut expressions = Vec::with_capacity(patterns.len());
        for (index, pattern) in patterns.iter().enumerate() {
            let wrong = |what| PatternError { pattern: index, what };
            let required = required(pattern.regex).map_err(wrong)?;
            prefilter.add(&pattern.gate, &required).map_err(wrong)?;
            expressions.push(Expression::new(pattern.regex));
        }
        let prefilter = prefilter.build().map_err(|what| PatternError { pattern: 0, what })?;
        Ok(Engine { prefilter, expressions })
    }

    /// Calls `found` for every candidate whose value begins in `core`, in no particular order
    /// of patterns. Linear in the length of `text` for each pattern that could match.
    pub fn search(&self, text: &[u8], core: Range<usize>, scratch: &mut Scratch, mut found: impl FnMut(Candidate)) {
        scratch.caches.resize_with(self.expressions.len(), || None);
        let Scratch { windows, caches } = scratch;
        self.prefilter.search(text, windows);
        windows.drain(|pattern, window| {
            self.expressions[pattern].search(text, window, &mut caches[pattern], |whole, value| {
                if core.contains(&value.start) {
                    found(Candidate { pattern, whole, value });
                }
            });
        });
    }

    /// The twin that is obviously right: every expression over the whole text. For tests and
    /// `detectors check`; slow.
    pub fn search_naively(&self, text: &[u8], core: Range<usize>, mut found: impl FnMut(Candidate)) {
        for (pattern, expression) in self.expressions.iter().enumerate() {
            expression.search(text, 0..text.len(), &mut None, |whole, value| {
                if core.contains(&value.start) {
                    found(Candidate { pattern, whole, value });
                }
            });
        }
    }
}
