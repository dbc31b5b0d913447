//! An entry's data → its content: decrypted, decompressed, compared with its checksum.
//!
//! Methods of APPNOTE 6.3.10, 4.4.5. A method that is not known here is a problem by its name.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::super::section::Section;
use super::super::unpacked::{MEMORY, Unpacked, fault};
use super::super::zstd::Zstd;
use super::crypto::Decrypted;
use super::header::Entry;
use crate::chunk::Limits;
use crate::error::{Problem, ProblemKind};

/// Opens an entry whose data ends at `packed`'s end.
pub(super) fn open<'a>(
    entry: &Entry,
    packed: Section<'a>,
    inflate: &'a mut Decompress,
    password: Option<&[u8]>,
    limits: &'a Limits,
) -> Result<Content<'a>, Problem> {
    let taken = Rc::new(Cell::new(0));
    let counted = Counted { inner: packed, taken: taken.clone() };
    let decoder: Box<dyn Read + 'a> = if entry.is_encrypted() {
        let encrypted = || Problem::new(ProblemKind::Encrypted, "zip");
        let password = password.filter(|_| !entry.is_strongly_encrypted()).ok_or_else(encrypted)?;
        let plain = Decrypted::new(counted, entry, password).map_err(|e| fault(&e, "zip"))?.ok_or_else(encrypted)?;
        decoder(entry, BufReader::with_capacity(32 << 10, plain), inflate)?
    } else {
        decoder(entry, counted, inflate)?
    };
    Ok(Content {
        inner: Unpacked::new(decoder, taken.clone(), limits, "zip"),
        taken,
        crc: Crc::new(),
        // WinZip's AE-2 has no checksum; its authentication code takes that part.
        wanted: (entry.measured && entry.aes.is_none_or(|(_, version)| version == 1)).then_some(entry.crc),
        size: entry.measured.then_some(entry.size),
        ended: false,
    })
}

fn decoder<'a, R: BufRead + 'a>(
    entry: &Entry,
    mut data: R,
    inflate: &'a mut Decompress,
) -> Result<Box<dyn Read + 'a>, Problem> {
    let failed = |e: &io::Error| fault(e, "zip");
    Ok(match entry.method {
        0 => Box::new(data),
        8 => Box::new(Inflate::new(data, inflate)),
        9 => Box::new(deflate64::Deflate64Decoder::with_buffer(data)),
        12 => Box::new(bzip2::bufread::MultiBzDecoder::new(data)),
        14 => {
            // APPNOTE 5.8.8: version, length of the properties, properties.
            let mut head = [0; 9];
            data.read_exact(&mut head).map_err(|e| failed(&e))?;
            let dictionary = u32::from_le_bytes([head[5], head[6], head[7], head[8]]);
            let needs = lzma_rust2::lzma_get_memory_usage_by_props(dictionary, head[4]).map_err(|e| failed(&e))?;
            if u64::from(needs) > MEMORY >> 10 {
                return Err(failed(&io::ErrorKind::OutOfMemory.into()));
            }
            let size = if entry.measured && entry.flags & 2 == 0 { entry.size } else { u64::MAX };
            let decoder = lzma_rust2::LzmaReader::new_with_props(data, size, head[4], dictionary, None);
            Box::new(decoder.map_err(|e| failed(&e))?)
        }
        20 | 93 => Box::new(Zstd::new(data)),
        95 => Box::new(lzma_rust2::XzReader::new_mem_limit(data, true, (MEMORY >> 10) as u32)),
        98 => {
            // APPNOTE 5.10: order, MiB of memory and method of restoring in two bytes.
            let mut head = [0; 2];
            data.read_exact(&mut head).map_err(|e| failed(&e))?;
            let head = u16::from_le_bytes(head);
            let (order, memory) = (u32::from(head & 15) + 1, (u32::from(head >> 4 & 0xFF) + 1) << 20);
            if u64::from(memory) > MEMORY {
                return Err(failed(&io::ErrorKind::OutOfMemory.into()));
            }
            let restore = match head >> 12 {
                0 => ppmd_rust::RestoreMethod::Restart,
                1 => ppmd_rust::RestoreMethod::CutOff,
                _ => return Err(Problem::new(ProblemKind::Unsupported, "zip (PPMd freeze)")),
            };
            let damaged = |_| Problem::new(ProblemKind::Damaged, "zip");
            let decoder = ppmd_rust::Ppmd8Decoder::new(data, order, memory, restore).map_err(damaged)?;
            Box::new(decoder.take(if entry.measured { entry.size } else { u64::MAX }))
        }
        other => return Err(Problem::new(ProblemKind::Unsupported, format!("zip ({})", method_name(other)))),
    })
}

fn method_name(method: u16) -> String {
    match method {
        1 => "shrink".to_owned(),
        2..=5 => "reduce".to_owned(),
        6 => "implode".to_owned(),
        10 | 18 => "IBM TERSE".to_owned(),
        19 => "IBM LZ77".to_owned(),
        94 => "MP3".to_owned(),
        96 => "JPEG".to_owned(),
        97 => "WavPack".to_owned(),
        other => format!("method {other}"),
    }
}

/// The content of an entry. Fails at its end if it is not what the header says it is.
pub(super) struct Content<'a> {
    inner: Unpacked<'a, Box<dyn Read + 'a>>,
    taken: Rc<Cell<u64>>,
    crc: Crc,
    wanted: Option<u32>,
    size: Option<u64>,
    ended: bool,
}

impl Content<'_> {
    /// The number of bytes of data that the content took, once it was read to its end.
    pub(super) fn taken(&self) -> Option<u64> {
        self.ended.then(|| self.taken.get())
    }
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let n = self.inner.read(buffer)?;
        if n > 0 || buffer.is_empty() {
            self.crc.update(&buffer[..n]);
            return Ok(n);
        }
        self.ended = true;
        // `Crc` counts modulo 2^32, and so do old headers.
        let sized = self.size.is_none_or(|size| size as u32 == self.crc.amount());
        match sized && self.wanted.is_none_or(|wanted| wanted == self.crc.sum()) {
            true => Ok(0),
            false => Err(Problem::new(ProblemKind::Damaged, "zip").into()),
        }
    }
}

/// Counts what is consumed, exactly.
struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.taken.set(self.taken.get() + n as u64);
        self.inner.consume(n);
    }
}

/// Deflate (RFC 1951) that knows whether its end was reached; flate2's own reader takes a cut
/// stream for a whole one.
struct Inflate<'a, R> {
    source: R,
    state: &'a mut Decompress,
    ended: bool,
}

impl<'a, R: BufRead> Inflate<'a, R> {
    fn new(source: R, state: &'a mut Decompress) -> Inflate<'a, R> {
        state.reset(false);
        Inflate { source, state, ended: false }
    }
}

impl<R: BufRead> Read for Inflate<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !buffer.is_empty() {
            let input = self.source.fill_buf()?;
            let empty = input.is_empty();
            let (took, gave) = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress(input, buffer, FlushDecompress::None);
            self.source.consume((self.state.total_in() - took) as usize);
            let n = (self.state.total_out() - gave) as usize;
            self.ended = matches!(status, Ok(Status::StreamEnd));
            if n > 0 {
                return Ok(n);
            }
            match status {
                Ok(Status::StreamEnd) => {}
                Ok(_) if empty => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(_) => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        Ok(0)
    }
}
