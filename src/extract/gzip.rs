//! gzip (RFC 1952): all members of the stream, one after another, as one content.

use std::io;

use flate2::read::MultiGzDecoder;

use super::{Input, Visit};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

/// The step inward: gzip's own name field is not to be trusted and often absent.
const NAME: &str = "gzip";

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let mut content = MultiGzDecoder::new(&mut input.reader);
    visit.member(Step::Member(NAME.into()), &mut content).map_err(|e| damaged(&e))
}

fn damaged(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Problem::new(ProblemKind::Damaged, NAME)
        }
        _ => Problem::from_io(error),
    }
}
