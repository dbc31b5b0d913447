//! A hit and what is said of it → a [`Verdict`] with its reason.
//!
//! Pure: no I/O, no clock. Detection is over when this decides; it never changes what was
//! found, only whether it raises an alarm.

mod articles;

use crate::detector::{Confidence, Detector};
use crate::finding::Suppression;

pub use articles::Policy;

/// What is to be reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The least confidence that is reported.
    pub min_confidence: Confidence,
    /// Do comments in the text itself (`sekisho:allow …`) count?
    pub inline_allow: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { min_confidence: Confidence::Medium, inline_allow: true }
    }
}

/// What becomes of a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// An alarm.
    Report,
    /// Below the threshold; not mentioned.
    Below,
    /// Found, but allowed.
    Suppress(Suppression),
}

/// Decides about a hit of `detector` that stands on `line`.
pub fn judge(rules: &Rules, detector: &Detector, confidence: Confidence, line: &[u8]) -> Verdict {
    if confidence < rules.min_confidence {
        return Verdict::Below;
    }
    if rules.inline_allow
        && let Some(allow) = inline_allow(line, &detector.id)
    {
        return Verdict::Suppress(allow);
    }
    Verdict::Report
}

/// The tag of our own comments: `sekisho:allow DETECTOR[,DETECTOR…] [-- reason]`, where a
/// detector is an id, a class (`credential`) or `*`.
const TAG: &str = "sekisho:allow";

fn inline_allow(line: &[u8], id: &str) -> Option<Suppression> {
    let at = memchr::memmem::find(line, TAG.as_bytes())?;
    let rest = String::from_utf8_lossy(&line[at + TAG.len()..]);
    let (names, reason) = match rest.split_once(" -- ") {
        Some((names, reason)) => (names, Some(reason)),
        None => (&*rest, None),
    };
    let names = names.split_whitespace().next()?;
    let covers = |name: &str| {
        let name = name.strip_suffix("/*").unwrap_or(name);
        name == "*" || name == id || id.split('/').next() == Some(name)
    };
    let close = |reason: &str| {
        let reason = reason.trim();
        ["*/", "-->", "#}"].iter().find_map(|end| reason.strip_suffix(end)).unwrap_or(reason).trim().to_owned()
    };
    names
        .split(',')
        .any(covers)
        .then(|| Suppression::InlineAllow(reason.map(close).filter(|reason| !reason.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(line: &str) -> Option<Suppression> {
        inline_allow(line.as_bytes(), "credential/github-token")
    }

    #[test]
    fn a_tag_names_detectors_and_a_reason() {
        let with = |reason: &str| Some(Suppression::InlineAllow(Some(reason.to_owned())));
        assert_eq!(allowed("x # sekisho:allow credential/github-token -- test double"), with("test double"));
        assert_eq!(allowed("/* sekisho:allow credential -- 試験用 */"), with("試験用"));
        assert_eq!(allowed("<!-- sekisho:allow * -->"), Some(Suppression::InlineAllow(None)));
        assert_eq!(
            allowed("# sekisho:allow personal/email-address,credential/*"),
            Some(Suppression::InlineAllow(None))
        );
    }

    #[test]
    fn a_tag_for_something_else_or_for_nothing_allows_nothing() {
        assert_eq!(allowed("# sekisho:allow personal/email-address"), None);
        assert_eq!(allowed("# sekisho:allow"), None);
        assert_eq!(allowed("# sekisho:allow credential/github"), None);
    }
}
