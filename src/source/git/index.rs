//! What is staged: blobs of the index, never the work tree.
//!
//! In the middle of a merge only what none of its sides has is new.

use std::collections::HashMap;
use std::path::PathBuf;

use super::changes::{Change, EXACT, Entry, SIMILAR, differences};
use super::layout::{Layout, Named};
use super::program::Stream;
use super::versions::Versions;
use super::{Git, Id};
use crate::chunk::Origin;
use crate::error::{Error, Problem, ProblemKind, Result};
use crate::source::{Body, Item, Skipped, Source};

/// What a source of changes has handed out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files with new content.
    pub files: u64,
    /// New lines in them.
    pub lines: u64,
}

/// The staged changes of a repository, sorted by path.
#[derive(Debug)]
pub struct Index {
    changes: std::vec::IntoIter<Change>,
    versions: Versions,
    counts: Counts,
    skipped: Skipped,
    paths: Vec<PathBuf>,
    settings: Option<Vec<u8>>,
}

impl Index {
    /// Lists what is staged. `whole`: whole files, not only new lines. `named`: what the
    /// environment names. `settings`: the path of the repository's own settings, which are read at
    /// the same time.
    pub fn staged(git: &Git, whole: bool, named: Named<'_>, settings: &str) -> Result<Index> {
        let layout = Layout::find(git.folder(), named);
        let mut versions = Versions::new(git, whole);
        versions.batch.read_loose(layout.as_ref().map(Layout::objects));
        let list = |against: Option<&str>, renames: &str| -> Result<Stream> {
            let mut command = git.command();
            command.args(["diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv"]);
            command.args([
                "--no-color",
                "-O/dev/null",
                "--no-relative",
                "--ignore-submodules=dirty",
                "--diff-filter=ACMRTU",
                renames,
            ]);
            git.stream(command.args(against).arg("--"))
        };
        // What a partial clone lacks cannot be compared; then only what is equal counts as moved.
        let all = |mut listing: Stream, against: Option<&str>| -> Result<Vec<u8>> {
            let raw = listing.rest()?;
            if listing.finish().is_ok() {
                return Ok(raw);
            }
            let mut listing = list(against, EXACT)?;
            let raw = listing.rest()?;
            listing.finish().map(|()| raw)
        };
        let renames = if whole { "--no-renames" } else { SIMILAR };
        // Side by side: each of the programs takes most of its time to start, and reads the whole
        // index if it has to name something in it.
        let head = list(None, renames)?;
        let settings = layout.as_ref().is_none_or(|layout| !layout.lacks(settings)).then(|| format!(":{settings}"));
        versions.batch.start(settings.as_deref());
        let raw = match all(head, None) {
            Ok(raw) => raw,
            Err(e) => {
                // Outside of a repository `git diff` is another command, whose complaint misleads.
                git.ask(&["rev-parse", "--git-dir"])?;
                return Err(e);
            }
        };
        let settings = match settings {
            Some(settings) => versions.batch.named(&settings).map_err(|problem| Error::Git(problem.what))?,
            None => None,
        };
        let settings = settings.filter(|(kind, _)| kind == "blob").map(|(_, bytes)| bytes);
        let mut changes = differences(&raw);
        for side in layout.map(|layout| layout.merge_heads()).unwrap_or_default() {
            let other = all(list(Some(&side), renames)?, Some(&side))?;
            let other: HashMap<PathBuf, Vec<Id>> =
                differences(&other).into_iter().map(|change| (change.path, change.old)).collect();
            changes.retain_mut(|change| match other.get(&change.path) {
                Some(old) => {
                    change.old.extend(old);
                    true
                }
                None => change.kind == Entry::Unmerged,
            });
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        changes.dedup_by(|a, b| a.path == b.path && a.kind == Entry::Unmerged);
        let mut skipped = Skipped::default();
        changes.retain(|change| {
            skipped.submodules += u64::from(change.kind == Entry::Submodule);
            change.kind != Entry::Submodule
        });
        let paths = changes.iter().map(|change| change.path.clone()).collect();
        Ok(Index { changes: changes.into_iter(), versions, counts: Counts::default(), skipped, paths, settings })
    }

    /// Paths that are staged, from the top of the work tree.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The repository's own settings as they are staged, if there are any.
    pub fn settings(&self) -> Option<&[u8]> {
        self.settings.as_deref()
    }

    /// What has been handed out so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// A file as it is staged (changed or not); `None` if there is none.
    pub fn file(&mut self, path: &str) -> std::result::Result<Option<Vec<u8>>, Problem> {
        Ok(self.versions.batch.named(&format!(":{path}"))?.filter(|(kind, _)| kind == "blob").map(|(_, bytes)| bytes))
    }
}

impl Source for Index {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        for change in self.changes.by_ref().take(most) {
            let (body, lines) = match change.kind {
                Entry::Unmerged => {
                    let what = "both sides of a merge have changed it (git add it when it is settled)";
                    (Body::Failed(Problem::new(ProblemKind::Unreadable, what)), 0)
                }
                _ => self.versions.body(&change),
            };
            self.counts.files += 1;
            self.counts.lines += lines;
            items.push(Item { origin: Origin::file(change.path), body });
        }
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }
}
