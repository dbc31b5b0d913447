//! Blobs by their ids, one after another: loose ones read here (what was just staged is loose),
//! others by `git cat-file --batch`.
//!
//! For a handful of blobs, wherever they lie (packs, alternates, the quarantine of a push).

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{Git, Id, LARGE, loose};
use crate::error::{Problem, ProblemKind};

/// A blob's content.
pub(super) enum Blob {
    Bytes(Vec<u8>),
    /// Too long to keep.
    Stream(Box<dyn Read + Send>),
}

/// A running `git cat-file`, started when it is needed.
#[derive(Debug)]
pub(super) struct Batch {
    git: Git,
    running: Option<Running>,
    /// Where loose objects lie, if that is known.
    loose: Option<PathBuf>,
    /// Has the next object been asked for already?
    asked: bool,
}

#[derive(Debug)]
struct Running {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

/// The answer to a question.
enum Answer {
    Bytes(String, Vec<u8>),
    TooLong,
    Nothing,
}

impl Batch {
    pub(super) fn new(git: &Git) -> Batch {
        Batch { git: git.clone(), running: None, loose: None, asked: false }
    }

    /// Looks for loose objects in this folder before it asks git.
    pub(super) fn read_loose(&mut self, objects: Option<PathBuf>) {
        self.loose = objects;
    }

    /// Starts the program and asks it for a first object, if there is one, which [`Batch::named`]
    /// has to ask for next; it looks for it meanwhile. What goes wrong is said then.
    pub(super) fn start(&mut self, first: Option<&str>) {
        self.running = self.spawn().ok().filter(|running| {
            let mut ask = &running.ask;
            first.is_none_or(|first| ask.write_all(format!("{first}\n").as_bytes()).is_ok())
        });
        self.asked = first.is_some() && self.running.is_some();
    }

    fn spawn(&self) -> io::Result<Running> {
        let mut process = self
            .git
            .command()
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(ask), Some(answer)) => Ok(Running { process, ask, answer: BufReader::new(answer) }),
            _ => Err(io::Error::other("no pipe")),
        }
    }

    /// Reads a blob.
    pub(super) fn blob(&mut self, id: Id) -> Result<Blob, Problem> {
        if let Some(bytes) = self.loose.as_deref().and_then(|objects| loose::blob(objects, id)) {
            return Ok(Blob::Bytes(bytes));
        }
        match self.object(&id.to_string())? {
            Answer::Bytes(_, bytes) => Ok(Blob::Bytes(bytes)),
            Answer::TooLong => Ok(Blob::Stream(Box::new(Streamed::new(&self.git, id)))),
            Answer::Nothing => Err(missing()),
        }
    }

    /// Reads an object of any type by any name that git understands, if there is one: type and
    /// content.
    pub(super) fn named(&mut self, name: &str) -> Result<Option<(String, Vec<u8>)>, Problem> {
        match self.object(name)? {
            Answer::Bytes(kind, bytes) => Ok(Some((kind, bytes))),
            Answer::TooLong => Err(Problem::new(ProblemKind::Limit, format!("{name}: > {LARGE}"))),
            Answer::Nothing => Ok(None),
        }
    }

    fn object(&mut self, name: &str) -> Result<Answer, Problem> {
        let running = match self.running.take() {
            Some(running) => Ok(running),
            None => self.spawn(),
        };
        let answer = running.and_then(|running| {
            let running = self.running.insert(running);
            if !std::mem::take(&mut self.asked) {
                running.ask(name)?;
            }
            running.answer()
        });
        // After a failure, or in the middle of something long, nothing sensible would follow.
        if !matches!(answer, Ok(Answer::Bytes(..) | Answer::Nothing)) {
            self.running = None;
        }
        answer.map_err(|e| Problem::new(ProblemKind::Unreadable, format!("git cat-file: {e}")))
    }
}

impl Running {
    fn ask(&mut self, name: &str) -> io::Result<()> {
        self.ask.write_all(format!("{name}\n").as_bytes())?;
        self.ask.flush()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let mut line = String::new();
        self.answer.read_line(&mut line)?;
        // `ID TYPE SIZE`, or the name and why there is nothing.
        let mut words = line.trim_end().rsplitn(3, ' ');
        let (Some(size), Some(kind), Some(id)) = (words.next(), words.next(), words.next()) else {
            return if line.trim_end().ends_with(" missing") {
                Ok(Answer::Nothing)
            } else {
                Err(io::Error::other("it ended"))
            };
        };
        let (Ok(size), Some(_)) = (size.parse::<u64>(), Id::from_hex(id)) else { return Ok(Answer::Nothing) };
        if size > LARGE {
            return Ok(Answer::TooLong);
        }
        let mut bytes = vec![0; size as usize];
        self.answer.read_exact(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(Answer::Bytes(kind.to_owned(), bytes))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It ends by itself once its input is closed, but nothing should wait for that.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn missing() -> Problem {
    Problem::new(ProblemKind::Vanished, "the repository lacks this object (a partial clone, or damage)")
}

/// A blob that is too long to keep, read from a process of its own, which starts when the first
/// byte is asked for.
pub(super) struct Streamed {
    git: Git,
    id: Id,
    process: Option<(Child, ChildStdout)>,
    ended: bool,
}

impl Streamed {
    pub(super) fn new(git: &Git, id: Id) -> Streamed {
        Streamed { git: git.clone(), id, process: None, ended: false }
    }
}

impl Read for Streamed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        if self.process.is_none() {
            let mut command = self.git.command();
            command.args(["cat-file", "blob", &self.id.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut child = command.spawn()?;
            let out = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
            self.process = Some((child, out));
        }
        let Some((child, out)) = &mut self.process else { return Ok(0) };
        let n = out.read(buffer)?;
        if n == 0 {
            self.ended = true;
            if !child.wait()?.success() {
                return Err(missing().into());
            }
        }
        Ok(n)
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.process {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
