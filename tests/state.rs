//! The memory: what is read again and what is not, what is new, still there and gone, and what
//! becomes of a database that is damaged, newer, foreign, locked or full.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sekisho::detector::builtin;
use sekisho::error::{Error, StateFault};
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{self, Files};
use sekisho::state::{Begun, Counts, DetectorSet, RunKind, Scope, Store, Tracked, Tracking};

/// A GitHub token with a right checksum, made here so that none stands in git.
fn token(seed: u8) -> String {
    let body: String = (0..30u8).map(|i| char::from(b'a' + (i.wrapping_mul(7).wrapping_add(seed) % 26))).collect();
    let mut crc = u32::MAX;
    for byte in body.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let mut crc = !crc;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(crc % 62) as usize];
        crc /= 62;
    }
    ["gh", "p_", &body, std::str::from_utf8(&digits).expect("ascii")].concat()
}

/// An hour ahead, so that files that were just written count as settled.
fn later() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    i64::try_from(now).expect("before 2262") + 3_600_000_000_000
}

struct Home {
    folder: tempfile::TempDir,
    ids: Vec<&'static str>,
    passwords: Vec<String>,
}

impl Home {
    fn new() -> Home {
        let home = Home {
            folder: tempfile::tempdir().expect("folder"),
            ids: vec!["credential/github-token", "personal/email-address"],
            passwords: Vec::new(),
        };
        fs::create_dir(home.tree()).expect("tree");
        home
    }

    fn tree(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("real").join("tree")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.tree().join(name);
        fs::create_dir_all(path.parent().expect("folder")).expect("folders");
        fs::write(path, text).expect("file");
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("state/state.db")
    }

    fn key() -> Key {
        Key::new([3; 32])
    }

    fn store(&self) -> Store {
        Store::open(&self.database(), &Home::key()).expect("a database")
    }

    fn sweep(&self) -> Swept {
        self.sweep_roots(&[self.tree()])
    }

    fn sweep_roots(&self, roots: &[PathBuf]) -> Swept {
        let detectors =
            builtin().iter().filter(|d| self.ids.contains(&d.id.as_ref())).cloned().map(Arc::new).collect::<Vec<_>>();
        let mut options = Options::new(Home::key(), Instant::now);
        options.passwords.clone_from(&self.passwords);
        let scanner = Scanner::new(detectors, options).expect("detectors");
        let set = DetectorSet::of(&scanner, "test");
        let mut store = self.store();
        let begun = store.begin(RunKind::Sweep, later() / 1_000_000_000).expect("begun");
        let mut files = Files::new(roots.to_vec(), source::Options::default()).expect("roots");
        let how = Tracking { run: begun.run, set: &set, roots, reread: false, follow: false, clock: later };
        let tracked = store.scan(&scanner, &mut files, &mut Collect::default(), &how).expect("scanned");
        let ids: Vec<String> = self.ids.iter().map(|id| id.to_string()).collect();
        let counts = store.counts(Scope::of_sweep(&begun, roots, &ids)).expect("counts");
        store.end(&begun, later() / 1_000_000_000, &tracked, counts, &[]).expect("ended");
        assert_eq!(store.check().expect("checked"), [""; 0]);
        Swept { begun, tracked, counts }
    }
}

struct Swept {
    begun: Begun,
    tracked: Tracked,
    counts: Counts,
}

impl Swept {
    /// Files read, files known; findings new, open, gone; problems.
    fn numbers(&self) -> (u64, u64, [u64; 4]) {
        let Counts { new, open, gone, problems } = self.counts;
        (self.tracked.summary.files, self.tracked.unchanged, [new, open, gone, problems])
    }
}

#[test]
fn only_what_has_changed_is_read_again() {
    let home = Home::new();
    home.write("a/one.txt", &token(1));
    home.write("a-b.txt", "nothing");
    home.write("名簿/c.txt", "nothing either");
    assert_eq!(home.sweep().numbers(), (3, 0, [1, 1, 0, 0]));
    assert_eq!(home.sweep().numbers(), (0, 3, [0, 1, 0, 0]));
    home.write("a-b.txt", &token(2));
    home.write("z.txt", "new");
    assert_eq!(home.sweep().numbers(), (2, 2, [1, 2, 0, 0]));
    home.write("a/one.txt", "cleaned");
    fs::remove_file(home.tree().join("a-b.txt")).expect("removed");
    assert_eq!(home.sweep().numbers(), (1, 2, [0, 0, 2, 0]));
    assert_eq!(home.sweep().numbers(), (0, 3, [0, 0, 0, 0]));
}
