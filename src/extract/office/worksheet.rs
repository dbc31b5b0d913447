//! One sheet of a workbook (OOXML): its XML → rows of cells, links, formulas, comments.
//!
//! ECMA-376 part 1 §18.3 (worksheet), §18.7 (comments). Cells come as they stand in the file;
//! none that is not there is made up.

use std::io::Read;

use super::number;
use super::package;
use super::prose::is_telling;
use super::table::{Table, cell_step, parse_reference};
use super::workbook::{Strings, Styles};
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;
use crate::extract::xml::{Event, Tag, Xml};

/// A shared text longer than this, in bytes, is written out at its first cell only: a small file
/// could name one long text a million times.
pub(super) const LONG: usize = 1 << 10;
/// Longest text of a cell; Excel's own bound is 32 767 characters.
const LONGEST_CELL: usize = 1 << 20;

/// What all sheets of a workbook share.
pub(super) struct Shared {
    pub(super) strings: Strings,
    pub(super) styles: Styles,
    pub(super) since_1904: bool,
}

/// The cell under way.
#[derive(Default)]
struct Cell {
    row: u32,
    column: u32,
    style: usize,
    kind: Kind,
    value: String,
    formula: String,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Nothing,
    Value,
    Formula,
    /// Text outside of cells: headers and footers, rules of validation.
    Other,
}

/// Reads a sheet to its end; `name` is its real name.
pub(super) fn read(
    blocks: &mut Blocks<'_>,
    name: &str,
    shared: &mut Shared,
    xml: &mut Xml<impl Read>,
) -> Result<(), Problem> {
    let mut table = Table::begin(blocks, name)?;
    let done = events(&mut table, shared, xml);
    table.end()?;
    done
}

fn events(table: &mut Table<'_, '_>, shared: &mut Shared, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
    let mut cell = Cell::default();
    let mut row = 0u32;
    let mut column = 0u32;
    let mut in_cell = false;
    let mut phonetic = false;
    let mut inside = Inside::Nothing;
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => return Ok(()),
            Event::Open(tag) => match tag.name {
                "row" => {
                    row = tag.get("r").and_then(|r| r.parse::<u32>().ok()).map_or(row.saturating_add(1), |r| r);
                    column = 0;
                }
                "c" => {
                    let stated = tag.get("r").and_then(|r| parse_reference(&r));
                    (cell.row, cell.column) = stated.unwrap_or((row.saturating_sub(1), column));
                    column = cell.column.saturating_add(1);
                    cell.begin(&tag);
                    in_cell = !tag.empty;
                }
                "v" | "t" if in_cell && !phonetic => inside = if tag.empty { inside } else { Inside::Value },
                "f" if in_cell => inside = if tag.empty { inside } else { Inside::Formula },
                "rPh" => phonetic = !tag.empty,
                _ if in_cell => {}
                _ => {
                    inside = if tag.empty { inside } else { Inside::Other };
                    beside(table, &tag)?;
                }
            },
            Event::Text(text) => match inside {
                Inside::Value if cell.value.len() < LONGEST_CELL => cell.value.push_str(text),
                Inside::Formula if cell.formula.len() < LONGEST_CELL => cell.formula.push_str(text),
                Inside::Other => table.sheet_aside(text)?,
                _ => {}
            },
            Event::Close(name) => {
                inside = Inside::Nothing;
                match name {
                    "c" if in_cell => {
                        in_cell = false;
                        end(table, shared, &cell)?;
                    }
                    "rPh" => phonetic = false,
                    _ => {}
                }
            }
            Event::Aside(_) => {}
        }
    }
}

impl Cell {
    fn begin(&mut self, tag: &Tag<'_>) {
        self.style = tag.get("s").and_then(|s| s.parse().ok()).unwrap_or(0);
        self.kind = match tag.get("t").as_deref() {
            Some("s") => Kind::Shared,
            None | Some("n") => Kind::Number,
            Some(_) => Kind::Text,
        };
        self.value.clear();
        self.formula.clear();
    }
}

fn end(table: &mut Table<'_, '_>, shared: &mut Shared, cell: &Cell) -> Result<(), Problem> {
    let (row, column) = (cell.row, cell.column);
    // A formula's result is the cell's text; what is written out in the formula stands beside.
    if cell.formula.contains('"') || cell.formula.contains("//") {
        table.aside(row, column, &cell.formula)?;
    }
    match cell.kind {
        Kind::Text => table.cell(row, column, &cell.value),
        Kind::Shared => {
            let index = cell.value.trim().parse().unwrap_or(usize::MAX);
            match shared.strings.get(index) {
                Some((text, again)) if !again || text.len() <= LONG => table.cell(row, column, text),
                _ => Ok(()),
            }
        }
        Kind::Number => match number::parse(&cell.value) {
            Some(value) => table.cell(row, column, &shared.styles.show(cell.style, value, shared.since_1904)),
            None => table.cell(row, column, &cell.value),
        },
    }
}

/// An element of the sheet that is no cell: a link, a rule, a header.
fn beside(table: &mut Table<'_, '_>, tag: &Tag<'_>) -> Result<(), Problem> {
    let place = tag.get("ref").or_else(|| tag.get("sqref")).and_then(|r| parse_reference(&r));
    for (name, value) in tag.attributes() {
        if !is_telling(tag.name, name, &value) {
            continue;
        }
        match place {
            Some((row, column)) => table.aside(row, column, &value)?,
            None => table.sheet_aside(&value)?,
        }
    }
    Ok(())
}

/// Reads the comments of a sheet, each at its cell; notes and threaded comments alike.
pub(super) fn read_comments(blocks: &mut Blocks<'_>, sheet: &str, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
    let mut reading = false;
    let mut author = false;
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => break,
            Event::Open(tag) => {
                if let Some((row, column)) = tag.get("ref").and_then(|r| parse_reference(&r)) {
                    blocks.line()?;
                    blocks.part(cell_step(sheet, row, column));
                }
                reading |= matches!(tag.name, "t" | "text") && !tag.empty;
                author = tag.name == "author" && !tag.empty;
            }
            Event::Close("t" | "text") => reading = false,
            Event::Text(text) if reading => blocks.push(text)?,
            Event::Text(text) if author => blocks.aside(&Step::Cell(sheet.into()), text)?,
            _ => {}
        }
    }
    blocks.line()?;
    blocks.finish()
}
