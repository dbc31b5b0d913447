//! What `place` has to know of this machine: mounts, devices, sync clients' folders, browsers'
//! databases. Read when the first finding asks, not at the start.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sekisho::place::{Facts, Mounts, Places, read_mounts, removable, synced_folders};

use super::Session;

/// The kernel's mount table.
pub(crate) const MOUNT_TABLE: &str = "/proc/self/mountinfo";

/// Where files live on this machine.
pub(crate) fn places(session: &Session) -> Arc<Places> {
    let home = session.environment.home.clone();
    let temp = session.environment.temp.clone();
    Arc::new(Places::new(move || facts(home.as_deref(), &temp)))
}

fn facts(home: Option<&Path>, temp: &[PathBuf]) -> Facts {
    let mounts = mounts();
    let devices: BTreeSet<(u32, u32)> = mounts.all().iter().filter_map(|m| device(m.device, &m.source)).collect();
    Facts {
        current: std::env::current_dir().unwrap_or_default(),
        home: home.map(|home| home.canonicalize().unwrap_or_else(|_| home.to_owned())),
        temp: temp.iter().map(|folder| folder.canonicalize().unwrap_or_else(|_| folder.clone())).collect(),
        removable: devices,
        mounts,
        synced: home.map(|home| synced_folders(home, |path| std::fs::read_to_string(path).ok())).unwrap_or_default(),
        histories: home.map(histories).unwrap_or_default(),
    }
}

/// The mounts of this moment; none where the system has no such table.
pub(crate) fn mounts() -> Mounts {
    read_mounts(&std::fs::read(MOUNT_TABLE).unwrap_or_default())
}

/// The device of a mount if its medium can be carried away.
fn device(device: (u32, u32), source: &str) -> Option<(u32, u32)> {
    let sys = Path::new("/sys");
    // File systems over several devices (btrfs) have a number of their own: ask for the source's.
    let asked = if device.0 == 0 && source.starts_with("/dev/") { number_of(Path::new(source))? } else { device };
    removable(sys, asked).then_some(device)
}

#[cfg(unix)]
fn number_of(device: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    let number = std::fs::metadata(device).ok()?.rdev();
    Some((rustix::fs::major(number), rustix::fs::minor(number)))
}

#[cfg(not(unix))]
fn number_of(_: &Path) -> Option<(u32, u32)> {
    None
}

/// Folders below home that hold browsers' profiles, and the name of the database in a profile.
const BROWSERS: &[(&str, &str)] = &[
    (".mozilla/firefox", "places.sqlite"),
    ("snap/firefox/common/.mozilla/firefox", "places.sqlite"),
    (".var/app/org.mozilla.firefox/.mozilla/firefox", "places.sqlite"),
    (".librewolf", "places.sqlite"),
    (".config/google-chrome", "History"),
    (".config/google-chrome-beta", "History"),
    (".config/chromium", "History"),
    ("snap/chromium/common/chromium", "History"),
    (".config/microsoft-edge", "History"),
    (".config/BraveSoftware/Brave-Browser", "History"),
    (".config/vivaldi", "History"),
    (".config/opera", "History"),
    ("Library/Application Support/Firefox/Profiles", "places.sqlite"),
    ("Library/Application Support/Google/Chrome", "History"),
    ("Library/Application Support/Microsoft Edge", "History"),
    ("AppData/Roaming/Mozilla/Firefox/Profiles", "places.sqlite"),
    ("AppData/Local/Google/Chrome/User Data", "History"),
    ("AppData/Local/Microsoft/Edge/User Data", "History"),
];

/// The databases of all profiles; a profile is a folder in the browser's, or that itself.
fn histories(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (folder, name) in BROWSERS {
        let folder = home.join(folder);
        let profiles = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        found.extend(profiles.chain([folder.clone()]).map(|p| p.join(name)).filter(|p| p.is_file()));
    }
    found.sort();
    found
}
