//! Percent-encoding (RFC 3986 §2.1): `%40` is `@`.

use super::Unit;
use super::hex;

/// The unit at `at`, where a `%` stands.
pub(super) fn unit(text: &[u8], at: usize) -> Option<Unit> {
    hex::pair(text, at + 1).map(|byte| Unit::byte(3, byte))
}
