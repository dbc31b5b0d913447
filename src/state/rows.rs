//! The rows of known files below some roots, in the order of their paths, a thousand at a time.
//!
//! Roots → a stream of [`Known`] rows that a walk is joined with. Short transactions, so that
//! nobody waits while files are scanned between two batches.

use std::collections::VecDeque;
use std::path::PathBuf;

use rusqlite::params;

use super::Store;
use super::location::{self, to_bytes};
use super::record::{KNOWN, Known};
use super::track::Shared;
use crate::error::Result;

/// Rows read at a time.
const ROWS: usize = 1024;

/// The rows below some roots, in the order of their paths.
pub(super) struct Rows {
    /// Is there anything to join? Otherwise each path is asked for.
    joined: bool,
    /// Ranges that are still to be read, the next one last.
    ranges: Vec<(Vec<u8>, Vec<u8>)>,
    batch: VecDeque<Known>,
    /// The last path that was taken.
    last: Vec<u8>,
}

impl Rows {
    /// `roots` must be sorted and none inside another.
    pub(super) fn new(roots: &[PathBuf]) -> Rows {
        let mut ranges: Vec<_> = roots
            .iter()
            .flat_map(|root| {
                // The root itself, should it be a file, and what is below it.
                let own = to_bytes(root).to_vec();
                let next = [own.as_slice(), &[0]].concat();
                [(own, next), location::below(root)]
            })
            .collect();
        ranges.reverse();
        Rows { joined: !roots.is_empty(), ranges, batch: VecDeque::new(), last: Vec::new() }
    }

    /// Has the join gone past this path already, or is there no join?
    pub(super) fn is_behind(&self, path: &[u8]) -> bool {
        !self.joined || path <= self.last.as_slice()
    }

    pub(super) fn front(&mut self, shared: &Shared<'_>) -> Result<Option<&Known>> {
        while self.batch.is_empty() {
            let Some((from, to)) = self.ranges.last_mut() else { return Ok(None) };
            self.batch = shared.store(|store| store.rows(from, to))?;
            match self.batch.back() {
                // The next batch begins behind this one's last path.
                Some(last) => *from = [last.path.as_slice(), &[0]].concat(),
                None => {
                    self.ranges.pop();
                }
            }
        }
        Ok(self.batch.front())
    }

    pub(super) fn pop(&mut self) -> Option<Known> {
        let row = self.batch.pop_front()?;
        self.last.clone_from(&row.path);
        Some(row)
    }
}

impl Store {
    /// The next rows of a range of paths.
    fn rows(&self, from: &[u8], to: &[u8]) -> Result<VecDeque<Known>> {
        let read = || -> rusqlite::Result<VecDeque<Known>> {
            let mut query = self.connection.prepare_cached(&format!(
                "SELECT {KNOWN} FROM file WHERE path >= ?1 AND path < ?2 ORDER BY path LIMIT {ROWS}"
            ))?;
            query.query_map(params![from, to], Known::of)?.collect()
        };
        read().map_err(|e| self.failed(e))
    }
}
