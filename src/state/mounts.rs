//! Which file system a file lay on, and whether that is there now: what lies on a disk that is not
//! mounted is not gone.
//!
//! Device numbers change from start to start of a machine, so that mount points are remembered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension as _, params};

use super::Store;
use super::location::{self, from_bytes, to_bytes};
use super::track::Shared;
use crate::error::Result;
use crate::source::Stamp;

/// The file systems that files lie on, by number.
#[derive(Default)]
pub(super) struct Mounts {
    by_device: HashMap<u64, i64>,
    there: HashMap<i64, bool>,
}

impl Mounts {
    pub(super) fn of(&mut self, stamp: &Stamp, path: &Path, shared: &Shared<'_>) -> Result<i64> {
        if let Some(&id) = self.by_device.get(&stamp.device) {
            return Ok(id);
        }
        let point = location::mount_point(path);
        let id = shared.store(|store| store.mount(&point))?;
        self.by_device.insert(stamp.device, id);
        Ok(id)
    }

    /// Is the file system there? (0: it is not known on which one it was.)
    pub(super) fn is_there(&mut self, id: i64, shared: &Shared<'_>) -> Result<bool> {
        if let Some(&there) = self.there.get(&id) {
            return Ok(there);
        }
        let point = shared.store(|store| store.mounted_at(id))?;
        let there = point.is_none_or(|point| location::is_mounted(&point));
        self.there.insert(id, there);
        Ok(there)
    }
}

impl Store {
    fn mount(&mut self, point: &Path) -> Result<i64> {
        let point = to_bytes(point);
        self.write(|transaction| {
            transaction.execute("INSERT OR IGNORE INTO mount (path) VALUES (?1)", [point])?;
            transaction.query_row("SELECT id FROM mount WHERE path = ?1", [point], |row| row.get(0))
        })
    }

    /// Was something mounted at or above this folder, when what is known below it was read, that
    /// is not mounted now?
    pub fn is_unmounted(&self, folder: &Path) -> Result<bool> {
        let (from, to) = location::below(folder);
        let row = self.connection.query_row(
            "SELECT m.path FROM file f JOIN mount m ON m.id = f.mount WHERE f.path >= ?1 AND f.path < ?2 LIMIT 1",
            params![from, to],
            |row| row.get::<_, Vec<u8>>(0),
        );
        let point = row.optional().map_err(|e| self.failed(e))?;
        Ok(point.is_some_and(|point| !location::is_mounted(&from_bytes(&point))))
    }

    pub(super) fn mounted_at(&self, id: i64) -> Result<Option<PathBuf>> {
        let row =
            self.connection.query_row("SELECT path FROM mount WHERE id = ?1", [id], |row| row.get::<_, Vec<u8>>(0));
        row.optional().map(|path| path.map(|path| from_bytes(&path))).map_err(|e| self.failed(e))
    }
}
