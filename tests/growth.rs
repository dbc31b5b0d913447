//! The engine's work grows no faster than the text, whatever the text: `benches/data/hostile.toml`
//! lists texts that try. Counted, not timed. And literals that are looked for are rare in plain
//! texts, or else they are known to be common.

use std::path::Path;

use sekisho::detector::{self, Prefilter};
use sekisho::engine::{Engine, Gate, Pattern, Scratch, Tally};
use serde::Deserialize;

#[derive(Deserialize)]
struct Texts {
    text: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    name: String,
    piece: Vec<String>,
    detector: Option<String>,
    found: Option<usize>,
}

fn texts() -> Vec<Text> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/data/hostile.toml");
    toml::from_str::<Texts>(&std::fs::read_to_string(file).expect("readable")).expect("well-formed").text
}

/// The ids of the built-in detectors by pattern, and all patterns.
fn patterns() -> (Vec<String>, Vec<(String, Gate)>) {
    let gate = |prefilter: &Prefilter| match prefilter {
        Prefilter::Pattern => Gate::Pattern,
        Prefilter::Literals(literals) => Gate::literals(literals.iter().cloned()),
        Prefilter::Digits(least) => Gate::Digits(*least),
        Prefilter::Nothing => Gate::Nothing,
    };
    let all = || {
        detector::builtin()
            .iter()
            .flat_map(|d| d.variants.iter().map(move |v| (d, v)))
            .filter(|(_, v)| v.finder.is_none())
    };
    let patterns = all().map(|(_, v)| (v.pattern.to_string(), gate(&v.prefilter)));
    (all().map(|(d, _)| d.id.to_string()).collect(), patterns.collect())
}

fn engine(patterns: &[(String, Gate)]) -> Engine {
    let list: Vec<Pattern<'_>> = patterns.iter().map(|(regex, gate)| Pattern { regex, gate: gate.clone() }).collect();
    Engine::new(&list).expect("compiles")
}

/// What was done for a text: hits, windows, and bytes searched by expressions.
fn work(tally: &Tally) -> [usize; 3] {
    let hits = tally.literals.iter().map(|literal| literal.1).sum::<usize>();
    let sum = |i: usize| tally.patterns.iter().map(|pattern| pattern[i]).sum::<usize>();
    [hits + sum(0), sum(1), sum(2)]
}

#[test]
fn twice_the_text_is_twice_the_work() {
    const SIZE: usize = 64 << 10;
    let (ids, patterns) = patterns();
    let engine = engine(&patterns);
    for text in texts() {
        let piece: String = text.piece.concat();
        let mut scratch = Scratch::default();
        let mut tally = |size: usize| {
            let mut tally = Tally::default();
            let text = &piece.repeat(size / piece.len() + 1).into_bytes()[..size];
            engine.tally(text, &mut scratch, &mut tally);
            tally
        };
        let (once, twice) = (tally(SIZE), tally(2 * SIZE));
        for (what, (a, b)) in ["hits", "windows", "bytes"].iter().zip(work(&once).into_iter().zip(work(&twice))) {
            // A few more or fewer at the end of the text are no growth.
            assert!(b <= 2 * a + a / 5 + 20_000.min(SIZE / 2), "{}: {a} {what}, then {b}", text.name);
        }
        // No byte is searched twice for a pattern.
        for (id, [.., bytes, _]) in ids.iter().zip(&once.patterns) {
            assert!(*bytes <= SIZE, "{}: {id} searches {bytes} of {SIZE} bytes", text.name);
        }
        if let Some(detector) = &text.detector {
            let found = ids.iter().zip(&once.patterns).filter(|(id, _)| *id == detector).map(|(_, p)| p[3]).sum();
            assert_eq!(Some::<usize>(found), text.found, "{}: {detector}", text.name);
        }
    }
}

/// Literals that stand in many texts, and why they are looked for all the same: nothing rarer is in
/// every match of their patterns.
const COMMON: &[&str] = &[
    // Words by which passwords are named.
    "token",
    "pass",
    "api",
    "auth",
    "key(",
    "private",
    "access",
    "seed",
    "storage",
    "service",
    "shared",
    "passw",
    "encryption",
    "pw",
    "password",
    "secret",
    "master",
    "client",
    "session",
    "priv",
    "_auth",
    "account",
    // Here-documents; what addresses with passwords have, and what names stand behind.
    "<<<",
    "://",
    "@",
    "name:",
];

/// So often may any other literal stand in a kilobyte of text.
const RARE: f64 = 0.05;

#[test]
fn other_literals_are_rare_in_plain_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut corpus = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.extension().is_some_and(|e| e == "rs") => {
                    corpus.extend(std::fs::read(path).expect("readable"));
                }
                _ => {}
            }
        }
    }
    let engine = engine(&patterns().1);
    let (mut tally, mut scratch) = (Tally::default(), Scratch::default());
    corpus.chunks(256 << 10).for_each(|text| engine.tally(text, &mut scratch, &mut tally));
    let kb = corpus.len() as f64 / 1024.0;
    assert!(kb > 500.0, "{kb} KB are no corpus");
    let rates = tally.literals.iter().map(|(literal, hits, _)| (String::from_utf8_lossy(literal), *hits as f64 / kb));
    let common: Vec<_> = rates.filter(|(literal, rate)| *rate >= RARE && !COMMON.contains(&&**literal)).collect();
    assert!(common.is_empty(), "hits in a KB: {common:?}");
}
