//! A home directory with a `sekisho watch` in it: started, listened to, ended.

use std::collections::BTreeSet;
use std::fs::{self};
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

pub(crate) use crate::tools::may;

pub(crate) const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");
/// Longer than anything here ever takes; only a failing test waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A text with one finding.
pub(crate) fn secret() -> String {
    ["aws_access_key_id = AKIA", "Z7QW5RTYPLM3XKD2\n"].concat()
}

pub(crate) fn sekisho(home: &Path) -> Command {
    let mut command = Command::new(SEKISHO);
    environment(&mut command, home);
    command
}

pub(crate) fn environment(command: &mut Command, home: &Path) {
    command
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_STATE_HOME", home.join("state"))
        .env("LC_ALL", "C");
}

pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let folder = tempfile::tempdir().expect("folder");
        fs::create_dir(folder.path().join("dl")).expect("folder");
        Bench { folder }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("real")
    }

    pub(crate) fn downloads(&self) -> PathBuf {
        self.home().join("dl")
    }

    pub(crate) fn put(&self, name: &str) -> PathBuf {
        let path = self.downloads().join(name);
        fs::write(&path, secret()).expect("file");
        path
    }

    pub(crate) fn watch(&self, arguments: &[&str]) -> Watching {
        let mut command = sekisho(&self.home());
        command.args(["watch", "--format", "jsonl"]).arg(self.downloads()).args(arguments);
        Watching::start(command)
    }

    pub(crate) fn quarantine(&self, arguments: &[&str]) -> (i32, String) {
        let output = sekisho(&self.home()).arg("quarantine").args(arguments).output().expect("runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8(text).expect("UTF-8"))
    }
}

/// A running watch and what it says.
pub(crate) struct Watching {
    pub(crate) child: Child,
    pub(crate) out: Receiver<(Instant, String)>,
    pub(crate) told: Receiver<(Instant, String)>,
}

impl Watching {
    pub(crate) fn start(mut command: Command) -> Watching {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        let out = lines(child.stdout.take().expect("stdout"));
        let told = lines(child.stderr.take().expect("stderr"));
        let watching = Watching { child, out, told };
        watching.tells("Watching");
        watching
    }

    /// Waits until it has told something on standard error.
    pub(crate) fn tells(&self, what: &str) -> String {
        let end = Instant::now() + PATIENCE;
        let mut all = String::new();
        while Instant::now() < end {
            if let Ok((_, line)) = self.told.recv_timeout(Duration::from_millis(100)) {
                if line.contains(what) {
                    return line;
                }
                all.push_str(&line);
            }
        }
        panic!("`{what}` was not told: {all}");
    }

    /// Waits for findings in files whose paths end like this.
    pub(crate) fn finds(&self, names: &[&str]) {
        let missing = self.missing(names.iter().map(|name| format!("{name}\"")).collect());
        assert!(missing.is_empty(), "not found: {missing:?}");
    }

    pub(crate) fn missing(&self, mut missing: BTreeSet<String>) -> BTreeSet<String> {
        let end = Instant::now() + PATIENCE;
        while !missing.is_empty() && Instant::now() < end {
            if let Ok((_, line)) = self.out.recv_timeout(Duration::from_millis(100))
                && let Some(path) = path_of(&line)
                && !missing.remove(&path)
            {
                missing.retain(|name| !format!("{path}\"").ends_with(name.as_str()));
            }
        }
        missing
    }

    /// Everything found until nothing more has come for a while.
    pub(crate) fn rest(&self) -> Vec<String> {
        let mut found = Vec::new();
        while let Ok((_, line)) = self.out.recv_timeout(Duration::from_secs(2)) {
            found.extend(path_of(&line));
        }
        found
    }

    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Time of the processor spent so far, in its ticks.
    pub(crate) fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("stat");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        fields[11].parse::<u64>().expect("utime") + fields[12].parse::<u64>().expect("stime")
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn lines(from: impl Read + Send + 'static) -> Receiver<(Instant, String)> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if send.send((Instant::now(), line)).is_err() {
                return;
            }
        }
    });
    receive
}

pub(crate) fn path_of(line: &str) -> Option<String> {
    let object: serde_json::Value = serde_json::from_str(line).ok()?;
    (object["type"] == "finding").then(|| object["path"].as_str().unwrap_or_default().to_owned())
}
