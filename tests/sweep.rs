//! `sekisho sweep`, `report`, `key` and `doctor` as a user starts them: output, exit status, what
//! is written where, and what becomes of it when the program is killed or its records are spoilt.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// Values in pieces, so that none stands in git: a card number (with a right check digit), a
/// password and an address.
fn card() -> String {
    ["4929 6401 ", "5023 4410"].concat()
}
fn password() -> String {
    ["Xk29f", "jQpa83nT"].concat()
}
fn secrets() -> String {
    format!("password = \"{}\"\ncard: {} exp 12/27\n", password(), card())
}

struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        let home = Home { folder: tempfile::tempdir().expect("folder") };
        fs::create_dir(home.path().join("docs")).expect("docs");
        home
    }

    fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("real")
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("folder")).expect("folders");
        fs::write(path, text).expect("file");
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(SEKISHO);
        command
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .env("LC_ALL", "C")
            .args(args);
        command
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        ended(self.command(args).output().expect("runs"))
    }

    /// A sweep of `docs`: its status and its summary line.
    fn sweep(&self, args: &[&str]) -> (i32, String) {
        let root = self.path().join("docs");
        let mut all =
            vec!["sweep", "--priority", "normal", "--format", "jsonl", "--root", root.to_str().expect("text")];
        all.extend(args);
        let (status, out, err) = self.run(&all);
        let last = out.lines().last().unwrap_or_default().to_owned();
        (status, if last.is_empty() { err } else { last })
    }

    fn database(&self) -> PathBuf {
        self.path().join("state/sekisho/state.db")
    }

    fn key(&self) -> PathBuf {
        self.path().join("data/sekisho/key")
    }
}

fn ended(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// So many files read, known, findings, new, gone.
fn has(summary: &str, numbers: [u64; 5]) -> bool {
    let [read, unchanged, findings, new, gone] = numbers;
    let whole: serde_json::Value = serde_json::from_str(summary).unwrap_or_default();
    let number = |name: &str| whole.get(name).and_then(serde_json::Value::as_u64);
    ["files", "unchanged", "findings", "new", "gone"].map(number) == [read, unchanged, findings, new, gone].map(Some)
}

/// Long enough that a file written before is not younger than a clock tick.
fn settle() {
    std::thread::sleep(Duration::from_millis(40));
}

#[test]
fn a_sweep_says_what_is_new_still_there_and_gone() {
    let home = Home::new();
    home.write("docs/a.txt", secrets());
    home.write("docs/b.txt", "nothing");
    settle();
    let (status, out) = home.sweep(&[]);
    assert!(status == 1 && has(&out, [2, 0, 2, 2, 0]), "{out}");
    let (status, out) = home.sweep(&[]);
    assert!(status == 1 && has(&out, [0, 2, 2, 0, 0]), "{out}");
    assert_eq!(home.sweep(&["--exit-zero"]).0, 0);

    let (_, out, _) = home.run(&["report"]);
    assert!(out.contains("2 findings are open") && out.contains("docs"), "{out}");
    let (_, out, _) = home.run(&["report", "--format", "json", "--lang", "ja"]);
    assert!(out.contains(r#""open":2"#) && out.contains(r#""complete":true"#), "{out}");

    fs::remove_file(home.path().join("docs/a.txt")).expect("removed");
    let root = home.path().join("docs").display().to_string();
    let (status, out, _) = home.run(&["sweep", "--root", &root, "--lang", "ja"]);
    assert!(status == 0 && out.contains("解消(2 件)") && out.contains("ファイルがなくなりました"), "{out}");
    let (status, out) = home.sweep(&[]);
    assert!(status == 0 && has(&out, [0, 1, 0, 0, 0]), "{out}");
    let (status, out) = home.sweep(&["--full"]);
    assert!(status == 0 && has(&out, [1, 0, 0, 0, 0]), "{out}");
}

#[test]
fn what_could_not_be_looked_at_is_told_every_time() {
    let home = Home::new();
    home.write("docs/a.rar", b"Rar!\x1a\x07\x01\x00");
    settle();
    for read in [1, 0] {
        let (status, out) = home.sweep(&[]);
        assert!(status == 3 && has(&out, [read, 1 - read, 0, 0, 0]), "{out}");
        assert!(out.contains(r#""problems":{"unsupported":1}"#) && out.contains(r#""complete":false"#), "{out}");
    }
}

#[test]
fn a_root_that_is_not_there_spoils_nothing() {
    let home = Home::new();
    home.write("docs/a.txt", secrets());
    home.write("config/sekisho/config.toml", "[sweep]\nroots = [\"~/docs\", \"~/other\"]\n");
    home.write("other/b.txt", "nothing");
    assert_eq!(home.run(&["sweep"]).0, 1);
    fs::rename(home.path().join("docs"), home.path().join("elsewhere")).expect("moved");
    // Named: the run cannot be carried out. Configured: told of, and the rest is looked at.
    let (status, _, err) = home.run(&["sweep", "--root", &home.path().join("docs").display().to_string()]);
    assert!(status == 2 && err.contains("docs"), "{err}");
    let (status, out, _) = home.run(&["sweep", "--format", "jsonl"]);
    assert!(status == 1 && out.contains(r#""standing":"open""#) && !out.contains("resolved"), "{out}");
    assert!(out.contains("no such folder now") && out.contains(r#""unreadable":1"#), "{out}");
    fs::rename(home.path().join("elsewhere"), home.path().join("docs")).expect("back");
    let (status, out, _) = home.run(&["sweep", "--format", "jsonl"]);
    assert!(status == 1 && !out.contains("unreadable"), "{out}");
}

#[test]
fn exclusions_are_few_and_listed() {
    let home = Home::new();
    home.write(".cache/a.txt", secrets());
    home.write("x/node_modules/y.txt", secrets());
    home.write("build/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    home.write("build/z.txt", secrets());
    home.write("fake/CACHEDIR.TAG", "not the signature");
    home.write(".hidden/b.txt", secrets());
    let (status, out, _) = home.run(&["sweep", "--format", "json"]);
    assert_eq!(status, 1);
    let objects: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let objects = objects.as_array().expect("an array");
    let summary = objects.last().expect("summary");
    assert!(
        objects
            .iter()
            .filter(|o| o["type"] == "finding")
            .all(|o| { o["path"].as_str().is_some_and(|path| path.ends_with(".hidden/b.txt")) })
    );
    // The fourth is the folder of our own records.
    assert_eq!(summary["skipped"]["excluded"], 4, "{summary}");
    let met = |pattern: &str| {
        let all = summary["exclusions"].as_array().expect("exclusions");
        all.iter().find(|e| e["pattern"] == pattern).map(|e| e["times"].clone())
    };
    assert_eq!(["~/.cache/", "node_modules/", "tag:CACHEDIR.TAG"].map(met), [(); 3].map(|()| Some(1.into())));
    let (_, out, _) = home.run(&["sweep", "--no-exclusions", "--exclude", ".hidden/", "--format", "jsonl"]);
    let found = |name: &str| out.lines().any(|l| l.contains(name) && l.contains(r#""standing":"new""#));
    assert!(found(".cache/a.txt") && found("node_modules") && found("build/z.txt"), "{out}");
    assert!(!found(".hidden"), "{out}");
}

#[test]
fn a_sweep_whose_time_is_up_is_gone_on_with() {
    let home = Home::new();
    for i in 0..50 {
        home.write(&format!("docs/{i}.txt"), secrets());
    }
    settle();
    let (status, out) = home.sweep(&["--max-duration", "0"]);
    assert!(matches!(status, 1 | 3) && out.contains(r#""complete":false"#), "{status} {out}");
    let (status, out, err) = home.run(&["sweep", "--root", &home.path().join("docs").display().to_string()]);
    assert!(
        status == 1 && err.contains("going on from there") && !out.contains("stopped before its end"),
        "{out}{err}"
    );
    assert!(has(&home.sweep(&[]).1, [0, 50, 100, 0, 0]));
    let (status, _, err) = home.run(&["sweep", "--max-duration", "soon"]);
    assert!(status == 2 && err.contains("90s"), "{err}");
}

/// Also in the middle of a file: that one is named, and read again.
#[test]
#[cfg(target_os = "linux")]
fn a_sweep_that_is_told_to_stop_says_what_it_has_done() {
    for signal in ["-TERM", "-INT"] {
        let home = Home::new();
        home.write("docs/a.txt", secrets());
        home.write("docs/z.txt", secrets());
        // Reading it takes longer than noticing that it is being read.
        let big = fs::File::create(home.path().join("docs/b.bin")).expect("file");
        big.set_len(100 << 30).expect("sparse");
        settle();
        let root = home.path().join("docs").display().to_string();
        let mut command = home.command(&["sweep", "--jobs", "1", "--format", "jsonl", "--root", &root]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        let open = format!("/proc/{}/fd", child.id());
        let reads = || {
            let mut files = fs::read_dir(&open).into_iter().flatten().flatten();
            files.any(|file| fs::read_link(file.path()).is_ok_and(|to| to.ends_with("b.bin")))
        };
        for tries in 0.. {
            assert!(tries < 6000, "it was never read");
            if reads() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
        let (status, out, err) = ended(child.wait_with_output().expect("ends"));
        assert!(err.contains("stopping"), "{err}");
        assert!(out.contains("the scan was stopped") && out.contains(r#""complete":false"#), "{out}");
        assert!(status == 1 && out.matches(r#""standing":"new""#).count() == 2, "{status} {out}");
        big.set_len(1).expect("cut");
        settle();
        let (_, out, err) = home.run(&["sweep", "--root", &root, "--format", "jsonl"]);
        let last = out.lines().last().unwrap_or_default();
        assert!(err.contains("going on from there") && has(last, [2, 1, 4, 2, 0]), "{out}{err}");
        assert!(last.contains(r#""complete":true"#), "{last}");
    }
}

#[test]
fn two_sweeps_at_once_are_one_too_many() {
    let home = Home::new();
    home.sweep(&[]);
    let held = fs::File::options().write(true).open(home.database().with_file_name("sweep.lock")).expect("lock");
    held.lock().expect("held");
    let (status, err) = home.sweep(&[]);
    assert!(status == 2 && err.contains("another sweep"), "{err}");
    drop(held);
    assert_eq!(home.sweep(&[]).0, 0);
}

/// Killed at any moment, with another process writing and one reading: the records stay whole,
/// and the sweep that is let to its end knows everything.
#[test]
fn killed_at_any_moment_nothing_is_spoilt() {
    let home = Home::new();
    for i in 0..600 {
        home.write(&format!("docs/{}/{i}.txt", i % 7), if i % 3 == 0 { secrets() } else { format!("{i}") });
        home.write(&format!("more/{i}.txt"), format!("card: {}", card()));
    }
    let root = home.path().join("docs").display().to_string();
    let mut state = 11u64;
    for round in 0..20 {
        // Some files change each time, so that there is something to write.
        for i in 0..40 {
            home.write(&format!("docs/{}/{i}.txt", i % 7), format!("round {round}\n{}", secrets()));
        }
        let mut child = home
            .command(&["sweep", "--priority", "normal", "--full", "--root", &root])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis((state >> 33) % 260));
        if home.database().exists() {
            let (status, _, err) = home.run(&["report", "--format", "json"]);
            assert_eq!(status, 0, "round {round}: {err}");
        }
        child.kill().expect("killed");
        child.wait().expect("reaped");
    }
    settle();
    let (status, out) = home.sweep(&[]);
    assert_eq!(status, 1, "{out}");
    let (_, again) = home.sweep(&[]);
    assert!(has(&again, [0, 600, 2 * (200 + 26), 0, 0]), "{again}");
    let (status, out, err) = home.run(&["doctor"]);
    assert!(status == 0 && out.contains("every page and row is whole"), "{out}{err}");
}

#[test]
fn nothing_that_was_found_is_in_any_file_that_was_written() {
    let home = Home::new();
    home.write("docs/a.txt", secrets());
    home.write("docs/b.csv", format!("氏名,電話番号\n山田太郎,{}\n", ["090-", "1234-", "5678"].concat()));
    home.sweep(&[]);
    home.sweep(&["--full"]);
    let out = home.path().join("report.txt").display().to_string();
    home.run(&["sweep", "--root", &home.path().join("docs").display().to_string(), "-o", &out]);
    home.run(&["report", "-o", &home.path().join("report2.txt").display().to_string()]);
    let mut files = Vec::new();
    collect(&home.path(), &mut files);
    files.retain(|file| !file.starts_with(home.path().join("docs")));
    assert!(files.len() >= 4, "{files:?}");
    let phone = ["090-", "1234-", "5678"].concat();
    for file in files {
        let bytes = fs::read(&file).expect("read");
        for value in [&card(), &card().replace(' ', ""), &password(), &phone, &phone.replace('-', ""), "山田太郎"] {
            let found = bytes.windows(value.len()).any(|window| window == value.as_bytes());
            assert!(!found, "{}", file.display());
        }
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o7000, 0);
    }
    // And no option brings it there.
    assert_eq!(home.run(&["sweep", "--reveal"]).0, 2);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

#[test]
fn a_lost_key_is_said_and_can_be_brought_back() {
    let home = Home::new();
    home.write("docs/a.txt", secrets());
    settle();
    home.sweep(&[]);
    let copy = home.path().join("key.txt").display().to_string();
    let (status, out, _) = home.run(&["key", "export", "-o", &copy]);
    assert!(status == 0 && out.is_empty());
    assert_eq!(fs::metadata(&copy).expect("copy").permissions().mode() & 0o777, 0o600);

    fs::remove_file(home.key()).expect("lost");
    for _ in 0..2 {
        let (status, err) = home.sweep(&[]);
        assert!(status == 2 && err.contains("sekisho key import"), "{err}");
        assert!(!home.key().exists(), "no other key is made in its place");
    }
    assert_eq!(home.run(&["doctor"]).0, 2);
    // A plain scan makes a key; it is not the one that is needed.
    home.run(&["scan", &home.path().join("docs").display().to_string()]);
    let (status, err) = home.sweep(&[]);
    assert!(status == 2 && err.contains("another key"), "{err}");
    let (status, _, err) = home.run(&["key", "import", &copy]);
    assert!(status == 0 && err.contains("was kept as"), "{err}");
    assert!(has(&home.sweep(&[]).1, [0, 1, 2, 0, 0]));
    assert_eq!(fs::metadata(home.key()).expect("key").permissions().mode() & 0o777, 0o600);

    // A company key on a machine that has records: only on demand, and nothing is thrown away.
    let other = Home::new();
    other.write("docs/a.txt", secrets());
    other.sweep(&[]);
    let (status, _, err) = other.run(&["key", "import", &copy]);
    assert!(status == 2 && err.contains("--yes"), "{err}");
    assert_eq!(other.run(&["key", "import", &copy, "--yes"]).0, 0);
    let (status, out) = other.sweep(&[]);
    assert!(status == 1 && has(&out, [1, 0, 2, 2, 0]), "{out}");
    assert_eq!(fs::read(other.key()).expect("key"), fs::read(home.key()).expect("key"));

    for bad in ["", "sekisho-key-1 00 00", "x"] {
        home.write("bad.txt", bad);
        let (status, _, err) = home.run(&["key", "import", &home.path().join("bad.txt").display().to_string()]);
        assert!(status == 2 && err.contains("is no key"), "{err}");
    }
}

#[test]
fn a_key_goes_into_no_file_that_others_can_read() {
    let home = Home::new();
    home.sweep(&[]);
    home.write("shared.txt", "");
    fs::set_permissions(home.path().join("shared.txt"), fs::Permissions::from_mode(0o644)).expect("mode");
    let shared = home.path().join("shared.txt").display().to_string();
    assert_eq!(home.run(&["key", "export", "-o", &shared]).0, 2);
    assert_eq!(fs::read(&shared).expect("read"), b"");
    let file = fs::File::create(home.path().join("stdout.txt")).expect("file");
    fs::set_permissions(home.path().join("stdout.txt"), fs::Permissions::from_mode(0o644)).expect("mode");
    assert_eq!(home.command(&["key", "export"]).stdout(file).status().expect("runs").code(), Some(2));
    // Into a pipe it may go.
    let (status, out, _) = home.run(&["key", "export"]);
    assert!(status == 0 && out.starts_with("sekisho-key-1 "), "{status}");
}

#[test]
fn spoilt_records_are_named_kept_and_repaired_on_demand_only() {
    let home = Home::new();
    for i in 0..100 {
        home.write(&format!("docs/{i}.txt"), secrets());
    }
    settle();
    home.sweep(&[]);
    let whole = fs::read(home.database()).expect("database");
    for (what, bytes) in [("cut", &whole[..whole.len() / 2]), ("empty", &[]), ("rubbish", &[7; 9000])] {
        fs::write(home.database(), bytes).expect("spoilt");
        for lang in ["en", "ja"] {
            let (status, err) = home.sweep(&["--lang", lang]);
            assert!(status == 2 && err.contains("sekisho doctor --repair"), "{what}: {status} {err}");
            let (status, _, err) = home.run(&["report", "--lang", lang]);
            // A cut database may still be good for a report; it never is for a sweep.
            assert!(status == 0 || status == 2 && err.contains("sekisho doctor --repair"), "{what}: {status} {err}");
        }
        assert_eq!(fs::read(home.database()).expect("kept"), bytes, "{what}");
        assert_eq!(home.run(&["doctor"]).0, 2, "{what}");
        let (status, _, err) = home.run(&["doctor", "--repair"]);
        assert!(status == 0 && err.contains("is kept as"), "{what}: {err}");
        let (status, out) = home.sweep(&[]);
        assert!(status == 1 && out.contains(r#""findings":200,"#), "{what}: {out}");
    }
    let (status, _, err) = home.run(&["doctor", "--repair"]);
    assert!(status == 0 && err.contains("nothing to repair"), "{err}");
    assert_eq!(home.run(&["doctor", "--move-aside"]).0, 0);
    assert!(!home.database().exists());
    assert_eq!(home.run(&["report"]).0, 2, "no records, no report");
}

#[test]
fn a_disk_that_takes_no_more_ends_the_sweep_with_a_message() {
    let home = Home::new();
    home.write("docs/a.txt", secrets());
    home.sweep(&[]);
    for i in 0..1200 {
        home.write(&format!("docs/{i}-with-a-long-name-so-that-its-row-takes-some-room.txt"), secrets());
    }
    // No file may grow beyond 200 blocks of 1 KiB; the signal that says so is not to kill.
    let root = home.path().join("docs");
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" sweep --root \"$1\"";
    let mut command = home.command(&[]);
    let limited = Command::new("bash")
        .args(["-c", script, SEKISHO])
        .arg(&root)
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .expect("runs");
    let (status, _, err) = ended(limited);
    assert!(status == 2 && err.contains("state.db"), "{status} {err}");
    let _ = command.args(["doctor"]);
    let (status, out, err) = ended(command.output().expect("runs"));
    assert!(status == 0 && out.contains("every page and row is whole"), "{out}{err}");
    let (status, out) = home.sweep(&[]);
    assert!(status == 1 && out.contains(r#""findings":2402,"#), "{out}");
}

#[test]
fn records_that_may_not_be_written_are_said_to_be_so() {
    let setpriv = Command::new("sh").args(["-c", "command -v setpriv"]).output().is_ok_and(|o| o.status.success());
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0\n"));
    if !setpriv || !is_root {
        assert!(std::env::var_os("SEKISHO_REQUIRE").is_none() || setpriv, "setpriv is missing");
        println!("skipped: needs setpriv and root");
        return;
    }
    let home = Home::new();
    home.write("docs/a.txt", secrets());
    home.sweep(&[]);
    // Somebody else may read everything here and write nothing.
    for path in [home.path(), home.path().join("state"), home.path().join("state/sekisho")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
    }
    let program = home.path().join("sekisho");
    fs::copy(SEKISHO, &program).expect("copy");
    let known = home.command(&[]);
    let run = |args: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&program).args(args);
        command.envs(known.get_envs().filter_map(|(name, value)| Some((name, value?))));
        ended(command.output().expect("runs"))
    };
    let docs = home.path().join("docs").display().to_string();
    let (status, _, err) = run(&["sweep", "--root", &docs]);
    assert!(status == 2 && err.contains("sekisho scan"), "{err}");
    assert_eq!(run(&["scan", &docs]).0, 1, "a plain scan needs no records");
}
