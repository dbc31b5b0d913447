//! Encoded characters of every kind, in one pass: percent, backslash escapes, references.
//!
//! One pass and not three, because a line often mixes them (an escaped URL in an HTML attribute
//! in a JSON string), and only what is decoded together is found whole.

use super::rewrite::Rewriter;
use super::{Kind, Unit, entity, escape, percent};

/// The first byte at or after `from` that may begin an encoded character.
fn next_sign(text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    // They come in rows, for which a search is a detour.
    if rest.first().is_some_and(|b| is_sign(*b)) {
        return Some(from);
    }
    memchr::memchr3(b'%', b'\\', b'&', rest).map(|i| from + i)
}

fn is_sign(b: u8) -> bool {
    matches!(b, b'%' | b'\\' | b'&')
}

/// The encoded character at `at`.
#[inline]
fn unit(text: &[u8], at: usize) -> Option<(Unit, Kind)> {
    match text.get(at)? {
        b'%' => Some((percent::unit(text, at)?, Kind::Percent)),
        b'\\' => Some((escape::unit(text, at)?, Kind::Escape)),
        b'&' => Some((entity::unit(text, at)?, Kind::Entity)),
        _ => None,
    }
}

/// Decodes every encoded character of a region. Returns the kind of the first.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    let mut first = None;
    let mut from = 0;
    while let Some(mut at) = next_sign(source, from) {
        // Encoded characters come in rows.
        while let Some((unit, kind)) = unit(source, at) {
            to.replace(at..at + unit.len, unit.bytes());
            first = first.or(Some(kind));
            at += unit.len;
        }
        // At a sign that begins nothing, or behind the last of a row.
        from = if source.get(at).is_some_and(|b| is_sign(*b)) { at + 1 } else { at };
    }
    first
}
