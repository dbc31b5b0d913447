//! What can go wrong: [`Error`] ends the run, [`Problem`] is one thing that could not be
//! looked at while the run goes on.
//!
//! Plain data without words: `message` gives both their Japanese and English texts. A value
//! found by a detector must never get into either.

use std::path::PathBuf;

/// The result of everything that can end a run.
pub type Result<T> = std::result::Result<T, Error>;

/// Ends the run with exit status 2.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A path that the user named does not exist.
    MissingPath(PathBuf),
    /// Something the user asked for makes no sense; the text names it.
    Usage(String),
    /// What the user asked for was understood and is refused; the text says why, in the user's
    /// language.
    Refused(String),
    /// A configuration, policy or detector file is wrong at a place.
    File(Place),
    /// No detector is left to scan with.
    NoDetectors,
    /// A detector id that no file defines.
    UnknownDetector(String),
    /// Raw values were asked for in a file that other users of the machine can read.
    RevealIntoShared(PathBuf),
    /// The repository could not be read; the text is git's own.
    Git(String),
    /// An operation of the system failed on a path.
    Io {
        /// What was being read or written.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The database of what earlier runs have seen cannot be used.
    State {
        /// The database, or the file of its key.
        path: PathBuf,
        /// Why not.
        fault: StateFault,
    },
    /// What is registered of a client cannot be used.
    Sealed {
        /// The sealed file, or the file of its key.
        path: PathBuf,
        /// The client.
        client: String,
        /// Why not.
        fault: SealFault,
    },
    /// The reader of our output went away (`| head`); not a failure to tell anyone about.
    OutputClosed,
}

/// Why a sealed file cannot be used. Never ends in beginning afresh unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealFault {
    /// Written by a newer program: its version, and the newest one known here.
    Newer {
        /// The version it has.
        version: u16,
        /// The newest version that this program knows.
        known: u16,
    },
    /// Not whole any more, or changed by somebody.
    Damaged,
    /// Not one of ours.
    Foreign,
    /// Its key is not there.
    KeyLost,
    /// It was sealed with another key than the one that is there.
    KeyOther,
    /// What should be a key is none.
    NotAKey,
    /// More than one client's registry can hold.
    TooMuch,
}

/// Why the state cannot be used. Each has a way out, which `message` names; none of them ever
/// ends in silently beginning afresh.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateFault {
    /// Written by a newer program: its schema, and the newest one known here.
    Newer {
        /// The schema it has.
        version: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// Not whole any more; the database's own words.
    Damaged(String),
    /// A database, but another program's.
    Foreign,
    /// There is none yet.
    Missing,
    /// It may not be written.
    ReadOnly,
    /// The disk (or the quota) is full.
    Full,
    /// Another process keeps it locked for longer than one waits.
    Busy,
    /// Its fingerprints were made with this key, which is not there.
    KeyLost(String),
    /// Its fingerprints were made with another key than the present one.
    KeyOther {
        /// The id of the key that the database needs.
        needed: String,
        /// The id of the key that is there.
        found: String,
    },
    /// What should be a key is none.
    NotAKey,
    /// Another sweep is under way.
    Sweeping,
    /// It cannot be replaced: another process (a watch) has it open.
    InUse,
    /// Anything else, in the database's words.
    Other(String),
}

/// Where in a user's file the mistake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user would name it.
    pub file: String,
    /// Line, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The source line itself, without its line end.
    pub text: String,
    /// What is wrong, in English (most of it comes from parsers).
    pub what: String,
}

impl Place {
    /// A mistake at a byte offset of `source`; line and text are looked up.
    pub fn at(file: &str, source: &str, byte: usize, what: impl Into<String>) -> Place {
        let byte = byte.min(source.len());
        let start = source.as_bytes()[..byte].iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        let end = source.as_bytes()[byte..].iter().position(|&b| b == b'\n').map_or(source.len(), |i| byte + i);
        Place {
            file: file.to_owned(),
            line: source.as_bytes()[..start].iter().filter(|&&b| b == b'\n').count() + 1,
            text: source.get(start..end).unwrap_or_default().trim_end().to_owned(),
            what: what.into(),
        }
    }

    /// A mistake of the file as a whole.
    pub fn whole(file: &str, what: impl Into<String>) -> Place {
        Place { file: file.to_owned(), line: 0, text: String::new(), what: what.into() }
    }
}

/// Why something was not looked at. The names are part of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A format known to hold text that this build cannot read.
    Unsupported,
    /// Needs a password.
    Encrypted,
    /// The format's own structure is broken or cut.
    Damaged,
    /// A budget (depth, members, bytes, ratio, time) ran out.
    Limit,
    /// The system refused: permission, I/O error, not a regular file any more.
    Unreadable,
    /// It was listed, then gone.
    Vanished,
    /// A parser panicked, died or was killed.
    ParserFailed,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [ProblemKind; 7] = [
        ProblemKind::Unsupported,
        ProblemKind::Encrypted,
        ProblemKind::Damaged,
        ProblemKind::Limit,
        ProblemKind::Unreadable,
        ProblemKind::Vanished,
        ProblemKind::ParserFailed,
    ];

    /// The name in JSON output and in configuration.
    pub fn name(self) -> &'static str {
        match self {
            ProblemKind::Unsupported => "unsupported",
            ProblemKind::Encrypted => "encrypted",
            ProblemKind::Damaged => "damaged",
            ProblemKind::Limit => "limit",
            ProblemKind::Unreadable => "unreadable",
            ProblemKind::Vanished => "vanished",
            ProblemKind::ParserFailed => "parser-failed",
        }
    }
}

/// One thing that could not be looked at. Where it is, is the [`Origin`](crate::chunk::Origin)
/// that travels beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The class of reason.
    pub kind: ProblemKind,
    /// The format, limit or system error by its own name, for a person: `rar`, `nesting`,
    /// `Permission denied`. Never content of the file.
    pub what: String,
}

impl Problem {
    /// A problem of a kind with its particular cause.
    pub fn new(kind: ProblemKind, what: impl Into<String>) -> Problem {
        Problem { kind, what: what.into() }
    }

    /// The problem that an I/O error on an input amounts to; the very one that an extractor put
    /// into it, if that is where it comes from.
    pub fn from_io(error: &std::io::Error) -> Problem {
        if let Some(problem) = error.get_ref().and_then(|inner| inner.downcast_ref::<Problem>()) {
            return problem.clone();
        }
        let kind = match error.kind() {
            std::io::ErrorKind::NotFound => ProblemKind::Vanished,
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => ProblemKind::Damaged,
            _ => ProblemKind::Unreadable,
        };
        // The system's number would be noise for the reader: "Permission denied (os error 13)".
        let text = error.to_string();
        let what = text.split(" (os error").next().unwrap_or(&text);
        Problem::new(kind, what)
    }
}

/// Extractors hand members on as readers, and a reader can only fail with an I/O error: this
/// lets a problem travel inside one.
impl std::error::Error for Problem {}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.what)
    }
}

impl From<Problem> for std::io::Error {
    fn from(problem: Problem) -> std::io::Error {
        std::io::Error::other(problem)
    }
}
