//! A text that is being looked at, and the way from its offsets to positions people can use.
//!
//! The text may be a window of a file, may have been decoded out of another text, or put
//! together by an extractor; a chain of views leads back to the member it came from.

use std::ops::Range;

use super::lines::Lines;
use crate::chunk::{Origin, Step};
use crate::decode::Derived;
use crate::detect::Setting;
use crate::extract::Mark;
use crate::finding::Position;
use crate::text::Text;

/// A text that is being looked at, and the way from it to a position in its member.
pub(super) struct View<'a> {
    pub(super) origin: &'a Origin,
    pub(super) text: &'a Text<'a>,
    pub(super) setting: Setting<'a>,
    pub(super) place: Place<'a>,
}

/// How to find the original of a text's offset.
pub(super) enum Place<'a> {
    /// The text is a window of the member.
    Window { lines: Lines<'a>, core: Range<usize> },
    /// The text was decoded out of another.
    Derived { from: &'a View<'a>, derived: &'a Derived },
    /// The text was put together by an extractor; positions count within its parts.
    Block { text: &'a str, marks: &'a [Mark] },
}

/// Where something is.
pub(super) struct Location {
    pub(super) start: Position,
    pub(super) end: Position,
    /// Its bytes in the window's input or in the block: tells whether two things are in one place.
    pub(super) span: Range<u64>,
}

impl View<'_> {
    /// Was this text decoded out of another?
    pub(super) fn is_derived(&self) -> bool {
        matches!(self.place, Place::Derived { .. })
    }

    /// Location of a span of the text; `None` if another window answers for it.
    pub(super) fn locate(&self, span: Range<usize>) -> Option<Location> {
        let raw = self.text.map.span(span.clone());
        match &self.place {
            Place::Window { lines, core } => {
                let encoding = self.text.encoding_at(span.start);
                let count = |raw: &[u8]| encoding.count_chars(raw);
                core.contains(&span.start).then(|| Location {
                    start: lines.position(span.start, raw.start, count),
                    end: lines.position(span.end, raw.end, count),
                    span: lines.byte_of(raw.start)..lines.byte_of(raw.end),
                })
            }
            Place::Derived { from, derived } => from.locate(derived.map.span(raw)),
            Place::Block { text, marks } => {
                let part = part_of(marks, raw.start).map_or(0, |mark| mark.at);
                Some(Location {
                    start: position_in(text, part, raw.start),
                    end: position_in(text, part, raw.end),
                    span: raw.start as u64..raw.end as u64,
                })
            }
        }
    }

    /// The origin of what begins at a text offset.
    pub(super) fn origin_at(&self, at: usize) -> Origin {
        match &self.place {
            Place::Window { .. } => self.origin.clone(),
            Place::Block { marks, .. } => match part_of(marks, self.text.map.start(at)) {
                Some(mark) => self.origin.step(mark.step.clone()),
                None => self.origin.clone(),
            },
            Place::Derived { from, derived } => {
                let raw = self.text.map.start(at);
                // The steps of decoding come after the part that the encoded text stands in.
                let mut origin = from.origin_at(derived.map.start(raw));
                origin.inside.push(Step::Decoded { by: derived.by, at: from.byte_of(derived.at(raw)) });
                origin
            }
        }
    }

    /// Offset in the member of a text offset, in bytes, whichever window answers for it.
    pub(super) fn byte_of(&self, at: usize) -> u64 {
        let raw = self.text.map.start(at);
        match &self.place {
            Place::Window { lines, .. } => lines.byte_of(raw),
            Place::Derived { from, derived } => from.byte_of(derived.map.start(raw)),
            Place::Block { marks, .. } => (raw - part_of(marks, raw).map_or(0, |mark| mark.at)) as u64,
        }
    }
}

/// The part that begins last at or before an offset.
fn part_of(marks: &[Mark], at: usize) -> Option<&Mark> {
    marks.partition_point(|mark| mark.at <= at).checked_sub(1).map(|i| &marks[i])
}

/// Position of `at` counted from `part`, both offsets of `text`.
fn position_in(text: &str, part: usize, at: usize) -> Position {
    let before = text.as_bytes().get(part..at).unwrap_or_default();
    let line = before.iter().filter(|&&b| b == b'\n').count() as u64;
    let last = memchr::memrchr(b'\n', before).map_or(before, |i| &before[i + 1..]);
    let column = last.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u64;
    Position { line: line + 1, column: column + 1, byte: before.len() as u64 }
}
