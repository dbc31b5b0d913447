//! The way back: from an offset in normalised or decoded text to the bytes it was made of.
//!
//! Run-encoded: a run says "from here on, every `out_step` bytes of text stand for `raw_step`
//! bytes of the original". A full-width number, a base64 body or a UTF-16 file is one run, so
//! maps stay small whatever the length. An empty map is the identity.

use std::ops::Range;

/// From `out` (text) and `raw` (original) on, `out_step` text bytes stand for `raw_step` bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    out: usize,
    raw: usize,
    out_step: u32,
    raw_step: u32,
}

/// Maps offsets in text back to offsets in the bytes it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    runs: Vec<Run>,
}

impl OffsetMap {
    /// The map of text that is its own original.
    pub fn identity() -> OffsetMap {
        OffsetMap::default()
    }

    /// Is every offset its own original?
    pub fn is_identity(&self) -> bool {
        self.runs.is_empty()
    }

    /// Forgets all runs and keeps the memory.
    pub fn clear(&mut self) {
        self.runs.clear();
    }

    /// Number of runs, for tests and measurements.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Says that the text from `out` on was made from the original from `raw` on, at
    /// `out_step` bytes of text for `raw_step` bytes of the original. Offsets must not fall.
    /// A run that continues the previous one adds nothing.
    pub fn push(&mut self, out: usize, raw: usize, out_step: u32, raw_step: u32) {
        debug_assert!(out_step > 0);
        let run = Run { out, raw, out_step, raw_step };
        match self.runs.last_mut() {
            None if out == 0 && raw == 0 && out_step == raw_step => {}
            Some(last) if last.out == out => *last = run,
            Some(last) if last.continues(&run) => {}
            None => {
                if out > 0 {
                    self.runs.push(Run { out: 0, raw: 0, out_step: 1, raw_step: 1 });
                    self.push(out, raw, out_step, raw_step);
                } else {
                    self.runs.push(run);
                }
            }
            Some(_) => self.runs.push(run),
        }
    }

    /// Forgets everything from `out` on: that text is written anew.
    pub(super) fn rewind(&mut self, out: usize) {
        while self.runs.pop_if(|run| run.out >= out).is_some() {}
    }

    /// Where in the original the unit begins that the text byte at `out` belongs to.
    pub fn start(&self, out: usize) -> usize {
        match self.run_of(out) {
            None => out,
            Some(run) => run.raw + run.scale((out - run.out) / run.out_step as usize * run.out_step as usize),
        }
    }

    /// Where in the original the unit ends that the text byte before `out` belongs to.
    pub fn end(&self, out: usize) -> usize {
        let Some(last) = out.checked_sub(1) else { return self.start(0) };
        match self.run_of(last) {
            None => out,
            Some(run) => {
                let units = (last - run.out) / run.out_step as usize + 1;
                let end = run.raw + run.scale(units * run.out_step as usize);
                // The last unit of a run may be cut short by the run that follows it.
                match self.runs.get(self.index_of(last).map_or(0, |i| i + 1)) {
                    Some(next) if next.raw < end && next.out >= out => next.raw,
                    _ => end,
                }
            }
        }
    }

    /// The span of the original that a span of text was made from.
    pub fn span(&self, out: Range<usize>) -> Range<usize> {
        let start = self.start(out.start);
        start..self.end(out.end).max(start)
    }

    /// The first text offset whose original begins at or after `raw`. The inverse of
    /// [`OffsetMap::start`], by bisection.
    pub fn find(&self, raw: usize, text_len: usize) -> usize {
        if self.is_identity() {
            return raw.min(text_len);
        }
        let (mut low, mut high) = (0, text_len);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.start(middle) < raw { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn index_of(&self, out: usize) -> Option<usize> {
        if self.runs.last().is_some_and(|last| last.out <= out) {
            return Some(self.runs.len() - 1);
        }
        self.runs.partition_point(|run| run.out <= out).checked_sub(1)
    }

    fn run_of(&self, out: usize) -> Option<&Run> {
        self.index_of(out).map(|i| &self.runs[i])
    }
}

impl Run {
    /// Bytes of the original for `out` bytes of text from the run's beginning.
    fn scale(&self, out: usize) -> usize {
        out / self.out_step as usize * self.raw_step as usize
    }

    fn continues(&self, next: &Run) -> bool {
        let gap = next.out - self.out;
        self.out_step == next.out_step
            && self.raw_step == next.raw_step
            && gap.is_multiple_of(self.out_step as usize)
            && self.raw + self.scale(gap) == next.raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_maps_every_offset_to_itself() {
        let map = OffsetMap::identity();
        assert_eq!(map.span(3..9), 3..9);
        assert_eq!(map.find(7, 20), 7);
    }

    /// "ab" + three full-width digits (3 bytes each) + "c".
    #[test]
    fn a_full_width_run_is_one_entry() {
        let mut map = OffsetMap::default();
        map.push(2, 2, 1, 3);
        map.push(3, 5, 1, 3);
        map.push(4, 8, 1, 3);
        map.push(5, 11, 1, 1);
        assert_eq!(map.runs(), 3);
        assert_eq!(map.span(2..5), 2..11);
        assert_eq!(map.span(3..4), 5..8);
        assert_eq!(map.span(5..6), 11..12);
        assert_eq!(map.span(0..6), 0..12);
        assert_eq!(map.find(5, 6), 3);
    }

    /// base64: four characters for three bytes.
    #[test]
    fn steps_round_outward() {
        let mut map = OffsetMap::default();
        map.push(0, 100, 3, 4);
        assert_eq!(map.span(1..2), 100..104);
        assert_eq!(map.span(2..4), 100..108);
    }

    /// A dropped zero-width character: the byte after it is further on, and no span includes it
    /// by accident at its end.
    #[test]
    fn dropped_bytes_belong_to_nobody() {
        let mut map = OffsetMap::default();
        map.push(4, 7, 1, 1);
        assert_eq!(map.span(0..4), 0..4);
        assert_eq!(map.span(3..5), 3..8);
        assert_eq!(map.span(4..5), 7..8);
    }
}
