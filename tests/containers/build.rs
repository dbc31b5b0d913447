//! Writers of containers as no honest program writes them.

use std::io::Write;

/// An entry of a zip, with every lie that it can tell.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) data: Vec<u8>,
    pub(crate) crc: u32,
    pub(crate) size: u32,
    pub(crate) packed: u32,
    /// Is it in the directory?
    pub(crate) listed: bool,
    /// What stands behind its data.
    pub(crate) behind: Vec<u8>,
}

impl Entry {
    pub(crate) fn stored(name: &str, text: &[u8]) -> Entry {
        let (crc, length) = (crc(text), text.len() as u32);
        Entry {
            name: name.as_bytes().to_vec(),
            method: 0,
            flags: 0,
            data: text.to_vec(),
            crc,
            size: length,
            packed: length,
            listed: true,
            behind: Vec::new(),
        }
    }

    pub(crate) fn deflated(name: &str, text: &[u8]) -> Entry {
        let data = deflate(text);
        Entry { method: 8, packed: data.len() as u32, data, ..Entry::stored(name, text) }
    }

    /// Sizes only behind the data, as programs write that cannot go back.
    pub(crate) fn streamed(mut self) -> Entry {
        self.flags |= 8;
        self.behind = [b"PK\x07\x08".to_vec(), le(self.crc), le(self.packed), le(self.size)].concat();
        self
    }

    pub(crate) fn local(&self) -> Vec<u8> {
        let known = |n: u32| if self.flags & 8 == 0 { le(n) } else { le(0) };
        let mut out = b"PK\x03\x04\x14\0".to_vec();
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        out.extend([known(self.crc), known(self.packed), known(self.size)].concat());
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend([0; 2]);
        out.extend(&self.name);
        out
    }

    pub(crate) fn listing(&self, at: u32) -> Vec<u8> {
        let mut out = b"PK\x01\x02\x14\0\x14\0".to_vec();
        out.extend(self.flags.to_le_bytes());
        out.extend(self.method.to_le_bytes());
        out.extend([0; 4]);
        out.extend([le(self.crc), le(self.packed), le(self.size)].concat());
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend([0; 12]);
        out.extend(le(at));
        out.extend(&self.name);
        out
    }
}

/// A zip: entries one after another, then the directory.
pub(crate) fn zip(entries: &[Entry]) -> Vec<u8> {
    zip_after(b"", entries)
}

/// A zip behind something else, its offsets counted from its own beginning.
pub(crate) fn zip_after(before: &[u8], entries: &[Entry]) -> Vec<u8> {
    let mut out = before.to_vec();
    let mut directory = Vec::new();
    let mut listed = 0;
    for entry in entries {
        if entry.listed {
            directory.extend(entry.listing((out.len() - before.len()) as u32));
            listed += 1;
        }
        out.extend(entry.local());
        out.extend(&entry.data);
        out.extend(&entry.behind);
    }
    let at = out.len() - before.len();
    out.extend(&directory);
    out.extend(end(listed, directory.len(), at));
    out
}

/// The record that ends a zip.
pub(crate) fn end(entries: u16, length: usize, at: usize) -> Vec<u8> {
    let count = entries.to_le_bytes().repeat(2);
    [b"PK\x05\x06\0\0\0\0".to_vec(), count, le(length as u32), le(at as u32), vec![0, 0]].concat()
}

pub(crate) fn deflate(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

/// A ustar archive.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, text) in files {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&b| u32::from(b)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(header);
        out.extend(*text);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn le(n: u32) -> Vec<u8> {
    n.to_le_bytes().to_vec()
}
