//! Records: which findings on a text speak of the same person.
//!
//! Hits in the order of their offsets in; numbers of records on them out. Two or more kinds of
//! personal data in one row, one object or a few lines without a gap are a record. What would be
//! too weak alone is believed inside of one. Knows no files: numbers count from 0 in each text.

use std::ops::Range;
use std::sync::Arc;

use super::Hit;
use crate::detector::{Category, Confidence, Detector};
use crate::finding::Reason;

/// How far around a text's core hits are looked for, in bytes, so that records are not torn where one
/// window ends and the next begins.
pub(super) const REACH: usize = 640;
/// Lines that a record may go on without any hit.
const LINES: usize = 3;
/// Bytes between two hits of a record.
const FARTHEST: usize = 400;

/// Numbers the records among the hits and raises the weak ones inside of them.
pub(super) fn join(text: &[u8], detectors: &[Arc<Detector>], hits: &mut [Hit]) {
    let kind = |hit: &Hit| kind(&detectors[hit.detector]);
    let mut number = 0;
    let mut group: Vec<usize> = Vec::new();
    for i in 0..=hits.len() {
        if hits.get(i).is_some_and(|hit| kind(hit).is_none() || hit.doubted) {
            continue;
        }
        let begins = match (hits.get(i), group.last()) {
            (Some(next), Some(&last)) => is_new(text, hits, &group, last, next, &kind),
            _ => true,
        };
        if begins {
            if close(text, hits, &group, &kind, number) {
                number += 1;
            }
            group.clear();
        }
        group.push(i);
    }
}

/// Makes a record of a group if it has two kinds of data that are sure enough.
fn close(text: &[u8], hits: &mut [Hit], group: &[usize], kind: &dyn Fn(&Hit) -> Option<Kind>, number: u32) -> bool {
    let sure = |hit: &&Hit| hit.confidence > Confidence::Low;
    let mut kinds: Vec<Kind> = group.iter().map(|&i| &hits[i]).filter(sure).filter_map(kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < 2 {
        return false;
    }
    let certain: Vec<usize> = group.iter().filter(|&&i| sure(&&hits[i])).map(|&i| hits[i].value.start).collect();
    for &i in group {
        // A word that looks like a name needs something certain on its very line.
        let is_beside = |hit: &Hit| {
            let line = |other: usize| hit.value.start.min(other)..hit.value.start.max(other);
            certain.iter().any(|&other| !text[line(other)].contains(&b'\n'))
        };
        let believed =
            hits[i].confidence == Confidence::Low && (kind(&hits[i]) != Some(Kind::Name) || is_beside(&hits[i]));
        let hit = &mut hits[i];
        if believed {
            hit.confidence = Confidence::Medium;
            hit.reasons.push(Reason::Named("record"));
        }
        hit.record = Some(number);
    }
    true
}

/// Does `next` begin another record than the one of `group`?
fn is_new(
    text: &[u8],
    hits: &[Hit],
    group: &[usize],
    last: usize,
    next: &Hit,
    kind: &dyn Fn(&Hit) -> Option<Kind>,
) -> bool {
    let last = &hits[last];
    let between = text.get(last.value.end..next.value.start).unwrap_or_default();
    if between.len() > FARTHEST || is_border(between) {
        return true;
    }
    let text = String::from_utf8_lossy(between);
    if !text.contains(['\n', '、', ';', '/']) {
        return false;
    }
    // The kind that the record begins with comes again on a line of its own: 氏名 … 電話 …, 氏名 …
    let first = group.first().map(|&i| &hits[i]);
    let is_full = group.iter().any(|&i| kind(&hits[i]) != first.and_then(kind));
    is_full && first.and_then(kind) == kind(next)
}

/// Is there a blank line, too many lines, or the end of an object or tuple between two hits?
fn is_border(between: &[u8]) -> bool {
    let mut lines = between.split(|&b| b == b'\n');
    let first = lines.next();
    let rest: Vec<&[u8]> = lines.collect();
    let blank = rest.len() > 1 && rest[..rest.len() - 1].iter().any(|line| line.trim_ascii().is_empty());
    if first.is_none() || rest.len() > LINES || blank {
        return true;
    }
    // },{ and ),(
    let solid = between.iter().copied().filter(|b| !b.is_ascii_whitespace());
    let mut before = [0u8; 2];
    for b in solid {
        if matches!((before, b), ([_, b'}'], b'{') | ([b'}', b','], b'{') | ([b')', b','], b'(')) {
            return true;
        }
        before = [before[1], b];
    }
    false
}

/// What a detector's findings tell of a person; postal code and address are one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Name,
    Address,
    /// Anything else, by the kind's name.
    Other(&'static str),
}

fn kind(detector: &Detector) -> Option<Kind> {
    if detector.category != Category::Personal {
        return None;
    }
    Some(match detector.id.trim_start_matches("personal/") {
        "person-name" => Kind::Name,
        "postal-address" | "postal-code" => Kind::Address,
        // They tell of machines and companies first.
        "ip-address" | "mac-address" | "jp-corporate-number" | "iccid" | "imei" => return None,
        other => Kind::Other(KINDS.iter().find(|k| **k == other).copied().unwrap_or("number")),
    })
}

/// Kinds that are told apart; any other identifier is a number.
const KINDS: [&str; 5] = ["phone-number", "email-address", "date-of-birth", "payment-card", "jp-bank-account"];

/// What surrounds the personal data among the hits, as ranges within `core`.
pub(super) fn surroundings(detectors: &[Arc<Detector>], hits: &[Hit], core: &Range<usize>) -> Vec<Range<usize>> {
    const AROUND: usize = 320;
    let is_personal = |hit: &&Hit| !hit.doubted && kind(&detectors[hit.detector]).is_some();
    let around = |hit: &Hit| {
        let (from, to) = (hit.value.start.saturating_sub(AROUND), hit.value.end + AROUND);
        from.max(core.start)..to.min(core.end)
    };
    let mut all: Vec<Range<usize>> = hits.iter().filter(is_personal).map(around).filter(|r| !r.is_empty()).collect();
    all.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in all {
        match merged.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
