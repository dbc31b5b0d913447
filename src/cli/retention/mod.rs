//! `sekisho retention`: what is overdue (`check`), the deletion record (`record`), deleting file by
//! file (`purge`).

mod check;
mod evidence;
mod names;
mod purge;
mod record;
mod trash;

use std::path::PathBuf;

use clap::ArgMatches;
use sekisho::config::Config;
use sekisho::error::{Error, Result};
use sekisho::finding::Key;
use sekisho::message::ClientMessage;
use sekisho::state::Store;

use super::exit::Status;
use super::ledger::{Equipment, Loaded};
use super::{Session, key, ledger, memory, settings};

/// Days that a sweep may be old before a check does not rest on it.
const SWEEP_DAYS: i64 = 8;

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("check", args)) => check::run(session, args),
        Some(("record", args)) => record::run(session, args),
        Some(("purge", args)) => purge::run(session, args),
        _ => Ok(Status::Failed),
    }
}

/// What all of them need.
struct Desk {
    config: Config,
    loaded: Loaded,
    equipment: Equipment,
    key: Key,
    store: Store,
}

impl Desk {
    /// Fails where no client is registered, and where there is no state.
    fn open(session: &Session, args: &ArgMatches) -> Result<Desk> {
        let config = settings::load(session, args)?;
        let loaded = ledger::load(session, args, &config)?;
        if loaded.ledger.is_empty() && loaded.ledger.retention.is_empty() {
            let path = loaded.path.display().to_string();
            return Err(Error::Refused(ClientMessage::NoClients(&path).text(session.lang).into_owned()));
        }
        let equipment = ledger::equipment(&loaded)?;
        let database = memory::database(session)?;
        let key = key::of_records(session, &database)?;
        let mut store = Store::open(&database, &key)?;
        ledger::note(&mut store, &key, &loaded, None)?;
        Ok(Desk { config, loaded, equipment, key, store })
    }

    /// The folders that have to be swept: the configured roots (else home), and every workspace.
    fn folders(&self, session: &Session) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> =
            self.config.sweep.roots.iter().map(|path| settings::expand(session, path)).collect();
        if folders.is_empty() {
            folders.extend(session.environment.home.clone());
        }
        folders.extend(self.loaded.ledger.clients.iter().flat_map(|client| client.workspaces.clone()));
        for folder in &mut folders {
            // A folder that is gone lies where its parent is.
            let there = folder.ancestors().find_map(|above| Some((above.canonicalize().ok()?, above)));
            if let Some((real, above)) = there
                && let Ok(rest) = folder.strip_prefix(above)
            {
                *folder = if rest.as_os_str().is_empty() { real } else { real.join(rest) };
            }
        }
        folders.sort();
        folders.dedup();
        folders
    }
}
