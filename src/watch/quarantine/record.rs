//! The record beside a quarantined file: JSON, one file each.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::transfer::Opened;
use super::{Fault, Request, Result};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Begun, and not told to be over: the process was killed in between. The file is in one of
    /// the two places, or whole in the old one and in part in the new.
    Moving,
    /// In quarantine.
    Kept,
    /// Put back by the user.
    Restored,
    /// Deleted by the user.
    Deleted,
}

/// How a file came into quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Moved within its file system; its content was not touched.
    Renamed,
    /// Copied, read back, and removed from where it was.
    Copied,
}

/// One detector's findings in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The detector's id.
    pub detector: String,
    /// The first value, masked.
    pub shown: String,
    /// How many.
    pub times: u64,
}

/// What is known of a quarantined file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its name in the quarantine.
    pub id: String,
    /// What became of it.
    pub state: State,
    /// Where it was, for people.
    pub path: String,
    /// The path's bytes in hexadecimal, where it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    /// When it was put away, in seconds since 1970.
    pub quarantined: i64,
    /// Size in bytes.
    pub size: u64,
    /// Its permissions, as Unix has them.
    pub mode: u32,
    /// Keyed hash (BLAKE3) of the content.
    pub hash: String,
    /// How it came here.
    pub how: How,
    /// Names that the content had; above 1, others are still there.
    pub links: u64,
    /// Somebody who had it open wrote to it while it was moved.
    pub written_meanwhile: bool,
    /// The kind of place it lived in.
    pub place: String,
    /// Where it was downloaded from.
    pub origin: Option<String>,
    /// What was found.
    pub found: Vec<Found>,
    /// When it was put back, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<i64>,
    /// When it was deleted, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<i64>,
}

impl Record {
    pub(super) fn new(request: &Request<'_>, opened: &Opened, hash: String) -> Record {
        let mut record = Record {
            id: request.id.to_owned(),
            state: State::Moving,
            path: String::new(),
            path_bytes: None,
            quarantined: request.now,
            size: opened.size(),
            mode: opened.mode(),
            hash,
            how: How::Renamed,
            links: opened.links(),
            written_meanwhile: false,
            place: request.place.name().to_owned(),
            origin: request.download.clone(),
            found: request.found.clone(),
            restored: None,
            deleted: None,
        };
        record.set_path(request.file);
        record
    }

    /// Where the file was, exactly.
    pub fn path(&self) -> PathBuf {
        let bytes = self.path_bytes.as_deref().and_then(unhex);
        bytes.map_or_else(|| PathBuf::from(&self.path), from_bytes)
    }

    pub(super) fn set_path(&mut self, path: &Path) {
        self.path = path.to_string_lossy().into_owned();
        let bytes = path.as_os_str().as_encoded_bytes();
        self.path_bytes = path.to_str().is_none().then(|| bytes.iter().map(|b| format!("{b:02x}")).collect());
    }

    /// Is this the record of that very file, put back?
    pub(super) fn is_restored(&self, path: &Path, hash: &str) -> bool {
        self.state == State::Restored && self.hash == hash && self.path() == path
    }

    pub(super) fn read(path: &Path) -> Result<Record> {
        let text = std::fs::read(path).map_err(|e| Fault::Io(path.to_owned(), e))?;
        serde_json::from_slice(&text).map_err(|_| Fault::BadRecord(path.to_owned()))
    }

    /// Writes a new record; an existing one is never replaced.
    pub(super) fn create(&self, path: &Path) -> Result<()> {
        self.save(path, |file| file.persist_noclobber(path).map_err(|e| e.error))
    }

    /// Replaces the record: there is the old one or the new one at every moment.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        self.save(path, |file| file.persist(path).map_err(|e| e.error))
    }

    fn save(&self, path: &Path, put: impl FnOnce(tempfile::NamedTempFile) -> io::Result<File>) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            // `tempfile` makes it readable for its owner only.
            let mut file = tempfile::Builder::new().prefix(".record").tempfile_in(folder)?;
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            put(file).map(drop)
        };
        write().map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => Fault::Exists(path.to_owned()),
            _ => Fault::Io(path.to_owned(), e),
        })
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}
