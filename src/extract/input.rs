//! What an extractor reads from: a stream from the beginning, or any place of it.

use std::fs::File;
use std::io::{self, Read};
use std::rc::Rc;

use memmap2::MmapMut;

use crate::chunk::Limits;
use crate::error::{Problem, ProblemKind};

/// A container or document to take apart.
pub struct Input<'a> {
    /// Its bytes from the beginning, once.
    pub reader: &'a mut dyn Read,
    /// Its size in bytes, where known.
    pub size: Option<u64>,
    /// Its own name without folders, for naming what is inside (`a.txt` in `a.txt.gz`); never
    /// to decide what it is.
    pub name: &'a str,
    /// Its bytes at any offset, where that costs nothing (a file on disk).
    pub file: Option<&'a dyn ReadAt>,
    /// The bounds of the file's budget.
    pub limits: &'a Limits,
    /// Passwords to try on what is encrypted.
    pub passwords: &'a [String],
    /// Why a stream ended early, once [`Input::random_access`] has read it.
    pub cut: Option<Problem>,
    kept: Option<Rc<Kept>>,
}

/// Bytes at any offset.
pub trait ReadAt {
    /// Reads some bytes at an offset; 0 is the end.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;
    /// Size in bytes.
    fn size(&self) -> u64;
}

/// Most bytes of a stream that are kept in memory where a format needs any place of it. A file
/// on disk has no such bound.
const MOST_KEPT: u64 = 256 << 20;

impl<'a> Input<'a> {
    /// An input that is a stream, without passwords.
    pub fn new(reader: &'a mut dyn Read, name: &'a str, limits: &'a Limits) -> Input<'a> {
        Input { reader, size: None, name, file: None, limits, passwords: &[], cut: None, kept: None }
    }

    /// The whole content at any offset: the file itself, else a copy in memory, made once. Use
    /// instead of `reader`, not after it. Fails if a stream is too long to keep; one that breaks
    /// off gives what came before, and the reason in `cut`.
    pub fn random_access(&mut self) -> Result<Box<dyn ReadAt + 'a>, Problem> {
        if let Some(file) = self.file {
            return Ok(Box::new(file));
        }
        if let Some(kept) = &self.kept {
            return Ok(Box::new(InMemory(kept.clone())));
        }
        let kept = Rc::new(self.keep().map_err(|e| Problem::from_io(&e))?);
        if kept.length as u64 > MOST_KEPT {
            return Err(Problem::new(ProblemKind::Limit, format!("bytes in memory > {MOST_KEPT}")));
        }
        self.kept = Some(kept.clone());
        Ok(Box::new(InMemory(kept)))
    }

    /// A copy of the stream in memory, one byte more than is allowed at the most. Anonymous
    /// pages: only those that are written to cost memory, nothing is copied while it grows, and
    /// all of it goes back to the system at once.
    fn keep(&mut self) -> io::Result<Kept> {
        let room = usize::try_from(MOST_KEPT + 1).map_err(io::Error::other)?;
        let mut kept = Kept { pages: MmapMut::map_anon(room)?, length: 0 };
        while kept.length < room {
            match self.reader.read(&mut kept.pages[kept.length..]) {
                Ok(0) => break,
                Ok(n) => kept.length += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.cut = Some(Problem::from_io(&e));
                    break;
                }
            }
        }
        Ok(kept)
    }
}

/// A file whose size was taken when it was opened; reads never use its position.
pub struct OnDisk<'a> {
    /// The open file.
    pub file: &'a File,
    /// Its size in bytes.
    pub size: u64,
}

impl ReadAt for OnDisk<'_> {
    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self.file, buffer, at)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self.file, buffer, at)
    }

    fn size(&self) -> u64 {
        self.size
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        (**self).read_at(buffer, at)
    }

    fn size(&self) -> u64 {
        (**self).size()
    }
}

/// Bytes of a stream that were kept.
struct Kept {
    pages: MmapMut,
    length: usize,
}

/// A copy in memory.
struct InMemory(Rc<Kept>);

impl ReadAt for InMemory {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let bytes = &self.0.pages[..self.0.length];
        let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn size(&self) -> u64 {
        self.0.length as u64
    }
}
