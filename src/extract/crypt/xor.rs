//! XOR obfuscation of Excel 5 to 2003 (MS-OFFCRYPTO §2.3.7).

use super::first_that_fits;
use crate::error::Problem;
use crate::extract::Visit;

/// Bytes that are mixed with the data in turn.
#[derive(Debug)]
pub(in crate::extract) struct Obfuscation([u8; 16]);

/// Most bytes of a password.
const LONGEST: usize = 15;
/// §2.3.7.2: what fills the array up behind the password.
const PADDING: [u8; 15] = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00];

impl Obfuscation {
    /// Finds the password to a key and a verifier.
    pub(in crate::extract) fn open(key: u16, verifier: u16, visit: &mut dyn Visit) -> Result<Obfuscation, Problem> {
        first_that_fits("xls", visit, |password| {
            let bytes = encoding_rs::SHIFT_JIS.encode(password).0;
            let fits = bytes.len() <= LONGEST && hash(&bytes) == verifier;
            Ok(fits.then(|| Obfuscation::new(&bytes, key)))
        })
    }

    fn new(password: &[u8], key: u16) -> Obfuscation {
        let bytes = password.iter().chain(&PADDING);
        let key = key.to_le_bytes();
        let mut array = [0; 16];
        for ((slot, byte), key) in array.iter_mut().zip(bytes).zip(key.iter().cycle()) {
            *slot = (byte ^ key).rotate_left(2);
        }
        Obfuscation(array)
    }

    /// Decrypts a record's data, which begins at an offset of the stream (§2.3.7.3).
    pub(in crate::extract) fn decrypt(&self, data: &mut [u8], at: usize) {
        let begin = at + data.len();
        for (i, byte) in data.iter_mut().enumerate() {
            *byte = byte.rotate_left(3) ^ self.0[(begin + i) % 16];
        }
    }
}

/// The verifier of a password, §2.3.7.1.
fn hash(password: &[u8]) -> u16 {
    let mix = |hash: u16, byte: u8| (hash << 1 & 0x7FFF | hash >> 14 & 1) ^ u16::from(byte);
    let length = password.len() as u8;
    mix(password.iter().rev().fold(0, |hash, &byte| mix(hash, byte)), length) ^ 0xCE4B
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_of_the_documentation() {
        // Excel's sheet protection uses the same hash; `test` is a well-known value of it.
        assert_eq!((hash(b"test"), hash(b"VelvetSweatshop")), (0xCBEB, 0x9A0A));
    }
}
