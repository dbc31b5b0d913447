//! What is known of a text from the text before it: of a file in windows, of a table in blocks.
//!
//! A text in; the headings, keys and tables that hold behind it out, worked out only once somebody
//! asks: most windows hold no value that needs a heading.

use std::fmt;
use std::sync::OnceLock;

use super::{Outline, sql};

/// See the module.
#[derive(Clone, Default)]
pub struct Above {
    /// The text itself, as long as nobody has asked what it says.
    text: Vec<u8>,
    known: OnceLock<Known>,
}

/// What a text says of the one that goes on behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) delimiter: Option<u8>,
    /// Rows of headings, cells by their column.
    pub(super) headings: Vec<Vec<(usize, Vec<u8>)>>,
    /// Keys of what has not ended, outermost first.
    pub(super) keys: Vec<Vec<u8>>,
    /// Columns by table of a database's dump, and those of the statement that has not ended.
    pub(super) sql: sql::Known,
}

impl Above {
    /// Rows that name the columns of a block, one a line, cells separated by tabs.
    pub fn with_rows(rows: &str) -> Above {
        let cells = |row: &str| -> Vec<(usize, Vec<u8>)> {
            let cells = row.split('\t').enumerate().filter(|(_, cell)| !cell.trim().is_empty());
            cells.map(|(column, cell)| (column, cell.trim().as_bytes().to_vec())).collect()
        };
        Known { delimiter: Some(b'\t'), headings: rows.lines().map(cells).collect(), ..Known::default() }.into()
    }

    /// The same rows as [`Above::with_rows`] takes.
    pub fn rows(&self) -> String {
        let mut text = String::new();
        for row in &self.known().headings {
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
    pub(in super::super) fn labels(&self) -> impl Iterator<Item = &[u8]> {
        let known = self.known();
        let cells = known.headings.iter().flatten().map(|(_, cell)| cell);
        cells.chain(&known.keys).chain(known.sql.columns()).map(Vec::as_slice)
    }

    /// What is known behind a whole text that `above` stands above. `is_built`: an extractor has
    /// put it together, with tabs between the cells of a row.
    pub fn after(text: &[u8], above: Option<&Above>, is_built: bool) -> Above {
        Outline::all(text, above, is_built).after(text, text.len())
    }

    /// What is known behind a text above which nothing stands. Keeps a copy of the text, which is
    /// gone through when it matters.
    pub fn behind(text: &[u8]) -> Above {
        Above { text: text.to_vec(), known: OnceLock::new() }
    }

    pub(super) fn known(&self) -> &Known {
        let text = &self.text;
        self.known.get_or_init(|| Outline::all(text, None, false).known(text, text.len()))
    }
}

impl From<Known> for Above {
    fn from(known: Known) -> Above {
        Above { text: Vec::new(), known: known.into() }
    }
}

impl PartialEq for Above {
    fn eq(&self, other: &Above) -> bool {
        self.known() == other.known()
    }
}

impl Eq for Above {}

impl fmt::Debug for Above {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the text.
        f.debug_tuple("Above").field(&self.known.get()).finish()
    }
}
