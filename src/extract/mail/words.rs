//! Text of header fields: encoded words (RFC 2047) and bare bytes of any encoding → UTF-8.
//!
//! Lenient where mailers are careless: words within quotes, spaces within words, characters cut
//! in two between words, bytes that no charset announces.

use crate::text::{Encoding, Reader};

/// The text of a field's value, its encoded words decoded.
pub(super) fn decode(value: &[u8]) -> String {
    let mut out = String::new();
    // Bytes of one charset, put together before they are decoded: a character may be cut in two.
    let mut open: Option<(String, Vec<u8>)> = None;
    let mut plain = 0;
    let mut at = 0;
    while let Some(i) = memchr::memmem::find(&value[at..], b"=?") {
        let start = at + i;
        let Some(word) = Word::at(value, start) else {
            at = start + 2;
            continue;
        };
        let between = &value[plain..start];
        if open.is_none() || !between.trim_ascii().is_empty() {
            close(&mut open, &mut out);
            out.push_str(&plain_text(between));
        }
        match &mut open {
            Some((charset, bytes)) if charset.eq_ignore_ascii_case(&word.charset) => bytes.extend(word.bytes),
            _ => {
                close(&mut open, &mut out);
                open = Some((word.charset, word.bytes));
            }
        }
        at = word.end;
        plain = word.end;
    }
    close(&mut open, &mut out);
    out.push_str(&plain_text(&value[plain..]));
    out
}

fn close(open: &mut Option<(String, Vec<u8>)>, out: &mut String) {
    if let Some((charset, bytes)) = open.take() {
        out.push_str(&in_charset(&charset, &bytes));
    }
}

/// The text that bytes are in the charset of this label; if the label is unknown, in the
/// charset that they look like.
pub(super) fn in_charset(label: &str, bytes: &[u8]) -> String {
    let mut reader = Reader::default();
    match Encoding::from_label(label) {
        Some(encoding) => reader.begin_as(encoding),
        None => match encoding_rs::Encoding::for_label(label.as_bytes()) {
            Some(other) => return other.decode_without_bom_handling(bytes).0.into_owned(),
            None => reader.begin(bytes),
        },
    }
    String::from_utf8_lossy(reader.read(bytes, 0).bytes).into_owned()
}

/// Text that nothing announces: most of it is ASCII, some in the writer's own encoding.
pub(super) fn plain_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0x1B) => text.to_owned(),
        _ => in_charset("", bytes),
    }
}

/// An encoded word: `=?charset*language?B or Q?text?=`.
struct Word {
    charset: String,
    bytes: Vec<u8>,
    end: usize,
}

impl Word {
    fn at(value: &[u8], start: usize) -> Option<Word> {
        let rest = &value[start + 2..];
        let charset = memchr::memchr(b'?', rest).filter(|&n| (1..64).contains(&n))?;
        let [kind, b'?', ..] = rest[charset + 1..] else { return None };
        let text = &rest[charset + 3..];
        let length = memchr::memmem::find(text, b"?=")?;
        let bytes = match kind {
            b'B' | b'b' => base64(&text[..length]),
            b'Q' | b'q' => quoted(&text[..length]),
            _ => return None,
        };
        let label = std::str::from_utf8(&rest[..charset]).ok()?;
        let label = label.split('*').next().unwrap_or(label);
        Some(Word { charset: label.to_owned(), bytes, end: start + 2 + charset + 3 + length + 2 })
    }
}

pub(in crate::extract) fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut group = super::transfer::Group::default();
    text.iter().for_each(|&byte| group.push(byte, &mut out));
    out
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        match (first, behind) {
            (b'_', _) => out.push(b' '),
            (b'=', [a, b, ..]) => match super::transfer::hex(*a, *b) {
                Some(byte) => {
                    out.push(byte);
                    rest = &behind[2..];
                }
                None => out.push(first),
            },
            _ => out.push(first),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_in_every_charset_and_state_of_repair() {
        let cases: &[(&[u8], &str)] = &[
            (b"Re: =?UTF-8?B?5ZCN57C/?= v2", "Re: 名簿 v2"),
            (b"=?ISO-2022-JP?B?GyRCTD5KbRsoQg==?=", "名簿"),
            (b"=?iso-2022-jp-ms?b?GyRCTD5KbRsoQg==?=", "名簿"),
            (b"=?cp932?Q?=96=BC=95=EB?=", "名簿"),
            (b"=?EUC-JP*ja?Q?=CC=BE=CA=ED_=31?=", "名簿 1"),
            // A character cut in two between words, and blanks between words that do not count.
            (b"=?UTF-8?B?5ZCN5w==?= \t=?utf-8?B?sL8=?=", "名簿"),
            // Blanks within the word, quotes around it, words of two charsets.
            (b"\"=?UTF-8?Q?=E5=90=8D =E7=B0=BF?=\"", "\"名 簿\""),
            (b"=?UTF-8?B?5ZCN?= =?cp932?Q?=95=EB?=", "名簿"),
            // Bare bytes.
            (b"\x96\xBC\x95\xEB\x88\xEA\x97\x97", "名簿一覧"),
            (b"\x1B$BL>Jm\x1B(B", "名簿"),
            // Not words.
            (b"a =? b =?x?Z?y?= =?UTF-8?B?", "a =? b =?x?Z?y?= =?UTF-8?B?"),
        ];
        for (raw, text) in cases {
            assert_eq!(decode(raw), *text, "{}", raw.escape_ascii());
        }
    }
}
