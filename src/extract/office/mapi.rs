//! Properties of Outlook's messages (MS-OXPROPS), as `.msg` files and TNEF streams share them:
//! their numbers, what a person calls them, compressed RTF.

use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

pub(super) use super::ole::utf16;

// Properties.
pub(super) const HTML: u16 = 0x1013;
pub(super) const RTF: u16 = 0x1009;
pub(super) const ATTACHED_DATA: u16 = 0x3701;
pub(super) const ATTACHED_LONG_NAME: u16 = 0x3707;
pub(super) const ATTACHED_NAME: u16 = 0x3704;

// Types of values.
pub(super) const TEXT: u16 = 0x001F;
pub(super) const BYTES_TEXT: u16 = 0x001E;
pub(super) const BINARY: u16 = 0x0102;
pub(super) const OBJECT: u16 = 0x000D;

/// Most bytes that compressed RTF may become.
const MOST_RTF: usize = 64 << 20;

/// What a person calls the properties that matter most.
pub(super) fn label(property: u16) -> &'static str {
    match property {
        0x0037 => "Subject: ",
        0x0C1A | 0x0042 => "From: ",
        0x0E04 => "To: ",
        0x0E03 => "Cc: ",
        0x0E02 => "Bcc: ",
        _ => "",
    }
}

/// Writes a text, line by line, its label before it.
pub(super) fn write(blocks: &mut Blocks<'_>, step: Step, label: &str, text: &str) -> Result<(), Problem> {
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

/// What the dictionary of compressed RTF begins with (MS-OXRTFCP §2.1.2.1).
const DICTIONARY: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression of RTF; `None` if there is none of that kind.
pub(super) fn decompress(data: &[u8]) -> Option<Vec<u8>> {
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
