//! Tokens that nobody chose: letters and digits without order.
//!
//! A candidate of sixteen characters or more in; whether a machine may have made it, out. For
//! forms whose mark is short or common, so that a name in a program does not pass for a token.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::entropy::is_random;
use super::words::has_words;

/// Of random text of this many letters and digits, one in thirty has no digit.
const LONG: usize = 20;

/// A body of so many letters and digits is judged without the signs and words around it.
const BODY: usize = 16;

/// Of random text, fewer letters than these stand for one digit; names with a number have more.
const LETTERS_FOR_A_DIGIT: usize = 8;

/// `random`: rejected where the characters repeat as random ones do not, or where it is words and
/// no digit; doubted where it is one of the two.
pub(super) fn random(value: &Value<'_>) -> Outcome {
    let runs = value.text.split(|c: char| !c.is_ascii_alphanumeric());
    let body = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= BODY).unwrap_or(value.text);
    if !is_random(body) {
        return Rejects;
    }
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    match (digits * LETTERS_FOR_A_DIGIT < body.len() && has_words(body), body.len() >= LONG && digits == 0) {
        (true, true) => Rejects,
        (false, false) => Fits,
        _ => Doubts("words"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    #[test]
    fn names_are_no_tokens() {
        for text in ["measurement_of_the_inner_loop", "createReferenceForTheObject", "ERROR-IN-THE-LAST-STATEMENT"] {
            assert_eq!(random(&Value::bare(text)), Rejects, "{text}");
        }
        assert_eq!(random(&Value::bare("aaaaaaaaaaaaaaaaaaaaaaa1")), Rejects);
        assert_ne!(random(&Value::bare("version-2-of-the-interface")), Fits);
        assert_eq!(random(&Value::bare("acme_production_9f86d081884c7d659a2feaa0")), Fits);
    }

    #[test]
    fn random_tokens_fit() {
        let mut source = specimen::Random::new();
        for (alphabet, length) in
            [(specimen::BASE62, 22), (specimen::BASE62, 40), (specimen::HEX, 32), (specimen::BASE36, 26)]
        {
            let fit = (0..2000).filter(|_| random(&Value::bare(&source.text(alphabet, length))) == Fits).count();
            assert!(fit >= 1920, "{} x{length}: {fit} of 2000", alphabet.len());
        }
    }
}
