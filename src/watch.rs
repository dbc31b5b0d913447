//! Folders → the files that were finished in them: closed after writing, or renamed into place.
//!
//! Uses the system's notifications (inotify on Linux). A folder that appears is looked through
//! as a whole, because what is written into it meanwhile is not reported; the same holds for
//! everything when the system's queue overflows. Scans nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::{Error, Result};

/// What has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Files that are finished, and folders that appeared, in byte-wise order.
    Arrived(Vec<PathBuf>),
    /// Notifications were lost: look through all watched folders.
    Overflow,
}

/// Watches folders until it is dropped.
#[derive(Debug)]
pub struct Watch {
    events: Receiver<notify::Result<notify::Event>>,
    _watcher: RecommendedWatcher,
}

/// How long to wait for more of the same burst.
const SETTLE: Duration = Duration::from_millis(20);
/// Paths handed out at a time.
const BURST: usize = 4096;

/// Names that browsers and downloaders give to what is not finished.
const UNFINISHED: &[&str] = &["crdownload", "part", "partial", "download", "opdownload", "tmp"];

impl Watch {
    /// Begins to watch; what changes from now on is reported by [`Watch::next`].
    pub fn new(folders: &[PathBuf]) -> Result<Watch> {
        let (send, events) = mpsc::channel();
        let failed = |path: &Path, e: notify::Error| Error::Io {
            path: path.to_owned(),
            source: match e.kind {
                notify::ErrorKind::Io(e) => e,
                other => std::io::Error::other(format!("{other:?}")),
            },
        };
        let mut watcher = notify::recommended_watcher(move |event| {
            // Fails only when nobody listens any more.
            let _ = send.send(event);
        })
        .map_err(|e| failed(Path::new("inotify"), e))?;
        for folder in folders {
            if !folder.exists() {
                return Err(Error::MissingPath(folder.clone()));
            }
            watcher.watch(folder, RecursiveMode::Recursive).map_err(|e| failed(folder, e))?;
        }
        Ok(Watch { events, _watcher: watcher })
    }

    /// Waits up to `timeout` for a change; `None` if there is none.
    pub fn next(&mut self, timeout: Duration) -> Option<Change> {
        let mut arrived = BTreeSet::new();
        let mut wait = timeout;
        while let Ok(event) = self.events.recv_timeout(wait) {
            match classify(event) {
                Some(paths) => arrived.extend(paths),
                None => return Some(Change::Overflow),
            }
            if arrived.len() >= BURST {
                break;
            }
            wait = if arrived.is_empty() { timeout } else { SETTLE };
        }
        (!arrived.is_empty()).then(|| Change::Arrived(arrived.into_iter().collect()))
    }
}

/// The paths that an event makes worth looking at; `None` when events were lost.
fn classify(event: notify::Result<notify::Event>) -> Option<Vec<PathBuf>> {
    let event = match event {
        Ok(event) if event.need_rescan() => return None,
        Ok(event) => event,
        Err(_) => return None,
    };
    let finished =
        |path: &PathBuf| !path.extension().is_some_and(|e| UNFINISHED.iter().any(|name| e.eq_ignore_ascii_case(name)));
    let paths: Vec<PathBuf> = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => event.paths,
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Any)) => event.paths,
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => event.paths.into_iter().skip(1).collect(),
        EventKind::Create(CreateKind::Folder | CreateKind::Any) => event.paths,
        // Systems without close events report writes; the file is then read as it is.
        #[cfg(not(target_os = "linux"))]
        EventKind::Modify(ModifyKind::Data(_)) | EventKind::Create(CreateKind::File) => event.paths,
        _ => Vec::new(),
    };
    Some(paths.into_iter().filter(finished).collect())
}
