//! Files below the paths that a user named, in byte-wise order of their paths.
//!
//! Everything is listed by default: hidden, ignored by git, binary. Links are never followed
//! out of a root; special files are never opened.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::directory::{Entries, Kind};
use super::exclusions::SIGNATURE;
use super::ignored::Ignored;
use super::{Body, Directory, Exclusions, Item, Skipped, Source};
use crate::chunk::Origin;
use crate::error::{Error, Problem, ProblemKind, Result};

/// What to pass over.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Pass over names that begin with a dot.
    pub skip_hidden: bool,
    /// Pass over what `.gitignore` and `.ignore` files name.
    pub respect_ignore: bool,
    /// Follow links whose target is inside the root.
    pub follow: bool,
    /// Pass over what these name.
    pub exclude: Option<Arc<Exclusions>>,
}

/// Directories within each other; each holds a file descriptor while it is walked.
const DEEPEST: usize = 400;

/// A walk over roots.
#[derive(Debug)]
pub struct Files {
    options: Options,
    roots: std::vec::IntoIter<PathBuf>,
    /// The root that is being walked, as the system knows it; set where links are followed.
    root: Option<PathBuf>,
    stack: Vec<Frame>,
    skipped: Skipped,
}

#[derive(Debug)]
struct Frame {
    directory: Arc<Directory>,
    path: PathBuf,
    entries: Entries,
    next: usize,
    ignored: Option<Arc<Ignored>>,
}

impl Files {
    /// A walk over the given files and folders. Fails if one of them does not exist.
    pub fn new(roots: Vec<PathBuf>, options: Options) -> Result<Files> {
        for root in &roots {
            if let Err(e) = std::fs::metadata(root) {
                return Err(match e.kind() {
                    std::io::ErrorKind::NotFound => Error::MissingPath(root.clone()),
                    _ => Error::Io { path: root.clone(), source: e },
                });
            }
        }
        let roots = roots.into_iter();
        Ok(Files { options, roots, root: None, stack: Vec::new(), skipped: Skipped::default() })
    }

    fn begin(&mut self, root: PathBuf, items: &mut Vec<Item>) {
        let kind = std::fs::metadata(&root).map(|data| data.file_type());
        match kind {
            Ok(kind) if kind.is_dir() => {
                self.root = self.options.follow.then(|| root.canonicalize().unwrap_or_else(|_| root.clone()));
                let ignored = self.options.respect_ignore.then(|| Ignored::root(&root));
                match Directory::open(&root) {
                    Ok(directory) => self.enter(directory, root, ignored, items),
                    Err(e) => items.push(failed(root, Problem::from_io(&e))),
                }
            }
            Ok(kind) if kind.is_file() => {
                items.push(Item { origin: Origin::file(root.as_path()), body: Body::Path(root) });
            }
            Ok(_) => items.push(failed(root, Problem::new(ProblemKind::Unreadable, "not a regular file"))),
            Err(e) => items.push(failed(root, Problem::from_io(&e))),
        }
    }

    fn enter(&mut self, directory: Directory, path: PathBuf, ignored: Option<Arc<Ignored>>, items: &mut Vec<Item>) {
        if self.stack.len() >= DEEPEST {
            let what = format!("folders within each other > {DEEPEST}");
            return items.push(failed(path, Problem::new(ProblemKind::Limit, what)));
        }
        match directory.entries() {
            Ok(entries) if self.is_cache(&directory, &entries) => self.skipped.excluded += 1,
            Ok(entries) => {
                let ignored = ignored.map(|parent| Ignored::below(parent, &path));
                self.stack.push(Frame { directory: Arc::new(directory), path, entries, next: 0, ignored });
            }
            Err(e) => items.push(failed(path, Problem::from_io(&e))),
        }
    }

    /// Does a folder below a root mark itself as a cache that is excluded?
    fn is_cache(&self, directory: &Directory, entries: &Entries) -> bool {
        let Some(exclude) = &self.options.exclude else { return false };
        let marked = exclude.tags().iter().find(|tag| {
            let mut head = [0; SIGNATURE.len()];
            !self.stack.is_empty()
                && entries.has_file(tag.as_bytes())
                && directory.open_file(OsStr::new(tag)).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
                && head == SIGNATURE
        });
        marked.inspect(|tag| exclude.tagged(tag)).is_some()
    }

    fn visit(&mut self, name: &OsStr, kind: Kind, items: &mut Vec<Item>) {
        let Some(frame) = self.stack.last() else { return };
        if self.options.skip_hidden && name.as_encoded_bytes().first() == Some(&b'.') {
            self.skipped.hidden += 1;
            return;
        }
        let path = join(&frame.path, name);
        if frame.ignored.as_ref().is_some_and(|i| i.matches(&path, kind == Kind::Directory)) {
            self.skipped.ignored += 1;
            return;
        }
        if self.options.exclude.as_ref().is_some_and(|e| e.covers(&path, kind == Kind::Directory)) {
            self.skipped.excluded += 1;
            return;
        }
        match kind {
            Kind::File => {
                let body = Body::Entry(frame.directory.clone(), name.to_owned());
                items.push(Item { origin: Origin::file(path), body });
            }
            Kind::Directory => match frame.directory.open_directory(name) {
                Ok(directory) if directory.is_made_up(&frame.directory) => self.skipped.special += 1,
                Ok(directory) => {
                    let ignored = frame.ignored.clone();
                    self.enter(directory, path, ignored, items);
                }
                Err(e) => items.push(failed(path, Problem::from_io(&e))),
            },
            Kind::Link if self.options.follow => self.follow(path, items),
            Kind::Link => self.skipped.links += 1,
            Kind::Special => self.skipped.special += 1,
        }
    }

    /// A link: its target if that lies inside the root and does not lead back to where we are.
    fn follow(&mut self, path: PathBuf, items: &mut Vec<Item>) {
        let target = match path.canonicalize() {
            Ok(target) => target,
            Err(e) => {
                let what = format!("symbolic link: {}", Problem::from_io(&e).what);
                return items.push(failed(path, Problem::new(ProblemKind::Unreadable, what)));
            }
        };
        let inside = self.root.as_ref().is_some_and(|root| target.starts_with(root));
        let ancestor = path.parent().and_then(|p| p.canonicalize().ok()).is_some_and(|p| p.starts_with(&target));
        if !inside || ancestor {
            self.skipped.links += 1;
        } else if target.is_dir() {
            match Directory::open(&target) {
                Ok(directory) => {
                    let ignored = self.stack.last().and_then(|frame| frame.ignored.clone());
                    self.enter(directory, path, ignored, items);
                }
                Err(e) => items.push(failed(path, Problem::from_io(&e))),
            }
        } else {
            items.push(Item { origin: Origin::file(path), body: Body::Path(target) });
        }
    }
}

impl Source for Files {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        let most = items.len() + most;
        while items.len() < most {
            match self.stack.last_mut() {
                Some(frame) => match frame.entries.get(frame.next) {
                    Some((name, kind)) => {
                        frame.next += 1;
                        self.visit(&name, kind, items);
                    }
                    None => {
                        self.stack.pop();
                    }
                },
                None => match self.roots.next() {
                    Some(root) => self.begin(root, items),
                    None => return,
                },
            }
        }
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }
}

/// `.` stands for names without it, as one would type them.
fn join(folder: &Path, name: &OsStr) -> PathBuf {
    if folder.as_os_str() == "." { PathBuf::from(name) } else { folder.join(name) }
}

fn failed(path: PathBuf, problem: Problem) -> Item {
    Item { origin: Origin::file(path), body: Body::Failed(problem) }
}
