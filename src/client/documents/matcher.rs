//! Text of an input → which registered documents parts of it were copied from.
//!
//! Single runs of nine letters are shared by chance. Evidence is a chain: runs that follow each
//! other here as they do in the document, at the same distances but for a letter or two, over
//! [`ENOUGH`] letters. Counting shared runs instead was measured to be useless (17 % of unrelated
//! files). Knows no files; places are marks that the caller makes of offsets.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::grams::{Gram, Grams, K};
use super::index::Index;
use super::letters::is_wide;

/// What a copied passage weighs at least, in half letters: 26 kana or ideographs, 26 letters
/// of a text in an alphabet, 52 digits, or 52 Latin letters in a Japanese text, where names of
/// products and commands are everybody's.
pub(super) const ENOUGH: u32 = 52;
/// From this weight on it is no set phrase any more.
const LONG: u32 = 2 * ENOUGH;
/// Letters between two runs of a chain, at most: what was written into the copy.
const REACH: u64 = 40;
/// How much the distance may differ: letters put in or left out between two runs.
const DRIFT: u64 = 3;
/// Chains of one document that are followed at a time.
const CHAINS: usize = 4;
/// Documents that are followed at a time; of an input that shares runs with more, those that have
/// fallen behind are given up.
const FOLLOWED: usize = 4096;
/// Passages of a document that are kept in order to say how much of it was copied.
const PASSAGES: usize = 4096;

/// What the matcher must know of a registered document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighing {
    /// Its letters.
    pub(super) letters: u32,
    /// Is it written in kana and ideographs?
    pub(super) is_wide: bool,
}

/// Part of a registered document, found in an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied<M> {
    /// The number of the document.
    pub document: usize,
    /// Letters of the document that were found here.
    pub letters: u32,
    /// How much of the document that is, in percent; 100 only if next to nothing is missing.
    pub percent: u8,
    /// It is more than a long phrase.
    pub is_long: bool,
    /// Where the longest passage begins.
    pub first: M,
    /// Where it ends (its last run of letters begins).
    pub last: M,
}

#[derive(Debug, Clone)]
struct Chain<M> {
    /// Letters here and in the document, from the first run to the last.
    here: Range<u64>,
    there: Range<u32>,
    weight: u32,
    /// Where it begins and ends: an offset of the text at hand until it is made a mark.
    first: Mark<M>,
    last: Mark<M>,
}

#[derive(Debug, Clone)]
enum Mark<M> {
    Offset(usize),
    Made(M),
}

/// What is known of one document.
#[derive(Debug)]
struct Followed<M> {
    chains: Vec<Chain<M>>,
    /// Ended chains that are long enough: here, there.
    passages: Vec<(Range<u64>, Range<u32>)>,
    best: Option<Chain<M>>,
}

/// Looks for copies in one input after another.
#[derive(Debug)]
pub(super) struct Matcher<M> {
    grams: Grams,
    followed: HashMap<u32, Followed<M>, BuildHasherDefault<Multiply>>,
}

impl<M> Default for Matcher<M> {
    fn default() -> Matcher<M> {
        Matcher { grams: Grams::default(), followed: HashMap::default() }
    }
}

impl<M: Clone> Matcher<M> {
    /// Begins another input.
    pub(super) fn begin(&mut self) {
        self.grams.begin();
        self.followed.clear();
    }

    /// Takes the next piece of the input's text. `mark` says where an offset of it is.
    pub(super) fn text(
        &mut self,
        index: &Index,
        documents: &impl Fn(usize) -> Weighing,
        text: &[u8],
        mark: &mut dyn FnMut(usize) -> M,
    ) {
        let Matcher { grams, followed } = self;
        let mut now = 0;
        grams.text(text, |gram, letters| {
            if index.may_have(gram.hash) {
                for place in index.places(gram.hash) {
                    let (document, at) = index.document(place);
                    follow(followed, (document, documents(document)), gram, letters, at);
                }
            }
            now = gram.at;
        });
        // What is left open goes on in the next piece; by then the offsets mean nothing.
        for one in followed.values_mut() {
            one.end(|chain| chain.here.end + REACH < now);
            for chain in one.chains.iter_mut().chain(&mut one.best) {
                chain.first.make(mark);
                chain.last.make(mark);
            }
        }
        followed.retain(|_, one| one.best.is_some() || !one.chains.is_empty());
    }

    /// The input is over: what was copied, from the document most of it is of to the least. What
    /// several documents have in common is said of the first of them alone.
    pub(super) fn end(&mut self, documents: &impl Fn(usize) -> Weighing) -> Vec<Copied<M>> {
        let mut found = Vec::new();
        for (document, mut one) in self.followed.drain() {
            one.end(|_| true);
            let Some(best) = one.best else { continue };
            let (Mark::Made(first), Mark::Made(last)) = (best.first, best.last) else { continue };
            let there = merged(one.passages.iter().map(|(_, there)| u64::from(there.start)..u64::from(there.end)));
            let letters = length(&there);
            let of = u64::from(documents(document as usize).letters).max(letters).max(1);
            // What the first and last letters are is not known to the runs.
            let percent = if of - letters <= 2 * (K as u64) { 100 } else { (letters * 100 / of).min(99) };
            let copied = Copied {
                document: document as usize,
                letters: u32::try_from(letters).unwrap_or(u32::MAX),
                percent: percent as u8,
                is_long: best.weight >= LONG,
                first,
                last,
            };
            found.push((copied, merged(one.passages.into_iter().map(|(here, _)| here))));
        }
        found.sort_by_key(|(copied, here)| (std::cmp::Reverse((length(here), copied.percent)), copied.document));
        let mut told: Vec<Range<u64>> = Vec::new();
        let mut out = Vec::new();
        for (copied, here) in found {
            let known: u64 = here.iter().map(|range| overlap(&told, range)).sum();
            if known * 5 < length(&here) * 4 {
                told = merged(told.into_iter().chain(here));
                out.push(copied);
            }
        }
        out
    }
}

/// Adds a run that stands in a document to a chain, or begins one.
fn follow<M: Clone>(
    followed: &mut HashMap<u32, Followed<M>, BuildHasherDefault<Multiply>>,
    (document, weighing): (usize, Weighing),
    gram: Gram,
    letters: &[u32],
    at: u32,
) {
    if followed.len() >= FOLLOWED {
        followed.retain(|_, one| {
            one.end(|chain| chain.here.end + REACH < gram.at);
            one.best.is_some() || !one.chains.is_empty()
        });
    }
    let Ok(document) = u32::try_from(document) else { return };
    let one =
        followed.entry(document).or_insert_with(|| Followed { chains: Vec::new(), passages: Vec::new(), best: None });
    let end = (gram.at + K as u64, at + K as u32);
    let fits = |chain: &&mut Chain<M>| {
        let here = end.0.wrapping_sub(chain.here.end);
        let there = u64::from(end.1).wrapping_sub(u64::from(chain.there.end));
        (1..=REACH).contains(&here) && (1..=REACH).contains(&there) && here.abs_diff(there) <= DRIFT
    };
    if let Some(chain) = one.chains.iter_mut().rev().find(fits) {
        let new = (end.0 - chain.here.end).min(u64::from(end.1 - chain.there.end)).min(K as u64);
        chain.weight += weight(&letters[K - new as usize..], weighing);
        chain.here.end = end.0;
        chain.there.end = end.1;
        chain.last = Mark::Offset(gram.offset);
        return;
    }
    if one.chains.len() >= CHAINS {
        one.end_oldest();
    }
    one.chains.push(Chain {
        here: gram.at..end.0,
        there: at..end.1,
        weight: weight(letters, weighing),
        first: Mark::Offset(gram.offset),
        last: Mark::Offset(gram.offset),
    });
}

/// What letters weigh, in half letters.
fn weight(letters: &[u32], weighing: Weighing) -> u32 {
    let of = |&c: &u32| match c {
        _ if is_wide(c) => 2,
        0x30..=0x39 => 1,
        _ if weighing.is_wide => 1,
        _ => 2,
    };
    letters.iter().map(of).sum()
}

impl<M: Clone> Followed<M> {
    /// Ends the chains that are over.
    fn end(&mut self, is_over: impl Fn(&Chain<M>) -> bool) {
        let mut i = 0;
        while i < self.chains.len() {
            if is_over(&self.chains[i]) {
                let chain = self.chains.remove(i);
                self.keep(chain);
            } else {
                i += 1;
            }
        }
    }

    fn end_oldest(&mut self) {
        let oldest = self.chains.iter().enumerate().min_by_key(|(_, chain)| chain.here.end);
        if let Some((i, _)) = oldest {
            let chain = self.chains.remove(i);
            self.keep(chain);
        }
    }

    fn keep(&mut self, chain: Chain<M>) {
        if chain.weight < ENOUGH {
            return;
        }
        if self.passages.len() >= PASSAGES {
            self.passages.truncate(PASSAGES / 2);
        }
        self.passages.push((chain.here.clone(), chain.there.clone()));
        if self.best.as_ref().is_none_or(|best| best.weight < chain.weight) {
            self.best = Some(chain);
        }
    }
}

impl<M> Mark<M> {
    fn make(&mut self, mark: &mut dyn FnMut(usize) -> M) {
        if let Mark::Offset(offset) = *self {
            *self = Mark::Made(mark(offset));
        }
    }
}

/// Ranges in order, those that touch made one.
fn merged(ranges: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> = ranges.collect();
    ranges.sort_by_key(|range| range.start);
    let mut out: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

fn length(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// How much of `range` lies in ranges that are in order.
fn overlap(ranges: &[Range<u64>], range: &Range<u64>) -> u64 {
    let first = ranges.partition_point(|r| r.end <= range.start);
    let within = ranges[first..].iter().take_while(|r| r.start < range.end);
    within.map(|r| r.end.min(range.end) - r.start.max(range.start)).sum()
}

/// Numbers of documents are small; one multiplication spreads them.
#[derive(Debug, Default)]
pub(super) struct Multiply(u64);

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(self.0 as u32 ^ u32::from(byte));
        }
    }

    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
