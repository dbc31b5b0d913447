//! How surprising a character is in text that is likely Japanese.
//!
//! The negative logarithm of how often it is met, in half bits: the share of its kind among all
//! characters, divided by how many characters the kind has. Knows no encodings.

use std::sync::LazyLock;

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

/// An average character of ASCII text.
pub(super) const ASCII: u32 = 12;

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
        _ => 50,
    }
}
