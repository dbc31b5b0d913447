//! What the name of a document says of everything in it.
//!
//! A name in, facts out. Judges nothing.

use super::author::{is_public_document, is_source_code};

/// What is known of a text by the name of its file or member.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// It says who made something, as licences and manual pages do.
    pub public: bool,
    /// It is source code, whose comments say who wrote it.
    pub source_code: bool,
}

/// A text without a name.
pub(super) static NAMELESS: Document = Document { public: false, source_code: false };

impl Document {
    /// The document of this name (the last part of its path).
    pub fn of(name: &str) -> Document {
        Document { public: is_public_document(name), source_code: is_source_code(name) }
    }
}
