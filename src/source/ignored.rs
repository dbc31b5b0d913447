//! What git would ignore, asked for by `--respect-ignore` only.
//!
//! One matcher a folder that has an ignore file, chained to its parents'; the nearest file that
//! has an opinion decides, as in git.

use std::path::Path;
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The ignore rules that hold in a folder.
#[derive(Debug)]
pub(super) struct Ignored {
    own: Option<Gitignore>,
    parent: Option<Arc<Ignored>>,
}

impl Ignored {
    /// The rules that hold in a root because of the folders above it, up to the repository's
    /// own, and because of `.git/info/exclude` and the user's global file.
    pub(super) fn root(root: &Path) -> Arc<Ignored> {
        let (global, _) = Gitignore::global();
        let mut rules = Arc::new(Ignored { own: Some(global), parent: None });
        let full = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let above: Vec<&Path> = full.ancestors().skip(1).collect();
        let top = above.iter().position(|folder| folder.join(".git").exists());
        for folder in above[..top.map_or(0, |top| top + 1)].iter().rev() {
            rules = Ignored::below(rules, folder);
        }
        rules
    }

    /// The rules of a folder: its parent's and its own files'.
    pub(super) fn below(parent: Arc<Ignored>, folder: &Path) -> Arc<Ignored> {
        let mut builder = GitignoreBuilder::new(folder);
        let mut any = false;
        for name in [".git/info/exclude", ".gitignore", ".ignore"] {
            let file = folder.join(name);
            // A broken line in such a file is git's concern; the lines that make sense hold.
            any |= file.is_file() && builder.add(file).is_none_or(|e| e.is_partial());
        }
        match any.then(|| builder.build().ok()).flatten() {
            Some(own) => Arc::new(Ignored { own: Some(own), parent: Some(parent) }),
            None => parent,
        }
    }

    /// Would git ignore it?
    pub(super) fn matches(&self, path: &Path, is_directory: bool) -> bool {
        let own = self.own.as_ref().map_or(Match::None, |own| own.matched(path, is_directory).map(|_| ()));
        match own {
            Match::Ignore(()) => true,
            Match::Whitelist(()) => false,
            Match::None => self.parent.as_ref().is_some_and(|parent| parent.matches(path, is_directory)),
        }
    }
}
