//! Which detectors could find something in a text, as far as the words go that they cannot do
//! without.
//!
//! A text in; for each judge whether a word that it requires may stand anywhere in it (or above
//! it) out. Never says no where a finding is possible. One pass for all words of all detectors, so
//! that a column of numbers is not compared with sixty patterns for nothing.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::starts::starts;
use super::structure::Above;

/// The words that judges require.
#[derive(Debug)]
pub(super) struct Presence {
    /// What to look for, and the judges that ask for it.
    keys: Vec<(Key, Vec<usize>)>,
    /// By judge: does it require words?
    requires: Vec<bool>,
    /// Made when first needed.
    index: OnceLock<Index>,
}

/// The part of a word that stands in the text however the word is broken up: in headings over two
/// rows, with entities for accents, spaced out.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    /// At least two bytes; the first begins a word or a character.
    text: Vec<u8>,
    /// No letter may stand before, or behind.
    alone: (bool, bool),
}

/// The keys by their first bytes.
#[derive(Debug)]
struct Index {
    /// By the hash of three bytes: could a key begin with them?
    possible: Box<[u64; 1 << 10]>,
    /// By two bytes.
    keys: HashMap<[u8; 2], Vec<usize>>,
}

/// Of one text: which judges have their words.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// By judge, once it has been looked.
    judges: Vec<bool>,
    has_looked: bool,
}

impl Presence {
    /// From the words that each judge requires; none for one that requires none.
    pub(super) fn new<'w>(judges: impl Iterator<Item = Option<&'w [crate::detector::Str]>>) -> Presence {
        let mut presence = Presence { keys: Vec::new(), requires: Vec::new(), index: OnceLock::new() };
        let mut places = HashMap::new();
        for (judge, words) in judges.enumerate() {
            let keys: Option<Vec<Key>> = words.map(|words| words.iter().map(|word| Key::of(word)).collect());
            // Of what is too short to be looked for, nothing is known.
            let keys = keys.filter(|keys| keys.iter().all(|key| key.text.len() > 1));
            presence.requires.push(keys.is_some());
            for key in keys.into_iter().flatten() {
                let place = *places.entry((key.text.clone(), key.alone)).or_insert(presence.keys.len());
                if place == presence.keys.len() {
                    presence.keys.push((key, Vec::new()));
                }
                presence.keys[place].1.push(judge);
            }
        }
        presence
    }

    /// Could one of these judges find something? If all require words, looks at the text once.
    pub(super) fn admits(
        &self,
        judges: &[usize],
        (text, above): (&[u8], Option<&Above>),
        present: &mut Present,
    ) -> bool {
        if judges.iter().any(|&judge| !self.requires[judge]) {
            return true;
        }
        if !present.has_looked {
            present.has_looked = true;
            present.judges.clear();
            present.judges.resize(self.requires.len(), false);
            self.look(text, &mut present.judges);
            above.into_iter().flat_map(Above::labels).for_each(|label| self.look(label, &mut present.judges));
        }
        judges.iter().any(|&judge| present.judges[judge])
    }

    /// Could this judge find something, by what is known so far?
    pub(super) fn has_words(&self, judge: usize, present: &Present) -> bool {
        !present.has_looked || !self.requires[judge] || present.judges[judge]
    }

    /// Do two texts above one say the same of it?
    pub(super) fn is_same(&self, one: Option<&Above>, other: Option<&Above>) -> bool {
        let [one, other] = [one, other].map(|above| {
            let mut judges = vec![false; self.requires.len()];
            above.into_iter().flat_map(Above::labels).for_each(|label| self.look(label, &mut judges));
            judges
        });
        one == other
    }

    fn look(&self, text: &[u8], judges: &mut [bool]) {
        let index = self.index.get_or_init(|| Index::new(self.keys.iter().map(|(key, _)| key)));
        starts(text, |at| {
            let first = first_bytes(&text[at..]);
            let (word, bit) = place(first);
            if index.possible[word] >> bit & 1 == 0 {
                return;
            }
            let pair = [first[0], first[1]];
            for (key, of) in index.keys.get(&pair).into_iter().flatten().map(|&key| &self.keys[key]) {
                if of.iter().any(|&judge| !judges[judge]) && key.end(text, at).is_some_and(|end| key.stands(text, end))
                {
                    of.iter().for_each(|&judge| judges[judge] = true);
                }
            }
        });
    }
}

impl Present {
    /// To be called before each text.
    pub(super) fn begin(&mut self) {
        self.has_looked = false;
    }

    /// Was the last text, with what stands above it, looked at?
    pub(super) fn has_looked(&self) -> bool {
        self.has_looked
    }
}

impl Index {
    fn new<'k>(keys: impl Iterator<Item = &'k Key>) -> Index {
        let mut index = Index { possible: Box::new([0; 1 << 10]), keys: HashMap::new() };
        for (i, key) in keys.enumerate() {
            let [a, b, c] = first_bytes(&key.text);
            // What follows two bytes is not known where they are all of it, or a character: then a
            // blank may follow.
            let thirds = if key.text.len() == 2 || (0xC0..0xE0).contains(&a) { 0..=u8::MAX } else { c..=c };
            for (word, bit) in thirds.map(|c| place([a, b, c])) {
                index.possible[word] |= 1 << bit;
            }
            index.keys.entry([a, b]).or_default().push(i);
        }
        index
    }
}

/// The first three bytes of a text, letters in lower case; zeros for those that are not there.
#[inline]
fn first_bytes(text: &[u8]) -> [u8; 3] {
    let bytes = match text.first_chunk() {
        Some(bytes) => *bytes,
        None => std::array::from_fn(|i| text.get(i).copied().unwrap_or(0)),
    };
    bytes.map(|byte| byte.to_ascii_lowercase())
}

/// Where three bytes have their bit: word and bit.
#[inline]
fn place([a, b, c]: [u8; 3]) -> (usize, u32) {
    let hash = u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9E37_79B1) >> 16;
    ((hash >> 6) as usize, hash & 63)
}

impl Key {
    /// The longest run of ASCII letters and digits, but for `number`, which stands everywhere; else
    /// the first two characters from where a word can begin.
    fn of(word: &str) -> Key {
        let word = word.strip_prefix('=').unwrap_or(word);
        let bytes = word.as_bytes();
        let mut from = 0;
        let mut longest: Option<(usize, &[u8])> = None;
        for run in bytes.split(|b| !b.is_ascii_alphanumeric()) {
            let is_telling = run.len() >= 2 && !run.eq_ignore_ascii_case(b"number");
            if is_telling && longest.is_none_or(|(_, other)| run.len() > other.len()) {
                longest = Some((from, run));
            }
            from += run.len() + 1;
        }
        let Some((from, run)) = longest else {
            let word = word.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
            let end = word.char_indices().nth(2).map_or(word.len(), |(i, _)| i);
            return Key { text: word.as_bytes()[..end].to_ascii_lowercase(), alone: (false, false) };
        };
        let before = from.checked_sub(1).map(|i| bytes[i]);
        let after = bytes.get(from + run.len());
        let alone = (before.is_none_or(|b| b.is_ascii()), after.is_none_or(u8::is_ascii));
        Key { text: run.to_ascii_lowercase(), alone }
    }

    /// The end of the key in a text in which it begins at `at`.
    fn end(&self, text: &[u8], at: usize) -> Option<usize> {
        let mut left = &self.text[..];
        let mut last = 0;
        for (i, &byte) in text[at..].iter().enumerate() {
            // Japanese headings are spaced out and broken over lines.
            if byte <= b' ' && last >= 0x80 {
                continue;
            }
            last = byte;
            left = left.strip_prefix(&[byte.to_ascii_lowercase()])?;
            if left.is_empty() {
                return Some(at + i + 1);
            }
        }
        None
    }

    /// Whether a key that ends at `end` is a word there; see `context::stands_alone`.
    fn stands(&self, text: &[u8], end: usize) -> bool {
        let free = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphabetic());
        // In names of programs a capital begins a word: `cardNumber`.
        let turns = |at: usize| {
            let before = at.checked_sub(1).and_then(|i| text.get(i));
            before.is_some_and(u8::is_ascii_lowercase) && text.get(at).is_some_and(u8::is_ascii_uppercase)
        };
        let start = end.saturating_sub(self.text.len());
        let begins = free(start.checked_sub(1).and_then(|i| text.get(i))) || turns(start);
        // A label may name many: `card_numbers`.
        let after = end + usize::from(matches!(text.get(end), Some(b's' | b'S')));
        (!self.alone.0 || begins) && (!self.alone.1 || free(text.get(end)) || free(text.get(after)) || turns(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detector::Str;

    const WORDS: [Option<&[Str]>; 3] = [
        Some(&[Str::Borrowed("pan"), Str::Borrowed("numéro de sécurité sociale")]),
        Some(&[Str::Borrowed("個人番号"), Str::Borrowed("my number")]),
        None,
    ];

    fn admitted(text: &str, above: Option<&Above>) -> [bool; 3] {
        let presence = Presence::new(WORDS.into_iter());
        let mut present = Present::default();
        present.begin();
        [0, 1, 2].map(|judge| presence.admits(&[judge], (text.as_bytes(), above), &mut present))
    }

    #[test]
    fn words_however_they_are_broken() {
        for (text, first, second) in [
            ("PAN 1", true, false),
            ("company pants", false, false),
            ("num&eacute;ro de s&eacute;curit&eacute; sociale", true, false),
            ("個 人\n番 号", false, true),
            ("MY NUMBER", false, true),
            ("my_number", false, true),
            ("a number", false, false),
            ("isPanNo", true, false),
            ("span panel", false, false),
            ("pans: 1", true, false),
        ] {
            assert_eq!(admitted(text, None), [first, second, true], "{text}");
        }
    }

    #[test]
    fn what_stands_above_counts() {
        let above = Above::with_rows("name\tPAN");
        assert_eq!(admitted("x\t1", Some(&above)), [true, false, true]);
    }

    #[test]
    fn nothing_is_known_before_a_look() {
        let presence = Presence::new(WORDS.into_iter());
        let mut present = Present::default();
        assert!(presence.admits(&[0, 2], (b"1", None), &mut present) && presence.has_words(0, &present));
        assert!(!presence.admits(&[0], (b"1", None), &mut present));
        assert!(!presence.has_words(0, &present) && presence.has_words(2, &present));
    }

    #[test]
    fn keys_of_words() {
        let key = |word: &str| String::from_utf8(Key::of(word).text).unwrap();
        assert_eq!(
            ["identity number", "個人番号", "(株)番号", "A/C", "№", "C"].map(key),
            ["identity", "個人", "株)", "a/", "№", "c"]
        );
        // What cannot be looked for is everywhere.
        let presence = Presence::new(std::iter::once(Some(&[Str::Borrowed("c")][..])));
        assert!(presence.admits(&[0], (b"", None), &mut Present::default()));
    }
}
