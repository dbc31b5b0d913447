//! cpio (`cpio(5)`): the portable formats "newc", "crc" and "odc", and the RPM packages that
//! wrap one (<https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/pkgformat.html>).

use std::io::Read as _;

use super::part::{Part, fill, remaining};
use super::{Input, Visit, name};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

const FORMAT: &str = "cpio";
/// Name of the member that ends an archive.
const END: &[u8] = b"TRAILER!!!";
const MOST_NAME: u64 = 64 << 10;

/// Is this the first header? It is all digits, so that a text may well begin with its first six.
pub(super) fn is_cpio(head: &[u8]) -> bool {
    match head.get(..6) {
        Some(b"070701" | b"070702") => head.get(6..110).is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit)),
        Some(b"070707") => head.get(6..76).is_some_and(|h| h.iter().all(|b| matches!(b, b'0'..=b'7'))),
        _ => false,
    }
}

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let damaged = || Problem::new(ProblemKind::Damaged, FORMAT);
    let source = &mut *input.reader;
    let mut header = [0; 110];
    loop {
        if fill(source, &mut header[..6])? < 6 {
            return Err(damaged());
        }
        let old = &header[..6] == b"070707";
        let length = if old { 76 } else { 110 };
        if !old && !matches!(&header[..6], b"070701" | b"070702") || fill(source, &mut header[6..length])? < length - 6
        {
            return Err(damaged());
        }
        let (mode, named, size) = match old {
            true => (number(&header[18..24], 8), number(&header[59..65], 8), number(&header[65..76], 8)),
            false => (number(&header[14..22], 16), number(&header[94..102], 16), number(&header[54..62], 16)),
        };
        let (Some(mode), Some(named), Some(size)) = (mode, named, size) else { return Err(damaged()) };
        let align = |n: u64| if old { 0 } else { (4 - n % 4) % 4 };
        let path = Part::new(source, named, FORMAT).bytes(MOST_NAME)?.ok_or_else(damaged)?;
        let path = path.split(|&b| b == 0).next().unwrap_or_default();
        Part::new(source, align(length as u64 + named), FORMAT).skip()?;
        if path == END {
            // What follows is padding, or another archive (initramfs does that). It fails only
            // when the budget is spent, which has been reported.
            if let Some(mut rest) = remaining(source)? {
                let _ = visit.member(Step::Member("next".into()), &mut rest);
            }
            return Ok(());
        }
        let mut part = Part::new(source, size, FORMAT);
        // Regular files and the targets of symbolic links.
        if mode & 0o170_000 != 0o040_000 && size > 0 {
            let step = Step::Member(name::decode(path.strip_prefix(b"./").unwrap_or(path)).into());
            if visit.member(step, &mut part).is_err() {
                return Ok(());
            }
        }
        part.skip()?;
        Part::new(source, align(size), FORMAT).skip()?;
    }
}

/// rpm: lead, signature, header (a changelog with addresses, scripts), then the files.
pub(super) fn rpm(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let damaged = || Problem::new(ProblemKind::Damaged, "rpm");
    let source = &mut *input.reader;
    Part::new(source, 96, "rpm").skip()?;
    for (name, align) in [("signature", 8), ("header", 1)] {
        let mut intro = [0; 16];
        if fill(source, &mut intro)? < 16 || !intro.starts_with(b"\x8e\xad\xe8\x01") {
            return Err(damaged());
        }
        let [.., a, b, c, d, e, f, g, h] = intro;
        let (entries, bytes) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        let length = u64::from(entries) * 16 + u64::from(bytes);
        let mut part = Part::new(source, length, "rpm");
        if visit.raw(Step::Member(name.into()), &mut part).is_err() {
            return Ok(());
        }
        part.skip()?;
        Part::new(source, (align - length % align) % align, "rpm").skip()?;
    }
    // A package of no files still has a payload.
    let mut head = [0; 6];
    if fill(source, &mut head)? < head.len() {
        return Err(damaged());
    }
    // It fails only when the budget is spent, which has been reported.
    let _ = visit.member(Step::Member("payload".into()), &mut head.chain(source));
    Ok(())
}

fn number(field: &[u8], radix: u32) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(field).ok()?, radix).ok()
}
