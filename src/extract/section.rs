//! A part of a file as a reader, through a buffer that is used again for the next part.

use std::io::{self, BufRead, Read};

use super::ReadAt;

/// Bytes `at..end` of a file. Ends with an error if the file does not reach that far.
pub(super) struct Section<'a> {
    file: &'a dyn ReadAt,
    buffer: &'a mut Vec<u8>,
    ready: std::ops::Range<usize>,
    at: u64,
    end: u64,
}

/// Bytes read at a time.
const BUFFER: usize = 64 << 10;

impl<'a> Section<'a> {
    pub(super) fn new(file: &'a dyn ReadAt, buffer: &'a mut Vec<u8>, at: u64, end: u64) -> Section<'a> {
        Section { file, buffer, ready: 0..0, at, end }
    }

    fn next(&mut self, most: usize) -> usize {
        usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(most)
    }
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What is read in large pieces anyway goes past the buffer.
        if self.ready.is_empty() && buffer.len() >= BUFFER {
            let want = self.next(buffer.len());
            if want == 0 {
                return Ok(0);
            }
            let n = self.file.read_at(&mut buffer[..want], self.at)?;
            self.at += n as u64;
            return if n == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(n) };
        }
        let ready = self.fill_buf()?;
        let n = ready.len().min(buffer.len());
        buffer[..n].copy_from_slice(&ready[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Section<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.ready.is_empty() {
            let want = self.next(BUFFER);
            if want > 0 {
                self.buffer.resize(BUFFER.max(self.buffer.len()), 0);
                let n = self.file.read_at(&mut self.buffer[..want], self.at)?;
                if n == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.at += n as u64;
                self.ready = 0..n;
            }
        }
        Ok(&self.buffer[self.ready.clone()])
    }

    fn consume(&mut self, n: usize) {
        self.ready.start = (self.ready.start + n).min(self.ready.end);
    }
}

/// Reads up to `buffer.len()` bytes at an offset; fewer only at the end.
pub(super) fn read_full(file: &dyn ReadAt, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], at + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// The first place at or after `from` and before `end` where `needle` (at most 64 bytes) stands
/// whole.
pub(super) fn find(file: &dyn ReadAt, needle: &[u8], from: u64, end: u64) -> io::Result<Option<u64>> {
    let mut buffer = vec![0; BUFFER];
    let mut at = from;
    while at < end {
        let want = usize::try_from(end - at).unwrap_or(usize::MAX).min(BUFFER);
        let n = read_full(file, &mut buffer[..want], at)?;
        if let Some(i) = memchr::memmem::find(&buffer[..n], needle) {
            return Ok(Some(at + i as u64));
        }
        if n < want || n < needle.len() || at + n as u64 >= end {
            break;
        }
        // The needle may lie across the border.
        at += (n - needle.len() + 1) as u64;
    }
    Ok(None)
}
