//! The decoders together: what is planted must come out, once, with its exact place, in one
//! window or in many.

use std::ops::Range;

use proptest::prelude::*;

use super::{Decoder, Derived};

/// A value found in decoded text, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    by: &'static str,
    span: Range<usize>,
}

/// As the scan loop does it: looks for `needle` in all that comes out of `text`, window by window.
/// `core` is the length of a window's core, `margin` of what it sees on either side.
fn find_in_windows(text: &[u8], needle: &[u8], core: usize, margin: usize) -> Vec<Found> {
    let mut found = Vec::new();
    let mut decoder = Decoder::new();
    for from in (0..text.len()).step_by(core.max(1)) {
        let to = text.len().min(from + core);
        let window = from.saturating_sub(margin)..text.len().min(to + margin);
        let inner = from - window.start..to - window.start;
        decoder.decode(&text[window.clone()], inner.clone(), &mut |derived: &Derived| {
            check_map(derived, window.len());
            for at in memchr::memmem::find_iter(&derived.bytes, needle) {
                let span = derived.map.span(at..at + needle.len());
                if inner.contains(&span.start) && !derived.is_copy(at..at + needle.len(), &text[window.clone()]) {
                    assert!(derived.at(at) < window.len());
                    found.push(Found { by: derived.by, span: window.start + span.start..window.start + span.end });
                }
            }
        });
    }
    found.sort_by_key(|found| (found.span.start, found.by));
    found
}

fn find(text: &[u8], needle: &[u8]) -> Vec<Found> {
    find_in_windows(text, needle, text.len().max(1), 0)
}

/// A map never leads out of the window.
fn check_map(derived: &Derived, window: usize) {
    for out in 0..derived.bytes.len() {
        let span = derived.map.span(out..out + 1);
        assert!(span.start <= span.end && span.end <= window, "{}: {out} -> {span:?} of {window}", derived.by);
    }
}

/// The standard alphabet, padded, so that the tests do not trust the decoder's own table.
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

fn wrap(text: &str, width: usize, joint: &str) -> String {
    let lines: Vec<&str> = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(joint)
}

fn escape_each(value: &str, encode: impl Fn(char) -> String) -> String {
    value.chars().map(encode).collect()
}

fn bytes_as(value: &str, encode: impl Fn(u8) -> String) -> String {
    value.bytes().map(encode).collect()
}

/// Every way to encode a value in part or whole, with the decoder's name.
fn encodings(value: &str) -> Vec<(&'static str, String)> {
    let long = format!("user=someone password={value} and nothing more");
    let standard = base64(long.as_bytes());
    let hex = bytes_as(&long, |b| format!("{b:02x}"));
    let half = value.char_indices().nth(value.chars().count() / 2).map_or(0, |(i, _)| i);
    let (left, right) = value.split_at(half);
    let first_escaped = |f: &dyn Fn(char) -> String| {
        let mut chars = value.chars();
        let first = chars.next().unwrap();
        format!("{}{}", f(first), chars.as_str())
    };
    let utf16 = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
    vec![
        ("base64", standard.clone()),
        ("base64", standard.trim_end_matches('=').to_owned()),
        ("base64", standard.replace('+', "-").replace('/', "_")),
        ("base64", wrap(&standard, 76, "\r\n")),
        ("base64", format!("key: |\n    {}\n", wrap(&standard, 44, "\n    "))),
        ("base64", format!("> {}", wrap(&standard, 24, "\n> "))),
        ("base64", format!("data:text/plain;base64,{standard}")),
        ("base64", format!("token={standard}&x=1")),
        ("hex", hex.clone()),
        ("hex", hex.to_uppercase()),
        ("hex", format!("0x{hex}")),
        ("hex", wrap(&hex, 60, "\n")),
        ("hex", bytes_as(&long, |b| format!("0x{b:02x}, "))),
        ("hex", bytes_as(&long, |b| format!("{b:02X}:"))),
        ("percent", bytes_as(value, |b| format!("%{b:02X}"))),
        ("percent", first_escaped(&|c| bytes_as(c.encode_utf8(&mut [0; 4]), |b| format!("%{b:02x}")))),
        ("escape", escape_each(value, utf16)),
        ("escape", first_escaped(&|c| utf16(c))),
        ("escape", first_escaped(&|c| format!("\\u{{{:X}}}", c as u32))),
        ("escape", bytes_as(value, |b| format!("\\x{b:02x}"))),
        ("escape", bytes_as(value, |b| format!("\\{b:03o}"))),
        ("entity", escape_each(value, |c| format!("&#{};", c as u32))),
        ("entity", first_escaped(&|c| format!("&#x{:x};", c as u32))),
        ("quoted-printable", bytes_as(value, |b| format!("={b:02X}"))),
        // The longest line that the standard allows.
        ("quoted-printable", format!("\n{}{left}=\r\n{right}", "word ".repeat(15)[left.len()..].to_owned())),
        ("concat", format!("x = \"{left}\" + \"{right}\";")),
        ("concat", format!("x = \"{left}\" +\n    \"{right}\";")),
        (
            "concat",
            format!("x = '{left}{right}.' .\n    '{long}' .\n  'and ' . '{left}' . '{right}';", long = "x1".repeat(12)),
        ),
    ]
}

#[test]
fn every_encoding_of_a_value_is_found_with_its_place() {
    for value in ["Tr0ub4dor-Secret/Value", "秘密のパスワード123"] {
        for (by, encoded) in encodings(value) {
            for (before, after) in [("", ""), ("Some text before. pass: ", " and after\n"), ("山田様\n\t\"", "\" 以上")]
            {
                let text = format!("{before}{encoded}{after}");
                let found = find(text.as_bytes(), value.as_bytes());
                assert_eq!(found.len(), 1, "{by}: {text}: {found:?}");
                assert_eq!(found[0].by, by, "{text}");
                let span = found[0].span.clone();
                let inside = before.len()..before.len() + encoded.len();
                assert!(inside.start <= span.start && span.end <= inside.end, "{by}: {text}: {span:?}");
            }
        }
    }
}

/// Places are exact to the encoded character.
#[test]
fn the_place_is_that_of_the_encoded_characters() {
    for (text, value, place) in [
        ("see a%70ass%77ord now", "apassword", "a%70ass%77ord"),
        (r"see \u0070ass\x77ord now", "password", r"\u0070ass\x77ord"),
        ("see &#112;assw&#111;rd; now", "password", "&#112;assw&#111;rd"),
        ("see p%2561ss now", "pass", "p%2561ss"),
        (r#"k = "abc123" + "def456";"#, "abc123def456", r#"abc123" + "def456"#),
        (r#"{"url":"https:\/\/host\/T01"}"#, "https://host/T01", r"https:\/\/host\/T01"),
        (r#"{"a":"{\"pw\":\"hunter2\"}"}"#, r#""pw":"hunter2""#, r#"\"pw\":\"hunter2\""#),
        ("an ax=3Dbc=\nde end", "ax=bcde", "ax=3Dbc=\nde"),
        ("an =1B$B;3ED=1B(B end", "\u{1B}$B;3ED\u{1B}(B", "=1B$B;3ED=1B(B"),
        ("mail +ZeVnLIqe- end", "日本語", "+ZeVnLIqe-"),
        ("to taro+AEA-example.com", "taro@example.com", "taro+AEA-example.com"),
        ("tel 090-1234-\n5678 end", "090-1234-5678", "090-1234-\n5678"),
        (r"name \343\201\202.txt", "あ", r"\343\201\202"),
        (r"smile \ud83d\ude00.", "😀", r"\ud83d\ude00"),
        ("a\\nkey=abc123", "\nkey=abc123", "\\nkey=abc123"),
        ("pw 4929&nbsp;6401&#160;5023", "4929\u{A0}6401\u{A0}5023", "4929&nbsp;6401&#160;5023"),
    ] {
        let at = text.find(place).unwrap();
        let found = find(text.as_bytes(), value.as_bytes());
        assert_eq!(found.iter().map(|f| f.span.clone()).collect::<Vec<_>>(), vec![at..at + place.len()], "{text}");
    }
}

#[test]
fn text_without_encoded_parts_gives_nothing() {
    for text in [
        "The quick brown fox jumps over the lazy dog, 100% of the time & more + less = nothing.",
        "本日の会議では、来期の予算について話し合いました。",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "src/some/long/path/to_a_file-name/that/is/longer_than_twenty.rs",
        "fn a_function_with_a_long_name() { println!(\"hello {}\\n\", x); }",
        "id,name,amount\n1,tanaka,100\n2,suzuki,200\n",
        "\\section{Introduction} \\textbf{bold} \\newcommand{\\ref}",
        "if (a && b || c & d) return x % y;",
    ] {
        Decoder::new().decode(text.as_bytes(), 0..text.len(), &mut |derived| {
            panic!("{text}: {} {:?}", derived.by, String::from_utf8_lossy(&derived.bytes));
        });
    }
}

/// Kubernetes and its like: what a short value is called stands before it.
#[test]
fn a_short_value_keeps_its_name() {
    let text = format!("data:\n  db-password: {}\n", base64("s3cr3t-Passw0rd".as_bytes()));
    assert_eq!(find(text.as_bytes(), b"  db-password: s3cr3t-Passw0rd").len(), 1);
}

/// A container comes alone and from its first byte; a picture does not come at all.
#[test]
fn containers_come_alone() {
    let gzip = [b"\x1F\x8B\x08\0\0\0\0\0\0\x03".as_slice(), &[0xA5; 40]].concat();
    let picture = [b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".as_slice(), &[0x20; 400]].concat();
    let text = format!("a: {}\nb: {}\n", base64(&gzip), base64(&picture));
    let mut out = Vec::new();
    Decoder::new().decode(text.as_bytes(), 0..text.len(), &mut |derived| out.push(derived.bytes.clone()));
    assert_eq!(out, vec![gzip]);
}

/// What the plain text shows is not decoded again in the text of a rewritten line.
#[test]
fn an_untouched_run_is_decoded_once() {
    let text = format!("a\\u0062c {} \\u0062", base64(b"some text that is long enough"));
    let mut inner = Decoder::new();
    let mut nested = 0;
    Decoder::new().decode(text.as_bytes(), 0..text.len(), &mut |derived| {
        inner.begin(Some(derived));
        inner.decode(&derived.bytes, 0..derived.bytes.len(), &mut |derived| {
            nested += usize::from(derived.by == "base64")
        });
    });
    assert_eq!(nested, 0);
}

/// 1 MB of base64 in one line: each piece is decoded from the right character on, container or not.
#[test]
fn a_run_without_end_is_decoded_in_pieces() {
    let mut state = 7_u32;
    let noise: Vec<u8> = (0..700_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    let whole = [b"\x1F\x8B\x08\0\0\0\0\0\0\x03".as_slice(), &noise].concat();
    let encoded = base64(&whole);
    for (before, core) in [("x=", 65_536), ("", 50_001), ("some words ", 12_345)] {
        for text in [format!("{before}{encoded}"), format!("{before}{}", wrap(&encoded, 76, "\r\n"))] {
            let mut decoder = Decoder::new();
            let mut joined = Vec::new();
            for from in (0..text.len()).step_by(core) {
                let to = text.len().min(from + core);
                let window = from.saturating_sub(1000)..text.len().min(to + 1000);
                let inner = from - window.start..to - window.start;
                decoder.decode(&text.as_bytes()[window], inner.clone(), &mut |derived| {
                    assert_eq!(derived.by, "base64", "{}", String::from_utf8_lossy(&derived.bytes));
                    assert_eq!(derived.begins, from == 0);
                    joined.extend_from_slice(&derived.bytes[derived.part_of(&inner)]);
                });
            }
            assert!(joined == whole, "{before:?} {core}: {} of {} bytes", joined.len(), whole.len());
        }
    }
}

/// Bytes that come out at all depths, as the scan loop would see them.
fn bytes_at_all_depths(text: &[u8], outer: Option<&Derived>, depth: usize) -> usize {
    let mut decoder = Decoder::new();
    decoder.begin(outer);
    let mut total = 0;
    decoder.decode(text, 0..text.len(), &mut |derived| {
        total += derived.bytes.len();
        if depth < 16 {
            total += bytes_at_all_depths(&derived.bytes, Some(derived), depth + 1);
        }
    });
    total
}

/// However encodings are mixed and put into each other, little more comes out than went in.
#[test]
fn hostile_text_does_not_multiply() {
    let mixed = format!(
        "p\\u0061ss %41 &#65;b x=41y=3D z=\nnext +AEA- \"abcde\" + \"fghij\" {} 090-1234-\n5678 0x41,0x42 {}\n",
        base64(b"some text that is long enough"),
        "4a".repeat(20),
    );
    let mut nested = "secret \\u0041 value in here".to_owned();
    for _ in 0..12 {
        nested =
            format!("\\u0041 {} \\u0042 %43 {} x=3D", base64(nested.as_bytes()), base64(b"another text to be decoded"));
    }
    for text in [
        mixed.repeat(200),
        mixed.replace(' ', "").repeat(200),
        nested,
        "%25252525252525252525252525252525252541 ".repeat(200),
        "&amp;amp;amp;amp;amp;amp;amp;amp;amp;amp;#65; ".repeat(200),
        r"\\\\\\\\\\\\\\\\\\u0041 ".repeat(200),
        "\\u0025\\u0032\\u0035\\u0034\\u0031 &#37;&#50;&#53;&#52;&#49; ".repeat(200),
    ] {
        let out = bytes_at_all_depths(text.as_bytes(), None, 0);
        // Nested base64 shrinks by a quarter a level, and its lines come out rewritten too: 2 · Σ (3/4)ⁿ.
        assert!(out <= 8 * text.len(), "{} times of {}", out / text.len(), &text[..80]);
    }
}

/// Whoever begins in the middle of a run knows nothing of what went before.
#[test]
fn a_run_is_decoded_from_the_middle() {
    let plain = "user=someone password=hunter2-and-more and nothing else of any interest here";
    let hex = bytes_as(plain, |b| format!("{b:02x}"));
    for encoded in [base64(plain.as_bytes()), hex] {
        for from in 1..9 {
            assert_eq!(find(&encoded.as_bytes()[from..], b"password=hunter2-and-more").len(), 1, "{from}");
        }
    }
}

fn value() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{3}[A-Za-z0-9@._-]{6,30}[A-Za-z0-9]{3}"
}

fn filler() -> impl Strategy<Value = String> {
    "([a-z]{1,9}[ ,.]|[0-9]{1,4} |[あ-ん]{1,6}|漢字、|\n){0,40} "
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Any window size finds what the whole finds, once, at the same place.
    #[test]
    fn windows_of_any_size_find_the_same(
        value in value(),
        parts in prop::collection::vec((filler(), 0..28_usize), 1..6),
        core in 1..700_usize,
    ) {
        let mut text = String::new();
        let mut planted = Vec::new();
        for (filler, which) in &parts {
            text += filler;
            text += "\n";
            let (by, encoded) = encodings(&value).swap_remove(*which);
            planted.push((by, text.len()..text.len() + encoded.len()));
            text += &encoded;
            text += "\n\n";
        }
        let whole = find(text.as_bytes(), value.as_bytes());
        prop_assert_eq!(whole.len(), planted.len(), "{} {:?} {:?}", text, whole, planted);
        for (found, (by, place)) in whole.iter().zip(&planted) {
            prop_assert_eq!(found.by, *by, "{}", text);
            prop_assert!(place.start <= found.span.start && found.span.end <= place.end);
        }
        let windowed = find_in_windows(text.as_bytes(), value.as_bytes(), core, 1500);
        prop_assert_eq!(windowed, whole, "core {}: {}", core, text);
    }

    #[test]
    fn no_bytes_make_it_panic(text in prop::collection::vec(any::<u8>(), 0..2000), core in 1..500_usize) {
        find_in_windows(&text, b"x", core, 100);
    }

    /// Bytes that make up encoded text, in any order.
    #[test]
    fn no_nonsense_makes_it_panic(
        text in prop::collection::vec(prop::sample::select(vec![
            "%", "\\", "&", "=", "+", "\"", "'", "\n", "\r\n", "u", "x", "#", ";", "{", "}", "41", "0x41,", "41:",
            "QUJD", "eyJhbGciOiJIUzI1NiJ9", "ZeVnLIqe-", "  ", "> ", "/", "-", "あ", "amp;", "3D", ".", "_", "ud83d",
        ]), 0..200),
        core in 1..300_usize,
    ) {
        find_in_windows(text.concat().as_bytes(), b"A", core, 100);
    }
}
