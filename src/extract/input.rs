//! What an extractor reads from: a stream from the beginning, or any place of it.

use std::fs::File;
use std::io::{self, Read};

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
    /// The open file, if it is one.
    pub file: Option<&'a File>,
    /// The bounds of the file's budget.
    pub limits: &'a Limits,
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
    /// The whole content at any offset: the file itself, else a copy in memory. Use instead of
    /// `reader`, not after it. Fails if a stream is too long to keep.
    pub fn random_access(&mut self) -> Result<Box<dyn ReadAt + 'a>, Problem> {
        if let Some(file) = self.file {
            let size = file.metadata().map_err(|e| Problem::from_io(&e))?.len();
            return Ok(Box::new(OnDisk { file, size }));
        }
        self.keep()
            .map_err(|e| Problem::from_io(&e))?
            .ok_or_else(|| Problem::new(ProblemKind::Limit, format!("bytes in memory > {MOST_KEPT}")))
    }

    /// A copy of the stream in memory; `None` if it is too long. Anonymous pages: only those
    /// that are written to cost memory, nothing is copied while it grows, and all of it goes
    /// back to the system at once.
    fn keep(&mut self) -> io::Result<Option<Box<dyn ReadAt + 'a>>> {
        let room = self.size.map_or(MOST_KEPT, |size| size.min(MOST_KEPT)) + 1;
        let mut pages = MmapMut::map_anon(usize::try_from(room).map_err(io::Error::other)?)?;
        let mut length = 0;
        while length < pages.len() {
            match self.reader.read(&mut pages[length..]) {
                Ok(0) => return Ok(Some(Box::new(InMemory { pages, length }))),
                Ok(n) => length += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(None)
    }
}

struct OnDisk<'a> {
    file: &'a File,
    size: u64,
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

struct InMemory {
    pages: MmapMut,
    length: usize,
}

impl ReadAt for InMemory {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let bytes = &self.pages[..self.length];
        let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn size(&self) -> u64 {
        self.length as u64
    }
}
