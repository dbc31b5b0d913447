//! How surprising a line is as text of an encoding.
//!
//! The sum over its characters, in half bits, so that figures for the same bytes can be
//! compared: what surprises least is what it is. Characters of ASCII are the same in every
//! encoding that is compared byte by byte and cost nothing there.

use std::ops::Range;

use super::Encoding;
use super::multibyte::ascii_len;
use super::ordinary::of_char;
use super::table::{Entry, JIS_X_0208, JIS_X_0212, SHIFT_JIS, UNICODE};
use super::wide;

/// A byte that is no character.
const INVALID: u32 = 48;

/// How much rarer than UTF-8 texts in other encodings are.
const RARE_SHIFT_JIS: u32 = 8;
const RARE_EUC: u32 = 12;
const RARE_LATIN: u32 = 14;

/// The surprise of a line in an encoding that is compared byte by byte; anything above `limit`
/// once it is known to be above.
pub(super) fn surprise(encoding: Encoding, line: &[u8], limit: u32) -> u32 {
    match encoding {
        Encoding::ShiftJis => shift_jis(line, limit),
        Encoding::EucJp => euc_jp(line, limit),
        Encoding::Windows1252 => windows_1252(line, limit),
        _ => utf8(line, limit),
    }
}

/// Is a line so ordinary in an encoding that no comparison is needed? Never one with katakana of
/// one byte, as which kanji of EUC-JP can be read.
pub(super) fn fits(encoding: Encoding, line: &[u8]) -> bool {
    let table = match encoding {
        Encoding::ShiftJis => &*SHIFT_JIS,
        Encoding::EucJp => &*JIS_X_0208,
        _ => return false,
    };
    let (mut sum, mut bytes) = (0, 0);
    let mut at = ascii_len(line);
    while at < line.len() {
        let length = known(&line[at..], &mut sum, |pair| table.get(pair[0], pair[1]));
        if length == 0 {
            return false;
        }
        bytes += length;
        at += length;
        at += ascii_len(&line[at..]);
    }
    sum as usize <= bytes * 13 + 20
}

/// As UTF-8.
fn utf8(line: &[u8], limit: u32) -> u32 {
    let mut sum = 0;
    let mut previous = ' ';
    let mut letters = Letters::default();
    for chunk in line.utf8_chunks() {
        let mut chars = chunk.valid().chars().peekable();
        while let Some(c) = chars.next() {
            if ('\u{C0}'..='\u{24F}').contains(&c) {
                let beside = |c: char| c.is_alphabetic() && c < '\u{250}';
                let in_word = beside(previous) || chars.peek().is_some_and(|&next| beside(next));
                sum += letters.next(c, in_word);
            } else if !c.is_ascii() {
                sum += of_char(c);
            }
            previous = c;
        }
        sum += INVALID * chunk.invalid().len() as u32;
        if sum > limit {
            break;
        }
    }
    sum
}

/// As Windows-1252.
fn windows_1252(line: &[u8], limit: u32) -> u32 {
    let mut sum = RARE_LATIN;
    let mut letters = Letters::default();
    let at = |i: Option<usize>| i.and_then(|i| line.get(i)).copied().unwrap_or(b' ');
    let mut i = ascii_len(line);
    while i < line.len() && sum <= limit {
        let (before, after) = (at(i.checked_sub(1)), at(Some(i + 1)));
        let in_word = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
        sum += match line[i] {
            0x81 | 0x8D | 0x8F | 0x90 | 0x9D => 56,
            // Apostrophe within a word, quotes around words, dashes between them.
            0x92 if before.is_ascii_alphabetic() && after.is_ascii_alphabetic() => 12,
            0x93 | 0x84 | 0x91 if before.is_ascii_whitespace() && after.is_ascii_alphanumeric() => 16,
            0x92 | 0x94 if before.is_ascii_graphic() && !after.is_ascii_alphanumeric() && after < 0x80 => 16,
            0x96 | 0x97 if before == b' ' && after == b' ' => 16,
            0xAB if !after.is_ascii_digit() && before.is_ascii_whitespace() => 18,
            0xBB if !before.is_ascii_digit() && (after.is_ascii_whitespace() || after.is_ascii_punctuation()) => 18,
            0x80 | 0x85 | 0x91..=0x97 | 0xA0 | 0xA7 | 0xA9 | 0xAB | 0xAE | 0xB0..=0xB2 | 0xB7 | 0xBB => 26,
            0xD7 | 0xF7 | 0x80..0xC0 => 34,
            letter => letters.next(char::from(letter), in_word),
        };
        // Letters with accents seldom stand side by side, but for ß behind a vowel.
        sum += if before >= 0xC0 && line[i] != 0xDF { 8 } else { 0 };
        i += 1;
        i += ascii_len(&line[i..]);
    }
    sum
}

/// Letters with accents, which stand in words but for a few.
#[derive(Default)]
struct Letters {
    /// Has one been seen that stands alone?
    alone: bool,
}

impl Letters {
    fn next(&mut self, c: char, in_word: bool) -> u32 {
        let own = match c {
            'à'..='ï' | 'ñ'..='ö' | 'ø'..='ü' | 'ß' => 12,
            'À'..='ÿ' => 18,
            _ => 24,
        };
        let alone = match c {
            _ if in_word => 0,
            // Words of one letter in French, Italian, Spanish.
            'à' | 'À' | 'é' | 'è' | 'ó' => 6,
            // An alphabet, or a list of letters.
            _ if std::mem::replace(&mut self.alone, true) => 8,
            _ => 16,
        };
        own + alone
    }
}

/// As Shift_JIS.
fn shift_jis(line: &[u8], limit: u32) -> u32 {
    let table = &*SHIFT_JIS;
    let mut sum = RARE_SHIFT_JIS;
    let mut kana = Katakana::default();
    let mut at = ascii_len(line);
    while at < line.len() && sum <= limit {
        let run = at;
        while line.get(at).is_some_and(|&b| b >= 0x80) {
            let pairs = |pair: &[u8; 2]| table.get(pair[0], pair[1]);
            let end = at + known(&line[at..], &mut sum, pairs);
            if end == at {
                let is_kana = (0xA1..=0xDF).contains(&line[at]);
                sum += if is_kana { kana.next(line[at]) } else { kana.end() + INVALID };
                at += 1;
            } else {
                sum += kana.end();
                at = end;
            }
        }
        sum += kana.end() + lone(line, run..at);
        at += ascii_len(&line[at..]);
    }
    sum
}

/// As EUC-JP.
fn euc_jp(line: &[u8], limit: u32) -> u32 {
    let table = &*JIS_X_0208;
    let mut sum = RARE_EUC;
    let mut kana = Katakana::default();
    let mut at = ascii_len(line);
    while at < line.len() && sum <= limit {
        let run = at;
        while line.get(at).is_some_and(|&b| b >= 0x80) {
            let pairs = |pair: &[u8; 2]| table.get(pair[0], pair[1]);
            let end = at + known(&line[at..], &mut sum, pairs);
            let (surprise, length) = match line[at..] {
                _ if end > at => (kana.end(), end - at),
                [0x8E, byte @ 0xA1..=0xDF, ..] => (kana.next(byte) + 4, 2),
                [0x8F, high, low, ..] if JIS_X_0212.get(high, low).is_char() => (kana.end() + 50, 3),
                _ => (kana.end() + INVALID, 1),
            };
            sum += surprise;
            at += length;
        }
        sum += kana.end() + lone(line, run..at);
        at += ascii_len(&line[at..]);
    }
    sum
}

/// Adds the surprise of the units at the beginning of `raw` that are characters; returns their
/// length in bytes.
#[inline(always)]
fn known(raw: &[u8], surprise: &mut u32, entry: impl Fn(&[u8; 2]) -> Entry) -> usize {
    let units = raw.as_chunks::<2>().0;
    let mut sum = 0;
    let mut count = 0;
    for unit in units {
        let entry = entry(unit);
        if !entry.is_char() {
            break;
        }
        sum += entry.surprise();
        count += 2;
    }
    *surprise += sum;
    count
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

/// As UTF-16 or UTF-32. Counts the characters of ASCII too.
pub(super) fn wide(encoding: Encoding, line: &[u8]) -> u32 {
    let table = &*UNICODE;
    let (mut sum, mut at) = (0, 0);
    loop {
        at += match encoding {
            Encoding::Utf16Le => known(&line[at..], &mut sum, |unit| table.get(unit[1], unit[0])),
            Encoding::Utf16Be => known(&line[at..], &mut sum, |unit| table.get(unit[0], unit[1])),
            _ => 0,
        };
        let Some((c, length)) = wide::char_at(encoding, &line[at..]) else { break };
        // What is no character must surprise more than bytes of anything, as many as it has.
        sum += if c == char::REPLACEMENT_CHARACTER { INVALID * encoding.unit() as u32 } else { of_char(c) };
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
    // Eight bits and a little more; but zeros are what most such files have most of.
    raw.iter().map(|&b| if b == 0 { 6 } else { 17 }).sum()
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
        if std::mem::take(&mut self.length) == 1 { 12 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surprise(encoding: Encoding, line: &[u8]) -> u32 {
        super::surprise(encoding, line, u32::MAX)
    }

    #[test]
    fn right_surprises_less_than_wrong() {
        let euc = b"\xC5\xEC\xB5\xFE\xC5\xD4";
        assert!(surprise(Encoding::EucJp, euc) < surprise(Encoding::ShiftJis, euc));
        let kana = b"\xB6\xDE\xC2\xBA\xB3";
        assert!(surprise(Encoding::ShiftJis, kana) < surprise(Encoding::EucJp, kana));
        let german = b"Gr\xFC\xDFe aus K\xF6ln";
        for japanese in [Encoding::ShiftJis, Encoding::EucJp] {
            assert!(surprise(Encoding::Windows1252, german) < surprise(japanese, german));
        }
    }
}
