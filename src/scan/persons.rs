//! How many distinct people: hashes of what tells a person in, their number out.
//!
//! Exact up to [`MOST`] of them, above that an estimate (HyperLogLog: Flajolet, Fusy, Gandouet, Meunier
//! 2007) with a standard error of 1.6 %, in 4 KB whatever comes. Knows only hashes, never names.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::detect::Hit;
use crate::detector::{Category, Confidence, Detector};
use crate::finding::Reason;

/// People that are counted one by one.
const MOST: usize = 4096;
/// Bits of a hash that choose its register.
const BITS: u32 = 12;

/// A set of people that only knows its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Persons {
    exact: HashSet<u64>,
    /// Empty while the set is exact.
    registers: Vec<u8>,
}

impl Persons {
    /// Adds one person by a hash that is the same wherever they are met.
    pub(super) fn add(&mut self, hash: u64) {
        if self.registers.is_empty() {
            self.exact.insert(hash);
            if self.exact.len() <= MOST {
                return;
            }
            self.registers = vec![0; 1 << BITS];
            for hash in std::mem::take(&mut self.exact) {
                self.register(hash);
            }
        } else {
            self.register(hash);
        }
    }

    fn register(&mut self, hash: u64) {
        let index = (hash >> (64 - BITS)) as usize;
        let rank = (hash << BITS | 1 << (BITS - 1)).leading_zeros() as u8 + 1;
        self.registers[index] = self.registers[index].max(rank);
    }

    /// Adds everybody of another set.
    pub(super) fn merge(&mut self, other: &Persons) {
        for &hash in &other.exact {
            self.add(hash);
        }
        if !other.registers.is_empty() {
            if self.registers.is_empty() {
                self.registers = vec![0; 1 << BITS];
                for hash in std::mem::take(&mut self.exact) {
                    self.register(hash);
                }
            }
            for (own, &other) in self.registers.iter_mut().zip(&other.registers) {
                *own = (*own).max(other);
            }
        }
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        if self.registers.is_empty() {
            return self.exact.len() as u64;
        }
        let m = self.registers.len() as f64;
        let sum: f64 = self.registers.iter().map(|&r| 2f64.powi(-i32::from(r))).sum();
        let estimate = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
        let empty = self.registers.iter().filter(|&&r| r == 0).count();
        let small = empty > 0 && estimate <= 2.5 * m;
        (if small { m * (m / empty as f64).ln() } else { estimate }).round() as u64
    }
}

/// The values that tell the people on a text apart: of each record the best, and each full name that is
/// in none.
pub(super) fn telling(hits: &[Hit], detectors: &[Arc<Detector>]) -> Vec<Range<usize>> {
    let mut records: Vec<(u32, u8, Range<usize>)> = Vec::new();
    let mut people = Vec::new();
    for hit in hits.iter().filter(|hit| !hit.doubted && hit.confidence > Confidence::Low) {
        let detector = &detectors[hit.detector];
        if detector.category != Category::Personal {
            continue;
        }
        let rank = rank(&detector.id);
        match hit.record {
            Some(record) => match records.iter_mut().rev().take(64).find(|(number, ..)| *number == record) {
                Some(known) if rank < known.1 => *known = (record, rank, hit.value.clone()),
                Some(_) => {}
                None => records.push((record, rank, hit.value.clone())),
            },
            None if rank == 0 && hit.reasons.contains(&Reason::Named("given-name")) => people.push(hit.value.clone()),
            None => {}
        }
    }
    people.extend(records.into_iter().map(|(.., value)| value));
    people
}

/// How well a detector's values tell a person from others, 0 being the best.
fn rank(id: &str) -> u8 {
    match id.trim_start_matches("personal/") {
        "person-name" => 0,
        "email-address" => 1,
        "phone-number" => 3,
        "postal-address" | "date-of-birth" => 4,
        "postal-code" => 5,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u64) -> u64 {
        let hash = blake3::hash(&n.to_le_bytes());
        u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap())
    }

    #[test]
    fn few_are_counted_and_many_estimated() {
        let mut persons = Persons::default();
        for n in 0..3000 {
            persons.add(hash(n));
            persons.add(hash(n));
        }
        assert_eq!(persons.count(), 3000);
        for n in 0..200_000 {
            persons.add(hash(n));
        }
        let count = persons.count() as f64;
        assert!((count / 200_000.0 - 1.0).abs() < 0.06, "{count}");
        assert_eq!(persons.registers.len(), 4096);
    }

    #[test]
    fn sets_are_merged_whatever_their_sizes() {
        let of = |range: Range<u64>| {
            let mut persons = Persons::default();
            range.for_each(|n| persons.add(hash(n)));
            persons
        };
        let mut all = of(0..100);
        all.merge(&of(50..150));
        assert_eq!(all.count(), 150);
        all.merge(&of(0..20_000));
        assert!((all.count() as f64 / 20_000.0 - 1.0).abs() < 0.06);
        let mut large = of(0..20_000);
        large.merge(&of(0..100));
        assert!((large.count() as f64 / 20_000.0 - 1.0).abs() < 0.06);
    }
}
