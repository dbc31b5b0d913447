//! Headers that stand before each entry of a zip, and what is known of an entry.
//!
//! PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.5 (extra
//! fields); WinZip's AE-1/AE-2 field: <https://www.winzip.com/en/support/aes-encryption/>.

use std::sync::Arc;

use super::super::ReadAt;
use super::super::name;
use super::super::section::{find, read_full};

/// Begins each local header.
pub(super) const LOCAL: &[u8] = b"PK\x03\x04";
/// Begins most data descriptors.
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

const ENCRYPTED: u16 = 1;
const HAS_DESCRIPTOR: u16 = 1 << 3;
const STRONG_ENCRYPTION: u16 = 1 << 6;
const UTF_8: u16 = 1 << 11;
const MASKED: u16 = 1 << 13;

/// An entry, from its local header, with the directory's word laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Arc<str>,
    pub(super) flags: u16,
    /// The method of compression; for WinZip's AES the one beneath it.
    pub(super) method: u16,
    /// Key strength (1 to 3) and version of WinZip's AES.
    pub(super) aes: Option<(u8, u16)>,
    /// Time of last change as stored: some writers check a password against it.
    pub(super) time: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// Offset of the header.
    pub(super) at: u64,
    /// Offset of the data.
    pub(super) data: u64,
    /// Are `crc`, `packed` and `size` known, or do they only follow the data?
    pub(super) measured: bool,
    /// Are there 8-byte sizes in its descriptor?
    pub(super) large: bool,
}

impl Entry {
    /// Reads the local header at an offset; `None` if there is none that makes sense.
    pub(super) fn read(file: &dyn ReadAt, at: u64) -> std::io::Result<Option<Entry>> {
        let mut bytes = [0; 1024];
        let n = read_full(file, &mut bytes, at)?;
        let Some(fixed) = bytes[..n].first_chunk::<30>().filter(|fixed| fixed.starts_with(LOCAL)) else {
            return Ok(None);
        };
        let (name_length, extra_length) = (usize::from(u16_at(fixed, 26)), usize::from(u16_at(fixed, 28)));
        let whole = 30 + name_length + extra_length;
        let mut more = Vec::new();
        let variable = match bytes[..n].get(30..whole) {
            Some(variable) => variable,
            None => {
                more.resize(whole - 30, 0);
                let n = read_full(file, &mut more, at + 30)?;
                &more[..n]
            }
        };
        let (name, extra) = variable.split_at(name_length.min(variable.len()));
        let flags = u16_at(fixed, 6);
        let mut entry = Entry {
            name: Arc::from(""),
            flags,
            method: u16_at(fixed, 8),
            aes: None,
            time: u16_at(fixed, 10),
            crc: u32_at(fixed, 14),
            packed: u32_at(fixed, 18).into(),
            size: u32_at(fixed, 22).into(),
            at,
            data: at + whole as u64,
            measured: true,
            large: false,
        };
        entry.name = decode_name(name, flags, extra).into();
        entry.read_extra(extra);
        entry.measured = flags & HAS_DESCRIPTOR == 0 || entry.packed != 0;
        Ok(entry.is_plausible(u16_at(fixed, 4)).then_some(entry))
    }

    fn read_extra(&mut self, extra: &[u8]) {
        for (id, field) in fields(extra) {
            match id {
                0x0001 => {
                    self.large = true;
                    let mut values =
                        field.chunks_exact(8).map(|v| u64::from_le_bytes(v.try_into().unwrap_or_default()));
                    for size in [&mut self.size, &mut self.packed] {
                        if *size == u64::from(u32::MAX) {
                            *size = values.next().unwrap_or(*size);
                        }
                    }
                }
                0x9901 if self.method == 99 && field.len() >= 7 => {
                    self.aes = Some((field[4], u16_at(field, 0)));
                    self.method = u16_at(field, 5);
                }
                _ => {}
            }
        }
    }

    /// Tells a header from the same four bytes by chance.
    fn is_plausible(&self, version: u16) -> bool {
        (version & 0xFF) <= 100 && !self.name.is_empty() && !self.name.contains('\0') && (self.method <= 99)
    }

    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with('/') && self.packed == 0 && self.measured
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    /// Encrypted in a way that only PKWARE's own programs know.
    pub(super) fn is_strongly_encrypted(&self) -> bool {
        self.flags & (STRONG_ENCRYPTION | MASKED) != 0 || self.is_encrypted() && self.method == 99
    }

    /// The byte that a right password gives (APPNOTE 6.1.6).
    pub(super) fn password_check(&self) -> u8 {
        let bytes = if self.flags & HAS_DESCRIPTOR != 0 { u32::from(self.time) << 16 } else { self.crc };
        (bytes >> 24) as u8
    }

    /// Where the entry ends with all that belongs to it, if its data ends at `end`.
    pub(super) fn end(&self, file: &dyn ReadAt, end: u64) -> std::io::Result<u64> {
        if self.flags & HAS_DESCRIPTOR == 0 {
            return Ok(end);
        }
        let mut bytes = [0; 24];
        let n = read_full(file, &mut bytes, end)?;
        let sizes = if self.large { 16 } else { 8 };
        let signature = if bytes.starts_with(DESCRIPTOR) { 4 } else { 0 };
        // Without a signature it is only a descriptor if it states what the directory does.
        let states = signature > 0 || (self.measured && u32_at(&bytes, 0) == self.crc);
        Ok(end + if states { (signature + 4 + sizes).min(n) as u64 } else { 0 })
    }

    /// Where the data of an entry ends whose size only follows it: at the first descriptor that
    /// states just this size, else at `end`.
    pub(super) fn find_end(&self, file: &dyn ReadAt, end: u64) -> std::io::Result<u64> {
        let mut from = self.data;
        while let Some(at) = find(file, DESCRIPTOR, from, end)? {
            let mut bytes = [0; 12];
            let n = read_full(file, &mut bytes, at)?;
            if n == bytes.len() && u64::from(u32_at(&bytes, 8)) == (at - self.data) & 0xFFFF_FFFF {
                return Ok(at);
            }
            from = at + 1;
        }
        Ok(end)
    }
}

/// A name, which may also stand in Unicode in an extra field (0x7075, Info-ZIP).
pub(super) fn decode_name(bytes: &[u8], flags: u16, extra: &[u8]) -> String {
    if flags & UTF_8 == 0
        && let Some((_, field)) = fields(extra).find(|(id, field)| *id == 0x7075 && field.len() > 5)
        && let Ok(name) = std::str::from_utf8(&field[5..])
    {
        return name.to_owned();
    }
    name::decode(bytes)
}

/// The extra fields: number and content.
fn fields(mut extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let head = extra.first_chunk::<4>()?;
        let field = extra.get(4..4 + usize::from(u16_at(head, 2)))?;
        extra = &extra[4 + field.len()..];
        Some((u16_at(head, 0), field))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}
