//! Git as a program: commands that read, whatever a hostile repository's configuration says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use super::path_of;
use crate::error::{Error, Result};

/// Settings that run programs of the repository's choice or reach for the network.
const GUARDS: &[&str] = &[
    "core.fsmonitor=false",
    "protocol.allow=never",
    "core.hooksPath=/dev/null",
    // Not hostile, but its answers are read.
    "advice.graftFileDeprecated=false",
    "color.ui=false",
];

/// Bytes of a command's complaints that are kept.
const MOST_SAID: u64 = 16 << 10;

/// A repository, by a folder in it.
#[derive(Debug, Clone)]
pub struct Git {
    folder: PathBuf,
    /// Whatever repository the environment names, this one is meant.
    alone: bool,
}

/// The variables that name another repository, or part of one, than the folder's.
const ELSEWHERE: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
];

impl Git {
    /// The repository that `folder` belongs to (or is, if bare). Not looked at yet.
    pub fn at(folder: &Path) -> Git {
        Git { folder: folder.to_owned(), alone: false }
    }

    /// The same, whatever the environment says: for a folder that the user has named.
    pub fn only(folder: &Path) -> Git {
        Git { folder: folder.to_owned(), alone: true }
    }

    /// The folder it was named by.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A command in it. Objects are taken as they are: no replacements, grafts or fetching.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).arg("--no-pager");
        for guard in GUARDS {
            command.args(["-c", guard]);
        }
        if self.alone {
            ELSEWHERE.iter().for_each(|name| {
                command.env_remove(name);
            });
        }
        command
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_GRAFT_FILE", "/dev/null")
            .env_remove("GIT_EXTERNAL_DIFF")
            .stdin(Stdio::null());
        command
    }

    /// What a command writes, without the last line end.
    pub fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let output = self.command().args(arguments).output().map_err(start_error)?;
        if !output.status.success() {
            return Err(Error::Git(complaint(&output.stderr)));
        }
        let mut out = output.stdout;
        if out.last() == Some(&b'\n') {
            out.pop();
        }
        Ok(out)
    }

    /// A path that git names by the user's settings, with what they say of hooks.
    pub fn ask_configured(&self, arguments: &[&str]) -> Result<PathBuf> {
        let mut command = Command::new("git");
        let output = command.arg("-C").arg(&self.folder).args(arguments).output().map_err(start_error)?;
        if !output.status.success() {
            return Err(Error::Git(complaint(&output.stderr)));
        }
        Ok(self.folder.join(path_of(output.stdout.trim_ascii_end())))
    }

    /// A path that git names.
    pub fn ask_path(&self, arguments: &[&str]) -> Result<PathBuf> {
        Ok(self.folder.join(path_of(&self.ask(arguments)?)))
    }

    /// The repository's folder, shared by all its work trees.
    pub fn common_folder(&self) -> Result<PathBuf> {
        self.ask_path(&["rev-parse", "--git-common-dir"])
    }

    /// Starts a command whose output is read in pieces.
    pub(super) fn stream(&self, command: &mut Command) -> Result<Stream> {
        self.stream_with(command, String::new())
    }

    /// Starts such a command with an input.
    pub(super) fn stream_with(&self, command: &mut Command, input: String) -> Result<Stream> {
        if !input.is_empty() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(start_error)?;
        let out = child.stdout.take().ok_or_else(|| Error::Git("no pipe".to_owned()))?;
        if let Some(mut pipe) = child.stdin.take() {
            // Beside the reading, or both would wait for each other. What it does not read because
            // it has failed is no failure of its own.
            std::thread::spawn(move || pipe.write_all(input.as_bytes()));
        }
        let mut errors = child.stderr.take().ok_or_else(|| Error::Git("no pipe".to_owned()))?;
        // Read beside the output: a command that has much to complain of would wait for that.
        let said = std::thread::spawn(move || {
            let mut said = Vec::new();
            // What goes wrong here leaves the complaint short, no more.
            let _ = errors.by_ref().take(MOST_SAID).read_to_end(&mut said);
            let _ = std::io::copy(&mut errors, &mut std::io::sink());
            said
        });
        Ok(Stream { child, out: BufReader::with_capacity(64 << 10, out), said: Some(said) })
    }
}

/// The output of a running command.
#[derive(Debug)]
pub(super) struct Stream {
    child: Child,
    out: BufReader<ChildStdout>,
    said: Option<JoinHandle<Vec<u8>>>,
}

impl Stream {
    /// Everything up to the next NUL; `None` at the end.
    pub(super) fn field(&mut self, field: &mut Vec<u8>) -> Result<bool> {
        field.clear();
        let read = self.out.read_until(0, field).map_err(start_error)?;
        if field.last() == Some(&0) {
            field.pop();
        }
        Ok(read > 0)
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        self.out.read_to_end(&mut all).map_err(start_error)?;
        Ok(all)
    }

    /// Waits for the end; an error if the command failed.
    pub(super) fn finish(mut self) -> Result<()> {
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        let status = self.child.wait().map_err(start_error)?;
        if status.success() { Ok(()) } else { Err(Error::Git(complaint(&said))) }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Only matters when it was not read to its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start_error(error: std::io::Error) -> Error {
    Error::Git(format!("git: {error}"))
}

/// What git said, without the hints that it adds for its own commands.
fn complaint(said: &[u8]) -> String {
    String::from_utf8_lossy(said).trim().to_owned()
}
