//! The loops that are written for processors: which bytes are what, and where literals may be.
//!
//! The only place of `unsafe` in the engine. Each processor's file does the same two things as
//! `portable`, and the tests hold all of them to it; what is made of the results is decided
//! outside.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod tables;

use std::ops::Range;

use super::structure::{BLOCK, Map, Pass};
use super::teddy::{Masks, WIDTH};

/// Which processor's loops are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Processor {
    /// Any.
    Portable,
    /// x86-64 with AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// x86-64 with AVX-512 F and BW.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 64-bit ARM.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Processor {
    /// All that this machine can run, the fastest last.
    pub(super) fn available() -> Vec<Processor> {
        let mut all = vec![Processor::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            // The loops count zeros as well: these instructions come with every AVX2 processor.
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2")
            {
                all.push(Processor::Avx2);
                if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
                    all.push(Processor::Avx512);
                }
            }
        }
        #[cfg(target_arch = "aarch64")]
        all.push(Processor::Neon);
        all
    }

    /// The structural pass over one region; see [`Pass::region`].
    #[allow(unsafe_code)]
    pub(super) fn structure(self, pass: &mut Pass, text: &[u8], start: usize, map: &mut Map) {
        match self {
            Processor::Portable => portable::structure(pass, text, start, map),
            // SAFETY: this value exists only where `available` has seen the features.
            #[cfg(target_arch = "x86_64")]
            Processor::Avx2 => unsafe { avx2::structure(pass, text, start, map) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Processor::Avx512 => unsafe { avx512::structure(pass, text, start, map) },
            #[cfg(target_arch = "aarch64")]
            Processor::Neon => neon::structure(pass, text, start, map),
        }
    }
    /// Appends to `out` the distance from `places.start` of every place where the masks allow a
    /// gram, in order. `places` must be within the text and shorter than 4 GB.
    #[allow(unsafe_code)]
    pub(super) fn candidates(self, masks: &Masks, text: &[u8], places: Range<usize>, out: &mut Vec<u32>) {
        match self {
            Processor::Portable => portable::candidates(masks, text, places, out),
            // SAFETY: this value exists only where `available` has seen the features.
            #[cfg(target_arch = "x86_64")]
            Processor::Avx2 => unsafe { avx2::candidates(masks, text, places, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Processor::Avx512 => unsafe { avx512::candidates(masks, text, places, out) },
            #[cfg(target_arch = "aarch64")]
            Processor::Neon => neon::candidates(masks, text, places, out),
        }
    }
}

/// Candidates that are written at a time; few blocks have more.
const AT_A_TIME: usize = 4;

/// The bytes of the grams that begin in one block.
type Window = [u8; BLOCK + WIDTH - 1];

/// Goes over `places` a block at a time: `here` says at which of its 64 places a gram can be.
/// Behind the end of the text stand zeros.
#[inline(always)]
fn each_block(text: &[u8], places: Range<usize>, out: &mut Vec<u32>, here: impl Fn(&Window) -> u64) {
    let mut at = places.start;
    while at < places.end {
        let mut mask = match text[at..].first_chunk() {
            Some(window) => here(window),
            None => {
                let mut window = [0; BLOCK + WIDTH - 1];
                window[..text.len() - at].copy_from_slice(&text[at..]);
                here(&window)
            }
        };
        let left = places.end - at;
        if left < BLOCK {
            mask &= (1 << left) - 1;
        }
        let from = (at - places.start) as u32;
        // A few at a time, more than there are: how many there are is hard to guess for a branch.
        while mask != 0 {
            let (known, count) = (out.len(), mask.count_ones() as usize);
            out.extend_from_slice(&std::array::from_fn::<u32, AT_A_TIME, _>(|_| {
                let place = from + mask.trailing_zeros();
                mask &= mask.wrapping_sub(1);
                place
            }));
            out.truncate(known + count.min(AT_A_TIME));
        }
        at += BLOCK;
    }
}

#[cfg(test)]
mod tests;
