//! Which of the passwords opens an entry.

use std::io;

use flate2::Decompress;

use super::super::ReadAt;
use super::super::section::Section;
use super::entry;
use super::header::Entry;
use crate::chunk::Limits;

/// The passwords to try, as bytes: programs in Japan encoded them in CP932 for long.
pub(super) struct Passwords {
    all: Vec<Vec<u8>>,
    /// Tries that are left: one takes up to a millisecond, so an archive gets some seconds.
    tries: u32,
}

const TRIES: u32 = 10_000;

/// Bytes of content that are unpacked to tell whether a password is right. The check in the
/// header lets one wrong password in 256 pass, and one in 65 536 for AES.
const TRIAL: u64 = 1 << 20;

impl Passwords {
    pub(super) fn new(passwords: &[String]) -> Passwords {
        let mut all: Vec<Vec<u8>> = Vec::new();
        for password in passwords {
            let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(password);
            all.push(password.as_bytes().to_vec());
            if !lost && cp932 != password.as_bytes() {
                all.push(cp932.into_owned());
            }
        }
        Passwords { all, tries: TRIES }
    }

    /// The password of an entry. One that has opened another is tried first.
    pub(super) fn find(&mut self, file: &dyn ReadAt, entry: &Entry, until: u64, limits: &Limits) -> Option<Vec<u8>> {
        let mut buffer = Vec::new();
        let mut inflate = Decompress::new(false);
        let most = usize::try_from(self.tries).unwrap_or(usize::MAX);
        let right = self.all.iter().take(most).position(|password| {
            self.tries -= 1;
            let packed = Section::new(file, &mut buffer, entry.data, until);
            entry::open(entry, packed, &mut inflate, Some(password), limits)
                .is_ok_and(|content| io::copy(&mut io::Read::take(content, TRIAL), &mut io::sink()).is_ok())
        })?;
        self.all[..=right].rotate_right(1);
        self.all.first().cloned()
    }
}
