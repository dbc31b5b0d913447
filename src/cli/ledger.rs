//! The client ledger's file: where it is, reading it, changing it without losing anything.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::client::edit::EditFault;
use sekisho::client::{Date, Ledger};
use sekisho::config::Config;
use sekisho::error::{Error, Place, Result};
use sekisho::message::ClientMessage;

use super::{Session, settings};

/// The ledger as it was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Where it is, or will be.
    pub(crate) path: PathBuf,
    /// Its text; empty if there is none yet.
    pub(crate) source: String,
    pub(crate) ledger: Ledger,
}

/// Where the ledger is: `--ledger`, the settings, else beside them.
pub(crate) fn path(session: &Session, args: &ArgMatches, config: &Config) -> Option<PathBuf> {
    let named = args.try_get_one::<PathBuf>("ledger").ok().flatten().cloned();
    named
        .or_else(|| config.ledger.as_ref().map(|path| settings::expand(session, path)))
        .or_else(|| session.environment.config.as_ref().map(|folder| folder.join("clients.toml")))
}

/// Reads the ledger. None is an empty one, unless it was named.
pub(crate) fn load(session: &Session, args: &ArgMatches, config: &Config) -> Result<Loaded> {
    let path = path(session, args, config)
        .ok_or_else(|| Error::Usage(ClientMessage::NoLedgerPlace.text(session.lang).into_owned()))?;
    let loaded = load_from(session, path)?;
    let is_named = args.try_get_one::<PathBuf>("ledger").ok().flatten().is_some() || config.ledger.is_some();
    if is_named && loaded.source.is_empty() && !loaded.path.exists() {
        return Err(Error::MissingPath(loaded.path));
    }
    Ok(loaded)
}

fn load_from(session: &Session, path: PathBuf) -> Result<Loaded> {
    let source = match std::fs::read_to_string(&path) {
        Ok(source) => source,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::Io { path, source }),
    };
    let ledger = parse(session, &path, &source)?;
    Ok(Loaded { path, source, ledger })
}

fn parse(session: &Session, path: &Path, source: &str) -> Result<Ledger> {
    Ledger::parse(&path.display().to_string(), source, session.environment.home.as_deref()).map_err(Error::File)
}

/// Changes the ledger: reads it under a lock, lets `change` make a new text, and puts that in place
/// only if it is a good ledger.
pub(crate) fn change(
    session: &Session,
    args: &ArgMatches,
    change: impl FnOnce(&Loaded) -> std::result::Result<String, EditFault>,
) -> Result<Loaded> {
    let config = settings::load(session, args)?;
    let path = path(session, args, &config)
        .ok_or_else(|| Error::Usage(ClientMessage::NoLedgerPlace.text(session.lang).into_owned()))?;
    // A link (to where settings are kept under version control) stays one.
    let path = path.canonicalize().unwrap_or(path);
    let failed = |source| Error::Io { path: path.clone(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::create(folder.join(".clients.lock")).map_err(failed)?;
    // Where the file system knows no locks, the rest still holds.
    let _ = lock.lock();
    let old = load_from(session, path.clone())?;
    let source =
        change(&old).map_err(|fault| Error::File(Place::whole(&path.display().to_string(), fault.to_string())))?;
    let ledger = parse(session, &path, &source)?;
    let mut file = tempfile::Builder::new().prefix(".clients").tempfile_in(folder).map_err(failed)?;
    file.write_all(source.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    if let Ok(data) = std::fs::metadata(&path) {
        file.as_file().set_permissions(data.permissions()).map_err(failed)?;
    }
    file.persist(&path).map_err(|e| failed(e.error))?;
    Ok(Loaded { path, source, ledger })
}

/// A day that an option names.
pub(crate) fn day(session: &Session, args: &ArgMatches, name: &str) -> Result<Option<Date>> {
    let Some(text) = args.get_one::<String>(name) else { return Ok(None) };
    let bad = || {
        let option = format!("--{name}");
        Error::Usage(ClientMessage::BadDay { option: &option, text }.text(session.lang).into_owned())
    };
    Date::parse(text).map(Some).ok_or_else(bad)
}
