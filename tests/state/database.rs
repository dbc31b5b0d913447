//! What becomes of a database that is damaged, newer, foreign, locked, full, or made by an
//! earlier version.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use sekisho::error::{Error, StateFault};
use sekisho::finding::Key;
use sekisho::source::{self, Files};
use sekisho::state::{Scope, Store, salvage};

use super::home::{Home, token};

fn fault(result: sekisho::error::Result<Store>) -> StateFault {
    match result {
        Err(Error::State { fault, .. }) => fault,
        other => panic!("a fault of the state, not {other:?}"),
    }
}

fn open(home: &Home) -> sekisho::error::Result<Store> {
    Store::open(&home.database(), &Home::key())
}

#[test]
fn what_is_no_database_of_ours_is_never_replaced() {
    let home = Home::new();
    home.write("a.txt", token(1));
    home.sweep();
    let whole = fs::read(home.database()).expect("database");
    let put = |bytes: &[u8]| fs::write(home.database(), bytes).expect("written");

    assert!(matches!(fault(Store::open(&home.database(), &Key::new([4; 32]))), StateFault::KeyOther { .. }));
    for bytes in [&b""[..], b"SQLite", b"not a database at all, but long enough", &[0; 4096], &whole[..100]] {
        put(bytes);
        assert!(matches!(fault(open(&home)), StateFault::Damaged(_) | StateFault::Foreign), "{} bytes", bytes.len());
        assert!(matches!(fault(Store::read(&home.database())), StateFault::Damaged(_) | StateFault::Foreign));
        assert_eq!(fs::read(home.database()).expect("still there"), bytes);
    }
    put(&whole);
    let raw = Connection::open(home.database()).expect("opened");
    raw.pragma_update(None, "user_version", 99).expect("newer");
    assert!(matches!(fault(open(&home)), StateFault::Newer { version: 99, .. }));
    assert!(matches!(fault(Store::read(&home.database())), StateFault::Newer { version: 99, .. }));
    raw.pragma_update(None, "user_version", 2).expect("as before");
    raw.pragma_update(None, "application_id", 1).expect("another's");
    assert_eq!(fault(open(&home)), StateFault::Foreign);
}

#[test]
fn a_missing_database_is_made_for_a_sweep_and_missing_for_a_report() {
    let home = Home::new();
    assert_eq!(fault(Store::read(&home.database())), StateFault::Missing);
    assert!(!home.database().exists());
    home.store();
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&home.database()), mode(home.database().parent().expect("folder"))), (0o600, 0o700));
}

#[test]
fn the_journal_of_a_deleted_database_is_not_played_into_a_new_one() {
    let home = Home::new();
    for i in 0..50 {
        home.write(&format!("{i}.txt"), token(i));
    }
    let store = home.store(); // Held open, so that the journal is not cleared away.
    home.sweep();
    let wal = home.database().with_file_name("state.db-wal");
    let left = fs::read(&wal).expect("a journal");
    drop(store);
    fs::remove_file(home.database()).expect("deleted");
    fs::write(&wal, left).expect("left over");
    assert_eq!(home.sweep().numbers(), (50, 0, [50, 50, 0, 0]));
    assert_eq!(home.sweep().numbers(), (0, 50, [0, 50, 0, 0]));
}

/// Whatever is damaged, everything ends in a result or an error that names a way out.
#[test]
fn flipped_bytes_and_cut_files_never_panic_and_can_be_repaired() {
    let home = Home::new();
    for i in 0..60 {
        home.write(&format!("{i}.txt"), token(i));
    }
    home.sweep();
    let whole = fs::read(home.database()).expect("database");
    let (mut noticed, mut seed) = (0, 99u64);
    for round in 0..60 {
        let mut bytes = whole.clone();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (seed >> 33) as usize % bytes.len();
        match round % 3 {
            // A flipped bit, a page of rubbish, a cut file.
            0 => bytes[at] ^= 1 << (seed % 8),
            1 => {
                let page = at / 4096 * 4096;
                bytes[page..page + 4096].fill((seed % 251) as u8);
            }
            _ => bytes.truncate(at),
        }
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(home.database().with_file_name(format!("state.db{suffix}")));
        }
        fs::write(home.database(), &bytes).expect("damaged");
        let used = open(&home).and_then(|mut store| {
            let mut files = Files::new(vec![home.tree()], source::Options::default())?;
            let swept = home.try_sweep(&mut store, &mut files, &[home.tree()])?;
            match store.check()?.is_empty() {
                true => Ok(swept),
                false => Err(Error::State { path: home.database(), fault: StateFault::Damaged(String::new()) }),
            }
        });
        match used {
            // One bit in a text or number goes unnoticed; SQLite has no checksums.
            Ok(swept) => assert!(round % 3 == 0 || swept.counts.open >= 60, "round {round}: {:?}", swept.counts),
            Err(Error::State { .. }) => {
                noticed += 1;
                let saved = salvage(&home.database(), &Home::key(), "damaged").expect("repaired");
                assert!(saved.aside.exists());
                assert!(home.sweep().counts.open >= 60, "round {round}");
            }
            Err(other) => panic!("round {round}: {other:?}"),
        }
    }
    assert!(noticed > 20, "{noticed}");
}

#[test]
fn a_repair_saves_every_row_that_can_be_read() {
    let home = Home::new();
    for i in 0..50 {
        home.write(&format!("{i}.txt"), token(i));
    }
    home.sweep();
    let saved = salvage(&home.database(), &Home::key(), "damaged").expect("repaired");
    assert_eq!(saved.lost, 0);
    let swept = home.sweep();
    assert_eq!(swept.numbers(), (50, 0, [0, 50, 0, 0]), "nothing is lost, everything is read again");
    assert_eq!(home.sweep().numbers(), (0, 50, [0, 50, 0, 0]));
    assert!(saved.aside.exists() && !home.database().with_file_name("state.db.repaired").exists());
}

#[test]
fn a_full_disk_ends_the_sweep_and_spoils_nothing() {
    let home = Home::new();
    for i in 0..50 {
        home.write(&format!("{i}.txt"), token(i));
    }
    home.sweep();
    for i in 0..400 {
        home.write(&format!("more-{i}.txt"), token((i % 250) as u8));
    }
    // A database may not have more pages than it has: to SQLite that is a full disk.
    let mut store = home.store();
    store.limit_pages(1).expect("limited");
    let mut files = Files::new(vec![home.tree()], source::Options::default()).expect("root");
    let ended = home.try_sweep(&mut store, &mut files, &[home.tree()]);
    assert!(matches!(ended, Err(Error::State { fault: StateFault::Full, .. })));
    drop(store);
    assert_eq!(home.sweep().numbers(), (400, 50, [400, 450, 0, 0]));
}

#[test]
fn two_processes_write_and_one_reads_at_once() {
    let home = Home::new();
    for i in 0..200 {
        home.write(&format!("{}/{i}.txt", i % 2), token((i % 250) as u8));
    }
    home.store();
    std::thread::scope(|scope| {
        for half in ["0", "1"] {
            let home = &home;
            scope.spawn(move || {
                for _ in 0..5 {
                    let root = home.tree().join(half);
                    let mut files = Files::new(vec![root.clone()], source::Options::default()).expect("root");
                    home.try_sweep(&mut home.store(), &mut files, &[root]).expect("swept");
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..50 {
                let store = Store::read(&home.database()).expect("opened");
                store
                    .counts(Scope { roots: &[], detectors: &[], since: 0, register: Default::default() })
                    .expect("read");
            }
        });
    });
    assert_eq!(home.sweep().numbers(), (0, 200, [0, 200, 0, 0]));
}

/// A database as version 1 of the schema wrote it, with a file, a finding and a run in it.
#[test]
fn a_database_of_the_first_version_is_taken_over() {
    let home = Home::new();
    fs::create_dir_all(home.database().parent().expect("folder")).expect("folder");
    let old = Connection::open(home.database()).expect("made");
    old.execute_batch(include_str!("../fixtures/state/v1.sql")).expect("version 1");
    old.execute("UPDATE meta SET value = ?1 WHERE name = 'key'", [Home::key().id()]).expect("key");
    old.close().expect("closed");
    let mut found = Vec::new();
    let store = home.store();
    assert_eq!(store.check().expect("checked"), [""; 0]);
    let scope = Scope { roots: &[], detectors: &[], since: 0, register: Default::default() };
    store
        .findings(scope, &mut |finding| {
            found.push((finding.path.clone(), finding.shown.clone(), finding.first_seen));
            Ok(())
        })
        .expect("read");
    assert_eq!(found, [("/home/u/a.txt".into(), "ghp_aa****".to_owned(), 1_790_000_000)]);
    drop(store);
    // And it is one that can be worked with: the schema is the newest, the key the same.
    home.write("a.txt", token(1));
    assert_eq!(home.sweep().numbers(), (1, 0, [1, 1, 0, 0]));
    let schema = |path: &Path| -> Vec<String> {
        let raw = Connection::open(path).expect("opened");
        let mut query =
            raw.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").expect("query");
        query.query_map([], |row| row.get(0)).expect("rows").map(|sql| sql.expect("text")).collect()
    };
    let fresh = Home::new();
    fresh.store();
    assert_eq!(schema(&home.database()), schema(&fresh.database()));
}

#[test]
fn nothing_that_could_be_guessed_is_kept() {
    let mut home = Home::new();
    home.ids = vec!["credential/github-token", "personal/email-address", "personal/payment-card"];
    let card = ["4929 6401 ", "5023 4410"].concat();
    home.write("card.txt", format!("card: {card} exp 12/27"));
    home.write("token.txt", token(1));
    home.sweep();
    drop(home.store());
    let raw = Connection::open(home.database()).expect("opened");
    let mut query = raw
        .prepare("SELECT f.detector, f.fingerprint, g.content FROM finding f JOIN file g ON g.path = f.path")
        .expect("query");
    let rows: Vec<(String, String, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("read");
    assert_eq!(rows.len(), 2);
    for (detector, fingerprint, content) in rows {
        let guessable = detector == "personal/payment-card";
        // 16 bits are four hexadecimal digits; the rest of it names the place.
        let tag = fingerprint.rsplit('-').next().expect("tag").len();
        assert_eq!((tag == 4, content.len() == 5), (guessable, guessable), "{detector} {fingerprint} {content}");
    }
    for file in fs::read_dir(home.database().parent().expect("folder")).expect("folder") {
        let bytes = fs::read(file.expect("entry").path()).expect("read");
        for value in [card.as_str(), &card.replace(' ', ""), &token(1), &token(1)[8..]] {
            assert!(!bytes.windows(value.len()).any(|window| window == value.as_bytes()));
        }
    }
}
