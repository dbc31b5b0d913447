//! Documents ↔ the bytes that are sealed.
//!
//! The documents with what is said of each, then the runs of all of them in the order of their
//! hashes: the distance to the hash before (three bytes in a large registry) and the place,
//! counted through all documents. That is seven bytes a run, twenty for each of a Japanese
//! text's hundred letters.

use super::grams::BITS;
use super::{Document, Printed};
use crate::client::bytes::{Reader, Writer};

/// Least bytes of a document and of a run.
const DOCUMENT: usize = 6;
const RUN: usize = 5;

/// Writes the documents down. `None` if their letters are too many to be numbered.
pub(in crate::client) fn encode(documents: &[Document]) -> Option<Vec<u8>> {
    let mut out = Writer::default();
    out.number(documents.len() as u64);
    let mut start = 0u32;
    let mut runs = Vec::with_capacity(documents.iter().map(|d| d.print.runs.len()).sum());
    for document in documents {
        out.text(&document.path);
        out.text(&document.inside);
        match &document.exact {
            None => out.bytes(&[0]),
            Some((size, hash)) => {
                out.bytes(&[1]);
                out.number(*size);
                out.bytes(hash);
            }
        }
        out.number(document.added.cast_unsigned());
        out.number(document.print.letters.into());
        out.bytes(&[document.print.is_wide.into()]);
        runs.extend(document.print.runs.iter().map(|&(hash, at)| (hash, start.saturating_add(at))));
        start = start.checked_add(document.print.letters)?;
    }
    runs.sort_unstable();
    out.number(runs.len() as u64);
    let mut before = 0;
    for (hash, place) in runs {
        out.number(hash - before);
        out.bytes(&place.to_le_bytes());
        before = hash;
    }
    Some(out.0)
}

/// Documents as they are stored, not taken apart yet.
#[derive(Debug)]
pub(in crate::client) struct Stored<'b> {
    /// The documents without their runs.
    pub(in crate::client) documents: Vec<Document>,
    /// The first place of each, and the first behind all.
    pub(super) starts: Vec<u32>,
    runs: Reader<'b>,
    count: usize,
}

impl<'b> Stored<'b> {
    /// Reads what [`encode`] wrote; `None` if it is something else.
    pub(in crate::client) fn parse(bytes: &'b [u8]) -> Option<Stored<'b>> {
        let mut input = Reader(bytes);
        let count = input.count(DOCUMENT)?;
        let mut documents = Vec::with_capacity(count);
        let mut starts = vec![0u32];
        for _ in 0..count {
            let (path, inside) = (input.text()?, input.text()?);
            let exact = match input.array()? {
                [0] => None,
                [_] => Some((input.number()?, input.array()?)),
            };
            let added = input.number()?.cast_signed();
            let letters = input.small()?;
            let [is_wide] = input.array()?;
            let print = Printed { letters, is_wide: is_wide != 0, runs: Vec::new() };
            documents.push(Document { path, inside, exact, added, print });
            starts.push(starts.last()?.checked_add(letters)?);
        }
        let count = input.count(RUN)?;
        let stored = Stored { documents, starts, runs: input, count };
        let mut within = true;
        stored.each(&mut |hash, place| within &= hash < 1 << BITS && Some(&place) < stored.starts.last())?;
        within.then_some(stored)
    }

    /// Calls back with hash and place of every run. `None` if they are not what they should be,
    /// which [`Stored::parse`] has seen to.
    pub(super) fn each(&self, each: &mut dyn FnMut(u64, u32)) -> Option<()> {
        let mut input = Reader(self.runs.0);
        let mut hash = 0u64;
        for _ in 0..self.count {
            hash = hash.checked_add(input.number()?)?;
            each(hash, u32::from_le_bytes(input.array()?));
        }
        input.end()
    }
}

/// Runs that stand at more places than this are set phrases, or a text in many versions; of them
/// the first few places are enough to recognise it.
const MANY: usize = 32;
const FEW: usize = 2;

impl Stored<'_> {
    /// As [`Stored::each`], without most places of runs that stand at very many.
    pub(super) fn each_rare(&self, each: &mut dyn FnMut(u64, u32)) {
        // The places of the present hash, once there are two.
        let mut places: Vec<u32> = Vec::new();
        let mut before = (u64::MAX, 0);
        let mut hand_over = |(hash, place): (u64, u32), places: &mut Vec<u32>| {
            if places.is_empty() {
                return each(hash, place);
            }
            let few = if places.len() > MANY { FEW } else { places.len() };
            places.drain(..).take(few).for_each(|place| each(hash, place));
        };
        // What is stored was seen to be whole when it was parsed.
        let _ = self.each(&mut |hash, place| {
            if hash == before.0 {
                if places.is_empty() {
                    places.push(before.1);
                }
                places.push(place);
            } else if before.0 != u64::MAX {
                hand_over(before, &mut places);
            }
            before = (hash, place);
        });
        if before.0 != u64::MAX {
            hand_over(before, &mut places);
        }
    }

    /// How many runs there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// The documents with all their runs, to be changed.
pub(in crate::client) fn decode(bytes: &[u8]) -> Option<Vec<Document>> {
    let Stored { mut documents, starts, runs, count } = Stored::parse(bytes)?;
    let stored = Stored { documents: Vec::new(), starts, runs, count };
    stored.each(&mut |hash, place| {
        let index = stored.starts.partition_point(|&start| start <= place).saturating_sub(1);
        if let Some(document) = documents.get_mut(index) {
            document.print.runs.push((hash, place - stored.starts[index]));
        }
    })?;
    for document in &mut documents {
        document.print.runs.sort_unstable_by_key(|&(_, at)| at);
    }
    Some(documents)
}
