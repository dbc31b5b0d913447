//! What no table holds: deleted rows, free pages, indexes, remains of the past.
//!
//! The pages of a file in order in, the bytes of them that no row was read from out.

use std::io::{self, Read};

use super::page::{Node, Pages, two};
use crate::text::Encoding;

/// The bytes outside of tables.
pub(super) struct Slack<'p> {
    pages: &'p Pages<'p>,
    number: u32,
    /// What is ready to be read.
    out: Vec<u8>,
    used: usize,
}

impl<'p> Slack<'p> {
    pub(super) fn new(pages: &'p Pages<'_>) -> Slack<'p> {
        Slack { pages, number: 0, out: Vec::new(), used: 0 }
    }

    /// The bytes of the next page that belong to no row.
    fn next(&mut self) -> io::Result<()> {
        self.number += 1;
        self.used = 0;
        let bytes = self.pages.bytes(self.number)?;
        if !self.pages.is_seen(self.number) {
            self.out = bytes;
            return Ok(());
        }
        self.out.clear();
        // The rest of a row's last overflow page is mostly zeros and is not looked for.
        let Some(node) = Node::of(self.number, bytes) else { return Ok(()) };
        let content = two(&node.bytes, node.at + 5).map_or(0, usize::from);
        let gap = node.bytes.get(node.array_end()..content).unwrap_or_default();
        if gap.iter().any(|&b| b != 0) {
            self.out.extend_from_slice(gap);
            self.out.push(b'\n');
        }
        // Blocks of deleted rows: the next one, the size, what is left of the row.
        let mut free = two(&node.bytes, node.at + 1).map_or(0, usize::from);
        while let (Some(next), Some(size)) = (two(&node.bytes, free), two(&node.bytes, free + 2)) {
            if free == 0 {
                break;
            }
            self.out.extend_from_slice(node.bytes.get(free + 4..free + usize::from(size)).unwrap_or_default());
            self.out.push(b'\n');
            // They stand in order, so that this ends.
            if usize::from(next) <= free {
                break;
            }
            free = usize::from(next);
        }
        Ok(())
    }
}

impl Read for Slack<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.out.len() && self.number < self.pages.count {
            self.next()?;
        }
        let n = buffer.len().min(self.out.len() - self.used);
        // Lengths and types stand right before texts: what cannot be of a text divides them.
        if self.pages.encoding == Encoding::Utf8 {
            let control = |b: &&mut u8| matches!(**b, 0..=8 | 11 | 12 | 14..=26 | 28..=31);
            self.out[self.used..self.used + n].iter_mut().filter(control).for_each(|b| *b = b'\n');
        }
        buffer[..n].copy_from_slice(&self.out[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}
