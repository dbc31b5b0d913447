//! LHA/LZH, the archive of Japanese mail of the nineties: header levels 0 to 3.

use std::io::{self, Read};

use delharc::{LhaDecodeReader, LhaHeader};

use super::{Input, Visit, name};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

/// Is this the first header of an archive? The method stands in it as `-lh5-`, the header's
/// level behind it.
pub(super) fn is_lzh(head: &[u8]) -> bool {
    let method = |m: &[u8]| m[0] == b'-' && matches!(&m[1..3], b"lh" | b"lz" | b"pm") && m[4] == b'-';
    head.get(2..7).is_some_and(method) && head.get(20).is_some_and(|&level| level <= 3)
}

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let damaged = || Problem::new(ProblemKind::Damaged, "lzh");
    let mut source = Source { inner: input.reader, ended: false };
    let mut archive = LhaDecodeReader::new(&mut source).map_err(|_| damaged())?;
    loop {
        let step = Step::Member(path(archive.header()).into());
        if !archive.header().is_directory() {
            if archive.is_decoder_supported() {
                let mut content = Content { archive: &mut archive };
                if visit.member(step, &mut content).is_err() {
                    return Ok(());
                }
            } else {
                let method = String::from_utf8_lossy(&archive.header().compression).into_owned();
                visit.problem(Some(step), Problem::new(ProblemKind::Unsupported, format!("lzh ({method})")));
            }
        }
        match archive.next_file() {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(damaged()),
        }
    }
    drop(archive);
    // The end is marked by an empty header; the end of the file is not enough.
    if source.ended {
        return Err(damaged());
    }
    // It fails only when the budget is spent, which has been reported.
    let _ = visit.raw(Step::Member("rest".into()), &mut source);
    Ok(())
}

/// Notices the end of the file.
struct Source<'a> {
    inner: &'a mut dyn Read,
    ended: bool,
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.ended |= n == 0 && !buffer.is_empty();
        Ok(n)
    }
}

/// A member's content. Fails at its end if the checksum is wrong.
struct Content<'a, R: Read> {
    archive: &'a mut LhaDecodeReader<R>,
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let problem = || Problem::new(ProblemKind::Damaged, "lzh");
        match self.archive.read(buffer) {
            Ok(0) if !buffer.is_empty() && !self.archive.crc_is_ok() => Err(problem().into()),
            Ok(n) => Ok(n),
            Err(_) => Err(problem().into()),
        }
    }
}

/// The member's path: folders and file name stand in extra fields, or together in the header.
fn path(header: &LhaHeader) -> String {
    let (mut folder, mut file) = (Vec::new(), header.filename.to_vec());
    for field in header.iter_extra() {
        match field {
            [1, rest @ ..] => file = rest.to_vec(),
            // Folders end in 0xFF, which no code page uses.
            [2, rest @ ..] => folder = rest.iter().map(|&b| if b == 0xFF { b'/' } else { b }).collect(),
            _ => {}
        }
    }
    name::decode(&[folder, file].concat())
}
