//! How a sweep ended, as JSON: the objects of a scan, with what the memory adds.
//!
//! A finding has `standing` (`new`, `open`) and `first_seen` besides the keys of a scan's; one
//! that is gone has the type `resolved`. The summary comes last.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::overview_json::HeadObject;
use super::{Ending, written};
use crate::error::Result;
use crate::message::{self, Lang, timestamp};
use crate::report::Shape;
use crate::state::{Coverage, Remembered, Standing};

#[derive(Serialize)]
struct FindingObject<'a> {
    r#type: &'static str,
    detector: &'a str,
    category: &'a str,
    articles: &'a [String],
    confidence: &'a str,
    severity: &'a str,
    path: String,
    inside: &'a [String],
    start: Place,
    end: Place,
    r#match: &'a str,
    reasons: &'a [String],
    fingerprint: &'a str,
    record: Option<u32>,
    client: Option<&'a str>,
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    origin: Option<&'a str>,
    approval: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_until: Option<&'a str>,
    encoding: &'a str,
    standing: &'static str,
    first_seen: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved: Option<String>,
}

#[derive(Serialize)]
struct Place {
    line: u64,
    column: u64,
    byte: u64,
}

#[derive(Serialize)]
struct ProblemObject<'a> {
    r#type: &'static str,
    path: String,
    inside: &'a [String],
    kind: &'static str,
    message: &'a str,
    times: u64,
    first_seen: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Exclusion<'a> {
    pattern: &'a str,
    times: u64,
}

#[derive(Serialize)]
struct SummaryObject<'a> {
    r#type: &'static str,
    files: u64,
    unchanged: u64,
    bytes: u64,
    unpacked_bytes: u64,
    findings: u64,
    new: u64,
    gone: u64,
    suppressed: u64,
    problems: BTreeMap<&'static str, u64>,
    not_text: BTreeMap<&'static str, u64>,
    skipped: BTreeMap<&'static str, u64>,
    persons: u64,
    seconds: f64,
    complete: bool,
    resumes: Option<String>,
    roots: Vec<String>,
    exclusions: Vec<Exclusion<'a>>,
    approved: u64,
    audit: HeadObject<'a>,
}

/// A credential that several clients' files hold.
#[derive(Serialize)]
struct SharedObject<'a> {
    r#type: &'static str,
    detector: &'a str,
    r#match: &'a str,
    clients: &'a [String],
    paths: Vec<String>,
}

/// Writes objects as lines or as one array.
struct Objects<'o> {
    out: &'o mut dyn Write,
    shape: Shape,
    any: bool,
}

impl Objects<'_> {
    fn add(&mut self, object: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec(object).map_err(|e| written(e.into()))?;
        match self.shape {
            Shape::Lines => text.push(b'\n'),
            Shape::Array => self.out.write_all(if self.any { b",\n" } else { b"[\n" }).map_err(written)?,
        }
        self.any = true;
        self.out.write_all(&text).map_err(written)
    }

    fn end(self) -> Result<()> {
        if self.shape == Shape::Array {
            self.out.write_all(b"\n]\n").map_err(written)?;
        }
        self.out.flush().map_err(written)
    }
}

/// Writes how a sweep ended.
pub fn sweep_json(out: &mut dyn Write, lang: Lang, shape: Shape, ending: &Ending<'_>) -> Result<()> {
    let mut objects = Objects { out, shape, any: false };
    ending.store.findings(ending.scope, &mut |found| objects.add(&finding(found)))?;
    for row in ending.coverage {
        if let Coverage::Absent(root, why) = row {
            objects.add(&ProblemObject {
                r#type: "problem",
                path: root.to_string_lossy().into_owned(),
                inside: &[],
                kind: "unreadable",
                message: &message::Memory::AbsentRoot(why).text(lang),
                times: 1,
                first_seen: None,
            })?;
        }
    }
    ending.store.problems(ending.scope, &mut |unseen| {
        objects.add(&ProblemObject {
            r#type: "problem",
            path: unseen.path.to_string_lossy().into_owned(),
            inside: &unseen.inside,
            kind: unseen.problem.kind.name(),
            message: &message::problem(lang, &unseen.problem),
            times: unseen.times,
            first_seen: Some(timestamp(unseen.first_seen)),
        })
    })?;
    let summary = ending.summary;
    let skipped = [
        ("hidden", summary.skipped.hidden),
        ("ignored", summary.skipped.ignored),
        ("links", summary.skipped.links),
        ("special", summary.skipped.special),
        ("excluded", summary.skipped.excluded),
    ];
    for shared in ending.store.shared_credentials(ending.scope.register)? {
        objects.add(&SharedObject {
            r#type: "shared-credential",
            detector: &shared.detector,
            r#match: &shared.shown,
            clients: &shared.clients,
            paths: shared.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
        })?;
    }
    objects.add(&SummaryObject {
        r#type: "summary",
        files: summary.files,
        unchanged: ending.unchanged,
        bytes: summary.bytes,
        unpacked_bytes: summary.unpacked_bytes,
        findings: ending.counts.open,
        new: ending.counts.new,
        gone: ending.counts.gone,
        suppressed: summary.suppressed,
        problems: summary.problems.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
        not_text: summary.not_text.clone(),
        skipped: skipped.into_iter().filter(|(_, n)| *n > 0).collect(),
        persons: summary.persons,
        seconds: (summary.seconds * 1000.0).round() / 1000.0,
        complete: summary.is_complete(),
        resumes: ending.resumes.map(timestamp),
        roots: roots(ending.coverage),
        exclusions: exclusions(ending.coverage),
        approved: ending.counts.approved,
        audit: HeadObject::of(&ending.store.audit_head()?),
    })?;
    objects.end()
}

fn finding(found: &Remembered) -> FindingObject<'_> {
    let place = |p: crate::finding::Position| Place { line: p.line, column: p.column, byte: p.byte };
    FindingObject {
        r#type: if found.standing.is_open() || found.standing == Standing::Approved { "finding" } else { "resolved" },
        detector: &found.detector,
        category: &found.category,
        articles: &found.articles,
        confidence: &found.confidence,
        severity: &found.severity,
        path: found.path.to_string_lossy().into_owned(),
        inside: &found.inside,
        start: place(found.start),
        end: place(found.end),
        r#match: &found.shown,
        reasons: &found.reasons,
        fingerprint: &found.fingerprint,
        record: None,
        client: found.clients.first().map(|(client, _)| &**client),
        place: found.place.as_deref(),
        service: found.service.as_deref(),
        origin: found.download.as_deref(),
        approval: found.approval.as_ref().map(|approval| &*approval.id),
        approved_until: found.approval.as_ref().map(|approval| approval.until.as_str()),
        encoding: &found.encoding,
        standing: found.standing.name(),
        first_seen: timestamp(found.first_seen),
        resolved: found.resolved.map(timestamp),
    }
}

pub(super) fn roots(coverage: &[Coverage]) -> Vec<String> {
    let root = |row: &Coverage| match row {
        Coverage::Root(path) => Some(path.to_string_lossy().into_owned()),
        _ => None,
    };
    coverage.iter().filter_map(root).collect()
}

pub(super) fn exclusions(coverage: &[Coverage]) -> Vec<Exclusion<'_>> {
    let exclusion = |row| match row {
        &Coverage::Exclusion { ref pattern, times } => Some(Exclusion { pattern: pattern.as_str(), times }),
        _ => None,
    };
    coverage.iter().filter_map(exclusion).collect()
}
