//! Two bytes → what is written for them, for every encoding whose unit is two bytes.
//!
//! A table of 65 536 entries, indexed by the two bytes, holds the normalised UTF-8 of each
//! character and how surprising it is. Width folding is thus paid when a table is built, not
//! when text is read. Tables are built when first needed, from `encoding_rs`.

use std::sync::LazyLock;

use super::fold::{Fold, fold};
use super::ordinary::{ASCII, of_char, of_japanese};

/// What one unit of an encoding becomes: bits 0–23 its UTF-8, bits 24–25 how many bytes that
/// is, bits 26–31 its surprise in half bits. Of length 0 is what cannot be said without looking
/// around: bits 0–20 are then the character, or 0 if the unit is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

impl Entry {
    /// No character.
    pub(super) const INVALID: Entry = Entry(0);

    /// The entry of a character at a given surprise (half bits).
    pub(super) fn of(c: char, surprise: u32) -> Entry {
        let surprise = surprise.min(63) << 26;
        let c = match fold(c) {
            Fold::Keep => c,
            Fold::To(to) => to,
            _ => return Entry(c as u32 | surprise),
        };
        let mut utf8 = [0; 4];
        let length = c.encode_utf8(&mut utf8).len() as u32;
        match length {
            ..4 => Entry(u32::from_le_bytes(utf8) | length << 24 | surprise),
            _ => Entry(c as u32 | surprise),
        }
    }

    /// Is there a character?
    pub(super) fn is_char(self) -> bool {
        self.0 & 0x3FF_FFFF != 0
    }

    /// Bytes of UTF-8; 0 if there is no character or its surroundings decide.
    pub(super) fn len(self) -> usize {
        (self.0 >> 24 & 3) as usize
    }

    /// The UTF-8 in the first [`Entry::len`] bytes; the rest is to be overwritten.
    pub(super) fn bytes(self) -> [u8; 4] {
        self.0.to_le_bytes()
    }

    /// Half bits of surprise.
    pub(super) fn surprise(self) -> u32 {
        self.0 >> 26
    }

    /// The character.
    pub(super) fn char(self) -> Option<char> {
        match self.len() {
            0 => char::from_u32(self.0 & 0x1F_FFFF).filter(|&c| c != '\0'),
            len => std::str::from_utf8(&self.bytes()[..len]).ok()?.chars().next(),
        }
    }
}

/// The entries of one encoding.
#[derive(Debug)]
pub(super) struct Table(Box<[Entry]>);

impl Table {
    /// The entry of two bytes, the first of them the high one.
    #[inline(always)]
    pub(super) fn get(&self, high: u8, low: u8) -> Entry {
        self.0[usize::from(high) << 8 | usize::from(low)]
    }

    /// Decodes every pair of `high` and `low` behind `prefix`.
    fn decoded(
        encoding: &'static encoding_rs::Encoding,
        prefix: &[u8],
        high: impl Iterator<Item = u8> + Clone,
        low: impl Iterator<Item = u8> + Clone,
        level_1: impl Fn(u8, u8) -> bool,
    ) -> Table {
        let pairs = || high.clone().flat_map(|h| low.clone().map(move |l| (h, l)));
        // One character a line: a pair that is none gives a line of another length.
        let mut bytes = Vec::new();
        for (high, low) in pairs() {
            bytes.extend_from_slice(prefix);
            bytes.extend_from_slice(&[high, low, b'\n']);
        }
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        let mut entries = vec![Entry::INVALID; 1 << 16].into_boxed_slice();
        for ((high, low), line) in pairs().zip(text.split('\n')) {
            let mut chars = line.chars();
            if let (Some(c), None) = (chars.next(), chars.next())
                && c != char::REPLACEMENT_CHARACTER
            {
                // A second byte below 0x80 would be a character by itself in other encodings.
                let credit = if low < 0x80 { ASCII } else { 0 };
                let surprise = of_japanese(c, level_1(high, low)).saturating_sub(credit);
                entries[usize::from(high) << 8 | usize::from(low)] = Entry::of(c, surprise);
            }
        }
        Table(entries)
    }
}

/// Code page 932. Kanji of the first level are 0x889F to 0x9872.
pub(super) static SHIFT_JIS: LazyLock<Table> = LazyLock::new(|| {
    Table::decoded(
        encoding_rs::SHIFT_JIS,
        b"",
        (0x81..=0x9F).chain(0xE0..=0xFC),
        (0x40..=0x7E).chain(0x80..=0xFC),
        |high, low| (0x889F..=0x9872).contains(&u16::from_be_bytes([high, low])),
    )
});

/// JIS X 0208 with the rows of NEC and IBM, both bytes 0xA1 to 0xFE. Rows 16 to 47 are the
/// kanji of the first level.
pub(super) static JIS_X_0208: LazyLock<Table> = LazyLock::new(|| {
    Table::decoded(encoding_rs::EUC_JP, b"", 0xA1..=0xFE, 0xA1..=0xFE, |high, _| (0xB0..=0xCF).contains(&high))
});

/// JIS X 0212, both bytes 0xA1 to 0xFE.
pub(super) static JIS_X_0212: LazyLock<Table> =
    LazyLock::new(|| Table::decoded(encoding_rs::EUC_JP, b"\x8F", 0xA1..=0xFE, 0xA1..=0xFE, |_, _| false));

/// The first plane of Unicode. Surrogates are none.
pub(super) static UNICODE: LazyLock<Table> = LazyLock::new(|| {
    let entry = |unit: u16| match char::from_u32(u32::from(unit)) {
        Some(c) => Entry::of(c, of_char(c)),
        None => Entry::INVALID,
    };
    Table((0..=u16::MAX).map(entry).collect())
});

/// Code page 1252, by its one byte. The five bytes that it leaves out are control characters.
pub(super) static WINDOWS_1252: LazyLock<[Entry; 256]> = LazyLock::new(|| {
    let bytes: [u8; 256] = std::array::from_fn(|i| i as u8);
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    let mut entries = [Entry::INVALID; 256];
    for (entry, c) in entries.iter_mut().zip(text.chars()) {
        *entry = Entry::of(c, 0);
    }
    entries
});

/// The katakana of one byte, 0xA1 to 0xDF (JIS X 0201).
pub(super) static KATAKANA: LazyLock<[Entry; 256]> = LazyLock::new(|| {
    let mut entries = [Entry::INVALID; 256];
    for (entry, c) in entries[0xA1..=0xDF].iter_mut().zip('\u{FF61}'..='\u{FF9F}') {
        *entry = Entry::of(c, 0);
    }
    entries
});

/// The characters from U+FF00 on, by their last byte: full-width ASCII, half-width katakana.
pub(super) static WIDTHS: LazyLock<[Entry; 256]> = LazyLock::new(|| {
    std::array::from_fn(|i| char::from_u32(0xFF00 + i as u32).map_or(Entry::INVALID, |c| Entry::of(c, 0)))
});

#[cfg(test)]
mod tests {
    use super::*;

    fn char(table: &Table, bytes: [u8; 2]) -> Option<char> {
        table.get(bytes[0], bytes[1]).char()
    }

    #[test]
    fn every_encoding_gives_the_normalised_character() {
        assert_eq!(char(&SHIFT_JIS, [0x8C, 0xA7]), Some('県'));
        assert_eq!(char(&SHIFT_JIS, [0x82, 0x4F]), Some('0'));
        assert_eq!(char(&SHIFT_JIS, [0x81, 0x40]), Some(' '));
        assert_eq!(char(&SHIFT_JIS, [0x81, 0x5B]), Some('ー'));
        assert_eq!(char(&SHIFT_JIS, [0x87, 0x8A]), Some('㈱'));
        assert_eq!(char(&SHIFT_JIS, [0xFB, 0xFC]), Some('髙'));
        assert_eq!(char(&JIS_X_0208, [0xB8, 0xA9]), Some('県'));
        assert_eq!(char(&JIS_X_0208, [0xAD, 0xEA]), Some('㈱'));
        assert_eq!(char(&JIS_X_0212, [0xB0, 0xA1]), Some('丂'));
        assert_eq!(char(&UNICODE, [0x30, 0x42]), Some('あ'));
        assert_eq!(WINDOWS_1252[0x80].char(), Some('€'));
        assert_eq!(WINDOWS_1252[0xA0].char(), Some(' '));
        assert_eq!(KATAKANA[0xB1].char(), Some('ア'));
    }

    #[test]
    fn what_is_no_character_has_no_entry() {
        for (high, low) in [(0x41, 0x42), (0x82, 0x0A), (0x85, 0x40), (0xFD, 0x40)] {
            assert_eq!(SHIFT_JIS.get(high, low), Entry::INVALID);
        }
        assert_eq!(JIS_X_0208.get(0xA9, 0xA1), Entry::INVALID);
        assert_eq!(UNICODE.get(0xD8, 0x00), Entry::INVALID);
        assert_eq!(KATAKANA[0x41], Entry::INVALID);
    }

    /// Rare kanji surprise more than common ones, and both more than kana.
    #[test]
    fn surprise_follows_use() {
        let of = |bytes: [u8; 2]| JIS_X_0208.get(bytes[0], bytes[1]).surprise();
        assert!(of([0xA4, 0xA2]) < of([0xC6, 0xFC]));
        assert!(of([0xC6, 0xFC]) < of([0xB0, 0xA1]));
        assert!(of([0xB0, 0xA1]) < of([0xF3, 0xFE]));
    }
}
