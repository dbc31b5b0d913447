//! The ledger as it stands today, laid over what is remembered: whose a finding is, and whether an
//! approval covers it now. An approval that expires reopens its findings without any file being read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::OptionalExtension as _;

use super::Store;
use super::location::{from_bytes, to_bytes};
use crate::client::{By, Clients};
use crate::error::Result;
use crate::policy::{Approvals, Subject};
use crate::source::sha256;

/// The ledger, for what reads the state. Without clients and approvals it changes nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Register<'a> {
    /// The clients.
    pub clients: Option<&'a Clients>,
    /// The approvals, as of a day.
    pub approvals: Option<&'a Approvals>,
}

/// Clients whose a file is, with what says so.
pub type Owners = Vec<(Arc<str>, By)>;

/// The approval that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// Its id.
    pub id: Arc<str>,
    /// The last day on which it holds, `2026-09-30`.
    pub until: String,
}

impl Register<'_> {
    /// Whose a file is, the strongest evidence first.
    pub fn whose(&self, store: &Store, path: &Path) -> Result<Owners> {
        let Some(clients) = self.clients else { return Ok(Vec::new()) };
        let path = to_bytes(path);
        let read = || -> rusqlite::Result<Vec<(usize, By)>> {
            let mut all: Vec<(usize, By)> = clients.of_bytes(path).map(|c| (c, By::Workspace)).into_iter().collect();
            let mut query = store.connection.prepare_cached("SELECT address FROM download WHERE path = ?1")?;
            let address: Option<String> = query.query_row([path], |row| row.get(0)).optional()?;
            all.extend(address.and_then(|address| clients.of_address(&address)).map(|c| (c, By::Download)));
            let mut query = store
                .connection
                .prepare_cached("SELECT client, how FROM attribution WHERE path = ?1 ORDER BY times DESC, client")?;
            let rows = query.query_map([path], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            for row in rows {
                let (client, how) = row?;
                all.extend(clients.number(&client).map(|c| (c, By::of(&how).unwrap_or(By::Marker))));
            }
            all.sort_by_key(|(_, by)| *by);
            Ok(all)
        };
        let mut all = Owners::new();
        for (client, by) in read().map_err(|e| store.failed(e))? {
            let id = clients.id(client);
            if !all.iter().any(|(known, _)| known == id) {
                all.push((id.clone(), by));
            }
        }
        Ok(all)
    }

    /// The approval in force that covers a detector in a file.
    pub fn approved(&self, detector: &str, path: &Path, whose: &[(Arc<str>, By)]) -> Option<Approved> {
        let approvals = self.approvals?;
        let clients: Vec<&str> = whose.iter().map(|(client, _)| &**client).collect();
        let subject = Subject { detector, path, clients: &clients, hash: &|| sha256(path) };
        let found = approvals.covers(&subject)?;
        Some(Approved { id: found.id.as_str().into(), until: found.expires.to_string() })
    }
}

/// A credential that files of several clients hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// What found it.
    pub detector: String,
    /// Masked.
    pub shown: String,
    /// The clients.
    pub clients: Vec<String>,
    /// The files.
    pub paths: Vec<PathBuf>,
}

/// Fingerprint, detector, masked value, path.
type Row = (String, String, String, Vec<u8>);

/// Files that are listed of one.
const MOST_SHARED: usize = 1000;

impl Store {
    /// Credentials that nobody can guess and that stand in open findings of more than one client.
    pub fn shared_credentials(&self, register: Register<'_>) -> Result<Vec<Shared>> {
        if register.clients.is_none() {
            return Ok(Vec::new());
        }
        // A full keyed hash begins with `v`; anything else is bound to its file.
        let read = || -> rusqlite::Result<Vec<Row>> {
            let mut query = self.connection.prepare_cached(
                "SELECT f.fingerprint, f.detector, f.shown, f.path FROM finding f JOIN (
                     SELECT fingerprint FROM finding WHERE resolved IS NULL AND fingerprint >= 'v' AND fingerprint < 'w'
                     GROUP BY fingerprint HAVING count(DISTINCT path) > 1 LIMIT 1000
                 ) s ON s.fingerprint = f.fingerprint WHERE f.resolved IS NULL
                 GROUP BY f.fingerprint, f.path ORDER BY f.fingerprint, f.path LIMIT 100000",
            )?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            rows.collect()
        };
        let mut all: Vec<(String, Shared)> = Vec::new();
        for (fingerprint, detector, shown, path) in read().map_err(|e| self.failed(e))? {
            let path = from_bytes(&path);
            // Of several clients that a file names, the one with the strongest evidence.
            let owner = register.whose(self, &path)?.into_iter().next().map(|(client, _)| client.to_string());
            if all.last().is_none_or(|(last, _)| *last != fingerprint) {
                all.push((fingerprint, Shared { detector, shown, clients: Vec::new(), paths: Vec::new() }));
            }
            let (Some(client), Some((_, shared))) = (owner, all.last_mut()) else { continue };
            if !shared.clients.contains(&client) {
                shared.clients.push(client);
            }
            if shared.paths.len() < MOST_SHARED {
                shared.paths.push(path);
            }
        }
        Ok(all.into_iter().map(|(_, shared)| shared).filter(|shared| shared.clients.len() > 1).collect())
    }
}
