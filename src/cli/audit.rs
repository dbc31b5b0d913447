//! The audit chain: `sekisho audit anchor`, `report --audit`, `doctor --verify-audit`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ArgMatches;
use sekisho::error::{Error, Result};
use sekisho::message::{ClientMessage, timestamp};
use sekisho::state::{Break, Entry, Head, Store, verify};
use serde_json::Value;

use super::exit::Status;
use super::{Session, key, ledger, memory, output};

/// How a line of an anchor begins.
const ANCHOR: &str = "sekisho-audit-1";

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("anchor", args)) => anchor(session, args),
        _ => Ok(Status::Failed),
    }
}

/// Writes the head elsewhere: a line at the end of a file, or a tag in the repository here.
fn anchor(session: &Session, args: &ArgMatches) -> Result<Status> {
    let database = memory::database(session)?;
    let key = key::of_records(session, &database)?;
    let mut store = Store::open(&database, &key)?;
    let head = whole(session, &store)?;
    let line = format!("{ANCHOR} {} {} {}", head.seq, head.hash, timestamp(memory::seconds()));
    let target = args.get_one::<PathBuf>("target").cloned().unwrap_or_default();
    let place = if target.as_os_str() == "git" {
        let name = format!("sekisho-audit/{:08}", head.seq);
        let made = Command::new("git").args(["tag", "--annotate", "--no-sign", "-m", &line, &name]).output();
        let made = made.map_err(|source| Error::Io { path: "git".into(), source })?;
        if !made.status.success() {
            return Err(Error::Git(String::from_utf8_lossy(&made.stderr).trim().to_owned()));
        }
        format!("git {name}")
    } else {
        let failed = |source| Error::Io { path: target.clone(), source };
        let mut file = std::fs::File::options().create(true).append(true).open(&target).map_err(failed)?;
        writeln!(file, "{line}").and_then(|()| file.sync_all()).map_err(failed)?;
        target.display().to_string()
    };
    store.audit(ledger::moment(), "anchor", serde_json::json!({ "where": place, "head": head.seq }))?;
    session.tell(&ClientMessage::Anchored { seq: head.seq, place: &place }.text(session.lang));
    Ok(Status::Clean)
}

/// The head of a chain that is whole; fails where it is broken.
fn whole(session: &Session, store: &Store) -> Result<Head> {
    verify(store.audit_entries()?).map_err(|broken| Error::Refused(broken_text(session, &broken)))
}

fn broken_text(session: &Session, broken: &Break) -> String {
    let message = match broken {
        Break::Changed(seq) => ClientMessage::EntryChanged(*seq),
        Break::Missing(seq) => ClientMessage::EntryMissing(*seq),
    };
    message.text(session.lang).into_owned()
}

/// `doctor --verify-audit [--anchor FILE]`
pub(crate) fn check(session: &Session, args: &ArgMatches) -> Result<Status> {
    let store = Store::read(&memory::database(session)?)?;
    let entries = store.audit_entries()?;
    let say = |text: &str| output::write(&mut output::stdout(), format!("{text}\n").as_bytes());
    let head = match verify(entries.clone()) {
        Ok(head) => head,
        Err(broken) => {
            say(&broken_text(session, &broken))?;
            return Ok(Status::Found);
        }
    };
    if let Some(path) = args.get_one::<PathBuf>("anchor") {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::MissingPath(path.clone()),
            _ => Error::Io { path: path.clone(), source },
        })?;
        let mut known = 0;
        for line in text.lines().filter(|line| line.starts_with(ANCHOR)) {
            let mut words = line.split_whitespace().skip(1);
            let seq: i64 = words.next().and_then(|n| n.parse().ok()).unwrap_or(-1);
            let hash = words.next().unwrap_or_default();
            if !extends(&entries, seq, hash) {
                say(&ClientMessage::AnchorDiffers(seq).text(session.lang))?;
                return Ok(Status::Found);
            }
            known += 1;
        }
        say(&ClientMessage::AnchorsFit(known).text(session.lang))?;
    }
    say(&ClientMessage::ChainWhole { seq: head.seq, hash: &head.hash }.text(session.lang))?;
    Ok(Status::Clean)
}

/// Does the chain have this very entry?
fn extends(entries: &[Entry], seq: i64, hash: &str) -> bool {
    seq == 0 || entries.iter().any(|entry| entry.seq == seq && entry.hash == hash)
}

/// `report --audit [--previous PACK]`: everything in the chain, and whether it goes on from an
/// earlier pack.
pub(crate) fn export(session: &Session, args: &ArgMatches) -> Result<Status> {
    let store = Store::read(&memory::database(session)?)?;
    let entries = store.audit_entries()?;
    let head = match verify(entries.clone()) {
        Ok(head) => head,
        Err(broken) => {
            session.tell(&broken_text(session, &broken));
            return Ok(Status::Found);
        }
    };
    let previous = args.get_one::<PathBuf>("previous").map(|path| previous(path)).transpose()?;
    let fits = previous.as_ref().is_none_or(|old| extends(&entries, old.seq, &old.hash));
    let list: Vec<Value> = entries
        .iter()
        // The very text was hashed, so the very text is handed on.
        .map(|entry| serde_json::json!({ "seq": entry.seq, "entry": entry.text, "hash": entry.hash }))
        .collect();
    let pack = serde_json::json!({
        "format": ANCHOR,
        "made": timestamp(memory::seconds()),
        "head": { "seq": head.seq, "hash": head.hash },
        "extends": previous.as_ref().map(|old| serde_json::json!({ "seq": old.seq, "hash": old.hash, "fits": fits })),
        "entries": list,
    });
    let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    output::write(&mut output::open(path, false)?, format!("{pack:#}\n").as_bytes())?;
    if let Some(old) = previous {
        let message = if fits { ClientMessage::Extends(old.seq) } else { ClientMessage::DoesNotExtend(old.seq) };
        session.tell(&message.text(session.lang));
    }
    Ok(if fits { Status::Clean } else { Status::Found })
}

/// The head of an earlier pack, whose own chain must be whole.
fn previous(path: &Path) -> Result<Head> {
    let wrong = |what: &str| Error::File(sekisho::error::Place::whole(&path.display().to_string(), what));
    let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::MissingPath(path.to_owned()),
        _ => Error::Io { path: path.to_owned(), source },
    })?;
    let pack: Value = serde_json::from_str(&text).map_err(|e| wrong(&e.to_string()))?;
    if pack["format"] != ANCHOR {
        return Err(wrong("this is no audit pack (sekisho report --audit)"));
    }
    let entry = |value: &Value| {
        Some(Entry {
            seq: value["seq"].as_i64()?,
            text: value["entry"].as_str()?.to_owned(),
            hash: value["hash"].as_str()?.to_owned(),
        })
    };
    let entries: Option<Vec<Entry>> = pack["entries"].as_array().into_iter().flatten().map(entry).collect();
    let entries = entries.ok_or_else(|| wrong("an entry of the pack is damaged"))?;
    let head = verify(entries).map_err(|_| wrong("the chain in the pack is broken"))?;
    match pack["head"]["hash"] == head.hash.as_str() {
        true => Ok(head),
        false => Err(wrong("the head of the pack is not the end of its chain")),
    }
}
