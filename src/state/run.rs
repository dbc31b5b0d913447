//! Runs: when a sweep or a watch began, what it covered, how it ended.
//!
//! Numbers give the order of runs. Times are what the clock said; where it said less than at the
//! run before, the run is marked, and nothing is computed from that difference.

use std::path::PathBuf;

use rusqlite::{OptionalExtension as _, params};

use super::location::{from_bytes, to_bytes};
use super::{Store, Tracked};
use crate::error::Result;

/// What kind of run it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// `sekisho sweep`
    Sweep,
    /// `sekisho watch`
    Watch,
}

impl RunKind {
    /// The name in the database and in output.
    pub fn name(self) -> &'static str {
        match self {
            RunKind::Sweep => "sweep",
            RunKind::Watch => "watch",
        }
    }
}

/// A run that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its number.
    pub run: i64,
    /// The last sweep that ended: what came later is new.
    pub since: i64,
    /// When the sweep before this one began, if that one was stopped or killed: this one goes on
    /// where it was. Seconds since 1970.
    pub resumes: Option<i64>,
    /// The clock stands before a time that was recorded earlier.
    pub clock_back: bool,
}

/// What a run covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// A root that is walked.
    Root(PathBuf),
    /// A root that cannot be walked, and why: what is known below it stays as it is.
    Absent(PathBuf, String),
    /// An exclusion, its reason, and how often it was met.
    Exclusion {
        /// As it was written.
        pattern: String,
        /// How often it was met; a folder counts once.
        times: u64,
    },
}

/// A run that is over (or was killed), for a trend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// `sweep` or `watch`.
    pub kind: String,
    /// When it began, in seconds since 1970.
    pub started: i64,
    /// When it ended; `None` while it is under way or after it was killed.
    pub ended: Option<i64>,
    /// Were all roots walked to their ends?
    pub complete: bool,
    /// Did the clock stand before an earlier run's time?
    pub clock_back: bool,
    /// Files read.
    pub read: i64,
    /// Files known and not read.
    pub unchanged: i64,
    /// Bytes read.
    pub bytes: i64,
    /// Findings that were new.
    pub new: i64,
    /// Findings open at its end.
    pub open: i64,
    /// Findings that were gone.
    pub gone: i64,
    /// Things that could not be looked at.
    pub problems: i64,
}

impl Store {
    /// Begins a run at `now` (seconds since 1970).
    pub fn begin(&mut self, kind: RunKind, now: i64) -> Result<Begun> {
        self.write(|transaction| {
            let latest: i64 = transaction.query_row(
                "SELECT max(coalesce(max(started), 0), coalesce(max(ended), 0)) FROM run",
                [],
                |row| row.get(0),
            )?;
            let since = transaction.query_row(
                "SELECT coalesce(max(id), 0) FROM run WHERE kind = 'sweep' AND ended IS NOT NULL",
                [],
                |row| row.get(0),
            )?;
            let resumes = transaction
                .query_row(
                    "SELECT started, complete FROM run WHERE kind = ?1 ORDER BY id DESC LIMIT 1",
                    [RunKind::Sweep.name()],
                    |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)),
                )
                .optional()?
                .and_then(|(started, complete)| (!complete && kind == RunKind::Sweep).then_some(started));
            let clock_back = now < latest;
            transaction.execute(
                "INSERT INTO run (kind, started, clock_back) VALUES (?1, ?2, ?3)",
                params![kind.name(), now, clock_back],
            )?;
            Ok(Begun { run: transaction.last_insert_rowid(), since, resumes, clock_back })
        })
    }

    /// Ends a run: what it did, what it covered, and whether it came to the end of its roots.
    pub fn end(
        &mut self,
        begun: &Begun,
        now: i64,
        tracked: &Tracked,
        counts: super::Counts,
        coverage: &[Coverage],
    ) -> Result<()> {
        let summary = &tracked.summary;
        self.write(|transaction| {
            transaction.execute(
                "UPDATE run SET ended = ?2, complete = ?3, read = ?4, unchanged = ?5, bytes = ?6, new = ?7, open = ?8,
                 gone = ?9, problems = ?10 WHERE id = ?1",
                params![
                    begun.run,
                    now,
                    !summary.stopped,
                    summary.files.cast_signed(),
                    tracked.unchanged.cast_signed(),
                    summary.bytes.cast_signed(),
                    counts.new.cast_signed(),
                    counts.open.cast_signed(),
                    counts.gone.cast_signed(),
                    counts.problems.cast_signed(),
                ],
            )?;
            let mut insert = transaction.prepare(
                "INSERT OR REPLACE INTO coverage (run, kind, what, note, times) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for row in coverage {
                let (kind, what, note, times) = match row {
                    Coverage::Root(path) => ("root", to_bytes(path), "", 0),
                    Coverage::Absent(path, why) => ("absent", to_bytes(path), why.as_str(), 0),
                    Coverage::Exclusion { pattern, times } => ("exclusion", pattern.as_bytes(), "", *times),
                };
                insert.execute(params![begun.run, kind, what, note, times.cast_signed()])?;
            }
            Ok(())
        })
    }

    /// The last runs of a kind, newest first.
    pub fn runs(&self, kind: RunKind, most: u32) -> Result<Vec<Run>> {
        let read = || -> rusqlite::Result<Vec<Run>> {
            let mut query = self.connection.prepare(
                "SELECT id, kind, started, ended, complete, clock_back, read, unchanged, bytes, new, open, gone, problems
                 FROM run WHERE kind = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let rows = query.query_map(params![kind.name(), most], |row| {
                Ok(Run {
                    id: row.get(0)?,
                    kind: row.get(1)?,
                    started: row.get(2)?,
                    ended: row.get(3)?,
                    complete: row.get(4)?,
                    clock_back: row.get(5)?,
                    read: row.get(6)?,
                    unchanged: row.get(7)?,
                    bytes: row.get(8)?,
                    new: row.get(9)?,
                    open: row.get(10)?,
                    gone: row.get(11)?,
                    problems: row.get(12)?,
                })
            })?;
            rows.collect()
        };
        read().map_err(|e| self.failed(e))
    }

    /// What a run covered.
    pub fn coverage(&self, run: i64) -> Result<Vec<Coverage>> {
        let read = || -> rusqlite::Result<Vec<Coverage>> {
            let mut query = self
                .connection
                .prepare("SELECT kind, what, note, times FROM coverage WHERE run = ?1 ORDER BY kind, what")?;
            let rows = query.query_map([run], |row| {
                let (kind, what): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
                Ok(match kind.as_str() {
                    "root" => Coverage::Root(from_bytes(&what)),
                    "absent" => Coverage::Absent(from_bytes(&what), row.get(2)?),
                    _ => Coverage::Exclusion {
                        pattern: String::from_utf8_lossy(&what).into_owned(),
                        times: row.get::<_, i64>(3)?.unsigned_abs(),
                    },
                })
            })?;
            rows.collect()
        };
        read().map_err(|e| self.failed(e))
    }
}
