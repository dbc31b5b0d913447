//! Word 97–2003 (MS-DOC): the pieces of the text in their order, each part by its name.
//!
//! Older documents, whose text is one run of bytes of a code page, are read as that.

use super::bytes::{u16_at, u32_at};
use super::carve;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;
use crate::extract::office::codepage;

/// Parts of the text in their order, each with the place of its length in the header
/// (MS-DOC §2.5.4).
const PARTS: [(&str, usize); 7] = [
    ("document", 0x4C),
    ("footnotes", 0x50),
    ("headers and footers", 0x54),
    ("comments", 0x5C),
    ("endnotes", 0x60),
    ("text boxes", 0x64),
    ("header text boxes", 0x68),
];

/// The table stream that a document uses.
pub(super) fn table_name(document: &[u8]) -> &'static str {
    if u16_at(document, 0x0A).unwrap_or(0) & 0x0200 == 0 { "0Table" } else { "1Table" }
}

/// Hands on the text of a document.
pub(super) fn read(document: &[u8], table: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let flags = u16_at(document, 0x0A).ok_or_else(damaged)?;
    if flags & 0x0100 != 0 {
        return Err(Problem::new(ProblemKind::Encrypted, "doc"));
    }
    if u16_at(document, 2).unwrap_or(0) < 0xC1 {
        return old(document, blocks);
    }
    match pieces(document, table) {
        Some(text) => parts(document, &text, blocks),
        None => {
            // Better all text without order than none.
            carve::read(document, &Step::Member("document".into()), blocks)?;
            Err(damaged())
        }
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "doc")
}

/// The whole text by character positions, as UTF-16 units; `None` if the piece table is broken.
/// MS-DOC §2.4.1, §2.8.35.
fn pieces(document: &[u8], table: &[u8]) -> Option<Vec<u16>> {
    let (at, length) = (u32_at(document, 0x1A2)? as usize, u32_at(document, 0x1A6)? as usize);
    let mut clx = table.get(at..at.checked_add(length)?)?;
    while let [1, rest @ ..] = clx {
        clx = rest.get(2 + usize::from(u16_at(rest, 0)?)..)?;
    }
    let plc = clx.strip_prefix(&[2])?;
    let plc = plc.get(4..4usize.checked_add(u32_at(plc, 0)? as usize)?)?;
    let count = plc.len().checked_sub(4)? / 12;
    let mut text = Vec::new();
    for i in 0..count {
        let (from, to) = (u32_at(plc, 4 * i)?, u32_at(plc, 4 * i + 4)?);
        let length = to.checked_sub(from)? as usize;
        let place = u32_at(plc, 4 * (count + 1) + 8 * i + 2)?;
        let begin = (place & 0x3FFF_FFFF) as usize;
        match place & 0x4000_0000 {
            0 => {
                let bytes = document.get(begin..begin.checked_add(length.checked_mul(2)?)?)?;
                text.extend(bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])));
            }
            _ => {
                let bytes = document.get(begin / 2..(begin / 2).checked_add(length)?)?;
                text.extend(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.encode_utf16());
            }
        }
        // Pieces may overlap in the file; no text is longer than what could be written.
        if text.len() > document.len().checked_mul(4)? {
            return None;
        }
    }
    Some(text)
}

fn parts(document: &[u8], text: &[u16], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut rest = text;
    for (name, place) in PARTS {
        let length = (u32_at(document, place).unwrap_or(0) as usize).min(rest.len());
        let (part, after) = rest.split_at(length);
        rest = after;
        write(name, &String::from_utf16_lossy(part), blocks)?;
    }
    // Lengths that do not add up hide nothing.
    write("document", &String::from_utf16_lossy(rest), blocks)
}

/// Word's own control characters (MS-DOC §2.4.1): marks of cells, paragraphs, fields.
fn write(name: &str, text: &str, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    blocks.part(Step::Member(name.into()));
    for line in text.split(['\r', '\u{B}', '\u{C}', '\n']) {
        // A row ends with a cell mark of its own.
        for row in line.split("\u{7}\u{7}") {
            let row: String = row.chars().filter_map(plain).collect();
            blocks.push(&row)?;
            blocks.line()?;
        }
    }
    blocks.finish()
}

fn plain(c: char) -> Option<char> {
    match c {
        '\u{7}' => Some('\t'),
        '\u{13}'..='\u{15}' => Some(' '),
        '\u{1E}' => Some('-'),
        '\t' => Some('\t'),
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Word 6 and 95: bytes between two places of the header.
fn old(document: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let (from, to) = (u32_at(document, 0x18).ok_or_else(damaged)?, u32_at(document, 0x1C).ok_or_else(damaged)?);
    let bytes = document.get(from as usize..to as usize).ok_or_else(damaged)?;
    // The header's language is that of the program, not of the text: ask the bytes.
    let (text, _, wrong) = encoding_rs::SHIFT_JIS.decode(bytes);
    let text = if wrong { codepage::encoding(1252).decode_without_bom_handling(bytes).0 } else { text };
    write("document", &text, blocks)
}
