//! Patterns → immutable automata; a text → candidates.
//!
//! Two steps: the prefilter passes over the text once and says where each pattern could match
//! at all, confirm runs the pattern's own regular expression there. Knows no detectors, files
//! or findings. What it reports is exactly what a plain loop over all expressions would report
//! (`tests/equivalence.rs` holds it to that).

mod analysis;
mod builder;
mod bytes;
mod confirm;
mod prefilter;
mod required;
mod rest;
mod runs;
mod simd;
mod structure;
mod table;
mod teddy;
mod vicinity;
mod windows;

use std::ops::Range;

pub use analysis::{Required, required};
pub use builder::Gate;

use builder::Builder;
use confirm::Expression;
use prefilter::{Hit, Places, Prefilter};
use simd::Processor;
use windows::Windows;

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
    /// Patterns that are searched for everywhere.
    always: Vec<usize>,
}

/// What one thread needs for searching; reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    places: Places,
    windows: Windows,
    rests: Vec<rest::Cache>,
    spent: Vec<usize>,
    caches: Vec<Option<confirm::Cache>>,
}

impl Engine {
    /// Analyses the patterns and builds the prefilter. Expressions are compiled when they are
    /// first needed.
    pub fn new(patterns: &[Pattern<'_>]) -> Result<Engine, PatternError> {
        let fastest = Processor::available().pop().unwrap_or(Processor::Portable);
        Engine::for_processor(patterns, fastest)
    }

    fn for_processor(patterns: &[Pattern<'_>], processor: Processor) -> Result<Engine, PatternError> {
        let mut builder = Builder::default();
        let mut expressions = Vec::with_capacity(patterns.len());
        let mut always = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let wrong = |what| PatternError { pattern: index, what };
            let declared = match &pattern.gate {
                Gate::Literals(literals) => Some(&literals[..]),
                _ => None,
            };
            let analysis = analysis::analyse(pattern.regex, declared).map_err(wrong)?;
            builder.add(&pattern.gate, &analysis).map_err(wrong)?;
            expressions.push(Expression::new(pattern.regex));
            if pattern.gate == Gate::Nothing {
                always.push(index);
            }
        }
        let prefilter = builder.build(processor).map_err(|what| PatternError { pattern: 0, what })?;
        Ok(Engine { prefilter, expressions, always })
    }

    /// Calls `found` for every candidate whose value begins in `core`, in no particular order
    /// of patterns. Linear in the length of `text` for each pattern that could match.
    pub fn search(&self, text: &[u8], core: Range<usize>, scratch: &mut Scratch, mut found: impl FnMut(Candidate)) {
        self.find_windows(text, &core, scratch);
        scratch.caches.resize_with(self.expressions.len(), || None);
        let Scratch { windows, caches, .. } = scratch;
        windows.drain(|pattern, window| {
            // Windows are independent of each other: a match never reaches out of its own.
            if window.end <= core.start {
                return;
            }
            self.expressions[pattern].search(text, window, &mut caches[pattern], |whole, value| {
                if core.contains(&value.start) {
                    found(Candidate { pattern, whole, value });
                }
            });
        });
    }

    /// The windows in which matches with a value in `core` can be.
    fn find_windows(&self, text: &[u8], core: &Range<usize>, scratch: &mut Scratch) {
        let Scratch { places, windows, rests, spent, .. } = scratch;
        rests.resize_with(self.prefilter.rests.len(), || None);
        spent.clear();
        spent.resize(self.expressions.len(), 0);
        for &pattern in &self.always {
            windows.add(pattern, 0..text.len());
        }
        self.prefilter.search(text, places, |hit| {
            let (pattern, window) = match &hit {
                Hit::Literal(wait, at) => (wait.pattern, wait.window(*at, text)),
                Hit::Digits(wait, number) => (wait.pattern, wait.window(number, text)),
            };
            if window.start >= core.end || windows.covers(pattern, &window) {
                return;
            }
            if let Hit::Literal(wait, at) = hit
                && let Some(index) = wait.rest
                && spent[pattern] <= PATIENCE + 2 * at
            {
                let (automaton, rest) = &self.prefilter.rests[index];
                let source = || analysis::rest(&self.expressions[pattern].source, *rest);
                if !automaton.admits(text, at + wait.length, source, &mut rests[index], &mut spent[pattern]) {
                    return;
                }
            }
            windows.add(pattern, window);
        });
    }

    /// What the steps before confirming do with a text: hits of the prefilter, and windows that
    /// are left after looking at what follows the hits. For benchmarks.
    #[doc(hidden)]
    pub fn dry_run(&self, text: &[u8], scratch: &mut Scratch, windows: bool) -> usize {
        let mut count = 0;
        if windows {
            self.find_windows(text, &(0..text.len()), scratch);
            scratch.windows.drain(|_, _| count += 1);
        } else {
            self.prefilter.search(text, &mut scratch.places, |_| count += 1);
        }
        count
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

/// How many bytes more than twice the text so far may be spent on looking at the rests of one
/// pattern. Beyond that its literals stand so close together that one search is cheaper.
const PATIENCE: usize = 4096;
