//! What a scan looked at and what it did not: the last line of every report.

use std::collections::BTreeMap;

use super::Persons;
use crate::error::ProblemKind;
use crate::source::Skipped;

/// Totals of a scan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Files opened and read.
    pub files: u64,
    /// Bytes read from them.
    pub bytes: u64,
    /// Bytes unpacked out of containers.
    pub unpacked_bytes: u64,
    /// Bytes decoded out of other text, over all depths.
    pub decoded_bytes: u64,
    /// Findings that are alarms.
    pub findings: u64,
    /// Findings that something allows.
    pub suppressed: u64,
    /// What could not be looked at, by kind.
    pub problems: BTreeMap<ProblemKind, u64>,
    /// Files and members that are no text, by what they are; they were read as bytes.
    pub not_text: BTreeMap<&'static str, u64>,
    /// What was passed over on purpose.
    pub skipped: Skipped,
    /// Distinct persons that names and records tell of; above some thousands an estimate.
    pub persons: u64,
    /// The same as a set, so that a person in two files counts once.
    pub people: Persons,
    /// Wall time.
    pub seconds: f64,
    /// Was the scan ended from outside?
    pub stopped: bool,
}

impl Summary {
    /// Adds another worker's totals.
    pub fn add(&mut self, other: &Summary) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.unpacked_bytes += other.unpacked_bytes;
        self.decoded_bytes += other.decoded_bytes;
        self.findings += other.findings;
        self.suppressed += other.suppressed;
        self.people.merge(&other.people);
        self.persons = self.people.count();
        for (&kind, n) in &other.problems {
            *self.problems.entry(kind).or_default() += n;
        }
        for (&what, n) in &other.not_text {
            *self.not_text.entry(what).or_default() += n;
        }
    }

    /// Was everything looked at that was asked for?
    pub fn is_complete(&self) -> bool {
        self.problems.is_empty() && !self.stopped
    }
}
