//! Numbers of the United States: the social security number.
//!
//! A candidate in, whether it can have been issued out.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::border::in_longer_run;
use super::payment::distinct_digits;

/// Numbers that were printed in advertisements, and those that everybody makes up.
const ADVERTISED: &[&str] = &["078051120", "219099999", "457555462", "123456789", "987654321", "111223333"];

/// `us-ssn`: area, group and serial number that the Social Security Administration issues
/// (20 CFR 422.103; areas 000, 666 and from 900 are never used).
pub(super) fn ssn(value: &Value<'_>) -> Outcome {
    let is_plain = value.text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' '));
    if !is_plain || value.digits().count() != 9 || in_longer_run(value) || distinct_digits(value) == 1 {
        return Rejects;
    }
    if ADVERTISED.iter().any(|a| a.bytes().map(|b| b - b'0').eq(value.digits())) {
        return Doubts("example-value");
    }
    let number = value.digits().fold(0, |n, d| n * 10 + u32::from(d));
    let (area, group, serial) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
    if matches!(area, 0 | 666 | 900..) || group == 0 || serial == 0 { Rejects } else { Fits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_groups_and_serials() {
        for (text, outcome) in [
            ("536-90-4399", Fits),
            ("536 90 4399", Fits),
            ("536904399", Fits),
            ("000-12-3456", Rejects),
            ("666-12-3456", Rejects),
            ("900-12-3456", Rejects),
            ("123-00-4567", Rejects),
            ("123-45-0000", Rejects),
            ("222-22-2222", Rejects),
            ("078-05-1120", Doubts("example-value")),
            ("123-45-6789", Doubts("example-value")),
            ("536-90-439", Rejects),
            ("", Rejects),
        ] {
            assert_eq!(ssn(&Value::bare(text)), outcome, "{text}");
        }
        assert_eq!(ssn(&Value { text: "536-90-4399", before: "1-", after: "" }), Rejects);
    }
}
