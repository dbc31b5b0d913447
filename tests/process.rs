//! The program as a process among others: real git, real file permissions, FIFOs, pipes that
//! close, streams longer than memory.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

mod tools;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tools::has;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// A GitHub token with a right checksum, made here so that none stands in git.
fn token() -> String {
    let body = "tyQ81dOOKHBWV1qUA9amhU718W9BL7";
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
    ["gh", "p_", body, std::str::from_utf8(&digits).expect("ascii")].concat()
}

fn sekisho(home: &Path) -> Command {
    let mut command = Command::new(SEKISHO);
    command
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("LC_ALL", "C");
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("ends by itself"), text(stdout), text(stderr))
}

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").arg("-C").arg(folder).args(identity).args(args).output().expect("git runs");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_hook_reads_the_index_and_not_the_work_tree() {
    if !has("git") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let repository = folder.path().join("repo");
    fs::create_dir(&repository).expect("repo");
    git(&repository, &["init", "-q"]);
    let hook = |args: &[&str]| run(sekisho(folder.path()).current_dir(&repository).args(["hook", "run"]).args(args));

    assert_eq!(hook(&[]).0, 0, "nothing is staged");

    // The first commit: staged with a token, cleaned in the work tree only.
    fs::write(repository.join("設定.env"), format!("TOKEN={}\n", token())).expect("file");
    git(&repository, &["add", "-A"]);
    fs::write(repository.join("設定.env"), "TOKEN=\n").expect("file");
    let (status, out, err) = hook(&[]);
    assert_eq!(status, 1, "{out}{err}");
    assert!(out.contains("設定.env") && out.contains("credential/github-token"), "{out}");
    assert!(err.contains("git rm --cached"), "there is no commit to restore from: {err}");
    assert!(!out.contains(&token()[8..]), "the value is masked");

    // The other way round: clean in the index, dirty in the work tree.
    git(&repository, &["add", "-A"]);
    fs::write(repository.join("設定.env"), format!("TOKEN={}\n", token())).expect("file");
    assert_eq!(hook(&[]).0, 0);
    git(&repository, &["commit", "-qm", "one"]);

    // Moved: git keeps what is in the index, so the dirty work tree still does not count.
    git(&repository, &["mv", "-f", "設定.env", "other.env"]);
    assert_eq!(hook(&[]).0, 0);
    git(&repository, &["add", "-A"]);
    assert_eq!(hook(&[]).0, 1);
    // A folder that is no repository.
    assert_eq!(run(sekisho(folder.path()).current_dir(folder.path()).args(["hook", "run"])).0, 2);
}

#[test]
fn an_installed_hook_stops_a_commit() {
    if !has("git") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let repository = folder.path().join("repo");
    fs::create_dir(&repository).expect("repo");
    git(&repository, &["init", "-q"]);
    let installed = run(sekisho(folder.path()).current_dir(&repository).args(["hook", "install"]));
    assert_eq!(installed.0, 0, "{installed:?}");
    fs::write(repository.join("a.txt"), token()).expect("file");
    git(&repository, &["add", "-A"]);
    let bin = Path::new(SEKISHO).parent().expect("folder").display().to_string();
    let commit = || {
        let path = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
        Command::new("git")
            .arg("-C")
            .arg(&repository)
            .args(["-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-qm", "x"])
            .env("PATH", path)
            .env("HOME", folder.path())
            .output()
            .expect("git runs")
    };
    assert!(!commit().status.success(), "the commit is stopped");
    assert_eq!(run(sekisho(folder.path()).current_dir(&repository).args(["hook", "uninstall"])).0, 0);
    assert!(commit().status.success(), "and not any more");
}

#[test]
fn what_may_not_be_read_is_a_problem() {
    if !has("setpriv") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("mode");
    let tree = folder.path().join("tree");
    fs::create_dir_all(tree.join("closed")).expect("folders");
    for (name, mode) in [("closed", 0o000), ("secret", 0o000)] {
        let path = tree.join(name);
        if name == "secret" {
            fs::write(&path, "x").expect("file");
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode");
    }
    fs::write(tree.join("open"), "nothing\n").expect("file");
    // Root may read everything, so the program runs as nobody; its copy must be reachable.
    let program = folder.path().join("sekisho");
    fs::copy(SEKISHO, &program).expect("copy");
    let root = rustix_is_root();
    let mut command = if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&program);
        command
    } else {
        Command::new(&program)
    };
    let (status, out, err) =
        run(command.env("HOME", "/nonexistent").env("LC_ALL", "C").args(["scan", "--format", "jsonl"]).arg(&tree));
    assert_eq!(status, 3, "{out}{err}");
    assert_eq!(out.matches(r#""kind":"unreadable""#).count(), 2, "{out}");
    assert!(out.contains(r#""problems":{"unreadable":2}"#) && out.contains(r#""complete":false"#), "{out}");
    fs::set_permissions(tree.join("closed"), fs::Permissions::from_mode(0o700)).expect("mode");
}

fn rustix_is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0\n"))
}

#[test]
fn special_files_and_links_are_counted_and_never_opened() {
    if !has("mkfifo") {
        return;
    }
    let folder = tempfile::tempdir().expect("folder");
    let tree = folder.path().join("tree");
    fs::create_dir(&tree).expect("folder");
    assert!(Command::new("mkfifo").arg(tree.join("fifo")).status().expect("runs").success());
    fs::write(folder.path().join("outside"), token()).expect("file");
    std::os::unix::fs::symlink("../outside", tree.join("link")).expect("link");
    std::os::unix::fs::symlink("nowhere", tree.join("dangling")).expect("link");
    let scan = |args: &[&str]| run(sekisho(folder.path()).args(["scan", "--format", "jsonl"]).args(args).arg(&tree));
    let (status, out, _) = scan(&[]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains(r#""skipped":{"links":2,"special":1}"#), "{out}");
    let (status, out, _) = scan(&["--follow"]);
    assert_eq!(status, 3, "a link that cannot be followed: {out}");
    assert!(out.contains(r#""kind":"unreadable""#) && !out.contains("github-token"), "{out}");
}

#[test]
fn a_stream_of_any_length_takes_constant_memory() {
    let folder = tempfile::tempdir().expect("folder");
    let mut child = sekisho(folder.path())
        .args(["scan", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut input = child.stdin.take().expect("stdin");
    let line = "2026-11-22 10:00:00 INFO request path=/index.html status=200 duration=12ms\n".repeat(1000);
    let mut offset = 0;
    for i in 0..1300 {
        input.write_all(line.as_bytes()).expect("written");
        offset += line.len();
        if i == 650 {
            // One token in the middle, wherever the windows' borders are.
            input.write_all(format!("{}\n", token()).as_bytes()).expect("written");
        }
    }
    let peak = peak_memory(&child);
    drop(input);
    let mut out = String::new();
    child.stdout.take().expect("stdout").read_to_string(&mut out).expect("read");
    assert_eq!(child.wait().expect("ends").code(), Some(1), "{out}");
    assert_eq!(out.matches(r#""detector":"credential/github-token""#).count(), 1, "{out}");
    let line = 651 * 1000 + 1;
    assert!(out.contains(&format!(r#""start":{{"line":{line},"column":1,"#)), "{out}");
    if let Some(peak) = peak {
        assert!(peak < 64 << 20, "{peak} bytes for a stream of {offset}");
    }
}

/// Peak resident memory in bytes, where the system tells.
fn peak_memory(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb << 10)
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().expect("folder");
    let tree = folder.path().join("tree");
    fs::create_dir(&tree).expect("folder");
    for i in 0..500 {
        fs::write(tree.join(format!("{i}")), token()).expect("file");
    }
    let mut child = sekisho(folder.path())
        .args(["scan", "--format", "jsonl"])
        .arg(&tree)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut first).expect("a line");
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.code().is_some(), "not killed by a signal");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn watch_sees_files_that_are_closed_or_renamed_into_place() {
    let folder = tempfile::tempdir().expect("folder");
    let downloads = folder.path().join("Downloads");
    fs::create_dir(&downloads).expect("folder");
    let mut child = sekisho(folder.path())
        .args(["watch", "--format", "jsonl"])
        .arg(&downloads)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut told = String::new();
    BufReader::new(child.stderr.take().expect("stderr")).read_line(&mut told).expect("a line");
    assert!(told.contains("Watching"), "{told}");
    // As browsers do: written under another name, then renamed; and a new folder at once
    // filled, whose files' own events are lost.
    let partial = downloads.join("a.txt.crdownload");
    fs::write(&partial, token()).expect("file");
    fs::rename(&partial, downloads.join("a.txt")).expect("rename");
    fs::write(downloads.join("b.txt"), token()).expect("file");
    fs::create_dir_all(downloads.join("new/deep")).expect("folders");
    fs::write(downloads.join("new/deep/c.txt"), token()).expect("file");

    let (send, lines) = std::sync::mpsc::channel();
    let out = BufReader::new(child.stdout.take().expect("stdout"));
    std::thread::spawn(move || {
        for line in out.lines().map_while(std::io::Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    let mut missing = vec!["Downloads/a.txt\"", "Downloads/b.txt\"", "deep/c.txt\""];
    let end = Instant::now() + Duration::from_secs(20);
    while !missing.is_empty() && Instant::now() < end {
        if let Ok(line) = lines.recv_timeout(Duration::from_millis(200)) {
            missing.retain(|name| !line.contains(name));
            assert!(!line.contains("crdownload"), "{line}");
        }
    }
    child.kill().expect("ends");
    child.wait().expect("ends");
    assert!(missing.is_empty(), "not seen: {missing:?}");
}

/// The sample home is read as its labels say: everything planted, and nothing else.
#[test]
fn the_sample_is_read_as_labelled() {
    let output = Command::new(env!("CARGO_BIN_EXE_sekisho")).args(["demo", "--lang", "en"]).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("planted items were found, and nothing else"), "{said}");
}
