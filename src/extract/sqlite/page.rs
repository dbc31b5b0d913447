//! Pages of a database file, and the walk through a b-tree
//! (<https://www.sqlite.org/fileformat2.html>, §1.5–1.6).
//!
//! Page numbers in, cells out. No page is given twice: a tree that bites its own tail ends.

use std::cell::RefCell;

use super::payload::Payload;
use crate::error::{Problem, ProblemKind};
use crate::extract::ReadAt;
use crate::extract::section::read_full;
use crate::text::Encoding;

/// Bytes of the header that stands before the first page's own.
const FILE_HEADER: usize = 100;

/// What every broken place of the format amounts to.
pub(super) fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "sqlite")
}

/// A database file.
pub(super) struct Pages<'a> {
    file: &'a dyn ReadAt,
    /// Bytes of a page, and those of them that are used.
    pub(super) size: usize,
    pub(super) usable: usize,
    /// Pages that the file has room for.
    pub(super) count: u32,
    /// How its texts are stored.
    pub(super) encoding: Encoding,
    /// Pages that a table was read from.
    seen: RefCell<Vec<bool>>,
}

impl<'a> Pages<'a> {
    pub(super) fn open(file: &'a dyn ReadAt) -> Result<Pages<'a>, Problem> {
        let mut header = [0; FILE_HEADER];
        let read = read_full(file, &mut header, 0).map_err(|e| Problem::from_io(&e))?;
        let size = match usize::from(u16::from_be_bytes([header[16], header[17]])) {
            1 => 65536,
            size => size,
        };
        if read < FILE_HEADER || !size.is_power_of_two() || size < 512 {
            return Err(damaged());
        }
        let usable = size - usize::from(header[20]);
        let count = u32::try_from(file.size().div_ceil(size as u64)).map_err(|_| damaged())?;
        let encoding = match header[59] {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        let seen = RefCell::new(vec![false; count as usize + 1]);
        if usable < 480 { Err(damaged()) } else { Ok(Pages { file, size, usable, count, encoding, seen }) }
    }

    /// Marks a page as read; `false` if it was, or is none.
    pub(super) fn first_time(&self, number: u32) -> bool {
        let mut seen = self.seen.borrow_mut();
        match seen.get_mut(number as usize) {
            Some(seen) if number > 0 => !std::mem::replace(seen, true),
            _ => false,
        }
    }

    pub(super) fn is_seen(&self, number: u32) -> bool {
        self.seen.borrow().get(number as usize).copied().unwrap_or(true)
    }

    /// A page's bytes; fewer only at the end of a cut file.
    pub(super) fn bytes(&self, number: u32) -> Result<Vec<u8>, Problem> {
        let mut bytes = vec![0; self.size];
        let at = u64::from(number).saturating_sub(1) * self.size as u64;
        let read = read_full(self.file, &mut bytes, at).map_err(|e| Problem::from_io(&e))?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// A page of a b-tree.
pub(super) struct Node {
    pub(super) bytes: Vec<u8>,
    /// Where its own header begins.
    pub(super) at: usize,
    kind: u8,
    cells: usize,
}

impl Node {
    /// The node that a page is.
    pub(super) fn of(number: u32, bytes: Vec<u8>) -> Option<Node> {
        let at = if number == 1 { FILE_HEADER } else { 0 };
        let kind = *bytes.get(at)?;
        let cells = usize::from(two(&bytes, at + 3)?);
        matches!(kind, 2 | 5 | 10 | 13).then_some(Node { bytes, at, kind, cells })
    }

    fn is_interior(&self) -> bool {
        self.kind < 8
    }

    /// Is it of a tree whose key is a row's number?
    fn is_table(&self) -> bool {
        matches!(self.kind, 5 | 13)
    }

    /// Where the offsets of its cells end.
    pub(super) fn array_end(&self) -> usize {
        self.at + if self.is_interior() { 12 } else { 8 } + 2 * self.cells
    }

    fn cell(&self, index: usize) -> Option<usize> {
        let array = self.at + if self.is_interior() { 12 } else { 8 };
        two(&self.bytes, array + 2 * index).map(usize::from)
    }
}

/// A row: its number, where its table has them, and its content.
pub(super) struct Row<'p> {
    pub(super) id: Option<i64>,
    pub(super) payload: Payload<'p>,
}

/// Gives every row of the tree at this page. What is broken is passed over; `Ok(false)` says that
/// something was. `row` says whether to go on.
pub(super) fn walk(
    pages: &Pages<'_>,
    root: u32,
    row: &mut dyn FnMut(Row<'_>) -> std::io::Result<bool>,
) -> std::io::Result<bool> {
    let mut whole = true;
    let mut stack: Vec<(Node, usize)> = Vec::new();
    let mut next = Some(root);
    loop {
        if let Some(number) = next.take() {
            let node = pages.first_time(number).then(|| pages.bytes(number).ok().and_then(|b| Node::of(number, b)));
            match node.flatten() {
                Some(node) => stack.push((node, 0)),
                None => whole = false,
            }
        }
        let Some((node, index)) = stack.last_mut() else { return Ok(whole) };
        let at = *index;
        *index += 1;
        if at > node.cells || at == node.cells && !node.is_interior() {
            stack.pop();
            continue;
        }
        if at == node.cells {
            next = four(&node.bytes, node.at + 8);
            continue;
        }
        let Some(mut place) = node.cell(at) else {
            whole = false;
            stack.pop();
            continue;
        };
        if node.is_interior() {
            next = four(&node.bytes, place);
            place += 4;
            if node.is_table() {
                continue;
            }
        }
        let id = if node.is_table() {
            varint_pair(&node.bytes, place)
        } else {
            varint(&node.bytes, place).map(|(n, at)| (n, None, at))
        };
        let payload = id.and_then(|(length, id, at)| {
            let payload = Payload::new(pages, &node.bytes, at, length, node.is_table())?;
            Some(Row { id, payload })
        });
        match payload {
            Some(found) => whole &= row(found)?,
            None => whole = false,
        }
    }
}

/// Gives the row with this number of the table at this page, if there is one.
pub(super) fn find_row(
    pages: &Pages<'_>,
    root: u32,
    wanted: i64,
    row: &mut dyn FnMut(Row<'_>) -> std::io::Result<bool>,
) -> std::io::Result<()> {
    let mut number = root;
    // No page is read twice, so this ends.
    while pages.first_time(number) {
        let Some(node) = Node::of(number, pages.bytes(number)?).filter(Node::is_table) else { return Ok(()) };
        let mut next = if node.is_interior() { four(&node.bytes, node.at + 8) } else { None };
        for cell in (0..node.cells).map_while(|i| node.cell(i)) {
            if node.is_interior() {
                // The largest number below its left child stands behind it.
                match varint(&node.bytes, cell + 4) {
                    Some((key, _)) if wanted > key as i64 => {}
                    _ => {
                        next = four(&node.bytes, cell);
                        break;
                    }
                }
            } else if let Some((length, Some(id), at)) = varint_pair(&node.bytes, cell)
                && id == wanted
                && let Some(payload) = Payload::new(pages, &node.bytes, at, length, true)
            {
                return row(Row { id: Some(id), payload }).map(|_| ());
            }
        }
        match next {
            Some(page) => number = page,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// Length of the payload, row number, where the payload begins.
fn varint_pair(bytes: &[u8], at: usize) -> Option<(u64, Option<i64>, usize)> {
    let (length, at) = varint(bytes, at)?;
    let (id, at) = varint(bytes, at)?;
    Some((length, Some(id as i64), at))
}

/// A number of one to nine bytes, and where it ends.
pub(super) fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for i in 0..9 {
        let byte = *bytes.get(at + i)?;
        if i == 8 {
            return Some((value << 8 | u64::from(byte), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7F);
        if byte < 0x80 {
            return Some((value, at + i + 1));
        }
    }
    None
}

pub(super) fn two(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]]))
}

pub(super) fn four(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}
