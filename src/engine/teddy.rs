//! Up to some dozens of literals → masks by which a processor sees, many bytes at a time, where
//! one of them may stand.
//!
//! The method is Teddy, from Hyperscan: literals are sorted into buckets; for each of four
//! neighbouring bytes, the lower and the upper half each say in which buckets it can be. Only
//! masks are made here; the loops are in `simd`, and candidates are confirmed elsewhere.

use super::rarity::rarity;

/// Bytes that are looked at, from the gram's first.
pub(super) const WIDTH: usize = 4;
/// Buckets of one group, one bit each.
const BUCKETS: usize = 8;
/// With more grams than these, twice as many groups of buckets cost less than more wrong
/// candidates.
const MOST_IN_ONE_GROUP: usize = 16;
const MOST_IN_TWO_GROUPS: usize = 48;

/// The masks of eight buckets: by byte of the gram and half byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    /// By the lower half.
    pub low: [[u8; 16]; WIDTH],
    /// By the upper half.
    pub high: [[u8; 16]; WIDTH],
}

/// Groups of buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // There is one in a process.
pub(super) enum Masks {
    /// Eight buckets.
    One([Group; 1]),
    /// Sixteen.
    Two([Group; 2]),
    /// Thirty-two.
    Four([Group; 4]),
}

impl Masks {
    /// Masks for grams of one to four bytes in lower case; in the text, case does not matter.
    /// `None` if there are no grams.
    pub(super) fn new(grams: &[&[u8]]) -> Option<Masks> {
        if grams.is_empty() {
            return None;
        }
        let mut grams = grams.to_vec();
        grams.sort_unstable();
        grams.dedup();
        // The most common ones first, each into a bucket of its own; the others where they do
        // least harm.
        grams.sort_by_key(|gram| gram.iter().map(|&byte| rarity(byte)).sum::<u32>());
        Some(match grams.len() {
            n if n <= MOST_IN_ONE_GROUP => Masks::One(groups(&grams)),
            n if n <= MOST_IN_TWO_GROUPS => Masks::Two(groups(&grams)),
            _ => Masks::Four(groups(&grams)),
        })
    }

    /// The groups.
    pub(super) fn groups(&self) -> &[Group] {
        match self {
            Masks::One(groups) => groups,
            Masks::Two(groups) => groups,
            Masks::Four(groups) => groups,
        }
    }
}

/// The half bytes of the grams in a bucket, as sets of bits.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    low: [u16; WIDTH],
    high: [u16; WIDTH],
    used: bool,
}

impl Bucket {
    fn with(mut self, gram: &[u8]) -> Bucket {
        self.used = true;
        for i in 0..WIDTH {
            match gram.get(i) {
                None => (self.low[i], self.high[i]) = (u16::MAX, u16::MAX),
                Some(&byte) => {
                    self.low[i] |= 1 << (byte & 15);
                    self.high[i] |= 1 << (byte >> 4);
                    if byte.is_ascii_lowercase() {
                        self.high[i] |= 1 << ((byte >> 4) - 2);
                    }
                }
            }
        }
        self
    }

    /// The share of places in texts that pass, estimated.
    fn share(&self) -> f32 {
        if !self.used {
            return 0.0;
        }
        (0..WIDTH).map(|i| passing(self.low[i], self.high[i])).product()
    }
}

/// The share of bytes with these halves.
fn passing(low: u16, high: u16) -> f32 {
    (0..16)
        .filter(|h| high >> h & 1 != 0)
        .map(|h| (0..16).filter(|l| low >> l & 1 != 0).map(|l| SHARES[h * 16 + l]).sum::<f32>())
        .sum()
}

/// The share of each byte, from its rarity.
const SHARES: [f32; 256] = {
    let mut shares = [0.0; 256];
    let mut byte = 0;
    while byte < 256 {
        shares[byte] = 1.0 / (1 << rarity(byte as u8)) as f32;
        byte += 1;
    }
    shares
};

/// `N` groups of buckets for grams.
fn groups<const N: usize>(grams: &[&[u8]]) -> [Group; N] {
    let mut buckets = [[Bucket::default(); BUCKETS]; N];
    distribute(grams, buckets.as_flattened_mut());
    buckets.map(|buckets| group(&buckets))
}

/// Puts each gram where it adds least to what passes.
fn distribute(grams: &[&[u8]], buckets: &mut [Bucket]) {
    let mut shares: Vec<f32> = buckets.iter().map(Bucket::share).collect();
    for gram in grams {
        let mut best = (0, f32::MAX, Bucket::default());
        for (i, bucket) in buckets.iter().enumerate() {
            let with = bucket.with(gram);
            let added = with.share() - shares[i];
            if added < best.1 {
                best = (i, added, with);
            }
        }
        let (i, _, with) = best;
        shares[i] = with.share();
        buckets[i] = with;
    }
}

fn group(buckets: &[Bucket]) -> Group {
    let mut group = Group { low: [[0; 16]; WIDTH], high: [[0; 16]; WIDTH] };
    for (bit, bucket) in buckets.iter().enumerate().filter(|(_, b)| b.used) {
        for i in 0..WIDTH {
            for half in 0..16 {
                group.low[i][half] |= u8::from(bucket.low[i] >> half & 1 != 0) << bit;
                group.high[i][half] |= u8::from(bucket.high[i] >> half & 1 != 0) << bit;
            }
        }
    }
    group
}
