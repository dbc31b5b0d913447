//! Japanese manual pages (Debian's `manpages-ja`): nothing in them is anybody's but their authors'.
//!
//! `SEKISHO_MANUALS` names the folder that the package was unpacked to (`.ci/run` does that; a slim
//! system throws manual pages away when it installs them), else the system's own pages are taken.

use std::path::{Path, PathBuf};

use sekisho::source::{Files, Options as Walk};

use super::{Collect, scanner};

/// False findings that a megabyte of manuals may have (issue 8).
const MOST_PER_MB: f64 = 0.5;

#[test]
#[allow(clippy::print_stdout, reason = "a skipped test says so, and what was measured")]
fn japanese_manuals_hold_nobody() {
    let named = std::env::var_os("SEKISHO_MANUALS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from("/usr/share/man/ja"));
    if !Path::new(&folder).is_dir() {
        assert!(std::env::var_os("SEKISHO_REQUIRE").is_none(), "manpages-ja is missing");
        println!("skipped: needs manpages-ja (SEKISHO_MANUALS)");
        return;
    }
    let mut source = Files::new(vec![folder], Walk::default()).unwrap();
    let mut sink = Collect::default();
    scanner().run(&mut source, &mut sink).unwrap();
    let summary = sink.summary.unwrap();
    let megabytes = summary.bytes.max(summary.unpacked_bytes) as f64 / 1e6;
    let found: Vec<String> =
        sink.findings.iter().map(|f| format!("{}: {} {}", f.origin, f.detector.id, f.shown)).collect();
    println!("{} findings in {megabytes:.1} MB of manuals", found.len());
    assert!(summary.files > 100, "{} files", summary.files);
    assert!(found.len() as f64 <= MOST_PER_MB * megabytes, "{}", found.join("\n"));
}
