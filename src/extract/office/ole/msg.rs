//! Outlook messages (MS-OXMSG): texts of the message, its recipients and its attachments, files
//! as members.
//!
//! Every stream is one property, named after it; a storage is a recipient, an attachment or a
//! message within the message.

use super::bytes::utf16;
use super::{File, name};
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;
use crate::extract::office::codepage;

// Properties, MS-OXPROPS.
const HTML: u16 = 0x1013;
const RTF: u16 = 0x1009;
const ATTACHED_DATA: u16 = 0x3701;
const ATTACHED_LONG_NAME: u16 = 0x3707;
const ATTACHED_NAME: u16 = 0x3704;
const INTERNET_CODE_PAGE: u32 = 0x3FDE_0003;
const MESSAGE_CODE_PAGE: u32 = 0x3FFD_0003;

// Types of values.
const TEXT: u16 = 0x001F;
const BYTES_TEXT: u16 = 0x001E;
const BINARY: u16 = 0x0102;

/// Most bytes that compressed RTF may become.
const MOST_RTF: usize = 64 << 20;

/// Looks at the streams of a message, given by their paths.
pub(super) fn read(file: &mut File, paths: &[String], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let page = code_page(file)?;
    for path in paths {
        let Some((folder, last)) = path.rsplit_once('/') else { continue };
        let Some((property, kind)) = property(last) else { continue };
        let step = Step::Member(part(folder).into());
        let content = match file.read(path) {
            Ok(content) => content.unwrap_or_default(),
            Err(problem) => {
                blocks.visit().problem(Some(step), problem);
                continue;
            }
        };
        match (property, kind) {
            (ATTACHED_DATA, BINARY) => {
                let name = attached_name(file, folder, page)?;
                member(blocks, Step::Member(name.into()), &content)?;
            }
            (HTML, BINARY) => member(blocks, Step::Member("body.html".into()), &content)?,
            (RTF, BINARY) => {
                let rtf = decompress(&content).unwrap_or(content);
                member(blocks, Step::Member("body.rtf".into()), &rtf)?;
            }
            (_, TEXT) => write(blocks, step, label(property), &utf16(&content))?,
            (_, BYTES_TEXT) => write(blocks, step, label(property), &codepage::decode(&content, page))?,
            (_, BINARY) => member(blocks, Step::Member(name(path).into()), &content)?,
            _ => {}
        }
    }
    blocks.finish()
}

/// `__substg1.0_0037001F` as property and type; values of lists have an index after it.
fn property(stream: &str) -> Option<(u16, u16)> {
    let tag = stream.strip_prefix("__substg1.0_")?.split('-').next()?;
    let tag = u32::from_str_radix(tag, 16).ok()?;
    // A list's values have the type of one.
    Some(((tag >> 16) as u16, tag as u16 & !0x1000))
}

/// What a person calls the properties that matter most.
fn label(property: u16) -> &'static str {
    match property {
        0x0037 => "Subject: ",
        0x0C1A | 0x0042 => "From: ",
        0x0E04 => "To: ",
        0x0E03 => "Cc: ",
        0x0E02 => "Bcc: ",
        _ => "",
    }
}

/// What a storage is called.
fn part(folder: &str) -> &'static str {
    if folder.contains("__substg1.0_3701000D") {
        "attached message"
    } else if folder.contains("__attach") {
        "attachment"
    } else if folder.contains("__recip") {
        "recipients"
    } else {
        "message"
    }
}

fn write(blocks: &mut Blocks<'_>, step: Step, label: &str, text: &str) -> Result<(), Problem> {
    blocks.part(step);
    if !text.is_empty() {
        blocks.push(label)?;
    }
    for line in text.split(['\r', '\n', '\0']) {
        blocks.push(line)?;
        blocks.line()?;
    }
    Ok(())
}

fn member(blocks: &mut Blocks<'_>, step: Step, content: &[u8]) -> Result<(), Problem> {
    blocks.member(step, &mut &*content)
}

fn attached_name(file: &mut File, folder: &str, page: u32) -> Result<String, Problem> {
    for property in [ATTACHED_LONG_NAME, ATTACHED_NAME] {
        if let Some(text) = file.read(&format!("{folder}/__substg1.0_{property:04X}001F"))? {
            return Ok(utf16(&text));
        }
        if let Some(text) = file.read(&format!("{folder}/__substg1.0_{property:04X}001E"))? {
            return Ok(codepage::decode(&text, page));
        }
    }
    Ok("attachment".to_owned())
}

/// The code page of texts that are bytes: among the fixed-size properties, 16 bytes each after a
/// header of 32 (MS-OXMSG §2.4).
fn code_page(file: &mut File) -> Result<u32, Problem> {
    let properties = file.read("/__properties_version1.0")?.unwrap_or_default();
    let find = |wanted: u32| {
        let mut entries = properties.get(32..)?.chunks_exact(16);
        entries.find(|entry| entry.starts_with(&wanted.to_le_bytes())).and_then(|entry| super::bytes::u32_at(entry, 8))
    };
    Ok(find(MESSAGE_CODE_PAGE).or_else(|| find(INTERNET_CODE_PAGE)).unwrap_or(932))
}

/// What the dictionary of compressed RTF begins with (MS-OXRTFCP §2.1.2.1).
const DICTIONARY: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression of RTF; `None` if there is none of that kind.
fn decompress(data: &[u8]) -> Option<Vec<u8>> {
    match data.get(8..12)? {
        b"MELA" => return Some(data.get(16..)?.to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [b' '; 4096];
    window[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let mut at = DICTIONARY.len();
    let mut out = Vec::new();
    let mut bytes = data.get(16..)?.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return Some(out) };
            let (from, length) = match flags >> bit & 1 {
                0 => {
                    window[at] = first;
                    (at, 1)
                }
                _ => {
                    let Some(second) = bytes.next() else { return Some(out) };
                    (usize::from(first) << 4 | usize::from(second >> 4), usize::from(second & 0xF) + 2)
                }
            };
            // A copy of what is about to be written is the end.
            if (length > 1 && from == at) || out.len() > MOST_RTF {
                return Some(out);
            }
            for i in 0..length {
                let byte = window[(from + i) % 4096];
                window[at] = byte;
                out.push(byte);
                at = (at + 1) % 4096;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_compressed_rtf() {
        // MS-OXRTFCP §4.1.1.
        let data = [
            0x2D, 0, 0, 0, 0x2B, 0, 0, 0, 0x4C, 0x5A, 0x46, 0x75, 0xF1, 0xC5, 0xC7, 0xA7, 0x03, 0x00, 0x0A, 0x00, 0x72,
            0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0A, 0xF3, 0x20, 0x68, 0x65, 0x6C, 0x09, 0x00, 0x20, 0x62,
            0x77, 0x05, 0xB0, 0x6C, 0x64, 0x7D, 0x0A, 0x80, 0x0F, 0xA0,
        ];
        let text = decompress(&data).unwrap_or_default();
        assert_eq!(String::from_utf8_lossy(&text), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(DICTIONARY.len(), 207);
    }
}
