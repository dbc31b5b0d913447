//! Excel 5–2003 (MS-XLS, BIFF5 and BIFF8): records of the workbook stream → rows of cells, as of an
//! xlsx.
//!
//! Shared texts, labels, numbers and formulas' last results, comments, links, headers. All other
//! records are passed over by length.

use std::collections::HashMap;

use super::bytes::{f64_at, u16_at, u32_at, utf16};
use super::carve;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;
use crate::extract::office::codepage;
use crate::extract::office::table::Table;
use crate::extract::office::workbook::{Strings, Styles};
use crate::extract::office::worksheet::LONG;
use crate::extract::office::xlsb::rk;

// Record types, MS-XLS §2.3.
const FORMULA: u16 = 0x06;
const END: u16 = 0x0A;
const HEADER: u16 = 0x14;
const FOOTER: u16 = 0x15;
const NAME: u16 = 0x18;
const NOTE: u16 = 0x1C;
const DATE_MODE: u16 = 0x22;
const FILE_PASS: u16 = 0x2F;
const CONTINUE: u16 = 0x3C;
const CODE_PAGE: u16 = 0x42;
const OBJECT: u16 = 0x5D;
const SHEET: u16 = 0x85;
const MULTIPLE_RK: u16 = 0xBD;
const RICH_STRING: u16 = 0xD6;
const STYLE_OF_CELLS: u16 = 0xE0;
const SHARED_STRINGS: u16 = 0xFC;
const LABEL_SHARED: u16 = 0xFD;
const TEXT_OBJECT: u16 = 0x1B6;
const LINK: u16 = 0x1B8;
const NUMBER: u16 = 0x203;
const LABEL: u16 = 0x204;
const STRING: u16 = 0x207;
const RK: u16 = 0x27E;
const FORMAT: u16 = 0x41E;
const BEGIN: u16 = 0x809;

/// A record with the ones that continue it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// Records of a stream from an offset on; ends at the first that is cut.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn one(&self) -> Option<(u16, &'a [u8])> {
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        Some((u16_at(self.stream, self.at)?, self.stream.get(self.at + 4..self.at + 4 + length)?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.one()?;
        self.at += 4 + data.len();
        let mut more = Vec::new();
        while let Some((CONTINUE, data)) = self.one() {
            self.at += 4 + data.len();
            more.push(data);
        }
        Some(Record { kind, data, more })
    }
}

/// What the sheets share.
struct Book {
    strings: Strings,
    styles: Styles,
    since_1904: bool,
    /// BIFF8: texts are Unicode. Before: bytes of the code page.
    unicode: bool,
    page: u32,
    /// Offsets and names.
    sheets: Vec<(usize, String)>,
}

/// Hands on a workbook's texts and cells.
pub(super) fn read(stream: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut book = globals(stream, blocks)?;
    book.sheets.sort();
    let sheets = std::mem::take(&mut book.sheets);
    let mut whole = true;
    for (i, (from, name)) in sheets.iter().enumerate() {
        let to = sheets.get(i + 1).map_or(stream.len(), |(next, _)| *next);
        let mut table = Table::begin(blocks, name)?;
        let done = match stream.get(*from..to) {
            Some(stream) => sheet(&mut book, &mut table, stream),
            None => Ok(false),
        };
        table.end()?;
        whole &= done?;
    }
    book.strings.finish(blocks)?;
    if whole { Ok(()) } else { Err(damaged()) }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "xls")
}

fn globals(stream: &[u8], blocks: &mut Blocks<'_>) -> Result<Book, Problem> {
    let mut book = Book {
        strings: Strings::default(),
        styles: Styles::default(),
        since_1904: false,
        unicode: u16_at(stream, 4).unwrap_or(0) >= 0x600,
        page: 932,
        sheets: Vec::new(),
    };
    let step = Step::Member("workbook".into());
    for record in (Records { stream, at: 0 }) {
        let data = record.data;
        match record.kind {
            END => return Ok(book),
            FILE_PASS => return Err(Problem::new(ProblemKind::Encrypted, "xls")),
            DATE_MODE => book.since_1904 = u16_at(data, 0) == Some(1),
            CODE_PAGE => book.page = u16_at(data, 0).map_or(book.page, u32::from),
            SHEET => {
                let name = data.get(6..).map(|rest| book.short_text(rest)).unwrap_or_default();
                let at = u32_at(data, 0).ok_or_else(damaged)? as usize;
                book.sheets.push((at, name));
            }
            FORMAT => {
                let code = data.get(2..).map(|rest| if book.unicode { book.text(rest) } else { book.short_text(rest) });
                book.styles.add_format(u16_at(data, 0).map_or(0, u32::from), &code.unwrap_or_default());
            }
            STYLE_OF_CELLS => book.styles.add_cell(u16_at(data, 2).map_or(0, u32::from)),
            SHARED_STRINGS => {
                let mut segments = vec![data];
                segments.extend(record.more);
                shared_strings(&segments, &mut book.strings);
            }
            NAME => carve::read(data, &step, blocks)?,
            _ => {}
        }
    }
    Err(damaged())
}

impl Book {
    /// A text after its length in two bytes.
    fn text(&self, data: &[u8]) -> String {
        let length = usize::from(u16_at(data, 0).unwrap_or(0));
        data.get(2..).map(|rest| self.characters(rest, length)).unwrap_or_default()
    }

    /// A text after its length in one byte.
    fn short_text(&self, data: &[u8]) -> String {
        data.split_first().map(|(&length, rest)| self.characters(rest, length.into())).unwrap_or_default()
    }

    fn characters(&self, data: &[u8], length: usize) -> String {
        if !self.unicode {
            return codepage::decode(&data[..length.min(data.len())], self.page);
        }
        let Some((flags, rest)) = data.split_first() else { return String::new() };
        unicode(&rest[..(length << (flags & 1)).min(rest.len())], flags & 1 == 1)
    }

    fn show(&self, style: u16, value: f64) -> String {
        self.styles.show(usize::from(style), value, self.since_1904)
    }
}

/// Characters of two bytes, or their low bytes alone.
fn unicode(data: &[u8], wide: bool) -> String {
    if wide { utf16(data) } else { data.iter().map(|&b| char::from(b)).collect() }
}

/// The table of shared texts (MS-XLS §2.4.265): a text may go on in the next record, which then
/// begins with flags of its own.
fn shared_strings(segments: &[&[u8]], strings: &mut Strings) {
    let mut place = Place { segments, at: 8 };
    while let Some(text) = place.text() {
        strings.add(&text);
    }
}

struct Place<'a, 's> {
    segments: &'s [&'a [u8]],
    at: usize,
}

impl<'a> Place<'a, '_> {
    /// Bytes of this segment from here on; moves on to the next one at its end.
    fn rest(&mut self) -> Option<&'a [u8]> {
        loop {
            let (segment, more) = self.segments.split_first()?;
            if self.at < segment.len() {
                return segment.get(self.at..);
            }
            (self.segments, self.at) = (more, 0);
        }
    }

    fn text(&mut self) -> Option<String> {
        let head = self.rest()?;
        let (mut left, mut flags) = (usize::from(u16_at(head, 0)?), *head.get(2)?);
        self.at += 3;
        let mut after = 0;
        if flags & 8 != 0 {
            after += 4 * usize::from(u16_at(self.rest()?, 0)?);
            self.at += 2;
        }
        if flags & 4 != 0 {
            after += u32_at(self.rest()?, 0)? as usize;
            self.at += 4;
        }
        let mut text = String::new();
        while left > 0 {
            let segments = self.segments.len();
            let rest = self.rest()?;
            if self.segments.len() < segments {
                flags = rest[0];
                self.at += 1;
                continue;
            }
            let wide = flags & 1 == 1;
            let count = left.min(rest.len() >> usize::from(wide));
            if count == 0 {
                return None;
            }
            let bytes = count << usize::from(wide);
            text.push_str(&unicode(&rest[..bytes], wide));
            self.at += bytes;
            left -= count;
        }
        while after > 0 {
            let Some(rest) = self.rest() else { break };
            let passed = after.min(rest.len());
            self.at += passed;
            after -= passed;
        }
        Some(text)
    }
}

/// Reads one sheet; `false` if it is cut.
fn sheet(book: &mut Book, table: &mut Table<'_, '_>, stream: &[u8]) -> Result<bool, Problem> {
    let mut notes: HashMap<u16, String> = HashMap::new();
    let mut object = 0;
    let mut result = None;
    let mut depth = 0;
    for record in (Records { stream, at: 0 }) {
        let data = record.data;
        let (row, column) = (u16_at(data, 0).unwrap_or(0), u16_at(data, 2).unwrap_or(0));
        let (row, column) = (u32::from(row), u32::from(column));
        let style = u16_at(data, 4).unwrap_or(0);
        match record.kind {
            BEGIN => depth += 1,
            END => {
                depth -= 1;
                if depth <= 0 {
                    for text in notes.into_values() {
                        table.sheet_aside(&text)?;
                    }
                    return Ok(true);
                }
            }
            NUMBER => {
                let value = f64_at(data, 6).map(|value| book.show(style, value));
                table.cell(row, column, &value.unwrap_or_default())?;
            }
            RK => {
                let value = u32_at(data, 6).map(|raw| book.show(style, rk(raw)));
                table.cell(row, column, &value.unwrap_or_default())?;
            }
            MULTIPLE_RK => {
                let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (i, cell) in cells.chunks_exact(6).enumerate() {
                    let (style, raw) = (u16_at(cell, 0).unwrap_or(0), u32_at(cell, 2).unwrap_or(0));
                    table.cell(row, column + i as u32, &book.show(style, rk(raw)))?;
                }
            }
            LABEL | RICH_STRING => {
                let text = data.get(6..).map(|rest| book.text(rest)).unwrap_or_default();
                table.cell(row, column, &text)?;
            }
            LABEL_SHARED => match u32_at(data, 6).and_then(|index| book.strings.get(index as usize)) {
                Some((text, again)) if !again || text.len() <= LONG => table.cell(row, column, text)?,
                _ => {}
            },
            // A text result comes in the next record (§2.5.133).
            FORMULA if data.get(12..14) == Some(&[0xFF, 0xFF]) => result = Some((row, column)),
            FORMULA => {
                let value = f64_at(data, 6).map(|value| book.show(style, value));
                table.cell(row, column, &value.unwrap_or_default())?;
            }
            STRING => {
                if let Some((row, column)) = result.take() {
                    table.cell(row, column, &book.text(data))?;
                }
            }
            OBJECT => object = u16_at(data, 6).unwrap_or(0),
            TEXT_OBJECT => {
                notes.insert(object, text_object(&record));
            }
            NOTE => {
                if let Some(text) = u16_at(data, 6).and_then(|id| notes.remove(&id)) {
                    table.aside(row, column, &text)?;
                }
                // Before BIFF8 the text stands here itself; after, the author does.
                let text = data.get(8..).map(|rest| book.text(rest)).unwrap_or_default();
                table.aside(row, column, &text)?;
            }
            HEADER | FOOTER => {
                table.sheet_aside(&if book.unicode { book.text(data) } else { book.short_text(data) })?
            }
            LINK => {
                for text in carve::runs(data) {
                    table.aside(row, u16_at(data, 4).map_or(0, u32::from), &text)?;
                }
            }
            _ => {}
        }
    }
    Ok(false)
}

/// A text box or comment: its characters are in the records that continue it.
fn text_object(record: &Record<'_>) -> String {
    let mut left = usize::from(u16_at(record.data, 10).unwrap_or(0));
    let mut text = String::new();
    for segment in &record.more {
        let Some((flags, rest)) = segment.split_first() else { continue };
        let wide = flags & 1 == 1;
        let count = left.min(rest.len() >> usize::from(wide));
        text.push_str(&unicode(&rest[..count << usize::from(wide)], wide));
        left -= count;
        if left == 0 {
            break;
        }
    }
    text
}
