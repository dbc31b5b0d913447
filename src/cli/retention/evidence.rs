//! What of a client's is still on this machine: asked of the disk, the trash, snapshots, the
//! quarantine and the unknown rest of the workspaces. Reads names and stamps only.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use sekisho::client::Client;
use sekisho::error::Result;
use sekisho::message::ClientMessage;
use sekisho::policy::Subject;
use sekisho::source::Stamp;
use sekisho::state::{Gone, Held};

use super::super::{Session, machine, quarantine};
use super::{Desk, trash};

/// Something of a client's that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remains {
    pub(super) path: PathBuf,
    /// `disk`, `workspace`, `trash`, `snapshot`, `quarantine`.
    pub(super) place: &'static str,
    pub(super) by: Option<&'static str>,
    pub(super) size: Option<u64>,
}

/// Everything that was found out.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) gone: Vec<Gone>,
    pub(super) remains: Vec<Remains>,
    /// Still there, and an approval says that it may be.
    pub(super) approved: Vec<Remains>,
    /// What could not be verified, as lines for people.
    pub(super) unverified: Vec<String>,
}

/// Where file systems keep snapshots: the folder that holds them, what stands behind each one's
/// name, and what part of a path they leave out. (snapper, Timeshift.)
const SNAPSHOTS: &[(&str, &str, &str)] = &[
    ("/.snapshots", "snapshot", "/"),
    ("/home/.snapshots", "snapshot", "/home"),
    ("/timeshift/snapshots", "localhost", "/"),
    ("/timeshift-btrfs/snapshots", "@home", "/home"),
    ("/timeshift-btrfs/snapshots", "@", "/"),
    ("/run/timeshift/backup/timeshift/snapshots", "localhost", "/"),
];

/// Lines of one kind that are written out.
const LISTED: usize = 100;

/// Gathers it.
pub(super) fn gather(session: &Session, desk: &Desk, client: &Client) -> Result<Evidence> {
    let mut evidence = Evidence::default();
    let mut known: HashSet<PathBuf> = HashSet::new();
    desk.store.gone_of(&client.id, &mut |gone| {
        evidence.gone.push(gone.clone());
        Ok(())
    })?;
    let mut held: Vec<Held> = Vec::new();
    if let Some(clients) = &desk.equipment.clients {
        desk.store.inventory(clients, &mut |one| {
            if one.client.as_deref() == Some(client.id.as_str()) {
                held.push(one.clone());
            }
            Ok(())
        })?;
    }
    for one in &held {
        known.insert(one.path.clone());
        on_disk(session, desk, client, one, &mut evidence)?;
    }
    // A path that is known to be gone may be there again as something that no sweep has seen.
    evidence.gone.retain(|gone| !known.contains(&gone.path));
    for folder in &client.workspaces {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        unknown(&real, &known, &mut evidence);
    }
    let paths: Vec<PathBuf> = known.iter().chain(evidence.gone.iter().map(|gone| &gone.path)).cloned().collect();
    in_trash(session, client, &paths, &mut evidence);
    in_snapshots(&paths, &mut evidence);
    in_quarantine(session, desk, client, &paths, &mut evidence);
    Ok(evidence)
}

/// Is a known file really there, really gone, or out of reach?
fn on_disk(session: &Session, desk: &Desk, client: &Client, one: &Held, evidence: &mut Evidence) -> Result<()> {
    let name = one.path.to_string_lossy();
    match Stamp::of_entry(&one.path) {
        Ok(_) => {
            let remains =
                Remains { path: one.path.clone(), place: "disk", by: Some(one.by.name()), size: Some(one.size) };
            let path = &one.path;
            let clients = [client.id.as_str()];
            let subject = Subject { detector: "client/data", path, clients: &clients, hash: &|| None };
            let approved = desk.equipment.approvals.as_ref().is_some_and(|a| a.covers(&subject).is_some());
            if approved { evidence.approved.push(remains) } else { evidence.remains.push(remains) }
        }
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            let message = match desk.store.is_reachable(one)? {
                true => ClientMessage::SweepAgain(&name),
                false => ClientMessage::NotMounted(&name),
            };
            evidence.unverified.push(message.text(session.lang).into_owned());
        }
        Err(e) => evidence.unverified.push(format!("{name}: {e}")),
    }
    Ok(())
}

/// What lies in a workspace and no sweep has seen.
fn unknown(folder: &Path, known: &HashSet<PathBuf>, evidence: &mut Evidence) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return,
        Err(e) => return evidence.unverified.push(format!("{}: {e}", folder.display())),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                evidence.unverified.push(format!("{}: {e}", folder.display()));
                continue;
            }
        };
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            unknown(&path, known, evidence);
        } else if !known.contains(&path) {
            let size = entry.metadata().ok().map(|data| data.len());
            evidence.remains.push(Remains { path, place: "workspace", by: Some("workspace"), size });
        }
    }
}

fn in_trash(session: &Session, client: &Client, paths: &[PathBuf], evidence: &mut Evidence) {
    let (all, unread) = trash::all(session.environment.data.as_deref());
    for one in all {
        // A folder may have been thrown away as a whole.
        let theirs = client.workspaces.iter().any(|folder| one.original.starts_with(folder))
            || paths.iter().any(|path| path.starts_with(&one.original));
        if theirs {
            evidence.remains.push(Remains { path: one.now, place: "trash", by: None, size: None });
        }
    }
    evidence.unverified.extend(unread.iter().take(LISTED).map(|path| path.display().to_string()));
}

fn in_snapshots(paths: &[PathBuf], evidence: &mut Evidence) {
    for (folder, below, left_out) in SNAPSHOTS {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let root = entry.path().join(below);
            for path in paths {
                let Ok(rest) = path.strip_prefix(left_out) else { continue };
                let copy = root.join(rest);
                if copy.symlink_metadata().is_ok() {
                    evidence.remains.push(Remains { path: copy, place: "snapshot", by: None, size: None });
                }
            }
        }
    }
}

fn in_quarantine(session: &Session, desk: &Desk, client: &Client, paths: &[PathBuf], evidence: &mut Evidence) {
    let folder = session.environment.data.as_ref().map(|data| data.join("quarantine"));
    if folder.is_none_or(|folder| !folder.exists()) {
        return;
    }
    let Ok(quarantine) = quarantine::open(session, &machine::places(session), desk.key) else { return };
    match quarantine.list() {
        Ok(records) => {
            for record in records.iter().filter(|record| quarantine.holds(record)) {
                let original = record.path();
                let downloaded = || {
                    let clients = desk.equipment.clients.as_ref()?;
                    Some(**clients.id(clients.of_address(record.origin.as_deref()?)?) == *client.id)
                };
                if paths.contains(&original)
                    || client.workspaces.iter().any(|folder| original.starts_with(folder))
                    || downloaded().unwrap_or(false)
                {
                    let path = quarantine.data(&record.id);
                    evidence.remains.push(Remains { path, place: "quarantine", by: None, size: None });
                }
            }
        }
        Err(_) => evidence.unverified.push("quarantine".to_owned()),
    }
}
