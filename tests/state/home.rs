//! A folder that is swept, with its database beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sekisho::chunk::Limits;
use sekisho::detector::builtin;
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{self, Files, Source};
use sekisho::state::{Counts, DetectorSet, RunKind, Scope, Store, Tracked, Tracking};

/// A GitHub token with a right checksum, made here so that none stands in git.
pub(crate) fn token(seed: u8) -> String {
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
pub(crate) fn later() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    i64::try_from(now).expect("before 2262") + 3_600_000_000_000
}

/// What a sweep is done with.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) ids: Vec<&'static str>,
    pub(crate) passwords: Vec<String>,
    pub(crate) program: &'static str,
    pub(crate) clock: fn() -> i64,
    pub(crate) limits: Limits,
}

impl Home {
    pub(crate) fn new() -> Home {
        let home = Home {
            folder: tempfile::tempdir().expect("folder"),
            ids: vec!["credential/github-token", "personal/email-address"],
            passwords: Vec::new(),
            program: "test",
            clock: later,
            limits: Limits::default(),
        };
        fs::create_dir(home.tree()).expect("tree");
        home
    }

    pub(crate) fn tree(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("real").join("tree")
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.tree().join(name);
        fs::create_dir_all(path.parent().expect("folder")).expect("folders");
        fs::write(path, text).expect("file");
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.tree().join(name)).expect("removed");
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("state/state.db")
    }

    pub(crate) fn key() -> Key {
        Key::new([3; 32])
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&self.database(), &Home::key()).expect("a database")
    }

    pub(crate) fn sweep(&self) -> Swept {
        self.sweep_from(&mut Files::new(vec![self.tree()], source::Options::default()).expect("root"))
    }

    pub(crate) fn sweep_from(&self, source: &mut dyn Source) -> Swept {
        let swept = self.try_sweep(&mut self.store(), source, &[self.tree()]).expect("swept");
        assert_eq!(self.store().check().expect("checked"), [""; 0]);
        swept
    }

    pub(crate) fn scanner(&self) -> Scanner {
        let wanted = |d: &&sekisho::detector::Detector| self.ids.contains(&d.id.as_ref());
        let mut options = Options::new(Home::key(), Instant::now);
        options.passwords.clone_from(&self.passwords);
        options.limits = self.limits.clone();
        options.threads = 2;
        Scanner::new(builtin().iter().filter(wanted).cloned().map(Arc::new).collect(), options).expect("detectors")
    }

    pub(crate) fn try_sweep(
        &self,
        store: &mut Store,
        source: &mut dyn Source,
        roots: &[PathBuf],
    ) -> sekisho::error::Result<Swept> {
        let scanner = self.scanner();
        let set = DetectorSet::of(&scanner, self.program);
        let seconds = (self.clock)() / 1_000_000_000;
        let begun = store.begin(RunKind::Sweep, seconds)?;
        let clock = self.clock;
        let how = Tracking { run: begun.run, set: &set, roots, reread: false, follow: false, clock };
        let tracked = store.scan(&scanner, source, &mut Collect::default(), &how)?;
        let ids: Vec<String> = self.ids.iter().map(|id| id.to_string()).collect();
        let scope = Scope::of_sweep(&begun, roots, &ids);
        let counts = store.counts(scope)?;
        let mut standings = Vec::new();
        store.findings(scope, &mut |found| {
            standings.push((name_of(&found.path), found.standing.name(), found.first_seen));
            Ok(())
        })?;
        store.end(&begun, seconds, &tracked, counts, &[])?;
        Ok(Swept { tracked, counts, standings, resumes: begun.resumes.is_some(), clock_back: begun.clock_back })
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// How a sweep ended.
pub(crate) struct Swept {
    pub(crate) tracked: Tracked,
    pub(crate) counts: Counts,
    pub(crate) standings: Vec<(String, &'static str, i64)>,
    pub(crate) resumes: bool,
    pub(crate) clock_back: bool,
}

impl Swept {
    /// Files read, files known; findings new, open, gone; problems.
    pub(crate) fn numbers(&self) -> (u64, u64, [u64; 4]) {
        let Counts { new, open, gone, problems, .. } = self.counts;
        (self.tracked.summary.files, self.tracked.unchanged, [new, open, gone, problems])
    }

    pub(crate) fn standing(&self) -> Vec<(&str, &str)> {
        self.standings.iter().map(|(name, standing, _)| (name.as_str(), *standing)).collect()
    }
}
