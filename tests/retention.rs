//! Whole stories of a client's data, on a fake clock: the engagement ends, data is due, overdue,
//! deleted but for a copy on a stick and one in a zip; the record refuses to say complete, then
//! says so, is approved, and the audit chain verifies. And what must not be told where nothing was
//! looked at.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// A home directory and the day it is.
struct Home {
    folder: tempfile::TempDir,
    now: String,
}

/// A roster, in pieces: no whole number stands in git.
fn roster() -> String {
    let phone = ["090-1234", "-5678"].concat();
    format!("アクメ株式会社 御中\n氏名,電話\n検証 花子,{phone}\n")
}

impl Home {
    fn new(now: &str) -> Home {
        let home = Home { folder: tempfile::tempdir().expect("folder"), now: now.to_owned() };
        fs::create_dir_all(home.path().join("work/acme")).expect("folder");
        home
    }

    fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("real")
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("folder")).expect("folders");
        fs::write(&path, text).expect("file");
        path
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = Command::new(SEKISHO)
            .current_dir(self.path())
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path().join(".config"))
            .env("XDG_DATA_HOME", self.path().join(".local/share"))
            .env("XDG_STATE_HOME", self.path().join(".local/state"))
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("SEKISHO_NOW", &self.now)
            .args(args)
            .output()
            .expect("runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// Must end with this status; what it wrote.
    #[track_caller]
    fn ends(&self, status: i32, args: &[&str]) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!(code, status, "{args:?}\n{out}\n{err}");
        out + &err
    }

    #[track_caller]
    fn json(&self, status: i32, args: &[&str]) -> Value {
        let (code, out, err) = self.run(args);
        assert_eq!(code, status, "{args:?}\n{out}\n{err}");
        serde_json::from_str(&out).expect("JSON")
    }

    fn sweep(&self) -> (i32, String) {
        let (code, out, err) =
            self.run(&["sweep", "--priority", "normal", "--format", "jsonl", "--min-confidence", "high"]);
        (code, out + &err)
    }

    fn ledger(&self) -> PathBuf {
        self.path().join(".config/sekisho/clients.toml")
    }

    /// Two clients, one of whose engagements ends in September.
    fn with_clients(&self) {
        let work = self.path().join("work/acme").display().to_string();
        let globex = self.path().join("work/globex").display().to_string();
        fs::create_dir_all(&globex).expect("folder");
        self.ends(
            0,
            &[
                "client",
                "add",
                "acme",
                "--name",
                "アクメ株式会社",
                "--domain",
                "acme.example",
                "--code",
                "ACM-2026",
                "--workspace",
                &work,
                "--start",
                "2026-04-01",
                "--end",
                "2026-09-30",
                "--contact",
                "x@acme.example",
            ],
        );
        self.ends(0, &["client", "add", "globex", "--name", "グローベックス", "--workspace", &globex]);
    }
}

/// A zip with one stored member.
fn zip(name: &str, text: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(text);
    let size = (text.len() as u32).to_le_bytes();
    let mut shared = Vec::new();
    shared.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x5B]);
    shared.extend(crc.sum().to_le_bytes());
    shared.extend(size);
    shared.extend(size);
    shared.extend((name.len() as u16).to_le_bytes());
    shared.extend([0, 0]);
    let mut out = b"PK\x03\x04".to_vec();
    out.extend(&shared);
    out.extend(name.as_bytes());
    out.extend(text);
    let start = out.len();
    out.extend(b"PK\x01\x02\x14\x00");
    out.extend(&shared);
    out.extend([0; 14]);
    out.extend(name.as_bytes());
    let length = out.len() - start;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend((length as u32).to_le_bytes());
    out.extend((start as u32).to_le_bytes());
    out.extend([0, 0]);
    out
}

#[test]
fn without_a_ledger_there_is_nothing_to_say() {
    let home = Home::new("2026-11-23T09:00:00Z");
    let out = home.ends(2, &["retention", "check"]);
    assert!(out.contains("sekisho client add"), "{out}");
    home.write("docs/a.txt", roster());
    let (_, out) = home.sweep();
    assert!(!out.contains("client/") && out.contains(r#""approved":0"#), "{out}");
    let (_, scan, _) = home.run(&["scan", "--format", "jsonl", "docs"]);
    assert!(scan.contains(r#""client":null"#) && !scan.contains("approved_until"), "{scan}");
}

#[test]
fn where_nothing_was_looked_at_nothing_is_called_clean() {
    let mut home = Home::new("2026-11-23T09:00:00Z");
    home.with_clients();
    let never = home.ends(3, &["retention", "check"]);
    assert!(never.contains("never swept") && !never.contains("Nothing is overdue"), "{never}");
    home.sweep();
    home.ends(0, &["retention", "check"]);
    home.now = "2026-12-23T09:00:00Z".to_owned();
    let old = home.ends(3, &["retention", "check"]);
    assert!(old.contains("30 days old"), "{old}");
    home.sweep();
    home.ends(0, &["client", "add", "third", "--name", "Third Party"]);
    let changed = home.ends(3, &["retention", "check"]);
    assert!(changed.contains("have changed since"), "{changed}");
    home.write("docs/a.rar", b"Rar!\x1a\x07\x01\x00");
    home.sweep();
    let unread = home.ends(3, &["retention", "check", "--lang", "ja"]);
    assert!(unread.contains("検査できなかったものが 1 件"), "{unread}");
}

#[test]
fn an_engagement_ends_and_everything_goes() {
    let mut home = Home::new("2026-09-20T09:00:00Z");
    home.with_clients();
    let ours = home.write("work/acme/名簿.csv", roster());
    home.write("work/acme/src/main.rs", "fn main() {}\n");
    let zipped = home.write("backup/old.zip", zip("roster.csv", roster().as_bytes()));
    home.write("docs/own.txt", "nothing of anybody's\n");
    let stick = home.path().join("stick");
    fs::create_dir(&stick).expect("mount point");
    // Needs privileges that a container may not have; without them the stick is a folder.
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "none"])
        .arg(&stick)
        .output()
        .is_ok_and(|output| output.status.success());
    if !mounted {
        println!("skipped: needs mount (as root)");
    }
    let _unmount = Unmount(mounted.then(|| stick.clone()));
    let copy = home.write("stick/copy.csv", roster());
    home.sweep();

    // While the engagement runs, and in the days of grace.
    let check = home.json(0, &["retention", "check", "--format", "json"]);
    assert_eq!((&check["groups"][0]["keep"], &check["overdue"]), (&4.into(), &0.into()), "{check}");
    home.now = "2026-10-10T09:00:00Z".to_owned();
    home.sweep();
    let check = home.json(0, &["retention", "check", "--format", "json", "--all"]);
    assert_eq!(check["groups"][0]["due"], 4, "{check}");
    let by: Vec<&str> =
        check["groups"][0]["files"].as_array().expect("files").iter().filter_map(|f| f["by"].as_str()).collect();
    assert_eq!(by, ["workspace", "workspace", "marker", "marker"], "{check}");
    home.now = "2026-10-20T09:00:00Z".to_owned();
    home.sweep();
    let check = home.json(1, &["retention", "check", "--format", "json"]);
    assert_eq!((&check["overdue"], &check["groups"][0]["days_overdue"]), (&4.into(), &6.into()), "{check}");

    // Purge shows, and deletes only what is named.
    let plan = home.ends(1, &["retention", "purge", "acme"]);
    assert!(plan.contains("Nothing was deleted") && ours.exists(), "{plan}");
    home.ends(2, &["retention", "purge", "acme", "--yes", "docs/own.txt"]);
    home.ends(1, &["retention", "purge", "acme", "--unlink", "--yes", "work/acme/名簿.csv"]);
    assert!(!ours.exists());
    home.ends(1, &["retention", "purge", "acme", "--yes", "work/acme/src/main.rs"]);
    let trashed = home.path().join(".local/share/Trash/files/main.rs");
    assert!(trashed.exists());

    // Nothing is complete that was not swept since, lies in the trash, on the stick, in the zip.
    let record = home.ends(1, &["retention", "record", "acme"]);
    for word in ["NOT complete", "old.zip", "copy.csv", "(trash)", "sweep again"] {
        assert!(record.contains(word), "{word}: {record}");
    }
    home.ends(2, &["approve", "add", "--deletion", "acme", "--approver", "佐藤"]);
    fs::remove_dir_all(home.path().join(".local/share/Trash")).expect("emptied");
    fs::remove_file(&zipped).expect("removed");
    if mounted {
        // Away is not gone.
        assert!(Command::new("umount").arg(&stick).status().expect("umount").success());
        home.sweep();
        let record = home.ends(3, &["retention", "record", "acme"]);
        assert!(record.contains("not connected") && record.contains("NOT complete"), "{record}");
        let again = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(&stick).status();
        assert!(again.expect("mount").success());
    } else {
        fs::remove_file(&copy).expect("removed");
    }
    home.now = "2026-10-21T09:00:00Z".to_owned();
    home.sweep();
    let folder = home.path().join("out");
    let registered = home.path().join(".local/state/sekisho/clients/acme");
    fs::create_dir_all(&registered).expect("folder");
    let record = home.ends(0, &["retention", "record", "acme", "-o", "out", "--by", "山田", "--lang", "ja"]);
    assert!(record.contains("4 件すべての削除を確認"), "{record}");
    assert!(!registered.exists(), "what was registered of the client is gone with it");
    let written = |end: &str| {
        let mut files = fs::read_dir(&folder).expect("folder").map(|entry| entry.expect("entry").path());
        let file = files.find(|path| path.extension().is_some_and(|e| e == end)).expect("a record");
        assert!(file.to_string_lossy().contains("deletion-acme-2026-10-21-"), "{}", file.display());
        fs::read_to_string(file).expect("record")
    };
    let json: Value = serde_json::from_str(&written("json")).expect("JSON");
    assert_eq!((&json["complete"], &json["by"]), (&true.into(), &"山田".into()), "{json}");
    assert_eq!(json["files"].as_array().map(Vec::len), Some(4), "{json}");
    let html = written("html");
    assert!(
        html.contains("削除記録") && html.contains("名簿.csv") && !html.contains("src=") && !html.contains("href=")
    );
    home.ends(0, &["approve", "add", "--deletion", "acme", "--approver", "佐藤", "--date", "2026-10-22"]);
    let ledger = fs::read_to_string(home.ledger()).expect("ledger");
    assert!(ledger.contains("[[notification]]") && ledger.contains("佐藤"), "{ledger}");

    // What happened is in the chain, and cannot be changed unnoticed.
    let pack = home.path().join("pack.json");
    home.ends(0, &["report", "--audit", "-o", "pack.json"]);
    let text = fs::read_to_string(&pack).expect("pack");
    for kind in ["ledger", "sweep", "purge", "record"] {
        assert!(text.contains(&format!("\\\"kind\\\":\\\"{kind}\\\"")), "{kind}: {text}");
    }
    assert!(!text.contains("090-1234"), "no value");
    home.ends(0, &["doctor", "--verify-audit"]);
    home.ends(0, &["audit", "anchor", "anchor.txt"]);
    home.ends(0, &["report", "--audit", "--previous", "pack.json"]);
    home.ends(0, &["doctor", "--verify-audit", "--anchor", "anchor.txt"]);
    tamper(&home);
    let broken = home.ends(1, &["doctor", "--verify-audit"]);
    assert!(broken.contains("BROKEN: entry 3"), "{broken}");
    home.ends(1, &["report", "--audit"]);
}

/// Changes a row of the chain behind the program's back.
fn tamper(home: &Home) {
    let database = home.path().join(".local/state/sekisho/state.db");
    let connection = rusqlite::Connection::open(database).expect("database");
    let changed = connection
        .execute("UPDATE audit SET entry = replace(entry, '\"gone\":0', '\"gone\":1') || ' ' WHERE seq = 3", []);
    assert_eq!(changed.expect("changed"), 1);
}

/// Takes a mount away again, however the test ends.
struct Unmount(Option<PathBuf>);

impl Drop for Unmount {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = Command::new("umount").arg(path).output();
        }
    }
}

#[test]
fn one_clients_word_in_anothers_workspace_is_in_the_wrong_place() {
    let home = Home::new("2026-05-01T09:00:00Z");
    home.with_clients();
    home.write("work/acme/a.txt", "アクメ株式会社の件、ACM-2026\n");
    home.write("work/globex/b.txt", "一行目\n（株）アクメ ではなく アクメ㈱ の資料 acm-2026\n");
    home.write("Dropbox/c.txt", "to: x@acme.example\n");
    home.write("docs/d.txt", "アクメ株式会社\n");
    let (code, out, err) = home.run(&["scan", "--format", "jsonl", "--category", "client", "."]);
    let lines: Vec<Value> = out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let found: Vec<(&str, &str, u64)> = lines
        .iter()
        .filter(|l| l["type"] == "finding")
        .filter_map(|l| {
            let name = Path::new(l["path"].as_str()?).file_name()?.to_str()?;
            Some((name, l["client"].as_str()?, l["start"]["line"].as_u64()?))
        })
        .collect();
    assert_eq!(found, [("c.txt", "acme", 1), ("b.txt", "acme", 2)], "{out}\n{err}");
    assert!(out.contains("workspace:globex") && out.contains("place:cloud-sync"), "{out}");
    assert_eq!(code, 1);
    // Elsewhere it is no alarm, but it can be asked for.
    let (_, low, _) =
        home.run(&["scan", "--format", "jsonl", "--detector", "client/marker", "--min-confidence", "low", "docs"]);
    assert!(low.contains(r#""detector":"client/marker""#), "{low}");
}

#[test]
fn an_approval_holds_until_its_last_day_and_then_the_finding_is_back() {
    let mut home = Home::new("2096-05-01T09:00:00Z");
    home.with_clients();
    home.write("work/acme/名簿.csv", roster());
    home.write("docs/名簿.csv", roster());
    let scan = |home: &Home| {
        let (code, out, _) =
            home.run(&["scan", "--format", "jsonl", "--category", "personal", "--show-suppressed", "work"]);
        (code, out)
    };
    assert_eq!(scan(&home).0, 1);
    let added = home.ends(
        0,
        &[
            "approve",
            "add",
            "--covers",
            "personal",
            "--path",
            "work/acme",
            "--client",
            "acme",
            "--approver",
            "佐藤",
            "--reason",
            "移行テスト",
            "--expires",
            "2096-08-31",
        ],
    );
    assert!(added.contains("A-2096-001"), "{added}");
    let (code, out) = scan(&home);
    assert!(code == 0 && out.contains(r#""approval":"A-2096-001","approved_until":"2096-08-31""#), "{out}");
    assert!(out.contains(r#""reasons":["#) && out.contains("client:workspace"), "{out}");

    let (code, out, _) =
        home.run(&["sweep", "--priority", "normal", "--format", "jsonl", "--category", "personal", "--root", "work"]);
    assert!(code == 0 && out.contains(r#""standing":"approved""#), "{out}");
    let list = home.json(0, &["approve", "list", "--format", "json"]);
    assert_eq!(
        (&list[0]["standing"], &list[0]["unused"], &list[0]["broad"]),
        (&"in-force".into(), &false.into(), &Value::Null)
    );
    home.now = "2096-08-25T09:00:00Z".to_owned();
    assert_eq!(home.json(0, &["approve", "list", "--format", "json"])[0]["standing"], "expiring");

    // No file is read again for this (a clock ahead of the real one trusts the files' times).
    home.now = "2096-09-02T09:00:00Z".to_owned();
    let (code, out, _) =
        home.run(&["sweep", "--priority", "normal", "--format", "jsonl", "--category", "personal", "--root", "work"]);
    assert!(code == 1 && out.contains(r#""files":0,"#) && !out.contains(r#""standing":"approved""#), "{out}");
    let (_, check, _) = home.run(&["retention", "check", "--format", "json"]);
    assert!(check.contains("approval-expired") && check.contains("A-2096-001"), "{check}");
    let (_, _, told) = home.run(&["report"]);
    assert!(told.contains("A-2096-001 expired on 2096-08-31"), "{told}");
    home.ends(0, &["approve", "revoke", "A-2096-001"]);
    home.ends(2, &["approve", "revoke", "A-9"]);
}

#[test]
fn an_approval_of_one_content_does_not_outlive_it() {
    let home = Home::new("2026-05-01T09:00:00Z");
    home.with_clients();
    let file = home.write("docs/a.csv", roster());
    home.ends(
        0,
        &[
            "approve",
            "add",
            "--covers",
            "personal",
            "--file",
            "docs/a.csv",
            "--approver",
            "x",
            "--reason",
            "y",
            "--expires",
            "2026-12-31",
        ],
    );
    let scan = |home: &Home| home.run(&["scan", "--format", "jsonl", "--category", "personal", "docs"]).0;
    assert_eq!(scan(&home), 0);
    let mut more = fs::File::options().append(true).open(file).expect("file");
    writeln!(more, "検証 太郎,{}", ["090-8765", "-4321"].concat()).expect("written");
    assert_eq!(scan(&home), 1);
}

#[test]
fn a_ledger_with_a_mistake_stops_the_run_and_names_the_line() {
    let home = Home::new("2026-05-01T09:00:00Z");
    home.write(".config/sekisho/clients.toml", "# ours\n[[client]]\nid = \"acme\"\nnmaes = [\"Acme\"]\n");
    for args in [&["scan", "work"][..], &["sweep"], &["client", "list"], &["retention", "check"]] {
        let out = home.ends(2, args);
        assert!(out.contains("clients.toml, line 4") && out.contains("nmaes"), "{out}");
    }
    // What a verb would spoil stays as it is.
    home.write(".config/sekisho/clients.toml", "# ours\n[[client]]\nid = \"acme\"   # the first\n");
    home.ends(2, &["client", "add", "acme"]);
    home.ends(0, &["client", "close", "acme", "--end", "2026-06-30"]);
    let text = fs::read_to_string(home.ledger()).expect("ledger");
    assert_eq!(text, "# ours\n[[client]]\nid = \"acme\"   # the first\nend = 2026-06-30\n");
}
