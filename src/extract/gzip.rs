//! gzip (RFC 1952): all members of the stream, one after another, as one content.

use std::io;

use flate2::read::MultiGzDecoder;

use super::{Input, Visit};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

const NAME: &str = "gzip";

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let mut content = MultiGzDecoder::new(&mut input.reader);
    visit.member(Step::Member(inner_name(input.name).into()), &mut content).map_err(|e| damaged(&e))
}

/// As gunzip would name it; the name field in the header is often absent and easily wrong.
fn inner_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, "gz" | "GZ" | "z" | "Z")) if !stem.is_empty() => stem.to_owned(),
        Some((stem, "tgz" | "TGZ")) if !stem.is_empty() => format!("{stem}.tar"),
        _ => NAME.to_owned(),
    }
}

fn damaged(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Problem::new(ProblemKind::Damaged, NAME)
        }
        _ => Problem::from_io(error),
    }
}
