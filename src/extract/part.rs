//! A part of a stream whose length is known before it begins: a member of tar, ar or cpio.

use std::io::{self, Read};

use crate::error::{Problem, ProblemKind};

/// The next `left` bytes of a stream. Ends with a problem if the stream ends before.
pub(super) struct Part<'a> {
    source: &'a mut dyn Read,
    left: u64,
    /// The format's name, for the problem.
    format: &'static str,
}

impl<'a> Part<'a> {
    pub(super) fn new(source: &'a mut dyn Read, length: u64, format: &'static str) -> Part<'a> {
        Part { source, left: length, format }
    }

    /// Passes over what is left.
    pub(super) fn skip(mut self) -> Result<(), Problem> {
        io::copy(&mut self, &mut io::sink()).map(drop).map_err(|e| Problem::from_io(&e))
    }

    /// All of it in memory; nothing and `false` if it is longer than `most` bytes.
    pub(super) fn bytes(mut self, most: u64) -> Result<Option<Vec<u8>>, Problem> {
        if self.left > most {
            return self.skip().map(|()| None);
        }
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).map_err(|e| Problem::from_io(&e))?;
        Ok(Some(bytes))
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let n = self.source.read(&mut buffer[..most])?;
        if n == 0 {
            return Err(Problem::new(ProblemKind::Damaged, self.format).into());
        }
        self.left -= n as u64;
        Ok(n)
    }
}

/// Fills a buffer; fewer bytes only at the end of the stream.
pub(super) fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, Problem> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(Problem::from_io(&e)),
        }
    }
    Ok(filled)
}
