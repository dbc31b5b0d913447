//! An open directory: its entries and the files in it, reached without naming the whole path.
//!
//! Everything that differs between operating systems in walking a tree is here. On Linux and
//! other Unixes files are opened relative to their directory, so that no component of the path
//! can be exchanged for a link meanwhile. On Windows paths are used (untested there).

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;

use super::{Opened, Stamp};
use crate::error::{Problem, ProblemKind};

/// What an entry is, as far as the directory tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Link,
    /// FIFO, socket, device.
    Special,
}

/// Names of one directory with their kinds, sorted; names lie in one piece of memory, so that
/// a directory of a million files costs little more than its names.
#[derive(Debug, Default)]
pub(super) struct Entries {
    names: Vec<u8>,
    spans: Vec<(u32, u16, Kind)>,
}

impl Entries {
    fn push(&mut self, name: &[u8], kind: Kind) {
        let (Ok(start), Ok(length)) = (u32::try_from(self.names.len()), u16::try_from(name.len())) else { return };
        self.names.extend_from_slice(name);
        self.spans.push((start, length, kind));
    }

    fn name(&self, &(start, length, _): &(u32, u16, Kind)) -> &[u8] {
        &self.names[start as usize..start as usize + usize::from(length)]
    }

    /// Sorts so that a walk meets whole paths in byte-wise order: a directory stands where its
    /// name and a slash would.
    fn sort(&mut self) {
        let mut spans = std::mem::take(&mut self.spans);
        spans.sort_unstable_by(|a, b| {
            let slash = |e: &(u32, u16, Kind)| (e.2 == Kind::Directory).then_some(b'/');
            let (x, y) = (self.name(a), self.name(b));
            let common = x.len().min(y.len());
            x[..common].cmp(&y[..common]).then_with(|| {
                let rest = |n: &[u8], e| n.get(common).copied().or(slash(e));
                rest(x, a).cmp(&rest(y, b)).then(x.len().cmp(&y.len()))
            })
        });
        self.spans = spans;
    }

    /// Is there a file of this name?
    pub(super) fn has_file(&self, name: &[u8]) -> bool {
        self.spans.iter().any(|span| span.2 == Kind::File && self.name(span) == name)
    }

    pub(super) fn get(&self, index: usize) -> Option<(OsString, Kind)> {
        let span = self.spans.get(index)?;
        Some((from_bytes(self.name(span)), span.2))
    }
}

#[cfg(unix)]
fn from_bytes(name: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(name).to_owned()
}

#[cfg(not(unix))]
fn from_bytes(name: &[u8]) -> OsString {
    String::from_utf8_lossy(name).into_owned().into()
}

#[cfg(unix)]
pub use unix::Directory;
#[cfg(unix)]
pub(super) use unix::open_path;

#[cfg(unix)]
mod unix {
    use super::*;
    use rustix::fs::{FileType, Mode, OFlags};
    use std::os::fd::OwnedFd;

    /// An open directory.
    #[derive(Debug)]
    pub struct Directory {
        fd: OwnedFd,
        device: u64,
    }

    const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);
    /// NONBLOCK: what was a file when it was listed may be a FIFO by now, and must not block.
    const FILE: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

    impl Directory {
        /// Opens the directory that a user named; a link is followed here and only here.
        pub fn open(path: &Path) -> io::Result<Directory> {
            Directory::of(rustix::fs::open(path, DIRECTORY, Mode::empty())?)
        }

        /// Opens a directory in this one; never through a link.
        pub(in super::super) fn open_directory(&self, name: &OsStr) -> io::Result<Directory> {
            Directory::of(rustix::fs::openat(&self.fd, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?)
        }

        fn of(fd: OwnedFd) -> io::Result<Directory> {
            let device = rustix::fs::fstat(&fd)?.st_dev;
            #[allow(clippy::unnecessary_cast, clippy::useless_conversion)]
            Ok(Directory { fd, device: device as u64 })
        }

        /// Is this the root of a file system that the kernel makes up, seen from `parent`?
        pub(in super::super) fn is_made_up(&self, parent: &Directory) -> bool {
            self.device != parent.device && is_pseudo(&self.fd)
        }

        /// Opens a file in this directory; never through a link.
        pub(in super::super) fn open_file(&self, name: &OsStr) -> Result<Opened, Problem> {
            let open = |flags| rustix::fs::openat(&self.fd, name, flags | OFlags::NOFOLLOW, Mode::empty());
            regular(open_quietly(open))
        }

        /// What the system says of a file in this directory; never through a link.
        pub(in super::super) fn stamp(&self, name: &OsStr) -> io::Result<Stamp> {
            Ok(rustix::fs::statat(&self.fd, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?.into())
        }

        /// Reads and sorts the entries.
        pub(in super::super) fn entries(&self) -> io::Result<Entries> {
            let mut entries = Entries::default();
            list(&self.fd, |name, kind| {
                let kind = match kind {
                    FileType::RegularFile => Kind::File,
                    FileType::Directory => Kind::Directory,
                    FileType::Symlink => Kind::Link,
                    // Some file systems do not tell; ask for this one entry.
                    FileType::Unknown => {
                        match rustix::fs::statat(&self.fd, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)
                            .map(|stat| FileType::from_raw_mode(stat.st_mode))
                        {
                            Ok(FileType::Directory) => Kind::Directory,
                            Ok(FileType::Symlink) => Kind::Link,
                            Ok(FileType::RegularFile) | Err(_) => Kind::File,
                            Ok(_) => Kind::Special,
                        }
                    }
                    _ => Kind::Special,
                };
                entries.push(name.to_bytes(), kind);
            })?;
            entries.sort();
            Ok(entries)
        }
    }

    #[cfg(target_os = "linux")]
    fn list(fd: &OwnedFd, mut each: impl FnMut(&std::ffi::CStr, FileType)) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(32 << 10);
        let mut entries = rustix::fs::RawDir::new(fd, buffer.spare_capacity_mut());
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name();
            if !matches!(name.to_bytes(), b"." | b"..") {
                each(name, entry.file_type());
            }
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn list(fd: &OwnedFd, mut each: impl FnMut(&std::ffi::CStr, FileType)) -> io::Result<()> {
        for entry in rustix::fs::Dir::read_from(fd)? {
            let entry = entry?;
            if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
                each(entry.file_name(), entry.file_type());
            }
        }
        Ok(())
    }

    /// Opens without touching the access time where the system allows that (own files only).
    fn open_quietly(open: impl Fn(OFlags) -> rustix::io::Result<OwnedFd>) -> rustix::io::Result<OwnedFd> {
        #[cfg(target_os = "linux")]
        match open(FILE | OFlags::NOATIME) {
            Err(rustix::io::Errno::PERM) => {}
            result => return result,
        }
        open(FILE)
    }

    fn regular(opened: rustix::io::Result<OwnedFd>) -> Result<Opened, Problem> {
        let fd = opened.map_err(|e| match e {
            rustix::io::Errno::LOOP | rustix::io::Errno::MLINK => {
                Problem::new(ProblemKind::Unreadable, "became a symbolic link")
            }
            e => Problem::from_io(&e.into()),
        })?;
        let stat = rustix::fs::fstat(&fd).map_err(|e| Problem::from_io(&e.into()))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(Opened::File(File::from(fd), stat.into())),
            _ => Err(Problem::new(ProblemKind::Unreadable, "not a regular file")),
        }
    }

    /// Opens a file by its path.
    pub(in super::super) fn open_path(path: &Path) -> Result<Opened, Problem> {
        regular(open_quietly(|flags| rustix::fs::open(path, flags, Mode::empty())))
    }

    /// procfs, sysfs and their like: no files that anyone keeps.
    #[cfg(target_os = "linux")]
    fn is_pseudo(fd: &OwnedFd) -> bool {
        // Linux, include/uapi/linux/magic.h.
        const MADE_UP: &[u64] = &[
            0x9fa0,      // proc
            0x6265_6572, // sysfs
            0x1cd1,      // devpts
            0x0027_e0eb, // cgroup
            0x6367_7270, // cgroup2
            0x6462_6720, // debugfs
            0x7472_6163, // tracefs
            0x7363_6673, // securityfs
            0xcafe_4a11, // bpf
            0x6165_676c, // pstore
            0x6265_6570, // configfs
            0x4249_4e4d, // binfmt_misc
            0x6e73_6673, // nsfs
            0x1980_0202, // mqueue
            0xde5e_81e4, // efivarfs
        ];
        #[allow(clippy::unnecessary_cast)]
        rustix::fs::fstatfs(fd).is_ok_and(|stat| MADE_UP.contains(&(stat.f_type as u64 & 0xffff_ffff)))
    }

    #[cfg(not(target_os = "linux"))]
    fn is_pseudo(_: &OwnedFd) -> bool {
        false
    }
}

#[cfg(not(unix))]
pub use portable::Directory;
#[cfg(not(unix))]
pub(super) use portable::open_path;

#[cfg(not(unix))]
mod portable {
    use super::*;
    use std::path::PathBuf;

    /// A directory by its path.
    #[derive(Debug)]
    pub struct Directory(PathBuf);

    impl Directory {
        /// The directory that a user named.
        pub fn open(path: &Path) -> io::Result<Directory> {
            std::fs::read_dir(path)?;
            Ok(Directory(path.to_owned()))
        }

        pub(in super::super) fn open_directory(&self, name: &OsStr) -> io::Result<Directory> {
            Directory::open(&self.0.join(name))
        }

        pub(in super::super) fn is_made_up(&self, _: &Directory) -> bool {
            false
        }

        pub(in super::super) fn open_file(&self, name: &OsStr) -> Result<Opened, Problem> {
            open_path(&self.0.join(name))
        }

        pub(in super::super) fn stamp(&self, name: &OsStr) -> io::Result<Stamp> {
            Stamp::of(&self.0.join(name))
        }

        pub(in super::super) fn entries(&self) -> io::Result<Entries> {
            let mut entries = Entries::default();
            for entry in std::fs::read_dir(&self.0)? {
                let entry = entry?;
                let kind = entry.file_type()?;
                let kind = match () {
                    () if kind.is_symlink() => Kind::Link,
                    () if kind.is_dir() => Kind::Directory,
                    () if kind.is_file() => Kind::File,
                    () => Kind::Special,
                };
                entries.push(entry.file_name().to_string_lossy().as_bytes(), kind);
            }
            entries.sort();
            Ok(entries)
        }
    }

    pub(in super::super) fn open_path(path: &Path) -> Result<Opened, Problem> {
        let file = File::open(path).map_err(|e| Problem::from_io(&e))?;
        match file.metadata() {
            Ok(data) if data.is_file() => Ok(Opened::File(file, Stamp::new(&data))),
            Ok(_) => Err(Problem::new(ProblemKind::Unreadable, "not a regular file")),
            Err(e) => Err(Problem::from_io(&e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_stands_where_its_name_and_a_slash_would() {
        let mut entries = Entries::default();
        for (name, kind) in
            [("a", Kind::Directory), ("a.txt", Kind::File), ("a-b", Kind::File), ("a0", Kind::File), ("b", Kind::File)]
        {
            entries.push(name.as_bytes(), kind);
        }
        entries.sort();
        let names: Vec<_> = (0..).map_while(|i| entries.get(i)).map(|(name, _)| name).collect();
        assert_eq!(names, ["a-b", "a.txt", "a", "a0", "b"]);
    }
}
