//! Keys of Amazon Web Services, which carry no checksum but have a look.
//!
//! A candidate in, whether it looks like what IAM issues and is none of the documentation's out.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::entropy::is_random;
use super::words::has_words;

/// `aws-key-id`: four letters of a kind and 16 characters of base32 (IAM user guide, "IAM
/// identifiers"). The digits 0, 1, 8 and 9 never occur: who writes them made the key up.
pub(super) fn key_id(value: &Value<'_>) -> Outcome {
    let text = value.text;
    if text.len() < 16 || !text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return Rejects;
    }
    let body = &text[4..];
    // AKIAIOSFODNN7EXAMPLE and its like, in every page of the documentation.
    if ["EXAMPLE", "FAKE", "TEST", "SAMPLE", "DUMMY"].iter().any(|word| body.contains(word)) {
        return Doubts("example-value");
    }
    if body.contains(['0', '1', '8', '9']) {
        return Doubts("alphabet-wrong");
    }
    let is_repeated = body.bytes().all(|b| body.as_bytes()[0] == b) || body.contains("XXXX");
    if is_repeated { Doubts("placeholder") } else { Fits }
}

/// `aws-secret`: 40 characters of base64 that are neither a SHA-1 nor a path nor words.
pub(super) fn secret(value: &Value<'_>) -> Outcome {
    let text = value.text;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
    if value.before.ends_with(is_part) || value.after.starts_with(is_part) {
        return Rejects;
    }
    let is_base64 = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
    if text.len() != 40 || !is_base64 || text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Rejects;
    }
    if text.ends_with("EXAMPLEKEY") {
        return Doubts("example-value");
    }
    let has_all = [u8::is_ascii_uppercase as fn(&u8) -> bool, u8::is_ascii_lowercase, u8::is_ascii_digit]
        .iter()
        .all(|class| text.bytes().any(|b| class(&b)));
    if !has_all || !is_random(text) || has_words(text) { Rejects } else { Fits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_ids() {
        for (pieces, outcome) in [
            (["AKIA", "QUMPMHS6PJARB7LM"], Fits),
            (["ASIA", "YLVUHFQ6NOMEFM4E"], Fits),
            (["AKIA", "IOSFODNN7EXAMPLE"], Doubts("example-value")),
            (["AKIA", "1234567890ABCDEF"], Doubts("alphabet-wrong")),
            (["AKIA", "XXXXXXXXXXXXXXXX"], Doubts("placeholder")),
            (["AKIA", "qumpmhs6pjarb7lm"], Rejects),
            (["AKIA", ""], Rejects),
        ] {
            assert_eq!(key_id(&Value::bare(&pieces.concat())), outcome, "{pieces:?}");
        }
    }

    #[test]
    fn secrets() {
        for (pieces, outcome) in [
            (["MbqLM7KNi4PsHzfc8zRx", "BEG/Ft3Pg+H8MSmLC+t1"], Fits),
            (["AH9SDBeL7Ox8NRehaLUV", "TDGdw1+iN81ljk6YC+JE"], Fits),
            (["wJalrXUtnFEMI/K7MDEN", "G/bPxRfiCYEXAMPLEKEY"], Doubts("example-value")),
            (["da39a3ee5e6b4b0d3255", "bfef95601890afd80709"], Rejects),
            (["src/main/java/com/ac", "me/app/UserService12"], Rejects),
            (["AbstractSingletonPro", "xyFactoryBeanFactory"], Rejects),
            (["aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaA1/+"], Rejects),
            (["", ""], Rejects),
        ] {
            assert_eq!(secret(&Value::bare(&pieces.concat())), outcome, "{pieces:?}");
        }
    }
}
