//! TIFF directories as EXIF uses them (TIFF 6.0 §2; JEITA CP-3451, §4.6) → items of text.

use super::{Notes, ReadAt, bytes_at, text};
use crate::text::{Encoding, Reader};

/// Directories that are looked at: pages of a TIFF, EXIF, GPS.
const MOST_DIRECTORIES: usize = 100;
const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;
const USER_COMMENT: u16 = 0x9286;
const XMP: u16 = 0x02BC;

/// Items that hold text, by name. All others of the type text are named by their number.
const NAMES: &[(u16, &str)] = &[
    (0x010D, "DocumentName"),
    (0x010E, "ImageDescription"),
    (0x010F, "Make"),
    (0x0110, "Model"),
    (0x0131, "Software"),
    (0x0132, "DateTime"),
    (0x013B, "Artist"),
    (0x013C, "HostComputer"),
    (XMP, "XMP"),
    (0x8298, "Copyright"),
    (0x9003, "DateTimeOriginal"),
    (0x9004, "DateTimeDigitized"),
    (USER_COMMENT, "UserComment"),
    (0x9C9B, "XPTitle"),
    (0x9C9C, "XPComment"),
    (0x9C9D, "XPAuthor"),
    (0x9C9E, "XPKeywords"),
    (0x9C9F, "XPSubject"),
    (0xA420, "ImageUniqueID"),
    (0xA430, "CameraOwnerName"),
    (0xA431, "BodySerialNumber"),
    (0xA435, "LensSerialNumber"),
];

/// Adds the items of a TIFF, or of EXIF within another format, to the notes.
pub(super) fn read(file: &dyn ReadAt, notes: &mut Notes) {
    let Some(head) = bytes_at(file, 0, 8) else { return };
    let order = match &head[..2] {
        b"II" => Order { little: true },
        b"MM" => Order { little: false },
        _ => return,
    };
    let mut waiting = vec![(order.four(&head[4..]), false)];
    let mut seen = Vec::new();
    while let Some((at, gps)) = waiting.pop() {
        if at == 0 || seen.contains(&at) || seen.len() == MOST_DIRECTORIES {
            continue;
        }
        seen.push(at);
        directory(file, order, u64::from(at), gps, &mut waiting, notes);
    }
}

/// One directory; what it leads to is added to those that wait.
fn directory(
    file: &dyn ReadAt,
    order: Order,
    at: u64,
    gps: bool,
    waiting: &mut Vec<(u32, bool)>,
    notes: &mut Notes,
) -> Option<()> {
    let count = u64::from(order.two(&bytes_at(file, at, 2)?));
    let entries = bytes_at(file, at + 2, count * 12)?;
    let mut place = Place::default();
    for entry in entries.chunks_exact(12) {
        let (tag, kind, number) = (order.two(entry), order.two(&entry[2..]), order.four(&entry[4..]));
        let size = match kind {
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length = u64::from(number) * size;
        let value = match length {
            0..=4 => entry.get(8..8 + length as usize).map(<[u8]>::to_vec),
            _ => bytes_at(file, u64::from(order.four(&entry[8..])), length),
        };
        let Some(value) = value else { continue };
        match (tag, kind) {
            (EXIF | GPS, 4) if value.len() == 4 => waiting.push((order.four(&value), tag == GPS)),
            (1..=4, _) if gps => place.take(tag, &value, order),
            (0x9C9B..=0x9C9F, _) => notes.add(name(tag).unwrap_or_default(), &wide(&value, true)),
            (USER_COMMENT, _) => notes.add("UserComment", &comment(&value, order)),
            (XMP, 1 | 7) => notes.add("XMP", &text(&value)),
            (_, 2) => {
                let number = format!("tag {tag:#06x}");
                // Several texts of one item are divided by zeros.
                value.split(|&b| b == 0).for_each(|line| notes.add(name(tag).unwrap_or(&number), &text(line)));
            }
            _ => {}
        }
    }
    notes.add("GPS", &place.text().unwrap_or_default());
    waiting.push((order.four(&bytes_at(file, at + 2 + count * 12, 4)?), false));
    Some(())
}

fn name(tag: u16) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == tag).map(|(_, name)| *name)
}

/// A comment begins with the name of its character set, in eight bytes.
fn comment(value: &[u8], order: Order) -> String {
    match value.split_at_checked(8) {
        Some((b"UNICODE\0", rest)) => wide(rest, order.little),
        Some((b"ASCII\0\0\0" | b"JIS\0\0\0\0\0" | b"\0\0\0\0\0\0\0\0", rest)) => text(rest),
        _ => text(value),
    }
}

/// Text in UTF-16.
fn wide(bytes: &[u8], little: bool) -> String {
    let mut reader = Reader::default();
    reader.begin_as(if little { Encoding::Utf16Le } else { Encoding::Utf16Be });
    String::from_utf8_lossy(reader.read(bytes, 0).bytes).into_owned()
}

/// Where a picture was taken.
#[derive(Default)]
struct Place {
    south: bool,
    west: bool,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Place {
    fn take(&mut self, tag: u16, value: &[u8], order: Order) {
        match tag {
            1 => self.south = value.starts_with(b"S"),
            2 => self.latitude = order.degrees(value),
            3 => self.west = value.starts_with(b"W"),
            _ => self.longitude = order.degrees(value),
        }
    }

    /// Latitude and longitude in degrees, north and east positive.
    fn text(&self) -> Option<String> {
        let sign = |negative: bool, degrees: f64| if negative { -degrees } else { degrees };
        Some(format!("{:.6}, {:.6}", sign(self.south, self.latitude?), sign(self.west, self.longitude?)))
    }
}

/// The order of bytes in numbers.
#[derive(Clone, Copy)]
struct Order {
    little: bool,
}

impl Order {
    fn two(self, bytes: &[u8]) -> u16 {
        let [a, b] = bytes.first_chunk().copied().unwrap_or_default();
        if self.little { u16::from_le_bytes([a, b]) } else { u16::from_be_bytes([a, b]) }
    }

    fn four(self, bytes: &[u8]) -> u32 {
        let bytes = bytes.first_chunk().copied().unwrap_or_default();
        if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    /// Degrees, minutes and seconds, each a fraction.
    fn degrees(self, bytes: &[u8]) -> Option<f64> {
        let part = |pair: &[u8]| f64::from(self.four(pair)) / f64::from(self.four(&pair[4..]).max(1));
        let parts: Vec<f64> = bytes.chunks_exact(8).take(3).map(part).collect();
        (parts.len() == 3).then(|| parts[0] + parts[1] / 60.0 + parts[2] / 3600.0)
    }
}
