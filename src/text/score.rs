//! How surprising bytes are as text of an encoding.
//!
//! The surprise of a character is the negative logarithm of how often it is met in Japanese (or
//! European) text, in half bits, so sums over the same bytes can be compared between encodings:
//! what surprises least is what it is. The figures are shares of kinds of characters, divided
//! by how many characters a kind has. Characters of ASCII are the same in every encoding that
//! is compared byte by byte and cost nothing there.

use std::ops::Range;
use std::sync::LazyLock;

use super::Encoding;
use super::jis;
use super::table::{JIS_X_0208, JIS_X_0212, SHIFT_JIS};
use super::wide;

/// An average character of ASCII text.
pub(super) const ASCII: u32 = 12;
/// A byte (or unit) that is no character.
const INVALID: u32 = 48;
/// A byte of anything, if nothing is known.
const BYTE: u32 = 16;

/// How much rarer than UTF-8 texts in other encodings are.
const RARE_SHIFT_JIS: u32 = 8;
const RARE_EUC: u32 = 12;
const RARE_LATIN: u32 = 14;

/// Kanji by how often they are met; the file names its sources.
const KANJI: &str = include_str!("kanji.txt");

/// Which kanji are ordinary, from U+4E00 on: 0 rare, 1 in the list of kanji in common use, 2
/// taught at primary school.
static ORDINARY: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    let mut ordinary = vec![0; 0xA000 - 0x4E00].into_boxed_slice();
    let lists = KANJI.split("# [").skip(1).zip([2, 1]);
    for (list, rank) in lists {
        for c in list.lines().skip(1).flat_map(str::chars) {
            if let Some(place) = (c as usize).checked_sub(0x4E00).and_then(|i| ordinary.get_mut(i)) {
                *place = rank;
            }
        }
    }
    ordinary
});

/// The surprise of a character in Japanese text, where it is known whether a rare kanji is one
/// of JIS level 1.
pub(super) fn of_japanese(c: char, level_1: bool) -> u32 {
    match of_char(c) {
        RARE_KANJI if level_1 => 33,
        RARE_KANJI => 43,
        surprise => surprise,
    }
}

const RARE_KANJI: u32 = 38;

/// The surprise of a character in text that is likely Japanese, half bits.
pub(super) fn of_char(c: char) -> u32 {
    match c {
        ' ' => 8,
        '\n' | '\t' | '\r' => 12,
        'a'..='z' => 10,
        '0'..='9' => 11,
        '!'..='~' => 14,
        '\u{0}'..='\u{1F}' | '\u{7F}' => 48,
        '、' | '。' | '「' | '」' | 'ー' | '\u{3000}' | '（' | '）' | '・' | '：' | '／' => 16,
        '\u{3041}'..='\u{3096}' => 15,
        '\u{30A1}'..='\u{30FA}' => 18,
        '\u{4E00}'..='\u{9FFF}' => match ORDINARY[c as usize - 0x4E00] {
            2 => 23,
            1 => 30,
            _ => RARE_KANJI,
        },
        '！'..='～' => 22,
        '\u{FF61}'..='\u{FF9F}' => 20,
        '々' | '〆' | '〇' | '〒' | '〜' | '※' | '…' | '“' | '”' | '‘' | '’' => 26,
        '\u{3000}'..='\u{30FF}' => 34,
        '\u{80}'..='\u{9F}' => 56,
        'à'..='ÿ' | 'ß' | 'Ä' | 'Ö' | 'Ü' | 'É' => 20,
        '«' | '»' | '°' | '§' | '£' | '·' | '¿' | '¡' => 22,
        '\u{A0}'..='\u{FF}' => 28,
        '\u{100}'..='\u{17F}' => 30,
        '\u{370}'..='\u{3FF}' | '\u{400}'..='\u{4FF}' => 26,
        '\u{5D0}'..='\u{6FF}' | '\u{900}'..='\u{E7F}' => 32,
        '\u{2000}'..='\u{26FF}' => 31,
        '\u{3200}'..='\u{33FF}' => 32,
        '\u{AC00}'..='\u{D7A3}' => 32,
        '\u{F900}'..='\u{FAFF}' => 42,
        '\u{1F300}'..='\u{1FAFF}' => 34,
        '\u{20000}'..='\u{2FFFF}' => 44,
        '\u{E000}'..='\u{F8FF}' => 46,
        char::REPLACEMENT_CHARACTER => 60,
        _ => 50,
    }
}

/// The surprise of a line as UTF-8.
pub(super) fn utf8(line: &[u8]) -> u32 {
    let mut sum = 0;
    let mut previous = ' ';
    for chunk in line.utf8_chunks() {
        let mut chars = chunk.valid().chars().peekable();
        while let Some(c) = chars.next() {
            if !c.is_ascii() {
                let beside = |c: char| c.is_ascii_alphabetic();
                // Letters with accents stand in words.
                let alone = ('\u{C0}'..='\u{24F}').contains(&c)
                    && !beside(previous)
                    && !chars.peek().is_some_and(|&next| beside(next));
                let more = if previous.is_ascii() || previous.is_alphanumeric() { 0 } else { 2 };
                sum += of_char(c) + more + if alone { 16 } else { 0 };
            }
            previous = c;
        }
        sum += INVALID * chunk.invalid().len() as u32;
    }
    sum
}

/// The surprise of a line as Windows-1252.
pub(super) fn windows_1252(line: &[u8]) -> u32 {
    let mut sum = RARE_LATIN;
    let at = |i: Option<usize>| i.and_then(|i| line.get(i)).copied().unwrap_or(b' ');
    let mut i = 0;
    while let Some(found) = line[i..].iter().position(|&b| b >= 0x80) {
        i += found;
        let (before, after) = (at(i.checked_sub(1)), at(Some(i + 1)));
        let in_word = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
        sum += match line[i] {
            0x81 | 0x8D | 0x8F | 0x90 | 0x9D => 56,
            // Apostrophe within a word, quotes around words.
            0x92 if before.is_ascii_alphabetic() && after.is_ascii_alphabetic() => 12,
            0x93 | 0x84 | 0x91 if before.is_ascii_whitespace() && after.is_ascii_alphanumeric() => 16,
            0x92 | 0x94 if before.is_ascii_graphic() && !after.is_ascii_alphanumeric() && after < 0x80 => 16,
            0x96 | 0x97 if before == b' ' && after == b' ' => 16,
            0xAB if !after.is_ascii_digit() && before.is_ascii_whitespace() => 18,
            0xBB if !before.is_ascii_digit() && (after.is_ascii_whitespace() || after.is_ascii_punctuation()) => 18,
            0x80 | 0x85 | 0x91..=0x97 | 0xA0 | 0xA7 | 0xA9 | 0xAB | 0xAE | 0xB0 | 0xB2 | 0xB7 | 0xBB => 26,
            0xD7 | 0xF7 | 0x80..0xC0 => 34,
            // ä ö ü ß à â ç è é ê ë î ï ô ù û ñ á í ó ú å æ ø ã õ, and the capitals of some.
            0xE0..=0xEF | 0xF1..=0xF6 | 0xF8..=0xFC | 0xDF | 0xC4 | 0xD6 | 0xDC | 0xC9 | 0xC0 if in_word => 18,
            0xC0.. if in_word => 26,
            _ => 32,
        };
        // Letters with accents seldom stand side by side, but for ß behind a vowel.
        sum += if before >= 0xC0 && line[i] != 0xDF { 8 } else { 0 };
        i += 1;
    }
    sum
}

/// The surprise of a line as Shift_JIS.
pub(super) fn shift_jis(line: &[u8]) -> u32 {
    let table = &*SHIFT_JIS;
    let (mut sum, mut at) = (RARE_SHIFT_JIS, 0);
    let mut kana = Katakana::default();
    while let Some(found) = line[at..].iter().position(|&b| b >= 0x80) {
        at += found;
        let run = at;
        while let Some(&byte) = line.get(at).filter(|&&b| b >= 0x80) {
            let entry = line.get(at + 1).map(|&next| table.get(byte, next)).filter(|entry| entry.char().is_some());
            if let Some(entry) = entry {
                sum += entry.surprise();
                sum += kana.end();
                at += 2;
            } else {
                sum += if (0xA1..=0xDF).contains(&byte) { kana.next(byte) } else { INVALID };
                at += 1;
            }
        }
        sum += kana.end() + lone(line, run..at);
    }
    sum
}

/// What is added for a lone kanji at the end of or within a word of ASCII: two accented letters,
/// or one and its neighbour, are more likely.
fn lone(line: &[u8], kanji: Range<usize>) -> u32 {
    let lowercase = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(u8::is_ascii_lowercase);
    match (kanji.len(), lowercase(kanji.start.checked_sub(1)), lowercase(Some(kanji.end))) {
        (2, true, true) => 20,
        (2, true, false) => 8,
        _ => 0,
    }
}

/// The surprise of a line as EUC-JP.
pub(super) fn euc_jp(line: &[u8]) -> u32 {
    let table = &*JIS_X_0208;
    let (mut sum, mut at) = (RARE_EUC, 0);
    let mut kana = Katakana::default();
    while let Some(found) = line[at..].iter().position(|&b| b >= 0x80) {
        at += found;
        let run = at;
        while line.get(at).is_some_and(|&b| b >= 0x80) {
            let (surprise, length) = match line[at..] {
                [0x8E, byte @ 0xA1..=0xDF, ..] => (kana.next(byte) + 4, 2),
                [0x8F, high, low, ..] if JIS_X_0212.get(high, low).char().is_some() => (kana.end() + 50, 3),
                [high, low, ..] if table.get(high, low).char().is_some() => {
                    (kana.end() + table.get(high, low).surprise(), 2)
                }
                _ => (kana.end() + INVALID, 1),
            };
            sum += surprise;
            at += length;
        }
        sum += kana.end() + lone(line, run..at);
    }
    sum
}

/// The surprise of a line as UTF-16 or UTF-32. Counts the characters of ASCII too.
pub(super) fn wide(encoding: Encoding, line: &[u8]) -> u32 {
    let (mut sum, mut at) = (0, 0);
    while let Some((c, length)) = wide::char_at(encoding, &line[at..]) {
        sum += of_char(c);
        at += length;
    }
    sum + if at < line.len() { INVALID } else { 0 }
}

/// The surprise of the bytes below 0x80, which the other figures leave out.
pub(super) fn ascii(line: &[u8]) -> u32 {
    line.iter().filter(|&&b| b < 0x80).map(|&b| of_char(char::from(b))).sum()
}

/// The surprise of bytes that are no text.
pub(super) fn bytes(raw: &[u8]) -> u32 {
    // Zeros are what most such files have most of.
    raw.iter().map(|&b| if b == 0 { 6 } else { BYTE + 1 }).sum()
}

/// Does this hold escape sequences of ISO-2022-JP?
pub(super) fn is_iso_2022_jp(line: &[u8]) -> bool {
    jis::is_japanese(line)
}

/// Half-width katakana of one byte, which come in words.
#[derive(Default)]
struct Katakana {
    /// The last byte of the word under way, 0 if none is, and how many it has.
    last: u8,
    length: u32,
    seen: bool,
}

impl Katakana {
    fn next(&mut self, byte: u8) -> u32 {
        let last = std::mem::replace(&mut self.last, byte);
        let start = match (last, self.seen) {
            (0, false) => 16,
            (0, true) => 6,
            _ => 0,
        };
        self.seen = true;
        self.length += 1;
        let own = match byte {
            // The voicing marks, behind the kana that take them: カ to ト and ハ to ホ, ウ.
            0xDE if matches!(last, 0xB6..=0xC4 | 0xCA..=0xCE | 0xB3) => 8,
            0xDF if matches!(last, 0xCA..=0xCE) => 9,
            0xDE | 0xDF => 36,
            // ー and ン never begin a word.
            0xB0 | 0xDD if last != 0 => 10,
            0xB0 | 0xDD => 26,
            // Small kana follow another.
            0xA7..=0xAF if last >= 0xB1 => 13,
            0xA7..=0xAF => 26,
            0xA1..=0xA6 => 20,
            _ => 12,
        };
        start + own
    }

    /// Ends a word. A single kana is hardly one.
    fn end(&mut self) -> u32 {
        self.last = 0;
        if std::mem::take(&mut self.length) == 1 { 8 } else { 0 }
    }
}
