//! The mount table (`/proc/self/mountinfo`, proc(5)): text → mounts → the one that a path is on.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub point: PathBuf,
    /// The file system's type: `ext4`, `nfs4`, `fuse.rclone`.
    pub kind: String,
    /// What is mounted: a device, `server:/share`, `remote:`.
    pub source: String,
    /// Major and minor number of its device.
    pub device: (u32, u32),
    /// Options of the file system itself, separated by commas.
    pub options: String,
}

/// All mounts, in the order of the table: of two at one place the later one is on top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mounts(Vec<Mount>);

/// Reads a mount table. Lines that are not understood are passed over: the table is the
/// kernel's own, and a place that is not known is `local`.
pub fn read(table: &[u8]) -> Mounts {
    Mounts(table.split(|&b| b == b'\n').filter_map(line).collect())
}

/// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`
fn line(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|&b| b == b' ');
    let device = std::str::from_utf8(fields.nth(2)?).ok()?;
    let (major, minor) = device.split_once(':')?;
    let point = unescape(fields.nth(1)?);
    let mut fields = fields.skip_while(|field| *field != b"-").skip(1);
    let mut text = || fields.next().map(|field| unescape(field).to_string_lossy().into_owned());
    Some(Mount {
        point: point.into(),
        kind: text()?,
        source: text()?,
        device: (major.parse().ok()?, minor.parse().ok()?),
        options: text().unwrap_or_default(),
    })
}

/// Blanks, tabs, line ends and backslashes stand as `\040` and the like.
fn unescape(field: &[u8]) -> OsString {
    let mut out = Vec::with_capacity(field.len());
    let mut at = 0;
    while let Some(&byte) = field.get(at) {
        let octal = field.get(at + 1..at + 4).filter(|d| byte == b'\\' && d.iter().all(|b| matches!(b, b'0'..=b'7')));
        match octal {
            Some(d) => {
                let value = d.iter().fold(0u32, |n, b| n << 3 | u32::from(b - b'0'));
                out.push(value as u8);
                at += 4;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    from_bytes(out)
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

impl Mounts {
    /// Every mount.
    pub fn all(&self) -> &[Mount] {
        &self.0
    }

    /// The mount that an absolute path is on.
    pub fn of(&self, path: &Path) -> Option<&Mount> {
        // The deepest; the last of several at one place covers the others.
        self.0.iter().filter(|m| path.starts_with(&m.point)).max_by_key(|m| m.point.components().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw
23 22 0:21 / /proc rw - proc proc rw
40 22 8:17 / /media/u/USB\\040\\343\\203\\241\\343\\203\\242\\343\\203\\252 rw shared:7 master:2 - vfat /dev/sdb1 rw,iocharset=utf8
41 22 0:50 / /mnt/share rw - cifs //nas/share rw
42 41 0:51 / /mnt/share rw - nfs4 nas:/share rw
bad line
";

    #[test]
    fn the_deepest_and_last_mount_holds() {
        let mounts = read(TABLE.as_bytes());
        let kind = |path: &str| mounts.of(Path::new(path)).map(|m| m.kind.as_str());
        assert_eq!(kind("/home/u/a"), Some("ext4"));
        assert_eq!(kind("/media/u/USB メモリ/a"), Some("vfat"));
        assert_eq!(kind("/media/u/USB"), Some("ext4"), "whole components only");
        assert_eq!(kind("/mnt/share/x"), Some("nfs4"));
        assert_eq!(mounts.all().len(), 5);
        assert_eq!(mounts.of(Path::new("/media/u/USB メモリ")).map(|m| m.device), Some((8, 17)));
    }
}
