//! Cells of a sheet → rows of tab-separated text, each cell marked with its own name.
//!
//! Cells come in the order of rows and columns. Rows and cells that do not exist cost nothing.

use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

/// Empty cells before a cell that are written out, so that columns stand under their headers;
/// beyond that one tab separates.
const WIDEST_GAP: u32 = 256;

/// A sheet's rows under way.
pub(super) struct Table<'b, 'v> {
    blocks: &'b mut Blocks<'v>,
    sheet: String,
    /// The row under way, and the column after the last cell; both from 0.
    row: Option<u32>,
    next: u32,
    filled: u32,
}

impl<'b, 'v> Table<'b, 'v> {
    /// A sheet by its real name.
    pub(super) fn begin(blocks: &'b mut Blocks<'v>, sheet: &str) -> Result<Table<'b, 'v>, Problem> {
        blocks.finish()?;
        Ok(Table { blocks, sheet: sheet.to_owned(), row: None, next: 0, filled: 0 })
    }

    /// One cell with content; row and column count from 0.
    pub(super) fn cell(&mut self, row: u32, column: u32, text: &str) -> Result<(), Problem> {
        if text.is_empty() {
            return Ok(());
        }
        if self.row != Some(row) {
            self.end_row()?;
            self.row = Some(row);
        }
        let gap = column.saturating_sub(self.next);
        let gap = if gap > WIDEST_GAP { 0 } else { gap };
        let tabs = gap + u32::from(self.filled > 0);
        self.next = column.saturating_add(1);
        self.filled += 1;
        for _ in 0..tabs {
            self.blocks.push("\t")?;
        }
        self.blocks.part(cell_step(&self.sheet, row, column));
        // A line end within a cell is no end of the row.
        let text = text.trim();
        match text.contains(['\n', '\r', '\t']) {
            true => self.blocks.push(&text.replace(['\n', '\r', '\t'], " ")),
            false => self.blocks.push(text),
        }
    }

    /// What stands beside a cell: a comment, a formula, a link.
    pub(super) fn aside(&mut self, row: u32, column: u32, text: &str) -> Result<(), Problem> {
        self.blocks.aside(&cell_step(&self.sheet, row, column), text)
    }

    /// What stands beside the cells of the sheet.
    pub(super) fn sheet_aside(&mut self, text: &str) -> Result<(), Problem> {
        self.blocks.aside(&Step::Cell(self.sheet.as_str().into()), text)
    }

    /// Ends the sheet.
    pub(super) fn end(mut self) -> Result<(), Problem> {
        self.end_row()?;
        self.blocks.finish()
    }

    fn end_row(&mut self) -> Result<(), Problem> {
        self.blocks.line()?;
        (self.next, self.filled) = (0, 0);
        Ok(())
    }
}

/// `Sheet1!C7`; row and column count from 0.
pub(super) fn cell_step(sheet: &str, row: u32, column: u32) -> Step {
    Step::Cell(format!("{sheet}!{}{}", column_name(column), u64::from(row) + 1).into())
}

fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut n = u64::from(column) + 1;
    while n > 0 {
        n -= 1;
        letters.push(char::from(b'A' + (n % 26) as u8));
        n /= 26;
    }
    letters.iter().rev().collect()
}

/// Row and column, from 0, of a reference like `C7` or `$C$7` or the first of `C7:D9`.
pub(super) fn parse_reference(reference: &str) -> Option<(u32, u32)> {
    let first = reference.split(':').next()?;
    let mut column = 0u32;
    let mut row = 0u32;
    for b in first.bytes().filter(|&b| b != b'$') {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column.checked_mul(26)?.checked_add(u32::from(b.to_ascii_uppercase() - b'A') + 1)?;
            }
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(b - b'0'))?,
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_there_and_back() {
        for (row, column, name) in
            [(0, 0, "A1"), (6, 2, "C7"), (9, 25, "Z10"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(cell_step("s", row, column), Step::Cell(format!("s!{name}").into()));
            assert_eq!(parse_reference(name), Some((row, column)));
        }
        assert_eq!(parse_reference("$B$3:D9"), Some((2, 1)));
        for wrong in ["", "A", "7", "A0", "ZZZZZZZZZ1", "A99999999999"] {
            assert_eq!(parse_reference(wrong), None, "{wrong}");
        }
    }
}
