//! A change → what is to be looked at of it: the new version, marked with what the old ones lack.

use super::batch::{Batch, Blob};
use super::changes::Change;
use super::large_files::{LargeFiles, pointer};
use super::{Git, Id};
use crate::error::Problem;
use crate::source::{Added, Body};

/// Reads versions of files.
#[derive(Debug)]
pub(super) struct Versions {
    pub(super) batch: Batch,
    large: LargeFiles,
    whole: bool,
}

impl Versions {
    /// `whole`: all lines count, not only new ones.
    pub(super) fn new(git: &Git, whole: bool) -> Versions {
        Versions { batch: Batch::new(git), large: LargeFiles::new(git), whole }
    }

    /// The new version, and how many of its lines are new (none are counted where all are).
    pub(super) fn body(&mut self, change: &Change) -> (Body, u64) {
        let new = match self.batch.blob(change.new) {
            Ok(Blob::Bytes(bytes)) => bytes,
            Ok(Blob::Stream(stream)) => return (Body::Stream(stream), 0),
            Err(problem) => return (Body::Failed(problem), 0),
        };
        if let Some(hash) = pointer(&new) {
            return (self.large.body(hash), 0);
        }
        if self.whole || change.old.is_empty() {
            let lines = memchr::memchr_iter(b'\n', &new).count() as u64;
            return (Body::Bytes(new), lines);
        }
        // An old version that cannot be read takes nothing away.
        let old: Vec<Vec<u8>> = change.old.iter().filter_map(|id| self.bytes(*id)).collect();
        let added = Added::between(old.iter().map(Vec::as_slice), &new);
        let lines = added.lines();
        (Body::Partly(new, added), lines)
    }

    fn bytes(&mut self, id: Id) -> Option<Vec<u8>> {
        match self.batch.blob(id) {
            Ok(Blob::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// A commit's or tag's whole object.
    pub(super) fn object(&mut self, id: Id) -> Result<Option<Vec<u8>>, Problem> {
        Ok(self.batch.named(&id.to_string())?.map(|(_, bytes)| bytes))
    }
}
