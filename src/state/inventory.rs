//! Every file that is known, with whose it is: rows of the database and the ledger → [`Held`] and
//! [`Gone`], one at a time.
//!
//! Folders and domains are judged by the ledger as it is now, words by what the file said when it
//! was read. Reads only; memory does not grow with the number of files.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Row, params};

use super::location::{below, from_bytes};
use super::{RunKind, Store};
use crate::client::{By, Clients};
use crate::error::Result;

/// A file of a client's that was there when it was last looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: i64,
    /// When the system last changed its entry, in nanoseconds; 0 where there is no such time.
    pub changed: i64,
    /// Its number on its file system.
    pub inode: u64,
    /// When it was first seen, in seconds since 1970.
    pub first_seen: i64,
    /// A keyed hash of its content, if it was made.
    pub content: Option<String>,
    /// The file system it lies on.
    pub mount: i64,
    /// Whose it is; `None` if it is nobody's.
    pub client: Option<Arc<str>>,
    /// What says so.
    pub by: By,
}

/// A file of a client's that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Where it was.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// A keyed hash of its content, if it was made.
    pub content: Option<String>,
    /// When it was first seen, in seconds since 1970.
    pub first_seen: i64,
    /// When the last sweep began that still saw it; its first day if there is none.
    pub last_seen: i64,
    /// When it was seen to be gone.
    pub absent: i64,
    /// What said whose it was.
    pub by: By,
}

const COLUMNS: &str = "f.path, f.size, f.modified, f.changed, f.inode, f.first_seen, f.content, f.mount";

fn held(row: &Row<'_>, client: Option<Arc<str>>, by: By) -> rusqlite::Result<Held> {
    Ok(Held {
        path: from_bytes(row.get_ref(0)?.as_blob().unwrap_or_default()),
        size: row.get::<_, i64>(1)?.unsigned_abs(),
        modified: row.get(2)?,
        changed: row.get(3)?,
        inode: row.get::<_, i64>(4)?.cast_unsigned(),
        first_seen: row.get(5)?,
        content: row.get(6)?,
        mount: row.get(7)?,
        client,
        by,
    })
}

/// Makes a file of a row and its path; `None` if it is not wanted.
type Make<'a> = &'a mut dyn FnMut(&Row<'_>, &[u8]) -> rusqlite::Result<Option<Held>>;

/// Calls back with a file; fails if that does.
pub(super) type Each<'a> = &'a mut dyn FnMut(&Held) -> Result<()>;

impl Store {
    /// Every file that is some client's, once for each client: what lies in workspaces first, then
    /// what was downloaded, then what only its content says.
    pub fn inventory(&self, clients: &Clients, each: Each<'_>) -> Result<()> {
        for (folder, client) in clients.workspaces() {
            let (from, to) = below(&from_bytes(folder));
            let sql = format!("SELECT {COLUMNS} FROM file f WHERE f.path >= ?1 AND f.path < ?2");
            self.each(
                &sql,
                params![from, to],
                &mut |row, path| {
                    // One inside another is told of by itself.
                    if clients.of_bytes(path) != Some(client) {
                        return Ok(None);
                    }
                    held(row, Some(clients.id(client).clone()), By::Workspace).map(Some)
                },
                each,
            )?;
        }
        let sql = format!("SELECT {COLUMNS}, d.address FROM download d JOIN file f ON f.path = d.path");
        self.each(
            &sql,
            [],
            &mut |row, path| {
                let Some(client) = clients.of_address(row.get_ref(8)?.as_str().unwrap_or_default()) else {
                    return Ok(None);
                };
                if clients.of_bytes(path) == Some(client) {
                    return Ok(None);
                }
                held(row, Some(clients.id(client).clone()), By::Download).map(Some)
            },
            each,
        )?;
        let sql = format!(
            "SELECT {COLUMNS}, a.client, min(CASE a.how WHEN 'document' THEN 1 WHEN 'record' THEN 2 ELSE 3 END), d.address FROM attribution a JOIN file f ON f.path = a.path
             LEFT JOIN download d ON d.path = a.path GROUP BY a.path, a.client"
        );
        self.each(
            &sql,
            [],
            &mut |row, path| {
                let name = row.get_ref(8)?.as_str().unwrap_or_default();
                // A client that is not in the ledger any more has nothing to be looked after.
                let Some(client) = clients.number(name) else { return Ok(None) };
                let by = match row.get::<_, i64>(9)? {
                    1 => By::Document,
                    2 => By::Record,
                    _ => By::Marker,
                };
                let address = row.get::<_, Option<String>>(10)?;
                let elsewhere = clients.of_bytes(path) == Some(client)
                    || address.is_some_and(|address| clients.of_address(&address) == Some(client));
                if elsewhere {
                    return Ok(None);
                }
                held(row, Some(clients.id(client).clone()), by).map(Some)
            },
            each,
        )
    }

    /// Every known file below a folder; with a detector or category only those in which it has
    /// open findings.
    pub fn files_below(&self, folder: &std::path::Path, covers: Option<&str>, each: Each<'_>) -> Result<()> {
        let (from, to) = below(folder);
        let any = |row: &Row<'_>, _: &[u8]| held(row, None, By::Workspace).map(Some);
        let Some(name) = covers else {
            let sql = format!("SELECT {COLUMNS} FROM file f WHERE f.path >= ?1 AND f.path < ?2");
            return self.each(&sql, params![from, to], &mut { any }, each);
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM file f WHERE f.path >= ?1 AND f.path < ?2 AND EXISTS (
                 SELECT 1 FROM finding o WHERE o.path = f.path AND o.resolved IS NULL
                 AND (o.detector = ?3 OR substr(o.detector, 1, length(?3) + 1) = ?3 || '/'))"
        );
        self.each(&sql, params![from, to, name], &mut { any }, each)
    }

    fn each(&self, sql: &str, params: impl rusqlite::Params, make: Make<'_>, each: Each<'_>) -> Result<()> {
        let failed = |e| self.failed(e);
        let mut query = self.connection.prepare_cached(sql).map_err(failed)?;
        let mut rows = query.query(params).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let path = row.get_ref(0).map_err(failed)?.as_blob().unwrap_or_default();
            if let Some(held) = make(row, path).map_err(failed)? {
                each(&held)?;
            }
        }
        Ok(())
    }

    /// A client's files that are gone, by path; one that came back and went again is told of once.
    pub fn gone_of(&self, client: &str, each: &mut dyn FnMut(&Gone) -> Result<()>) -> Result<()> {
        let failed = |e| self.failed(e);
        let mut query = self
            .connection
            .prepare(
                "SELECT g.path, g.size, g.content, g.first_seen, g.gone, c.how,
                 (SELECT max(r.started) FROM run r WHERE r.kind = ?2 AND r.ended IS NOT NULL AND r.id < g.run)
                 FROM gone_client c JOIN gone_file g ON g.path = c.path AND g.run = c.run
                 WHERE c.client = ?1 AND NOT EXISTS (
                     SELECT 1 FROM gone_client l WHERE l.client = c.client AND l.path = c.path AND l.run > c.run)
                 AND NOT EXISTS (SELECT 1 FROM gone_client l WHERE l.client = c.client AND l.path = c.path
                     AND l.run = c.run AND l.how < c.how)
                 ORDER BY g.path",
            )
            .map_err(failed)?;
        let mut rows = query.query(params![client, RunKind::Sweep.name()]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let gone = || -> rusqlite::Result<Gone> {
                let first_seen: i64 = row.get(3)?;
                Ok(Gone {
                    path: from_bytes(row.get_ref(0)?.as_blob().unwrap_or_default()),
                    size: row.get::<_, i64>(1)?.unsigned_abs(),
                    content: row.get(2)?,
                    first_seen,
                    last_seen: row.get::<_, Option<i64>>(6)?.unwrap_or(first_seen).max(first_seen),
                    absent: row.get(4)?,
                    by: By::of(row.get_ref(5)?.as_str().unwrap_or_default()).unwrap_or(By::Marker),
                })
            };
            each(&gone().map_err(failed)?)?;
        }
        Ok(())
    }

    /// Is the file system of a known file there now?
    pub fn is_reachable(&self, held: &Held) -> Result<bool> {
        Ok(self.mounted_at(held.mount)?.is_none_or(|point| super::is_mounted(&point)))
    }

    /// The definition of the clients that a run looked for; `None` if there were none.
    pub fn clients_of_run(&self, run: i64) -> Result<Option<String>> {
        let row = self.connection.query_row("SELECT clients FROM run WHERE id = ?1", [run], |row| row.get(0));
        row.map_err(|e| self.failed(e))
    }

    /// Takes note of the clients that a run looks for.
    pub fn set_clients_of_run(&mut self, run: i64, definition: &str) -> Result<()> {
        self.write(|transaction| {
            transaction.execute("UPDATE run SET clients = ?2 WHERE id = ?1", params![run, definition]).map(drop)
        })
    }
}
