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

/// Most bytes of a stream that are kept in memory where a format needs any place of it. Never on
/// disk: what was packed, and perhaps encrypted, must not lie there in the clear because of us.
const MOST_KEPT: u64 = 256 << 20;

impl<'a> Input<'a> {
    /// An input that is a stream.
    pub fn new(reader: &'a mut dyn Read, name: &'a str, limits: &'a Limits) -> Input<'a> {
        Input { reader, size: None, name, file: None, limits, cut: None, kept: None }
    }

    /// The whole content at any offset: the file itself, else a copy in memory, made once. Use
    /// instead of `reader`, not after it. Fails if the stream is too long to keep; one that breaks
    /// off gives what came before, and the reason in `cut`.
    pub fn random_access(&mut self) -> Result<Box<dyn ReadAt + 'a>, Problem> {
        if let Some(file) = self.file {
            return Ok(Box::new(file));
        }
        let kept = match &self.kept {
            Some(kept) => kept.clone(),
            None => Rc::new(self.keep()?),
        };
        self.kept = Some(kept.clone());
        Ok(Box::new(kept))
    }

    /// A copy of the stream. In memory it takes anonymous pages: only those that are written
    /// cost memory, nothing is copied while it grows, and all of it goes back to the system at
    /// once.
    fn keep(&mut self) -> Result<Kept, Problem> {
        let failed = |e: io::Error| Problem::from_io(&e);
        let too_long = || Problem::new(ProblemKind::Limit, format!("bytes in memory > {MOST_KEPT}"));
        // One byte more than is allowed, to see that there is more.
        let room = usize::try_from(MOST_KEPT + 1).map_err(|_| too_long())?;
        let mut pages = MmapMut::map_anon(room).map_err(failed)?;
        let mut length = 0;
        while let Some(n) = self.some(&mut pages[length..]) {
            length += n;
        }
        if length < room { Ok(Kept { pages, length }) } else { Err(too_long()) }
    }

    /// The next bytes of the stream; `None` at its end, or where it breaks off.
    fn some(&mut self, buffer: &mut [u8]) -> Option<usize> {
        loop {
            match self.reader.read(buffer) {
                Ok(0) => return None,
                Ok(n) => return Some(n),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.cut = Some(Problem::from_io(&e));
                    return None;
                }
            }
        }
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

impl ReadAt for Rc<Kept> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_streams_are_kept_as_far_as_they_go() {
        struct Broken(u64);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let n = buffer.len().min(usize::try_from(self.0).unwrap_or(usize::MAX));
                self.0 -= n as u64;
                buffer[..n].fill(7);
                if n == 0 { Err(io::ErrorKind::InvalidData.into()) } else { Ok(n) }
            }
        }
        let limits = Limits::default();
        for length in [0, 10, 300_000] {
            let mut stream = Broken(length);
            let mut input = Input::new(&mut stream, "x", &limits);
            let kept = input.random_access().expect("kept");
            let mut last = [0; 9];
            let n = kept.read_at(&mut last, length.saturating_sub(5)).expect("read");
            assert_eq!((kept.size(), n as u64, input.cut.is_some()), (length, length.min(5), true));
            assert!(last[..n].iter().all(|&b| b == 7));
        }
    }
}
