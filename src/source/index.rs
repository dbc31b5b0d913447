//! What is staged in a git repository: blobs of the index, never the work tree.
//!
//! Asks git itself (`git diff --cached --raw`, `git cat-file --batch`); user settings that
//! would change the output are switched off. Later issues add ranges and history.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::{Body, Item, Source};
use crate::chunk::Origin;
use crate::error::{Error, Problem, ProblemKind, Result};

/// One staged change that has content.
#[derive(Debug)]
struct Staged {
    blob: String,
    path: PathBuf,
}

/// The staged blobs of a repository, sorted by path.
#[derive(Debug)]
pub struct Index {
    staged: std::vec::IntoIter<Staged>,
    reader: Option<Blobs>,
}

#[derive(Debug)]
struct Blobs {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Index {
    /// Lists what is staged in the repository that `folder` belongs to.
    pub fn staged(folder: &Path) -> Result<Index> {
        let output = git(folder)
            .args(["diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color"])
            .args(["--ignore-submodules=all", "--diff-filter=ACMT"])
            .output()
            .map_err(|e| Error::Git(format!("git: {e}")))?;
        if !output.status.success() {
            return Err(Error::Git(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let mut staged = parse(&output.stdout);
        staged.sort_by(|a, b| a.path.cmp(&b.path));
        let reader = if staged.is_empty() { None } else { Some(Blobs::open(folder)?) };
        Ok(Index { staged: staged.into_iter(), reader })
    }

    /// Number of staged files that are still to be handed out.
    pub fn len(&self) -> usize {
        self.staged.len()
    }

    /// Is nothing staged?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Source for Index {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        let Some(reader) = &mut self.reader else { return };
        for staged in self.staged.by_ref().take(most) {
            let body = match reader.read(&staged.blob) {
                Ok(bytes) => Body::Bytes(bytes),
                Err(problem) => Body::Failed(problem),
            };
            items.push(Item { origin: Origin::file(staged.path), body });
        }
    }
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).stdin(Stdio::null());
    command
}

/// Parses `:oldmode newmode old new status NUL path NUL …` (git-diff-index, "raw output format").
fn parse(raw: &[u8]) -> Vec<Staged> {
    let mut staged = Vec::new();
    let mut fields = raw.split(|&b| b == 0);
    while let (Some(about), Some(path)) = (fields.next(), fields.next()) {
        let about = String::from_utf8_lossy(about);
        let mut words = about.split(' ').skip(1);
        let (Some(mode), Some(blob)) = (words.next(), words.nth(1)) else { continue };
        // 160000 is a submodule's commit; 120000 a link, whose blob is the target's name.
        if mode.starts_with("100") || mode == "120000" {
            staged.push(Staged { blob: blob.to_owned(), path: path_of(path) });
        }
    }
    staged
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

impl Blobs {
    fn open(folder: &Path) -> Result<Blobs> {
        let failed = |e: std::io::Error| Error::Git(format!("git cat-file: {e}"));
        let mut process = git(folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(ask), Some(answer)) => Ok(Blobs { process, ask, answer: BufReader::new(answer) }),
            _ => Err(Error::Git("git cat-file: no pipe".to_owned())),
        }
    }

    fn read(&mut self, blob: &str) -> std::result::Result<Vec<u8>, Problem> {
        let read = |this: &mut Blobs| -> std::io::Result<Option<Vec<u8>>> {
            writeln!(this.ask, "{blob}")?;
            this.ask.flush()?;
            let mut line = String::new();
            this.answer.read_line(&mut line)?;
            let Some(size) = line.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok()) else {
                return Ok(None);
            };
            let mut bytes = Vec::new();
            this.answer.by_ref().take(size).read_to_end(&mut bytes)?;
            let mut newline = [0];
            this.answer.read_exact(&mut newline)?;
            Ok(Some(bytes))
        };
        match read(self) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Problem::new(ProblemKind::Vanished, "no such blob in the repository")),
            Err(e) => Err(Problem::from_io(&e)),
        }
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // It ends by itself once its input is closed, but nothing should wait for that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
