//! What came out of decoding: bytes, and the way back from each to the text around.

use std::ops::Range;

use super::rewrite::Draft;
use crate::text::OffsetMap;

/// Bytes that were encoded inside text: one encoded run, or all lines of a window that one decoder
/// had to do with, with a blank line between parts that are no neighbours.
///
/// Lines are decoded whole, so part of the bytes stands in the surrounding text just so, and a
/// value there is found twice: [`Derived::is_copy`] tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The decoder's name, as it stands in `inside`.
    pub by: &'static str,
    /// The decoded bytes: text of any encoding, or a container.
    pub bytes: Vec<u8>,
    /// From offsets in `bytes` to offsets in the surrounding text.
    pub map: OffsetMap,
    /// Does the window show the beginning of what was encoded? If not, `bytes` continues what an
    /// earlier window began; a container can only be opened from its beginning.
    pub begins: bool,
    /// Does the window show its end?
    pub ends: bool,
    /// Offsets in `bytes` and in the text of each part's beginning.
    parts: Vec<(usize, usize)>,
    /// Where in the text the last part ends.
    end: usize,
    /// Hashes of the encoded runs that were decoded where they stood already.
    pub(super) known: Vec<[u8; 32]>,
}

impl Derived {
    pub(super) fn by(by: &'static str) -> Derived {
        Derived {
            by,
            bytes: Vec::new(),
            map: OffsetMap::default(),
            begins: true,
            ends: true,
            parts: Vec::new(),
            end: 0,
            known: Vec::new(),
        }
    }

    /// Offset in the surrounding text where the encoded part begins that the decoded byte at `out`
    /// belongs to.
    pub fn at(&self, out: usize) -> usize {
        let after = self.parts.partition_point(|part| part.0 <= out);
        self.parts.get(after.saturating_sub(1)).map_or(0, |part| part.1)
    }

    /// The bytes that come from `core` of the surrounding text. A run longer than a window comes in
    /// pieces that overlap as the windows do; these parts of them, one after another, are the whole.
    pub fn part_of(&self, core: &Range<usize>) -> Range<usize> {
        self.map.find(core.start, self.bytes.len())..self.map.find(core.end, self.bytes.len())
    }

    /// Do these decoded bytes stand in the surrounding text just so, where they came from? Then
    /// whoever scanned that text has seen them (but perhaps not the words around them).
    pub fn is_copy(&self, found: Range<usize>, text: &[u8]) -> bool {
        self.bytes.get(found.clone()) == text.get(self.map.span(found))
    }

    pub(super) fn clear(&mut self) {
        (self.begins, self.ends, self.end) = (true, true, 0);
        self.bytes.clear();
        self.map.clear();
        self.parts.clear();
        self.known.clear();
    }

    /// Begins the part whose encoded text begins at `at`.
    pub(super) fn begin_part(&mut self, at: usize) {
        if !self.bytes.is_empty() {
            self.map.push(self.bytes.len(), self.end, 2, 0);
            self.bytes.extend_from_slice(b"\n\n");
        }
        self.parts.push((self.bytes.len(), at));
    }

    /// Says where the encoded text of all bytes so far begins.
    pub(super) fn begin_first_part(&mut self, at: usize) {
        self.parts.push((0, at));
    }

    /// Ends the part whose encoded text ends at `end`.
    pub(super) fn end_part(&mut self, end: usize) {
        self.end = end;
    }

    /// Adds text as it is, but nothing that a part before this one holds.
    pub(super) fn copy(&mut self, text: &[u8], range: Range<usize>) {
        let range = range.start.max(self.end).min(range.end)..range.end;
        self.map.push(self.bytes.len(), range.start, 1, 1);
        self.bytes.extend_from_slice(&text[range]);
    }

    /// Adds what the text at `region` was rewritten to, as a part.
    pub(super) fn add(&mut self, region: Range<usize>, draft: &Draft) {
        self.begin_part(region.start);
        let base = self.bytes.len();
        self.map.push(base, region.start, 1, 1);
        for edit in &draft.edits {
            if edit.len > 0 {
                self.map.push(base + edit.out as usize, region.start + edit.raw as usize, edit.len, edit.raw_len);
            }
            self.map.push(base + edit.end(), region.start + edit.raw_end(), 1, 1);
        }
        self.bytes.extend_from_slice(&draft.bytes);
        self.end_part(region.end);
    }

    /// Calls `each`, if there is anything, and empties itself.
    pub(super) fn hand_out(&mut self, each: &mut dyn FnMut(&Derived)) {
        if !self.bytes.is_empty() {
            each(self);
        }
        self.clear();
    }
}
