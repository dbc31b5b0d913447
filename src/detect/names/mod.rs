//! Names of people in Japanese text, by dictionary; no labels needed.
//!
//! A text in, places out. [`in_text`] goes over the runs of kanji and kana once: a whole run that
//! splits into a surname and a given name, two runs with a space between, a surname with an
//! honorific, readings in kana; what stands around them ([`evidence`]) decides how common they must
//! be. [`in_latin`] does the same for Latin letters. [`in_cells`] gives every cell that could be a name, for the detector
//! to take those that their column or key calls one. Labels (氏名: …) are patterns in its file.

mod cells;
mod evidence;
mod full;
mod kana;
mod latin;
pub(super) mod runs;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::finder::Sighting;
use runs::{Kind, Run, Runs};

pub(super) use cells::{find as in_cells, find_latin as in_latin_cells, find_listed as in_listed_cells};
pub(super) use latin::find as in_latin;

/// How far before the range a run that reaches into it may begin, in bytes.
const BACK: usize = 1024;

/// Names in running text.
pub(super) fn in_text(text: &[u8], core: Range<usize>, found: &mut dyn FnMut(Sighting)) {
    let mut found = |sighting: Sighting| {
        if core.contains(&sighting.value.start) {
            found(sighting);
        }
    };
    let mut before = Run::NONE;
    // Where the last name ends: evidence for the next one of a list. A list of weak names alone that goes
    // back further than [`BACK`] counts from there.
    let mut last = 0;
    for run in Runs::new(text, core.start.saturating_sub(BACK), core.end) {
        match run.kind {
            Kind::Kanji => {
                let mut end = last;
                full::look(text, &before, &run, last, &mut |sighting| {
                    end = sighting.value.end;
                    found(sighting);
                });
                last = end;
            }
            Kind::Katakana | Kind::Hiragana => kana::look(text, &run, &mut found),
        }
        before = run;
    }
}
