//! Japanese postal codes against the list of those in use.
//!
//! A code in, whether there is one out. Which town it is and whether an address agrees is for the
//! lexicon to say.

use super::Outcome::{self, Proves, Rejects};
use super::Value;
use super::border::in_longer_run;
use super::table::look_up;

/// Five digits, then the last two as numbers and ranges: `00100` tab `00 10-40 45`.
const CODES: &str = include_str!("data/jp_postal_codes.tsv");

/// `jp-postal-code`: seven digits, perhaps with 〒 and a hyphen, that 日本郵便 has assigned. One in
/// seventy random numbers is.
pub(super) fn postal_code(value: &Value<'_>) -> Outcome {
    let text = value.text.trim_start_matches(['〒', ' ']);
    let mut digits = [0; 7];
    let mut count = 0;
    for b in text.bytes() {
        match b {
            b'-' | b' ' if count == 3 => continue,
            b'0'..=b'9' if count < 7 => digits[count] = b,
            _ => return Rejects,
        }
        count += 1;
    }
    let Ok(text) = str::from_utf8(&digits[..count]) else { return Rejects };
    if count != 7 || in_longer_run(value) || !is_assigned(text) {
        return Rejects;
    }
    Proves("postal-code-exists")
}

/// Whether a code of seven digits is in the list.
fn is_assigned(code: &str) -> bool {
    let (head, tail) = code.split_at(5);
    look_up(CODES, head).is_some_and(|list| {
        list.split(' ').any(|item| {
            let (from, to) = item.split_once('-').unwrap_or((item, item));
            (from..=to).contains(&tail)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_looked_up() {
        assert!(super::super::table::is_sorted(CODES));
        let assigned = (0..10_000_000).step_by(97).filter(|n| is_assigned(&format!("{n:07}"))).count();
        // 142,920 codes in all.
        assert!((1_400..1_550).contains(&assigned), "{assigned}");
    }

    #[test]
    fn codes() {
        for (text, exists) in [
            ("〒100-0001", true),
            ("〒 100-0001", true),
            ("100-0001", true),
            ("1000001", true),
            ("100-0000", true),
            ("150-0002", true),
            ("530-0001", true),
            ("000-0000", false),
            ("123-4567", false),
            ("999-9999", false),
            ("1000-001", false),
            ("100-00011", false),
            ("100-000", false),
            ("〒", false),
            ("", false),
            ("１００−０００１", false), // folding is not done here
        ] {
            assert_eq!(postal_code(&Value::bare(text)) == Proves("postal-code-exists"), exists, "{text}");
        }
        let at = |before, after| postal_code(&Value { text: "100-0001", before, after });
        assert_eq!(at("(", ")"), Proves("postal-code-exists"));
        assert_eq!(at("Tokyo ", ", Japan"), Proves("postal-code-exists"));
        assert_eq!(at("03-", ""), Rejects);
        assert_eq!(at("", "-1"), Rejects);
        assert_eq!(at("v", ""), Rejects);
    }
}
