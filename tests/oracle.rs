//! Checks of identifiers against python-stdnum, which shares no code with them: 200 right numbers
//! of each and 200 with a mistake (`tests/oracle.py` makes them). Offline; needs `python3` with the
//! package `python-stdnum`.

#![allow(clippy::print_stdout)] // A skipped test says so.

use std::collections::BTreeMap;
use std::process::Command;

use sekisho::validate::{Outcome, Value, find};

/// Where the two differ for a reason, in a few numbers with a mistake.
const DIFFERENT: &[&str] = &[
    // A day of birth after 2100 or before 1868, or in the future: the library has a clock.
    "dk-cpr",
    "ee-isikukood",
    "is-kennitala",
    "kr-rrn",
    "lt-asmens-kodas",
    "pl-pesel",
    "se-personnummer",
    "si-emso",
    // The library takes companies' numbers for right, and not those without a date (from 32).
    "lv-personas-kods",
    // It knows no districts, and not the groups that were added in 2011.
    "us-bank-routing",
    "us-itin",
    // It wants the office that gives a number out to exist.
    "it-vat-number",
];

/// The part of a check's numbers, in percent, that may be judged differently.
const TOLERATED: usize = 6;

#[test]
fn checks_agree_with_an_independent_implementation() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle.py");
    let has_library = Command::new("python3").args(["-c", "import stdnum"]).output().is_ok_and(|o| o.status.success());
    if !has_library {
        assert!(std::env::var_os("SEKISHO_REQUIRE").is_none(), "python-stdnum is missing");
        println!("skipped: needs python-stdnum");
        return;
    }
    let output = Command::new("python3").arg(script).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let mut judged: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut differences: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in lines.lines() {
        let mut parts = line.split('\t');
        let (Some(check), Some(number), Some(verdict)) = (parts.next(), parts.next(), parts.next()) else {
            panic!("{line}")
        };
        let is_right = verdict == "1";
        let outcome = find(check).unwrap_or_else(|| panic!("no check {check}"))(&Value::bare(number));
        judged.entry(check).or_default()[usize::from(is_right)] += 1;
        if (outcome != Outcome::Rejects) != is_right {
            differences.entry(check).or_default().push(format!("{line}: {outcome:?}"));
        }
    }
    differences.retain(|check, lines| {
        let tolerated = if DIFFERENT.contains(check) { TOLERATED } else { 0 };
        lines.len() * 100 > judged[check].iter().sum::<usize>() * tolerated
    });
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(judged.len() >= 55, "{}", judged.len());
    assert!(judged.values().all(|[_, right]| *right >= 200), "{judged:?}");
}
