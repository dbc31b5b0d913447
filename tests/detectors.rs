//! Every built-in detector passes the lint, and its examples come true: plain, gzipped,
//! base64-wrapped and split at every place, with all detectors on.

use std::sync::Arc;
use std::time::Instant;

use sekisho::detector::{self, Detector};
use sekisho::scan::ExampleCheck;

#[test]
fn detectors_are_well_formed_and_their_examples_come_true() {
    let set: Vec<Arc<Detector>> = detector::builtin().iter().cloned().map(Arc::new).collect();
    let mut check = ExampleCheck::new(&set, Instant::now).expect("compiles");
    let mut wrong = Vec::new();
    for (id, source) in detector::sources() {
        let file = format!("detectors/{id}.toml");
        let (examples, overlaps) = detector::parse_examples(&file, source).expect("parsed at build time");
        let d = set.iter().find(|d| d.id == *id).expect("same set");
        wrong.extend(
            detector::lint(&file, source, d, &examples).iter().map(|p| format!("{}:{}: {}", p.file, p.line, p.what)),
        );
        let failures = check.run(id, &examples, &overlaps).expect("scans");
        wrong.extend(failures.iter().map(|f| format!("{file}: {f:?}")));
    }
    assert!(wrong.is_empty(), "{} mistakes:\n{}", wrong.len(), wrong.join("\n"));
}
