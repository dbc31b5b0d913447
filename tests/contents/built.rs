//! Documents that no free program writes, made here by their specifications: an Outlook message
//! (MS-OXMSG) and a binary workbook (MS-XLSB). Whole, cut and with bits turned.

use std::io::{Cursor, Write};

use super::scanned::{TOKEN, scan, survives, token};

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A message with a recipient, a file and a message within it.
fn outlook(token: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    let mut stream = |path: &str, content: &[u8]| {
        let folder = &path[..path.rfind('/').expect("a path")];
        if !folder.is_empty() {
            file.create_storage_all(folder).expect("storage");
        }
        file.create_stream(path).expect("stream").write_all(content).expect("memory");
    };
    // Code page 932 of texts in bytes.
    let page = [&[0; 32][..], &[3, 0, 0xFD, 0x3F], &[6, 0, 0, 0], &932_u64.to_le_bytes()].concat();
    stream("/__properties_version1.0", &page);
    stream("/__substg1.0_0037001F", &utf16("名簿の件"));
    stream("/__substg1.0_1000001E", &encoding_rs::SHIFT_JIS.encode(&format!("お世話になっております。 {token}")).0);
    stream("/__recip_version1.0_#00000000/__substg1.0_39FE001F", &utf16("hanako@office.example.co.jp"));
    stream("/__attach_version1.0_#00000000/__substg1.0_3707001F", &utf16("名簿.csv"));
    stream("/__attach_version1.0_#00000000/__substg1.0_37010102", format!("a,b\n1,{token}\n").as_bytes());
    let within = "/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F";
    stream(within, &utf16(&format!("転送します {token}")));
    file.into_inner().into_inner()
}

#[test]
fn an_outlook_message() {
    let token = token();
    let bytes = outlook(&token);
    let scanned = scan("a.msg", &bytes);
    let mut places = scanned.places(TOKEN, &token);
    places.sort_unstable();
    assert_eq!(places, ["attached message", "message", "名簿.csv"], "{:?}", scanned.found);
    let address = "hanako@office.example.co.jp";
    assert_eq!(scanned.places("personal/email-address", address), ["recipients"], "{:?}", scanned.found);
    assert_eq!(scanned.problems, []);
    survives("a.msg", &bytes);
}

/// A record: its type and length, seven bits a byte.
fn record(kind: u32, content: &[u8]) -> Vec<u8> {
    let number = |mut n: u32| {
        let mut out = Vec::new();
        loop {
            out.push((n & 0x7F) as u8 | if n > 0x7F { 0x80 } else { 0 });
            n >>= 7;
            if n == 0 {
                return out;
            }
        }
    };
    [number(kind), number(content.len() as u32), content.to_vec()].concat()
}

/// A text behind its length in characters.
fn wide(text: &str) -> Vec<u8> {
    [&(text.encode_utf16().count() as u32).to_le_bytes()[..], &utf16(text)].concat()
}

fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(content).expect("memory");
        let packed = encoder.finish().expect("memory");
        let sizes =
            [crc32fast::hash(content), packed.len() as u32, content.len() as u32].map(u32::to_le_bytes).concat();
        let common =
            [&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..], &sizes, &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
        let at = (out.len() as u32).to_le_bytes();
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &at, name.as_bytes()].concat());
        out.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let end = [(directory.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes()].concat();
    [out, directory, [b"PK\x05\x06\0\0\0\0", &count[..], &count, &end, &[0; 2]].concat()].concat()
}

/// A workbook with one sheet: a heading, texts, a number.
fn workbook(token: &str) -> Vec<u8> {
    let row = |n: u32| record(0, &[&n.to_le_bytes()[..], &[0; 21]].concat());
    let cell =
        |kind: u32, column: u32, content: &[u8]| record(kind, &[&column.to_le_bytes()[..], &[0; 4], content].concat());
    let my_number = "554497793080".parse::<f64>().expect("a number");
    let sheet = [
        row(0),
        cell(7, 0, &0_u32.to_le_bytes()),
        cell(6, 1, &wide("個人番号")),
        row(1),
        cell(6, 0, &wide(token)),
        cell(5, 1, &my_number.to_le_bytes()),
    ]
    .concat();
    let relations = "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.bin'/>\
                     <Relationship Id='r2' Target='sharedStrings.bin'/></Relationships>";
    zip(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("_rels/.rels", b"<Relationships/>".to_vec()),
        ("xl/workbook.bin", record(156, &[vec![0; 8], wide("r1"), wide("名簿")].concat())),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes().to_vec()),
        ("xl/sharedStrings.bin", record(19, &[vec![0], wide("氏名")].concat())),
        ("xl/worksheets/sheet1.bin", sheet),
    ])
}

#[test]
fn a_binary_workbook() {
    let token = token();
    let bytes = workbook(&token);
    let scanned = scan("a.xlsb", &bytes);
    assert_eq!(scanned.places(TOKEN, &token), ["名簿!A2"], "{:?} {:?}", scanned.found, scanned.problems);
    assert_eq!(scanned.places("personal/jp-my-number", "554497793080"), ["名簿!B2"], "{:?}", scanned.found);
    assert_eq!(scanned.problems, []);
    survives("a.xlsb", &bytes);
}
