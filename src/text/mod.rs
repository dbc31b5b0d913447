//! Bytes → text: encoding, then width folding, with the way back to the original bytes.
//!
//! A window of raw bytes in, normalised text and an [`OffsetMap`] out. Knows no detectors and
//! no files.

mod map;

pub use map::OffsetMap;

/// The encoding that a window was read in. The names are those of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Only bytes below 0x80.
    Ascii,
    /// Valid UTF-8, or bytes of no encoding in particular, scanned as they are.
    Utf8,
}

impl Encoding {
    /// The name shown in output, as in WHATWG's Encoding Standard where it has one.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Ascii => "ascii",
            Encoding::Utf8 => "utf-8",
        }
    }

    /// Characters in `raw`, which begins and ends at a character.
    pub fn count_chars(self, raw: &[u8]) -> u64 {
        raw.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u64
    }
}

/// Normalised text of one window.
#[derive(Debug)]
pub struct Text<'a> {
    /// Normalised bytes: UTF-8 wherever the original was text.
    pub bytes: &'a [u8],
    /// From offsets in `bytes` to offsets in the window.
    pub map: &'a OffsetMap,
    /// What the window was read as.
    pub encoding: Encoding,
}

impl Text<'_> {
    /// The encoding that the text at an offset was read in.
    pub fn encoding_at(&self, _out: usize) -> Encoding {
        self.encoding
    }
}

/// Reads the windows of one input after another; keeps buffers between inputs and, within one
/// input, what it learned of its encoding. One a thread.
#[derive(Debug, Default)]
pub struct Reader {
    map: OffsetMap,
}

impl Reader {
    /// Begins a new input, which starts with `head`.
    pub fn begin(&mut self, _head: &[u8]) {
        self.map.clear();
    }

    /// The normalised text of a window of raw bytes. Windows overlap; each must begin where
    /// [`Reader::boundary`] said.
    pub fn read<'a>(&'a mut self, raw: &'a [u8]) -> Text<'a> {
        let encoding = if raw.is_ascii() { Encoding::Ascii } else { Encoding::Utf8 };
        Text { bytes: raw, map: &self.map, encoding }
    }

    /// The last offset at or before `want` at which a window of this input may begin: never
    /// within a character, where possible at a line's start. Looks back 4 KiB at most.
    pub fn boundary(&self, raw: &[u8], want: usize) -> usize {
        let from = want.saturating_sub(4096);
        raw[from..want].iter().rposition(|&b| b == b'\n').map_or(want, |i| from + i + 1)
    }
}
