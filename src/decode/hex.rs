//! Hexadecimal: plain runs, and arrays such as `41:42:43` and `0x41, 0x42`.
//!
//! Characters in, bytes out.

use std::ops::Range;

use super::block::Code;
use super::run::{CLASS, HEX};
use crate::text::OffsetMap;

/// A byte in two digits.
pub(super) const CODE: Code =
    Code { name: "hex", classes: HEX, min: 2 * MIN_BYTES, group: 2, bytes: 1, bits: 4, value: digit, whole, head };

/// Fewer bytes than this are no text that anybody hid.
const MIN_BYTES: usize = 16;

/// The value of each hexadecimal digit; above 15 for anything else.
static VALUES: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value] as usize] = value as u8;
        table[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    table
};

fn digit(b: u8) -> u8 {
    VALUES[b as usize] & 15
}

/// The byte that two hexadecimal digits at `at` stand for.
#[inline]
pub(super) fn pair(text: &[u8], at: usize) -> Option<u8> {
    let &[high, low] = text.get(at..at + 2)? else { return None };
    let (high, low) = (VALUES[high as usize], VALUES[low as usize]);
    ((high | low) < 16).then_some(high << 4 | low)
}

/// The number that the `1..=max` hexadecimal digits at `at` stand for, and how many they are.
pub(super) fn number(text: &[u8], at: usize, max: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    let count = rest.iter().take(max.min(8)).take_while(|&&b| CLASS[b as usize] & HEX != 0).count();
    let value = rest[..count].iter().fold(0, |value, &b| value << 4 | u32::from(digit(b)));
    (count > 0).then_some((value, count))
}

fn whole(text: &[u8], out: &mut Vec<u8>) {
    out.extend(text.chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])));
}

fn head(text: &[u8]) -> [u8; 12] {
    std::array::from_fn(|i| pair(text, 2 * i).unwrap_or_default())
}

/// Calls `each` with the place of one byte of everything that may be an array. `each` returns
/// the offset to go on from.
pub(super) fn each_array(text: &[u8], mut each: impl FnMut(usize) -> usize) {
    // The shortest arrays, `41:42:43` and `0x41,0x42`, hold one of the probes, wherever they begin.
    each_with::<{ 3 * MIN_BYTES - 8 }>(text, b':', &mut each);
    each_with::<{ 5 * MIN_BYTES - 8 }>(text, b'x', &mut each);
}

/// As [`each_array`], for arrays that have `sign` in any eight bytes in a row. Looks at eight bytes
/// in every `STRIDE`.
fn each_with<const STRIDE: usize>(text: &[u8], sign: u8, each: &mut impl FnMut(usize) -> usize) {
    let mut done = 0;
    let mut look = |at: usize, probe: &[u8]| {
        let Some(head) = probe.first_chunk() else { return };
        let word = u64::from_le_bytes(*head);
        // The sign in its place: a colon three bytes before another, or behind a zero.
        let places = match sign {
            b':' => places_of(b':', word) & places_of(b':', word) >> 24,
            _ => places_of(b'x', word) & places_of(b'0', word) << 8,
        };
        if places != 0 && at >= done && head.iter().all(|&b| IN_ARRAY[b as usize]) {
            done = each(at);
        }
    };
    let probes = text.chunks_exact(STRIDE);
    let rest = probes.remainder();
    for (i, probe) in probes.enumerate() {
        look(i * STRIDE, probe);
    }
    look(text.len() - rest.len(), rest);
}

/// Sets the high bit of the bytes that are `byte`, perhaps of some behind them too.
fn places_of(byte: u8, word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let rest = word ^ (byte as u64 * ONES);
    rest.wrapping_sub(ONES) & !rest & (ONES << 7)
}

/// Bytes that occur in arrays.
static IN_ARRAY: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = CLASS[b] & HEX != 0 || matches!(b as u8, b'x' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n');
        b += 1;
    }
    table
};

/// One element of an array and what stands before the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    prefixed: bool,
    separator: u8,
}

/// The array around `near`: where it stands, if it has at least [`MIN_BYTES`] elements of one
/// shape. Appends its bytes to `out` and their places to `map`.
pub(super) fn array(text: &[u8], near: usize, out: &mut Vec<u8>, map: &mut OffsetMap) -> Option<Range<usize>> {
    // Any element's beginning will do: the array is followed from there, then back.
    let (first, shape) = (near..near + 6).find_map(|at| Some((at, shape(text, at)?)))?;
    let mut start = first;
    while let Some(before) = previous(text, start, shape) {
        start = before;
    }
    let (from, mapped) = (out.len(), start);
    let mut at = start;
    let mut end = start;
    let mut runs = Vec::new();
    while let Some((byte, digits)) = element(text, at, shape.prefixed) {
        runs.push((out.len(), at));
        out.push(byte);
        end = digits + 2;
        let Some(next) = skip_separator(text, end, shape.separator) else { break };
        at = next;
    }
    if out.len() - from < MIN_BYTES {
        out.truncate(from);
        return None;
    }
    let width = if shape.prefixed { 4 } else { 2 };
    for (i, &(to, raw)) in runs.iter().enumerate() {
        let step = runs.get(i + 1).map_or(width, |next| next.1 - raw);
        map.push(to, raw, 1, step as u32);
    }
    Some(mapped..end)
}

/// The element at `at`: its byte and where its two digits stand.
fn element(text: &[u8], at: usize, prefixed: bool) -> Option<(u8, usize)> {
    let digits = match (prefixed, text.get(at..at + 2)?) {
        (true, b"0x") => at + 2,
        (true, _) => return None,
        (false, _) => at,
    };
    let glued = text.get(digits + 2).is_some_and(|&b| CLASS[b as usize] & HEX != 0);
    if glued { None } else { Some((pair(text, digits)?, digits)) }
}

/// The shape of the array whose element may begin at `at`.
fn shape(text: &[u8], at: usize) -> Option<Shape> {
    if at > 0 && text.get(at - 1).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let prefixed = element(text, at, true).is_some();
    let (_, digits) = element(text, at, prefixed)?;
    let separator = *text.get(digits + 2)?;
    let known = if prefixed { matches!(separator, b',' | b' ') } else { separator == b':' };
    known.then_some(Shape { prefixed, separator })
}

/// Where the next element begins: behind the separator and, after a comma or a blank, behind
/// blanks and one line end.
fn skip_separator(text: &[u8], at: usize, separator: u8) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.first() != Some(&separator) {
        // The last byte of a line of blanks-separated pairs.
        let broken = separator == b' ' && matches!(rest.first(), Some(b'\r' | b'\n'));
        if !broken {
            return None;
        }
    }
    let blank = match separator {
        b',' | b' ' => rest[1..].iter().take(40).take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count(),
        _ => 0,
    };
    Some(at + 1 + blank)
}

/// Where the element before the one at `at` begins.
fn previous(text: &[u8], at: usize, shape: Shape) -> Option<usize> {
    let width = if shape.prefixed { 4 } else { 2 };
    let near = &text[at.saturating_sub(48)..at];
    let blank = near.iter().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
    let end = match shape.separator {
        b' ' => at - blank,
        b',' => (at - blank).checked_sub(1)?,
        _ => at.checked_sub(1)?,
    };
    let start = end.checked_sub(width)?;
    let glued = start > 0 && text[start - 1].is_ascii_alphanumeric();
    let fits = !glued
        && element(text, start, shape.prefixed).is_some()
        && skip_separator(text, end, shape.separator) == Some(at);
    fits.then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        each_array(text.as_bytes(), |near| {
            let (mut out, mut map) = (Vec::new(), OffsetMap::default());
            match array(text.as_bytes(), near, &mut out, &mut map) {
                Some(span) => {
                    assert_eq!(map.span(0..out.len()), span);
                    let end = span.end;
                    found.push((String::from_utf8_lossy(&out).into_owned(), span));
                    end
                }
                None => near + 1,
            }
        });
        found
    }

    #[test]
    fn arrays_of_every_shape_are_found() {
        let plain = "password=hunter2; user=bob";
        let pairs: Vec<String> = plain.bytes().map(|b| format!("{b:02x}")).collect();
        for (separator, prefix) in [(":", ""), (",", "0x"), (", ", "0x"), (" ", "0x")] {
            let array: Vec<String> = pairs.iter().map(|p| format!("{prefix}{p}")).collect();
            let array = array.join(separator);
            for pad in 0..40 {
                let before = " ".repeat(pad);
                let text = format!("{before}= [{array}]; and so on, as it goes in a text like this one");
                let span = pad + 3..pad + 3 + array.len();
                assert_eq!(decoded(&text), vec![(plain.to_owned(), span)], "{text}");
            }
        }
    }

    #[test]
    fn an_array_goes_on_over_lines() {
        let plain = "password=hunter2; user=bob";
        let bytes: Vec<String> = plain.bytes().map(|b| format!("0x{b:02X},")).collect();
        let lines: Vec<String> = bytes.chunks(8).map(|line| line.join(" ")).collect();
        let text = format!("{{\n  {}\n}}", lines.join("\n  "));
        assert_eq!(decoded(&text), vec![(plain.to_owned(), 4..text.len() - 3)]);
    }

    #[test]
    fn short_arrays_dates_and_words_are_none() {
        assert_eq!(decoded("at 12:34:56 on 20 11 03 we be at 00:11:22:33:44:55 as is to be or not to be"), vec![]);
    }
}
