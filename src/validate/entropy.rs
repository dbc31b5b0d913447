//! Shannon entropy, against what truly random text of that length and alphabet has.
//!
//! A text in, whether it can be random out. A fixed floor cannot do this: half of all random
//! values of 32 base62 characters lie below 4.5 bits, `0123…ef` twice over has 4.0.

use super::Outcome::{self, Fits, Rejects};
use super::Value;

/// Lengths, in characters, for which [`FLOORS`] has columns.
const LENGTHS: [usize; 12] = [8, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 256];

/// Size of an alphabet, and for each of [`LENGTHS`] the entropy in hundredths of a bit that 999 of
/// 1,000 random texts have, less 0.05. From 20,000 random texts each (5,000 for the longest).
const FLOORS: [(usize, [u16; 12]); 8] = [
    (10, [124, 173, 205, 227, 243, 262, 273, 283, 293, 306, 312, 319]),
    (16, [149, 206, 242, 265, 281, 307, 323, 335, 349, 366, 372, 383]),
    (26, [170, 240, 273, 299, 318, 349, 367, 382, 400, 423, 434, 449]),
    (32, [185, 240, 282, 309, 332, 364, 386, 400, 423, 446, 459, 477]),
    (36, [185, 253, 290, 315, 338, 370, 393, 408, 431, 457, 472, 493]),
    (52, [210, 263, 307, 335, 360, 392, 420, 437, 463, 494, 512, 539]),
    (62, [210, 270, 315, 343, 363, 402, 426, 446, 476, 510, 528, 560]),
    (94, [220, 286, 327, 359, 383, 421, 448, 470, 502, 542, 565, 606]),
];

/// `entropy`: not below the floor of its length and alphabet. Texts of fewer than eight
/// characters say nothing and fit.
pub(super) fn entropy(value: &Value<'_>) -> Outcome {
    if is_random(value.text) { Fits } else { Rejects }
}

/// Whether the distribution of bytes is one that random text could have.
pub(super) fn is_random(text: &str) -> bool {
    text.len() < LENGTHS[0] || shannon(text) * 100.0 >= floor(alphabet(text), text.len())
}

/// Bits per byte by the frequencies in the text itself.
pub fn shannon(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().for_each(|b| counts[usize::from(b)] += 1);
    let length = text.len().max(1) as f64;
    let share = counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) / length);
    -share.map(|p| p * p.log2()).sum::<f64>()
}

/// The smallest usual alphabet that has every character of the text.
fn alphabet(text: &str) -> usize {
    let has = |class: fn(&u8) -> bool| text.bytes().any(|b| class(&b));
    let (digits, lower, upper) = (has(u8::is_ascii_digit), has(u8::is_ascii_lowercase), has(u8::is_ascii_uppercase));
    match (digits, lower, upper) {
        _ if text.bytes().any(|b| !b.is_ascii_alphanumeric()) => 94,
        (true, true, true) => 62,
        (_, true, true) => 52,
        (true, false, false) => 10,
        _ if text.bytes().all(|b| b.is_ascii_hexdigit()) => 16,
        // Base32 has no 0, 1, 8 and 9.
        (true, _, _) if !text.contains(['0', '1', '8', '9']) => 32,
        (true, _, _) => 36,
        _ => 26,
    }
}

/// The floor in hundredths of a bit, between the columns in proportion.
fn floor(alphabet: usize, length: usize) -> f64 {
    let Some((_, row)) = FLOORS.iter().find(|(size, _)| *size >= alphabet) else { return 0.0 };
    let right = LENGTHS.partition_point(|&l| l < length).clamp(1, LENGTHS.len() - 1);
    let (from, to) = (LENGTHS[right - 1] as f64, LENGTHS[right] as f64);
    let part = ((length as f64 - from) / (to - from)).clamp(0.0, 1.0);
    f64::from(row[right - 1]) + part * (f64::from(row[right]) - f64::from(row[right - 1]))
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    #[test]
    fn entropy_of_known_texts() {
        for (text, bits) in [("", 0.0), ("aaaa", 0.0), ("aabb", 1.0), ("abcd", 2.0), ("0123456789abcdef", 4.0)] {
            assert!((shannon(text) - bits).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn what_repeats_is_not_random() {
        for text in
            ["aaaaaaaaaaaa", "abababababababab", "00000000000000000001", "xxxxxxxx-xxxx-xxxx", "=-=-=-=-=-=-=-=-"]
        {
            assert_eq!(entropy(&Value::bare(text)), Rejects, "{text}");
        }
        for text in ["", "aaaa", "9f86d081884c7d659a2feaa0c55ad015"] {
            assert_eq!(entropy(&Value::bare(text)), Fits, "{text}");
        }
    }

    #[test]
    fn random_texts_of_every_alphabet_and_length_pass() {
        let mut random = specimen::Random::new();
        let printable = specimen::printable();
        for alphabet in
            [specimen::DIGITS, specimen::HEX, specimen::LOWER, specimen::BASE32, specimen::BASE62, &printable]
        {
            for length in [8, 10, 20, 30, 36, 40, 84, 128, 300] {
                let passed = (0..2000).filter(|_| is_random(&random.text(alphabet, length))).count();
                assert!(passed >= 1990, "{} x{length}: {passed} of 2000", alphabet.len());
            }
        }
    }
}
