//! `sekisho quarantine list|restore|delete`: what `watch --action quarantine` has put away.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::error::{Error, Result};
use sekisho::finding::Key;
use sekisho::message::{Lang, Notice, minute, printable};
use sekisho::place::Places;
use sekisho::watch::quarantine::{Fault, Mended, Quarantine, Record, State};

use super::exit::Status;
use super::{Session, key, machine, memory, output};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let key = key::of_records(session, &memory::database(session)?)?;
    let quarantine = open(session, &machine::places(session), key)?;
    let id = |args: &ArgMatches| args.get_one::<String>("id").cloned().unwrap_or_default();
    let failed = |fault| error(session, &fault);
    match args.subcommand() {
        Some(("list", args)) => list(session, &quarantine, args),
        Some(("restore", args)) => {
            let to = args.get_one::<PathBuf>("to").map(|to| std::path::absolute(to).unwrap_or_else(|_| to.clone()));
            let record = quarantine.restore(&id(args), to.as_deref(), memory::seconds()).map_err(failed)?;
            session.tell(&Notice::PutBack(&printable(&record.path)).text(session.lang));
            Ok(Status::Clean)
        }
        Some(("delete", args)) => {
            let record = quarantine.delete(&id(args), memory::seconds()).map_err(failed)?;
            session.tell(&Notice::DeletedForGood(&printable(&record.path)).text(session.lang));
            Ok(Status::Clean)
        }
        _ => Ok(Status::Failed),
    }
}

/// The user's quarantine, after what a killed process left half-done there was seen to.
pub(crate) fn open(session: &Session, places: &Places, key: Key) -> Result<Quarantine> {
    let folder = session.environment.data.as_ref().map(|data| data.join("quarantine"));
    let folder = folder.ok_or_else(|| Error::Usage(Notice::NoFolder.text(session.lang).into_owned()))?;
    // The place of the folder is that of anything in it; it need not be there yet.
    let place = places.of(&folder.ancestors().find(|f| f.exists()).unwrap_or(&folder).join("file"));
    let quarantine = Quarantine::open(&folder, place, key).map_err(|fault| error(session, &fault))?;
    for (record, mended) in quarantine.mend().map_err(|fault| error(session, &fault))? {
        let path = printable(&record.path);
        session.tell(&Notice::Mended { path: &path, kept: mended == Mended::Kept }.text(session.lang));
    }
    Ok(quarantine)
}

/// A new id: eight letters and digits that nobody can guess.
pub(crate) fn new_id() -> std::result::Result<String, Fault> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Io("getrandom".into(), std::io::Error::other(e.to_string())))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn error(session: &Session, fault: &Fault) -> Error {
    Error::Refused(fault_text(session.lang, fault))
}

/// Why a file was not put away or back.
pub(crate) fn fault_text(lang: Lang, fault: &Fault) -> String {
    let name = |path: &Path| printable(&path.to_string_lossy()).into_owned();
    let text = |notice: Notice<'_>| notice.text(lang).into_owned();
    match fault {
        Fault::Leaves(folder, place) => text(Notice::Leaves(&name(folder), *place)),
        Fault::NotPrivate(folder) => text(Notice::NotPrivate(&name(folder))),
        Fault::NotAFile(path) => text(Notice::NotAFile(&name(path))),
        Fault::Changed(path) => text(Notice::Changed(&name(path))),
        Fault::Exists(path) => text(Notice::Exists(&name(path))),
        Fault::Restored(id) => text(Notice::RestoredEarlier(id)),
        Fault::Unknown(id) => text(Notice::NoSuchId(&printable(id))),
        Fault::BadCopy(path) => text(Notice::BadCopy(&name(path))),
        Fault::BadRecord(path) => text(Notice::BadRecord(&name(path))),
        Fault::Io(path, e) => format!("{}: {e}", name(path)),
    }
}

fn list(session: &Session, quarantine: &Quarantine, args: &ArgMatches) -> Result<Status> {
    let records = quarantine.list().map_err(|fault| error(session, &fault))?;
    let mut out = Vec::new();
    if args.get_one::<String>("format").is_some_and(|format| format == "json") {
        out = serde_json::to_vec_pretty(&records).unwrap_or_default();
        out.push(b'\n');
    } else {
        let all = args.get_flag("all");
        // What was begun and never came is still where it was.
        let is_here = |r: &&Record| matches!(r.state, State::Kept | State::Moving) && quarantine.holds(r);
        for record in records.iter().filter(|record| all || is_here(record)) {
            let detectors: Vec<String> =
                record.found.iter().map(|f| format!("{} {} ({})", f.detector, f.shown, f.times)).collect();
            let state = match record.state {
                State::Moving => Notice::StateMoving,
                State::Kept => Notice::StateKept,
                State::Restored => Notice::StateRestored,
                State::Deleted => Notice::StateDeleted,
            };
            let state = state.text(session.lang);
            let line = format!(
                "{}  {}  {state}  {}\n          {}\n",
                record.id,
                minute(record.quarantined),
                printable(&record.path),
                printable(&detectors.join(", "))
            );
            out.extend_from_slice(line.as_bytes());
        }
        if out.is_empty() {
            out.extend_from_slice(Notice::QuarantineEmpty.text(session.lang).as_bytes());
            out.push(b'\n');
        }
    }
    output::write(&mut output::stdout(), &out)?;
    Ok(Status::Clean)
}
