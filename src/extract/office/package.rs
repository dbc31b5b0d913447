//! The zip package of an OOXML or ODF document: single parts by name, and all of them in turn.
//!
//! By name are read the few parts that say what the others are; in turn come all that the zip
//! reader finds, also duplicates and what the directory does not name. Reads no XML.

use std::cell::Cell;
use std::io::{self, Read};

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};

use crate::chunk::{Limits, Step};
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;
use crate::extract::{Block, Input, ReadAt, Visit, zip};

/// Most bytes of a small part (relations, list of sheets) that are kept in memory.
const MOST_KEPT: u64 = 16 << 20;
/// Below this many bytes out, the ratio is not looked at.
const RATIO_FREE: u64 = 64 << 20;

/// One part.
#[derive(Debug)]
pub(super) struct Part {
    /// Its name without a leading slash: `word/document.xml`.
    pub(super) name: String,
    method: CompressionMethod,
    encrypted: bool,
    claim: rawzip::ZipVerification,
    way: ZipArchiveEntryWayfinder,
}

/// An open package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Bytes<'a>>,
    /// All files of the directory.
    parts: Vec<Part>,
    /// Bytes that may still be unpacked.
    left: Cell<u64>,
}

impl<'a> Package<'a> {
    /// Reads the directory.
    pub(super) fn open(input: &mut Input<'a>) -> Result<Package<'a>, Problem> {
        let bytes = Bytes(input.random_access()?);
        let size = bytes.0.size();
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let archive = ZipLocator::new().locate_in_reader(bytes, &mut buffer, size).map_err(|_| damaged())?;
        let parts = list(&archive, &mut buffer, input.limits)?;
        let most = input.limits.bytes.min(size.saturating_mul(input.limits.ratio).max(RATIO_FREE));
        Ok(Package { archive, parts, left: Cell::new(most) })
    }

    /// The last part of a name; names differ in nothing but case on some systems.
    pub(super) fn find(&self, name: &str) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.name.eq_ignore_ascii_case(name))
    }

    /// A part's content. Reading fails with `InvalidData` where it is broken.
    pub(super) fn read(&self, part: &Part) -> Result<Box<dyn Read + '_>, Problem> {
        if part.encrypted {
            return Err(Problem::new(ProblemKind::Encrypted, "zip"));
        }
        let entry = self.archive.get_entry(part.way).map_err(|_| damaged())?;
        // The entry's own borrow ends here, so the range is read through a reader of ours.
        let (from, to) = entry.compressed_data_range();
        let raw = rawzip::RangeReader::new(self.archive.get_ref(), from..to);
        let content: Box<dyn Read + '_> = match part.method {
            CompressionMethod::STORE => Box::new(raw),
            CompressionMethod::DEFLATE => Box::new(DeflateDecoder::new(raw)),
            method => {
                let what = format!("zip: {}", method.name().unwrap_or("unknown compression"));
                return Err(Problem::new(ProblemKind::Unsupported, what));
            }
        };
        Ok(Box::new(Checked { content, left: &self.left, claim: part.claim, crc: flate2::Crc::new(), read: 0 }))
    }

    /// A small part as a whole; `None` if there is none of the name.
    pub(super) fn small(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some(part) = self.find(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.read(part)?.take(MOST_KEPT).read_to_end(&mut bytes).map_err(|e| problem(&e))?;
        Ok(Some(bytes))
    }
}

fn list(archive: &ZipArchive<Bytes<'_>>, buffer: &mut [u8], limits: &Limits) -> Result<Vec<Part>, Problem> {
    let mut parts = Vec::new();
    let mut entries = archive.entries(buffer);
    while let Some(entry) = entries.next_entry().map_err(|_| damaged())? {
        if entry.is_dir() {
            continue;
        }
        if parts.len() as u64 >= limits.members {
            return Err(Problem::new(ProblemKind::Limit, format!("members > {}", limits.members)));
        }
        let name = String::from_utf8_lossy(entry.file_path().as_bytes()).replace('\\', "/");
        parts.push(Part {
            name: name.trim_start_matches('/').to_owned(),
            method: entry.compression_method(),
            encrypted: entry.flags().is_encrypted(),
            claim: rawzip::ZipVerification { crc: entry.crc32(), uncompressed_size: entry.uncompressed_size_hint() },
            way: entry.wayfinder(),
        });
    }
    Ok(parts)
}

/// What looks at a part: its name, its content, where its text goes. A problem comes with what
/// the part is called.
pub(super) type Look<'e> = &'e mut dyn FnMut(&str, &mut dyn Read, &mut Blocks<'_>) -> Result<(), (Step, Problem)>;

/// Looks at every part that the zip has.
pub(super) fn every_part(input: &mut Input<'_>, blocks: &mut Blocks<'_>, look: Look<'_>) -> Result<(), Problem> {
    let size = input.random_access()?.size();
    let most = input.limits.bytes.min(size.saturating_mul(input.limits.ratio).max(RATIO_FREE));
    zip::extract(input, &mut Parts { blocks, look, left: Cell::new(most) })
}

/// Parts on their way from the zip reader.
struct Parts<'b, 'v, 'e> {
    blocks: &'b mut Blocks<'v>,
    look: Look<'e>,
    left: Cell<u64>,
}

impl Visit for Parts<'_, '_, '_> {
    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let name = step.to_string();
        let mut content = Bounded { content: bytes, left: &self.left };
        let done = (self.look)(&name, &mut content, self.blocks);
        // What is left of a part is read for its checksum, and because it would else count as
        // data between the parts.
        let rest = io::copy(&mut content, &mut io::sink());
        let problem = match (done, rest) {
            (Err(problem), _) => Some(problem),
            (Ok(()), Err(e)) => Some((step, problem(&e))),
            (Ok(()), Ok(_)) => None,
        };
        if self.blocks.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        if let Some((step, problem)) = problem {
            self.blocks.visit().problem(Some(step), problem);
        }
        Ok(())
    }

    fn raw(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        self.blocks.visit().raw(step, bytes)
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        self.blocks.visit().block(block)
    }

    fn passwords(&mut self) -> Vec<String> {
        self.blocks.visit().passwords()
    }

    fn problem(&mut self, step: Option<Step>, problem: Problem) {
        self.blocks.visit().problem(step, problem);
    }
}

/// A part under the bound of all parts.
struct Bounded<'p> {
    content: &'p mut dyn Read,
    left: &'p Cell<u64>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.content.read(buffer)?;
        match self.left.get().checked_sub(n as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::new(io::ErrorKind::FileTooLarge, "unpacked bytes")),
        }
        Ok(n)
    }
}

/// The problem that a failure to read a part amounts to.
pub(super) fn problem(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Problem::new(ProblemKind::Limit, error.to_string()),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => damaged(),
        _ => Problem::from_io(error),
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "zip")
}

/// The document's bytes in the terms of the zip library.
struct Bytes<'a>(Box<dyn ReadAt + 'a>);

impl ReaderAt for Bytes<'_> {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.0.read_at(buffer, at)
    }
}

/// Content whose length and checksum must be those of the directory, under the package's bound.
struct Checked<'p> {
    content: Box<dyn Read + 'p>,
    left: &'p Cell<u64>,
    claim: rawzip::ZipVerification,
    crc: flate2::Crc,
    read: u64,
}

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.content.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::InvalidInput => io::Error::new(io::ErrorKind::InvalidData, "zip"),
            _ => e,
        })?;
        if n == 0 && !buffer.is_empty() {
            let found = rawzip::ZipVerification { crc: self.crc.sum(), uncompressed_size: self.read };
            return self.claim.valid(found).map(|()| 0).map_err(|_| io::ErrorKind::InvalidData.into());
        }
        self.crc.update(&buffer[..n]);
        self.read += n as u64;
        match self.left.get().checked_sub(n as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::new(io::ErrorKind::FileTooLarge, "unpacked bytes")),
        }
        Ok(n)
    }
}
