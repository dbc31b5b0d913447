//! A [`Source`] of what has arrived: single files, and folders to look through.
//!
//! Files that have the name of something unfinished are put aside for [`super::Watch::hold`];
//! what is gone again by now was somebody's temporary file and is passed over.

use std::collections::btree_set;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Changes, is_unfinished};
use crate::chunk::Origin;
use crate::error::Result;
use crate::source::{Body, Directory, Files, Item, Options, Skipped, Source};

/// See the module.
#[derive(Debug)]
pub struct Arrivals {
    files: btree_set::IntoIter<PathBuf>,
    folders: Files,
    own: Vec<PathBuf>,
    unfinished: Vec<PathBuf>,
    skipped: Skipped,
    /// The folder of the last file: those of a burst often share one.
    open: Option<(PathBuf, Arc<Directory>)>,
}

impl Arrivals {
    /// The files and folders of some changes; `walk` says what a walk passes over, `own` what is
    /// never looked at because we write it ourselves.
    pub fn new(changes: Changes, walk: Options, own: &[PathBuf]) -> Result<Arrivals> {
        let Changes { mut files, folders, .. } = changes;
        files.retain(|file| !folders.iter().any(|folder| file.starts_with(folder)));
        let folders: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.exists()).collect();
        let folders = Files::new(folders, walk)?;
        let (unfinished, skipped) = (Vec::new(), Skipped::default());
        Ok(Arrivals { files: files.into_iter(), folders, own: own.to_vec(), unfinished, skipped, open: None })
    }

    /// Files that were met but are not finished.
    pub fn unfinished(self) -> Vec<PathBuf> {
        self.unfinished
    }

    fn is_own(&self, path: &Path) -> bool {
        self.own.iter().any(|own| path.starts_with(own))
    }

    fn file(&mut self, path: PathBuf) -> Option<Item> {
        if self.is_own(&path) {
            return None;
        }
        let kind = std::fs::symlink_metadata(&path).ok()?.file_type();
        if !kind.is_file() {
            self.skipped.links += u64::from(kind.is_symlink());
            self.skipped.special += u64::from(!kind.is_symlink() && !kind.is_dir());
            return None;
        }
        let body = self.body(&path);
        Some(Item { origin: Origin::file(path), body })
    }

    /// Opened relative to its folder, a file cannot be exchanged for a link meanwhile.
    fn body(&mut self, path: &Path) -> Body {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Body::Path(path.to_owned()) };
        if self.open.as_ref().is_none_or(|(open, _)| open != folder) {
            self.open = Directory::open(folder).ok().map(|directory| (folder.to_owned(), Arc::new(directory)));
        }
        match &self.open {
            Some((_, directory)) => Body::Entry(directory.clone(), name.to_owned()),
            None => Body::Path(path.to_owned()),
        }
    }
}

impl Source for Arrivals {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        let end = items.len() + most;
        while items.len() < end {
            let Some(path) = self.files.next() else { break };
            items.extend(self.file(path));
        }
        let mut walked = Vec::new();
        while items.len() < end {
            self.folders.next(&mut walked, end - items.len());
            if walked.is_empty() {
                return;
            }
            for item in walked.drain(..) {
                if self.is_own(&item.origin.path) {
                    continue;
                }
                if is_unfinished(&item.origin.path) && matches!(item.body, Body::Entry(..)) {
                    self.unfinished.push(item.origin.path.to_path_buf());
                } else {
                    items.push(item);
                }
            }
        }
    }

    fn skipped(&self) -> Skipped {
        let mut skipped = self.folders.skipped();
        skipped.links += self.skipped.links;
        skipped.special += self.skipped.special;
        skipped
    }
}
