//! 64-bit ARM: 16 bytes an instruction. Compile-checked only: no such machine was at hand.
#![allow(unsafe_code)]

use std::arch::aarch64::*;
use std::ops::Range;

use super::super::structure::{BLOCK, Classes, Map, Pass};
use super::super::teddy::{Masks, WIDTH};
use super::tables::{ALNUM, AT, DIGIT, HIGH, LOW, SEPARATOR, TOKEN};
use super::{Window, each_block};

pub(super) fn structure(pass: &mut Pass, text: &[u8], start: usize, map: &mut Map) {
    pass.region(text, start, map, |block| classify(block));
}

#[inline(always)]
pub(super) fn classify(block: &[u8; BLOCK]) -> Classes {
    // SAFETY: NEON is part of every 64-bit ARM processor; a block is four times 16 bytes, the
    // tables are 16 bytes, and loads may be anywhere.
    unsafe {
        let (low, high) = (vld1q_u8(LOW.as_ptr()), vld1q_u8(HIGH.as_ptr()));
        let parts: [uint8x16_t; 4] = std::array::from_fn(|i| vld1q_u8(block.as_ptr().add(i * 16)));
        let kinds = parts.map(|v| {
            let lower = vqtbl1q_u8(low, vandq_u8(v, vdupq_n_u8(0x0F)));
            vandq_u8(lower, vqtbl1q_u8(high, vshrq_n_u8(v, 4)))
        });
        let has = |kind: u8| mask(kinds.map(|k| vtstq_u8(k, vdupq_n_u8(kind))));
        Classes {
            alnum: has(ALNUM),
            token: has(TOKEN),
            digit: has(DIGIT),
            separator: has(SEPARATOR),
            at: has(AT),
            lead: mask(parts.map(|v| vcgeq_u8(v, vdupq_n_u8(0xE3)))),
        }
    }
}

/// One bit for each byte of four vectors of zeros and ones.
///
/// # Safety
/// None beyond NEON itself.
#[inline(always)]
unsafe fn mask(parts: [uint8x16_t; 4]) -> u64 {
    const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: the table is 16 bytes; NEON is there on every 64-bit ARM processor.
    unsafe {
        let bits = vld1q_u8(BITS.as_ptr());
        let [a, b, c, d] = parts.map(|v| vandq_u8(v, bits));
        // Neighbouring sums, three times: eight bytes become one.
        let sums = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
        vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0)
    }
}

pub(super) fn candidates(masks: &Masks, text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
    each_block(text, places, out, |window| buckets(masks, window));
}

#[inline(always)]
fn buckets(masks: &Masks, window: &Window) -> u64 {
    // SAFETY: NEON is part of every 64-bit ARM processor; the tables are 16 bytes, a window is
    // WIDTH - 1 bytes longer than 64, and loads may be anywhere.
    unsafe {
        let parts: [uint8x16_t; 4] = std::array::from_fn(|part| {
            let mut all = vdupq_n_u8(0);
            for group in masks.groups() {
                let mut found = vdupq_n_u8(0xFF);
                for i in 0..WIDTH {
                    let v = vld1q_u8(window.as_ptr().add(part * 16 + i));
                    let low = vqtbl1q_u8(vld1q_u8(group.low[i].as_ptr()), vandq_u8(v, vdupq_n_u8(0x0F)));
                    let high = vqtbl1q_u8(vld1q_u8(group.high[i].as_ptr()), vshrq_n_u8(v, 4));
                    found = vandq_u8(found, vandq_u8(low, high));
                }
                all = vorrq_u8(all, found);
            }
            vtstq_u8(all, all)
        });
        mask(parts)
    }
}
