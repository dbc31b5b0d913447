//! OpenDocument (odt, ods, odp and their flat forms; ISO/IEC 26300, ODF 1.3): which part is what.
//!
//! Texts and slides are prose; sheets are rows of cells. Repeated cells and rows are written
//! once: a sheet may repeat one cell a million times in a few bytes.

use std::io::{self, Read};

use super::manifest::{self, Encrypted};
use super::number;
use super::package::{self, Package};
use super::properties;
use super::prose::{Prose, is_telling};
use super::table::Table;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::Input;
use crate::extract::blocks::Blocks;
use crate::extract::crypt::Keys;
use crate::extract::xml::{Event, Tag, Xml};

/// Longest text of a cell, in bytes.
const LONGEST_CELL: usize = 1 << 20;

/// The beginning of the `mimetype` part of every OpenDocument package.
pub(super) const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.";

/// Looks at every part; `mimetype` is the content of the part of that name.
pub(super) fn extract(
    input: &mut Input<'_>,
    package: &Package<'_>,
    mimetype: &[u8],
    mut keys: Keys,
    blocks: &mut Blocks<'_>,
) -> Result<(), Problem> {
    let encrypted = match package.small("META-INF/manifest.xml")? {
        Some(manifest) => manifest::encrypted(&manifest)?,
        None => Encrypted::new(),
    };
    let kind = mimetype.strip_prefix(MIMETYPE).unwrap_or_default();
    let limits = input.limits;
    // All parts have one password: where it is missing, that is said once.
    let mut shut = Ok(());
    package::every_part(input, blocks, &mut |path, content, blocks| {
        let name = path.strip_suffix(".xml").unwrap_or(path);
        let step = Step::Member(if name == "content" { "document" } else { name }.into());
        let done = match encrypted.get(path) {
            None => part(path, &step, kind, content, blocks),
            Some(how) => how.clone().and_then(|how| {
                let mut plain = keys.open(&how, content, limits, || blocks.visit().passwords())?;
                part(path, &step, kind, &mut plain, blocks)?;
                // What is left of it is read for its length.
                io::copy(&mut plain, &mut io::sink()).map(drop).map_err(|e| Problem::from_io(&e))
            }),
        };
        match done {
            Err(problem) if problem.kind == ProblemKind::Encrypted => {
                shut = Err(problem);
                Ok(())
            }
            done => done.map_err(|problem| (step, problem)),
        }
    })?;
    shut
}

fn part(path: &str, step: &Step, kind: &[u8], content: &mut dyn Read, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let step = step.clone();
    match path {
        "mimetype" | "META-INF/manifest.xml" | "manifest.rdf" => Ok(()),
        "meta.xml" => properties::read(blocks, step, &mut Xml::new(content)),
        "content.xml" if kind.starts_with(b"spreadsheet") => sheets(blocks, &step, &mut Xml::new(content)),
        "content.xml" => {
            let pages = if kind.starts_with(b"presentation") { "slide" } else { "page" };
            Prose::new(blocks, step, Some(pages)).read(&mut Xml::new(content))
        }
        "styles.xml" | "settings.xml" => Prose::new(blocks, step, None).read(&mut Xml::new(content)),
        // Embedded objects have a content of their own.
        _ if path.ends_with("/content.xml") || path.ends_with("/styles.xml") => {
            Prose::new(blocks, step, None).read(&mut Xml::new(content))
        }
        _ => blocks.member(step, content),
    }
}

/// A document that is one XML file.
pub(super) fn extract_flat(content: &mut dyn Read, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut xml = Xml::new(content);
    let step = Step::Member("document".into());
    // The root says what it is; everything in it is read the same way.
    let kind = loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::Open(tag) => break tag.get("mimetype").unwrap_or_default().into_owned(),
            Event::End => return Err(Problem::new(ProblemKind::Damaged, "odf")),
            _ => {}
        }
    };
    match kind.as_bytes().strip_prefix(MIMETYPE).unwrap_or_default() {
        kind if kind.starts_with(b"spreadsheet") => sheets(blocks, &step, &mut xml),
        kind => {
            let pages = if kind.starts_with(b"presentation") { "slide" } else { "page" };
            Prose::new(blocks, step, Some(pages)).read(&mut xml)
        }
    }
}

/// The cell under way.
#[derive(Default)]
struct Cell {
    /// Its text as shown, and its value where it has one.
    text: String,
    value: Option<String>,
    columns: u32,
}

/// Reads a document of sheets to its end. ODF 1.3 part 3 §9.
fn sheets(blocks: &mut Blocks<'_>, step: &Step, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
    loop {
        let name = match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => return blocks.finish(),
            Event::Open(tag) if tag.name == "table" => {
                if tag.empty {
                    continue;
                }
                tag.get("name").unwrap_or_default().into_owned()
            }
            Event::Open(tag) => {
                telling(&tag, &mut |text| blocks.aside(step, text))?;
                continue;
            }
            Event::Text(text) => {
                blocks.aside(step, text)?;
                continue;
            }
            _ => continue,
        };
        let mut table = Table::begin(blocks, &name)?;
        let done = sheet(&mut table, xml);
        table.end()?;
        done?;
    }
}

/// One sheet, up to its closing tag.
fn sheet(table: &mut Table<'_, '_>, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
    let (mut row, mut column, mut rows) = (0u32, 0u32, 1u32);
    let mut cell = Cell::default();
    // Depth of tables within cells, and of comments.
    let (mut tables, mut notes) = (0u32, 0u32);
    let mut in_cell = false;
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => return Ok(()),
            Event::Open(tag) => {
                match tag.name {
                    "table" if !tag.empty => tables += 1,
                    "table-row" => {
                        rows = repeated(&tag, "number-rows-repeated");
                        column = 0;
                        if tag.empty {
                            row = row.saturating_add(rows);
                        }
                    }
                    "table-cell" | "covered-table-cell" if tables == 0 => {
                        cell = Cell {
                            text: String::new(),
                            value: value(&tag),
                            columns: repeated(&tag, "number-columns-repeated"),
                        };
                        in_cell = !tag.empty;
                        if tag.empty {
                            cell.write(table, row, &mut column)?;
                        }
                    }
                    "annotation" if !tag.empty => notes += 1,
                    "p" if in_cell && notes == 0 && !cell.text.is_empty() => cell.text.push(' '),
                    "s" if in_cell => cell.text.push(' '),
                    _ => {}
                }
                telling(&tag, &mut |text| {
                    if in_cell { table.aside(row, column, text) } else { table.sheet_aside(text) }
                })?;
            }
            Event::Text(text) if notes > 0 => table.aside(row, column, text)?,
            Event::Text(text) if in_cell && cell.text.len() < LONGEST_CELL => {
                cell.text.push_str(text.trim_matches('\n'))
            }
            Event::Text(text) => table.sheet_aside(text)?,
            Event::Close("table") if tables == 0 => return Ok(()),
            Event::Close("table") => tables -= 1,
            Event::Close("annotation") => notes = notes.saturating_sub(1),
            Event::Close("table-cell" | "covered-table-cell") if tables == 0 => {
                in_cell = false;
                cell.write(table, row, &mut column)?;
            }
            Event::Close("table-row") if tables == 0 => row = row.saturating_add(rows),
            _ => {}
        }
    }
}

impl Cell {
    /// Writes the cell once, however often it is repeated.
    fn write(&mut self, table: &mut Table<'_, '_>, row: u32, column: &mut u32) -> Result<(), Problem> {
        let text = match self.value.take() {
            Some(value) if !shows(&self.text, &value) => value,
            _ => std::mem::take(&mut self.text),
        };
        table.cell(row, *column, &text)?;
        *column = column.saturating_add(self.columns);
        Ok(())
    }
}

/// Does the shown text have all digits of the value? A narrow format shows `1.2E+11`.
fn shows(text: &str, value: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let (shown, stored) = (digits(text), digits(value));
    shown.trim_start_matches('0') == stored.trim_start_matches('0')
}

/// A cell's value by its type; texts have none besides what is shown.
fn value(tag: &Tag<'_>) -> Option<String> {
    let kind = tag.get("value-type")?;
    match &*kind {
        "float" | "percentage" | "currency" => {
            let value = tag.get("value")?;
            Some(number::parse(&value).map_or_else(|| value.into_owned(), number::plain))
        }
        "date" => tag.get("date-value").map(|date| date.replace('T', " ")),
        _ => None,
    }
}

fn repeated(tag: &Tag<'_>, name: &str) -> u32 {
    tag.get(name).and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// Calls `each` with the attributes that may hold content; formulas only if they hold a text.
fn telling(tag: &Tag<'_>, each: &mut dyn FnMut(&str) -> Result<(), Problem>) -> Result<(), Problem> {
    for (name, value) in tag.attributes() {
        let wanted = match name {
            "value" | "date-value" | "value-type" | "style-name" | "cell-range-address" => false,
            "formula" => value.contains('"'),
            _ => is_telling(tag.name, name, &value),
        };
        if wanted {
            each(&value)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_are_shown() {
        assert!(shows("090-1234-5678", "9012345678"));
        assert!(shows("001-0001", "10001"));
        assert!(!shows("8.84E+11", "883690060263"));
        assert!(!shows("###", "883690060263"));
    }
}
