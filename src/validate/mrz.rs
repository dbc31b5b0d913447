//! The machine-readable zone of passports, visas and identity cards.
//!
//! One zone of two or three lines, or a passport's second line alone, in; whether its check digits
//! are right out. Does not read the names.

use super::Outcome::{self, Doubts, Proves, Rejects};
use super::Value;

/// `mrz`: the check digits of ICAO Doc 9303 (part 3, 4.9) over number, birth, expiry and, where
/// the kind has one, the composite.
pub(super) fn mrz(value: &Value<'_>) -> Outcome {
    let mut lines = value.text.split(['\n', '\r', ' ']).filter(|line| !line.is_empty());
    let lines = [lines.next(), lines.next(), lines.next()].map(|line| line.unwrap_or_default().as_bytes());
    let is_alphabet = |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'<';
    if !lines.iter().all(|line| line.iter().all(is_alphabet)) {
        return Rejects;
    }
    let is_good = match lines.map(<[u8]>::len) {
        // TD3: passports. The personal number's own digit may be `<` when there is none.
        [44, 44, 0] => is_second_line(lines[1], true),
        [44, 0, 0] => is_second_line(lines[0], true),
        // TD2, and visas of both sizes, which have no composite.
        [36, 36, 0] => is_second_line(lines[1], lines[0][0] != b'V'),
        [36, 0, 0] => is_second_line(lines[0], true),
        [30, 30, 30] => is_td1(lines[0], lines[1]),
        _ => false,
    };
    if !is_good {
        return Rejects;
    }
    // The specimens of Doc 9303.
    let is_specimen = value.text.contains("L898902C3") || value.text.contains("D23145890");
    if is_specimen { Doubts("example-value") } else { Proves("check-digit") }
}

/// Number, nationality, birth, sex, expiry, optional data, composite: the second line of 44 or 36.
fn is_second_line(line: &[u8], has_composite: bool) -> bool {
    let last = line.len() - 1;
    let composite = || digit(line[..10].iter().chain(&line[13..20]).chain(&line[21..last]));
    is_checked(line, 0..9) && is_dated(line, 13..19, 21..27) && (!has_composite || Some(line[last]) == composite())
}

/// The first two lines of an identity card with three lines of 30.
fn is_td1(first: &[u8], second: &[u8]) -> bool {
    let composite = digit(first[5..30].iter().chain(&second[..7]).chain(&second[8..15]).chain(&second[18..29]));
    is_checked(first, 5..14) && is_dated(second, 0..6, 8..14) && Some(second[29]) == composite
}

/// Birth and expiry, each with its digit.
fn is_dated(line: &[u8], birth: std::ops::Range<usize>, expiry: std::ops::Range<usize>) -> bool {
    is_checked(line, birth) && is_checked(line, expiry)
}

/// Whether the character behind `field` is its check digit.
fn is_checked(line: &[u8], field: std::ops::Range<usize>) -> bool {
    Some(line[field.end]) == digit(line[field.clone()].iter())
}

/// The check digit as a character: weights 7, 3, 1; A = 10 … Z = 35; `<` = 0.
fn digit<'a>(field: impl Iterator<Item = &'a u8>) -> Option<u8> {
    let mut sum = 0;
    for (&b, weight) in field.zip([7, 3, 1].into_iter().cycle()) {
        let number = match b {
            b'0'..=b'9' => b - b'0',
            b'A'..=b'Z' => b - b'A' + 10,
            b'<' => 0,
            _ => return None,
        };
        sum += u32::from(number) * weight;
    }
    u8::try_from(sum % 10).ok().map(|n| b'0' + n)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "P<JPNKENSHO<<HANAKO<<<<<<<<<<<<<<<<<<<<<<<<<";

    /// A passport's second line with its check digits computed.
    fn second(number: &str, birth: &str, expiry: &str) -> String {
        let with = |field: &str| format!("{field}{}", digit(field.as_bytes().iter()).unwrap() as char);
        let (number, birth, expiry) = (with(number), with(birth), with(expiry));
        let optional = with("<<<<<<<<<<<<<<");
        let composite = with(&format!("{number}{birth}{expiry}{optional}"));
        format!("{number}JPN{birth}F{expiry}{optional}{}", &composite[composite.len() - 1..])
    }

    #[test]
    fn specimens_of_doc_9303() {
        for text in [
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\r\nD231458907UTO7408122F1204159<<<<<<<6",
        ] {
            assert_eq!(mrz(&Value::bare(text)), Doubts("example-value"), "{text}");
        }
        let card = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
        assert_eq!(mrz(&Value::bare(card)), Doubts("example-value"));
    }

    #[test]
    fn every_digit_counts() {
        let good = second("TK4827163", "880229", "310504");
        assert_eq!(mrz(&Value::bare(&format!("{FIRST}\n{good}"))), Proves("check-digit"));
        for at in (0..good.len()).filter(|&at| good.as_bytes()[at].is_ascii_digit()) {
            let mut wrong = good.clone().into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + 1) % 10;
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(mrz(&Value::bare(&wrong)), Rejects, "{wrong}");
        }
    }

    #[test]
    fn other_texts() {
        for text in ["", "P", FIRST, &"<".repeat(45), &"a".repeat(44), "あ".repeat(15).as_str()] {
            assert_eq!(mrz(&Value::bare(text)), Rejects, "{text}");
        }
    }
}
