//! Where what is registered of each client lies: one folder a client, sealed under a key of its
//! own that lies elsewhere.
//!
//! Documents and tables of a client ↔ files. Every writing is a whole new file in the place of
//! the old one, under a lock: killed at any moment, the old one is there. Never begins afresh
//! where something is that cannot be opened.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::documents::{self, Document};
use super::is_id;
use super::records::{self, Table};
use super::seal::{self, NONCE, SealKey};
use crate::error::{Error, Result, SealFault};

/// The files of a client, and what each holds.
const DOCUMENTS: (&str, [u8; 4]) = ("documents.sealed", *b"docs");
const TABLES: (&str, [u8; 4]) = ("tables.sealed", *b"rows");
/// How files begin that are being written.
const UNFINISHED: &str = ".writing";

/// See the module.
#[derive(Debug, Clone)]
pub struct Vault {
    folder: PathBuf,
    keys: PathBuf,
    random: fn(&mut [u8]) -> io::Result<()>,
}

/// Everything registered of a client.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// Documents, in the order of their paths.
    pub documents: Vec<Document>,
    /// Tables, in the order of their paths.
    pub tables: Vec<Table>,
}

impl Vault {
    /// Folders of clients are below `folder`, their keys below `keys`, another place: whoever
    /// takes one of them has nothing. `random` gives random bytes.
    pub fn new(folder: PathBuf, keys: PathBuf, random: fn(&mut [u8]) -> io::Result<()>) -> Vault {
        Vault { folder, keys, random }
    }

    /// The folder of a client.
    pub fn folder(&self, client: &str) -> PathBuf {
        self.folder.join(client)
    }

    fn key_path(&self, client: &str) -> PathBuf {
        self.keys.join(format!("{client}.key"))
    }

    /// The clients of which something is registered, sorted.
    pub fn clients(&self) -> Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::Io { path: self.folder.clone(), source }),
        };
        let mut clients = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|source| Error::Io { path: self.folder.clone(), source })?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_id(&name) && self.has_anything(&name) {
                clients.push(name);
            }
        }
        clients.sort();
        Ok(clients)
    }

    fn has_anything(&self, client: &str) -> bool {
        [DOCUMENTS, TABLES].iter().any(|(name, _)| self.folder(client).join(name).exists())
    }

    /// The key of a client; `None` if nothing is registered of it.
    pub fn key(&self, client: &str) -> Result<Option<SealKey>> {
        if !self.has_anything(client) {
            return Ok(None);
        }
        let path = self.key_path(client);
        match fs::read(&path) {
            Ok(bytes) => match <[u8; 32]>::try_from(bytes) {
                Ok(bytes) => Ok(Some(SealKey::new(bytes))),
                Err(_) => Err(Error::Sealed { path, client: client.to_owned(), fault: SealFault::NotAKey }),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                Err(Error::Sealed { path, client: client.to_owned(), fault: SealFault::KeyLost })
            }
            Err(source) => Err(Error::Io { path, source }),
        }
    }

    /// Everything registered of a client.
    pub fn read(&self, client: &str) -> Result<Contents> {
        match self.key(client)? {
            Some(key) => self.read_with(client, &key),
            None => Ok(Contents::default()),
        }
    }

    fn read_with(&self, client: &str, key: &SealKey) -> Result<Contents> {
        Ok(Contents {
            documents: self.load(client, key, DOCUMENTS, documents::decode)?,
            tables: self.load(client, key, TABLES, records::decode)?,
        })
    }

    fn load<T>(
        &self,
        client: &str,
        key: &SealKey,
        file: (&str, [u8; 4]),
        decode: fn(&[u8]) -> Option<Vec<T>>,
    ) -> Result<Vec<T>> {
        let Some(body) = self.body(client, key, file)? else { return Ok(Vec::new()) };
        decode(&body).ok_or_else(|| self.fault(client, file.0, SealFault::Damaged))
    }

    /// What a file of a client holds; `None` if there is no such file.
    fn body(&self, client: &str, key: &SealKey, (name, kind): (&str, [u8; 4])) -> Result<Option<Vec<u8>>> {
        let path = self.folder(client).join(name);
        match fs::read(&path) {
            Ok(sealed) => seal::open(key, kind, sealed).map(Some).map_err(|fault| self.fault(client, name, fault)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::Io { path, source }),
        }
    }

    fn fault(&self, client: &str, name: &str, fault: SealFault) -> Error {
        Error::Sealed { path: self.folder(client).join(name), client: client.to_owned(), fault }
    }

    /// The stored documents of a client, to be parsed where they lie.
    pub(super) fn stored(&self, client: &str, key: &SealKey) -> Result<Vec<u8>> {
        Ok(self.body(client, key, DOCUMENTS)?.unwrap_or_else(|| vec![0, 0]))
    }

    /// What [`Vault::stored`] gave is no list of documents.
    pub(super) fn damaged(&self, client: &str) -> Error {
        self.fault(client, DOCUMENTS.0, SealFault::Damaged)
    }

    /// The tables of a client.
    pub(super) fn tables(&self, client: &str, key: &SealKey) -> Result<Vec<Table>> {
        self.load(client, key, TABLES, records::decode)
    }

    /// Tells what is registered of a client now from what it will be after any change.
    pub(super) fn state(&self, client: &str) -> Vec<u8> {
        let mut state = Vec::new();
        for (name, _) in [DOCUMENTS, TABLES] {
            let mut head = Vec::new();
            if let Ok(file) = File::open(self.folder(client).join(name)) {
                // What cannot be read now was not read before either, and that was told.
                let _ = file.take(seal::HEAD as u64).read_to_end(&mut head);
            }
            state.extend(head);
        }
        state
    }

    /// Changes what is registered of a client. Others that want to change it wait; others that
    /// read it see it as it was before, or as it is afterwards.
    pub fn update<T>(&self, client: &str, change: impl FnOnce(&SealKey, &mut Contents) -> T) -> Result<T> {
        if !is_id(client) {
            return Err(Error::Usage(client.to_owned()));
        }
        let folder = self.folder(client);
        let failed = |source| Error::Io { path: folder.clone(), source };
        private_folder(&folder).map_err(failed)?;
        let lock = File::create(folder.join(".lock")).map_err(failed)?;
        // Where the file system knows no locks, the rest still holds.
        let _ = lock.lock();
        for entry in fs::read_dir(&folder).map_err(failed)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                // Left by somebody who was killed; the lock says that nobody is writing.
                let _ = fs::remove_file(entry.path());
            }
        }
        let key = match self.key(client)? {
            Some(key) => key,
            None => self.new_key(client)?,
        };
        let before = self.read_with(client, &key)?;
        let mut contents = before.clone();
        let done = change(&key, &mut contents);
        contents.documents.sort_by(|a, b| (&a.path, &a.inside).cmp(&(&b.path, &b.inside)));
        contents.tables.sort_by(|a, b| a.path.cmp(&b.path));
        let too_much = || Error::Sealed { path: folder.clone(), client: client.to_owned(), fault: SealFault::TooMuch };
        if contents.documents != before.documents {
            self.store(client, &key, DOCUMENTS, documents::encode(&contents.documents).ok_or_else(too_much)?)?;
        }
        if contents.tables != before.tables {
            self.store(client, &key, TABLES, records::encode(&contents.tables))?;
        }
        Ok(done)
    }

    fn store(&self, client: &str, key: &SealKey, (name, kind): (&str, [u8; 4]), body: Vec<u8>) -> Result<()> {
        let path = self.folder(client).join(name);
        let mut nonce = [0; NONCE];
        let write = |nonce: &mut [u8; NONCE]| -> io::Result<std::result::Result<(), SealFault>> {
            (self.random)(nonce)?;
            let sealed = match seal::seal(key, kind, *nonce, body) {
                Ok(sealed) => sealed,
                Err(fault) => return Ok(Err(fault)),
            };
            write_whole(&path, &sealed).map(Ok)
        };
        match write(&mut nonce) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(fault)) => Err(Error::Sealed { path, client: client.to_owned(), fault }),
            Err(source) => Err(Error::Io { path, source }),
        }
    }

    /// Makes a key in the place of one that seals nothing any more.
    fn new_key(&self, client: &str) -> Result<SealKey> {
        let path = self.key_path(client);
        let mut bytes = [0; 32];
        let made = || -> io::Result<()> {
            (self.random)(&mut bytes)?;
            private_folder(&self.keys)?;
            write_whole(&path, &bytes)
        };
        let mut made = made;
        made().map_err(|source| Error::Io { path: path.clone(), source })?;
        Ok(SealKey::new(bytes))
    }

    /// Destroys everything registered of a client: its key first, so that no copy of the rest
    /// says anything, then the folder. Says whether there was anything.
    pub fn destroy(&self, client: &str) -> Result<bool> {
        if !is_id(client) {
            return Ok(false);
        }
        let gone = |path: PathBuf, done: io::Result<()>| match done {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(Error::Io { path, source }),
        };
        let (key, folder) = (self.key_path(client), self.folder(client));
        let had_key = gone(key.clone(), fs::remove_file(&key))?;
        let had_folder = gone(folder.clone(), fs::remove_dir_all(&folder))?;
        Ok(had_key || had_folder)
    }
}

/// Puts a whole file in place of what is there, readable for its owner alone.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    // The name, too. Some systems cannot do that for a folder, and need not.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
