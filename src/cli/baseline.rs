//! `sekisho baseline`, and the baseline that other commands are given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use sekisho::error::{Error, Place, Result};
use sekisho::message::{GitMessage, Message, printable};
use sekisho::policy::{Base, Baseline, Change};
use sekisho::scan::Sieve;
use sekisho::source::Files;
use sekisho::source::git::Git;

use super::exit::Status;
use super::{Session, scan, set, settings};

/// Where a baseline is kept unless told otherwise.
const FILE: &str = ".sekisho-baseline";
/// Unused entries that are listed.
const LISTED: usize = 20;

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("create", args)) => create(session, args),
        Some(("update", args)) => change(session, args, Change::Update),
        Some(("prune", args)) => change(session, args, Change::Prune),
        _ => Err(Error::Usage(String::new())),
    }
}

fn create(session: &Session, args: &ArgMatches) -> Result<Status> {
    let file = file(args);
    if file.exists() {
        session.say(&Message::Git(GitMessage::BaselineExists(&file.display().to_string())));
        return Ok(Status::Failed);
    }
    let mut salt = [0; 32];
    getrandom::fill(&mut salt)
        .map_err(|e| Error::Io { path: file.clone(), source: std::io::Error::other(e.to_string()) })?;
    record(session, args, Baseline::new(salt, base(&file, current())), Change::Update)
}

fn change(session: &Session, args: &ArgMatches, change: Change) -> Result<Status> {
    let known = read(&file(args), current())?;
    record(session, args, known, change)
}

/// Scans, and writes the baseline as it is then.
fn record(session: &Session, args: &ArgMatches, known: Baseline, change: Change) -> Result<Status> {
    let file = file(args);
    let config = settings::load(session, args)?;
    let (detectors, mut options) = scan::prepare(session, args, &config)?;
    let known = Arc::new(known);
    options.rules.baseline = Some(known.clone());
    let mut paths: Vec<PathBuf> = args.get_many("paths").into_iter().flatten().cloned().collect();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let display = scan::show_progress(session, args, &mut options);
    let mut sieve = Sieve::default();
    let mut source = Files::new(paths.clone(), settings::walk(args, &config))?;
    let summary = set::scanner(detectors, options)?.run(&mut source, &mut sieve);
    drop(display);
    let complete = summary?.is_complete();
    // What could not be looked at may still hold what an entry stands for.
    let prune = complete || change == Change::Update;
    if !prune {
        session.say(&Message::Git(GitMessage::BaselineIncomplete));
        return Ok(Status::Incomplete);
    }
    let changed = known.changed(change, |path| paths.iter().any(|root| known.lies_in(path, root)));
    write(&file, &changed.text())?;
    let name = file.display().to_string();
    session.say(&Message::Git(GitMessage::BaselineWritten { file: &name, entries: changed.len() }));
    Ok(if complete { Status::Clean } else { Status::Incomplete })
}

/// Whole or not at all.
fn write(file: &Path, text: &str) -> Result<()> {
    let failed = |source| Error::Io { path: file.to_owned(), source };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::Builder::new().prefix(".sekisho").tempfile_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut new, text.as_bytes()).map_err(failed)?;
    #[cfg(unix)]
    {
        // It stands in a repository: readable as any file there.
        let mode = std::fs::metadata(file).map_or(0o644, |data| std::os::unix::fs::MetadataExt::mode(&data) & 0o777);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        new.as_file().set_permissions(mode).map_err(failed)?;
    }
    new.persist(file).map_err(|e| failed(e.error))?;
    Ok(())
}

/// The file that the arguments name.
fn file(args: &ArgMatches) -> PathBuf {
    args.get_one::<PathBuf>("baseline").cloned().unwrap_or_else(|| PathBuf::from(FILE))
}

fn current() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    here.canonicalize().unwrap_or(here)
}

fn base(file: &Path, from: PathBuf) -> Base {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Base { folder: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()), from }
}

fn read(file: &Path, from: PathBuf) -> Result<Baseline> {
    let text = std::fs::read_to_string(file).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::MissingPath(file.to_owned()),
        _ => Error::Io { path: file.to_owned(), source },
    })?;
    Baseline::parse(&file.display().to_string(), &text, base(file, from)).map_err(Error::File)
}

/// The baseline that the arguments name. `from`: the folder that findings' paths are relative to.
pub(crate) fn named(args: &ArgMatches, from: &dyn Fn() -> Result<PathBuf>) -> Result<Option<Arc<Baseline>>> {
    let Some(file) = args.get_one::<PathBuf>("baseline") else { return Ok(None) };
    Ok(Some(Arc::new(read(file, from()?)?)))
}

/// The baseline for a scan of files.
pub(crate) fn of_scan(args: &ArgMatches) -> Result<Option<Arc<Baseline>>> {
    named(args, &|| Ok(current()))
}

/// A baseline that is staged under a path from the top of the work tree.
pub(crate) fn of_index(file: &str, text: Option<Vec<u8>>, top: PathBuf) -> Result<Arc<Baseline>> {
    let wrong = |what: &str| Error::File(Place::whole(file, what));
    let text = text.ok_or_else(|| wrong("the repository's settings name this baseline, but it is not in the index"))?;
    let text = String::from_utf8(text).map_err(|_| wrong("this is not UTF-8"))?;
    let folder = top.join(file).parent().map(Path::to_owned).unwrap_or_default();
    Baseline::parse(file, &text, Base { folder, from: top }).map(Arc::new).map_err(Error::File)
}

/// The folder that paths in a repository are relative to.
pub(crate) fn top_of(git: &Git) -> Result<PathBuf> {
    let top = git.ask_path(&["rev-parse", "--show-toplevel"]).or_else(|_| git.common_folder())?;
    Ok(top.canonicalize().unwrap_or(top))
}

/// Names the entries that match nothing any more.
pub(crate) fn tell_unused(session: &Session, known: &Baseline, in_scope: &dyn Fn(&str) -> bool) {
    let unused = known.unused(in_scope);
    if unused.is_empty() {
        return;
    }
    let mut list = String::new();
    for (path, detector, count) in unused.iter().take(LISTED) {
        list.push_str(&format!("\n  {} [{detector}] ×{count}", printable(path)));
    }
    if unused.len() > LISTED {
        list.push_str(&format!("\n  … +{}", unused.len() - LISTED));
    }
    session.say(&Message::Git(GitMessage::BaselineUnused { count: unused.len(), list: &list }));
}
