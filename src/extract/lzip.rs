//! lzip as a reader: all members of a stream, one after another, their trailers compared (lzip's
//! manual, "File format"). What follows the last member and begins none is damage.

use std::io::{self, Read};

use lzma_rust2::LzmaReader;

use super::part::fill;
use super::unpacked::MEMORY;

/// What a member begins with; then the size of the dictionary, in a byte.
pub(super) const MAGIC: &[u8] = b"LZIP\x01";
/// CRC-32 and size of the content, size of the member.
const TRAILER: usize = 20;

/// What was read ahead, then the source.
struct Rest<R> {
    ready: io::Cursor<Vec<u8>>,
    source: R,
}

impl<R: Read> Read for Rest<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.ready.read(buffer)? {
            0 => self.source.read(buffer),
            n => Ok(n),
        }
    }
}

enum State<R> {
    Between(Rest<R>),
    Within(Box<LzmaReader<Rest<R>>>, crc32fast::Hasher, u64),
    Ended,
}

/// The content of all members.
pub(super) struct Lzip<R>(State<R>);

impl<R: Read> Lzip<R> {
    pub(super) fn new(source: R) -> Lzip<R> {
        Lzip(State::Between(Rest { ready: io::Cursor::default(), source }))
    }
}

impl<R: Read> Read for Lzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.0, State::Ended) {
                State::Ended => return Ok(0),
                State::Between(mut rest) => {
                    let mut header = [0; MAGIC.len() + 1];
                    match fill(&mut rest, &mut header)? {
                        0 => return Ok(0),
                        n if n < header.len() || !header.starts_with(MAGIC) => {
                            return Err(io::ErrorKind::InvalidData.into());
                        }
                        _ => {}
                    }
                    let dictionary = dictionary(header[MAGIC.len()]).ok_or(io::ErrorKind::InvalidData)?;
                    if u64::from(dictionary) > MEMORY {
                        return Err(io::ErrorKind::OutOfMemory.into());
                    }
                    // Its own properties are fixed: 3 bits of literal context, none of literal
                    // position, 2 of position; a marker ends the content.
                    let content = LzmaReader::new(rest, u64::MAX, 3, 0, 2, dictionary, None)?;
                    self.0 = State::Within(Box::new(content), crc32fast::Hasher::new(), 0);
                }
                State::Within(mut content, mut crc, size) => match content.read(buffer)? {
                    0 => {
                        let (Rest { ready, source }, mut ahead) = content.into_parts();
                        let at = ready.position() as usize;
                        ahead.extend_from_slice(ready.get_ref().get(at..).unwrap_or_default());
                        let mut rest = Rest { ready: io::Cursor::new(ahead), source };
                        check(&mut rest, crc.finalize(), size)?;
                        self.0 = State::Between(rest);
                    }
                    n => {
                        crc.update(&buffer[..n]);
                        self.0 = State::Within(content, crc, size + n as u64);
                        return Ok(n);
                    }
                },
            }
        }
    }
}

/// Compares a member's trailer with what came out.
fn check(rest: &mut dyn Read, crc: u32, size: u64) -> io::Result<()> {
    let mut trailer = [0; TRAILER];
    let whole = fill(rest, &mut trailer)? == TRAILER;
    let fits = trailer[..4] == crc.to_le_bytes() && trailer[4..12] == size.to_le_bytes();
    if whole && fits { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// The dictionary's size in bytes: a power of two, less some sixteenths of it.
fn dictionary(coded: u8) -> Option<u32> {
    let power = 1_u32 << (coded & 0x1F).min(31);
    let size = power - (power >> 4) * u32::from(coded >> 5);
    (4 << 10..=512 << 20).contains(&size).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_dictionaries() {
        // The manual's own example, the smallest, and what is outside.
        assert_eq!([0xD3, 0x0C, 0x0B, 0x1E].map(dictionary), [Some(320 << 10), Some(4 << 10), None, None]);
    }
}
