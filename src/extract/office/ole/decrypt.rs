//! Encrypted streams of Office 97 to 2003 documents → the plain streams, of the same length.
//!
//! Each program encrypts other parts of its stream: Excel the records' data (MS-XLS §2.2.10), Word
//! all but the header's beginning (MS-DOC §2.2.6), PowerPoint single objects (MS-PPT §2.3.7). An
//! unencrypted stream comes back as it is.

use super::bytes::{u16_at, u32_at};
use crate::error::{Problem, ProblemKind};
use crate::extract::Visit;
use crate::extract::crypt::{Obfuscation, StreamKey};

/// Bytes of a workbook that share a key.
const EXCEL_BLOCK: usize = 1024;
/// Bytes of a Word stream that share a key.
const WORD_BLOCK: usize = 512;
/// Bytes of a Word document that are never encrypted.
const WORD_HEADER: usize = 68;

// Records of a workbook, MS-XLS §2.3.
const FILE_PASS: u16 = 0x2F;
const SHEET: u16 = 0x85;
/// Records that are never encrypted: beginnings, this one, users, locks, revisions.
const PLAIN_RECORDS: [u16; 10] = [0x09, 0x209, 0x409, 0x809, FILE_PASS, 0xE1, 0x138, 0x194, 0x195, 0x196];

/// Records of a workbook: offsets of their data, types and lengths, up to the first that is cut.
fn records(stream: &[u8]) -> impl Iterator<Item = (usize, u16, usize)> + use<'_> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = at + 4;
        at = data + length;
        (at <= stream.len()).then_some((data, kind, length))
    })
}

/// A workbook.
pub(super) fn workbook(mut stream: Vec<u8>, visit: &mut dyn Visit) -> Result<Vec<u8>, Problem> {
    /// Records before this one are few.
    const WITHIN: usize = 64;
    let Some((at, _, length)) = records(&stream).take(WITHIN).find(|(_, kind, _)| *kind == FILE_PASS) else {
        return Ok(stream);
    };
    let info = &stream[at..at + length];
    // Before BIFF8 there was but one kind, and no number for it.
    let obfuscated = match (u16_at(&stream, 4).unwrap_or(0), info) {
        (0x600.., [0, 0, rest @ ..]) => Some(rest),
        (0x600.., _) => None,
        (_, info) => Some(info),
    };
    let cipher = match obfuscated {
        Some(info) => {
            let (Some(key), Some(verifier)) = (u16_at(info, 0), u16_at(info, 2)) else { return Err(damaged("xls")) };
            Cipher::Xor(Obfuscation::open(key, verifier, visit)?)
        }
        None => Cipher::Rc4(StreamKey::open("xls", info.get(2..).unwrap_or_default(), visit)?),
    };
    let places: Vec<_> = records(&stream).collect();
    let mut plain = stream.clone();
    match cipher {
        Cipher::Rc4(key) => key.decrypt(&mut plain, EXCEL_BLOCK),
        Cipher::Xor(key) => places.iter().for_each(|&(at, _, length)| key.decrypt(&mut plain[at..at + length], at)),
    }
    for (at, kind, length) in places {
        // Where a sheet begins is not encrypted, so that readers can find it.
        let from = if kind == SHEET { length.min(4) } else { 0 };
        if !PLAIN_RECORDS.contains(&kind) {
            stream[at + from..at + length].copy_from_slice(&plain[at + from..at + length]);
        } else if kind == FILE_PASS {
            // Nothing is encrypted any more.
            stream[at - 4..at - 2].fill(0);
        }
    }
    Ok(stream)
}

enum Cipher {
    Xor(Obfuscation),
    Rc4(StreamKey),
}

/// The key of a Word document, whose table stream begins with what is to be known of it; `None`
/// if it is not encrypted.
pub(super) fn document_key(document: &[u8], table: &[u8], visit: &mut dyn Visit) -> Result<Option<StreamKey>, Problem> {
    let flags = u16_at(document, 0x0A).unwrap_or(0);
    match (flags & 0x0100, flags & 0x8000) {
        (0, _) => Ok(None),
        (_, 0) => StreamKey::open("doc", table, visit).map(Some),
        _ => Err(Problem::new(ProblemKind::Unsupported, "doc (XOR obfuscation)")),
    }
}

/// Decrypts the stream `WordDocument`.
pub(super) fn document(key: &StreamKey, stream: &mut [u8]) {
    let mut header = stream[..WORD_HEADER.min(stream.len())].to_vec();
    key.decrypt(stream, WORD_BLOCK);
    // Not encrypted any more.
    if let Some(flags) = header.get_mut(0x0B) {
        *flags &= !1;
    }
    stream[..header.len()].copy_from_slice(&header);
}

/// Decrypts any other stream of a Word document.
pub(super) fn beside_document(key: &StreamKey, stream: &mut [u8]) {
    key.decrypt(stream, WORD_BLOCK);
}

// Records of a presentation, MS-PPT §2.13.24.
const USER_EDIT: u16 = 0x0FF5;
const PERSISTENT_OBJECTS: u16 = 0x1772;
const CRYPT_SESSION: u16 = 0x2F14;
/// `CurrentUserAtom.headerToken` of an encrypted presentation, MS-PPT §2.3.2.
const ENCRYPTED: u32 = 0xF3D1_C4DF;
/// Edits of a presentation that are followed back.
const MOST_EDITS: usize = 1000;

/// A presentation; `user` is its stream `Current User`.
pub(super) fn presentation(mut stream: Vec<u8>, user: &[u8], visit: &mut dyn Visit) -> Result<Vec<u8>, Problem> {
    if u32_at(user, 12) != Some(ENCRYPTED) {
        return Ok(stream);
    }
    let damaged = || damaged("ppt");
    let edit = u32_at(user, 16).ok_or_else(damaged)?;
    let (objects, session) = objects(&stream, edit).ok_or_else(damaged)?;
    let session = objects.iter().find(|(id, _)| *id == session).ok_or_else(damaged)?.1;
    let (CRYPT_SESSION, info) = record(&stream, session).ok_or_else(damaged)? else { return Err(damaged()) };
    let key = StreamKey::open("ppt", info, visit)?;
    for (id, at) in objects {
        if at == session {
            continue;
        }
        // The length is encrypted as well.
        let mut head = <[u8; 8]>::try_from(stream.get(at..at + 8).ok_or_else(damaged)?).map_err(|_| damaged())?;
        key.block(id).apply(&mut head);
        let length = u32_at(&head, 4).unwrap_or(0) as usize;
        let end = at.checked_add(8 + length).ok_or_else(damaged)?;
        key.block(id).apply(stream.get_mut(at..end).ok_or_else(damaged)?);
    }
    // Nothing is encrypted any more.
    stream[session..session + 4].fill(0);
    Ok(stream)
}

/// Numbers and offsets of a presentation's objects, and the number of the one that says how they
/// are encrypted. MS-PPT §2.3.3–§2.3.5.
fn objects(stream: &[u8], edit: u32) -> Option<(Vec<(u32, usize)>, u32)> {
    let mut objects: Vec<(u32, usize)> = Vec::new();
    let (mut edit, mut session) = (edit as usize, None);
    for _ in 0..MOST_EDITS {
        let (USER_EDIT, content) = record(stream, edit)? else { return None };
        session = session.or(u32_at(content, 28));
        let (PERSISTENT_OBJECTS, mut list) = record(stream, u32_at(content, 12)? as usize)? else { return None };
        while let Some(first) = u32_at(list, 0) {
            // Twelve bits how many, twenty bits the number of the first.
            let (count, number) = ((first >> 20) as usize, first & 0xF_FFFF);
            for i in 0..count {
                let id = number + i as u32;
                // A later edit replaces what an earlier one says, and comes first here.
                if !objects.iter().any(|(known, _)| *known == id) {
                    objects.push((id, u32_at(list, 4 + 4 * i)? as usize));
                }
            }
            list = list.get(4 + 4 * count..)?;
        }
        match u32_at(content, 8)? {
            0 => break,
            before => edit = before as usize,
        }
    }
    Some((objects, session?))
}

/// The record at an offset: its type and content.
fn record(stream: &[u8], at: usize) -> Option<(u16, &[u8])> {
    let length = u32_at(stream, at.checked_add(4)?)? as usize;
    Some((u16_at(stream, at + 2)?, stream.get(at + 8..at.checked_add(8)?.checked_add(length)?)?))
}

fn damaged(format: &str) -> Problem {
    Problem::new(ProblemKind::Damaged, format)
}
