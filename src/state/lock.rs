//! Who may use a database and who may replace it: a lock beside it, shared by everyone who has it
//! open, alone with who repairs it or puts it aside.
//!
//! SQLite's own locks guard what is in the file; this one guards the file's name. The system takes
//! it back from a process that was killed. Where a file system knows no locks, or nothing may be
//! written, there is none.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::store::beside;
use crate::error::{Error, Result, StateFault};

/// How often, and how long apart, a lock is tried for while the database is being replaced.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(100);

/// A lock that others may share; it is let go when the file is dropped. Waits while the database
/// is being replaced.
pub(super) fn shared(database: &Path) -> Result<Option<File>> {
    let Some(file) = open(database) else { return Ok(None) };
    for _ in 0..TRIES {
        match file.try_lock_shared() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Err(Error::State { path: database.to_owned(), fault: StateFault::Busy })
}

/// A lock that nobody shares. Fails at once if anybody has the database open.
pub(super) fn alone(database: &Path) -> Result<Option<File>> {
    let Some(file) = open(database) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Error::State { path: database.to_owned(), fault: StateFault::InUse }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

fn open(database: &Path) -> Option<File> {
    let path = beside(database, ".lock");
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Who may only read can hold it too.
    options.open(&path).or_else(|_| File::open(&path)).ok()
}
