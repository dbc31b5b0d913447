//! Encoded text at its limits: runs longer than any window, encodings within each other without
//! end, and input made to cost more than it weighs. What is asserted is counted, never timed.

use std::io::{self, Read, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use sekisho::chunk::Origin;
use sekisho::detector;
use sekisho::error::ProblemKind;
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner, Summary};
use sekisho::source::{Body, Item, List};

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| scanner(256 << 10));

fn scanner(chunk: usize) -> Scanner {
    let set = detector::builtin().iter().cloned().map(Arc::new).collect();
    let mut options = Options::new(Key::new([5; 32]), Instant::now);
    options.chunk = chunk;
    options.reveal = true;
    Scanner::new(set, options).expect("compiles")
}

fn scan_with(scanner: &Scanner, body: Body) -> Collect {
    let mut found = Collect::default();
    let item = Item { origin: Origin::file(PathBuf::from("input")), body };
    scanner.run(&mut List::new(vec![item]), &mut found).expect("scans");
    found
}

fn scan(bytes: impl Into<Vec<u8>>) -> Collect {
    scan_with(&SCANNER, Body::Bytes(bytes.into()))
}

fn summary(found: &Collect) -> &Summary {
    found.summary.as_ref().expect("finished")
}

/// A GitHub token with a right checksum, made here so that none stands in git.
fn token() -> String {
    let body = "m3KdW8sYq5RtLx2VbN7HfJ9pZc4Gaw";
    let crc = crc32fast::hash(body.as_bytes());
    let digit =
        |i: u32| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(crc / 62u32.pow(i) % 62) as usize];
    let tail: String = (0..6).rev().map(|i| char::from(digit(i))).collect();
    ["gh", "p_", body, &tail].concat()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = ALPHABET[(n >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() { digit as char } else { '=' });
        }
    }
    out
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// A gzip of more than `length` bytes with the token at its very end.
fn gzip(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&noise(length)).expect("memory");
    encoder.write_all(format!("\nthe key is {}\n", token()).as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

fn wrap(text: &str, width: usize, joint: &str) -> String {
    let lines: Vec<&str> =
        text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).expect("ascii")).collect();
    lines.join(joint)
}

/// A document in base64 is opened whole, however many windows it reaches over.
#[test]
fn a_container_longer_than_a_window_is_opened() {
    let plain = gzip(900_000);
    let encoded = base64(&plain);
    let filler = "and so on, line after line\n".repeat(9_000);
    for (name, text) in [
        ("JSON", format!("{{\"name\":\"a.gz\",\"data\":\"{encoded}\",\"n\":1}}\n")),
        ("JSON with escaped slashes", format!("{{\"data\":\"{}\",\"n\":1}}\n", encoded.replace('/', "\\/"))),
        ("JSON with escaped line ends", format!("{{\"data\":\"{}\",\"n\":1}}\n", wrap(&encoded, 76, "\\n"))),
        ("data URI", format!("<a href=\"data:application/gzip;base64,{encoded}\">a</a>\n")),
        ("YAML", format!("data: |\n  {}\nnext: 1\n", wrap(&encoded, 64, "\n  "))),
        ("lines of mail", format!("begin\r\n\r\n{}\r\n\r\nend\r\n", wrap(&encoded, 76, "\r\n"))),
        ("lines of an odd width", format!("begin\n\n{}\n\nend\n", wrap(&encoded, 75, "\n"))),
        ("quoted", format!("> {}\n\nend\n", wrap(&encoded, 72, "\n> "))),
        ("late in the file", format!("{filler}x: {encoded}\n{filler}")),
        ("to the very end", encoded.clone()),
        ("twice encoded", format!("release: {}\n", base64(encoded.as_bytes()))),
        ("three times", base64(base64(encoded.as_bytes()).as_bytes())),
        ("hex", plain.iter().map(|b| format!("{b:02x}")).collect()),
    ] {
        let found = scan(text.clone());
        let ids: Vec<&str> = found.findings.iter().map(|f| &*f.detector.id).collect();
        assert_eq!(ids, ["credential/github-token"], "{name}: {:?}", found.problems);
        assert_eq!(found.problems, [], "{name}");
        let at: u64 = text.find(&encoded[..8]).unwrap_or(0) as u64;
        let inside = &found.findings[0].origin.inside;
        if !matches!(name, "twice encoded" | "three times" | "hex") {
            assert_eq!(inside[0].to_string(), format!("base64@{at}"), "{name}");
        }
        assert!(inside.len() <= 4, "{name}: {inside:?}");
    }
}

/// Whatever the window, and wherever it cuts.
#[test]
fn a_container_is_opened_whatever_the_window() {
    let encoded = base64(&gzip(150_000));
    let text = format!("first line\nkey: {}\nlast line\n", wrap(&encoded, 76, "\n     "));
    for chunk in [4_096, 10_007, 65_536, 190_000, 205_000] {
        let found = scan_with(&scanner(chunk), Body::Bytes(text.clone().into_bytes()));
        assert_eq!((found.findings.len(), found.problems.len()), (1, 0), "{chunk}: {:?}", found.problems);
    }
}

/// A container of which only a part is there is looked at as far as it goes, and said to be damaged.
#[test]
fn half_a_container_is_a_problem() {
    let encoded = base64(&gzip(900_000));
    for text in [format!("x: {}\n\nend\n", &encoded[..700_000]), encoded[..700_001].to_owned()] {
        let found = scan(text);
        assert_eq!(found.problems.iter().map(|(_, p)| p.kind).collect::<Vec<_>>(), [ProblemKind::Damaged]);
    }
}

/// The same text over and over, without an end of its own.
struct Repeated {
    unit: Vec<u8>,
    at: u64,
    length: u64,
    end: Vec<u8>,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut n = 0;
        while n < buffer.len() {
            let rest = match self.length.saturating_sub(self.at) {
                0 => &self.end[((self.at - self.length) as usize).min(self.end.len())..],
                left => {
                    let unit = &self.unit[self.at as usize % self.unit.len()..];
                    &unit[..unit.len().min(left as usize)]
                }
            };
            if rest.is_empty() {
                break;
            }
            let part = rest.len().min(buffer.len() - n);
            buffer[n..n + part].copy_from_slice(&rest[..part]);
            (n, self.at) = (n + part, self.at + part as u64);
        }
        Ok(n)
    }
}

fn repeated(unit: &[u8], length: u64, end: &str) -> Collect {
    let reader = Repeated { unit: unit.to_vec(), at: 0, length, end: end.as_bytes().to_vec() };
    scan_with(&SCANNER, Body::Stream(Box::new(reader)))
}

/// 100 MB of base64 in one line: each byte is decoded once (but for the windows' margins), and what
/// comes at its end is found.
#[test]
fn a_line_of_base64_without_end_is_read_to_its_end() {
    let unit = base64(b"all of it is of no interest to anybody, ");
    let (unit, _) = unit.split_at(unit.len() / 16 * 16);
    let length = 100_000_000 / unit.len() as u64 * unit.len() as u64;
    let found = repeated(unit.as_bytes(), length, &base64(format!("key {} end", token()).as_bytes()));
    assert_eq!(found.findings.iter().map(|f| &*f.detector.id).collect::<Vec<_>>(), ["credential/github-token"]);
    let start = found.findings[0].start;
    assert!(start.byte >= length && start.line == 1 && start.column == start.byte + 1, "{start:?}");
    assert!(summary(&found).decoded_bytes < length, "{}", summary(&found).decoded_bytes);
    assert_eq!(found.problems, []);
}

/// What is made to be decoded over and over is decoded in proportion to its length.
#[test]
fn hostile_text_is_decoded_in_proportion_to_its_length() {
    let percent = format!("%{}", "25".repeat(40));
    let units: [&[u8]; 22] = [
        b"&#",
        b"&#38;#",
        b"&amp;",
        b"%25",
        b"%",
        percent.as_bytes(),
        b"\\u005c",
        b"\\\\",
        b"\\u005cu005c",
        b"=3D",
        b"=3D=\r\n",
        b"=\r\n",
        b"+AAAA",
        b"+AEA-",
        b"+",
        b"\" + \"",
        b"41:",
        b"0x41,",
        b"65, ",
        b"a1 \n",
        b"a@\n",
        "氏 ".as_bytes(),
    ];
    for unit in units {
        let cost = |length: u64| {
            let found = repeated(unit, length, "\n");
            assert!(found.problems.iter().all(|(_, p)| p.kind == ProblemKind::Limit), "{unit:?}: {:?}", found.problems);
            summary(&found).decoded_bytes
        };
        let (once, twice) = (cost(300_000), cost(600_000));
        let name = String::from_utf8_lossy(unit);
        assert!(once <= 12 * 300_000, "{name}: {once}");
        assert!(twice <= once * 5 / 2 + 300_000, "{name}: {once} and {twice}");
    }
}

/// Encodings within each other: what is too deep is not followed, and that is said.
#[test]
fn a_hundred_encodings_within_each_other_are_bounded() {
    let mut text = format!("the key is {} and that is all\n", token());
    let mut depth = 0;
    // base64 grows by a third each time.
    while text.len() < 4_000_000 {
        text = base64(text.as_bytes());
        depth += 1;
    }
    assert!(depth > 30);
    let found = scan(text.clone());
    assert_eq!(found.findings.len(), 0);
    assert!(!found.problems.is_empty() && found.problems.iter().all(|(_, p)| p.kind == ProblemKind::Limit));
    assert!(summary(&found).decoded_bytes < 4 * text.len() as u64, "{}", summary(&found).decoded_bytes);

    // Percent signs, which grow by two characters each: a region is decoded to its end.
    let mut text = format!("key=%67{}", &token()[1..]);
    for _ in 0..100 {
        text = text.replace('%', "%25");
    }
    let found = scan(text.clone());
    let seen = found.findings.iter().any(|f| f.detector.id == "credential/github-token");
    assert!(seen || found.problems.iter().any(|(_, p)| p.kind == ProblemKind::Limit), "{:?}", found.problems);

    // Quotes within quotes within quotes.
    let mut text = format!("\"{}\"", token());
    while text.len() < 1_000_000 {
        text = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    let found = scan(text.clone());
    assert_eq!(found.findings.len(), 1, "{:?}", found.problems);
    assert!(summary(&found).decoded_bytes <= 20 * text.len() as u64);
}

/// Shifts of ISO-2022-JP that never end, alone and between text.
#[test]
fn escape_sequences_without_end_are_text_like_any_other() {
    for unit in [b"\x1B$B".as_slice(), b"\x1B", b"\x1B$ ", b"\x1B$B;3", b"\x1B(I", b"\x1B$(D", b"\x1B$B\n"] {
        let found = repeated(unit, 500_000, &format!("\x1B(B\nkey {}\n", token()));
        assert_eq!(found.findings.len(), 1, "{unit:?}");
        assert_eq!(found.problems, []);
    }
    let found = scan([b"\x1B$B".as_slice(), &b"$\"".repeat(300_000)].concat());
    assert_eq!(found.problems, []);
}

/// A text cut anywhere, in every encoding: the value before the cut is found.
#[test]
fn text_cut_within_a_character_is_read_up_to_there() {
    let text = format!("鍵は {} です。検証様", token());
    let all = |unit: &dyn Fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let of = |encoding: &'static encoding_rs::Encoding| encoding.encode(&text).0.into_owned();
    let points = |little: bool| {
        text.chars().flat_map(|c| if little { (c as u32).to_le_bytes() } else { (c as u32).to_be_bytes() }).collect()
    };
    for (name, bytes, unit) in [
        ("UTF-8", text.clone().into_bytes(), 1),
        ("CP932", of(encoding_rs::SHIFT_JIS), 1),
        ("EUC-JP", of(encoding_rs::EUC_JP), 1),
        ("ISO-2022-JP", of(encoding_rs::ISO_2022_JP), 1),
        ("UTF-16LE", all(&|u| u.to_le_bytes()), 2),
        ("UTF-16BE", all(&|u| u.to_be_bytes()), 2),
        ("UTF-32LE", points(true), 4),
        ("UTF-32BE", points(false), 4),
    ] {
        let end = (0..=bytes.len()).find(|&n| scan(&bytes[..n]).findings.len() == 1);
        let Some(end) = end else { panic!("{name}: nothing found at all") };
        assert!(end >= 40 * unit, "{name}: {end}");
        for n in end..=bytes.len() {
            let found = scan(&bytes[..n]);
            assert_eq!((found.findings.len(), found.problems.len()), (1, 0), "{name}: {n} of {}", bytes.len());
        }
    }
}

/// Raw and decoded, near and windows apart, is one finding.
#[test]
fn the_same_value_in_several_forms_is_one_finding() {
    let token = token();
    let hex: String = token.bytes().map(|b| format!("{b:02x}")).collect();
    let printable: String = token.bytes().map(|b| format!("={b:02X}")).collect();
    let far = "nothing at all to see here\n".repeat(20_000);
    for gap in ["\n", far.as_str()] {
        for forms in [
            [token.clone(), base64(format!("my key: {token} ok").as_bytes())],
            [base64(format!("my key: {token} ok").as_bytes()), token.clone()],
            [token.clone(), printable.clone()],
            [hex.clone(), token.clone()],
            [hex.clone(), base64(format!("my key: {token} ok").as_bytes())],
        ] {
            let found = scan(format!("a {} b\n{gap}c {} d\n", forms[0], forms[1]));
            assert_eq!(found.findings.len(), 1, "{forms:?}: {:?}", found.findings.len());
        }
    }
}
