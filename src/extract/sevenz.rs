//! 7z (`7zFormat.txt` of the LZMA SDK), with passwords.
//!
//! Files lie in blocks that are packed as one; a fault in one block leaves the others whole.

use std::cell::Cell;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use super::unpacked::{MEMORY, Unpacked, fault};
use super::{Input, ReadAt, Visit};
use crate::chunk::{Limits, Step};
use crate::error::{Problem, ProblemKind};

/// Begins the file.
pub(super) const MAGIC: &[u8] = b"7z\xbc\xaf\x27\x1c";
const MEMORY_KIB: usize = (MEMORY >> 10) as usize;
/// Passwords that are tried on an archive's list of files, and on its blocks: each try takes some
/// tenths of a second by design.
const TRIES: usize = 40;
/// Bytes that are unpacked to tell whether a password is right.
const TRIAL: u64 = 1 << 20;

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let file = input.random_access()?;
    let mut source = BufReader::with_capacity(64 << 10, Positioned { file: &*file, at: 0 });
    let none = Password::empty();
    let mut passwords = None;
    let archive = directory(&mut source, &none, &mut || ask(&mut passwords, visit).to_vec())?;
    let mut blocks = Blocks { archive: &archive, packed: file.size(), tries: TRIES, limits: input.limits, visit };
    for index in 0..archive.blocks.len() {
        let right = match blocks.is_encrypted(index) {
            true => {
                let passwords = ask(&mut passwords, blocks.visit);
                blocks.password(index, &mut source, passwords)
            }
            false => None,
        };
        if !blocks.block(index, &mut source, right.unwrap_or(&none)) {
            break;
        }
    }
    Ok(())
}

/// The list of files; it may itself be encrypted.
fn directory(
    source: &mut (impl Read + Seek),
    none: &Password,
    passwords: &mut dyn FnMut() -> Vec<Password>,
) -> Result<Archive, Problem> {
    let mut read = |password: &Password| Archive::read_with_memory_limit(source, password, MEMORY_KIB);
    read(none).or_else(|e| {
        let problem = problem(&e);
        let passwords = if problem.kind == ProblemKind::Encrypted { passwords() } else { Vec::new() };
        passwords.iter().take(TRIES).find_map(|password| read(password).ok()).ok_or(problem)
    })
}

/// The passwords, which are asked for once.
fn ask<'p>(passwords: &'p mut Option<Vec<Password>>, visit: &mut dyn Visit) -> &'p mut [Password] {
    passwords.get_or_insert_with(|| visit.passwords().iter().map(|password| Password::new(password)).collect())
}

struct Blocks<'a, 'v> {
    archive: &'a Archive,
    packed: u64,
    tries: usize,
    limits: &'a Limits,
    visit: &'v mut dyn Visit,
}

impl Blocks<'_, '_> {
    /// The first password that unpacks an encrypted block's beginning. One that has opened
    /// another is tried first.
    fn password<'p>(
        &mut self,
        index: usize,
        source: &mut (impl Read + Seek),
        passwords: &'p mut [Password],
    ) -> Option<&'p Password> {
        let right = passwords.iter().take(self.tries).position(|password| {
            self.tries -= 1;
            let mut most = TRIAL;
            BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, index, self.archive, password, source)
                .for_each_entries(&mut |_, content| {
                    most -= io::copy(&mut content.take(most), &mut io::sink())?;
                    Ok(most > 0)
                })
                .is_ok()
        })?;
        passwords[..=right].rotate_right(1);
        passwords.first()
    }

    fn is_encrypted(&self, index: usize) -> bool {
        let first = self.archive.stream_map.block_first_file_index.get(index);
        first.is_some_and(|&file| self.archive.is_file_encrypted(file))
    }

    /// Looks at the files of a block. `false` if the budget is spent.
    fn block(&mut self, index: usize, source: &mut (impl Read + Seek), password: &Password) -> bool {
        let (archive, limits, visit) = (self.archive, self.limits, &mut *self.visit);
        let decoder = BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, index, archive, password, source);
        let mut waiting: Vec<Step> =
            decoder.entries().iter().rev().filter(|entry| entry.has_stream()).map(step).collect();
        let mut spent = false;
        let packed = Rc::new(Cell::new(self.packed));
        let done = decoder.for_each_entries(&mut |entry, content| {
            if !entry.has_stream() {
                return Ok(true);
            }
            waiting.pop();
            let mut content = Unpacked::new(content, packed.clone(), limits, "7z");
            spent = visit.member(step(entry), &mut content).is_err();
            // After a fault there is nothing to be had of what follows in the block.
            Ok(!spent && !content.has_failed())
        });
        if spent {
            return false;
        }
        let problem = match done {
            Ok(_) => Problem::new(ProblemKind::Damaged, "7z"),
            Err(e) => problem(&e),
        };
        for step in waiting.into_iter().rev() {
            visit.problem(Some(step), problem.clone());
        }
        true
    }
}

fn step(entry: &ArchiveEntry) -> Step {
    Step::Member(entry.name().into())
}

fn problem(error: &Error) -> Problem {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => Problem::new(ProblemKind::Encrypted, "7z"),
        Error::UnsupportedCompressionMethod(what) => Problem::new(ProblemKind::Unsupported, format!("7z ({what})")),
        Error::Unsupported(_) | Error::UnsupportedVersion { .. } | Error::ExternalUnsupported => {
            Problem::new(ProblemKind::Unsupported, "7z")
        }
        Error::MaxMemLimited { .. } => Problem::new(ProblemKind::Limit, format!("7z: dictionary > {MEMORY}")),
        Error::Io(e, _) => fault(e, "7z"),
        _ => Problem::new(ProblemKind::Damaged, "7z"),
    }
}

/// A file as a reader that can be moved.
struct Positioned<'a> {
    file: &'a dyn ReadAt,
    at: u64,
}

impl Read for Positioned<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(buffer, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Positioned<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.file.size().checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
