//! AES with a key of any of its lengths (FIPS 197), block by block or chained (NIST SP 800-38A).

use aes::cipher::{Block, BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};

/// Bytes of a block.
const BLOCK: usize = 16;

/// A key.
pub(in crate::extract) enum Aes {
    Aes128(Box<Aes128>),
    Aes192(Box<Aes192>),
    Aes256(Box<Aes256>),
}

impl Aes {
    /// `None` unless the key has 16, 24 or 32 bytes.
    pub(in crate::extract) fn new(key: &[u8]) -> Option<Aes> {
        Some(match key.len() {
            16 => Aes::Aes128(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Aes::Aes192(Box::new(Aes192::new_from_slice(key).ok()?)),
            32 => Aes::Aes256(Box::new(Aes256::new_from_slice(key).ok()?)),
            _ => return None,
        })
    }

    /// Decrypts whole blocks, each by itself; a rest that is no whole block stays as it is.
    pub(super) fn decrypt(&self, data: &mut [u8]) {
        for block in data.as_chunks_mut::<BLOCK>().0 {
            *block = self.block(*block);
        }
    }

    /// Decrypts whole blocks that are chained, beginning with `before`; a rest that is no whole
    /// block stays as it is. The last encrypted block is left in `before`.
    pub(in crate::extract) fn decrypt_chained(&self, before: &mut [u8; BLOCK], data: &mut [u8]) {
        for block in data.as_chunks_mut::<BLOCK>().0 {
            let encrypted = *block;
            *block = self.block(encrypted);
            block.iter_mut().zip(&*before).for_each(|(byte, mask)| *byte ^= mask);
            *before = encrypted;
        }
    }

    fn block(&self, block: [u8; BLOCK]) -> [u8; BLOCK] {
        let mut block: Block<Aes128> = block.into();
        match self {
            Aes::Aes128(aes) => aes.decrypt_block(&mut block),
            Aes::Aes192(aes) => aes.decrypt_block(&mut block),
            Aes::Aes256(aes) => aes.decrypt_block(&mut block),
        }
        block.into()
    }
}

/// The length without padding whose last byte says how long it is (W3C xmlenc §5.2); `None` if
/// it cannot be one.
pub(in crate::extract) fn unpad(data: &[u8]) -> Option<usize> {
    let padding = usize::from(*data.last()?);
    (1..=BLOCK).contains(&padding).then(|| data.len().checked_sub(padding))?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix C, and the first vector of NIST SP 800-38A, F.2.1.
    #[test]
    fn published_vectors() {
        let bytes = |from: u8| -> [u8; 32] { std::array::from_fn(|i| from + i as u8) };
        let plain: [u8; 16] = std::array::from_fn(|i| i as u8 * 0x11);
        for (length, first) in [(16, 0x69), (24, 0xdd), (32, 0x8e)] {
            let key = &bytes(0)[..length];
            let aes = Aes::new(key).expect("key");
            let mut block: Block<Aes128> = plain.into();
            use aes::cipher::BlockCipherEncrypt as _;
            match length {
                16 => Aes128::new_from_slice(key).expect("key").encrypt_block(&mut block),
                24 => Aes192::new_from_slice(key).expect("key").encrypt_block(&mut block),
                _ => Aes256::new_from_slice(key).expect("key").encrypt_block(&mut block),
            }
            assert_eq!(block[0], first);
            let mut data = [block.as_slice(), b"rest"].concat();
            aes.decrypt(&mut data);
            assert_eq!(data, [plain.as_slice(), b"rest"].concat());
        }
        assert!(Aes::new(b"short").is_none());
        assert_eq!((unpad(&[7, 7, 2, 2]), unpad(&[0]), unpad(&[17; 20]), unpad(&[])), (Some(2), None, None, None));
    }
}
