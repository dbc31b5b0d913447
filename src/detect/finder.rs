//! What looks for values that no expression describes; one row a finder.
//!
//! A finder reads a normalised text and says where values stand, with the evidence that only it
//! can have (a dictionary, agreement of two forms). Checks, context and confidence of the
//! detector file apply to what it says as to a pattern's matches.

use std::ops::Range;

use super::{addresses, names};

/// A place where a finder has seen a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    /// The value, in bytes of the text.
    pub(super) value: Range<usize>,
    /// The evidence, by fixed names.
    pub(super) reasons: &'static [&'static str],
    /// The evidence counts like a check that proves the value.
    pub(super) proven: bool,
    /// The evidence alone is weak: the finding is `low` unless something proves it.
    pub(super) weak: bool,
}

/// Calls back with every value that begins in the range. Linear in the range.
pub(super) type Finder = fn(&[u8], Range<usize>, &mut dyn FnMut(Sighting));

/// Which parts of a text a finder is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of a text that is not plain ASCII.
    Japanese,
    /// All of a text that begins with a row of headings, one of which has a word of the detector's.
    Headed,
    /// What surrounds personal data that was found already.
    Surroundings,
}

/// A finder and where it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    name: &'static str,
    pub(super) find: Finder,
    pub(super) reach: Reach,
}

const FINDERS: [Row; 7] = [
    // What the ledger of clients says is looked for by the scan, not in a text alone.
    Row { name: "ledger", find: |_, _, _| {}, reach: Reach::Surroundings },
    Row { name: "japanese-addresses", find: addresses::find, reach: Reach::Japanese },
    Row { name: "japanese-names", find: names::in_text, reach: Reach::Japanese },
    Row { name: "name-cells", find: names::in_cells, reach: Reach::Japanese },
    Row { name: "listed-name-cells", find: names::in_listed_cells, reach: Reach::Japanese },
    Row { name: "latin-name-cells", find: names::in_latin_cells, reach: Reach::Headed },
    Row { name: "latin-names", find: names::in_latin, reach: Reach::Surroundings },
];

/// The finder of a name.
pub(super) fn find(name: &str) -> Option<Row> {
    FINDERS.into_iter().find(|row| row.name == name)
}
