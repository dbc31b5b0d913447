//! Folders → the files that were finished in them: closed after writing, renamed into place, or
//! at rest.
//!
//! A thread (`inotify.rs` on Linux, `portable.rs` elsewhere) listens to the system and never
//! waits for anybody; [`Watch::next`] hands out what has come in. What the system does not
//! report (files in a folder that has just appeared, everything after its queue ran over) is
//! handed out as folders to look through, so that nothing is lost. Scans nothing; asleep while
//! nothing happens.

mod arrivals;
#[cfg(target_os = "linux")]
mod inotify;
#[cfg(not(target_os = "linux"))]
mod portable;
pub mod quarantine;
mod rest;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::place::Mount;

#[cfg(target_os = "linux")]
use inotify::Listener;
#[cfg(not(target_os = "linux"))]
use portable::Listener;

pub use arrivals::Arrivals;
use rest::Resting;
pub use rest::is_unfinished;

/// Says of a mount whether it is a medium that is watched as soon as it appears.
pub type IsMedium = Arc<dyn Fn(&Mount) -> bool + Send + Sync>;

/// What to watch and how.
pub struct Setup {
    /// Folders, absolute.
    pub folders: Vec<PathBuf>,
    /// Media to watch beside them.
    pub media: Option<IsMedium>,
    /// The mount table, which the system says has changed by itself; `/proc/self/mountinfo`.
    pub mount_table: Option<PathBuf>,
    /// The clock, for what has to be at rest.
    pub clock: fn() -> Instant,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Setup({:?})", self.folders)
    }
}

/// Something that the user is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The system's queue of changes ran over: everything is looked through again.
    Overflow,
    /// The system watches no more folders; this one and further ones are looked through every
    /// [`POLL`] instead.
    Limit(PathBuf),
    /// A folder may not be read, and what is below it is not watched; the system's reason.
    Refused(PathBuf, String),
    /// A watched folder is gone; it is watched again as soon as it is back.
    Gone(PathBuf),
    /// A watched folder is back.
    Back(PathBuf),
    /// A medium appeared and is watched.
    Mounted(PathBuf),
    /// Something was mounted or unmounted: places have changed.
    Mounts,
}

/// How often folders are looked through that the system does not watch.
pub const POLL: Duration = Duration::from_secs(30);

/// What has happened since the last call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are finished, in byte-wise order.
    pub files: BTreeSet<PathBuf>,
    /// Folders to look through as a whole; none inside another.
    pub folders: BTreeSet<PathBuf>,
    /// What to tell.
    pub events: Vec<Event>,
}

impl Changes {
    /// Has nothing happened?
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty() && self.events.is_empty()
    }

    fn look_through(&mut self, folder: PathBuf) {
        if self.folders.iter().any(|known| folder.starts_with(known)) {
            return;
        }
        self.folders.retain(|known| !known.starts_with(&folder));
        self.folders.insert(folder);
    }
}

/// From the listening thread.
#[derive(Debug)]
enum Heard {
    /// Closed after writing, or renamed into place.
    Finished(PathBuf),
    /// A file appeared that may still be written.
    Begun(PathBuf),
    /// A file is gone from its name.
    Left(PathBuf),
    /// A tree appeared: its files' own events may have been lost.
    Tree(PathBuf),
    Event(Event),
    /// Somebody has called.
    Called,
}

/// How long ago what is handed out was heard of: a file's times have the grain of the kernel's
/// clock (10 ms), so that only then a later write is sure to show.
pub const SETTLE: Duration = Duration::from_millis(25);

/// Files handed out at a time: a burst is scanned while the rest of it comes in.
const BATCH: usize = 4096;
/// Files that may wait to be handed out; beyond it everything is looked through instead, so that
/// memory has a bound.
const MOST_WAITING: usize = 200_000;

/// The thread's end of the queue.
#[derive(Debug, Clone)]
struct Teller {
    send: Arc<Sender<Heard>>,
    waiting: Arc<AtomicUsize>,
    full: bool,
}

impl Teller {
    /// Never blocks. Without a listener the thread is about to end anyway.
    fn tell(&mut self, heard: Heard) {
        if matches!(heard, Heard::Finished(_) | Heard::Begun(_)) && self.waiting.load(Ordering::Relaxed) >= MOST_WAITING
        {
            // One overflow stands for all that is left out until the queue has been emptied: it
            // is handed out after everything before it, and looks at everything as it is then.
            if !std::mem::replace(&mut self.full, true) {
                self.send(Heard::Event(Event::Overflow));
            }
            return;
        }
        self.full = false;
        self.send(heard);
    }

    fn send(&self, heard: Heard) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _ = self.send.send(heard);
    }
}

/// Watches folders until it is dropped.
#[derive(Debug)]
pub struct Watch {
    heard: Receiver<Heard>,
    waiting: Arc<AtomicUsize>,
    resting: Resting,
    /// Heard of just now.
    young: Changes,
    /// Files that have gone from their names meanwhile.
    left: BTreeSet<PathBuf>,
    folders: Vec<PathBuf>,
    clock: fn() -> Instant,
    caller: Weak<Sender<Heard>>,
    _listener: Listener,
}

impl Watch {
    /// Begins to watch; what changes from now on is reported by [`Watch::next`]. Fails if a
    /// folder does not exist or may not be read, or if the system allows no more watchers.
    pub fn new(setup: Setup) -> Result<Watch> {
        let (send, heard) = mpsc::channel();
        let send = Arc::new(send);
        let caller = Arc::downgrade(&send);
        let waiting = Arc::new(AtomicUsize::new(0));
        let (folders, clock) = (setup.folders.clone(), setup.clock);
        let listener = Listener::start(setup, Teller { send, waiting: waiting.clone(), full: false })?;
        let (resting, young, left) = (Resting::default(), Changes::default(), BTreeSet::new());
        Ok(Watch { heard, waiting, resting, young, left, folders, clock, caller, _listener: listener })
    }

    /// A function that lets [`Watch::next`] return from its wait, for another thread.
    pub fn caller(&self) -> impl Fn() + Send + 'static {
        // Weak, so that the end of the listening thread stays visible.
        let (caller, waiting) = (self.caller.clone(), self.waiting.clone());
        move || {
            if let Some(send) = caller.upgrade() {
                waiting.fetch_add(1, Ordering::Relaxed);
                let _ = send.send(Heard::Called);
            }
        }
    }

    /// Waits up to `timeout` for changes; empty if there were none. What is handed out was heard
    /// of [`SETTLE`] ago.
    pub fn next(&mut self, timeout: Duration) -> Changes {
        if self.young.is_empty() {
            let wait = self.resting.next((self.clock)()).map_or(timeout, |next| next.min(timeout));
            self.hear(wait);
        }
        let mut changes = std::mem::take(&mut self.young);
        self.left.clear();
        if !changes.is_empty() {
            let until = (self.clock)() + SETTLE;
            loop {
                let left = until.saturating_duration_since((self.clock)());
                if left.is_zero() {
                    break;
                }
                self.hear(left);
                // What has changed once more is handed out the next time.
                changes.files.retain(|file| !self.left.remove(file) && !self.young.files.contains(file));
            }
        }
        changes.files.extend(self.resting.due((self.clock)()));
        if changes.events.contains(&Event::Overflow) {
            self.folders.clone().into_iter().for_each(|folder| changes.look_through(folder));
        }
        changes
    }

    /// Waits for something, and takes whatever else is there already.
    fn hear(&mut self, wait: Duration) {
        let mut next = self.heard.recv_timeout(wait);
        loop {
            match next {
                Ok(heard) => {
                    self.waiting.fetch_sub(1, Ordering::Relaxed);
                    self.take(heard);
                }
                Err(RecvTimeoutError::Timeout) => return,
                // The thread has died (it never should): look at everything from time to time.
                Err(RecvTimeoutError::Disconnected) => {
                    std::thread::sleep(wait.min(POLL));
                    return self.young.events.push(Event::Overflow);
                }
            }
            if self.young.files.len() >= BATCH {
                return;
            }
            next = self.heard.try_recv().map_err(|_| RecvTimeoutError::Timeout);
        }
    }

    /// A file that was met but is not finished: it is handed out when it is at rest or renamed.
    pub fn hold(&mut self, file: &Path) {
        self.resting.begin(file.to_owned(), (self.clock)());
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Finished(file) if is_unfinished(&file) => self.hold(&file),
            Heard::Finished(file) => {
                self.resting.end(&file);
                self.left.remove(&file);
                self.young.files.insert(file);
            }
            Heard::Begun(file) => self.hold(&file),
            Heard::Left(file) => {
                self.resting.end(&file);
                self.young.files.remove(&file);
                self.left.insert(file);
            }
            Heard::Called => {}
            Heard::Tree(folder) => self.young.look_through(folder),
            Heard::Event(event) => {
                if let Event::Mounted(folder) = &event
                    && !self.folders.contains(folder)
                {
                    self.folders.push(folder.clone());
                }
                self.young.events.push(event);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_another_is_looked_through_with_it() {
        let mut changes = Changes::default();
        for folder in ["/a/b", "/c", "/a", "/a/d", "/c2"] {
            changes.look_through(folder.into());
        }
        assert_eq!(changes.folders, ["/a", "/c", "/c2"].map(PathBuf::from).into());
    }

    #[test]
    fn a_full_queue_becomes_one_overflow() {
        let (send, heard) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(MOST_WAITING));
        let mut teller = Teller { send: Arc::new(send), waiting: waiting.clone(), full: false };
        for i in 0..3 {
            teller.tell(Heard::Finished(format!("/{i}").into()));
        }
        waiting.store(0, Ordering::Relaxed);
        teller.tell(Heard::Finished("/last".into()));
        let heard: Vec<String> = heard.try_iter().map(|heard| format!("{heard:?}")).collect();
        assert_eq!(heard, ["Event(Overflow)", "Finished(\"/last\")"]);
    }
}
