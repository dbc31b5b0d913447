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
mod grams;
mod japanese;
mod look;
mod numbers;
mod prefilter;
mod rarity;
mod required;
mod runs;
mod shape;
mod shortened;
mod simd;
mod structure;
mod table;
mod teddy;
mod vicinity;
mod windows;

use std::ops::Range;

use rayon::prelude::*;

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

/// A step of the search, for benchmarks.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Only the structural pass.
    Structure,
    /// Only the loop that sees where literals may be.
    Candidates,
    /// The whole prefilter.
    Prefilter,
    /// The prefilter and a look at what follows each hit.
    Windows,
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
    sources: Vec<Source>,
    prefilter: Prefilter,
    expressions: Vec<Expression>,
    /// Patterns that are searched for everywhere.
    always: Vec<usize>,
}

/// A pattern as it was given.
#[derive(Debug)]
struct Source {
    regex: String,
    /// The literals that its gate declares, ASCII letters in lower case.
    declared: Option<Vec<Vec<u8>>>,
}

/// What one thread needs for searching; reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    places: Places,
    windows: Windows,
    looks: Vec<look::Cache>,
    caches: Vec<Option<confirm::Cache>>,
}

/// The literals that a pattern's gate declares.
type Declared = Option<Vec<Vec<u8>>>;

/// What a pattern's gate declares, and the analysis of the pattern.
fn analysed(pattern: &Pattern<'_>) -> Result<(Declared, analysis::Analysis), String> {
    let declared = match &pattern.gate {
        Gate::Literals(literals) => {
            Some(literals.iter().map(|l| l.to_ascii_lowercase().into_bytes()).collect::<Vec<_>>())
        }
        Gate::Pattern => None,
        Gate::Digits(_) | Gate::Nothing => return Ok((None, analysis::measure(pattern.regex)?)),
    };
    let analysis = analysis::analyse(pattern.regex, declared.as_deref())?;
    Ok((declared, analysis))
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
        let mut sources = Vec::with_capacity(patterns.len());
        let mut always = Vec::new();
        // The analysis is most of the work of starting up, and each pattern's is its own.
        let analyses: Vec<_> = patterns.par_iter().map(analysed).collect();
        for (index, (pattern, analysed)) in patterns.iter().zip(analyses).enumerate() {
            let wrong = |what| PatternError { pattern: index, what };
            let (declared, analysis) = analysed.map_err(wrong)?;
            builder.add(&pattern.gate, &analysis).map_err(wrong)?;
            sources.push(Source { regex: pattern.regex.to_owned(), declared });
            if pattern.gate == Gate::Nothing {
                always.push(index);
            }
        }
        let prefilter = builder.build(processor).map_err(|what| PatternError { pattern: 0, what })?;
        let expressions = patterns.iter().map(|_| Expression::new()).collect();
        Ok(Engine { sources, prefilter, expressions, always })
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
            self.expressions[pattern].search(
                &self.sources[pattern].regex,
                text,
                window,
                &mut caches[pattern],
                |whole, value| {
                    if core.contains(&value.start) {
                        found(Candidate { pattern, whole, value });
                    }
                },
            );
        });
    }

    /// The windows in which matches with a value in `core` can be.
    fn find_windows(&self, text: &[u8], core: &Range<usize>, scratch: &mut Scratch) {
        let Scratch { places, windows, looks, .. } = scratch;
        looks.resize_with(self.prefilter.looks.len(), look::Cache::default);
        looks.iter_mut().for_each(look::Cache::begin);
        for &pattern in &self.always {
            windows.add(pattern, 0..text.len());
        }
        let mut look = |index: usize, from: usize| {
            self.prefilter.looks[index].admits(text, from, &self.sources, &mut looks[index])
        };
        self.prefilter.search(text, places, &self.sources, |hit| match hit {
            Hit::Literal(waiting, at) => {
                let end = at + waiting.length;
                // What the look for all of them says, once it is asked.
                let mut all = None;
                for wait in &waiting.waits {
                    let window = wait.window(at, text);
                    let wanted = window.start < core.end && !windows.covers(wait.pattern, &window);
                    if !wanted || !wait.admits(text, at, waiting.length) {
                        continue;
                    }
                    let mut any = || *all.get_or_insert_with(|| waiting.look.is_none_or(|index| look(index, end)));
                    if wait.look.is_none() || any() && wait.look.is_some_and(|index| look(index, end)) {
                        windows.add(wait.pattern, window);
                    }
                }
            }
            Hit::Digits(wait, number) => {
                let window = wait.window(&number, text);
                if window.start < core.end {
                    windows.add(wait.pattern, window);
                }
            }
        });
    }

    /// Does one step of the search alone, or all up to it; gives the number of its results.
    #[doc(hidden)]
    pub fn dry_run(&self, text: &[u8], scratch: &mut Scratch, step: Step) -> usize {
        let mut count = 0;
        match step {
            Step::Structure => count = self.prefilter.structure(text, &mut scratch.places),
            Step::Candidates => count = self.prefilter.candidates(text, &mut scratch.places),
            Step::Prefilter => {
                self.prefilter.search(text, &mut scratch.places, &self.sources, |_| count += 1);
            }
            Step::Windows => {
                self.find_windows(text, &(0..text.len()), scratch);
                scratch.windows.drain(|_, _| count += 1);
            }
        }
        count
    }

    /// The twin that is obviously right: every expression over the whole text. For tests and
    /// `detectors check`; slow.
    pub fn search_naively(&self, text: &[u8], core: Range<usize>, mut found: impl FnMut(Candidate)) {
        for (pattern, expression) in self.expressions.iter().enumerate() {
            expression.search(&self.sources[pattern].regex, text, 0..text.len(), &mut None, |whole, value| {
                if core.contains(&value.start) {
                    found(Candidate { pattern, whole, value });
                }
            });
        }
    }
}
