//! What the bytes of a text are, 64 at a time: one bit a byte for each class that shows encoded
//! text.
//!
//! The one place of `unsafe` in `decode`: AVX2 where the processor has it. The tests hold it to the
//! portable loop.
#![allow(unsafe_code)]

use super::run::CLASS;

/// Bytes in a block: one bit each in a mask.
pub(super) const BLOCK: usize = 64;
/// Blocks whose masks are made at a time.
pub(super) const BLOCKS: usize = 64;

/// The classes of a block's bytes; bit `i` stands for byte `i`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// Characters of runs: letters, digits, `+ / - _ =`.
    pub(super) run: u64,
    /// `%`, `&`, `\`.
    pub(super) sign: u64,
    /// `=`.
    pub(super) equals: u64,
    /// `+`.
    pub(super) plus: u64,
    /// `@`.
    pub(super) at: u64,
    /// `\n` and `\r`.
    pub(super) line_end: u64,
    /// Digits and `-`.
    pub(super) number: u64,
    /// Capital letters, digits and `=`: what of a run says more than that it is a name or path.
    pub(super) telling: u64,
}

/// Makes the masks of up to [`BLOCKS`] blocks from the beginning of `text`; behind its end stand
/// zeros. Returns how many.
pub(super) fn of(text: &[u8], masks: &mut [Masks; BLOCKS]) -> usize {
    let text = &text[..text.len().min(BLOCK * BLOCKS)];
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    fill(blocks, masks);
    if rest.is_empty() {
        return blocks.len();
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    if let Some(mask) = masks.get_mut(blocks.len()) {
        fill(&[block], std::slice::from_mut(mask));
    }
    blocks.len() + 1
}

fn fill(blocks: &[[u8; BLOCK]], masks: &mut [Masks]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2.
        return unsafe { avx2::fill(blocks, masks) };
    }
    portable(blocks, masks);
}

/// A bit for each mask, by byte.
static KINDS: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        table[b] = (CLASS[b] != 0) as u8
            | (matches!(byte, b'%' | b'&' | b'\\') as u8) << 1
            | ((byte == b'=') as u8) << 2
            | ((byte == b'+') as u8) << 3
            | ((byte == b'@') as u8) << 4
            | (matches!(byte, b'\n' | b'\r') as u8) << 5
            | (matches!(byte, b'0'..=b'9' | b'-') as u8) << 6
            | (matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'=') as u8) << 7;
        b += 1;
    }
    table
};

fn portable(blocks: &[[u8; BLOCK]], masks: &mut [Masks]) {
    for (block, masks) in blocks.iter().zip(masks) {
        let kinds = block.map(|b| KINDS[b as usize]);
        let (words, _) = kinds.as_chunks::<8>();
        // One bit of each of eight bytes, moved together by one multiplication.
        let bits = |kind: u32| {
            words.iter().rev().fold(0, |mask, word| {
                let ones = u64::from_le_bytes(*word) >> kind & 0x0101_0101_0101_0101;
                mask << 8 | ones.wrapping_mul(0x0102_0408_1020_4080) >> 56
            })
        };
        *masks = Masks {
            run: bits(0),
            sign: bits(1),
            equals: bits(2),
            plus: bits(3),
            at: bits(4),
            line_end: bits(5),
            number: bits(6),
            telling: bits(7),
        };
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{BLOCK, Masks};

    const DIGITS: u8 = 1;
    const LETTERS: u8 = 0x06;
    const EQUALS: u8 = 1 << 5;
    /// All that a run is made of: digits, two halves of the alphabet, `+ - /`, `_`, `=`.
    const RUN: u8 = 0x3F;
    /// `% &` and `\`.
    const SIGN: u8 = 0xC0;

    /// (lower halves, upper halves) of each bit's bytes, as sets of bits.
    const ROWS: [(u16, u16); 8] = [
        (0x03FF, 1 << 3),
        (0xFFFE, 1 << 4 | 1 << 6),
        (0x07FF, 1 << 5 | 1 << 7),
        (1 << 0xB | 1 << 0xD | 1 << 0xF, 1 << 2),
        (1 << 0xF, 1 << 5),
        (1 << 0xD, 1 << 3),
        (1 << 5 | 1 << 6, 1 << 2),
        (1 << 0xC, 1 << 5),
    ];

    /// A byte is what the entries of its lower and its upper half have in common.
    const TABLES: [[u8; 16]; 2] = {
        let mut tables = [[0; 16]; 2];
        let mut row = 0;
        while row < ROWS.len() {
            let mut i = 0;
            while i < 16 {
                tables[0][i] |= ((ROWS[row].0 >> i & 1) as u8) << row;
                tables[1][i] |= ((ROWS[row].1 >> i & 1) as u8) << row;
                i += 1;
            }
            row += 1;
        }
        tables
    };

    #[target_feature(enable = "avx2")]
    pub(super) fn fill(blocks: &[[u8; BLOCK]], masks: &mut [Masks]) {
        for (block, masks) in blocks.iter().zip(masks) {
            let low = half(&block[..32]);
            let high = half(&block[32..]);
            let both = |i: usize| u64::from(low[i]) | u64::from(high[i]) << 32;
            *masks = Masks {
                run: both(0),
                sign: both(1),
                equals: both(2),
                plus: both(3),
                at: both(4),
                line_end: both(5),
                number: both(6),
                telling: both(7),
            };
        }
    }

    /// The masks of 32 bytes, in the order of [`Masks`].
    #[inline]
    #[target_feature(enable = "avx2")]
    fn half(bytes: &[u8]) -> [u32; 8] {
        assert!(bytes.len() == 32);
        // SAFETY: there are 32 bytes, as just seen, and an unaligned load may be anywhere.
        let v = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) };
        let low = _mm256_shuffle_epi8(table(&TABLES[0]), v);
        let upper = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
        let kinds = _mm256_and_si256(low, _mm256_shuffle_epi8(table(&TABLES[1]), upper));
        let is = |b: u8| _mm256_cmpeq_epi8(v, _mm256_set1_epi8(b as i8));
        let has = |kind: u8| {
            let bits = _mm256_and_si256(kinds, _mm256_set1_epi8(kind as i8));
            !mask(_mm256_cmpeq_epi8(bits, _mm256_setzero_si256()))
        };
        let (digits, equals) = (has(DIGITS), has(EQUALS));
        // Of ASCII letters, bit 5 tells the small ones.
        let small = mask(_mm256_slli_epi16(v, 2));
        [
            has(RUN),
            has(SIGN),
            equals,
            mask(is(b'+')),
            mask(is(b'@')),
            mask(_mm256_or_si256(is(b'\n'), is(b'\r'))),
            digits | mask(is(b'-')),
            digits | equals | has(LETTERS) & !small,
        ]
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn mask(v: __m256i) -> u32 {
        _mm256_movemask_epi8(v) as u32
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn table(table: &[u8; 16]) -> __m256i {
        // SAFETY: the table is 16 bytes, and an unaligned load may be anywhere.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_of_its_classes_at_every_place() {
        for b in 0..=255_u8 {
            for place in [0, 1, 31, 32, 63] {
                let mut block = [b'~'; BLOCK];
                block[place] = b;
                let bit = |is: bool| u64::from(is) << place;
                let expected = Masks {
                    run: bit(CLASS[b as usize] != 0),
                    sign: bit(b"%&\\".contains(&b)),
                    equals: bit(b == b'='),
                    plus: bit(b == b'+'),
                    at: bit(b == b'@'),
                    line_end: bit(b"\r\n".contains(&b)),
                    number: bit(b.is_ascii_digit() || b == b'-'),
                    telling: bit(b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'='),
                };
                let mut masks = [[Masks::default()]; 2];
                portable(&[block], &mut masks[0]);
                fill(&[block], &mut masks[1]);
                assert_eq!(masks, [[expected]; 2], "{:?} at {place}", b as char);
            }
        }
    }
}
