//! PowerPoint 97–2003 (MS-PPT): the text atoms of slides and notes, in their order.

use super::bytes::{u16_at, u32_at, utf16};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

// Record types, MS-PPT §2.13.24.
const SLIDE: u16 = 0x03EE;
const NOTES: u16 = 0x03F0;
const MASTER: u16 = 0x03F8;
const SLIDE_LIST: u16 = 0x0FF0;
const SLIDE_IN_LIST: u16 = 0x03F3;
const TEXT_CHARACTERS: u16 = 0x0FA0;
const TEXT_BYTES: u16 = 0x0FA8;
const STRING: u16 = 0x0FBA;
const CRYPT_SESSION: u16 = 0x2F14;

/// Hands on the text of a presentation.
pub(super) fn read(data: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut at = 0;
    let (mut slides, mut notes, mut listed) = (0, 0, 0);
    let mut list = 0;
    let mut whole = true;
    while at + 8 <= data.len() {
        let (Some(version), Some(kind), Some(length)) = (u16_at(data, at), u16_at(data, at + 2), u32_at(data, at + 4))
        else {
            break;
        };
        at += 8;
        let is_container = version & 0xF == 0xF;
        let mut part = |name: String| blocks.part(Step::Member(name.into()));
        match kind {
            CRYPT_SESSION => return Err(Problem::new(ProblemKind::Encrypted, "ppt")),
            SLIDE => {
                slides += 1;
                part(format!("slide {slides}"));
            }
            NOTES => {
                notes += 1;
                part(format!("notes {notes}"));
            }
            MASTER => part("master".to_owned()),
            // Lists of slides, of masters and of notes, in this order of the instance.
            SLIDE_LIST => (list, listed) = (version >> 4, 0),
            SLIDE_IN_LIST => {
                listed += 1;
                part(match list {
                    0 => format!("slide {listed}"),
                    1 => "master".to_owned(),
                    _ => format!("notes {listed}"),
                });
            }
            _ => {}
        }
        // What is inside of a container comes next by itself.
        if is_container {
            continue;
        }
        let Some(content) = data.get(at..).and_then(|rest| rest.get(..length as usize)) else {
            whole = false;
            break;
        };
        at += length as usize;
        let text = match kind {
            TEXT_CHARACTERS | STRING => utf16(content),
            // The low bytes of UTF-16, whose high bytes are all zero.
            TEXT_BYTES => content.iter().map(|&b| char::from(b)).collect(),
            _ => continue,
        };
        for line in text.split(['\r', '\u{B}', '\n', '\0']) {
            blocks.push(line)?;
            blocks.line()?;
        }
    }
    blocks.finish()?;
    if whole { Ok(()) } else { Err(Problem::new(ProblemKind::Damaged, "ppt")) }
}
