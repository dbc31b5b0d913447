//! Patterns → immutable automata; a text → candidates.
//!
//! Two steps: the prefilter passes over the text once and says where each pattern could match
//! at all, confirm runs the pattern's own regular expression there. Knows no detectors, files
//! or findings. What it reports is exactly what a plain loop over all expressions would report
//! (`tests/equivalence.rs` holds it to that).

mod analysis;
mod automaton;
mod builder;
mod bytes;
mod confirm;
mod grams;
mod japanese;
mod list;
mod look;
mod numbers;
mod prefilter;
mod prepared;
mod rarity;
mod required;
mod runs;
mod shape;
mod shortened;
mod simd;
mod structure;
mod table;
mod tables;
mod tally;
mod teddy;
mod vicinity;
mod windows;

use std::borrow::Cow;
use std::ops::Range;

pub use analysis::{LONGEST_MATCH, Required, required};
pub use builder::Gate;
pub use list::{List, Text};
#[doc(hidden)]
pub use tally::Tally;

use confirm::Expression;
use look::Look;
use prefilter::{Hit, Places, Prefilter};
use simd::Processor;
use windows::{Window, Windows};

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

/// The compiled patterns. Immutable and shared by all threads.
#[derive(Debug)]
pub struct Engine {
    sources: Vec<Cow<'static, str>>,
    prefilter: Prefilter,
    looks: Vec<Look>,
    expressions: Vec<Expression>,
    /// Patterns that are searched for everywhere.
    always: Vec<usize>,
}

/// What one thread needs for searching; reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    places: Places,
    windows: Windows,
    looks: Vec<look::Cache>,
    caches: Vec<Option<confirm::Cache>>,
}

impl Scratch {
    /// If what was worked out for expressions takes more than `most` bytes, forgets the largest of
    /// it until half of that is left. It is worked out again where it is needed.
    pub fn bound(&mut self, most: usize) {
        let of_look = |cache: &look::Cache| cache.memory();
        let of_expression =
            |cache: &Option<confirm::Cache>| cache.as_ref().map_or(0, |(cache, _)| cache.memory_usage());
        let sizes = self.looks.iter().map(of_look).chain(self.caches.iter().map(of_expression));
        let mut total = sizes.clone().sum::<usize>();
        if total <= most {
            return;
        }
        let mut sizes: Vec<(usize, usize)> = sizes.enumerate().map(|(index, size)| (size, index)).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        for (size, index) in sizes {
            if total <= most / 2 {
                return;
            }
            total -= size;
            match index.checked_sub(self.looks.len()) {
                None => self.looks[index] = look::Cache::default(),
                Some(index) => self.caches[index] = None,
            }
        }
    }
}

impl Engine {
    /// Builds the prefilter. What the built-in patterns need was built with the crate; others
    /// are analysed now. Expressions are compiled when they are first needed.
    pub fn new(patterns: &[Pattern<'_>]) -> Result<Engine, PatternError> {
        let fastest = Processor::available().pop().unwrap_or(Processor::Portable);
        let prepared::Prepared { sources, tables, looks, beginnings } = prepared::tables(patterns)?;
        let always = patterns.iter().enumerate().filter(|(_, p)| p.gate == Gate::Nothing);
        Ok(Engine {
            sources,
            looks,
            prefilter: Prefilter { processor: fastest, tables },
            expressions: beginnings.into_iter().map(Expression::new).collect(),
            always: always.map(|(index, _)| index).collect(),
        })
    }

    /// The same engine on the `index`-th kind of processor that this machine can stand for, the
    /// slowest first; `None` if there are fewer. For tests.
    #[doc(hidden)]
    pub fn on_processor(mut self, index: usize) -> Option<Engine> {
        self.prefilter.processor = *Processor::available().get(index)?;
        Some(self)
    }

    /// Calls `found` for every candidate whose value begins in `core`, in no particular order
    /// of patterns. Linear in the length of `text` for each pattern that could match.
    pub fn search(&self, text: &[u8], core: Range<usize>, scratch: &mut Scratch, found: impl FnMut(Candidate)) {
        self.search_where(text, core, scratch, |_| true, found);
    }

    /// The same, but only for patterns that are `wanted`; that is asked where a match is likely.
    pub fn search_where(
        &self,
        text: &[u8],
        core: Range<usize>,
        scratch: &mut Scratch,
        mut wanted: impl FnMut(usize) -> bool,
        mut found: impl FnMut(Candidate),
    ) {
        self.find_windows(text, &core, scratch);
        scratch.caches.resize_with(self.expressions.len(), || None);
        let Scratch { windows, caches, .. } = scratch;
        windows.drain(|pattern, window| {
            // Windows are independent of each other: a match never reaches out of its own.
            if window.range.end <= core.start {
                return;
            }
            let (source, cache) = (&self.sources[pattern], &mut caches[pattern]);
            let wanted = || wanted(pattern);
            self.expressions[pattern].search(source, text, &window, cache, wanted, |whole, value| {
                if core.contains(&value.start) {
                    found(Candidate { pattern, whole, value });
                }
            });
        });
    }

    /// The windows in which matches with a value in `core` can be.
    fn find_windows(&self, text: &[u8], core: &Range<usize>, scratch: &mut Scratch) {
        let Scratch { places, windows, looks, .. } = scratch;
        looks.resize_with(self.looks.len(), look::Cache::default);
        looks.iter_mut().for_each(look::Cache::begin);
        for &pattern in &self.always {
            windows.add(pattern, Window { range: 0..text.len(), until: text.len() });
        }
        let tables = &*self.prefilter.tables;
        let mut look =
            |index: usize, from: usize| self.looks[index].following(text, from, tables, index, &mut looks[index]);
        self.prefilter.search(text, places, |hit| match hit {
            Hit::Literal(literal, at) => {
                let length = literal.bytes.len();
                let end = at + length;
                // What the look says, once it is asked.
                let mut following = None;
                for wait in literal.waits.iter() {
                    let window = wait.window(at, text);
                    let wanted = window.range.start < core.end && !windows.covers(wait.pattern, &window);
                    if !wanted || !wait.admits(text, at, length) {
                        continue;
                    }
                    let mut follows = |rests: u64| {
                        let all =
                            following.get_or_insert_with(|| literal.look.map_or(u64::MAX, |index| look(index, end)));
                        *all & rests != 0
                    };
                    if wait.rests != 0 && !follows(wait.rests) {
                        continue;
                    }
                    if wait.look.is_none_or(|index| look(index, end) != 0) {
                        windows.add(wait.pattern, window);
                    }
                }
            }
            Hit::Digits(wait, number) => {
                let window = wait.window(&number, text);
                if window.range.start < core.end {
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
                self.prefilter.search(text, &mut scratch.places, |_| count += 1);
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
            expression.search_plainly(&self.sources[pattern], text, |whole, value| {
                if core.contains(&value.start) {
                    found(Candidate { pattern, whole, value });
                }
            });
        }
    }
}
