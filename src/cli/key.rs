//! The key of fingerprints: in a private file, made at the first scan.
//!
//! Apart from any database, so that neither alone says anything (DESIGN §8). Where it cannot be
//! kept, a key of this run only is used, and the user is told.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use sekisho::finding::Key;
use sekisho::message::Message;

use super::Session;

/// The user's key.
pub(crate) fn load(session: &Session) -> Key {
    let Some(folder) = &session.environment.data else { return of_this_run() };
    let path = folder.join("key");
    match read(&path).or_else(|_| create(folder, &path)) {
        Ok(key) => key,
        Err(_) => {
            session.say(&Message::KeyUnsaved(&path.display().to_string()));
            of_this_run()
        }
    }
}

fn read(path: &Path) -> io::Result<Key> {
    let mut bytes = [0; 32];
    File::open(path)?.read_exact(&mut bytes)?;
    Ok(Key::new(bytes))
}

fn create(folder: &Path, path: &Path) -> io::Result<Key> {
    std::fs::create_dir_all(folder)?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| io::Error::other(e.to_string()))?;
    // Written whole under another name first: two scans that start together must not end up
    // with different keys, and a cut file must never be read as one.
    let mut file = tempfile::Builder::new().prefix(".key").tempfile_in(folder)?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(Key::new(bytes)),
        Err(_) => read(path),
    }
}

fn of_this_run() -> Key {
    let mut bytes = [0; 32];
    // Without randomness fingerprints would be guessable, so nothing is better than zeros; a
    // system that has none cannot run much else either.
    if getrandom::fill(&mut bytes).is_err() {
        bytes = *blake3::hash(format!("{:?}{:p}", std::time::Instant::now(), &bytes).as_bytes()).as_bytes();
    }
    Key::new(bytes)
}
