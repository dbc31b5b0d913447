//! One file as it was just read → its rows.
//!
//! Says what is new, what is there again and what is gone from a file that is still there. What
//! is written holds masked previews and fingerprints only; nothing raw comes this far.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Store, location};
use crate::chunk::{Origin, STOPPED, Step};
use crate::client::{Attributed, By, Clients};
use crate::error::{Problem, ProblemKind, Result};
use crate::finding::{Finding, Place, Position};
use crate::source::Stamp;

/// The file had findings when it was last read.
pub(super) const FINDINGS: i64 = 1;
/// Something in it could not be looked at.
pub(super) const PROBLEM: i64 = 2;
/// It has to be read again although it is unchanged: it was written too shortly before, or what
/// went wrong need not go wrong again.
pub(super) const AGAIN: i64 = 4;
/// It needs a password; worth another try only if there are passwords to try.
pub(super) const ENCRYPTED: i64 = 8;

/// Problems of one file that are kept one by one; the rest is counted with the last.
const MOST_PROBLEMS: usize = 100;

/// A file's row, as far as it decides whether the file is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) path: Vec<u8>,
    pub(super) size: i64,
    pub(super) modified: i64,
    pub(super) changed: i64,
    pub(super) inode: i64,
    pub(super) mount: i64,
    pub(super) detector_set: i64,
    pub(super) flags: i64,
    pub(super) first_seen: i64,
}

/// The columns of [`Known`], in their order.
pub(super) const KNOWN: &str = "path, size, modified, changed, inode, mount, detector_set, flags, first_seen";

impl Known {
    pub(super) fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Known> {
        Ok(Known {
            path: row.get(0)?,
            size: row.get(1)?,
            modified: row.get(2)?,
            changed: row.get(3)?,
            inode: row.get(4)?,
            mount: row.get(5)?,
            detector_set: row.get(6)?,
            flags: row.get(7)?,
            first_seen: row.get(8)?,
        })
    }

    /// Is the file still the one that was read? The device's number is left out: it may differ
    /// after the next start of the machine.
    pub(super) fn is(&self, stamp: &Stamp) -> bool {
        (self.size, self.modified, self.changed, self.inode)
            == (signed(stamp.size), stamp.modified, stamp.changed, signed(stamp.inode))
    }
}

/// SQLite's integers are signed; the bits are kept.
fn signed(n: u64) -> i64 {
    n.cast_signed()
}

/// A finding on its way into the database.
#[derive(Debug, Clone)]
pub(super) struct Found {
    detector: String,
    fingerprint: String,
    pub(super) full: bool,
    member: String,
    inside: String,
    shown: String,
    confidence: &'static str,
    start: Position,
    end: Position,
    reasons: String,
    encoding: &'static str,
    place: Option<Place>,
    download: Option<Arc<str>>,
}

impl Found {
    pub(super) fn of(finding: &Finding) -> Found {
        // What tells a finding from another of the same value: the member, not its cell or
        // offset, which move when something is written before it.
        let members = finding.origin.inside.iter().filter(|step| matches!(step, Step::Member(_) | Step::Page(_)));
        Found {
            detector: finding.detector.id.to_string(),
            fingerprint: finding.fingerprint.as_str().to_owned(),
            full: finding.fingerprint.is_full(),
            member: steps(members),
            inside: inside(&finding.origin),
            shown: finding.shown.clone(),
            confidence: finding.confidence.name(),
            start: finding.start,
            end: finding.end,
            reasons: json(finding.reasons.iter().map(ToString::to_string)),
            encoding: finding.encoding,
            place: finding.place,
            download: finding.download.clone(),
        }
    }
}

/// The way inward, as a JSON array of its steps.
pub(super) fn inside(origin: &Origin) -> String {
    steps(origin.inside.iter())
}

fn steps<'s>(steps: impl Iterator<Item = &'s Step>) -> String {
    json(steps.map(ToString::to_string))
}

fn json(items: impl Iterator<Item = String>) -> String {
    serde_json::Value::from_iter(items).to_string()
}

/// What could not be looked at, on its way into the database.
#[derive(Debug, Clone, Default)]
pub(super) struct Problems {
    list: Vec<(String, Problem, u64)>,
}

impl Problems {
    pub(super) fn add(&mut self, origin: &Origin, problem: &Problem) {
        if self.list.len() >= MOST_PROBLEMS
            && let Some((.., times)) = self.list.iter_mut().rev().find(|(_, p, _)| p.kind == problem.kind)
        {
            *times += 1;
            return;
        }
        self.list.push((inside(origin), problem.clone(), 1));
    }

    fn flags(&self) -> i64 {
        let flag = |problem: &Problem| match problem.kind {
            // The same bytes fail in the same way.
            ProblemKind::Unsupported | ProblemKind::Damaged => 0,
            ProblemKind::Limit if !problem.what.starts_with("seconds") && problem.what != STOPPED => 0,
            ProblemKind::Encrypted => ENCRYPTED,
            _ => AGAIN,
        };
        self.list.iter().fold(0, |flags, (_, problem, _)| flags | PROBLEM | flag(problem))
    }
}

/// A file that was read, with everything that is to be written of it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) path: Arc<Path>,
    /// From before it was opened; `None` for what is no file (a folder that could not be listed).
    pub(super) stamp: Option<Stamp>,
    pub(super) settled: bool,
    pub(super) mount: i64,
    pub(super) previous: Option<Known>,
    pub(super) findings: Vec<Found>,
    pub(super) beyond: Vec<(String, u64)>,
    pub(super) problems: Problems,
    pub(super) content: Option<String>,
    /// Whose it is by its content and where it came from; `None` where there is no ledger.
    pub(super) whose: Option<Whose>,
}

/// What a file's content says of whose it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Whose {
    pub(super) attributed: Vec<Attributed>,
    pub(super) download: Option<String>,
}

impl Record {
    /// As it is stored.
    fn path(&self) -> &[u8] {
        location::to_bytes(&self.path)
    }
}

/// When and in which run something is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) run: i64,
    pub(super) seconds: i64,
    pub(super) detector_set: i64,
}

impl Store {
    /// Writes what was read of some files, all or nothing.
    pub(super) fn record(&mut self, records: &[Record], now: Now) -> Result<()> {
        self.write(|transaction| {
            let mut rows = Vec::with_capacity(records.len());
            for record in records {
                rows.extend(write(transaction, record, now)?);
            }
            write_rows(transaction, &rows, now)
        })
    }

    /// Takes note of files that are not there any more.
    pub(super) fn gone(&mut self, paths: &[Vec<u8>], now: Now, clients: Option<&Clients>) -> Result<()> {
        self.write(|transaction| paths.iter().try_for_each(|path| forget(transaction, path, now, clients)))
    }

    /// The row of one file.
    pub(super) fn known(&self, path: &Path) -> Result<Option<Known>> {
        let look = || -> rusqlite::Result<Option<Known>> {
            let mut query = self.connection.prepare_cached(&format!("SELECT {KNOWN} FROM file WHERE path = ?1"))?;
            let mut rows = query.query([location::to_bytes(path)])?;
            rows.next()?.map(Known::of).transpose()
        };
        look().map_err(|e| self.failed(e))
    }
}

/// Rows of files written by one statement: in the order of their paths, so that each finds its
/// place beside the one before (measured: half the time).
const ROWS: usize = 32;
const COLUMNS: usize = 11;

/// The row of a file: what is read, and its flags.
struct Row<'r> {
    record: &'r Record,
    flags: i64,
}

fn write_rows(transaction: &Transaction<'_>, rows: &[Row<'_>], now: Now) -> rusqlite::Result<()> {
    let (many, few) = rows.as_chunks::<ROWS>();
    let chunks = many.iter().map(<[Row<'_>; ROWS]>::as_slice).chain(few.chunks(1));
    for chunk in chunks {
        let mut insert = transaction.prepare_cached(if chunk.len() == ROWS { &MANY } else { &ONE })?;
        for (row, first) in chunk.iter().zip((1..).step_by(COLUMNS)) {
            let Row { record, flags } = row;
            let number = |field: fn(&Stamp) -> i64| record.stamp.as_ref().map_or(0, field);
            insert.raw_bind_parameter(first, record.path())?;
            let numbers = [
                number(|s| signed(s.size)),
                number(|s| s.modified),
                number(|s| s.changed),
                number(|s| signed(s.inode)),
                record.mount,
                now.detector_set,
                *flags,
                now.seconds,
                now.run,
            ];
            for (value, at) in numbers.into_iter().zip(first + 1..) {
                insert.raw_bind_parameter(at, value)?;
            }
            insert.raw_bind_parameter(first + COLUMNS - 1, record.content.as_deref())?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

static ONE: LazyLock<String> = LazyLock::new(|| upsert(1));
static MANY: LazyLock<String> = LazyLock::new(|| upsert(ROWS));

/// The statement that writes so many rows of files.
fn upsert(rows: usize) -> String {
    let row = format!("({})", ["?"; COLUMNS].join(", "));
    format!(
        "INSERT INTO file VALUES {} ON CONFLICT (path) DO UPDATE SET
         size = excluded.size, modified = excluded.modified, changed = excluded.changed, inode = excluded.inode,
         mount = excluded.mount, detector_set = excluded.detector_set, flags = excluded.flags, run = excluded.run,
         content = excluded.content",
        vec![row; rows].join(", ")
    )
}

/// Writes everything of a file but its row, which is given back unless it stays what it was.
fn write<'r>(transaction: &Transaction<'_>, record: &'r Record, now: Now) -> rusqlite::Result<Option<Row<'r>>> {
    let before = record.previous.as_ref().map_or(0, |known| known.flags);
    let mut flags = record.problems.flags();
    let in_part = flags & PROBLEM != 0;
    if (before | flags) & PROBLEM != 0 {
        problems(transaction, record, now)?;
    }
    if before & FINDINGS != 0 || !record.findings.is_empty() {
        findings(transaction, record, now, in_part)?;
        // Some may stay open although they were not found again.
        let mut open =
            transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM finding WHERE path = ?1 AND resolved IS NULL)")?;
        if open.query_row([record.path()], |row| row.get(0))? {
            flags |= FINDINGS;
        }
    }
    if let (Some(whose), Some(_)) = (&record.whose, &record.stamp) {
        attribute(transaction, record.path(), whose, in_part)?;
    }
    if !record.settled || record.stamp.is_none() {
        flags |= AGAIN;
    }
    if record.stamp.is_none() && record.previous.is_some() {
        // It could not be opened: what is known of it stays.
        transaction.prepare_cached("UPDATE file SET flags = ?2, run = ?3 WHERE path = ?1")?.execute(params![
            record.path(),
            flags,
            now.run
        ])?;
        return Ok(None);
    }
    Ok(Some(Row { record, flags }))
}

fn problems(transaction: &Transaction<'_>, record: &Record, now: Now) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO problem VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (path, inside, kind, what) DO UPDATE SET times = excluded.times",
    )?;
    // Those that are known keep the day on which they were met first.
    let mut kept = Vec::new();
    for (inside, problem, times) in &record.problems.list {
        insert.execute(params![
            record.path(),
            inside,
            problem.kind.name(),
            problem.what,
            signed(*times),
            now.seconds
        ])?;
        kept.push((inside.as_str(), problem.kind.name(), problem.what.as_str()));
    }
    let mut stale = Vec::new();
    let mut all = transaction.prepare_cached("SELECT inside, kind, what FROM problem WHERE path = ?1")?;
    let mut rows = all.query([record.path()])?;
    while let Some(row) = rows.next()? {
        let key: (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if !kept.contains(&(key.0.as_str(), key.1.as_str(), key.2.as_str())) {
            stale.push(key);
        }
    }
    let mut delete = transaction
        .prepare_cached("DELETE FROM problem WHERE path = ?1 AND inside = ?2 AND kind = ?3 AND what = ?4")?;
    for (inside, kind, what) in stale {
        delete.execute(params![record.path(), inside, kind, what])?;
    }
    Ok(())
}

fn findings(transaction: &Transaction<'_>, record: &Record, now: Now, in_part: bool) -> rusqlite::Result<()> {
    // A finding that is there again after it was gone is a new one that keeps its first day.
    let mut insert = transaction.prepare_cached(
        "INSERT INTO finding VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 1, ?16, ?17,
                                     ?17, NULL, NULL, NULL, ?18, ?19, ?20)
         ON CONFLICT (path, detector, fingerprint, member) DO UPDATE SET
         inside = excluded.inside, shown = excluded.shown, confidence = excluded.confidence,
         start_line = excluded.start_line, start_column = excluded.start_column, start_byte = excluded.start_byte,
         end_line = excluded.end_line, end_column = excluded.end_column, end_byte = excluded.end_byte,
         reasons = excluded.reasons, encoding = excluded.encoding,
         place = excluded.place, service = excluded.service, download = excluded.download,
         times = CASE WHEN seen = excluded.seen THEN times + 1 ELSE 1 END,
         opened = CASE WHEN resolved IS NULL THEN opened ELSE excluded.opened END,
         seen = excluded.seen, resolved = NULL, resolved_run = NULL, how = NULL",
    )?;
    // A watch may read a file more than once in its run.
    transaction
        .prepare_cached("UPDATE finding SET seen = 0 WHERE path = ?1 AND seen = ?2")?
        .execute(params![record.path(), now.run])?;
    for f in &record.findings {
        insert.execute(params![
            record.path(),
            f.detector,
            f.fingerprint,
            f.member,
            f.inside,
            f.shown,
            f.confidence,
            signed(f.start.line),
            signed(f.start.column),
            signed(f.start.byte),
            signed(f.end.line),
            signed(f.end.column),
            signed(f.end.byte),
            f.reasons,
            f.encoding,
            now.seconds,
            now.run,
            f.place.map(Place::name),
            f.place.and_then(Place::service),
            f.download.as_deref(),
        ])?;
    }
    transaction
        .prepare_cached("DELETE FROM beyond WHERE path = ?1 AND detector IN temp.present")?
        .execute([record.path()])?;
    let mut beyond = transaction.prepare_cached("INSERT OR REPLACE INTO beyond VALUES (?1, ?2, ?3)")?;
    for (detector, times) in &record.beyond {
        beyond.execute(params![record.path(), detector, signed(*times)])?;
    }
    if in_part {
        // What was not found again may stand where nobody could look.
        return Ok(());
    }
    let same = record.previous.as_ref().zip(record.stamp.as_ref()).is_some_and(|(known, stamp)| known.is(stamp));
    // Not those of detectors that were not asked; nor of those that have more than are kept.
    transaction
        .prepare_cached(
            "UPDATE finding SET resolved = ?2, resolved_run = ?3, how = ?4
             WHERE path = ?1 AND resolved IS NULL AND seen <> ?3 AND detector IN temp.present
             AND NOT EXISTS (SELECT 1 FROM beyond b WHERE b.path = finding.path AND b.detector = finding.detector)",
        )?
        .execute(params![record.path(), now.seconds, now.run, if same { "judged" } else { "removed" }])?;
    Ok(())
}

/// Writes down whose a file is by its content. What was not met again in a file that could be read
/// in part only may stand where nobody could look.
fn attribute(transaction: &Transaction<'_>, path: &[u8], whose: &Whose, in_part: bool) -> rusqlite::Result<()> {
    if !in_part {
        transaction.prepare_cached("DELETE FROM attribution WHERE path = ?1")?.execute([path])?;
    }
    let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO attribution VALUES (?1, ?2, ?3, ?4)")?;
    for Attributed { client, by, times } in &whose.attributed {
        insert.execute(params![path, client, by.name(), signed(*times)])?;
    }
    // A browser that forgets its history does not make a file another's.
    if let Some(address) = &whose.download {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO download VALUES (?1, ?2)")?
            .execute(params![path, address])?;
    }
    Ok(())
}

/// Whose a file is that is about to be forgotten.
fn owners(transaction: &Transaction<'_>, path: &[u8], clients: &Clients) -> rusqlite::Result<Vec<(String, By)>> {
    let mut all: Vec<(String, By)> = Vec::new();
    let mut add = |client: usize, by| all.push((clients.id(client).to_string(), by));
    if let Some(client) = clients.of_bytes(path) {
        add(client, By::Workspace);
    }
    let address: Option<String> = transaction
        .prepare_cached("SELECT address FROM download WHERE path = ?1")?
        .query_row([path], |row| row.get(0))
        .optional()?;
    if let Some(client) = address.and_then(|address| clients.of_address(&address)) {
        add(client, By::Download);
    }
    let mut query = transaction.prepare_cached("SELECT client, how FROM attribution WHERE path = ?1")?;
    let rows = query.query_map([path], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for row in rows {
        let (client, how) = row?;
        all.push((client, By::of(&how).unwrap_or(By::Marker)));
    }
    Ok(all)
}

/// A file is gone, and its findings with it.
fn forget(transaction: &Transaction<'_>, path: &[u8], now: Now, clients: Option<&Clients>) -> rusqlite::Result<()> {
    let owners = clients.map_or_else(|| Ok(Vec::new()), |clients| owners(transaction, path, clients))?;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO gone_file
             SELECT path, ?2, size, content, first_seen, ?3 FROM file WHERE path = ?1
             AND (?4 OR EXISTS (SELECT 1 FROM finding WHERE finding.path = ?1 AND resolved IS NULL))",
        )?
        .execute(params![path, now.run, now.seconds, !owners.is_empty()])?;
    for (client, by) in owners {
        transaction.prepare_cached("INSERT OR REPLACE INTO gone_client VALUES (?1, ?2, ?3, ?4)")?.execute(params![
            path,
            now.run,
            client,
            by.name()
        ])?;
    }
    transaction
        .prepare_cached(
            "UPDATE finding SET resolved = ?2, resolved_run = ?3, how = 'gone' WHERE path = ?1 AND resolved IS NULL",
        )?
        .execute(params![path, now.seconds, now.run])?;
    for table in ["problem", "beyond", "attribution", "download", "file"] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE path = ?1"))?.execute([path])?;
    }
    Ok(())
}
