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

/// Calls back with every value that begins in the range. Linear in the text.
pub(super) type Finder = fn(&[u8], Range<usize>, &mut dyn FnMut(Sighting));

const FINDERS: [(&str, Finder); 4] = [
    ("ledger", |_, _, _| {}),
    ("japanese-addresses", addresses::find),
    ("japanese-names", names::in_text),
    ("name-cells", names::in_cells),
];

/// The finder of a name.
pub(super) fn find(name: &str) -> Option<Finder> {
    FINDERS.iter().find(|(n, _)| *n == name).map(|&(_, finder)| finder)
}
