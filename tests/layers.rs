//! The order of modules holds: a module uses only modules above it in the table of
//! ARCHITECTURE.md; the library reads no environment, clock or terminal; every file says what
//! it is for.

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom to the top. `cli` is the binary and may use everything.
const ORDER: &[&str] = &[
    "error", "chunk", "validate", "detector", "engine", "lexicon", "finding", "message", "detect", "text", "decode",
    "extract", "source", "place", "client", "policy", "scan", "state", "report", "watch", "schedule", "hook", "config",
];

/// `message` gives words to what stands above it, so it comes after `finding` for what it may
/// use, and everything may use it. `error` names `chunk` in its documentation only.
const SEEN_BY_ALL: &[&str] = &["error", "message"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn library() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
            let module = name.split(['/', '.']).next().unwrap_or_default().to_owned();
            let text = fs::read_to_string(&path).expect("readable");
            let is_test = name.ends_with("tests.rs") || name.contains("/tests/");
            (!is_test && !matches!(module.as_str(), "cli" | "main" | "lib")).then_some((module, name, text))
        })
        .collect()
}

/// The text without comments and without its test module.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    text.lines().map(|line| line.split("//").next().unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_module_uses_only_modules_above_it() {
    for (module, name, text) in library() {
        let rank = ORDER.iter().position(|m| *m == module).unwrap_or_else(|| panic!("{module} is not in the order"));
        for used in code(&text).split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if SEEN_BY_ALL.contains(&used.as_str()) || used.is_empty() {
                continue;
            }
            let other = ORDER.iter().position(|m| *m == used);
            assert!(other.is_some_and(|other| other <= rank), "{name} uses crate::{used}, which is not above it");
        }
    }
}

/// What `build.rs` leaves out of the reader's number is used by nothing that reads files.
#[test]
fn what_is_no_part_of_the_reader_stands_above_it() {
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs")).expect("build.rs");
    let list = script.split_once("const NO_READER").and_then(|(_, rest)| rest.split_once(';')?.1.split_once(';'));
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    let names: Vec<&str> = list.expect("the list").0.split('"').skip(1).step_by(2).collect();
    for name in &names {
        let above = matches!(*name, "cli" | "main.rs" | "message") || rank(name) > rank("state");
        assert!(above, "{name} may change what is found");
    }
    // `message` is words for people: its one use below is a language.
    for (module, name, text) in library() {
        if rank(&module) <= rank("scan") && !names.contains(&module.as_str()) {
            let more = code(&text).replace("use crate::message::Lang;", "").contains("crate::message");
            assert!(!more, "{name} uses more of message");
        }
    }
}

#[test]
fn the_library_reads_no_environment_clock_or_terminal() {
    let forbidden = [
        "std::env",
        "env::var",
        "Instant::now",
        "SystemTime::now",
        "is_terminal",
        "process::exit",
        "println!",
        "eprintln!",
    ];
    for (_, name, text) in library() {
        for word in forbidden {
            assert!(!code(&text).contains(word), "{name} uses {word}");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (_, name, text) in library() {
        assert!(text.starts_with("//! "), "{name} does not open with its job");
    }
}
