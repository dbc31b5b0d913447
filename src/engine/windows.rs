//! Where each pattern must be searched for: windows, by pattern.
//!
//! Windows of one pattern never overlap: hits close together become one window, so no byte is
//! searched twice for a pattern however dense its hits are.

use std::ops::Range;

/// The windows of one text; memory is kept from text to text.
#[derive(Debug, Default)]
pub(super) struct Windows {
    by_pattern: Vec<Vec<Range<usize>>>,
    touched: Vec<usize>,
}

impl Windows {
    /// Adds a window. They come in nearly rising order.
    pub(super) fn add(&mut self, pattern: usize, window: Range<usize>) {
        if pattern >= self.by_pattern.len() {
            self.by_pattern.resize_with(pattern + 1, Vec::new);
        }
        let windows = &mut self.by_pattern[pattern];
        match windows.last_mut() {
            Some(last) if window.start <= last.end && last.start <= window.end => {
                last.end = last.end.max(window.end);
                last.start = last.start.min(window.start);
            }
            Some(_) => windows.push(window),
            None => {
                self.touched.push(pattern);
                windows.push(window);
            }
        }
    }

    /// Is the place inside the window that was added last?
    #[inline]
    pub(super) fn covers(&self, pattern: usize, window: &Range<usize>) -> bool {
        let last = self.by_pattern.get(pattern).and_then(|windows| windows.last());
        last.is_some_and(|last| last.start <= window.start && window.end <= last.end)
    }

    /// Hands out every window once, by pattern in rising order, and forgets it.
    pub(super) fn drain(&mut self, mut each: impl FnMut(usize, Range<usize>)) {
        for pattern in self.touched.drain(..) {
            let windows = &mut self.by_pattern[pattern];
            if !windows.is_sorted_by_key(|w| w.start) {
                windows.sort_unstable_by_key(|w| w.start);
            }
            windows.dedup_by(|next, kept| {
                let overlap = next.start <= kept.end;
                if overlap {
                    kept.end = kept.end.max(next.end);
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
        added.iter().for_each(|window| windows.add(3, window.clone()));
        let mut out = Vec::new();
        windows.drain(|pattern, window| out.push((pattern, window)));
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
