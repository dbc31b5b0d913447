//! TNEF (`winmail.dat`, MS-OXTNEF): what Outlook sends to mailers that do not understand it.
//!
//! A stream of attributes in; the texts of the message and of its properties, its bodies and its
//! attachments out. A message within the message is TNEF again and a member like any other.

use super::codepage;
use super::mapi;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

// Attributes (MS-OXTNEF §2.1.3.2), without their types.
const SUBJECT: u16 = 0x8004;
const BODY: u16 = 0x800C;
const ATTACHMENT_DATA: u16 = 0x800F;
const ATTACHMENT_TITLE: u16 = 0x8010;
const ATTACHMENT_BEGIN: u16 = 0x9002;
const PROPERTIES: u16 = 0x9003;
const RECIPIENTS: u16 = 0x9004;
const ATTACHMENT_PROPERTIES: u16 = 0x9005;
const CODE_PAGE: u16 = 0x9007;
/// Types of attributes that are text.
const TEXT_TYPES: std::ops::RangeInclusive<u16> = 1..=2;

/// Bytes that are read one value after another; `None` behind their end.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).and_then(|b| Some(u16::from_le_bytes(b.try_into().ok()?)))
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4).and_then(|b| Some(u32::from_le_bytes(b.try_into().ok()?)))
    }

    /// A value that fills up to a multiple of four bytes.
    fn padded(&mut self, n: usize) -> Option<&'a [u8]> {
        let value = self.take(n)?;
        let padding = (n.next_multiple_of(4) - n).min(self.0.len());
        self.take(padding)?;
        Some(value)
    }
}

/// One property.
struct Property<'a> {
    id: u16,
    kind: u16,
    /// What the program calls it, if it is not one of the fixed ones.
    name: Option<String>,
    value: &'a [u8],
}

/// The attachment under way: it has two kinds of attributes, in either order.
#[derive(Default)]
struct Attachment<'a> {
    title: Option<String>,
    long_name: Option<String>,
    data: Option<&'a [u8]>,
}

/// Takes a whole file apart.
pub(super) fn read(content: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    // Behind the signature and a key.
    let mut bytes = Bytes(content.get(6..).ok_or_else(damaged)?);
    let mut page = 932;
    let mut attachment = Attachment::default();
    let mut whole = true;
    while !bytes.0.is_empty() {
        let Some((id, kind, data)) = attribute(&mut bytes) else {
            whole = false;
            break;
        };
        match id {
            CODE_PAGE => page = Bytes(data).u32().unwrap_or(page),
            ATTACHMENT_BEGIN => attachment.end(blocks)?,
            ATTACHMENT_DATA => attachment.data = Some(data),
            ATTACHMENT_TITLE => attachment.title = Some(codepage::decode(data, page)),
            ATTACHMENT_PROPERTIES => whole &= properties(data, page, Some(&mut attachment), blocks)?,
            PROPERTIES => whole &= properties(data, page, None, blocks)?,
            RECIPIENTS => whole &= recipients(data, page, blocks)?,
            _ if TEXT_TYPES.contains(&kind) => {
                let label = if id == SUBJECT { "Subject: " } else { "" };
                let step = if id == BODY { "body" } else { "message" };
                mapi::write(blocks, Step::Member(step.into()), label, &codepage::decode(data, page))?;
            }
            // Names and addresses of senders are structures with texts in them.
            _ => blocks.aside(&Step::Member("message".into()), &strings(data, page))?,
        }
    }
    attachment.end(blocks)?;
    blocks.finish()?;
    if whole { Ok(()) } else { Err(damaged()) }
}

/// The next attribute: its id, the type of its content and the content.
fn attribute<'a>(bytes: &mut Bytes<'a>) -> Option<(u16, u16, &'a [u8])> {
    bytes.take(1)?;
    let (id, kind) = (bytes.u16()?, bytes.u16()?);
    let length = bytes.u32()? as usize;
    let data = bytes.take(length)?;
    // The sum of its bytes; what is wrong in it shows by itself.
    bytes.take(2)?;
    Some((id, kind, data))
}

impl Attachment<'_> {
    fn end(&mut self, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
        let Attachment { title, long_name, data } = std::mem::take(self);
        let Some(mut data) = data else { return Ok(()) };
        let name = long_name.or(title).unwrap_or_else(|| "attachment".to_owned());
        blocks.member(Step::Member(name.into()), &mut data)
    }
}

/// Rows of properties, one for each recipient.
fn recipients(data: &[u8], page: u32, blocks: &mut Blocks<'_>) -> Result<bool, Problem> {
    let mut bytes = Bytes(data);
    let Some(rows) = bytes.u32() else { return Ok(false) };
    for _ in 0..rows {
        if !list(&mut bytes, &mut |property| text_of(&property, page, "recipients", blocks))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Properties of the message, or of an attachment.
fn properties<'a>(
    data: &'a [u8],
    page: u32,
    mut attachment: Option<&mut Attachment<'a>>,
    blocks: &mut Blocks<'_>,
) -> Result<bool, Problem> {
    list(&mut Bytes(data), &mut |property| {
        let part = if attachment.is_some() { "attachment" } else { "message" };
        match (property.id, property.kind, &mut attachment) {
            (mapi::ATTACHED_DATA, _, Some(attachment)) => {
                // An object begins with the identifier of its interface.
                let content = property.value;
                attachment.data =
                    Some(if property.kind == mapi::OBJECT { content.get(16..).unwrap_or(content) } else { content });
                Ok(())
            }
            (mapi::ATTACHED_LONG_NAME, mapi::TEXT | mapi::BYTES_TEXT, Some(attachment)) => {
                attachment.long_name = text(&property, page);
                text_of(&property, page, part, blocks)
            }
            (mapi::HTML, mapi::BINARY, None) => {
                blocks.member(Step::Member("body.html".into()), &mut { property.value })
            }
            (mapi::RTF, mapi::BINARY, None) => {
                let rtf = mapi::decompress(property.value).unwrap_or_else(|| property.value.to_vec());
                blocks.member(Step::Member("body.rtf".into()), &mut rtf.as_slice())
            }
            _ => text_of(&property, page, part, blocks),
        }
    })
}

fn text(property: &Property<'_>, page: u32) -> Option<String> {
    match property.kind {
        mapi::TEXT => Some(mapi::utf16(property.value)),
        mapi::BYTES_TEXT => Some(codepage::decode(property.value, page)),
        _ => None,
    }
}

/// Writes a property that is a text; what is in the bytes of another stands beside.
fn text_of(property: &Property<'_>, page: u32, part: &'static str, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let step = Step::Member(part.into());
    if let Some(name) = &property.name {
        blocks.aside(&step, name)?;
    }
    match text(property, page) {
        Some(text) => mapi::write(blocks, step, mapi::label(property.id), &text),
        None if property.kind == mapi::BINARY => blocks.aside(&step, &strings(property.value, page)),
        None => Ok(()),
    }
}

/// Calls `each` with every property of a list (MS-OXTNEF §2.1.3.4); `false` if it breaks off.
fn list<'a>(bytes: &mut Bytes<'a>, each: &mut dyn FnMut(Property<'a>) -> Result<(), Problem>) -> Result<bool, Problem> {
    let Some(count) = bytes.u32() else { return Ok(false) };
    for _ in 0..count {
        let Some((id, kind, name)) = head(bytes) else { return Ok(false) };
        let single = kind & !0x1000;
        let is_sized = matches!(single, mapi::TEXT | mapi::BYTES_TEXT | mapi::BINARY | mapi::OBJECT);
        let values = if is_sized || kind != single { bytes.u32() } else { Some(1) };
        let Some(values) = values else { return Ok(false) };
        for _ in 0..values {
            let length = match single {
                _ if is_sized => bytes.u32().map(|n| n as usize),
                0x5 | 0x6 | 0x7 | 0x14 | 0x40 => Some(8),
                0x48 => Some(16),
                // Nothing, or up to four bytes.
                0x0 | 0x1 => Some(0),
                0x2 | 0x3 | 0x4 | 0xA | 0xB => Some(4),
                _ => None,
            };
            let Some(value) = length.and_then(|n| bytes.padded(n)) else { return Ok(false) };
            if is_sized {
                each(Property { id, kind: single, name: name.clone(), value })?;
            }
        }
    }
    Ok(true)
}

/// A property's type and id, and its name if it has one.
fn head(bytes: &mut Bytes<'_>) -> Option<(u16, u16, Option<String>)> {
    let (kind, id) = (bytes.u16()?, bytes.u16()?);
    if id < 0x8000 {
        return Some((id, kind, None));
    }
    bytes.take(16)?;
    match bytes.u32()? {
        0 => bytes.u32().map(|_| (id, kind, None)),
        _ => {
            let length = bytes.u32()? as usize;
            Some((id, kind, Some(mapi::utf16(bytes.padded(length)?))))
        }
    }
}

/// The readable runs of bytes, one a line.
fn strings(data: &[u8], page: u32) -> String {
    let runs = data.split(|&b| b < 0x20 && !matches!(b, b'\t' | 0x1B));
    let runs = runs.filter(|run| run.len() > 4).map(|run| codepage::decode(run, page));
    runs.collect::<Vec<_>>().join(" ")
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "tnef")
}
