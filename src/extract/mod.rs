//! Containers and documents → what is inside, picked by content, never by name alone.
//!
//! The bytes of a file or member in, its members (each a stream with one more step of origin)
//! out to a [`Visit`]or. An extractor only takes apart; the scan loop looks at what comes out,
//! under the one budget of the file.

mod ar;
mod blocks;
mod cab;
mod cpio;
mod crypt;
mod format;
mod image;
mod input;
pub mod isolate;
mod iwork;
mod lzh;
mod lzip;
mod mail;
mod name;
mod office;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
mod passwords;
mod pdf;
mod section;
mod sevenz;
mod sniff;
mod sqlite;
mod stream;
mod tar;
mod unpacked;
mod whole;
mod xml;
mod zip;
mod zstd;

use std::io::{self, Read};

use crate::chunk::Step;
use crate::error::Problem;
use crate::text::Encoding;

pub use format::{FORMATS, Format, Signature};
pub use input::{Input, OnDisk, ReadAt};
pub use passwords::stated;
pub use sniff::{GIT, HEAD, Kind, TAIL, sniff, sniff_end, sniff_far, sniff_name};
pub use sqlite::Database;

/// Takes what an extractor finds.
pub trait Visit {
    /// A member's bytes (a file in an archive, an attachment), read before this returns. It
    /// may be anything, also another container. An error means: stop, the budget is spent;
    /// whatever was not looked at has been reported already.
    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()>;

    /// A member that the container says is text in this encoding. It is looked at as any
    /// member; what it says helps where the bytes themselves are too few to tell.
    fn text(&mut self, step: Step, encoding: Encoding, bytes: &mut dyn Read) -> io::Result<()> {
        let _ = encoding;
        self.member(step, bytes)
    }

    /// Bytes of a container that belong to no member, read as they are, whatever they look
    /// like. The same error as for a member.
    fn raw(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        self.member(step, bytes)
    }

    /// Text that an extractor has put together itself (a page, rows of a sheet, a mail's
    /// headers). Text of any length comes in blocks of up to some 256 KiB that end where no
    /// value can go on (a row, a page). The same error as for a member.
    fn block(&mut self, block: &Block<'_>) -> io::Result<()>;

    /// Passwords to try on what is encrypted, the likeliest first. To be asked for only once
    /// something is encrypted: finding them may take a while.
    fn passwords(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// Something that could not be looked at: a member, or (with no step) the container.
    fn problem(&mut self, step: Option<Step>, problem: Problem);
}

/// Text out of a document, and what its parts are called.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The text, in UTF-8. Cells of a row are separated by tabs, rows and paragraphs by line
    /// ends, so that context words and column headers work as in a file of tab-separated values.
    pub text: &'a str,
    /// Where in `text` which part begins, in order. A finding's last step is the part it begins
    /// in, and its position counts from that part's beginning.
    pub marks: &'a [Mark],
    /// The rows above this block that name its columns, if any: one a line, cells separated by
    /// tabs.
    pub header: Option<&'a str>,
}

/// The beginning of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Offset in the block's text, in bytes.
    pub at: usize,
    /// The part: a cell, a page, a paragraph's part name.
    pub step: Step,
}

/// Takes an input apart. A `Problem` means that it could not be read to its end; what came out
/// before that has been looked at.
pub type Extract = fn(&mut Input<'_>, &mut dyn Visit) -> Result<(), Problem>;
