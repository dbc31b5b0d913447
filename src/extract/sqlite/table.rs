//! A table's rows → blocks of tab-separated values below the names of their columns.

use std::io::{self, Read};

use super::payload::{Payload, length, number};
use super::schema::Columns;
use crate::chunk::Step;
use crate::extract::{Block, HEAD, Kind, Mark, Visit, sniff};
use crate::text::{Encoding, Reader};

/// A block ends with the first row beyond this many bytes.
const ENOUGH: usize = 256 << 10;
/// Values longer than this, in bytes, are members of their own.
const LONGEST_CELL: u64 = 16 << 10;

/// The table under way.
pub(super) struct Table {
    name: String,
    columns: Columns,
    header: String,
    encoding: Encoding,
    text: String,
    marks: Vec<Mark>,
    /// The cells of the last row as text.
    pub(super) cells: Vec<String>,
}

impl Table {
    pub(super) fn new(name: &str, columns: Columns, encoding: Encoding) -> Table {
        let mut header = columns.names.iter().map(|name| on_one_line(name)).collect::<Vec<_>>().join("\t");
        if columns.names.len() == 1 {
            // A single column would not be seen as a table: its rows begin with their number.
            header.insert_str(0, "rowid\t");
        }
        let (text, marks, cells) = (String::new(), Vec::new(), Vec::new());
        Table { name: name.to_owned(), columns, header, encoding, text, marks, cells }
    }

    /// Takes a row. `Ok(false)` if it is broken, an error if the budget is spent.
    pub(super) fn row(&mut self, id: Option<i64>, mut payload: Payload<'_>, visit: &mut dyn Visit) -> io::Result<bool> {
        self.cells.clear();
        let Ok(types) = payload.types() else { return Ok(false) };
        let row = id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let single = self.columns.names.len() == 1;
        if single {
            self.text.push_str(&row);
        }
        for (i, kind) in types.into_iter().enumerate() {
            if i > 0 || single {
                self.text.push('\t');
            }
            let length = length(kind);
            let named = self.columns.names.get(i).map_or_else(|| i.to_string(), Clone::clone);
            let step = || Step::Cell(format!("{}.{named}#{row}", self.name).into());
            let mut cell = String::new();
            if length > LONGEST_CELL {
                let mut value = Watched { inner: (&mut payload).take(length), failed: false };
                match kind % 2 == 1 && self.encoding != Encoding::Utf8 {
                    true => visit.text(step(), self.encoding, &mut value)?,
                    false => visit.member(step(), &mut value)?,
                }
                // A visitor may stop before the end.
                if io::copy(&mut value, &mut io::sink()).is_err() || value.failed {
                    return Ok(false);
                }
            } else {
                let mut bytes = Vec::new();
                let read = (&mut payload).take(length).read_to_end(&mut bytes);
                if read.is_err() || bytes.len() as u64 != length {
                    self.end_row();
                    return Ok(false);
                }
                cell = match kind {
                    0 if self.columns.id == Some(i) => row.clone(),
                    0..=11 => number(kind, &bytes),
                    _ if kind % 2 == 1 => text(&bytes, self.encoding),
                    _ if is_text(&bytes) => text(&bytes, Encoding::Utf8),
                    _ => {
                        visit.member(step(), &mut bytes.as_slice())?;
                        String::new()
                    }
                };
            }
            let cell = on_one_line(&cell);
            if !cell.is_empty() {
                self.marks.push(Mark { at: self.text.len(), step: step() });
                self.text.push_str(&cell);
            }
            self.cells.push(cell);
        }
        self.end_row();
        if self.text.len() >= ENOUGH { self.finish(visit).map(|()| true) } else { Ok(true) }
    }

    fn end_row(&mut self) {
        self.text.push('\n');
    }

    /// Hands over the rows so far.
    pub(super) fn finish(&mut self, visit: &mut dyn Visit) -> io::Result<()> {
        if !self.marks.is_empty() {
            visit.block(&Block { text: &self.text, marks: &self.marks, header: Some(&self.header) })?;
        }
        self.text.clear();
        self.marks.clear();
        Ok(())
    }
}

/// Are these bytes a text that no extractor takes apart?
fn is_text(bytes: &[u8]) -> bool {
    let plain = !bytes.iter().any(|b| matches!(b, 0..=8 | 14..=26 | 28..=31));
    plain && std::str::from_utf8(bytes).is_ok() && matches!(sniff(&bytes[..bytes.len().min(HEAD)]), Kind::Text)
}

/// A text in the database's encoding, or in that which an old program has put there instead.
pub(super) fn text(bytes: &[u8], encoding: Encoding) -> String {
    if let (Encoding::Utf8, Ok(text)) = (encoding, std::str::from_utf8(bytes)) {
        return text.to_owned();
    }
    let mut reader = Reader::default();
    match encoding {
        Encoding::Utf8 => reader.begin(bytes),
        _ => reader.begin_as(encoding),
    }
    String::from_utf8_lossy(reader.read(bytes, 0).bytes).into_owned()
}

/// A cell stays in its row and column.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }).collect()
}

/// A value that a visitor reads; knows whether it broke off.
struct Watched<R> {
    inner: R,
    failed: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|_| self.failed = true)
    }
}
