//! The line around a value, for a person to read, with every candidate in it masked.
//!
//! Text and all hits in, one line of printable text out. Whatever is masked in the value is
//! masked here too, of any confidence, so that a report never shows what it does not report.

use std::ops::Range;

/// Characters of context on each side of the value.
const AROUND: usize = 60;

/// The whole line that a value stands on, up to 2 KiB on each side: what inline comments are
/// looked for in.
pub fn line<'a>(text: &'a [u8], value: &Range<usize>) -> &'a [u8] {
    const MOST: usize = 2048;
    let before = &text[value.start.saturating_sub(MOST)..value.start];
    let after = &text[value.end..(value.end + MOST).min(text.len())];
    let start = value.start - memchr::memrchr(b'\n', before).map_or(before.len(), |i| before.len() - i - 1);
    let end = value.end + memchr::memchr(b'\n', after).unwrap_or(after.len());
    &text[start..end]
}

/// The line above the one that a value begins on, up to 2 KiB of it.
pub fn line_before<'a>(text: &'a [u8], value: &Range<usize>) -> &'a [u8] {
    const MOST: usize = 2048;
    let before = &text[value.start.saturating_sub(2 * MOST)..value.start];
    let Some(end) = memchr::memrchr(b'\n', before) else { return &[] };
    let start = memchr::memrchr(b'\n', &before[..end]).map_or(0, |i| i + 1);
    &before[start.max(end.saturating_sub(MOST))..end]
}

/// The line around `value`; every span of `masked` is replaced by what `replace` gives for it
/// (`masked` in order of start; `value` itself must be among them).
pub fn excerpt(
    text: &[u8],
    value: &Range<usize>,
    masked: &[Range<usize>],
    mut replace: impl FnMut(usize, &str) -> String,
) -> String {
    let start = line_start(text, value.start);
    let end = line_end(text, value.end);
    let mut out = String::new();
    if start > 0 && text[start - 1] != b'\n' {
        out.push('…');
    }
    let mut at = start;
    for (i, span) in masked.iter().enumerate() {
        if span.end <= at || span.start >= end {
            continue;
        }
        if span.start > at {
            push(&mut out, &text[at..span.start]);
        }
        // Of a value that begins before what is shown, or overlaps another, only stars are left.
        let whole = span.start >= at;
        let shown = if whole { replace(i, &String::from_utf8_lossy(&text[span.clone()])) } else { "*".repeat(8) };
        push(&mut out, shown.as_bytes());
        at = at.max(span.end);
    }
    if at < end {
        push(&mut out, &text[at..end]);
    }
    if end < text.len() && !matches!(text[end], b'\n' | b'\r') {
        out.push('…');
    }
    out.trim().to_owned()
}

/// Appends text with tabs and control characters as spaces: it will stand on one line.
fn push(out: &mut String, bytes: &[u8]) {
    out.extend(String::from_utf8_lossy(bytes).chars().map(|c| if c.is_control() { ' ' } else { c }));
}

fn line_start(text: &[u8], at: usize) -> usize {
    let mut chars = 0;
    for i in (0..at).rev() {
        if text[i] == b'\n' {
            return i + 1;
        }
        chars += usize::from(text[i] & 0xC0 != 0x80);
        if chars == AROUND {
            return i;
        }
    }
    0
}

fn line_end(text: &[u8], at: usize) -> usize {
    let mut chars = 0;
    for (i, &byte) in text.iter().enumerate().skip(at) {
        if byte == b'\n' || byte == b'\r' {
            return i;
        }
        if byte & 0xC0 != 0x80 {
            if chars == AROUND {
                return i;
            }
            chars += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stars(_: usize, value: &str) -> String {
        "*".repeat(value.chars().count())
    }

    #[test]
    fn every_candidate_on_the_line_is_masked() {
        let text = "first\nuser=ann password=hunter2 pin=1234\nlast";
        let spans = [text.find("ann").unwrap(), text.find("hunter2").unwrap(), text.find("1234").unwrap()];
        let spans = [spans[0]..spans[0] + 3, spans[1]..spans[1] + 7, spans[2]..spans[2] + 4];
        assert_eq!(excerpt(text.as_bytes(), &spans[1], &spans, stars), "user=*** password=******* pin=****");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_and_control_characters_are_spaces() {
        let text = format!("{}\u{1b}[31mkey\t{}", "あ".repeat(300), "b".repeat(300));
        let at = text.find("key").unwrap();
        let out = excerpt(text.as_bytes(), &(at..at + 3), std::slice::from_ref(&(at..at + 3)), stars);
        assert!(out.starts_with('…') && out.ends_with('…') && !out.contains('\u{1b}'), "{out}");
        assert!(out.chars().count() < 140);
    }

    #[test]
    fn overlapping_candidates_show_nothing() {
        let text = b"k=abcdef;";
        let out = excerpt(text, &(2..6), &[2..6, 4..8], stars);
        assert!(!out.contains('e') && !out.contains('c'), "{out}");
    }
}
