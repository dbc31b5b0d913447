//! What stands around a value: text for the checks, and other hits on the same text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Hit;
use crate::detector::{Confidence, Detector};
use crate::finding::Reason;

/// Bytes of context that checks get on each side.
const AROUND: usize = 64;

/// Up to [`AROUND`] bytes before and after the value on its line.
pub(super) fn around<'a>(text: &'a [u8], value: &Range<usize>) -> (Cow<'a, str>, Cow<'a, str>) {
    let before = &text[value.start.saturating_sub(AROUND)..value.start];
    let before = before.rsplit(|&b| b == b'\n').next().unwrap_or(before);
    let after = &text[value.end..(value.end + AROUND).min(text.len())];
    let after = after.split(|&b| b == b'\n').next().unwrap_or(after);
    (String::from_utf8_lossy(before), String::from_utf8_lossy(after))
}

/// Of hits of one detector on overlapping text (two of its variants) keeps the surest, else
/// the longest. Hits are in order of their offset.
pub(super) fn merge_variants(hits: &mut Vec<Hit>, from: usize) {
    let mut kept = from;
    for i in from..hits.len() {
        let rival = (from..kept)
            .rev()
            .take_while(|&k| hits[k].value.start + 4096 > hits[i].value.start)
            .find(|&k| hits[k].detector == hits[i].detector && hits[k].value.end > hits[i].value.start);
        match rival {
            Some(k) => {
                let rank = |hit: &Hit| (hit.confidence, hit.value.len());
                if rank(&hits[i]) > rank(&hits[k]) {
                    hits.swap(i, k);
                }
            }
            None => {
                hits.swap(i, kept);
                kept += 1;
            }
        }
    }
    hits.truncate(kept);
    hits[from..].sort_by_key(|hit| hit.value.start);
}

/// Does the hit say whose credential it is?
fn names_service(hit: &Hit) -> bool {
    hit.reasons.iter().any(|reason| matches!(reason, Reason::Service(_)))
}

/// Drops generic hits from `hits[from..]` where a particular detector reports the same text at
/// least as surely, and those of a particular one where one that it yields to does. Hits are in order of their offset.
pub(super) fn yield_generic(detectors: &[Arc<Detector>], hits: &mut Vec<Hit>, from: usize) {
    let generic = |hit: &Hit| detectors[hit.detector].generic;
    let gives_way = |hit: &Hit| !detectors[hit.detector].yields_to.is_empty();
    if !hits[from..].iter().any(|hit| generic(hit) || gives_way(hit)) {
        return;
    }
    let longest = hits[from..].iter().map(|h| h.value.len()).max().unwrap_or(0);
    let yields: Vec<bool> = (from..hits.len())
        .map(|i| {
            let hit = &hits[i];
            let beats = |other: &Hit| {
                let overlaps = other.value.start < hit.value.end && hit.value.start < other.value.end;
                overlaps
                    && if generic(other) && names_service(other) == names_service(hit) {
                        // Of two generic ones on the very same text the surer stays, else the first.
                        other.value == hit.value && (other.confidence, hit.detector) > (hit.confidence, other.detector)
                    } else if generic(other) && names_service(hit) {
                        false
                    } else {
                        other.confidence >= hit.confidence.min(Confidence::Medium)
                    }
            };
            let before = hits[from..i].iter().rev().take_while(|h| h.value.start + longest > hit.value.start);
            let after = hits[i + 1..].iter().take_while(|h| h.value.start < hit.value.end);
            let owns = |other: &Hit| {
                let id = &detectors[other.detector].id;
                let overlaps = other.value.start < hit.value.end && hit.value.start < other.value.end;
                overlaps && other.confidence > Confidence::Low && detectors[hit.detector].yields_to.contains(id)
            };
            match generic(hit) {
                true => before.chain(after).any(beats),
                false => gives_way(hit) && before.chain(after).any(owns),
            }
        })
        .collect();
    let mut index = 0;
    let mut keep = yields.into_iter();
    hits.retain(|_| {
        index += 1;
        index <= from || !keep.next().unwrap_or(false)
    });
}
