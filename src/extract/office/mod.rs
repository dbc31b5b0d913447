//! Office documents: zip packages of XML (OOXML, OpenDocument), OLE compound files, RTF.
//!
//! A document in, its text with the names of its parts, its attachments and whatever could not
//! be read out. Every text a person can get out of the document counts, also hidden sheets,
//! comments, deleted text that is still there, properties and links.

#[cfg(test)]
mod bombs;
mod codepage;
mod manifest;
mod mapi;
mod number;
mod odf;
mod ole;
mod ooxml;
mod package;
mod properties;
mod prose;
mod rtf;
mod table;
mod tnef;
mod workbook;
mod worksheet;
mod xlsb;

use super::blocks::Blocks;
use super::crypt::Keys;
use super::whole::whole;
use super::{Input, Visit, zip};
use crate::error::Problem;
use package::Package;

/// A zip file that is an office document.
pub(super) fn extract_package(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    package(input, visit, Keys::frugal())
}

/// A document whose key is made with much memory: LibreOffice's encryption of a whole package.
pub(super) fn extract_locked(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    package(input, visit, Keys::lavish())
}

fn package(input: &mut Input<'_>, visit: &mut dyn Visit, keys: Keys) -> Result<(), Problem> {
    let package = Package::open(input)?;
    if package.find("[Content_Types].xml").is_some() {
        return ooxml::extract(input, &package, &mut Blocks::new(visit));
    }
    match package.small("mimetype")? {
        Some(mimetype) if mimetype.starts_with(odf::MIMETYPE) => {
            odf::extract(input, &package, &mimetype, keys, &mut Blocks::new(visit))
        }
        // An e-book, or an archive that happens to have a file of that name.
        _ => zip::extract(input, visit),
    }
}

/// Does OpenDocument as one XML file begin like this?
pub(super) fn is_flat(head: &[u8]) -> bool {
    head.starts_with(b"<?xml") && memchr::memmem::find(head, b"<office:document ").is_some()
}

/// OpenDocument as one XML file.
pub(super) fn extract_flat(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    odf::extract_flat(input.reader, &mut Blocks::new(visit))
}

/// An OLE compound file.
pub(super) fn extract_ole(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    ole::extract(whole(input)?, &mut Blocks::new(visit))
}

/// What Outlook sends instead of a message.
pub(super) fn extract_tnef(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    tnef::read(&whole(input)?, &mut Blocks::new(visit))
}

/// Rich Text Format.
pub(super) fn extract_rtf(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    rtf::extract(input.reader, &mut Blocks::new(visit))
}
