//! Passwords that stand near what they open: in the same mailbox or archive, in files of the same
//! directory.
//!
//! Only where something turns out to be encrypted, the file (or its directory) is gone through
//! again with nothing but statements of passwords looked for. So it does not matter which comes
//! first, results do not depend on timing, and nothing is kept of files that need no password.
//! What is found stays in memory, is tried, and is never shown.

use std::collections::{HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::file::File;
use super::worker::Worker;
use crate::chunk::{Budget, Limits, Origin};
use crate::extract::{Format, Kind, stated};
use crate::source::{Body, Opened};

/// Statements that are tried on one encrypted thing: those nearest to it.
const MOST_TRIED: usize = 64;
/// Statements that are kept of a file or a part of a directory; later ones replace earlier ones.
const MOST_KEPT: usize = 4096;
/// Files of a directory that are gone through together.
const FILES: usize = 4096;
/// Largest plain text of a directory that is gone through, in bytes: letters are short.
const LARGEST_TEXT: u64 = 1 << 20;
/// Largest file of a directory that is gone through, and all of them together, in bytes.
const LARGEST_FILE: u64 = 64 << 20;
const LARGEST_DIRECTORY: u64 = 512 << 20;
/// Bounds of going through one file.
const MOST_BYTES: u64 = 4 << 30;
const MOST_TIME: Duration = Duration::from_secs(60);
/// Formats in which people write to each other, or which hold such.
const LETTERS: [&str; 8] = ["mail", "mbox", "ole", "rtf", "zip", "gzip", "tar", "office"];

/// A password as it is stated, and where: which member of the file, which file of the directory.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    at: u64,
    password: String,
}

/// Statements in their order.
pub(super) type Statements = Arc<[Stated]>;

/// A search for statements under way in a file.
#[derive(Debug, Default)]
pub(super) struct Hunt {
    found: VecDeque<Stated>,
    seen: HashSet<(u64, String)>,
    /// Which file of a directory it is, if it is gone through for the others.
    beside: Option<u64>,
}

impl Hunt {
    /// Takes the statements of a text that stands in a member of this number.
    pub(super) fn text(&mut self, text: &[u8], at: u64) {
        let at = self.beside.unwrap_or(at);
        stated(&String::from_utf8_lossy(text), &mut |password| {
            // Windows overlap, and a letter says it twice.
            if !self.seen.insert((at, password.to_owned())) {
                return;
            }
            if self.found.len() >= MOST_KEPT
                && let Some(oldest) = self.found.pop_front()
            {
                self.seen.remove(&(oldest.at, oldest.password));
            }
            self.found.push_back(Stated { at, password: password.to_owned() });
        });
    }

    /// Is this kind of input gone through? `size` is that of the file itself, in bytes.
    pub(super) fn wants(&self, kind: &Kind, size: Option<u64>) -> bool {
        match kind {
            Kind::Text => self.beside.is_none() || size.is_none_or(|size| size <= LARGEST_TEXT),
            Kind::Container(Format { name, .. }) => LETTERS.contains(name),
            Kind::NotText(_) | Kind::Unsupported(_) | Kind::Encrypted(_) => false,
        }
    }
}

/// The statements of the part of a directory that was gone through last.
#[derive(Debug)]
pub(super) struct Beside {
    folder: PathBuf,
    /// The names of its files, in order.
    names: Vec<OsString>,
    statements: Statements,
}

impl Worker<'_> {
    /// Passwords to try on something encrypted in this file: those given, then those stated
    /// nearest to it.
    pub(super) fn passwords(&mut self, file: &mut File<'_, '_>) -> Vec<String> {
        // While statements are looked for, what is shut stays shut.
        if file.hunt.is_some() {
            return Vec::new();
        }
        let mut passwords = self.options.passwords.clone();
        let Some(body) = file.again.as_ref().and_then(Body::again) else { return passwords };
        let within = match &file.stated {
            Some(statements) => statements.clone(),
            None => {
                let opened = body.again().and_then(|body| body.open().ok());
                let found = opened.map(|opened| self.hunt(opened, &file.origin, None)).unwrap_or_default();
                file.stated.insert(found.into_iter().collect()).clone()
            }
        };
        let (beside, index) = self.beside(&body, &file.origin);
        let mut near: Vec<(u64, &Stated)> = Vec::new();
        near.extend(within.iter().map(|stated| (stated.at.abs_diff(file.members), stated)));
        near.sort_by_key(|(distance, _)| *distance);
        let mut around: Vec<_> = beside.iter().map(|stated| (stated.at.abs_diff(index), stated)).collect();
        around.sort_by_key(|(distance, _)| *distance);
        near.truncate(MOST_TRIED);
        near.extend(around);
        let mut tried = 0;
        for (_, Stated { password, .. }) in near {
            if tried < MOST_TRIED && !passwords.contains(password) {
                passwords.push(password.clone());
                tried += 1;
            }
        }
        passwords
    }

    /// Statements in the files beside an item, and the item's own place among them.
    fn beside(&mut self, body: &Body, origin: &Origin) -> (Statements, u64) {
        let (Some(folder), Some(name)) = (origin.path.parent(), body.file_name()) else { return (Arc::default(), 0) };
        if let Some(last) = self.beside.as_ref().filter(|last| last.folder == folder)
            && let Some(index) = last.names.iter().position(|known| known == name)
        {
            return (last.statements.clone(), index as u64);
        }
        let Ok((files, index)) = body.beside() else { return (Arc::default(), 0) };
        // Part of a directory, for one may have millions of files.
        let files: Vec<Body> = files.into_iter().skip(index / FILES * FILES).take(FILES).collect();
        let names = files.iter().filter_map(Body::file_name).map(OsStr::to_owned).collect();
        let mut found = VecDeque::new();
        let mut left = LARGEST_DIRECTORY;
        for (i, body) in (0..).zip(files) {
            let Ok(opened) = body.open() else { continue };
            let size = opened.size().unwrap_or(0);
            if size > LARGEST_FILE || size > left {
                continue;
            }
            left -= size;
            found.extend(self.hunt(opened, origin, Some(i)));
            while found.len() > MOST_KEPT {
                found.pop_front();
            }
        }
        let statements: Statements = found.into_iter().collect();
        self.beside = Some(Beside { folder: folder.to_owned(), names, statements: statements.clone() });
        (statements, (index % FILES) as u64)
    }

    /// Goes through a file for statements; `beside`: it is this one of a directory's. Nothing of
    /// it is reported or counted: that was or will be done when it is scanned.
    fn hunt(&mut self, mut opened: Opened, origin: &Origin, beside: Option<u64>) -> VecDeque<Stated> {
        let limits = &self.options.limits;
        let limits = Limits { bytes: limits.bytes.min(MOST_BYTES), time: limits.time.min(MOST_TIME), ..limits.clone() };
        let budget = Budget::new(&limits, opened.size().unwrap_or(0), (self.options.clock)());
        let origin = Origin::file(origin.path.clone());
        let mut file = File::hunted(origin.clone(), budget, Hunt { beside, ..Hunt::default() });
        let summary = std::mem::take(&mut self.summary);
        let declared = self.declared.take();
        self.look(&mut file, &origin, &mut opened);
        self.declared = declared;
        self.summary = summary;
        file.hunt.map(|hunt| hunt.found).unwrap_or_default()
    }
}
