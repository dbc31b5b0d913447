//! Services that copy a folder into their cloud, and how their folders are known. One row each.
//!
//! Sources: the services' manuals and what their clients write (Dropbox `info.json`:
//! <https://help.dropbox.com/installs/locate-dropbox-folder>; Syncthing `.stfolder`:
//! <https://docs.syncthing.net/users/faq.html>; Nextcloud and ownCloud desktop clients' journal
//! files and configuration; abraunegg/onedrive's `config`; macOS File Provider folders).

use std::path::{Path, PathBuf};

use crate::finding::Place;

/// How the folders of one service are known.
#[derive(Debug)]
pub struct Service {
    /// Its name for people.
    pub name: &'static str,
    /// Entries that its client keeps in the top of a synced folder; a trailing `*` stands for
    /// the rest of a name.
    pub markers: &'static [&'static str],
    /// Folders of the home directory that are its by default, as whole names or, with a
    /// trailing `*`, beginnings of one.
    pub folders: &'static [&'static str],
    /// Types of mounts that are its.
    pub mounts: &'static [&'static str],
    /// Sources of mounts that are its, where the type is only `fuse`.
    pub sources: &'static [&'static str],
    /// Files below the home directory that name its folders.
    pub settings: &'static [(&'static str, Settings)],
}

/// The form in which a client's settings name its folders.
#[derive(Debug, Clone, Copy)]
pub enum Settings {
    /// JSON: every text under this key, at any depth.
    Json(&'static str),
    /// `key = value` lines whose key ends so; the value may be quoted and begin with `~/`.
    Lines(&'static str),
    /// XML: this attribute of this element.
    Xml(&'static str, &'static str),
}

const NONE: Service = Service { name: "", markers: &[], folders: &[], mounts: &[], sources: &[], settings: &[] };

/// Every service that is known.
pub const SERVICES: &[Service] = &[
    Service {
        name: "Dropbox",
        markers: &[".dropbox", ".dropbox.cache"],
        folders: &["Dropbox", "Dropbox (*", "Library/CloudStorage/Dropbox*"],
        settings: &[(".dropbox/info.json", Settings::Json("path"))],
        ..NONE
    },
    Service {
        name: "Google Drive",
        markers: &[".tmp.drivedownload", ".tmp.driveupload"],
        folders: &["Google Drive", "GoogleDrive", "Google ドライブ", "Insync", "Library/CloudStorage/GoogleDrive*"],
        mounts: &["fuse.google-drive-ocamlfuse"],
        sources: &["google-drive-ocamlfuse"],
        ..NONE
    },
    Service {
        name: "OneDrive",
        folders: &["OneDrive", "OneDrive - *", "Library/CloudStorage/OneDrive*"],
        mounts: &["fuse.onedriver"],
        sources: &["onedriver"],
        settings: &[(".config/onedrive/config", Settings::Lines("sync_dir"))],
        ..NONE
    },
    Service {
        name: "iCloud",
        folders: &["iCloudDrive", "iCloudPhotos", "Library/Mobile Documents", "Library/CloudStorage/iCloud*"],
        ..NONE
    },
    Service { name: "Box", folders: &["Box", "Box Sync", "Library/CloudStorage/Box*"], ..NONE },
    Service {
        name: "Nextcloud",
        markers: &[".nextcloudsync.log", ".sync_*"],
        folders: &["Nextcloud", "Library/CloudStorage/Nextcloud*"],
        settings: &[(".config/Nextcloud/nextcloud.cfg", Settings::Lines("localPath"))],
        ..NONE
    },
    Service {
        name: "ownCloud",
        markers: &[".owncloudsync.log", "._sync_*", ".csync_journal.db"],
        folders: &["ownCloud", "owncloud"],
        settings: &[(".config/ownCloud/owncloud.cfg", Settings::Lines("localPath"))],
        ..NONE
    },
    Service {
        name: "Syncthing",
        markers: &[".stfolder", ".stversions"],
        settings: &[
            (".config/syncthing/config.xml", Settings::Xml("folder", "path")),
            (".local/state/syncthing/config.xml", Settings::Xml("folder", "path")),
        ],
        ..NONE
    },
    Service { name: "Resilio Sync", markers: &[".sync/ID", ".sync/StreamsList"], folders: &["Resilio Sync"], ..NONE },
    Service { name: "MEGA", markers: &[".megaignore"], folders: &["MEGA", "MEGAsync"], ..NONE },
    Service { name: "pCloud", folders: &["pCloudDrive", "pCloud Drive"], sources: &["pCloud.fs"], ..NONE },
    Service { name: "Seafile", folders: &["Seafile", "SeaDrive"], sources: &["seadrive"], ..NONE },
    Service { name: "Proton Drive", folders: &["Proton Drive", "Library/CloudStorage/ProtonDrive*"], ..NONE },
    Service { name: "Synology Drive", markers: &[".SynologyWorkingDirectory"], folders: &["SynologyDrive"], ..NONE },
    Service { name: "Yandex Disk", folders: &["Yandex.Disk"], ..NONE },
    Service { name: "Tresorit", markers: &[".tresorit"], folders: &["Tresors"], ..NONE },
    Service { name: "rclone", mounts: &["fuse.rclone"], ..NONE },
    Service {
        name: "S3",
        mounts: &["fuse.s3fs", "fuse.goofys", "fuse.mount-s3", "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2"],
        sources: &["s3fs", "mountpoint-s3"],
        ..NONE
    },
];

/// The service whose client marks this folder as the top of a synced one. Asks the disk.
pub fn marker(folder: &Path) -> Option<Place> {
    let marked = |has: &dyn Fn(&str) -> bool| {
        SERVICES.iter().find(|s| s.markers.iter().any(|marker| has(marker))).map(|s| Place::CloudSync(s.name))
    };
    let entry = |marker: &str| !marker.ends_with('*') && folder.join(marker).symlink_metadata().is_ok();
    marked(&entry).or_else(|| {
        // Journals of sync clients, whose names are partly random.
        let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let journals: Vec<_> = names
            .map(|n| n.to_string_lossy().into_owned())
            .filter(|n| n.starts_with('.') && n.contains(".db"))
            .collect();
        marked(&|marker| marker.strip_suffix('*').is_some_and(|start| journals.iter().any(|n| n.starts_with(start))))
    })
}

/// The folders that clients' settings in a home directory name. `read` gives a file's text.
pub fn synced_folders(home: &Path, read: impl Fn(&Path) -> Option<String>) -> Vec<(PathBuf, &'static str)> {
    let mut found = Vec::new();
    for service in SERVICES {
        for (file, form) in service.settings {
            let Some(text) = read(&home.join(file)) else { continue };
            let folders = named(*form, &text).into_iter().map(|folder| match folder.strip_prefix("~/") {
                Some(rest) => home.join(rest),
                None => PathBuf::from(folder),
            });
            // An empty or relative name is none; the root would make everything synced.
            found.extend(folders.filter(|f| f.is_absolute() && f.parent().is_some()).map(|f| (f, service.name)));
        }
    }
    found
}

fn named(form: Settings, text: &str) -> Vec<String> {
    match form {
        Settings::Json(key) => {
            let mut found = Vec::new();
            if let Ok(value) = serde_json::from_str(text) {
                json(&value, key, &mut found);
            }
            found
        }
        Settings::Lines(key) => text
            .lines()
            .filter_map(|line| line.split_once('='))
            .filter(|(name, _)| name.trim().ends_with(key))
            .map(|(_, value)| value.trim().trim_matches('"').to_owned())
            .collect(),
        Settings::Xml(element, attribute) => text
            .split('<')
            .filter_map(|tag| tag.strip_prefix(element)?.strip_prefix(char::is_whitespace))
            .filter_map(|tag| {
                let value = tag.split(attribute).skip(1).find_map(|rest| rest.strip_prefix("=\""))?;
                Some(value.split('"').next()?.replace("&lt;", "<").replace("&#34;", "\"").replace("&amp;", "&"))
            })
            .collect(),
    }
}

fn json(value: &serde_json::Value, key: &str, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if name == key => found.push(text.to_owned()),
                    _ => json(value, key, found),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| json(value, key, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_name_their_folders() {
        let home = Path::new("/home/u");
        let files = [
            (
                ".dropbox/info.json",
                r#"{"personal": {"path": "/home/u/DB", "host": 1}, "business": {"path": "/data/会社 Dropbox"}}"#,
            ),
            (".config/onedrive/config", "# x\nsync_dir = \"~/仕事\"\nskip_dir = \"a\"\n"),
            (
                ".config/Nextcloud/nextcloud.cfg",
                "[Accounts]\n0\\Folders\\1\\localPath=/home/u/NC/\n0\\Folders\\1\\paused=false\n",
            ),
            (
                ".local/state/syncthing/config.xml",
                "<configuration>\n <folder id=\"a\" label=\"path\" path=\"/srv/a &amp; b\" type=\"x\">\n</folder><folders path=\"/no\"/>",
            ),
        ];
        let read =
            |path: &Path| files.iter().find(|(name, _)| home.join(name) == path).map(|(_, text)| (*text).to_owned());
        let found = synced_folders(home, read);
        let found: Vec<(&str, &str)> = found.iter().map(|(path, name)| (path.to_str().unwrap_or(""), *name)).collect();
        assert_eq!(
            found,
            [
                ("/data/会社 Dropbox", "Dropbox"),
                ("/home/u/DB", "Dropbox"),
                ("/home/u/仕事", "OneDrive"),
                ("/home/u/NC/", "Nextcloud"),
                ("/srv/a & b", "Syncthing"),
            ]
        );
    }

    #[test]
    fn broken_or_empty_settings_name_nothing() {
        for text in
            ["", "{", "[1, {\"path\": 3}]", "sync_dir =", "sync_dir = \"/\"", "<folder path=\"rel\">", "localPath"]
        {
            assert_eq!(synced_folders(Path::new("/h"), |_| Some(text.to_owned())), [], "{text}");
        }
    }

    #[test]
    fn journals_mark_a_folder_and_other_hidden_files_do_not() {
        let folder = tempfile::tempdir().expect("folder");
        let put = |name: &str| std::fs::write(folder.path().join(name), "").expect("file");
        put(".sync_notes.txt");
        assert_eq!(marker(folder.path()), None);
        put(".sync_3fa9c1.db");
        assert_eq!(marker(folder.path()), Some(Place::CloudSync("Nextcloud")));
    }
}
