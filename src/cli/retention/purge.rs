//! `sekisho retention purge`: deletes a client's files that are due, each one only when it was
//! confirmed, and only if it is still the file that was seen.

use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::client::retention::{self, Verdict};
use sekisho::error::{Error, Result};
use sekisho::message::{ClientMessage, bytes, printable};
use sekisho::policy::Subject;
use sekisho::source::Stamp;
use sekisho::state::Held;

use super::super::exit::Status;
use super::super::{Session, ledger, memory, output};
use super::{Desk, trash};

pub(super) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let mut desk = Desk::open(session, args)?;
    let id = args.get_one::<String>("id").cloned().unwrap_or_default();
    let refused = |message: ClientMessage<'_>| Error::Refused(message.text(session.lang).into_owned());
    let Some(client) = desk.loaded.ledger.client(&id).cloned() else {
        let path = desk.loaded.path.display().to_string();
        return Err(refused(ClientMessage::NoClient { id: &id, ledger: &path }));
    };
    let mut plan: Vec<Held> = Vec::new();
    if let Some(clients) = &desk.equipment.clients {
        desk.store.inventory(clients, &mut |held| {
            if held.client.as_deref() == Some(client.id.as_str()) {
                let clients = [client.id.as_str()];
                let subject = Subject { detector: "client/data", path: &held.path, clients: &clients, hash: &|| None };
                let approval = desk.equipment.approvals.as_ref().and_then(|approvals| approvals.covers(&subject));
                if retention::of_client(&client, approval, memory::today()).verdict != Verdict::Keep {
                    plan.push(held.clone());
                }
            }
            Ok(())
        })?;
    }
    if plan.is_empty() {
        session.tell(&ClientMessage::NothingToPurge(&client.id).text(session.lang));
        return Ok(Status::Clean);
    }
    let unlink = args.get_flag("unlink");
    let named: Vec<PathBuf> = args.get_many::<PathBuf>("yes").into_iter().flatten().cloned().collect();
    show(session, &plan, unlink)?;
    let chosen = choose(session, &plan, named)?;
    let (mut done, mut left) = (Vec::new(), plan.len() - chosen.len());
    for held in chosen {
        match delete(session, held, unlink) {
            Ok(()) => done.push(held),
            Err(why) => {
                left += 1;
                let path = held.path.to_string_lossy();
                session.tell(&ClientMessage::NotDeleted { path: &printable(&path), why: &why }.text(session.lang));
            }
        }
    }
    if !done.is_empty() {
        let mut digest = blake3::Hasher::new();
        for held in &done {
            digest.update(held.path.as_os_str().as_encoded_bytes()).update(b"\0");
        }
        let body = serde_json::json!({
            "client": client.id,
            "files": done.len(),
            "bytes": done.iter().map(|held| held.size).sum::<u64>(),
            "how": if unlink { "unlink" } else { "trash" },
            "paths": digest.finalize().to_hex()[..32],
        });
        desk.store.audit(ledger::moment(), "purge", body)?;
        let message = ClientMessage::Purged { files: done.len() as u64, unlink, id: &client.id };
        session.tell(&message.text(session.lang));
    }
    Ok(if left > 0 { Status::Found } else { Status::Clean })
}

/// The plan comes first, always.
fn show(session: &Session, plan: &[Held], unlink: bool) -> Result<()> {
    let total: u64 = plan.iter().map(|held| held.size).sum();
    let files = ClientMessage::FilesAndBytes { files: plan.len() as u64, bytes: &bytes(total) }.text(session.lang);
    let mut text = format!("{}\n", ClientMessage::PurgePlan { files: &files, unlink }.text(session.lang));
    for held in plan {
        let path = held.path.to_string_lossy();
        text.push_str(&format!("  {}  ({}, {})\n", printable(&path), held.by.name(), bytes(held.size)));
    }
    output::write(&mut output::stdout(), text.as_bytes())
}

/// The files that are to go: those that were named, else those that the user confirms one by one.
fn choose<'p>(session: &Session, plan: &'p [Held], named: Vec<PathBuf>) -> Result<Vec<&'p Held>> {
    if !named.is_empty() {
        let find = |path: PathBuf| {
            let full = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
            // The folder is followed to where it is, the file itself is not: a link is not its target.
            let real = full.parent().and_then(|folder| Some(folder.canonicalize().ok()?.join(full.file_name()?)));
            let known = |held: &&Held| held.path == full || real.as_ref() == Some(&held.path);
            plan.iter().find(known).ok_or_else(|| {
                let path = path.to_string_lossy();
                Error::Refused(ClientMessage::NotInPlan(&printable(&path)).text(session.lang).into_owned())
            })
        };
        return named.into_iter().map(find).collect();
    }
    if !session.environment.stdin_is_terminal || !session.environment.stderr_is_terminal {
        session.tell(&ClientMessage::NameFiles.text(session.lang));
        return Ok(Vec::new());
    }
    let mut chosen = Vec::new();
    let mut answers = io::stdin().lock().lines();
    for held in plan {
        let path = held.path.to_string_lossy();
        let question = ClientMessage::Delete(&printable(&path)).text(session.lang);
        // A closed standard error is no yes.
        let _ = write!(io::stderr(), "{question} ");
        let Some(Ok(answer)) = answers.next() else { break };
        if matches!(answer.trim(), "y" | "yes" | "はい") {
            chosen.push(held);
        }
    }
    Ok(chosen)
}

/// Deletes a file if it is still the one that the last sweep saw.
fn delete(session: &Session, held: &Held, unlink: bool) -> std::result::Result<(), String> {
    let stamp = Stamp::of_entry(&held.path).map_err(|e| e.to_string())?;
    let same = stamp.regular
        && (stamp.size, stamp.modified, stamp.changed, stamp.inode)
            == (held.size, held.modified, held.changed, held.inode);
    if !same {
        return Err(ClientMessage::ChangedSince.text(session.lang).into_owned());
    }
    if unlink {
        return std::fs::remove_file(&held.path).map_err(|e| e.to_string());
    }
    let data = session.environment.data.as_deref().unwrap_or(Path::new("/"));
    trash::put(&held.path, data, memory::seconds()).map(drop).map_err(|e| e.to_string())
}
