//! How rare bytes and literals are in files.
//!
//! Estimates by which literals are chosen; only speed depends on them, never what is found.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How rare a byte is, in bits (minus the binary logarithm of its share, rounded); letters of
/// both cases count as one, and digits as more than they are, because they come together.
/// Estimated for a mixture of English text, code, tables and Japanese.
pub(super) const fn rarity(byte: u8) -> u32 {
    match byte.to_ascii_lowercase() {
        0xE3..=0xE9 => 2,
        b' ' | b'e' => 3,
        b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | 0x80..=0xBF => 4,
        b'l' | b'd' | b'c' | b'u' | b'h' | b'm' | b'p' | b'\n' | b'0'..=b'9' => 5,
        b'f' | b'g' | b'b' | b'y' | b'w' | b'_' | b'-' | b'.' | b',' | b'/' | b'"' => 6,
        b'v' | b'k' | b'x' | b':' | b'=' | b'\'' | b'(' | b')' => 7,
        b'q' | b'j' | b'z' => 9,
        _ => 8,
    }
}

/// A share as a whole number: multiples of 2^-60 of all places of texts.
pub(super) const fn bits(bits: u32) -> u64 {
    1 << 60u32.saturating_sub(bits)
}

/// The share of texts' places at which a literal stands. Letters must be in lower case.
pub(super) fn share(literal: &[u8]) -> u64 {
    if literal.len() > 1 && literal.iter().all(|&b| b == literal[0]) {
        // Some files are filled with one byte.
        return bits(REPEATED);
    }
    let alone = bits(literal.iter().map(|&b| rarity(b)).sum());
    match literal.len() {
        0..3 => alone,
        3 => alone.max(COMMON.threes.get(literal).copied().unwrap_or(0)),
        // Not more often than any piece of it, and what is left makes it rarer still.
        _ => literal
            .windows(4)
            .map(|piece| {
                let rest: u32 = literal.iter().map(|&b| rarity(b)).sum::<u32>() - piece_rarity(piece);
                COMMON.fours.get(piece).map_or(alone, |share| (share >> (rest / 2).min(63)).max(alone))
            })
            .min()
            .unwrap_or(alone),
    }
}

/// How rare a byte repeated is, in bits.
const REPEATED: u32 = 8;

fn piece_rarity(piece: &[u8]) -> u32 {
    piece.iter().map(|&b| rarity(b)).sum()
}

/// The shares of common pieces, of four and three bytes.
struct Common {
    fours: HashMap<[u8; 4], u64>,
    threes: HashMap<[u8; 3], u64>,
}

static COMMON: LazyLock<Common> = LazyLock::new(|| {
    let mut common = Common { fours: HashMap::new(), threes: HashMap::new() };
    for line in include_str!("common.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let share = bits(words.next().and_then(|bits| bits.parse().ok()).unwrap_or(60));
        for word in words {
            let Ok([a, b, c, d]) = <[u8; 4]>::try_from(word.as_bytes()) else { continue };
            let spaced = |byte: u8| if byte == b'_' { b' ' } else { byte };
            let word = [spaced(a), b, c, spaced(d)];
            common.fours.insert(word, share);
            *common.threes.entry([word[0], word[1], word[2]]).or_default() += share;
        }
    }
    common
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_odd_literals_are_rare() {
        assert!(share(b"the") > share(b"key"));
        assert!(share(b"key") > share(b"ghp_"));
        assert!(share(b"this") > share(b"pass"));
        assert!(share(b"this ") > share(b"this document is"));
        assert!(share("は".as_bytes()) > share("神奈川県".as_bytes()));
        assert_eq!(share(b"hooks.slack.com"), 1);
    }

    #[test]
    fn the_table_is_read_whole() {
        assert!(COMMON.fours.len() > 600 && COMMON.fours.values().all(|&share| share > bits(14)));
    }
}
