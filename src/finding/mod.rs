//! [`Finding`] and its parts: inert data, ready to be shown.
//!
//! By the time a finding exists its value is gone: only the masked preview, the fingerprint
//! and the place are left (the raw value only where the user asked for `--reveal`).

mod fingerprint;
mod mask;
mod place;

use std::fmt;
use std::sync::Arc;

use crate::chunk::Origin;
use crate::detector::{Detector, Severity};

pub use crate::detector::Confidence;

pub use fingerprint::{Fingerprint, Key, is_guessable};
pub use mask::{Preview, mask};
pub use place::Place;

/// A position in the original bytes of the innermost member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// Offset in bytes, from 0.
    pub byte: u64,
}

/// One piece of evidence for or against a finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A fact by its fixed name: `pattern`, `check-digit`, `placeholder`, …
    Named(&'static str),
    /// A context word that stands near.
    Context(Arc<str>),
    /// A word nearby that speaks against it.
    Against(Arc<str>),
    /// The service whose credential it is.
    Service(Arc<str>),
    /// Part of a registered document: how much of it in percent, and its name.
    Copy(u8, Arc<str>),
    /// The very content of a registered file; its name.
    Same(Arc<str>),
    /// A value of a registered table; its name.
    Row(Arc<str>),
    /// The client in whose workspace it lies, though it is another's.
    Workspace(Arc<str>),
    /// The other half of the credential stands near: the detector that finds it, or its name.
    Pair(Arc<str>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Named(name) => f.write_str(name),
            Reason::Context(word) => write!(f, "context:{word}"),
            Reason::Against(word) => write!(f, "against:{word}"),
            Reason::Service(name) => write!(f, "service:{name}"),
            Reason::Copy(percent, name) => write!(f, "copy: {percent} % of {name}"),
            Reason::Same(name) => write!(f, "copy: all of {name}"),
            Reason::Row(table) => write!(f, "row of {table}"),
            Reason::Workspace(client) => write!(f, "workspace:{client}"),
            Reason::Pair(name) => write!(f, "pair:{name}"),
        }
    }
}

/// Why a finding is not reported although it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suppression {
    /// An inline comment allows it; the reason the author gave, if any.
    InlineAllow(Option<String>),
    /// A comment in another tool's words allows it; its tag.
    OtherTool(&'static str),
    /// The repository's own settings allow the value; the reason that they give.
    Allowed(String),
    /// The baseline knows it.
    Baseline,
    /// An approval covers it.
    Approval {
        /// Its id.
        id: Arc<str>,
        /// The last day on which it holds, `2026-09-30`.
        until: String,
    },
}

/// Something that should not be here.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What found it.
    pub detector: Arc<Detector>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Where it is.
    pub origin: Origin,
    /// Its first character.
    pub start: Position,
    /// Just behind its last character.
    pub end: Position,
    /// The value, masked (raw only with `--reveal`).
    pub shown: String,
    /// Its line or the part of it around the value, every candidate in it masked alike.
    pub excerpt: String,
    /// The evidence.
    pub reasons: Vec<Reason>,
    /// Recognises the same finding in a later run.
    pub fingerprint: Fingerprint,
    /// Tells equal findings of this run apart from others: a hash of detector and value under a
    /// key that ends with the process. Never written down.
    pub identity: u64,
    /// The encoding of the text it stands in, by name.
    pub encoding: &'static str,
    /// What kind of place its file lives in; `None` where it is no file of this machine (standard
    /// input, a repository's history).
    pub place: Option<Place>,
    /// The address its file was downloaded from, without user info, query and fragment.
    pub download: Option<Arc<str>>,
    /// The record (row, paragraph) it belongs to with others of the same file.
    pub record: Option<u32>,
    /// The client whose data it is, by its id in the ledger.
    pub client: Option<Arc<str>>,
    /// Set when it must not raise an alarm.
    pub suppressed: Option<Suppression>,
}

impl Finding {
    /// How bad it is: what the detector says, one step more in a file with the records of many people.
    pub fn severity(&self) -> Severity {
        let is_roster = self.reasons.contains(&Reason::Named("roster"));
        match self.detector.severity {
            Severity::Low if is_roster => Severity::Medium,
            Severity::Medium if is_roster => Severity::High,
            Severity::High if is_roster => Severity::Critical,
            severity => severity,
        }
    }
}
