//! One chunk of text → hits: candidates from the engine, judged by checks, context and each
//! other.
//!
//! Offsets are those of the text that was handed in; the way back to files, and what is done
//! about a hit, are others' business. No I/O.

mod context;
mod excerpt;
mod neighbours;

use std::ops::Range;
use std::sync::Arc;

use crate::detector::{Confidence, Detector, Prefilter};
use crate::engine::{Candidate, Engine, Gate, Pattern};
use crate::finding::Reason;
use crate::validate::{self, Check, Outcome, Value};

use context::Words;

pub use excerpt::{excerpt, line};

/// A place in a text where a detector has found something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Index of the detector.
    pub detector: usize,
    /// The value, in bytes of the text.
    pub value: Range<usize>,
    /// How sure we are.
    pub confidence: Confidence,
    /// The evidence.
    pub reasons: Vec<Reason>,
}

/// Why a detector cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectorError {
    /// Its id.
    pub id: String,
    /// What is wrong with its pattern or prefilter, in English.
    pub what: String,
}

/// A set of detectors, compiled. Immutable and shared by all threads.
#[derive(Debug)]
pub struct Detectors {
    list: Vec<Arc<Detector>>,
    judges: Vec<Judge>,
    engine: Engine,
}

/// What judges the candidates of one detector.
#[derive(Debug)]
struct Judge {
    checks: Vec<Check>,
    words: Option<Words>,
    pair: Option<usize>,
}

/// What one thread needs for detecting; reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    engine: crate::engine::Scratch,
    candidates: Vec<Candidate>,
}

impl Detectors {
    /// Compiles a set. Names the first detector that cannot be used.
    pub fn new(list: Vec<Arc<Detector>>) -> Result<Detectors, DetectorError> {
        let patterns: Vec<Pattern<'_>> =
            list.iter().map(|d| Pattern { regex: &d.pattern, gate: gate(&d.prefilter) }).collect();
        let engine =
            Engine::new(&patterns).map_err(|e| DetectorError { id: list[e.pattern].id.to_string(), what: e.what })?;
        let mut judges = Vec::with_capacity(list.len());
        for detector in &list {
            let mut checks = Vec::with_capacity(detector.validate.len());
            for name in detector.validate.iter() {
                checks.push(validate::find(name).ok_or_else(|| DetectorError {
                    id: detector.id.to_string(),
                    what: format!("no check is called `{name}`"),
                })?);
            }
            judges.push(Judge {
                checks,
                words: detector.context.clone().map(Words::new),
                pair: detector.pair.as_ref().and_then(|pair| list.iter().position(|d| d.id == pair.with)),
            });
        }
        Ok(Detectors { list, judges, engine })
    }

    /// The detectors, in the order of their indexes.
    pub fn list(&self) -> &[Arc<Detector>] {
        &self.list
    }

    /// Appends to `hits`, by rising offset, everything found whose value begins in `core`.
    pub fn detect(&self, text: &[u8], core: Range<usize>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        let Scratch { engine, candidates } = scratch;
        self.engine.search(text, core, engine, |candidate| candidates.push(candidate));
        let from = hits.len();
        hits.extend(candidates.drain(..).filter_map(|candidate| self.judge(text, candidate)));
        hits[from..].sort_by(|a, b| {
            (a.value.start, std::cmp::Reverse(a.value.end), a.detector).cmp(&(
                b.value.start,
                std::cmp::Reverse(b.value.end),
                b.detector,
            ))
        });
        if hits.len() - from > 1 {
            self.join_pairs(&mut hits[from..]);
            neighbours::yield_generic(&self.list, hits, from);
        }
    }

    /// A candidate as a hit, unless a check rejects it or its required context is missing.
    fn judge(&self, text: &[u8], candidate: Candidate) -> Option<Hit> {
        let detector = &self.list[candidate.pattern];
        let judge = &self.judges[candidate.pattern];
        let levels = detector.confidence;
        let mut confidence = levels.base;
        let mut reasons = vec![Reason::Named("pattern")];
        let mut doubted = false;
        if !judge.checks.is_empty() {
            let value = String::from_utf8_lossy(&text[candidate.value.clone()]);
            let (before, after) = neighbours::around(text, &candidate.value);
            let value = Value { text: &value, before: &before, after: &after };
            for check in &judge.checks {
                match check(&value) {
                    Outcome::Rejects => return None,
                    Outcome::Fits => {}
                    Outcome::Proves(reason) => {
                        confidence = confidence.max(levels.with_check);
                        reasons.push(Reason::Named(reason));
                    }
                    Outcome::Doubts(reason) => {
                        doubted = true;
                        reasons.push(Reason::Named(reason));
                    }
                }
            }
        }
        if let Some(words) = &judge.words {
            match words.near(text, &candidate.value) {
                Some(word) => {
                    confidence = confidence.max(levels.with_context);
                    reasons.push(Reason::Context(word));
                }
                None if words.required() => return None,
                None => {}
            }
            if let Some(word) = words.against(text, &candidate.value) {
                doubted = true;
                reasons.push(Reason::Against(word));
            }
        }
        if doubted {
            confidence = Confidence::Low;
        }
        Some(Hit { detector: candidate.pattern, value: candidate.value, confidence, reasons })
    }

    /// Raises the hits whose partner stands near.
    fn join_pairs(&self, hits: &mut [Hit]) {
        for i in 0..hits.len() {
            let (Some(partner), Some(pair)) =
                (self.judges[hits[i].detector].pair, self.list[hits[i].detector].pair.as_ref())
            else {
                continue;
            };
            let (here, within) = (hits[i].value.clone(), pair.within as usize);
            let near = |hit: &Hit| {
                hit.detector == partner
                    && hit.confidence > Confidence::Low
                    && hit.value.start.saturating_sub(here.end) <= within
                    && here.start.saturating_sub(hit.value.end) <= within
            };
            // Hits are in order, so only those around this one are looked at.
            let before = hits[..i].iter().rev().take_while(|h| h.value.start + within + 4096 > here.start);
            let after = hits[i + 1..].iter().take_while(|h| h.value.start <= here.end + within);
            let found = before.chain(after).take(256).any(near);
            let doubted = hits[i].reasons.len() > 1 && hits[i].confidence < self.list[hits[i].detector].confidence.base;
            if found && !doubted {
                hits[i].confidence = hits[i].confidence.max(pair.confidence);
                hits[i].reasons.push(Reason::Named("pair"));
            }
        }
    }
}

fn gate(prefilter: &Prefilter) -> Gate {
    match prefilter {
        Prefilter::Pattern => Gate::Pattern,
        Prefilter::Literals(literals) => Gate::Literals(literals.iter().map(|l| l.to_string()).collect()),
        Prefilter::Digits(least) => Gate::Digits(*least),
        Prefilter::Nothing => Gate::Nothing,
    }
}
