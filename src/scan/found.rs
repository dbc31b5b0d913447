//! The findings of one window or block, before they leave: what was seen both raw and decoded
//! is one finding.
//!
//! Decoded text is looked at after the text that it came out of. A decoded finding that lies
//! where its detector has found something already is that finding in another form (a PEM block
//! with `\n` written out); a generic finding whose text turns out, decoded, to be something in
//! particular gives way to it.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::detector::Detector;
use crate::finding::Finding;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Found {
    findings: Vec<Option<Finding>>,
    /// By detector and beginning in the text that everything came out of. Spans of one detector
    /// do not overlap.
    spans: BTreeMap<(usize, u64), Span>,
    /// Generic detectors that have found something.
    generic: Vec<usize>,
    /// What all others have found: beginning and end.
    particular: BTreeMap<u64, u64>,
    /// Where the containers begin that were opened.
    opened: HashSet<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    end: u64,
    /// Steps of decoding before it was found.
    depth: usize,
    /// The finding, if it was kept.
    finding: Option<usize>,
}

/// Bytes of encoded text that hold the end of one value and the beginning of the next: a group of
/// base64.
const SHARED: u64 = 4;

/// Is it one place? Neighbours in decoded text may share what their border is encoded in.
fn is_same(one: &Range<u64>, other: &Range<u64>) -> bool {
    let common = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    common > SHARED || common > 0 && common >= (one.end - one.start).min(other.end - other.start)
}

impl Found {
    /// Is something that `detector` finds at `span` in decoded text known already: found by
    /// itself, or, if it is generic, by a particular detector?
    pub(super) fn knows(&self, detector: &Detector, index: usize, span: &Range<u64>) -> bool {
        let last = self.particular.range(..span.end.max(span.start + 1)).next_back();
        self.over(index, span).is_some()
            || detector.generic && last.is_some_and(|(start, end)| is_same(&(*start..*end), span))
    }

    /// Is this the first container that begins at `at`? One in a string literal is met again when
    /// the literal's escapes are undone.
    pub(super) fn opens(&mut self, at: u64) -> bool {
        self.opened.insert(at)
    }

    /// Adds what `detector` has found at `span` after `depth` steps; no finding if it is only
    /// counted.
    pub(super) fn add(
        &mut self,
        detector: &Detector,
        index: usize,
        span: Range<u64>,
        depth: usize,
        finding: Option<Finding>,
    ) {
        if !detector.generic {
            self.particular.insert(span.start, span.end);
        } else if !self.generic.contains(&index) {
            self.generic.push(index);
        }
        let finding = finding.map(|finding| {
            self.findings.push(Some(finding));
            self.findings.len() - 1
        });
        self.spans.insert((index, span.start), Span { end: span.end, depth, finding });
    }

    /// Takes back what generic detectors have found over `span` after fewer steps: the
    /// detectors, and whether it was an alarm.
    pub(super) fn take_generic(&mut self, span: &Range<u64>, depth: usize) -> Vec<(usize, bool)> {
        let mut taken = Vec::new();
        for &detector in &self.generic {
            if let Some((start, over)) = self.over(detector, span)
                && over.depth < depth
            {
                self.spans.remove(&(detector, start));
                let finding = over.finding.and_then(|index| self.findings[index].take());
                taken.push((detector, finding.is_none_or(|f| f.suppressed.is_none())));
            }
        }
        taken
    }

    fn over(&self, detector: usize, span: &Range<u64>) -> Option<(u64, Span)> {
        let last = self.spans.range((detector, 0)..(detector, span.end.max(span.start + 1))).next_back();
        last.filter(|((_, start), over)| is_same(&(*start..over.end), span)).map(|((_, start), over)| (*start, *over))
    }

    /// The findings in the order of their positions.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.findings.into_iter().flatten().collect();
        findings.sort_by_key(|finding| finding.start.byte);
        findings
    }
}
