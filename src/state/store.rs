//! The database file: opening, making, checking, and its faults as [`Error::State`].
//!
//! A path and a key → a [`Store`] that several processes may have open at once. Never makes a
//! new database where there is one, however damaged; knows nothing of what the tables mean.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};

use super::set::Numbered;
use super::{location, lock, schema};
use crate::error::{Error, Result, StateFault};
use crate::finding::Key;

/// How long to wait for another process to end its transaction; they are short.
const PATIENCE: Duration = Duration::from_secs(20);

/// The database of what was seen.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    path: PathBuf,
    /// The set that was numbered last.
    pub(super) numbered: Option<(Vec<u8>, Numbered)>,
    /// Holds off who would replace the file.
    _lock: Option<std::fs::File>,
}

impl Store {
    /// Opens the database at `path` to read and write it, or makes it if there is none (its
    /// folder is made too; both private). Fails if its fingerprints were made with another key,
    /// and with any other [`StateFault`].
    pub fn open(path: &Path, key: &Key) -> Result<Store> {
        private_folder(path.parent().unwrap_or(Path::new("."))).map_err(|e| not_made(path, e))?;
        let lock = lock::shared(path)?;
        Store::open_alone(path, key, lock)
    }

    /// The same, where the caller holds the lock or nobody else knows the path.
    pub(super) fn open_alone(path: &Path, key: &Key, lock: Option<std::fs::File>) -> Result<Store> {
        if !path.exists() {
            create(path, key)?;
        }
        let mut store = Store::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, lock)?;
        let needed = store.key_id()?;
        let found = key.id();
        if needed != found {
            return Err(store.fault(StateFault::KeyOther { needed, found }));
        }
        store.prepare().map_err(|e| store.failed(e))?;
        Ok(store)
    }

    /// Opens an existing database to read it; it is brought to the newest schema if need be.
    pub fn read(path: &Path) -> Result<Store> {
        let missing = || Error::State { path: path.to_owned(), fault: StateFault::Missing };
        if !path.exists() {
            return Err(missing());
        }
        let lock = lock::shared(path)?;
        if !path.exists() {
            return Err(missing());
        }
        let mut store = Store::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, lock)?;
        if store.version()? < schema::VERSION {
            store.prepare().map_err(|e| store.failed(e))?;
        }
        Ok(store)
    }

    /// Opens the database and makes sure that it is one of ours and not newer than we are.
    fn connect(path: &Path, flags: OpenFlags, lock: Option<std::fs::File>) -> Result<Store> {
        let fault = |fault| Error::State { path: path.to_owned(), fault };
        check_header(path)?;
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|e| fault(fault_of(&e)))?;
        let store = Store { connection, path: path.to_owned(), numbered: None, _lock: lock };
        store.connection.busy_timeout(PATIENCE).map_err(|e| store.failed(e))?;
        let version = store.version()?;
        let application = schema::application(&store.connection).map_err(|e| store.failed(e))?;
        if application != schema::APPLICATION {
            return Err(fault(StateFault::Foreign));
        }
        if version > schema::VERSION {
            return Err(fault(StateFault::Newer { version, known: schema::VERSION }));
        }
        Ok(store)
    }

    /// Sets what holds for a connection, and the newest schema.
    fn prepare(&mut self) -> rusqlite::Result<()> {
        let remote = self.path.parent().is_some_and(location::is_remote);
        set_journal(&self.connection, remote)?;
        schema::migrate(&mut self.connection)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The id of the key that its fingerprints were made with.
    pub fn key_id(&self) -> Result<String> {
        let id = self.connection.query_row("SELECT value FROM meta WHERE name = 'key'", [], |row| row.get(0));
        id.optional()
            .map_err(|e| self.failed(e))?
            .ok_or_else(|| self.fault(StateFault::Damaged("no key id".to_owned())))
    }

    /// The version of its schema.
    pub fn version(&self) -> Result<i64> {
        schema::version(&self.connection).map_err(|e| self.failed(e))
    }

    /// How its journal is kept, in SQLite's word: `wal`, `truncate`.
    pub fn journal(&self) -> Result<String> {
        self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(|e| self.failed(e))
    }

    /// Reads every page and row; the first few things that are wrong, in the database's words.
    pub fn check(&self) -> Result<Vec<String>> {
        let mut query = self.connection.prepare("PRAGMA integrity_check(10)").map_err(|e| self.failed(e))?;
        let lines = query.query_map([], |row| row.get::<_, String>(0)).map_err(|e| self.failed(e))?;
        let mut wrong = Vec::new();
        for line in lines {
            match line {
                Ok(line) if line == "ok" => {}
                Ok(line) => wrong.push(line),
                Err(e) => wrong.push(e.to_string()),
            }
        }
        Ok(wrong)
    }

    /// Lets the database grow to so many pages at most (never below what it has): as a full disk
    /// would, only without one. For tests and for who wants a bound.
    pub fn limit_pages(&self, pages: u32) -> Result<()> {
        let limited = self.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()));
        limited.map_err(|e| self.failed(e))
    }

    /// Does `work` in one transaction that begins as a writer, so that it never fails half-way
    /// because another process wrote meanwhile.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let done = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        done.map_err(|e| self.failed(e))
    }

    /// What a failure of the database amounts to.
    pub(super) fn failed(&self, error: rusqlite::Error) -> Error {
        self.fault(fault_of(&error))
    }

    fn fault(&self, fault: StateFault) -> Error {
        Error::State { path: self.path.clone(), fault }
    }
}

/// Bytes of a page in a new database. A page is written with two calls, and again when the log is
/// taken over: twice SQLite's default halves what a first sweep spends on that.
const PAGE: i64 = 8192;
/// Bytes of the log after which it is taken over into the database.
const LOG: i64 = 16 << 20;

/// The files that belong to a database besides itself.
pub(super) const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The name of a file beside the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes a database under another name and puts it in place whole, so that an empty file in its
/// place is always a damaged one, never one that was just begun.
fn create(path: &Path, key: &Key) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |source: std::io::Error| not_made(path, source);
    // One at a time, so that nobody's journal is taken for the one of a database that was deleted:
    // SQLite would play that back into the new one.
    let lock = std::fs::File::create(folder.join(".creating")).map_err(failed)?;
    // Where the file system knows no locks, the rest still holds.
    let _ = lock.lock();
    if path.exists() {
        return Ok(());
    }
    for suffix in BESIDE {
        let _ = std::fs::remove_file(beside(path, suffix));
    }
    // `tempfile` makes it readable for its owner only, and SQLite's other files take that over.
    let file = tempfile::Builder::new().prefix(".state").tempfile_in(folder).map_err(failed)?;
    let made = || -> rusqlite::Result<()> {
        let mut connection = Connection::open(file.path())?;
        connection.pragma_update(None, "page_size", PAGE)?;
        schema::migrate(&mut connection)?;
        connection.execute("INSERT INTO meta VALUES ('key', ?1)", [key.id()])?;
        connection.close().map_err(|(_, e)| e)
    };
    made().map_err(|e| Error::State { path: path.to_owned(), fault: fault_of(&e) })?;
    file.as_file().sync_all().map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        // Another process was faster.
        Err(_) if path.exists() => Ok(()),
        Err(e) => Err(failed(e.error)),
    }
}

/// Why there is no database now.
fn not_made(path: &Path, source: std::io::Error) -> Error {
    let path = path.to_owned();
    match source.kind() {
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
            Error::State { path, fault: StateFault::ReadOnly }
        }
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            Error::State { path, fault: StateFault::Full }
        }
        _ => Error::Io { path, source },
    }
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A write-ahead log lets others read while one writes; on a file system of another machine it
/// would damage the database (SQLite: "WAL does not work over a network filesystem").
fn set_journal(connection: &Connection, remote: bool) -> rusqlite::Result<()> {
    let journal = if remote { "TRUNCATE" } else { "WAL" };
    connection.pragma_update_and_check(None, "journal_mode", journal, |_| Ok(()))?;
    // With a write-ahead log a power failure may cost the last transactions, never the database;
    // what they said is found out again.
    connection.pragma_update(None, "synchronous", if remote { "FULL" } else { "NORMAL" })?;
    connection.pragma_update(None, "journal_size_limit", LOG)?;
    let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG / page.max(512))?;
    connection.pragma_update(None, "cache_size", -8192)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

/// SQLite takes an empty file for a new database; here it is one that was cut.
fn check_header(path: &Path) -> Result<()> {
    let mut head = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    let fault = match read {
        Ok(()) if &head == b"SQLite format 3\0" => return Ok(()),
        Ok(()) => StateFault::Damaged("no SQLite database".to_owned()),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => StateFault::Damaged("cut off".to_owned()),
        Err(source) => return Err(Error::Io { path: path.to_owned(), source }),
    };
    Err(Error::State { path: path.to_owned(), fault })
}

/// What a failure of the database amounts to. Its own words name tables and files, never values.
pub(super) fn fault_of(error: &rusqlite::Error) -> StateFault {
    let text = || match error {
        rusqlite::Error::SqliteFailure(code, text) => text.clone().unwrap_or_else(|| code.to_string()),
        other => other.to_string(),
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StateFault::Damaged(text()),
        // It could be read; what cannot be opened then is the journal beside it.
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => StateFault::ReadOnly,
        Some(ErrorCode::DiskFull) => StateFault::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StateFault::Busy,
        _ => match error {
            // A table or a type that is not as it was made.
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => StateFault::Damaged(text()),
            _ if text().starts_with("no such") => StateFault::Damaged(text()),
            _ => StateFault::Other(text()),
        },
    }
}
