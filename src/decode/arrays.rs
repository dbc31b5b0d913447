//! Arrays of bytes: `41:42:43`, `41 42`, `41-42`, `0x41, 0x42`, and character codes `104, 105`.
//!
//! Text in, the place of each array and its bytes out. Whether the bytes mean anything is for `looks`
//! to say.

use std::ops::Range;

use super::hex::{self, MIN_BYTES};
use super::run::{CLASS, HEX};
use crate::text::OffsetMap;

/// How far one probe is from the next: the shortest arrays, of two digits and a separator, hold one,
/// wherever they begin.
const STRIDE: usize = 3 * MIN_BYTES - 8;
/// What stands between two elements is at most so long, in bytes.
const MAX_GAP: usize = 64;

/// How an element is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `0x41`
    Prefixed,
    /// `41`
    Hex,
    /// `65`
    Decimal,
}

/// One element of an array and what stands before the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    style: Style,
    separator: u8,
}

/// Bits for bytes that occur in arrays, and for those of them that are digits: their sums over a
/// probe do not overlap.
static IN_ARRAY: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            _ if CLASS[b] & HEX != 0 => 0x11,
            b'x' | b'X' | b',' | b':' | b'-' | b' ' | b'\t' | b'\r' | b'\n' => 0x01,
            _ => 0,
        };
        b += 1;
    }
    table
};

/// Calls `each` with the place of one byte of everything that may be an array. `each` returns
/// the offset to go on from.
pub(super) fn each(text: &[u8], mut each: impl FnMut(usize) -> usize) {
    let mut done = 0;
    for at in (0..text.len()).step_by(STRIDE) {
        let Some(probe) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) else { break };
        let sum: u8 = probe.iter().fold(0, |sum, b| sum.wrapping_add(IN_ARRAY[*b as usize]));
        // All eight occur in arrays, three to seven are digits.
        if matches!(sum, 0x38..=0x78) && sum & 0x0F == 8 && at >= done {
            done = each(at);
        }
    }
}

/// The array around `near`: where it stands, if it has at least [`MIN_BYTES`] elements of one
/// shape. Appends its bytes to `out` and their places to `map`.
pub(super) fn array(text: &[u8], near: usize, out: &mut Vec<u8>, map: &mut OffsetMap) -> Option<Range<usize>> {
    let from = out.len();
    // Any element's beginning will do: the array is followed from there, then back.
    let places = (near..near + 12).filter(|&at| at == 0 || !text.get(at - 1).is_some_and(u8::is_ascii_alphanumeric));
    for at in places {
        for style in [Style::Prefixed, Style::Hex, Style::Decimal] {
            let Some(shape) = shape(text, at, style) else { continue };
            if let Some(span) = follow(text, at, shape, out, map) {
                return Some(span);
            }
            out.truncate(from);
            map.clear();
        }
    }
    None
}

/// The array of a shape that the element at `first` is part of.
fn follow(text: &[u8], first: usize, shape: Shape, out: &mut Vec<u8>, map: &mut OffsetMap) -> Option<Range<usize>> {
    let mut start = first;
    while let Some(before) = previous(text, start, shape) {
        start = before;
    }
    let from = out.len();
    let (mut at, mut end, mut last) = (start, start, start);
    let mut printable = 0;
    while let Some((byte, stop)) = element(text, at, shape.style) {
        // The step to the next element is known when that is reached.
        map.push(out.len(), at, 1, (stop - at) as u32);
        out.push(byte);
        printable += usize::from(byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r'));
        (last, end) = (at, stop);
        let Some(next) = skip_separator(text, end, shape.separator) else { break };
        at = next;
    }
    debug_assert!(last <= end);
    // Pairs of decimal digits may be either; as hexadecimal digits they are no text then.
    let text_like = printable * 8 >= (out.len() - from) * 7;
    (out.len() - from >= MIN_BYTES && (shape.style == Style::Prefixed || text_like)).then_some(start..end)
}

/// The element at `at`: its byte and where it ends.
fn element(text: &[u8], at: usize, style: Style) -> Option<(u8, usize)> {
    let rest = text.get(at..)?;
    let (byte, length) = match style {
        Style::Prefixed if matches!(rest, [b'0', b'x' | b'X', ..]) => (hex::pair(text, at + 2)?, 4),
        Style::Prefixed => return None,
        Style::Hex => (hex::pair(text, at)?, 2),
        Style::Decimal => {
            let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
            let value = rest[..digits].iter().fold(0_u32, |value, b| value * 10 + u32::from(b - b'0'));
            // Numbers below 9 are no characters, and tables of numbers are full of them.
            let fits = (1..=3).contains(&digits) && (9..=255).contains(&value);
            (u8::try_from(value).ok().filter(|_| fits)?, digits)
        }
    };
    let glued = rest.get(length).is_some_and(u8::is_ascii_alphanumeric);
    if glued { None } else { Some((byte, at + length)) }
}

/// The shape of the array whose element, written in this style, may begin at `at`.
fn shape(text: &[u8], at: usize, style: Style) -> Option<Shape> {
    let (_, end) = element(text, at, style)?;
    let separator = *text.get(end)?;
    let known = match style {
        Style::Hex => matches!(separator, b':' | b',' | b' ' | b'-'),
        Style::Prefixed | Style::Decimal => matches!(separator, b',' | b' '),
    };
    known.then_some(Shape { style, separator })
}

/// Where the next element begins: behind the separator and, after a comma or a blank, behind
/// blanks, line ends and the backslashes that continue a line.
fn skip_separator(text: &[u8], at: usize, separator: u8) -> Option<usize> {
    let rest = text.get(at..)?;
    let spaced = matches!(separator, b',' | b' ');
    match rest.first()? {
        b if *b == separator => {}
        // The last byte of a line of pairs with blanks between them.
        b'\r' | b'\n' if separator == b' ' => {}
        _ => return None,
    }
    let blank = rest[1..].iter().take(MAX_GAP).take_while(|b| spaced && is_gap(**b)).count();
    Some(at + 1 + blank)
}

fn is_gap(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'\\')
}

/// Where the element before the one at `at` begins.
fn previous(text: &[u8], at: usize, shape: Shape) -> Option<usize> {
    let near = &text[at.saturating_sub(MAX_GAP)..at];
    let blank = near.iter().rev().take_while(|b| is_gap(**b)).count();
    let end = match shape.separator {
        b' ' => at - blank,
        b',' => (at - blank).checked_sub(1)?,
        _ => at.checked_sub(1)?,
    };
    let word = text[end.saturating_sub(5)..end].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let start = end - word;
    let fits = element(text, start, shape.style).is_some_and(|(_, stop)| stop == end)
        && skip_separator(text, end, shape.separator) == Some(at);
    (fits && start < at).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        each(text.as_bytes(), |near| {
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
        for (separator, prefix) in [
            (":", ""),
            ("-", ""),
            (",", ""),
            (" ", ""),
            (", ", ""),
            (",", "0x"),
            (", ", "0x"),
            (" ", "0x"),
            (",", "0X"),
        ] {
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
    fn arrays_of_character_codes_are_found() {
        let plain = "password=hunter2; user=bob";
        let codes: Vec<String> = plain.bytes().map(|b| b.to_string()).collect();
        for (separator, open) in [(",", "["), (", ", "fromCharCode("), (" ", "{ "), (",\n  ", "[\n  ")] {
            let text = format!("x = {open}{} and more of it", codes.join(separator));
            let found = decoded(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].0, plain);
            assert_eq!(found[0].1.start, 4 + open.len());
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
        assert_eq!(
            decoded("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31"),
            vec![]
        );
        assert_eq!(decoded("at 12:34:56 on 20 11 03 we be at 00:11:22:33:44:55 as is to be or not to be"), vec![]);
    }
}
