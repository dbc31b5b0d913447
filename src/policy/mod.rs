//! A hit and what is said of it → a [`Verdict`] with its reason.
//!
//! Pure: no I/O, no clock. Detection is over when this decides; it never changes what was
//! found, only whether it raises an alarm.

mod allow;
mod approvals;
mod articles;
mod baseline;
mod inline;
mod own;

use std::sync::Arc;

use crate::detector::{Confidence, Detector};
use crate::finding::Suppression;

pub use allow::{Allow, Value};
pub use approvals::{Approvals, Broad, Subject, broad};
pub use articles::Policy;
pub use baseline::{Base, Baseline, Change};
pub use own::Own;

/// What is to be reported.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The least confidence that is reported.
    pub min_confidence: Confidence,
    /// Do comments in the text itself (`sekisho:allow …`) count?
    pub inline_allow: bool,
    /// What a repository's own settings allow.
    pub allowed: Vec<Arc<Allow>>,
    /// Findings that are known.
    pub baseline: Option<Arc<Baseline>>,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { min_confidence: Confidence::Medium, inline_allow: true, allowed: Vec::new(), baseline: None }
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

/// Decides about a hit of `detector` that stands on `line`; `before` is the line above it.
pub fn judge(rules: &Rules, detector: &Detector, confidence: Confidence, line: &[u8], before: &[u8]) -> Verdict {
    if confidence < rules.min_confidence {
        return Verdict::Below;
    }
    if rules.inline_allow
        && let Some(allow) = inline::allow(line, before, detector)
    {
        return Verdict::Suppress(allow);
    }
    Verdict::Report
}

/// Does a name stand for a detector: its id, its class (`credential`, `credential/*`) or `*`?
pub fn names(name: &str, id: &str) -> bool {
    let name = name.strip_suffix("/*").unwrap_or(name);
    name == "*" || name == id || id.split('/').next() == Some(name)
}
