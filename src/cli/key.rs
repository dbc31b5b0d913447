//! The key of fingerprints: in a private file, made at the first scan; `sekisho key export|import`.
//!
//! Apart from any database, so that neither alone says anything (DESIGN §8). Where it cannot be
//! kept, a scan uses a key of this run only, and the user is told; what remembers needs the very
//! key its records were made with, and never makes another in its place.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::error::{Error, Result, StateFault};
use sekisho::finding::Key;
use sekisho::message::{Memory, Message};
use sekisho::state::{Store, move_aside};

use super::exit::Status;
use super::{Session, memory, output};

/// Bytes of a key.
const LENGTH: usize = 32;
/// How an exported key begins; the format is this word, the key and a check in hexadecimal.
const FORMAT: &str = "sekisho-key-1";

/// The user's key.
pub(crate) fn load(session: &Session) -> Key {
    let Some(folder) = &session.environment.data else { return of_this_run() };
    let path = folder.join("key");
    match read(&path).or_else(|_| create(folder, &path)) {
        Ok(bytes) => Key::new(bytes),
        Err(_) => {
            session.say(&Message::KeyUnsaved(&path.display().to_string()));
            of_this_run()
        }
    }
}

/// The key that the records at `database` need; a new one only where there are no records yet.
pub(crate) fn of_records(session: &Session, database: &Path) -> Result<Key> {
    let path = path(session)?;
    let lost = |fault| Error::State { path: path.clone(), fault };
    let needed = if database.exists() { Some(Store::read(database)?.key_id()?) } else { None };
    match (read(&path), needed) {
        (Ok(bytes), None) => Ok(Key::new(bytes)),
        (Ok(bytes), Some(needed)) => {
            let key = Key::new(bytes);
            let found = key.id();
            match needed == found {
                true => Ok(key),
                false => Err(Error::State { path: database.to_owned(), fault: StateFault::KeyOther { needed, found } }),
            }
        }
        (Err(e), None) if e.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(Path::new("."));
            create(folder, &path).map(Key::new).map_err(|source| Error::Io { path: path.clone(), source })
        }
        (Err(e), Some(needed)) if e.kind() == io::ErrorKind::NotFound => Err(lost(StateFault::KeyLost(needed))),
        (Err(e), _) if e.kind() == io::ErrorKind::UnexpectedEof => Err(lost(StateFault::NotAKey)),
        (Err(source), _) => Err(Error::Io { path: path.clone(), source }),
    }
}

/// Where the key is kept.
pub(crate) fn path(session: &Session) -> Result<PathBuf> {
    let folder = session.environment.data.as_ref();
    folder.map(|folder| folder.join("key")).ok_or_else(|| Error::Usage(Memory::NoRoot.text(session.lang).into_owned()))
}

/// The key in a file.
pub(crate) fn read(path: &Path) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    File::open(path)?.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn create(folder: &Path, path: &Path) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|e| io::Error::other(e.to_string()))?;
    match write_new(folder, path, &bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => read(path),
    }
}

/// Writes a key where there is none. Written whole under another name first: two scans that start
/// together must not end up with different keys, and a cut file must never be read as one.
fn write_new(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".key").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map(drop).map_err(|e| e.error)
}

fn of_this_run() -> Key {
    let mut bytes = [0; LENGTH];
    // Without randomness fingerprints would be guessable, so nothing is better than zeros; a
    // system that has none cannot run much else either.
    if getrandom::fill(&mut bytes).is_err() {
        bytes = *blake3::hash(format!("{:?}{:p}", std::time::Instant::now(), &bytes).as_bytes()).as_bytes();
    }
    Key::new(bytes)
}

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("export", args)) => export(session, args),
        Some(("import", args)) => import(session, args),
        _ => Ok(Status::Failed),
    }
}

fn export(session: &Session, args: &ArgMatches) -> Result<Status> {
    let path = path(session)?;
    let bytes = read(&path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Error::MissingPath(path.clone()),
        io::ErrorKind::UnexpectedEof => Error::State { path: path.clone(), fault: StateFault::NotAKey },
        _ => Error::Io { path: path.clone(), source: e },
    })?;
    let to = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    if to.is_none() {
        if session.environment.stdout_is_terminal && !args.get_flag("yes") {
            return Err(Error::Usage(Memory::KeyToTerminal.text(session.lang).into_owned()));
        }
        if output::stdout_is_shared_file() {
            return Err(Error::RevealIntoShared("-".into()));
        }
    }
    // Private, as raw values are.
    let mut out = output::open(to, true)?;
    output::write(&mut out, text(&bytes).as_bytes())?;
    session.tell(&Memory::KeyExported(&Key::new(bytes).id()).text(session.lang));
    Ok(Status::Clean)
}

fn import(session: &Session, args: &ArgMatches) -> Result<Status> {
    let from = args.get_one::<PathBuf>("file").cloned().unwrap_or_else(|| PathBuf::from("-"));
    let failed = |path: &Path, source| Error::Io { path: path.to_owned(), source };
    let mut source = String::new();
    let mut reader: Box<dyn io::Read> = match from.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(&from).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => Error::MissingPath(from.clone()),
            _ => failed(&from, e),
        })?),
    };
    // A key is a line; whatever is longer is none, and nothing binary is text.
    let read_text = reader.by_ref().take(4096).read_to_string(&mut source);
    let bytes = read_text.ok().and_then(|_| parse(&source));
    let Some(bytes) = bytes else {
        return Err(Error::State { path: from, fault: StateFault::NotAKey });
    };
    let id = Key::new(bytes).id();
    let path = path(session)?;
    let old = read(&path).ok();
    if old == Some(bytes) {
        session.tell(&Memory::KeySame.text(session.lang));
        return Ok(Status::Clean);
    }
    let database = memory::database(session)?;
    if database.exists() {
        let needed = Store::read(&database)?.key_id()?;
        if needed != id {
            if !args.get_flag("yes") {
                let text = Memory::KeyNeedsYes { id: &id, needed: &needed }.text(session.lang);
                return Err(Error::Usage(text.into_owned()));
            }
            let _lock = memory::lock(&database)?;
            let aside = move_aside(&database, &format!("key-{needed}"))?;
            session.tell(&Memory::Aside(&aside.display().to_string()).text(session.lang));
        }
    }
    if path.exists() {
        let name = old.map_or_else(|| "cut".to_owned(), |old| Key::new(old).id());
        let kept = path.with_file_name(format!("key.{name}"));
        std::fs::rename(&path, &kept).map_err(|e| failed(&kept, e))?;
        session.tell(&Memory::KeyKept(&kept.display().to_string()).text(session.lang));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    write_new(folder, &path, &bytes).map_err(|e| failed(&path, e))?;
    session.tell(&Memory::KeyImported { id: &id }.text(session.lang));
    Ok(Status::Clean)
}

/// A key as one line of text.
fn text(bytes: &[u8; LENGTH]) -> String {
    format!("{FORMAT} {} {}\n", hex(bytes), check(bytes))
}

fn parse(text: &str) -> Option<[u8; LENGTH]> {
    let mut words = text.split_whitespace();
    let (format, key, given, end) = (words.next()?, words.next()?, words.next()?, words.next());
    let (pairs, rest) = key.as_bytes().as_chunks::<2>();
    if format != FORMAT || end.is_some() || pairs.len() != LENGTH || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; LENGTH];
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    (check(&bytes) == given).then_some(bytes)
}

/// Tells a key that was mistyped or cut from a whole one.
fn check(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..8].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_text_and_a_cut_or_mistyped_one_is_none() {
        let bytes: [u8; LENGTH] = std::array::from_fn(|i| (i * 37) as u8);
        let line = text(&bytes);
        assert_eq!(parse(&line), Some(bytes));
        assert_eq!(parse(&line.replacen("25", "26", 1)), None);
        for cut in 0..line.len() - 1 {
            assert_eq!(parse(&line[..cut]), None, "cut at {cut}");
        }
        assert_eq!(parse(&format!("{line}x")), None);
    }
}
