//! Codes and names of PDF text that has no map of its own: text strings of the document's objects,
//! the standard encodings of simple fonts, glyph names.
//!
//! ISO 32000-1 §7.9.2 (text strings), annex D (encodings); Adobe Glyph List specification 1.7.

use encoding_rs::{MACINTOSH, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// `name code code…`, sorted by name.
static GLYPHS: &str = include_str!("glyphs.txt");

/// StandardEncoding from 0xA0 on; NUL: no glyph.
static STANDARD_HIGH: &str = concat!(
    "\0¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ\0–†‡·\0¶•‚„”»…‰\0¿\0`´ˆ˜¯˘˙¨\0˚¸\0˝˛ˇ—\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    "Æ\0ª\0\0\0\0ŁØŒº\0\0\0\0\0æ\0\0\0ı\0\0łøœß\0\0\0\0"
);
/// PDFDocEncoding from 0x18 to 0x1F and from 0x80 to 0x9F, where it is not Latin-1.
static PDF_DOC_LOW: &str = "˘ˇˆ˙˝˛˚˜";
static PDF_DOC_HIGH: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\0";

/// An encoding of a simple font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// Adobe's StandardEncoding.
    Standard,
    /// WinAnsiEncoding, code page 1252.
    WinAnsi,
    /// MacRomanEncoding.
    MacRoman,
}

impl Base {
    /// The character of a code.
    pub(super) fn character(self, code: u8) -> Option<char> {
        let c = match (self, code) {
            (_, 0..0x20) => return None,
            (Base::Standard, 0x27) => '’',
            (Base::Standard, 0x60) => '‘',
            (Base::Standard, 0x80..0xA0) => return None,
            (Base::Standard, 0xA0..) => STANDARD_HIGH.chars().nth(usize::from(code) - 0xA0)?,
            (Base::WinAnsi, 0x80..) => WINDOWS_1252.decode_without_bom_handling(&[code]).0.chars().next()?,
            (Base::MacRoman, 0x80..) => MACINTOSH.decode_without_bom_handling(&[code]).0.chars().next()?,
            _ => char::from(code),
        };
        (c != '\0').then_some(c)
    }
}

/// What a glyph name stands for, by the rules of the Adobe Glyph List.
pub(super) fn glyph(name: &str) -> Option<String> {
    let stem = name.split('.').next().filter(|stem| !stem.is_empty())?;
    let parts: Option<Vec<String>> = stem.split('_').take(8).map(one_glyph).collect();
    parts.map(|parts| parts.concat())
}

fn one_glyph(name: &str) -> Option<String> {
    let characters =
        |codes: &str| codes.split(' ').map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)).collect();
    if let Some(codes) = listed(name) {
        return characters(codes);
    }
    if let Some(hex) = name.strip_prefix("uni").filter(|hex| hex.len() >= 4 && hex.is_ascii()) {
        let units: Option<Vec<u16>> = hex
            .as_bytes()
            .chunks_exact(4)
            .map(|code| u16::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok())
            .collect();
        return String::from_utf16(&units?).ok();
    }
    let hex = name.strip_prefix('u').filter(|hex| (4..=6).contains(&hex.len()))?;
    characters(hex)
}

/// The line of a name, by halving.
fn listed(name: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, GLYPHS.len());
    while low < high {
        let middle = (low + high) / 2;
        // To the beginning of the line that the middle is in.
        let begin = memchr::memrchr(b'\n', &GLYPHS.as_bytes()[..middle]).map_or(0, |i| i + 1);
        let line = GLYPHS.get(begin..)?.lines().next()?;
        let (found, codes) = line.split_once(' ')?;
        match found.cmp(name) {
            std::cmp::Ordering::Equal => return Some(codes),
            std::cmp::Ordering::Less => low = begin + line.len() + 1,
            std::cmp::Ordering::Greater => high = begin,
        }
    }
    None
}

/// A text string. Many Japanese programs write Shift_JIS where PDFDocEncoding is due.
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => return UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => return UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => return String::from_utf8_lossy(rest).into_owned(),
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let (text, _, wrong) = SHIFT_JIS.decode(bytes);
    if !wrong && text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}')) {
        return text.into_owned();
    }
    bytes.iter().filter_map(|&b| pdf_doc(b)).collect()
}

fn pdf_doc(code: u8) -> Option<char> {
    match code {
        0x18..0x20 => PDF_DOC_LOW.chars().nth(usize::from(code) - 0x18),
        0x80..0xA0 => PDF_DOC_HIGH.chars().nth(usize::from(code) - 0x80).filter(|&c| c != '\0'),
        0xA0 => Some('€'),
        _ => Some(char::from(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_glyph_is_found() {
        let lines: Vec<&str> = GLYPHS.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), 4281);
        assert!(lines.iter().all(|line| line.split_once(' ').is_some_and(|(name, codes)| listed(name) == Some(codes))));
        assert_eq!(listed("nosuchglyph"), None);
        assert_eq!(listed(""), None);
    }

    #[test]
    fn names_by_rule() {
        assert_eq!(glyph("uni5C715C71").as_deref(), Some("山山"));
        assert_eq!(glyph("u20BB7").as_deref(), Some("𠮷"));
        assert_eq!(glyph("f_i.alt").as_deref(), Some("fi"));
        assert_eq!(glyph("A").as_deref(), Some("A"));
        assert_eq!(glyph(".notdef"), None);
        assert_eq!(glyph("g123"), None);
    }

    #[test]
    fn encodings() {
        assert_eq!(Base::Standard.character(0xAE), Some('ﬁ'));
        assert_eq!(Base::Standard.character(0xFB), Some('ß'));
        assert_eq!(Base::WinAnsi.character(0x80), Some('€'));
        assert_eq!(Base::MacRoman.character(0x8A), Some('ä'));
        assert_eq!(STANDARD_HIGH.chars().count(), 96);
        assert_eq!(PDF_DOC_HIGH.chars().count(), 32);
    }

    #[test]
    fn text_strings() {
        assert_eq!(text_string(b"\xFE\xFF\x5C\x71"), "山");
        assert_eq!(text_string(b"\x8E\x52\x93\x63"), "山田");
        assert_eq!(text_string(b"caf\xE9"), "café");
    }
}
