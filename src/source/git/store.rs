//! Where a repository keeps its objects: its own folder and those it borrows from (alternates),
//! each with packs and loose objects. Every object is visited once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::pack::{Kind, Pack, Visit};
use super::{Id, loose, path_of};
use crate::error::{Problem, ProblemKind};

/// Alternates of alternates that are followed; git stops there too.
const DEEPEST: usize = 5;

/// The folders of a repository's objects.
pub(super) struct Store {
    folders: Vec<PathBuf>,
    hash: usize,
}

impl Store {
    /// The store at `objects`, whose ids have `hash` bytes. Borrowed folders that are not there
    /// are problems.
    pub(super) fn open(objects: PathBuf, hash: usize, problem: &mut dyn FnMut(PathBuf, Problem)) -> Store {
        let mut store = Store { folders: Vec::new(), hash };
        store.add(objects, 0, problem);
        store
    }

    fn add(&mut self, folder: PathBuf, depth: usize, problem: &mut dyn FnMut(PathBuf, Problem)) {
        let folder = match folder.canonicalize() {
            Ok(folder) => folder,
            Err(e) => return problem(folder, Problem::from_io(&e)),
        };
        if self.folders.contains(&folder) {
            return;
        }
        let alternates = std::fs::read(folder.join("info/alternates")).unwrap_or_default();
        let borrowed = alternates.split(|&b| b == b'\n').filter(|line| !line.is_empty() && line[0] != b'#');
        let borrowed: Vec<PathBuf> = borrowed.map(|line| folder.join(path_of(line))).collect();
        self.folders.push(folder);
        for folder in borrowed {
            if depth == DEEPEST {
                problem(folder, Problem::new(ProblemKind::Limit, format!("alternates > {DEEPEST}")));
            } else {
                self.add(folder, depth + 1, problem);
            }
        }
    }

    /// Visits every object but trees, once each; what is wrong with a pack as a whole is told to
    /// `problem`. Returns the ids met.
    pub(super) fn walk(&self, visit: Visit<'_>, problem: &mut dyn FnMut(PathBuf, Problem)) -> HashSet<Id> {
        let mut met: HashSet<Id> = HashSet::new();
        let mut once = |id: Id, kind: Kind, content| !met.insert(id) || visit(id, kind, content);
        for folder in &self.folders {
            for index in packs(folder) {
                match Pack::open(&index, self.hash) {
                    Ok(pack) => {
                        if !pack.walk(&mut once) {
                            return met;
                        }
                    }
                    Err(what) => problem(index.with_extension("pack"), what),
                }
            }
        }
        for folder in &self.folders {
            if !loose::walk(folder, &mut once) {
                break;
            }
        }
        met
    }
}

/// The indexes of a folder's packs, in order of name; a pack without index is named too.
fn packs(objects: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(objects.join("pack")) else { return Vec::new() };
    let mut indexes: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "idx" || e == "pack"))
        .map(|path| path.with_extension("idx"))
        .collect();
    indexes.sort();
    indexes.dedup();
    indexes
}
