//! Where the state is, and the one sweep at a time that may write it as a whole.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use sekisho::client::Date;
use sekisho::error::{Error, Result, StateFault};
use sekisho::message::Memory;

use super::Session;

/// The database.
pub(crate) fn database(session: &Session) -> Result<PathBuf> {
    let folder = session.environment.state.as_ref();
    folder
        .map(|folder| folder.join("state.db"))
        .ok_or_else(|| Error::Usage(Memory::NoRoot.text(session.lang).into_owned()))
}

/// By how much the clock is pretended to be ahead, in nanoseconds.
static AHEAD: OnceLock<i64> = OnceLock::new();

/// Nanoseconds since 1970.
pub(crate) fn now() -> i64 {
    system().saturating_add(AHEAD.get().copied().unwrap_or(0))
}

fn system() -> i64 {
    let since = |d: std::time::Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => -since(before.duration()),
    }
}

/// Lets the clock show another time (`2026-09-30T12:00:00Z`) and go on from there. `false` if
/// that is none.
pub(crate) fn pretend(text: &str) -> bool {
    let Ok(time) = text.parse::<jiff::Timestamp>() else { return false };
    let nanoseconds = i64::try_from(time.as_nanosecond()).unwrap_or(i64::MAX);
    AHEAD.set(nanoseconds.saturating_sub(system())).is_ok()
}

/// Is the clock a pretended one? The audit chain says so.
pub(crate) fn is_pretended() -> bool {
    AHEAD.get().is_some()
}

/// How far the user's time zone is before UTC now, in seconds.
pub(crate) fn offset() -> i64 {
    let offset = |t| jiff::tz::TimeZone::system().to_offset(t).seconds();
    jiff::Timestamp::from_second(seconds()).map_or(0, offset).into()
}

/// The day it is where the user is.
pub(crate) fn today() -> Date {
    Date::of(seconds(), offset())
}

/// Seconds since 1970.
pub(crate) fn seconds() -> i64 {
    now() / 1_000_000_000
}

/// Holds off other sweeps and repairs until it is dropped; the system takes it back from a process
/// that was killed. `None` where the file system knows no locks.
pub(crate) fn lock(database: &Path) -> Result<Option<File>> {
    let path = database.with_file_name("sweep.lock");
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let opened = builder.create(folder).and_then(|()| {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)
    });
    let file = match opened {
        Ok(file) => file,
        Err(e) if matches!(e.kind(), std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied) => {
            return Err(Error::State { path, fault: StateFault::ReadOnly });
        }
        Err(e) if e.kind() == std::io::ErrorKind::StorageFull => {
            return Err(Error::State { path, fault: StateFault::Full });
        }
        Err(source) => return Err(Error::Io { path, source }),
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(Error::State { path, fault: StateFault::Sweeping }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
