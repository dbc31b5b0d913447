//! What the structure of a text says of a value in it: the heading of its column, the key that
//! it stands under, the element around it.
//!
//! A text in; for a place in it the labels that speak of it out, those right above or around it
//! apart from those further off. One pass over the text, made when the first label is asked for,
//! and linear whatever the text. Reads structure leniently: no document is ever refused.

mod above;
mod headings;
mod keys;
mod markup;
mod rows;
mod sql;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

pub use above::Above;

use above::Known;
use keys::Keys;
use markup::Markup;
use rows::Rows;
use sql::Sql;

/// Could this be what a column, row or field is called? Letters, hardly a digit, no sentence.
pub fn is_label(cell: &[u8]) -> bool {
    headings::is_label(cell)
}

/// The labels of one place.
#[derive(Debug, Default, Hash)]
pub(super) struct Labels {
    /// What the value itself is called, and what stands further above or around; one a line.
    nearest: Vec<u8>,
    wider: Vec<u8>,
}

impl Labels {
    fn nearest(&mut self, label: &[u8]) {
        push(&mut self.nearest, label);
    }

    fn wider(&mut self, label: &[u8]) {
        push(&mut self.wider, label);
    }

    #[cfg(test)]
    pub(super) fn of(own: &str) -> Labels {
        Labels { nearest: own.as_bytes().to_vec(), wider: Vec::new() }
    }

    /// What the value itself is called: speaks for it or against it.
    pub(super) fn own(&self) -> &[u8] {
        &self.nearest
    }

    /// What it stands under: may speak for it.
    pub(super) fn around(&self) -> &[u8] {
        &self.wider
    }
}

/// Adds a label; a Japanese one that is broken over lines (`個人 番号`) also in one piece.
fn push(labels: &mut Vec<u8>, label: &[u8]) {
    labels.extend_from_slice(label);
    labels.push(b'\n');
    if !label.is_ascii() && label.contains(&b' ') {
        labels.extend(label.iter().filter(|&&b| b != b' '));
        labels.push(b'\n');
    }
}

/// The structure of one text, each kind of it made out when a value first stands as its values do.
#[derive(Debug)]
pub(super) struct Outline {
    above: Option<Known>,
    is_built: bool,
    rows: Option<Rows>,
    markup: Option<Option<Markup>>,
    keys: Option<Option<Keys>>,
    sql: Option<Option<Sql>>,
    /// The places that were asked for, and what was said of them.
    asked: Vec<usize>,
    said: DefaultHasher,
}

impl Outline {
    pub(super) fn of(above: Option<&Above>, is_built: bool) -> Outline {
        Outline {
            above: above.map(|above| above.known().clone()),
            is_built,
            rows: None,
            markup: None,
            keys: None,
            sql: None,
            asked: Vec::new(),
            said: DefaultHasher::new(),
        }
    }

    /// The same text below something else, if all that was asked is then answered the same.
    pub(super) fn below(&self, text: &[u8], above: Option<&Above>) -> Option<Outline> {
        let mut other = Outline::of(above, self.is_built);
        for &at in &self.asked {
            other.labels(text, at);
        }
        (other.said.finish() == self.said.finish()).then_some(other)
    }

    /// Everything of it, whether a value asks or not.
    fn all(text: &[u8], above: Option<&Above>, is_built: bool) -> Outline {
        let mut outline = Outline::of(above, is_built);
        let above = outline.above.as_ref();
        outline.rows = Some(Rows::of(text, above, is_built));
        if !is_built {
            outline.keys = Some(Keys::of(text, above));
            outline.sql = Some(Sql::of(text, above));
        }
        outline
    }

    /// The labels of the value that begins at `at`.
    pub(super) fn labels(&mut self, text: &[u8], at: usize) -> Labels {
        let labels = self.find(text, at);
        self.asked.push(at);
        labels.hash(&mut self.said);
        labels
    }

    fn find(&mut self, text: &[u8], at: usize) -> Labels {
        let mut labels = Labels::default();
        let (above, is_built) = (self.above.as_ref(), self.is_built);
        if let Some(key) = key_beside(text, at) {
            labels.nearest(key);
        }
        let stand = Stand::of(text, at);
        if is_built || stand.is_in_row {
            self.rows.get_or_insert_with(|| Rows::of(text, above, is_built)).labels(text, at, &mut labels);
        }
        if is_built {
            return labels;
        }
        if let Some(markup) = self.markup.get_or_insert_with(|| Markup::of(text)) {
            markup.labels(text, at, &mut labels);
        }
        if stand.is_item
            && let Some(keys) = self.keys.get_or_insert_with(|| Keys::of(text, above))
        {
            keys.labels(text, at, &mut labels);
        }
        if stand.is_in_tuple
            && let Some(sql) = self.sql.get_or_insert_with(|| Sql::of(text, above))
        {
            sql.labels(text, at, &mut labels);
        }
        labels
    }

    /// What is known for the text that goes on at `at`; what no value asked for is as it was.
    pub(super) fn after(&self, text: &[u8], at: usize) -> Above {
        self.known(text, at).into()
    }

    fn known(&self, text: &[u8], at: usize) -> Known {
        let mut after = self.above.clone().unwrap_or_default();
        if let Some(rows) = &self.rows {
            let rows = rows.after(text, at);
            (after.delimiter, after.headings) = (rows.delimiter, rows.headings);
        }
        if let Some(keys) = &self.keys {
            after.keys = keys.as_ref().map(|keys| keys.after(text, at)).unwrap_or_default();
        }
        if let Some(Some(sql)) = &self.sql {
            after.sql = sql.after(text, at);
        }
        after
    }
}

/// The key that stands directly before a value, with a colon or an equals sign between them.
fn key_beside(text: &[u8], at: usize) -> Option<&[u8]> {
    const LONGEST: usize = 48;
    let line = &text[at.saturating_sub(LONGEST)..at];
    let line = memchr::memrchr(b'\n', line).map_or(line, |i| &line[i + 1..]);
    let trim = |line: &[u8]| line.iter().rposition(|b| !matches!(b, b' ' | b'\t' | b'"' | b'\'')).map_or(0, |i| i + 1);
    let sign = trim(line).checked_sub(1).filter(|&i| matches!(line[i], b':' | b'='))?;
    let key = &line[..trim(&line[..sign])];
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || *b >= 0x80;
    let from = key.iter().rposition(|b| !is_part(b)).map_or(0, |i| i + 1);
    (from < key.len()).then(|| &key[from..])
}

/// How a value stands on its line: like a cell, an item, part of a tuple. Most stand in prose, and
/// then the text need not be gone through.
struct Stand {
    is_in_row: bool,
    is_item: bool,
    is_in_tuple: bool,
}

/// A line is looked at as far as this before the value, in bytes.
const NEAR: usize = 4 << 10;

impl Stand {
    fn of(text: &[u8], at: usize) -> Stand {
        let line = &text[at.saturating_sub(NEAR)..at];
        let line = memchr::memrchr(b'\n', line).map_or(line, |i| &line[i + 1..]);
        let before = line.iter().rposition(|b| !matches!(b, b' ' | b'"' | b'\'' | b'\\'));
        let last = before.map(|i| line[i]);
        let has_cells = memchr::memrchr2(b'\t', b'|', line).is_some_and(|i| !line[..i].trim_ascii().is_empty());
        Stand {
            is_in_row: has_cells || matches!(last, None | Some(b',' | b';' | b'|' | b'\t')),
            is_item: matches!(last, None | Some(b',' | b'[' | b'{' | b':' | b'-' | b'(' | b'\t')),
            is_in_tuple: matches!(last, None | Some(b',' | b'(' | b'\t')),
        }
    }
}

#[cfg(test)]
mod tests;
