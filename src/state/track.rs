//! A scan that remembers: only what is not known is read, and what is found is written down.
//!
//! [`Store::scan`] puts itself before the source (`known.rs`) and before the sink. Both ends meet
//! in [`Shared`]: what the source lets pass is expected back, in the same order, at the sink. A
//! thread of its own writes it down, so that nobody waits for the database.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock};

use super::known::{Unknown, lock};
use super::location::to_bytes;
use super::mounts::Mounts;
use super::record::{Found, Known, Now, Problems, Record, Whose};
use super::{DetectorSet, Store};
use crate::chunk::Origin;
use crate::client::{Attributed, Clients};
use crate::detector::Detector;
use crate::error::{Error, Problem, Result};
use crate::finding::{Finding, Key, Suppression};
use crate::scan::{Options, Scanner, Sink, Summary};
use crate::source::{Body, Source, Stamp};

/// How to scan with memory.
#[derive(Debug, Clone, Copy)]
pub struct Tracking<'a> {
    /// The run this belongs to, from [`Store::begin`].
    pub run: i64,
    /// The scanner's detectors.
    pub set: &'a DetectorSet,
    /// The folders that the source walks, absolute, sorted, none inside another: what is known
    /// below them and is not met any more is gone. None: nothing is gone because it is not met
    /// (a watch, a list of files).
    pub roots: &'a [PathBuf],
    /// Read known files too.
    pub reread: bool,
    /// Does the source follow links?
    pub follow: bool,
    /// The time, in nanoseconds since 1970.
    pub clock: fn() -> i64,
}

/// What a scan with memory has done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tracked {
    /// The scan of what had to be read.
    pub summary: Summary,
    /// Files that were known and not read.
    pub unchanged: u64,
}

/// Largest file whose content is hashed for the record, in bytes.
const MOST_HASHED: u64 = 256 << 20;
/// Smallest file without findings that has a full hash, in bytes.
const LEAST_HASHED: u64 = 1024;
/// Files written in one transaction.
const BATCH: usize = 1024;
/// Transactions that may wait to be written.
const BATCHES: usize = 2;
/// A transaction is written at the latest after this time, in nanoseconds.
const PATIENCE: i64 = 1_000_000_000;

impl Store {
    /// Scans what `source` lists and is not known, tells `sink` of it, and writes it down.
    /// Paths must be absolute. Fails like [`Scanner::run`], and if the state cannot be written.
    pub fn scan(
        &mut self,
        scanner: &Scanner,
        source: &mut dyn Source,
        sink: &mut dyn Sink,
        how: &Tracking<'_>,
    ) -> Result<Tracked> {
        let sets = self.number(how.set)?;
        self.present(how.set)?;
        // What is approved today may not be tomorrow, and its file is not read again for that.
        let kept = scanner.with(Options { keep_approved: true, ..scanner.options().clone() });
        let (scanner, show_approved) = (&kept, scanner.options().show_suppressed || scanner.options().keep_approved);
        let options = scanner.options();
        if let Some(clients) = &options.clients {
            self.set_clients_of_run(how.run, clients.definition())?;
        }
        let shared = Shared::new(self, how, options.clients.clone());
        let mut unknown =
            Unknown::new(source, &shared, how, sets.clone(), !options.passwords.is_empty(), options.progress.clone());
        let (send, batches) = sync_channel(BATCHES);
        let summary = std::thread::scope(|scope| {
            let shared = &shared;
            scope.spawn(move || shared.write_down(batches, sets.id));
            let mut recorder = Recorder {
                sink,
                shared,
                key: options.key,
                current: Gathered::default(),
                batch: Vec::with_capacity(BATCH),
                batches: send,
                mounts: Mounts::default(),
                handed_over: (how.clock)(),
                show_approved,
            };
            let summary = scanner.run(&mut unknown, &mut recorder);
            // Whatever ended the scan, what was read until then is known.
            recorder.hand_over();
            summary
        });
        let unchanged = unknown.unchanged;
        match shared.failure() {
            Some(error) => Err(error),
            None => Ok(Tracked { summary: summary?, unchanged }),
        }
    }

    /// Says which detectors answer for what is not found again.
    fn present(&mut self, set: &DetectorSet) -> Result<()> {
        let write = || -> rusqlite::Result<()> {
            self.connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS temp.present (id TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM temp.present",
            )?;
            let mut insert = self.connection.prepare("INSERT OR IGNORE INTO temp.present VALUES (?1)")?;
            set.ids().try_for_each(|id| insert.execute([id]).map(drop))
        };
        write().map_err(|e| self.failed(e))
    }
}

/// An item that is under way between source and sink.
pub(super) struct Pending {
    pub(super) path: Arc<Path>,
    /// When it was listed; it is opened later.
    pub(super) listed: i64,
    /// Filled when it is opened.
    pub(super) stamp: Arc<OnceLock<Stamp>>,
    pub(super) previous: Option<Known>,
}

/// What source and sink share.
pub(super) struct Shared<'t> {
    store: Mutex<&'t mut Store>,
    pending: Mutex<VecDeque<Pending>>,
    failure: Mutex<Option<Error>>,
    failed: AtomicBool,
    run: i64,
    clock: fn() -> i64,
    pub(super) clients: Option<Arc<Clients>>,
}

impl<'t> Shared<'t> {
    fn new(store: &'t mut Store, how: &Tracking<'_>, clients: Option<Arc<Clients>>) -> Shared<'t> {
        Shared {
            store: Mutex::new(store),
            pending: Mutex::default(),
            failure: Mutex::default(),
            failed: AtomicBool::new(false),
            run: how.run,
            clock: how.clock,
            clients,
        }
    }

    pub(super) fn store<T>(&self, work: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
        work(&mut lock(&self.store))
    }

    pub(super) fn push(&self, pending: Pending) {
        lock(&self.pending).push_back(pending);
    }

    pub(super) fn fail(&self, error: Error) {
        lock(&self.failure).get_or_insert(error);
        self.failed.store(true, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Writes batches down until nobody sends any more.
    fn write_down(&self, batches: Receiver<Vec<Record>>, detector_set: i64) {
        for batch in batches {
            if self.failed() {
                continue;
            }
            let now = self.now(detector_set);
            if let Err(error) = self.store(|store| store.record(&batch, now)) {
                self.fail(error);
            }
        }
    }

    fn failure(&self) -> Option<Error> {
        lock(&self.failure).take()
    }

    pub(super) fn now(&self, detector_set: i64) -> Now {
        Now { run: self.run, seconds: (self.clock)() / 1_000_000_000, detector_set }
    }
}

/// What has come in of the present item.
#[derive(Default)]
struct Gathered {
    findings: Vec<Found>,
    beyond: Vec<(String, u64)>,
    problems: Problems,
    whose: Option<Whose>,
}

/// Hands everything on, and then to the writer.
struct Recorder<'s, 't> {
    sink: &'s mut dyn Sink,
    shared: &'s Shared<'t>,
    key: Key,
    current: Gathered,
    batch: Vec<Record>,
    batches: SyncSender<Vec<Record>>,
    mounts: Mounts,
    /// When the last batch was handed over.
    handed_over: i64,
    /// Hand on what approvals cover, too.
    show_approved: bool,
}

impl Recorder<'_, '_> {
    fn hand_over(&mut self) {
        self.handed_over = (self.shared.clock)();
        if !self.batch.is_empty() {
            // The writer listens as long as there is a sender.
            let _ = self.batches.send(std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH)));
        }
    }

    /// What is to be written of an item.
    fn record(&mut self, pending: Pending, gathered: Gathered) -> Result<Record> {
        let stamp = pending.stamp.get().copied();
        let content = match &stamp {
            Some(stamp) if !gathered.findings.is_empty() || self.is_theirs(&pending.path, gathered.whose.as_ref()) => {
                content(&self.key, &pending.path, stamp, &gathered.findings)
            }
            _ => None,
        };
        let mount = match &stamp {
            Some(stamp) => self.mounts.of(stamp, &pending.path, self.shared)?,
            None => 0,
        };
        Ok(Record {
            path: pending.path,
            stamp,
            settled: stamp.is_some_and(|stamp| stamp.is_settled(pending.listed)),
            mount,
            previous: pending.previous,
            findings: gathered.findings,
            beyond: gathered.beyond,
            problems: gathered.problems,
            content,
            whose: gathered.whose,
        })
    }

    /// Is a file some client's? Then a record of its deletion will want to say what it was.
    fn is_theirs(&self, path: &Path, whose: Option<&Whose>) -> bool {
        let (Some(clients), Some(whose)) = (&self.shared.clients, whose) else { return false };
        let downloaded = || whose.download.as_ref().and_then(|address| clients.of_address(address));
        !whose.attributed.is_empty() || clients.of_path(path).or_else(downloaded).is_some()
    }
}

/// A failure of the state ends the scan; the scan knows only failures of its output.
fn ended() -> io::Error {
    io::Error::other("state")
}

impl Sink for Recorder<'_, '_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let approved = matches!(finding.suppressed, Some(Suppression::Approval { .. }));
        if finding.suppressed.is_none() || approved {
            self.current.findings.push(Found::of(finding));
        }
        if approved && !self.show_approved { Ok(()) } else { self.sink.finding(finding) }
    }

    fn whose(&mut self, attributed: &[Attributed], download: Option<&str>) -> io::Result<()> {
        self.current.whose = Some(Whose { attributed: attributed.to_vec(), download: download.map(str::to_owned) });
        self.sink.whose(attributed, download)
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        self.current.problems.add(origin, problem);
        self.sink.problem(origin, problem)
    }

    fn more(&mut self, origin: &Origin, detector: &Detector, count: u64) -> io::Result<()> {
        self.current.beyond.push((detector.id.to_string(), count));
        self.sink.more(origin, detector, count)
    }

    fn persons(&mut self, origin: &Origin, count: u64) -> io::Result<()> {
        self.sink.persons(origin, count)
    }

    fn item_done(&mut self) -> io::Result<()> {
        if self.shared.failed() {
            return Err(ended());
        }
        let gathered = std::mem::take(&mut self.current);
        let pending = lock(&self.shared.pending).pop_front();
        let record = pending.map(|pending| self.record(pending, gathered)).transpose().map_err(|error| {
            self.shared.fail(error);
            ended()
        })?;
        // First what is done about it (a quarantine), then the note that it is known: who is killed
        // in between comes back to it.
        self.sink.item_done()?;
        self.batch.extend(record);
        let age = (self.shared.clock)().abs_diff(self.handed_over);
        if self.batch.len() >= BATCH || age > PATIENCE.unsigned_abs() {
            self.hand_over();
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.sink.finish(summary)
    }
}

/// The keyed hash of a file with findings, so that a deletion record can say what was deleted.
/// Where a value in it could be guessed, a full hash of the file would confirm the guess; then
/// only 16 bits of it are kept, bound to the path. `None` if the file is not any more what was
/// read, or too big to be read twice.
fn content(key: &Key, path: &Path, stamp: &Stamp, findings: &[Found]) -> Option<String> {
    if stamp.size > MOST_HASHED {
        return None;
    }
    let mut file = Body::Path(path.to_owned()).open().ok()?;
    let mut hasher = key.hasher();
    // So would one of a short file, whatever stands in it.
    let full = findings.iter().all(|finding| finding.full) && (stamp.size >= LEAST_HASHED || !findings.is_empty());
    if !full {
        hasher.update(to_bytes(path));
    }
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        };
    }
    if Stamp::of(path).ok()? != *stamp {
        return None;
    }
    let hash = hasher.finalize().to_hex();
    Some(if full { format!("v{hash}") } else { format!("p{}", &hash[..4]) })
}
