//! What is done about findings: quarantine and back, commands, notifications; and what is refused.

use std::fs::{self};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::bench::*;

#[test]
fn quarantine_takes_files_away_and_gives_them_back() {
    let bench = Bench::new();
    let watching = bench.watch(&["--action", "quarantine"]);
    let file = bench.put("名簿 $(touch x).csv");
    fs::write(bench.downloads().join("clean.txt"), "nothing").expect("file");
    let line = watching.tells("Quarantined");
    assert!(!file.exists());
    let id = line.split("restore ").nth(1).expect("an id").trim().to_owned();
    let (status, list) = bench.quarantine(&["list"]);
    assert!(status == 0 && list.contains(&id) && list.contains("名簿") && list.contains("credential/"), "{list}");
    assert!(!list.contains("TYPLM3XKD2"), "{list}");
    let (status, told) = bench.quarantine(&["restore", &id]);
    assert_eq!(status, 0, "{told}");
    assert_eq!(fs::read_to_string(&file).expect("back"), secret());
    // It is found again, told of, and left alone.
    watching.tells("you put this very file back");
    assert!(file.exists());
    assert!(bench.quarantine(&["restore", &id]).0 == 2, "only once");
    assert!(bench.downloads().join("clean.txt").exists());
    assert!(!bench.quarantine(&["list"]).1.contains(&id));
    assert!(bench.quarantine(&["list", "--all"]).1.contains(&id));
    bench.put("other.csv");
    let line = watching.tells("Quarantined");
    let id = line.split("restore ").nth(1).expect("an id").trim().to_owned();
    assert_eq!(bench.quarantine(&["delete", &id]).0, 0);
    let (_, list) = bench.quarantine(&["list", "--all", "--format", "json"]);
    assert!(list.contains("\"deleted\""), "{list}");
}

/// Puts a program of this name first on the path of the returned value.
fn fake(home: &Path, name: &str, script: &str) -> String {
    let folder = home.join("bin");
    fs::create_dir_all(&folder).expect("folder");
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("mode");
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default())
}

fn wait_for(path: &Path) -> String {
    let end = Instant::now() + PATIENCE;
    loop {
        match fs::read_to_string(path) {
            Ok(text) if text.ends_with("\nend\n") => return text,
            _ => assert!(Instant::now() < end, "{} was not written", path.display()),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn commands_and_notifications_see_names_and_never_values() {
    let bench = Bench::new();
    let home = bench.home();
    let told = home.join("told");
    let seen = home.join("seen");
    let path = fake(
        &home,
        "notify-send",
        &format!(
            "[ \"$1\" = --version ] && exit 0\nprintf '%s\\n' \"$@\" > '{0}.new'; echo end >> '{0}.new'; mv '{0}.new' '{0}'",
            told.display()
        ),
    );
    let command = format!(
        "{{ echo \"$SEKISHO_PATH\"; env | grep SEKISHO_; echo end; }} > '{0}.new'; mv '{0}.new' '{0}'",
        seen.display()
    );
    let mut watch = sekisho(&home);
    watch.args(["watch", "--format", "jsonl", "--action", "notify", "--action", "command", "--command", &command]);
    watch.arg(bench.downloads()).env("PATH", path);
    let watching = Watching::start(watch);
    let name = "<b>;touch pwned; $(touch pwned) `touch pwned`.csv";
    bench.put(name);
    watching.finds(&[name]);
    let (told, seen) = (wait_for(&told), wait_for(&seen));
    assert!(told.contains("&lt;b&gt;") && told.contains("Sekisho: 1 finding"), "{told}");
    assert!(seen.contains(name) && seen.contains("SEKISHO_DETECTORS=credential/aws"), "{seen}");
    for text in [told, seen] {
        assert!(!text.contains("TYPLM3XKD2"), "{text}");
    }
    assert!(!Path::new("pwned").exists() && !home.join("pwned").exists());
}

#[test]
fn what_cannot_work_is_said_at_once() {
    let bench = Bench::new();
    let run = |arguments: &[&str]| {
        let output = sekisho(&bench.home()).arg("watch").args(arguments).output().expect("runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let downloads = bench.downloads().display().to_string();
    for (arguments, says) in [
        (&["--format", "json", downloads.as_str()][..], "jsonl"),
        (&["/nowhere/at/all"], "/nowhere/at/all"),
        (&["--action", "command", &downloads], "--command"),
        (&["/etc/hostname"], "not a folder"),
        (&[], "Downloads"),
    ] {
        let (status, told) = run(arguments);
        assert!(status == Some(2) && told.contains(says), "{arguments:?}: {status:?} {told}");
    }
    // A quarantine in a synced folder would carry everything away.
    fs::create_dir_all(bench.home().join("data/.stfolder")).expect("folder");
    let (status, told) = run(&["--action", "quarantine", &downloads]);
    assert!(status == Some(2) && told.contains("Syncthing"), "{told}");
}
