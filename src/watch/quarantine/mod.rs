//! Files put out of reach: moved into a private folder, each with a record of where it was, and
//! put back on demand.
//!
//! A file that is quarantined is still on the machine; the record says so to whoever counts
//! copies. Nothing is ever overwritten, no link is followed, and the original goes only when its
//! copy has been read back; what a killed process had begun is finished or undone (`mend.rs`). Records hold masked previews and a keyed hash, never a value.

mod mend;
mod record;
mod transfer;

use std::io;
use std::path::{Path, PathBuf};

use crate::finding::{Key, Place};

pub use mend::Mended;
pub use record::{Found, How, Record, State};
use transfer::{Moved, Opened};

/// Why a file was not moved.
#[derive(Debug)]
pub enum Fault {
    /// The quarantine itself lies where things leave the machine.
    Leaves(PathBuf, Place),
    /// Others can read the quarantine's folder, or it is a link or another user's.
    NotPrivate(PathBuf),
    /// Not an ordinary file (any more).
    NotAFile(PathBuf),
    /// It was written or exchanged while it was being moved; it stays where it is.
    Changed(PathBuf),
    /// There is something where it should go.
    Exists(PathBuf),
    /// The user put this very file back earlier.
    Restored(String),
    /// No file is kept under this id.
    Unknown(String),
    /// The copy did not read back as what was written.
    BadCopy(PathBuf),
    /// The record is not one.
    BadRecord(PathBuf),
    /// The system refused.
    Io(PathBuf, io::Error),
}

type Result<T> = std::result::Result<T, Fault>;

/// A quarantine folder.
#[derive(Debug, Clone)]
pub struct Quarantine {
    folder: PathBuf,
    key: Key,
}

/// What is to be put away, and what is told of it.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The file, absolute.
    pub file: &'a Path,
    /// A new id: letters and digits.
    pub id: &'a str,
    /// The time, in seconds since 1970.
    pub now: i64,
    /// What was found in it.
    pub found: Vec<Found>,
    /// Where it lived.
    pub place: Place,
    /// Where it was downloaded from.
    pub download: Option<String>,
}

impl Quarantine {
    /// The quarantine in a folder, which is made if it is not there. `place` is where it lies.
    pub fn open(folder: &Path, place: Place, key: Key) -> Result<Quarantine> {
        if place.leaves_the_machine() {
            return Err(Fault::Leaves(folder.to_owned(), place));
        }
        transfer::private_folder(folder)?;
        Ok(Quarantine { folder: folder.to_owned(), key })
    }

    /// Where a kept file lies.
    pub fn data(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.data"))
    }

    fn record_file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    /// Moves a file into quarantine. The record is written before, so that a crash leaves no
    /// file without one, and completed afterwards.
    pub fn put(&self, request: Request<'_>) -> Result<Record> {
        let _moving = self.moving();
        let opened = Opened::new(request.file)?;
        let hash = opened.hash(&self.key)?;
        if let Some(earlier) = self.list()?.into_iter().find(|r| r.is_restored(request.file, &hash)) {
            return Err(Fault::Restored(earlier.id));
        }
        let mut record = Record::new(&request, &opened, hash);
        record.create(&self.record_file(&record.id))?;
        let moved = opened.move_to(&self.data(&record.id), transfer::PRIVATE, &self.key, &record.hash);
        let Moved { how, hash } = moved.inspect_err(|_| {
            // Nothing was moved, so there is nothing to tell of.
            let _ = std::fs::remove_file(self.record_file(&record.id));
        })?;
        record.written_meanwhile = hash != record.hash;
        record.hash = hash;
        record.how = how;
        record.state = State::Kept;
        record.write(&self.record_file(&record.id))?;
        Ok(record)
    }

    /// All records, oldest first.
    pub fn list(&self) -> Result<Vec<Record>> {
        let failed = |e| Fault::Io(self.folder.clone(), e);
        let mut records = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|e| e == "json") {
                records.push(Record::read(&path)?);
            }
        }
        records.sort_by(|a, b| (a.quarantined, &a.id).cmp(&(b.quarantined, &b.id)));
        Ok(records)
    }

    /// Is the content of a record's file there?
    pub fn holds(&self, record: &Record) -> bool {
        self.data(&record.id).symlink_metadata().is_ok_and(|data| data.is_file())
    }

    /// Puts a file back where it was, or at `to`; never over another. Its record stays, so that
    /// it is not put away again.
    pub fn restore(&self, id: &str, to: Option<&Path>, now: i64) -> Result<Record> {
        let mut record = self.kept(id)?;
        let target = to.map_or_else(|| record.path(), Path::to_owned);
        let opened = Opened::new(&self.data(id))?;
        record.restored = Some(now);
        record.state = State::Restored;
        if to.is_some() {
            record.set_path(&target);
        }
        // Written first: who watches the folder must know the file when it arrives.
        let before = self.kept(id)?;
        record.hash = opened.hash(&self.key)?;
        record.write(&self.record_file(id))?;
        match opened.move_to(&target, record.mode, &self.key, &record.hash) {
            Ok(_) => Ok(record),
            Err(fault) => {
                before.write(&self.record_file(id))?;
                Err(fault)
            }
        }
    }

    /// Deletes a kept file for good; its record stays.
    pub fn delete(&self, id: &str, now: i64) -> Result<Record> {
        let mut record = self.kept(id)?;
        let data = self.data(id);
        std::fs::remove_file(&data).map_err(|e| Fault::Io(data, e))?;
        record.state = State::Deleted;
        record.deleted = Some(now);
        record.write(&self.record_file(id))?;
        Ok(record)
    }

    fn kept(&self, id: &str) -> Result<Record> {
        // An id is a name in the folder, never a way out of it.
        let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
        let path = self.record_file(id);
        if !plain || !path.exists() {
            return Err(Fault::Unknown(id.to_owned()));
        }
        let record = Record::read(&path)?;
        if self.holds(&record) { Ok(record) } else { Err(Fault::Unknown(id.to_owned())) }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    /// A quarantine in a folder of its own.
    pub(super) struct Bench {
        pub(super) folder: tempfile::TempDir,
        pub(super) quarantine: Quarantine,
    }

    impl Bench {
        pub(super) fn new() -> Bench {
            let folder = tempfile::tempdir().expect("folder");
            let quarantine =
                Quarantine::open(&folder.path().join("q"), Place::Local, Key::new([7; 32])).expect("quarantine");
            Bench { folder, quarantine }
        }

        fn file(&self, name: &str, text: &str) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::write(&path, text).expect("file");
            path
        }

        fn put(&self, file: &Path, id: &str) -> Result<Record> {
            let found = vec![Found { detector: "credential/x".into(), shown: "gh**".into(), times: 2 }];
            self.quarantine.put(Request { file, id, now: 1, found, place: Place::Local, download: None })
        }
    }

    #[test]
    fn a_file_goes_and_comes_back_as_it_was() {
        let bench = Bench::new();
        let file = bench.file("名簿.csv", "secret");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("mode");
        let before = fs::metadata(&file).expect("file");
        let record = bench.put(&file, "a1").expect("moved");
        assert!(!file.exists());
        assert_eq!((record.how, record.links, record.state), (How::Renamed, 1, State::Kept));
        let kept = fs::metadata(bench.quarantine.data("a1")).expect("kept");
        assert_eq!(kept.mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(bench.folder.path().join("q")).expect("folder").mode() & 0o777, 0o700);
        let text = fs::read_to_string(bench.folder.path().join("q/a1.json")).expect("record");
        assert!(text.contains("gh**") && text.contains("名簿.csv") && !text.contains("secret"), "{text}");

        bench.quarantine.restore("a1", None, 2).expect("back");
        let after = fs::metadata(&file).expect("file");
        assert_eq!(fs::read_to_string(&file).expect("file"), "secret");
        assert_eq!((after.mode(), after.mtime_nsec(), after.ino()), (before.mode(), before.mtime_nsec(), before.ino()));
        assert!(matches!(bench.put(&file, "a2"), Err(Fault::Restored(id)) if id == "a1"));
        assert_eq!(bench.quarantine.list().expect("list").len(), 1, "no record without a file");
        // Another content under the same name is another file.
        fs::write(&file, "other").expect("file");
        bench.put(&file, "a3").expect("moved");
    }

    #[test]
    fn nothing_is_overwritten_and_no_link_followed() {
        let bench = Bench::new();
        let file = bench.file("a", "one");
        bench.put(&file, "b1").expect("moved");
        bench.file("a", "two");
        assert!(matches!(bench.quarantine.restore("b1", None, 2), Err(Fault::Exists(_))));
        assert_eq!(fs::read_to_string(&file).expect("file"), "two");
        assert_eq!(bench.quarantine.list().expect("list")[0].state, State::Kept, "still kept");
        let other = bench.folder.path().join("elsewhere");
        bench.quarantine.restore("b1", Some(&other), 3).expect("back");
        assert_eq!(fs::read_to_string(&other).expect("file"), "one");

        let link = bench.folder.path().join("link");
        symlink(&file, &link).expect("link");
        assert!(matches!(bench.put(&link, "b2"), Err(Fault::NotAFile(_))));
        assert!(matches!(bench.put(bench.folder.path(), "b3"), Err(Fault::NotAFile(_))));
        let dangling = bench.folder.path().join("dangling");
        symlink("nowhere", &dangling).expect("link");
        bench.put(&file, "b4").expect("moved");
        assert!(matches!(bench.quarantine.restore("b4", Some(&dangling), 3), Err(Fault::Exists(_))));
    }

    #[test]
    fn other_names_of_a_file_are_counted() {
        let bench = Bench::new();
        let file = bench.file("a", "one");
        fs::hard_link(&file, bench.folder.path().join("b")).expect("link");
        assert_eq!(bench.put(&file, "c1").expect("moved").links, 2);
    }

    #[test]
    fn ids_lead_nowhere_else_and_places_that_leave_are_refused() {
        let bench = Bench::new();
        for id in ["", "../a", "a/b", "zz"] {
            assert!(matches!(bench.quarantine.restore(id, None, 1), Err(Fault::Unknown(_))), "{id}");
            assert!(matches!(bench.quarantine.delete(id, 1), Err(Fault::Unknown(_))), "{id}");
        }
        for place in [Place::Removable, Place::CloudSync("Dropbox"), Place::Network] {
            let opened = Quarantine::open(&bench.folder.path().join("q"), place, Key::new([1; 32]));
            assert!(matches!(opened, Err(Fault::Leaves(..))), "{place:?}");
        }
        let open = bench.folder.path().join("open");
        symlink(bench.folder.path().join("q"), &open).expect("link");
        assert!(matches!(Quarantine::open(&open, Place::Local, Key::new([1; 32])), Err(Fault::NotPrivate(_))));
    }

    #[test]
    fn names_that_are_no_text_come_back_byte_for_byte() {
        use std::os::unix::ffi::OsStrExt as _;
        let bench = Bench::new();
        let file = bench.folder.path().join(std::ffi::OsStr::from_bytes(b"\x83\x65\xff\n.txt"));
        fs::write(&file, "x").expect("file");
        bench.put(&file, "d1").expect("moved");
        bench.quarantine.restore("d1", None, 2).expect("back");
        assert!(file.exists());
        bench.put(&bench.file("z", "x"), "d2").expect("moved");
        bench.quarantine.delete("d2", 5).expect("deleted");
        let list = bench.quarantine.list().expect("list");
        assert_eq!(list.iter().map(|r| r.state).collect::<Vec<_>>(), [State::Restored, State::Deleted]);
    }

    #[test]
    fn across_file_systems_it_is_copied_read_back_and_removed() {
        let bench = Bench::new();
        let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else { return };
        let device = |path: &Path| fs::metadata(path).map(|data| data.dev()).ok();
        if device(elsewhere.path()) == device(bench.folder.path()) {
            return;
        }
        let file = elsewhere.path().join("a");
        let text = "x".repeat(300_000);
        fs::write(&file, &text).expect("file");
        let record = bench.put(&file, "e1").expect("moved");
        assert_eq!(record.how, How::Copied);
        assert!(!file.exists());
        assert_eq!(fs::read_to_string(bench.quarantine.data("e1")).expect("kept"), text);
        bench.quarantine.restore("e1", None, 2).expect("back");
        assert_eq!(fs::read_to_string(&file).expect("back"), text);
        assert!(!bench.quarantine.data("e1").exists());
        let left: Vec<_> = fs::read_dir(elsewhere.path()).expect("folder").flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
