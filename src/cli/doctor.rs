//! `sekisho doctor`: is everything in order that sweeps and the watch rest on, and the ways out
//! where it is not (`--repair`, `--move-aside`).

use std::path::Path;

use clap::ArgMatches;
use sekisho::error::{Error, Result, StateFault};
use sekisho::finding::Key;
use sekisho::message::{self, Memory};
use sekisho::state::{RunKind, Store, move_aside, salvage};

use super::exit::Status;
use super::{Session, audit, key, memory, output};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    if args.get_flag("verify-audit") {
        return audit::check(session, args);
    }
    match (args.get_flag("repair"), args.get_flag("move-aside")) {
        (true, _) => repair(session),
        (_, true) => put_aside(session),
        _ => examine(session),
    }
}

/// Says how everything is; fails with the first thing that is wrong, after all the rest was said.
fn examine(session: &Session) -> Result<Status> {
    let mut lines = Vec::new();
    let mut say = |text: &Memory<'_>| lines.push(text.text(session.lang).into_owned());
    say(&Memory::DoctorProgram(env!("CARGO_PKG_VERSION")));
    let wrong = [state(session, &mut say), the_key(session, &mut say)];
    for name in ["max_user_watches", "max_user_instances", "max_queued_events"] {
        if let Ok(value) = std::fs::read_to_string(Path::new("/proc/sys/fs/inotify").join(name)) {
            say(&Memory::DoctorLimit { name: &format!("inotify {name}"), value: value.trim() });
        }
    }
    lines.push(String::new());
    output::write(&mut output::stdout(), lines.join("\n").as_bytes())?;
    wrong.into_iter().collect::<Result<Vec<()>>>()?;
    Ok(Status::Clean)
}

fn state(session: &Session, say: &mut dyn FnMut(&Memory<'_>)) -> Result<()> {
    let path = memory::database(session)?;
    let shown = path.display().to_string();
    if !path.exists() {
        say(&Memory::DoctorNoState(&shown));
        return Ok(());
    }
    let store = Store::read(&path)?;
    let size = std::fs::metadata(&path).map_or(0, |data| data.len());
    say(&Memory::DoctorState {
        path: &shown,
        size: &message::bytes(size),
        schema: store.version()?,
        journal: &store.journal()?,
        files: store.files()?,
    });
    if let Some(run) = store.runs(RunKind::Sweep, 50)?.into_iter().find_map(|run| run.ended) {
        say(&Memory::DoctorLast(&message::minute(run)));
    }
    match store.check()?.into_iter().next() {
        Some(what) => Err(Error::State { path, fault: StateFault::Damaged(what) }),
        None => {
            say(&Memory::DoctorWhole);
            Ok(())
        }
    }
}

fn the_key(session: &Session, say: &mut dyn FnMut(&Memory<'_>)) -> Result<()> {
    let path = key::path(session)?;
    let shown = path.display().to_string();
    let database = memory::database(session)?;
    if !path.exists() && !database.exists() {
        say(&Memory::DoctorNoKey(&shown));
        return Ok(());
    }
    if is_shared(&path) {
        say(&Memory::DoctorKeyShared(&shown));
    }
    if let Ok(bytes) = key::read(&path) {
        say(&Memory::DoctorKey { path: &shown, id: &Key::new(bytes).id() });
    }
    // Records that cannot be read have been complained of already.
    match Store::read(&database) {
        Ok(_) => key::of_records(session, &database).map(drop),
        Err(_) => Ok(()),
    }
}

#[cfg(unix)]
fn is_shared(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_shared(_: &Path) -> bool {
    false
}

fn repair(session: &Session) -> Result<Status> {
    let path = memory::database(session)?;
    if !path.exists() {
        return Err(Error::State { path, fault: StateFault::Missing });
    }
    let _lock = memory::lock(&path)?;
    let key = match Store::read(&path) {
        Ok(store) if store.check().is_ok_and(|wrong| wrong.is_empty()) => {
            session.tell(&Memory::NothingToRepair.text(session.lang));
            return Ok(Status::Clean);
        }
        // Rows are saved only together with the key they were made with.
        Ok(store) if store.key_id().is_ok() => key::of_records(session, &path)?,
        Err(e @ Error::State { fault: StateFault::Newer { .. } | StateFault::Foreign, .. }) => return Err(e),
        _ => key::load(session),
    };
    let saved = salvage(&path, &key, &mark("damaged"))?;
    let aside = saved.aside.display().to_string();
    session.tell(&Memory::Repaired { rows: saved.rows, lost: saved.lost, aside: &aside }.text(session.lang));
    Ok(Status::Clean)
}

fn put_aside(session: &Session) -> Result<Status> {
    let path = memory::database(session)?;
    if !path.exists() {
        session.tell(&Memory::NothingToMove.text(session.lang));
        return Ok(Status::Clean);
    }
    let _lock = memory::lock(&path)?;
    let aside = move_aside(&path, &mark("aside"))?;
    session.tell(&Memory::Aside(&aside.display().to_string()).text(session.lang));
    Ok(Status::Clean)
}

fn mark(what: &str) -> String {
    format!("{what}-{}", message::day(memory::seconds()))
}
