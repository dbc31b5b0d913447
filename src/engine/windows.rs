//! Where each pattern must be searched for: windows, by pattern.
//!
//! Windows of one pattern never overlap: hits close together become one window, so no byte is
//! searched twice for a pattern however dense its hits are.

use std::ops::Range;

/// A stretch of text in which a pattern could match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// Matches lie in it.
    pub range: Range<usize>,
    /// And begin before this place.
    pub until: usize,
}

impl Window {
    /// Makes one of two that overlap.
    fn join(&mut self, other: &Window) {
        self.range = self.range.start.min(other.range.start)..self.range.end.max(other.range.end);
        self.until = self.until.max(other.until);
    }
}

/// The windows of one text; memory is kept from text to text.
#[derive(Debug, Default)]
pub(super) struct Windows {
    by_pattern: Vec<Vec<Window>>,
    touched: Vec<usize>,
}

impl Windows {
    /// Adds a window. They come in nearly rising order.
    pub(super) fn add(&mut self, pattern: usize, window: Window) {
        if pattern >= self.by_pattern.len() {
            self.by_pattern.resize_with(pattern + 1, Vec::new);
        }
        let windows = &mut self.by_pattern[pattern];
        match windows.last_mut() {
            Some(last) if window.range.start <= last.range.end && last.range.start <= window.range.end => {
                last.join(&window);
            }
            Some(_) => windows.push(window),
            None => {
                self.touched.push(pattern);
                windows.push(window);
            }
        }
    }

    /// Is the window part of the one that was added last?
    #[inline]
    pub(super) fn covers(&self, pattern: usize, window: &Window) -> bool {
        let last = self.by_pattern.get(pattern).and_then(|windows| windows.last());
        last.is_some_and(|last| {
            last.range.start <= window.range.start && window.range.end <= last.range.end && window.until <= last.until
        })
    }

    /// Hands out every window once, by pattern in rising order, and forgets it.
    pub(super) fn drain(&mut self, mut each: impl FnMut(usize, Window)) {
        for pattern in self.touched.drain(..) {
            let windows = &mut self.by_pattern[pattern];
            if !windows.is_sorted_by_key(|w| w.range.start) {
                windows.sort_unstable_by_key(|w| w.range.start);
            }
            windows.dedup_by(|next, kept| {
                let overlap = next.range.start <= kept.range.end;
                if overlap {
                    kept.join(next);
                }
                overlap
            });
            for window in windows.drain(..) {
                each(pattern, window);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(added: &[Range<usize>]) -> Vec<(usize, Range<usize>)> {
        let mut windows = Windows::default();
        added.iter().for_each(|range| windows.add(3, Window { range: range.clone(), until: range.start + 1 }));
        let mut out = Vec::new();
        windows.drain(|pattern, window| {
            let last = added.iter().filter(|w| window.range.start <= w.start && w.end <= window.range.end);
            assert_eq!(Some(window.until - 1), last.map(|w| w.start).max());
            out.push((pattern, window.range));
        });
        windows.drain(|_, _| unreachable!("drained twice"));
        out
    }

    #[test]
    fn dense_hits_become_one_window() {
        let dense: Vec<_> =
            (0..100).step_by(5).map(|start| start..start + 10).chain(std::iter::once(200..210)).collect();
        assert_eq!(drained(&dense), [(3, 0..105), (3, 200..210)]);
    }

    #[test]
    fn order_does_not_matter() {
        assert_eq!(drained(&[50..60, 0..10, 100..110, 5..55]), [(3, 0..60), (3, 100..110)]);
    }
}
