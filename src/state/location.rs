//! Paths as the database holds them, and the file systems that they lie on.
//!
//! On Unix a path is bytes and is stored as they are. Asks the system about mount points; reads
//! and writes no files.

use std::path::{Path, PathBuf};

/// A path as it is stored.
#[cfg(unix)]
pub(super) fn to_bytes(path: &Path) -> &[u8] {
    use std::os::unix::ffi::OsStrExt as _;
    path.as_os_str().as_bytes()
}

/// A path as it is stored: UTF-8 (untested).
#[cfg(not(unix))]
pub(super) fn to_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// A stored path.
#[cfg(unix)]
pub(super) fn from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

/// A stored path.
#[cfg(not(unix))]
pub(super) fn from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Everything below a folder, as a range of stored paths: from the first, to before the second.
pub(super) fn below(folder: &Path) -> (Vec<u8>, Vec<u8>) {
    let mut from = to_bytes(folder).to_vec();
    while from.last() == Some(&b'/') {
        from.pop();
    }
    let mut to = from.clone();
    from.push(b'/');
    to.push(b'/' + 1);
    (from, to)
}

/// The folder on which the file system of `path` is mounted; `path` must exist.
#[cfg(unix)]
pub fn mount_point(path: &Path) -> PathBuf {
    let device = |path: &Path| {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata(path).ok().map(|data| data.dev())
    };
    let mut here = path;
    let own = device(here);
    while let Some(parent) = here.parent() {
        if device(parent) != own {
            break;
        }
        here = parent;
    }
    here.to_owned()
}

/// Where file systems cannot be told apart, everything lies on one.
#[cfg(not(unix))]
pub fn mount_point(path: &Path) -> PathBuf {
    path.ancestors().last().unwrap_or(path).to_owned()
}

/// Is a file system mounted there now?
pub fn is_mounted(point: &Path) -> bool {
    point.is_dir() && mount_point(point) == point
}

/// Does the file's system allow what SQLite's write-ahead log needs, memory shared between
/// processes? Not if it is on another machine.
#[cfg(target_os = "linux")]
pub(super) fn is_remote(folder: &Path) -> bool {
    // Linux, include/uapi/linux/magic.h and fs/*/: file systems of other machines. FUSE may be one.
    const REMOTE: &[u64] = &[
        0x6969,      // NFS
        0x517B,      // SMB
        0xFF53_4D42, // CIFS
        0xFE53_4D42, // SMB2
        0x0102_1997, // 9P
        0x6573_5546, // FUSE (sshfs, rclone, virtiofs)
        0x00C3_6400, // Ceph
        0x5346_414F, // AFS
        0x6B41_4653, // kAFS
        0x7375_7245, // Coda
        0x0116_1970, // GFS2
        0x7461_636F, // OCFS2
        0x0BD0_0BD0, // Lustre
        0x1983_0326, // BeeGFS
        0x786F_4256, // VirtualBox shared folders
        0x4750_4653, // GPFS
    ];
    #[allow(clippy::unnecessary_cast)]
    rustix::fs::statfs(folder).is_ok_and(|stat| REMOTE.contains(&(stat.f_type as u64 & 0xffff_ffff)))
}

/// Elsewhere this is not told apart (untested).
#[cfg(not(target_os = "linux"))]
pub(super) fn is_remote(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_a_folder() {
        let (from, to) = below(Path::new("/home/u"));
        for (path, inside) in [("/home/u/a", true), ("/home/u-b/a", false), ("/home/u", false), ("/home/u0", false)] {
            assert_eq!(from.as_slice() <= path.as_bytes() && path.as_bytes() < to.as_slice(), inside, "{path}");
        }
        assert_eq!(below(Path::new("/")), (b"/".to_vec(), b"0".to_vec()));
    }

    #[test]
    #[cfg(unix)]
    fn the_root_is_mounted_and_a_plain_folder_is_not() {
        let folder = tempfile::tempdir().expect("folder");
        assert!(is_mounted(Path::new("/")));
        assert!(!is_mounted(folder.path()));
        assert!(is_mounted(&mount_point(folder.path())));
    }
}
