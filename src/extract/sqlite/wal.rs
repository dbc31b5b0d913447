//! A database file as its write-ahead log makes it
//! (<https://www.sqlite.org/fileformat2.html>, §4).
//!
//! The newest committed copy of each page in the log stands in for the file's own. Nothing is
//! written back.

use std::collections::HashMap;
use std::io;

use crate::extract::ReadAt;
use crate::extract::section::read_full;

/// Bytes of the log's header, and of a frame's.
const HEADER: u64 = 32;
const FRAME: u64 = 24;

/// A file, with pages of a log laid over it.
pub(super) struct Overlay<'a> {
    file: &'a dyn ReadAt,
    log: Option<&'a dyn ReadAt>,
    /// Bytes of a page.
    page: u64,
    /// Where in the log the newest copy of a page begins, by number from 0.
    newest: HashMap<u64, u64>,
    size: u64,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(file: &'a dyn ReadAt, log: Option<&'a dyn ReadAt>) -> Overlay<'a> {
        let mut overlay = Overlay { file, log, page: 0, newest: HashMap::new(), size: file.size() };
        if let Some(log) = log {
            overlay.read_log(log);
        }
        overlay
    }

    fn read_log(&mut self, log: &dyn ReadAt) {
        let mut header = [0; HEADER as usize];
        if !matches!(read_full(log, &mut header, 0), Ok(32)) || header[..3] != [0x37, 0x7f, 0x06] {
            return;
        }
        let four =
            |bytes: &[u8], at: usize| bytes.get(at..at + 4).map_or(0, |b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
        let page = u64::from(four(&header, 8));
        if !page.is_power_of_two() || !(512..=65536).contains(&page) {
            return;
        }
        self.page = page;
        let mut open = Vec::new();
        let mut frame = [0; FRAME as usize];
        let mut at = HEADER;
        while at + FRAME + page <= log.size() && matches!(read_full(log, &mut frame, at), Ok(24)) {
            // Another salt: a frame that an earlier round has left behind.
            if frame[8..16] != header[16..24] {
                break;
            }
            open.push((u64::from(four(&frame, 0)).saturating_sub(1), at + FRAME));
            let pages = u64::from(four(&frame, 4));
            if pages > 0 {
                self.newest.extend(open.drain(..));
                self.size = pages * page;
            }
            at += FRAME + page;
        }
    }
}

impl ReadAt for Overlay<'_> {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let (Some(log), true) = (self.log, self.page > 0) else { return self.file.read_at(buffer, at) };
        let within = at % self.page;
        let most = usize::try_from(self.page - within).unwrap_or(usize::MAX).min(buffer.len());
        match self.newest.get(&(at / self.page)) {
            Some(place) => log.read_at(&mut buffer[..most], place + within),
            None => self.file.read_at(&mut buffer[..most], at),
        }
    }

    fn size(&self) -> u64 {
        self.size
    }
}
