//! Moves that a killed process left half-done: each is finished or undone, so that a file is in
//! one place and its record says in which.
//!
//! Works from what lies in the two places and the hash in the record; in doubt both are kept.

use std::fs::File;
use std::path::Path;

use super::transfer::Opened;
use super::{Fault, Quarantine, Record, Result, State};

/// What became of a half-done move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mended {
    /// The file had arrived; its record says so now.
    Kept,
    /// The file is still where it was, and nothing of it is here.
    Undone,
}

/// Copies and records that had no name yet.
const UNFINISHED: [&str; 2] = [".sekisho-", ".record"];

impl Quarantine {
    /// Finishes or undoes every move that was begun and never ended. Does nothing while another
    /// process moves a file: that looks the same.
    pub fn mend(&self) -> Result<Vec<(Record, Mended)>> {
        // Held until the end.
        let Some(_alone) = self.lock_file().filter(|lock| lock.try_lock().is_ok()) else { return Ok(Vec::new()) };
        let failed = |e| Fault::Io(self.folder.clone(), e);
        for entry in std::fs::read_dir(&self.folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if UNFINISHED.iter().any(|prefix| entry.file_name().as_encoded_bytes().starts_with(prefix.as_bytes())) {
                remove(&entry.path())?;
            }
        }
        let begun = self.list()?.into_iter().filter(|record| record.state == State::Moving);
        begun.map(|record| self.mend_one(record)).collect()
    }

    /// Says, until it is dropped, that a move is under way.
    pub(super) fn moving(&self) -> Option<File> {
        // Where the file system knows no locks, nothing is mended there either.
        self.lock_file().filter(|lock| lock.lock_shared().is_ok())
    }

    fn lock_file(&self) -> Option<File> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(self.folder.join(".lock")).ok()
    }

    fn mend_one(&self, mut record: Record) -> Result<(Record, Mended)> {
        let data = self.data(&record.id);
        let here = self.hash_of(&data);
        let there = self.hash_of(&record.path());
        // Renamed or copied, the file stands under its name here only when it is whole. If it is there too,
        // the copy had just been finished.
        let undone = here.is_none() || (there.is_some() && there == here);
        if undone {
            remove(&data)?;
            remove(&self.record_file(&record.id))?;
            return Ok((record, Mended::Undone));
        }
        record.state = State::Kept;
        if let Some(hash) = here.filter(|hash| *hash != record.hash) {
            record.written_meanwhile = true;
            record.hash = hash;
        }
        record.write(&self.record_file(&record.id))?;
        Ok((record, Mended::Kept))
    }

    /// The hash of an ordinary file, if there is one that can be read.
    fn hash_of(&self, path: &Path) -> Option<String> {
        Opened::new(path).ok()?.hash(&self.key).ok()
    }
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Fault::Io(file.to_owned(), e)),
        _ => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::super::tests::Bench;
    use super::super::{Found, Request};
    use super::*;
    use crate::finding::Place;

    impl Bench {
        /// A file that is being moved: its record says so.
        fn begin(&self, text: &str) -> PathBuf {
            let file = self.folder.path().join("a");
            fs::write(&file, text).expect("file");
            let opened = Opened::new(&file).expect("opened");
            let hash = opened.hash(&self.quarantine.key).expect("hash");
            let found = vec![Found { detector: "credential/x".into(), shown: "**".into(), times: 1 }];
            let request = Request { file: &file, id: "a1", now: 1, found, place: Place::Local, download: None };
            Record::new(&request, &opened, hash).create(&self.quarantine.record_file("a1")).expect("record");
            file
        }

        fn mended(&self) -> Vec<Mended> {
            self.quarantine.mend().expect("mends").into_iter().map(|(_, mended)| mended).collect()
        }

        fn records(&self) -> Vec<State> {
            self.quarantine.list().expect("list").iter().map(|record| record.state).collect()
        }
    }

    #[test]
    fn killed_before_the_move_nothing_has_happened() {
        let bench = Bench::new();
        let file = bench.begin("secret");
        fs::write(bench.folder.path().join("q/.sekisho-x.part"), "sec").expect("half a copy");
        assert_eq!(bench.mended(), [Mended::Undone]);
        assert_eq!((bench.records(), fs::read_to_string(&file).expect("there")), (vec![], "secret".to_owned()));
        let left: Vec<_> = fs::read_dir(bench.folder.path().join("q")).expect("folder").flatten().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(bench.mended(), []);
    }

    #[test]
    fn killed_after_the_move_it_is_told_to_be_over() {
        let bench = Bench::new();
        let file = bench.begin("secret");
        fs::rename(&file, bench.quarantine.data("a1")).expect("moved");
        assert_eq!((bench.mended(), bench.records()), (vec![Mended::Kept], vec![State::Kept]));
        bench.quarantine.restore("a1", None, 2).expect("back");
        assert_eq!(fs::read_to_string(&file).expect("back"), "secret");
    }

    #[test]
    fn killed_between_copy_and_removal_one_copy_stays() {
        let bench = Bench::new();
        let file = bench.begin("secret");
        fs::copy(&file, bench.quarantine.data("a1")).expect("copied");
        assert_eq!((bench.mended(), bench.records()), (vec![Mended::Undone], vec![]));
        assert!(file.exists() && !bench.quarantine.data("a1").exists());
    }

    #[test]
    fn another_file_under_the_old_name_costs_nothing() {
        let bench = Bench::new();
        let file = bench.begin("secret");
        fs::rename(&file, bench.quarantine.data("a1")).expect("moved");
        fs::write(&file, "another").expect("written since");
        assert_eq!((bench.mended(), bench.records()), (vec![Mended::Kept], vec![State::Kept]));
        assert_eq!(fs::read_to_string(&file).expect("there"), "another");
    }

    #[test]
    fn a_move_under_way_is_left_alone() {
        let bench = Bench::new();
        bench.begin("secret");
        let moving = bench.quarantine.moving();
        assert_eq!((bench.mended(), bench.records()), (vec![], vec![State::Moving]));
        drop(moving);
        assert_eq!(bench.mended(), [Mended::Undone]);
    }
}
