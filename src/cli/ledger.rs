//! The client ledger's file: where it is, reading it, changing it without losing anything.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use sekisho::client::edit::EditFault;
use sekisho::client::{Clients, Date, Ledger};
use sekisho::config::Config;
use sekisho::error::{Error, Place, Result};
use sekisho::finding::Key;
use sekisho::message::ClientMessage;
use sekisho::policy::Approvals;
use sekisho::scan::Options;
use sekisho::state::{Moment, Register, Store};

use super::{Session, key, memory, settings};

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
    verb: &str,
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
    let changed = Loaded { path, source, ledger };
    note_change(session, Some(&old), &changed, verb)?;
    Ok(changed)
}

/// The ledger, ready to be asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Equipment {
    pub(crate) clients: Option<Arc<Clients>>,
    pub(crate) approvals: Option<Arc<Approvals>>,
}

impl Equipment {
    /// For what reads the state.
    pub(crate) fn register(&self) -> Register<'_> {
        Register { clients: self.clients.as_deref(), approvals: self.approvals.as_deref() }
    }
}

/// Makes a ledger ready to be asked, as of today.
pub(crate) fn equipment(loaded: &Loaded) -> Result<Equipment> {
    let base = std::env::current_dir().unwrap_or_default();
    let real = |folder: &Path| folder.canonicalize().ok().filter(|real| real != folder);
    let own = loaded.path.canonicalize().into_iter().chain([loaded.path.clone()]).collect();
    let clients = Clients::new(&loaded.ledger, &base, &real, own).map(Arc::new);
    let approvals = match loaded.ledger.approvals.is_empty() {
        true => None,
        false => {
            let made = Approvals::new(&loaded.ledger, memory::today(), &base);
            let wrong = |(id, what): (String, String)| {
                let at = loaded.source.find(&format!("\"{id}\"")).unwrap_or(0);
                Error::File(Place::at(&loaded.path.display().to_string(), &loaded.source, at, what))
            };
            Some(Arc::new(made.map_err(wrong)?))
        }
    };
    Ok(Equipment { clients, approvals })
}

/// Gives a scan the ledger, if there is one.
pub(crate) fn equip(
    session: &Session,
    args: &ArgMatches,
    config: &Config,
    options: &mut Options,
) -> Result<Option<Loaded>> {
    if path(session, args, config).is_none() {
        return Ok(None);
    }
    let loaded = load(session, args, config)?;
    let equipment = equipment(&loaded)?;
    (options.clients, options.approvals) = (equipment.clients, equipment.approvals);
    Ok(Some(loaded))
}

/// The time, for the audit chain.
pub(crate) fn moment() -> Moment {
    Moment { at: memory::seconds(), pretended: memory::is_pretended() }
}

/// Writes down that the ledger has changed since it was last written down, if it has: `by` says
/// what changed it, else it was edited by hand.
pub(crate) fn note(store: &mut Store, key: &Key, loaded: &Loaded, by: Option<&str>) -> Result<()> {
    let mut hasher = key.hasher();
    hasher.update(b"ledger").update(loaded.source.as_bytes());
    let hash = hasher.finalize().to_hex()[..32].to_owned();
    let last = store.last_audited("ledger")?;
    let known = last.as_ref().and_then(|entry| entry.get("hash")?.as_str());
    if known == Some(hash.as_str()) || known.is_none() && loaded.source.is_empty() {
        return Ok(());
    }
    let ledger = &loaded.ledger;
    let body = serde_json::json!({
        "hash": hash,
        "by": by.unwrap_or("hand"),
        "clients": ledger.clients.iter().map(|client| &client.id).collect::<Vec<_>>(),
        "approvals": ledger.approvals.iter().map(|approval| &approval.id).collect::<Vec<_>>(),
    });
    store.audit(moment(), "ledger", body).map(drop)
}

/// The same after a verb changed the ledger: first what was changed by hand before it, so that
/// nothing is taken for the verb's work. Does nothing where there is no state yet.
pub(crate) fn note_change(session: &Session, before: Option<&Loaded>, after: &Loaded, by: &str) -> Result<()> {
    let database = memory::database(session)?;
    if !database.exists() {
        return Ok(());
    }
    let key = key::of_records(session, &database)?;
    let mut store = Store::open(&database, &key)?;
    if let Some(before) = before {
        note(&mut store, &key, before, None)?;
    }
    note(&mut store, &key, after, Some(by))
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
