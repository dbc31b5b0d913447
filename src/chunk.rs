//! What travels through the scanner: [`Chunk`] (bytes with margins), [`Origin`] (the printable
//! way to them through every container) and [`Budget`] (how much work one file may cause).
//!
//! No I/O and no parsing here. A zip member, a decoded base64 run and a mail part are all just
//! chunks with a longer origin.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{Problem, ProblemKind};

/// A window of a file or member: the bytes, and which part of them it answers for.
///
/// A finding belongs to the chunk in whose `core` it starts. What lies before the core is
/// context to look back at, what lies behind it is look-ahead, so that a value across a border
/// is found once.
#[derive(Debug, Clone)]
pub struct Chunk<'a> {
    /// Look-behind, core and look-ahead in one piece.
    pub bytes: &'a [u8],
    /// The part of `bytes` that this chunk answers for.
    pub core: Range<usize>,
    /// Offset of `bytes[0]` in the file or member, in bytes.
    pub at: u64,
}

impl<'a> Chunk<'a> {
    /// A whole input in one chunk.
    pub fn whole(bytes: &'a [u8]) -> Chunk<'a> {
        Chunk { bytes, core: 0..bytes.len(), at: 0 }
    }
}

/// One step inward from a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A member of an archive, part of a mail, stream of a document, by its name.
    Member(Arc<str>),
    /// A page, counted from 1.
    Page(u32),
    /// A cell or range: `Sheet1!C7`, `customers.email#12`.
    Cell(Arc<str>),
    /// Text decoded out of other text: the decoder and the byte offset of the encoded run.
    Decoded {
        /// The decoder's name: `base64`, `hex`, …
        by: &'static str,
        /// Byte offset of the encoded run in the surrounding member.
        at: u64,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Member(name) | Step::Cell(name) => f.write_str(name),
            Step::Page(n) => write!(f, "page {n}"),
            Step::Decoded { by, at } => write!(f, "{by}@{at}"),
        }
    }
}

/// The commit that brought a file's content into a repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Revision {
    /// Its id in hexadecimal digits.
    pub commit: String,
    /// `Name <address>`.
    pub author: String,
    /// Author date, ISO 8601 with offset.
    pub date: String,
    /// Is the content still in the tree of `HEAD`?
    pub in_head: bool,
}

/// Where bytes come from: a path, and every step inward from it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The commit, where the file is one of a repository's history.
    pub revision: Option<Arc<Revision>>,
    /// The file as the user would name it; `-` for standard input.
    pub path: Arc<Path>,
    /// The steps inward, outermost first.
    pub inside: Vec<Step>,
}

impl Origin {
    /// A file itself.
    pub fn file(path: impl Into<Arc<Path>>) -> Origin {
        Origin { revision: None, path: path.into(), inside: Vec::new() }
    }

    /// A file as a commit has it.
    pub fn revised(path: impl Into<Arc<Path>>, revision: Arc<Revision>) -> Origin {
        Origin { revision: Some(revision), ..Origin::file(path) }
    }

    /// The same origin, one step further in.
    pub fn step(&self, step: Step) -> Origin {
        let mut inside = Vec::with_capacity(self.inside.len() + 1);
        inside.extend_from_slice(&self.inside);
        inside.push(step);
        Origin { revision: self.revision.clone(), path: self.path.clone(), inside }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        for step in &self.inside {
            write!(f, " › {step}")?;
        }
        Ok(())
    }
}

/// The bounds of a [`Budget`]. An ordinary download folder never meets them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Containers and decoders within each other.
    pub nesting: usize,
    /// Members over all depths of one file.
    pub members: u64,
    /// Bytes unpacked or decoded over all depths of one file.
    pub bytes: u64,
    /// Bytes out for each byte in, once more than 64 MiB came out: of a member, and of the file
    /// over all depths.
    pub ratio: u64,
    /// Time for one file, over all its parts.
    pub time: Duration,
    /// Largest file or member that is read at all; `None` reads every size.
    pub file_size: Option<u64>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            nesting: 16,
            members: 1_000_000,
            bytes: 64 << 30,
            ratio: 1_000,
            time: Duration::from_secs(600),
            file_size: None,
        }
    }
}

impl Limits {
    /// May `packed` bytes become `unpacked` bytes?
    pub fn check_ratio(&self, packed: u64, unpacked: u64) -> std::result::Result<(), Problem> {
        match unpacked > RATIO_FREE && unpacked / packed.max(1) > self.ratio {
            true => Err(limit("compression ratio", self.ratio)),
            false => Ok(()),
        }
    }
}

/// What is left of one file's [`Limits`]; shared by everything that comes out of that file.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    source_bytes: u64,
    members: u64,
    bytes: u64,
    deadline: Option<Instant>,
    left: Left,
}

/// What a [`Budget`] still allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Everything.
    All,
    /// The file has unpacked to far more than it can honestly hold. So that a bomb does not
    /// hide its neighbours, each further direct member of the file gets a [`GLANCE`].
    Glances,
    /// Nothing: the work itself has become too much.
    Nothing,
}

/// What a problem says of a file that was not read to its end because the scan was told to stop.
pub const STOPPED: &str = "the scan was stopped";

/// Bytes of a member that are looked at although the file's ratio is spent.
pub const GLANCE: u64 = 64 << 10;

/// Below this many bytes out, the ratio is not looked at: small files of zeros are ordinary.
const RATIO_FREE: u64 = 64 << 20;

impl Budget {
    /// The budget of one file of `source_bytes` (0 if unknown), counted from `now`.
    pub fn new(limits: &Limits, source_bytes: u64, now: Instant) -> Budget {
        Budget {
            limits: limits.clone(),
            source_bytes,
            members: 0,
            bytes: 0,
            deadline: now.checked_add(limits.time),
            left: Left::All,
        }
    }

    /// What is still allowed.
    pub fn left(&self) -> Left {
        self.left
    }

    /// May something at this depth be opened? Depth 0 is the file itself. Nesting concerns this
    /// member alone; after every other limit [`Budget::left`] says how to go on.
    pub fn enter(&mut self, origin: &Origin) -> std::result::Result<(), Problem> {
        if origin.inside.len() > self.limits.nesting {
            return Err(limit("nesting", self.limits.nesting as u64));
        }
        if !origin.inside.is_empty() {
            self.members += 1;
            if self.members > self.limits.members {
                self.left = Left::Nothing;
                return Err(limit("members", self.limits.members));
            }
        }
        Ok(())
    }

    /// Accounts for `n` more bytes that were unpacked or decoded.
    pub fn spend(&mut self, n: u64) -> std::result::Result<(), Problem> {
        self.bytes = self.bytes.saturating_add(n);
        if self.bytes > self.limits.bytes {
            self.left = Left::Nothing;
            return Err(limit("unpacked bytes", self.limits.bytes));
        }
        // A stream's size is unknown; its members' own ratios are looked at where they unpack.
        if self.left == Left::All && self.source_bytes > 0 {
            self.limits.check_ratio(self.source_bytes, self.bytes).inspect_err(|_| self.left = Left::Glances)?;
        }
        Ok(())
    }

    /// Bytes that may still be unpacked before a limit is met.
    pub fn remaining(&self) -> u64 {
        let by_ratio = match (self.left, self.source_bytes) {
            (Left::All, 1..) => self.source_bytes.saturating_mul(self.limits.ratio + 1).max(RATIO_FREE),
            _ => u64::MAX,
        };
        self.limits.bytes.min(by_ratio).saturating_sub(self.bytes)
    }

    /// Is there time left at `now`?
    pub fn check_time(&mut self, now: Instant) -> std::result::Result<(), Problem> {
        match self.deadline {
            Some(deadline) if now > deadline => {
                self.left = Left::Nothing;
                Err(limit("seconds", self.limits.time.as_secs()))
            }
            _ => Ok(()),
        }
    }

    /// Ends the work on this file: the scan has been told to stop.
    pub fn stop(&mut self) -> Problem {
        self.left = Left::Nothing;
        Problem::new(ProblemKind::Limit, STOPPED)
    }

    /// Bytes unpacked or decoded so far.
    pub fn spent(&self) -> u64 {
        self.bytes
    }

    /// What to say of a part that was not looked at because the file's ratio is spent.
    pub fn ratio_problem(&self) -> Problem {
        limit("compression ratio", self.limits.ratio)
    }

    /// The bounds themselves.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

fn limit(what: &str, bound: u64) -> Problem {
    Problem::new(ProblemKind::Limit, format!("{what} > {bound}"))
}
