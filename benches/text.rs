//! Bytes → text, MB/s of input on one core, in windows as the scanner reads them.
//!
//! `cargo bench --bench text`. Prints one line a kind of input; asserts nothing about speed.

#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use sekisho::text::Reader;

/// A window of the scanner.
const WINDOW: usize = 288 << 10;

const PROSE: &str = "\
このたびは弊社のサービスをご利用いただき、誠にありがとうございます。お申し込みの内容を確認のうえ、担当者より三営業日以内にご連絡いたします。
契約書の原本は二部作成し、双方が署名のうえ、それぞれ一部を保管するものとする。データベースサーバーの移行作業は週末に実施する予定です。
会議の資料は共有フォルダーに保存しました。売上は前年比１２％増、経費は計画どおりでした。ご不明な点は総務部までお問い合わせください。
";
const ROSTER: &str = "10021,田中 一郎,タナカ イチロウ,営業部,2015/04/01,03-5550-0121,tanaka@example.jp\n\
10034,鈴木 美咲,スズキ ミサキ,人事部,2018/10/01,03-5550-0134,suzuki@example.jp\n";
const WIDE_FORM: &str = "電話番号：０３－５５５０－０１２１　ＦＡＸ：０３－５５５０－０１２２　ﾌﾘｶﾞﾅ：ﾀﾅｶ ｲﾁﾛｳ\n";
const ENGLISH: &str =
    "The quick brown fox jumps over the lazy dog; pack my box with five dozen liquor jugs, 42 times.\n";
const GERMAN: &str =
    "Für Änderungen der Straße überprüfen Sie bitte die Größe; die Gebühren betragen 20 Euro im Jahr.\n";

fn main() {
    let repeat = |text: &str| text.repeat((1 << 20) / text.len());
    let legacy = |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(&repeat(text)).0.into_owned();
    let utf16 = |text: &str| -> Vec<u8> { repeat(text).encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let noise: Vec<u8> = (0..1 << 20)
        .map(|_| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 56) as u8
        })
        .collect();
    let (sjis, euc) = (encoding_rs::SHIFT_JIS.encode(PROSE).0, encoding_rs::EUC_JP.encode(PROSE).0);
    let mixed = [PROSE.as_bytes(), &sjis, &euc, &encoding_rs::ISO_2022_JP.encode(PROSE).0].concat();
    let inputs = [
        ("ASCII", repeat(ENGLISH).into_bytes()),
        ("UTF-8 prose", repeat(PROSE).into_bytes()),
        ("UTF-8 roster", repeat(ROSTER).into_bytes()),
        ("UTF-8 full-width form", repeat(WIDE_FORM).into_bytes()),
        ("UTF-8 German", repeat(GERMAN).into_bytes()),
        ("Shift_JIS prose", legacy(encoding_rs::SHIFT_JIS, PROSE)),
        ("Shift_JIS roster", legacy(encoding_rs::SHIFT_JIS, ROSTER)),
        ("Shift_JIS full-width form", legacy(encoding_rs::SHIFT_JIS, WIDE_FORM)),
        ("EUC-JP prose", legacy(encoding_rs::EUC_JP, PROSE)),
        ("EUC-JP roster", legacy(encoding_rs::EUC_JP, ROSTER)),
        ("ISO-2022-JP prose", legacy(encoding_rs::ISO_2022_JP, PROSE)),
        ("UTF-16LE prose", utf16(PROSE)),
        ("UTF-16LE English", utf16(ENGLISH)),
        ("windows-1252 German", legacy(encoding_rs::WINDOWS_1252, GERMAN)),
        ("noise", noise),
        ("zeros and pointers", (0..1 << 20).map(|i| if i % 8 < 3 { (i / 8 % 251) as u8 } else { 0 }).collect()),
        // Hostile: made to be slow.
        ("escapes in one line", repeat("\x1b[1m").into_bytes()),
        ("escapes of JIS in one line", repeat("\x1b$B\x1b(B").into_bytes()),
        ("kanji that never end", [b"\x1b$B".as_slice(), &b"0!\n".repeat(1 << 18)].concat()),
        ("every character to fold", repeat("１ー－２ﾞﾊﾟ\u{200b}か\u{3099}").into_bytes()),
        ("Shift_JIS half-width katakana", legacy(encoding_rs::SHIFT_JIS, "ﾔﾏﾀﾞ ﾀﾛｳ ｶ)ｻﾝﾌﾟﾙ ﾌﾘｺﾐ\n")),
        ("lines of four encodings", mixed.repeat((1 << 20) / mixed.len())),
        (
            "one bad byte a line",
            repeat("あいうえお かきくけこ").into_bytes().chunks(40).flat_map(|l| [l, b"\xFF\n"].concat()).collect(),
        ),
    ];
    let only = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    for (name, raw) in inputs.iter().filter(|(name, _)| only.as_ref().is_none_or(|only| name.contains(only.as_str()))) {
        let best = (0..5).map(|_| speed(raw)).fold(0.0, f64::max);
        println!("{name:28} {best:8.0} MB/s");
    }
}

/// Time that this process had a processor: what others do meanwhile shall not count. By the
/// clock where the system does not tell.
fn processor_time(start: Instant) -> Duration {
    let field = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = field.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// MB/s over a tenth of a second.
fn speed(raw: &[u8]) -> f64 {
    let mut reader = Reader::default();
    let start = Instant::now();
    let before = processor_time(start);
    let mut bytes = 0;
    while start.elapsed() < Duration::from_millis(100) {
        reader.begin(&raw[..WINDOW]);
        let mut at = 0;
        while at < raw.len() {
            let end =
                if raw.len() - at > WINDOW { at + reader.boundary(&raw[at..], at as u64, WINDOW) } else { raw.len() };
            let text = reader.read(&raw[at..end], at as u64);
            std::hint::black_box(text.bytes);
            at = end;
        }
        bytes += raw.len();
    }
    bytes as f64 / (processor_time(start) - before).as_secs_f64() / 1e6
}
