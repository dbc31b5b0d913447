//! A row's content, read on through its overflow pages
//! (<https://www.sqlite.org/fileformat2.html>, §1.6 and §2.1).

use std::io::{self, Read};

use super::page::{Pages, damaged, four, varint};
use crate::error::Problem;

/// The longest list of columns that is taken, in bytes: 32 767 columns of nine.
const MOST_TYPES: u64 = 300_000;

/// The bytes of a row: on its page, then on pages of its own.
pub(super) struct Payload<'p> {
    pages: &'p Pages<'p>,
    here: &'p [u8],
    /// The overflow page under way and what of it has been read.
    page: Vec<u8>,
    used: usize,
    next: u32,
    left: u64,
}

impl<'p> Payload<'p> {
    /// The payload of `length` bytes that begins at an offset of a page's bytes.
    pub(super) fn new(
        pages: &'p Pages<'_>,
        bytes: &'p [u8],
        at: usize,
        length: u64,
        table: bool,
    ) -> Option<Payload<'p>> {
        let usable = pages.usable as u64;
        let least = (usable - 12) * 32 / 255 - 23;
        let most = if table { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        let local = if length <= most {
            length
        } else {
            let fitting = least + (length - least) % (usable - 4);
            if fitting <= most { fitting } else { least }
        };
        let end = at + usize::try_from(local).ok()?;
        let next = if local < length { four(bytes, end)? } else { 0 };
        let here = bytes.get(at..end)?;
        Some(Payload { pages, here, page: Vec::new(), used: 0, next, left: length })
    }

    /// The types of the row's values.
    pub(super) fn types(&mut self) -> Result<Vec<u64>, Problem> {
        let mut bytes = Vec::new();
        let read = |payload: &mut Self, bytes: &mut Vec<u8>, n: u64| {
            payload.take(n).read_to_end(bytes).map_err(|e| Problem::from_io(&e))
        };
        let (length, mut at) = loop {
            if read(self, &mut bytes, 1)? == 0 {
                return Err(damaged());
            }
            if let Some(found) = varint(&bytes, 0) {
                break found;
            }
        };
        let rest = length.checked_sub(at as u64).filter(|_| length <= MOST_TYPES).ok_or_else(damaged)?;
        if read(self, &mut bytes, rest)? as u64 != rest {
            return Err(damaged());
        }
        let mut types = Vec::new();
        while at < bytes.len() {
            let (kind, end) = varint(&bytes, at).ok_or_else(damaged)?;
            types.push(kind);
            at = end;
        }
        Ok(types)
    }
}

impl Read for Payload<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        if !self.here.is_empty() {
            let n = buffer.len().min(self.here.len());
            buffer[..n].copy_from_slice(&self.here[..n]);
            self.here = &self.here[n..];
            self.left -= n as u64;
            return Ok(n);
        }
        if self.used >= self.page.len() {
            if !self.pages.first_time(self.next) {
                return Err(damaged().into());
            }
            self.page = self.pages.bytes(self.next)?;
            self.page.truncate(self.pages.usable);
            self.next = four(&self.page, 0).ok_or_else(damaged)?;
            self.used = 4;
        }
        let rest = &self.page[self.used..];
        let n = buffer.len().min(rest.len()).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if n == 0 {
            return Err(damaged().into());
        }
        buffer[..n].copy_from_slice(&rest[..n]);
        self.used += n;
        self.left -= n as u64;
        Ok(n)
    }
}

/// Bytes of a value of this type.
pub(super) fn length(kind: u64) -> u64 {
    match kind {
        0 | 8 | 9 => 0,
        1..=4 => kind,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => 0,
        _ => (kind - 12) / 2,
    }
}

/// The digits of a number of this type; empty for everything else.
pub(super) fn number(kind: u64, bytes: &[u8]) -> String {
    let negative = bytes.first().is_some_and(|&b| b >= 0x80);
    let start = if negative { -1 } else { 0 };
    let whole = bytes.iter().take(8).fold(start, |n: i64, &b| n << 8 | i64::from(b));
    match kind {
        1..=6 => whole.to_string(),
        7 => f64::from_bits(whole as u64).to_string(),
        8 => "0".to_owned(),
        9 => "1".to_owned(),
        _ => String::new(),
    }
}
