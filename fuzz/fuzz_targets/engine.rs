//! The engine finds in any bytes what a plain loop over all expressions finds.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sekisho::detector::{self, Prefilter};
use sekisho::engine::{Candidate, Engine, Gate, Pattern, Scratch};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let patterns: Vec<Pattern<'_>> = detector::builtin()
        .iter()
        .flat_map(|d| d.variants.iter())
        .filter(|v| v.finder.is_none())
        .map(|v| Pattern {
            regex: &v.pattern,
            gate: match &v.prefilter {
                Prefilter::Pattern => Gate::Pattern,
                Prefilter::Literals(l) => Gate::literals(l.iter().cloned()),
                Prefilter::Digits(n) => Gate::Digits(*n),
                Prefilter::Nothing => Gate::Nothing,
            },
        })
        .collect();
    Engine::new(&patterns).expect("the built-in detectors compile")
});

fuzz_target!(|text: &[u8]| {
    let sorted = |mut all: Vec<Candidate>| {
        all.sort_by_key(|c| (c.pattern, c.value.start, c.value.end));
        all
    };
    let (mut fast, mut slow) = (Vec::new(), Vec::new());
    ENGINE.search(text, 0..text.len(), &mut Scratch::default(), |c| fast.push(c));
    ENGINE.search_naively(text, 0..text.len(), |c| slow.push(c));
    assert_eq!(sorted(fast), sorted(slow));
});
