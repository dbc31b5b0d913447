//! Ciphers and keys of encrypted documents: encrypted bytes, the parameters beside them and
//! passwords in; plain bytes out.
//!
//! Knows no document's structure. Everything that is decrypted stays in memory. How often a
//! password is hashed is for the file to say, so [`Effort`] bounds the work over all passwords.

mod agile;
mod block;
mod effort;
mod hash;
mod opendocument;
mod package;
mod rc4;
mod standard;
mod stream;
mod xor;

use block::{Aes, unpad};
use effort::Effort;
pub(super) use hash::Hash;
pub(super) use opendocument::{Cipher, Derivation, Encryption, Keys, Rounds};
pub(super) use package::Package;
use rc4::Rc4;
pub(super) use stream::StreamKey;
pub(super) use xor::Obfuscation;

use super::Visit;
use crate::error::{Problem, ProblemKind};

/// The password with which Excel itself encrypts what is only protected against changes: anyone
/// may read that.
const EXCELS_OWN: &str = "VelvetSweatshop";

/// What the first password that fits makes; `format` names what stays shut else. A password does
/// not fit where `open` returns nothing.
pub(super) fn first_that_fits<T>(
    format: &str,
    visit: &mut dyn Visit,
    mut open: impl FnMut(&str) -> Result<Option<T>, Problem>,
) -> Result<T, Problem> {
    if let Some(opened) = open(EXCELS_OWN)? {
        return Ok(opened);
    }
    for password in visit.passwords() {
        if let Some(opened) = open(&password)? {
            return Ok(opened);
        }
    }
    Err(Problem::new(ProblemKind::Encrypted, format))
}

/// A password as Office hashes it.
fn utf16(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Little-endian, four bytes.
fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
