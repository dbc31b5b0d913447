//! Percent-encoding (RFC 3986 §2.1): `%40` is `@`; and `%u3042` of JavaScript's `escape`
//! (ECMAScript, annex B.2.1.1).

use super::{Unit, hex};

/// The unit at `at`, where a `%` stands.
pub(super) fn unit(text: &[u8], at: usize) -> Option<Unit> {
    if let Some(byte) = hex::pair(text, at + 1) {
        return Some(Unit::byte(3, byte));
    }
    match (text.get(at + 1)?, hex::number(text, at + 2, 4)?) {
        (b'u', (code, 4)) => Some(Unit::char(6, char::from_u32(code)?)),
        _ => None,
    }
}
