//! A stream line by line, in constant memory.
//!
//! A stream in, one line at a time out, with its line end. A line longer than the buffer comes
//! in pieces, so that hostile input costs no memory.

use std::io::{self, Read};
use std::ops::Range;

use crate::error::Problem;

/// The longest piece of a line, in bytes.
const BUFFER: usize = 64 << 10;

/// Lines of a stream.
pub(super) struct Lines<'a> {
    source: &'a mut dyn Read,
    buffer: Vec<u8>,
    /// What is read and not yet taken.
    ready: Range<usize>,
    /// The piece that `peek` has found.
    piece: Option<usize>,
    /// Does that piece begin a line?
    begins: bool,
    ended: bool,
    /// Why the stream ended before its end.
    pub(super) failed: Option<Problem>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(source: &'a mut dyn Read) -> Lines<'a> {
        Lines { source, buffer: vec![0; BUFFER], ready: 0..0, piece: None, begins: true, ended: false, failed: None }
    }

    /// The next piece and whether it begins a line; `None` at the end of the stream.
    pub(super) fn peek(&mut self) -> Option<(&[u8], bool)> {
        let length = match self.piece {
            Some(length) => length,
            None => self.find()?,
        };
        self.piece = Some(length);
        Some((&self.buffer[self.ready.start..self.ready.start + length], self.begins))
    }

    /// Takes the piece that was peeked at.
    pub(super) fn take(&mut self) -> &[u8] {
        let length = self.piece.take().unwrap_or_default();
        let start = self.ready.start;
        self.ready.start += length;
        let piece = &self.buffer[start..start + length];
        self.begins = piece.ends_with(b"\n");
        piece
    }

    /// The length of the next piece.
    fn find(&mut self) -> Option<usize> {
        let mut searched = 0;
        loop {
            let ready = &self.buffer[self.ready.clone()];
            if let Some(i) = memchr::memchr(b'\n', &ready[searched..]) {
                return Some(searched + i + 1);
            }
            searched = ready.len();
            if searched == BUFFER || self.ended {
                return (searched > 0).then_some(searched);
            }
            self.fill();
        }
    }

    fn fill(&mut self) {
        self.buffer.copy_within(self.ready.clone(), 0);
        self.ready = 0..self.ready.len();
        match self.source.read(&mut self.buffer[self.ready.end..]) {
            Ok(0) => self.ended = true,
            Ok(n) => self.ready.end += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                self.failed = Some(Problem::from_io(&e));
                self.ended = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_length_come_out_whole_or_in_pieces() {
        let long = vec![b'x'; BUFFER * 2 + 5];
        let text = [b"one\r\n\ntwo\n", &long[..], b"\nend"].concat();
        let mut source = text.as_slice();
        let mut lines = Lines::new(&mut source);
        let mut pieces = Vec::new();
        while let Some((piece, begins)) = lines.peek() {
            let seen = (piece.to_vec(), begins);
            assert_eq!(lines.take(), seen.0);
            pieces.push(seen);
        }
        assert_eq!(pieces.iter().map(|(piece, _)| &piece[..]).collect::<Vec<_>>().concat(), text);
        let begins: Vec<bool> = pieces.iter().map(|(_, begins)| *begins).collect();
        assert_eq!(begins, [true, true, true, true, false, false, true]);
    }
}
