//! Which repositories' settings the user trusts: a private file of hashes, one for each place and
//! content. Settings that change have to be trusted anew.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use sekisho::config::repository::{FILE, Repository};
use sekisho::error::{Error, Place, Result};
use sekisho::message::{GitMessage, Message};
use sekisho::source::git::{Git, Index};

use crate::cli::Session;
use crate::cli::exit::Status;

/// `sekisho hook trust`
pub(super) fn trust(session: &Session) -> Result<Status> {
    let git = Git::at(Path::new("."));
    let index = Index::staged(&git, false, session.environment.git(), FILE)?;
    let Some(source) = index.settings() else {
        session.say(&Message::Git(GitMessage::NothingToTrust));
        return Ok(Status::Failed);
    };
    let text = std::str::from_utf8(source).map_err(|_| Error::File(Place::whole(FILE, "this is not UTF-8")))?;
    let own = Repository::parse(text).map_err(Error::File)?;
    let (entry, top) = entry(&git, source)?;
    let file = file(session)?;
    if !is_listed(&file, &entry) {
        let failed = |source| Error::Io { path: file.clone(), source };
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = std::fs::File::options();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut list = options.open(&file).map_err(failed)?;
        writeln!(list, "{entry} {}", top.display()).map_err(failed)?;
    }
    if !own.lowering.is_empty() {
        session.say(&Message::Git(GitMessage::SettingsLower(&own.lowering.told.join("; "))));
    }
    session.say(&Message::Git(GitMessage::Trusted(&top.display().to_string())));
    Ok(Status::Clean)
}

/// Has the user said that these settings hold in this repository?
pub(super) fn is_trusted(session: &Session, git: &Git, source: &[u8]) -> Result<bool> {
    Ok(is_listed(&file(session)?, &entry(git, source)?.0))
}

fn file(session: &Session) -> Result<PathBuf> {
    let folder = session.environment.data.as_ref();
    Ok(folder
        .ok_or_else(|| Error::Usage("no home directory to keep the list of trusted repositories in".to_owned()))?
        .join("trusted"))
}

fn is_listed(file: &Path, entry: &str) -> bool {
    let list = std::fs::read_to_string(file).unwrap_or_default();
    list.lines().any(|line| line.split(' ').next() == Some(entry))
}

/// The hash of a repository's place and settings, and the place.
fn entry(git: &Git, source: &[u8]) -> Result<(String, PathBuf)> {
    let top = git.ask_path(&["rev-parse", "--show-toplevel"])?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(blake3::hash(top.as_os_str().as_encoded_bytes()).as_bytes()).update(source);
    Ok((hasher.finalize().to_hex().to_string(), top))
}
