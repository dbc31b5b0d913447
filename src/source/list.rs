//! A source of items that are already known: standard input, single blobs, tests.

use super::{Item, Source};

/// Hands out the given items in their order.
#[derive(Debug)]
pub struct List {
    items: std::vec::IntoIter<Item>,
}

impl List {
    /// A source of these items.
    pub fn new(items: Vec<Item>) -> List {
        List { items: items.into_iter() }
    }
}

impl Source for List {
    fn next(&mut self, items: &mut Vec<Item>, most: usize) {
        items.extend(self.items.by_ref().take(most));
    }
}
