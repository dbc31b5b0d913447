//! Content with the commit that brought it: what a range of commits has introduced, or where
//! objects of the history come from in which something was found.
//!
//! Every blob comes once, under the first path it had, as of the oldest commit; sorted by path,
//! then age.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::changes::{Change, Commits, EXACT, Entry, SIMILAR, changes};
use super::message::{author, message};
use super::versions::Versions;
use super::{Counts, Git, Id, path_of};
use crate::chunk::{Origin, Revision};
use crate::error::{Error, Problem, ProblemKind, Result};
use crate::source::{Body, Item, Skipped, Source};

/// The path that a message is reported under.
const MESSAGE: &str = "(commit message)";
/// The folder that content is reported under to which nothing leads.
const UNREACHABLE: &str = "(unreachable)";

/// What is asked for.
#[derive(Debug)]
pub enum Extent<'e> {
    /// What commits have brought: new lines, or whole files.
    Range {
        /// Which commits.
        commits: Commits,
        /// Whole files.
        whole: bool,
    },
    /// These objects of all history, whole.
    Objects {
        /// Blobs.
        blobs: &'e HashSet<Id>,
        /// Commits and tags.
        messages: &'e HashSet<Id>,
        /// Every blob that the repository has: others that its commits name are missing.
        met: &'e HashSet<Id>,
        /// Every commit that the repository has.
        commits: &'e [Id],
    },
}

/// Content and messages, each with its commit, as a source.
#[derive(Debug)]
pub struct Introduced {
    items: std::vec::IntoIter<Introduction>,
    versions: Versions,
    counts: Counts,
    commits: u64,
    skipped: Skipped,
}

#[derive(Debug)]
struct Introduction {
    path: PathBuf,
    revision: Option<Arc<Revision>>,
    what: What,
}

#[derive(Debug)]
enum What {
    Blob { new: Id, old: Vec<Id> },
    Message(Id),
    Fault(Problem),
}

/// Lists what is asked for. A range that does not exist is an error; a history that cannot be
/// followed to its end is a problem of the source.
pub fn introduced(git: &Git, extent: &Extent<'_>) -> Result<Introduced> {
    let head = in_head(git);
    let (items, known, walked) = Default::default();
    let mut list = Listing { items, known, walked, head: &head, commits: 0, submodules: 0 };
    let whole = match extent {
        Extent::Range { commits, whole } => {
            if changes(git, commits, SIMILAR, &mut |revision, change| list.of_range(revision, change)).is_err() {
                // Once more, without comparing what a partial clone lacks.
                let (items, known, walked) = Default::default();
                list = Listing { items, known, walked, head: &head, commits: 0, submodules: 0 };
                changes(git, commits, EXACT, &mut |revision, change| list.of_range(revision, change))?;
            }
            list.tags(git, commits);
            *whole
        }
        Extent::Objects { blobs, messages, met, commits } => {
            let walk = |list: &mut Listing<'_>, commits: &Commits| {
                changes(git, commits, EXACT, &mut |revision, change| {
                    list.of_history(revision, change, blobs, messages, met)
                })
            };
            let walked = walk(&mut list, &Commits::All);
            let in_reach = list.commits;
            let lost: Vec<Id> = commits.iter().filter(|id| !list.walked.contains(id)).copied().collect();
            if !lost.is_empty() && list.misses(blobs, messages) {
                // Of what nothing leads to, parts may be gone; what then has no commit is reported
                // without one.
                let _ = walk(&mut list, &Commits::Unreachable(lost));
            }
            list.commits = in_reach;
            if let Err(Error::Git(what)) = walked {
                let problem = Problem::new(ProblemKind::Damaged, format!("git log: {what}"));
                list.items.push(Introduction { path: ".git".into(), revision: None, what: What::Fault(problem) });
            }
            list.leftover(git, blobs, messages);
            true
        }
    };
    let (mut items, commits, submodules) = (list.items, list.commits, list.submodules);
    // Stable: within a path the oldest stays first.
    items.sort_by(|a, b| a.path.cmp(&b.path));
    let skipped = Skipped { submodules, ..Skipped::default() };
    let versions = Versions::new(git, whole);
    Ok(Introduced { items: items.into_iter(), versions, counts: Counts::default(), commits, skipped })
}

impl Introduced {
    /// What has been handed out so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Commits that were listed.
    pub fn commits(&self) -> u64 {
        self.commits
    }
}

/// What is being put together.
struct Listing<'h> {
    items: Vec<Introduction>,
    known: HashSet<Id>,
    /// Commits that were listed.
    walked: HashSet<Id>,
    head: &'h HashSet<Id>,
    commits: u64,
    submodules: u64,
}

impl Listing<'_> {
    fn of_range(&mut self, revision: &Arc<Revision>, change: Option<Change>) {
        match change {
            None => {
                self.commits += 1;
                if let Some(id) = Id::from_hex(&revision.commit) {
                    self.message(id, Some(revision.clone()));
                }
            }
            Some(change) if change.kind == Entry::File => self.blob(revision, change),
            Some(_) => self.submodules += 1,
        }
    }

    fn of_history(
        &mut self,
        revision: &Arc<Revision>,
        change: Option<Change>,
        blobs: &HashSet<Id>,
        messages: &HashSet<Id>,
        met: &HashSet<Id>,
    ) {
        match change {
            None => {
                self.commits += 1;
                let Some(id) = Id::from_hex(&revision.commit) else { return };
                self.walked.insert(id);
                if messages.contains(&id) {
                    self.message(id, Some(revision.clone()));
                }
            }
            Some(change) if change.kind == Entry::File => {
                if blobs.contains(&change.new) {
                    self.blob(revision, Change { old: Vec::new(), ..change });
                } else if !met.contains(&change.new) && self.known.insert(change.new) {
                    let what = "the repository lacks this object (a partial clone, or damage)";
                    let what = What::Fault(Problem::new(ProblemKind::Vanished, what));
                    self.items.push(Introduction { path: change.path, revision: Some(revision.clone()), what });
                }
            }
            Some(_) => self.submodules += 1,
        }
    }

    /// Is anything still without a commit?
    fn misses(&self, blobs: &HashSet<Id>, messages: &HashSet<Id>) -> bool {
        blobs.iter().chain(messages).any(|id| !self.known.contains(id))
    }

    fn blob(&mut self, revision: &Arc<Revision>, change: Change) {
        if !self.known.insert(change.new) {
            return;
        }
        let mut revision = revision.clone();
        if self.head.contains(&change.new) {
            Arc::make_mut(&mut revision).in_head = true;
        }
        let what = What::Blob { new: change.new, old: change.old };
        self.items.push(Introduction { path: change.path, revision: Some(revision), what });
    }

    fn message(&mut self, id: Id, revision: Option<Arc<Revision>>) {
        if self.known.insert(id) {
            self.items.push(Introduction { path: MESSAGE.into(), revision, what: What::Message(id) });
        }
    }

    /// Tags that a range names as its ends: their messages are new too.
    fn tags(&mut self, git: &Git, commits: &Commits) {
        let Commits::Range(range) = commits else { return };
        let mut versions = Versions::new(git, true);
        for id in range.iter().filter_map(|argument| Id::from_hex(argument)) {
            if matches!(versions.batch.named(&id.to_string()), Ok(Some((kind, _))) if kind == "tag") {
                self.message(id, None);
            }
        }
    }

    /// Objects that no commit in sight has brought: staged, dangling, or only a tag's.
    fn leftover(&mut self, git: &Git, blobs: &HashSet<Id>, messages: &HashSet<Id>) {
        let mut left: Vec<Id> = blobs.iter().filter(|id| !self.known.contains(id)).copied().collect();
        left.sort();
        let staged = if left.is_empty() { HashMap::new() } else { staged(git) };
        for new in left {
            let path = staged.get(&new).cloned().unwrap_or_else(|| PathBuf::from(format!("{UNREACHABLE}/{new}")));
            self.items.push(Introduction { path, revision: None, what: What::Blob { new, old: Vec::new() } });
        }
        let mut left: Vec<Id> = messages.iter().filter(|id| !self.known.contains(id)).copied().collect();
        left.sort();
        left.into_iter().for_each(|id| self.message(id, None));
    }
}

impl Source for Introduced {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        for introduction in self.items.by_ref().take(most) {
            let Introduction { path, mut revision, what } = introduction;
            let body = match what {
                What::Fault(problem) => Body::Failed(problem),
                What::Blob { new, old } => {
                    let change = Change { path: path.clone(), kind: Entry::File, new, old };
                    let (body, lines) = self.versions.body(&change);
                    self.counts.files += 1;
                    self.counts.lines += lines;
                    body
                }
                What::Message(id) => match self.versions.object(id) {
                    Ok(Some(object)) => {
                        if revision.is_none() {
                            let (author, date) = author(&object).unwrap_or_default();
                            let own = Revision { commit: id.to_string(), author, date, in_head: false };
                            revision = Some(Arc::new(own));
                        }
                        Body::Bytes(message(&object).to_vec())
                    }
                    Ok(None) => Body::Failed(Problem::new(ProblemKind::Vanished, id.to_string())),
                    Err(problem) => Body::Failed(problem),
                },
            };
            let origin = match revision {
                Some(revision) => Origin::revised(path, revision),
                None => Origin::file(path),
            };
            items.push(Item { origin, body });
        }
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }
}

/// The blobs of the tree of `HEAD`; none where there is no commit yet.
fn in_head(git: &Git) -> HashSet<Id> {
    let tree = git.ask(&["ls-tree", "-r", "-z", "--full-tree", "HEAD"]).unwrap_or_default();
    // `MODE TYPE ID TAB PATH`
    let id =
        |entry: &[u8]| Id::from_hex(std::str::from_utf8(entry.split(|&b| b == b'\t').next()?).ok()?.split(' ').nth(2)?);
    tree.split(|&b| b == 0).filter_map(id).collect()
}

/// The blobs of the index and their paths.
fn staged(git: &Git) -> HashMap<Id, PathBuf> {
    let list = git.ask(&["ls-files", "-s", "-z", "--full-name", ":/"]).unwrap_or_default();
    // `MODE ID STAGE TAB PATH`
    let entry = |entry: &[u8]| {
        let tab = entry.iter().position(|&b| b == b'\t')?;
        let id = Id::from_hex(std::str::from_utf8(&entry[..tab]).ok()?.split(' ').nth(1)?)?;
        Some((id, path_of(&entry[tab + 1..])))
    };
    list.split(|&b| b == 0).filter_map(entry).collect()
}
