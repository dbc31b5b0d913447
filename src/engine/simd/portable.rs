//! For any processor: comparisons over arrays, which compilers make wide instructions of.

use std::ops::Range;

use super::super::structure::{BLOCK, Classes, Map, Pass};
use super::super::teddy::{Masks, WIDTH};
use super::each_block;

pub(super) fn structure(pass: &mut Pass, text: &[u8], start: usize, map: &mut Map) {
    pass.region(text, start, map, classify);
}

pub(super) fn classify(block: &[u8; BLOCK]) -> Classes {
    let digit = mask(block, |b| b.wrapping_sub(b'0') < 10);
    let alnum = digit | mask(block, |b| (b | 0x20).wrapping_sub(b'a') < 26);
    let dash = mask(block, |b| b == b'-');
    Classes {
        alnum,
        token: alnum | dash | mask(block, |b| b == b'_'),
        digit,
        separator: dash
            | mask(block, |b| b == b' ')
            | mask(block, |b| b == b'.' || b == b'/')
            | mask(block, |b| b == b'(' || b == b')'),
        at: mask(block, |b| b == b'@'),
        lead: mask(block, |b| b >= 0xE3),
    }
}

#[inline(always)]
fn mask(block: &[u8; BLOCK], test: impl Fn(u8) -> bool) -> u64 {
    let flags = block.map(|b| u8::from(test(b)));
    let (words, _) = flags.as_chunks::<8>();
    let mut mask = 0;
    for (i, word) in words.iter().enumerate() {
        // Gathers the lowest bit of each of eight bytes: the products of no two pairs meet.
        let byte = u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= byte << (i * 8);
    }
    mask
}

pub(super) fn candidates(masks: &Masks, text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
    let tables = tables(masks);
    each_block(text, places, out, |block| {
        let mut mask = 0;
        for (i, place) in block.windows(WIDTH).enumerate() {
            let buckets = place.iter().zip(&tables).fold(u32::MAX, |b, (&byte, table)| b & table[usize::from(byte)]);
            mask |= u64::from(buckets != 0) << i;
        }
        mask
    });
}

/// For each byte of a gram: in which buckets of all groups a byte can be.
fn tables(masks: &Masks) -> [[u32; 256]; WIDTH] {
    let mut tables = [[0; 256]; WIDTH];
    for (shift, group) in masks.groups().iter().enumerate() {
        for (i, table) in tables.iter_mut().enumerate() {
            for (byte, buckets) in table.iter_mut().enumerate() {
                *buckets |= u32::from(group.low[i][byte & 15] & group.high[i][byte >> 4]) << (shift * 8);
            }
        }
    }
    tables
}
