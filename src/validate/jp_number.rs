//! Japanese numbers with a check digit: individual (マイナンバー), corporate, driving licence,
//! health insurer.
//!
//! Digits, perhaps in groups, in; whether the check digit and the parts agree out. One random
//! number in ten passes most of these, so that a detector wants context words as well.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::border::{has_more_groups, in_longer_run};
use super::date::is_timestamp;
use super::payment::distinct_digits;

/// `jp-my-number`: 個人番号, 12 digits, the last a check digit (総務省令第85号, 平成26年, 第5条).
pub(super) fn my_number(value: &Value<'_>) -> Outcome {
    let Some(digits) = plain_digits::<12>(value) else { return Rejects };
    let wrong = individual_check_digit(&digits[..11]) != digits[11];
    if wrong || distinct_digits(value) == 1 || is_something_else(value, &digits) {
        return Rejects;
    }
    if digits[..11].iter().copied().eq((1..=9).chain(0..=1)) { Doubts("example-value") } else { Proves("check-digit") }
}

/// `jp-corporate-number`: 法人番号, 13 digits, the first a check digit (財務省令第70号, 平成26年,
/// 第2条); with `T` before it 適格請求書発行事業者登録番号, which sole traders have as well.
pub(super) fn corporate_number(value: &Value<'_>) -> Outcome {
    let number = value.text.trim_start_matches(['T', 't']);
    let is_registration = number.len() != value.text.len() || value.before.trim_end().ends_with(['T', 't']);
    let Some(digits) = plain_digits::<13>(&Value { text: number, ..*value }) else { return Rejects };
    let weighted = digits[1..].iter().rev().enumerate();
    let sum: u32 = weighted.map(|(i, &d)| u32::from(d) * if i % 2 == 0 { 1 } else { 2 }).sum();
    if u32::from(digits[0]) != 9 - sum % 9 {
        return Rejects;
    }
    if is_registration {
        return Proves("check-digit");
    }
    if in_longer_run(value) || distinct_digits(value) == 1 {
        return Rejects;
    }
    match digits {
        // Milliseconds since 1970, 2017 to 2033.
        [1, 5..=9, ..] if !value.text.contains(['-', ' ']) => Doubts("timestamp"),
        [4, 5 | 9, ..] | [9, 7, 8 | 9, ..] if has_ean_digit(&digits) => Doubts("barcode"),
        // 登記所 and 組織種別 01-05; 国の機関, 地方公共団体 and others without registration.
        [_, _, _, _, _, 0, 1..=5, ..] | [_, 0, 0, 0, 0, ..] | [_, 7, 0, 0, 1, ..] => Proves("check-digit"),
        _ => Fits,
    }
}

/// `jp-driving-licence`: 運転免許証番号, 12 digits: 公安委員会, year, serial, check digit, number
/// of reissues. The check digit is not published officially; three independent pages agree
/// (jiko0.com/bangou.html among them).
pub(super) fn driving_licence(value: &Value<'_>) -> Outcome {
    let Some(digits) = plain_digits::<12>(value) else { return Rejects };
    let commission = digits[0] * 10 + digits[1];
    let is_commission = matches!(commission, 10..=14 | 20..=25 | 30 | 40..=55 | 60..=65 | 70..=74 | 80..=83 | 90..=97);
    let remainder = weighted_sum(&digits[..10]) % 11;
    let check = (11 - remainder) % 10;
    if !is_commission || check != u32::from(digits[10]) || is_something_else(value, &digits) {
        return Rejects;
    }
    // Few licences are lost more than three times.
    if digits[11] <= 3 { Proves("check-digit") } else { Fits }
}

/// `jp-insurer-number`: 保険者番号, 8 digits (法別, 都道府県, 保険者別, 検証) or 6 for 国民健康保険
/// (without 法別), the last a check digit (保険者番号等の設定について, 昭和51年).
pub(super) fn insurer_number(value: &Value<'_>) -> Outcome {
    if in_longer_run(value) || distinct_digits(value) == 1 {
        return Rejects;
    }
    if let Some(digits) = plain_digits::<8>(value) {
        let law = digits[0] * 10 + digits[1];
        let is_law = matches!(law, 1..=4 | 6 | 7 | 31..=34 | 39 | 63 | 67 | 72..=75);
        return if is_law { insurer_of_prefecture(&digits, digits[2] * 10 + digits[3]) } else { Rejects };
    }
    match plain_digits::<6>(value) {
        Some(digits) => insurer_of_prefecture(&digits, digits[0] * 10 + digits[1]),
        None => Rejects,
    }
}

/// The judgement of the parts that both lengths of an insurer's number have.
fn insurer_of_prefecture(digits: &[u8], prefecture: u8) -> Outcome {
    let sum: u32 = digits
        .iter()
        .rev()
        .skip(1)
        .enumerate()
        .map(|(i, &d)| u32::from(if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d }))
        .sum();
    let check = (10 - sum % 10) % 10;
    let is_good = (1..=47).contains(&prefecture) && digits.last().is_some_and(|&d| u32::from(d) == check);
    if is_good { Proves("check-digit") } else { Rejects }
}

/// The check digit of the first 11 digits of a 個人番号.
fn individual_check_digit(digits: &[u8]) -> u8 {
    match weighted_sum(digits) % 11 {
        0 | 1 => 0,
        remainder => (11 - remainder) as u8,
    }
}

/// The sum of the digits, the last weighted 2, those before it 3, 4, 5, 6, 7, 2, 3 …
fn weighted_sum(digits: &[u8]) -> u32 {
    digits.iter().rev().zip((2..=7).cycle()).map(|(&d, weight)| u32::from(d) * weight).sum()
}

/// Whether the last digit is that of a barcode (JAN, ISBN: EAN-13, GS1 General Specifications 7.9).
fn has_ean_digit(digits: &[u8]) -> bool {
    let weighted = digits.iter().rev().enumerate();
    weighted.map(|(i, &d)| u32::from(d) * if i % 2 == 0 { 1 } else { 3 }).sum::<u32>() % 10 == 0
}

/// The digits of a value that consists of `N` digits, spaces and hyphens.
fn plain_digits<const N: usize>(value: &Value<'_>) -> Option<[u8; N]> {
    let mut digits = [0; N];
    let is_plain = value.text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-'));
    if !is_plain || value.digits().count() != N {
        return None;
    }
    digits.iter_mut().zip(value.digits()).for_each(|(to, d)| *to = d);
    Some(digits)
}

/// Whether 12 digits are a piece of a longer number, the number of an issue (`#123…`), of an account
/// or a time.
fn is_something_else(value: &Value<'_>, digits: &[u8; 12]) -> bool {
    // A card shows `1234 5678 9018`; a time is never written in groups divided by spaces.
    let is_time = !value.text.contains(' ') && is_timestamp(digits) && !is_called_number(value);
    let is_piece = in_longer_run(value) || has_more_groups(value) || value.before.ends_with('#');
    is_time || is_piece || is_account(value)
}

/// Whether a label stands directly before 12 digits: then they are a number, though they look like a time.
fn is_called_number(value: &Value<'_>) -> bool {
    let before = value.before.trim_end_matches(|c: char| c.is_ascii_whitespace() || ":=\"'(>,|-".contains(c));
    let before = before.strip_suffix('は').unwrap_or(before).trim_end_matches(')');
    let labels = ["個人番号", "マイナンバー", "my_number", "my number", "mynumber", "免許証番号", "免許番号"];
    labels.iter().any(|label| before.to_lowercase().ends_with(label))
}

/// Whether the 12 digits are the number of an account at Amazon Web Services, by what is before.
fn is_account(value: &Value<'_>) -> bool {
    let bytes = value.before.as_bytes();
    let near = &bytes[bytes.len().saturating_sub(24)..];
    let has = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    has(bytes, b"arn:aws") || has(near, b"account") || has(near, b"aws")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&Value<'_>) -> Outcome;

    fn all(check: Check, cases: &[(&str, Outcome)]) {
        for &(text, outcome) in cases {
            assert_eq!(check(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn my_numbers() {
        let good = Proves("check-digit");
        all(
            my_number,
            &[
                ("123456789018", Doubts("example-value")),
                ("1234 5678 9018", Doubts("example-value")),
                ("123456789019", Rejects),
                ("983205673214", good),
                ("983205673215", Rejects),
                ("621498320257", good),
                ("6214-9832-0257", good),
                ("234567890121", good),
                ("234567890122", Rejects),
                ("000000000019", good),
                ("000000000010", Rejects),
                ("000000000000", Rejects),
                ("202411221430", Rejects),
                ("202411221409", Rejects), // the check digit is right, but it is a time
                ("2024 1122 1409", good),
                ("62149832025", Rejects),
                ("6214983202575", Rejects),
                ("６２１４９８３２０２５７", Rejects), // folding is not done here
            ],
        );
    }

    #[test]
    fn my_numbers_are_not_cut_out_of_something_else() {
        let at = |before, after| my_number(&Value { text: "621498320257", before, after });
        assert_eq!(at("個人番号", "様"), Proves("check-digit"));
        assert_eq!(at("No. ", " 山田"), Proves("check-digit"));
        assert_eq!(at("550e8400-e29b-41d4-a716-", ""), Rejects);
        assert_eq!(at("order #", ""), Rejects);
        assert_eq!(at("id_", ""), Rejects);
        assert_eq!(at("arn:aws:iam::", ":role/admin"), Rejects);
        assert_eq!(at("\"AccountId\": \"", "\""), Rejects);
        // A label wins over the look of a time; 1987-04-18 17:06.
        let time = |before| my_number(&Value { text: "198704181706", before, after: "" });
        assert_eq!(time("個人番号: "), Proves("check-digit"));
        assert_eq!(time("\"my_number\": \""), Proves("check-digit"));
        assert_eq!(time("マイナンバー関連バッチ "), Rejects);
        let card = Value { text: "6214 9832 0257", before: "", after: " 1234" };
        assert_eq!(my_number(&card), Rejects);
    }

    #[test]
    fn corporate_numbers() {
        let good = Proves("check-digit");
        all(
            corporate_number,
            &[
                ("7000012050002", good),
                ("4011001098993", good),
                ("1180301018771", good),
                ("8000012050002", Rejects),
                ("0000012050002", Rejects),
                ("T7000012050002", good),
                ("T 7-0000-1205-0002", good),
                ("T5835678256246", good),
                ("5835678256246", Fits),
                ("T1234567890123", Rejects),
                ("4901234567894", Rejects),
                ("1732254549123", Rejects),
                ("T", Rejects),
                ("", Rejects),
            ],
        );
    }

    #[test]
    fn what_looks_like_a_corporate_number() {
        let with_check_digit = |body: &str| {
            let texts = (1..=9).map(|d| format!("{d}{body}"));
            texts.map(|t| corporate_number(&Value::bare(&t))).filter(|&o| o != Rejects).collect::<Vec<_>>()
        };
        assert_eq!(with_check_digit("011001098993"), [Proves("check-digit")]);
        assert_eq!(with_check_digit("835678256246"), [Fits]);
        // Milliseconds; the one in ten whose first digit happens to be right.
        let times = (0..100).map(|i| format!("17322545491{i:02}"));
        let outcomes: Vec<_> = times.map(|t| corporate_number(&Value::bare(&t))).filter(|&o| o != Rejects).collect();
        assert!(!outcomes.is_empty() && outcomes.iter().all(|&o| o == Doubts("timestamp")));
    }

    #[test]
    fn driving_licences() {
        let good = Proves("check-digit");
        all(
            driving_licence,
            &[
                ("309012345620", good),
                ("620512345670", good),
                ("451900000130", good),
                ("108876543230", good),
                ("108876543237", Fits),
                ("309012345630", Rejects),
                ("990512345670", Rejects),
                ("30901234562", Rejects),
                ("201408011522", Rejects), // a time
            ],
        );
    }

    #[test]
    fn insurers() {
        let good = Proves("check-digit");
        all(
            insurer_number,
            &[
                ("33120015", good),
                ("33120016", Rejects),
                ("01130012", good),
                ("138057", good),
                ("138058", Rejects),
                ("20240101", Rejects),
                ("990010", Rejects),
                ("0000", Rejects),
            ],
        );
    }
}
