//! Pure checks of a candidate's value, called by the name a detector file gives them.
//!
//! A value and its neighbours in, an [`Outcome`] out. No I/O, no state, no allocation where it
//! can be helped. One family of checks a file; a new check is one function and one row in
//! [`TABLE`].

/// A candidate's value (normalised text: ASCII digits, ASCII hyphens) and what stands around it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// The value alone.
    pub text: &'a str,
    /// Up to 64 bytes before it on the same line.
    pub before: &'a str,
    /// Up to 64 bytes after it on the same line.
    pub after: &'a str,
}

impl<'a> Value<'a> {
    /// A value with nothing around it.
    pub fn bare(text: &'a str) -> Value<'a> {
        Value { text, before: "", after: "" }
    }

    /// The ASCII digits of the value, in order.
    pub fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + Clone + 'a {
        self.text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0')
    }
}

/// What a check says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something random would not have passed; the reason (`check-digit`, `checksum`, …) is
    /// shown and raises the confidence.
    Proves(&'static str),
    /// Nothing speaks against it.
    Fits,
    /// Probably not what it looks like (`placeholder`, `checksum-wrong`, `test-number`, …):
    /// the finding stays, with confidence `low` and this reason.
    Doubts(&'static str),
    /// Not a candidate at all.
    Rejects,
}

/// A check function.
pub type Check = fn(&Value<'_>) -> Outcome;

/// Every check by name.
pub const TABLE: &[(&str, Check)] = &[];

/// Finds a check by the name used in detector files.
pub fn find(name: &str) -> Option<Check> {
    TABLE.iter().find(|(n, _)| *n == name).map(|&(_, check)| check)
}
