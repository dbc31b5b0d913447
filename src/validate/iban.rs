//! International bank account numbers.
//!
//! A candidate with or without spaces in, whether country, structure and check digits agree out.

use super::Outcome::{self, Doubts, Proves, Rejects};
use super::Value;
use super::table::look_up;

/// Country, length in characters, structure of what follows the four leading characters.
const COUNTRIES: &str = include_str!("data/iban.tsv");

/// Numbers printed in the IBAN registry and in banks' documentation.
const EXAMPLES: &[&str] = &["GB82WEST12345698765432", "GB29NWBK60161331926819", "DE89370400440532013000"];

/// `iban`: the country's length and structure (IBAN registry), and remainder 1 modulo 97
/// (ISO 13616, ISO/IEC 7064 MOD 97-10).
pub(super) fn iban(value: &Value<'_>) -> Outcome {
    let characters = || value.text.bytes().filter(|b| !matches!(b, b' ' | b'-')).map(|b| b.to_ascii_uppercase());
    let mut compact = [0; 34];
    let length = characters().count();
    if length > compact.len() {
        return Rejects;
    }
    compact.iter_mut().zip(characters()).for_each(|(to, b)| *to = b);
    let compact = &compact[..length];
    let Ok(text) = str::from_utf8(compact) else { return Rejects };
    let Some(rest) = text.get(..2).and_then(|country| look_up(COUNTRIES, country)) else { return Rejects };
    let Some((wanted, structure)) = rest.split_once('\t') else { return Rejects };
    if wanted.parse() != Ok(length)
        || !compact[2..4].iter().all(u8::is_ascii_digit)
        || !has_structure(&compact[4..], structure)
        || remainder(compact) != 1
    {
        return Rejects;
    }
    if EXAMPLES.contains(&text) { Doubts("example-value") } else { Proves("check-digit") }
}

/// Whether the characters are as a structure of the registry says: `4!a6!n` is four upper-case
/// letters and six digits, `c` is either.
fn has_structure(mut characters: &[u8], structure: &str) -> bool {
    let mut rest = structure;
    while let Some((count, tail)) = rest.split_once('!') {
        let (Ok(count), Some(class)) = (count.parse::<usize>(), tail.bytes().next()) else { return false };
        let Some((part, others)) = characters.split_at_checked(count) else { return false };
        let fits = part.iter().all(|b| match class {
            b'n' => b.is_ascii_digit(),
            b'a' => b.is_ascii_uppercase(),
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        });
        if !fits {
            return false;
        }
        characters = others;
        rest = tail.get(1..).unwrap_or_default();
    }
    characters.is_empty()
}

/// The number modulo 97, its first four characters moved to the end and A = 10 … Z = 35.
fn remainder(compact: &[u8]) -> u32 {
    let (head, tail) = compact.split_at(4.min(compact.len()));
    tail.iter().chain(head).fold(0, |n, &b| match b {
        b'0'..=b'9' => (n * 10 + u32::from(b - b'0')) % 97,
        _ => (n * 100 + u32::from(b.wrapping_sub(b'A')) + 10) % 97,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IBAN of `country` and `rest` with its check digits computed.
    fn with_check_digits(country: &str, rest: &str) -> String {
        let check = 98 - remainder(format!("{country}00{rest}").as_bytes());
        format!("{country}{check:02}{rest}")
    }

    #[test]
    fn the_table_can_be_looked_up() {
        assert!(super::super::table::is_sorted(COUNTRIES));
        for line in COUNTRIES.lines().skip(1) {
            let structure = line.split('\t').nth(2).unwrap();
            let sum: usize = structure
                .split(|c: char| c == '!' || c.is_ascii_lowercase())
                .filter_map(|n| n.parse::<usize>().ok())
                .sum();
            assert_eq!(line.split('\t').nth(1).unwrap().parse(), Ok(sum + 4), "{line}");
        }
    }

    #[test]
    fn published_examples() {
        for (text, outcome) in [
            ("GB82 WEST 1234 5698 7654 32", Doubts("example-value")),
            ("GB82 WEST 1234 5698 7654 33", Rejects),
            ("DE89 3704 0044 0532 0130 00", Doubts("example-value")),
            ("FR1420041010050500013M02606", Proves("check-digit")),
            ("JP82WEST12345698765432", Rejects),
            ("GB", Rejects),
            ("", Rejects),
            ("あ", Rejects),
        ] {
            assert_eq!(iban(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn length_and_structure_are_the_countrys() {
        for (country, rest, good) in [
            ("NL", "INGB0417164300", true),
            ("NL", "1234041716430X", false),
            ("NL", "INGB041716430", false),
            ("NO", "86011117947", true),
            ("NO", "8601111794X", false),
        ] {
            let text = with_check_digits(country, rest);
            assert_eq!(iban(&Value::bare(&text)) == Proves("check-digit"), good, "{text}");
        }
    }
}
