//! `corpora/catalogue.tsv` is true: every format that it lists is found by the detector that it
//! names, or it says why none looks for it.
//!
//! Of each format tokens are made by a seeded generator from its shape (a regular expression), and
//! put into a file of variables, JSON and YAML beside the name of the service. No token stands in
//! the repository. Shapes that begin with `=` are texts with a structure of their own (a PEM block,
//! a phrase): an example of the detector that contains what follows stands for them.

use std::collections::HashMap;
use std::sync::Arc;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use sekisho::detect::{Detectors, Scratch, Setting};
use sekisho::detector::{self, Confidence, Detector};

/// Tokens of each format and surrounding; what is expected holds for all of them but one, since one
/// random token in some hundred looks like words or a filler.
const TOKENS: usize = 2;

struct Format<'a> {
    id: &'a str,
    word: &'a str,
    kind: &'a str,
    shape: &'a str,
    seal: &'a str,
    detector: &'a str,
    confidence: Confidence,
    reason: &'a str,
}

fn formats(table: &str) -> Vec<Format<'_>> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let [id, _, _, word, shape, seal, detector, confidence, reason] =
            row.split('\t').collect::<Vec<_>>()[..].try_into().unwrap_or_else(|_| panic!("nine columns: {row}"));
        let (word, kind) = word.split_once('.').unwrap_or((word, ""));
        let confidence = match confidence {
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            _ => Confidence::Low,
        };
        Format { id, word, kind, shape, seal, detector, confidence, reason }
    })
    .collect()
}

#[test]
fn every_format_is_found_or_has_a_reason_why_not() {
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/catalogue.tsv")).expect("table");
    let list: Vec<Arc<Detector>> = detector::builtin().iter().cloned().map(Arc::new).collect();
    let sources: HashMap<&str, &str> = detector::sources().iter().copied().collect();
    let index: HashMap<&str, usize> = list.iter().enumerate().map(|(i, d)| (d.id.as_ref(), i)).collect();
    let detectors = Detectors::new(list.clone()).expect("compiles");
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    let formats = formats(&table);
    assert!(formats.len() > 800, "{} formats", formats.len());
    for format in &formats {
        let Some(&detector) = index.get(format.detector) else {
            if format.detector != "-" || format.reason.len() < 20 {
                wrong.push(format!("{}: neither a detector nor a reason", format.id));
            }
            continue;
        };
        if let Some(part) = format.shape.strip_prefix('=') {
            let (examples, _) = detector::parse_examples("", sources[format.detector]).expect("parsed");
            if !examples.iter().any(|e| !e.find.is_empty() && e.text.contains(part)) {
                wrong.push(format!("{}: no example with {part:?}", format.id));
            }
            continue;
        }
        let mut random = Random::of(format.id);
        let (mut found, mut sure, mut all) = (0, 0, 0);
        let mut missed = String::new();
        for surrounding in 0..3 {
            for _ in 0..TOKENS {
                let token = token(format, &mut random);
                let text = surroundings(format, &token, surrounding);
                let at = text.find(&token).expect("in the text");
                let mut hits = Vec::new();
                detectors.detect(text.as_bytes(), 0..text.len(), Setting::default(), &mut scratch, &mut hits);
                let best = hits
                    .iter()
                    .filter(|h| h.detector == detector && h.value.start < at + token.len() && at < h.value.end)
                    .map(|h| h.confidence)
                    .max();
                all += 1;
                found += usize::from(best.is_some());
                sure += usize::from(best >= Some(format.confidence));
                if best < Some(format.confidence) {
                    missed = text;
                }
            }
        }
        if found + 1 < all || sure + 1 < all {
            wrong.push(format!(
                "{}: {} of {all} found by {}, {sure} with {} confidence: {missed:?}",
                format.id,
                found,
                format.detector,
                format.confidence.name()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} formats:\n{}", wrong.len(), formats.len(), wrong.join("\n"));
}

/// The token as people write it down: a variable, JSON, YAML. What is a line of its own stays one.
fn surroundings(format: &Format<'_>, token: &str, which: usize) -> String {
    let Format { word, kind, .. } = format;
    match which {
        _ if token.contains(' ') || token.starts_with("-----") => {
            [token.to_owned(), format!("# {word}\n{token}"), format!("  {token}")][which].clone()
        }
        0 => format!("# .env\n{}_{}={token}\nDEBUG=1\n", word.to_uppercase(), kind.to_uppercase()),
        1 => format!("{{\"{word}\": {{\"{word}_{kind}\": \"{token}\"}}}}\n"),
        _ => format!("{word}:\n  {kind}: {token}\n"),
    }
}

/// A token of the format, its seal right.
fn token(format: &Format<'_>, random: &mut Random) -> String {
    if format.seal == "jwt" {
        let header = base64url(br#"{"alg":"HS256","typ":"JWT"}"#);
        let payload = base64url(format!(r#"{{"sub":"{}","iat":1790000000}}"#, random.below(1 << 30)).as_bytes());
        return format!("{header}.{payload}.{}", written("[0-9A-Za-z_-]{42}[AEIMQUYcgkosw048]", random));
    }
    // A sign at the end of a random token is taken for the sentence's; vendors' forms with one are rare.
    let is_cut = |token: &String| token.ends_with(['-', '_', '.']) || token.starts_with(['-', '_']);
    let mut tries = (0..50).map(|_| written(format.shape, random));
    let first = tries.next().unwrap_or_default();
    let token = if is_cut(&first) { tries.find(|token| !is_cut(token)).unwrap_or(first) } else { first };
    let has_signs = |token: &str| token.contains(['+', '/']);
    let is_plain = !has_signs(&token);
    let mut token = sealed(token, format.seal);
    // Where a form has letters and digits only, the vendor tries until the checksum has no others.
    for _ in 0..400 {
        if !is_plain || !has_signs(&token) || format.seal.is_empty() {
            break;
        }
        token = sealed(written(format.shape, random), format.seal);
    }
    token
}

/// Replaces the end of a token by the checksum of what is before it.
fn sealed(token: String, seal: &str) -> String {
    const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let cut = |end: usize| token.split_at(token.len() - end).0.to_owned();
    let body = |text: &str| text.split_once('_').map_or(String::new(), |(_, body)| body.to_owned());
    match seal {
        "" => token,
        "crc62" => format!("{}{}", cut(6), number(crc(&body(&cut(6))), BASE62, 6)),
        "crchex" => format!("{}{:08x}", cut(8), crc(&body(&cut(8)))),
        "zuplo" => format!("{}_{:08x}", cut(9), crc(&body(&cut(9)))),
        "grafana" => format!("{}_{:08x}", cut(9), crc(&cut(9)).swap_bytes()),
        "gitlab" => {
            let (head, rest) = token.split_once('-').expect("a prefix");
            let payload = rest.split('.').next().expect("a payload");
            let payload = payload.split_once('_').filter(|(kind, _)| kind.len() == 2).map_or(payload, |(_, p)| p);
            let length = number(payload.len() as u32, &BASE36, 2);
            let text = format!("{head}-{}.01.{length}", rest.split('.').next().expect("a payload"));
            format!("{text}{}", number(crc(&text), &BASE36, 7))
        }
        _ if seal.starts_with("marvin:") => {
            let seed = seal.as_bytes()["marvin:".len()..].try_into().expect("eight bytes");
            let mut key = base64_bytes(&token);
            let end = key.len() - 4;
            let sum = marvin(&key[..end], u64::from_be_bytes(seed));
            key[end..].copy_from_slice(&sum.to_le_bytes());
            let (url, padding) = (token.contains(['-', '_']), token.len() - token.trim_end_matches('=').len());
            let text = base64url(&key) + &"=".repeat(padding);
            if url { text } else { text.replace('-', "+").replace('_', "/") }
        }
        "atlassian" => format!("{}{:08X}", cut(8), crc(&cut(8))),
        _ => panic!("no seal is called {seal}"),
    }
}

const BASE36: [u8; 36] = *b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A number in a base, filled with zeros.
fn number(mut n: u32, digits: &[u8], width: usize) -> String {
    let mut text = vec![digits[0]; width];
    for place in text.iter_mut().rev() {
        *place = digits[n as usize % digits.len()];
        n /= digits.len() as u32;
    }
    String::from_utf8(text).expect("ASCII")
}

/// CRC-32 (IEEE) bit by bit: shares no code with what is tested.
fn crc(text: &str) -> u32 {
    !text.bytes().fold(!0u32, |crc, b| {
        (0..8).fold(crc ^ u32::from(b), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// Base64url without padding (RFC 4648, 5).
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digits = bytes.chunks(3).flat_map(|group| {
        let word = group.iter().fold(0u32, |word, &b| word << 8 | u32::from(b)) << (8 * (3 - group.len()));
        (0..=group.len()).map(move |i| char::from(ALPHABET[(word >> (18 - 6 * i)) as usize & 63]))
    });
    digits.collect()
}

/// The bytes of base64 in either alphabet.
fn base64_bytes(text: &str) -> Vec<u8> {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    };
    let bits: Vec<u8> =
        text.trim_end_matches('=').bytes().flat_map(|b| (0..6).rev().map(move |i| digit(b) >> i & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |n, bit| n << 1 | bit)).collect()
}

/// Marvin32 (US patent 20130262421) over words and a padded tail, its halves folded: the checksum
/// of Azure's keys.
fn marvin(data: &[u8], seed: u64) -> u32 {
    let (mut p, mut q) = (seed as u32, (seed >> 32) as u32);
    let mut padded = [data, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(4) + 4, 0);
    for word in padded.chunks(4) {
        p = p.wrapping_add(word.iter().rev().fold(0, |n, &b| n << 8 | u32::from(b)));
        q ^= p;
        p = p.rotate_left(20).wrapping_add(q);
        q = q.rotate_left(9) ^ p;
        p = p.rotate_left(27).wrapping_add(q);
        q = q.rotate_left(19);
    }
    p ^ q
}

/// A text that a shape matches.
fn written(shape: &str, random: &mut Random) -> String {
    let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(shape).expect("a shape is an expression");
    let mut text = Vec::new();
    write(&hir, random, &mut text);
    String::from_utf8(text).expect("shapes are ASCII")
}

fn write(hir: &Hir, random: &mut Random, text: &mut Vec<u8>) {
    /// Of repeats without a fixed number, at most so many more than the least.
    const MORE: u32 = 40;
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend(&literal.0),
        HirKind::Class(Class::Bytes(class)) => {
            let all: Vec<u8> = class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
            text.push(all[random.below(all.len())]);
        }
        HirKind::Class(Class::Unicode(class)) => {
            let all: Vec<char> = class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
            text.extend(all[random.below(all.len())].to_string().bytes());
        }
        HirKind::Repetition(repeat) => {
            let most = repeat.max.unwrap_or(repeat.min + MORE).min(repeat.min + MORE);
            for _ in 0..repeat.min as usize + random.below((most - repeat.min + 1) as usize) {
                write(&repeat.sub, random, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, random, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, random, text)),
        HirKind::Alternation(branches) => write(&branches[random.below(branches.len())], random, text),
    }
}

/// Random numbers (xorshift64*), the same in every run.
struct Random(u64);

impl Random {
    fn of(seed: &str) -> Random {
        // FNV-1a; `| 1` since the generator must not begin with zero.
        Random(seed.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3)) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}
