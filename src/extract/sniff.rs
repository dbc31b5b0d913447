//! What bytes are, by how they begin.
//!
//! The first [`HEAD`] bytes in, a [`Kind`] out. Names of files play no part. Signatures are
//! from the formats' own specifications.

use super::format::begins;
use super::{FORMATS, Format};

/// Bytes of the beginning that are enough to tell.
pub const HEAD: usize = 512;

/// What is to be done with bytes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Read as text (or as bytes that may hold text).
    Text,
    /// Media, executables and the like: read as bytes, and counted under this name.
    NotText(&'static str),
    /// Taken apart.
    Container(&'static Format),
    /// Known to hold text that cannot be read here; the format's name.
    Unsupported(&'static str),
}

/// A signature: where it stands, what it is, what follows from it.
struct Magic(usize, &'static [u8], Kind);

const IMAGE: Kind = Kind::NotText("image");
const AUDIO: Kind = Kind::NotText("audio");
const VIDEO: Kind = Kind::NotText("video");
const FONT: Kind = Kind::NotText("font");
const EXECUTABLE: Kind = Kind::NotText("executable");

static TABLE: &[Magic] = &[
    Magic(0, b"Rar!\x1a\x07", Kind::Unsupported("rar")),
    Magic(0, b"MSCF\0\0\0\0", Kind::Unsupported("cab")),
    Magic(0, b"\x1f\x9d\x90", Kind::Unsupported("compress")),
    Magic(0, b"LZIP\x01", Kind::Unsupported("lzip")),
    Magic(0, b"!BDN", Kind::Unsupported("pst")),
    Magic(0, b"PAR1", Kind::Unsupported("parquet")),
    Magic(0, b"ARROW1\0\0", Kind::Unsupported("arrow")),
    Magic(0, b"FEA1", Kind::Unsupported("feather")),
    Magic(0, b"Obj\x01", Kind::Unsupported("avro")),
    Magic(0, b"ORC\x0a", Kind::Unsupported("orc")),
    Magic(0, b"ORC\x08", Kind::Unsupported("orc")),
    Magic(0, b"GIF8", IMAGE),
    Magic(0, b"\0\0\x01\0", IMAGE),
    Magic(8, b"WAVE", AUDIO),
    Magic(0, b"ID3", AUDIO),
    Magic(0, b"OggS", AUDIO),
    Magic(0, b"fLaC", AUDIO),
    Magic(4, b"ftyp", VIDEO),
    Magic(0, b"\x1aE\xdf\xa3", VIDEO),
    Magic(8, b"AVI ", VIDEO),
    Magic(0, b"OTTO\0", FONT),
    Magic(0, b"\0\x01\0\0\0", FONT),
    Magic(0, b"ttcf", FONT),
    Magic(0, b"wOFF", FONT),
    Magic(0, b"wOF2", FONT),
    Magic(0, b"\x7fELF", EXECUTABLE),
    Magic(0, b"\xcf\xfa\xed\xfe", EXECUTABLE),
    Magic(0, b"\xca\xfe\xba\xbe", EXECUTABLE),
    Magic(0, b"\0asm", EXECUTABLE),
];

/// What bytes that begin with `head` are. A short head is an ordinary small file.
pub fn sniff(head: &[u8]) -> Kind {
    if let Some(format) = FORMATS.iter().find(|format| format.fits(head)) {
        return Kind::Container(format);
    }
    match TABLE.iter().find(|Magic(at, magic, _)| begins(head, *at, magic)) {
        Some(Magic(_, _, kind)) => *kind,
        None if head.starts_with(b"MZ") && head.get(..64).is_some_and(|h| h.contains(&0)) => EXECUTABLE,
        None => Kind::Text,
    }
}

/// Bytes of the end that are enough to tell, unless a long comment stands there.
pub const TAIL: usize = 1024;

/// The container that ends with `tail`, whatever it begins with: a zip is read from its end, so
/// that a program (a self-extractor) or a picture can be one as well.
pub fn sniff_end(tail: &[u8]) -> Option<&'static Format> {
    let at = memchr::memmem::rfind(tail, b"PK\x05\x06")?;
    // The record has 22 bytes and a comment whose length stands last in it.
    let length = tail.get(at + 20..at + 22)?;
    let ends = at + 22 + usize::from(u16::from_le_bytes([length[0], length[1]])) == tail.len();
    FORMATS.iter().find(|format| ends && format.name == "zip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_and_signatures_are_found_at_their_place() {
        assert!(matches!(sniff(b""), Kind::Text));
        assert!(matches!(sniff("議事録".as_bytes()), Kind::Text));
        assert!(matches!(sniff(b"MZ is how this sentence begins"), Kind::Text));
        assert!(matches!(sniff(b"\x1f\x8b\x08\0"), Kind::Container(f) if f.name == "gzip"));
        let end = [&b"MZ"[..], b"PK\x05\x06", &[0; 18]].concat();
        assert!(sniff_end(&end).is_some_and(|f| f.name == "zip"));
        assert!(sniff_end(&end[..23]).is_none() && sniff_end(b"PK\x05\x06 is how a zip ends").is_none());
        assert!(matches!(sniff(b"RIFF\x10\0\0\0WAVE"), Kind::NotText("audio")));
    }
}
