//! Databases that SQLite has made (`tests/fixtures/databases/make.py`).

use super::scanned::{Seen, scan, survives};

const SECRET: &str = "credential/password-japanese";

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/databases/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("fixture")
}

fn secret(number: u32) -> String {
    format!("vK7#mPq2xLw{number}")
}

#[test]
fn rows_of_every_kind_of_table_are_named() {
    for name in ["utf8.db", "utf16le.db", "utf16be.db"] {
        let scanned = scan(name, &fixture(name));
        assert_eq!(scanned.problems, [], "{name}");
        for (number, place) in [
            (1, "customers.memo#150"),
            (2, "settings.value#-"),
            (3, "notes.body#1"),
            (4, "files.data#1 › gzip"),
            (6, "medium.y#1"),
            (7, "sqlite_schema.sql#"),
        ] {
            let places = scanned.places(SECRET, &secret(number));
            let there = places.iter().any(|found| found.starts_with(place));
            assert!(there, "{name} {number}: {:?}", scanned.found);
        }
    }
}

#[test]
fn deleted_rows_are_found_in_free_space() {
    let scanned = scan("utf8.db", &fixture("utf8.db"));
    // The next column's value stands behind it without anything between.
    let there = |(_, place, value): &Seen| place == "free space" && value.starts_with(&secret(5));
    assert!(scanned.found.iter().any(there), "{:?}", scanned.found);
}

#[test]
fn a_broken_database_is_said_and_still_read() {
    let whole = fixture("utf8.db");
    let half = scan("a.db", &whole[..whole.len() / 2]);
    assert_eq!(half.problems.first().map(|(_, kind, _)| *kind), Some("damaged"));
    let mut headless = whole.clone();
    headless[16] = 7;
    let scanned = scan("a.db", &headless);
    assert_eq!(scanned.problems.first().map(|(_, kind, _)| *kind), Some("damaged"));
    assert_eq!(scanned.places(SECRET, &secret(3)), ["bytes"], "{:?}", scanned.found);
}

#[test]
fn damage_does_no_harm() {
    survives("a.db", &fixture("utf8.db"));
}
