//! A finding's identity across runs, without giving its value away.
//!
//! A value that cannot be guessed (a random key of 64 bits or more) is hashed under the user's
//! key, so that the same credential is recognised wherever it turns up. A value with few
//! possibilities (a phone, a national id, a human's password) would be found by trying them all
//! once key and report are stolen together; for it only 16 bits are kept, bound to path and
//! detector: enough to tell "same as last time", not enough to tell which.

use std::fmt;
use std::path::Path;

/// The secret under which fingerprints are made.
#[derive(Clone, Copy)]
pub struct Key([u8; 32]);

impl Key {
    /// A key from its 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// Tells equal values of a detector apart from others within a run. Not for keeping.
    pub fn identity(&self, detector: &str, value: &[u8]) -> u64 {
        let hash = self.hash(&[b"identity", detector.as_bytes(), value]);
        u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap_or_default())
    }

    /// The key's name: tells keys apart and says nothing about them.
    pub fn id(&self) -> String {
        self.hash(&[b"id"]).to_hex()[..16].to_owned()
    }

    /// A hasher of content under this key.
    pub fn hasher(&self) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"content");
        hasher
    }

    fn hash(&self, parts: &[&[u8]]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            // Length first, so that ("ab", "c") and ("a", "bc") differ.
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a value found by a detector in a file.
    pub fn of(key: &Key, detector: &str, path: &Path, value: &str, guessable: bool) -> Fingerprint {
        let detector = detector.as_bytes();
        if guessable {
            let path = path.as_os_str().as_encoded_bytes();
            let place = key.hash(&[b"place", detector, path]);
            let tag = key.hash(&[b"tag", detector, path, value.as_bytes()]);
            Fingerprint(format!("p{}-{}", &place.to_hex()[..20], &tag.to_hex()[..4]))
        } else {
            Fingerprint(format!("v{}", &key.hash(&[b"value", detector, value.as_bytes()]).to_hex()[..40]))
        }
    }

    /// Is it a full hash, because the value cannot be guessed?
    pub fn is_full(&self) -> bool {
        self.0.starts_with('v')
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Could someone find this value by trying? True below 2⁶⁴ possibilities, estimated by length
/// and by how often each character is used.
pub fn is_guessable(value: &str) -> bool {
    let mut counts = [0u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = value.len() as f64;
    let bits: f64 = counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) * (length / f64::from(n)).log2()).sum();
    bits < 64.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str, path: &str, guessable: bool) -> Fingerprint {
        Fingerprint::of(&Key::new([7; 32]), "credential/x", Path::new(path), value, guessable)
    }

    #[test]
    fn a_random_key_is_the_same_everywhere() {
        assert_eq!(of("k3y", "/a", false), of("k3y", "/b", false));
        assert_ne!(of("k3y", "/a", false), of("k4y", "/a", false));
    }

    #[test]
    fn a_guessable_value_keeps_sixteen_bits_bound_to_its_place() {
        assert_ne!(of("0312345678", "/a", true), of("0312345678", "/b", true));
        let text = of("0312345678", "/a", true);
        assert_eq!(text.as_str().rsplit('-').next().map(str::len), Some(4));
    }

    #[test]
    fn digits_and_words_are_guessable_and_random_keys_are_not() {
        assert!(is_guessable("123456789018"));
        assert!(is_guessable("correct horse"));
        assert!(!is_guessable("tyQ81dOOKHBWV1qUA9amhU718W9BL7"));
    }
}
