//! What browsers remember of downloads: a file's path → its address.
//!
//! Reads Firefox' `places.sqlite` (annotations of its pages) and the `History` of Chrome and its
//! relatives (tables `downloads`, `downloads_url_chains`) page by page where they lie; nothing
//! is locked or copied. Addresses are cleaned before they are kept.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::clean;
use crate::error::Problem;
use crate::extract::{Database, OnDisk, ReadAt};

/// Most downloads that are remembered.
const MOST: usize = 100_000;

/// Downloads by the path they were put at.
#[derive(Debug, Default)]
pub struct History {
    downloads: HashMap<PathBuf, String>,
    /// What the databases and their logs looked like when they were read.
    read: Vec<(PathBuf, Looks)>,
}

/// Size and time of the last write.
type Looks = Option<(u64, SystemTime)>;

fn looks(file: &Path) -> Looks {
    let data = std::fs::metadata(file).ok()?;
    Some((data.len(), data.modified().ok()?))
}

fn log_of(database: &Path) -> PathBuf {
    let mut log = OsString::from(database);
    log.push("-wal");
    log.into()
}

impl History {
    /// Reads these databases, as many of them as are there and can be read: the history is a
    /// hint, and a browser that has none says nothing about a file.
    pub fn read(databases: &[PathBuf]) -> History {
        let mut history = History::default();
        for path in databases {
            for file in [path.clone(), log_of(path)] {
                let present = looks(&file);
                history.read.push((file, present));
            }
            let _ = history.add(path);
        }
        history
    }

    /// Have browsers written since it was read?
    pub fn is_stale(&self) -> bool {
        self.read.iter().any(|(file, then)| looks(file) != *then)
    }

    /// The address that a file of this absolute path was downloaded from.
    pub fn address(&self, file: &Path) -> Option<String> {
        self.downloads.get(file).cloned()
    }

    fn add(&mut self, path: &Path) -> Result<(), Problem> {
        let open = |path: &Path| -> Option<(File, u64)> {
            let file = File::open(path).ok()?;
            let data = file.metadata().ok()?;
            data.is_file().then_some((file, data.len()))
        };
        let Some((file, size)) = open(path) else { return Ok(()) };
        let file = OnDisk { file: &file, size };
        let log = open(&log_of(path));
        let log = log.as_ref().map(|(file, size)| OnDisk { file, size: *size });
        let database = Database::open(&file, log.as_ref().map(|log| log as &dyn ReadAt))?;
        self.chrome(&database)?;
        self.firefox(&database)
    }

    fn keep(&mut self, file: PathBuf, address: &str) {
        if let Some(address) = clean(address)
            && self.downloads.len() < MOST
        {
            self.downloads.insert(file, address);
        }
    }

    fn chrome(&mut self, database: &Database<'_>) -> Result<(), Problem> {
        // The last address of a chain is the one that gave the bytes.
        let mut addresses: HashMap<String, (u32, String)> = HashMap::new();
        database.rows("downloads_url_chains", &["id", "chain_index", "url"], &mut |_, row| {
            if let [id, index, url] = row {
                let index = index.parse().unwrap_or(0);
                let last = addresses.entry(id.clone()).or_default();
                if last.1.is_empty() || index >= last.0 {
                    *last = (index, url.clone());
                }
            }
            addresses.len() < MOST
        })?;
        let columns = ["id", "current_path", "target_path", "tab_url", "referrer"];
        database.rows("downloads", &columns, &mut |_, row| {
            if let [id, current, target, tab, referrer] = row {
                let chain = addresses.get(id).map(|(_, url)| url.as_str());
                let address = [chain, Some(tab.as_str()), Some(referrer.as_str())].into_iter().flatten();
                if let Some(address) = address.map(str::to_owned).find(|a| clean(a).is_some()) {
                    for path in [current, target].into_iter().filter(|p| !p.is_empty()) {
                        self.keep(PathBuf::from(path), &address);
                    }
                }
            }
            self.downloads.len() < MOST
        })?;
        Ok(())
    }

    fn firefox(&mut self, database: &Database<'_>) -> Result<(), Problem> {
        let mut kind = None;
        database.rows("moz_anno_attributes", &["id", "name"], &mut |_, row| {
            if let [id, name] = row
                && name == "downloads/destinationFileURI"
            {
                kind = Some(id.clone());
            }
            kind.is_none()
        })?;
        let Some(kind) = kind else { return Ok(()) };
        let mut found = Vec::new();
        database.rows("moz_annos", &["place_id", "anno_attribute_id", "content"], &mut |_, row| {
            if let [place, attribute, content] = row
                && *attribute == kind
                && let (Ok(place), Some(path)) = (place.parse::<i64>(), file_path(content))
            {
                found.push((place, path));
            }
            found.len() < MOST
        })?;
        for (place, path) in found {
            if let Some(row) = database.row("moz_places", place, &["url"])? {
                self.keep(path, &row[0]);
            }
        }
        Ok(())
    }
}

/// The path of a `file://` address.
fn file_path(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("file://")?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = |b: Option<&u8>| b.and_then(|b| (*b as char).to_digit(16));
        match (byte, hex(tail.first()), hex(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high << 4 | low) as u8);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    #[cfg(unix)]
    return Some(PathBuf::from(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes)));
    // `/C:/Users/…` (untested).
    #[cfg(not(unix))]
    return Some(PathBuf::from(String::from_utf8_lossy(&bytes).trim_start_matches('/').replace('/', "\\")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_addresses_are_paths() {
        let path = |text| file_path(text).and_then(|p| p.to_str().map(str::to_owned));
        assert_eq!(path("file:///home/u/%E5%90%8D%E7%B0%BF%201.csv").as_deref(), Some("/home/u/名簿 1.csv"));
        assert_eq!(path("file:///a%2").as_deref(), Some("/a%2"));
        assert_eq!(path("https://x/"), None);
    }
}
