//! Scans bytes with every detector and keeps what comes out: what the tests look at.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use sekisho::chunk::Origin;
use sekisho::detector::{self, Confidence};
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{Body, Item, List};

/// A detector, every step inward, the value.
pub(crate) type Seen = (String, String, String);

/// Everything that came out.
pub(crate) struct Scanned {
    pub(crate) found: Vec<Seen>,
    pub(crate) problems: Vec<(String, &'static str, String)>,
    pub(crate) not_text: Vec<&'static str>,
}

impl Scanned {
    /// Where, inward from the file, a detector found a value.
    pub(crate) fn places(&self, detector: &str, value: &str) -> Vec<&str> {
        let is = |seen: &&Seen| seen.0 == detector && seen.2 == value;
        self.found.iter().filter(is).map(|(_, place, _)| place.as_str()).collect()
    }
}

fn scanner() -> &'static Scanner {
    static SCANNER: OnceLock<Scanner> = OnceLock::new();
    SCANNER.get_or_init(|| {
        let mut options = Options::new(Key::new([1; 32]), Instant::now);
        options.reveal = true;
        options.max_findings = 0;
        options.rules.min_confidence = Confidence::Low;
        let detectors = detector::builtin().iter().cloned().map(Arc::new).collect();
        Scanner::new(detectors, options).expect("detectors")
    })
}

/// Scans one file.
pub(crate) fn scan(name: &str, bytes: &[u8]) -> Scanned {
    let item = Item { origin: Origin::file(PathBuf::from(name)), body: Body::Bytes(bytes.to_vec()) };
    let mut collect = Collect::default();
    let summary = scanner().run(&mut List::new(vec![item]), &mut collect).expect("scans");
    let inside = |origin: &Origin| origin.inside.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › ");
    Scanned {
        found: collect
            .findings
            .iter()
            .map(|f| (f.detector.id.to_string(), inside(&f.origin), f.shown.clone()))
            .collect(),
        problems: collect.problems.iter().map(|(o, p)| (inside(o), p.kind.name(), p.what.clone())).collect(),
        not_text: summary.not_text.keys().copied().collect(),
    }
}

/// Cuts a file at 1 000 places and turns 1 000 of its bits, the same ones on every run.
pub(crate) fn survives(name: &str, bytes: &[u8]) {
    for i in 0..1000 {
        scan(name, &bytes[..bytes.len() * i / 1000]);
    }
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..1000 {
        // Xorshift.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut turned = bytes.to_vec();
        turned[(random >> 8) as usize % bytes.len()] ^= 1 << (random & 7);
        let panicked = scan(name, &turned).problems.iter().any(|(_, kind, _)| *kind == "parser-failed");
        assert!(!panicked, "{name}: a bit of byte {} turned", (random >> 8) as usize % bytes.len());
    }
}

/// A token that every detector set finds, not whole in any file.
pub(crate) fn token() -> String {
    ["ghp_", "BG2fKgO16aNJPnrx9l", "bqWQfN8HFFXN000000"].concat()
}

pub(crate) const TOKEN: &str = "credential/github-token";
