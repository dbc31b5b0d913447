//! The text of a table → rows of cells; which column holds what.
//!
//! Values separated by commas, tabs or semicolons (RFC 4180 with its usual liberties), or rows
//! that an extractor has put together with tabs. Says of a wrong heading which one it is, never
//! what stands in the table.

use super::{KINDS, Kind};

/// Rows at the top among which the headings are looked for.
const TOP: usize = 30;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What it holds.
    pub kind: &'static Kind,
    /// Its number, from 0.
    pub index: usize,
}

/// Why columns cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnFault {
    /// Not `kind=heading`.
    Form(String),
    /// No kind has this name.
    Kind(String),
    /// No row at the top has all the headings; the first that stands nowhere, if one does not.
    Heading(String),
}

/// Reads a table. `built`: an extractor has put it together.
pub fn read(text: &str, built: bool) -> Vec<Vec<String>> {
    let separator = if built { '\t' } else { separator(text) };
    let mut rows = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if !built && (quoted || cell.trim().is_empty()) => quoted = !quoted,
            _ if quoted => cell.push(c),
            c if c == separator => row.push(std::mem::take(&mut cell)),
            '\r' => {}
            '\n' => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// The separator that the first lines have most of.
fn separator(text: &str) -> char {
    let count = |c: char| text.lines().take(TOP).map(|line| line.matches(c).count()).sum::<usize>();
    [',', '\t', ';'].into_iter().rev().max_by_key(|&c| count(c)).unwrap_or(',')
}

/// Finds the columns that `wanted` names (`name=氏名,email=#4`), and the first row below the
/// headings. A heading is compared without spaces and case; `#4` is the fourth column.
pub fn columns(wanted: &str, rows: &[Vec<String>]) -> Result<(Vec<Column>, usize), ColumnFault> {
    let mut named: Vec<(&'static Kind, &str)> = Vec::new();
    for part in wanted.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, heading) = part.split_once('=').ok_or_else(|| ColumnFault::Form(part.to_owned()))?;
        let kind = KINDS.iter().find(|kind| kind.name == name.trim());
        named.push((kind.ok_or_else(|| ColumnFault::Kind(name.trim().to_owned()))?, heading.trim()));
    }
    if named.is_empty() {
        return Err(ColumnFault::Form(wanted.to_owned()));
    }
    let fixed = |heading: &str| heading.strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1);
    let bare = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    let find = |heading: &str, row: &[String]| {
        fixed(heading).or_else(|| row.iter().position(|cell| bare(cell) == bare(heading)))
    };
    if named.iter().all(|(_, heading)| fixed(heading).is_some()) {
        let columns = named.iter().filter_map(|(kind, heading)| Some(Column { kind, index: fixed(heading)? }));
        return Ok((columns.collect(), 0));
    }
    for (number, row) in rows.iter().take(TOP).enumerate() {
        let columns: Option<Vec<Column>> =
            named.iter().map(|(kind, heading)| Some(Column { kind, index: find(heading, row)? })).collect();
        if let Some(columns) = columns {
            return Ok((columns, number + 1));
        }
    }
    let missing = |(_, heading): &&(&Kind, &str)| !rows.iter().take(TOP).any(|row| find(heading, row).is_some());
    let missing = named.iter().find(missing).or(named.first());
    Err(ColumnFault::Heading(missing.map_or("", |(_, heading)| heading).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_separators_and_line_ends() {
        let rows = read("a,\"b, \"\"c\"\"\nd\",e\r\n1,,3", false);
        assert_eq!(rows, [vec!["a", "b, \"c\"\nd", "e"], vec!["1", "", "3"]]);
        assert_eq!(read("a\tb\nc\td\n", false), [["a", "b"], ["c", "d"]]);
        assert_eq!(read("a;b;\"c\n", false), [["a", "b", "c\n"]]);
        assert_eq!(read("7\" x\ty\n", true), [["7\" x", "y"]]);
        assert!(read("", false).is_empty());
    }

    #[test]
    fn headings_are_found_below_a_title() {
        let rows = read("顧客一覧,,\n\n No ,氏 名,E-Mail\n1,山田太郎,a@example.com\n", false);
        let (found, first) = columns("name=氏名,email=e-mail", &rows).expect("found");
        assert_eq!((found[0].index, found[1].index, first), (1, 2, 3));
        let (found, first) = columns("email=#3", &rows).expect("found");
        assert_eq!((found[0].index, first), (2, 0));
        assert_eq!(columns("name=氏名,email=メール", &rows).err(), Some(ColumnFault::Heading("メール".into())));
        assert_eq!(columns("nickname=氏名", &rows).err(), Some(ColumnFault::Kind("nickname".into())));
        assert_eq!(columns("氏名", &rows).err(), Some(ColumnFault::Form("氏名".into())));
    }
}
