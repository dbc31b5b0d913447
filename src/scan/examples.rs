//! A detector's examples, run through the whole scanner with all detectors on: as they stand,
//! split at every place, wrapped in gzip and in base64.
//!
//! Used by the project's tests and by `sekisho detectors check` for users' own detectors.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use super::{Collect, Options, Scanner};
use crate::chunk::Origin;
use crate::detector::{Confidence, Detector, Example};
use crate::error::Result;
use crate::finding::{Finding, Key};
use crate::policy::Rules;
use crate::source::{Body, Item, List};

/// An example that did not come true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Other values were found than expected.
    Values {
        /// Line of the example in its file.
        line: usize,
        /// How the text was presented: `plain`, `split at 7`, `gzip`, `base64`.
        how: String,
        /// What should have been found.
        expected: Vec<String>,
        /// What was found.
        found: Vec<String>,
    },
    /// Another detector fired that the file does not list in `overlaps`.
    Overlap {
        /// Line of the example in its file.
        line: usize,
        /// The other detector.
        other: String,
    },
}

/// A set of detectors that was compiled once, to run many files' examples with.
#[derive(Debug)]
pub struct ExampleCheck {
    scanner: Scanner,
}

impl ExampleCheck {
    /// Compiles the whole set. Fails if a detector cannot be used.
    pub fn new(detectors: &[Arc<Detector>], clock: fn() -> Instant) -> Result<ExampleCheck> {
        let mut options = Options::new(Key::new([0; 32]), clock);
        options.reveal = true;
        options.max_findings = 0;
        options.rules = Rules { min_confidence: Confidence::Low, inline_allow: false, ..Rules::default() };
        let scanner = Scanner::new(detectors.to_vec(), options)
            .map_err(|e| crate::error::Error::File(crate::error::Place::whole(&e.id, e.what)))?;
        Ok(ExampleCheck { scanner })
    }

    /// Runs the examples of the detector `id` of the set; says which did not come true.
    pub fn run(&mut self, id: &str, examples: &[Example], overlaps: &[String]) -> Result<Vec<Failure>> {
        let scanner = &mut self.scanner;
        let whole = scanner.options.chunk;
        let mut failures = Vec::new();
        for example in examples {
            let text = example.text.as_bytes();
            let plain = scan(scanner, example.name.as_deref(), text)?;
            for finding in plain.iter().filter(|f| f.detector.id != id && f.confidence > Confidence::Low) {
                let other = finding.detector.id.to_string();
                if !overlaps.contains(&other) {
                    failures.push(Failure::Overlap { line: example.line, other });
                }
            }
            let mut compare = |how: String, findings: &[Finding]| {
                let found = values(findings, id, example);
                if found != example.find {
                    let (line, expected) = (example.line, example.find.clone());
                    failures.push(Failure::Values { line, how, expected, found });
                    return false;
                }
                true
            };
            // A file that is known by its name is not known without it.
            if !compare("plain".to_owned(), &plain) || example.name.is_some() {
                continue;
            }
            compare("gzip".to_owned(), &scan(scanner, None, &gzip(text))?);
            compare("base64".to_owned(), &scan(scanner, None, base64(text).as_bytes())?);
            for chunk in cuts(example) {
                scanner.options.chunk = chunk;
                if !compare(format!("split at {chunk}"), &scan(scanner, None, text)?) {
                    break;
                }
            }
            scanner.options.chunk = whole;
        }
        Ok(failures)
    }
}

/// Window sizes whose first border lies at each place that matters: in and around the values,
/// everywhere in a short text, and here and there in a long one.
fn cuts(example: &Example) -> impl Iterator<Item = usize> {
    let text = &example.text;
    let spans: Vec<_> = example.find.iter().filter_map(|v| text.find(v.as_str()).map(|at| at..at + v.len())).collect();
    let length = text.len();
    (1..length).filter(move |&cut| {
        let near = |at: usize| cut.abs_diff(at) <= 4;
        length <= 160
            || cut % 13 == 0
            || spans.iter().any(|s| near(s.start) || near(s.end) || (s.contains(&cut) && s.len() < 80))
    })
}

/// The distinct values of the example's kind, in the order of their offsets.
fn values(findings: &[Finding], id: &str, example: &Example) -> Vec<String> {
    let wanted = |f: &&Finding| {
        f.detector.id == id && example.confidence.map_or(f.confidence > Confidence::Low, |c| f.confidence == c)
    };
    let mut values: Vec<String> = findings.iter().filter(wanted).map(|f| f.shown.clone()).collect();
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}

fn scan(scanner: &Scanner, name: Option<&str>, bytes: &[u8]) -> Result<Vec<Finding>> {
    let path = std::path::Path::new(name.unwrap_or("example"));
    let item = Item { origin: Origin::file(path), body: Body::Bytes(bytes.to_vec()) };
    let mut found = Collect::default();
    scanner.run(&mut List::new(vec![item]), &mut found)?;
    Ok(found.findings)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Base64 (RFC 4648), one line of it: what stands before it on its line would be context.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0u32, |word, &b| word << 8 | u32::from(b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out.push('\n');
    out
}
