//! UTF-16 and UTF-32 → text.
//!
//! A piece of a window in, which begins at a unit; its normalised text out through a
//! [`Writer`]. What is no character becomes U+FFFD, as nothing shorter than a unit could be
//! kept.

use std::ops::Range;

use super::Encoding;
use super::table::{Entry, Table, UNICODE};
use super::write::Writer;

/// Writes a piece in one of the four encodings.
pub(super) fn decode(encoding: Encoding, piece: Range<usize>, writer: &mut Writer<'_>) {
    let table: &Table = &UNICODE;
    let whole = writer.raw();
    let raw = &whole[..piece.end];
    let mut at = piece.start;
    while at < raw.len() {
        at = match encoding {
            Encoding::Utf16Le => writer.units(at, raw.len(), |&[a, b]| table.get(b, a)),
            Encoding::Utf16Be => writer.units(at, raw.len(), |&[a, b]| table.get(a, b)),
            Encoding::Utf32Le => writer.units(at, raw.len(), |&[a, b, c, d]| plane_0(table, [d, c, b, a])),
            _ => writer.units(at, raw.len(), |&[a, b, c, d]| plane_0(table, [a, b, c, d])),
        };
        let Some((c, length)) = char_at(encoding, &raw[at..]) else {
            // Less than a unit is left.
            writer.keep(at..raw.len());
            return;
        };
        let mut rest = at + length;
        writer.char(c, at..rest, || {
            let (c, length) = char_at(encoding, &whole[rest..])?;
            rest += length;
            Some(c)
        });
        at += length;
    }
}

/// The entry of a character of four bytes, high byte first.
#[inline(always)]
fn plane_0(table: &Table, [a, b, c, d]: [u8; 4]) -> Entry {
    if a | b == 0 { table.get(c, d) } else { Entry::INVALID }
}

/// The character at the beginning of `raw`, U+FFFD where there is none, and its length in
/// bytes. `None` if less than a unit is there.
pub(super) fn char_at(encoding: Encoding, raw: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let bytes = *raw.get(at..)?.first_chunk::<2>()?;
        Some(if encoding == Encoding::Utf16Le { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let first = unit(0)?;
            let second = if first & 0xFC00 == 0xD800 { unit(2) } else { None };
            match char::decode_utf16([first].into_iter().chain(second)).next() {
                Some(Ok(c)) => Some((c, c.len_utf16() * 2)),
                _ => Some((char::REPLACEMENT_CHARACTER, 2)),
            }
        }
        _ => {
            let bytes = *raw.first_chunk::<4>()?;
            let code =
                if encoding == Encoding::Utf32Le { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
            Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 4))
        }
    }
}

/// The end of the line that begins at `at`, behind its newline, but at most `most` bytes on.
pub(super) fn line_end(encoding: Encoding, raw: &[u8], at: usize, most: usize) -> usize {
    let unit = encoding.unit();
    let end = raw.len().min(at + most / unit * unit);
    let newline = newline(encoding);
    let newline = &newline[..unit];
    let mut from = at;
    while let Some(found) = memchr::memchr(b'\n', &raw[from..end]) {
        let start = at + (from + found - at) / unit * unit;
        if raw[start..end].starts_with(newline) {
            return start + unit;
        }
        from += found + 1;
    }
    at + char_boundary(encoding, &raw[at..], end - at).max(unit.min(end - at))
}

/// The last offset at or before `want` at which a character of `raw` begins, or its end.
pub(super) fn char_boundary(encoding: Encoding, raw: &[u8], want: usize) -> usize {
    let unit = encoding.unit();
    if want >= raw.len() {
        return raw.len();
    }
    let want = want / unit * unit;
    let high = if encoding == Encoding::Utf16Le { want + 1 } else { want };
    let second_half = unit == 2 && matches!(raw.get(high), Some(0xDC..=0xDF));
    if second_half { want.saturating_sub(unit) } else { want }
}

/// The last beginning of a line in `raw` at or before its end, if there is one.
pub(super) fn last_line(encoding: Encoding, raw: &[u8]) -> Option<usize> {
    let unit = encoding.unit();
    let newline = newline(encoding);
    let lines = raw.chunks_exact(unit).rposition(|chunk| chunk == &newline[..unit])?;
    Some((lines + 1) * unit)
}

/// A newline in the first bytes.
fn newline(encoding: Encoding) -> [u8; 4] {
    match encoding {
        Encoding::Utf16Be => [0, b'\n', 0, 0],
        Encoding::Utf32Be => [0, 0, 0, b'\n'],
        _ => [b'\n', 0, 0, 0],
    }
}
