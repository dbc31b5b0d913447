//! Compressed streams: one content each, in gzip (RFC 1952), bzip2, xz and lzma
//! (<https://tukaani.org/xz/xz-file-format.txt>, `lzma-file-format.txt`) and zstd (RFC 8878).
//!
//! Streams of several parts, one after another, are one content.

use std::io::Read;

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::{LzmaReader, XzReader};

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
