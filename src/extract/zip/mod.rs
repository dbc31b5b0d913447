//! zip (PKWARE APPNOTE 6.3.10): every entry that is there, whether the directory knows it or not.
//!
//! The directory at the end says which entries there are, but only by convention: duplicates,
//! entries that it leaves out, data before, between and behind entries, a directory that is
//! missing or broken. So what the directory names is taken first, then whatever bytes nobody has
//! accounted for are searched for headers of entries, and what still remains is read as it is.

mod crypto;
mod entry;
mod header;
mod password;

use std::collections::HashSet;
use std::io;

use flate2::Decompress;
use rawzip::{RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipFileHeaderRecord};

use super::section::{Section, find};
use super::{Block, FORMATS, Format, Input, Mark, ReadAt, Signature, Visit};
use crate::chunk::{Limits, Step};
use crate::error::{Problem, ProblemKind};
use header::{Entry, LOCAL, decode_name};
use password::Passwords;

/// The format of a zip whose entries show that it is more than an archive.
pub(super) fn refine(input: &mut Input<'_>) -> Option<&'static Format> {
    let packages = || {
        FORMATS.iter().filter_map(|format| match format.signature {
            Signature::ZipEntry(names) => Some((format, names)),
            _ => None,
        })
    };
    packages().next()?;
    let file = input.random_access().ok()?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = locate(&*file, &mut buffer)?;
    let mut entries = archive.entries(&mut buffer);
    // Of several that fit, the first row holds.
    let mut best = None;
    while best != Some(0)
        && let Ok(Some(record)) = entries.next_entry()
    {
        let path = record.file_path();
        let name: &[u8] = path.as_ref();
        let known = packages().position(|(_, names)| names.iter().any(|n| n.as_bytes() == name));
        best = known.into_iter().chain(best).min();
    }
    best.and_then(|row| packages().nth(row)).map(|(format, _)| format)
}

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    run(input, visit, true)
}

/// What lies in a zip beside the entries of its directory, which another extractor has read.
pub(super) fn extract_unlisted(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    run(input, visit, false)
}

fn run(input: &mut Input<'_>, visit: &mut dyn Visit, listed: bool) -> Result<(), Problem> {
    let file = input.random_access()?;
    let mut zip = Zip {
        file: &*file,
        limits: input.limits,
        passwords: None,
        buffer: Vec::new(),
        inflate: Decompress::new(false),
        taken: Vec::new(),
        begun: HashSet::new(),
        wants_listed: listed,
        visit,
    };
    match zip.all() {
        Ok(true) => Ok(()),
        Ok(false) => Err(damaged()),
        Err(Stop::Spent) => Ok(()),
        Err(Stop::Failed(e)) => Err(Problem::from_io(&e)),
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "zip")
}

/// Why an archive is not read to its end.
enum Stop {
    /// The budget is spent.
    Spent,
    /// The file cannot be read.
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Failed(error)
    }
}

struct Zip<'a, 'v> {
    file: &'a dyn ReadAt,
    limits: &'a Limits,
    /// Asked for at the first encrypted entry.
    passwords: Option<Passwords>,
    buffer: Vec<u8>,
    inflate: Decompress,
    /// Where the parts are that have been accounted for: from, to.
    taken: Vec<(u64, u64)>,
    /// Headers that have been looked at; two entries of the directory may share one.
    begun: HashSet<u64>,
    /// Are entries of the directory to be looked at, or only accounted for?
    wants_listed: bool,
    visit: &'v mut dyn Visit,
}

impl Zip<'_, '_> {
    /// `false` if the directory is broken.
    fn all(&mut self) -> Result<bool, Stop> {
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let file = self.file;
        let mut whole = false;
        if let Some(archive) = locate(file, &mut buffer) {
            let (from, to) = (archive.directory_offset(), archive.end_offset());
            let mut comment = Vec::new();
            io::Read::read_to_end(&mut archive.comment(), &mut comment)?;
            self.comment("comment", &comment)?;
            let mut entries = archive.entries(&mut buffer);
            whole = loop {
                match entries.next_entry() {
                    Ok(Some(record)) => self.listed(&record)?,
                    Ok(None) => break true,
                    Err(_) => break false,
                }
            };
            if whole {
                self.taken.push((from, to));
            }
        }
        self.unlisted()?;
        Ok(whole)
    }

    /// An entry that the directory names.
    fn listed(&mut self, record: &ZipFileHeaderRecord<'_>) -> Result<(), Stop> {
        let at = record.local_header_offset();
        let flags = record.flags().bits();
        let extra = record.extra_fields();
        let name = decode_name(record.file_path().as_ref(), flags, extra.remaining_bytes());
        self.comment(&name, record.comment().as_bytes())?;
        if !self.begun.insert(at) {
            return Ok(());
        }
        let Some(local) = Entry::read(self.file, at)? else {
            self.visit.problem(Some(Step::Member(name.into())), damaged());
            return Ok(());
        };
        let method = record.compression_method().as_u16();
        let entry = Entry {
            name: name.into(),
            flags,
            method: if method == 99 { local.method } else { method },
            crc: record.crc32(),
            packed: record.compressed_size_hint(),
            size: record.uncompressed_size_hint(),
            measured: true,
            ..local.clone()
        };
        let end = entry.data.saturating_add(entry.packed);
        if self.wants_listed {
            self.entry(&entry, end)?;
        } else {
            let end = entry.end(self.file, end)?;
            self.taken.push((at, end));
        }
        // Two programs may believe different halves of a contradiction.
        let same = (local.packed, local.method, local.is_encrypted());
        if local.measured && same != (entry.packed, entry.method, entry.is_encrypted()) {
            self.entry(&local, local.data.saturating_add(local.packed))?;
        }
        Ok(())
    }

    /// What the directory does not name.
    fn unlisted(&mut self) -> Result<(), Stop> {
        let mut taken = std::mem::take(&mut self.taken);
        taken.sort_unstable();
        taken.push((self.file.size(), u64::MAX));
        let mut at = 0;
        for (from, to) in taken {
            if from > at {
                self.gap(at, from)?;
            }
            at = at.max(to);
        }
        Ok(())
    }

    /// Bytes that nobody has accounted for: entries in them first, then what remains.
    fn gap(&mut self, mut at: u64, end: u64) -> Result<(), Stop> {
        let mut from = at;
        while let Some(header) = find(self.file, LOCAL, from, end)? {
            from = header + 1;
            let Some(mut entry) = Entry::read(self.file, header)?.filter(|entry| entry.data <= end) else { continue };
            self.remains(at, header)?;
            // An end that follows from the content itself needs no search.
            let until = match entry.measured {
                true => entry.data.saturating_add(entry.packed),
                false if entry.method == 8 && !entry.is_encrypted() => end,
                false => entry.find_end(self.file, end)?,
            };
            entry.packed = until - entry.data;
            at = self.entry(&entry, until)?.clamp(header + 1, end);
            from = at;
        }
        self.remains(at, end)
    }

    /// Looks at an entry whose data ends at `until` or before; returns where it ends.
    fn entry(&mut self, entry: &Entry, until: u64) -> Result<u64, Stop> {
        if entry.is_folder() {
            self.taken.push((entry.at, entry.data));
            return Ok(entry.data);
        }
        let step = Step::Member(entry.name.clone());
        let password = match entry.is_encrypted() {
            true => {
                let visit = &mut self.visit;
                let passwords = self.passwords.get_or_insert_with(|| Passwords::new(&visit.passwords()));
                passwords.find(self.file, entry, until, self.limits)
            }
            false => None,
        };
        let packed = Section::new(self.file, &mut self.buffer, entry.data, until);
        let mut end = until;
        match entry::open(entry, packed, &mut self.inflate, password.as_deref(), self.limits) {
            Err(problem) => self.visit.problem(Some(step), problem),
            Ok(mut content) => {
                self.visit.member(step, &mut content).map_err(|_| Stop::Spent)?;
                if let Some(taken) = content.taken()
                    && entry.method == 8
                    && !entry.is_encrypted()
                {
                    end = entry.data + taken;
                }
            }
        }
        if entry.measured && end < until {
            self.remains(end, until)?;
            end = until;
        }
        let end = entry.end(self.file, end)?;
        self.taken.push((entry.at, end));
        Ok(end)
    }

    /// Bytes that belong to no entry: a self-extractor's program, padding, something hidden.
    fn remains(&mut self, from: u64, to: u64) -> Result<(), Stop> {
        if from >= to {
            return Ok(());
        }
        let mut bytes = Section::new(self.file, &mut self.buffer, from, to);
        let step = Step::Member(format!("bytes@{from}").into());
        self.visit.raw(step, &mut bytes).map_err(|_| Stop::Spent)
    }

    /// A comment of the archive or of an entry.
    fn comment(&mut self, of: &str, bytes: &[u8]) -> Result<(), Stop> {
        if bytes.is_empty() {
            return Ok(());
        }
        let text = super::name::decode(bytes);
        let marks = [Mark { at: 0, step: Step::Member(format!("{of} (zip comment)").into()) }];
        let block = Block { text: &text, marks: &marks, header: None };
        self.visit.block(&block).map_err(|_| Stop::Spent)
    }
}

/// The archive's directory, if it has one.
fn locate<'a>(file: &'a dyn ReadAt, buffer: &mut [u8]) -> Option<ZipArchive<At<'a>>> {
    ZipArchive::with_max_search_space((64 << 10) + 22).locate_in_reader(At(file), buffer, file.size()).ok()
}

/// The file as `rawzip` wants it.
struct At<'a>(&'a dyn ReadAt);

impl ReaderAt for At<'_> {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.0.read_at(buffer, at)
    }
}
