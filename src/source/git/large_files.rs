//! Git LFS: a blob that only points to a large file → that file, where it is at hand.
//!
//! Format: git-lfs, docs/spec.md. Nothing is fetched.

use std::path::PathBuf;

use super::{Git, path_of};
use crate::error::{Problem, ProblemKind};
use crate::source::Body;

const VERSION: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// Pointers are shorter than this, in bytes.
const LONGEST: usize = 1024;

/// The SHA-256 that a pointer names, in hexadecimal digits.
pub(super) fn pointer(blob: &[u8]) -> Option<&str> {
    if blob.len() >= LONGEST || !blob.starts_with(VERSION) {
        return None;
    }
    let text = std::str::from_utf8(blob).ok()?;
    let hash = text.lines().find_map(|line| line.strip_prefix("oid sha256:"))?;
    (hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then_some(hash)
}

/// The large files of a repository.
#[derive(Debug)]
pub(super) struct LargeFiles {
    git: Git,
    folder: Option<PathBuf>,
}

impl LargeFiles {
    pub(super) fn new(git: &Git) -> LargeFiles {
        LargeFiles { git: git.clone(), folder: None }
    }

    /// The file that a pointer stands for, or why it cannot be looked at.
    pub(super) fn body(&mut self, hash: &str) -> Body {
        let folder = match &self.folder {
            Some(folder) => folder.clone(),
            None => self.find(),
        };
        let path = folder.join("objects").join(&hash[..2]).join(&hash[2..4]).join(hash);
        self.folder = Some(folder);
        if path.is_file() {
            return Body::Path(path);
        }
        let what = format!("the large file {}… is not here (git lfs fetch --all)", &hash[..12]);
        Body::Failed(Problem::new(ProblemKind::Unreadable, what))
    }

    fn find(&self) -> PathBuf {
        let common = self.git.common_folder().unwrap_or_default();
        match self.git.ask(&["config", "--type=path", "lfs.storage"]) {
            Ok(named) if !named.is_empty() => common.join(path_of(&named)),
            _ => common.join("lfs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_names_a_hash() {
        let hash = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        let text = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize 12345\n");
        assert_eq!(pointer(text.as_bytes()), Some(hash));
        assert_eq!(pointer(text.replace("4d7a", "../.").as_bytes()), None);
        assert_eq!(pointer(b"version https://git-lfs.github.com/spec/v1\n"), None);
    }
}
