//! Tests only: documents that are built to hurt, and formats that no program here writes.

use std::io::{self, Read, Write as _};

use flate2::{Compression, write::DeflateEncoder};

use super::super::{Block, Input, Visit};
use crate::chunk::{Limits, Step};
use crate::error::{Problem, ProblemKind};

/// Text by step, members, problems.
#[derive(Default)]
struct Take {
    text: String,
    steps: Vec<(String, String)>,
    members: Vec<(String, Vec<u8>)>,
    problems: Vec<ProblemKind>,
}

impl Visit for Take {
    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let mut content = Vec::new();
        bytes.read_to_end(&mut content)?;
        self.members.push((step.to_string(), content));
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        for (i, mark) in block.marks.iter().enumerate() {
            let end = block.marks.get(i + 1).map_or(block.text.len(), |next| next.at);
            self.steps.push((mark.step.to_string(), block.text[mark.at..end].trim().to_owned()));
        }
        self.text.push_str(block.text);
        Ok(())
    }

    fn problem(&mut self, _: Option<Step>, problem: Problem) {
        self.problems.push(problem.kind);
    }
}

impl Take {
    fn has(&self, step: &str, text: &str) -> bool {
        self.steps.iter().any(|(s, t)| s == step && t == text)
    }
}

fn take(bytes: &[u8], extract: super::super::Extract) -> Take {
    take_within(bytes, extract, &Limits::default())
}

fn take_within(bytes: &[u8], extract: super::super::Extract, limits: &Limits) -> Take {
    let mut reader = bytes;
    let mut input = Input::new(&mut reader, "test", limits);
    let mut take = Take::default();
    if let Err(problem) = extract(&mut input, &mut take) {
        take.problems.push(problem.kind);
    }
    take
}

fn package(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
    for (name, content) in parts {
        let file = archive.new_file(*name).compression_method(rawzip::CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(content).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    out
}

fn docx(document: Vec<u8>) -> Take {
    let types = ("[Content_Types].xml", b"<Types/>".to_vec());
    take(&package(&[types, ("word/document.xml", document)]), super::extract_package)
}

fn relations(target: &str) -> Vec<u8> {
    format!("<Relationships><Relationship Id='r1' Target='{target}'/></Relationships>").into_bytes()
}

fn workbook(sheet: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.xml", "<workbook><sheets><sheet name='表' r:id='r1'/></sheets></workbook>".into()),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
}

#[test]
fn a_billion_laughs_stay_unlaughed() {
    let mut bomb = String::from("<!DOCTYPE d [<!ENTITY a0 'ha'>");
    for i in 1..30 {
        bomb += &format!("<!ENTITY a{i} '&a{};&a{};'>", i - 1, i - 1);
    }
    bomb += "]><w:document><w:p><w:t>&a29;山田</w:t></w:p></w:document>";
    let found = docx(bomb.into());
    assert!(found.text.contains("&a29;山田") && found.text.len() < 4096, "{}", found.text.len());
}

#[test]
fn depth_and_attributes_cost_nothing() {
    let deep = [b"<a>".repeat(1_000_000), b"<w:t>x</w:t>".to_vec(), b"</a>".repeat(1_000_000)].concat();
    assert_eq!(docx(deep).text, "x\n");
    let wide = format!("<w:p {}><w:t>x</w:t></w:p>", "a='1' ".repeat(100_000));
    assert_eq!(docx(wide.into_bytes()).text, "x\n");
    let too_wide = format!("<w:p a='{}'><w:t>x</w:t></w:p>", "1".repeat(3 << 20));
    assert_eq!(docx(too_wide.into_bytes()).problems, [ProblemKind::Limit]);
}

#[test]
fn a_text_without_end_comes_in_blocks() {
    let long = format!("<w:p><w:t>{}</w:t></w:p>", "あ".repeat(3 << 20));
    let found = docx(long.into_bytes());
    assert!(found.text.len() >= 9 << 20 && found.problems.is_empty());
}

#[test]
fn what_the_directory_leaves_out_is_looked_at() {
    let part = |text: &str| vec![("word/document.xml", format!("<p><t>{text}</t></p>").into_bytes())];
    let mut shown = part("shown");
    shown.push(("[Content_Types].xml", b"<Types/>".to_vec()));
    let found = take(&[package(&part("hidden")), package(&shown)].concat(), super::extract_package);
    assert!(found.text.contains("shown") && found.text.contains("hidden"), "{}", found.text);
}

#[test]
fn a_zip_bomb_ends_at_its_bound() {
    // Nothing of it is text, so that only the bytes unpacked can count.
    let parts = workbook(b"<worksheet>".iter().copied().chain(b"<c/>".repeat(1 << 20)).collect());
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    let found = take_within(&package(&parts), super::extract_package, &limits);
    assert_eq!(found.problems, [ProblemKind::Limit]);
}

#[test]
fn a_far_cell_and_one_long_text_named_by_many() {
    let far = "<worksheet><sheetData><row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>端</t></is></c></row>\
               </sheetData></worksheet>";
    let found = take(&package(&workbook(far.into())), super::extract_package);
    assert!(found.has("表!XFD1048576", "端") && found.text.len() < 32, "{:?}", found.steps);

    let rows = "<row><c t='s'><v>0</v></c></row>".repeat(100_000);
    let mut parts = workbook(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into());
    parts[2].1 = "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/>\
                  <Relationship Id='r2' Target='sharedStrings.xml'/></Relationships>"
        .into();
    parts.push(("xl/sharedStrings.xml", format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32_000)).into_bytes()));
    let found = take(&package(&parts), super::extract_package);
    assert!((32_000..64_000).contains(&found.text.len()), "{}", found.text.len());
}

#[test]
fn later_blocks_of_a_table_know_its_header() {
    struct Headers(Vec<Option<String>>);
    impl Visit for Headers {
        fn member(&mut self, _: Step, _: &mut dyn Read) -> io::Result<()> {
            Ok(())
        }
        fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
            self.0.push(block.header.map(str::to_owned));
            Ok(())
        }
        fn problem(&mut self, _: Option<Step>, _: Problem) {}
    }
    let cell = |text: &str| format!("<c t='inlineStr'><is><t>{text}</t></is></c>");
    let row = |a: &str, b: &str| format!("<row>{}{}</row>", cell(a), cell(b));
    let rows = row("氏名", "電話") + &row("山田", "090").repeat(40_000);
    let bytes = package(&workbook(format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into()));
    let limits = Limits::default();
    let mut reader = bytes.as_slice();
    let mut input = Input::new(&mut reader, "test", &limits);
    let mut headers = Headers(Vec::new());
    super::extract_package(&mut input, &mut headers).unwrap();
    let header = Some("氏名\t電話\n".to_owned());
    assert_eq!(headers.0, [None, header]);
}

/// One xlsb record.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut out = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 & 0x7F | 0x80, (kind >> 7) as u8] };
    out.push(content.len() as u8);
    out.extend(content);
    out
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    (units.len() as u32).to_le_bytes().into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn xlsb_rows() {
    let cell = |column: u32, rest: &[u8]| [&column.to_le_bytes()[..], &[0; 4], rest].concat();
    let sheet = [
        record(0, &[6, 0, 0, 0]),
        record(7, &cell(0, &0u32.to_le_bytes())),
        record(5, &cell(2, &123_456_789_018f64.to_le_bytes())),
        record(2, &cell(3, &(1234u32 << 2 | 2).to_le_bytes())),
        record(6, &cell(4, &wide("電話 090"))),
    ]
    .concat();
    let parts = [
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.bin", record(156, &[vec![0; 8], wide("r1"), wide("名簿")].concat())),
        (
            "xl/_rels/workbook.bin.rels",
            "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.bin'/>\
             <Relationship Id='r2' Target='sharedStrings.bin'/></Relationships>"
                .into(),
        ),
        ("xl/sharedStrings.bin", record(19, &[vec![0], wide("山田 太郎")].concat())),
        ("xl/worksheets/sheet1.bin", sheet),
    ];
    let found = take(&package(&parts), super::extract_package);
    assert_eq!(found.text, "山田 太郎\t\t123456789018\t1234\t電話 090\n");
    assert!(found.has("名簿!C7", "123456789018") && found.problems.is_empty(), "{:?}", found.steps);
}

#[test]
fn outlook_message() {
    let mut file = cfb::CompoundFile::create(io::Cursor::new(Vec::new())).unwrap();
    let text = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let attachment = "/__attach_version1.0_#00000000";
    file.create_storage(attachment).unwrap();
    file.create_storage("/__recip_version1.0_#00000000").unwrap();
    let (sjis, ..) = encoding_rs::SHIFT_JIS.encode("本文 03-1234-5678\r\n");
    for (path, content) in [
        ("/__substg1.0_0037001F".to_owned(), text("見積もりの件")),
        ("/__substg1.0_1000001E".to_owned(), sjis.into_owned()),
        ("/__recip_version1.0_#00000000/__substg1.0_3001001F".to_owned(), text("佐藤 花子")),
        (format!("{attachment}/__substg1.0_3707001F"), text("名簿.csv")),
        (format!("{attachment}/__substg1.0_37010102"), "氏名,電話".into()),
    ] {
        file.create_stream(path).unwrap().write_all(&content).unwrap();
    }
    let found = take(&file.into_inner().into_inner(), super::extract_ole);
    assert!(found.has("message", "Subject: 見積もりの件"), "{:?}", found.steps);
    assert!(found.has("message", "本文 03-1234-5678"), "{:?}", found.steps);
    assert!(found.has("recipients", "佐藤 花子"), "{:?}", found.steps);
    assert_eq!(found.members, [("名簿.csv".to_owned(), "氏名,電話".as_bytes().to_vec())]);
}
