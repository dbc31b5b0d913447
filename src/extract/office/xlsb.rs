//! Binary workbooks (xlsb, MS-XLSB): records of the sheets, texts and formats → the same rows as of
//! an xlsx.
//!
//! Only the records that hold text, numbers or formats; all others are passed over by length.

use std::io::Read;

use super::package;
use super::table::Table;
use super::workbook::{Strings, Styles, Workbook};
use super::worksheet::Shared;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

/// Longest record that is kept, in bytes.
const LONGEST: usize = 1 << 20;
/// Shared texts kept in memory, in bytes.
const MOST_TEXT: usize = 96 << 20;

// Record types, MS-XLSB §2.3.2.
const ROW: u32 = 0;
const CELL_RK: u32 = 2;
const CELL_REAL: u32 = 5;
const CELL_TEXT: u32 = 6;
const CELL_SHARED: u32 = 7;
const FORMULA_TEXT: u32 = 8;
const FORMULA_NUMBER: u32 = 9;
const SHARED_ITEM: u32 = 19;
const FORMAT: u32 = 44;
const CELL_STYLE: u32 = 47;
const WORKBOOK: u32 = 153;
const SHEET: u32 = 156;
const LINK: u32 = 494;
const CELL_STYLES: u32 = 617;
const CELL_STYLES_END: u32 = 618;
const CELL_RICH_TEXT: u32 = 62;

/// Calls `each` with the type and content of every record.
fn records(content: &mut dyn Read, mut each: impl FnMut(u32, &[u8]) -> Result<(), Problem>) -> Result<(), Problem> {
    let mut content = std::io::BufReader::with_capacity(32 << 10, content);
    let mut data = Vec::new();
    while let Some(kind) = number(&mut content, 2)? {
        let Some(length) = number(&mut content, 4)? else { return Err(damaged()) };
        let (kept, rest) = ((length as usize).min(LONGEST), (length as usize).saturating_sub(LONGEST));
        data.clear();
        let read = (&mut content).take(kept as u64).read_to_end(&mut data).map_err(|e| package::problem(&e))?;
        let passed = std::io::copy(&mut (&mut content).take(rest as u64), &mut std::io::sink())
            .map_err(|e| package::problem(&e))?;
        if read < kept || passed < rest as u64 {
            return Err(damaged());
        }
        each(kind, &data)?;
    }
    Ok(())
}

/// A number of up to `most` bytes with seven bits each; `None` at the end.
fn number(content: &mut impl Read, most: u32) -> Result<Option<u32>, Problem> {
    let mut value = 0;
    for i in 0..most {
        let mut byte = [0];
        if content.read(&mut byte).map_err(|e| package::problem(&e))? == 0 {
            return if i == 0 { Ok(None) } else { Err(damaged()) };
        }
        value |= u32::from(byte[0] & 0x7F) << (7 * i);
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(value))
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "xlsb")
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// A text with its length in characters before it, and where it ends.
fn text_at(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = u32_at(data, at)? as usize;
    let begin = at + 4;
    let end = begin.checked_add(length.checked_mul(2)?)?.min(data.len());
    Some((encoding_rs::UTF_16LE.decode_without_bom_handling(data.get(begin..end)?).0.into_owned(), end))
}

/// A number in 30 bits (MS-XLSB §2.5.122, MS-XLS §2.5.217).
pub(super) fn rk(raw: u32) -> f64 {
    let value = match raw & 2 {
        0 => f64::from_bits(u64::from(raw & !3) << 32),
        _ => f64::from((raw as i32) >> 2),
    };
    if raw & 1 == 1 { value / 100.0 } else { value }
}

/// Reads workbook.bin.
pub(super) fn workbook(content: &mut dyn Read) -> Result<Workbook, Problem> {
    let mut book = Workbook::default();
    records(content, |kind, data| {
        match kind {
            WORKBOOK => book.since_1904 = data.first().is_some_and(|flags| flags & 1 == 1),
            SHEET => {
                let sheet = text_at(data, 8).and_then(|(id, end)| Some((text_at(data, end)?.0, id)));
                book.sheets.extend(sheet);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(book)
}

/// Reads sharedStrings.bin.
pub(super) fn strings(blocks: &mut Blocks<'_>, content: &mut dyn Read) -> Result<Strings, Problem> {
    let mut strings = Strings::default();
    records(content, |kind, data| {
        if kind != SHARED_ITEM {
            return Ok(());
        }
        let text = text_at(data, 1).map(|(text, _)| text).unwrap_or_default();
        if strings.bytes() < MOST_TEXT {
            strings.add(&text);
            return Ok(());
        }
        blocks.aside(&Step::Member("shared strings".into()), &text)
    })?;
    Ok(strings)
}

/// Reads styles.bin.
pub(super) fn styles(content: &mut dyn Read) -> Result<Styles, Problem> {
    let mut styles = Styles::default();
    let mut cells = false;
    records(content, |kind, data| {
        match kind {
            FORMAT => {
                let id = data.get(..2).map(|b| u32::from(u16::from_le_bytes([b[0], b[1]])));
                if let (Some(id), Some((code, _))) = (id, text_at(data, 2)) {
                    styles.add_format(id, &code);
                }
            }
            CELL_STYLES => cells = true,
            CELL_STYLES_END => cells = false,
            CELL_STYLE if cells => {
                styles.add_cell(data.get(2..4).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]]))));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(styles)
}

/// Reads a sheet to its end; `name` is its real name.
pub(super) fn read(
    blocks: &mut Blocks<'_>,
    name: &str,
    shared: &mut Shared,
    content: &mut dyn Read,
) -> Result<(), Problem> {
    let mut table = Table::begin(blocks, name)?;
    let mut row = 0;
    let done = records(content, |kind, data| {
        let number = match kind {
            ROW => {
                row = u32_at(data, 0).unwrap_or(row);
                return Ok(());
            }
            LINK => {
                // The range, then the relation, the place, the tip and the shown text.
                let mut at = 16;
                while let Some((text, end)) = text_at(data, at) {
                    table.sheet_aside(&text)?;
                    at = end.max(at + 4);
                }
                return Ok(());
            }
            CELL_RK => u32_at(data, 8).map(rk),
            CELL_REAL | FORMULA_NUMBER => f64_at(data, 8),
            CELL_TEXT | FORMULA_TEXT | CELL_SHARED | CELL_RICH_TEXT => None,
            _ => return Ok(()),
        };
        let (Some(column), Some(style)) = (u32_at(data, 0), u32_at(data, 4)) else { return Ok(()) };
        if let Some(number) = number {
            let text = shared.styles.show((style & 0xFF_FFFF) as usize, number, shared.since_1904);
            return table.cell(row, column, &text);
        }
        match kind {
            CELL_SHARED => match u32_at(data, 8).and_then(|index| shared.strings.get(index as usize)) {
                Some((text, again)) if !again || text.len() <= super::worksheet::LONG => table.cell(row, column, text),
                _ => Ok(()),
            },
            _ => {
                let at = if kind == CELL_RICH_TEXT { 9 } else { 8 };
                table.cell(row, column, &text_at(data, at).map(|(text, _)| text).unwrap_or_default())
            }
        }
    });
    table.end()?;
    done
}
