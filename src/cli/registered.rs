//! `sekisho client ingest|ingest-table|forget`: registers what a client provided, and destroys
//! what was registered.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::client::documents::{Document, LEAST_PLAIN};
use sekisho::client::records::{self, ColumnFault, KINDS, Keeper, Table};
use sekisho::client::{Contents, Registry, Vault, hash_of};
use sekisho::config::Config;
use sekisho::detector::Detector;
use sekisho::error::{Error, Problem, Result};
use sekisho::finding::{Finding, Key};
use sekisho::message::{self, Registered, printable};
use sekisho::scan::{Intake, Scanner, Sink, Summary, Taken};
use sekisho::source::{self, Body, Files, Item, Skipped, Source};

use super::exit::Status;
use super::{Session, client, ledger, memory, output, settings};

/// Where what is registered lies; `None` without a home.
pub(crate) fn vault(session: &Session) -> Option<Vault> {
    let folder = session.environment.state.as_ref()?.join("clients");
    let keys = session.environment.data.as_ref()?.join("clients");
    Some(Vault::new(folder, keys, |bytes| getrandom::fill(bytes).map_err(|e| io::Error::other(e.to_string()))))
}

fn needed_vault(session: &Session) -> Result<Vault> {
    let nowhere = || Error::Usage(message::ClientMessage::NoLedgerPlace.text(session.lang).into_owned());
    vault(session).ok_or_else(nowhere)
}

/// What is registered, for a scan; `None` if nothing is, and then nothing more is read.
pub(crate) fn registry(session: &Session, args: &ArgMatches, config: &Config) -> Result<Option<Arc<Registry>>> {
    let Some(vault) = vault(session) else { return Ok(None) };
    if vault.clients()?.is_empty() {
        return Ok(None);
    }
    let loaded = ledger::load(session, args, config)?;
    let homes: Vec<_> = loaded
        .ledger
        .clients
        .iter()
        .flat_map(|client| client.workspaces.iter().map(|folder| (client.id.clone(), folder.clone())))
        .collect();
    Ok(Registry::load(&vault, &homes)?.map(Arc::new))
}

fn id(args: &ArgMatches) -> &str {
    args.get_one::<String>("id").map_or("", String::as_str)
}

fn say(session: &Session, message: Registered<'_>) {
    session.tell(&message.text(session.lang));
}

fn usage(session: &Session, message: Registered<'_>) -> Error {
    Error::Usage(message.text(session.lang).into_owned())
}

/// `sekisho client ingest`
pub(crate) fn ingest(session: &Session, args: &ArgMatches) -> Result<Status> {
    let loaded = client::known(session, args, id(args))?;
    let vault = needed_vault(session)?;
    if args.get_flag("list") {
        return list(session, &vault, id(args));
    }
    let paths: Vec<PathBuf> = args.get_many("paths").into_iter().flatten().cloned().collect();
    // Whether it can be kept is found out before an hour's work.
    vault.key(id(args))?;
    let mut files = Noted { inner: Files::new(paths, source::Options::default())?, seen: Vec::new() };
    let (taken, summary) = take(session, args, &mut files, Intake::of_documents())?;
    let documents = documents(files.seen, taken)?;
    if documents.is_empty() {
        return Err(usage(session, Registered::NoFile));
    }
    let home = loaded.ledger.client(id(args)).map(|client| client.workspaces.as_slice()).unwrap_or_default();
    if let Some(path) = documents.keys().find(|path| !lies_in(path, home)) {
        let shown = path.display().to_string();
        say(session, Registered::OutsideHome { path: &printable(&shown), client: id(args) });
    }
    let files = documents.len();
    let without = documents.values().filter(|of| !of.texts.iter().any(|text| text.print.can_be_found())).count();
    let texts: usize = documents.values().map(|of| of.texts.len()).sum();
    let letters: u64 = documents.values().flat_map(|of| &of.texts).map(|text| u64::from(text.print.letters)).sum();
    let now = memory::seconds();
    let total = vault.update(id(args), |key, contents| {
        contents.documents.retain(|document| !documents.contains_key(Path::new(&document.path)));
        for (path, of) in documents {
            contents.documents.extend(of.finish(&path, key, now));
        }
        contents.documents.len()
    })?;
    let letters = letters.to_string();
    say(session, Registered::Documents { client: id(args), files, texts, letters: &letters, total });
    if without > 0 {
        say(session, Registered::NoText(without));
    }
    Ok(if summary.is_complete() { Status::Clean } else { Status::Incomplete })
}

fn lies_in(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder.canonicalize().as_ref().unwrap_or(folder)))
}

/// Reads sources without looking for anything; problems are told at once.
fn take(
    session: &Session,
    args: &ArgMatches,
    source: &mut dyn Source,
    intake: Intake,
) -> Result<(Vec<Taken>, Summary)> {
    let config = settings::load(session, args)?;
    // Nothing is found, so no fingerprint is made.
    let mut options = settings::options_to_read(args, &config, Key::new([0; 32]))?;
    let intake = Arc::new(intake);
    options.intake = Some(intake.clone());
    let scanner = Scanner::new(Vec::new(), options).map_err(|e| Error::Usage(e.what))?;
    let summary = scanner.run(source, &mut Problems(session))?;
    Ok((intake.take(), summary))
}

/// A file that is to be registered.
struct Provided {
    size: u64,
    content: Content,
    texts: Vec<Document>,
}

enum Content {
    Plain([u8; 32]),
    /// So small that its hash is made under the client's key.
    Small(Vec<u8>),
}

impl Provided {
    fn finish(mut self, path: &Path, key: &sekisho::client::SealKey, now: i64) -> Vec<Document> {
        let hash = match self.content {
            Content::Plain(hash) => Some(hash),
            Content::Small(bytes) => hash_of(&mut bytes.as_slice(), Some(key)).ok(),
        };
        if !self.texts.iter().any(|text| text.inside.is_empty()) {
            self.texts.push(Document { path: path.to_string_lossy().into_owned(), ..Document::default() });
        }
        for text in &mut self.texts {
            text.added = now;
            if text.inside.is_empty() {
                text.exact = hash.map(|hash| (self.size, hash));
            }
        }
        self.texts
    }
}

/// Puts the texts to their files, and reads each file once more for its hash.
fn documents(seen: Vec<PathBuf>, taken: Vec<Taken>) -> Result<BTreeMap<PathBuf, Provided>> {
    let mut documents = BTreeMap::new();
    let mut full = BTreeMap::new();
    for path in seen {
        let opened = Body::Path(path.clone()).open();
        // What cannot be opened was told as a problem; what is registered of it stays.
        let Ok(mut file) = opened else { continue };
        let size = file.size().unwrap_or(0);
        let failed = |source| Error::Io { path: path.clone(), source };
        let content = if size >= LEAST_PLAIN {
            Content::Plain(hash_of(&mut file, None).map_err(failed)?)
        } else {
            let mut bytes = Vec::new();
            io::Read::read_to_end(&mut io::Read::take(file, LEAST_PLAIN), &mut bytes).map_err(failed)?;
            Content::Small(bytes)
        };
        let real = path.canonicalize().map_err(failed)?;
        documents.insert(real.clone(), Provided { size, content, texts: Vec::new() });
        full.insert(path, real);
    }
    for Taken { origin, print, .. } in taken {
        let Some((real, of)) = full.get(&*origin.path).and_then(|real| Some((real, documents.get_mut(real)?))) else {
            continue;
        };
        let inside: Vec<String> = origin.inside.iter().map(ToString::to_string).collect();
        let path = real.to_string_lossy().into_owned();
        of.texts.push(Document { path, inside: inside.join(" › "), print, ..Document::default() });
    }
    Ok(documents)
}

/// `sekisho client ingest-table`
pub(crate) fn ingest_table(session: &Session, args: &ArgMatches) -> Result<Status> {
    client::known(session, args, id(args))?;
    let vault = needed_vault(session)?;
    vault.key(id(args))?;
    let Some(file) = args.get_one::<PathBuf>("file") else { return Ok(Status::Failed) };
    let wanted = args.get_one::<String>("columns").map_or("", String::as_str);
    let mut files = Files::new(vec![file.clone()], source::Options::default())?;
    let (mut taken, summary) = take(session, args, &mut files, Intake::of_tables())?;
    taken.sort_by_key(|taken| taken.origin.to_string());
    let guessable = args.get_flag("include-guessable");
    let path = file.canonicalize().map_err(|source| Error::Io { path: file.clone(), source })?;
    let path = path.to_string_lossy().into_owned();
    let mut fault = ColumnFault::Form(wanted.to_owned());
    let mut found = None;
    for Taken { text, .. } in taken {
        let built = text.first().is_some_and(|(_, built)| *built);
        let bytes: Vec<u8> = text.into_iter().flat_map(|(bytes, _)| bytes).collect();
        let rows = records::read(&String::from_utf8_lossy(&bytes), built);
        match records::columns(wanted, &rows) {
            Ok((columns, first)) => {
                found = Some((columns, rows, first));
                break;
            }
            Err(why) => fault = why,
        }
    }
    let Some((columns, rows, first)) = found else { return Err(column_fault(session, &fault)) };
    let names = |wanted: bool| -> String {
        let names = columns.iter().filter(|c| c.kind.guessable == wanted).map(|c| c.kind.name);
        names.collect::<Vec<_>>().join(", ")
    };
    let has = |name: &str| columns.iter().any(|column| column.kind.name == name);
    if !guessable && names(false).is_empty() && !(has("name") && has("address")) {
        return Err(usage(session, Registered::OnlyGuessable(&names(true))));
    }
    let now = memory::seconds();
    let table = vault.update(id(args), |key, contents| {
        let table = Keeper::new(key).keep(path, &columns, &rows[first..], guessable, now);
        contents.tables.retain(|known| known.path != table.path);
        if table.rows > 0 {
            contents.tables.push(table.clone());
        }
        table
    })?;
    if table.rows == 0 {
        return Err(usage(session, Registered::NothingInTable));
    }
    let kinds = table.kinds.join(", ");
    let (rows, values) = (table.rows, table.values());
    say(session, Registered::Table { client: id(args), rows, values, kinds: &kinds });
    match (names(true), guessable) {
        (kinds, _) if kinds.is_empty() => {}
        (kinds, true) => say(session, Registered::Guessable(&kinds)),
        (kinds, false) => say(session, Registered::LeftOut(&kinds)),
    }
    Ok(if summary.is_complete() { Status::Clean } else { Status::Incomplete })
}

fn column_fault(session: &Session, fault: &ColumnFault) -> Error {
    let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let known = known.join(", ");
    usage(
        session,
        match fault {
            ColumnFault::Form(part) => Registered::ColumnForm(part),
            ColumnFault::Kind(kind) => Registered::ColumnKind { kind, known: &known },
            ColumnFault::Heading(heading) => Registered::ColumnHeading(heading),
        },
    )
}

/// `sekisho client forget`
pub(crate) fn forget(session: &Session, args: &ArgMatches) -> Result<Status> {
    // The client may be gone from the ledger by now.
    let vault = needed_vault(session)?;
    if args.get_flag("all") {
        let message = match vault.destroy(id(args))? {
            true => Registered::ForgotAll(id(args)),
            false => return Err(usage(session, Registered::NothingToForget(id(args)))),
        };
        say(session, message);
        return Ok(Status::Clean);
    }
    let paths: Vec<&PathBuf> = args.get_many("paths").into_iter().flatten().collect();
    if paths.is_empty() {
        return Err(usage(session, Registered::ForgetWhat(id(args))));
    }
    if vault.key(id(args))?.is_none() {
        return Err(usage(session, Registered::NothingToForget(id(args))));
    }
    // The file itself may be gone already.
    let full = |path: &&PathBuf| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_default();
    let full: Vec<PathBuf> = paths.iter().map(full).collect();
    let contents = vault.read(id(args))?;
    let is_below = |path: &str, root: &PathBuf| Path::new(path).starts_with(root);
    let known = |root: &PathBuf| {
        contents.documents.iter().any(|d| is_below(&d.path, root))
            || contents.tables.iter().any(|t| is_below(&t.path, root))
    };
    if let Some((path, _)) = paths.iter().zip(&full).find(|(_, full)| !known(full)) {
        let shown = path.display().to_string();
        return Err(usage(session, Registered::NotRegistered { path: &printable(&shown), client: id(args) }));
    }
    let (documents, tables) = vault.update(id(args), |_, contents| {
        let before = (contents.documents.len(), contents.tables.len());
        contents.documents.retain(|document| !full.iter().any(|root| is_below(&document.path, root)));
        contents.tables.retain(|table| !full.iter().any(|root| is_below(&table.path, root)));
        (before.0 - contents.documents.len(), before.1 - contents.tables.len())
    })?;
    say(session, Registered::Forgot { client: id(args), documents, tables });
    Ok(Status::Clean)
}

/// One line for `client list`: how much is registered of a client; `None` for nothing.
pub(crate) fn holds(session: &Session, client: &str) -> Option<String> {
    let message = match vault(session)?.read(client) {
        Ok(contents) if contents.documents.is_empty() && contents.tables.is_empty() => return None,
        Ok(Contents { documents, tables }) => {
            let rows = tables.iter().map(|table| u64::from(table.rows)).sum();
            Registered::Holds { documents: documents.len(), tables: tables.len(), rows }.text(session.lang)
        }
        Err(e) => Registered::Unusable(&message::error(session.lang, &e)).text(session.lang),
    };
    Some(message.into_owned())
}

fn list(session: &Session, vault: &Vault, client: &str) -> Result<Status> {
    let Contents { documents, tables } = vault.read(client)?;
    let mut out = String::new();
    let mut line = |message: Registered<'_>| {
        out.push_str(&message.text(session.lang));
        out.push('\n');
    };
    let rows = tables.iter().map(|table| u64::from(table.rows)).sum();
    line(Registered::Holds { documents: documents.len(), tables: tables.len(), rows });
    for document in &documents {
        let inside = if document.inside.is_empty() { String::new() } else { format!(" › {}", document.inside) };
        let name = format!("{}{inside}", document.path);
        let (day, letters) = (message::day(document.added), document.print.letters.to_string());
        line(Registered::HoldsDocument { name: &printable(&name), day: &day, letters: &letters });
    }
    for Table { path, added, rows, kinds, .. } in &tables {
        let (day, kinds) = (message::day(*added), kinds.join(", "));
        line(Registered::HoldsTable { name: &printable(path), day: &day, rows: *rows, kinds: &kinds });
    }
    output::write(&mut output::stdout(), out.as_bytes())?;
    Ok(Status::Clean)
}

/// A source that notes which files it has listed.
struct Noted {
    inner: Files,
    seen: Vec<PathBuf>,
}

impl Source for Noted {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        let from = items.len();
        self.inner.next(items, most);
        let files = items[from..].iter().filter(|item| !matches!(item.body, Body::Failed(_)));
        self.seen.extend(files.map(|item| item.origin.path.to_path_buf()));
    }

    fn skipped(&self) -> Skipped {
        self.inner.skipped()
    }
}

/// Tells of what could not be read.
struct Problems<'s>(&'s Session);

impl Sink for Problems<'_> {
    fn finding(&mut self, _: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        let origin = origin.to_string();
        self.0.tell(&format!("{}: {}", printable(&origin), message::problem(self.0.lang, problem)));
        Ok(())
    }

    fn more(&mut self, _: &Origin, _: &Detector, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}
