//! A text whose lines are rows: what its columns are called.
//!
//! The beginning of a text in, the delimiter and the header cells out; later the header of the
//! column that an offset stands in. Comma, tab, semicolon and bar; quotes as in RFC 4180.

use std::ops::Range;

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    delimiter: u8,
    header: Vec<Vec<u8>>,
}

const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// A header longer than this is a line of something else.
const LONGEST_HEADER: usize = 16 << 10;

impl Table {
    /// The table that `text` begins with: its first two lines have the same number of cells,
    /// two or more. `None` for anything else.
    pub fn of(text: &[u8]) -> Option<Table> {
        let mut lines = text.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let first = lines.next().filter(|line| line.len() <= LONGEST_HEADER)?;
        let second = lines.next()?;
        let same = |&delimiter: &u8| {
            let cells = count(first, delimiter);
            cells > 0 && cells == count(second, delimiter)
        };
        let delimiter = DELIMITERS.into_iter().find(same)?;
        Table::with_header(first, delimiter)
    }

    /// The table with this header row, cells separated by tabs.
    pub fn with_tabs(header: &str) -> Option<Table> {
        Table::with_header(header.as_bytes(), b'\t')
    }

    fn with_header(row: &[u8], delimiter: u8) -> Option<Table> {
        let mut header = Vec::new();
        let mut from = 0;
        for end in ends(row, delimiter).chain([row.len()]) {
            header.push(row[from..end].trim_ascii().to_vec());
            from = end + 1;
        }
        (header.len() > 1).then_some(Table { delimiter, header })
    }

    /// The header cells as they stand, in order.
    pub(super) fn headers(&self) -> impl Iterator<Item = &[u8]> {
        self.header.iter().map(Vec::as_slice)
    }

    /// The cell of the row `row` of `text` in a column, by number; quotes belong to it.
    pub(super) fn cell(&self, text: &[u8], row: Range<usize>, column: usize) -> Option<Range<usize>> {
        let line = text.get(row.clone())?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut start = 0;
        let mut ends = ends(line, self.delimiter).chain([line.len()]);
        for _ in 0..column {
            start = ends.next()? + 1;
        }
        let end = ends.next()?;
        (start <= end).then_some(row.start + start..row.start + end)
    }

    /// The header of the column that the byte at `at` of `text` stands in; empty if there is none.
    pub(super) fn column(&self, text: &[u8], at: usize) -> &[u8] {
        let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |i| i + 1);
        let column = count(&text[line..at], self.delimiter);
        self.header.get(column).map_or(&[], Vec::as_slice)
    }
}

/// Delimiters in a row that stand outside quotes.
fn count(row: &[u8], delimiter: u8) -> usize {
    ends(row, delimiter).count()
}

fn ends(row: &[u8], delimiter: u8) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    row.iter().enumerate().filter_map(move |(i, &byte)| {
        quoted ^= byte == b'"';
        (byte == delimiter && !quoted).then_some(i)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_column() {
        let text = "氏名,\"住所, 建物\",電話\r\n検証 花子,\"東京都, 関所ビル\",03-0000-0000\r\n".as_bytes();
        let table = Table::of(text).unwrap();
        let at = text.len() - 6;
        assert_eq!(table.column(text, at), "電話".as_bytes());
        let at = text.windows(6).rposition(|w| w == "関所".as_bytes()).unwrap();
        assert_eq!(table.column(text, at), "\"住所, 建物\"".as_bytes());
    }

    #[test]
    fn prose_and_single_columns_are_no_tables() {
        assert_eq!(Table::of(b"Dear Sir, how are you?\nI am fine.\n"), None);
        assert_eq!(Table::of(b"name\nAnn\n"), None);
        assert_eq!(Table::of(b""), None);
        assert_eq!(Table::of(b"a,b"), None);
    }
}
