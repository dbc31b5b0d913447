//! A repository in a folder of its own, with a home of its own, and the program run in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(crate) use crate::tools::has;

pub(crate) const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// A GitHub token with a right checksum, made here so that none stands in git; another for every
/// number.
pub(crate) fn token(number: u32) -> String {
    let body = format!("tyQ81dOOKHBWV1qUA9amhU718W{:04}", (u64::from(number) * 7919 + 1237) % 10_000);
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
    ["gh", "p_", &body, std::str::from_utf8(&digits).expect("ascii")].concat()
}

/// How a program ended, what it wrote, what it said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ran {
            status: output.status.code().expect("ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The objects of a type in JSON Lines.
    pub(crate) fn objects(&self, kind: &str) -> Vec<serde_json::Value> {
        let objects = self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")));
        objects.filter(|object: &serde_json::Value| object["type"] == kind).collect()
    }

    /// The values of a key in all findings.
    pub(crate) fn of_findings(&self, key: &str) -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.objects("finding").iter().map(|finding| text(&finding[key])).collect()
    }
}

/// See the module.
pub(crate) struct Repo {
    folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Repo {
    /// An empty repository.
    pub(crate) fn new() -> Repo {
        Repo::with(&["init", "-q", "-b", "main"])
    }

    /// A repository made by a git command that is run in its folder.
    pub(crate) fn with(init: &[&str]) -> Repo {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("repo");
        fs::create_dir(&path).expect("repo");
        let repo = Repo { folder, path };
        repo.git(init);
        repo
    }

    /// A folder beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn prepared(&self, program: &str, folder: &Path) -> Command {
        let home = self.beside("home");
        fs::create_dir_all(&home).expect("home");
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("LC_ALL", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_ALLOW_PROTOCOL", "file")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "T")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "t@example.com")));
        command
    }

    /// A command of git in some folder.
    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> Ran {
        Ran::of(self.prepared("git", folder).args(arguments).stdin(Stdio::null()).output().expect("git runs"))
    }

    /// A command of git that must succeed; what it writes.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let ran = self.git_in(&self.path, arguments);
        assert_eq!(ran.status, 0, "git {arguments:?}: {}", ran.err);
        ran.out.trim_end().to_owned()
    }

    /// A command of git that may fail.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> Ran {
        self.git_in(&self.path, arguments)
    }

    /// The program in some folder, with an input.
    pub(crate) fn sekisho_in(&self, folder: &Path, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = self.prepared(SEKISHO, folder);
        command.args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        // It may end without reading.
        let _ = child.stdin.take().expect("stdin").write_all(input.as_bytes());
        Ran::of(child.wait_with_output().expect("ends"))
    }

    /// The program in the repository.
    pub(crate) fn sekisho(&self, arguments: &[&str]) -> Ran {
        self.sekisho_in(&self.path, arguments, "", &[])
    }

    /// `hook run` with its findings as objects.
    pub(crate) fn hook(&self, arguments: &[&str]) -> Ran {
        self.sekisho(&[&["hook", "run", "--format", "jsonl"], arguments].concat())
    }

    /// `git` with its findings as objects.
    pub(crate) fn history(&self, arguments: &[&str]) -> Ran {
        self.sekisho(&[&["git", "--format", "jsonl"], arguments].concat())
    }

    /// Another program in the repository.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Ran {
        Ran::of(self.prepared(program, &self.path).args(arguments).output().expect("runs"))
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        fs::write(path, content).expect("file");
    }

    /// Writes a file and stages it.
    pub(crate) fn stage(&self, name: &str, content: impl AsRef<[u8]>) {
        self.write(name, content);
        self.git(&["--literal-pathspecs", "add", "--", name]);
    }

    /// Writes a file and commits it, whatever the hooks say; the commit's id.
    pub(crate) fn commit(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        self.stage(name, content);
        self.git(&["commit", "-q", "--no-verify", "-m", name]);
        self.git(&["rev-parse", "HEAD"])
    }
}
