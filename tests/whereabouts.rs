//! Place and download address in findings: real attributes, browsers' databases made by the real
//! SQLite, the program's own output.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

mod tools;

use std::fs;
use std::path::Path;
use std::process::Command;

use sekisho::place::History;

use tools::has;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// Makes databases as browsers do: with a log that has not been written back, many pages of
/// history around the few downloads, and in Chrome's case locked by its owner.
const BROWSERS: &str = r#"
import os, shutil, sqlite3, sys
home = sys.argv[1]

def keep(db, path):
    "A copy of database and log as they lie while the browser runs."
    for end in ("", "-wal"):
        if os.path.exists(db + end):
            shutil.copy(db + end, path + end)

fox = home + "/work-fox.sqlite"
c = sqlite3.connect(fox)
c.execute("PRAGMA page_size=4096"); c.execute("PRAGMA journal_mode=WAL")
c.execute("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR)")
c.execute("CREATE TABLE moz_anno_attributes (id INTEGER PRIMARY KEY, name VARCHAR(32) UNIQUE NOT NULL)")
c.execute("CREATE TABLE moz_annos (id INTEGER PRIMARY KEY, place_id INTEGER NOT NULL, anno_attribute_id INTEGER, content LONGVARCHAR, flags INTEGER DEFAULT 0)")
for i in range(5000):
    c.execute("INSERT INTO moz_places VALUES (?,?,?,?)", (i * 3 + 1, f"https://site{i}.example/page/{'x' * (i % 90)}", "t" * 40, "r"))
c.execute("INSERT INTO moz_anno_attributes VALUES (1,'downloads/metaData'),(2,'downloads/destinationFileURI')")
c.commit(); c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
c.execute("UPDATE moz_places SET url='https://me:pw@files.example/%E5%90%8D%E7%B0%BF.csv?sig=1#a' WHERE id=7501")
c.execute("INSERT INTO moz_annos VALUES (1,7501,2,'file:///home/u/Downloads/%E5%90%8D%E7%B0%BF%201.csv',0)")
c.execute("INSERT INTO moz_annos VALUES (2,7501,1,'file:///home/u/Downloads/other',0)")
c.commit()
keep(fox, home + "/places.sqlite")

chrome = home + "/work-chrome.sqlite"
c = sqlite3.connect(chrome)
c.execute("CREATE TABLE downloads (id INTEGER PRIMARY KEY, guid VARCHAR NOT NULL, current_path LONGVARCHAR NOT NULL, target_path LONGVARCHAR NOT NULL, start_time INTEGER NOT NULL, referrer VARCHAR NOT NULL, tab_url VARCHAR NOT NULL)")
c.execute("CREATE TABLE downloads_url_chains (id INTEGER NOT NULL, chain_index INTEGER NOT NULL, url LONGVARCHAR NOT NULL, PRIMARY KEY (id, chain_index))")
for i in range(300):
    c.execute("INSERT INTO downloads VALUES (?,?,?,?,?,?,?)", (i, "g" * 36, f"/home/u/d/{i}.zip", f"/home/u/d/{i}.zip", 1, "", "https://tab.example/?q"))
    c.execute("INSERT INTO downloads_url_chains VALUES (?,1,?)", (i, f"https://cdn.example/{i}.zip?X-Sig=abc"))
    c.execute("INSERT INTO downloads_url_chains VALUES (?,0,?)", (i, f"https://first.example/{i}"))
c.execute("INSERT INTO downloads VALUES (900,'g','/home/u/d/blob','/home/u/d/blob',1,'','https://mail.example/inbox?x')")
c.execute("INSERT INTO downloads_url_chains VALUES (900,0,'data:text/plain,secret')")
c.commit()
keep(chrome, home + "/History")
"#;

#[test]
fn browsers_databases_name_the_address() {
    if !has("python3") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let made = Command::new("python3").args(["-c", BROWSERS]).arg(folder.path()).output().expect("python runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (fox, chrome) = (folder.path().join("places.sqlite"), folder.path().join("History"));
    let history = History::read(&[fox.clone(), chrome.clone(), folder.path().join("missing")]);
    for (file, expected) in [
        ("/home/u/Downloads/名簿 1.csv", Some("https://files.example/%E5%90%8D%E7%B0%BF.csv")),
        ("/home/u/Downloads/other", None),
        ("/home/u/d/299.zip", Some("https://cdn.example/299.zip")),
        ("/home/u/d/blob", Some("https://mail.example/inbox")),
        ("/home/u/d/300.zip", None),
    ] {
        assert_eq!(history.address(Path::new(file)).as_deref(), expected, "{file}");
    }
    // Cut and overwritten databases give less, and do no harm.
    for file in [&fox, &chrome] {
        let whole = fs::read(file).expect("file");
        for cut in [0, 50, 99, 100, 5000, whole.len() / 2] {
            fs::write(file, &whole[..cut.min(whole.len())]).expect("file");
            History::read(std::slice::from_ref(file));
        }
        for at in (0..whole.len()).step_by(61) {
            let mut bad = whole.clone();
            bad[at] ^= 0xFF;
            if at % (61 * 128) == 0 {
                fs::write(file, &bad).expect("file");
                History::read(std::slice::from_ref(file));
            }
        }
    }
}

#[test]
fn findings_say_where_their_file_lives_and_comes_from() {
    let folder = tempfile::tempdir().expect("folder");
    let home = folder.path().canonicalize().expect("real");
    fs::create_dir_all(home.join("Dropbox")).expect("folder");
    let key = ["AKIA", "Z7QW5RTYPLM3XKD2"].concat();
    fs::write(home.join("Dropbox/a.txt"), format!("aws_access_key_id = {key}\n")).expect("file");
    fs::write(home.join("b.txt"), format!("aws_access_key_id = {key}\n")).expect("file");
    let zone = "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://u:p@host.example/b.txt?sig=1\r\n";
    fs::write(home.join("b.txt:Zone.Identifier"), zone).expect("file");
    let output = Command::new(SEKISHO)
        .args(["scan", "--format", "jsonl"])
        .arg(&home)
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_STATE_HOME", home.join("state"))
        .env("LC_ALL", "C")
        .output()
        .expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let line =
        |name: &str| text.lines().find(|l| l.contains("\"finding\"") && l.contains(name)).unwrap_or("").to_owned();
    let synced = line("Dropbox/a.txt");
    assert!(synced.contains(r#""place":"cloud-sync","service":"Dropbox","origin":null"#), "{text}");
    assert!(line("b.txt\"").contains(r#""place":"local","origin":"https://host.example/b.txt""#), "{text}");
    assert!(!text.contains("sig=1"), "{text}");
}
