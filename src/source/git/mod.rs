//! Git repositories: what is staged, what a range of commits brought, all of history.
//!
//! Git itself is asked where it decides (what differs, which commits there are); objects in
//! bulk are read from packs directly. Nothing of a repository is ever run: no hook, filter, text
//! conversion, signature program or file-system monitor of its configuration, no fetch.

mod batch;
mod changes;
mod delta;
mod history;
mod id;
mod index;
mod large_files;
mod layout;
mod loose;
mod message;
mod pack;
mod pack_index;
mod program;
mod revisions;
mod store;
mod versions;

pub use changes::Commits;
pub use history::{Objects, Outline};
pub use id::Id;
pub use index::{Counts, Index};
pub use layout::Named;
pub use loose::is_loose;
pub use program::Git;
pub use revisions::{Extent, Introduced, introduced};

/// Blobs longer than this are streamed and not kept in memory.
const LARGE: u64 = 16 << 20;

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::path::PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    std::path::PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
