//! What is done about findings: quarantine and back, commands, notifications; and what is refused.

use std::fs::{self};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use sekisho::state::RunKind;

use super::bench::*;
use super::tools::has;

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

/// It ends in order when it is told to, and until then nobody replaces its records.
#[test]
fn it_ends_in_order_and_keeps_its_records_until_then() {
    for signal in ["-TERM", "-INT"] {
        let bench = Bench::new();
        let mut watching = bench.watch(&[]);
        bench.put("a.txt");
        watching.finds(&["a.txt"]);
        let doctor = |argument: &str| {
            let output = sekisho(&bench.home()).args(["doctor", argument]).output().expect("runs");
            (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        let (status, told) = doctor("--move-aside");
        assert!(status == Some(2) && told.contains("in use"), "{status:?} {told}");
        let database = bench.home().join("state/sekisho/state.db");
        let runs = || sekisho::state::Store::read(&database).expect("opens").runs(RunKind::Watch, 1).expect("runs");
        assert_eq!(runs()[0].ended, None);
        watching.signal(signal);
        watching.tells("1 findings");
        assert_eq!(watching.child.wait().expect("ends").code(), Some(0));
        let run = &runs()[0];
        assert!(run.ended.is_some() && (run.read, run.new) == (1, 1), "{run:?}");
        assert_eq!(doctor("--repair").0, Some(0));
        assert_eq!(doctor("--move-aside").0, Some(0));
    }
}

#[test]
fn a_move_that_was_cut_short_is_seen_to_at_the_next_start() {
    let bench = Bench::new();
    let watching = bench.watch(&["--action", "quarantine"]);
    let file = bench.put("a.txt");
    watching.tells("Quarantined");
    drop(watching);
    // As if it had been killed with the file on its way.
    let folder = bench.home().join("data/sekisho/quarantine");
    let records = fs::read_dir(&folder).expect("folder").flatten().map(|e| e.path());
    let record = records.into_iter().find(|p| p.extension().is_some_and(|e| e == "json")).expect("a record");
    let text = fs::read_to_string(&record).expect("record");
    fs::write(&record, text.replace("\"kept\"", "\"moving\"")).expect("record");
    fs::rename(record.with_extension("data"), &file).expect("back");
    let mut watch = sekisho(&bench.home());
    watch.args(["watch", "--format", "jsonl", "--action", "quarantine"]).arg(bench.downloads());
    let mut child = watch.stderr(std::process::Stdio::piped()).spawn().expect("starts");
    let told = lines(child.stderr.take().expect("stderr"));
    let next = |what: &str| {
        let mut all = std::iter::from_fn(|| told.recv_timeout(PATIENCE).ok()).map(|(_, line)| line);
        all.find(|line| line.contains(what)).unwrap_or_else(|| panic!("`{what}` was not told"))
    };
    next("has been undone");
    child.kill().expect("ends");
    child.wait().expect("ends");
    assert!(file.exists() && !record.exists());
}

/// On a real bus, with whatever program this machine makes the call by.
#[test]
fn a_notification_is_a_call_on_the_session_bus() {
    let sends = ["notify-send", "busctl"].iter().any(|program| {
        std::process::Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    if !has("dbus-daemon") || !has("dbus-monitor") || !(sends || has("busctl")) {
        return;
    }
    let piped = |command: &mut std::process::Command| {
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().expect("starts")
    };
    let mut bus = piped(std::process::Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address=1"]));
    let address = lines(bus.stdout.take().expect("stdout")).recv_timeout(PATIENCE).expect("an address").1;
    let mut monitor = piped(std::process::Command::new("dbus-monitor").args(["--address", &address]));
    let heard = lines(monitor.stdout.take().expect("stdout"));
    heard.recv_timeout(PATIENCE).expect("it listens");
    let bench = Bench::new();
    let mut watch = sekisho(&bench.home());
    watch.args(["watch", "--action", "notify"]).arg(bench.downloads()).env("DBUS_SESSION_BUS_ADDRESS", &address);
    let watching = Watching::start(watch);
    bench.put("-a & <b>.txt");
    let next = |what: &str| {
        while let Ok((_, line)) = heard.recv_timeout(PATIENCE) {
            assert!(!line.contains("TYPLM3XKD2"), "{line}");
            if line.contains(what) {
                return;
            }
        }
        panic!("`{what}` was not heard");
    };
    next("member=Notify");
    next("Sekisho: 1 finding");
    next("-a &amp; &lt;b&gt;.txt");
    next("urgency");
    drop(watching);
    for process in [&mut monitor, &mut bus] {
        process.kill().expect("ends");
        process.wait().expect("ends");
    }
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
