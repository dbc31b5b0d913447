//! Where bytes come from: the trait [`Source`] and its kinds.
//!
//! A source lists items in a fixed order; the scan loop opens and reads them, many at once.
//! Nothing is scanned here.

mod added;
mod ahead;
mod digest;
mod directory;
mod exclusions;
mod files;
pub mod git;
mod ignored;
mod list;
mod stamp;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::chunk::Origin;
use crate::error::Problem;

pub use added::Added;
pub use ahead::Ahead;
pub use digest::sha256;
pub use directory::Directory;
pub use exclusions::{Exclusion, Exclusions};
pub use files::{Files, Options};
pub use list::List;
pub use stamp::Stamp;

/// Lists what is to be looked at, in the order in which findings are reported.
pub trait Source: Send {
    /// Appends up to `most` further items; none when the end is reached. Cheap enough to be
    /// called under a lock.
    fn next(&mut self, items: &mut Vec<Item>, most: usize);

    /// What was passed over on purpose so far, by the reason's name.
    fn skipped(&self) -> Skipped {
        Skipped::default()
    }
}

/// What was passed over because the user or the operating system's order says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Hidden entries (`--skip-hidden`); a folder counts once.
    pub hidden: u64,
    /// Entries that git ignores (`--respect-ignore`); a folder counts once.
    pub ignored: u64,
    /// Symbolic links; what they point to inside the root is looked at under its own name.
    pub links: u64,
    /// Folders and files that an exclusion names; a folder counts once.
    pub excluded: u64,
    /// FIFOs, sockets, devices, and file systems that the kernel makes up (`/proc`).
    pub special: u64,
    /// Commits of other repositories (git submodules).
    pub submodules: u64,
}

/// One thing to look at.
#[derive(Debug)]
pub struct Item {
    /// Its name for people.
    pub origin: Origin,
    /// How to get at its bytes.
    pub body: Body,
}

/// How to get at an item's bytes.
pub enum Body {
    /// An entry of an open directory.
    Entry(Arc<Directory>, OsString),
    /// A file by its path.
    Path(PathBuf),
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// Bytes in memory of which only a part is new; the rest is context.
    Partly(Vec<u8>, Added),
    /// A stream of any length.
    Stream(Box<dyn Read + Send>),
    /// Another one, whose stamp is wanted from the moment when it is opened.
    Stamped(Box<Body>, Arc<OnceLock<Stamp>>),
    /// It could not even be listed.
    Failed(Problem),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the content.
        f.write_str(match self {
            Body::Entry(..) => "Entry",
            Body::Path(_) => "Path",
            Body::Bytes(_) => "Bytes",
            Body::Partly(..) => "Partly",
            Body::Stream(_) => "Stream",
            Body::Stamped(..) => "Stamped",
            Body::Failed(_) => "Failed",
        })
    }
}

/// An item that has been opened.
pub enum Opened {
    /// A regular file, and what the system said of it when it was opened.
    File(File, Stamp),
    /// Bytes in memory.
    Bytes(io::Cursor<Vec<u8>>),
    /// A stream.
    Stream(Box<dyn Read + Send>),
}

impl Opened {
    /// Size in bytes where it is known.
    pub fn size(&self) -> Option<u64> {
        match self {
            Opened::File(_, stamp) => Some(stamp.size),
            Opened::Bytes(bytes) => Some(bytes.get_ref().len() as u64),
            Opened::Stream(_) => None,
        }
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::File(file, _) => file.read(buffer),
            Opened::Bytes(bytes) => bytes.read(buffer),
            Opened::Stream(stream) => stream.read(buffer),
        }
    }
}

impl Body {
    /// Takes out which part of it is asked for; `None` for all of it.
    pub fn take_added(&mut self) -> Option<Added> {
        match self {
            Body::Partly(_, added) => Some(std::mem::take(added)),
            _ => None,
        }
    }

    /// What the system says of it without opening it; `None` if it has no place on a disk.
    pub fn stamp(&self) -> Option<io::Result<Stamp>> {
        match self {
            Body::Entry(directory, name) => Some(directory.stamp(name)),
            Body::Path(path) => Some(Stamp::of(path)),
            Body::Stamped(body, _) => body.stamp(),
            Body::Bytes(_) | Body::Partly(..) | Body::Stream(_) | Body::Failed(_) => None,
        }
    }

    /// The same item, to be opened once more; `None` for what can be read only once.
    pub fn again(&self) -> Option<Body> {
        match self {
            Body::Entry(directory, name) => Some(Body::Entry(directory.clone(), name.clone())),
            Body::Path(path) => Some(Body::Path(path.clone())),
            Body::Stamped(body, _) => body.again(),
            Body::Bytes(_) | Body::Partly(..) | Body::Stream(_) | Body::Failed(_) => None,
        }
    }

    /// Its name without folders, if it is a file.
    pub fn file_name(&self) -> Option<&OsStr> {
        match self {
            Body::Entry(_, name) => Some(name),
            Body::Path(path) => path.file_name(),
            Body::Stamped(body, _) => body.file_name(),
            Body::Bytes(_) | Body::Partly(..) | Body::Stream(_) | Body::Failed(_) => None,
        }
    }

    /// The files of the directory that this one is in, in the order of their names, and which of
    /// them it is. Fails if the directory cannot be read, or if this is no file.
    pub fn beside(&self) -> io::Result<(Vec<Body>, usize)> {
        let directory = match self {
            // Opened once more: whoever walks it reads on where another has stopped.
            Body::Entry(directory, _) => directory.open_directory(".".as_ref())?,
            Body::Path(path) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                Directory::open(folder.unwrap_or(".".as_ref()))?
            }
            Body::Stamped(body, _) => return body.beside(),
            Body::Bytes(_) | Body::Partly(..) | Body::Stream(_) | Body::Failed(_) => {
                return Err(io::ErrorKind::InvalidInput.into());
            }
        };
        let directory = Arc::new(directory);
        let entries = directory.entries()?;
        let names = (0..).map_while(|i| entries.get(i)).filter(|(_, kind)| *kind == directory::Kind::File);
        let names: Vec<_> = names.map(|(name, _)| name).collect();
        let index = names.iter().position(|known| Some(known.as_os_str()) == self.file_name()).unwrap_or(0);
        Ok((names.into_iter().map(|name| Body::Entry(directory.clone(), name)).collect(), index))
    }

    /// Opens it. Never follows a link, never opens a FIFO or device, does not change access
    /// times where the system lets us.
    pub fn open(self) -> Result<Opened, Problem> {
        match self {
            Body::Entry(directory, name) => directory.open_file(&name),
            Body::Path(path) => directory::open_path(&path),
            Body::Bytes(bytes) | Body::Partly(bytes, _) => Ok(Opened::Bytes(io::Cursor::new(bytes))),
            Body::Stream(stream) => Ok(Opened::Stream(stream)),
            Body::Stamped(body, at) => {
                let opened = body.open()?;
                if let Opened::File(_, stamp) = &opened {
                    // It is set once: a body is opened once.
                    let _ = at.set(*stamp);
                }
                Ok(opened)
            }
            Body::Failed(problem) => Err(problem),
        }
    }
}
