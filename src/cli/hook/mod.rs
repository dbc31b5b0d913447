//! `sekisho hook`: what git calls before a commit or a push. Scans the index or commits, never
//! the work tree.

mod commits;
mod install;
mod quiet;
mod settings;
mod trust;

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::config::repository::FILE;
use sekisho::error::{Error, Result};
use sekisho::message::{self, GitMessage, Message};
use sekisho::scan::Summary;
use sekisho::source::Source as _;
use sekisho::source::git::{Git, Index};

use super::exit::Status;
use super::{Session, baseline, scan};

use quiet::Quiet;

pub(crate) use commits::range_scan;

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("run", args)) => {
            if let Some(file) = args.get_one::<PathBuf>("commit-msg") {
                commits::message(session, args, file)
            } else if let Some(remote) = args.get_one::<String>("pre-push") {
                commits::pushed(session, args, remote)
            } else if args.get_flag("pre-receive") {
                commits::received(session, args)
            } else {
                staged(session, args)
            }
        }
        Some(("install", args)) => install::install(session, args),
        Some(("uninstall", args)) => install::uninstall(session, args),
        Some(("trust", _)) => trust::trust(session),
        _ => Err(Error::Usage(String::new())),
    }
}

/// Scans what is staged.
fn staged(session: &Session, args: &ArgMatches) -> Result<Status> {
    let git = Git::at(Path::new("."));
    let whole = args.get_flag("whole-files");
    // Most of the wait is for git; the detectors are made ready meanwhile.
    let named = session.environment.git();
    let (index, prepared) = std::thread::scope(|scope| {
        let index = scope.spawn(|| Index::staged(&git, whole, named, FILE));
        let config = super::settings::load(session, args);
        let prepared = config.and_then(|config| scan::prepare(session, args, &config));
        (index.join(), prepared)
    });
    let mut index = index.map_err(|_| Error::Git("listing the index failed inside; please report it".to_owned()))??;
    if index.paths().is_empty() && index.skipped().submodules == 0 {
        session.say(&Message::Git(GitMessage::NothingStaged));
        return Ok(Status::Clean);
    }
    let (mut detectors, mut options) = prepared?;
    let named = match index.settings() {
        Some(source) => settings::apply(session, &git, source, &mut detectors, &mut options)?,
        None => None,
    };
    let top = || git.ask_path(&["rev-parse", "--show-toplevel"]);
    let known = match named {
        _ if args.contains_id("baseline") => baseline::named(args, &top)?,
        Some(file) => {
            let text = index.file(&file).map_err(|problem| Error::Git(problem.what))?;
            Some(baseline::of_index(&file, text, top()?)?)
        }
        None => None,
    };
    options.rules.baseline = known.clone();
    let mut sink = scan::sink(session, args, &options)?;
    let mut quiet = Quiet::new(&mut *sink, args);
    let summary = super::set::scanner(detectors, options)?.run(&mut index, &mut quiet)?;
    if let Some(known) = known {
        let paths = index.paths();
        baseline::tell_unused(session, &known, &|path| paths.iter().any(|staged| known.lies_in(path, staged)));
    }
    let (files, lines, bytes) = (index.counts().files, index.counts().lines, message::bytes(summary.bytes));
    session.say(&Message::Git(match whole {
        true => GitMessage::ScannedWhole { files, bytes: &bytes },
        false => GitMessage::Scanned { files, lines, bytes: &bytes },
    }));
    // Before the first commit there is nothing to restore from.
    let is_first = summary.findings > 0 && git.ask(&["rev-parse", "--quiet", "--verify", "HEAD"]).is_err();
    let unstage = if is_first { "git rm --cached" } else { "git restore --staged" };
    Ok(end(session, args, &summary, GitMessage::CommitBlocked { unstage }))
}

/// The status of a hook. What could not be looked at has been named; it stops git only where the
/// user wants that.
fn end(session: &Session, args: &ArgMatches, summary: &Summary, blocked: GitMessage<'_>) -> Status {
    if summary.findings > 0 {
        session.say(&Message::Git(blocked));
    }
    let strict = args.get_flag("strict") || args.get_flag("fail-on-problem");
    let problems: u64 = summary.problems.values().sum();
    match scan::status(summary, args) {
        Status::Incomplete if !strict => {
            session.say(&Message::Git(GitMessage::ProblemsPassed(problems)));
            Status::Clean
        }
        Status::Incomplete => {
            session.say(&Message::Git(GitMessage::ProblemsStop(problems)));
            Status::Incomplete
        }
        status => status,
    }
}
