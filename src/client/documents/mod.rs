//! Registered documents: a copy, a renamed export or an excerpt of one is recognised.
//!
//! Text of a document → its runs ([`Print`]), kept sealed by `vault`; runs of all documents →
//! [`Registered`], which [`Search`]es the text of other inputs for parts of them. Pure: reads no
//! file, knows no ledger. The method is winnowing with chains of matches (`grams`, `matcher`);
//! figures and their limits are in docs/performance.md.

mod boilerplate;
mod copied;
mod format;
mod grams;
mod index;
mod letters;
mod matcher;
#[cfg(test)]
mod tests;

use std::path::Path;

use grams::Grams;
use index::Index;
use letters::is_wide;
use matcher::{Matcher, Weighing};

pub use copied::Copied;
pub(in crate::client) use format::{Stored, decode, encode};

/// Least size of a file whose plain hash is kept, in bytes: a smaller one could be guessed.
pub const LEAST_PLAIN: u64 = 1 << 10;
/// Least size of a file that is recognised by its hash, in bytes: smaller ones are alike by
/// chance.
pub const LEAST_EXACT: u64 = 64;

/// A registered document: a file, or what lay inside one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The file, by its full path.
    pub path: String,
    /// The way to the document inside it; empty for the file itself.
    pub inside: String,
    /// The file's size in bytes and the hash of its content; `None` for what lies inside.
    pub exact: Option<(u64, [u8; 32])>,
    /// When it was registered, in seconds since 1970.
    pub added: i64,
    /// Its text.
    pub print: Printed,
}

impl Document {
    /// Its name for people: without folders, but with the way inside.
    pub fn name(&self) -> String {
        let file = Path::new(&self.path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        if self.inside.is_empty() { file } else { format!("{file} › {}", self.inside) }
    }
}

/// What is kept of a text: no letter of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// Its letters and digits.
    pub letters: u32,
    /// Is it mostly written in kana and ideographs?
    pub is_wide: bool,
    /// Hash and place of its chosen runs.
    pub(super) runs: Vec<(u64, u32)>,
}

impl Printed {
    /// Is there enough of it that a part could be recognised?
    pub fn can_be_found(&self) -> bool {
        !self.runs.is_empty()
    }
}

/// Takes a document's text piece by piece.
#[derive(Debug, Default)]
pub struct Print {
    grams: Grams,
    runs: Vec<(u64, u32)>,
    wide: u64,
}

impl Print {
    /// The next piece of normalised text, cut between characters.
    pub fn text(&mut self, text: &[u8]) {
        self.grams.text(text, |gram, letters| {
            self.wide += u64::from(is_wide(letters[0]));
            if let Ok(at) = u32::try_from(gram.at) {
                self.runs.push((gram.hash, at));
            }
        });
    }

    /// That was all.
    pub fn finish(mut self) -> Printed {
        self.runs.shrink_to_fit();
        Printed {
            letters: u32::try_from(self.grams.letters()).unwrap_or(u32::MAX),
            is_wide: self.wide * 3 > self.runs.len() as u64,
            runs: self.runs,
        }
    }
}

/// The text of many documents, ready to be searched for. Shared by all threads.
#[derive(Debug, Default)]
pub struct Registered {
    index: Index,
    weighing: Vec<Weighing>,
}

impl Registered {
    /// Makes stored documents ready; they are numbered in their order. `None` if there are more
    /// than can be numbered (some 4 thousand million letters).
    pub(in crate::client) fn new(stored: &[Stored<'_>]) -> Option<Registered> {
        let mut registered = Registered::default();
        let mut starts = Vec::new();
        let mut bases = Vec::with_capacity(stored.len());
        let mut base = 0u32;
        for part in stored {
            bases.push(base);
            for (document, start) in part.documents.iter().zip(&part.starts) {
                starts.push(base.checked_add(*start)?);
                registered.weighing.push(Weighing { letters: document.print.letters, is_wide: document.print.is_wide });
            }
            base = base.checked_add(*part.starts.last()?)?;
        }
        let count = stored.iter().map(Stored::count).sum();
        registered.index = Index::new(starts, count, &|each| {
            for (part, base) in stored.iter().zip(&bases) {
                part.each_rare(&mut |hash, place| each(hash, base + place));
            }
        });
        Some(registered)
    }
}

/// A search of one input after another for parts of registered documents. `M` is what the
/// caller marks places with. One a thread and depth.
#[derive(Debug)]
pub struct Search<M> {
    matcher: Matcher<M>,
}

impl<M> Default for Search<M> {
    fn default() -> Search<M> {
        Search { matcher: Matcher::default() }
    }
}

impl<M: Clone> Search<M> {
    /// Begins another input.
    pub fn begin(&mut self) {
        self.matcher.begin();
    }

    /// The next piece of normalised text, cut between characters; `mark` is asked where offsets
    /// of it are.
    pub fn text(&mut self, registered: &Registered, text: &[u8], mark: &mut dyn FnMut(usize) -> M) {
        let weigh = |document: usize| registered.weighing.get(document).copied().unwrap_or_default();
        self.matcher.text(&registered.index, &weigh, text, mark);
    }

    /// The input is over: what was copied, the most of it first.
    pub fn end(&mut self, registered: &Registered) -> Vec<Copied<M>> {
        let weigh = |document: usize| registered.weighing.get(document).copied().unwrap_or_default();
        self.matcher.end(&weigh)
    }
}
