//! JSON: one object a finding, problem and summary; as lines or as one array.
//!
//! The keys and their order are a contract (DESIGN §3); values come out masked.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::chunk::Origin;
use crate::detector::Detector;
use crate::error::Problem;
use crate::finding::{Finding, Place, Position, Suppression};
use crate::message::{self, Lang};
use crate::scan::{Sink, Summary};

/// How the objects are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One object a line (JSON Lines).
    Lines,
    /// One array of all objects.
    Array,
}

/// Writes findings, problems and the summary as JSON.
#[derive(Debug)]
pub struct Json<W> {
    out: W,
    shape: Shape,
    lang: Lang,
    any: bool,
}

impl<W: Write> Json<W> {
    /// A writer; `lang` is the language of messages.
    pub fn new(out: W, shape: Shape, lang: Lang) -> Json<W> {
        Json { out, shape, lang, any: false }
    }

    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        if self.shape == Shape::Array {
            self.out.write_all(if self.any { b",\n" } else { b"[\n" })?;
        }
        self.any = true;
        serde_json::to_writer(&mut self.out, object)?;
        if self.shape == Shape::Lines {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct FindingObject<'a> {
    r#type: &'static str,
    detector: &'a str,
    category: &'static str,
    articles: &'a [crate::detector::Str],
    confidence: &'static str,
    severity: &'static str,
    path: String,
    inside: Vec<String>,
    start: PositionObject,
    end: PositionObject,
    r#match: &'a str,
    reasons: Vec<String>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<String>,
    #[serde(flatten)]
    revision: Option<RevisionObject<'a>>,
}

/// The commit that brought it; only where a repository's history is looked at.
#[derive(Serialize)]
struct RevisionObject<'a> {
    commit: &'a str,
    author: &'a str,
    date: &'a str,
    in_head: bool,
}

fn revision(origin: &Origin) -> Option<RevisionObject<'_>> {
    let revision = origin.revision.as_deref()?;
    Some(RevisionObject {
        commit: &revision.commit,
        author: &revision.author,
        date: &revision.date,
        in_head: revision.in_head,
    })
}

#[derive(Serialize)]
struct PositionObject {
    line: u64,
    column: u64,
    byte: u64,
}

impl From<Position> for PositionObject {
    fn from(p: Position) -> PositionObject {
        PositionObject { line: p.line, column: p.column, byte: p.byte }
    }
}

#[derive(Serialize)]
struct ProblemObject<'a> {
    r#type: &'static str,
    path: String,
    inside: Vec<String>,
    kind: &'static str,
    message: &'a str,
    #[serde(flatten)]
    revision: Option<RevisionObject<'a>>,
}

/// How many people a file tells of; from two on.
#[derive(Serialize)]
struct FileObject {
    r#type: &'static str,
    path: String,
    persons: u64,
}

#[derive(Serialize)]
struct SummaryObject {
    r#type: &'static str,
    files: u64,
    bytes: u64,
    unpacked_bytes: u64,
    findings: u64,
    suppressed: u64,
    problems: BTreeMap<&'static str, u64>,
    not_text: BTreeMap<&'static str, u64>,
    skipped: BTreeMap<&'static str, u64>,
    persons: u64,
    seconds: f64,
    complete: bool,
}

fn inside(origin: &Origin) -> Vec<String> {
    origin.inside.iter().map(ToString::to_string).collect()
}

impl<W: Write + Send> Sink for Json<W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let detector = &finding.detector;
        let approval = match &finding.suppressed {
            Some(Suppression::Approval { id, until }) => Some((&**id, until.as_str())),
            _ => None,
        };
        self.object(&FindingObject {
            r#type: "finding",
            detector: &detector.id,
            category: detector.category.name(),
            articles: &detector.articles,
            confidence: finding.confidence.name(),
            severity: finding.severity().name(),
            path: finding.origin.path.to_string_lossy().into_owned(),
            inside: inside(&finding.origin),
            start: finding.start.into(),
            end: finding.end.into(),
            r#match: &finding.shown,
            reasons: finding.reasons.iter().map(ToString::to_string).collect(),
            fingerprint: finding.fingerprint.as_str(),
            record: finding.record,
            client: finding.client.as_deref(),
            place: finding.place.map(Place::name),
            service: finding.place.and_then(Place::service),
            origin: finding.download.as_deref(),
            approval: approval.map(|(id, _)| id),
            approved_until: approval.map(|(_, until)| until),
            encoding: finding.encoding,
            suppressed: finding.suppressed.as_ref().map(|s| match s {
                Suppression::InlineAllow(None) => "inline-allow".to_owned(),
                Suppression::InlineAllow(Some(why)) => format!("inline-allow: {why}"),
                Suppression::OtherTool(tag) => format!("other-tool: {tag}"),
                Suppression::Allowed(why) => format!("allowed: {why}"),
                Suppression::Baseline => "baseline".to_owned(),
                Suppression::Approval { id, .. } => format!("approval: {id}"),
            }),
            revision: revision(&finding.origin),
        })
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        let text = message::problem(self.lang, problem);
        self.object(&ProblemObject {
            r#type: "problem",
            path: origin.path.to_string_lossy().into_owned(),
            inside: inside(origin),
            kind: problem.kind.name(),
            message: &text,
            revision: revision(origin),
        })
    }

    fn more(&mut self, _: &Origin, _: &Detector, _: u64) -> io::Result<()> {
        // The summary counts them.
        Ok(())
    }

    fn persons(&mut self, origin: &Origin, persons: u64) -> io::Result<()> {
        self.object(&FileObject { r#type: "file", path: origin.path.to_string_lossy().into_owned(), persons })
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let skipped = [
            ("hidden", summary.skipped.hidden),
            ("ignored", summary.skipped.ignored),
            ("links", summary.skipped.links),
            ("special", summary.skipped.special),
            ("submodules", summary.skipped.submodules),
            ("excluded", summary.skipped.excluded),
        ];
        self.object(&SummaryObject {
            r#type: "summary",
            files: summary.files,
            bytes: summary.bytes,
            unpacked_bytes: summary.unpacked_bytes,
            findings: summary.findings,
            suppressed: summary.suppressed,
            problems: summary.problems.iter().map(|(kind, n)| (kind.name(), *n)).collect(),
            not_text: summary.not_text.clone(),
            skipped: skipped.into_iter().filter(|(_, n)| *n > 0).collect(),
            persons: summary.persons,
            seconds: (summary.seconds * 1000.0).round() / 1000.0,
            complete: summary.is_complete(),
        })?;
        if self.shape == Shape::Array {
            self.out.write_all(b"\n]\n")?;
        }
        self.out.flush()
    }
}
