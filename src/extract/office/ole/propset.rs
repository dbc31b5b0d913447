//! Property sets (MS-OLEPS): title, author, company and own properties as lines `name: value`.

use super::bytes::{u16_at, u32_at, utf16};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;
use crate::extract::office::codepage;

/// Most properties of a set, and values of a vector.
const MOST: u32 = 1 << 12;

// Types of values, MS-OLEPS §2.15.
const I2: u32 = 0x02;
const LPSTR: u32 = 0x1E;
const LPWSTR: u32 = 0x1F;
const VARIANT: u32 = 0x0C;
const VECTOR: u32 = 0x1000;

/// Hands on every text among the properties.
pub(super) fn read(data: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let step = Step::Member("properties".into());
    let mut lines = Vec::new();
    let done = sets(data, &mut lines);
    for line in lines {
        blocks.aside(&step, &line)?;
    }
    done.ok_or_else(|| Problem::new(ProblemKind::Damaged, "ole properties"))
}

fn sets(data: &[u8], lines: &mut Vec<String>) -> Option<()> {
    for i in 0..u32_at(data, 24)?.min(2) as usize {
        let set = data.get(u32_at(data, 28 + 20 * i + 16)? as usize..)?;
        // The second set of a document's summary has names of its own.
        properties(set, lines)?;
    }
    Some(())
}

fn properties(set: &[u8], lines: &mut Vec<String>) -> Option<()> {
    let entries: Vec<(u32, usize)> = (0..u32_at(set, 4)?.min(MOST) as usize)
        .map_while(|i| Some((u32_at(set, 8 + 8 * i)?, u32_at(set, 12 + 8 * i)? as usize)))
        .collect();
    let page = entries
        .iter()
        .find(|(id, _)| *id == 1)
        .and_then(|(_, at)| (u32_at(set, *at)? == I2).then(|| u16_at(set, at + 4)).flatten());
    let page = u32::from(page.unwrap_or(1252));
    let names = entries.iter().find(|(id, _)| *id == 0).map(|(_, at)| names(set, *at, page)).unwrap_or_default();
    for (id, at) in entries {
        let name = match names.iter().find(|(named, _)| *named == id) {
            Some((_, name)) => name.as_str(),
            None if !names.is_empty() => "",
            None => name_of(id),
        };
        for value in values(set, at, page) {
            lines.push(if name.is_empty() { value } else { format!("{name}: {value}") });
        }
    }
    Some(())
}

/// Names of the properties that all documents have (MS-OSHARED §2.3.3).
fn name_of(id: u32) -> &'static str {
    match id {
        2 => "title",
        3 => "subject",
        4 => "author",
        5 => "keywords",
        6 => "comments",
        8 => "last author",
        14 => "manager",
        15 => "company",
        _ => "",
    }
}

/// The dictionary: names of own properties.
fn names(set: &[u8], at: usize, page: u32) -> Vec<(u32, String)> {
    let mut names = Vec::new();
    let mut at = at;
    let Some(count) = u32_at(set, at) else { return names };
    at += 4;
    for _ in 0..count.min(MOST) {
        let (Some(id), Some(length)) = (u32_at(set, at), u32_at(set, at + 4)) else { break };
        let length = length as usize * if page == 1200 { 2 } else { 1 };
        let Some(name) = set.get(at + 8..).and_then(|rest| rest.get(..length)) else { break };
        names.push((id, codepage::decode(name, page)));
        at += 8 + if page == 1200 { length.next_multiple_of(4) } else { length };
    }
    names
}

/// The texts of a value: one, or those of a vector.
fn values(set: &[u8], at: usize, page: u32) -> Vec<String> {
    let Some(kind) = u32_at(set, at) else { return Vec::new() };
    let (count, mut at) = match kind & VECTOR {
        0 => (1, at + 4),
        _ => (u32_at(set, at + 4).unwrap_or(0).min(MOST), at + 8),
    };
    let mut texts = Vec::new();
    for _ in 0..count {
        let mut kind = kind & !VECTOR;
        if kind == VARIANT {
            let Some(inner) = u32_at(set, at) else { break };
            kind = inner;
            at += 4;
        }
        let Some(length) = u32_at(set, at).map(|n| n as usize) else { break };
        let bytes = |length: usize| set.get(at + 4..).and_then(|rest| rest.get(..length));
        match kind {
            LPSTR => {
                let Some(bytes) = bytes(length) else { break };
                texts.push(codepage::decode(bytes, page));
                at += 4 + length;
            }
            LPWSTR => {
                let Some(bytes) = length.checked_mul(2).and_then(bytes) else { break };
                texts.push(utf16(bytes).trim_end_matches('\0').to_owned());
                at += 4 + (length * 2).next_multiple_of(4);
            }
            // A number between the texts of a list.
            _ => at += 4,
        }
    }
    texts
}
