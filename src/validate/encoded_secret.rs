//! A value of a Kubernetes Secret: base64 of what it is.
//!
//! A value in; what the text in it would be judged as out.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::password::password;
use super::radix::base64;

/// `base64-secret`: text is judged as a password without a key, bytes stay as they are, and what is
/// no base64 is rejected.
pub(super) fn base64_secret(value: &Value<'_>) -> Outcome {
    let Some(bytes) = base64(value.text) else { return Rejects };
    let Ok(text) = String::from_utf8(bytes) else { return Fits };
    match password(&Value { text: text.trim(), before: "\"", after: "\"" }) {
        Proves(_) => Proves("structure"),
        Doubts(why) => Doubts(why),
        // A user's name, a host, a number: what is in a Secret need not be one.
        Fits | Rejects => Fits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_in_it_is_judged() {
        // kX9vQ2mLpZr7!, changeme, and no base64
        assert_eq!(base64_secret(&Value::bare("a1g5dlEybUxwWnI3IQ==")), Proves("structure"));
        assert_eq!(base64_secret(&Value::bare("Y2hhbmdlbWU=")), Doubts("placeholder"));
        assert_eq!(base64_secret(&Value::bare("a!b")), Rejects);
    }
}
