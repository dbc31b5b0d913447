//! A damaged database → a new one with every row that can still be read, as hints only: the next
//! sweep reads everything again.
//!
//! The new one is complete before the old one is touched, and the old one is kept under another
//! name: nothing is ever thrown away here.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Transaction};

use super::record::{AGAIN, FINDINGS, PROBLEM};
use super::store::{BESIDE, beside, fault_of};
use super::{Store, lock};
use crate::error::{Error, Result, StateFault};
use crate::finding::Key;

/// What could be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// Rows in the new database.
    pub rows: u64,
    /// Tables that could not be read to their end.
    pub lost: u64,
    /// Where the old file is now.
    pub aside: PathBuf,
}

/// The tables in the order in which they can be filled, with their keys.
const TABLES: &[(&str, &str)] = &[
    ("meta", "name"),
    ("run", "id"),
    ("coverage", "run, kind, what"),
    ("detector_set", "id"),
    ("detector", "id"),
    ("mount", "id"),
    ("file", "path"),
    ("finding", "path, detector, fingerprint, member"),
    ("beyond", "path, detector"),
    ("problem", "path, inside, kind, what"),
    ("gone_file", "path, run"),
    ("attribution", "path, client, how"),
    ("download", "path"),
    ("gone_client", "client, path, run, how"),
    ("audit", "seq"),
];

/// Copies what can be read of the database at `path` into a new one, made with `key`, in its
/// place. `mark` is added to the old one's name. Fails if anybody has it open.
pub fn salvage(path: &Path, key: &Key, mark: &str) -> Result<Salvaged> {
    let _alone = lock::alone(path)?;
    let fresh = beside(path, ".repaired");
    // Left over from a repair that was killed.
    let _ = std::fs::remove_file(&fresh);
    let mut new = Store::open_alone(&fresh, key, None)?;
    let (mut rows, mut lost) = (0, 0);
    match Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX) {
        Err(_) => lost = TABLES.len() as u64,
        Ok(old) => {
            for (table, order) in TABLES {
                let (copied, whole) = new.write(|transaction| copy(&old, transaction, table, order))?;
                rows += copied;
                lost += u64::from(!whole);
            }
        }
    }
    new.write(trust_nothing)?;
    let close = |connection: Connection| connection.close().map_err(|(_, e)| e);
    close(new.connection).map_err(|e| Error::State { path: fresh.clone(), fault: fault_of(&e) })?;
    let aside = set_aside(path, mark)?;
    rename(&fresh, path)?;
    Ok(Salvaged { rows, lost, aside })
}

/// Renames the database and what belongs to it; says where it is now. Fails if anybody has it open.
pub fn move_aside(path: &Path, mark: &str) -> Result<PathBuf> {
    let _alone = lock::alone(path)?;
    set_aside(path, mark)
}

fn set_aside(path: &Path, mark: &str) -> Result<PathBuf> {
    let mut aside = beside(path, &format!(".{mark}"));
    let mut number = 1;
    while aside.exists() {
        number += 1;
        aside = beside(path, &format!(".{mark}-{number}"));
    }
    rename(path, &aside)?;
    for suffix in BESIDE {
        let from = beside(path, suffix);
        if from.exists() {
            rename(&from, &beside(&aside, suffix))?;
        }
    }
    Ok(aside)
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|source| match source.kind() {
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
            Error::State { path: from.to_owned(), fault: StateFault::ReadOnly }
        }
        _ => Error::Io { path: from.to_owned(), source },
    })
}

/// After damage no row is taken at its word: everything is read again, and files whose row is lost
/// are looked for, to see what has become of their findings.
fn trust_nothing(new: &Transaction<'_>) -> rusqlite::Result<()> {
    for (table, flag) in [("finding WHERE resolved IS NULL", FINDINGS), ("problem", PROBLEM)] {
        new.execute(
            &format!(
                "INSERT INTO file SELECT path, 0, 0, 0, 0, 0, 0, ?1, min(first_seen), 0, NULL
                 FROM {table} GROUP BY path HAVING true ON CONFLICT (path) DO UPDATE SET flags = flags | ?1"
            ),
            [flag],
        )?;
    }
    new.execute("UPDATE file SET flags = flags | ?1", [AGAIN])?;
    Ok(())
}

/// Copies a table as far as it can be read from its beginning, then from its end.
fn copy(old: &Connection, new: &Transaction<'_>, table: &str, order: &str) -> rusqlite::Result<(u64, bool)> {
    let columns = {
        let mut query = new.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
        query.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<String>>>()?
    };
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = new.prepare(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"))?;
    let mut copied = 0;
    for order in [order.to_owned(), format!("{} DESC", order.replace(", ", " DESC, "))] {
        let mut whole = false;
        // What cannot be read ends this direction; what cannot be written ends the repair.
        if let Ok(mut query) = old.prepare(&format!("SELECT {names} FROM {table} ORDER BY {order}"))
            && let Ok(mut rows) = query.query([])
        {
            whole = loop {
                let row: Option<Vec<Value>> = match rows.next() {
                    Ok(Some(row)) => match (0..columns.len()).map(|i| row.get(i)).collect() {
                        Ok(values) => Some(values),
                        Err(_) => continue,
                    },
                    Ok(None) => break true,
                    Err(_) => break false,
                };
                let Some(row) = row else { break true };
                match insert.execute(rusqlite::params_from_iter(row)) {
                    Ok(n) => copied += n as u64,
                    // A damaged value that does not fit its column.
                    Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {}
                    Err(e) => return Err(e),
                }
            };
        }
        if whole {
            return Ok((copied, true));
        }
    }
    Ok((copied, false))
}
