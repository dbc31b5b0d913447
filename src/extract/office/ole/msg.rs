//! Outlook messages (MS-OXMSG): texts of the message, its recipients and its attachments, files
//! as members.
//!
//! Every stream is one property, named after it; a storage is a recipient, an attachment or a
//! message within the message.

use super::{File, name};
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;
use crate::extract::office::codepage;
use crate::extract::office::mapi::{
    ATTACHED_DATA, ATTACHED_LONG_NAME, ATTACHED_NAME, BINARY, BYTES_TEXT, HTML, RTF, TEXT, decompress, label, utf16,
    write,
};

const INTERNET_CODE_PAGE: u32 = 0x3FDE_0003;
const MESSAGE_CODE_PAGE: u32 = 0x3FFD_0003;

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
