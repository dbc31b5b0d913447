//! Running text out of the XML of documents and slides: WordprocessingML, DrawingML, OpenDocument
//! and, leaf by leaf, any other vocabulary.
//!
//! Runs are joined as they stand, paragraphs become lines, cells are separated by tabs and rows
//! by line ends. Attributes that may hold something written by a person are asides. Element
//! names: ECMA-376 part 1 §17 and §21, ODF 1.3 part 3 §5, §6 and §9.

use std::io::Read;

use super::package;
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;
use crate::extract::xml::{Event, Tag, Xml};

/// Most characters of white space that one element stands for.
const MOST_SPACES: usize = 64;

/// What an element is for the text.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Paragraph,
    Cell,
    Row,
    Tab,
    Break,
    Spaces,
    /// Text goes on before and after it.
    Inline,
    /// A page or slide of a drawing.
    Page,
    /// Its text is not for people.
    Skip,
    /// Any other: its own text, if it has some, is a line.
    Leaf,
}

fn role(name: &str) -> Role {
    match name {
        "p" | "h" => Role::Paragraph,
        "tc" | "table-cell" | "covered-table-cell" => Role::Cell,
        "tr" | "table-row" => Role::Row,
        "tab" | "ptab" => Role::Tab,
        "br" | "cr" | "line-break" => Role::Break,
        // A field's code and its result are two texts.
        "s" | "fldChar" => Role::Spaces,
        "t" | "r" | "delText" | "instrText" | "delInstrText" | "span" | "a" | "hyperlink" | "fld" | "fldSimple"
        | "ins" | "del" | "moveFrom" | "moveTo" | "smartTag" | "ruby-base" | "author-name" | "sender-lastname"
        | "user-defined" | "date" | "time" | "page-number" | "sequence" | "bookmark-ref" | "noBreakHyphen" => {
            Role::Inline
        }
        "page" => Role::Page,
        // Positions of drawings, phonetic guides (readings of the text itself), binary data.
        "posOffset" | "align" | "pctWidth" | "pctHeight" | "fldData" | "binary-data" | "rPh" | "ruby-text" => {
            Role::Skip
        }
        _ => Role::Leaf,
    }
}

/// Text being put together.
pub(super) struct Prose<'b, 'v> {
    blocks: &'b mut Blocks<'v>,
    step: Step,
    /// What a page is called, for documents that are made of pages.
    pages: Option<&'static str>,
    page: u32,
    depth: u32,
    /// Depth of the element that text was last directly inside of.
    text_depth: u32,
    /// Depth from which on text is skipped.
    skip: Option<u32>,
    cells: u32,
    /// Further columns that the cell under way takes.
    merged: usize,
    first_cell: bool,
    /// A paragraph ended within a cell.
    pending: bool,
}

impl<'b, 'v> Prose<'b, 'v> {
    /// For a part of this name; `pages`: what its pages are called, if it has some.
    pub(super) fn new(blocks: &'b mut Blocks<'v>, step: Step, pages: Option<&'static str>) -> Prose<'b, 'v> {
        Prose {
            blocks,
            step,
            pages,
            page: 0,
            depth: 0,
            text_depth: 0,
            skip: None,
            cells: 0,
            merged: 0,
            first_cell: true,
            pending: false,
        }
    }

    /// Reads a part to its end.
    pub(super) fn read(mut self, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
        self.blocks.part(self.step.clone());
        let done = self.events(xml);
        // What came before a fault is looked at all the same.
        self.blocks.line()?;
        self.blocks.finish()?;
        done
    }

    fn events(&mut self, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
        loop {
            match xml.next().map_err(|e| package::problem(&e))? {
                Event::End => return Ok(()),
                Event::Open(tag) => {
                    self.open(&tag)?;
                    if !tag.empty {
                        self.depth += 1;
                    }
                }
                Event::Close(name) => self.close(role(name))?,
                Event::Text(text) => self.text(text)?,
                Event::Aside(text) if self.depth > 0 => self.blocks.aside(&self.step, text)?,
                Event::Aside(_) => {}
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>) -> Result<(), Problem> {
        for (name, value) in tag.attributes() {
            if is_telling(tag.name, name, &value) {
                self.blocks.aside(&self.step, &value)?;
            }
        }
        if self.skip.is_some() {
            return Ok(());
        }
        match role(tag.name) {
            Role::Skip if !tag.empty => self.skip = Some(self.depth),
            Role::Tab => self.blocks.push("\t")?,
            Role::Break => self.break_line()?,
            Role::Spaces => {
                let count = tag.get("c").and_then(|c| c.parse().ok()).unwrap_or(1);
                self.blocks.push(&" ".repeat(count.min(MOST_SPACES)))?;
            }
            Role::Inline if tag.name == "noBreakHyphen" => self.blocks.push("-")?,
            Role::Row => self.first_cell = true,
            Role::Cell => {
                if !self.first_cell {
                    self.blocks.push("\t")?;
                }
                (self.first_cell, self.pending, self.merged) = (false, false, 0);
                self.cells += u32::from(!tag.empty);
            }
            // Columns stay under their headings beside a cell that is several columns wide.
            _ if tag.name == "gridSpan" => {
                let width: usize = tag.get("val").and_then(|n| n.parse().ok()).unwrap_or(1);
                self.merged = width.saturating_sub(1).min(MOST_SPACES);
            }
            Role::Page if self.pages.is_some() => {
                self.page += 1;
                self.blocks.line()?;
                let name = self.pages.map(|pages| format!("{pages} {}", self.page)).unwrap_or_default();
                self.step = Step::Member(name.into());
                self.blocks.part(self.step.clone());
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, role: Role) -> Result<(), Problem> {
        self.depth = self.depth.saturating_sub(1);
        if let Some(skip) = self.skip {
            if self.depth <= skip {
                self.skip = None;
            }
            return Ok(());
        }
        match role {
            Role::Paragraph => self.break_line()?,
            Role::Leaf if self.text_depth == self.depth + 1 => self.break_line()?,
            Role::Cell => {
                self.cells = self.cells.saturating_sub(1);
                self.pending = false;
                self.blocks.push(&"\t".repeat(std::mem::take(&mut self.merged)))?;
            }
            Role::Row => {
                self.pending = false;
                self.blocks.line()?;
            }
            _ => {}
        }
        self.text_depth = 0;
        Ok(())
    }

    /// A line ends; in a cell the row goes on.
    fn break_line(&mut self) -> Result<(), Problem> {
        self.pending = self.cells > 0;
        if self.cells == 0 { self.blocks.line() } else { Ok(()) }
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        // White space between tags with a line end in it is layout of the XML.
        if self.skip.is_some() || (text.contains('\n') && text.trim().is_empty()) {
            return Ok(());
        }
        if self.pending && !self.blocks.ends_with('\t') && !self.blocks.is_line_begin() {
            self.blocks.push(" ")?;
        }
        self.pending = false;
        self.text_depth = self.depth;
        match text.contains(['\n', '\r']) {
            true => self.blocks.push(&text.replace(['\n', '\r'], " ")),
            false => self.blocks.push(text),
        }
    }
}

/// May an attribute hold something that a person or a program wrote as content? Names of people
/// and fields always; else what looks like a sentence, an address, a link or a long number
/// rather than like layout.
pub(super) fn is_telling(element: &str, name: &str, value: &str) -> bool {
    match name {
        "author" | "userId" | "displayName" | "displayText" | "descr" | "title" | "alt" | "tooltip" | "instr" => true,
        "style" | "d" | "points" | "path" | "Target" | "Ignorable" => false,
        "val" | "value" | "default" if matches!(element, "docVar" | "alias" | "tag" | "default" | "listItem") => true,
        _ if value.len() < 6 || value.starts_with("http://schemas.") || value.starts_with("urn:") => false,
        _ if value.starts_with('{') => false,
        // Two characters name a coordinate.
        _ if name.len() > 2 && has_long_number(value.as_bytes()) => true,
        _ => value.bytes().any(|b| !b.is_ascii() || matches!(b, b'@' | b'/' | b'\\' | b'=' | b' ')),
    }
}

/// Ten digits in a row, longer than any measure.
fn has_long_number(value: &[u8]) -> bool {
    value.len() >= 10 && value.split(|b| !b.is_ascii_digit()).any(|run| run.len() >= 10)
}
