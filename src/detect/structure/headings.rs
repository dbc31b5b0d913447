//! Rows that name columns: which rows of a table do, and what they call a column.
//!
//! Rows in, in their order, cell by cell; for a place and a column the headings above it out.
//! A heading is a row whose filled cells are all labels (letters, hardly a digit), wherever it
//! stands: below titles, twice in a table, over two lines. A row of data that happens to be all
//! words counts too and does no harm: what it says is looked at for the detectors' words only.

use std::ops::Range;

/// A label longer than this, in bytes, is a sentence.
const LONGEST_LABEL: usize = 120;
/// Digits in a label: `TEL2`, `住所10`.
const MOST_DIGITS: usize = 2;
/// Lines of one heading.
const MOST_LINES: usize = 3;
/// Heading cells that are kept of one text; what comes beyond goes without.
const MOST_CELLS: usize = 1 << 15;

/// One cell: its column, from 0, and where its text stands.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) column: usize,
    pub(super) span: Range<usize>,
}

/// What a row looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Blank,
    /// Two or more labels and nothing else.
    Heading,
    /// One label and nothing else: a title, or the second line of a heading.
    Label,
    Data,
}

/// The headings of a text's rows.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// Cells of all kept rows; `carried` ones are spans of `above`.
    rows: Vec<Row>,
    cells: Vec<Cell>,
    above: Vec<u8>,
    segments: Vec<Segment>,
    first: Range<usize>,
    latest: Range<usize>,
    /// Number of columns of the first heading.
    width: usize,
    is_open: bool,
    is_after_blank: bool,
    /// The line that names a list: a label alone, and from where on.
    titles: Vec<(usize, Range<usize>)>,
}

#[derive(Debug, Clone)]
struct Row {
    cells: Range<usize>,
    is_carried: bool,
}

/// From `at` on these rows are the headings.
#[derive(Debug, Clone)]
struct Segment {
    at: usize,
    first: Range<usize>,
    latest: Range<usize>,
    width: usize,
}

impl Headings {
    /// Headings that stand above the text: rows of cells by column.
    pub(super) fn carry(&mut self, rows: &[Vec<(usize, Vec<u8>)>]) {
        for row in rows {
            let from = self.cells.len();
            for (column, text) in row {
                let at = self.above.len();
                self.above.extend_from_slice(text);
                self.cells.push(Cell { column: *column, span: at..self.above.len() });
                self.width = self.width.max(column + 1);
            }
            self.rows.push(Row { cells: from..self.cells.len(), is_carried: true });
        }
        (self.first, self.latest) = (0..self.rows.len(), 0..self.rows.len());
        self.segment(0);
    }

    /// Takes the next row, which ends at `end` and has `width` columns.
    pub(super) fn row(&mut self, cells: &[Cell], width: usize, look: Look, end: usize) {
        let goes_on = self.is_open && self.latest.len() < MOST_LINES;
        match look {
            Look::Heading => {}
            Look::Label if goes_on => {}
            Look::Label => {
                self.is_open = false;
                let title = cells.first().map_or(0..0, |cell| cell.span.clone());
                return self.title(end, title);
            }
            Look::Blank => {
                self.title(end, 0..0);
                (self.is_open, self.is_after_blank) = (false, true);
                return;
            }
            _ => {
                self.is_open = false;
                return;
            }
        }
        if self.cells.len() + cells.len() > MOST_CELLS {
            return;
        }
        let n = self.rows.len();
        let from = self.cells.len();
        self.cells.extend_from_slice(cells);
        self.rows.push(Row { cells: from..self.cells.len(), is_carried: false });
        let is_first = self.first == self.latest && goes_on;
        self.latest = if goes_on { self.latest.start..n + 1 } else { n..n + 1 };
        if is_first || self.first.is_empty() || (!goes_on && (self.is_after_blank || width != self.width)) {
            self.first = self.latest.clone();
            self.width = width;
        }
        (self.is_open, self.is_after_blank) = (true, false);
        self.segment(end);
    }

    /// From `at` on, single cells are a list of this name; an empty one ends it.
    pub(super) fn title(&mut self, at: usize, title: Range<usize>) {
        let is_known = self.titles.last().is_some_and(|(_, last)| last.is_empty()) && title.is_empty();
        if !is_known && self.titles.len() < MOST_CELLS {
            self.titles.push((at, title));
        }
    }

    /// What the list of single cells is called that a place is in: the label right above it.
    pub(super) fn title_of<'a>(&self, text: &'a [u8], at: usize) -> &'a [u8] {
        let title = self.titles[..self.titles.partition_point(|(from, _)| *from <= at)].last();
        title.and_then(|(_, span)| text.get(span.clone())).unwrap_or_default()
    }

    fn segment(&mut self, at: usize) {
        let (first, latest) = (self.first.clone(), self.latest.clone());
        self.segments.push(Segment { at, first, latest, width: self.width });
    }

    fn segment_of(&self, at: usize) -> Option<&Segment> {
        self.segments[..self.segments.partition_point(|s| s.at <= at)].last()
    }

    /// Calls the column of a value: the heading just above it, and the table's first one.
    pub(super) fn of<'a>(&'a self, text: &'a [u8], at: usize, column: usize, into: &mut super::Labels) {
        let Some(segment) = self.segment_of(at) else { return };
        into.nearest(&self.stacked(text, segment.latest.clone(), column));
        let last = segment.latest.end.wrapping_sub(1);
        if self.rows.get(last).is_some_and(|_| self.cell(text, last, column, false).is_empty()) {
            into.wider(self.cell(text, last, column, true));
        }
        if segment.first != segment.latest {
            into.wider(&self.stacked(text, segment.first.clone(), column));
        }
    }

    /// The lines of a heading as one label.
    fn stacked(&self, text: &[u8], rows: Range<usize>, column: usize) -> Vec<u8> {
        let cells = rows.clone().map(|i| self.cell(text, i, column, i + 1 < rows.end)).filter(|cell| !cell.is_empty());
        cells.collect::<Vec<_>>().join(&b' ')
    }

    /// Number of columns of the first heading above a place.
    pub(super) fn width_at(&self, at: usize) -> Option<usize> {
        self.segment_of(at).map(|segment| segment.width)
    }

    /// A row's cell in a column; where cells are merged, that is the one to the left.
    fn cell<'a>(&'a self, text: &'a [u8], row: usize, column: usize, is_upper: bool) -> &'a [u8] {
        let row = &self.rows[row];
        let source = if row.is_carried { &self.above } else { text };
        let cells = &self.cells[row.cells.clone()];
        let exact = cells.iter().find(|cell| cell.column == column);
        let left = || cells.iter().rev().find(|cell| is_upper && cell.column < column);
        exact.or_else(left).and_then(|cell| source.get(cell.span.clone())).unwrap_or_default()
    }

    /// The rows that head what comes after `at`, to be carried on.
    pub(super) fn after(&self, text: &[u8], at: usize) -> Vec<Vec<(usize, Vec<u8>)>> {
        let Some(segment) = self.segment_of(at) else { return Vec::new() };
        let first = segment.first.clone();
        let latest = if segment.latest == first { 0..0 } else { segment.latest.clone() };
        let owned = |i: usize| {
            let row = &self.rows[i];
            let source = if row.is_carried { &self.above } else { text };
            let cells = self.cells[row.cells.clone()].iter();
            cells.map(|cell| (cell.column, source.get(cell.span.clone()).unwrap_or_default().to_vec())).collect()
        };
        first.chain(latest).map(owned).collect()
    }
}

/// What a row of these cells looks like; empty cells are left out of it.
pub(super) fn look<'a>(cells: impl Iterator<Item = &'a [u8]>) -> Look {
    let mut labels = 0;
    for cell in cells {
        if !is_label(cell) {
            return Look::Data;
        }
        labels += 1;
    }
    Look::of_labels(labels)
}

impl Look {
    /// The look of a row in which nothing stands but so many labels.
    pub(super) fn of_labels(count: usize) -> Look {
        match count {
            0 => Look::Blank,
            1 => Look::Label,
            _ => Look::Heading,
        }
    }
}

/// Could this be what a column, row or field is called?
pub(super) fn is_label(cell: &[u8]) -> bool {
    if cell.is_empty() || cell.len() > LONGEST_LABEL {
        return false;
    }
    let (mut letters, mut digits, mut open) = (false, 0, 0i32);
    for &byte in cell {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'(' => open += 1,
            b')' => open -= 1,
            // Code, addresses and the like.
            b'@' | b'{' | b'}' | b'=' | b';' | b'\\' => return false,
            _ => letters |= byte.is_ascii_alphabetic() || byte >= 0x80,
        }
    }
    letters && digits <= MOST_DIGITS && open == 0
}
