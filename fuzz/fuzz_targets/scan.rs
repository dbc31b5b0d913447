//! A whole scan of any bytes: no panic (which would be a problem of its own kind), however the
//! input is cut. That the findings are the same is for `tests/equivalence.rs`.

#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use sekisho::chunk::{Limits, Origin};
use sekisho::detector;
use sekisho::error::ProblemKind;
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{Body, Item, List};

static SCANNERS: LazyLock<[Scanner; 2]> = LazyLock::new(|| {
    [256 << 10, 997].map(|chunk| {
        let mut options = Options::new(Key::new([1; 32]), Instant::now);
        options.chunk = chunk;
        options.limits = Limits { members: 1_000, bytes: 16 << 20, ..Limits::default() };
        Scanner::new(detector::builtin().iter().cloned().map(Arc::new).collect(), options).expect("compiles")
    })
});

fuzz_target!(|bytes: &[u8]| {
    for scanner in SCANNERS.iter() {
        let item = Item { origin: Origin::file(PathBuf::from("input")), body: Body::Bytes(bytes.to_vec()) };
        let mut found = Collect::default();
        scanner.run(&mut List::new(vec![item]), &mut found).expect("scans");
        assert!(found.problems.iter().all(|(_, p)| p.kind != ProblemKind::ParserFailed), "{:?}", found.problems);
    }
});
