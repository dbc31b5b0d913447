//! A real path and [`Facts`] about the machine → its [`Place`]. Pure.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::mounts::{Mount, Mounts};
use super::service::SERVICES;
use crate::finding::Place;

/// What has to be known of a machine.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// What relative paths are relative to.
    pub current: PathBuf,
    /// The user's home directory.
    pub home: Option<PathBuf>,
    /// Folders for temporary files.
    pub temp: Vec<PathBuf>,
    /// The mount table.
    pub mounts: Mounts,
    /// Devices, by major and minor number, that are on media that can be carried away.
    pub removable: BTreeSet<(u32, u32)>,
    /// Folders that sync clients' settings name, with the service.
    pub synced: Vec<(PathBuf, &'static str)>,
    /// History databases of browsers.
    pub histories: Vec<PathBuf>,
}

impl Facts {
    /// The path, made absolute.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.current.join(path)
    }
}

/// Types of mounts that are another machine's disks, the host's of a virtual one included.
const NETWORK: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "afpfs",
    "ncpfs",
    "ceph",
    "glusterfs",
    "lustre",
    "gfs2",
    "ocfs2",
    "9p",
    "virtiofs",
    "vboxsf",
    "vmhgfs",
    "davfs",
    "fuse.davfs",
    "fuse.sshfs",
    "fuse.davfs2",
    "fuse.curlftpfs",
    "fuse.glusterfs",
    "fuse.cephfs",
    "fuse.smbnetfs",
    "fuse.vmhgfs-fuse",
    "fuse.prl_fsd",
    "fuse.beegfs",
    "webdav",
];
/// Types of mounts that are phones and cameras.
const PORTABLE: &[&str] =
    &["fuse.simple-mtpfs", "fuse.jmtpfs", "fuse.go-mtpfs", "fuse.aft-mtp-mount", "fuse.gphotofs", "fuse.ifuse"];
/// Where desktops mount what is plugged in.
const MEDIA: &[&str] = &["/media", "/run/media", "/Volumes"];
/// Mounts that are the machine itself, whatever they lie on (a Pi starts from a card).
const OWN: &[&str] = &["/", "/home", "/usr", "/var", "/boot", "/boot/efi", "/boot/firmware", "/System/Volumes/Data"];
/// Where jobs wait for a printer, and where PDF printers put theirs (below home).
const SPOOLS: &[&str] = &["/var/spool/cups", "/var/spool/cups-pdf", "/var/spool/lpd", "/private/var/spool/cups"];
const PDF_PRINTERS: &[&str] = &["PDF", "cups-pdf"];
/// Windows' spool and bin, by the names of folders anywhere in a path.
const WINDOWS_SPOOL: &[&str] = &["System32", "spool", "PRINTERS"];

/// The place of an absolute, real directory. `marker` says whether a sync client's mark lies
/// in a folder.
///
/// What leaves the machine comes first, also where a folder is several things: a bin on a
/// stick is a stick.
pub fn classify(directory: &Path, facts: &Facts, marker: &dyn Fn(&Path) -> Option<Place>) -> Place {
    let mount = facts.mounts.of(directory);
    cloud_mount(directory, mount)
        .or_else(|| cloud_folder(directory, facts, marker))
        .or_else(|| mount.and_then(|mount| medium(directory, mount, facts)))
        .or_else(|| kept_aside(directory, facts))
        .unwrap_or_default()
}

/// A mount that is a cloud's.
fn cloud_mount(directory: &Path, mount: Option<&Mount>) -> Option<Place> {
    let mount = mount?;
    if mount.kind == "fuse.gvfsd-fuse" {
        return match gvfs(directory, mount)? {
            "google-drive" => Some(Place::CloudSync("Google Drive")),
            "onedrive" => Some(Place::CloudSync("OneDrive")),
            _ => None,
        };
    }
    let is_of = |list: &[&str], name: &str| list.contains(&name);
    let service = SERVICES.iter().find(|s| {
        is_of(s.mounts, &mount.kind) || (mount.kind.starts_with("fuse") && is_of(s.sources, &mount.source))
    })?;
    Some(Place::CloudSync(service.name))
}

/// GNOME's mounts: the kind stands before the colon, `smb-share:server=nas,share=x`.
fn gvfs<'p>(directory: &'p Path, mount: &Mount) -> Option<&'p str> {
    let first = directory.strip_prefix(&mount.point).ok()?.components().next()?;
    first.as_os_str().to_str()?.split(':').next()
}

/// A folder that a client syncs: named in its settings, marked by it, or its usual one.
fn cloud_folder(directory: &Path, facts: &Facts, marker: &dyn Fn(&Path) -> Option<Place>) -> Option<Place> {
    if let Some((_, service)) = facts.synced.iter().find(|(folder, _)| directory.starts_with(folder)) {
        return Some(Place::CloudSync(service));
    }
    let below_home = facts.home.as_ref().and_then(|home| directory.strip_prefix(home).ok());
    if let Some(below) = below_home
        && let Some(service) = SERVICES.iter().find(|s| s.folders.iter().any(|folder| begins(below, folder)))
    {
        return Some(Place::CloudSync(service.name));
    }
    // Some clients keep their own state in the home directory under the very name that marks a
    // synced folder (`~/.dropbox`); nobody syncs a home or a root as a whole that way.
    let whole = |folder: &Path| facts.home.as_deref() == Some(folder) || folder.parent().is_none();
    directory.ancestors().filter(|folder| !whole(folder)).find_map(marker)
}

/// Does a relative path begin with these components? The last may end in `*`.
fn begins(path: &Path, folder: &str) -> bool {
    let mut parts = path.components();
    folder.split('/').all(|wanted| {
        let part = parts.next().map(|p| p.as_os_str().to_string_lossy()).unwrap_or_default();
        match wanted.strip_suffix('*') {
            Some(start) => part.starts_with(start),
            None => part == wanted,
        }
    })
}

/// Another machine's disk, or one that can be carried away.
fn medium(directory: &Path, mount: &Mount, facts: &Facts) -> Option<Place> {
    let kind = mount.kind.as_str();
    if kind == "fuse.gvfsd-fuse" {
        return gvfs(directory, mount).map(|kind| match kind {
            "mtp" | "gphoto2" | "afc" => Place::Removable,
            _ => Place::Network,
        });
    }
    // Windows' own disks under WSL come as 9p.
    if NETWORK.contains(&kind) && !(kind == "9p" && mount.options.contains("aname=drvfs")) {
        return Some(Place::Network);
    }
    is_medium(mount, facts.removable.contains(&mount.device)).then_some(Place::Removable)
}

/// Is this mount a medium that can be carried away? `removable` says it of its device.
pub fn is_medium(mount: &Mount, removable: bool) -> bool {
    let own = OWN.iter().any(|own| mount.point == Path::new(own));
    let plugged = MEDIA.iter().any(|media| mount.point.starts_with(media) && mount.point != Path::new(media));
    !own && (plugged || removable || PORTABLE.contains(&mount.kind.as_str()))
}

/// Spool, bin and temporary folders of this machine.
fn kept_aside(directory: &Path, facts: &Facts) -> Option<Place> {
    let below_home = facts.home.as_ref().and_then(|home| directory.strip_prefix(home).ok());
    let has_run = |names: &[&str]| {
        let parts: Vec<&OsStr> = directory.iter().collect();
        parts.windows(names.len()).any(|run| run.iter().zip(names).all(|(a, b)| a.eq_ignore_ascii_case(b)))
    };
    if SPOOLS.iter().any(|spool| directory.starts_with(spool))
        || below_home.is_some_and(|below| PDF_PRINTERS.iter().any(|folder| begins(below, folder)))
        || has_run(WINDOWS_SPOOL)
    {
        return Some(Place::PrintSpool);
    }
    // freedesktop.org trash specification 1.0: `.Trash`, `.Trash-$uid` at the top of a volume.
    let bin = |part: &OsStr| {
        let part = part.to_string_lossy();
        matches!(&*part, ".Trash" | "$RECYCLE.BIN" | "$Recycle.Bin" | "RECYCLER")
            || part.strip_prefix(".Trash-").is_some_and(|uid| uid.bytes().all(|b| b.is_ascii_digit()))
    };
    if directory.iter().any(bin) || has_run(&["share", "Trash", "files"]) || has_run(&["share", "Trash", "expunged"]) {
        return Some(Place::Trash);
    }
    // A home below a temporary folder is a home.
    let temp = |folder: &&PathBuf| {
        directory.starts_with(folder)
            && !facts.home.as_ref().is_some_and(|home| home.starts_with(folder) && directory.starts_with(home))
    };
    facts.temp.iter().find(temp).map(|_| Place::Temp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::read_mounts;

    #[test]
    fn places() {
        let table = "\
1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 8:2 / /home rw - ext4 /dev/sdb1 rw
3 1 8:17 / /run/media/u/STICK rw - vfat /dev/sdc1 rw
4 1 0:40 / /mnt/nas rw - cifs //nas/x rw
5 1 0:41 / /mnt/remote rw - fuse.rclone gdrive: rw
6 1 0:42 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
7 1 8:33 / /backup rw - ext4 /dev/sdd1 rw
8 1 0:43 / /home/u/pc rw - fuse pCloud.fs rw
9 1 0:44 / /mnt/c rw - 9p C: rw,aname=drvfs;path=C:
10 1 0:45 / /mnt/host rw - 9p host rw
";
        let facts = Facts {
            home: Some("/home/u".into()),
            temp: vec!["/tmp".into(), "/var/tmp".into()],
            mounts: read_mounts(table.as_bytes()),
            removable: [(8, 33), (8, 2)].into(),
            synced: vec![("/srv/sync".into(), "Dropbox")],
            ..Facts::default()
        };
        let marked =
            |folder: &Path| (folder == Path::new("/home/u/work/shared")).then_some(Place::CloudSync("Syncthing"));
        let home_state = |folder: &Path| (folder == Path::new("/home/u")).then_some(Place::CloudSync("Dropbox"));
        for (path, expected) in [
            ("/home/u/docs", Place::Local),
            ("/run/media/u/STICK/.Trash-1000/files", Place::Removable),
            ("/backup/2026", Place::Removable),
            ("/mnt/nas/x", Place::Network),
            ("/mnt/host", Place::Network),
            ("/mnt/c/Users", Place::Local),
            ("/mnt/remote/a", Place::CloudSync("rclone")),
            ("/home/u/pc/a", Place::CloudSync("pCloud")),
            ("/run/user/1000/gvfs/google-drive:host=gmail.com,user=x/a", Place::CloudSync("Google Drive")),
            ("/run/user/1000/gvfs/smb-share:server=nas,share=x/a", Place::Network),
            ("/run/user/1000/gvfs/mtp:host=phone/DCIM", Place::Removable),
            ("/home/u/work/shared/deep/er", Place::CloudSync("Syncthing")),
            ("/home/u/work/sharedx", Place::Local),
            ("/srv/sync/a", Place::CloudSync("Dropbox")),
            ("/srv/sync2/a", Place::Local),
            ("/home/u/OneDrive - 株式会社例/営業", Place::CloudSync("OneDrive")),
            ("/home/u/Library/CloudStorage/GoogleDrive-a@b/My Drive", Place::CloudSync("Google Drive")),
            ("/home/u/docs/Dropbox", Place::Local),
            ("/var/spool/cups", Place::PrintSpool),
            ("/var/spool/cups-pdf/ANONYMOUS", Place::PrintSpool),
            ("/home/u/PDF", Place::PrintSpool),
            ("C:/Windows/System32/spool/PRINTERS", Place::PrintSpool),
            ("/home/u/.local/share/Trash/files/x", Place::Trash),
            ("/home/u/.local/share/Trash/info", Place::Local),
            ("/data/.Trash-1000/files", Place::Trash),
            ("/data/.Trash-can", Place::Local),
            ("/tmp/x", Place::Temp),
            ("/tmpx", Place::Local),
        ] {
            assert_eq!(classify(Path::new(path), &facts, &marked), expected, "{path}");
        }
        assert_eq!(classify(Path::new("/home/u/docs"), &facts, &home_state), Place::Local, "the client's own state");
        let facts = Facts { home: Some("/tmp/home".into()), ..facts };
        assert_eq!(classify(Path::new("/tmp/home/docs"), &facts, &|_| None), Place::Local);
    }
}
