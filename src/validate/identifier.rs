//! Values that are random and yet no secret: UUIDs, hashes, integrity lines, embedded data.
//!
//! A candidate and its neighbours in; whether it names something rather than opens it out.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::key::{Key, last_key};

/// Words before a digest that say so.
#[rustfmt::skip]
const DIGEST_WORDS: &[&str] = &[
    "checksum", "commit", "digest", "etag", "fingerprint", "hash", "integrity", "md5", "revision", "rev",
    "sha", "sha1", "sha256", "sha512", "srcrev", "thumbprint", "tree", "blob", "parent", "resolved", "nonce",
    "crc",
];

/// Prefixes of what lock files and content policies write (Subresource Integrity; go.sum; pip and
/// wheels; OCI digests).
const INTEGRITY: &[&str] = &[
    "sha1-", "sha256-", "sha384-", "sha512-", "sha1:", "sha256:", "sha384:", "sha512:", "md5:", "sha1=", "sha256=",
    "sha384=", "sha512=", "h1:", "nonce-",
];

/// Beginnings of files in base64: PNG, JPEG, GIF, PDF, zip, fonts, WebAssembly, gzip.
const DATA: &[&str] =
    &["iVBORw0KGgo", "/9j/", "R0lGOD", "JVBERi0", "UEsDB", "AAEAAAA", "d09GM", "d09GR", "AGFzbQ", "data:"];

/// `identifier-like`: a UUID is doubted, and rejected where its key ends in `id`; a digest is
/// rejected near a word for it; integrity lines and embedded data are rejected.
pub(super) fn identifier_like(value: &Value<'_>) -> Outcome {
    let text = value.text;
    if INTEGRITY.iter().any(|prefix| text.starts_with(prefix) || value.before.ends_with(prefix)) {
        return Rejects;
    }
    if DATA.iter().any(|magic| text.starts_with(magic)) && (text.len() > 200 || value.before.ends_with("base64,")) {
        return Rejects;
    }
    // A registry path, a class id in braces.
    if text.split(['{', '}']).any(|part| part.len() < text.len() && is_uuid(part)) {
        return Doubts("uuid");
    }
    if is_uuid(text) {
        let is_named = last_key(value.before).is_some_and(Key::is_identifier);
        return if is_named || is_blank_uuid(text) { Rejects } else { Doubts("uuid") };
    }
    if is_digest(text) && has_digest_word(value) {
        return Rejects;
    }
    Fits
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562).
fn is_uuid(text: &str) -> bool {
    let hyphens = [8, 13, 18, 23];
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| if hyphens.contains(&i) { b == b'-' } else { b.is_ascii_hexdigit() })
}

/// One digit all over, or counting up.
fn is_blank_uuid(text: &str) -> bool {
    let mut digits = text.bytes().filter(|&b| b != b'-');
    let first = digits.next();
    digits.all(|b| Some(b) == first) || text.starts_with("12345678-1234-1234-1234-1234")
}

/// Hexadecimal digits, as many as a git id (abbreviated or not) or a common hash has.
fn is_digest(text: &str) -> bool {
    matches!(text.len(), 7..=12 | 32 | 40 | 48 | 56 | 64 | 96 | 128) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the word for a digest stands on the line before the value, or a path that leads to a
/// commit.
fn has_digest_word(value: &Value<'_>) -> bool {
    let words = value.before.split(|c: char| !c.is_ascii_alphanumeric());
    words.rev().take(6).any(|word| DIGEST_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA1: &str = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

    #[test]
    fn identifiers() {
        let at = |before, text, after| identifier_like(&Value { text, before, after });
        let uuid = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
        assert_eq!(at("token = ", uuid, ""), Doubts("uuid"));
        assert_eq!(at("client_id: \"", uuid, "\""), Rejects);
        assert_eq!(at("requestUuid=", uuid, ""), Rejects);
        assert_eq!(at("key = ", "00000000-0000-0000-0000-000000000000", ""), Rejects);
        assert_eq!(at("commit ", SHA1, ""), Rejects);
        assert_eq!(at("https://github.com/acme/x/commit/", SHA1, ""), Rejects);
        assert_eq!(at("\"sha1\": \"", SHA1, ""), Rejects);
        assert_eq!(at("checksum = \"", &SHA1[..32], "\""), Rejects);
        assert_eq!(at("\"integrity\": \"", "sha512-9f86d081884c7d65+9a2feaa0c55ad015==", "\""), Rejects);
        assert_eq!(at("--hash=sha256:", SHA1, ""), Rejects);
        assert_eq!(at("url(data:image/png;base64,", "iVBORw0KGgoAAAANSUhEUg", ")"), Rejects);
    }

    #[test]
    fn secrets_may_look_the_same() {
        let at = |before, text| identifier_like(&Value { text, before, after: "" });
        assert_eq!(at("api_key = ", SHA1), Fits);
        assert_eq!(at("secret: ", &SHA1[..32]), Fits);
        assert_eq!(at("password = ", "correct horse"), Fits);
        assert_eq!(at("", ""), Fits);
    }
}
