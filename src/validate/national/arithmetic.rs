//! What the check digits of many countries have in common: sums with weights, Luhn, Verhoeff,
//! ISO 7064, dates of birth, and the form of what is judged.
//!
//! Digits in, numbers or a yes or no out. Knows no country.

use super::super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::super::Value;
use super::super::border::in_longer_run;
use super::super::date::{YEARS, is_day};
use super::super::payment::distinct_digits;

/// The `N` digits of a value that has nothing but digits and separators (space and `-+./()`).
pub(super) fn digits<const N: usize>(value: &Value<'_>) -> Option<[u8; N]> {
    let characters = characters::<N>(value)?;
    characters.iter().all(u8::is_ascii_digit).then(|| characters.map(|b| b - b'0'))
}

/// The `N` letters (as capitals) and digits of a value that has nothing else but separators.
pub(super) fn characters<const N: usize>(value: &Value<'_>) -> Option<[u8; N]> {
    let mut characters = [0; N];
    let mut count = 0;
    for b in value.text.bytes().filter(|b| !b" -+./()".contains(b)) {
        *characters.get_mut(count)? = b.to_ascii_uppercase();
        count += 1;
    }
    (count == N && characters.iter().all(u8::is_ascii_alphanumeric)).then_some(characters)
}

/// The judgement of a value whose check digit and parts are right or not.
pub(super) fn judged(value: &Value<'_>, is_right: bool) -> Outcome {
    if !is_right || is_no_number(value) {
        Rejects
    } else if is_counted(value) {
        Doubts("example-value")
    } else {
        Proves("check-digit")
    }
}

/// The judgement of a value that has a form but no check digit.
pub(super) fn shaped(value: &Value<'_>, is_right: bool) -> Outcome {
    match judged(value, is_right) {
        Proves(_) => Fits,
        other => other,
    }
}

/// Whether it is a piece of something longer, or one digit throughout.
fn is_no_number(value: &Value<'_>) -> bool {
    in_longer_run(value) || (value.digits().count() > 4 && distinct_digits(value) == 1)
}

/// Whether the digits count up or down from the first one to the last two at least: what people
/// write who need an example.
fn is_counted(value: &Value<'_>) -> bool {
    let count = value.digits().count();
    let counts = |by: u8| {
        let steps = value.digits().zip(value.digits().skip(1)).take_while(|(a, b)| (a + by) % 10 == *b);
        count >= 7 && steps.count() + 3 >= count
    };
    counts(1) || counts(9)
}

/// The number that the digits write.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |n, &d| n * 10 + u64::from(d))
}

/// The sum of the digits, each times its weight.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&d, weight)| u32::from(d) * weight).sum()
}

/// Whether the last of the digits is a Luhn digit (ISO/IEC 7812-1, annex B).
pub(super) fn has_luhn(digits: &[u8]) -> bool {
    let doubled = |d: u8| u32::from(d * 2 / 10 + d * 2 % 10);
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, &d)| if i % 2 == 0 { d.into() } else { doubled(d) }).sum();
    sum.is_multiple_of(10)
}

/// Whether the last of the digits is one of ISO/IEC 7064, MOD 11,10.
pub(super) fn has_mod_11_10(digits: &[u8]) -> bool {
    let Some((&check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, &d| {
        let sum = (product + u32::from(d)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + u32::from(check)) % 10 == 1
}

/// Whether the last of the digits is Verhoeff's (J. Verhoeff, Error Detecting Decimal Codes, 1969):
/// the dihedral group D5, and a permutation that goes on with each place.
pub(super) fn has_verhoeff(digits: &[u8]) -> bool {
    const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // Turns of a pentagon are 0 to 4, turns with a flip 5 to 9.
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let permuted = |d: u8, times: usize| (0..times % 8).fold(d, |d, _| PERMUTATION[usize::from(d)]);
    digits.iter().rev().enumerate().fold(0, |c, (place, &d)| product(c, permuted(d, place))) == 0
}

/// Whether there is such a day in a year in which somebody who matters may have been born.
pub(super) fn is_birthday(year: u64, month: u64, day: u64) -> bool {
    let [year, month, day] = [year, month, day].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    YEARS.contains(&year) && is_day(year, month, day)
}

/// The same, with a year of two digits of a century that is not told.
pub(super) fn is_birthday_of_any_century(year: u64, month: u64, day: u64) -> bool {
    // The leap years are the same but for 1900.
    is_birthday(2000 + year, month, day)
}

/// The value of a character as a digit of base 36: A is 10.
pub(super) fn of_base_36(character: u8) -> u32 {
    char::from(character).to_digit(36).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        assert!(has_luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]) && !has_luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 4]));
        assert!(has_verhoeff(&[2, 3, 6, 3]) && !has_verhoeff(&[2, 3, 6, 4]) && has_verhoeff(&[1, 2, 3, 4, 5, 1]));
        // ISO/IEC 7064, 9.1.
        assert!(has_mod_11_10(&[0, 7, 9, 4, 5]) && !has_mod_11_10(&[0, 7, 9, 4, 6]) && !has_mod_11_10(&[]));
    }

    #[test]
    fn what_is_counted_is_an_example() {
        for (text, outcome) in [
            ("1234567890", Doubts("example-value")),
            ("123-45-6789", Doubts("example-value")),
            ("9876543210", Doubts("example-value")),
            ("1234567918", Proves("check-digit")),
            ("1111111111", Rejects),
            ("12345", Proves("check-digit")),
        ] {
            assert_eq!(judged(&Value::bare(text), true), outcome, "{text}");
        }
        assert_eq!(judged(&Value { text: "48271635", before: "f3a-", after: "" }, true), Rejects);
        assert_eq!(shaped(&Value::bare("48271635"), true), Fits);
    }

    #[test]
    fn separators_only() {
        assert_eq!(digits::<4>(&Value::bare("1-2.3/4")), Some([1, 2, 3, 4]));
        for text in ["123", "12345", "12a4", "12あ34", ""] {
            assert_eq!(digits::<4>(&Value::bare(text)), None, "{text}");
        }
        assert_eq!(characters::<4>(&Value::bare("a1 b2")), Some(*b"A1B2"));
    }
}
