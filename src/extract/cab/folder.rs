//! A folder of a cabinet as one stream: blocks of up to 32 KiB, each packed with what came before
//! in mind.

use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress, Status};
use lzxd::{Lzxd, WindowSize};

use super::super::section::Section;
use crate::chunk::Limits;
use crate::error::{Problem, ProblemKind};

/// Most bytes of an unpacked block, and how far MSZIP looks back.
const BLOCK: usize = 32 << 10;

/// How a folder is packed.
pub(super) enum Packing {
    Stored,
    MsZip(Box<Decompress>),
    Lzx(Box<Lzxd>),
}

impl Packing {
    /// By the number in the list of folders; `None` for Quantum and what is not known.
    pub(super) fn of(number: u16) -> Option<Packing> {
        let window = || {
            Some(match number >> 8 {
                15 => WindowSize::KB32,
                16 => WindowSize::KB64,
                17 => WindowSize::KB128,
                18 => WindowSize::KB256,
                19 => WindowSize::KB512,
                20 => WindowSize::MB1,
                21 => WindowSize::MB2,
                _ => return None,
            })
        };
        match number & 0xF {
            0 => Some(Packing::Stored),
            1 => Some(Packing::MsZip(Box::new(Decompress::new(false)))),
            3 => Some(Packing::Lzx(Box::new(Lzxd::new(window()?)))),
            _ => None,
        }
    }
}

/// The unpacked bytes of a folder.
pub(super) struct Folder<'a> {
    section: Section<'a>,
    /// Blocks that are to come.
    blocks: u16,
    /// Bytes for applications before each block's data.
    reserve: usize,
    packing: Packing,
    limits: &'a Limits,
    packed: Vec<u8>,
    /// The block under way, and how much of it has been read.
    block: Vec<u8>,
    used: usize,
    at: u64,
    taken: u64,
    failed: Option<Problem>,
}

impl<'a> Folder<'a> {
    pub(super) fn new(
        section: Section<'a>,
        blocks: u16,
        reserve: usize,
        packing: Packing,
        limits: &'a Limits,
    ) -> Folder<'a> {
        Folder {
            section,
            blocks,
            reserve,
            packing,
            limits,
            packed: Vec::new(),
            block: Vec::new(),
            used: 0,
            at: 0,
            taken: 0,
            failed: None,
        }
    }

    /// Bytes of the folder that have been read.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Is nothing left that could be read?
    pub(super) fn is_at_end(&self) -> bool {
        self.failed.is_some() || self.used == self.block.len() && self.blocks == 0
    }

    /// The bytes up to a place. Reading fails if the folder ends before, unless everything to its
    /// end was asked for.
    pub(super) fn until(&mut self, end: u64) -> Part<'_, 'a> {
        Part { folder: self, end }
    }

    /// Unpacks the next block.
    fn next(&mut self) -> Result<(), Problem> {
        let mut header = [0; 8];
        let failed = |e: io::Error| match e.kind() {
            io::ErrorKind::UnexpectedEof => damaged(),
            _ => Problem::from_io(&e),
        };
        self.section.read_exact(&mut header).map_err(failed)?;
        let [c0, c1, c2, c3, p0, p1, u0, u1] = header;
        let packed = usize::from(u16::from_le_bytes([p0, p1]));
        let unpacked = usize::from(u16::from_le_bytes([u0, u1]));
        if unpacked == 0 {
            return Err(Problem::new(ProblemKind::Unsupported, "cab in several files"));
        }
        self.packed.resize(self.reserve + packed, 0);
        self.section.read_exact(&mut self.packed).map_err(failed)?;
        self.blocks -= 1;
        let data = self.packed.get(self.reserve..).unwrap_or_default();
        let said = u32::from_le_bytes([c0, c1, c2, c3]);
        // What an application has put before the data counts in a way that programs disagree on.
        if said != 0 && self.reserve == 0 && said != checksum(data) ^ u32::from_le_bytes([p0, p1, u0, u1]) {
            return Err(damaged());
        }
        let whole = match &mut self.packing {
            Packing::Stored => {
                self.block.clear();
                self.block.extend_from_slice(data);
                true
            }
            Packing::MsZip(inflater) => data
                .strip_prefix(b"CK")
                .is_some_and(|data| inflate(inflater, data, unpacked.min(BLOCK), &mut self.block)),
            Packing::Lzx(decoder) => decoder.decompress_next(data, unpacked.min(BLOCK)).is_ok_and(|out| {
                self.block.clear();
                self.block.extend_from_slice(out);
                true
            }),
        };
        self.used = 0;
        if !whole || self.block.len() != unpacked {
            return Err(damaged());
        }
        self.taken += packed as u64;
        self.limits.check_ratio(self.taken, self.at + self.block.len() as u64)
    }
}

/// Unpacks a block of MSZIP, which looks back into the block before it; `block` is both.
fn inflate(inflater: &mut Decompress, data: &[u8], length: usize, block: &mut Vec<u8>) -> bool {
    inflater.reset(false);
    if !block.is_empty() && inflater.set_dictionary(block).is_err() {
        return false;
    }
    let mut out = Vec::with_capacity(length + 1);
    let ended = inflater.decompress_vec(data, &mut out, FlushDecompress::Finish);
    *block = out;
    matches!(ended, Ok(Status::StreamEnd))
}

/// The words of a block put together by exclusive or; what is left at its end counts from its last
/// byte up.
fn checksum(data: &[u8]) -> u32 {
    let words = data.chunks_exact(4);
    let rest = words.remainder().iter().fold(0, |rest, &b| rest << 8 | u32::from(b));
    words.fold(rest, |sum, word| sum ^ word.iter().rev().fold(0, |word, &b| word << 8 | u32::from(b)))
}

/// Bytes of a folder up to a place.
pub(super) struct Part<'f, 'a> {
    folder: &'f mut Folder<'a>,
    end: u64,
}

impl Read for Part<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let folder = &mut *self.folder;
        if folder.at >= self.end || buffer.is_empty() {
            return Ok(0);
        }
        while folder.failed.is_none() && folder.used == folder.block.len() {
            let done = match folder.blocks {
                0 if self.end == u64::MAX => return Ok(0),
                0 => Err(damaged()),
                _ => folder.next(),
            };
            folder.failed = done.err();
        }
        if let Some(problem) = &folder.failed {
            return Err(problem.clone().into());
        }
        let most = usize::try_from(self.end - folder.at).unwrap_or(usize::MAX).min(buffer.len());
        let n = most.min(folder.block.len() - folder.used);
        buffer[..n].copy_from_slice(&folder.block[folder.used..folder.used + n]);
        folder.used += n;
        folder.at += n as u64;
        Ok(n)
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "cab")
}
