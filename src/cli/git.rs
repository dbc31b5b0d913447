//! `sekisho git`: all of a repository's history, or what a range of commits has brought.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::error::{Error, Result};
use sekisho::message::{GitMessage, Message};
use sekisho::policy::Rules;
use sekisho::scan::{Distinct, Options, Sieve, Sink as _, Summary};
use sekisho::source::git::{Commits, Extent, Git, Objects, introduced};

use super::exit::Status;
use super::hook::range_scan;
use super::{Session, baseline, scan, set, settings};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let git = match args.get_one::<PathBuf>("repository") {
        Some(folder) if !folder.exists() => return Err(Error::MissingPath(folder.clone())),
        Some(folder) => Git::only(folder),
        None => Git::at(Path::new(".")),
    };
    let summary = match args.get_one::<String>("range") {
        Some(range) if range.starts_with('-') => return Err(Error::Usage(format!("--range: `{range}` is no range"))),
        Some(range) => {
            let commits = Commits::Range(vec![range.clone()]);
            range_scan(session, args, &git, None, &Extent::Range { commits, whole: args.get_flag("whole-files") })?
        }
        None => history(session, args, &git)?,
    };
    if git.ask(&["rev-parse", "--is-shallow-repository"])? == b"true" {
        session.say(&Message::Git(GitMessage::Shallow));
    }
    Ok(scan::status(&summary, args))
}

/// Looks at every object once, without names; then again at those in which there is something,
/// under the path and commit that brought them.
fn history(session: &Session, args: &ArgMatches, git: &Git) -> Result<Summary> {
    let mut objects = Objects::open(git)?;
    let config = settings::load(session, args)?;
    let (detectors, mut options) = scan::prepare(session, args, &config)?;
    // Clients' folders and approved files are of this machine, not of a history.
    (options.clients, options.approvals) = (None, None);
    options.rules.baseline = baseline::named(args, &|| baseline::top_of(git))?;
    let display = scan::show_progress(session, args, &mut options);
    let sieving = Options {
        // Whatever may be allowed under its name has to get through.
        rules: Rules { inline_allow: false, allowed: Vec::new(), baseline: None, ..options.rules.clone() },
        max_findings: 1,
        reveal: false,
        ..options.clone()
    };
    let scanner = set::scanner(detectors, sieving)?;
    let mut sieve = Sieve::default();
    let mut before = scanner.run(&mut objects, &mut sieve)?;
    let outline = objects.finish()?;
    before.files = outline.blobs;

    let mut blobs: HashSet<_> = outline.pointers.iter().copied().collect();
    let mut messages = HashSet::new();
    let places =
        sieve.paths.into_iter().map(Origin::file).chain(sieve.problems.iter().map(|(origin, _)| origin.clone()));
    for (id, is_message) in places.filter_map(|origin| Objects::id_of(&origin)) {
        if is_message {
            messages.insert(id)
        } else {
            blobs.insert(id)
        };
    }
    let (met, commits) = (&outline.met, &*outline.commits);
    let mut source = introduced(git, &Extent::Objects { blobs: &blobs, messages: &messages, met, commits })?;
    let mut sink = scan::sink(session, args, &options)?;
    let mut distinct = Distinct::new(&mut *sink, options.max_findings, options.show_suppressed, before);
    for (origin, problem) in sieve.problems.iter().filter(|(origin, _)| Objects::id_of(origin).is_none()) {
        distinct.problem(origin, problem).map_err(|source| Error::Io { path: "-".into(), source })?;
    }
    (options.max_findings, options.show_suppressed) = (0, true);
    let known = options.rules.baseline.clone();
    let done = scanner.with(options).run(&mut source, &mut distinct);
    drop(display);
    done?;
    if let Some(known) = known {
        baseline::tell_unused(session, &known, &|_| true);
    }
    let (blobs, messages, commits) = (outline.blobs, outline.messages, source.commits());
    session.say(&Message::Git(GitMessage::HistoryScanned { blobs, messages, commits }));
    Ok(distinct.into_summary())
}
