//! `sekisho retention record`: verifies that what was a client's is gone, and writes that down. It
//! deletes nothing of the user's; when all is gone it destroys what it knew itself of the client.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::client::{Client, Date};
use sekisho::error::{Error, Result};
use sekisho::message::{ClientMessage, day, printable, timestamp};
use sekisho::report::deletion::{ClientObject, DeletionRecord, GoneObject, HeadObject, RemainsObject, UnreadObject};
use sekisho::state::{Coverage, Gap, RunKind, Scope};

use super::super::exit::Status;
use super::super::{Session, ledger, memory, output, registered};
use super::evidence::{Evidence, Remains, gather};
use super::{Desk, check, names};

/// Days that the sweep may be old that a record rests on.
const SWEEP_DAYS: i64 = 1;

pub(super) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let mut desk = Desk::open(session, args)?;
    let id = args.get_one::<String>("id").cloned().unwrap_or_default();
    let Some(client) = desk.loaded.ledger.client(&id).cloned() else {
        let path = desk.loaded.path.display().to_string();
        return Err(Error::Refused(ClientMessage::NoClient { id: &id, ledger: &path }.text(session.lang).into_owned()));
    };
    let mut evidence = gather(session, &desk, &client)?;
    let accepted = args.get_flag("accept-unread");
    let gaps = desk.store.gaps(&desk.folders(session), desk.equipment.register(), memory::seconds(), SWEEP_DAYS)?;
    for gap in gaps.iter().filter(|gap| !matches!(gap, Gap::Problems(_))) {
        evidence.unverified.push(check::gap_text(session.lang, gap));
    }
    let unread = unread(&desk)?;
    // What may stay by an approval is still there: its registries are needed, too.
    let complete = evidence.remains.is_empty()
        && evidence.approved.is_empty()
        && evidence.unverified.is_empty()
        && (accepted || unread.is_empty());
    let destroyed = complete && destroy(session, &client.id)?;
    let mut record = record(session, args, &desk, &client, &evidence, unread, complete, destroyed)?;
    // It leaves the machine.
    let gone = record.files.iter_mut().map(|file| &mut file.path);
    let there = record.remains.iter_mut().chain(&mut record.kept_by_approval).map(|one| &mut one.path);
    let unread = record.not_looked_at.iter_mut().map(|one| &mut one.path);
    names::mask(&mut gone.chain(there).chain(unread).chain(&mut record.unverified).collect::<Vec<_>>())?;
    let json = record.json();
    let digest = blake3::hash(json.as_bytes()).to_hex().to_string();
    let body = serde_json::json!({
        "client": client.id,
        "complete": complete,
        "digest": digest,
        "gone": record.files.len(),
        "remains": record.remains.len(),
        "unverified": record.unverified.len(),
        "not_looked_at": record.not_looked_at.len(),
        "accepted_not_looked_at": accepted,
        "registries_destroyed": destroyed,
    });
    desk.store.audit(ledger::moment(), "record", body)?;
    // By the number of the chain, so that no record is written over an earlier one.
    let name = format!("deletion-{}-{}-{}", client.id, day(memory::seconds()), record.audit.seq);
    let written = write(session, args, &name, &json, &record.html(session.lang, &digest))?;
    tell(session, &record, &evidence, &digest, &written)?;
    Ok(match (complete, record.remains.is_empty()) {
        (true, _) => Status::Clean,
        (false, false) => Status::Found,
        (false, true) => Status::Incomplete,
    })
}

/// Files that could not be read, as far as a copy could lie in them.
fn unread(desk: &Desk) -> Result<Vec<UnreadObject>> {
    let mut list = Vec::new();
    let scope = Scope { roots: &[], detectors: &[], since: 0, register: desk.equipment.register() };
    desk.store.problems(scope, &mut |unseen| {
        let inside: String = unseen.inside.iter().map(|step| format!(" › {step}")).collect();
        list.push(UnreadObject {
            path: format!("{}{inside}", unseen.path.display()),
            kind: unseen.problem.kind.name(),
            times: unseen.times,
        });
        Ok(())
    })?;
    Ok(list)
}

#[allow(clippy::too_many_arguments)] // Everything that a record consists of comes together here.
fn record(
    session: &Session,
    args: &ArgMatches,
    desk: &Desk,
    client: &Client,
    evidence: &Evidence,
    not_looked_at: Vec<UnreadObject>,
    complete: bool,
    registries_destroyed: bool,
) -> Result<DeletionRecord> {
    let last = desk.store.runs(RunKind::Sweep, 50)?.into_iter().find(|run| run.ended.is_some());
    let coverage = last.as_ref().map_or_else(|| Ok(Vec::new()), |run| desk.store.coverage(run.id))?;
    let roots = coverage.iter().filter_map(|row| match row {
        Coverage::Root(path) => Some(path.to_string_lossy().into_owned()),
        _ => None,
    });
    let head = desk.store.audit_head()?;
    let text = |day: Option<Date>| day.map(|day| day.to_string());
    let remains = |list: &[Remains]| -> Vec<RemainsObject> {
        let one = |r: &Remains| RemainsObject {
            path: r.path.to_string_lossy().into_owned(),
            place: r.place,
            by: r.by,
            size: r.size,
        };
        list.iter().map(one).collect()
    };
    let who = args.get_one::<String>("by").cloned().or_else(|| session.environment.user.clone());
    Ok(DeletionRecord {
        format: "sekisho-deletion-1",
        client: ClientObject {
            id: client.id.clone(),
            name: client.name().to_owned(),
            start: text(client.start),
            end: text(client.end),
            gone_by: text(client.last_day()),
            contact: client.contact.clone(),
        },
        made: timestamp(memory::seconds()),
        by: who.unwrap_or_default(),
        complete,
        sweep: last.map(|run| timestamp(run.started)),
        roots: roots.collect(),
        files: evidence
            .gone
            .iter()
            .map(|gone| GoneObject {
                path: gone.path.to_string_lossy().into_owned(),
                size: gone.size,
                keyed_hash: gone.content.clone(),
                by: gone.by.name(),
                first_seen: timestamp(gone.first_seen),
                last_seen: timestamp(gone.last_seen),
                verified_absent: timestamp(gone.absent),
            })
            .collect(),
        remains: remains(&evidence.remains),
        kept_by_approval: remains(&evidence.approved),
        unverified: evidence.unverified.clone(),
        not_looked_at,
        accepted_not_looked_at: args.get_flag("accept-unread"),
        registries_destroyed,
        audit: HeadObject { seq: head.seq, hash: head.hash },
    })
}

/// Destroys what was registered of a client, with its key: fingerprints of documents and tables.
fn destroy(session: &Session, id: &str) -> Result<bool> {
    registered::vault(session).map_or(Ok(false), |vault| vault.destroy(id))
}

/// Writes both files among our own records (which no sweep takes for the client's data) and where
/// the user wants them.
fn write(session: &Session, args: &ArgMatches, name: &str, json: &str, html: &str) -> Result<Vec<PathBuf>> {
    let mut folders: Vec<PathBuf> = session.environment.state.iter().map(|state| state.join("records")).collect();
    folders.extend(args.get_one::<PathBuf>("output").cloned());
    let mut written = Vec::new();
    for folder in folders {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io { path, source }
        };
        std::fs::create_dir_all(&folder).map_err(failed(&folder))?;
        for (end, text) in [("json", json), ("html", html)] {
            let path = folder.join(format!("{name}.{end}"));
            // Private (paths can tell much), and never half a record.
            let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed(&folder))?;
            file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed(&path))?;
            file.persist(&path).map_err(|e| Error::Io { path: path.clone(), source: e.error })?;
            written.push(path);
        }
    }
    Ok(written)
}

fn tell(
    session: &Session,
    record: &DeletionRecord,
    evidence: &Evidence,
    digest: &str,
    written: &[PathBuf],
) -> Result<()> {
    const LISTED: usize = 20;
    let say = |message: ClientMessage<'_>| message.text(session.lang).into_owned();
    let mut lines = Vec::new();
    let name = format!("{} ({})", printable(&record.client.name), record.client.id);
    lines.push(match record.complete {
        true => say(ClientMessage::RecordComplete { name: &name, files: record.files.len() as u64 }),
        false => say(ClientMessage::RecordIncomplete(&name)),
    });
    let mut list = |title: String, all: Vec<String>| {
        if all.is_empty() {
            return;
        }
        lines.push(title);
        let more = all.len().saturating_sub(LISTED);
        lines.extend(all.into_iter().take(LISTED).map(|line| format!("    {line}")));
        if more > 0 {
            lines.push(format!("    … +{more}"));
        }
    };
    let remains = |all: &[Remains]| -> Vec<String> {
        all.iter().map(|r| format!("{}  ({})", printable(&r.path.to_string_lossy()), r.place)).collect()
    };
    list(say(ClientMessage::StillThere(evidence.remains.len() as u64)), remains(&evidence.remains));
    list(say(ClientMessage::KeptByApproval(evidence.approved.len() as u64)), remains(&evidence.approved));
    let unverified = record.unverified.iter().map(|line| printable(line).into_owned()).collect();
    list(say(ClientMessage::NotVerified(record.unverified.len() as u64)), unverified);
    if !record.accepted_not_looked_at {
        let unread = record.not_looked_at.iter().map(|u| format!("{}  ({})", printable(&u.path), u.kind)).collect();
        list(say(ClientMessage::UnreadMayHold(record.not_looked_at.len() as u64)), unread);
    }
    for path in written {
        lines.push(say(ClientMessage::RecordWritten(&path.display().to_string())));
    }
    lines.push(say(ClientMessage::RecordDigest(digest)));
    if record.complete {
        lines.push(say(ClientMessage::ApproveNotification(&record.client.id)));
    }
    lines.push(String::new());
    output::write(&mut output::stdout(), lines.join("\n").as_bytes())
}
