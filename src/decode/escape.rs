//! Backslash escapes of string literals: `\u3042`, `\u{3042}`, `\x41`, `\101`, `\n`, `\"`, `\/`
//! as in JSON, Java (and its properties), JavaScript, Python, C, and in git's quoted paths.
//!
//! `\x` and octal escapes are bytes (of any encoding), `\u` and `\U` are characters.

use super::{Unit, hex};

/// The unit at `at`, where a `\` stands.
pub(super) fn unit(text: &[u8], at: usize) -> Option<Unit> {
    match *text.get(at + 1)? {
        b'u' => unicode(text, at),
        b'U' => match hex::number(text, at + 2, 8)? {
            (code, 8) => Some(Unit::char(10, char::from_u32(code)?)),
            _ => None,
        },
        b'x' => hex::pair(text, at + 2).map(|byte| Unit::byte(4, byte)).or_else(|| braced(text, at)),
        b'0'..=b'3' => octal(text, at),
        b'n' => Some(Unit::byte(2, b'\n')),
        b'r' => Some(Unit::byte(2, b'\r')),
        b't' => Some(Unit::byte(2, b'\t')),
        b @ (b'"' | b'\'' | b'/' | b'`' | b'\\') => Some(Unit::byte(2, b)),
        _ => None,
    }
}

/// `\uXXXX`, also with the several `u` that Java allows; a pair of surrogates is one unit.
fn unicode(text: &[u8], at: usize) -> Option<Unit> {
    if text.get(at + 2) == Some(&b'{') {
        return braced(text, at);
    }
    let high = utf16(text, at)?;
    if let Some(c) = char::from_u32(high.0) {
        return Some(Unit::char(high.1, c));
    }
    let low = utf16(text, at + high.1)?;
    let pair = [u16::try_from(high.0).ok()?, u16::try_from(low.0).ok()?];
    let c = char::decode_utf16(pair).next()?.ok()?;
    Some(Unit::char(high.1 + low.1, c))
}

/// One `\uXXXX`: its number and its length.
fn utf16(text: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    if !rest.starts_with(b"\\u") {
        return None;
    }
    let us = rest[1..].iter().take(8).take_while(|&&b| b == b'u').count();
    match hex::number(text, at + 1 + us, 4)? {
        (code, 4) => Some((code, 5 + us)),
        _ => None,
    }
}

/// `\u{1F600}` or `\x{3042}`.
fn braced(text: &[u8], at: usize) -> Option<Unit> {
    if text.get(at + 2) != Some(&b'{') {
        return None;
    }
    let (code, digits) = hex::number(text, at + 3, 6)?;
    let closed = text.get(at + 3 + digits) == Some(&b'}');
    closed.then_some(Unit::char(4 + digits, char::from_u32(code)?))
}

/// Exactly three digits: shorter ones are rarely meant.
fn octal(text: &[u8], at: usize) -> Option<Unit> {
    let digits = text.get(at + 1..at + 4)?;
    let all = digits.iter().all(|b| matches!(b, b'0'..=b'7'));
    all.then(|| Unit::byte(4, digits.iter().fold(0, |byte, b| byte << 3 | (b - b'0'))))
}

/// Can the escape at `at` hide or split a value? Its length if so. The `\n` at the end of every
/// message and the `\x1b` of terminal colours cannot.
pub(super) fn matters(text: &[u8], at: usize) -> Option<usize> {
    let unit = unit(text, at)?;
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    let after = text.get(at + unit.len);
    let alnum = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
    let matters = match text[at + 1] {
        b'n' | b'r' | b't' => names_value(text, at + 2),
        b'"' | b'\'' | b'/' | b'`' => alnum(before) || alnum(after),
        // What the second backslash begins has its own turn.
        b'\\' => false,
        // A byte of no ASCII character stands for something only in a word or with others.
        b'x' | b'0'..=b'3' if !unit.bytes()[0].is_ascii() => alnum(before) || alnum(after) || after == Some(&b'\\'),
        _ => !unit.is_control(),
    };
    matters.then_some(unit.len)
}

/// Does a value or the name of one begin at `at`? The letter of a `\n` before it would hide where
/// it begins. Any other word is left alone, be it of a message or a command of TeX.
fn names_value(text: &[u8], at: usize) -> bool {
    let rest = &text[at.min(text.len())..];
    // A line of Japanese begins where a label may stand.
    if rest.first().is_some_and(|b| !b.is_ascii()) {
        return true;
    }
    let word =
        rest.iter().take(64).take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
    word > 0 && (rest[..word].iter().any(u8::is_ascii_digit) || matches!(rest.get(word), Some(b'=' | b':' | b'@')))
}
