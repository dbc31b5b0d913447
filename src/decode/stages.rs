//! A region of text with everything decoded that is encoded in it.
//!
//! Stage after stage, and again while anything changes: `%2541` is `%41` is `A`. One text comes
//! out of a region however many encodings it mixes, so that hostile text cannot multiply.

use super::rewrite::{Draft, Rewriter};
use super::{Kind, chars, concat, form, line_join, quoted_printable, spaced, utf7};

type Stage = fn(&[u8], &mut Rewriter<'_>) -> Option<Kind>;

/// From the outermost wrapping inward: a form's fields, mail, then its text, then the source code in it.
const STAGES: [Stage; 7] = [
    form::rewrite,
    quoted_printable::rewrite,
    utf7::rewrite,
    chars::rewrite,
    concat::rewrite,
    line_join::rewrite,
    spaced::rewrite,
];

/// Encodings within each other that are undone at once; what is deeper is found in the result.
const ROUNDS: usize = 4;

/// Two buffers, so that a stage can read one and write the other.
#[derive(Debug, Default)]
pub(super) struct Stages {
    now: Draft,
    next: Draft,
}

impl Stages {
    /// The decoded text of a region and the kind of its outermost encoding; `None` if nothing in
    /// it is encoded.
    pub(super) fn decode(&mut self, region: &[u8]) -> Option<(Kind, &Draft)> {
        let mut outermost = None;
        self.now.edits.clear();
        for round in 0..ROUNDS {
            let mut changed = false;
            // A `+` that was itself encoded is one.
            for stage in &STAGES[usize::from(round > 0)..] {
                let source = if outermost.is_some() { &self.now.bytes } else { region };
                let mut to = Rewriter::new(source, &self.now.edits, &mut self.next);
                let kind = stage(source, &mut to);
                if to.finish() {
                    std::mem::swap(&mut self.now, &mut self.next);
                    outermost = outermost.or(kind);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        Some((outermost?, &self.now))
    }
}
