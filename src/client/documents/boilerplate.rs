//! What stands in everybody's documents: licences, greetings, clauses, lists.
//!
//! A text file of set phrases, part of the program → the hashes of all their runs. Such runs are
//! no evidence of a copy. One phrase a line in `boilerplate.txt`; adding one touches nothing
//! else.

use std::sync::OnceLock;

use super::grams;

const PHRASES: &str = include_str!("boilerplate.txt");

/// The runs of all phrases.
#[derive(Debug)]
pub(super) struct Common {
    hashes: Vec<u64>,
    /// A bit for each, by its lowest bits: says no at once for nearly all others.
    front: Vec<u64>,
}

/// Bits of the array in front, a power of two.
const FRONT: usize = 1 << 18;

impl Common {
    /// Is it the run of a phrase?
    pub(super) fn has(&self, hash: u64) -> bool {
        let bit = hash as usize % FRONT;
        self.front[bit / 64] >> (bit % 64) & 1 != 0 && self.hashes.binary_search(&hash).is_ok()
    }
}

/// The runs of all phrases, made when first asked for.
pub(super) fn common() -> &'static Common {
    static COMMON: OnceLock<Common> = OnceLock::new();
    COMMON.get_or_init(|| {
        let mut hashes = Vec::new();
        for phrase in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            grams::every(phrase, &mut |hash| hashes.push(hash));
        }
        hashes.sort_unstable();
        hashes.dedup();
        let mut front = vec![0; FRONT / 64];
        for &hash in &hashes {
            let bit = hash as usize % FRONT;
            front[bit / 64] |= 1 << (bit % 64);
        }
        Common { hashes, front }
    })
}
