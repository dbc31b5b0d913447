//! Cabinets (Microsoft, "Cabinet File Format", MS-CAB; MSZIP: MS-MCI; LZX: `lzxd`).
//!
//! Files lie in folders that are packed as one. Each folder is unpacked once, from its beginning,
//! whatever its files say of their places; bytes that no file claims come out as they are.

mod folder;

use folder::{Folder, Packing};

use super::section::{Section, read_full};
use super::{Input, ReadAt, Visit, name};
use crate::chunk::{Limits, Step};
use crate::error::{Problem, ProblemKind};

pub(super) const MAGIC: &[u8] = b"MSCF\0\0\0\0";

/// Most bytes of the lists of folders and files: 65 535 files with names of 256 bytes.
const MOST_LISTED: u64 = 18 << 20;
/// Longest name in bytes.
const LONGEST_NAME: usize = 256;

/// Header flags: there is a cabinet before or behind this one, or room for applications.
const PREVIOUS: u16 = 1;
const NEXT: u16 = 2;
const RESERVE: u16 = 4;
/// Folders of files that begin in the cabinet before, go on in the next one, or both.
const FROM_PREVIOUS: u16 = 0xFFFD;
const TO_NEXT: u16 = 0xFFFE;
const THROUGH: u16 = 0xFFFF;
/// A file's name is UTF-8.
const NAME_IS_UTF: u16 = 0x80;

/// The header's fields that matter here.
struct Header {
    /// Length of the cabinet in bytes.
    length: u64,
    files_at: u64,
    files: u16,
    folders: Vec<Listed>,
    /// Bytes for applications before each block of data.
    block_reserve: usize,
}

/// A folder in the list.
struct Listed {
    at: u64,
    blocks: u16,
    packing: u16,
}

/// A file in the list.
struct File {
    name: String,
    size: u64,
    /// Place of its first byte in the unpacked folder.
    at: u64,
    folder: u16,
}

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let source = input.random_access()?;
    let header = header(&*source)?;
    let mut files = files(&*source, &header, visit)?;
    // In the order in which they are packed.
    files.sort_by_key(|file| (file.folder, file.at));
    for (number, listed) in header.folders.iter().enumerate() {
        let last = number + 1 == header.folders.len();
        let own = |file: &&File| match file.folder {
            FROM_PREVIOUS | THROUGH => number == 0,
            TO_NEXT => last,
            folder => usize::from(folder) == number,
        };
        let mut own: Vec<&File> = files.iter().filter(own).collect();
        own.sort_by_key(|file| file.at);
        if !one_folder(&*source, &header, (number, listed), &own, input.limits, visit)? {
            return Ok(());
        }
    }
    for file in files.iter().filter(|f| f.folder < FROM_PREVIOUS && usize::from(f.folder) >= header.folders.len()) {
        visit.problem(Some(Step::Member(file.name.as_str().into())), damaged());
    }
    // A signature, or what somebody has put there.
    let size = source.size();
    if size > header.length {
        let mut buffer = Vec::new();
        let mut rest = Section::new(&*source, &mut buffer, header.length, size);
        // It fails only when the budget is spent, which has been reported.
        let _ = visit.raw(Step::Member(format!("bytes@{}", header.length).into()), &mut rest);
    }
    Ok(())
}

/// Hands out the files of a folder. `Ok(false)` if the visitor wants no more.
fn one_folder(
    source: &dyn ReadAt,
    header: &Header,
    (number, listed): (usize, &Listed),
    files: &[&File],
    limits: &Limits,
    visit: &mut dyn Visit,
) -> Result<bool, Problem> {
    let begins_before = files.iter().any(|file| matches!(file.folder, FROM_PREVIOUS | THROUGH));
    let packing = match Packing::of(listed.packing) {
        _ if begins_before => Err("cab in several files"),
        Some(packing) => Ok(packing),
        None => Err("cab (Quantum)"),
    };
    let packing = match packing {
        Ok(packing) => packing,
        Err(what) => {
            for file in files {
                let step = Step::Member(file.name.as_str().into());
                visit.problem(Some(step), Problem::new(ProblemKind::Unsupported, what));
            }
            return Ok(true);
        }
    };
    let mut buffer = Vec::new();
    let section = Section::new(source, &mut buffer, listed.at, source.size());
    let mut folder = Folder::new(section, listed.blocks, header.block_reserve, packing, limits);
    let mut go_on = |step: String, folder: &mut Folder<'_>, end: u64| {
        let mut part = folder.until(end);
        let seen = visit.member(Step::Member(step.into()), &mut part);
        // A visitor may stop before the end.
        let _ = std::io::copy(&mut part, &mut std::io::sink());
        seen.is_ok()
    };
    for file in files {
        let end = file.at.saturating_add(file.size);
        if file.at > folder.at() && !folder.has_failed() {
            let unclaimed = format!("folder {number} bytes@{}", folder.at());
            if !go_on(unclaimed, &mut folder, file.at) {
                return Ok(false);
            }
        }
        // Bytes that two files claim are looked at once.
        if (end > folder.at() || file.size == 0) && !go_on(file.name.clone(), &mut folder, end) {
            return Ok(false);
        }
    }
    if folder.is_at_end() {
        return Ok(true);
    }
    let unclaimed = format!("folder {number} bytes@{}", folder.at());
    Ok(go_on(unclaimed, &mut folder, u64::MAX))
}

fn header(source: &dyn ReadAt) -> Result<Header, Problem> {
    let mut fields = Fields { source, at: 8, end: MOST_LISTED };
    let length = u64::from(fields.u32()?);
    fields.u32()?;
    let files_at = u64::from(fields.u32()?);
    fields.u32()?;
    let _version = fields.u16()?;
    let folders = fields.u16()?;
    let files = fields.u16()?;
    let flags = fields.u16()?;
    let _set = fields.u32()?;
    let (mut header_reserve, mut folder_reserve, mut block_reserve) = (0, 0, 0);
    if flags & RESERVE != 0 {
        header_reserve = fields.u16()?;
        [folder_reserve, block_reserve] = fields.u16()?.to_le_bytes();
    }
    fields.at += u64::from(header_reserve);
    for flag in [PREVIOUS, NEXT] {
        // The file's name, and the disk's.
        if flags & flag != 0 {
            fields.text()?;
            fields.text()?;
        }
    }
    let mut listed = Vec::new();
    for _ in 0..folders {
        listed.push(Listed { at: u64::from(fields.u32()?), blocks: fields.u16()?, packing: fields.u16()? });
        fields.at += u64::from(folder_reserve);
    }
    Ok(Header { length, files_at, files, folders: listed, block_reserve: usize::from(block_reserve) })
}

/// The list of files; what is readable of it, and a problem if that is not all.
fn files(source: &dyn ReadAt, header: &Header, visit: &mut dyn Visit) -> Result<Vec<File>, Problem> {
    let mut fields = Fields { source, at: header.files_at, end: header.files_at.saturating_add(MOST_LISTED) };
    let mut files = Vec::new();
    for _ in 0..header.files {
        match fields.file() {
            Ok(file) => files.push(file),
            Err(problem) => {
                visit.problem(None, problem);
                break;
            }
        }
    }
    Ok(files)
}

/// Numbers and names one after another.
struct Fields<'a> {
    source: &'a dyn ReadAt,
    at: u64,
    end: u64,
}

impl Fields<'_> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        let mut bytes = [0; N];
        let n = read_full(self.source, &mut bytes, self.at).map_err(|e| Problem::from_io(&e))?;
        self.at += N as u64;
        if n < N || self.at > self.end { Err(damaged()) } else { Ok(bytes) }
    }

    fn u16(&mut self) -> Result<u16, Problem> {
        self.bytes().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, Problem> {
        self.bytes().map(u32::from_le_bytes)
    }

    /// A text that ends with a zero.
    fn text(&mut self) -> Result<Vec<u8>, Problem> {
        let mut text = vec![0; LONGEST_NAME + 1];
        let n = read_full(self.source, &mut text, self.at).map_err(|e| Problem::from_io(&e))?;
        let length = memchr::memchr(0, &text[..n]).ok_or_else(damaged)?;
        self.at += length as u64 + 1;
        text.truncate(length);
        if self.at > self.end { Err(damaged()) } else { Ok(text) }
    }

    fn file(&mut self) -> Result<File, Problem> {
        let (size, at, folder) = (u64::from(self.u32()?), u64::from(self.u32()?), self.u16()?);
        let _when = self.u32()?;
        let attributes = self.u16()?;
        let name = self.text()?;
        let name = if attributes & NAME_IS_UTF != 0 {
            String::from_utf8_lossy(&name).into_owned()
        } else {
            name::decode(&name)
        };
        Ok(File { name: name.replace('\\', "/"), size, at, folder })
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "cab")
}
