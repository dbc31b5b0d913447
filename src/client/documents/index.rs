//! All registered documents as one table in memory: hash of a run → where it stands.
//!
//! Runs of all clients in, places out. Places number the letters of all documents one after
//! another. A bit array in front says no for most runs of other texts without touching the
//! table.

use std::ops::Range;

use super::boilerplate;
use super::grams::BITS;

/// Bits of the array in front for each run, at least.
const SPARSE: usize = 16;
/// Runs in a bucket, about.
const BUCKET: usize = 4;
/// See the module.
#[derive(Debug, Default)]
pub(super) struct Index {
    front: Vec<u64>,
    /// Where each bucket begins in `runs`, and the end.
    buckets: Vec<u32>,
    /// The lower 32 bits of the hash, then the place.
    runs: Vec<u64>,
    /// The first place of each document.
    starts: Vec<u32>,
}

/// Calls back with the hash and the place of every run.
pub(super) type Walk<'w> = &'w dyn Fn(&mut dyn FnMut(u64, u32));

impl Index {
    /// Builds the table of documents that begin at `starts` and have at most `count` runs. They are
    /// walked twice, so that nothing but the table itself takes memory.
    pub(super) fn new(starts: Vec<u32>, count: usize, walk: Walk<'_>) -> Index {
        let common = boilerplate::common();
        let bits = (usize::BITS - (count / BUCKET).max(256).leading_zeros()).min(BITS - 8);
        let bucket = |hash: u64| (hash >> (BITS - bits)) as usize & ((1 << bits) - 1);
        let front_bits = (count * SPARSE).next_power_of_two().max(64);
        let mut front = vec![0u64; front_bits / 64];
        // Counted one bucket ahead, so that filling leaves each at the beginning of the next.
        let mut buckets = vec![0u32; (1 << bits) + 2];
        walk(&mut |hash, _| {
            if !common.has(hash) {
                let bit = hash as usize & (front_bits - 1);
                front[bit / 64] |= 1 << (bit % 64);
                buckets[bucket(hash) + 2] += 1;
            }
        });
        for i in 2..buckets.len() {
            buckets[i] += buckets[i - 1];
        }
        let mut runs = vec![0u64; buckets.last().map_or(0, |&end| end as usize)];
        walk(&mut |hash, place| {
            if !common.has(hash) {
                let slot = &mut buckets[bucket(hash) + 1];
                runs[*slot as usize] = (hash & 0xFFFF_FFFF) << 32 | u64::from(place);
                *slot += 1;
            }
        });
        buckets.pop();
        Index { front, buckets, runs, starts }
    }

    /// Could a run of this hash be registered? Mostly right when it says yes, always when no.
    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let bit = hash as usize & (self.front.len() * 64 - 1);
        self.front.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
    }

    /// The places at which a run stands.
    pub(super) fn places(&self, hash: u64) -> impl Iterator<Item = u32> {
        let bits = self.buckets.len().max(2).ilog2();
        let bucket = (hash >> (BITS - bits)) as usize & ((1 << bits) - 1);
        let of = |i: usize| self.buckets.get(i).map_or(0, |&at| at as usize);
        let runs = self.runs.get(of(bucket)..of(bucket + 1)).unwrap_or_default();
        let low = hash & 0xFFFF_FFFF;
        runs.iter().filter(move |&&run| run >> 32 == low).map(|&run| run as u32)
    }

    /// The document of a place, and the places of its letters.
    pub(super) fn document(&self, place: u32) -> (usize, Range<u32>) {
        let next = self.starts.partition_point(|&start| start <= place);
        let start = |i: usize| self.starts.get(i).copied();
        let number = next.saturating_sub(1);
        (number, start(number).unwrap_or(0)..start(next).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_found_in_its_document_and_nothing_else() {
        let hash = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS);
        let documents: Vec<Vec<(u64, u32)>> =
            (0..50u64).map(|d| (0..400u64).map(|i| (hash(d * 1000 + i), i as u32 * 3)).collect()).collect();
        let starts: Vec<u32> = (0..50).map(|d| d * 1200).collect();
        let index = Index::new(starts.clone(), 20_000, &|each| {
            for (runs, start) in documents.iter().zip(&starts) {
                runs.iter().for_each(|&(hash, at)| each(hash, start + at));
            }
        });
        for (d, runs) in documents.iter().enumerate() {
            for &(hash, at) in runs {
                assert!(index.may_have(hash));
                let found: Vec<_> = index
                    .places(hash)
                    .map(|place| (index.document(place).0, place - index.document(place).1.start))
                    .collect();
                assert_eq!(found, [(d, at)]);
            }
        }
        let foreign = (1_000_000..1_100_000u64).filter(|&n| index.may_have(hash(n))).count();
        assert!(foreign < 100_000 / 10, "{foreign}");
        assert!((1_000_000..1_100_000u64).all(|n| index.places(hash(n)).next().is_none()));
    }

    #[test]
    fn nothing_registered_is_nothing_found() {
        let index = Index::new(Vec::new(), 0, &|_| {});
        assert!((0..1000).all(|n| index.places(n << 30).next().is_none()));
    }
}
