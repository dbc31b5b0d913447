//! Loose objects: a folder `objects/` → (id, kind, content) of each file `xx/yyyy…`.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;

use flate2::bufread::ZlibDecoder;

use super::pack::{Content, Kind, Visit};
use super::{Id, LARGE};
use crate::error::{Problem, ProblemKind};

/// Visits all loose objects but trees, in the order of their ids. `false`: the visitor has
/// ended it.
pub(super) fn walk(objects: &Path, visit: Visit<'_>) -> bool {
    for first in 0..=255u8 {
        let folder = format!("{first:02x}");
        // Most of them do not exist.
        let Ok(entries) = std::fs::read_dir(objects.join(&folder)) else { continue };
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        for name in names {
            let Some(id) = name.to_str().and_then(|name| Id::from_hex(&format!("{folder}{name}"))) else { continue };
            let go_on = match read(&objects.join(&folder).join(&name)) {
                Ok(Some((kind, content))) => visit(id, kind, content),
                Ok(None) => true,
                Err(e) => {
                    let damaged = matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
                        || e.kind() == io::ErrorKind::InvalidInput;
                    let problem = match damaged {
                        true => Problem::new(ProblemKind::Damaged, "loose object"),
                        false => Problem::from_io(&e),
                    };
                    visit(id, Kind::Blob, Content::Broken(problem))
                }
            };
            if !go_on {
                return false;
            }
        }
    }
    true
}

/// Is this where a repository keeps a loose object (`objects/ab/cdef…`)? What lies there is history,
/// which is [`super::Objects`]' to look at: as a file of the tree, each version would be found anew.
pub fn is_loose(path: &Path) -> bool {
    let mut names = path.iter().rev().map(|name| name.as_encoded_bytes());
    let mut is_hex = |lengths: &[usize]| {
        names
            .next()
            .is_some_and(|n| lengths.contains(&n.len()) && n.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
    };
    is_hex(&[38, 62]) && is_hex(&[2]) && names.next() == Some(b"objects")
}

/// The content of a blob that lies loose in this folder; `None` where git has to be asked, whatever
/// the reason.
pub(super) fn blob(objects: &Path, id: Id) -> Option<Vec<u8>> {
    let name = id.to_string();
    match read(&objects.join(&name[..2]).join(&name[2..])) {
        Ok(Some((Kind::Blob, Content::Bytes(bytes)))) => Some(bytes),
        _ => None,
    }
}

/// Reads an object: `TYPE SIZE NUL content`, deflated. `None` for a tree.
fn read(path: &Path) -> io::Result<Option<(Kind, Content)>> {
    let mut inflated = BufReader::new(ZlibDecoder::new(BufReader::new(File::open(path)?)));
    let mut header = Vec::new();
    inflated.by_ref().take(32).read_until(0, &mut header)?;
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let header = std::str::from_utf8(&header).map_err(|_| invalid())?;
    let (kind, size) = header.trim_end_matches('\0').split_once(' ').ok_or_else(invalid)?;
    let kind = match kind {
        "blob" => Kind::Blob,
        "commit" => Kind::Commit,
        "tag" => Kind::Tag,
        "tree" => return Ok(None),
        _ => return Err(invalid()),
    };
    let size: u64 = size.parse().map_err(|_| invalid())?;
    if size > LARGE {
        return Ok(Some((kind, Content::TooLong)));
    }
    let mut bytes = Vec::with_capacity(size as usize);
    inflated.take(size + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != size {
        return Err(invalid());
    }
    Ok(Some((kind, Content::Bytes(bytes))))
}
