//! The listening thread where there is no inotify: the `notify` crate (FSEvents on macOS,
//! ReadDirectoryChangesW on Windows). Untested there.
//!
//! Those systems report no end of writing: a file that is renamed into place is finished, any
//! other counts as begun and is handed out when it is at rest.

use std::path::{Path, PathBuf};

use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind, RenameMode};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::{Event, Heard, Setup, Teller};
use crate::error::{Error, Result};

/// Watches until it is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    _watcher: RecommendedWatcher,
}

impl Listener {
    pub(super) fn start(setup: Setup, mut teller: Teller) -> Result<Listener> {
        let failed = |path: &Path, e: notify::Error| Error::Io {
            path: path.to_owned(),
            source: match e.kind {
                notify::ErrorKind::Io(e) => e,
                other => std::io::Error::other(format!("{other:?}")),
            },
        };
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
            Ok(event) if event.need_rescan() => teller.tell(Heard::Event(Event::Overflow)),
            Ok(event) => heard(event).into_iter().for_each(|heard| teller.tell(heard)),
            Err(_) => teller.tell(Heard::Event(Event::Overflow)),
        })
        .map_err(|e| failed(Path::new("watch"), e))?;
        for folder in &setup.folders {
            watcher.watch(folder, RecursiveMode::Recursive).map_err(|e| failed(folder, e))?;
        }
        Ok(Listener { _watcher: watcher })
    }
}

fn heard(event: notify::Event) -> Vec<Heard> {
    let each = |tell: fn(PathBuf) -> Heard| event.paths.iter().cloned().map(tell).collect();
    let appeared = |path: PathBuf| if path.is_dir() { Heard::Tree(path) } else { Heard::Begun(path) };
    let renamed = |path: PathBuf| if path.is_dir() { Heard::Tree(path) } else { Heard::Finished(path) };
    match event.kind {
        EventKind::Create(CreateKind::Folder) => each(Heard::Tree),
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => each(appeared),
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Any)) => each(renamed),
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => event.paths.into_iter().skip(1).map(renamed).collect(),
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) | EventKind::Remove(RemoveKind::File) => {
            each(Heard::Left)
        }
        _ => Vec::new(),
    }
}
