//! Files that nobody has closed yet, or that have the name of something unfinished: they count
//! as finished once they have not changed for a while.
//!
//! A download that was given up stays under its unfinished name for ever, a log stays open for
//! ever; both are looked at as they are. Asks the system for size and time of the waiting files
//! only; while none waits, nothing is asked.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Endings that browsers and downloaders give to what is not finished (Chrome, Firefox, Safari,
/// Opera, wget and curl wrappers, aria2, torrents).
const UNFINISHED: &[&str] = &[
    "crdownload",
    "part",
    "partial",
    "download",
    "opdownload",
    "tmp",
    "filepart",
    "aria2",
    "!ut",
    "!qb",
    "downloading",
];

/// Does the name say that the file is not finished?
pub fn is_unfinished(file: &Path) -> bool {
    file.extension().is_some_and(|e| UNFINISHED.iter().any(|name| e.eq_ignore_ascii_case(name)))
}

/// How long a file must not have changed: one that is still open somewhere, and one with an
/// unfinished name (a download may pause for longer; then it is looked at twice).
const OPEN: Duration = Duration::from_secs(2);
const UNFINISHED_REST: Duration = Duration::from_secs(30);
/// How often waiting files are asked about.
const ASK: Duration = Duration::from_secs(1);

/// Size and time of the last write.
type Looks = Option<(u64, SystemTime)>;

#[derive(Debug, Clone, Copy)]
struct Since {
    looks: Looks,
    unchanged: Instant,
}

/// The waiting files.
#[derive(Debug, Default)]
pub(super) struct Resting {
    files: HashMap<PathBuf, Since>,
    asked: Option<Instant>,
}

fn looks(file: &Path) -> Looks {
    let data = std::fs::symlink_metadata(file).ok().filter(std::fs::Metadata::is_file)?;
    Some((data.len(), data.modified().ok()?))
}

impl Resting {
    /// The file waits from now on.
    pub(super) fn begin(&mut self, file: PathBuf, now: Instant) {
        // What it looks like is asked at the first turn: most files are closed long before.
        self.files.insert(file, Since { looks: None, unchanged: now });
    }

    /// The file waits no more.
    pub(super) fn end(&mut self, file: &Path) {
        self.files.remove(file);
    }

    /// How long until it is worth to ask again; `None` while no file waits.
    pub(super) fn next(&self, now: Instant) -> Option<Duration> {
        let next = self.asked.map_or(ASK, |asked| (asked + ASK).saturating_duration_since(now));
        (!self.files.is_empty()).then_some(next.min(ASK))
    }

    /// The files that have come to rest; they wait no more.
    pub(super) fn due(&mut self, now: Instant) -> Vec<PathBuf> {
        if self.files.is_empty() || self.asked.is_some_and(|asked| now.saturating_duration_since(asked) < ASK) {
            return Vec::new();
        }
        self.asked = Some(now);
        let mut due = Vec::new();
        self.files.retain(|file, since| {
            let Some(present) = looks(file) else { return false };
            if since.looks != Some(present) {
                *since = Since { looks: Some(present), unchanged: now };
                return true;
            }
            let rest = if is_unfinished(file) { UNFINISHED_REST } else { OPEN };
            let done = now.saturating_duration_since(since.unchanged) >= rest;
            if done {
                due.push(file.clone());
            }
            !done
        });
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_what_is_not_finished() {
        for (name, expected) in [
            ("a.zip.crdownload", true),
            ("A.PART", true),
            ("名簿.csv.part", true),
            ("partial", false),
            ("a.csv", false),
        ] {
            assert_eq!(is_unfinished(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_file_is_due_when_it_has_not_changed_for_a_while() {
        let folder = tempfile::tempdir().expect("folder");
        let (open, part) = (folder.path().join("a.log"), folder.path().join("b.part"));
        std::fs::write(&open, "1").expect("file");
        std::fs::write(&part, "1").expect("file");
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut resting = Resting::default();
        assert_eq!(resting.next(at(0)), None);
        resting.begin(open.clone(), at(0));
        resting.begin(part.clone(), at(0));
        resting.begin(folder.path().join("gone"), at(0));
        assert!(resting.next(at(0)).is_some());
        assert_eq!(resting.due(at(1)), [] as [PathBuf; 0]);
        std::fs::write(&open, "12").expect("file");
        assert_eq!(resting.due(at(2)), [] as [PathBuf; 0]);
        assert_eq!(resting.due(at(3)), [] as [PathBuf; 0]);
        assert_eq!(resting.due(at(4)), [open]);
        assert_eq!(resting.due(at(20)), [] as [PathBuf; 0]);
        assert_eq!(resting.due(at(31)), [part]);
        assert_eq!(resting.next(at(31)), None);
    }
}
