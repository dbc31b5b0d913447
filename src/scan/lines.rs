//! Line and column of an offset, counted once over a window however many are asked for.
//!
//! Lines are counted in the text (a UTF-16 file's bytes 0x0A are not all line ends), columns in
//! characters of the original bytes.

use std::cell::Cell;
use std::ops::Range;

use crate::chunk::Chunk;
use crate::finding::Position;
use crate::text::{Encoding, OffsetMap};

/// Where a window's core begins, counted from the beginning of the input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Lines before it.
    pub(super) lines: u64,
    /// Characters of its line before it.
    pub(super) columns: u64,
}

/// Counts in one window.
pub(super) struct Lines<'a> {
    chunk: &'a Chunk<'a>,
    text: &'a [u8],
    map: &'a OffsetMap,
    core: Range<usize>,
    start: Start,
    /// The last place asked for: text offset, lines before it, where its line begins (if that
    /// is in the core).
    memo: Cell<(usize, u64, Option<usize>)>,
}

impl<'a> Lines<'a> {
    /// `core` is the chunk's core in offsets of `text`.
    pub(super) fn new(
        chunk: &'a Chunk<'a>,
        text: &'a [u8],
        map: &'a OffsetMap,
        core: Range<usize>,
        start: Start,
    ) -> Lines<'a> {
        let memo = Cell::new((core.start, start.lines, None));
        Lines { chunk, text, map, core, start, memo }
    }

    /// Position of a text offset whose original lies at `raw` in the chunk.
    pub(super) fn position(&self, at: usize, raw: usize, count: impl Fn(&[u8]) -> u64) -> Position {
        let (from, mut lines, mut line) = match self.memo.get() {
            memo if memo.0 <= at => memo,
            _ => (self.core.start, self.start.lines, None),
        };
        let at = at.clamp(from, self.text.len());
        let between = &self.text[from..at];
        if let Some(newline) = memchr::memrchr(b'\n', between) {
            lines += memchr::memchr_iter(b'\n', &between[..=newline]).count() as u64;
            line = Some(from + newline + 1);
        }
        self.memo.set((at, lines, line));
        let (begin, columns) = match line {
            // Behind the newline, and before what the line may begin with that is not in the text.
            Some(line) => (self.map.end(line), 0),
            None => (self.chunk.core.start, self.start.columns),
        };
        let column = columns + count(self.chunk.bytes.get(begin..raw).unwrap_or_default()) + 1;
        Position { line: lines + 1, column, byte: self.byte_of(raw) }
    }

    /// Offset in the input of an offset in the chunk.
    pub(super) fn byte_of(&self, raw: usize) -> u64 {
        self.chunk.at + raw as u64
    }

    /// Where the next window's core begins.
    pub(super) fn end(&self, encoding: Encoding) -> Start {
        let position = self.position(self.core.end, self.chunk.core.end, |raw| encoding.count_chars(raw));
        Start { lines: position.line - 1, columns: position.column - 1 }
    }
}
