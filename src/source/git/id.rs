//! The id of an object: SHA-1 or SHA-256, as the repository has it.

use std::fmt;

/// An object's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id {
    bytes: [u8; 32],
    length: u8,
}

impl Id {
    /// From its bytes: 20 or 32.
    pub fn new(bytes: &[u8]) -> Option<Id> {
        let mut id = Id { bytes: [0; 32], length: bytes.len() as u8 };
        if !matches!(bytes.len(), 20 | 32) {
            return None;
        }
        id.bytes[..bytes.len()].copy_from_slice(bytes);
        Some(id)
    }

    /// From hexadecimal digits: 40 or 64.
    pub fn from_hex(text: &str) -> Option<Id> {
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if !matches!(digits.len(), 40 | 64) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |d: u8| char::from(d).to_digit(16);
            *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
        }
        Id::new(&bytes[..digits.len() / 2])
    }

    /// All zeros: stands for "no such object".
    pub fn is_nothing(&self) -> bool {
        self.bytes == [0; 32]
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes[..usize::from(self.length)].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_there_and_back() {
        for text in ["d63790d4fe4159ea11d97bf658f05f92ec22c0cb", &"0a".repeat(32)] {
            assert_eq!(Id::from_hex(text).expect("an id").to_string(), text);
        }
        assert_eq!(["", "d6", &"z".repeat(40), &"あ".repeat(40)].map(Id::from_hex), [None; 4]);
        assert!(Id::new(&[0; 20]).expect("an id").is_nothing());
    }
}
