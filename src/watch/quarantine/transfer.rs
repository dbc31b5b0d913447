//! Moving one file without ever overwriting, following a link, or losing it.
//!
//! On one file system it is renamed; otherwise copied under an unfinished name, flushed, read
//! back, given its name, and only then removed from where it was. The file is held open
//! throughout, and what bears its name is compared with it, so that an exchange is noticed.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::{Fault, How, Result};
use crate::finding::Key;

/// Permissions of what is in quarantine.
pub(super) const PRIVATE: u32 = 0o600;
/// How often a file is hashed again that is being written.
const TRIES: usize = 3;

/// How a file was moved, and the hash of what arrived.
pub(super) struct Moved {
    pub(super) how: How,
    pub(super) hash: String,
}

/// A file that is going to be moved.
pub(super) struct Opened {
    path: PathBuf,
    file: File,
    data: std::fs::Metadata,
}

impl Opened {
    pub(super) fn new(path: &Path) -> Result<Opened> {
        let file = open(path)?;
        let data = file.metadata().map_err(|e| Fault::Io(path.to_owned(), e))?;
        if !data.is_file() {
            return Err(Fault::NotAFile(path.to_owned()));
        }
        Ok(Opened { path: path.to_owned(), file, data })
    }

    pub(super) fn size(&self) -> u64 {
        self.data.len()
    }

    #[cfg(unix)]
    pub(super) fn mode(&self) -> u32 {
        std::os::unix::fs::MetadataExt::mode(&self.data) & 0o7777
    }

    #[cfg(not(unix))]
    pub(super) fn mode(&self) -> u32 {
        PRIVATE
    }

    #[cfg(unix)]
    pub(super) fn links(&self) -> u64 {
        std::os::unix::fs::MetadataExt::nlink(&self.data)
    }

    #[cfg(not(unix))]
    pub(super) fn links(&self) -> u64 {
        1
    }

    /// The keyed hash of the content, in hexadecimal.
    pub(super) fn hash(&self, key: &Key) -> Result<String> {
        hash(&self.file, key).map_err(|e| Fault::Io(self.path.clone(), e))
    }

    /// Moves the file to `target`, where nothing may be, and gives it these permissions.
    /// `expected` is its hash so far.
    pub(super) fn move_to(&self, target: &Path, mode: u32, key: &Key, expected: &str) -> Result<Moved> {
        match rename(&self.path, target) {
            Ok(()) => self.renamed(target, mode, key, expected),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(Fault::Exists(target.to_owned())),
            // Another file system, or one that cannot rename without overwriting.
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::CrossesDevices | io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
                ) =>
            {
                self.copied(target, mode, key, expected)
            }
            Err(e) => Err(Fault::Io(
                if e.kind() == io::ErrorKind::NotFound { self.path.clone() } else { target.to_owned() },
                e,
            )),
        }
    }

    fn renamed(&self, target: &Path, mode: u32, key: &Key, expected: &str) -> Result<Moved> {
        if !same_file(&self.file, target) {
            // Somebody put another file in its place at the last moment: it goes back.
            let _ = rename(target, &self.path);
            return Err(Fault::Changed(self.path.clone()));
        }
        let failed = |e| Fault::Io(target.to_owned(), e);
        set_mode(&self.file, mode).map_err(failed)?;
        // Who had it open may go on writing.
        let mut hash = expected.to_owned();
        for _ in 0..TRIES {
            let present = self.file.metadata().map_err(failed)?;
            if looks(&present) == looks(&self.data) {
                break;
            }
            hash = self.hash(key)?;
        }
        sync_folders(&self.path, target);
        Ok(Moved { how: How::Renamed, hash })
    }

    fn copied(&self, target: &Path, mode: u32, key: &Key, expected: &str) -> Result<Moved> {
        let folder = target.parent().unwrap_or(Path::new("."));
        let failed = |e| Fault::Io(target.to_owned(), e);
        // A name that a watch takes for unfinished; it disappears if anything goes wrong.
        let mut copy =
            tempfile::Builder::new().prefix(".sekisho-").suffix(".part").tempfile_in(folder).map_err(failed)?;
        let mut reader = &self.file;
        io::Seek::rewind(&mut reader).map_err(|e| Fault::Io(self.path.clone(), e))?;
        io::copy(&mut reader, copy.as_file_mut()).map_err(failed)?;
        copy.as_file_mut().flush().and_then(|()| copy.as_file().sync_all()).map_err(failed)?;
        let written = open(copy.path())?;
        if hash(&written, key).map_err(failed)? != expected {
            // Either the source was written meanwhile, or the target keeps what it likes.
            let same = self.hash(key)? == expected;
            return Err(if same { Fault::BadCopy(target.to_owned()) } else { Fault::Changed(self.path.clone()) });
        }
        set_mode(copy.as_file(), mode).map_err(failed)?;
        if let Ok(modified) = self.data.modified() {
            copy.as_file().set_modified(modified).map_err(failed)?;
        }
        let present = self.file.metadata().map_err(|e| Fault::Io(self.path.clone(), e))?;
        if !same_file(&self.file, &self.path) || looks(&present) != looks(&self.data) {
            return Err(Fault::Changed(self.path.clone()));
        }
        let copy = copy.into_temp_path();
        rename(&copy, target).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => Fault::Exists(target.to_owned()),
            _ => failed(e),
        })?;
        // It has its name now; there is nothing left to clean up.
        let _ = copy.keep();
        if let Err(e) = std::fs::remove_file(&self.path) {
            // Two copies would be worse than one where it was.
            let _ = std::fs::remove_file(target);
            return Err(Fault::Io(self.path.clone(), e));
        }
        sync_folders(&self.path, target);
        Ok(Moved { how: How::Copied, hash: expected.to_owned() })
    }
}

/// What changes when a file is written.
fn looks(data: &std::fs::Metadata) -> (u64, Option<std::time::SystemTime>) {
    (data.len(), data.modified().ok())
}

fn hash(mut file: &File, key: &Key) -> io::Result<String> {
    io::Seek::rewind(&mut file)?;
    let mut hasher = key.hasher();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(n) => {
                hasher.update(&buffer[..n]);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// Flushes the folders; where a file system cannot, the move has happened all the same.
fn sync_folders(from: &Path, to: &Path) {
    for folder in [from, to].into_iter().filter_map(Path::parent) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Opens a file for reading; never through a link, never waiting for a FIFO's writer.
#[cfg(unix)]
fn open(path: &Path) -> Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => Ok(File::from(fd)),
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::MLINK) => Err(Fault::NotAFile(path.to_owned())),
        Err(e) => Err(Fault::Io(path.to_owned(), e.into())),
    }
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<File> {
    match std::fs::symlink_metadata(path) {
        Ok(data) if !data.is_file() => Err(Fault::NotAFile(path.to_owned())),
        _ => File::open(path).map_err(|e| Fault::Io(path.to_owned(), e)),
    }
}

/// Renames; `AlreadyExists` if there is anything at the target.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        // Old kernels and some file systems (NFS) cannot. A second name refuses to overwrite, too.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            std::fs::hard_link(from, to)?;
            std::fs::remove_file(from)
        }
        Err(e) => Err(e.into()),
    }
}

/// Untested. There is no renaming without overwriting; a second name and the end of the first
/// come to the same.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::hard_link(from, to)?;
    std::fs::remove_file(from)
}

/// Is the open file what stands at this path?
#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |data: std::fs::Metadata| (data.dev(), data.ino());
    let there = std::fs::symlink_metadata(path).map(identity).ok();
    there.is_some() && there == file.metadata().map(identity).ok()
}

#[cfg(not(unix))]
fn same_file(_: &File, path: &Path) -> bool {
    path.is_file()
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// Makes the folder, or makes sure that the one that is there is ours alone.
#[cfg(unix)]
pub(super) fn private_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
    let failed = |e| Fault::Io(folder.to_owned(), e);
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => Fault::NotPrivate(folder.to_owned()),
        _ => failed(e),
    })?;
    let data = std::fs::symlink_metadata(folder).map_err(failed)?;
    if !data.is_dir() || data.uid() != rustix::process::geteuid().as_raw() {
        return Err(Fault::NotPrivate(folder.to_owned()));
    }
    if data.mode() & 0o077 != 0 {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn private_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Fault::Io(folder.to_owned(), e))
}
