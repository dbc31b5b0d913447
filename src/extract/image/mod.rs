//! Images: what is written about them (EXIF, XMP, text chunks, comments), not what they show.
//!
//! An image file in; its metadata as text, one item a line, and all its bytes as raw bytes out.
//! Broken metadata is no problem: the bytes are read in any case. Formats: JPEG (ITU-T T.81,
//! JEITA CP-3451 for EXIF), PNG (<https://www.w3.org/TR/png-3/>), WebP
//! (<https://developers.google.com/speed/webp/docs/riff_container>), TIFF 6.0.

mod exif;

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::section::{Section, read_full};
use super::{Block, Input, Mark, ReadAt, Visit};
use crate::chunk::Step;
use crate::error::Problem;
use crate::text::Reader;

/// Longest item that is taken, in bytes, packed and unpacked. The rest is seen as raw bytes.
const MOST_ITEM: u64 = 1 << 20;
/// Most parts of a file that are looked at.
const MOST_PARTS: usize = 10_000;
/// Begins a JPEG segment with XMP (Adobe XMP Specification Part 3, §1.1.3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

pub(super) fn jpeg(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    image(input, visit, |file, notes| {
        let mut at = 2;
        for _ in 0..MOST_PARTS {
            let [0xFF, kind, high, low] = bytes_at(file, at, 4)?[..] else { return None };
            // The picture itself begins, and nothing of interest comes behind it.
            if matches!(kind, 0xD9 | 0xDA) {
                return None;
            }
            let length = u64::from(u16::from_be_bytes([high, low]));
            let part = bytes_at(file, at + 4, length.checked_sub(2)?)?;
            match kind {
                0xE1 if part.starts_with(b"Exif\0\0") => exif::read(&Slice(&part[6..]), notes),
                0xE1 if part.starts_with(XMP) => notes.add("XMP", &text(&part[XMP.len()..])),
                0xFE => notes.add("Comment", &text(&part)),
                _ => {}
            }
            at += 2 + length;
        }
        None
    })
}

pub(super) fn png(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    image(input, visit, |file, notes| {
        let mut at = 8;
        for _ in 0..MOST_PARTS {
            let head = bytes_at(file, at, 8)?;
            let length = u64::from(u32::from_be_bytes(head[..4].try_into().ok()?));
            let part = || bytes_at(file, at + 8, length).unwrap_or_default();
            match &head[4..] {
                b"tEXt" => {
                    let part = part();
                    let (key, value) = split(&part)?;
                    notes.add(&text(key), &text(value));
                }
                b"zTXt" => {
                    let part = part();
                    let (key, value) = split(&part)?;
                    notes.add(&text(key), &text(&inflate(value.get(1..)?)));
                }
                b"iTXt" => {
                    let part = part();
                    let (key, rest) = split(&part)?;
                    let packed = *rest.first()? == 1;
                    // Language, then the key in that language.
                    let (_, rest) = split(rest.get(2..)?)?;
                    let (name, value) = split(rest)?;
                    let value = if packed { text(&inflate(value)) } else { text(value) };
                    notes.add(&text(if name.is_empty() { key } else { name }), &value);
                }
                b"eXIf" => exif::read(&Slice(&part()), notes),
                b"IEND" => return None,
                _ => {}
            }
            at += 12 + length;
        }
        None
    })
}

pub(super) fn webp(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    image(input, visit, |file, notes| {
        let mut at = 12;
        for _ in 0..MOST_PARTS {
            let head = bytes_at(file, at, 8)?;
            let length = u64::from(u32::from_le_bytes(head[4..].try_into().ok()?));
            let part = || bytes_at(file, at + 8, length).unwrap_or_default();
            match &head[..4] {
                b"EXIF" => {
                    let part = part();
                    exif::read(&Slice(part.strip_prefix(b"Exif\0\0").unwrap_or(&part)), notes);
                }
                b"XMP " => notes.add("XMP", &text(&part())),
                _ => {}
            }
            at += 8 + length + length % 2;
        }
        None
    })
}

pub(super) fn tiff(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    image(input, visit, |file, notes| {
        exif::read(file, notes);
        None
    })
}

/// Reads an image's metadata, until `read` finds no more of it, then its bytes.
fn image(
    input: &mut Input<'_>,
    visit: &mut dyn Visit,
    read: impl FnOnce(&dyn ReadAt, &mut Notes) -> Option<()>,
) -> Result<(), Problem> {
    let file = input.random_access()?;
    let mut notes = Notes::default();
    read(&*file, &mut notes);
    let block = Block { text: &notes.text, marks: &notes.marks, header: None };
    if !notes.text.is_empty() && visit.block(&block).is_err() {
        // The budget is spent, which has been reported.
        return Ok(());
    }
    let mut buffer = Vec::new();
    let mut all = Section::new(&*file, &mut buffer, 0, file.size());
    // A cell, not a member: what stands in the metadata too is one finding.
    let _ = visit.raw(Step::Cell("bytes".into()), &mut all);
    Ok(())
}

/// What is written about an image.
#[derive(Default)]
pub(super) struct Notes {
    text: String,
    marks: Vec<Mark>,
}

impl Notes {
    /// One more item.
    fn add(&mut self, name: &str, text: &str) {
        let text = text.trim_matches(['\0', ' ', '\n', '\r']);
        // All items together are some blocks at the most.
        if text.is_empty() || self.text.len() as u64 > 4 * MOST_ITEM {
            return;
        }
        self.marks.push(Mark { at: self.text.len(), step: Step::Cell(name.into()) });
        self.text.push_str(name);
        self.text.push_str(": ");
        self.text.push_str(text);
        self.text.push('\n');
    }
}

/// Text in whatever encoding its writer used: the standards say ASCII or Latin-1, programs do not
/// keep to that.
fn text(bytes: &[u8]) -> String {
    let mut reader = Reader::default();
    reader.begin(bytes);
    String::from_utf8_lossy(reader.read(bytes, 0).bytes).into_owned()
}

/// What stands before and behind the first zero.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let zero = memchr::memchr(0, bytes)?;
    Some((&bytes[..zero], &bytes[zero + 1..]))
}

fn inflate(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // What came before the fault is kept.
    let _ = ZlibDecoder::new(packed).take(MOST_ITEM).read_to_end(&mut out);
    out
}

/// Bytes at an offset; `None` if the file does not reach that far or they are too many.
fn bytes_at(file: &dyn ReadAt, at: u64, length: u64) -> Option<Vec<u8>> {
    if length > MOST_ITEM || at.checked_add(length)? > file.size() {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(length).ok()?];
    let read = read_full(file, &mut bytes, at).ok()?;
    (read == bytes.len()).then_some(bytes)
}

/// Bytes in memory as a file.
struct Slice<'a>(&'a [u8]);

impl ReadAt for Slice<'_> {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.0.get(at..)).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn size(&self) -> u64 {
        self.0.len() as u64
    }
}
