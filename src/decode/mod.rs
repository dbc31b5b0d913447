//! Encoded text inside text → derived text (base64, hex, percent, escapes, entities, …).
//!
//! Normalised text of a window in, decoded byte strings with their maps out. Does not recurse:
//! the scan loop sends what comes out through the same loop again.
//!
//! Two ways of decoding. A *run* (base64, hex) is decoded by itself, into text of any encoding or
//! a container. A *region* (the lines around percent-encoding, escapes, references,
//! quoted-printable, UTF-7, literals in pieces, broken lines, spaced words) is rewritten whole, so that a value
//! that is encoded in part is found, with the words around it.
//!
//! A new decoder of runs is a `Code` and a place in `runs`; one of regions is a row in `stages` and
//! what shows it in `triggers`; one of single characters belongs to `chars`.

mod address;
mod arrays;
mod base64;
mod block;
mod chars;
mod concat;
mod derived;
mod digits;
mod entity;
mod escape;
mod form;
mod hex;
mod line_join;
mod looks;
mod masks;
mod percent;
mod quoted_printable;
mod regions;
mod rewrite;
mod run;
mod runs;
mod spaced;
mod stages;
#[cfg(test)]
mod tests;
mod triggers;
mod unit;
mod utf7;

use std::ops::Range;

pub use derived::Derived;

use regions::Regions;
use runs::{Runs, Window};
use stages::Stages;
use unit::Unit;

/// The decoders that rewrite regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    QuotedPrintable,
    Utf7,
    Percent,
    Escape,
    Entity,
    Concat,
    LineJoin,
    Spaced,
}

/// Their names, as they stand in `inside`, in the order of [`Kind`].
const NAMES: [&str; 8] = ["quoted-printable", "utf-7", "percent", "escape", "entity", "concat", "line-join", "spacing"];

/// Finds encoded text in one input's windows. Keeps what must be carried from window to window
/// (a base64 body without an end) and its buffers, so it is best reused.
#[derive(Debug)]
pub struct Decoder {
    runs: Runs,
    regions: Regions,
    stages: Stages,
    batches: [Derived; NAMES.len()],
}

impl Default for Decoder {
    fn default() -> Decoder {
        Decoder::new()
    }
}

impl Decoder {
    /// A decoder at the beginning of an input that was not itself decoded.
    pub fn new() -> Decoder {
        Decoder {
            runs: Runs::new(),
            regions: Regions::default(),
            stages: Stages::default(),
            batches: NAMES.map(Derived::by),
        }
    }

    /// Begins another input: `outer`, if it came out of a decoder. What stands in both it and
    /// the text around it is not decoded again.
    pub fn begin(&mut self, outer: Option<&Derived>) {
        self.runs.begin(outer.map_or(&[], |outer| &outer.known));
    }

    /// Calls `each` with everything that is encoded in `text`, the normalised text of a window
    /// that answers for `core`. A finding in what comes out counts if the text it came from begins
    /// in the core.
    ///
    /// Windows come in order, and each core begins where the one before ended; elsewhere, `begin`
    /// comes first. Takes memory in proportion to the window, whatever the input.
    pub fn decode(&mut self, text: &[u8], core: Range<usize>, each: &mut dyn FnMut(&Derived)) {
        let window = Window { text, core };
        let Decoder { runs, regions, stages, batches } = self;
        regions.clear();
        runs.open_window();
        triggers::scan(text, regions, |run| runs.look(&window, run, each));
        runs.arrays(&window, each);
        runs.close_window(each);
        let regions = regions.finish(&window.core);
        for region in regions {
            if let Some((kind, draft)) = stages.decode(&text[region.clone()]) {
                batches[kind as usize].add(region.clone(), draft);
            }
        }
        if batches.iter().any(|batch| !batch.bytes.is_empty()) {
            let known = runs.known_in(text, regions);
            for batch in batches {
                batch.known.clone_from(&known);
                batch.hand_out(each);
            }
        }
    }
}
