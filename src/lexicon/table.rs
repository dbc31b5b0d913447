//! Sets of short words as hash tables that lie ready in the binary: nothing is built at start.
//!
//! Shared with `build.rs`, which writes them, so it uses nothing of the crate. A slot is eight
//! bytes, little-endian: a key of 60 bits and a value of four; an empty slot is zero. A key is
//! the word itself wherever it fits (so that membership is exact), else a hash of it.

/// Kanji of a name that are one key.
pub const LONGEST_NAME: usize = 4;
/// Kana of a reading that are one key.
pub const LONGEST_READING: usize = 8;
/// Letters of a romanised name that are one key.
pub const LONGEST_ROMAJI: usize = 12;

/// The bytes of a table, as `build.rs` wrote them.
#[derive(Debug, Clone, Copy)]
pub struct Table(pub &'static [u8]);

impl Table {
    /// The value (1–15) of a key, 0 if it is not there.
    pub fn get(self, key: u64) -> u8 {
        let slots = self.0.len() / 8;
        if key == 0 || slots == 0 {
            return 0;
        }
        let mut at = slot(key, slots);
        // A table is never full, so an empty slot ends every search.
        for _ in 0..slots {
            let Some(bytes) = self.0.get(at * 8..at * 8 + 8) else { return 0 };
            let word = bytes.iter().rev().fold(0u64, |word, &byte| word << 8 | u64::from(byte));
            if word == 0 {
                return 0;
            }
            if word >> 4 == key {
                return (word & 15) as u8;
            }
            at = (at + 1) % slots;
        }
        0
    }
}

/// A table of these keys and values; of a key that comes twice the values are joined by `or`.
#[allow(dead_code, reason = "the build script's half")]
pub fn build(entries: impl IntoIterator<Item = (u64, u8)>) -> Vec<u8> {
    let mut all = std::collections::BTreeMap::<u64, u8>::new();
    for (key, value) in entries {
        *all.entry(key).or_default() |= value & 15;
    }
    let slots = (all.len() * 3 / 2).next_power_of_two().max(8);
    let mut table = vec![0u64; slots];
    for (key, value) in all {
        let mut at = slot(key, slots);
        while table[at] != 0 {
            at = (at + 1) % slots;
        }
        table[at] = key << 4 | u64::from(value);
    }
    table.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn slot(key: u64, slots: usize) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24) as usize % slots
}

/// The key of a word of up to [`LONGEST_NAME`] kanji or kana (U+3001 to U+AFFF); 0 for others.
pub fn name(chars: &[u16]) -> u64 {
    if chars.is_empty() || chars.len() > LONGEST_NAME || !chars.iter().all(|c| (0x3001..0xB000).contains(c)) {
        return 0;
    }
    chars.iter().fold(0, |key, &c| key << 15 | u64::from(c - 0x3000))
}

/// The key of a reading of up to [`LONGEST_READING`] kana, katakana as hiragana; 0 for others.
pub fn reading(kana: &[u16]) -> u64 {
    if kana.is_empty() || kana.len() > LONGEST_READING {
        return 0;
    }
    kana.iter().try_fold(0u64, |key, &c| Some(key << 7 | u64::from(hiragana(c)?))).unwrap_or(0)
}

/// The number (1–87) of a kana, the same for hiragana and katakana.
fn hiragana(c: u16) -> Option<u16> {
    match c {
        0x3041..=0x3096 => Some(c - 0x3040),
        0x30A1..=0x30F6 => Some(c - 0x30A0),
        0x30FC => Some(87),
        _ => None,
    }
}

/// The key of a romanised name of up to [`LONGEST_ROMAJI`] lower-case letters; 0 for others.
pub fn romaji(letters: &[u8]) -> u64 {
    if letters.is_empty() || letters.len() > LONGEST_ROMAJI || !letters.iter().all(u8::is_ascii_lowercase) {
        return 0;
    }
    letters.iter().fold(0, |key, &c| key << 5 | u64::from(c - b'a' + 1))
}

/// The key of a word of any length: a hash (FNV-1a) of its characters.
pub fn word(chars: &[u16]) -> u64 {
    let hash =
        chars.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, &c| (hash ^ u64::from(c)).wrapping_mul(0x100_0000_01b3));
    (hash >> 4).max(1)
}

/// The key of two keys together.
pub fn pair(a: u64, b: u64) -> u64 {
    let hash = (a.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ b).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    ((hash ^ (hash >> 33)) & ((1 << 60) - 1)).max(1)
}
