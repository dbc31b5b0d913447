//! Elements that values stand in (HTML, XML): the headings of a table's columns, the names of
//! the elements around.
//!
//! A text in; for a place in it the heading of its cell and the names of the two innermost
//! elements out. Tags need not be closed and need not match.

use std::ops::Range;

use super::Labels;
use super::headings::{Cell, Headings, Look, look};

/// Elements and tables within each other that are kept.
const DEEPEST: usize = 128;
/// Elements and cells of one text that are kept.
const MOST: usize = 1 << 15;
/// Longest tag, in bytes.
const LONGEST_TAG: usize = 8 << 10;
/// Most columns that one cell takes.
const WIDEST: usize = 256;

/// The elements of a text.
#[derive(Debug, Default)]
pub(super) struct Markup {
    headings: Headings,
    /// Cells of all tables, in their order.
    cells: Vec<Cell>,
    /// Elements with elements in them, in the order of their beginnings.
    elements: Vec<Element>,
    /// Texts of cells without their tags; `headings` refers to it.
    shown: Vec<u8>,
}

#[derive(Debug)]
struct Element {
    name: Range<usize>,
    span: Range<usize>,
    parent: Option<usize>,
}

/// A table under way: the cells of its row.
#[derive(Default)]
struct Table {
    cells: Vec<usize>,
    column: usize,
    is_header: bool,
    /// Columns that a cell of an earlier row reaches down into, and for how many rows.
    reaching: Vec<(usize, usize)>,
}

struct Tag<'a> {
    name: &'a [u8],
    at: usize,
    is_end: bool,
    is_empty: bool,
    inner: &'a [u8],
}

impl Markup {
    pub(super) fn of(text: &[u8]) -> Option<Markup> {
        memchr::memmem::find(text, b"</")?;
        let mut markup = Markup::default();
        let mut open: Vec<usize> = Vec::new();
        let mut tables: Vec<Table> = Vec::new();
        let mut at = 0;
        while let Some(i) = memchr::memchr(b'<', &text[at..]) {
            let start = at + i;
            let Some((tag, end)) = tag(text, start) else {
                at = start + 1;
                continue;
            };
            markup.table(text, &tag, start, end, &mut tables);
            markup.element(&tag, start, end, &mut open, text);
            at = end;
        }
        while let Some(mut table) = tables.pop() {
            markup.end_row(text, &mut table, text.len());
        }
        Some(markup)
    }

    fn element(&mut self, tag: &Tag<'_>, start: usize, end: usize, open: &mut Vec<usize>, text: &[u8]) {
        if tag.is_end {
            let same = open.iter().rposition(|&i| text[self.elements[i].name.clone()].eq_ignore_ascii_case(tag.name));
            for i in open.drain(same.unwrap_or(open.len())..) {
                self.elements[i].span.end = start;
            }
        } else if !tag.is_empty && !is_unclosed(tag.name) && open.len() < DEEPEST && self.elements.len() < MOST {
            let parent = open.last().copied();
            open.push(self.elements.len());
            self.elements.push(Element { name: tag.at..tag.at + tag.name.len(), span: end..text.len(), parent });
        }
    }

    fn table(&mut self, text: &[u8], tag: &Tag<'_>, start: usize, end: usize, tables: &mut Vec<Table>) {
        let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
        if is(b"table") {
            if tag.is_end {
                if let Some(mut table) = tables.pop() {
                    self.end_row(text, &mut table, start);
                }
                self.headings.row(&[], 0, Look::Blank, start);
            } else if tables.len() < DEEPEST {
                tables.push(Table::default());
            }
            return;
        }
        let (is_row, is_cell) = (is(b"tr"), is(b"td") || is(b"th"));
        let Some(table) = tables.last_mut().filter(|_| is_row || is_cell) else { return };
        if let Some(&last) = table.cells.last()
            && self.cells[last].span.end == text.len()
        {
            self.cells[last].span.end = start;
        }
        if is_row {
            let mut table = std::mem::take(table);
            self.end_row(text, &mut table, start);
            if let Some(last) = tables.last_mut() {
                let reaching = if tag.is_end { table.reaching } else { down(table.reaching) };
                *last = Table { is_header: true, reaching, ..Table::default() };
            }
        } else if !tag.is_end && self.cells.len() < MOST {
            table.is_header &= is(b"th");
            while table.reaching.iter().any(|&(column, _)| column == table.column) {
                table.column += 1;
            }
            table.cells.push(self.cells.len());
            self.cells.push(Cell { column: table.column, span: end..text.len() });
            let (width, rows) = (number(tag.inner, b"colspan"), number(tag.inner, b"rowspan"));
            if rows > 1 && table.reaching.len() < WIDEST {
                // One more: the row under way counts too.
                table.reaching.extend((table.column..table.column + width).map(|column| (column, rows)));
            }
            table.column += width;
        }
    }

    fn end_row(&mut self, text: &[u8], table: &mut Table, end: usize) {
        let mut cells = Vec::new();
        for &i in &table.cells {
            let cell = &self.cells[i];
            let from = self.shown.len();
            show(&text[cell.span.start..cell.span.end.min(end).max(cell.span.start)], &mut self.shown);
            if self.shown.len() > from {
                cells.push(Cell { column: cell.column, span: from..self.shown.len() });
            }
        }
        let look = match look(cells.iter().map(|cell| &self.shown[cell.span.clone()])) {
            Look::Data | Look::Label if table.is_header && cells.len() > 1 => Look::Heading,
            look => look,
        };
        self.headings.row(&cells, table.column, look, end);
        if matches!(look, Look::Data | Look::Blank)
            && let Some(first) = cells.first()
        {
            self.shown.truncate(first.span.start);
        }
        table.cells.clear();
    }

    pub(super) fn labels(&self, text: &[u8], at: usize, into: &mut Labels) {
        let cell = self.cells[..self.cells.partition_point(|cell| cell.span.start <= at)].last();
        if let Some(cell) = cell.filter(|cell| cell.span.end > at) {
            self.headings.of(&self.shown, cell.span.start, cell.column, into);
        }
        let mut next = self.elements.partition_point(|e| e.span.start <= at).checked_sub(1);
        let mut left = 3;
        while let Some(i) = next.filter(|_| left > 0) {
            let element = &self.elements[i];
            if element.span.end > at {
                into.wider(&text[element.name.clone()]);
                left -= 1;
            }
            next = element.parent;
        }
    }
}

/// The tag that begins at `at`, and where it ends.
fn tag(text: &[u8], at: usize) -> Option<(Tag<'_>, usize)> {
    let is_end = text.get(at + 1) == Some(&b'/');
    let from = at + 1 + usize::from(is_end);
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'_' | b'-' | b'.' | b':');
    let length = text[from.min(text.len())..].iter().take_while(|b| is_name(b)).count();
    if length == 0 || length > 120 {
        return None;
    }
    let rest = &text[from + length..text.len().min(from + length + LONGEST_TAG)];
    let close = memchr::memchr2(b'>', b'<', rest).filter(|&i| rest[i] == b'>')?;
    let inner = &rest[..close];
    // Without the namespace.
    let whole = &text[from..from + length];
    let local = memchr::memrchr(b':', whole).map_or(0, |i| i + 1);
    let is_empty = inner.ends_with(b"/");
    Some((Tag { name: &whole[local..], at: from + local, is_end, is_empty, inner }, from + length + close + 1))
}

/// HTML elements that need no end.
fn is_unclosed(name: &[u8]) -> bool {
    [&b"br"[..], b"p", b"li", b"img", b"hr", b"input", b"meta", b"link", b"td", b"th", b"tr", b"col"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// What reaches down from row to row, one row further down.
fn down(reaching: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    reaching.into_iter().filter(|&(_, rows)| rows > 1).map(|(column, rows)| (column, rows - 1)).collect()
}

/// `colspan="3"`.
fn number(inner: &[u8], name: &[u8]) -> usize {
    let Some(i) = memchr::memmem::find(inner, name) else { return 1 };
    let digits = inner[i + name.len()..].iter().skip_while(|b| matches!(b, b'=' | b'"' | b'\'' | b' '));
    let n = digits.take_while(|b| b.is_ascii_digit()).fold(0usize, |n, b| n.saturating_mul(10) + usize::from(b - b'0'));
    n.clamp(1, WIDEST)
}

/// A cell's text without tags, as far as it can be a heading.
fn show(markup: &[u8], into: &mut Vec<u8>) {
    let from = into.len();
    let mut is_tag = false;
    for &byte in markup.iter().take(1 << 10) {
        match byte {
            b'<' => is_tag = true,
            b'>' if is_tag => is_tag = false,
            _ if is_tag => {}
            byte if byte.is_ascii_whitespace() => {
                if into.len() > from && into.last() != Some(&b' ') {
                    into.push(b' ');
                }
            }
            byte => into.push(byte),
        }
    }
    while into.len() > from && into.last() == Some(&b' ') {
        into.pop();
    }
}
