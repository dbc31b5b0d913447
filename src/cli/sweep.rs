//! `sekisho sweep`: looks through the configured roots again, reads what has changed, and says
//! what is new, what is still there and what is gone.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::config::{Config, parse_duration};
use sekisho::detector::Detector;
use sekisho::error::{Error, Problem, ProblemKind, Result};
use sekisho::finding::Finding;
use sekisho::message::{Lang, Memory, minute};
use sekisho::report::memory::{Ending, sweep_json, sweep_text};
use sekisho::report::{Shape, Style};
use sekisho::scan::{Progress, READER, Scanner, Sink, Summary};
use sekisho::source::{self, Exclusion, Exclusions, Files};
use sekisho::state::{Begun, Coverage, DetectorSet, Register, RunKind, Scope, Store, Tracked, Tracking};

use super::exit::Status;
use super::roots::{Roots, roots};
use super::{Session, approve, key, ledger, machine, memory, output, priority, scan, schedule, set, settings, stop};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    if args.get_flag("status") {
        return schedule::status(session);
    }
    if args.get_flag("unschedule") {
        return schedule::uninstall(session, schedule::SWEEP);
    }
    if let Some(when) = args.get_one::<String>("if-due")
        && !schedule::is_due(session, when)?
    {
        return Ok(Status::Clean);
    }
    let config = settings::load(session, args)?;
    let time = max_duration(session, args, &config)?;
    let database = memory::database(session)?;
    let mut roots = roots(session, args, &config)?;
    if let Some(when) = args.get_one::<String>("schedule") {
        return schedule::install_sweep(session, args, when);
    }
    let exclusions = exclusions(session, args, &config, &database)?;
    let detectors = set::chosen(session, args, &config)?;
    let _lock = memory::lock(&database)?;
    let begins = !database.exists();
    let key = key::of_records(session, &database)?;
    let mut store = Store::open(&database, &key)?;
    if begins {
        session.tell(&Memory::Created(&database.display().to_string()).text(session.lang));
    }
    roots.leave_unmounted(session, &store)?;

    if args.get_one::<String>("priority").is_none_or(|p| p == "low") {
        priority::lower();
    }
    let mut options = settings::options_with(session, args, &config, key)?;
    options.max_findings = args.get_one::<u64>("max-findings").copied().unwrap_or(1000);
    options.places = Some(machine::places(session));
    if let Some(loaded) = ledger::equip(session, args, &config, &mut options)? {
        ledger::note(&mut store, &key, &loaded, None)?;
        approve::remind(session, &loaded);
    }
    let display = scan::show_progress(session, args, &mut options);
    let progress = options.progress.get_or_insert_with(Arc::default).clone();
    let scanner = set::scanner(detectors, options)?;
    let lang = session.lang;
    let stopped = progress.clone();
    stop::on_signal(move || {
        stopped.stop.store(true, Ordering::Relaxed);
        super::tell(&Memory::Stopping.text(lang));
    });
    let begun = begin(session, args, &mut store)?;
    let timer = time.map(|time| Timer::start(progress, time));
    let swept = sweep(args, &config, &mut store, &scanner, &begun, &roots, &exclusions);
    drop((timer, display));
    end(session, args, store, &scanner, &begun, &roots, &exclusions, swept?)
}

/// Says how this sweep stands to the one before.
fn begin(session: &Session, args: &ArgMatches, store: &mut Store) -> Result<Begun> {
    let begun = store.begin(RunKind::Sweep, memory::seconds())?;
    if let Some(when) = begun.resumes {
        session.tell(&Memory::Resumes(&minute(when)).text(session.lang));
    }
    if begun.clock_back {
        session.tell(&Memory::ClockBack.text(session.lang));
    }
    if args.get_flag("full") {
        session.tell(&Memory::Full.text(session.lang));
    }
    Ok(begun)
}

fn sweep(
    args: &ArgMatches,
    config: &Config,
    store: &mut Store,
    scanner: &Scanner,
    begun: &Begun,
    roots: &Roots,
    exclusions: &Arc<Exclusions>,
) -> Result<Tracked> {
    let walk = source::Options { exclude: Some(exclusions.clone()), ..settings::walk(args, config) };
    let set = DetectorSet::of(scanner, READER);
    let how = Tracking {
        run: begun.run,
        set: &set,
        roots: &roots.there,
        reread: args.get_flag("full"),
        follow: walk.follow,
        clock: memory::now,
    };
    store.scan(scanner, &mut Files::new(roots.there.clone(), walk)?, &mut Quiet, &how)
}

#[allow(clippy::too_many_arguments)] // Everything that a sweep consists of comes together here.
fn end(
    session: &Session,
    args: &ArgMatches,
    mut store: Store,
    scanner: &Scanner,
    begun: &Begun,
    roots: &Roots,
    exclusions: &Exclusions,
    tracked: Tracked,
) -> Result<Status> {
    let ids: Vec<String> = scanner.detectors().iter().map(|d| d.id.to_string()).collect();
    let asked = roots.all();
    let options = scanner.options();
    let register = Register { clients: options.clients.as_deref(), approvals: options.approvals.as_deref() };
    let scope = Scope { register, ..Scope::of_sweep(begun, &asked, &ids) };
    let mut counts = store.counts(scope)?;
    counts.problems += roots.absent.len() as u64;
    // The state knows what stands in the files that were not read, too.
    let mut summary = Summary { findings: counts.open, problems: Default::default(), ..tracked.summary.clone() };
    store.problems(scope, &mut |unseen| {
        *summary.problems.entry(unseen.problem.kind).or_default() += unseen.times;
        Ok(())
    })?;
    if !roots.absent.is_empty() {
        *summary.problems.entry(ProblemKind::Unreadable).or_default() += roots.absent.len() as u64;
    }
    let met = exclusions.met();
    let coverage: Vec<Coverage> = roots
        .there
        .iter()
        .cloned()
        .map(Coverage::Root)
        .chain(roots.absent.iter().map(|(root, why)| Coverage::Absent(root.clone(), why.clone())))
        .chain(exclusions.list().iter().map(|exclusion| Coverage::Exclusion {
            pattern: exclusion.pattern.clone(),
            times: met.get(&exclusion.pattern).copied().unwrap_or(0),
        }))
        .collect();
    store.end(begun, memory::seconds(), &tracked, counts, &coverage)?;
    let body = serde_json::json!({
        "run": begun.run,
        "complete": !tracked.summary.stopped && roots.absent.is_empty(),
        "read": tracked.summary.files,
        "unchanged": tracked.unchanged,
        "open": counts.open,
        "approved": counts.approved,
        "new": counts.new,
        "gone": counts.gone,
        "problems": counts.problems,
    });
    store.audit(ledger::moment(), "sweep", body)?;
    let ending = Ending {
        store: &store,
        scope,
        counts,
        summary: &summary,
        unchanged: tracked.unchanged,
        coverage: &coverage,
        exclusions: exclusions.list(),
        resumes: begun.resumes,
    };
    let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    let mut out = output::open(path, false)?;
    match args.get_one::<String>("format").map(String::as_str) {
        Some("json") => sweep_json(&mut out, session.lang, Shape::Array, &ending)?,
        Some("jsonl") => sweep_json(&mut out, session.lang, Shape::Lines, &ending)?,
        _ => sweep_text(&mut out, session.lang, style(session, path), &ending)?,
    }
    Ok(scan::status(&summary, args))
}

/// Colours where a person looks.
pub(crate) fn style(session: &Session, path: Option<&Path>) -> Style {
    Style { colour: path.is_none() && session.environment.stdout_is_terminal && !session.environment.no_color }
}

/// What is passed over: the defaults unless they are switched off, the user's own, our records.
fn exclusions(session: &Session, args: &ArgMatches, config: &Config, database: &Path) -> Result<Arc<Exclusions>> {
    let mut list = Vec::new();
    if config.sweep.default_exclusions && !args.get_flag("no-exclusions") {
        list = Exclusions::defaults()?;
    }
    list.extend(config.sweep.exclude.iter().map(Exclusion::own));
    list.extend(args.get_many::<String>("exclude").into_iter().flatten().map(Exclusion::own));
    if let Some(folder) = database.parent() {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let why = |lang| Memory::OwnRecords.text(lang).into_owned();
        list.push(Exclusion::folder(&folder, (why(Lang::En), why(Lang::Ja))));
    }
    let home = session.environment.home.as_ref().map(|home| home.canonicalize().unwrap_or_else(|_| home.clone()));
    Ok(Arc::new(Exclusions::new(list, home.as_deref())?))
}

fn max_duration(session: &Session, args: &ArgMatches, config: &Config) -> Result<Option<Duration>> {
    let Some(text) = args.get_one::<String>("max-duration").or(config.sweep.max_duration.as_ref()) else {
        return Ok(None);
    };
    match parse_duration(text) {
        Some(duration) => Ok(Some(duration)),
        None => Err(Error::Usage(Memory::BadDuration(text).text(session.lang).into_owned())),
    }
}

/// Ends a scan when its time is up, unless it is dropped before.
struct Timer {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Timer {
    fn start(progress: Arc<Progress>, time: Duration) -> Timer {
        let over = Arc::new(AtomicBool::new(false));
        let seen = over.clone();
        let end = std::time::Instant::now().checked_add(time);
        let thread = std::thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                let Some(left) = end.map(|end| end.saturating_duration_since(std::time::Instant::now())) else {
                    return;
                };
                if left.is_zero() {
                    return progress.stop.store(true, Ordering::Relaxed);
                }
                std::thread::park_timeout(left);
            }
        });
        Timer { over, thread: Some(thread) }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It only waits.
            let _ = thread.join();
        }
    }
}

/// A sweep is told of at its end, out of the state.
struct Quiet;

impl Sink for Quiet {
    fn finding(&mut self, _: &Finding) -> std::io::Result<()> {
        Ok(())
    }

    fn problem(&mut self, _: &Origin, _: &Problem) -> std::io::Result<()> {
        Ok(())
    }

    fn more(&mut self, _: &Origin, _: &Detector, _: u64) -> std::io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> std::io::Result<()> {
        Ok(())
    }
}
