//! Encoded text inside text → derived chunks (base64, hex, percent, escapes, entities, …).
//!
//! Normalised text of a window in, decoded byte strings with their maps out. Does not recurse:
//! the scan loop sends what comes out through the same loop again.

use crate::text::OffsetMap;

/// Bytes that were encoded inside text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The decoder's name, as it stands in `inside`.
    pub by: &'static str,
    /// Offset in the surrounding text of the first encoded character.
    pub at: usize,
    /// The decoded bytes: text of any encoding, or a container.
    pub bytes: Vec<u8>,
    /// From offsets in `bytes` to offsets in the surrounding text.
    pub map: OffsetMap,
}

/// Finds encoded text in one input's windows. Keeps what must be carried from window to window
/// (a base64 body without an end). One an input.
#[derive(Debug, Default)]
pub struct Decoder {}

impl Decoder {
    /// Every encoded part of `text` that begins or continues in it. `at` is the offset of
    /// `text[0]` in the input, in bytes of the text.
    pub fn decode(&mut self, _text: &[u8], _at: u64) -> Vec<Derived> {
        Vec::new()
    }
}
