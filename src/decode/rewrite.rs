//! Text with some places replaced, and the way back to the text before.
//!
//! A stage reads a text and writes a [`Draft`] through a [`Rewriter`]; places that an earlier stage
//! replaced keep their way back to the very first text.

use std::ops::Range;

/// Text that a region was rewritten to.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) bytes: Vec<u8>,
    /// In order; between two of them, a byte stands for a byte.
    pub(super) edits: Vec<Edit>,
}

/// From `out` on, `count` times `len` bytes of text stand for `raw_len` bytes of the region's own
/// text each, which begin at `raw`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) out: u32,
    pub(super) len: u32,
    pub(super) raw: u32,
    pub(super) raw_len: u32,
    pub(super) count: u32,
}

impl Edit {
    pub(super) fn end(&self) -> usize {
        (self.out + self.len * self.count) as usize
    }

    pub(super) fn raw_end(&self) -> usize {
        (self.raw + self.raw_len * self.count) as usize
    }

    /// Which of the `count` the text at `at` belongs to.
    fn index(&self, at: usize) -> u32 {
        ((at as u32).saturating_sub(self.out) / self.len.max(1)).min(self.count - 1)
    }
}

/// Writes `source` with replacements into a draft. Offsets given to it are those of `source`
/// and must not fall.
#[derive(Debug)]
pub(super) struct Rewriter<'a> {
    source: &'a [u8],
    edits: &'a [Edit],
    /// How many of `edits` end before or at `copied`.
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
        let raw = self.raw(range.start, |edit, index| edit.raw + edit.raw_len * index);
        while self.edits.get(self.passed).is_some_and(|edit| edit.end() <= range.end) {
            self.passed += 1;
        }
        let raw_end = self.raw(range.end, |edit, index| edit.raw + edit.raw_len * (index + 1));
        self.draft.edit(with.len(), raw, raw_end - raw, 1);
        match with {
            &[byte] => self.draft.bytes.push(byte),
            _ => self.draft.bytes.extend_from_slice(with),
        }
        self.copied = range.end;
        self.changed = true;
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
        if self.copied == to {
            return;
        }
        while let Some(edit) = self.edits.get(self.passed).filter(|edit| (edit.out as usize) < to) {
            self.copy_plain(edit.out as usize);
            // Of a unit that a replacement has cut, what is left stands for the whole.
            while self.copied < edit.end().min(to) {
                let index = edit.index(self.copied);
                let unit = (edit.out + index * edit.len) as usize;
                let whole = if self.copied == unit { (to - unit) as u32 / edit.len } else { 0 };
                let (end, count) = match whole.min(edit.count - index) {
                    0 => (to.min(unit + edit.len as usize), 1),
                    count => (unit + (count * edit.len) as usize, count),
                };
                let raw = edit.raw + index * edit.raw_len;
                self.draft.edit((end - self.copied) / count as usize, raw, edit.raw_len, count);
                self.copy_plain(end);
            }
            if edit.len == 0 {
                self.draft.edit(0, edit.raw, edit.raw_len, edit.count);
            }
            if edit.end() > to {
                return;
            }
            self.passed += 1;
        }
        self.copy_plain(to);
    }

    fn copy_plain(&mut self, to: usize) {
        if to > self.copied {
            self.draft.bytes.extend_from_slice(&self.source[self.copied..to]);
            self.copied = to;
        }
    }

    /// Where `at` stood in the first text; `within` says it of the unit of an edit that `at` lies
    /// in, by its index.
    fn raw(&self, at: usize, within: impl Fn(&Edit, u32) -> u32) -> u32 {
        if let Some(edit) = self.edits.get(self.passed).filter(|edit| (edit.out as usize) < at) {
            // A boundary between two units belongs to the one that is asked for: the one that
            // begins there as a start, the one that ends there as an end.
            let inner = (at as u32 - edit.out).checked_rem(edit.len).unwrap_or(0);
            return match inner {
                0 => edit.raw + (at as u32 - edit.out) / edit.len.max(1) * edit.raw_len,
                _ => within(edit, edit.index(at)),
            };
        }
        match self.passed.checked_sub(1).and_then(|last| self.edits.get(last)) {
            Some(edit) => (edit.raw_end() + at - edit.end()) as u32,
            None => at as u32,
        }
    }
}

impl Draft {
    /// Notes that what is written next stands for `count` times `raw_len` bytes at `raw`.
    fn edit(&mut self, len: usize, raw: u32, raw_len: u32, count: u32) {
        let edit = Edit { out: self.bytes.len() as u32, len: len as u32, raw, raw_len, count };
        match self.edits.last_mut() {
            Some(last)
                if last.end() == edit.out as usize
                    && last.raw_end() == raw as usize
                    && (last.len, last.raw_len) == (edit.len, raw_len) =>
            {
                last.count += count
            }
            _ => self.edits.push(edit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        assert_eq!(twice.edits, [Edit { out: 1, len: 1, raw: 1, raw_len: 5, count: 1 }]);
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
                Edit { out: 0, len: 0, raw: 0, raw_len: 6, count: 1 },
                Edit { out: 0, len: 2, raw: 1, raw_len: 5, count: 1 },
                Edit { out: 3, len: 2, raw: 7, raw_len: 4, count: 1 },
            ]
        );
    }

    /// Where each byte of a draft came from, by its edits.
    fn ways(draft: &Draft) -> Vec<Range<usize>> {
        let mut ways = Vec::new();
        let (mut out, mut raw) = (0, 0);
        for edit in &draft.edits {
            while out < edit.out as usize {
                ways.push(raw..raw + 1);
                (out, raw) = (out + 1, raw + 1);
            }
            for i in 0..edit.count {
                let start = (edit.raw + i * edit.raw_len) as usize;
                ways.extend((0..edit.len).map(|_| start..start + edit.raw_len as usize));
            }
            (out, raw) = (edit.end(), edit.raw_end());
        }
        while out < draft.bytes.len() {
            ways.push(raw..raw + 1);
            (out, raw) = (out + 1, raw + 1);
        }
        ways
    }

    proptest! {
        /// Two rounds of replacements, followed byte by byte.
        #[test]
        fn every_byte_finds_its_way_back(
            length in 0..60_usize,
            first in prop::collection::vec((0..4_usize, 1..5_usize, 0..4_usize), 0..12),
            second in prop::collection::vec((0..4_usize, 1..5_usize, 0..4_usize), 0..12),
        ) {
            let text = vec![b'.'; length];
            let draft = |source: &[u8], edits: &[Edit], plan: &[(usize, usize, usize)]| {
                let (mut places, mut at) = (Vec::new(), 0);
                for &(gap, taken, put) in plan {
                    if at + gap + taken <= source.len() {
                        places.push((at + gap..at + gap + taken, &b"###"[..put]));
                        at += gap + taken;
                    }
                }
                let mut draft = rewrite(source, edits, &places);
                if places.is_empty() {
                    draft = Draft { bytes: source.to_vec(), edits: edits.to_vec() };
                }
                (draft, places)
            };
            let (once, _) = draft(&text, &[], &first);
            let before = ways(&once);
            prop_assert_eq!(before.len(), once.bytes.len());
            let (twice, places) = draft(&once.bytes, &once.edits, &second);
            let after = ways(&twice);
            prop_assert_eq!(after.len(), twice.bytes.len());
            let mut expected = Vec::new();
            let mut at = 0;
            for (range, with) in &places {
                expected.extend_from_slice(&before[at..range.start]);
                let whole = before[range.start].start..before[range.end - 1].end;
                expected.extend(with.iter().map(|_| whole.clone()));
                at = range.end;
            }
            expected.extend_from_slice(&before[at..]);
            for (i, (way, expected)) in after.iter().zip(&expected).enumerate() {
                // What was dropped beside a replacement may or may not count to it.
                let close = way.start >= expected.start.saturating_sub(20) && way.end <= expected.end + 20;
                prop_assert!(way.start <= expected.start && expected.end <= way.end && close, "{}: {:?} {:?}", i, way, expected);
            }
        }
    }
}
