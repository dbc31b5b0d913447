//! Puts the events of files that were scanned out of order back into the source's order.
//!
//! The earliest unfinished file writes straight to the sink; later files keep their events
//! until it is their turn. A file that has too many to keep waits; so does a worker that is too
//! far ahead. The earliest file never waits, so there is always progress.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::Sink;
use crate::chunk::Origin;
use crate::client::Attributed;
use crate::detector::Detector;
use crate::error::Problem;
use crate::finding::Finding;

/// Something to tell the sink.
pub(super) enum Event {
    Finding(Box<Finding>),
    Problem(Origin, Problem),
    More(Origin, Arc<Detector>, u64),
    Whose(Vec<Attributed>, Option<Arc<str>>),
    Persons(Origin, u64),
}

/// Files that may be under way or waiting at a time.
const FILES_AHEAD: u64 = 1024;
/// Events that a file may keep before it waits for its turn.
const EVENTS_KEPT: usize = 256;

pub(super) struct Order<'s> {
    state: Mutex<State<'s>>,
    turn: Condvar,
    failed: AtomicBool,
}

struct State<'s> {
    sink: &'s mut dyn Sink,
    /// Number of the earliest unfinished file.
    next: u64,
    /// Finished files from `next` on, with their events; `None` is not finished.
    done: VecDeque<Option<Vec<Event>>>,
    error: Option<io::Error>,
}

impl<'s> Order<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink) -> Order<'s> {
        let state = State { sink, next: 0, done: VecDeque::new(), error: None };
        Order { state: Mutex::new(state), turn: Condvar::new(), failed: AtomicBool::new(false) }
    }

    /// Has the sink refused something? Then nothing more needs to be done.
    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Waits until file `number` may be begun.
    pub(super) fn begin(&self, number: u64) {
        let mut state = self.lock();
        while number >= state.next + FILES_AHEAD && !self.failed() {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Where file `number` puts its events.
    pub(super) fn outbox(&self, number: u64) -> Outbox<'_, 's> {
        Outbox { order: self, number, events: Vec::new() }
    }

    /// The sink back, or the error it ended with.
    pub(super) fn finish(self) -> io::Result<&'s mut dyn Sink> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        match state.error {
            Some(error) => Err(error),
            None => Ok(state.sink),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'s>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the whole scan with an error.
    fn fail(&self, state: &mut State<'s>, error: io::Error) {
        state.error.get_or_insert(error);
        self.failed.store(true, Ordering::Relaxed);
        self.turn.notify_all();
    }

    fn write(&self, state: &mut State<'s>, events: &mut Vec<Event>) {
        for event in events.drain(..) {
            if state.error.is_some() {
                return;
            }
            let result = match event {
                Event::Finding(finding) => state.sink.finding(&finding),
                Event::Problem(origin, problem) => state.sink.problem(&origin, &problem),
                Event::More(origin, detector, count) => state.sink.more(&origin, &detector, count),
                Event::Whose(list, download) => state.sink.whose(&list, download.as_deref()),
                Event::Persons(origin, count) => state.sink.persons(&origin, count),
            };
            if let Err(error) = result {
                self.fail(state, error);
            }
        }
    }
}

/// The events of one file. When it is dropped the file is done.
pub(super) struct Outbox<'o, 's> {
    order: &'o Order<'s>,
    number: u64,
    events: Vec<Event>,
}

impl Outbox<'_, '_> {
    pub(super) fn push(&mut self, event: Event) {
        self.events.push(event);
        if self.events.len() >= EVENTS_KEPT {
            let mut state = self.order.lock();
            while state.next != self.number && !self.order.failed() {
                state = self.order.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            self.order.write(&mut state, &mut self.events);
        }
    }
}

impl Drop for Outbox<'_, '_> {
    fn drop(&mut self) {
        let mut state = self.order.lock();
        if std::thread::panicking() {
            // Whatever this file was, it is not done, and nobody must take it for that.
            return self.order.fail(&mut state, io::Error::other("internal error"));
        }
        let Some(index) = self.number.checked_sub(state.next).map(|i| i as usize) else { return };
        if state.done.len() <= index {
            state.done.resize_with(index + 1, || None);
        }
        state.done[index] = Some(std::mem::take(&mut self.events));
        let before = state.next;
        while let Some(Some(_)) = state.done.front() {
            let mut events = state.done.pop_front().flatten().unwrap_or_default();
            state.next += 1;
            self.order.write(&mut state, &mut events);
            if state.error.is_none()
                && let Err(error) = state.sink.item_done()
            {
                self.order.fail(&mut state, error);
            }
        }
        if state.next != before {
            self.order.turn.notify_all();
        }
    }
}
