//! A source without the files that are known: a walk and the database → what has to be read.
//!
//! The walk and the rows of the database are both in byte-wise order of paths, so they are joined
//! as they pass, a thousand rows at a time: a million known files take no more memory than one.
//! Rows that the walk has passed without meeting them are asked about one by one and are gone
//! only if the system says that there is no such file and their file system is mounted.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Tracking;
use super::location::{from_bytes, to_bytes};
use super::mounts::Mounts;
use super::record::{self, ENCRYPTED, Known, PROBLEM};
use super::rows::Rows;
use super::set::Numbered;
use super::track::{Pending, Shared};
use crate::error::Result;
use crate::scan::Progress;
use crate::source::{Body, Item, Skipped, Source, Stamp};

/// Gone files written at a time.
const GONE: usize = 512;

/// See the module.
pub(super) struct Unknown<'s, 't> {
    inner: &'s mut dyn Source,
    shared: &'s Shared<'t>,
    rows: Rows,
    sets: Numbered,
    reread: bool,
    follow: bool,
    /// Flags that make a file be read again.
    again: i64,
    clock: fn() -> i64,
    mounts: Mounts,
    gone: Vec<Vec<u8>>,
    /// Rows of what is a folder now. A walk meets a folder it cannot list where its name and a
    /// slash would stand, later than its row.
    folders: Vec<Known>,
    progress: Option<Arc<Progress>>,
    over: bool,
    /// Files that were not read because they are known.
    pub(super) unchanged: u64,
}

impl<'s, 't> Unknown<'s, 't> {
    pub(super) fn new(
        inner: &'s mut dyn Source,
        shared: &'s Shared<'t>,
        how: &Tracking<'_>,
        sets: Numbered,
        passwords: bool,
        progress: Option<Arc<Progress>>,
    ) -> Unknown<'s, 't> {
        Unknown {
            inner,
            shared,
            rows: Rows::new(how.roots),
            sets,
            reread: how.reread,
            follow: how.follow,
            again: record::AGAIN | if passwords { ENCRYPTED } else { 0 },
            clock: how.clock,
            mounts: Mounts::default(),
            gone: Vec::new(),
            folders: Vec::new(),
            progress,
            over: false,
            unchanged: 0,
        }
    }

    fn stopped(&self) -> bool {
        self.shared.failed() || self.progress.as_ref().is_some_and(|p| p.stop.load(Ordering::Relaxed))
    }

    /// Lets one item pass unless it is known.
    fn one(&mut self, item: Item, now: i64) -> Result<Option<Item>> {
        let path = to_bytes(&item.origin.path);
        let previous = self.find(path)?;
        if let Some(known) = &previous
            && !self.reread
            && known.flags & self.again == 0
            && self.sets.covers(known.detector_set, known.flags & PROBLEM == 0)
            // What the system does not tell will be a problem when it is opened.
            && let Some(Ok(stamp)) = item.body.stamp()
            && known.is(&stamp)
        {
            self.unchanged += 1;
            if let Some(progress) = &self.progress {
                progress.files.fetch_add(1, Ordering::Relaxed);
            }
            return Ok(None);
        }
        let stamp = Arc::new(OnceLock::new());
        self.shared.push(Pending { path: item.origin.path.clone(), listed: now, stamp: stamp.clone(), previous });
        Ok(Some(Item { origin: item.origin, body: Body::Stamped(Box::new(item.body), stamp) }))
    }

    /// The row of a path; what the walk has passed until then is seen to.
    fn find(&mut self, path: &[u8]) -> Result<Option<Known>> {
        if let Some(at) = self.folders.iter().position(|known| known.path == path) {
            return Ok(Some(self.folders.swap_remove(at)));
        }
        if self.rows.is_behind(path) {
            // Not in the order of the rows (links that are followed, a watch): ask for this one.
            return self.shared.store(|store| store.known(&from_bytes(path)));
        }
        loop {
            let Some(front) = self.rows.front(self.shared)? else { return Ok(None) };
            match front.path.as_slice().cmp(path) {
                std::cmp::Ordering::Greater => return Ok(None),
                std::cmp::Ordering::Equal => return Ok(self.rows.pop()),
                std::cmp::Ordering::Less => self.passed()?,
            }
        }
    }

    /// Sees to the next row, which the walk has not met.
    fn passed(&mut self) -> Result<()> {
        let Some(row) = self.rows.pop() else { return Ok(()) };
        let path = from_bytes(&row.path);
        let found = if self.follow { Stamp::of(&path) } else { Stamp::of_entry(&path) };
        let gone = match found {
            // Not listed any more (excluded meanwhile), but there: it stays as it was known.
            Ok(stamp) if stamp.regular => false,
            Ok(_) => {
                self.folders.push(row);
                return Ok(());
            }
            Err(e) => {
                use std::io::ErrorKind::{NotADirectory, NotFound};
                matches!(e.kind(), NotFound | NotADirectory) && self.mounts.is_there(row.mount, self.shared)?
            }
        };
        if gone {
            self.gone.push(row.path);
            if self.gone.len() >= GONE {
                self.write_gone()?;
            }
        }
        Ok(())
    }

    fn write_gone(&mut self) -> Result<()> {
        if self.gone.is_empty() {
            return Ok(());
        }
        let now = self.shared.now(self.sets.id);
        let clients = self.shared.clients.as_deref();
        self.shared.store(|store| store.gone(&self.gone, now, clients))?;
        self.gone.clear();
        Ok(())
    }

    /// The walk is over: whatever rows are left were not met.
    fn end(&mut self) -> Result<()> {
        while !self.stopped() && self.rows.front(self.shared)?.is_some() {
            self.passed()?;
        }
        if !self.stopped() {
            // A folder that can be listed again is no problem any more.
            self.gone.extend(self.folders.drain(..).map(|known| known.path));
        }
        self.write_gone()
    }

    fn fill(&mut self, items: &mut Vec<Item>, most: usize) -> Result<()> {
        let end = items.len() + most;
        let mut listed = Vec::new();
        while items.len() < end && !self.over {
            if self.stopped() {
                self.over = true;
                return self.write_gone();
            }
            let now = (self.clock)();
            self.inner.next(&mut listed, end - items.len());
            if listed.is_empty() {
                self.over = true;
                return self.end();
            }
            for item in listed.drain(..) {
                items.extend(self.one(item, now)?);
            }
        }
        Ok(())
    }
}

impl Source for Unknown<'_, '_> {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        let before = items.len();
        if let Err(error) = self.fill(items, most) {
            // The scan ends here; whoever started it is told why.
            items.truncate(before);
            self.shared.fail(error);
            self.over = true;
        }
    }

    fn skipped(&self) -> Skipped {
        self.inner.skipped()
    }
}

/// A poisoned lock guards nothing that a panic could have left half-done.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
