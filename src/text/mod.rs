//! Bytes → text: encoding, then width folding, with the way back to the original bytes.
//!
//! A window of raw bytes in, normalised text and an [`OffsetMap`] out. The text is the original
//! but for its encoding and for how wide, how split and how hidden its characters are: digits
//! and letters are ASCII, kana are full width, spaces are spaces, a dash between digits is `-`,
//! and what is invisible is gone. Bytes of no encoding stay as they are. Knows no detectors and
//! no files.

mod binary;
mod boundary;
mod detect;
mod encoding;
mod fold;
mod hyphen;
mod jis;
mod map;
mod multibyte;
mod ordinary;
mod pieces;
mod score;
mod table;
mod utf8;
mod wide;
mod write;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use encoding::Encoding;
pub use map::OffsetMap;

use detect::Main;
use jis::Set;
use pieces::Pieces;
use write::Writer;

/// Normalised text of one window.
#[derive(Debug)]
pub struct Text<'a> {
    /// Normalised bytes: UTF-8 wherever the original was text.
    pub bytes: &'a [u8],
    /// From offsets in `bytes` to offsets in the window.
    pub map: &'a OffsetMap,
    /// What the window was read as; of several encodings, the first.
    pub encoding: Encoding,
    segments: &'a [(usize, Encoding)],
}

impl Text<'_> {
    /// The part of the text that was made of a part of the window.
    pub fn span_of(&self, raw: &Range<usize>) -> Range<usize> {
        let length = self.bytes.len();
        self.map.find(raw.start, length)..self.map.find(raw.end, length)
    }

    /// The encoding that the text at an offset was read in: that of its line, where the input
    /// mixes encodings.
    pub fn encoding_at(&self, out: usize) -> Encoding {
        let after = self.segments.partition_point(|(start, _)| *start <= out);
        after.checked_sub(1).map_or(self.encoding, |i| self.segments[i].1)
    }
}

/// Reads the windows of one input after another; keeps buffers between inputs and, within one
/// input, what it learned of its encoding. One a thread.
#[derive(Debug, Default)]
pub struct Reader {
    main: Option<Main>,
    out: Vec<u8>,
    map: OffsetMap,
    segments: Vec<(usize, Encoding)>,
    states: Vec<(u64, Set)>,
    /// Length of the last window's text in `out`; `None` if it is the window itself.
    length: Option<usize>,
}

impl Reader {
    /// Begins a new input, which starts with `head`.
    pub fn begin(&mut self, head: &[u8]) {
        self.states.clear();
        self.main = detect::begin(head);
    }

    /// Begins a new input that somebody (a mail header) says is in `encoding`. Lines that
    /// plainly are not are read as what they are.
    pub fn begin_as(&mut self, encoding: Encoding) {
        self.states.clear();
        self.main = match encoding {
            Encoding::Ascii | Encoding::Binary => None,
            _ => Some(Main::declared(encoding)),
        };
    }

    /// Goes on in the input that `before` has read, behind its last window.
    pub fn follow(&mut self, before: &Reader) {
        self.main = before.main;
        self.states.clone_from(&before.states);
    }

    /// The normalised text of a window of raw bytes that stands at offset `at` of the input.
    /// Windows overlap; each must begin where [`Reader::boundary`] said.
    pub fn read<'a>(&'a mut self, raw: &'a [u8], at: u64) -> Text<'a> {
        if at == 0
            && let Some(main) = detect::byte_order_mark(raw)
        {
            self.main = Some(main);
        }
        let set = self.state(at);
        self.states.clear();
        self.states.push((at, set));
        self.segments.clear();
        let writer = Writer::new(raw, &mut self.out, &mut self.map);
        self.length = match self.main.map(|main| main.encoding) {
            Some(encoding) if encoding.unit() > 1 => {
                let mut pieces = Pieces::new(writer, &mut self.main, &mut self.segments, &mut self.states);
                pieces.wide(encoding);
                pieces.finish()
            }
            main => {
                let plain = set == Set::Ascii && memchr::memchr2(0, 0x1B, raw).is_none();
                if plain && raw.is_ascii() {
                    self.segments.push((0, main.unwrap_or(Encoding::Ascii)));
                    None
                } else {
                    let mut pieces = Pieces::new(writer, &mut self.main, &mut self.segments, &mut self.states);
                    if plain && pieces.is_utf8(raw) {
                        pieces.plain(0..raw.len());
                    } else {
                        pieces.bytes(0..raw.len());
                    }
                    pieces.finish()
                }
            }
        };
        self.text(raw)
    }

    /// The text of the window that was read last, which was `raw`.
    pub fn text<'a>(&'a self, raw: &'a [u8]) -> Text<'a> {
        let bytes = self.length.map_or(raw, |length| &self.out[..length]);
        let encoding = self.segments.first().map_or(Encoding::Ascii, |(_, encoding)| *encoding);
        Text { bytes, map: &self.map, encoding, segments: &self.segments }
    }

    /// The last offset in `raw`, which stands at offset `at` of the input, at or before `want`
    /// at which a window of this input may begin: never within a character, where possible at
    /// a line's start. Looks back 4 KiB for that.
    pub fn boundary(&self, raw: &[u8], at: u64, want: usize) -> usize {
        boundary::boundary(raw, want, self.main.map(|main| main.encoding), self.state(at))
    }

    /// The state of ISO-2022-JP at an offset of the input.
    fn state(&self, at: u64) -> Set {
        let after = self.states.partition_point(|(from, _)| *from <= at);
        after.checked_sub(1).map_or(Set::Ascii, |i| self.states[i].1)
    }
}
