//! Threads that have no file left help those that have: they search windows of the same input.
//!
//! Windows whose text has been read in, the same windows with what was seen in them out, in any
//! order. Searching is all that is shared: it needs nothing but the window and what stands above it.
//! Reading, reporting and decoding stay with the thread that has the input (`together`).

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::window::Window;
use crate::chunk::Chunk;
use crate::detect::{Above, Asked, Detectors, Document, Hit, Scratch, Setting};
use crate::text::{Reader, Text};

/// What a search has seen in a window.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) hits: Vec<Hit>,
    /// What it asked of the text and of what stands above it.
    pub(super) asked: Asked,
}

impl Seen {
    /// Searches the text of a window.
    pub(super) fn search(
        &mut self,
        detectors: &Detectors,
        scratch: &mut Scratch,
        text: &Text<'_>,
        chunk: &Chunk<'_>,
        setting: Setting<'_>,
    ) {
        self.hits.clear();
        detectors.detect(text.bytes, text.span_of(&chunk.core), setting, scratch, &mut self.hits);
        self.asked = scratch.take_asked();
    }
}

/// A window that may be searched by any thread.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Which one of its input.
    pub(super) number: u64,
    pub(super) window: Window,
    /// Has read the window.
    pub(super) reader: Reader,
    /// What is taken to stand above it.
    pub(super) above: Option<Arc<Above>>,
    pub(super) document: Arc<Document>,
    pub(super) seen: Seen,
    /// Did the search panic?
    pub(super) failed: bool,
}

impl Page {
    /// Makes what was seen right for what really stands above the page; searches it again if that
    /// makes a difference.
    pub(super) fn correct(&mut self, above: &Option<Arc<Above>>, detectors: &Detectors, scratch: &mut Scratch) {
        if self.above == *above {
            return;
        }
        let (chunk, assumed) = (self.window.chunk(), self.above.as_deref());
        let text = self.reader.text(chunk.bytes);
        let holds = detectors.holds(text.bytes, &mut self.seen.asked, assumed, above.as_deref());
        self.above = above.clone();
        if !holds {
            self.search(detectors, scratch);
        }
    }

    /// Searches it.
    pub(super) fn search(&mut self, detectors: &Detectors, scratch: &mut Scratch) {
        let chunk = self.window.chunk();
        let text = self.reader.text(chunk.bytes);
        let setting = Setting::of(&self.document, self.above.as_deref());
        self.seen.search(detectors, scratch, &text, &chunk, setting);
    }
}

/// A page that waits for a search.
struct Task {
    owner: u64,
    page: Box<Page>,
    reply: Sender<Box<Page>>,
}

/// The threads of a scan and what waits for those that are free.
pub(super) struct Crew {
    state: Mutex<State>,
    news: Condvar,
    idle: AtomicUsize,
    owners: AtomicU64,
}

struct State {
    tasks: VecDeque<Task>,
    /// Threads that may still give tasks.
    busy: usize,
}

/// A thread that has files of its own, as long as this lives.
pub(super) struct Busy<'c>(&'c Crew);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.lock().busy -= 1;
        self.0.news.notify_all();
    }
}

impl Crew {
    /// So many threads, each of which is going to call [`Crew::busy`] and then [`Crew::help`] once.
    pub(super) fn new(threads: usize) -> Crew {
        let state = State { tasks: VecDeque::new(), busy: threads };
        Crew { state: Mutex::new(state), news: Condvar::new(), idle: AtomicUsize::new(0), owners: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held by a thread as long as it has files of its own.
    pub(super) fn busy(&self) -> Busy<'_> {
        Busy(self)
    }

    /// Threads that would help.
    pub(super) fn idle(&self) -> usize {
        self.idle.load(Ordering::Relaxed)
    }

    /// A number for one who gives tasks.
    pub(super) fn owner(&self) -> u64 {
        self.owners.fetch_add(1, Ordering::Relaxed)
    }

    /// Has a page searched and sent to `reply`.
    pub(super) fn give(&self, owner: u64, page: Box<Page>, reply: Sender<Box<Page>>) {
        self.lock().tasks.push_back(Task { owner, page, reply });
        self.news.notify_one();
    }

    /// The first page of an owner that nobody has begun.
    pub(super) fn take_back(&self, owner: u64) -> Option<Box<Page>> {
        let mut state = self.lock();
        let index = state.tasks.iter().position(|task| task.owner == owner)?;
        state.tasks.remove(index).map(|task| task.page)
    }

    /// Helps until no thread is left that has a file.
    pub(super) fn help(&self, detectors: &Detectors, scratch: &mut Scratch) {
        self.idle.fetch_add(1, Ordering::Relaxed);
        let mut state = self.lock();
        loop {
            if let Some(Task { mut page, reply, .. }) = state.tasks.pop_front() {
                drop(state);
                page.failed = catch_unwind(AssertUnwindSafe(|| page.search(detectors, scratch))).is_err();
                if page.failed {
                    *scratch = Scratch::default();
                }
                // Nobody listens if the input has ended early.
                let _ = reply.send(page);
                state = self.lock();
            } else if state.busy == 0 {
                return;
            } else {
                state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
