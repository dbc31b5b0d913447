//! Compressed streams: one content each, in gzip (RFC 1952), zlib (RFC 1950), bzip2, xz and lzma
//! (<https://tukaani.org/xz/xz-file-format.txt>, `lzma-file-format.txt`), lzip (its manual, "File
//! format") and zstd (RFC 8878).
//!
//! Streams of several parts, one after another, are one content; but for zlib, where what follows
//! the stream is read as it is.

use std::io::{BufRead, BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::bufread::ZlibDecoder;
use flate2::read::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use lzma_rust2::{LzmaReader, XzReader};

use super::lzip::Lzip;
use super::unpacked::{MEMORY, Packed, Unpacked, fault};
use super::zstd::Zstd;
use super::{Input, Visit};
use crate::chunk::Step;
use crate::error::Problem;

/// [`MEMORY`] as the decoders of lzma count it.
const MEMORY_KIB: u32 = (MEMORY >> 10) as u32;

pub(super) fn gzip(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    unpack(input, visit, "gzip", &[("gz", ""), ("tgz", ".tar"), ("svgz", ".svg")], |packed| {
        Ok(MultiGzDecoder::new(packed))
    })
}

/// What git keeps loose objects in, and programs their own data. Bytes behind the stream are read
/// as they are.
pub(super) fn zlib(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let name = inner_name(input.name, &[("zz", ""), ("zlib", "")]).unwrap_or_else(|| "zlib".to_owned());
    let packed: Packed<&mut dyn Read> = Packed::new(&mut *input.reader);
    let taken = packed.taken();
    let mut decoder = ZlibDecoder::new(BufReader::with_capacity(32 << 10, packed));
    let mut content = Unpacked::new(&mut decoder, taken, input.limits, "zlib");
    visit.member(Step::Member(name.into()), &mut content).map_err(|e| Problem::from_io(&e))?;
    if content.has_failed() {
        return Ok(());
    }
    let end = decoder.total_in();
    let mut rest = decoder.into_inner();
    let Some(padding) = padding(&mut rest)? else { return Ok(()) };
    visit.raw(Step::Member(format!("bytes@{}", end + padding).into()), &mut rest).map_err(|e| Problem::from_io(&e))
}

/// Passes over zeros, and says how many; `None` if nothing else follows.
fn padding(rest: &mut impl BufRead) -> Result<Option<u64>, Problem> {
    let mut passed = 0;
    loop {
        let ready = rest.fill_buf().map_err(|e| Problem::from_io(&e))?;
        if ready.is_empty() {
            return Ok(None);
        }
        let zeros = ready.iter().take_while(|&&b| b == 0).count();
        let ended = zeros < ready.len();
        rest.consume(zeros);
        passed += zeros as u64;
        if ended {
            return Ok(Some(passed));
        }
    }
}

/// Bytes of a stream that must unpack before it counts as zlib, if its end does not show.
const TRIED: usize = super::HEAD;
/// As many where the whole input is shorter than that: it has been cut.
const CUT: usize = 64;

/// Is this zlib? Two bytes that text can begin with as well (`x^`) are no signature, so that the
/// beginning must also unpack: all of it where nothing follows, with its checksum.
pub(super) fn is_zlib(head: &[u8]) -> bool {
    let &[method, flags, ..] = head else { return false };
    let header = method & 0x0F == 8 && method >> 4 <= 7 && u16::from_be_bytes([method, flags]).is_multiple_of(31);
    // A preset dictionary would have to be known.
    if !header || flags & 0x20 != 0 {
        return false;
    }
    let mut inflater = Decompress::new(true);
    let mut out = [0; 4096];
    loop {
        let (taken, given) = (inflater.total_in(), inflater.total_out());
        let rest = head.get(taken as usize..).unwrap_or_default();
        match inflater.decompress(rest, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return true,
            Ok(_) if inflater.total_in() == head.len() as u64 => break,
            Ok(_) if (inflater.total_in(), inflater.total_out()) != (taken, given) => {}
            _ => return false,
        }
    }
    // What is cut must be said; but of a few bytes chance makes the beginning of a stream.
    head.len() >= TRIED || head.len() >= CUT && !flags.is_ascii_graphic()
}

pub(super) fn bzip2(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    unpack(input, visit, "bzip2", &[("bz2", ""), ("tbz2", ".tar"), ("tbz", ".tar")], |packed| {
        Ok(MultiBzDecoder::new(packed))
    })
}

pub(super) fn xz(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    unpack(input, visit, "xz", &[("xz", ""), ("txz", ".tar")], |packed| {
        Ok(XzReader::new_mem_limit(packed, true, MEMORY_KIB))
    })
}

pub(super) fn lzma(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    unpack(input, visit, "lzma", &[("lzma", ""), ("tlz", ".tar")], |packed| {
        LzmaReader::new_mem_limit(packed, MEMORY_KIB, None)
    })
}

pub(super) fn lzip(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    unpack(input, visit, "lzip", &[("lz", ""), ("tlz", ".tar")], |packed| Ok(Lzip::new(packed)))
}

pub(super) fn zstd(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    unpack(input, visit, "zstd", &[("zst", ""), ("tzst", ".tar")], |packed| Ok(Zstd::new(packed)))
}

/// Is this bzip2? A block, or the end of a stream without one, follows the three letters.
pub(super) fn is_bzip2(head: &[u8]) -> bool {
    matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
        if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17rE8P\x90"))
}

/// Is this the old lzma format, which has no magic number? Its header is the coder's properties,
/// the dictionary's size and the content's size; every known writer gives the properties 0x5D,
/// a dictionary of 2^n or 3·2^n bytes and a size that is unknown (all ones) or below 256 GiB.
pub(super) fn is_lzma(head: &[u8]) -> bool {
    // The first byte of the range coder, behind the header, is always 0.
    let Some(&[0x5D, a, b, c, d, ref size @ .., 0]) = head.first_chunk::<14>() else { return false };
    let dictionary = u32::from_le_bytes([a, b, c, d]);
    let round = dictionary.is_power_of_two() || (dictionary % 3 == 0 && (dictionary / 3).is_power_of_two());
    let size = u64::from_le_bytes(*size);
    dictionary >= 4096 && round && (size == u64::MAX || size < 256 << 30)
}

fn unpack<'i, D: Read>(
    input: &'i mut Input<'_>,
    visit: &mut dyn Visit,
    format: &str,
    endings: &[(&str, &str)],
    open: impl FnOnce(Packed<&'i mut dyn Read>) -> std::io::Result<D>,
) -> Result<(), Problem> {
    let name = inner_name(input.name, endings).unwrap_or_else(|| format.to_owned());
    let limits = input.limits;
    let packed: Packed<&mut dyn Read> = Packed::new(&mut *input.reader);
    let taken = packed.taken();
    let decoder = open(packed).map_err(|e| fault(&e, format))?;
    let mut content = Unpacked::new(decoder, taken, limits, format);
    // It fails only when the budget is spent, which has been reported.
    visit.member(Step::Member(name.into()), &mut content).map_err(|e| Problem::from_io(&e))
}

/// The content's name as the format's own tool would give it; the name that a gzip header may
/// hold is often absent and easily wrong.
fn inner_name(name: &str, endings: &[(&str, &str)]) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let (_, instead) = endings.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known))?;
    (!stem.is_empty()).then(|| format!("{stem}{instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_named_as_their_tools_would() {
        let endings = [("gz", ""), ("tgz", ".tar")];
        assert_eq!(inner_name("a.txt.gz", &endings).as_deref(), Some("a.txt"));
        assert_eq!(inner_name("a.TGZ", &endings).as_deref(), Some("a.tar"));
        assert_eq!(inner_name(".gz", &endings), None);
        assert_eq!(inner_name("a", &endings), None);
    }

    #[test]
    fn weak_signatures_are_not_enough() {
        let header = |dictionary: u32, size: u64| {
            [&[0x5D][..], &dictionary.to_le_bytes(), &size.to_le_bytes(), &[0, 1, 2]].concat()
        };
        assert!(is_lzma(&header(1 << 23, u64::MAX)));
        assert!(is_lzma(&header(3 << 20, 77)));
        assert!(!is_lzma(&header(1 << 23, u64::MAX - 1)));
        assert!(!is_lzma(b"]]>]]>]]>]]>]]>]]>"));
        assert!(!is_lzma(b"]"));
        assert!(is_bzip2(b"BZh91AY&SY\0") && !is_bzip2(b"BZhang wrote this") && !is_bzip2(b"BZh"));
    }
}
