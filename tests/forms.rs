//! Every form of `corpora/forms.toml`, made here and scanned: what hides in it is found once, in
//! the step it belongs to, and at the place it came from.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use sekisho::chunk::Origin;
use sekisho::detector::{self, Detector};
use sekisho::finding::{Finding, Key};
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{Body, Item, List};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    form: Vec<Form>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    steps: Vec<String>,
    #[serde(default)]
    inside: Vec<String>,
    only: Option<String>,
    #[serde(default)]
    ascii_as_is: bool,
}

/// A GitHub token with a right checksum, made here so that none stands in git.
fn token() -> String {
    let body = "k7RmQ2vXc9TzWb4Lf8HnYp3JdGs6Ua";
    let crc = crc32fast::hash(body.as_bytes());
    let digit =
        |i: u32| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(crc / 62u32.pow(i) % 62) as usize];
    let tail: String = (0..6).rev().map(|i| char::from(digit(i))).collect();
    ["gh", "p_", body, &tail].concat()
}

/// Made up, with a right check digit; no published sample.
const MY_NUMBER: &str = "4567-1928-3040";

fn note() -> String {
    format!(
        "お世話になっております。先日の件をお送りします。\n個人番号: {MY_NUMBER} です。\nアクセス鍵は {} です。\nよろしくお願いいたします。\n",
        token()
    )
}

#[test]
fn every_form_is_seen_through() {
    let text = include_str!("../corpora/forms.toml");
    let forms: Forms = toml::from_str(text).expect("corpora/forms.toml");
    let set: Vec<Arc<Detector>> = detector::builtin().iter().cloned().map(Arc::new).collect();
    let mut options = Options::new(Key::new([3; 32]), Instant::now);
    options.reveal = true;
    let scanner = Scanner::new(set, options).expect("compiles");
    let mut wrong = Vec::new();
    for form in &forms.form {
        let bytes = make(form);
        if let Ok(folder) = std::env::var("SEKISHO_FORMS") {
            std::fs::write(PathBuf::from(folder).join(form.name.replace('/', " ")), &bytes).expect("written");
        }
        let found = scan(&scanner, &bytes);
        let wanted = [("credential/github-token", true), ("personal/jp-my-number", form.only.is_none())];
        for (id, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
            let of: Vec<&Finding> = found.iter().filter(|f| f.detector.id == *id).collect();
            if of.len() != 1 {
                wrong.push(format!("{}: {id} found {} times", form.name, of.len()));
            } else if let Some(what) = misplaced(form, of[0], &bytes) {
                wrong.push(format!("{}: {id}: {what}", form.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} forms:\n{}", wrong.len(), forms.form.len(), wrong.join("\n"));
}

fn scan(scanner: &Scanner, bytes: &[u8]) -> Vec<Finding> {
    let item = Item { origin: Origin::file(PathBuf::from("note.gz")), body: Body::Bytes(bytes.to_vec()) };
    let mut found = Collect::default();
    scanner.run(&mut List::new(vec![item]), &mut found).expect("scans");
    found.findings
}

fn misplaced(form: &Form, finding: &Finding, bytes: &[u8]) -> Option<String> {
    let inside: Vec<String> = finding.origin.inside.iter().map(ToString::to_string).collect();
    let as_wanted =
        inside.len() == form.inside.len() && inside.iter().zip(&form.inside).all(|(i, w)| i.starts_with(w.as_str()));
    // Encodings made for mail leave ASCII as it is, and what is seen there needs no decoding.
    let ascii = finding.detector.id == "credential/github-token" && inside.is_empty();
    let excused = ascii && form.ascii_as_is;
    if !as_wanted && !excused {
        return Some(format!("inside {inside:?}, not {:?}", form.inside));
    }
    let (start, end) = (finding.start.byte as usize, finding.end.byte as usize);
    // In a container positions count in what was unpacked.
    let unpacked = form.steps.iter().any(|step| matches!(step.as_str(), "gzip" | "zlib"));
    let in_file = start < end && end <= bytes.len();
    if !unpacked && !in_file {
        return Some(format!("bytes {start}..{end} of {}", bytes.len()));
    }
    // Where nothing was encoded, the bytes are the value itself.
    let plain = form.inside.is_empty()
        && form.steps.iter().all(|s| {
            matches!(
                s.as_str(),
                "utf-8" | "utf-8-bom" | "cp932" | "euc-jp" | "crlf" | "cut" | "mixed-lines" | "long-line"
            )
        });
    (plain && bytes[start..end] != *finding.shown.as_bytes())
        .then(|| format!("bytes {start}..{end} are something else"))
}

/// A text on its way to a file: characters until a step makes bytes of them.
enum Stage {
    Text(String),
    Bytes(Vec<u8>),
}

fn make(form: &Form) -> Vec<u8> {
    let stage = form.steps.iter().fold(Stage::Text(note()), |stage, step| apply(step, stage));
    match stage {
        Stage::Text(text) => text.into_bytes(),
        Stage::Bytes(bytes) => bytes,
    }
}

fn apply(step: &str, stage: Stage) -> Stage {
    match stage {
        Stage::Text(text) => on_text(step, &text),
        Stage::Bytes(bytes) => Stage::Bytes(on_bytes(step, bytes)),
    }
}

fn on_text(step: &str, text: &str) -> Stage {
    let each = |f: &dyn Fn(char) -> String| Stage::Text(text.chars().map(f).collect());
    // Inside the token and the number only, as a hidden value would be.
    let within = |between: &str| {
        let mut out = text.to_owned();
        for value in [token(), MY_NUMBER.to_owned()] {
            let split: Vec<String> = value.chars().map(String::from).collect();
            out = out.replace(&value, &split.join(between));
        }
        Stage::Text(out)
    };
    let pieces = |write: &dyn Fn([&str; 3]) -> String| {
        let token = token();
        Stage::Text(write([&token[..4], &token[4..18], &token[18..]]))
    };
    let units = |bom: bool, unit: &dyn Fn(u16) -> [u8; 2]| {
        Stage::Bytes(bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(unit).collect())
    };
    let points = |bom: bool, point: &dyn Fn(u32) -> [u8; 4]| {
        Stage::Bytes(bom.then_some(0xFEFF).into_iter().chain(text.chars().map(u32::from)).flat_map(point).collect())
    };
    let legacy = |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(text).0.into_owned();
    match step {
        "utf-8" => Stage::Bytes(text.as_bytes().to_vec()),
        "utf-8-bom" => Stage::Bytes([b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        "utf-16le" => units(false, &|u| u.to_le_bytes()),
        "utf-16be" => units(false, &|u| u.to_be_bytes()),
        "utf-16le-bom" => units(true, &|u| u.to_le_bytes()),
        "utf-16be-bom" => units(true, &|u| u.to_be_bytes()),
        "utf-32le" => points(false, &|p| p.to_le_bytes()),
        "utf-32be-bom" => points(true, &|p| p.to_be_bytes()),
        "cp932" => Stage::Bytes(legacy(encoding_rs::SHIFT_JIS, text)),
        "euc-jp" => Stage::Bytes(legacy(encoding_rs::EUC_JP, text)),
        "iso-2022-jp" => Stage::Bytes(legacy(encoding_rs::ISO_2022_JP, text)),
        "mixed-lines" => {
            let encodings = [encoding_rs::UTF_8, encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP];
            let lines = text.split_inclusive('\n').cycle().take(24).zip(encodings.iter().cycle());
            Stage::Bytes(lines.flat_map(|(line, encoding)| legacy(encoding, line)).collect())
        }
        "crlf" => Stage::Text(text.replace('\n', "\r\n")),
        "full-width" => each(&|c| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).map(String::from).unwrap_or_default(),
            c => c.to_string(),
        }),
        "zero-width" => within("\u{200B}"),
        "soft-hyphen" => within("\u{AD}"),
        "hyphens" => Stage::Text(text.replace(MY_NUMBER, "4567\u{2010}1928\u{2212}3040")),
        "no-break-space" => Stage::Text(text.replace(' ', "\u{A0}")),
        "unicode-escapes" => Stage::Text(text.encode_utf16().map(|u| format!("\\u{u:04x}")).collect()),
        "entities-decimal" => each(&|c| format!("&#{};", u32::from(c))),
        "entities-hex" => each(&|c| format!("&#x{:X};", u32::from(c))),
        "utf-7" => Stage::Text(utf_7(text)),
        "concat" => {
            let token = token();
            Stage::Text(format!("key = \"{}\" +\n      \"{}\" + \"{}\"\n", &token[..4], &token[4..20], &token[20..]))
        }
        "concat-adjacent" => pieces(&|[a, b, c]| format!("key = (\n    f\"{a}\"\n    \"{b}\"\n    \"{c}\")\n")),
        "concat-dot" => pieces(&|[a, b, c]| format!("$key = '{a}' . '{b}'\n  .'{c}';\n")),
        "concat-join" => pieces(&|[a, b, c]| format!("key = ''.join(['{a}', '{b}', '{c}'])\n")),
        "concat-append" => pieces(&|[a, b, c]| format!("key = \"{a}\";\nkey += \"{b}\";\nkey += \"{c}\";\n")),
        "concat-calls" => {
            pieces(&|[a, b, c]| format!("new StringBuilder(\"{a}\").append(\"{b}\")\n  .append(\"{c}\");\n"))
        }
        "concat-comments" => pieces(&|[a, b, c]| format!("key = \"{a}\" + // one\n  \"{b}\" /* two */ + \"{c}\";\n")),
        "concat-backslash" => pieces(&|[a, b, c]| format!("export KEY={a}{b}\\\n{c}\n")),
        "broken" => {
            let token = token();
            let text = text.replace(&token, &format!("{}\n{}", &token[..17], &token[17..]));
            Stage::Text(text.replace(MY_NUMBER, &format!("{}\n{}", &MY_NUMBER[..7], &MY_NUMBER[7..])))
        }
        "quoted" => Stage::Text(text.lines().map(|line| format!("> {line}\n")).collect()),
        "mathematical" => each(&|c| match c {
            '0'..='9' => char::from_u32(0x1D7CE + c as u32 - 0x30).map(String::from).unwrap_or_default(),
            'a'..='z' => char::from_u32(0x1D41A + c as u32 - 0x61).map(String::from).unwrap_or_default(),
            'A'..='Z' => char::from_u32(0x1D400 + c as u32 - 0x41).map(String::from).unwrap_or_default(),
            c => c.to_string(),
        }),
        "directions" => within("\u{202D}"),
        "broken-token" => {
            let token = token();
            let (first, rest) = token.split_at(36);
            Stage::Text(format!("the access key of the build is {first}\n{rest}\nand nothing else\n"))
        }
        "long-line" => Stage::Text(format!("{}{}", "あいうえお か ".repeat(230_000), text.replace('\n', " "))),
        other => panic!("no such step: {other}"),
    }
}

fn on_bytes(step: &str, bytes: Vec<u8>) -> Vec<u8> {
    let each = |f: &dyn Fn(u8) -> String| bytes.iter().map(|&b| f(b)).collect::<String>().into_bytes();
    match step {
        "cut" => bytes[..bytes.len() - 3].to_vec(),
        "base64" => base64(&bytes, b"+/", true),
        "base64url" => base64(&bytes, b"-_", false),
        "base64-mime" => base64(&bytes, b"+/", true).chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..]),
        "hex" => each(&|b| format!("{b:02x}")),
        "percent" => each(&|b| format!("%{b:02X}")),
        "percent-again" => String::from_utf8_lossy(&bytes).replace('%', "%25").into_bytes(),
        "octal" => each(&|b| format!("\\{b:03o}")),
        "octal-and-hex" => {
            let escapes = bytes.iter().enumerate();
            escapes
                .map(|(i, b)| if i % 2 == 0 { format!("\\{b:03o}") } else { format!("\\x{b:02X}") })
                .collect::<String>()
                .into_bytes()
        }
        "hex-pairs" => each(&|b| format!("{b:02x} ")),
        "hex-colons" => each(&|b| format!("{b:02X}:")),
        "hex-array" => each(&|b| format!("0x{b:02X}, ")),
        "codes" => each(&|b| format!("{b}, ")),
        "json-lines" => {
            let lines: Vec<String> = bytes.chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
            format!("{{\"data\": \"{}\"}}\n", lines.join("\\n")).into_bytes()
        }
        "json-slashes" => {
            format!("{{\"data\": \"{}\"}}\n", String::from_utf8_lossy(&bytes).replace('/', "\\/")).into_bytes()
        }
        "hex-escapes" => each(&|b| format!("\\x{b:02x}")),
        "quoted-printable" => {
            let mut out = String::new();
            let mut column = 0;
            for &b in &bytes {
                let unit = match b {
                    b'\n' => "\r\n".to_owned(),
                    b'=' | 0x80.. | 0..=31 => format!("={b:02X}"),
                    b => char::from(b).to_string(),
                };
                if column + unit.len() > 70 && b != b'\n' {
                    out.push_str("=\r\n");
                    column = 0;
                }
                column = if b == b'\n' { 0 } else { column + unit.len() };
                out.push_str(&unit);
            }
            out.into_bytes()
        }
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(&bytes).expect("memory");
            encoder.finish().expect("memory")
        }
        "zlib" => {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(&bytes).expect("memory");
            encoder.finish().expect("memory")
        }
        other => panic!("no such step: {other}"),
    }
}

/// RFC 4648.
fn base64(bytes: &[u8], last: &[u8; 2], padding: bool) -> Vec<u8> {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*last).collect();
    let mut out = Vec::new();
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0u32, |word, &b| word << 8 | u32::from(b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            match i <= group.len() {
                true => out.push(alphabet[(word >> (18 - 6 * i)) as usize & 63]),
                false if padding => out.push(b'='),
                false => {}
            }
        }
    }
    out
}

/// RFC 2152: what is not ASCII as base64 of UTF-16, between + and -.
fn utf_7(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, out: &mut String| {
        if !run.is_empty() {
            let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            out.push('+');
            out.push_str(&String::from_utf8(base64(&units, b"+/", false)).expect("ascii"));
            out.push('-');
            run.clear();
        }
    };
    for c in text.chars() {
        if c.is_ascii() {
            flush(&mut run, &mut out);
            out.push(c);
        } else {
            run.push(c);
        }
    }
    flush(&mut run, &mut out);
    out
}
