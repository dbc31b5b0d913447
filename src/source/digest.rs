//! The digest of a file's content that people can make themselves (`sha256sum`).

use std::io::Read as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::Body;

/// The SHA-256 of a file's content, in lower-case hexadecimal digits; `None` if it cannot be read.
pub fn sha256(path: &Path) -> Option<String> {
    let mut file = Body::Path(path.to_owned()).open().ok()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            n => hasher.update(&buffer[..n]),
        }
    }
}
