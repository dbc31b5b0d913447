//! The desktop's trash (freedesktop.org Trash specification 1.0): what lies in it and where it came
//! from, and putting a file there.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sekisho::message::timestamp;
use sekisho::state::mount_point;

use super::super::machine;

/// Something in a trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trashed {
    /// Where it was.
    pub(super) original: PathBuf,
    /// Where it is now.
    pub(super) now: PathBuf,
}

/// The trash of the home directory; `data` is the folder of this program's data.
fn of_home(data: &Path) -> PathBuf {
    data.parent().unwrap_or(data).join("Trash")
}

#[cfg(unix)]
fn user() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(not(unix))]
fn user() -> u32 {
    0
}

/// Everything in all trashes of this user that can be seen, and those that could not be read.
pub(super) fn all(data: Option<&Path>) -> (Vec<Trashed>, Vec<PathBuf>) {
    let mut trashes: Vec<(PathBuf, PathBuf)> =
        data.map(|data| (of_home(data), PathBuf::from("/"))).into_iter().collect();
    for mount in machine::mounts().all() {
        let top = &mount.point;
        trashes.push((top.join(format!(".Trash-{}", user())), top.clone()));
        trashes.push((top.join(".Trash").join(user().to_string()), top.clone()));
    }
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for (trash, top) in trashes {
        let entries = match std::fs::read_dir(trash.join("info")) {
            Ok(entries) => entries,
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => continue,
            Err(_) => {
                unread.push(trash);
                continue;
            }
        };
        for entry in entries.flatten() {
            let info = entry.path();
            let Some(name) = info.file_name().and_then(|name| name.to_str()?.strip_suffix(".trashinfo")) else {
                continue;
            };
            let now = trash.join("files").join(name);
            // What has been taken out by hand leaves its note behind.
            if now.symlink_metadata().is_err() {
                continue;
            }
            match std::fs::read(&info).ok().and_then(|text| path_in(&text)) {
                Some(path) => found.push(Trashed { original: top.join(path), now }),
                None => unread.push(info),
            }
        }
    }
    (found, unread)
}

/// `Path=` of a note; percent-encoded bytes (RFC 2396).
fn path_in(text: &[u8]) -> Option<PathBuf> {
    let line = text.split(|&b| b == b'\n').find_map(|line| line.strip_prefix(b"Path="))?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut out = Vec::with_capacity(line.len());
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        let digits = line.get(at + 1..at + 3).filter(|_| byte == b'%');
        let value = digits.and_then(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok());
        out.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    #[cfg(unix)]
    return Some(PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(out)));
    #[cfg(not(unix))]
    String::from_utf8(out).ok().map(PathBuf::from)
}

fn encoded(path: &Path) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b);
    let one = |&b: &u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    path.as_os_str().as_encoded_bytes().iter().map(one).collect()
}

/// Puts a file into the trash of its file system; says where it is now.
pub(super) fn put(path: &Path, data: &Path, now: i64) -> io::Result<PathBuf> {
    let home = of_home(data);
    let top = mount_point(path.parent().unwrap_or(path));
    let there = home.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let (trash, noted) = match mount_point(there) == top {
        true => (home, path.to_owned()),
        false => {
            let trash = top.join(format!(".Trash-{}", user()));
            (trash, path.strip_prefix(&top).unwrap_or(path).to_owned())
        }
    };
    for folder in ["info", "files"] {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(trash.join(folder))?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // The note comes first and takes the name.
    for number in 1..10_000 {
        let name = if number == 1 { name.clone() } else { format!("{name}.{number}") };
        let info = trash.join("info").join(format!("{name}.trashinfo"));
        let mut file = match File::options().write(true).create_new(true).open(&info) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
            other => other?,
        };
        let date = timestamp(now).trim_end_matches('Z').to_owned();
        write!(file, "[Trash Info]\nPath={}\nDeletionDate={date}\n", encoded(&noted))?;
        let target = trash.join("files").join(&name);
        return match std::fs::rename(path, &target) {
            Ok(()) => Ok(target),
            Err(e) => {
                // Nothing was moved, so there is nothing to note.
                let _ = std::fs::remove_file(&info);
                Err(e)
            }
        };
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_from_their_notes() {
        for name in ["/home/u/名簿 1.csv", "/a%b", "/x/\u{1b}[31m\n"] {
            let note = format!("[Trash Info]\nPath={}\nDeletionDate=x\n", encoded(Path::new(name)));
            assert_eq!(path_in(note.as_bytes()), Some(PathBuf::from(name)));
        }
        assert_eq!(path_in(b"[Trash Info]\nPath=/a%zz%4\n"), Some(PathBuf::from("/a%zz%4")));
        assert_eq!(path_in(b"nothing"), None);
    }

    #[test]
    fn a_file_goes_to_the_trash_and_is_found_there() {
        let folder = tempfile::tempdir().expect("folder");
        let real = folder.path().canonicalize().expect("real");
        let data = real.join("share/sekisho");
        std::fs::create_dir_all(&data).expect("data");
        for _ in 0..2 {
            std::fs::write(real.join("a b.txt"), "x").expect("file");
            let now = put(&real.join("a b.txt"), &data, 0).expect("put");
            assert!(now.exists() && !real.join("a b.txt").exists());
        }
        let (all, _) = all(Some(&data));
        let ours = all.iter().filter(|one| one.original == real.join("a b.txt")).count();
        assert_eq!(ours, 2);
    }
}
