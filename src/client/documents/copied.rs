//! Passages that were found of documents → what is told of each document.

use std::cmp::Reverse;
use std::ops::Range;

use super::grams::K;

/// Passages of a document that are kept in order to say how much of it was copied; what is found
/// beyond them is not added up any more.
const MOST: usize = 4096;

/// Part of a registered document, found in an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied<M> {
    /// The number of the document.
    pub document: usize,
    /// Letters of the document that were found here.
    pub letters: u64,
    /// How much of the document that is, in percent; 100 only if next to nothing is missing.
    pub percent: u8,
    /// It is more than a long phrase.
    pub is_long: bool,
    /// Where the longest passage begins.
    pub first: M,
    /// Where its last run of letters begins.
    pub last: M,
}

/// A passage: the letters here, those of the document, what they weigh.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) here: Range<u64>,
    pub(super) there: Range<u64>,
    pub(super) weight: u32,
    pub(super) is_long: bool,
}

/// The passages of one document.
#[derive(Debug)]
pub(super) struct Passages<M> {
    here: Vec<Range<u64>>,
    there: Vec<Range<u64>>,
    best: Option<(u32, bool, M, M)>,
}

impl<M> Default for Passages<M> {
    fn default() -> Passages<M> {
        Passages { here: Vec::new(), there: Vec::new(), best: None }
    }
}

impl<M> Passages<M> {
    pub(super) fn add(&mut self, passage: Passage, marks: impl FnOnce() -> (M, M)) {
        for (ranges, range) in [(&mut self.here, passage.here), (&mut self.there, passage.there)] {
            if ranges.len() == MOST {
                *ranges = merged(std::mem::take(ranges).into_iter());
            }
            if ranges.len() < MOST {
                ranges.push(range);
            }
        }
        if self.best.as_ref().is_none_or(|(best, ..)| *best < passage.weight) {
            let (first, last) = marks();
            self.best = Some((passage.weight, passage.is_long, first, last));
        }
    }
}

/// What is told, from the document most of the input is of to the least. What several documents
/// have in common is said of the first of them alone. `letters`: those of a document.
pub(super) fn told<M>(found: impl Iterator<Item = (u32, Passages<M>)>, letters: &dyn Fn(u32) -> u32) -> Vec<Copied<M>> {
    let mut copies = Vec::new();
    for (document, passages) in found {
        let Some((_, is_long, first, last)) = passages.best else { continue };
        let copied = length(&merged(passages.there.into_iter()));
        let of = u64::from(letters(document)).max(copied).max(1);
        // The runs that are looked at may leave out some letters at either end.
        let percent = if of - copied <= 2 * (K as u64) { 100 } else { (copied * 100 / of).min(99) };
        let document = document as usize;
        let copied = Copied { document, letters: copied, percent: percent as u8, is_long, first, last };
        copies.push((copied, merged(passages.here.into_iter())));
    }
    copies.sort_by_key(|(copied, here)| (Reverse((length(here), copied.percent)), copied.document));
    let mut known: Vec<Range<u64>> = Vec::new();
    let mut told = Vec::new();
    for (copied, here) in copies {
        let overlap: u64 = here.iter().map(|range| overlap(&known, range)).sum();
        if overlap * 5 < length(&here) * 4 {
            known = merged(known.into_iter().chain(here));
            told.push(copied);
        }
    }
    told
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
