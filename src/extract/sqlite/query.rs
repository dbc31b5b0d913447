//! Chosen columns of chosen rows, for who looks something up in a program's own database.
//!
//! A database file (with what its write-ahead log adds) in, texts out. Read only, without locks
//! and without SQLite: the program that owns it may go on, and nothing is copied to disk. What
//! is being written meanwhile may be missing or cut; nothing here takes it for granted.

use std::io::{self, Read as _};

use super::page::{Pages, Row, find_row, walk};
use super::payload::{length, number};
use super::schema::Columns;
use super::wal::Overlay;
use crate::error::Problem;
use crate::extract::ReadAt;
use crate::text::Encoding;

/// Values longer than this, in bytes, are cut.
const LONGEST: u64 = 64 << 10;

/// A database file to look something up in.
pub struct Database<'a> {
    file: Overlay<'a>,
    tables: Vec<Table>,
}

struct Table {
    name: String,
    root: u32,
    columns: Columns,
}

impl<'a> Database<'a> {
    /// Opens a database; `log` is the `-wal` file beside it, if there is one.
    pub fn open(file: &'a dyn ReadAt, log: Option<&'a dyn ReadAt>) -> Result<Database<'a>, Problem> {
        let mut database = Database { file: Overlay::new(file, log), tables: Vec::new() };
        let names = ["type", "name", "tbl_name", "rootpage", "sql"].map(str::to_owned).to_vec();
        let schema = Table { name: String::new(), root: 1, columns: Columns { names, id: None } };
        let mut tables = Vec::new();
        database.read(&schema, &["type", "name", "rootpage", "sql"], &mut |_, cells| {
            if let [kind, name, root, sql] = cells
                && let ("table", Ok(root @ 1..)) = (kind.as_str(), root.parse())
            {
                tables.push(Table { name: name.clone(), root, columns: Columns::of(sql) });
            }
            true
        })?;
        database.tables = tables;
        Ok(database)
    }

    /// Gives the columns of every row of a table as text (a missing column or value is empty),
    /// with the row's number; `row` says whether to go on. `Ok(false)`: there is no such table.
    pub fn rows(
        &self,
        table: &str,
        columns: &[&str],
        row: &mut dyn FnMut(i64, &[String]) -> bool,
    ) -> Result<bool, Problem> {
        let Some(table) = self.tables.iter().find(|t| t.name == table) else { return Ok(false) };
        self.read(table, columns, row)?;
        Ok(true)
    }

    /// The columns of the row with this number.
    pub fn row(&self, table: &str, number: i64, columns: &[&str]) -> Result<Option<Vec<String>>, Problem> {
        let Some(table) = self.tables.iter().find(|t| t.name == table) else { return Ok(None) };
        let pages = Pages::open(&self.file)?;
        let mut found = None;
        find_row(&pages, table.root, number, &mut |row| {
            found = cells(&table.columns, columns, pages.encoding, row);
            Ok(true)
        })
        .map_err(|e| Problem::from_io(&e))?;
        Ok(found)
    }

    fn read(
        &self,
        table: &Table,
        columns: &[&str],
        each: &mut dyn FnMut(i64, &[String]) -> bool,
    ) -> Result<(), Problem> {
        let pages = Pages::open(&self.file)?;
        let mut go_on = true;
        let walked = walk(&pages, table.root, &mut |row| {
            let id = row.id.unwrap_or_default();
            if let Some(cells) = cells(&table.columns, columns, pages.encoding, row) {
                go_on = each(id, &cells);
            }
            // An error is the only way to end a walk.
            if go_on { Ok(true) } else { Err(io::Error::other("enough")) }
        });
        match walked {
            Err(e) if go_on => Err(Problem::from_io(&e)),
            _ => Ok(()),
        }
    }
}

/// The wanted columns of a row; `None` if the row is broken.
fn cells(columns: &Columns, wanted: &[&str], encoding: Encoding, row: Row<'_>) -> Option<Vec<String>> {
    let Row { id, mut payload } = row;
    let types = payload.types().ok()?;
    let mut cells = vec![String::new(); wanted.len()];
    for (i, kind) in types.into_iter().enumerate() {
        let size = length(kind);
        let place = columns.names.get(i).and_then(|name| wanted.iter().position(|w| w.eq_ignore_ascii_case(name)));
        let mut bytes = Vec::new();
        let kept = if place.is_some() { size.min(LONGEST) } else { 0 };
        (&mut payload).take(kept).read_to_end(&mut bytes).ok()?;
        io::copy(&mut (&mut payload).take(size - kept), &mut io::sink()).ok()?;
        let Some(cell) = place.and_then(|place| cells.get_mut(place)) else { continue };
        *cell = match kind {
            0 if columns.id == Some(i) => id.unwrap_or_default().to_string(),
            0..=11 => number(kind, &bytes),
            _ => super::table::text(&bytes, encoding),
        };
    }
    Some(cells)
}
