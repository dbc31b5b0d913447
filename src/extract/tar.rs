//! tar: v7, ustar and pax (POSIX.1-2017, `pax`), and GNU's extensions (`tar.info`, "Basic Tar
//! Format").
//!
//! Read by hand rather than with the `tar` crate: that one keeps a long name of any length in
//! memory, takes a member that is cut off for a whole one, and writes out the holes of sparse
//! files. Here the stored bytes of a sparse file are looked at one after another. A broken
//! header costs its own member only: what follows is read as it is up to the next header.

use std::io::{self, Read};

use super::part::{Part, fill};
use super::{Input, Visit, name};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

const BLOCK: usize = 512;
/// Longest name or set of attributes that is taken, in bytes.
const MOST_ATTRIBUTES: u64 = 1 << 20;

/// Is this the beginning of a tar? Old ones have no magic number, only a checksum.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
        || head.first_chunk().is_some_and(|block: &[u8; BLOCK]| block[0] != 0 && is_header(block))
}

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let mut blocks = Blocks { source: input.reader, at: 0, waiting: None };
    let mut more = Attributes::default();
    let mut zeros = 0_u64;
    let mut damaged = false;
    while let Some(block) = blocks.next()? {
        if block.iter().all(|&b| b == 0) {
            zeros += 1;
            continue;
        }
        if !is_header(&block) {
            // Behind the two blocks of zeros that end an archive, anything may follow.
            damaged |= zeros < 2;
            let step = Step::Member(format!("bytes@{}", blocks.at - BLOCK as u64).into());
            let mut lost = Lost { block, used: 0, blocks: &mut blocks };
            if visit.raw(step, &mut lost).is_err() {
                return Ok(());
            }
            continue;
        }
        zeros = 0;
        let size = match block[156] {
            // Links, devices, folders and FIFOs have no content, whatever they say.
            b'1'..=b'6' => 0,
            _ => more.size.take_if(|_| !is_attributes(block[156])).or_else(|| number(&block[124..136])).unwrap_or(0),
        };
        let mut part = Part::new(&mut blocks.source, size, "tar");
        match block[156] {
            b'L' => more.path = part.bytes(MOST_ATTRIBUTES)?,
            b'x' => more.read(&part.bytes(MOST_ATTRIBUTES)?.unwrap_or_default()),
            b'K' | b'g' | b'X' => part.skip()?,
            kind => {
                let path = more.path.take().unwrap_or_else(|| path(&block));
                more = Attributes::default();
                if !matches!(kind, b'1'..=b'6') && !path.ends_with(b"/") {
                    let path = path.split(|&b| b == 0).next().unwrap_or_default();
                    if visit.member(Step::Member(name::decode(path).into()), &mut part).is_err() {
                        return Ok(());
                    }
                }
                part.skip()?;
            }
        }
        let padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        blocks.at += size + padding;
        // Padding that is cut off hides nothing.
        io::copy(&mut blocks.source.take(padding), &mut io::sink()).map_err(|e| Problem::from_io(&e))?;
    }
    if damaged || zeros == 0 {
        return Err(Problem::new(ProblemKind::Damaged, "tar"));
    }
    Ok(())
}

/// The stream in blocks.
struct Blocks<'a> {
    source: &'a mut dyn Read,
    at: u64,
    /// A header that was met while reading over what is broken.
    waiting: Option<[u8; BLOCK]>,
}

impl Blocks<'_> {
    fn next(&mut self) -> Result<Option<[u8; BLOCK]>, Problem> {
        if let Some(block) = self.waiting.take() {
            return Ok(Some(block));
        }
        let mut block = [0; BLOCK];
        match fill(self.source, &mut block)? {
            0 => Ok(None),
            n => {
                self.at += BLOCK as u64;
                match n == BLOCK || block.iter().all(|&b| b == 0) {
                    true => Ok(Some(block)),
                    false => Err(Problem::new(ProblemKind::Damaged, "tar")),
                }
            }
        }
    }
}

/// The blocks from a broken one up to the next header.
struct Lost<'a, 'b> {
    block: [u8; BLOCK],
    used: usize,
    blocks: &'a mut Blocks<'b>,
}

impl Read for Lost<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == BLOCK && self.blocks.waiting.is_none() {
            match self.blocks.next()? {
                Some(block) if !is_header(&block) => (self.block, self.used) = (block, 0),
                other => self.blocks.waiting = other,
            }
        }
        let rest = &self.block[self.used..];
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.used += n;
        Ok(n)
    }
}

/// What headers of their own say of the next member.
#[derive(Default)]
struct Attributes {
    path: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Attributes {
    /// pax records: `length key=value\n`, the length counting itself.
    fn read(&mut self, mut records: &[u8]) {
        while let Some(space) = memchr::memchr(b' ', records) {
            let length = std::str::from_utf8(&records[..space]).ok().and_then(|n| n.parse().ok()).unwrap_or(0);
            let Some(record) = records.get(space + 1..length) else { return };
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let mut halves = record.splitn(2, |&b| b == b'=');
            match (halves.next(), halves.next()) {
                (Some(b"path" | b"GNU.sparse.name"), Some(path)) => self.path = Some(path.to_vec()),
                (Some(b"size"), Some(size)) => {
                    self.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
                }
                _ => {}
            }
            records = &records[length..];
        }
    }
}

fn is_attributes(kind: u8) -> bool {
    matches!(kind, b'L' | b'K' | b'x' | b'g' | b'X')
}

fn path(block: &[u8; BLOCK]) -> Vec<u8> {
    let text = |range: std::ops::Range<usize>| block[range].split(|&b| b == 0).next().unwrap_or_default();
    // GNU's own kind ("ustar  ") has other fields where POSIX has the prefix.
    match &block[257..263] == b"ustar\0" && block[345] != 0 {
        true => [text(345..500), b"/", text(0..100)].concat(),
        false => text(0..100).to_vec(),
    }
}

/// Is the checksum right? Some old programs summed signed bytes.
fn is_header(block: &[u8; BLOCK]) -> bool {
    let outside = || block[..148].iter().chain(&block[156..]);
    let unsigned = outside().map(|&b| u64::from(b)).sum::<u64>() + 8 * 32;
    let signed = outside().map(|&b| i64::from(b as i8)).sum::<i64>() + 8 * 32;
    number(&block[148..156]).is_some_and(|sum| sum == unsigned || i64::try_from(sum) == Ok(signed))
}

/// A number in octal digits, or in base 256 if its first bit is set (GNU).
fn number(field: &[u8]) -> Option<u64> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        return rest.iter().try_fold(u64::from(first & 0x7F), |n, &b| n.checked_mul(256)?.checked_add(u64::from(b)));
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    u64::from_str_radix(text.split(['\0', ' ']).next()?, 8).ok()
}
