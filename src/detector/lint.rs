//! What a detector file must have beyond being well-formed, so that the next person can trust
//! and change it: enough examples, known checks, words that can match.
//!
//! The same rules hold for the built-in set (in a test) and for users' own files (in
//! `sekisho detectors check`). Whether the examples come true is not decided here.

use super::{Detector, Example};
use crate::error::Place;
use crate::validate;

/// Everything that is wrong with a parsed detector, each with its place.
pub fn lint(file: &str, source: &str, detector: &Detector, examples: &[Example]) -> Vec<Place> {
    let mut wrong = Vec::new();
    let mut at = |key: &str, what: String| wrong.push(Place::at(file, source, find_key(source, key), what));
    for name in detector.variants.iter().flat_map(|v| v.validate.iter()) {
        if validate::find(name).is_none() {
            at("validate", format!("no check is called `{name}`"));
        }
    }
    for context in detector.variants.iter().filter_map(|v| v.context.as_ref()) {
        if context.words.is_empty() && context.against.is_empty() {
            at("context", "a context needs words".to_owned());
        }
        if context.within > 500 {
            at("context", "context is looked for within 500 characters at most".to_owned());
        }
    }
    for (key, words) in
        [("title", Some(&detector.title)), ("why", Some(&detector.why)), ("advice", detector.advice.as_ref())]
    {
        if words.is_some_and(|w| w.en.trim().is_empty() || w.ja.trim().is_empty()) {
            at(key, format!("`{key}` must say something in both languages"));
        }
    }
    let fire = examples.iter().filter(|e| !e.find.is_empty()).count();
    let silent = examples.len() - fire;
    // What the client ledger is looked for with has no text of its own.
    let by_ledger = detector.variants.iter().all(|v| v.finder.as_deref() == Some("ledger"));
    if !by_ledger && (fire < 2 || silent < 2) {
        at(
            "example",
            format!("two examples that fire and two that do not are the least; here are {fire} and {silent}"),
        );
    }
    for example in examples {
        let mut from = 0;
        for value in &example.find {
            match example.text[from..].find(value.as_str()) {
                Some(i) => from += i + 1,
                None => wrong.push(place_of(file, source, example, "a value in `find` does not stand in `text`")),
            }
            while !example.text.is_char_boundary(from) {
                from += 1;
            }
        }
        if example.find.is_empty() && example.why.is_none() {
            wrong.push(place_of(file, source, example, "an example that finds nothing must say `why`"));
        }
    }
    wrong
}

fn place_of(file: &str, source: &str, example: &Example, what: &str) -> Place {
    let byte = source.split_inclusive('\n').take(example.line.saturating_sub(1)).map(str::len).sum();
    Place::at(file, source, byte, what)
}

/// Offset of the line that sets `key` (or opens its table), else 0.
fn find_key(source: &str, key: &str) -> usize {
    let mut offset = 0;
    for line in source.split_inclusive('\n') {
        let bare = line.trim_start_matches(['[', ' ']);
        if bare.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.'])) {
            return offset;
        }
        offset += line.len();
    }
    0
}
