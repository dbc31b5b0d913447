//! Literals with Japanese (and other East Asian) characters.
//!
//! They are looked up only where such a character begins; a bitmap of first characters dismisses
//! most of them.

use std::ops::Range;

use super::grams;
use super::list::List;
use super::structure::{BLOCK, BLOCKS, ones};
use super::table::{Filed, Table};

/// The first byte of a character that is looked up: that of the first kana and above. With two
/// more bytes it is one character (or the beginning of a rarer, longer one).
pub(super) const FIRST: u8 = 0xE3;
/// Bytes of a character.
const CHARACTER: usize = 3;

/// All such literals.
#[derive(Debug)]
pub(super) struct Japanese {
    /// By character (the 16 bits that its three bytes hold): does a gram begin with it?
    pub first: [u64; 1 << 10],
    /// Grams of two characters, and of one.
    pub tables: List<Table>,
}

impl Japanese {
    /// Can the literal be looked up here?
    pub(super) fn has_place_for(literal: &[u8]) -> bool {
        !characters(literal).is_empty()
    }

    /// From literals with their indexes, for each of which there is a place; `None` without any.
    pub(super) fn new(literals: &[(usize, &[u8])]) -> Option<Japanese> {
        let bytes: Vec<&[u8]> = literals.iter().map(|(_, literal)| *literal).collect();
        let mut first = [0; 1 << 10];
        let (mut pairs, mut singles) = (Vec::new(), Vec::new());
        for (&(index, literal), character) in literals.iter().zip(grams::cover(&bytes, characters)) {
            let gram = character.start;
            let (word, bit) = bit([literal[gram], literal[gram + 1], literal[gram + 2]]);
            first[word] |= 1 << bit;
            let filed = if literal.len() - gram >= 2 * CHARACTER { &mut pairs } else { &mut singles };
            filed.push(Filed { index, literal, gram });
        }
        let tables = [(2 * CHARACTER, pairs), (CHARACTER, singles)].into_iter().filter(|(_, filed)| !filed.is_empty());
        let tables: List<Table> = tables.map(|(width, filed)| Table::new(width, &filed)).collect();
        (!tables.is_empty()).then_some(Japanese { first, tables })
    }

    /// Looks at every character of the region of `text` that begins at `start`; `lead` is its map
    /// of first bytes.
    #[inline]
    pub(super) fn look(&self, text: &[u8], start: usize, lead: &[u64; BLOCKS], mut found: impl FnMut(usize, usize)) {
        for (i, &mask) in lead.iter().enumerate() {
            ones(mask, |at| {
                let at = start + i * BLOCK + at;
                let Some(&character) = text[at..].first_chunk() else { return };
                let (word, bit) = bit(character);
                if self.first[word] >> bit & 1 != 0 {
                    self.tables.iter().for_each(|table| table.at(text, at, &mut found));
                }
            });
        }
    }
}

/// Where in a literal whole characters stand that can be looked up.
fn characters(literal: &[u8]) -> Vec<Range<usize>> {
    let whole = (0..literal.len().saturating_sub(CHARACTER - 1)).filter(|&at| literal[at] >= FIRST);
    whole.map(|at| at..at + CHARACTER).collect()
}

/// Where the bitmap has the bit of a character: word and bit.
#[inline(always)]
fn bit([a, b, c]: [u8; CHARACTER]) -> (usize, u8) {
    (usize::from(a & 0x0F) << 6 | usize::from(b & 0x3F), c & 0x3F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(literals: &[&'static str], text: &str) -> Vec<(usize, usize)> {
        let literals: Vec<(usize, &[u8])> = literals.iter().map(|l| l.as_bytes()).enumerate().collect();
        let mut lead = [0; BLOCKS];
        for (at, _) in text.bytes().enumerate().filter(|&(_, byte)| byte >= FIRST) {
            lead[at / BLOCK] |= 1 << (at % BLOCK);
        }
        let mut found = Vec::new();
        Japanese::new(&literals).unwrap().look(text.as_bytes(), 0, &lead, |literal, at| found.push((at, literal)));
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_are_found_wherever_they_stand() {
        let literals = ["氏名", "年", "pinコード", "口座no.", "社外秘", "極秘"];
        assert_eq!(found(&literals, "氏名"), [(0, 0)]);
        assert_eq!(found(&literals, "x氏名、氏、名。PINコード 口座NO. ㊙極秘"), [(1, 0), (22, 2), (35, 3), (48, 5)]);
        assert_eq!(found(&literals, "2024年"), [(4, 1)]);
        assert_eq!(found(&literals, "社外\u{79d8}社外"), [(0, 4)]);
        assert_eq!(found(&literals, "👪𠮷口座n"), []);
    }

    #[test]
    fn only_some_literals_have_a_place() {
        assert!(Japanese::has_place_for("パス".as_bytes()) && Japanese::has_place_for(b"no \xE5\x8F\xB7"));
        assert!(!Japanese::has_place_for(b"key") && !Japanese::has_place_for("clé".as_bytes()));
        assert!(!Japanese::has_place_for(b"\xE5\x8F") && Japanese::new(&[]).is_none());
    }
}
