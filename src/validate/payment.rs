//! Payment cards and the other numbers with a Luhn digit.
//!
//! The digits of a candidate in, whether its check digit, issuer and length agree out. Context
//! words (card, expiry) are the detector's business.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::border::{has_more_groups, in_longer_run, is_in_hex_table};

/// One range of issuer numbers (ISO/IEC 7812-1). `from` and `to` have equally many digits and are
/// compared with as many leading digits of the card.
struct Brand {
    from: u32,
    to: u32,
    /// Lengths of the whole number, in digits.
    lengths: &'static [usize],
}

const fn brand(from: u32, to: u32, lengths: &'static [usize]) -> Brand {
    Brand { from, to, lengths }
}

/// Issuer ranges, from the brands' public pages as collected in npm's credit-card-type 10.3 (MIT).
#[rustfmt::skip]
const BRANDS: &[Brand] = &[
    brand(1, 1, &[15]),                                       // UATP
    brand(1800, 1800, &[15]),                                 // JCB, obsolete
    brand(2131, 2131, &[15]),                                 // JCB, obsolete
    brand(2200, 2204, &[16, 17, 18, 19]),                     // Mir
    brand(2221, 2720, &[16]),                                 // Mastercard
    brand(300, 305, &[14, 16, 19]),                           // Diners Club
    brand(3095, 3095, &[14]),                                 // Diners Club
    brand(34, 34, &[15]),                                     // American Express
    brand(3528, 3589, &[16, 17, 18, 19]),                     // JCB
    brand(36, 36, &[14, 16, 19]),                             // Diners Club
    brand(37, 37, &[15]),                                     // American Express
    brand(38, 39, &[14, 16, 19]),                             // Diners Club
    brand(4, 4, &[13, 16, 18, 19]),                           // Visa
    brand(500000, 506698, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    brand(51, 55, &[16]),                                     // Mastercard
    brand(56, 59, &[12, 13, 14, 15, 16, 17, 18, 19]),         // Maestro
    brand(60, 60, &[16]),                                     // RuPay, Hipercard
    brand(6011, 6011, &[16, 19]),                             // Discover
    brand(620, 626, &[14, 15, 16, 17, 18, 19]),               // UnionPay
    brand(6270, 6292, &[16, 17, 18, 19]),                     // UnionPay
    brand(63, 63, &[12, 13, 14, 15, 16, 17, 18, 19]),         // Maestro, Elo
    brand(644, 649, &[16, 19]),                               // Discover
    brand(65, 65, &[16, 19]),                                 // Discover, RuPay
    brand(67, 67, &[12, 13, 14, 15, 16, 17, 18, 19]),         // Maestro
    brand(8100, 8171, &[16, 17, 18, 19]),                     // UnionPay
    brand(9792, 9792, &[16]),                                 // Troy
];

/// Numbers that payment providers publish for testing (Stripe, PayPal, PAY.JP, WebPay, univapay)
/// and that [`card_brand`] does not recognise by their plainness.
#[rustfmt::skip]
const TEST_NUMBERS: &[&str] = &[
    "2222405343248877", "2223003122003222", "30569309025904", "3056930009020004", "3530111333300000",
    "3566002020360505", "36227206271667", "371449635398431", "378282246310005", "378734493671000",
    "38520000023237", "4000002500003155", "4000002760003184", "4000003920000003", "4000056655665556",
    "4012888888881881", "5200828282828210", "6011000990139424", "6011111111111117", "6011981111111113",
    "6205500000000000004", "6304000000000000", "6759649826438453",
];

/// `luhn`: the last digit is the check digit of the others (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(value: &Value<'_>) -> Outcome {
    if has_luhn_digit(value) { Proves("check-digit") } else { Rejects }
}

/// `card-brand`: an issuer's range and length; not all one digit, not a piece of a longer run. Says
/// nothing of the check digit: UnionPay has numbers without one.
pub(super) fn card_brand(value: &Value<'_>) -> Outcome {
    let count = value.digits().count();
    let distinct = distinct_digits(value);
    let is_piece = in_longer_run(value) || is_in_hex_table(value) || (count < 16 && has_more_groups(value));
    if distinct == 1 || is_piece || is_negative(value) || is_sequence(value) {
        return Rejects;
    }
    if !BRANDS.iter().any(|brand| brand.lengths.contains(&count) && starts_between(value, brand.from, brand.to)) {
        return Rejects;
    }
    if is_in_address(value) {
        return Doubts("reference");
    }
    // One random number of 16 digits in a million; nearly all of those in documentation.
    let is_plain = distinct <= 3 || longest_run(value) >= 7;
    let is_test = is_plain || TEST_NUMBERS.iter().any(|t| t.bytes().map(|b| b - b'0').eq(value.digits()));
    if is_test { Doubts("test-number") } else { Fits }
}

/// `5414 5415 5416`: a table of numbers in order.
fn is_sequence(value: &Value<'_>) -> bool {
    let groups: Vec<u32> = value.text.split([' ', '-']).filter_map(|group| group.parse().ok()).collect();
    groups.windows(3).any(|g| g[1].checked_sub(g[0]) == Some(1) && g[2].checked_sub(g[1]) == Some(1))
}

/// `imei`: 15 digits with a Luhn digit (3GPP TS 23.003, 6.2.1); type codes that begin with 00 are
/// for test equipment.
pub(super) fn imei(value: &Value<'_>) -> Outcome {
    if value.digits().count() != 15 || in_longer_run(value) || distinct_digits(value) == 1 || !has_luhn_digit(value) {
        return Rejects;
    }
    if value.digits().take(2).eq([0, 0]) { Doubts("test-number") } else { Proves("check-digit") }
}

/// Whether the Luhn sum of all digits is a multiple of ten; no digits have none.
pub(super) fn has_luhn_digit(value: &Value<'_>) -> bool {
    let sum: u32 = value
        .digits()
        .rev()
        .enumerate()
        .map(|(i, d)| u32::from(if i % 2 == 0 { d } else { d * 2 / 10 + d * 2 % 10 }))
        .sum();
    sum.is_multiple_of(10) && value.digits().next().is_some()
}

/// Whether a minus sign stands before: a number to calculate with.
fn is_negative(value: &Value<'_>) -> bool {
    matches!(value.before.as_bytes(), [b'-'] | [.., b' ' | b'\t' | b'(' | b'[' | b',' | b'=', b'-'])
}

/// Whether it is a part of the path of a web address: the number of a record.
fn is_in_address(value: &Value<'_>) -> bool {
    let word = value.before.rsplit([' ', '\t', '"', '\'', '<', '(', '?', '=']).next().unwrap_or_default();
    word.ends_with('/') && word.contains("://")
}

/// How often a digit follows itself, at most, the first one counted.
fn longest_run(value: &Value<'_>) -> usize {
    let mut run = (None, 0);
    let runs = value.digits().map(|d| {
        run = if run.0 == Some(d) { (Some(d), run.1 + 1) } else { (Some(d), 1) };
        run.1
    });
    runs.max().unwrap_or(0)
}

/// How many different digits there are.
pub(super) fn distinct_digits(value: &Value<'_>) -> u32 {
    value.digits().fold(0u16, |seen, d| seen | 1 << d).count_ones()
}

/// Whether the leading digits, as many as `from` has, lie between `from` and `to`.
fn starts_between(value: &Value<'_>, from: u32, to: u32) -> bool {
    let length = from.ilog10() as usize + 1;
    let start = value.digits().take(length).fold(0, |n, d| n * 10 + u32::from(d));
    (from..=to).contains(&start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        for (text, good) in [
            ("4242 4242 4242 4242", true),
            ("4242424242424241", false),
            ("3782-822463-10005", true),
            ("490154203237518", true),
            ("490154203237519", false),
            ("", false),
        ] {
            assert_eq!(luhn(&Value::bare(text)) == Proves("check-digit"), good, "{text}");
        }
    }

    #[test]
    fn published_test_numbers_are_doubted() {
        let few = [
            "4242424242424242",
            "4111111111111111",
            "5555555555554444",
            "5105105105105100",
            "4000000000000002",
            "4222222222222",
            "4000000000000069",
            "6200000000000005",
            "4000020000000000",
        ];
        for text in TEST_NUMBERS.iter().chain(&few) {
            assert_eq!(card_brand(&Value::bare(text)), Doubts("test-number"), "{text}");
            assert!(has_luhn_digit(&Value::bare(text)), "{text}");
        }
    }

    #[test]
    fn brands_have_ranges_and_lengths() {
        for (text, fits) in [
            ("4929 6401 5023 4410", true),
            ("3492 640150 23441", true),
            ("3528 6401 5023 4410", true),
            ("3527 6401 5023 4410", false),
            ("3590 6401 5023 4410", false),
            ("2221640150234410", true),
            ("2220640150234410", false),
            ("36296401502344", true),
            ("362964015023441", false),
            ("1234567890123456", false),
            ("9792640150234410", true),
            ("49296401502344", false),
            ("4444444444444444", false),
            ("", false),
            ("4", false),
        ] {
            assert_eq!(card_brand(&Value::bare(text)) == Fits, fits, "{text}");
        }
    }

    #[test]
    fn pieces_of_longer_runs_are_no_cards() {
        let card = |before, text, after| card_brand(&Value { text, before, after });
        assert_eq!(card("card: ", "4929640150234410", ","), Fits);
        assert_eq!(card("", "4929 6401 5023 4410", " 1227 123"), Fits);
        assert_eq!(card("see https://bugs.kensho.net/case/", "4929640150234410", ""), Doubts("reference"));
        assert_eq!(card("0.", "4929640150234410", ""), Rejects);
        assert_eq!(card("", "4929640150234410", "a3"), Rejects);
        assert_eq!(card("x = -", "4929640150234410", ""), Rejects);
        assert_eq!(card("505F ", "5060 5061 5062 5063", ""), Rejects);
        assert_eq!(card("", "4100 7944 7945 7946", ""), Rejects);
        assert_eq!(card("f00d-", "4929640150234410", ""), Rejects);
    }

    #[test]
    fn imeis() {
        assert_eq!(imei(&Value::bare("490154203237518")), Proves("check-digit"));
        assert_eq!(imei(&Value::bare("49-015420-323751-8")), Proves("check-digit"));
        assert_eq!(imei(&Value::bare("490154203237519")), Rejects);
        assert_eq!(imei(&Value::bare("4901542032375180")), Rejects);
        assert_eq!(imei(&Value::bare("004999010640000")), Doubts("test-number"));
        assert_eq!(imei(&Value::bare("000000000000000")), Rejects);
    }
}
