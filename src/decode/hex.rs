//! Hexadecimal: plain runs, and the digits of other encodings.
//!
//! Characters in, bytes out.

use super::block::Code;
use super::run::{CLASS, HEX};

/// A byte in two digits.
pub(super) const CODE: Code =
    Code { name: "hex", classes: HEX, min: 2 * MIN_BYTES, group: 2, bytes: 1, bits: 4, value: digit, whole, head };

/// Fewer bytes than this are no text that anybody hid.
pub(super) const MIN_BYTES: usize = 16;

/// The value of each hexadecimal digit; above 15 for anything else.
static VALUES: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value] as usize] = value as u8;
        table[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    table
};

fn digit(b: u8) -> u8 {
    VALUES[b as usize] & 15
}

/// The byte that two hexadecimal digits at `at` stand for.
#[inline]
pub(super) fn pair(text: &[u8], at: usize) -> Option<u8> {
    let &[high, low] = text.get(at..at + 2)? else { return None };
    let (high, low) = (VALUES[high as usize], VALUES[low as usize]);
    ((high | low) < 16).then_some(high << 4 | low)
}

/// The number that the `1..=max` hexadecimal digits at `at` stand for, and how many they are.
pub(super) fn number(text: &[u8], at: usize, max: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    let count = rest.iter().take(max.min(8)).take_while(|&&b| CLASS[b as usize] & HEX != 0).count();
    let value = rest[..count].iter().fold(0, |value, &b| value << 4 | u32::from(digit(b)));
    (count > 0).then_some((value, count))
}

fn whole(text: &[u8], out: &mut Vec<u8>) {
    out.extend(text.chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])));
}

fn head(text: &[u8]) -> [u8; 12] {
    std::array::from_fn(|i| pair(text, 2 * i).unwrap_or_default())
}
