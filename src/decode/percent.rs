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

/// Can the unit at `at` hide or split a value? Its length if so. A byte of no ASCII character stands
/// for something only together with others (in Shift_JIS, an ASCII letter may lie between).
pub(super) fn matters(text: &[u8], at: usize) -> Option<usize> {
    let unit = unit(text, at)?;
    let near = [at.checked_sub(3), at.checked_sub(4), Some(at + 3), Some(at + 4)];
    let accompanied = || near.iter().flatten().any(|&i| text.get(i) == Some(&b'%'));
    (unit.bytes()[0].is_ascii() || unit.len > 3 || accompanied()).then_some(unit.len)
}
