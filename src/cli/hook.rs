//! `sekisho hook`: the git pre-commit hook. Scans the index, never the work tree.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ArgMatches;
use sekisho::error::{Error, Result};
use sekisho::message::{self, Message};
use sekisho::source::Index;

use super::exit::Status;
use super::{Session, scan, settings};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("run", args)) => scan_index(session, args),
        Some(("install", _)) => install(session),
        Some(("uninstall", _)) => uninstall(session),
        _ => Ok(Status::Failed),
    }
}

fn scan_index(session: &Session, args: &ArgMatches) -> Result<Status> {
    let mut index = Index::staged(Path::new("."))?;
    if index.is_empty() {
        session.say(&Message::HookNothingStaged);
        return Ok(Status::Clean);
    }
    let files = index.len();
    let config = settings::load(session, args)?;
    let summary = scan::scan(session, args, &config, &mut index)?;
    session.say(&Message::HookScanned { files, bytes: &message::bytes(summary.bytes) });
    if summary.findings > 0 {
        session.say(&Message::HookBlocked);
    }
    Ok(match scan::status(&summary, args) {
        // What could not be looked at has been named; it does not stop a commit.
        Status::Incomplete if !args.get_flag("fail-on-problem") => Status::Clean,
        status => status,
    })
}

/// The line by which our hook is known.
const MARK: &str = "# sekisho pre-commit hook";

fn hook_file() -> Result<PathBuf> {
    let output = Command::new("git")
        .args(["rev-parse", "--git-path", "hooks"])
        .output()
        .map_err(|e| Error::Git(format!("git: {e}")))?;
    if !output.status.success() {
        return Err(Error::Git(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end()).join("pre-commit"))
}

fn install(session: &Session) -> Result<Status> {
    let path = hook_file()?;
    let failed = |e| Error::Io { path: path.clone(), source: e };
    if let Ok(existing) = std::fs::read_to_string(&path)
        && !existing.contains(MARK)
    {
        session.say(&Message::HookNotOurs(&path.display().to_string()));
        return Ok(Status::Failed);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o755);
    let mut file = options.open(&path).map_err(failed)?;
    file.write_all(format!("#!/bin/sh\n{MARK}\nexec sekisho hook run\n").as_bytes()).map_err(failed)?;
    session.say(&Message::HookInstalled(&path.display().to_string()));
    Ok(Status::Clean)
}

fn uninstall(session: &Session) -> Result<Status> {
    let path = hook_file()?;
    let shown = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(existing) if existing.contains(MARK) => {
            std::fs::remove_file(&path).map_err(|e| Error::Io { path: path.clone(), source: e })?;
            session.say(&Message::HookRemoved(&shown));
            Ok(Status::Clean)
        }
        Ok(_) => {
            session.say(&Message::HookNotOurs(&shown));
            Ok(Status::Failed)
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(Error::MissingPath(path)),
        Err(e) => Err(Error::Io { path, source: e }),
    }
}
