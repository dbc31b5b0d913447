//! The formats that can be taken apart: one row each.
//!
//! A new format is a file in this folder and a row here.

use super::{
    Extract, Input, Visit, ar, cab, cpio, image, iwork, lzh, lzip, mail, office, pdf, sevenz, sqlite, stream, tar, zip,
};
use crate::error::Problem;
use Signature::{Head, Magic, ZipEntry};

/// A format that can be taken apart.
#[derive(Debug)]
pub struct Format {
    /// Its name for people: `zip`, `pdf`.
    pub name: &'static str,
    /// How it is recognised.
    pub signature: Signature,
    /// How to take it apart.
    pub extract: Extract,
    /// Is its parser so intricate that it runs in a locked-down process of its own?
    pub isolated: bool,
    /// What it is counted as where it is no text in itself: `image`.
    pub not_text: Option<&'static str>,
}

/// How a format is recognised.
#[derive(Debug)]
pub enum Signature {
    /// Any of these bytes at their offset (in bytes, within [`super::HEAD`]).
    Magic(&'static [(usize, &'static [u8])]),
    /// A test of the first [`super::HEAD`] bytes (or all, if there are fewer), for formats
    /// without a magic number.
    Head(fn(&[u8]) -> bool),
    /// A zip that has an entry of any of these names.
    ZipEntry(&'static [&'static str]),
}

/// Every format; the first that fits holds.
pub static FORMATS: &[Format] = &[
    format("zip", Magic(&[(0, b"PK\x03\x04"), (0, b"PK\x05\x06"), (0, b"PK00PK\x03\x04")]), zip::extract),
    format("gzip", Magic(&[(0, b"\x1f\x8b\x08")]), stream::gzip),
    format("bzip2", Head(stream::is_bzip2), stream::bzip2),
    format("xz", Magic(&[(0, b"\xfd7zXZ\0")]), stream::xz),
    format("lzma", Head(stream::is_lzma), stream::lzma),
    format("lzip", Magic(&[(0, lzip::MAGIC)]), stream::lzip),
    format("zstd", Magic(&[(0, b"\x28\xb5\x2f\xfd")]), stream::zstd),
    format("tar", Head(tar::is_tar), tar::extract),
    format("ar", Magic(&[(0, ar::MAGIC)]), ar::extract),
    format("cpio", Head(cpio::is_cpio), cpio::extract),
    format("rpm", Magic(&[(0, b"\xed\xab\xee\xdb")]), cpio::rpm),
    isolated("7z", Magic(&[(0, sevenz::MAGIC)]), sevenz::extract),
    isolated("cab", Magic(&[(0, cab::MAGIC)]), cab::extract),
    isolated("lzh", Head(lzh::is_lzh), lzh::extract),
    // Its key is made with much memory.
    isolated("odf-locked", ZipEntry(&["encrypted-package"]), office::extract_locked),
    // OOXML and OpenDocument are zips; the second has its type as an entry, as EPUB has.
    format("office", ZipEntry(&["[Content_Types].xml", "mimetype"]), office::extract_package),
    format("iwork", ZipEntry(&["Index/Document.iwa", "Index.zip"]), iwork::extract),
    format("odf", Head(office::is_flat), office::extract_flat),
    isolated("ole", Magic(&[(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")]), office::extract_ole),
    #[cfg(feature = "parquet")]
    isolated("parquet", Magic(&[(0, super::parquet::MAGIC)]), super::parquet::extract),
    isolated("tnef", Magic(&[(0, b"\x78\x9f\x3e\x22")]), office::extract_tnef),
    format("rtf", Magic(&[(0, b"{\\rtf")]), office::extract_rtf),
    isolated("pdf", Magic(&[(0, b"%PDF-")]), pdf::extract),
    image("jpeg", Magic(&[(0, b"\xff\xd8\xff")]), image::jpeg),
    image("png", Magic(&[(0, b"\x89PNG\r\n\x1a\n")]), image::png),
    image("webp", Magic(&[(8, b"WEBP")]), image::webp),
    image("tiff", Magic(&[(0, b"II*\0"), (0, b"MM\0*")]), image::tiff),
    format("sqlite", Magic(&[(0, sqlite::MAGIC)]), sqlite::extract),
    format("mail", Head(mail::is_message), mail::extract),
    format("mbox", Head(mail::is_mbox), mail::extract_mbox),
    format("calendar", Head(mail::is_folded), mail::extract_folded),
    // The weakest signature, and the test that costs most.
    format("zlib", Head(stream::is_zlib), stream::zlib),
];

/// A row whose parser is plain enough to run in this process.
const fn format(name: &'static str, signature: Signature, extract: Extract) -> Format {
    Format { name, signature, extract, isolated: false, not_text: None }
}

/// A row whose parser runs in a process of its own.
const fn isolated(name: &'static str, signature: Signature, extract: Extract) -> Format {
    Format { name, signature, extract, isolated: true, not_text: None }
}

/// A row of images: only what is written about them is text.
const fn image(name: &'static str, signature: Signature, extract: Extract) -> Format {
    Format { name, signature, extract, isolated: false, not_text: Some("image") }
}

impl Format {
    /// What an input of this format really is: a zip may be a document.
    pub fn refine(&'static self, input: &mut Input<'_>) -> &'static Format {
        match self.name {
            "zip" => zip::refine(input).unwrap_or(self),
            _ => self,
        }
    }

    /// Looks at what the extractor of the refined format does not see: bytes and entries of a zip
    /// that its directory leaves out.
    pub fn rest(&self, input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
        match self.name {
            "zip" => zip::extract_unlisted(input, visit),
            _ => Ok(()),
        }
    }

    /// Does an input that begins with `head` have this format?
    pub(super) fn fits(&self, head: &[u8]) -> bool {
        match &self.signature {
            Signature::Magic(magic) => magic.iter().any(|(at, bytes)| begins(head, *at, bytes)),
            Signature::Head(test) => test(head),
            Signature::ZipEntry(_) => false,
        }
    }
}

/// Do these bytes stand at that offset?
pub(super) fn begins(head: &[u8], at: usize, bytes: &[u8]) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(bytes))
}
