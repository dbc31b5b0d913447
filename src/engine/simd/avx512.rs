//! x86-64 with AVX-512: 64 bytes an instruction, and masks are a result of comparisons.
#![allow(unsafe_code)]
#![allow(clippy::needless_range_loop)] // The index walks several tables at once.

use std::arch::x86_64::*;
use std::ops::Range;

use super::super::structure::{BLOCK, Classes, Map, Pass};
use super::super::teddy::{Group, Masks, WIDTH};
use super::tables::{ALNUM, AT, DIGIT, HIGH, LOW, SEPARATOR, TOKEN};
use super::{Window, each_block};

/// # Safety
/// The processor must have AVX-512 F and BW, BMI1 and BMI2.
#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2")]
pub(super) fn structure(pass: &mut Pass, text: &[u8], start: usize, map: &mut Map) {
    pass.region(text, start, map, |block| classify(block));
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn classify(block: &[u8; BLOCK]) -> Classes {
    // SAFETY: a block is 64 bytes and unaligned loads may be anywhere.
    let v = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
    let low = _mm512_shuffle_epi8(table(&LOW), v);
    let half = _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(0x0F));
    let kinds = _mm512_and_si512(low, _mm512_shuffle_epi8(table(&HIGH), half));
    let has = |kind: u8| _mm512_test_epi8_mask(kinds, _mm512_set1_epi8(kind as i8));
    Classes {
        alnum: has(ALNUM),
        token: has(TOKEN),
        digit: has(DIGIT),
        separator: has(SEPARATOR),
        at: has(AT),
        lead: _mm512_cmpge_epu8_mask(v, _mm512_set1_epi8(0xE3_u8 as i8)),
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn table(table: &[u8; 16]) -> __m512i {
    // SAFETY: the table is 16 bytes and unaligned loads may be anywhere.
    _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
}

/// # Safety
/// The processor must have AVX-512 F and BW, BMI1 and BMI2.
#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2")]
pub(super) fn candidates(masks: &Masks, text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
    match masks {
        Masks::One(groups) => within(groups, text, places, out),
        Masks::Two(groups) => within(groups, text, places, out),
        Masks::Four(groups) => within(groups, text, places, out),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2")]
fn within<const N: usize>(groups: &[Group; N], text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
    let mut tables = [[[_mm512_setzero_si512(); 2]; WIDTH]; N];
    for (tables, group) in tables.iter_mut().zip(groups) {
        for i in 0..WIDTH {
            tables[i] = [table(&group.low[i]), table(&group.high[i])];
        }
    }
    each_block(text, places, out, |window| {
        let all = buckets(&tables, window);
        _mm512_test_epi8_mask(all, all)
    });
}

/// The buckets in which the 64 places of the window can be.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn buckets<const N: usize>(tables: &[[[__m512i; 2]; WIDTH]; N], window: &Window) -> __m512i {
    let mut found = [_mm512_set1_epi8(-1); N];
    for i in 0..WIDTH {
        // SAFETY: a window is WIDTH - 1 bytes longer than 64; unaligned loads may be anywhere.
        let v = unsafe { _mm512_loadu_si512(window.as_ptr().add(i).cast()) };
        let low = _mm512_and_si512(v, _mm512_set1_epi8(0x0F));
        let high = _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(0x0F));
        for n in 0..N {
            let [lows, highs] = tables[n][i];
            let here = _mm512_and_si512(_mm512_shuffle_epi8(lows, low), _mm512_shuffle_epi8(highs, high));
            found[n] = _mm512_and_si512(found[n], here);
        }
    }
    found.into_iter().fold(_mm512_setzero_si512(), |all, one| _mm512_or_si512(all, one))
}
