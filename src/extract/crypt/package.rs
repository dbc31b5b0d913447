//! The zip package of an encrypted OOXML document (MS-OFFCRYPTO §2.3.4): `EncryptionInfo` and
//! `EncryptedPackage` in, the package as a stream out.

use std::io::{self, Read};

use super::agile::Agile;
use super::standard::Standard;
use super::{Aes, Effort, first_that_fits};
use crate::error::{Problem, ProblemKind};
use crate::extract::Visit;
use crate::extract::part::fill;

/// Bytes that are chained to each other in agile encryption.
const SEGMENT: usize = 4096;

/// A package whose key is known.
pub(in crate::extract) struct Package<R> {
    source: R,
    aes: Aes,
    /// `None`: every block by itself.
    agile: Option<Agile>,
    /// Bytes of the plain package that have not been read from the source.
    left: u64,
    segment: u32,
    plain: Vec<u8>,
    used: usize,
}

impl<R: Read> Package<R> {
    /// Finds the key; `source` is the encrypted package with its length.
    pub(in crate::extract) fn open(info: &[u8], mut source: R, visit: &mut dyn Visit) -> Result<Package<R>, Problem> {
        let (aes, agile) = key(info, visit)?;
        let mut length = [0; 8];
        source.read_exact(&mut length).map_err(|_| damaged())?;
        let left = u64::from_le_bytes(length);
        Ok(Package { source, aes, agile, left, segment: 0, plain: Vec::new(), used: 0 })
    }

    /// Decrypts the next segment; none at the end.
    fn next(&mut self) -> Result<(), Problem> {
        self.used = 0;
        self.plain.resize(SEGMENT, 0);
        let n = if self.left == 0 { 0 } else { fill(&mut self.source, &mut self.plain)? };
        match &self.agile {
            Some(agile) => self.aes.decrypt_chained(&mut agile.begin(self.segment), &mut self.plain[..n]),
            None => self.aes.decrypt(&mut self.plain[..n]),
        }
        let wanted = self.left.min(SEGMENT as u64);
        // What is not a whole block was not decrypted.
        self.plain.truncate(wanted.min(n as u64 & !15) as usize);
        if (self.plain.len() as u64) < wanted {
            return Err(damaged());
        }
        self.left -= wanted;
        self.segment = self.segment.wrapping_add(1);
        Ok(())
    }
}

impl<R: Read> Read for Package<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == self.plain.len() {
            self.next()?;
        }
        let n = buffer.len().min(self.plain.len() - self.used);
        buffer[..n].copy_from_slice(&self.plain[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}

fn key(info: &[u8], visit: &mut dyn Visit) -> Result<(Aes, Option<Agile>), Problem> {
    let mut effort = Effort::new();
    match *info {
        [4, 0, 4, 0, _, _, _, _, ref xml @ ..] => {
            let agile = Agile::read(xml)?;
            let aes = first_that_fits("office", visit, |password| agile.key(password, &mut effort))?;
            Ok((aes, Some(agile)))
        }
        [2..=4, 0, 2, 0, ref rest @ ..] => {
            let standard = Standard::read(rest)?;
            Ok((first_that_fits("office", visit, |password| standard.key(password, &mut effort))?, None))
        }
        [3 | 4, 0, 3, 0, ..] => Err(Problem::new(ProblemKind::Unsupported, "office (extensible encryption)")),
        _ => Err(damaged()),
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "office encryption")
}
