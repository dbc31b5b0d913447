//! A file that nobody reads without its key, and nobody changes unnoticed.
//!
//! Bytes and a client's own key ↔ a file's content: a head that says what it is, then the bytes
//! under AES-256-GCM (NIST SP 800-38D), which covers the head too. A new nonce for every writing
//! comes from the caller. Knows nothing of what is inside.

use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};

use crate::error::SealFault;

/// How every sealed file begins.
const MAGIC: &[u8; 8] = b"sekisho\0";
/// The version of the format inside and out.
const VERSION: u16 = 1;
/// Bytes before what is sealed: magic, kind, version, key id, nonce.
pub(super) const HEAD: usize = 8 + 4 + 2 + 8 + NONCE;
/// Bytes of a nonce.
pub(super) const NONCE: usize = 12;

/// A client's own key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey([u8; 32]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// A key from its 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> SealKey {
        SealKey(bytes)
    }

    /// A key for another purpose, which says nothing about this one.
    pub(super) fn derive(&self, purpose: &str) -> [u8; 32] {
        *blake3::keyed_hash(&self.0, purpose.as_bytes()).as_bytes()
    }

    fn id(&self) -> [u8; 8] {
        let mut id = [0; 8];
        id.copy_from_slice(&self.derive("sekisho client key id")[..8]);
        id
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.derive("sekisho client seal").into())
    }
}

/// Seals bytes. Fails only beyond what the cipher can take (64 GiB).
pub(super) fn seal(key: &SealKey, kind: [u8; 4], nonce: [u8; NONCE], mut body: Vec<u8>) -> Result<Vec<u8>, SealFault> {
    let mut out = Vec::with_capacity(HEAD + body.len() + 16);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&kind);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&key.id());
    out.extend_from_slice(&nonce);
    let sealed = key.cipher().encrypt_in_place(&Nonce::from(nonce), &out, &mut body);
    sealed.map_err(|_| SealFault::TooMuch)?;
    out.append(&mut body);
    Ok(out)
}

/// Opens what was sealed.
pub(super) fn open(key: &SealKey, kind: [u8; 4], mut sealed: Vec<u8>) -> Result<Vec<u8>, SealFault> {
    let Some((head, _)) = sealed.split_at_checked(HEAD) else {
        return Err(if sealed.starts_with(MAGIC) { SealFault::Damaged } else { SealFault::Foreign });
    };
    let (magic, rest) = head.split_at(8);
    let (of, rest) = rest.split_at(4);
    let (version, rest) = rest.split_at(2);
    let (id, nonce) = rest.split_at(8);
    if magic != MAGIC || of != kind {
        return Err(SealFault::Foreign);
    }
    match u16::from_le_bytes([version[0], version[1]]) {
        VERSION => {}
        0 => return Err(SealFault::Damaged),
        version => return Err(SealFault::Newer { version, known: VERSION }),
    }
    if id != key.id() {
        return Err(SealFault::KeyOther);
    }
    let mut fixed = [0; NONCE];
    fixed.copy_from_slice(nonce);
    let head = head.to_vec();
    // In place: it may be a hundred megabytes.
    sealed.drain(..HEAD);
    let mut body = sealed;
    let opened = key.cipher().decrypt_in_place(&Nonce::from(fixed), &head, &mut body);
    opened.map_err(|_| SealFault::Damaged)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_its_key_alone() {
        let (key, other) = (SealKey::new([1; 32]), SealKey::new([2; 32]));
        let sealed = seal(&key, *b"docs", [3; NONCE], b"a client's letter".to_vec()).expect("small");
        assert!(!sealed.windows(6).any(|w| w == b"letter"));
        assert_eq!(open(&key, *b"docs", sealed.clone()).expect("whole"), b"a client's letter");
        assert_eq!(open(&other, *b"docs", sealed.clone()), Err(SealFault::KeyOther));
        assert_eq!(open(&key, *b"rows", sealed.clone()), Err(SealFault::Foreign));
        assert_eq!(
            open(&key, *b"docs", b"SQLite format 3\0 and so on and on and on".to_vec()),
            Err(SealFault::Foreign)
        );
        for length in 0..sealed.len() {
            assert!(open(&key, *b"docs", sealed[..length].to_vec()).is_err(), "cut at {length}");
        }
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(open(&key, *b"docs", bad).is_err(), "changed at {at}");
        }
        let mut newer = sealed;
        newer[12] = 9;
        assert_eq!(open(&key, *b"docs", newer), Err(SealFault::Newer { version: 9, known: VERSION }));
    }
}
