//! What holds for every check: the table, no panic on any text, and how often random values pass.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::*;

#[test]
fn names_are_sorted_and_unique() {
    assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
    assert!(PROOFS.is_sorted_by(|a, b| a < b) && DOUBTS.is_sorted_by(|a, b| a < b));
    for (name, _) in TABLE {
        assert!(find(name).is_some(), "{name}");
    }
    assert!(find("").is_none() && find("no-such-check").is_none());
}

/// Every reason written in this module's sources is in [`PROOFS`] or [`DOUBTS`], and the other way
/// round: they are what `message` has words for.
#[test]
fn reasons_are_listed() {
    let mut found = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/validate")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|e| e != "rs") || path.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        for (call, list) in [("Proves(\"", PROOFS), ("Doubts(\"", DOUBTS)] {
            for rest in text.split(call).skip(1) {
                let reason = rest.split('"').next().unwrap();
                assert!(list.contains(&reason), "{call}{reason}");
                found.insert(reason.to_string());
            }
        }
    }
    let listed = PROOFS.iter().chain(DOUBTS).map(|reason| reason.to_string()).collect();
    assert_eq!(found, listed);
}

/// The share of 20,000 random texts of a pattern that a check does not reject, in percent.
fn pass_rate(check: &str, pattern: &str) -> f64 {
    let check = find(check).unwrap();
    let texts = proptest::string::string_regex(pattern).unwrap();
    let mut runner = TestRunner::deterministic();
    let passed = (0..20_000)
        .filter(|_| check(&Value::bare(&texts.new_tree(&mut runner).unwrap().current())) != Outcome::Rejects)
        .count();
    passed as f64 / 200.0
}

#[test]
fn random_values_pass_as_often_as_is_known() {
    for (check, pattern, low, high) in [
        ("luhn", "[0-9]{16}", 9.2, 10.8),
        ("jp-my-number", "[0-9]{12}", 9.2, 10.8),
        ("jp-corporate-number", "[0-9]{13}", 9.2, 10.8),
        // 51 commissions of 100, one check digit of ten (0 and 1 twice as often).
        ("jp-driving-licence", "[0-9]{12}", 4.3, 6.0),
        ("jp-postal-code", "[0-9]{7}", 1.1, 1.8),
        ("card-brand", "[0-9]{16}", 33.0, 37.0),
        ("iban", "DE[0-9]{20}", 0.7, 1.4),
        ("imei", "[0-9]{15}", 9.2, 10.8),
        ("base58check", "K[1-9A-HJ-NP-Za-km-z]{51}", 0.0, 0.01),
        ("us-ssn", "[0-9]{9}", 86.0, 91.0),
        ("mrz", "[A-Z0-9]{9}[0-9]JPN[0-9]{7}F[0-9]{7}<{14}0[0-9]", 0.0, 0.1),
    ] {
        let rate = pass_rate(check, pattern);
        assert!((low..=high).contains(&rate), "{check} {pattern}: {rate} %");
    }
}

/// Texts in the neighbourhood of what checks look for.
const SHAPES: &str = "[0-9A-Fa-f-]{0,40}|[A-Za-z0-9+/=_.-]{0,120}|[0-9 ()+./-]{0,24}|[SMTHR昭和平成令元年月日一二十百千0-9./ -]{0,16}|\
    [a-z.@0-9:+-]{0,30}|gh[pos]_[0-9A-Za-z]{36}|eyJ[A-Za-z0-9_-]{0,30}\\.eyJ[A-Za-z0-9_-]{0,30}\\.[a-z]{0,9}|\
    -----BEGIN [A-Z ]{0,20}-----[A-Za-z0-9\\n\\\\]{0,90}|[$%{}<>()a-zA-Z.\\[\\]]{0,24}|S[A-Z2-7]{55}|nsec1[02-9ac-hj-np-z]{0,60}|\\PC{0,60}|\
    PuTTY-User-Key-File-[0-9]: [a-z\\n]{0,9}Private-Lines:[A-Z0-9a-z\\n]{0,60}";

proptest! {
    #[test]
    fn no_check_panics(text in SHAPES, before in SHAPES, after in SHAPES) {
        for (_, check) in TABLE {
            check(&Value { text: &text, before: &before, after: &after });
        }
    }

    #[test]
    fn no_check_panics_on_any_text(text in any::<String>(), before in any::<String>(), after in any::<String>()) {
        for (_, check) in TABLE {
            check(&Value { text: &text, before: &before, after: &after });
        }
    }

    #[test]
    fn another_digit_breaks_a_check_digit(text in "[1-9][0-9]{15}", at in 0usize..16, by in 1u8..10) {
        // A number with a right last digit, and the same with one digit changed.
        let luhn = find("luhn").unwrap();
        let right = (0..10).map(|d| format!("{}{d}", &text[..15])).find(|t| luhn(&Value::bare(t)) != Outcome::Rejects);
        let mut wrong = right.unwrap().into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        let wrong = String::from_utf8(wrong).unwrap();
        prop_assert_eq!(luhn(&Value::bare(&wrong)), Outcome::Rejects);
    }

    #[test]
    fn another_last_digit_breaks_a_my_number(body in "[0-9]{11}") {
        let check = find("jp-my-number").unwrap();
        let passed = (0..10).filter(|d| check(&Value::bare(&format!("{body}{d}"))) != Outcome::Rejects).count();
        prop_assert!(passed <= 1);
    }

    #[test]
    fn another_first_digit_breaks_a_corporate_number(body in "[0-9]{12}") {
        let check = find("jp-corporate-number").unwrap();
        let passed = (0..10).filter(|d| check(&Value::bare(&format!("T{d}{body}"))) != Outcome::Rejects).count();
        prop_assert_eq!(passed, 1);
    }
}
