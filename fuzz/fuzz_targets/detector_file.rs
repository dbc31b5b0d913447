//! Any text as a detector file: an error with its place, or a detector that compiles or says why not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sekisho::detector;
use sekisho::engine::{Engine, Gate, Pattern};

fuzz_target!(|source: &str| {
    let Ok(parsed) = detector::parse("credential/fuzzed", "fuzzed.toml", source) else { return };
    let examples = detector::parse_examples("fuzzed.toml", source).map(|(examples, _)| examples).unwrap_or_default();
    let _ = detector::lint("fuzzed.toml", source, &parsed, &examples);
    // Large repetitions are refused by size, which takes its time.
    let patterns: Vec<Pattern<'_>> = parsed
        .variants
        .iter()
        .filter(|v| v.pattern.len() < 200)
        .map(|v| Pattern { regex: &v.pattern, gate: Gate::Pattern })
        .collect();
    let _ = Engine::new(&patterns);
});
