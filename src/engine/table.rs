//! Literals looked up by a few of their bytes: is there one here, and which?
//!
//! A place in a text in, the literals that stand there out, in any case of ASCII letters. Each
//! literal is filed under its *gram*, the rarest few neighbouring bytes of it, so that most
//! places are dismissed with one look at a bitmap.

use std::ops::Range;

use super::list::List;

/// Literals with grams of one width.
#[derive(Debug)]
pub(super) struct Table {
    /// Of the eight bytes at a place: those of the gram.
    pub mask: u64,
    /// One bit for each value of the hash: is there any such gram? At 8 KB it stays in the
    /// nearest cache, and of a thousand literals one bit in 64 is set.
    pub bitmap: [u64; WORDS],
    /// By the word of the bitmap: the first entry, or `NONE`.
    pub first: [u16; WORDS],
    pub entries: List<Entry>,
    /// The literals one behind the other.
    pub bytes: List<u8>,
}

/// A literal in a table.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its bytes from the gram on, at most eight of them.
    pub bytes: u64,
    /// Of the eight bytes at a place: those.
    pub mask: u64,
    pub literal: usize,
    /// Its place in `bytes`.
    pub range: Range<usize>,
    /// Bytes before the gram.
    pub before: usize,
    pub next: u16,
}

const NONE: u16 = u16::MAX;
/// Sets the bit by which the cases of a letter differ, in each of eight bytes. Some other bytes
/// become the same as well: a gram that is found says only that the literal may be there.
const CASELESS: u64 = 0x2020_2020_2020_2020;
/// 64-bit words of a bitmap.
const WORDS: usize = 1 << 10;

/// A literal, and at which offsets its gram may begin.
pub(super) struct Filed<'a> {
    /// What it is called in answers.
    pub index: usize,
    /// Its bytes, letters in lower case.
    pub literal: &'a [u8],
    /// Offset of its gram.
    pub gram: usize,
}

impl Table {
    /// Files literals (fewer than 65 535) under grams of `width` bytes, 1 to 8. What is one byte
    /// shorter is filed under every gram that begins with it.
    pub(super) fn new(width: usize, literals: &[Filed<'_>]) -> Table {
        let mask = first_bytes(width);
        let (mut bitmap, mut first) = ([0; WORDS], [NONE; WORDS]);
        let (mut entries, mut bytes) = (Vec::with_capacity(literals.len()), Vec::new());
        for filed in literals {
            let behind = &filed.literal[filed.gram..];
            let start = bytes.len();
            bytes.extend_from_slice(filed.literal);
            let (own, known) = (load(behind) | CASELESS, first_bytes(behind.len().min(8)));
            let last = if behind.len() < width { u64::from(u8::MAX) } else { 0 };
            let mut grams: Vec<u64> =
                (0..=last).map(|last| (own & known | last << (8 * (width - 1)) | CASELESS) & mask).collect();
            grams.sort_unstable();
            grams.dedup();
            for gram in grams {
                let (word, bit) = place(gram);
                bitmap[word] |= 1 << bit;
                let next = std::mem::replace(&mut first[word], entries.len() as u16);
                let range = start..bytes.len();
                let own = own & known;
                entries.push(Entry { bytes: own, mask: known, literal: filed.index, range, before: filed.gram, next });
            }
        }
        Table { mask, bitmap, first, entries: entries.into(), bytes: bytes.into() }
    }

    /// Calls `found` with the index and the beginning of every literal whose gram is at `at`.
    #[inline(always)]
    pub(super) fn at(&self, text: &[u8], at: usize, found: impl FnMut(usize, usize)) {
        self.look_up(text, at, eight(text, at), found);
    }

    /// Is there possibly a gram at the beginning of these eight bytes?
    #[inline(always)]
    pub(super) fn admits(&self, bytes: u64) -> bool {
        let (word, bit) = place((bytes | CASELESS) & self.mask);
        self.bitmap[word] >> bit & 1 != 0
    }

    /// The same for every place of `places`, which must be within the text.
    #[inline(always)]
    pub(super) fn within(&self, text: &[u8], places: Range<usize>, mut found: impl FnMut(usize, usize)) {
        // Where eight bytes can be read at once; behind that, place by place.
        let whole = places.end.min(text.len().saturating_sub(7)).max(places.start);
        for (i, bytes) in text[places.start..].windows(8).take(whole - places.start).enumerate() {
            let bytes = bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            self.look_up(text, places.start + i, bytes, &mut found);
        }
        for at in whole..places.end {
            self.at(text, at, &mut found);
        }
    }

    #[inline(always)]
    fn look_up(&self, text: &[u8], at: usize, bytes: u64, found: impl FnMut(usize, usize)) {
        let bytes = bytes | CASELESS;
        let (word, bit) = place(bytes & self.mask);
        if self.bitmap[word] >> bit & 1 != 0 {
            self.compare(text, at, bytes, self.first[word], found);
        }
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, bytes: u64, first: u16, mut found: impl FnMut(usize, usize)) {
        let mut next = first;
        while let Some(entry) = self.entries.get(usize::from(next)) {
            next = entry.next;
            // Eight bytes at once leave hardly anything to compare byte by byte.
            if bytes & entry.mask != entry.bytes {
                continue;
            }
            let Some(start) = at.checked_sub(entry.before) else { continue };
            let literal = &self.bytes[entry.range.clone()];
            if text.get(start..start + literal.len()).is_some_and(|there| there.eq_ignore_ascii_case(literal)) {
                found(entry.literal, start);
            }
        }
    }
}

/// The mask of the first bytes of eight; so many, 1 to 8.
fn first_bytes(count: usize) -> u64 {
    u64::MAX >> (64 - 8 * count)
}

/// Where in a bitmap a gram has its bit: word and bit.
#[inline(always)]
fn place(gram: u64) -> (usize, u32) {
    let hash = gram.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
    ((hash >> 6) as usize, hash as u32 & 63)
}

/// The eight bytes at `at` as a number.
#[inline(always)]
pub(super) fn eight(text: &[u8], at: usize) -> u64 {
    match text[at..].first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => load(&text[at..]),
    }
}

/// The first eight bytes as a number; zeros for those that are not there.
fn load(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    let length = bytes.len().min(8);
    eight[..length].copy_from_slice(&bytes[..length]);
    u64::from_le_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: usize, literals: &[&'static str]) -> Table {
        let filed: Vec<Filed<'_>> = literals
            .iter()
            .enumerate()
            .map(|(index, literal)| {
                // Somewhere in the middle.
                Filed { index, literal: literal.as_bytes(), gram: (literal.len() - width) / 2 }
            })
            .collect();
        Table::new(width, &filed)
    }

    fn found(table: &Table, text: &[u8]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        table.within(text, 0..text.len(), |literal, at| found.push((at, literal)));
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_are_found_in_any_case_at_any_place() {
        let table = table(4, &["ghp_", "hooks.slack.com", "slac", "@@@@"]);
        assert_eq!(found(&table, b"ghp_"), [(0, 0)]);
        assert_eq!(found(&table, b"GHp_ ghp\x7F ghp"), [(0, 0)]);
        assert_eq!(found(&table, b"x Hooks.SLACK.com"), [(2, 1), (8, 2)]);
        assert_eq!(found(&table, b"hooks.slack.co"), [(6, 2)]);
        assert_eq!(found(&table, b"````@@@@@"), [(4, 3), (5, 3)]);
        assert_eq!(found(&table, b""), []);
    }

    #[test]
    fn literals_shorter_than_a_gram() {
        let filed = [Filed { index: 0, literal: b"pw", gram: 0 }, Filed { index: 1, literal: b"pw=", gram: 0 }];
        let table = Table::new(3, &filed);
        assert_eq!(found(&table, b"PW pwd pw= p Pw"), [(0, 0), (3, 0), (7, 0), (7, 1), (13, 0)]);
    }

    #[test]
    fn grams_of_every_width() {
        for width in 1..=8 {
            let table = table(width, &["abcdefgh", "bcdefghi"]);
            assert_eq!(found(&table, b"-ABCDEFGHI"), [(1, 0), (2, 1)], "{width}");
        }
    }
}
