//! What `watch` does about a file with findings: quarantine, a command of the user's, a desktop
//! notification. None of them ever sees a value.

use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::config;
use sekisho::detector::{Confidence, Detector, Severity};
use sekisho::error::{Error, Problem, Result};
use sekisho::finding::{Finding, Key, Place};
use sekisho::message::{Lang, Notice, printable};
use sekisho::place::Places;
use sekisho::scan::{Sink, Summary};
use sekisho::watch::quarantine::{Fault, Found, Quarantine, Request};

use super::{Session, memory, notify, quarantine};

/// Commands of the user's that may run at a time, and how long one may take then.
const MOST_CHILDREN: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);

/// What is done about findings.
pub(crate) struct Actions {
    quarantine: Option<Quarantine>,
    command: Option<String>,
    notify: bool,
    children: Mutex<Vec<Child>>,
}

/// A file with findings.
struct Hit {
    path: PathBuf,
    place: Option<Place>,
    download: Option<String>,
    confidence: Confidence,
    severity: Severity,
    titles: Vec<String>,
    found: Vec<Found>,
}

impl Hit {
    fn new(finding: &Finding) -> Hit {
        Hit {
            path: finding.origin.path.to_path_buf(),
            place: finding.place,
            download: finding.download.as_deref().map(str::to_owned),
            confidence: finding.confidence,
            severity: finding.severity(),
            titles: Vec::new(),
            found: Vec::new(),
        }
    }

    fn add(&mut self, finding: &Finding, lang: Lang) {
        self.confidence = self.confidence.max(finding.confidence);
        self.severity = self.severity.max(finding.severity());
        let detector = &finding.detector;
        match self.found.iter_mut().find(|found| found.detector == detector.id.as_ref()) {
            Some(found) => found.times += 1,
            None => {
                let shown = finding.shown.clone();
                self.found.push(Found { detector: detector.id.to_string(), shown, times: 1 });
                self.titles.push(sekisho::report::pick(&detector.title, lang).to_owned());
            }
        }
    }

    fn count(&self) -> u64 {
        self.found.iter().map(|found| found.times).sum()
    }
}

impl Actions {
    /// The actions that the arguments ask for, else the settings. Fails if one cannot work.
    pub(crate) fn new(
        session: &Session,
        args: &ArgMatches,
        config: &config::Watch,
        places: &Places,
        key: Key,
    ) -> Result<Actions> {
        let mut wanted: Vec<&str> =
            args.get_many::<String>("action").into_iter().flatten().map(String::as_str).collect();
        if wanted.is_empty() {
            wanted = config.actions.iter().map(String::as_str).collect();
        }
        let usage = |notice: Notice<'_>| Error::Usage(notice.text(session.lang).into_owned());
        if let Some(unknown) = wanted.iter().find(|name| !["notify", "quarantine", "command"].contains(name)) {
            return Err(usage(Notice::NoSuchAction(unknown)));
        }
        let command = args.get_one::<String>("command").or(config.command.as_ref());
        let command = command.filter(|_| wanted.contains(&"command") || args.contains_id("command")).cloned();
        if wanted.contains(&"command") && command.is_none() {
            return Err(usage(Notice::NoCommand));
        }
        let quarantine = match wanted.contains(&"quarantine") {
            true => Some(quarantine::open(session, places, key)?),
            false => None,
        };
        let notify = wanted.contains(&"notify");
        if notify && !notify::is_possible() {
            session.tell(&Notice::NoNotifier.text(session.lang));
        }
        Ok(Actions { quarantine, command, notify, children: Mutex::default() })
    }

    /// A sink that hands on to `inner` and acts on each file that is done. `quiet`: a look that
    /// found nothing is not told of.
    pub(crate) fn sink<'a>(&'a self, session: &'a Session, inner: &'a mut dyn Sink, quiet: bool) -> Acting<'a> {
        Acting { actions: self, session, inner, quiet, current: None, told: None, files: 0 }
    }

    fn children(&self) -> MutexGuard<'_, Vec<Child>> {
        self.children.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn act(&self, session: &Session, hit: &Hit) {
        let id = self.quarantine.as_ref().and_then(|quarantine| put_away(session, quarantine, hit));
        if let Some(command) = &self.command {
            self.start(session, command, hit, id.as_deref());
        }
    }

    /// Starts the user's command; what it has to know is in variables, never in the text of the
    /// command, so that no file name can become part of it.
    fn start(&self, session: &Session, command: &str, hit: &Hit, quarantined: Option<&str>) {
        self.wait(session);
        let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let detectors: Vec<&str> = hit.found.iter().map(|found| found.detector.as_str()).collect();
        let started = Command::new(shell)
            .args([option, command])
            .env("SEKISHO_PATH", &hit.path)
            .env("SEKISHO_FINDINGS", hit.count().to_string())
            .env("SEKISHO_DETECTORS", detectors.join(" "))
            .env("SEKISHO_CONFIDENCE", hit.confidence.name())
            .env("SEKISHO_SEVERITY", hit.severity.name())
            .env("SEKISHO_PLACE", hit.place.map_or("", Place::name))
            .env("SEKISHO_ORIGIN", hit.download.as_deref().unwrap_or_default())
            .env("SEKISHO_QUARANTINE", quarantined.unwrap_or_default())
            .stdin(Stdio::null())
            // Standard output is ours.
            .stdout(std::io::stderr())
            .spawn();
        match started {
            Ok(child) => self.children().push(child),
            Err(e) => session.tell(&Notice::CommandFailed(&e.to_string()).text(session.lang)),
        }
    }

    /// Waits while too many commands run; one that takes too long then is ended.
    fn wait(&self, session: &Session) {
        let end = Instant::now() + PATIENCE;
        loop {
            self.reap(session);
            let mut children = self.children();
            if children.len() < MOST_CHILDREN {
                return;
            }
            if Instant::now() > end {
                let mut oldest = children.remove(0);
                // It may have ended by itself just now.
                let _ = oldest.kill();
                let _ = oldest.wait();
                session.tell(&Notice::CommandFailed("timeout").text(session.lang));
                return;
            }
            drop(children);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Takes note of commands that have ended.
    pub(crate) fn reap(&self, session: &Session) {
        self.children().retain_mut(|child| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) if status.success() => false,
            Ok(Some(status)) => {
                session.tell(&Notice::CommandFailed(&status.to_string()).text(session.lang));
                false
            }
            Err(_) => false,
        });
    }
}

/// Moves a file into quarantine and tells of it; its id there.
fn put_away(session: &Session, quarantine: &Quarantine, hit: &Hit) -> Option<String> {
    let path = hit.path.to_string_lossy();
    let path = printable(&path);
    let done = quarantine::new_id().and_then(|id| {
        quarantine.put(Request {
            file: &hit.path,
            id: &id,
            now: memory::seconds(),
            found: hit.found.clone(),
            place: hit.place.unwrap_or_default(),
            download: hit.download.clone(),
        })
    });
    match done {
        Ok(record) => {
            session.tell(&Notice::Quarantined { path: &path, id: &record.id }.text(session.lang));
            if record.links > 1 {
                session.tell(&Notice::OtherNames(record.links - 1).text(session.lang));
            }
            if record.written_meanwhile {
                session.tell(&Notice::WrittenMeanwhile.text(session.lang));
            }
            Some(record.id)
        }
        // Somebody was faster.
        Err(Fault::Io(_, e)) if e.kind() == io::ErrorKind::NotFound => None,
        Err(fault) => {
            let why = quarantine::fault_text(session.lang, &fault);
            session.tell(&Notice::NotQuarantined { path: &path, why: &why }.text(session.lang));
            None
        }
    }
}

/// Hands everything on, gathers what is found in each file, and acts when the file is done.
pub(crate) struct Acting<'a> {
    actions: &'a Actions,
    session: &'a Session,
    inner: &'a mut dyn Sink,
    quiet: bool,
    current: Option<Hit>,
    /// The first file of this look, for its one notification, and how many there were.
    told: Option<Hit>,
    files: u64,
}

impl Acting<'_> {
    fn done(&mut self) {
        if let Some(hit) = self.current.take() {
            self.actions.act(self.session, &hit);
            self.files += 1;
            self.told.get_or_insert(hit);
        }
    }
}

impl Sink for Acting<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if finding.suppressed.is_none() {
            self.current.get_or_insert_with(|| Hit::new(finding)).add(finding, self.session.lang);
        }
        self.inner.finding(finding)
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        self.inner.problem(origin, problem)
    }

    fn more(&mut self, origin: &Origin, detector: &Detector, count: u64) -> io::Result<()> {
        self.inner.more(origin, detector, count)
    }

    fn persons(&mut self, origin: &Origin, count: u64) -> io::Result<()> {
        self.inner.persons(origin, count)
    }

    fn item_done(&mut self) -> io::Result<()> {
        self.done();
        self.inner.item_done()
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if let Some(hit) = self.told.take()
            && self.actions.notify
        {
            notify(self.session, &hit, self.files - 1);
        }
        let nothing = summary.findings == 0 && summary.suppressed == 0 && summary.problems.is_empty();
        if self.quiet && nothing { Ok(()) } else { self.inner.finish(summary) }
    }
}

/// Shows one notification for a look: names and kinds, no values.
fn notify(session: &Session, hit: &Hit, others: u64) {
    let name = hit.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let title = Notice::NotifyTitle(hit.count()).text(session.lang);
    let body = Notice::NotifyBody { file: &printable(&name), what: &hit.titles.join(", "), others }.text(session.lang);
    notify::show(&title, &body);
}
