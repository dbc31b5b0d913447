//! Text with some places replaced, and the way back to the text before.
//!
//! A stage reads a [`Draft`] and writes another through a [`Rewriter`]; places replaced earlier
//! keep their way back to the very first text.

use std::ops::Range;

/// Text that a region was rewritten to.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) bytes: Vec<u8>,
    /// In order; between two of them, a byte stands for a byte.
    pub(super) edits: Vec<Edit>,
}

/// `len` bytes of text at `out` stand for `raw_len` bytes of the region's own text at `raw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) out: u32,
    pub(super) len: u32,
    pub(super) raw: u32,
    pub(super) raw_len: u32,
}

impl Edit {
    fn end(&self) -> usize {
        self.out as usize + self.len as usize
    }

    fn raw_end(&self) -> usize {
        self.raw as usize + self.raw_len as usize
    }
}

/// Writes `source` with replacements into a draft. Offsets given to it are those of `source`
/// and must not fall.
#[derive(Debug)]
pub(super) struct Rewriter<'a> {
    source: &'a [u8],
    edits: &'a [Edit],
    /// How many of `edits` lie wholly before `copied`.
    passed: usize,
    copied: usize,
    changed: bool,
    draft: &'a mut Draft,
}

impl<'a> Rewriter<'a> {
    /// Begins a new text in `draft`. `edits` are those of `source`.
    pub(super) fn new(source: &'a [u8], edits: &'a [Edit], draft: &'a mut Draft) -> Rewriter<'a> {
        draft.bytes.clear();
        draft.edits.clear();
        Rewriter { source, edits, passed: 0, copied: 0, changed: false, draft }
    }

    /// Puts `with` where `range` of the source stood.
    pub(super) fn replace(&mut self, range: Range<usize>, with: &[u8]) {
        self.copy_to(range.start);
        self.changed = true;
        let raw = self.raw(range.start, |edit| edit.raw as usize);
        while self.edits.get(self.passed).is_some_and(|edit| edit.end() <= range.end) {
            self.passed += 1;
        }
        let raw_end = self.raw(range.end, Edit::raw_end);
        self.draft.edits.push(Edit {
            out: self.draft.bytes.len() as u32,
            len: with.len() as u32,
            raw: raw as u32,
            raw_len: (raw_end - raw) as u32,
        });
        self.draft.bytes.extend_from_slice(with);
        self.copied = range.end;
    }

    /// Copies the rest of the source, unless nothing was replaced. Returns whether anything was.
    pub(super) fn finish(mut self) -> bool {
        if self.changed {
            self.copy_to(self.source.len());
        }
        self.changed
    }

    /// Copies the source up to `to`, with what is known of the way back.
    fn copy_to(&mut self, to: usize) {
        let from = self.copied;
        let out = self.draft.bytes.len();
        self.draft.bytes.extend_from_slice(&self.source[from..to]);
        while let Some(edit) = self.edits.get(self.passed).filter(|edit| (edit.out as usize) < to) {
            // Of an edit that a replacement has cut, what is left stands for the whole.
            let start = (edit.out as usize).max(from);
            let end = edit.end().min(to);
            self.draft.edits.push(Edit {
                out: (out + start - from) as u32,
                len: end.saturating_sub(start) as u32,
                raw: edit.raw,
                raw_len: edit.raw_len,
            });
            if edit.end() > to {
                break;
            }
            self.passed += 1;
        }
        self.copied = to;
    }

    /// Where `at` stood in the first text; `within` says it of an edit that `at` lies in.
    fn raw(&self, at: usize, within: impl Fn(&Edit) -> usize) -> usize {
        if let Some(edit) = self.edits.get(self.passed).filter(|edit| (edit.out as usize) < at) {
            return within(edit);
        }
        match self.passed.checked_sub(1).and_then(|last| self.edits.get(last)) {
            Some(edit) => edit.raw_end() + at - edit.end(),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewrite(source: &[u8], edits: &[Edit], places: &[(Range<usize>, &[u8])]) -> Draft {
        let mut draft = Draft::default();
        let mut writer = Rewriter::new(source, edits, &mut draft);
        for (range, with) in places {
            writer.replace(range.clone(), with);
        }
        writer.finish();
        draft
    }

    /// "a%2541b" → "a%41b" → "aAb".
    #[test]
    fn replacing_what_was_replaced_leads_back_to_the_first_text() {
        let once = rewrite(b"a%2541b", &[], &[(1..4, b"%")]);
        assert_eq!(once.bytes, b"a%41b");
        let twice = rewrite(&once.bytes, &once.edits, &[(1..4, b"A")]);
        assert_eq!(twice.bytes, b"aAb");
        assert_eq!(twice.edits, [Edit { out: 1, len: 1, raw: 1, raw_len: 5 }]);
    }

    /// An untouched edit moves; one that is cut keeps the whole of what it stood for.
    #[test]
    fn edits_of_before_are_kept() {
        let once = rewrite(b"x[abc]y[de]z", &[], &[(1..6, b"ABC"), (7..11, b"DE")]);
        assert_eq!(once.bytes, b"xABCyDEz");
        let twice = rewrite(&once.bytes, &once.edits, &[(0..2, b"")]);
        assert_eq!(twice.bytes, b"BCyDEz");
        assert_eq!(
            twice.edits,
            [
                Edit { out: 0, len: 0, raw: 0, raw_len: 6 },
                Edit { out: 0, len: 2, raw: 1, raw_len: 5 },
                Edit { out: 3, len: 2, raw: 7, raw_len: 4 },
            ]
        );
    }
}
