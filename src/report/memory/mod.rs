//! Reports over the state: how a sweep ended, and what stands open. Rows of the database → text
//! for people, JSON for programs.
//!
//! Everything is masked already when it comes out of the database. Rows pass one by one; memory
//! does not grow with their number. Decides nothing.

mod json;
mod overview;
mod overview_json;
mod text;

use std::io;

use crate::detector::{Confidence, Severity};
use crate::error::Error;
use crate::scan::Summary;
use crate::source::Exclusion;
use crate::state::{Counts, Coverage, Scope, Store};

pub use json::sweep_json;
pub use overview::Overview;
pub use overview_json::overview_json;
pub use text::{overview_text, sweep_text};

/// How a sweep ended.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// The state after it.
    pub store: &'a Store,
    /// What it answers for.
    pub scope: Scope<'a>,
    /// What is open in that scope.
    pub counts: Counts,
    /// The scan's totals, with the findings and problems of that scope.
    pub summary: &'a Summary,
    /// Files that were known and not read.
    pub unchanged: u64,
    /// Its roots and exclusions.
    pub coverage: &'a [Coverage],
    /// The reasons of the exclusions.
    pub exclusions: &'a [Exclusion],
    /// When the sweep began that this one went on from.
    pub resumes: Option<i64>,
}

fn written(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::OutputClosed,
        _ => Error::Io { path: "-".into(), source: error },
    }
}

fn severity(name: &str) -> Severity {
    [Severity::Low, Severity::Medium, Severity::High]
        .into_iter()
        .find(|severity| severity.name() == name)
        .unwrap_or(Severity::Critical)
}

fn confidence(name: &str) -> Confidence {
    [Confidence::Low, Confidence::Medium].into_iter().find(|c| c.name() == name).unwrap_or(Confidence::High)
}
