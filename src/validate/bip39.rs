//! Seed phrases of wallets: 12 to 24 words of a list, with a checksum in the last.
//!
//! Words with anything between them in, whether they are a phrase out. English list only.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::Outcome::{self, Doubts, Proves, Rejects};
use super::Value;

/// The 2,048 words of BIP-39 in order, which is alphabetical.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("data/bip39_english.txt").lines().collect());

/// Bits that a word stands for.
const BITS: usize = 11;

/// `bip39`: 12, 15, 18, 21 or 24 words of the list, the last bits of which are the first of the
/// SHA-256 of the others. Of 12 random words of the list one in 16 passes, of 24 one in 256.
pub(super) fn bip39(value: &Value<'_>) -> Outcome {
    let mut phrase = [0u16; 24];
    let mut count = 0;
    // Between words may stand spaces, line breaks, commas and the numbers of a list.
    for word in value.text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let lower = word.to_ascii_lowercase();
        let (Ok(index), Some(to)) = (WORDS.binary_search(&lower.as_str()), phrase.get_mut(count)) else {
            return Rejects;
        };
        *to = index as u16;
        count += 1;
    }
    if count < 12 || count % 3 != 0 {
        return Rejects;
    }
    let phrase = &phrase[..count];
    if is_sample(phrase) {
        return Doubts("example-value");
    }
    // A third of a bit a word is checksum, so that the bits before it are whole bytes.
    let mut bytes = [0u8; 24 * BITS / 8];
    for bit in 0..count * BITS {
        let is_set = phrase[bit / BITS] >> (BITS - 1 - bit % BITS) & 1;
        bytes[bit / 8] |= (is_set as u8) << (7 - bit % 8);
    }
    let (check_bits, entropy) = (count / 3, count * BITS / 33 * 4);
    let mask = 0xFF << (8 - check_bits);
    let is_right = (Sha256::digest(&bytes[..entropy])[0] ^ bytes[entropy]) & mask == 0;
    if is_right { Proves("checksum") } else { Doubts("checksum-wrong") }
}

/// Phrases of documentation and test wallets repeat themselves: `abandon … about`, `test … junk`,
/// the vectors of BIP-39.
fn is_sample(phrase: &[u16]) -> bool {
    let repeats = phrase.iter().enumerate().filter(|&(i, word)| phrase[..i].contains(word)).count();
    repeats * 4 >= phrase.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> Outcome {
        bip39(&Value::bare(text))
    }

    /// The phrase of an entropy, by text arithmetic.
    fn phrase(entropy: &[u8]) -> String {
        let mut bits: String = entropy.iter().map(|b| format!("{b:08b}")).collect();
        let checksum = format!("{:08b}", Sha256::digest(entropy)[0]);
        bits.push_str(&checksum[..entropy.len() / 4]);
        let words = bits.as_bytes().chunks(11);
        let words = words.map(|w| WORDS[usize::from_str_radix(str::from_utf8(w).unwrap(), 2).unwrap()]);
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_list_is_the_list() {
        assert_eq!(WORDS.len(), 2048);
        assert!(WORDS.is_sorted());
        let digest = Sha256::digest(include_str!("data/bip39_english.txt"));
        assert_eq!(digest[..4], [0x2f, 0x5e, 0xed, 0x53]);
    }

    #[test]
    fn phrases_of_every_length() {
        for length in [16, 20, 24, 28, 32] {
            let entropy: Vec<u8> = (0..length).map(|i| (i * 73 + 41) as u8).collect();
            let good = phrase(&entropy);
            assert_eq!(outcome(&good), Proves("checksum"), "{good}");
            assert_eq!(outcome(&good.replace(' ', ", ").to_uppercase()), Proves("checksum"));
            let (head, last) = good.rsplit_once(' ').unwrap();
            let next = WORDS[(WORDS.binary_search(&last).unwrap() + 1) % 2048];
            assert_eq!(outcome(&format!("{head} {next}")), Doubts("checksum-wrong"));
        }
        // Worked by a script that shares no code with this one.
        let worked = "peanut float front guard chest silver leave cook renew dignity void afford";
        assert_eq!(outcome(worked), Proves("checksum"));
        let list: String = worked.split(' ').enumerate().map(|(i, w)| format!("{}. {w}\n", i + 1)).collect();
        assert_eq!(outcome(&list), Proves("checksum"));
    }

    #[test]
    fn samples() {
        let abandon = "abandon ".repeat(11) + "about";
        let vectors = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        for text in [&abandon, &("test ".repeat(11) + "junk"), vectors] {
            assert_eq!(outcome(text), Doubts("example-value"), "{text}");
        }
    }

    #[test]
    fn other_texts() {
        let words = ["", "abandon", "the quick brown fox jumps over the lazy dog and runs away", "あ い う"];
        for text in words.into_iter().chain(["zoo ".repeat(25).as_str(), "zoo ".repeat(13).as_str()]) {
            assert_eq!(outcome(text), Rejects, "{text}");
        }
    }
}
