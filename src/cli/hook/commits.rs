//! The hooks that look at more than the index: a commit's message, what is pushed, what a server
//! receives.

use std::io::Read as _;
use std::path::Path;

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::error::{Error, Result};
use sekisho::message::{self, GitMessage, Message};
use sekisho::scan::{Distinct, Summary};
use sekisho::source::git::{Commits, Extent, Git, Id, introduced};
use sekisho::source::{Body, Item, List};

use super::quiet::Quiet;
use super::{end, settings as own};
use crate::cli::exit::Status;
use crate::cli::{Session, baseline, scan, set, settings};

/// What git writes above a patch that is there to be read only (`git commit --verbose`).
const SCISSORS: &[u8] = b"------------------------ >8 ------------------------";

/// Scans the message of a commit, before it is made.
pub(super) fn message(session: &Session, args: &ArgMatches, file: &Path) -> Result<Status> {
    let mut text = std::fs::read(file).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => Error::MissingPath(file.to_owned()),
        _ => Error::Io { path: file.to_owned(), source },
    })?;
    if let Some(at) = memchr::memmem::find(&text, SCISSORS) {
        text.truncate(at);
    }
    let config = settings::load(session, args)?;
    let (detectors, options) = scan::prepare(session, args, &config)?;
    let mut source =
        List::new(vec![Item { origin: Origin::file(Path::new("(commit message)")), body: Body::Bytes(text) }]);
    let mut sink = scan::sink(session, args, &options)?;
    let summary = set::scanner(detectors, options)?.run(&mut source, &mut Quiet::new(&mut *sink, args))?;
    session.say(&Message::Git(GitMessage::MessageScanned { bytes: &message::bytes(summary.bytes) }));
    Ok(end(session, args, &summary, GitMessage::MessageBlocked))
}

/// Scans the commits that a push sends: lines `REF ID REMOTE-REF REMOTE-ID` on standard input.
pub(super) fn pushed(session: &Session, args: &ArgMatches, remote: &str) -> Result<Status> {
    let git = Git::at(Path::new("."));
    let (mut new, mut known) = (Vec::new(), Vec::new());
    for line in input()?.lines() {
        let (Some(here), Some(there)) = (id(line, 1), id(line, 3)) else { return Err(not_understood(line)) };
        if !here.is_nothing() {
            new.push(here.to_string());
        }
        // What the remote has may not have been fetched.
        if !there.is_nothing() && git.ask(&["cat-file", "-e", &there.to_string()]).is_ok() {
            known.push(there.to_string());
        }
    }
    let mut range = new.clone();
    range.push("--not".to_owned());
    // Of a remote without a name (a URL) nothing is known beforehand.
    if !remote.is_empty() && !remote.contains(['*', '?', '[', ':', '/']) {
        range.push(format!("--remotes={remote}"));
    }
    range.extend(known);
    commits(session, args, &git, new.first().map(String::as_str), new.is_empty(), range, GitMessage::PushBlocked)
}

/// Scans the commits that a push brings to a server: lines `OLD NEW REF` on standard input. Takes
/// no settings from the repository: whoever pushes has written them.
pub(super) fn received(session: &Session, args: &ArgMatches) -> Result<Status> {
    let git = Git::at(Path::new("."));
    let mut range = Vec::new();
    for line in input()?.lines() {
        let (Some(_), Some(new)) = (id(line, 0), id(line, 1)) else { return Err(not_understood(line)) };
        if !new.is_nothing() {
            range.push(new.to_string());
        }
    }
    let nothing = range.is_empty();
    range.extend(["--not".to_owned(), "--all".to_owned()]);
    commits(session, args, &git, None, nothing, range, GitMessage::ReceiveBlocked)
}

fn input() -> Result<String> {
    let mut text = String::new();
    let read = std::io::stdin().lock().read_to_string(&mut text);
    read.map_err(|source| Error::Io { path: "-".into(), source })?;
    Ok(text)
}

fn id(line: &str, field: usize) -> Option<Id> {
    line.split(' ').nth(field).and_then(Id::from_hex)
}

fn not_understood(line: &str) -> Error {
    Error::Usage(format!("standard input is not what git gives this hook: {}", message::printable(line)))
}

fn commits(
    session: &Session,
    args: &ArgMatches,
    git: &Git,
    settings_of: Option<&str>,
    nothing: bool,
    range: Vec<String>,
    blocked: GitMessage<'_>,
) -> Result<Status> {
    if nothing {
        session.say(&Message::Git(GitMessage::NothingNew));
        return Ok(Status::Clean);
    }
    let extent = Extent::Range { commits: Commits::Range(range), whole: args.get_flag("whole-files") };
    let summary = range_scan(session, args, git, settings_of, &extent)?;
    Ok(end(session, args, &summary, blocked))
}

/// Scans what a range of commits has brought; the repository's own settings hold as the commit
/// `settings_of` has them, if one is given.
pub(crate) fn range_scan(
    session: &Session,
    args: &ArgMatches,
    git: &Git,
    settings_of: Option<&str>,
    extent: &Extent<'_>,
) -> Result<Summary> {
    let mut source = introduced(git, extent)?;
    let config = settings::load(session, args)?;
    let (mut detectors, mut options) = scan::prepare(session, args, &config)?;
    options.rules.baseline = baseline::named(args, &|| baseline::top_of(git))?;
    if let Some(commit) = settings_of {
        own::of_commit(session, git, commit, &mut detectors, &mut options)?;
    }
    let mut sink = scan::sink(session, args, &options)?;
    let mut quiet = Quiet::new(&mut *sink, args);
    let mut distinct = Distinct::new(&mut quiet, options.max_findings, options.show_suppressed, Summary::default());
    (options.max_findings, options.show_suppressed) = (0, true);
    let display = scan::show_progress(session, args, &mut options);
    let done = set::scanner(detectors, options)?.run(&mut source, &mut distinct);
    drop(display);
    let (bytes, counts) = (done?.bytes, source.counts());
    session.say(&Message::Git(GitMessage::CommitsScanned {
        commits: source.commits(),
        files: counts.files,
        lines: counts.lines,
        bytes: &message::bytes(bytes),
    }));
    Ok(distinct.into_summary())
}
