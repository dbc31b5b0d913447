//! The formats that can be taken apart: one row each.
//!
//! A new format is a file in this folder and a row here.

use super::{Extract, gzip};

/// A format that can be taken apart.
#[derive(Debug)]
pub struct Format {
    /// Its name for people: `zip`, `pdf`.
    pub name: &'static str,
    /// How it is recognised.
    pub signature: Signature,
    /// How to take it apart.
    pub extract: Extract,
    /// Is its parser so intricate that it runs in a locked-down process of its own?
    pub isolated: bool,
}

/// How a format is recognised.
#[derive(Debug)]
pub enum Signature {
    /// Any of these bytes at their offset (in bytes, within [`super::HEAD`]).
    Magic(&'static [(usize, &'static [u8])]),
    /// A test of the first [`super::HEAD`] bytes (or all, if there are fewer), for formats
    /// without a magic number.
    Head(fn(&[u8]) -> bool),
    /// A zip that has an entry of any of these names.
    ZipEntry(&'static [&'static str]),
}

/// Every format; the first that fits holds.
pub static FORMATS: &[Format] = &[
    // RFC 1952.
    Format {
        name: "gzip",
        signature: Signature::Magic(&[(0, b"\x1f\x8b\x08")]),
        extract: gzip::extract,
        isolated: false,
    },
];

impl Format {
    /// Does an input that begins with `head` have this format?
    pub(super) fn fits(&self, head: &[u8]) -> bool {
        match &self.signature {
            Signature::Magic(magic) => magic.iter().any(|(at, bytes)| begins(head, *at, bytes)),
            Signature::Head(test) => test(head),
            Signature::ZipEntry(_) => false,
        }
    }
}

/// Do these bytes stand at that offset?
pub(super) fn begins(head: &[u8], at: usize, bytes: &[u8]) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(bytes))
}
