//! What inputs of every kind become.

use super::*;

/// Text, encoding and the original of a part of the text.
fn original<'a>(raw: &'a [u8], part: &str) -> (&'a [u8], Encoding) {
    let mut reader = Reader::default();
    reader.begin(raw);
    let text = reader.read(raw, 0);
    let at = memchr::memmem::find(text.bytes, part.as_bytes())
        .unwrap_or_else(|| panic!("no {part} in {}", String::from_utf8_lossy(text.bytes)));
    let span = text.map.span(at..at + part.len());
    (&raw[span], text.encoding_at(at))
}

const LINE: &str = "氏名：山田　太郎　電話：０３−１２３４−５６７８　ﾔﾏﾀﾞ ﾀﾛｳ　会員番号4929 6401\n";
const FOLDED: &str = "氏名:山田 太郎 電話:03-1234-5678 ヤマダ タロウ 会員番号4929 6401\n";

#[test]
fn every_encoding_gives_the_same_text_and_leads_back() {
    // The encoder of ISO-2022-JP has no half-width katakana.
    let full = LINE.replace("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ");
    for encoding in JAPANESE {
        let line = if encoding == Encoding::Iso2022Jp { &full } else { LINE };
        let raw = encode(line, encoding);
        assert_eq!(read(&raw), (FOLDED.to_owned(), encoding));
        for (part, from) in [("03-1234-5678", "０３−１２３４−５６７８"), ("ヤマダ", "ﾔﾏﾀﾞ"), ("4929 6401", "4929 6401")]
        {
            let from = if encoding == Encoding::Iso2022Jp {
                from.replace("ﾔﾏﾀﾞ", "ヤマダ")
            } else {
                from.to_owned()
            };
            let (found, found_encoding) = original(&raw, part);
            assert_eq!(found_encoding, encoding);
            let want = encode(&from, encoding);
            // In ISO-2022-JP the escape sequences around are no part of it.
            let want = want.strip_prefix(b"\x1B$B").and_then(|w| w.strip_suffix(b"\x1B(B")).unwrap_or(&want);
            assert_eq!(found, want, "{part} in {}", encoding.name());
        }
    }
}

#[test]
fn byte_order_marks_are_no_text() {
    let marks: [(Encoding, &[u8]); 5] = [
        (Encoding::Utf8, b"\xEF\xBB\xBF"),
        (Encoding::Utf16Le, b"\xFF\xFE"),
        (Encoding::Utf16Be, b"\xFE\xFF"),
        (Encoding::Utf32Le, b"\xFF\xFE\0\0"),
        (Encoding::Utf32Be, b"\0\0\xFE\xFF"),
    ];
    for (encoding, mark) in marks {
        for text in ["key=value\n", "名簿\n", ""] {
            let raw = [mark, &encode(text, encoding)].concat();
            assert_eq!(read(&raw).0, text, "{}", encoding.name());
            if !text.is_empty() {
                assert_eq!(read(&raw).1, encoding);
                assert_eq!(original(&raw, &text[..3]).0, &encode(text, encoding)[..encode(&text[..3], encoding).len()]);
            }
        }
    }
}

#[test]
fn ascii_is_borrowed_and_named() {
    let mut reader = Reader::default();
    let raw = b"user=ann\r\npass=secret\r\n";
    reader.begin(raw);
    let text = reader.read(raw, 0);
    assert_eq!(text.bytes.as_ptr(), raw.as_ptr());
    assert!(text.map.is_identity());
    assert_eq!(text.encoding, Encoding::Ascii);
    assert_eq!(read(b""), (String::new(), Encoding::Ascii));
}

/// Half-width katakana and other extensions that ISO-2022-JP itself does not have.
#[test]
fn iso_2022_jp_in_all_its_variants() {
    let cases: &[(&[u8], &str)] = &[
        (b"\x1B$B;3ED\x1B(B <yamada>\r\n", "山田 <yamada>\r\n"),
        (b"\x1B$@;3ED\x1B(J 1\n", "山田 1\n"),
        (b"\x1B$B;3\x1B(I6\x5E\x1B(B\n", "山ガ\n"),
        (b"\x1B$B-j\x1B(B ABC\n", "㈱ ABC\n"),
        (b"\x1B$(D0!\x1B(B\n", "丂\n"),
        (b"\x1B$(Q;3\x1B(B\n", "山\n"),
        (b"\x0E46\x0F \x1B$B;3\x1B(B\n", "エカ 山\n"),
        (b"\x1B$B;3\xB6\x1B(B\n", "山カ\n"),
        // A line that was broken on its way, and one that never returned to ASCII.
        (b"\x1B$B;3\n;3\x1B(B end\n", "山\n山 end\n"),
        (b"\x1B$B;3\nplain 3\n", "山\nplain 3\n"),
        (b"\x1B$B#0#3!]#1#2\x1B(B-3\n", "03-12-3\n"),
        (b"2\x1B$B!<\x1B(B3 \x1B$B%!!<\x1B(B\n", "2-3 ァー\n"),
    ];
    for (raw, want) in cases {
        assert_eq!(read(raw), ((*want).to_owned(), Encoding::Iso2022Jp), "{}", raw.escape_ascii());
    }
    // Sequences that end nowhere, and those that terminals know.
    assert_eq!(read(b"red \x1B[31mtext\x1B(B\x1B[m\n").0, "red \x1B[31mtext\x1B(B\x1B[m\n");
    assert_eq!(read(b"\x1B$B;").0, ";");
    assert_eq!(read(b"\x1B$").0, "\x1B$");
}

#[test]
fn lines_in_several_encodings() {
    let lines = [
        "東京都港区の株式会社見本商事",
        "担当の山口様、料金は１２３円です",
        "議事録を保管する",
        "電話番号を確認してください",
    ];
    let mut raw = Vec::new();
    let mut want = String::new();
    for (i, encoding) in (0..120).map(|i| (i, JAPANESE[i % 4])) {
        let line = format!("{i} {}\nplain {i}\n", lines[i % lines.len()]);
        raw.extend(encode(&line, encoding));
        want.push_str(&line.replace("１２３", "123"));
    }
    assert_eq!(read(&raw).0, want);
    for (i, encoding) in JAPANESE[..4].iter().enumerate() {
        assert_eq!(original(&raw, &format!("{} ", 40 + i)).1, *encoding);
    }
}

#[test]
fn extensions_of_windows_and_of_eucjp() {
    // ① ㈱ ㍻ and 髙 of NEC and IBM.
    assert_eq!(
        read(b"\x87\x40\x87\x8A\x87\x8E \x82\xCC\x8A\x94\x8E\xAE\x89\xEF\x8E\xD0 \xFB\xFC\x8B\xB4\n").0,
        "①㈱㍽ の株式会社 髙橋\n"
    );
    assert_eq!(
        read(b"\xAD\xA1\xAD\xEA \xA4\xCE\xB3\xF4\xBC\xB0\xB2\xF1\xBC\xD2 \x8E\xD4\x8E\xCF\x8E\xC0\x8E\xDE\n").0,
        "①㈱ の株式会社 ヤマダ\n"
    );
    // JIS X 0212.
    assert_eq!(
        read(b"\x8F\xB0\xA1 \xA4\xB3\xA4\xEC\xA4\xCF\xCA\xE4\xBD\xF5\xB4\xC1\xBB\xFA\xA4\xC7\xA4\xB9\n").0,
        "丂 これは補助漢字です\n"
    );
}

#[test]
fn bytes_that_are_no_character_stay() {
    // A line of UTF-8 with a character cut in the middle, and one cut at the end.
    let raw = b"\xE5\xB1\xB1\xE7\x94 token=abc \xE7\x94\xB0\xE4\xB8";
    let mut reader = Reader::default();
    reader.begin(raw);
    let text = reader.read(raw, 0);
    assert_eq!((text.bytes, text.encoding), (raw.as_slice(), Encoding::Utf8));
    // A first byte at the end of Shift_JIS.
    let mut raw = encode("これは見本です", Encoding::ShiftJis);
    raw.push(0x82);
    let mut reader = Reader::default();
    reader.begin(&raw);
    let text = reader.read(&raw, 0);
    assert_eq!(text.bytes, [encode("これは見本です", Encoding::Utf8).as_slice(), b"\x82"].concat());
    assert_eq!(text.map.span(text.bytes.len() - 1..text.bytes.len()), raw.len() - 1..raw.len());
    // Half a unit, and half a pair.
    assert_eq!(read(b"\xFF\xFEa\0b").0, "ab");
    assert_eq!(read(b"\xFF\xFEa\0\x3D\xD8b\0").0, "a\u{FFFD}b");
}

#[test]
fn tokens_in_binary_files_are_found_in_their_place() {
    let mut random = Random(7);
    let mut raw: Vec<u8> =
        (0..20_000).map(|_| if random.below(3) == 0 { 0 } else { random.below(256) as u8 }).collect();
    let token = b"token-4fGh7Kq2ZpX9";
    for at in [100, 5000, 19_000] {
        raw[at..at + token.len()].copy_from_slice(token);
    }
    let mut reader = Reader::default();
    reader.begin(&raw);
    let text = reader.read(&raw, 0);
    assert_eq!(text.encoding, Encoding::Binary);
    let found: Vec<usize> = memchr::memmem::find_iter(text.bytes, token)
        .map(|at| {
            let span = text.map.span(at..at + token.len());
            assert_eq!(&raw[span.clone()], token);
            span.start
        })
        .collect();
    assert_eq!(found, [100, 5000, 19_000]);
}

#[test]
fn a_declared_encoding_helps_but_does_not_blind() {
    let mut reader = Reader::default();
    reader.begin_as(Encoding::EucJp);
    let raw = encode("朝", Encoding::EucJp);
    assert_eq!(reader.read(&raw, 0).bytes, "朝".as_bytes());
    // A mail that says ISO-2022-JP and is Shift_JIS.
    reader.begin_as(Encoding::Iso2022Jp);
    let raw = encode("お世話になっております。", Encoding::ShiftJis);
    let text = reader.read(&raw, 0);
    assert_eq!((text.bytes, text.encoding), ("お世話になっております。".as_bytes(), Encoding::ShiftJis));
    reader.begin_as(Encoding::Utf16Be);
    let raw = encode("議事録", Encoding::Utf16Be);
    assert_eq!(reader.read(&raw, 0).bytes, "議事録".as_bytes());
}

#[test]
fn utf_16_in_other_files() {
    // A program, and a file of ASCII to which PowerShell has appended.
    let mut program: Vec<u8> = (0..5000u32).flat_map(|i| i.wrapping_mul(2_654_435).to_le_bytes()).collect();
    let string = encode("user=ann;password=correct-horse 担当：ヤマダ", Encoding::Utf16Le);
    program.splice(4001..4001, string.iter().copied());
    let mut appended = b"first line in ascii
second line
"
    .to_vec();
    appended.extend(encode(
        "password=correct-horse
",
        Encoding::Utf16Le,
    ));
    for raw in [program, appended] {
        let (found, encoding) = original(&raw, "password=correct-horse");
        assert_eq!(
            (found, encoding),
            (encode("password=correct-horse", Encoding::Utf16Le).as_slice(), Encoding::Utf16Le)
        );
    }
}

/// `echo … >> file` on Windows appends lines in another encoding than the file's.
#[test]
fn lines_appended_to_utf_16() {
    let mut raw = b"\xFF\xFE".to_vec();
    raw.extend(encode("一行目の記録です\r\nsecond line\r\n", Encoding::Utf16Le));
    raw.extend(b"password=correct-horse-battery\r\n");
    let (text, encoding) = read(&raw);
    assert_eq!(text, "一行目の記録です\r\nsecond line\r\npassword=correct-horse-battery\r\n");
    assert_eq!(encoding, Encoding::Utf16Le);
    assert_eq!(original(&raw, "password"), (b"password".as_slice(), Encoding::Ascii));
}

#[test]
fn latin_1_is_the_last_resort() {
    let raw = b"Stra\xDFe 5, M\xFCnchen; caf\xE9 \x80 20\n";
    assert_eq!(read(raw), ("Straße 5, München; café € 20\n".to_owned(), Encoding::Windows1252));
    assert_eq!(original(raw, "München").0, b"M\xFCnchen");
}
