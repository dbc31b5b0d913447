//! What comes out of a decompressor: checked for its ratio, with every fault named.
//!
//! A decoder in, a reader out whose errors are [`Problem`]s. The ratio is the member's own, so
//! that a bomb ends alone and its neighbours are still looked at.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::chunk::Limits;
use crate::error::{Problem, ProblemKind};

/// Memory that one decoder may take for its dictionary or window, in bytes: what the largest
/// preset of xz (64 MiB) and of zstd without options (8 MiB, its own decoder's bound is 128 MiB)
/// need.
pub(super) const MEMORY: u64 = 128 << 20;

/// Counts the bytes that a decoder takes.
pub(super) struct Packed<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Packed<R> {
    pub(super) fn new(inner: R) -> Packed<R> {
        Packed { inner, taken: Rc::default() }
    }

    /// The number of bytes taken, also after this has moved into a decoder.
    pub(super) fn taken(&self) -> Rc<Cell<u64>> {
        self.taken.clone()
    }
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

/// The bytes out of a decoder.
pub(super) struct Unpacked<'a, D> {
    decoder: D,
    taken: Rc<Cell<u64>>,
    given: u64,
    limits: &'a Limits,
    /// The format's name, for problems.
    name: &'a str,
    /// A decoder is not asked again after it has failed.
    failed: Option<Problem>,
}

impl<'a, D: Read> Unpacked<'a, D> {
    pub(super) fn new(decoder: D, taken: Rc<Cell<u64>>, limits: &'a Limits, name: &'a str) -> Unpacked<'a, D> {
        Unpacked { decoder, taken, given: 0, limits, name, failed: None }
    }
}

impl<D> Unpacked<'_, D> {
    /// Has it ended with a problem?
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }
}

impl<D: Read> Read for Unpacked<'_, D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(problem) = &self.failed {
            return Err(problem.clone().into());
        }
        let read = match self.decoder.read(buffer) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(e),
            Err(e) => Err(fault(&e, self.name)),
            Ok(n) => {
                self.given += n as u64;
                self.limits.check_ratio(self.taken.get(), self.given).map(|()| n)
            }
        };
        read.map_err(|problem| {
            self.failed = Some(problem.clone());
            problem.into()
        })
    }
}

/// The problem that a decoder's error amounts to: that of its own input if it comes from there,
/// else a broken format.
pub(super) fn fault(error: &io::Error, name: &str) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(problem) = error.downcast_ref::<Problem>() {
            return problem.clone();
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            if io.raw_os_error().is_some() {
                return Problem::from_io(io);
            }
            if io.kind() == io::ErrorKind::OutOfMemory {
                return Problem::new(ProblemKind::Limit, format!("{name}: dictionary > {MEMORY}"));
            }
            // An error within an I/O error is not its `source`.
            if let Some(inner) = io.get_ref() {
                cause = Some(inner);
                continue;
            }
        }
        cause = error.source();
    }
    Problem::new(ProblemKind::Damaged, name)
}
