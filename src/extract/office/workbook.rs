//! What a workbook (OOXML) says of its sheets before their cells are read: names, texts, formats.
//!
//! Parts: workbook.xml, its relations, styles.xml, sharedStrings.xml (ECMA-376 part 1 §18).

use std::collections::HashMap;
use std::io::Read;

use super::number::Format;
use super::package;
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;
use crate::extract::xml::{Event, Xml};

/// Shared texts kept in memory, in bytes; what is beyond is looked at without its cells.
const MOST_TEXT: usize = 96 << 20;
/// Cell styles and own formats that are kept.
const MOST_STYLES: usize = 1 << 16;

/// The list of sheets.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// Names and relation ids, in order.
    pub(super) sheets: Vec<(String, String)>,
    /// Days count from 1904.
    pub(super) since_1904: bool,
}

impl Workbook {
    /// Reads workbook.xml; what defined names stand for is handed on.
    pub(super) fn read(blocks: &mut Blocks<'_>, xml: &mut Xml<impl Read>) -> Result<Workbook, Problem> {
        let mut book = Workbook::default();
        let step = Step::Member("workbook".into());
        let mut inside = None;
        loop {
            match xml.next().map_err(|e| package::problem(&e))? {
                Event::End => return Ok(book),
                Event::Open(tag) if tag.name == "sheet" => {
                    let (name, id) = (tag.get("name").unwrap_or_default(), tag.get("id").unwrap_or_default());
                    book.sheets.push((name.into(), id.into()));
                }
                Event::Open(tag) if tag.name == "workbookPr" => {
                    book.since_1904 = tag.get("date1904").is_some_and(|v| matches!(&*v, "1" | "true"));
                }
                Event::Open(tag) if tag.name == "definedName" => {
                    inside = tag.get("name").map(String::from);
                    if let Some(comment) = tag.get("comment") {
                        blocks.aside(&step, &comment)?;
                    }
                }
                Event::Open(tag) if tag.name == "fileSharing" => {
                    blocks.aside(&step, &tag.get("userName").unwrap_or_default())?;
                }
                Event::Text(text) => {
                    if let Some(name) = &inside {
                        blocks.aside(&step, &format!("{name}: {text}"))?;
                    }
                }
                Event::Close(_) => inside = None,
                _ => {}
            }
        }
    }
}

/// Shared texts by index.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    used: Vec<bool>,
}

impl Strings {
    /// Reads sharedStrings.xml.
    pub(super) fn read(blocks: &mut Blocks<'_>, xml: &mut Xml<impl Read>) -> Result<Strings, Problem> {
        let mut strings = Strings::default();
        let step = Step::Member("shared strings".into());
        let mut reading = false;
        let mut phonetic = false;
        loop {
            match xml.next().map_err(|e| package::problem(&e))? {
                Event::End => return Ok(strings),
                Event::Open(tag) => match tag.name {
                    "t" => reading = !tag.empty,
                    "rPh" => phonetic = !tag.empty,
                    "si" if tag.empty => strings.end(),
                    _ => {}
                },
                Event::Close("t") => reading = false,
                Event::Close("rPh") => phonetic = false,
                Event::Close("si") => strings.end(),
                // A reading is a text of its own beside the text that it belongs to.
                Event::Text(text) if reading && phonetic => blocks.aside(&step, text)?,
                Event::Text(text) if reading && strings.text.len() >= MOST_TEXT => blocks.aside(&step, text)?,
                Event::Text(text) if reading => strings.text.push_str(text),
                _ => {}
            }
        }
    }

    fn end(&mut self) {
        self.ends.push(self.text.len());
        self.used.push(false);
    }

    /// Adds one text; for formats that keep them otherwise.
    pub(super) fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.end();
    }

    /// How many bytes of text there are.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The text of an index, and whether it was asked for before.
    pub(super) fn get(&mut self, index: usize) -> Option<(&str, bool)> {
        let end = *self.ends.get(index)?;
        let begin = index.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        let again = std::mem::replace(self.used.get_mut(index)?, true);
        Some((self.text.get(begin..end)?, again))
    }

    /// Hands on the texts that no cell showed: a deleted value may still be among them.
    pub(super) fn finish(self, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
        blocks.finish()?;
        blocks.part(Step::Member("shared strings".into()));
        let mut begin = 0;
        for (&end, used) in self.ends.iter().zip(&self.used) {
            if !used && let Some(text) = self.text.get(begin..end) {
                blocks.push(text)?;
                blocks.line()?;
            }
            begin = end;
        }
        blocks.finish()
    }
}

/// Number formats by style of cell.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// Kind of format for each style.
    cells: Vec<u32>,
    own: HashMap<u32, Format>,
}

impl Styles {
    /// Reads styles.xml.
    pub(super) fn read(xml: &mut Xml<impl Read>) -> Result<Styles, Problem> {
        let mut styles = Styles::default();
        let mut cells = false;
        loop {
            match xml.next().map_err(|e| package::problem(&e))? {
                Event::End => return Ok(styles),
                Event::Open(tag) => match tag.name {
                    "numFmt" => {
                        let id = tag.get("numFmtId").and_then(|id| id.parse().ok());
                        if let (Some(id), Some(code)) = (id, tag.get("formatCode")) {
                            styles.add_format(id, &code);
                        }
                    }
                    "cellXfs" => cells = !tag.empty,
                    "xf" if cells => {
                        styles.add_cell(tag.get("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0));
                    }
                    _ => {}
                },
                Event::Close("cellXfs") => cells = false,
                _ => {}
            }
        }
    }

    /// A format of the workbook's own.
    pub(super) fn add_format(&mut self, id: u32, code: &str) {
        if self.own.len() < MOST_STYLES {
            self.own.insert(id, Format::parse(code));
        }
    }

    /// The next style of cells.
    pub(super) fn add_cell(&mut self, format: u32) {
        if self.cells.len() < MOST_STYLES {
            self.cells.push(format);
        }
    }

    /// A number in a cell of this style.
    pub(super) fn show(&self, style: usize, value: f64, since_1904: bool) -> String {
        let id = self.cells.get(style).copied().unwrap_or(0);
        match self.own.get(&id) {
            Some(format) => format.show(value, since_1904),
            None => Format::builtin(id).show(value, since_1904),
        }
    }
}
