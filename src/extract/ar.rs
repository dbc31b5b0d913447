//! ar (`ar(5)`, GNU and BSD long names): static libraries, and Debian packages.

use std::io::Read;

use super::part::{Part, fill};
use super::{Input, Visit, name};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

/// Begins the file.
pub(super) const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;
/// Longest table of long names that is taken, in bytes.
const MOST_NAMES: u64 = 16 << 20;

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let damaged = || Problem::new(ProblemKind::Damaged, "ar");
    let source = &mut *input.reader;
    fill(source, &mut [0; MAGIC.len()])?;
    let mut names = Vec::new();
    let mut header = [0; HEADER];
    loop {
        match fill(source, &mut header)? {
            0 => return Ok(()),
            HEADER if header.ends_with(b"`\n") => {}
            _ => return Err(damaged()),
        }
        let short = header[..16].trim_ascii_end();
        let size = decimal(&header[48..58]).ok_or_else(damaged)?;
        let padding = size % 2;
        let mut part = Part::new(source, size, "ar");
        if short == b"//" {
            names = part.bytes(MOST_NAMES)?.ok_or_else(damaged)?;
        } else {
            let mut path = short.strip_suffix(b"/").unwrap_or(short).to_vec();
            if let Some(length) = short.strip_prefix(b"#1/").and_then(decimal) {
                // BSD: the name stands before the content.
                let mut long = vec![0; usize::try_from(length).ok().filter(|&n| n <= 4096).ok_or_else(damaged)?];
                part.read_exact(&mut long).map_err(|e| Problem::from_io(&e))?;
                path = long.split(|&b| b == 0).next().unwrap_or_default().to_vec();
            } else if let Some(at) = short.strip_prefix(b"/").and_then(decimal) {
                let rest = usize::try_from(at).ok().and_then(|at| names.get(at..)).unwrap_or_default();
                let long = rest.split(|&b| b == b'\n').next().unwrap_or_default();
                path = long.strip_suffix(b"/").unwrap_or(long).to_vec();
            }
            let shown = if path.is_empty() { "symbols".to_owned() } else { name::decode(&path) };
            if visit.member(Step::Member(shown.into()), &mut part).is_err() {
                return Ok(());
            }
            part.skip()?;
        }
        fill(source, &mut [0; 1][..padding as usize])?;
    }
}

fn decimal(field: &[u8]) -> Option<u64> {
    std::str::from_utf8(field).ok()?.trim_end().parse().ok()
}
