//! The loop: source → extract → text → decode → detect → policy → [`Sink`].
//!
//! Owns the workers, the budgets and the order of output. It is the one place where a panic
//! becomes a [`Problem`]. Memory is flat: inputs pass in windows, workers run a bounded number
//! of files ahead, findings leave as soon as all earlier files are done.

mod collect;
mod copies;
mod crew;
mod distinct;
mod encoded;
mod examples;
mod file;
mod found;
mod hunt;
mod lines;
mod members;
mod order;
mod persons;
mod prose;
mod records;
mod sieve;
mod stream;
mod summary;
mod together;
mod told;
mod view;
mod whose;
mod window;
mod worker;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::chunk::{Limits, Origin};
use crate::client::{Attributed, Clients, Registry};
use crate::detect::{DetectorError, Detectors};
use crate::detector::Detector;
use crate::error::{Error, Problem, Result};
use crate::finding::{Finding, Key};
use crate::place::Places;
use crate::policy::{Approvals, Own, Rules};
use crate::source::{Item, Source};

use crew::Crew;
use order::Order;
use worker::Worker;

pub use collect::Collect;
pub use copies::{Intake, Taken};
pub use distinct::Distinct;
pub use examples::{ExampleCheck, Failure};
pub use persons::Persons;
pub use sieve::Sieve;
pub use summary::Summary;

/// Takes what a scan finds, in the order of the source.
pub trait Sink: Send {
    /// Something was found (reported or, where asked for, suppressed).
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;

    /// Something could not be looked at.
    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()>;

    /// `count` further findings of a detector in a file were counted but not handed over.
    fn more(&mut self, origin: &Origin, detector: &Detector, count: u64) -> io::Result<()>;

    /// What the content of the present item says of whose it is, and the address it was downloaded
    /// from; told of every item where there are clients.
    fn whose(&mut self, _: &[Attributed], _: Option<&str>) -> io::Result<()> {
        Ok(())
    }

    /// A file holds personal data of `count` people (from two on; above some thousands an estimate).
    fn persons(&mut self, _origin: &Origin, _count: u64) -> io::Result<()> {
        Ok(())
    }

    /// The next item of the source is done; what was found in it has been handed over.
    fn item_done(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The scan is over.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// The state of the source code that reads files (`build.rs` makes it): where it is the same, the same
/// detectors and options find the same.
pub const READER: &str = env!("SEKISHO_READER");

/// How to scan.
#[derive(Debug, Clone)]
pub struct Options {
    /// Worker threads; at least one.
    pub threads: usize,
    /// Bytes that a window answers for. The default suits a core's L2 cache; tests use every
    /// other size.
    pub chunk: usize,
    /// Bounds for each file.
    pub limits: Limits,
    /// The program (this one) to start as a locked-down parser of intricate formats; `None`
    /// parses them in this process.
    pub isolation: Option<PathBuf>,
    /// Passwords to try on what is encrypted; never stored or shown.
    pub passwords: Vec<String>,
    /// Hand out raw values.
    pub reveal: bool,
    /// The key of fingerprints.
    pub key: Key,
    /// Findings handed over for each file and detector; 0 for all.
    pub max_findings: u64,
    /// Hand over suppressed findings too.
    pub show_suppressed: bool,
    /// What is to be reported.
    pub rules: Rules,
    /// The user's own data, which is no alarm.
    pub own: Option<Arc<Own>>,
    /// The clock; the library has none of its own.
    pub clock: fn() -> Instant,
    /// Answers where files live; `None` leaves it open.
    pub places: Option<Arc<Places>>,
    /// The clients of the ledger; `None` where there are none.
    pub clients: Option<Arc<Clients>>,
    /// Prior approvals; `None` where there are none.
    pub approvals: Option<Arc<Approvals>>,
    /// Hand over what approvals cover, suppressed as it is, although nothing else suppressed is.
    pub keep_approved: bool,
    /// Where to count for a progress display.
    pub progress: Option<Arc<Progress>>,
    /// What is registered of clients: copies and records of it are findings.
    pub registry: Option<Arc<Registry>>,
    /// Takes the texts to register them. Nothing else is done with them then.
    pub intake: Option<Arc<Intake>>,
}

impl Options {
    /// Everything at its default.
    pub fn new(key: Key, clock: fn() -> Instant) -> Options {
        Options {
            threads: 1,
            chunk: 256 << 10,
            limits: Limits::default(),
            isolation: None,
            passwords: Vec::new(),
            reveal: false,
            key,
            max_findings: 1000,
            show_suppressed: false,
            rules: Rules::default(),
            own: None,
            clock,
            places: None,
            clients: None,
            approvals: None,
            keep_approved: false,
            progress: None,
            registry: None,
            intake: None,
        }
    }
}

/// How far a scan is, readable from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files done.
    pub files: AtomicU64,
    /// Bytes read.
    pub bytes: AtomicU64,
    /// Findings so far.
    pub findings: AtomicU64,
    /// Set from outside to end the scan early; what was not reached is not looked at.
    pub stop: AtomicBool,
}

/// A compiled set of detectors with options: scans any number of sources.
#[derive(Debug)]
pub struct Scanner {
    detectors: Arc<Detectors>,
    options: Options,
}

impl Scanner {
    /// Compiles the detectors.
    pub fn new(detectors: Vec<Arc<Detector>>, options: Options) -> std::result::Result<Scanner, DetectorError> {
        Ok(Scanner { detectors: Arc::new(Detectors::new(detectors)?), options })
    }

    /// A scanner of the same detectors with other options.
    pub fn with(&self, options: Options) -> Scanner {
        Scanner { detectors: self.detectors.clone(), options }
    }

    /// The options in force.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The detectors in use.
    pub fn detectors(&self) -> &[Arc<Detector>] {
        self.detectors.list()
    }

    /// Scans everything that `source` lists. Fails if there is nothing to scan with or if
    /// `sink` cannot be written to; what cannot be looked at is a problem in the summary.
    pub fn run(&self, source: &mut dyn Source, sink: &mut dyn Sink) -> Result<Summary> {
        if self.detectors.list().is_empty() && self.options.intake.is_none() {
            return Err(Error::NoDetectors);
        }
        let began = (self.options.clock)();
        let queue = Queue { state: Mutex::new((source, std::collections::VecDeque::new(), 0)), options: &self.options };
        let order = Order::new(sink);
        let total = Mutex::new(Summary::default());
        let crew = Crew::new(self.options.threads.max(1));
        let work = || {
            let busy = crew.busy();
            let mut worker = Worker::new(&self.detectors, &self.options, &crew);
            while let Some((number, item)) = queue.pop(&order) {
                worker.item(item, order.outbox(number));
            }
            drop(busy);
            crew.help(&self.detectors, &mut worker.scratch);
            total.lock().unwrap_or_else(PoisonError::into_inner).add(&worker.summary());
        };
        if self.options.threads <= 1 {
            work();
        } else {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(self.options.threads)
                .thread_name(|i| format!("scan-{i}"))
                .build()
                .map_err(|e| Error::Usage(e.to_string()))?;
            pool.broadcast(|_| work());
        }
        let sink = order.finish().map_err(output_error)?;
        let mut summary = total.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (source, ..) = queue.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        summary.skipped = source.skipped();
        summary.stopped = self.options.progress.as_ref().is_some_and(|p| p.stop.load(Ordering::Relaxed));
        summary.seconds = (self.options.clock)().duration_since(began).as_secs_f64();
        sink.finish(&summary).map_err(output_error)?;
        Ok(summary)
    }
}

fn output_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::OutputClosed,
        _ => Error::Io { path: "-".into(), source: error },
    }
}

/// The source behind a lock: numbers the items and keeps workers from running too far ahead.
struct Queue<'s> {
    state: Mutex<(&'s mut dyn Source, std::collections::VecDeque<Item>, u64)>,
    options: &'s Options,
}

/// Items listed at a time: the lock and the directory's buffers are then cheap for each.
const LIST: usize = 64;

impl Queue<'_> {
    fn pop(&self, order: &Order<'_>) -> Option<(u64, Item)> {
        if order.failed() || self.options.progress.as_ref().is_some_and(|p| p.stop.load(Ordering::Relaxed)) {
            return None;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (source, waiting, next) = &mut *state;
        if waiting.is_empty() {
            let mut items = Vec::with_capacity(LIST);
            source.next(&mut items, LIST);
            waiting.extend(items);
        }
        let item = waiting.pop_front()?;
        let number = *next;
        *next += 1;
        drop(state);
        order.begin(number);
        Some((number, item))
    }
}
