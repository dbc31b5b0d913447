//! A window, piece by piece: what each block and line is, and the decoder for it.
//!
//! Blocks of a few KiB that end with a line are told apart first (no text at all, UTF-8), then
//! lines where a block is neither. Writes through a [`Writer`]; keeps no buffers.

use std::ops::Range;

use super::Encoding;
use super::boundary::char_boundary;
use super::detect::{self, Main};
use super::jis::{self, Set};
use super::write::Writer;
use super::{binary, multibyte, utf8, wide};

/// Bytes that are judged together; also the longest line that is.
const BLOCK: usize = 4096;

/// The reading of one window.
pub(super) struct Pieces<'r, 'a> {
    writer: Writer<'a>,
    /// What the input is in; learned here if it was not known.
    main: &'r mut Option<Main>,
    /// From which offset in the text on which encoding was read.
    segments: &'r mut Vec<(usize, Encoding)>,
    /// From which offset in the input on which state of ISO-2022-JP holds; the first is that of
    /// the window's beginning.
    states: &'r mut Vec<(u64, Set)>,
    set: Set,
    /// Offset of the window in the input.
    at: u64,
}

impl<'r, 'a> Pieces<'r, 'a> {
    pub(super) fn new(
        writer: Writer<'a>,
        main: &'r mut Option<Main>,
        segments: &'r mut Vec<(usize, Encoding)>,
        states: &'r mut Vec<(u64, Set)>,
    ) -> Pieces<'r, 'a> {
        let (at, set) = states.first().copied().unwrap_or_default();
        Pieces { writer, main, segments, states, set, at }
    }

    /// Ends; see [`Writer::finish`].
    pub(super) fn finish(self) -> Option<usize> {
        self.writer.finish()
    }

    /// All of the window, in an encoding of units of several bytes.
    pub(super) fn wide(&mut self, encoding: Encoding) {
        let raw = self.writer.raw();
        let mut at = 0;
        while at < raw.len() {
            let end = wide::line_end(encoding, raw, at, BLOCK);
            if detect::is_wide(encoding, &raw[at..end]) {
                self.segment(encoding);
                wide::decode(encoding, at..end, &mut self.writer);
            } else {
                let main = self.main.take();
                self.bytes(at..end);
                *self.main = main;
            }
            at = end;
        }
    }

    /// A piece of the window in any of the other encodings.
    pub(super) fn bytes(&mut self, piece: Range<usize>) {
        let raw = &self.writer.raw()[..piece.end];
        let mut at = piece.start;
        while at < raw.len() {
            at = if self.set == Set::Ascii {
                self.block(at..self.block_end(raw, at), raw.len())
            } else {
                self.japanese(at, raw.len())
            };
        }
    }

    /// A block. Its last line or string may end behind it; returns where.
    fn block(&mut self, block: Range<usize>, most: usize) -> usize {
        let raw = self.writer.raw();
        if memchr::memchr(0, &raw[block.clone()]).is_none() {
            return self.narrow(block, most);
        }
        let mut at = block.start;
        while let Some(string) = binary::utf16(&raw[..most], at..block.end) {
            if at < string.start {
                self.narrow(at..string.start, string.start);
            }
            self.segment(Encoding::Utf16Le);
            wide::decode(Encoding::Utf16Le, string.clone(), &mut self.writer);
            at = string.end;
        }
        if at < block.end { self.narrow(at..block.end, most) } else { at }
    }

    /// A block without UTF-16. Returns the end, as [`Pieces::block`].
    fn narrow(&mut self, block: Range<usize>, most: usize) -> usize {
        let raw = &self.writer.raw()[block.clone()];
        if detect::is_binary(raw) {
            self.segment(Encoding::Binary);
            utf8::fold_binary(block.clone(), &mut self.writer);
            block.end
        } else if raw.is_ascii() || self.is_utf8(raw) {
            self.utf8(block, most)
        } else {
            self.lines(block, most)
        }
    }

    /// The end of a block: of its last line if it holds one, else of a character.
    fn block_end(&self, raw: &[u8], at: usize) -> usize {
        let want = at + BLOCK;
        if want >= raw.len() {
            return raw.len();
        }
        if let Some(newline) = memchr::memrchr(b'\n', &raw[at..want]) {
            return at + newline + 1;
        }
        let end = match raw[at..want].iter().rposition(|&b| b < 0x40) {
            Some(last) => at + last + 1,
            None => at + char_boundary(&raw[at..], BLOCK, self.main.map(|main| main.encoding)),
        };
        if end > at { end } else { want }
    }

    /// Is a piece that is not ASCII UTF-8 beyond doubt? Where the input is in another encoding,
    /// or the characters are too few to tell, its lines are compared.
    pub(super) fn is_utf8(&mut self, piece: &[u8]) -> bool {
        if self.main.is_some_and(|main| main.encoding != Encoding::Utf8) {
            return false;
        }
        // Many times as fast as the standard library, where the processor can.
        if encoding_rs::Encoding::utf8_valid_up_to(piece) < piece.len() {
            return false;
        }
        if self.main.is_none() && detect::is_telling(piece) {
            *self.main = Some(Main::UTF_8);
        }
        self.learn(piece) == Some(Encoding::Utf8)
    }

    /// The encoding of the input, learned from `raw` if it is not known.
    fn learn(&mut self, raw: &[u8]) -> Option<Encoding> {
        if self.main.is_none() {
            *self.main = detect::learn(raw);
        }
        self.main.map(|main| main.encoding)
    }

    /// A piece that is UTF-8 or ASCII, but for lines of ISO-2022-JP, which look like ASCII.
    /// Such a line may end behind the piece; returns where.
    fn utf8(&mut self, piece: Range<usize>, most: usize) -> usize {
        let raw = self.writer.raw();
        let (mut from, mut at) = (piece.start, piece.start);
        while let Some(escape) = memchr::memchr(0x1B, &raw[at..piece.end]) {
            let escape = at + escape;
            let start = memchr::memrchr(b'\n', &raw[at..escape]).map_or(at, |newline| at + newline + 1);
            at = memchr::memchr(b'\n', &raw[escape..piece.end]).map_or(piece.end, |newline| escape + newline + 1);
            // A sequence may be cut by the end of the piece.
            let end = if raw[at - 1] == b'\n' { at } else { most.min(at + jis::LONGEST) };
            if jis::is_japanese(&raw[start..end]) {
                self.plain(from..start);
                at = self.japanese(start, most);
                if at >= piece.end {
                    return at;
                }
                from = at;
            }
        }
        self.plain(from..piece.end);
        piece.end
    }

    /// A piece of UTF-8 or ASCII.
    pub(super) fn plain(&mut self, piece: Range<usize>) {
        let raw = &self.writer.raw()[piece.clone()];
        if raw.is_ascii() {
            self.segment(self.main.map_or(Encoding::Ascii, |main| main.encoding));
            self.writer.keep(piece);
        } else {
            self.segment(Encoding::Utf8);
            utf8::fold(piece, &mut self.writer);
        }
    }

    /// A line of ISO-2022-JP and those that it goes on in. Returns the end.
    fn japanese(&mut self, at: usize, most: usize) -> usize {
        self.learn(&self.writer.raw()[at..most]);
        self.segment(Encoding::Iso2022Jp);
        let (states, base) = (&mut *self.states, self.at);
        let (end, set) =
            jis::decode(at..most, self.set, &mut self.writer, |at, set| states.push((base + at as u64, set)));
        self.set = set;
        end
    }

    /// Lines in different encodings. Returns the end.
    fn lines(&mut self, piece: Range<usize>, most: usize) -> usize {
        let raw = self.writer.raw();
        self.learn(&raw[piece.start..most]);
        let mut at = piece.start;
        while at < piece.end {
            let end = memchr::memchr(b'\n', &raw[at..piece.end]).map_or(piece.end, |newline| at + newline + 1);
            let line = &raw[at..end];
            if line.is_ascii() || jis::is_japanese(line) {
                at = self.utf8(at..end, most);
                continue;
            }
            let encoding = detect::line(line, *self.main);
            self.segment(encoding);
            match encoding {
                Encoding::ShiftJis => multibyte::shift_jis(at..end, &mut self.writer),
                Encoding::EucJp => multibyte::euc_jp(at..end, &mut self.writer),
                Encoding::Windows1252 => multibyte::windows_1252(at..end, &mut self.writer),
                _ => utf8::fold(at..end, &mut self.writer),
            }
            at = end;
        }
        at
    }

    /// From here on, the text was read in this encoding.
    fn segment(&mut self, encoding: Encoding) {
        if self.segments.last().is_none_or(|(_, last)| *last != encoding) {
            self.segments.push((self.writer.len(), encoding));
        }
    }
}
