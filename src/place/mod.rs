//! Where a file lives and where it was downloaded from.
//!
//! A path in; a [`Place`] and a cleaned address out. [`classify()`] is pure: it judges by
//! [`Facts`] (mounts, devices, sync clients' folders), which [`Places`] reads when the first
//! finding asks. Scans nothing and raises no alarm.

mod classify;
mod device;
mod download;
mod mounts;
mod service;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::finding::Place;

pub use classify::{Facts, classify, is_medium};
pub use device::removable;
pub use download::{History, clean};
pub use mounts::{Mount, Mounts, read as read_mounts};
pub use service::{SERVICES, Service, marker, synced_folders};

/// Directories whose place is remembered at a time.
const REMEMBERED: usize = 4096;

/// What is known of a file's whereabouts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The kind of place it lives in.
    pub place: Place,
    /// The address it was downloaded from, without user info, query and fragment.
    pub download: Option<Arc<str>>,
}

/// Answers where files live. Reads what it needs at the first question, and each directory
/// once, so that a scan without findings pays nothing.
pub struct Places {
    read: Box<dyn Fn() -> Facts + Send + Sync>,
    state: Mutex<Option<State>>,
}

struct State {
    facts: Facts,
    history: Option<History>,
    directories: HashMap<PathBuf, Place>,
    /// Whether a folder is marked as a synced one; folders are many directories' ancestors.
    marked: HashMap<PathBuf, Option<Place>>,
}

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Places")
    }
}

impl Places {
    /// `read` gathers the facts; it is called at the first question, and again after
    /// [`Places::forget`].
    pub fn new(read: impl Fn() -> Facts + Send + Sync + 'static) -> Places {
        Places { read: Box::new(read), state: Mutex::new(None) }
    }

    /// Something was mounted or unmounted: what was read is out of date.
    pub fn forget(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The place of a file or of what will be one.
    pub fn of(&self, file: &Path) -> Place {
        self.with(|state| state.place(file))
    }

    /// Place and download address of a file.
    pub fn locate(&self, file: &Path) -> Whereabouts {
        self.with(|state| {
            let place = state.place(file);
            let download = download::beside(file).or_else(|| {
                if state.history.as_ref().is_none_or(History::is_stale) {
                    state.history = Some(History::read(&state.facts.histories));
                }
                let history = state.history.as_ref()?;
                history.address(&state.facts.absolute(file))
            });
            Whereabouts { place, download: download.map(Arc::from) }
        })
    }

    fn with<T>(&self, answer: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        answer(state.get_or_insert_with(|| State {
            facts: (self.read)(),
            history: None,
            directories: HashMap::new(),
            marked: HashMap::new(),
        }))
    }
}

impl State {
    fn place(&mut self, file: &Path) -> Place {
        let directory = self.facts.absolute(file.parent().unwrap_or(file));
        if let Some(&place) = self.directories.get(&directory) {
            return place;
        }
        // Where links lead counts, not what they are called.
        let real = directory.canonicalize().unwrap_or_else(|_| directory.clone());
        if self.directories.len().max(self.marked.len()) >= REMEMBERED {
            self.directories.clear();
            self.marked.clear();
        }
        let marked = RefCell::new(&mut self.marked);
        let marker =
            |folder: &Path| *marked.borrow_mut().entry(folder.to_owned()).or_insert_with(|| service::marker(folder));
        let place = classify(&real, &self.facts, &marker);
        self.directories.insert(directory, place);
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_reached_by_a_link_is_where_it_really_is() {
        let folder = tempfile::tempdir().expect("folder");
        let home = folder.path().canonicalize().expect("real").join("home");
        std::fs::create_dir_all(home.join("work/.stfolder")).expect("folder");
        let facts = home.clone();
        let places = Places::new(move || Facts { home: Some(facts.clone()), ..Facts::default() });
        assert_eq!(places.of(&home.join("work/名簿.csv")), Place::CloudSync("Syncthing"));
        assert_eq!(places.of(&home.join("other.txt")), Place::Local);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(home.join("work"), home.join("link")).expect("link");
            assert_eq!(places.of(&home.join("link/a")), Place::CloudSync("Syncthing"));
        }
    }
}
