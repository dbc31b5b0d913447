//! Where a repository keeps its own files, found without asking git: each git process takes
//! longer than the hook has to look at a few lines.
//!
//! A folder in a work tree → paths, and the little that can be said for sure by looking at them.
//! In doubt the answer is that git has to be asked.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Id, path_of};

/// What the environment names instead of the usual places (`GIT_DIR`, `GIT_INDEX_FILE`).
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// The repository's own folder.
    pub folder: Option<&'a Path>,
    /// The index.
    pub index: Option<&'a Path>,
}

/// The files of one work tree.
#[derive(Debug)]
pub(super) struct Layout {
    /// The work tree's own part: index, merge heads.
    folder: PathBuf,
    index: PathBuf,
}

/// Bytes of the index that are searched at a time.
const PIECE: usize = 1 << 20;

impl Layout {
    /// The repository that `folder` belongs to.
    pub(super) fn find(folder: &Path, named: Named<'_>) -> Option<Layout> {
        let own = match named.folder {
            Some(named) => folder.join(named),
            None => own_folder(folder)?,
        };
        let index = named.index.map_or_else(|| own.join("index"), |index| folder.join(index));
        Some(Layout { folder: own, index })
    }

    /// Where objects lie that are all of the repository's work trees'.
    pub(super) fn objects(&self) -> PathBuf {
        let common = std::fs::read(self.folder.join("commondir")).ok();
        let common = common.map(|path| self.folder.join(path_of(path.trim_ascii_end())));
        common.unwrap_or_else(|| self.folder.clone()).join("objects")
    }

    /// The commits that are being merged into `HEAD`, if any.
    pub(super) fn merge_heads(&self) -> Vec<String> {
        let heads = std::fs::read_to_string(self.folder.join("MERGE_HEAD")).unwrap_or_default();
        heads.lines().filter(|line| Id::from_hex(line).is_some()).map(str::to_owned).collect()
    }

    /// Is there certainly no entry of this name at the top of the index? Paths stand in it as they
    /// are (gitformat-index) but for version 4, which shortens them, and for a split index, which
    /// keeps most of them in another file.
    pub(super) fn lacks(&self, name: &str) -> bool {
        let splits = |folder: &Path| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.file_name()).any(|name| name.as_encoded_bytes().starts_with(b"sharedindex."))
        };
        if self.index.parent().is_none_or(splits) || splits(&self.folder) {
            return false;
        }
        match File::open(&self.index) {
            Ok(file) => lacks(file, &[name.as_bytes(), &[0]].concat()).unwrap_or(false),
            // Nothing was ever staged.
            Err(e) => e.kind() == std::io::ErrorKind::NotFound,
        }
    }
}

fn lacks(mut index: File, name: &[u8]) -> std::io::Result<bool> {
    let mut head = [0; 8];
    index.read_exact(&mut head)?;
    if !matches!(&head, b"DIRC\0\0\0\x02" | b"DIRC\0\0\0\x03") {
        return Ok(false);
    }
    let mut piece = Vec::with_capacity(PIECE + name.len());
    loop {
        if index.by_ref().take(PIECE as u64).read_to_end(&mut piece)? == 0 {
            return Ok(true);
        }
        if memchr::memmem::find(&piece, name).is_some() {
            return Ok(false);
        }
        // It may lie across the border.
        piece.drain(..piece.len().saturating_sub(name.len() - 1));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_index_that_tells_is_believed() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("index");
        let lacks = |bytes: &[u8], name: &str| {
            std::fs::write(&path, bytes).expect("index");
            lacks(File::open(&path).expect("index"), name.as_bytes()).unwrap_or(false)
        };
        let filled = |version: u8, size: usize, rest: &str| {
            [&b"DIRC\0\0\0"[..], &[version], &vec![b'x'; size], rest.as_bytes(), &[b'y'; 40]].concat()
        };
        assert!(lacks(&filled(2, 9, ""), "a.toml\0") && lacks(&filled(3, PIECE, "a.tom\0"), "a.toml\0"));
        for at in PIECE - 20..PIECE + 20 {
            assert!(!lacks(&filled(2, at, "a.toml\0"), "a.toml\0"), "{at}");
        }
        assert!(!lacks(&filled(4, 9, ""), "a.toml\0") && !lacks(b"", "a") && !lacks(b"DIRC", "a"));
    }
}
