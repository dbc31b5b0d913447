//! SQLite databases (<https://www.sqlite.org/fileformat2.html>), read without SQLite.
//!
//! A file in; the rows of every table as text below their column names, large and binary values
//! as members, and what no table holds as raw bytes out. Read only and page by page: a database
//! in use, a broken one or one of any size costs the same. A write-ahead log beside it is a file
//! of its own to the scan.

mod page;
mod payload;
mod query;
mod schema;
mod slack;
mod table;
mod wal;

use std::io;

use page::{Pages, Row, damaged, walk};
use schema::Columns;
use slack::Slack;
use table::Table;

pub use query::Database;

use super::section::Section;
use super::{Input, Visit};
use crate::chunk::Step;
use crate::error::Problem;

/// Begins the file.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
/// Most tables of which the name is kept.
const MOST_TABLES: usize = 100_000;

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let file = input.random_access()?;
    let pages = match Pages::open(&*file) {
        Ok(pages) => pages,
        Err(problem) => {
            // Whatever it is, its bytes are read.
            let mut buffer = Vec::new();
            let _ = visit.raw(Step::Member("bytes".into()), &mut Section::new(&*file, &mut buffer, 0, file.size()));
            return Err(problem);
        }
    };
    // An error means that the budget is spent, which has been reported.
    match tables(&pages, visit) {
        Ok(true) | Err(_) => Ok(()),
        Ok(false) => Err(damaged()),
    }
}

/// Everything in the file; `Ok(false)` if something of it is broken.
fn tables(pages: &Pages<'_>, visit: &mut dyn Visit) -> io::Result<bool> {
    let columns = ["type", "name", "tbl_name", "rootpage", "sql"].map(str::to_owned).to_vec();
    let mut schema = Table::new("sqlite_schema", Columns { names: columns, id: None }, pages.encoding);
    let mut found: Vec<(String, u32, String)> = Vec::new();
    let mut whole = walk(pages, 1, &mut |Row { id, payload }| {
        let read = schema.row(id, payload, visit)?;
        let cell = |i: usize| schema.cells.get(i).cloned().unwrap_or_default();
        if let (true, "table", Ok(root @ 1..)) = (found.len() < MOST_TABLES, cell(0).as_str(), cell(3).parse()) {
            found.push((cell(1), root, cell(4)));
        }
        Ok(read)
    })?;
    schema.finish(visit)?;
    for (name, root, sql) in found {
        let mut table = Table::new(&name, Columns::of(&sql), pages.encoding);
        whole &= walk(pages, root, &mut |Row { id, payload }| table.row(id, payload, visit))?;
        table.finish(visit)?;
    }
    visit.raw(Step::Member("free space".into()), &mut Slack::new(pages))?;
    Ok(whole)
}
