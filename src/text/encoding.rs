//! The encodings that can be read, their names and how many characters bytes in them are.
//!
//! A label as found in mail headers or on the command line in, an [`Encoding`] out. Decodes
//! nothing.

use super::jis;

/// The encoding that a text was read in. The names are those of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Only bytes below 0x80, in an input that has shown no other byte yet.
    Ascii,
    /// UTF-8, also with some invalid bytes; these stay as they are.
    Utf8,
    /// Shift_JIS with the extensions of Windows code page 932.
    ShiftJis,
    /// EUC-JP with JIS X 0212 and the extensions of code page 51932.
    EucJp,
    /// ISO-2022-JP with JIS X 0212, half-width kana and the extensions of code page 50221.
    Iso2022Jp,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-32, low byte first.
    Utf32Le,
    /// UTF-32, high byte first.
    Utf32Be,
    /// Windows code page 1252, which holds ISO-8859-1.
    Windows1252,
    /// Bytes of no encoding in particular, scanned as they are.
    Binary,
}

/// Labels seen in mail, web pages and tools that the Encoding Standard does not list.
const LABELS: &[(&str, Encoding)] = &[
    ("cp932", Encoding::ShiftJis),
    ("ms932", Encoding::ShiftJis),
    ("mscp932", Encoding::ShiftJis),
    ("mskanji", Encoding::ShiftJis),
    ("sjiswin", Encoding::ShiftJis),
    ("shiftjis2004", Encoding::ShiftJis),
    ("shiftjisx0213", Encoding::ShiftJis),
    ("eucjp", Encoding::EucJp),
    ("eucjpms", Encoding::EucJp),
    ("eucjpwin", Encoding::EucJp),
    ("cp51932", Encoding::EucJp),
    ("ujis", Encoding::EucJp),
    ("iso2022jpms", Encoding::Iso2022Jp),
    ("iso2022jp1", Encoding::Iso2022Jp),
    ("iso2022jp2", Encoding::Iso2022Jp),
    ("iso2022jp3", Encoding::Iso2022Jp),
    ("iso2022jp2004", Encoding::Iso2022Jp),
    ("cp50220", Encoding::Iso2022Jp),
    ("cp50221", Encoding::Iso2022Jp),
    ("cp50222", Encoding::Iso2022Jp),
    ("jis", Encoding::Iso2022Jp),
    ("jis7", Encoding::Iso2022Jp),
    ("jis8", Encoding::Iso2022Jp),
    ("usascii", Encoding::Ascii),
    ("ascii", Encoding::Ascii),
    ("ansix341968", Encoding::Ascii),
    ("iso646us", Encoding::Ascii),
    ("utf32", Encoding::Utf32Le),
    ("utf32le", Encoding::Utf32Le),
    ("ucs4le", Encoding::Utf32Le),
    ("utf32be", Encoding::Utf32Be),
    ("ucs4be", Encoding::Utf32Be),
    ("utf8mb4", Encoding::Utf8),
    ("cp65001", Encoding::Utf8),
];

impl Encoding {
    /// The name shown in output, as in WHATWG's Encoding Standard where it has one.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Ascii => "ascii",
            Encoding::Utf8 => "utf-8",
            Encoding::ShiftJis => "shift_jis",
            Encoding::EucJp => "euc-jp",
            Encoding::Iso2022Jp => "iso-2022-jp",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Utf32Le => "utf-32le",
            Encoding::Utf32Be => "utf-32be",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Binary => "binary",
        }
    }

    /// The encoding that a label means, however it is written: labels of the Encoding Standard
    /// (<https://encoding.spec.whatwg.org/#names-and-labels>) and others in use. `None` for what
    /// is not known or cannot be read (UTF-7 is decoded elsewhere).
    pub fn from_label(label: &str) -> Option<Encoding> {
        let letters = |c: char| c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
        let plain: String = label.chars().filter_map(letters).take(24).collect();
        let plain = plain.strip_prefix("cs").unwrap_or(&plain);
        let plain = plain.strip_prefix('x').unwrap_or(plain);
        if let Some((_, encoding)) = LABELS.iter().find(|(name, _)| *name == plain) {
            return Some(*encoding);
        }
        let standard = encoding_rs::Encoding::for_label(label.trim().as_bytes())
            .or_else(|| encoding_rs::Encoding::for_label(label.trim().replace('_', "-").as_bytes()))?;
        match standard.name() {
            "UTF-8" => Some(Encoding::Utf8),
            "Shift_JIS" => Some(Encoding::ShiftJis),
            "EUC-JP" => Some(Encoding::EucJp),
            "ISO-2022-JP" => Some(Encoding::Iso2022Jp),
            "UTF-16LE" => Some(Encoding::Utf16Le),
            "UTF-16BE" => Some(Encoding::Utf16Be),
            "windows-1252" => Some(Encoding::Windows1252),
            _ => None,
        }
    }

    /// Bytes of one unit: a window never begins within one.
    pub(super) fn unit(self) -> usize {
        match self {
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
            Encoding::Utf32Le | Encoding::Utf32Be => 4,
            _ => 1,
        }
    }

    /// Characters in `raw`, which begins and ends at a character. A byte order mark at its
    /// beginning is none.
    pub fn count_chars(self, raw: &[u8]) -> u64 {
        match self {
            Encoding::Ascii | Encoding::Windows1252 | Encoding::Binary => raw.len() as u64,
            Encoding::Utf8 => {
                let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
                raw.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u64
            }
            Encoding::ShiftJis => count_steps(raw, |rest| match rest {
                [0x81..=0x9F | 0xE0..=0xFC, 0x40..=0x7E | 0x80..=0xFC, ..] => 2,
                _ => 1,
            }),
            Encoding::EucJp => count_steps(raw, |rest| match rest {
                [0x8F, 0xA1..=0xFE, 0xA1..=0xFE, ..] => 3,
                [0x8E | 0xA1..=0xFE, 0xA1..=0xFE, ..] => 2,
                _ => 1,
            }),
            Encoding::Iso2022Jp => jis::count_chars(raw),
            Encoding::Utf16Le => count_utf16(raw, 1, b"\xFF\xFE"),
            Encoding::Utf16Be => count_utf16(raw, 0, b"\xFE\xFF"),
            Encoding::Utf32Le => count_utf32(raw, b"\xFF\xFE\0\0"),
            Encoding::Utf32Be => count_utf32(raw, b"\0\0\xFE\xFF"),
        }
    }
}

fn count_steps(raw: &[u8], step: impl Fn(&[u8]) -> usize) -> u64 {
    let (mut at, mut count) = (0, 0);
    while at < raw.len() {
        at += step(&raw[at..]);
        count += 1;
    }
    count
}

/// A unit that is the second half of a pair is no character of its own; `high` is where in the
/// unit its high byte stands.
fn count_utf16(raw: &[u8], high: usize, mark: &[u8]) -> u64 {
    let raw = raw.strip_prefix(mark).unwrap_or(raw);
    raw.chunks(2).filter(|unit| !matches!(unit.get(high), Some(0xDC..=0xDF))).count() as u64
}

fn count_utf32(raw: &[u8], mark: &[u8]) -> u64 {
    raw.strip_prefix(mark).unwrap_or(raw).len().div_ceil(4) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_the_wild() {
        let cases: &[(&[&str], Encoding)] = &[
            (
                &[
                    "cp932",
                    "CP932",
                    "windows-31j",
                    "Windows-31J",
                    "ms_kanji",
                    "MS_Kanji",
                    "x-sjis",
                    "shift-jis",
                    "Shift_JIS",
                    "sjis",
                    "csShiftJIS",
                    "ms932",
                    "x-ms-cp932",
                    "sjis-win",
                ],
                Encoding::ShiftJis,
            ),
            (&["euc-jp", "x-euc-jp", "EUC_JP", "eucJP-ms", "cp51932", "ujis", "eucjp"], Encoding::EucJp),
            (&["iso-2022-jp", "ISO-2022-JP-MS", "iso-2022-jp-1", "cp50221", "csISO2022JP"], Encoding::Iso2022Jp),
            (&["utf-8", "UTF8", " utf-8 ", "x-unicode20utf8"], Encoding::Utf8),
            (&["us-ascii", "ASCII", "ANSI_X3.4-1968"], Encoding::Ascii),
            (&["iso-8859-1", "latin1", "windows-1252", "cp1252", "iso_8859-1"], Encoding::Windows1252),
            (&["utf-16", "utf-16le", "unicode"], Encoding::Utf16Le),
            (&["utf-16be"], Encoding::Utf16Be),
            (&["utf-32be"], Encoding::Utf32Be),
        ];
        for (labels, encoding) in cases {
            for label in *labels {
                assert_eq!(Encoding::from_label(label), Some(*encoding), "{label}");
            }
        }
        for label in ["", "utf-7", "x-unknown", "gb2312", "日本語"] {
            assert_eq!(Encoding::from_label(label), None, "{label}");
        }
    }

    #[test]
    fn characters_are_counted_in_the_original() {
        let text = "A県あｱ𠮷\n";
        assert_eq!(Encoding::Utf8.count_chars(text.as_bytes()), 6);
        let units: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        assert_eq!(Encoding::Utf16Le.count_chars(&le), 6);
        assert_eq!(Encoding::Utf16Be.count_chars(&be), 6);
        assert_eq!(Encoding::ShiftJis.count_chars(b"A\x8C\xA7\x82\xA0\xB1\n"), 5);
        assert_eq!(Encoding::EucJp.count_chars(b"A\xB8\xA9\xA4\xA2\x8E\xB1\x8F\xB0\xA1\n"), 6);
        assert_eq!(Encoding::Iso2022Jp.count_chars(b"A\x1B$B8)$\"\x1B(I1\x1B(B\n"), 5);
        assert_eq!(Encoding::Utf8.count_chars(b"\xEF\xBB\xBFab"), 2);
        assert_eq!(Encoding::Utf16Le.count_chars(b"\xFF\xFEa\0"), 1);
    }
}
