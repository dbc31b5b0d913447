//! Numbers of Japanese documents that have a shape and no check digit: passport, residence card.
//!
//! A candidate in, whether it has the shape, stands alone and is not the specimen out.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::border::in_longer_run;

/// `jp-passport`: 旅券番号, two letters and seven digits (外務省; no check digit outside the MRZ).
pub(super) fn passport(value: &Value<'_>) -> Outcome {
    lettered(value, "AAddddddd")
}

/// `jp-residence-card`: 在留カード番号 and 特別永住者証明書番号, two letters, eight digits, two
/// letters (出入国在留管理庁; no public check digit).
pub(super) fn residence_card(value: &Value<'_>) -> Outcome {
    lettered(value, "AAddddddddAA")
}

/// Whether the value is as `shape` says: `A` an upper-case letter, `d` a digit. Specimens count up
/// from 1, or repeat one digit.
fn lettered(value: &Value<'_>, shape: &str) -> Outcome {
    let fits = |(b, s): (u8, u8)| if s == b'A' { b.is_ascii_uppercase() } else { b.is_ascii_digit() };
    if value.text.len() != shape.len() || !value.text.bytes().zip(shape.bytes()).all(fits) || in_longer_run(value) {
        return Rejects;
    }
    let first = value.digits().next();
    let is_specimen = value.digits().eq(1..=value.digits().count() as u8) || value.digits().all(|d| Some(d) == first);
    if is_specimen { Doubts("example-value") } else { Fits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_specimens() {
        for (text, outcome) in [
            ("TK4827163", Fits),
            ("MZ0073915", Fits),
            ("AB1234567", Doubts("example-value")),
            ("TR1234567", Doubts("example-value")),
            ("AA0000000", Doubts("example-value")),
            ("TR123456", Rejects),
            ("T14827163", Rejects),
            ("tk4827163", Rejects),
            ("", Rejects),
        ] {
            assert_eq!(passport(&Value::bare(text)), outcome, "{text}");
        }
        for (text, outcome) in [
            ("UF48271635EA", Fits),
            ("AB12345678CD", Doubts("example-value")),
            ("A12345678CD", Rejects),
            ("UF4827163EAA", Rejects),
        ] {
            assert_eq!(residence_card(&Value::bare(text)), outcome, "{text}");
        }
        assert_eq!(passport(&Value { text: "TK4827163", before: "SKU-", after: "" }), Rejects);
        assert_eq!(passport(&Value { text: "TK4827163", before: "", after: "-01" }), Rejects);
    }
}
