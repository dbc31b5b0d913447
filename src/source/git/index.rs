//! What is staged: blobs of the index, never the work tree.
//!
//! In the middle of a merge only what none of its sides has is new.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::changes::{Change, Entry, differences};
use super::program::Stream;
use super::versions::Versions;
use super::{Git, Id, path_of};
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
    /// Lists what is staged. `whole`: whole files, not only new lines. `named`: the repository's
    /// own folder, if the environment names it (`GIT_DIR`). `settings`: the path of the
    /// repository's own settings, which are read at the same time.
    pub fn staged(git: &Git, whole: bool, named: Option<&Path>, settings: &str) -> Result<Index> {
        let mut versions = Versions::new(git, whole);
        let renames = if whole { "--no-renames" } else { "--find-renames" };
        let list = |against: Option<&str>| -> Result<Stream> {
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
        // Side by side: each of the programs takes most of its time to start.
        let mut head = list(None)?;
        let settings = format!(":{settings}");
        versions.batch.start(&settings);
        let raw = head.rest()?;
        if let Err(e) = head.finish() {
            // Outside of a repository `git diff` is another command, whose complaint misleads.
            git.ask(&["rev-parse", "--git-dir"])?;
            return Err(e);
        }
        let settings = versions.batch.named(&settings).map_err(|problem| Error::Git(problem.what))?;
        let settings = settings.filter(|(kind, _)| kind == "blob").map(|(_, bytes)| bytes);
        let mut changes = differences(&raw);
        for side in merge_heads(git, named) {
            let mut stream = list(Some(&side))?;
            let other = stream.rest()?;
            stream.finish()?;
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

/// The commits that are being merged into `HEAD`, if any. Found without asking git: nearly every
/// commit is none.
fn merge_heads(git: &Git, named: Option<&Path>) -> Vec<String> {
    let Some(folder) = named.map(Path::to_owned).or_else(|| own_folder(git.folder())) else { return Vec::new() };
    let heads = std::fs::read_to_string(folder.join("MERGE_HEAD")).unwrap_or_default();
    heads.lines().filter(|line| Id::from_hex(line).is_some()).map(str::to_owned).collect()
}

/// The folder that a work tree keeps its index in: `.git` of the nearest folder upwards, or what
/// that file names.
fn own_folder(folder: &Path) -> Option<PathBuf> {
    let full = folder.canonicalize().ok()?;
    let git = full.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    if git.is_dir() {
        return Some(git);
    }
    let text = std::fs::read(&git).ok()?;
    Some(git.parent()?.join(path_of(text.strip_prefix(b"gitdir: ")?.trim_ascii_end())))
}
