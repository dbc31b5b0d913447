//! What decoding costs: on text with nothing encoded in it, and on text full of it.
//!
//! `cargo bench --bench decode [-- FILE…]` prints, for each text, GB/s of text searched, how many
//! bytes of it came out decoded, and in how many pieces. Named files are measured too; after
//! `--only` nothing else is.

#![allow(clippy::print_stdout)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use sekisho::decode::Decoder;

const SIZE: usize = 2 << 20;
const ROUNDS: usize = 15;
const CORE: usize = 256 << 10;
const MARGIN: usize = 4 << 10;

fn main() {
    let only_files = std::env::args().any(|arg| arg == "--only");
    for (name, text) in if only_files { Vec::new() } else { samples() } {
        measure(&name, text.as_bytes());
    }
    for file in std::env::args().skip(1).filter(|arg| !arg.starts_with('-')) {
        match std::fs::read(&file) {
            Ok(bytes) => measure(&file, &bytes),
            Err(e) => println!("{file}: {e}"),
        }
    }
}

fn measure(name: &str, text: &[u8]) {
    let mut decoder = Decoder::new();
    let (mut out, mut pieces) = (0, 0);
    // The best time of each window by itself: other programs want the processor too.
    let mut best = vec![f64::MAX; text.len().div_ceil(CORE)];
    for _ in 0..ROUNDS {
        (out, pieces) = (0, 0);
        decoder.begin(None);
        for (from, best) in (0..text.len()).step_by(CORE).zip(&mut best) {
            let to = text.len().min(from + CORE);
            let window = from.saturating_sub(MARGIN)..text.len().min(to + MARGIN);
            let core = from - window.start..to - window.start;
            let start = Instant::now();
            decoder.decode(black_box(&text[window]), core, &mut |derived| {
                out += black_box(&derived.bytes).len();
                pieces += 1;
            });
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    let best: f64 = best.iter().sum();
    let rate = text.len() as f64 / best / 1e9;
    println!("{name:28} {rate:7.2} GB/s  decoded {:6.2} %  pieces {pieces}", 100.0 * out as f64 / text.len() as f64);
}

/// Repeats what `line` writes of a running number until there is enough.
fn fill(line: impl Fn(&mut String, usize)) -> String {
    let mut text = String::new();
    let mut n = 0;
    while text.len() < SIZE {
        line(&mut text, n);
        n += 1;
    }
    text
}

fn samples() -> Vec<(String, String)> {
    const PROSE: &str = "It was a bright cold day in spring, and all of the clocks were striking eleven. \
                         The letter said nothing of money, but much of the weather; nobody minded.\n";
    const JAPANESE: &str =
        "本日の会議では、来期の予算と新しい取引先について話し合いました。詳しくは資料をご覧ください。\n";
    const CODE: &str = "    let value = map.get(&key).map_or(0, |entry| entry.count + 1);\n    \
                        if value % 2 == 0 { println!(\"value {}: {}\\n\", key, \"even\"); }\n";
    // Three digits in base64.
    let base64 = |n: usize| {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = format!("{:03}", n % 1000).bytes().fold(0, |bits, b| bits << 8 | usize::from(b));
        [18, 12, 6, 0].map(|by| ALPHABET[bits >> by & 63] as char).iter().collect::<String>()
    };
    vec![
        ("English prose".into(), fill(|t, _| t.push_str(PROSE))),
        ("Japanese prose".into(), fill(|t, _| t.push_str(JAPANESE))),
        (
            "CSV".into(),
            fill(|t, n| _ = writeln!(t, "{n},tanaka,{},shipped,2024-01-{:02},{}.50", n % 97, n % 28 + 1, n * 7)),
        ),
        (
            "JSON lines".into(),
            fill(|t, n| _ = writeln!(t, r#"{{"id": {n}, "name": "taro", "tags": ["a", "b c"], "ok": true}}"#)),
        ),
        ("source code".into(), fill(|t, _| t.push_str(CODE))),
        (
            "hex hashes".into(),
            fill(|t, n| _ = writeln!(t, "{:064x}  file{n}.txt", n as u128 * 0x9E37_79B9_7F4A_7C15_F39C)),
        ),
        (
            "base64 body of text".into(),
            fill(|t, n| {
                _ = writeln!(
                    t,
                    "{}",
                    &"SGVsbG8sIHdvcmxkLiBJdCBpcyBhIG5pY2UgZGF5LiBUaGUgcXVpY2sgYnJvd24gZm94IGp1bXBzIG92ZXIu"
                        [n % 2 * 8..][..76]
                )
            }),
        ),
        ("one base64 line".into(), fill(|t, _| t.push_str("SGVsbG8sIHdvcmxkLiBJdCBpcyBhIG5pY2UgZGF5LiBU"))),
        ("short base64 values".into(), fill(|t, n| _ = writeln!(t, "k{n}: SGVsbG8sIHdvcmxk{}", base64(n)))),
        ("percent, all of it".into(), fill(|t, _| t.push_str("%E6%97%A5%E6%9C%AC%E8%AA%9E%20"))),
        ("&nbsp; between words".into(), fill(|t, _| t.push_str("word&nbsp;another&nbsp;"))),
        ("%20 between words".into(), fill(|t, _| t.push_str("word%20another%20"))),
        ("\\u escapes, all of it".into(), fill(|t, _| t.push_str("\\u65e5\\u672c\\u8a9e "))),
        ("\\n in long JSON strings".into(), fill(|t, n| _ = write!(t, "line {n} of it\\nkey{n}: value\\n"))),
        (
            "quoted-printable".into(),
            fill(|t, _| t.push_str("=E6=97=A5=E6=9C=AC=E8=AA=9E=E3=81=AE=E6=96=87=E7=AB=A0=E3=81=A7=E3=81=99=\r\n")),
        ),
        ("only %".into(), fill(|t, _| t.push('%'))),
        ("only \\".into(), fill(|t, _| t.push('\\'))),
        ("only &".into(), fill(|t, _| t.push('&'))),
        ("only =".into(), fill(|t, _| t.push('='))),
        ("only +".into(), fill(|t, _| t.push('+'))),
        ("only +A".into(), fill(|t, _| t.push_str("+A"))),
        ("only \"+".into(), fill(|t, _| t.push_str("\"+"))),
        ("only 0 lines".into(), fill(|t, _| t.push_str("0\n"))),
        ("only %25 in rows".into(), fill(|t, _| t.push_str("%252525252525252541 "))),
        ("only 41:".into(), fill(|t, _| t.push_str("41:"))),
        ("only 4 1: broken".into(), fill(|t, _| t.push_str("41:41:41:41:41:41:41 "))),
        ("only long lines of digits-".into(), fill(|t, _| t.push_str("1234 5678 9012 3456-\n"))),
        ("tokens filling lines".into(), fill(|t, n| _ = writeln!(t, "{:0>76}", format!("a{n}")))),
    ]
}
