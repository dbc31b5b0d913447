//! Everything that is registered of all clients, ready for a scan.
//!
//! A [`Vault`] and the clients' workspaces in; whose document or record something is, out.
//! Immutable and shared by all threads. What lies in its own client's workspace is where it
//! belongs: [`Registry::is_at_home`] tells that apart from an alarm.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Vault;
use super::documents::{LEAST_EXACT, LEAST_PLAIN, Registered, Stored};
use super::records::{Keeper, Rows};
use super::seal::SealKey;
use crate::error::Result;

/// A folder in which everything is one client's.
pub type Home = (String, PathBuf);

/// See the module.
#[derive(Debug)]
pub struct Registry {
    /// Clients by number.
    clients: Vec<Arc<str>>,
    homes: Vec<(PathBuf, Option<usize>)>,
    registered: Registered,
    documents: Vec<Named>,
    /// Documents that are files, by size in bytes.
    exact: HashMap<u64, Vec<(usize, [u8; 32])>>,
    keys: Vec<SealKey>,
    tables: Vec<(usize, Rows, Vec<Arc<str>>)>,
    id: String,
}

#[derive(Debug)]
struct Named {
    client: usize,
    name: Arc<str>,
    letters: u32,
}

/// A file whose size is that of registered ones: its hash will tell.
#[derive(Debug)]
pub struct Exact<'r> {
    registry: &'r Registry,
    candidates: &'r [(usize, [u8; 32])],
    size: u64,
}

impl Registry {
    /// Loads what is registered; `None` if nothing is. `homes`: the clients' workspaces.
    pub fn load(vault: &Vault, homes: &[Home]) -> Result<Option<Registry>> {
        let names = vault.clients()?;
        if names.is_empty() {
            return Ok(None);
        }
        let mut id = blake3::Hasher::new();
        let (mut bodies, mut keys, mut tables) = (Vec::new(), Vec::new(), Vec::new());
        let mut clients: Vec<Arc<str>> = Vec::new();
        for name in names {
            // It may be gone since it was listed.
            let Some(key) = vault.key(&name)? else { continue };
            id.update(name.as_bytes()).update(&vault.state(&name));
            bodies.push(vault.stored(&name, &key)?);
            let list = vault.tables(&name, &key)?;
            if !list.is_empty() {
                let names = list.iter().map(|table| Arc::from(table.name())).collect();
                tables.push((clients.len(), Rows::new(Keeper::new(&key), &list), names));
            }
            keys.push(key);
            clients.push(Arc::from(name));
        }
        let mut stored = Vec::with_capacity(bodies.len());
        for (body, client) in bodies.iter().zip(&clients) {
            stored.push(Stored::parse(body).ok_or_else(|| vault.damaged(client))?);
        }
        let too_much = || vault.damaged(clients.last().map_or("", |client| client));
        let registered = Registered::new(&stored).ok_or_else(too_much)?;
        let mut documents = Vec::new();
        let mut exact: HashMap<u64, Vec<(usize, [u8; 32])>> = HashMap::new();
        for (client, document) in stored.iter().enumerate().flat_map(|(i, s)| s.documents.iter().map(move |d| (i, d))) {
            if let Some((size, hash)) = document.exact.filter(|(size, _)| *size >= LEAST_EXACT) {
                exact.entry(size).or_default().push((documents.len(), hash));
            }
            documents.push(Named { client, name: Arc::from(document.name()), letters: document.print.letters });
        }
        let homes: Vec<(PathBuf, Option<usize>)> = homes
            .iter()
            .map(|(client, folder)| {
                id.update(client.as_bytes()).update(folder.as_os_str().as_encoded_bytes());
                let folder = folder.canonicalize().unwrap_or_else(|_| folder.clone());
                (folder, clients.iter().position(|known| **known == **client))
            })
            .collect();
        let id = id.finalize().to_hex()[..16].to_owned();
        Ok(Some(Registry { clients, homes, registered, documents, exact, keys, tables, id }))
    }

    /// Another one after every change of what is registered: what was read under another one has
    /// to be read again.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Documents and tables: are there any of each?
    pub fn has(&self) -> (bool, bool) {
        (!self.documents.is_empty(), !self.tables.is_empty())
    }

    /// The text of the documents, for a search.
    pub fn registered(&self) -> &Registered {
        &self.registered
    }

    /// The client and the name of a document.
    pub fn document(&self, number: usize) -> (&Arc<str>, &Arc<str>) {
        let document = &self.documents[number];
        (&self.clients[document.client], &document.name)
    }

    /// Letters of a document's text.
    pub fn letters(&self, document: usize) -> u32 {
        self.documents.get(document).map_or(0, |document| document.letters)
    }

    /// Does the file lie in a workspace of any client?
    pub fn is_workspace(&self, path: &Path) -> bool {
        !self.homes.is_empty() && self.home(path).is_some()
    }

    /// Does the file lie in a workspace of this client?
    pub fn is_at_home(&self, path: &Path, client: &str) -> bool {
        let home = self.home(path).and_then(|(_, client)| *client);
        home.is_some_and(|home| *self.clients[home] == *client)
    }

    /// The innermost workspace that a file lies in.
    fn home(&self, path: &Path) -> Option<&(PathBuf, Option<usize>)> {
        let full = path.canonicalize().or_else(|_| std::path::absolute(path)).ok()?;
        let around = self.homes.iter().filter(|(folder, _)| full.starts_with(folder));
        around.max_by_key(|(folder, _)| folder.components().count())
    }

    /// Is a file of this size in bytes worth a hash?
    pub fn exact(&self, size: u64) -> Option<Exact<'_>> {
        let candidates = self.exact.get(&size)?;
        Some(Exact { registry: self, candidates, size })
    }

    /// Whose record a value is that a detector has found: the client and the table's name.
    pub fn record(&self, detector: &str, value: &str) -> Option<(&Arc<str>, &Arc<str>)> {
        self.tables.iter().find_map(|(client, rows, names)| {
            let (table, _) = rows.find(detector, value)?;
            Some((&self.clients[*client], names.get(table)?))
        })
    }

    /// Whose record a person is.
    pub fn person(&self, name: &str, address: &str) -> Option<(&Arc<str>, &Arc<str>)> {
        self.tables.iter().filter(|(_, rows, _)| rows.has_persons()).find_map(|(client, rows, names)| {
            let (table, _) = rows.find_person(name, address)?;
            Some((&self.clients[*client], names.get(table)?))
        })
    }
}

impl Exact<'_> {
    /// The number of the document that the content is; `None` if it is none.
    pub fn document(&self, content: &mut dyn Read) -> io::Result<Option<usize>> {
        let mut plain = None;
        if self.size >= LEAST_PLAIN {
            let hash = hash_of(content, None)?;
            return Ok(self.candidates.iter().find(|(_, known)| *known == hash).map(|(document, _)| *document));
        }
        for (document, known) in self.candidates {
            let bytes: &Vec<u8> = match &mut plain {
                Some(bytes) => bytes,
                none => {
                    let mut bytes = Vec::new();
                    content.take(LEAST_PLAIN).read_to_end(&mut bytes)?;
                    none.insert(bytes)
                }
            };
            let key = &self.registry.keys[self.registry.documents[*document].client];
            if hash_of(&mut bytes.as_slice(), Some(key))? == *known {
                return Ok(Some(*document));
            }
        }
        Ok(None)
    }
}

/// The hash of a file's content: plain (BLAKE3), or under a client's key for one so small that it
/// could be guessed.
pub fn hash_of(content: &mut dyn Read, key: Option<&SealKey>) -> io::Result<[u8; 32]> {
    let mut hasher = match key {
        Some(key) => blake3::Hasher::new_keyed(&key.derive("sekisho client small files")),
        None => blake3::Hasher::new(),
    };
    let mut buffer = vec![0; 64 << 10];
    loop {
        match content.read(&mut buffer) {
            Ok(0) => return Ok(*hasher.finalize().as_bytes()),
            Ok(n) => hasher.update(&buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
    }
}
