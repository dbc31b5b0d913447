//! `sekisho watch`: scans what arrives in folders until it is stopped. What is there at the start
//! is scanned too, unless it is known.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::ArgMatches;
use sekisho::config::{self, Config};
use sekisho::error::{Error, Result};
use sekisho::message::{Notice, printable};
use sekisho::place::{Mount, Places, is_medium, removable};
use sekisho::scan::{Progress, READER, Scanner, Sink, Summary};
use sekisho::source;
use sekisho::state::{Counts, Coverage, DetectorSet, RunKind, Store, Tracked, Tracking};
use sekisho::watch::{Arrivals, Changes, Event, IsMedium, Setup, Watch};

use super::action::Actions;
use super::exit::Status;
use super::{Session, key, ledger, machine, memory, output, scan, schedule, set, settings, stop};

/// How long to wait before looking whether there is something else to do.
const IDLE: Duration = Duration::from_secs(3600);

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    if args.get_flag("uninstall") {
        return schedule::uninstall(session, schedule::WATCH);
    }
    let config = settings::load(session, args)?;
    let folders = folders(session, args, &config.watch)?;
    if args.get_flag("install") {
        return schedule::install_watch(session, args);
    }
    let database = memory::database(session)?;
    // A single look tells what is there, known or not, and remembers nothing.
    if args.get_flag("once") {
        let looker = Looker::new(session, args, &config, key::load(session), &database)?;
        let changes = Changes { folders: folders.into_iter().collect(), ..Changes::default() };
        let (summary, _) = looker.look(session, args, changes, |scanner, source, sink| scanner.run(source, sink))?;
        return Ok(scan::status(&summary, args));
    }
    if args.get_one::<String>("format").is_some_and(|format| format == "json") {
        return Err(Error::Usage(Notice::EndlessJson.text(session.lang).into_owned()));
    }
    let key = key::of_records(session, &database)?;
    let mut store = Store::open(&database, &key)?;
    let looker = Looker::new(session, args, &config, key, &database)?;
    watch(session, args, &config.watch, folders, &looker, &mut store)
}

fn watch(
    session: &Session,
    args: &ArgMatches,
    config: &config::Watch,
    folders: Vec<PathBuf>,
    looker: &Looker,
    store: &mut Store,
) -> Result<Status> {
    let set = DetectorSet::of(&looker.scanner, READER);
    let begun = store.begin(RunKind::Watch, memory::seconds())?;
    let how = Tracking {
        run: begun.run,
        set: &set,
        roots: &[],
        reread: false,
        follow: looker.walk.follow,
        clock: memory::now,
    };
    let mut watch = Watch::new(Setup {
        folders: folders.clone(),
        media: media(args, config),
        mount_table: cfg!(target_os = "linux").then(|| PathBuf::from(machine::MOUNT_TABLE)),
        clock: Instant::now,
    })?;
    let (stopping, call) = (looker.progress.clone(), watch.caller());
    stop::on_signal(move || {
        stopping.stop.store(true, Ordering::Relaxed);
        call();
    });
    let names: Vec<String> = folders.iter().map(|folder| printable(&folder.to_string_lossy()).into_owned()).collect();
    session.tell(&Notice::Watching(&names.join(", ")).text(session.lang));
    let covered: Vec<Coverage> = folders.iter().cloned().map(Coverage::Root).collect();
    let mut changes = Changes { folders: folders.into_iter().collect(), ..Changes::default() };
    let mut all = Tracked::default();
    while !looker.progress.stop.load(Ordering::Relaxed) {
        for event in &changes.events {
            tell(session, event);
            if *event == Event::Mounts {
                looker.places.forget();
            }
        }
        if !changes.files.is_empty() || !changes.folders.is_empty() {
            let (summary, unfinished) = looker.look(session, args, changes, |scanner, source, sink| {
                let tracked = store.scan(scanner, source, sink, &how)?;
                all.unchanged += tracked.unchanged;
                Ok(tracked.summary)
            })?;
            all.summary.add(&summary);
            unfinished.iter().for_each(|file| watch.hold(file));
        }
        looker.actions.reap(session);
        changes = watch.next(IDLE);
    }
    let Summary { files, findings, .. } = all.summary;
    let problems = all.summary.problems.values().sum();
    let counts = Counts { new: findings, open: findings, gone: 0, approved: 0, problems };
    store.end(&begun, memory::seconds(), &all, counts, &covered)?;
    session.tell(&Notice::WatchEnded { files, findings }.text(session.lang));
    Ok(Status::Clean)
}

/// Tells what has happened to the watch itself.
fn tell(session: &Session, event: &Event) {
    let name = |path: &Path| printable(&path.to_string_lossy()).into_owned();
    let say = |notice: Notice<'_>| session.tell(&notice.text(session.lang));
    match event {
        Event::Overflow => say(Notice::Overflow),
        Event::Limit(folder) => say(Notice::Limit(&name(folder))),
        Event::Refused(folder, why) => say(Notice::Refused(&name(folder), why)),
        Event::Gone(folder) => say(Notice::Gone(&name(folder))),
        Event::Back(folder) => say(Notice::Back(&name(folder))),
        Event::Mounted(folder) => say(Notice::Mounted(&name(folder))),
        Event::Mounts => {}
    }
}

/// Everything that a look at some changes needs.
struct Looker {
    scanner: Scanner,
    walk: source::Options,
    places: Arc<Places>,
    actions: Actions,
    /// Our own records: writing them must not make us look at them.
    own: Vec<PathBuf>,
    /// Where a look is told to stop.
    progress: Arc<Progress>,
}

impl Looker {
    fn new(
        session: &Session,
        args: &ArgMatches,
        config: &Config,
        key: sekisho::finding::Key,
        database: &Path,
    ) -> Result<Looker> {
        let mut options = settings::options_with(session, args, config, key)?;
        // As many as a sweep keeps, so that both know the same files.
        options.max_findings = args.get_one::<u64>("max-findings").copied().unwrap_or(1000);
        let progress = options.progress.get_or_insert_with(Arc::default).clone();
        let places = machine::places(session);
        options.places = Some(places.clone());
        ledger::equip(session, args, config, &mut options)?;
        let actions = Actions::new(session, args, &config.watch, &places, key)?;
        let mut own: Vec<PathBuf> = database.parent().map(Path::to_owned).into_iter().collect();
        own.extend(session.environment.data.clone());
        own.extend(args.get_one::<PathBuf>("output").cloned());
        let own = own.into_iter().map(|path| path.canonicalize().unwrap_or(path)).collect();
        let scanner = set::scanner(set::chosen(session, args, config)?, options)?;
        Ok(Looker { scanner, walk: settings::walk(args, config), places, actions, own, progress })
    }

    /// Looks at what has changed, tells of it and acts. Gives back what is not finished yet.
    fn look(
        &self,
        session: &Session,
        args: &ArgMatches,
        changes: Changes,
        scan: impl FnOnce(&Scanner, &mut Arrivals, &mut dyn Sink) -> Result<Summary>,
    ) -> Result<(Summary, Vec<PathBuf>)> {
        let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
        let out = Box::new(output::EachLine(output::append(path)?));
        let mut report = scan::sink_to(session, args, out)?;
        let mut sink = self.actions.sink(session, &mut *report, !args.get_flag("once"));
        let mut arrivals = Arrivals::new(changes, self.walk.clone(), &self.own)?;
        let summary = scan(&self.scanner, &mut arrivals, &mut sink)?;
        Ok((summary, arrivals.unfinished()))
    }
}

/// The folders to watch, absolute.
fn folders(session: &Session, args: &ArgMatches, config: &config::Watch) -> Result<Vec<PathBuf>> {
    let named: Vec<PathBuf> = args.get_many("folders").into_iter().flatten().cloned().collect();
    let folders = match (named.is_empty(), config.paths.is_empty()) {
        (false, _) => named,
        (true, false) => config.paths.iter().map(|path| settings::expand(session, path)).collect(),
        (true, true) => session.environment.downloads.iter().cloned().collect(),
    };
    if folders.is_empty() {
        return Err(Error::Usage(Notice::NoFolder.text(session.lang).into_owned()));
    }
    let mut found = Vec::new();
    for folder in folders {
        match folder.canonicalize() {
            Ok(real) if real.is_dir() => found.push(real),
            Ok(_) => {
                return Err(Error::Usage(
                    Notice::NotAFolder(&folder.to_string_lossy()).text(session.lang).into_owned(),
                ));
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(Error::MissingPath(folder)),
            Err(source) => return Err(Error::Io { path: folder, source }),
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Media are watched beside the usual folder; beside named ones where that is asked for.
fn media(args: &ArgMatches, config: &config::Watch) -> Option<IsMedium> {
    let usual = args.get_many::<PathBuf>("folders").is_none_or(|folders| folders.len() == 0);
    let wanted = args.get_flag("media") || (!args.get_flag("no-media") && config.media.unwrap_or(usual));
    wanted
        .then(|| -> IsMedium { Arc::new(|mount: &Mount| is_medium(mount, removable(Path::new("/sys"), mount.device))) })
}
