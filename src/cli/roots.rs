//! Where a sweep goes: `--root`, a named set, the configured roots, else the home directory.
//!
//! What was named must be there; what is configured may be absent for a while (a disk that is not
//! mounted), is then reported, and what is known below it stays as it is.

use std::path::PathBuf;

use clap::ArgMatches;
use sekisho::config::Config;
use sekisho::error::{Error, Problem, Result};
use sekisho::message::Memory;
use sekisho::state::Store;

use super::{Session, scan, settings};

/// Where a sweep goes.
pub(crate) struct Roots {
    /// Absolute, sorted, none inside another.
    pub(crate) there: Vec<PathBuf>,
    /// Those that cannot be walked now, and why.
    pub(crate) absent: Vec<(PathBuf, String)>,
}

impl Roots {
    /// All that were asked for.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> =
            self.there.iter().chain(self.absent.iter().map(|(root, _)| root)).cloned().collect();
        all.sort();
        outermost(&mut all);
        all
    }

    /// An empty folder in whose place a file system used to be: nothing below it is gone.
    pub(crate) fn leave_unmounted(&mut self, session: &Session, store: &Store) -> Result<()> {
        let mut there = Vec::new();
        for root in std::mem::take(&mut self.there) {
            let is_empty = std::fs::read_dir(&root).is_ok_and(|mut entries| entries.next().is_none());
            if is_empty && store.is_unmounted(&root)? {
                self.absent.push((root, Memory::NotMounted.text(session.lang).into_owned()));
            } else {
                there.push(root);
            }
        }
        self.there = there;
        Ok(())
    }
}

/// Leaves out what lies inside another of the sorted paths.
fn outermost(paths: &mut Vec<PathBuf>) {
    let mut last: Option<PathBuf> = None;
    paths.retain(|path| {
        let inside = last.as_ref().is_some_and(|last| path.starts_with(last));
        if !inside {
            last = Some(path.clone());
        }
        !inside
    });
}

/// The roots: named ones must be there, configured ones may be absent (and are then reported).
pub(crate) fn roots(session: &Session, args: &ArgMatches, config: &Config) -> Result<Roots> {
    let mut named: Vec<PathBuf> = args.get_many("root").into_iter().flatten().cloned().collect();
    if let Some(name) = args.get_one::<String>("set") {
        named.extend(scan::named_set(session, config, name)?);
    }
    let (mut there, mut absent) = (Vec::new(), Vec::new());
    if named.is_empty() {
        let mut configured: Vec<PathBuf> = config.sweep.roots.iter().map(|p| settings::expand(session, p)).collect();
        if configured.is_empty() {
            configured.extend(session.environment.home.clone());
        }
        for root in configured {
            match root.canonicalize() {
                Ok(root) => there.push(root),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                    absent.push((root, Memory::RootMissing.text(session.lang).into_owned()));
                }
                Err(e) => absent.push((root, Problem::from_io(&e).what)),
            }
        }
    } else {
        for root in named {
            there.push(root.canonicalize().map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => Error::MissingPath(root.clone()),
                _ => Error::Io { path: root.clone(), source: e },
            })?);
        }
    }
    if there.is_empty() && absent.is_empty() {
        return Err(Error::Usage(Memory::NoRoot.text(session.lang).into_owned()));
    }
    there.sort();
    outermost(&mut there);
    Ok(Roots { there, absent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_inside_another_is_walked_once() {
        let mut paths: Vec<PathBuf> = ["/a", "/a/b", "/a-b", "/c/d", "/c/d/e/f"].map(PathBuf::from).to_vec();
        paths.sort();
        outermost(&mut paths);
        assert_eq!(paths, ["/a", "/a-b", "/c/d"].map(PathBuf::from));
    }
}
