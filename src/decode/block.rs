//! A run of base64 or hex that is wrapped over lines, and what its characters stand for.
//!
//! The first line's characters in, the segments on all lines out; then segments in, bytes and
//! their map out. Knows nothing of what the bytes should look like.

use std::ops::Range;

use super::run::{CLASS, STD, end_of};
use crate::text::OffsetMap;

/// How many bytes of line end, indentation and quote marks may stand between two lines.
const MAX_PREFIX: usize = 64;
/// A line shorter than this is not wrapped: nothing says that the next one continues it.
const MIN_WIDTH: usize = 20;
/// So many pieces before a run are looked for.
const MAX_BACK: usize = 8;

/// A code in which `group` characters stand for `bytes` bytes.
#[derive(Debug)]
pub(super) struct Code {
    /// The decoder's name.
    pub(super) name: &'static str,
    /// Classes of [`CLASS`] that the characters are of.
    pub(super) classes: u8,
    /// The shortest run, in characters.
    pub(super) min: usize,
    /// Characters of a group: a power of two.
    pub(super) group: usize,
    /// Bytes of a group.
    pub(super) bytes: usize,
    /// Bits that a character stands for.
    pub(super) bits: u32,
    /// What a character stands for.
    pub(super) value: fn(u8) -> u8,
    /// Decodes whole groups, of characters that are all of `classes`.
    pub(super) whole: fn(&[u8], &mut Vec<u8>),
    /// The first dozen bytes of what at least as many groups of them stand for.
    pub(super) head: fn(&[u8]) -> [u8; 12],
}

/// Extends `segments`, which holds the characters of one line, by the lines that continue them.
///
/// A line continues if the line before ended with its segment, if it begins with the same
/// indentation or quote marks (or any white space and `>`), holds nothing else, and is no wider
/// than the lines before. In a string literal the line end may be written out (`\n`), and slashes
/// may have a backslash before them (`\/`), which parts no lines. Returns the offset behind the
/// last segment.
pub(super) fn gather(text: &[u8], classes: u8, segments: &mut Vec<Range<usize>>) -> usize {
    let (Some(first), Some(last)) = (segments.first().cloned(), segments.last()) else { return 0 };
    let mut end = last.end;
    if segments.len() == 1 && first.len() < MIN_WIDTH {
        return end;
    }
    let prefix = before_on_line(text, first.start, MAX_PREFIX);
    let mut width = usize::MAX;
    loop {
        let (start, parts_lines) = if let Some(line) = next_line(text, end) {
            (skip_prefix(text, line, prefix), true)
        } else if let Some(slash) = escaped_slash(text, end).filter(|_| classes & STD != 0) {
            (slash, false)
        } else if let Some(line) = escaped_line_end(text, end) {
            (line, true)
        } else {
            break;
        };
        let stop = end_of(text, start, classes);
        if start == stop || parts_lines && stop - start > width {
            break;
        }
        let closed = match ending(text, stop) {
            Ending::Line => false,
            Ending::Closed => true,
            Ending::Other => break,
        };
        let short = parts_lines && width != usize::MAX && stop - start < width;
        segments.push(start..stop);
        end = stop;
        if parts_lines && escaped_slash(text, end).is_none() {
            width = width.min(stop - start);
            if short {
                break;
            }
        }
        if closed {
            break;
        }
    }
    end
}

/// Puts before the first segment what an escaped slash parts from it: short pieces, which are no runs.
pub(super) fn reach_back(text: &[u8], classes: u8, segments: &mut Vec<Range<usize>>) {
    for _ in 0..MAX_BACK {
        let Some(first) = segments.first().map(|first| first.start) else { return };
        let near = &text[first.saturating_sub(4)..first];
        let escape = near.iter().rev().take_while(|b| **b == b'\\').count();
        if escape == 0 || escaped_slash(text, first - escape) != Some(first) {
            return;
        }
        let end = first - escape;
        let near = &text[end.saturating_sub(MIN_WIDTH)..end];
        let length = near.iter().rev().take_while(|b| CLASS[**b as usize] & classes != 0).count();
        if length == 0 || length == MIN_WIDTH {
            return;
        }
        segments.insert(0, end - length..end);
    }
}

/// Where the `/` stands that is written with backslashes (of one literal, or of one within another)
/// at `at`.
fn escaped_slash(text: &[u8], at: usize) -> Option<usize> {
    let at = at + backslashes(text, at)?;
    (text.get(at) == Some(&b'/')).then_some(at)
}

/// Where the line end that is written as `\n`, `\r` or both at `at` ends.
fn escaped_line_end(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at + backslashes(text, at)?;
    match text.get(end)? {
        b'n' => return Some(end + 1),
        b'r' => end += 1,
        _ => return None,
    }
    let newline = backslashes(text, end).map(|count| end + count).filter(|&n| text.get(n) == Some(&b'n'));
    Some(newline.map_or(end, |n| n + 1))
}

/// The number of backslashes at `at`: one, two or four.
fn backslashes(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let count = rest.iter().take(5).take_while(|b| **b == b'\\').count();
    matches!(count, 1 | 2 | 4).then_some(count)
}

/// Do the lines or the text go on behind the segments that end at `at`, as far as `text` shows?
/// The next line may not have begun yet.
pub(super) fn may_go_on(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    rest.len() <= MAX_PREFIX
        && rest.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'#' | b'/' | b'*' | b'\\'))
}

/// What stands before `at` on its line, if it is at most `max` bytes.
fn before_on_line(text: &[u8], at: usize, max: usize) -> &[u8] {
    let near = &text[at.saturating_sub(max)..at];
    match memchr::memrchr(b'\n', near) {
        Some(i) => &near[i + 1..],
        None if at <= max => near,
        None => &[],
    }
}

/// Where the line after the one that ends at `at`, but for blanks, begins.
fn next_line(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let end = rest.iter().take(8).position(|b| !matches!(b, b' ' | b'\t' | b'\r'))?;
    (rest[end] == b'\n').then_some(at + end + 1)
}

fn skip_prefix(text: &[u8], line: usize, prefix: &[u8]) -> usize {
    let rest = &text[line.min(text.len())..];
    if !prefix.is_empty() && rest.starts_with(prefix) {
        return line + prefix.len();
    }
    let blank = rest.iter().take(MAX_PREFIX).take_while(|b| matches!(b, b' ' | b'\t' | b'>')).count();
    line + blank
}

enum Ending {
    Line,
    Closed,
    Other,
}

/// What follows the last character of a line's segment.
fn ending(text: &[u8], at: usize) -> Ending {
    match text.get(at) {
        None | Some(b'\r' | b'\n') => Ending::Line,
        Some(b' ' | b'\t') if next_line(text, at).is_some() => Ending::Line,
        Some(b'\\') if escaped_slash(text, at).is_some() || escaped_line_end(text, at).is_some() => Ending::Line,
        Some(b'\\' | b'=' | b'"' | b'\'' | b'`' | b'<' | b')' | b']' | b'}' | b',' | b';') => Ending::Closed,
        Some(_) => Ending::Other,
    }
}

/// Decodes `characters` of all the segments', counted from the first, groups across line ends
/// included. What a cut last group holds in whole bytes is decoded too.
pub(super) fn unpack(
    text: &[u8],
    segments: &[Range<usize>],
    characters: Range<usize>,
    code: &Code,
    out: &mut Vec<u8>,
    map: &mut OffsetMap,
) {
    let mut group = Group { bits: 0, count: 0, start: 0 };
    let mut counted = 0;
    let mut last = 0;
    for segment in segments {
        let part = segment.start + characters.start.saturating_sub(counted).min(segment.len())
            ..segment.start + characters.end.saturating_sub(counted).min(segment.len());
        counted += segment.len();
        let mut at = part.start;
        while group.count > 0 && at < part.end {
            group.add(text[at], at, code);
            at += 1;
            if group.count == code.group {
                group.flush(at, code, out, map);
            }
        }
        let whole = part.end.saturating_sub(at) / code.group * code.group;
        if whole > 0 {
            map.push(out.len(), at, code.bytes as u32, code.group as u32);
            (code.whole)(&text[at..at + whole], out);
            at += whole;
        }
        while at < part.end {
            group.add(text[at], at, code);
            at += 1;
        }
        if !part.is_empty() {
            last = part.end;
        }
    }
    group.flush(last, code, out, map);
}

/// A group of characters that does not stand in one piece.
struct Group {
    bits: u32,
    count: usize,
    start: usize,
}

impl Group {
    fn add(&mut self, character: u8, at: usize, code: &Code) {
        if self.count == 0 {
            self.start = at;
        }
        self.bits = self.bits << code.bits | u32::from((code.value)(character));
        self.count += 1;
    }

    /// Writes the whole bytes of the group, whose text ends at `end`, and empties it.
    fn flush(&mut self, end: usize, code: &Code, out: &mut Vec<u8>, map: &mut OffsetMap) {
        let bits = self.count as u32 * code.bits;
        let whole = bits / 8;
        if whole > 0 {
            map.push(out.len(), self.start, whole, (end - self.start) as u32);
            let bytes = (self.bits >> (bits % 8)).to_be_bytes();
            out.extend_from_slice(&bytes[bytes.len() - whole as usize..]);
        }
        *self = Group { bits: 0, count: 0, start: 0 };
    }
}

/// Number of characters of the segments that stand before `at`.
pub(super) fn count_before(segments: &[Range<usize>], at: usize) -> usize {
    segments.iter().map(|s| at.clamp(s.start, s.end) - s.start).sum()
}

/// Are all characters of the segment of these classes?
pub(super) fn is_all(text: &[u8], classes: u8) -> bool {
    text.iter().all(|&b| CLASS[b as usize] & classes != 0)
}
