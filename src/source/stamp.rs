//! What the system says of a file without opening it: enough to tell whether it has changed.
//!
//! Path → [`Stamp`]. Reads no content and no clock.

use std::io;
use std::path::Path;

/// A file's size, times and identity. Two equal stamps of one path mean equal content, unless
/// the file was written within the granularity of its times (see [`Stamp::is_settled`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Size in bytes.
    pub size: u64,
    /// Last write to the content, in nanoseconds since 1970. Anybody may set it.
    pub modified: i64,
    /// Last change of content, times or permissions, in nanoseconds since 1970 (`ctime`); nobody
    /// can set it, so it catches what sets `modified` back. 0 where the system has none.
    pub changed: i64,
    /// Number of the file on its file system; 0 where the system has none.
    pub inode: u64,
    /// Number of the file system; it may differ after the next start of the machine.
    pub device: u64,
    /// Is it an ordinary file?
    pub regular: bool,
}

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;
/// Linux stamps with the time of its last tick (at most 10 ms ago).
const TICK: i64 = 20_000_000;

impl Stamp {
    /// The stamp of what a path leads to, links followed.
    pub fn of(path: &Path) -> io::Result<Stamp> {
        Ok(Stamp::new(&std::fs::metadata(path)?))
    }

    /// The stamp of what stands at a path, a link being no ordinary file.
    pub fn of_entry(path: &Path) -> io::Result<Stamp> {
        Ok(Stamp::new(&std::fs::symlink_metadata(path)?))
    }

    #[cfg(unix)]
    fn new(data: &std::fs::Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt as _;
        let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(SECOND).saturating_add(rest);
        Stamp {
            size: data.size(),
            modified: nanoseconds(data.mtime(), data.mtime_nsec()),
            changed: nanoseconds(data.ctime(), data.ctime_nsec()),
            inode: data.ino(),
            device: data.dev(),
            regular: data.is_file(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn new(data: &std::fs::Metadata) -> Stamp {
        let since_1970 = |time: std::time::SystemTime| {
            time.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX))
        };
        let modified = data.modified().map_or(0, since_1970);
        Stamp { size: data.len(), modified, changed: 0, inode: 0, device: 0, regular: data.is_file() }
    }

    /// Would a later write to the file show in its stamp? Not if it was last written so shortly
    /// before `now` (at the latest when the stamp was taken, in nanoseconds since 1970) that another write gets
    /// the same times. File systems with whole seconds (FAT: two) need longer.
    pub fn is_settled(&self, now: i64) -> bool {
        let last = if self.changed == 0 { self.modified } else { self.changed };
        if last % SECOND != 0 {
            return last.saturating_add(TICK) <= now;
        }
        last.max(self.modified).saturating_add(2 * SECOND) <= now
    }
}

#[cfg(unix)]
impl From<rustix::fs::Stat> for Stamp {
    #[allow(clippy::unnecessary_cast)] // The fields' types differ between systems.
    fn from(stat: rustix::fs::Stat) -> Stamp {
        let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(SECOND).saturating_add(rest);
        Stamp {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
            inode: stat.st_ino as u64,
            device: stat.st_dev as u64,
            regular: rustix::fs::FileType::from_raw_mode(stat.st_mode) == rustix::fs::FileType::RegularFile,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(modified: i64, changed: i64) -> Stamp {
        Stamp { size: 1, modified, changed, inode: 1, device: 1, regular: true }
    }

    #[test]
    fn a_file_written_just_now_may_be_written_again_unnoticed() {
        let now = 1_700_000_000 * SECOND + 5;
        assert!(!written(now, now).is_settled(now));
        assert!(written(now, now).is_settled(now + TICK));
        assert!(written(now + 900 * SECOND, now).is_settled(now + TICK), "a time in the future, set by somebody");
        assert!(!written(0, now + SECOND).is_settled(now), "the clock has been set back");
    }

    #[test]
    fn whole_seconds_are_not_trusted_for_two_of_them() {
        let now = 1_700_000_000 * SECOND;
        assert!(!written(now, 0).is_settled(now + SECOND));
        assert!(written(now, now).is_settled(now + 2 * SECOND));
    }
}
