//! A database's dump: which column a value of a statement is in.
//!
//! `INSERT INTO t (a, b) VALUES (…), (…)`, the same without columns below the table's `CREATE
//! TABLE` (as mysqldump writes), and PostgreSQL's `COPY t (a, b) FROM stdin` with its rows.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Labels, above};

/// Tables of which the columns are kept.
const MOST_TABLES: usize = 256;
/// Statements of one text that are kept.
const MOST: usize = 1 << 15;
/// Longest list of columns, in bytes.
const LONGEST_LIST: usize = 32 << 10;
/// Longest name, in bytes.
const LONGEST_NAME: usize = 128;

/// What is known of a dump's tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    tables: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    /// The table of the statement that has not ended, and how its rows are written.
    open: Option<(Vec<Vec<u8>>, bool)>,
}

impl Known {
    /// The names of all columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.tables.values().flatten().chain(self.open.iter().flat_map(|(columns, _)| columns))
    }
}

/// A statement's rows.
#[derive(Debug)]
struct Rows {
    span: Range<usize>,
    columns: Vec<Vec<u8>>,
    /// Rows are lines, cells are separated by tabs.
    is_copy: bool,
}

/// The statements of a text.
#[derive(Debug)]
pub(super) struct Sql {
    known: Known,
    statements: Vec<Rows>,
    /// Statement, offset, column and depth of the last place.
    last: (usize, usize, usize, usize),
}

impl Sql {
    pub(super) fn of(text: &[u8], above: Option<&above::Known>) -> Option<Sql> {
        let mut known = above.map(|above| above.sql.clone()).unwrap_or_default();
        let open = known.open.take();
        let is_sql = open.is_some()
            || ["INSERT ", "insert ", "COPY ", "copy "]
                .iter()
                .any(|word| memchr::memmem::find(text, word.as_bytes()).is_some());
        let creates = || {
            ["CREATE TABLE", "create table"].iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
        };
        if !is_sql && known.tables.is_empty() && !creates() {
            return None;
        }
        let mut sql = Sql { known, statements: Vec::new(), last: (usize::MAX, 0, 0, 0) };
        let mut at = 0;
        if let Some((columns, is_copy)) = open {
            // A text may begin anywhere: rows are counted from the first whole one.
            let from = if is_copy { next_line(text, 0) } else { next_tuple(text) };
            at = if is_copy { copy_end(text, from) } else { statement_end(text, from) };
            sql.statements.push(Rows { span: from..at, columns, is_copy });
        }
        while at < text.len() && sql.statements.len() < MOST {
            at = sql.statement(text, at);
        }
        Some(sql)
    }

    /// Looks at the line that begins at `at`; returns where to go on.
    fn statement(&mut self, text: &[u8], at: usize) -> usize {
        let next_line = next_line(text, at);
        let mut words = Words { text, at };
        let Some(first) = words.next() else { return next_line };
        let is = |word: &[u8], what: &str| word.eq_ignore_ascii_case(what.as_bytes());
        if is(first, "create") {
            let mut name = words.next();
            while name.is_some_and(|word| !is(word, "table")) {
                name = words.next().filter(|_| words.at < next_line);
            }
            let name = loop {
                match words.next() {
                    Some(word) if ["if", "not", "exists"].iter().any(|skip| is(word, skip)) => {}
                    name => break name,
                }
            };
            let (Some(name), Some(list)) = (name, words.list()) else { return next_line };
            let columns = defined(&text[list.clone()]);
            if self.known.tables.len() < MOST_TABLES {
                self.known.tables.insert(name.to_vec(), columns);
            }
            return list.end;
        }
        let is_copy = is(first, "copy");
        if !is_copy && !is(first, "insert") && !is(first, "replace") {
            return next_line;
        }
        let name = if is_copy { words.next() } else { words.find("into").and_then(|()| words.next()) };
        let Some(name) = name else { return next_line };
        let listed = words.list();
        let columns = match &listed {
            Some(list) => text[list.clone()].split(|&b| b == b',').map(|name| bare(name).to_vec()).collect(),
            None => self.known.tables.get(name).cloned().unwrap_or_default(),
        };
        let from = listed.map_or(words.at, |list| list.end + 1).min(text.len());
        let (from, end) = match is_copy {
            true => {
                let from = self::next_line(text, from);
                (from, copy_end(text, from))
            }
            false => (from, statement_end(text, from)),
        };
        self.statements.push(Rows { span: from..end, columns, is_copy });
        end.max(at + 1)
    }

    pub(super) fn labels(&mut self, text: &[u8], at: usize, into: &mut Labels) {
        let Some(i) = self.statements.partition_point(|s| s.span.start <= at).checked_sub(1) else { return };
        let rows = &self.statements[i];
        if rows.span.end <= at {
            return;
        }
        let (last, mut from, mut column, mut depth) = self.last;
        if last != i || from > at {
            (from, column, depth) = (rows.span.start, 0, 0);
        }
        while from < at {
            let next =
                if rows.is_copy { copied(text, from, &mut column) } else { step(text, from, &mut column, &mut depth) };
            if next > at {
                break;
            }
            from = next;
        }
        self.last = (i, from, column, depth);
        if let Some(name) = rows.columns.get(column) {
            into.nearest(name);
        }
    }

    /// What is known for the text that goes on at `at`.
    pub(super) fn after(&self, text: &[u8], at: usize) -> Known {
        let i = self.statements.partition_point(|rows| rows.span.start < at);
        let open = self.statements[..i].last().filter(|rows| rows.span.end > at || rows.span.end == text.len());
        let open = open.map(|rows| (rows.columns.clone(), rows.is_copy));
        Known { tables: self.known.tables.clone(), open }
    }
}

/// Passes over one byte or string of tuples; counts the columns of the tuple.
fn step(text: &[u8], at: usize, column: &mut usize, depth: &mut usize) -> usize {
    match text[at] {
        b'\'' => return string_end(text, at + 1) + 1,
        b'(' => {
            if *depth == 0 {
                *column = 0;
            }
            *depth += 1;
        }
        b')' => *depth = depth.saturating_sub(1),
        b',' if *depth == 1 => *column += 1,
        _ => {}
    }
    at + 1
}

/// Passes over one byte of lines of tab-separated cells.
fn copied(text: &[u8], at: usize, column: &mut usize) -> usize {
    match text[at] {
        b'\t' => *column += 1,
        b'\n' => *column = 0,
        _ => {}
    }
    at + 1
}

/// Where the line after the one at `at` begins.
fn next_line(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i + 1)
}

/// Where the second tuple of a text begins: behind a bracket, a comma and a bracket.
fn next_tuple(text: &[u8]) -> usize {
    let opens = |at: usize| text[at..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'(');
    memchr::memmem::find_iter(text, b"),").map(|i| i + 2).find(|&at| opens(at)).unwrap_or(text.len())
}

/// Where a string ends: its quote; two quotes or a backslash and one are part of it.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut from = at;
    while let Some(i) = memchr::memchr2(b'\'', b'\\', &text[from..]) {
        let is_escape = text[from + i] == b'\\' || text.get(from + i + 1) == Some(&b'\'');
        if !is_escape {
            return from + i;
        }
        from = (from + i + 2).min(text.len());
    }
    text.len()
}

/// Where an `INSERT` ends: the semicolon outside strings.
fn statement_end(text: &[u8], at: usize) -> usize {
    let mut from = at;
    while let Some(i) = memchr::memchr2(b';', b'\'', &text[from..]) {
        if text[from + i] == b';' {
            return from + i;
        }
        from = (string_end(text, from + i + 1) + 1).min(text.len());
    }
    text.len()
}

/// Where the rows of a `COPY` end: `\.` on a line of its own.
fn copy_end(text: &[u8], at: usize) -> usize {
    memchr::memmem::find(&text[at..], b"\n\\.").map_or(text.len(), |i| at + i + 1)
}

/// The columns of a `CREATE TABLE`'s list.
fn defined(list: &[u8]) -> Vec<Vec<u8>> {
    let (mut columns, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for i in 0..=list.len() {
        match list.get(i) {
            Some(b'(') => depth += 1,
            Some(b')') => depth = depth.saturating_sub(1),
            Some(b',') | None if depth == 0 => {
                if let Some(name) = (Words { text: &list[from..i], at: 0 }).next() {
                    columns.push(name.to_vec());
                }
                from = i + 1;
            }
            _ => {}
        }
    }
    columns
}

/// A name without blanks and quotes.
fn bare(name: &[u8]) -> &[u8] {
    let is_edge = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'`' | b'[' | b']' | b'\'');
    let from = name.iter().position(|b| !is_edge(b)).unwrap_or(name.len());
    let to = name.iter().rposition(|b| !is_edge(b)).map_or(from, |i| i + 1);
    &name[from..to]
}

/// The words of a statement.
struct Words<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Words<'a> {
    /// The next name, with or without quotes; the last part of one with dots.
    fn next(&mut self) -> Option<&'a [u8]> {
        let blanks = self.text[self.at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let from = self.at + blanks;
        let is_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'(' | b',' | b';');
        let length = self.text[from..].iter().take(LONGEST_NAME).take_while(|b| !is_end(b)).count();
        self.at = from + length;
        let word = &self.text[from..from + length];
        let last = memchr::memrchr(b'.', word).map_or(0, |i| i + 1);
        let word = bare(&word[last..]);
        (!word.is_empty()).then_some(word)
    }

    /// Goes behind this word if it is among the next few.
    fn find(&mut self, wanted: &str) -> Option<()> {
        (0..4).find_map(|_| self.next().filter(|word| word.eq_ignore_ascii_case(wanted.as_bytes())).map(drop))
    }

    /// The inside of the brackets that stand next, if they do.
    fn list(&self) -> Option<Range<usize>> {
        let blanks = self.text[self.at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let from = self.at + blanks;
        if self.text.get(from) != Some(&b'(') {
            return None;
        }
        let mut depth = 0usize;
        for (i, &byte) in self.text[from..].iter().take(LONGEST_LIST).enumerate() {
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(from + 1..from + i);
                    }
                }
                _ => {}
            }
        }
        None
    }
}
