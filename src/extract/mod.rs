//! Containers and documents → what is inside, picked by content, never by name alone.
//!
//! The bytes of a file or member in, its members (each a stream with one more step of origin)
//! out to a [`Visit`]or. An extractor only takes apart; the scan loop looks at what comes out,
//! under the one budget of the file.

mod gzip;
mod sniff;

use std::io::{self, Read};

use crate::chunk::Step;
use crate::error::Problem;

pub use sniff::{HEAD, Kind, sniff};

/// A container or document to take apart.
pub struct Input<'a> {
    /// Its bytes from the beginning, once.
    pub reader: &'a mut dyn Read,
    /// Its size where known, in bytes.
    pub size: Option<u64>,
}

/// Takes what an extractor finds.
pub trait Visit {
    /// A member's bytes, read before this returns. An error means that its bytes could not be
    /// read to the end; what was not looked at has been reported already.
    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()>;

    /// Something that could not be looked at: a member, or (with no step) the container.
    fn problem(&mut self, step: Option<Step>, problem: Problem);
}

/// Takes an input apart. A `Problem` means that it could not be read to its end.
pub type Extract = fn(&mut Input<'_>, &mut dyn Visit) -> Result<(), Problem>;

/// A format that can be taken apart.
#[derive(Debug)]
pub struct Format {
    /// Its name for people: `zip`, `pdf`.
    pub name: &'static str,
    /// How to take it apart.
    pub extract: Extract,
}

/// gzip, RFC 1952.
pub static GZIP: Format = Format { name: "gzip", extract: gzip::extract };
