//! An input of any length in overlapping windows of constant memory.
//!
//! A window is look-behind, core and look-ahead in one buffer. The next window's core begins
//! where this one's ended; what lies behind it is kept as look-behind.

use std::io::{self, Read};
use std::ops::Range;

use crate::chunk::Chunk;
use crate::engine::LONGEST_MATCH;
use crate::text::Reader;

/// Look-behind in bytes: context words and the beginning of patterns.
pub(super) const BEHIND: usize = 4 << 10;
/// Look-ahead in bytes: the longest match, also in an encoding of two bytes a character.
const AHEAD: usize = LONGEST_MATCH * 2;

/// The buffer of one input at a time; its memory is kept for the next.
#[derive(Debug, Default)]
pub(super) struct Window {
    buffer: Vec<u8>,
    filled: usize,
    core: Range<usize>,
    at: u64,
    ended: bool,
    /// Why the input ended before its end.
    failed: Option<io::Error>,
}

impl Window {
    /// Begins a new input and fills the first window for a core of `chunk` bytes.
    pub(super) fn begin(&mut self, input: &mut dyn Read, size: Option<u64>, chunk: usize) {
        self.filled = 0;
        self.core = 0..0;
        self.at = 0;
        self.ended = false;
        self.failed = None;
        // A small file needs a small buffer, and one more byte to see its end.
        let most = chunk + AHEAD;
        let expect = size.map_or(most, |size| usize::try_from(size).unwrap_or(most).saturating_add(1).min(most));
        self.fill(input, expect.max(4096).min(most));
        if !self.ended && self.filled < most {
            self.fill(input, most);
        }
    }

    /// Is the whole input in the first window?
    pub(super) fn is_whole(&self) -> bool {
        self.ended && self.at == 0
    }

    /// The error that ended the input, once. What came before it is in the windows.
    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// The bytes read so far of the first window, before any core is set.
    pub(super) fn head(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// Bytes read into this window that no earlier window had.
    pub(super) fn new_bytes(&self) -> u64 {
        (self.filled - self.core.start) as u64
    }

    /// Sets the core of the window that has been filled.
    pub(super) fn set_core(&mut self, reader: &Reader) {
        let start = self.core.start;
        let end = if self.ended {
            self.filled
        } else {
            let want = self.filled.saturating_sub(AHEAD).max(start + 1);
            let boundary = reader.boundary(&self.buffer[..self.filled], self.at, want);
            if boundary > start { boundary } else { want }
        };
        self.core = start..end;
    }

    /// The window as a chunk.
    pub(super) fn chunk(&self) -> Chunk<'_> {
        Chunk { bytes: &self.buffer[..self.filled], core: self.core.clone(), at: self.at }
    }

    /// Is there nothing behind this window's core?
    pub(super) fn is_last(&self) -> bool {
        self.ended && self.core.end == self.filled
    }

    /// Moves on: keeps the look-behind and fills up. Returns the bytes newly read.
    pub(super) fn advance(&mut self, input: &mut dyn Read, reader: &Reader, chunk: usize) -> u64 {
        let keep = self.next_begins(reader);
        self.buffer.copy_within(keep..self.filled, 0);
        self.filled -= keep;
        self.at += keep as u64;
        self.core = self.core.end - keep..self.core.end - keep;
        let before = self.filled;
        if !self.ended {
            self.fill(input, self.core.start + chunk + AHEAD);
        }
        (self.filled - before) as u64
    }

    /// Fills `next` as the window behind this one, as [`Window::advance`] would have done. Returns
    /// the bytes newly read.
    pub(super) fn follow(&mut self, next: &mut Window, input: &mut dyn Read, reader: &Reader, chunk: usize) -> u64 {
        let keep = self.next_begins(reader);
        next.filled = self.filled - keep;
        next.at = self.at + keep as u64;
        next.core = self.core.end - keep..self.core.end - keep;
        (next.ended, next.failed) = (self.ended, self.failed.take());
        if next.buffer.len() < next.filled {
            next.buffer.resize(next.filled, 0);
        }
        next.buffer[..next.filled].copy_from_slice(&self.buffer[keep..self.filled]);
        let before = next.filled;
        if !next.ended {
            next.fill(input, next.core.start + chunk + AHEAD);
        }
        (next.filled - before) as u64
    }

    /// Where in this window the next one begins.
    fn next_begins(&self, reader: &Reader) -> usize {
        reader.boundary(&self.buffer[..self.filled], self.at, self.core.end.saturating_sub(BEHIND))
    }

    /// Reads until `length` bytes are in the buffer or the input ends.
    fn fill(&mut self, input: &mut dyn Read, length: usize) {
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
        while !self.ended && self.filled < length {
            match input.read(&mut self.buffer[self.filled..length]) {
                Ok(0) => self.ended = true,
                Ok(n) => self.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.failed = Some(e);
                    self.ended = true;
                }
            }
        }
    }
}
