//! Lists and texts that are either part of the binary or made at run time.
//!
//! What `{:?}` prints of them is a Rust expression: `build.rs` writes the built-in patterns'
//! tables that way.

use std::fmt::{Debug, Formatter, Result};
use std::ops::Deref;

/// A list that does not change any more.
pub enum List<T: 'static> {
    /// Part of the binary.
    Static(&'static [T]),
    /// Made at run time.
    Owned(Vec<T>),
}

impl<T> Deref for List<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        match self {
            List::Static(items) => items,
            List::Owned(items) => items,
        }
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List::Static(&[])
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> List<T> {
        List::Owned(items)
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> List<T> {
        List::Owned(items.into_iter().collect())
    }
}

impl<T: Clone> Clone for List<T> {
    fn clone(&self) -> List<T> {
        match self {
            List::Static(items) => List::Static(items),
            List::Owned(items) => List::Owned(items.clone()),
        }
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &List<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: Debug> Debug for List<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("List::Static(&")?;
        f.debug_list().entries(self.iter()).finish()?;
        f.write_str(")")
    }
}

/// A text that does not change any more.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub std::borrow::Cow<'static, str>);

impl Text {
    /// The expression that `regex_syntax` has written as this text; it reads it by default.
    pub(super) fn parse(&self) -> Option<regex_syntax::hir::Hir> {
        regex_syntax::ParserBuilder::new().utf8(false).build().parse(&self.0).ok()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(text.into())
    }
}

impl Debug for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "Text(std::borrow::Cow::Borrowed({:?}))", &**self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_an_expression() {
        let list: List<(u8, Text)> = vec![(1, Text::from("a\"b".to_owned()))].into();
        let printed = format!("{list:?}");
        assert_eq!(printed, r#"List::Static(&[(1, Text(std::borrow::Cow::Borrowed("a\"b")))])"#);
        let again = List::Static(&[(1, Text(std::borrow::Cow::Borrowed("a\"b")))]);
        assert_eq!(again, list);
        assert_eq!(format!("{:?}", List::<u8>::default()), "List::Static(&[])");
    }
}
