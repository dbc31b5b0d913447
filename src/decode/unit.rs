//! One encoded character: how long it is in the text and which bytes it stands for.

/// An escape, percent-encoded byte or character reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// Bytes of text that it takes.
    pub(super) len: usize,
    decoded: [u8; 4],
    count: u8,
}

impl Unit {
    /// `len` bytes of text that stand for one byte.
    pub(super) fn byte(len: usize, byte: u8) -> Unit {
        Unit { len, decoded: [byte, 0, 0, 0], count: 1 }
    }

    /// `len` bytes of text that stand for one character.
    pub(super) fn char(len: usize, c: char) -> Unit {
        let mut decoded = [0; 4];
        let count = c.encode_utf8(&mut decoded).len() as u8;
        Unit { len, decoded, count }
    }

    /// What it stands for.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.decoded[..self.count as usize]
    }

    /// A control character other than white space?
    pub(super) fn is_control(&self) -> bool {
        self.count == 1 && self.decoded[0] < 0x20 && !self.decoded[0].is_ascii_whitespace()
    }
}
