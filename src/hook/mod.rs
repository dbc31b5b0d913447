//! Hooks of git: puts them in place and takes them away again, byte for byte as it was.
//!
//! Works on a folder of hooks that others have found; what a hook does when it is called is
//! `hook run`'s business.

mod script;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use script::{Before, CLIENT_HOOKS, MARK, kept, pass_on, script};

pub use script::Hook;

/// What became of one hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It is there now; there was none before.
    Installed(PathBuf),
    /// It was ours already and has been written anew.
    Renewed(PathBuf),
    /// It is there now; the one from before is kept and runs first.
    Chained {
        /// Ours.
        hook: PathBuf,
        /// The one from before.
        kept: PathBuf,
    },
    /// It is gone, and there is none now.
    Removed(PathBuf),
    /// It is gone, and the one from before is back.
    Restored(PathBuf),
    /// None of ours was there.
    NotThere(PathBuf),
    /// Nothing was done: another hook stands where ours was, and the one that we keep would be
    /// lost.
    InTheWay {
        /// The other's.
        hook: PathBuf,
        /// The one that we keep.
        kept: PathBuf,
    },
}

/// Puts a hook that calls `program` into a folder of hooks; one that is there is kept and runs
/// first.
pub fn install(folder: &Path, hook: Hook, program: &Path) -> io::Result<Done> {
    let path = folder.join(hook.name());
    let kept = folder.join(kept(hook.name()));
    let text = script(hook, program, Before::Kept);
    fs::create_dir_all(folder)?;
    if is_ours(&path)? {
        write(&path, &text)?;
        return Ok(Done::Renewed(path));
    }
    if fs::symlink_metadata(&path).is_err() {
        write(&path, &text)?;
        return Ok(Done::Installed(path));
    }
    if fs::symlink_metadata(&kept).is_ok() {
        return Ok(Done::InTheWay { hook: path, kept });
    }
    // Moved, not copied: its bytes, mode and links stay what they are.
    fs::rename(&path, &kept)?;
    if let Err(e) = write(&path, &text) {
        fs::rename(&kept, &path)?;
        return Err(e);
    }
    Ok(Done::Chained { hook: path, kept })
}

/// Takes a hook away and puts the one from before back.
pub fn uninstall(folder: &Path, hook: Hook) -> io::Result<Done> {
    let path = folder.join(hook.name());
    let kept = folder.join(kept(hook.name()));
    let is_kept = fs::symlink_metadata(&kept).is_ok();
    if !is_ours(&path)? {
        return Ok(if is_kept { Done::InTheWay { hook: path, kept } } else { Done::NotThere(path) });
    }
    if is_kept {
        fs::rename(&kept, &path)?;
        return Ok(Done::Restored(path));
    }
    fs::remove_file(&path)?;
    Ok(Done::Removed(path))
}

/// Fills a folder for `core.hooksPath` with the given hooks; every other hook is passed on to the
/// repository at work, which git would not look at any more.
pub fn install_for_all(folder: &Path, hooks: &[Hook], program: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for name in CLIENT_HOOKS {
        let text = match hooks.iter().find(|hook| hook.name() == *name) {
            Some(&hook) => script(hook, program, Before::Repository),
            None => pass_on(name),
        };
        write(&folder.join(name), &text)?;
    }
    Ok(())
}

/// Takes such a folder away; files that are not ours stay, and so does the folder then.
pub fn uninstall_for_all(folder: &Path) -> io::Result<()> {
    for name in CLIENT_HOOKS {
        let path = folder.join(name);
        if is_ours(&path)? {
            fs::remove_file(path)?;
        }
    }
    match fs::remove_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        done => done,
    }
}

/// Is a hook one that we have written?
fn is_ours(path: &Path) -> io::Result<bool> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes.split(|&b| b == b'\n').nth(1).is_some_and(|line| line.starts_with(MARK.as_bytes()))),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// Writes an executable file whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".sekisho").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    #[cfg(unix)]
    file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}
