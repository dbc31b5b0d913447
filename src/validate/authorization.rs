//! What follows `Authorization: Basic` or `Bearer`.
//!
//! A value in; whether someone would get in with it out. RFC 7617: `Basic` is base64 of a name, a
//! colon and a password; RFC 6750: `Bearer` is any token.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::password::is_machine_made;
use super::placeholder::is_placeholder;
use super::radix::base64;
use super::reference::is_reference;

/// Shorter values without a digit are words of a sentence about the header, in characters.
const SHORTEST: usize = 16;

/// `authorization`: the password in it decides where there is one (`structure`), else a word is
/// none, a placeholder is doubted, and what a machine made proved (`random-value`).
pub(super) fn authorization(value: &Value<'_>) -> Outcome {
    let text = value.text;
    if is_reference(value) {
        return Rejects;
    }
    if is_placeholder(text) {
        return Doubts("placeholder");
    }
    if let Some(password) = password(text) {
        return if is_placeholder(&password) { Doubts("placeholder") } else { Proves("structure") };
    }
    if is_machine_made(text) {
        return Proves("random-value");
    }
    let is_word = text.len() < SHORTEST && !text.contains(|c: char| c.is_ascii_digit());
    if is_word { Rejects } else { Fits }
}

/// The password of a name and a password in base64.
fn password(text: &str) -> Option<String> {
    let bytes = base64(text.trim_end_matches('='))?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':')?;
    let is_printable = text.chars().all(|c| !c.is_control());
    (is_printable && !name.is_empty() && !password.is_empty()).then(|| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_decides() {
        let of = |text| authorization(&Value { text, before: "Authorization: Basic ", after: "" });
        // hanako:kX9vQ2mL, user:pass, test:test
        assert_eq!(of("aGFuYWtvOmtYOXZRMm1M"), Proves("structure"));
        assert_eq!(of("dXNlcjpwYXNz"), Doubts("placeholder"));
        assert_eq!(of("dGVzdDp0ZXN0"), Doubts("placeholder"));
        assert_eq!(of("validation"), Rejects);
        assert_eq!(of("7d444840abc9f86d081884c7d659a2feaa0c55ad"), Proves("random-value"));
        assert_eq!(of("mybuild7"), Fits);
    }
}
