//! Rows of separated values: text in, the headings of its columns and the column of a place out.
//!
//! Comma, tab, semicolon and bar (Markdown tables too); quotes as in RFC 4180, also around line
//! ends. Rows that an extractor has put together have tabs and no quotes.

use std::ops::Range;

use super::Labels;
use super::above::Known;
use super::headings::{Cell, Headings, Look, is_label};

const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// Places of a text where lines are looked at for their delimiter, and lines at each.
const SAMPLES: usize = 4;
const LINES: usize = 32;
/// A quoted cell that does not end within this many bytes is not quoted.
const LONGEST_QUOTED: usize = 8 << 10;
/// Longest item of a list of numbers, in bytes.
const LONGEST_BARE: usize = 32;
/// Longer rows, in bytes, name nothing.
const LONGEST_ROW: usize = 16 << 10;

/// A text of rows.
#[derive(Debug)]
pub(super) struct Rows {
    delimiter: u8,
    /// Cells may be in quotes.
    quotes: bool,
    headings: Headings,
    /// Rows over several lines.
    long: Vec<Range<usize>>,
    last: Last,
}

/// The row that was asked for last: how far its cells are counted, and how many it has.
#[derive(Debug, Default)]
struct Last {
    row: Range<usize>,
    at: usize,
    column: usize,
    width: usize,
}

impl Rows {
    /// The rows of `text`. `is_built`: an extractor has put it together.
    pub(super) fn of(text: &[u8], above: Option<&Known>, is_built: bool) -> Rows {
        let carried = above.and_then(|above| above.delimiter);
        // Without any, each line is a cell.
        let delimiter = if is_built { b'\t' } else { carried.or_else(|| delimiter(text)).unwrap_or(b'\t') };
        let (headings, long, last) = (Headings::default(), Vec::new(), Last::default());
        let mut rows = Rows { delimiter, quotes: !is_built, headings, long, last };
        if let Some(above) = above {
            rows.headings.carry(&above.headings);
        }
        let mut cells = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let line = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
            let end = rows.end_of(text, at, line);
            if end > line {
                rows.long.push(at..end);
            }
            if end - at <= LONGEST_ROW {
                rows.take(text, at..end, &mut cells);
            }
            at = end + 1;
        }
        rows
    }

    /// Where the row that begins at `at` ends, whose first line ends at `line`.
    fn end_of(&self, text: &[u8], at: usize, line: usize) -> usize {
        if !self.quotes || memchr::memchr(b'"', &text[at..line]).is_none() {
            return line;
        }
        let mut end = at;
        while let Some(cell) = self.next_cell(text, end) {
            end = cell;
            if text.get(end) != Some(&self.delimiter) {
                break;
            }
            end += 1;
        }
        end.max(line.min(text.len()))
    }

    /// The end of the cell that begins at `at`: a delimiter, a line end or the text's end.
    fn next_cell(&self, text: &[u8], at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let plain = |from: usize| {
            let stop = memchr::memchr2(self.delimiter, b'\n', &text[from..]);
            stop.map_or(text.len(), |i| from + i)
        };
        let blanks = rest.iter().take_while(|&&b| b == b' ').count();
        if !self.quotes || rest.get(blanks) != Some(&b'"') {
            return Some(plain(at));
        }
        // A quote ends a cell where a delimiter or a line end follows.
        let mut from = at + blanks + 1;
        let most = text.len().min(from + LONGEST_QUOTED);
        while let Some(i) = memchr::memchr(b'"', &text[from..most]) {
            let quote = from + i;
            if text.get(quote + 1) == Some(&b'"') {
                from = quote + 2;
                if from >= most {
                    break;
                }
                continue;
            }
            return Some(plain(quote + 1));
        }
        Some(plain(at))
    }

    /// Looks at one row: is it a heading?
    fn take(&mut self, text: &[u8], row: Range<usize>, cells: &mut Vec<Cell>) {
        if self.delimiter == b'|' && is_rule(&text[row.clone()]) {
            return;
        }
        cells.clear();
        let (mut at, mut column) = (row.start, 0);
        while let Some(end) = self.next_cell(text, at) {
            let end = end.min(row.end);
            let span = trimmed(text, at..end);
            if !span.is_empty() {
                // One cell of data is enough.
                if !is_label(&text[span.clone()]) {
                    if !is_bare(&text[row.clone()]) {
                        self.headings.title(row.end, 0..0);
                    }
                    return self.headings.row(&[], 0, Look::Data, row.end);
                }
                cells.push(Cell { column, span });
            }
            column += 1;
            at = end + 1;
            if at > row.end {
                break;
            }
        }
        self.headings.row(cells, column, Look::of_labels(cells.len()), row.end);
    }

    /// What the column and the row of a place are called.
    pub(super) fn labels(&mut self, text: &[u8], at: usize, into: &mut Labels) {
        if !self.last.row.contains(&at) {
            self.go_to(text, at);
        }
        let row = self.last.row.start;
        let column = self.column(text, at);
        // A number of cells that is not the heading's belongs to something else.
        let fits = self.delimiter == b'\t' || self.headings.width_at(row) == Some(self.last.width);
        if fits {
            self.headings.of(text, row, column, into);
        }
        if self.last.width == 1 {
            into.wider(self.headings.title_of(text, row));
        }
        if self.delimiter == b'\t' && column > 1 {
            let end = self.next_cell(text, row).unwrap_or(row).min(at);
            let first = &text[trimmed(text, row..end)];
            if is_label(first) {
                into.wider(first);
            }
        }
    }

    /// The row that `at` stands in becomes the last one.
    fn go_to(&mut self, text: &[u8], at: usize) {
        let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |i| i + 1);
        let long = self.long[..self.long.partition_point(|row| row.start <= at)].last();
        let row = match long.filter(|row| row.end > at) {
            Some(row) => row.clone(),
            None => line..memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i),
        };
        let (mut from, mut width) = (row.start, 0);
        if row.len() <= LONGEST_ROW {
            while let Some(end) = self.next_cell(text, from).filter(|_| from <= row.end) {
                (from, width) = (end + 1, width + 1);
            }
        }
        self.last = Last { at: row.start, row, column: 0, width };
    }

    fn column(&mut self, text: &[u8], at: usize) -> usize {
        if self.last.at > at {
            (self.last.at, self.last.column) = (self.last.row.start, 0);
        }
        while let Some(end) = self.next_cell(text, self.last.at).filter(|&end| end < at) {
            self.last.at = end + 1;
            self.last.column += 1;
        }
        self.last.column
    }

    /// What is known for the text that goes on at `at`.
    pub(super) fn after(&self, text: &[u8], at: usize) -> Known {
        Known { delimiter: Some(self.delimiter), headings: self.headings.after(text, at), ..Known::default() }
    }
}

/// Is a row nothing but one number or the like? Only such rows are a list below its label.
fn is_bare(row: &[u8]) -> bool {
    row.len() <= LONGEST_BARE && !row.iter().any(|&b| b.is_ascii_alphabetic() || b >= 0x80 || b == b'\t')
}

/// A cell's text without blanks and quotes.
fn trimmed(text: &[u8], span: Range<usize>) -> Range<usize> {
    let is_edge = |b: &u8| b.is_ascii_whitespace() || *b == b'"';
    let cell = &text[span.clone()];
    let from = cell.iter().position(|b| !is_edge(b)).unwrap_or(cell.len());
    let to = cell.iter().rposition(|b| !is_edge(b)).map_or(from, |i| i + 1);
    span.start + from..span.start + to
}

/// `|---|:--:|`, the line below a heading in Markdown.
fn is_rule(row: &[u8]) -> bool {
    row.contains(&b'-') && row.iter().all(|b| matches!(b, b'-' | b'|' | b':' | b' ' | b'\r' | b'+'))
}

/// The delimiter that gives neighbouring rows the same number of cells.
fn delimiter(text: &[u8]) -> Option<u8> {
    let samples = if text.len() < LONGEST_ROW { 1 } else { SAMPLES };
    let starts = (0..samples).map(|i| memchr::memrchr(b'\n', &text[..text.len() / samples * i]).map_or(0, |i| i + 1));
    let starts: Vec<usize> = starts.collect();
    let mut best = None;
    for delimiter in DELIMITERS {
        let (mut score, mut rows) = (0, 0);
        for &start in &starts {
            let widths = widths(&text[start..], delimiter);
            score += widths.windows(2).filter(|pair| pair[0] > 1 && pair[0] == pair[1]).count();
            rows += widths.len();
        }
        // Commas and semicolons are common in prose and code.
        let least = if matches!(delimiter, b',' | b';') { (rows / 3).max(1) } else { 1 };
        if score >= least && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
}

/// Cells of the first rows that are not blank.
fn widths(text: &[u8], delimiter: u8) -> Vec<usize> {
    let rows = Rows { delimiter, quotes: true, headings: Headings::default(), long: Vec::new(), last: Last::default() };
    let (mut widths, mut width) = (Vec::new(), 0);
    let mut at = 0;
    while widths.len() < LINES && at < LONGEST_ROW {
        let Some(end) = rows.next_cell(text, at) else { break };
        let is_blank = width == 0 && text[at..end].trim_ascii().is_empty();
        width += 1;
        if text.get(end) != Some(&delimiter) {
            if !is_blank {
                widths.push(width);
            }
            width = 0;
        }
        at = end + 1;
    }
    widths
}
