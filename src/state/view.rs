//! What is known, for reports: rows of the database → findings and problems, one at a time.
//!
//! Reads only; memory does not grow with the number of rows.

use std::path::PathBuf;

use rusqlite::params;

use super::location::{below, from_bytes, to_bytes};
use super::{Approved, Begun, Owners, Register, Store};
use crate::error::{Problem, ProblemKind, Result};
use crate::finding::Position;

/// What has become of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It appeared after the last sweep that ended.
    New,
    /// It was there before and still is.
    Open,
    /// It is there, and an approval covers it.
    Approved,
    /// It is not there any more: the file is gone.
    FileGone,
    /// It is not there any more: the file has been changed.
    Removed,
    /// The file is the same, but its detectors or options judge it differently now.
    Judged,
}

impl Standing {
    /// The name in JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Standing::New => "new",
            Standing::Open => "open",
            Standing::Approved => "approved",
            Standing::FileGone => "file-gone",
            Standing::Removed => "removed",
            Standing::Judged => "judged-otherwise",
        }
    }

    /// Is it still there, without an approval?
    pub fn is_open(self) -> bool {
        matches!(self, Standing::New | Standing::Open)
    }
}

/// A finding as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // As in `Finding` and `Detector`.
pub struct Remembered {
    pub standing: Standing,
    pub path: PathBuf,
    pub inside: Vec<String>,
    pub detector: String,
    pub category: String,
    pub severity: String,
    pub articles: Vec<String>,
    pub title_en: String,
    pub title_ja: String,
    pub confidence: String,
    pub start: Position,
    pub end: Position,
    /// Masked.
    pub shown: String,
    pub reasons: Vec<String>,
    pub fingerprint: String,
    pub encoding: String,
    /// The name of the kind of place.
    pub place: Option<String>,
    pub service: Option<String>,
    /// The address it was downloaded from.
    pub download: Option<String>,
    /// Whose it is, with what says so; the strongest evidence first.
    pub clients: Owners,
    /// The approval that covers it today.
    pub approval: Option<Approved>,
    /// When it was first seen, in seconds since 1970.
    pub first_seen: i64,
    /// When it was found gone.
    pub resolved: Option<i64>,
}

/// A problem as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// The file or folder.
    pub path: PathBuf,
    /// The way inward.
    pub inside: Vec<String>,
    /// What was wrong.
    pub problem: Problem,
    /// How often, at this place.
    pub times: u64,
    /// When it was first met, in seconds since 1970.
    pub first_seen: i64,
}

/// What is open and what has changed, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings that are new; part of `open`.
    pub new: u64,
    /// Findings that are there.
    pub open: u64,
    /// Findings that are there and that an approval covers; not part of `open`.
    pub approved: u64,
    /// Findings that are gone.
    pub gone: u64,
    /// Things that could not be looked at.
    pub problems: u64,
}

/// The part of the state that a report is about.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Only below these; all if empty.
    pub roots: &'a [PathBuf],
    /// Only of these detectors; all if empty.
    pub detectors: &'a [String],
    /// What is new and what is gone is so since this run (not including it).
    pub since: i64,
    /// The ledger as it stands today.
    pub register: Register<'a>,
}

impl<'a> Scope<'a> {
    /// All that a sweep answers for.
    pub fn of_sweep(begun: &Begun, roots: &'a [PathBuf], detectors: &'a [String]) -> Scope<'a> {
        Scope { roots, detectors, since: begun.since, register: Register::default() }
    }

    fn ranges(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        if self.roots.is_empty() {
            return vec![(Vec::new(), vec![0xFF; 5000])];
        }
        self.roots
            .iter()
            .flat_map(|root| {
                let own = to_bytes(root).to_vec();
                let next = [own.as_slice(), &[0]].concat();
                [(own, next), below(root)]
            })
            .collect()
    }

    fn wants(&self, detector: &str) -> bool {
        self.detectors.is_empty() || self.detectors.iter().any(|d| d == detector)
    }
}

impl Store {
    /// Hands over every finding that is open, or gone since `scope.since`, by path and place.
    /// Fails also if `each` does.
    pub fn findings(&self, scope: Scope<'_>, each: &mut dyn FnMut(&Remembered) -> Result<()>) -> Result<()> {
        let mut last: Option<(PathBuf, Owners)> = None;
        for (from, to) in scope.ranges() {
            let mut query = self
                .connection
                .prepare_cached(
                    "SELECT f.path, f.inside, f.detector, f.shown, f.confidence, f.start_line, f.start_column,
                     f.start_byte, f.end_line, f.end_column, f.end_byte, f.reasons, f.fingerprint, f.encoding,
                     f.first_seen, f.opened, f.resolved, f.how, d.category, d.severity, d.articles, d.title_en,
                     d.title_ja, f.place, f.service, f.download
                     FROM finding f LEFT JOIN detector d ON d.id = f.detector
                     WHERE f.path >= ?1 AND f.path < ?2 AND (f.resolved IS NULL OR f.resolved_run > ?3)
                     ORDER BY f.path, f.start_byte, f.detector",
                )
                .map_err(|e| self.failed(e))?;
            let mut rows = query.query(params![from, to, scope.since]).map_err(|e| self.failed(e))?;
            while let Some(row) = rows.next().map_err(|e| self.failed(e))? {
                let mut found = remembered(row, scope.since).map_err(|e| self.failed(e))?;
                if !scope.wants(&found.detector) {
                    continue;
                }
                // Findings of a file stand together.
                if last.as_ref().is_none_or(|(path, _)| *path != found.path) {
                    last = Some((found.path.clone(), scope.register.whose(self, &found.path)?));
                }
                found.clients = last.as_ref().map(|(_, whose)| whose.clone()).unwrap_or_default();
                if found.standing.is_open() {
                    found.approval = scope.register.approved(&found.detector, &found.path, &found.clients);
                    if found.approval.is_some() {
                        found.standing = Standing::Approved;
                    }
                }
                each(&found)?;
            }
        }
        Ok(())
    }

    /// Hands over what could not be looked at, by path. Fails also if `each` does.
    pub fn problems(&self, scope: Scope<'_>, each: &mut dyn FnMut(&Unseen) -> Result<()>) -> Result<()> {
        for (from, to) in scope.ranges() {
            let mut query = self
                .connection
                .prepare_cached(
                    "SELECT path, inside, kind, what, times, first_seen FROM problem
                     WHERE path >= ?1 AND path < ?2 ORDER BY path, inside",
                )
                .map_err(|e| self.failed(e))?;
            let mut rows = query.query(params![from, to]).map_err(|e| self.failed(e))?;
            while let Some(row) = rows.next().map_err(|e| self.failed(e))? {
                each(&unseen(row).map_err(|e| self.failed(e))?)?;
            }
        }
        Ok(())
    }

    /// Findings of files with more than are kept: how many beyond those, over all files, that no
    /// approval covers.
    pub fn beyond(&self, scope: Scope<'_>) -> Result<u64> {
        Ok(self.beyond_and_approved(scope)?.0)
    }

    fn beyond_and_approved(&self, scope: Scope<'_>) -> Result<(u64, u64)> {
        let (mut total, mut approved) = (0, 0);
        for (from, to) in scope.ranges() {
            let mut query = self
                .connection
                .prepare_cached("SELECT detector, times, path FROM beyond WHERE path >= ?1 AND path < ?2")
                .map_err(|e| self.failed(e))?;
            let rows = query
                .query_map(params![from, to], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, from_bytes(&row.get::<_, Vec<u8>>(2)?)))
                })
                .map_err(|e| self.failed(e))?;
            for row in rows {
                let (detector, times, path) = row.map_err(|e| self.failed(e))?;
                if !scope.wants(&detector) {
                    continue;
                }
                let whose = scope.register.whose(self, &path)?;
                match scope.register.approved(&detector, &path, &whose) {
                    Some(_) => approved += times.unsigned_abs(),
                    None => total += times.unsigned_abs(),
                }
            }
        }
        Ok((total, approved))
    }

    /// All of it in numbers.
    pub fn counts(&self, scope: Scope<'_>) -> Result<Counts> {
        let mut counts = Counts::default();
        self.findings(scope, &mut |found| {
            match found.standing {
                Standing::New => {
                    counts.new += 1;
                    counts.open += 1;
                }
                Standing::Open => counts.open += 1,
                Standing::Approved => counts.approved += 1,
                _ => counts.gone += 1,
            }
            Ok(())
        })?;
        self.problems(scope, &mut |unseen| {
            counts.problems += unseen.times;
            Ok(())
        })?;
        let (beyond, approved) = self.beyond_and_approved(scope)?;
        counts.open += beyond;
        counts.approved += approved;
        Ok(counts)
    }

    /// Files that are known.
    pub fn files(&self) -> Result<u64> {
        let count = self.connection.query_row("SELECT count(*) FROM file", [], |row| row.get::<_, i64>(0));
        count.map(i64::unsigned_abs).map_err(|e| self.failed(e))
    }
}

fn remembered(row: &rusqlite::Row<'_>, since: i64) -> rusqlite::Result<Remembered> {
    let position = |line: usize| -> rusqlite::Result<Position> {
        let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
        Ok(Position { line: number(line)?, column: number(line + 1)?, byte: number(line + 2)? })
    };
    let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
    let how: Option<String> = row.get(17)?;
    let detector: String = row.get(2)?;
    let standing = match how.as_deref() {
        None if row.get::<_, i64>(15)? > since => Standing::New,
        None => Standing::Open,
        Some("gone") => Standing::FileGone,
        Some("judged") => Standing::Judged,
        Some(_) => Standing::Removed,
    };
    Ok(Remembered {
        standing,
        path: from_bytes(&row.get::<_, Vec<u8>>(0)?),
        inside: list(&row.get::<_, String>(1)?),
        shown: row.get(3)?,
        confidence: row.get(4)?,
        start: position(5)?,
        end: position(8)?,
        reasons: list(&row.get::<_, String>(11)?),
        fingerprint: row.get(12)?,
        encoding: row.get(13)?,
        first_seen: row.get(14)?,
        resolved: row.get(16)?,
        category: text(18)?,
        severity: text(19)?,
        articles: text(20)?.split_whitespace().map(str::to_owned).collect(),
        title_en: text(21)?,
        title_ja: text(22)?,
        place: row.get(23)?,
        service: row.get(24)?,
        download: row.get(25)?,
        clients: Vec::new(),
        approval: None,
        detector,
    })
}

fn unseen(row: &rusqlite::Row<'_>) -> rusqlite::Result<Unseen> {
    let kind: String = row.get(2)?;
    // A kind that a newer program knows is still something that was not looked at.
    let kind = ProblemKind::ALL.into_iter().find(|k| k.name() == kind).unwrap_or(ProblemKind::Unreadable);
    Ok(Unseen {
        path: from_bytes(&row.get::<_, Vec<u8>>(0)?),
        inside: list(&row.get::<_, String>(1)?),
        problem: Problem::new(kind, row.get::<_, String>(3)?),
        times: row.get::<_, i64>(4)?.unsigned_abs(),
        first_seen: row.get(5)?,
    })
}

/// A JSON array of texts.
fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}
