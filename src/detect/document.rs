//! What the name of a document says of everything in it.
//!
//! A name in, facts out. Judges nothing.

use super::author::{is_documentation, is_public_document, is_source_code};

/// What is known of a text by the name of its file or member.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The path of its file or member, as far as it is known.
    pub path: String,
    /// The system's own documentation lies there.
    pub documentation: bool,
    /// It says who made something, as licences and manual pages do.
    pub public: bool,
    /// It is source code, whose comments say who wrote it.
    pub source_code: bool,
}

/// A text without a name.
pub(super) static NAMELESS: Document =
    Document { path: String::new(), documentation: false, public: false, source_code: false };

impl Document {
    /// The document of this name and, as far as it is known, path; `file` is the path of the file it
    /// lies in.
    pub fn of(name: &str, path: &str, file: &str) -> Document {
        Document {
            path: path.to_owned(),
            documentation: is_documentation(file),
            public: is_public_document(name),
            source_code: is_source_code(name),
        }
    }
}
