//! What stands in everybody's documents: licences, greetings, clauses, lists.
//!
//! A text file of set phrases, part of the program → the hashes of all their runs. Such runs are
//! no evidence of a copy. One phrase a line in `boilerplate.txt`; adding one touches nothing
//! else.

use std::sync::OnceLock;

use super::grams;

const PHRASES: &str = include_str!("boilerplate.txt");

/// The hashes of all runs of the phrases, sorted.
pub(super) fn hashes() -> &'static [u64] {
    static HASHES: OnceLock<Vec<u64>> = OnceLock::new();
    HASHES.get_or_init(|| {
        let mut hashes = Vec::new();
        for phrase in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            grams::every(phrase, &mut |hash| hashes.push(hash));
        }
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    })
}
