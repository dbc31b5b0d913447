//! Which part of a file is new: old versions and the new one → ranges of whole lines.
//!
//! A line is new if no old version has it (as often). Unlike a diff this needs no search for the
//! shortest edit, takes time linear in the bytes, and a line that was only moved, or got another
//! line end, is not new.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use crate::chunk::{Origin, Step};

/// Ranges of bytes of a file that are new, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    ranges: Vec<Range<u64>>,
    lines: u64,
}

impl Added {
    /// The lines of `new` that none of the `old` versions has.
    pub fn between<'o>(old: impl IntoIterator<Item = &'o [u8]>, new: &[u8]) -> Added {
        let state = RandomState::new();
        // How often each line is known: as often as in the version that has it most often.
        let mut known: HashMap<u64, u32> = HashMap::new();
        for version in old {
            let mut here: HashMap<u64, u32> = HashMap::new();
            for line in lines(version) {
                *here.entry(state.hash_one(content(&version[line]))).or_default() += 1;
            }
            if known.is_empty() {
                known = here;
            } else {
                for (line, count) in here {
                    let known = known.entry(line).or_default();
                    *known = count.max(*known);
                }
            }
        }
        let mut added = Added::default();
        for line in lines(new) {
            match known.get_mut(&state.hash_one(content(&new[line.clone()]))) {
                Some(left) if *left > 0 => *left -= 1,
                _ => added.push(line),
            }
        }
        added
    }

    fn push(&mut self, line: Range<usize>) {
        self.lines += 1;
        // The line end belongs to it: adjacent lines join.
        let (start, end) = (line.start as u64, line.end as u64 + 1);
        match self.ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.ranges.push(start..end),
        }
    }

    /// Number of new lines.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Does something at these bytes of `origin`'s innermost member stand on a new line? What is
    /// inside a document has no lines of the file, so a changed document is new as a whole.
    pub fn touches(&self, origin: &Origin, span: &Range<u64>) -> bool {
        let decoded = |step: &Step| matches!(step, Step::Decoded { .. });
        if origin.inside.iter().all(decoded) {
            let first = self.ranges.partition_point(|range| range.end <= span.start);
            return self.ranges.get(first).is_some_and(|range| range.start < span.end.max(span.start + 1));
        }
        match origin.inside.first() {
            // A container that stands encoded in the text: it may reach to any later line.
            Some(Step::Decoded { at, .. }) => self.ranges.last().is_some_and(|range| range.end > *at),
            _ => true,
        }
    }
}

/// A line without what is left of a DOS line end: a file whose line ends were changed has no new
/// lines.
fn content(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The lines of a text without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let ends = memchr::memchr_iter(b'\n', text).chain((text.last().is_some_and(|&b| b != b'\n')).then_some(text.len()));
    ends.map(move |end| {
        let line = at..end;
        at = end + 1;
        line
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ranges, and the number of lines.
    fn added(old: &[&str], new: &str) -> String {
        let added = Added::between(old.iter().map(|o| o.as_bytes()), new.as_bytes());
        format!("{:?} {}", added.ranges, added.lines)
    }

    #[test]
    fn what_no_old_version_has_is_new() {
        assert_eq!(added(&[], "a\nb"), "[0..4] 2");
        assert_eq!(added(&["a\nb\n"], "a\nx\nb\n"), "[2..4] 1");
        assert_eq!(added(&["a\n", "b\n"], "b\na\nc\nd\n"), "[4..8] 2");
        assert_eq!(added(&["a\nb\n"], ""), "[] 0");
        assert_eq!(added(&["a"], "a\n"), "[] 0");
    }

    #[test]
    fn a_line_moved_is_old_and_a_line_doubled_is_new() {
        assert_eq!(added(&["a\nb\nc\n"], "c\na\nb\n"), "[] 0");
        assert_eq!(added(&["a\n"], "a\na\n"), "[2..4] 1");
        // Both sides of a merge have it once.
        assert_eq!(added(&["a\n", "a\n"], "a\na\n"), "[2..4] 1");
    }

    #[test]
    fn a_finding_counts_where_it_touches_a_new_line() {
        let added = Added::between([&b"one\ntwo\nthree\n"[..]], b"one\nTWO\nthree\n");
        let file = Origin::file(std::path::Path::new("a"));
        assert!(!added.touches(&file, &(0..3)) && !added.touches(&file, &(8..13)));
        assert!(added.touches(&file, &(4..5)) && added.touches(&file, &(0..6)) && added.touches(&file, &(6..9)));
        let decoded = file.step(Step::Decoded { by: "base64", at: 4 });
        assert!(added.touches(&decoded, &(4..6)) && !added.touches(&decoded, &(0..3)));
        // Inside a document positions are the member's own.
        assert!(added.touches(&file.step(Step::Cell("A1".into())), &(0..3)));
        let zip = file.step(Step::Decoded { by: "base64", at: 9 }).step(Step::Member("x".into()));
        assert!(!added.touches(&zip, &(0..3)));
    }
}
