//! Japanese surnames and given names: kanji, readings, romanised spellings.
//!
//! Words are slices of UTF-16 code units (a kanji in use is one), kanji in their usual form
//! ([`fold`]). Sources and licences of the lists: `data/NOTICE.md`.

use super::romaji;
use super::table::{self, Table};

const SURNAMES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/surnames.bin")));
const GIVEN: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/given-names.bin")));
const READINGS: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/readings.bin")));
const AGREEMENTS: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/agreements.bin")));
const ROMAJI: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/romaji.bin")));
const NOT_NAMES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/not-names.bin")));
const TITLES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/titles.bin")));
const GIVEN_KANJI: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/given-name-kanji.bin")));
const SURNAME_FIRST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/surname-first.bin"));
const GIVEN_LAST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/given-last.bin"));
const VARIANTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/variants.bin"));

/// What a list says of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// 1: common, 2: known, 3: rare spellings, of which many are words too.
    pub tier: u8,
    /// It is a common word as well.
    pub word: bool,
    /// It is a place as well.
    pub place: bool,
}

impl Name {
    fn of(value: u8) -> Option<Name> {
        (value != 0).then_some(Name { tier: value & 3, word: value & 4 != 0, place: value & 8 != 0 })
    }
}

/// Which part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 姓
    Surname,
    /// 名
    Given,
}

impl Part {
    fn bit(self) -> u8 {
        match self {
            Part::Surname => 1,
            Part::Given => 2,
        }
    }
}

/// What a word beside a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Title {
    /// Behind a person's name only: 様, さん, 課長.
    Honorific,
    /// Behind a place's or an organisation's name too: 店長, 知事.
    Post,
    /// Before a name: 代表取締役, 担当.
    Before,
}

/// The surname that these characters are.
pub fn surname(chars: &[u16]) -> Option<Name> {
    Name::of(SURNAMES.get(table::name(chars)))
}

/// The given name that these characters are.
pub fn given_name(chars: &[u16]) -> Option<Name> {
    Name::of(GIVEN.get(table::name(chars)))
}

/// Does a surname begin with this character? Variant forms count as themselves.
pub fn is_surname_first(c: u16) -> bool {
    bit(SURNAME_FIRST, c)
}

/// Does a given name end with this character? Variant forms count as themselves.
pub fn is_given_last(c: u16) -> bool {
    bit(GIVEN_LAST, c)
}

fn bit(bits: &[u8], c: u16) -> bool {
    c.checked_sub(0x3000).and_then(|i| bits.get(usize::from(i / 8))).is_some_and(|byte| byte >> (c % 8) & 1 == 1)
}

/// The usual form of a kanji: 髙 → 高.
pub fn fold(c: u16) -> u16 {
    let (mut low, mut high) = (0, VARIANTS.len() / 4);
    while low < high {
        let middle = (low + high) / 2;
        let at = middle * 4;
        let variant = u16::from_le_bytes([VARIANTS[at], VARIANTS[at + 1]]);
        match variant.cmp(&c) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return u16::from_le_bytes([VARIANTS[at + 2], VARIANTS[at + 3]]),
        }
    }
    c
}

/// Is this word of kanji known to be no person, though it would split into a name?
pub fn not_a_name(chars: &[u16]) -> bool {
    NOT_NAMES.get(table::word(chars)) != 0
}

/// What the word is beside a name.
pub fn title(chars: &[u16], behind: bool) -> Option<Title> {
    match (TITLES.get(table::word(chars)), behind) {
        (v, true) if v & 1 != 0 => Some(Title::Honorific),
        (v, true) if v & 2 != 0 => Some(Title::Post),
        (v, false) if v & 4 != 0 => Some(Title::Before),
        _ => None,
    }
}

/// Do these kanji, one to three, stand where they stand in given names?
pub fn suits_given_name(chars: &[u16]) -> bool {
    let suits = |c: u16, bit: u8| GIVEN_KANJI.get(table::name(&[c])) & bit != 0;
    match chars {
        [first, last] => suits(*first, 1) && suits(*last, 4),
        [first, middle, last] => suits(*first, 1) && suits(*middle, 2) && suits(*last, 4),
        _ => false,
    }
}

/// Is this kana (hiragana or katakana) the reading of a listed name?
pub fn is_reading(kana: &[u16], part: Part) -> bool {
    READINGS.get(table::reading(kana)) & part.bit() != 0
}

/// Is this kana a reading of just this name?
pub fn agrees(name: &[u16], kana: &[u16], part: Part) -> bool {
    let (name, sound) = (table::name(name), table::reading(kana));
    name != 0 && sound != 0 && AGREEMENTS.get(table::pair(name, sound)) & part.bit() != 0
}

/// Is this, in any common romanisation and case, a common name?
pub fn is_romaji(name: &[u8], part: Part) -> bool {
    name.len() <= 2 * table::LONGEST_ROMAJI && ROMAJI.get(table::romaji(&romaji::common(name))) & part.bit() != 0
}

/// Is this a given name that is common where names are written in Latin letters (John, Maria)?
pub fn is_western(name: &[u8]) -> bool {
    name.len() <= 2 * table::LONGEST_ROMAJI && ROMAJI.get(table::romaji(&romaji::common(name))) & 4 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(s: &str) -> Vec<u16> {
        s.encode_utf16().collect()
    }

    #[test]
    fn names_of_every_tier_are_known() {
        assert_eq!(surname(&units("佐藤")).map(|n| n.tier), Some(1));
        assert!(surname(&units("勅使河原")).is_some());
        assert!(surname(&units("青空")).is_none_or(|n| n.tier == 3));
        assert_eq!(given_name(&units("太郎")).map(|n| n.tier), Some(1));
        assert!(given_name(&units("さくら")).is_some());
        assert_eq!(surname(&[]), None);
        assert_eq!(surname(&units("abc")), None);
    }

    #[test]
    fn variants_fold() {
        let folded: Vec<u16> = units("髙橋").into_iter().map(fold).collect();
        assert_eq!(folded, units("高橋"));
        assert!(is_surname_first(units("髙")[0]));
    }

    #[test]
    fn readings_agree_with_their_names_only() {
        assert!(is_reading(&units("ヤマダ"), Part::Surname));
        assert!(is_reading(&units("たろう"), Part::Given));
        assert!(agrees(&units("山田"), &units("ヤマダ"), Part::Surname));
        assert!(!agrees(&units("山田"), &units("スズキ"), Part::Surname));
    }

    #[test]
    fn romanisations_meet() {
        for name in ["Sato", "SATO", "Satoh", "Satou", "satoo"] {
            assert!(is_romaji(name.as_bytes(), Part::Surname), "{name}");
        }
        for name in ["Shinichi", "Sin'iti", "Junko", "Zyunko", "Ryusuke", "Ryuusuke", "Tsutomu", "Tutomu"] {
            assert!(is_romaji(name.as_bytes(), Part::Given), "{name}");
        }
        assert!(is_romaji(b"Hombo", Part::Surname) == is_romaji(b"Honbo", Part::Surname));
        assert!(!is_romaji(b"Server", Part::Surname));
        assert!(!is_romaji(&[b'a'; 100], Part::Surname));
    }

    #[test]
    fn titles_and_words_that_are_no_names() {
        assert_eq!(title(&units("様"), true), Some(Title::Honorific));
        assert_eq!(title(&units("店長"), true), Some(Title::Post));
        assert_eq!(title(&units("代表取締役"), false), Some(Title::Before));
        assert_eq!(title(&units("様"), false), None);
        assert!(not_a_name(&units("一橋大")));
    }
}
