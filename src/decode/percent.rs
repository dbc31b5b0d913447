//! Percent-encoding (RFC 3986 §2.1): `%40` is `@`; and `%u3042` of JavaScript's `escape`
//! (ECMAScript, annex B.2.1.1).

use super::{Unit, hex};

/// The unit at `at`, where a `%` stands.
#[inline]
pub(super) fn unit(text: &[u8], at: usize) -> Option<Unit> {
    match hex::pair(text, at + 1) {
        Some(byte) => Some(Unit::byte(3, byte)),
        None if text.get(at + 1) == Some(&b'u') => unicode(text, at),
        None => None,
    }
}

fn unicode(text: &[u8], at: usize) -> Option<Unit> {
    match hex::number(text, at + 2, 4)? {
        (code, 4) => Some(Unit::char(6, char::from_u32(code)?)),
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
