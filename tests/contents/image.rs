//! Images with something written about them.

use std::io::{self, Read, Write};

use sekisho::chunk::{Limits, Step};
use sekisho::error::Problem;
use sekisho::extract::{Block, Input, Kind, Visit, sniff};

use super::scanned::{scan, survives};

const SECRET: &str = "credential/password-japanese";

fn secret(number: u32) -> (String, String) {
    let value = format!("vK7#mPq2xLw{number}");
    (format!("パスワード：{value}"), value)
}

/// A directory of TIFF at offset 8, its long values behind it.
fn tiff(items: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let mut values = Vec::new();
    let behind = 8 + 2 + items.len() * 12 + 4;
    out.extend((items.len() as u16).to_le_bytes());
    for (tag, kind, value) in items {
        let size = if *kind == 5 { 8 } else { 1 };
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend((value.len() as u32 / size).to_le_bytes());
        if value.len() <= 4 {
            out.extend(value);
            out.resize(out.len() + 4 - value.len(), 0);
        } else {
            out.extend(((behind + values.len()) as u32).to_le_bytes());
            values.extend(value);
        }
    }
    out.extend([0; 4]);
    [out, values].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A TIFF with a text in each of the ways that cameras and programs write them.
fn written() -> Vec<u8> {
    let sjis = encoding_rs::SHIFT_JIS.encode(&secret(2).0).0.into_owned();
    tiff(&[
        (0x010E, 2, secret(1).0.into_bytes()),
        (0x013B, 2, sjis),
        (0x9286, 7, [b"UNICODE\0", &utf16(&secret(3).0)[..]].concat()),
        (0x9C9C, 1, utf16(&secret(4).0)),
    ])
}

fn segment(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, kind][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

fn jpeg() -> Vec<u8> {
    let exif = segment(0xE1, &[b"Exif\0\0", &written()[..]].concat());
    let xmp = segment(0xE1, format!("http://ns.adobe.com/xap/1.0/\0<x>\n{}\n</x>", secret(5).0).as_bytes());
    let comment = segment(0xFE, secret(6).0.as_bytes());
    [&b"\xFF\xD8"[..], &exif, &xmp, &comment, b"\xFF\xDA\0\x02\x11\x22\x33\xFF\xD9"].concat()
}

fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes(), kind, content, b"crc."].concat()
}

fn png() -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(secret(2).0.as_bytes()).expect("memory");
    let packed = packed.finish().expect("memory");
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0; 13]),
        chunk(b"tEXt", &[b"Comment\0", secret(1).0.as_bytes()].concat()),
        chunk(b"zTXt", &[b"Notes\0\0", &packed[..]].concat()),
        chunk(b"iTXt", &["XML:com.adobe.xmp\0\0\0\0\0".as_bytes(), secret(3).0.as_bytes()].concat()),
        chunk(b"eXIf", &tiff(&[(0x8298, 2, secret(4).0.into_bytes())])),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn every_kind_of_note_is_read_and_the_image_counts_as_one() {
    let webp = [&b"RIFF\0\0\0\0WEBPEXIF"[..], &(written().len() as u32).to_le_bytes(), &written()].concat();
    let exif = ["ImageDescription", "Artist", "UserComment", "XPComment"];
    for (name, bytes, places) in [
        ("a.jpg", jpeg(), &["ImageDescription", "Artist", "UserComment", "XPComment", "XMP", "Comment"][..]),
        ("a.png", png(), &["Comment", "Notes", "XML:com.adobe.xmp", "Copyright"]),
        ("a.tif", written(), &exif),
        ("a.webp", webp, &exif),
    ] {
        let scanned = scan(name, &bytes);
        assert_eq!((&scanned.problems[..], &scanned.not_text[..]), (&[][..], &["image"][..]), "{name}");
        for (number, place) in (1..).zip(places) {
            assert_eq!(scanned.places(SECRET, &secret(number).1), [*place], "{name}: {:?}", scanned.found);
        }
    }
}

/// Keeps the text only.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn member(&mut self, _: Step, _: &mut dyn Read) -> io::Result<()> {
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        self.0.push_str(block.text);
        Ok(())
    }

    fn problem(&mut self, _: Option<Step>, _: Problem) {}
}

#[test]
fn where_a_picture_was_taken() {
    let degrees =
        |d: u32, m: u32, s: u32| [d, 1, m, 1, s, 10].iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let directory = |offset: u32| {
        let mut bytes = tiff(&[(0x8825, 4, offset.to_le_bytes().to_vec())]);
        // Its count is of numbers, not of bytes.
        bytes[14] = 1;
        bytes
    };
    let offset = directory(0).len() as u32;
    let mut bytes = directory(offset);
    let inner = tiff(&[
        (1, 2, b"N\0".to_vec()),
        (2, 5, degrees(35, 40, 125)),
        (3, 2, b"W\0".to_vec()),
        (4, 5, degrees(139, 30, 0)),
    ]);
    // The inner directory's offsets count from the outer beginning.
    let mut gps = inner[8..].to_vec();
    for entry in [1, 3] {
        let at = 2 + entry * 12 + 8;
        let value = u32::from_le_bytes(gps[at..at + 4].try_into().expect("four"));
        gps[at..at + 4].copy_from_slice(&(value - 8 + offset).to_le_bytes());
    }
    bytes.extend(gps);
    let Kind::Container(format) = sniff(&bytes) else { panic!("no TIFF") };
    let (limits, mut text) = (Limits::default(), Text::default());
    (format.extract)(&mut Input::new(&mut bytes.as_slice(), "a.tif", &limits), &mut text).expect("reads");
    assert_eq!(text.0, "GPS: 35.670139, -139.500000\n");
}

#[test]
fn damage_does_no_harm() {
    survives("a.jpg", &jpeg());
    survives("a.png", &png());
    survives("a.tif", &written());
}
