//! What the structure of a text says of a value in it: the heading of its column, the key that
//! it stands under, the element around it.
//!
//! A text in; for a place in it the labels that speak of it out, those right above or around it
//! apart from those further off. One pass over the text, made when the first label is asked for,
//! and linear whatever the text. Reads structure leniently: no document is ever refused.

mod headings;
mod keys;
mod markup;
mod rows;
mod sql;

use keys::Keys;
use markup::Markup;
use rows::Rows;
use sql::Sql;

/// Could this be what a column, row or field is called? Letters, hardly a digit, no sentence.
pub fn is_label(cell: &[u8]) -> bool {
    headings::is_label(cell)
}

/// What is known of a text from the text before it: of a file in windows, of a table in blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Above {
    delimiter: Option<u8>,
    /// Rows of headings, cells by their column.
    headings: Vec<Vec<(usize, Vec<u8>)>>,
    /// Keys of what has not ended, outermost first.
    keys: Vec<Vec<u8>>,
    /// Columns by table of a database's dump, and those of the statement that has not ended.
    sql: sql::Known,
}

impl Above {
    /// Rows that name the columns of a block, one a line, cells separated by tabs.
    pub fn with_rows(rows: &str) -> Above {
        let cells = |row: &str| -> Vec<(usize, Vec<u8>)> {
            let cells = row.split('\t').enumerate().filter(|(_, cell)| !cell.trim().is_empty());
            cells.map(|(column, cell)| (column, cell.trim().as_bytes().to_vec())).collect()
        };
        Above { delimiter: Some(b'\t'), headings: rows.lines().map(cells).collect(), ..Above::default() }
    }

    /// The same rows as [`Above::with_rows`] takes.
    pub fn rows(&self) -> String {
        let mut text = String::new();
        for row in &self.headings {
            let mut at = 0;
            for (column, cell) in row {
                text.extend(std::iter::repeat_n('\t', column - at));
                text.push_str(&String::from_utf8_lossy(cell));
                at = *column;
            }
            text.push('\n');
        }
        text
    }

    /// Everything that may become a label of a value below.
    pub(super) fn labels(&self) -> impl Iterator<Item = &[u8]> {
        let cells = self.headings.iter().flatten().map(|(_, cell)| cell);
        cells.chain(&self.keys).chain(self.sql.columns()).map(Vec::as_slice)
    }

    /// What is known behind a whole text that `above` stands above. `is_built`: an extractor has
    /// put it together, with tabs between the cells of a row.
    pub fn after(text: &[u8], above: Option<&Above>, is_built: bool) -> Above {
        Outline::of(text, above, is_built).after(text, text.len())
    }
}

/// The labels of one place.
#[derive(Debug, Default)]
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

/// The structure of one text.
#[derive(Debug)]
pub(super) struct Outline {
    rows: Rows,
    markup: Option<Markup>,
    keys: Option<Keys>,
    sql: Option<Sql>,
}

impl Outline {
    pub(super) fn of(text: &[u8], above: Option<&Above>, is_built: bool) -> Outline {
        let rows = Rows::of(text, above, is_built);
        if is_built {
            return Outline { rows, markup: None, keys: None, sql: None };
        }
        Outline { rows, markup: Markup::of(text), keys: Keys::of(text, above), sql: Sql::of(text, above) }
    }

    /// Can any value in it have a label?
    pub(super) fn has_labels(&self) -> bool {
        self.rows.has_labels() || self.markup.is_some() || self.keys.is_some() || self.sql.is_some()
    }

    /// The labels of the value that begins at `at`.
    pub(super) fn labels(&mut self, text: &[u8], at: usize) -> Labels {
        let mut labels = Labels::default();
        self.rows.labels(text, at, &mut labels);
        if let Some(markup) = &self.markup {
            markup.labels(text, at, &mut labels);
        }
        if let Some(keys) = &self.keys {
            keys.labels(text, at, &mut labels);
        }
        if let Some(sql) = &mut self.sql {
            sql.labels(text, at, &mut labels);
        }
        labels
    }

    /// What is known for the text that goes on at `at`.
    pub(super) fn after(&self, text: &[u8], at: usize) -> Above {
        let mut above = self.rows.after(text, at);
        if let Some(keys) = &self.keys {
            above.keys = keys.after(text, at);
        }
        if let Some(sql) = &self.sql {
            above.sql = sql.after(text, at);
        }
        above
    }
}

#[cfg(test)]
mod tests;
