//! The memory: what is read again and what is not, what is new, still there and gone, and what
//! becomes of a database that is damaged, newer, foreign, locked or full.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

mod database;
mod home;
#[path = "../tools/mod.rs"]
mod tools;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sekisho::chunk::Origin;
use sekisho::error::{Problem, ProblemKind};
use sekisho::source::{self, Body, Files, Item, List, Source};

use home::{Home, token};
use tools::may;

#[test]
fn only_what_has_changed_is_read_again() {
    let home = Home::new();
    home.write("a/one.txt", token(1));
    home.write("a-b.txt", "nothing");
    home.write("名簿/c.txt", "nothing either");
    assert_eq!(home.sweep().numbers(), (3, 0, [1, 1, 0, 0]));
    assert_eq!(home.sweep().numbers(), (0, 3, [0, 1, 0, 0]));
    home.write("a-b.txt", token(2));
    home.write("z.txt", "new");
    assert_eq!(home.sweep().numbers(), (2, 2, [1, 2, 0, 0]));
    home.write("a/one.txt", "cleaned");
    home.remove("a-b.txt");
    let swept = home.sweep();
    assert_eq!(swept.numbers(), (1, 2, [0, 0, 2, 0]));
    assert_eq!(swept.standing(), [("a-b.txt", "file-gone"), ("one.txt", "removed")]);
    assert_eq!(home.sweep().numbers(), (0, 3, [0, 0, 0, 0]));
}

#[test]
fn a_time_that_was_set_back_hides_nothing() {
    let home = Home::new();
    home.write("a.txt", vec![b'x'; 40]);
    let path = home.tree().join("a.txt");
    let modified = fs::metadata(&path).expect("file").modified().expect("time");
    assert_eq!(home.sweep().numbers(), (1, 0, [0; 4]));
    fs::write(&path, token(1)).expect("same size");
    fs::File::options().write(true).open(&path).expect("file").set_modified(modified).expect("set back");
    assert_eq!(home.sweep().numbers(), (1, 0, [1, 1, 0, 0]));
}

#[test]
fn a_file_written_just_before_it_was_read_is_read_again() {
    let mut home = Home::new();
    home.write("a.txt", "x");
    home.clock = || 0; // Every file is younger than that.
    assert_eq!(home.sweep().numbers().0, 1);
    assert_eq!(home.sweep().numbers().0, 1, "it may have been written since, with the same times");
    home.clock = home::later;
    assert_eq!(home.sweep().numbers().0, 1);
    assert_eq!(home.sweep().numbers().0, 0);
}

#[test]
fn a_clock_that_was_set_back_is_noticed_and_harms_nothing() {
    let mut home = Home::new();
    home.write("a.txt", token(1));
    assert!(!home.sweep().clock_back);
    home.clock = || home::later() - 86_400_000_000_000;
    let swept = home.sweep();
    assert!(swept.clock_back);
    assert_eq!(swept.numbers().2, [0, 1, 0, 0]);
    home.remove("a.txt");
    assert_eq!(home.sweep().numbers().2, [0, 0, 1, 0]);
}

#[test]
fn a_detector_that_is_added_reads_everything_and_one_that_is_left_out_nothing() {
    let mut home = Home::new();
    home.write("a.txt", format!("{}\nmail: tanaka@mail-server.co.jp", token(1)));
    home.write("b.txt", "nothing");
    let both = home.ids.clone();
    home.ids = vec![both[0]];
    assert_eq!(home.sweep().numbers(), (2, 0, [1, 1, 0, 0]));
    home.ids = both;
    assert_eq!(home.sweep().numbers(), (2, 0, [1, 2, 0, 0]));
    home.ids.truncate(1);
    assert_eq!(home.sweep().numbers(), (0, 2, [0, 1, 0, 0]));
    // A file that is read without a detector keeps what that detector found in it.
    home.write("a.txt", "all removed");
    assert_eq!(home.sweep().numbers(), (1, 1, [0, 0, 1, 0]));
    home.ids.push("personal/email-address");
    assert_eq!(home.sweep().numbers(), (1, 1, [0, 0, 1, 0]), "the address is gone only now");
    home.program = "another build";
    assert_eq!(home.sweep().numbers().0, 2);
}

#[test]
fn what_comes_back_is_new_and_keeps_its_first_day() {
    let mut home = Home::new();
    home.write("a.txt", token(1));
    let first = home.sweep().standings[0].2;
    home.remove("a.txt");
    assert_eq!(home.sweep().standing(), [("a.txt", "file-gone")]);
    home.write("a.txt", token(1));
    home.clock = || home::later() + 10_000_000_000;
    let swept = home.sweep();
    assert_eq!((swept.standing(), swept.standings[0].2), (vec![("a.txt", "new")], first));
}

/// Hands out what is listed, and for some names a failure in its place.
struct Failing {
    inner: Files,
    names: Vec<&'static str>,
}

impl Source for Failing {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        let from = items.len();
        self.inner.next(items, most);
        for item in &mut items[from..] {
            if self.names.iter().any(|name| item.origin.path.ends_with(name)) {
                item.body = Body::Failed(Problem::new(ProblemKind::Unreadable, "Input/output error"));
            }
        }
    }
}

#[test]
fn what_could_not_be_read_this_time_is_not_gone() {
    let home = Home::new();
    home.write("a.txt", token(1));
    home.write("b.txt", "nothing");
    home.sweep();
    let files = || Files::new(vec![home.tree()], source::Options::default()).expect("root");
    let failing = |names: &[&'static str]| {
        home.write("a.txt", token(1)); // Written again, so that it has to be read.
        home.sweep_from(&mut Failing { inner: files(), names: names.to_vec() })
    };
    assert_eq!(failing(&["a.txt"]).numbers().2, [0, 1, 0, 1]);
    assert_eq!(failing(&["a.txt", "b.txt"]).numbers().2, [0, 1, 0, 2]);
    fs::remove_file(home.tree().join("b.txt")).expect("removed");
    home.write("c.txt", "in its place");
    home.write("a.txt", "cleaned");
    assert_eq!(home.sweep().numbers().2, [0, 0, 1, 0], "read now, and the problems are gone with their reasons");
}

#[test]
fn a_folder_that_cannot_be_listed_keeps_what_is_known_below_it() {
    let home = Home::new();
    home.write("dir/a.txt", token(1));
    home.write("dir-b.txt", "nothing");
    home.sweep();
    let item = |name: &str, body| Item { origin: Origin::file(home.tree().join(name)), body };
    let listed = || {
        let failed = Body::Failed(Problem::new(ProblemKind::Unreadable, "Permission denied"));
        List::new(vec![item("dir-b.txt", Body::Path(home.tree().join("dir-b.txt"))), item("dir", failed)])
    };
    for _ in 0..2 {
        assert_eq!(home.sweep_from(&mut listed()).numbers().2, [0, 1, 0, 1]);
    }
    assert_eq!(home.sweep().numbers().2, [0, 1, 0, 0], "it can be listed again");
}

#[test]
fn a_file_of_a_kind_that_cannot_be_read_is_told_of_again_without_reading_it() {
    let mut home = Home::new();
    home.write("a.rar", b"Rar!\x1a\x07\x01\x00 and more");
    assert_eq!(home.sweep().numbers(), (1, 0, [0, 0, 0, 1]));
    assert_eq!(home.sweep().numbers(), (0, 1, [0, 0, 0, 1]));
    // An encrypted one is worth another try once there is a password.
    let zip = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/state/encrypted.zip")).expect("zip");
    home.write("b.zip", zip);
    assert_eq!(home.sweep().numbers(), (1, 1, [0, 0, 0, 2]));
    assert_eq!(home.sweep().numbers(), (0, 2, [0, 0, 0, 2]));
    home.passwords = vec!["wrong".to_owned()];
    assert_eq!(home.sweep().numbers(), (1, 1, [0, 0, 0, 2]));
    home.passwords = vec!["sesame".to_owned()];
    assert_eq!(home.sweep().numbers(), (1, 1, [0, 0, 0, 1]));
}

#[test]
fn a_sweep_that_was_stopped_is_gone_on_with() {
    let home = Home::new();
    for i in 0..300 {
        home.write(&format!("{i:03}.txt"), if i % 100 == 0 { token(i as u8) } else { "nothing".to_owned() });
    }
    // Killed after 150 files: the run never ends, what was written stays.
    let mut store = home.store();
    let half = (0..150).map(|i| home.tree().join(format!("{i:03}.txt")));
    let items = half.map(|path| Item { origin: Origin::file(path.as_path()), body: Body::Path(path) }).collect();
    let scanner = home.scanner();
    let set = sekisho::state::DetectorSet::of(&scanner, home.program);
    let begun = store.begin(sekisho::state::RunKind::Sweep, 1).expect("begun");
    let how = sekisho::state::Tracking {
        run: begun.run,
        set: &set,
        roots: &[],
        reread: false,
        follow: false,
        clock: home::later,
    };
    let mut sink = sekisho::scan::Collect::default();
    store.scan(&scanner, &mut List::new(items), &mut sink, &how).expect("scanned");
    drop(store);
    let swept = home.sweep();
    assert!(swept.resumes);
    assert_eq!(swept.numbers(), (150, 150, [3, 3, 0, 0]), "nobody was told of the first two yet");
    assert!(!home.sweep().resumes);
}

/// Ends the scan where something would be done about a file, as a kill does.
struct Killed;

impl sekisho::scan::Sink for Killed {
    fn finding(&mut self, _: &sekisho::finding::Finding) -> std::io::Result<()> {
        Ok(())
    }
    fn problem(&mut self, _: &Origin, _: &Problem) -> std::io::Result<()> {
        Ok(())
    }
    fn more(&mut self, _: &Origin, _: &sekisho::detector::Detector, _: u64) -> std::io::Result<()> {
        Ok(())
    }
    fn item_done(&mut self) -> std::io::Result<()> {
        Err(std::io::Error::other("killed"))
    }
    fn finish(&mut self, _: &sekisho::scan::Summary) -> std::io::Result<()> {
        Ok(())
    }
}

/// A quarantine comes before the note that its file is known: what was never done about a file is
/// done the next time.
#[test]
fn what_was_not_acted_on_is_not_known() {
    let home = Home::new();
    home.write("a.txt", token(1));
    let mut store = home.store();
    let scanner = home.scanner();
    let set = sekisho::state::DetectorSet::of(&scanner, home.program);
    let begun = store.begin(sekisho::state::RunKind::Watch, 1).expect("begun");
    let how = sekisho::state::Tracking {
        run: begun.run,
        set: &set,
        roots: &[],
        reread: false,
        follow: false,
        // Every file is written down at once.
        clock: || {
            static TIME: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
            home::later() + TIME.fetch_add(2_000_000_000, std::sync::atomic::Ordering::Relaxed)
        },
    };
    let mut files = Files::new(vec![home.tree()], source::Options::default()).expect("root");
    assert!(store.scan(&scanner, &mut files, &mut Killed, &how).is_err());
    drop(store);
    assert_eq!(home.sweep().numbers(), (1, 0, [1, 1, 0, 0]), "it is read again");
}

#[test]
fn other_limits_concern_only_what_met_one() {
    let mut home = Home::new();
    home.write("a.txt", token(1));
    home.write("b.txt", "nothing".repeat(100));
    home.limits.file_size = Some(200);
    assert_eq!(home.sweep().numbers(), (2, 0, [1, 1, 0, 1]));
    assert_eq!(home.sweep().numbers(), (0, 2, [0, 1, 0, 1]));
    home.limits.file_size = None;
    assert_eq!(home.sweep().numbers(), (1, 1, [0, 1, 0, 0]), "the one that was too big");
    home.limits.nesting = 3;
    assert_eq!(home.sweep().numbers(), (0, 2, [0, 1, 0, 0]));
}

#[test]
fn names_are_bytes_and_not_text() {
    let home = Home::new();
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe\x1b[31m\n.txt");
    fs::write(home.tree().join(name), token(1)).expect("file");
    assert_eq!(home.sweep().numbers(), (1, 0, [1, 1, 0, 0]));
    assert_eq!(home.sweep().numbers(), (0, 1, [0, 1, 0, 0]));
    let mut paths = Vec::new();
    let scope = sekisho::state::Scope { roots: &[], detectors: &[], since: 0, register: Default::default() };
    home.store()
        .findings(scope, &mut |found| {
            paths.push(found.path.clone());
            Ok(())
        })
        .expect("read");
    assert_eq!(paths, [home.tree().join(name)]);
}

/// The join of walk and rows against a plain model, over trees whose names sort in awkward ways.
#[test]
fn any_change_of_a_tree_is_noticed() {
    let home = Home::new();
    let names = ["a", "a-", "a.", "a/a", "a/a-b", "a-/b", "a/b/c", "a0", "ab/x", "b", "b/c", "b-c/d", "名"];
    let mut there: BTreeMap<PathBuf, bool> = BTreeMap::new();
    let mut seed = 7u64;
    let mut next = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    for round in 0..40 {
        let (mut changed, mut opened, mut resolved) = (0, 0, 0);
        let mut touched = std::collections::BTreeSet::new();
        for _ in 0..next(5) {
            let name = PathBuf::from(names[next(names.len() as u64) as usize]);
            let path = home.tree().join(&name);
            if !touched.insert(name.clone()) {
                continue;
            }
            let was = there.get(&name).copied();
            if was.is_some() && next(2) == 0 {
                fs::remove_file(&path).expect("removed");
                there.remove(&name);
                resolved += u64::from(was == Some(true));
                continue;
            }
            // A name may be taken by a folder, or lie below what is a file.
            if path.is_dir() || fs::create_dir_all(path.parent().expect("folder")).is_err() {
                continue;
            }
            let dirty = next(2) == 0;
            let text = if dirty { format!("{}\n{round}", token(1)) } else { format!("{round} nothing") };
            fs::write(&path, text).expect("file");
            there.insert(name, dirty);
            changed += 1;
            opened += u64::from(dirty && was != Some(true));
            resolved += u64::from(!dirty && was == Some(true));
        }
        let open = there.values().filter(|dirty| **dirty).count() as u64;
        let known = there.len() as u64 - changed;
        assert_eq!(home.sweep().numbers(), (changed, known, [opened, open, resolved, 0]), "round {round}: {there:?}");
        if round % 10 == 9 {
            // Folders that are empty by now make room for files of their name.
            for name in ["a/b", "a-", "ab", "b-c"] {
                let _ = fs::remove_dir(home.tree().join(name));
            }
        }
    }
}

/// Is the tool there, and may it be used? Where tests must not be skipped, it has to be.
#[test]
fn what_lies_on_a_disk_that_is_not_mounted_is_not_gone() {
    let home = Home::new();
    home.write("local.txt", token(1));
    let disk = home.tree().join("disk");
    fs::create_dir(&disk).expect("mount point");
    if !may("mounting", Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(&disk)) {
        return;
    }
    home.write("disk/a.txt", token(2));
    let swept = home.sweep();
    assert!(Command::new("umount").arg(&disk).status().expect("runs").success());
    assert_eq!(swept.numbers().2, [2, 2, 0, 0]);
    assert_eq!(home.sweep().numbers().2, [0, 2, 0, 0], "the disk will come back");
    home.remove("local.txt");
    assert_eq!(home.sweep().standing(), [("a.txt", "open"), ("local.txt", "file-gone")]);
    assert!(home.store().is_unmounted(&disk).expect("asked"));
}
