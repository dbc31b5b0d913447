//! `sekisho hook install|uninstall`: in this repository, or for all of the user's.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::error::{Error, Result};
use sekisho::hook::{self, Done, Hook};
use sekisho::message::{GitMessage, Message};
use sekisho::source::git::Git;

use crate::cli::Session;
use crate::cli::exit::Status;

const ALL: [Hook; 4] = [Hook::PreCommit, Hook::CommitMsg, Hook::PrePush, Hook::PreReceive];

/// The hooks that the arguments want: those of a commit, unless others are named.
fn wanted(args: &ArgMatches, is_bare: bool) -> Vec<Hook> {
    let named = |hook: &Hook| args.try_get_one::<bool>(hook.name()).ok().flatten() == Some(&true);
    let mut hooks: Vec<Hook> = ALL.into_iter().filter(named).collect();
    if is_bare && hooks.is_empty() {
        hooks.push(Hook::PreReceive);
    }
    // A push hook adds to those of the commit.
    if !is_bare && !hooks.contains(&Hook::PreReceive) {
        hooks.splice(..0, [Hook::PreCommit, Hook::CommitMsg]);
    }
    hooks
}

pub(super) fn install(session: &Session, args: &ArgMatches) -> Result<Status> {
    let program = std::env::current_exe().map_err(|source| Error::Io { path: "sekisho".into(), source })?;
    if args.get_flag("global") {
        return install_for_all(session, args, &program);
    }
    let git = Git::at(Path::new("."));
    let is_bare = git.ask(&["rev-parse", "--is-bare-repository"])? == b"true";
    let folder = hooks_folder(&git)?;
    if let Some(own) = husky(&folder) {
        tell(session, GitMessage::Husky(&own.display().to_string()));
        return Ok(Status::Failed);
    }
    let status = install_into(session, &folder, &wanted(args, is_bare), &program)?;
    if !folder.starts_with(absolute(&git.common_folder()?)) {
        tell(session, GitMessage::SharedFolder(&folder.display().to_string()));
    }
    Ok(status)
}

fn install_into(session: &Session, folder: &Path, hooks: &[Hook], program: &Path) -> Result<Status> {
    let mut status = Status::Clean;
    for &hook in hooks {
        let done =
            hook::install(folder, hook, program).map_err(|source| Error::Io { path: folder.to_owned(), source })?;
        if matches!(done, Done::InTheWay { .. }) {
            status = Status::Failed;
        }
        report(session, &done);
    }
    Ok(status)
}

pub(super) fn uninstall(session: &Session, args: &ArgMatches) -> Result<Status> {
    if args.get_flag("global") {
        return uninstall_for_all(session);
    }
    let git = Git::at(Path::new("."));
    uninstall_from(session, &hooks_folder(&git)?)
}

fn uninstall_from(session: &Session, folder: &Path) -> Result<Status> {
    let mut all = Vec::new();
    for hook in ALL {
        all.push(hook::uninstall(folder, hook).map_err(|source| Error::Io { path: folder.to_owned(), source })?);
    }
    let there: Vec<&Done> = all.iter().filter(|done| !matches!(done, Done::NotThere(_))).collect();
    if there.is_empty() {
        report(session, &all[0]);
        return Ok(Status::Failed);
    }
    there.iter().for_each(|done| report(session, done));
    let failed = there.iter().any(|done| matches!(done, Done::InTheWay { .. }));
    Ok(if failed { Status::Failed } else { Status::Clean })
}

/// `core.hooksPath` rather than a template: a template reaches only repositories that are yet to
/// be made. The folder passes every hook on, so that no repository loses its own.
fn install_for_all(session: &Session, args: &ArgMatches, program: &Path) -> Result<Status> {
    let git = Git::at(Path::new("."));
    let own = own_folder(session)?;
    let hooks = wanted(args, false);
    match global_hooks_path(&git) {
        Some(other) if other != own => install_into(session, &other, &hooks, program),
        _ => {
            hook::install_for_all(&own, &hooks, program).map_err(|source| Error::Io { path: own.clone(), source })?;
            let name = own.display().to_string();
            git.ask(&["config", "--global", "core.hooksPath", &name])?;
            tell(session, GitMessage::GlobalSet(&name));
            Ok(Status::Clean)
        }
    }
}

fn uninstall_for_all(session: &Session) -> Result<Status> {
    let git = Git::at(Path::new("."));
    let own = own_folder(session)?;
    let name = own.display().to_string();
    match global_hooks_path(&git) {
        Some(other) if other != own => uninstall_from(session, &other),
        None => {
            tell(session, GitMessage::NotInstalled(&name));
            Ok(Status::Failed)
        }
        Some(_) => {
            git.ask(&["config", "--global", "--unset", "core.hooksPath"])?;
            hook::uninstall_for_all(&own).map_err(|source| Error::Io { path: own.clone(), source })?;
            tell(session, GitMessage::GlobalUnset(&name));
            Ok(Status::Clean)
        }
    }
}

fn own_folder(session: &Session) -> Result<PathBuf> {
    let folder = session.environment.data.as_ref();
    Ok(folder.ok_or_else(|| Error::Usage("no home directory to keep the hooks in".to_owned()))?.join("hooks"))
}

fn global_hooks_path(git: &Git) -> Option<PathBuf> {
    git.ask_path(&["config", "--global", "--type=path", "core.hooksPath"]).ok()
}

/// Where git looks for hooks here.
fn hooks_folder(git: &Git) -> Result<PathBuf> {
    Ok(absolute(&git.ask_configured(&["rev-parse", "--git-path", "hooks"])?))
}

fn absolute(path: &Path) -> PathBuf {
    let full = std::env::current_dir().unwrap_or_default().join(path);
    full.canonicalize().unwrap_or(full)
}

/// Husky writes its folder of hooks anew whenever it likes; the user's own lines stand beside it.
fn husky(folder: &Path) -> Option<PathBuf> {
    let parent = folder.parent()?;
    (folder.ends_with("_") && parent.ends_with(".husky")).then(|| parent.join(Hook::PreCommit.name()))
}

fn report(session: &Session, done: &Done) {
    let name = |path: &PathBuf| path.display().to_string();
    match done {
        Done::Installed(path) => tell(session, GitMessage::Installed(&name(path))),
        Done::Renewed(path) => tell(session, GitMessage::Renewed(&name(path))),
        Done::Chained { hook, kept } => tell(session, GitMessage::Chained { hook: &name(hook), kept: &name(kept) }),
        Done::Removed(path) => tell(session, GitMessage::Removed(&name(path))),
        Done::Restored(path) => tell(session, GitMessage::Restored(&name(path))),
        Done::NotThere(path) => tell(session, GitMessage::NotInstalled(&name(path))),
        Done::InTheWay { hook, kept } => {
            tell(session, GitMessage::KeptInTheWay { hook: &name(hook), kept: &name(kept) });
        }
    }
}

fn tell(session: &Session, message: GitMessage<'_>) {
    session.say(&Message::Git(message));
}
