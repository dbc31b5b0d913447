//! x86-64 with AVX2: 32 bytes an instruction.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The index walks several tables at once.

use std::arch::x86_64::*;
use std::ops::Range;

use super::super::structure::{BLOCK, Classes, Map, Pass};
use super::super::teddy::{Group, Masks, WIDTH};
use super::tables::{ALNUM, AT, DIGIT, HIGH, LOW, SEPARATOR, TOKEN};
use super::{Window, each_block};

/// # Safety
/// The processor must have AVX2, BMI1 and BMI2.
#[target_feature(enable = "avx2,bmi1,bmi2")]
pub(super) fn structure(pass: &mut Pass, text: &[u8], start: usize, map: &mut Map) {
    pass.region(text, start, map, |block| classify(block));
}

#[inline]
#[target_feature(enable = "avx2")]
fn classify(block: &[u8; BLOCK]) -> Classes {
    // SAFETY: a block is 64 bytes and unaligned loads may be anywhere.
    let (a, b) =
        unsafe { (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block.as_ptr().add(32).cast())) };
    let (ka, kb) = (kinds(a), kinds(b));
    let has = |kind: u8| {
        let bit = _mm256_set1_epi8(kind as i8);
        let none = |kinds| _mm256_cmpeq_epi8(_mm256_and_si256(kinds, bit), _mm256_setzero_si256());
        !both(none(ka), none(kb))
    };
    let lead = _mm256_set1_epi8(0xE3_u8 as i8);
    let from = |v| _mm256_cmpeq_epi8(_mm256_max_epu8(v, lead), v);
    Classes {
        alnum: has(ALNUM),
        token: has(TOKEN),
        digit: has(DIGIT),
        separator: has(SEPARATOR),
        at: has(AT),
        lead: both(from(a), from(b)),
    }
}

/// The top bits of the bytes of two vectors.
#[inline]
#[target_feature(enable = "avx2")]
fn both(low: __m256i, high: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(low) as u32) | u64::from(_mm256_movemask_epi8(high) as u32) << 32
}

/// What each byte is, by its two halves.
#[inline]
#[target_feature(enable = "avx2")]
fn kinds(v: __m256i) -> __m256i {
    let low = _mm256_shuffle_epi8(table(&LOW), v);
    let half = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
    _mm256_and_si256(low, _mm256_shuffle_epi8(table(&HIGH), half))
}

#[inline]
#[target_feature(enable = "avx2")]
fn table(table: &[u8; 16]) -> __m256i {
    // SAFETY: the table is 16 bytes and unaligned loads may be anywhere.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
}

/// # Safety
/// The processor must have AVX2, BMI1 and BMI2.
#[target_feature(enable = "avx2,bmi1,bmi2")]
pub(super) fn candidates(masks: &Masks, text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
    match masks {
        Masks::One(groups) => within(groups, text, places, out),
        Masks::Two(groups) => within(groups, text, places, out),
        Masks::Four(groups) => within(groups, text, places, out),
    }
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2")]
fn within<const N: usize>(groups: &[Group; N], text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
    let mut tables = [[[_mm256_setzero_si256(); 2]; WIDTH]; N];
    for (tables, group) in tables.iter_mut().zip(groups) {
        for i in 0..WIDTH {
            tables[i] = [table(&group.low[i]), table(&group.high[i])];
        }
    }
    each_block(text, places, out, |window| {
        let none = |offset| _mm256_cmpeq_epi8(buckets(&tables, window, offset), _mm256_setzero_si256());
        !both(none(0), none(32))
    });
}

/// The buckets in which the 32 places from `offset` (0 or 32) can be.
#[inline]
#[target_feature(enable = "avx2")]
fn buckets<const N: usize>(tables: &[[[__m256i; 2]; WIDTH]; N], window: &Window, offset: usize) -> __m256i {
    let mut found = [_mm256_set1_epi8(-1); N];
    for i in 0..WIDTH {
        // SAFETY: a window is WIDTH - 1 bytes longer than 64; unaligned loads may be anywhere.
        let v = unsafe { _mm256_loadu_si256(window.as_ptr().add(offset + i).cast()) };
        let low = _mm256_and_si256(v, _mm256_set1_epi8(0x0F));
        let high = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
        for n in 0..N {
            let [lows, highs] = tables[n][i];
            let here = _mm256_and_si256(_mm256_shuffle_epi8(lows, low), _mm256_shuffle_epi8(highs, high));
            found[n] = _mm256_and_si256(found[n], here);
        }
    }
    found.into_iter().fold(_mm256_setzero_si256(), |all, one| _mm256_or_si256(all, one))
}
