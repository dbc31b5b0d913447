//! Which detectors could find something in a text, as far as the words go that they cannot do
//! without.
//!
//! A text in; for each judge whether a word that it requires may stand anywhere in it (or above
//! it) out. Never says no where a finding is possible. One pass for all words of all detectors, so
//! that a column of numbers is not compared with sixty patterns for nothing.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use super::structure::Above;

/// The words that judges require.
#[derive(Debug)]
pub(super) struct Presence {
    /// What to look for, and the judges that ask for it.
    keys: Vec<(Key, Vec<usize>)>,
    /// By judge: does it require words?
    requires: Vec<bool>,
    automaton: OnceLock<Option<NFA>>,
}

/// The part of a word that stands in the text however the word is broken up: in headings over two
/// rows, with entities for accents, spaced out.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    text: Vec<u8>,
    /// No letter may stand before, or behind.
    alone: (bool, bool),
}

/// Of one text: which judges have their words.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// By judge, once it has been looked.
    judges: Vec<bool>,
    has_looked: bool,
    /// Bytes of windows that were asked about.
    asked: usize,
}

/// A look at the whole text costs as much as the expressions do for this part of it.
const PART: usize = 8;

impl Presence {
    /// From the words that each judge requires; none for one that requires none.
    pub(super) fn new<'w>(judges: impl Iterator<Item = Option<&'w [crate::detector::Str]>>) -> Presence {
        let mut presence = Presence { keys: Vec::new(), requires: Vec::new(), automaton: OnceLock::new() };
        let mut places = std::collections::HashMap::new();
        for (judge, words) in judges.enumerate() {
            presence.requires.push(words.is_some());
            for key in words.into_iter().flatten().map(|word| Key::of(word)) {
                let place = *places.entry((key.text.clone(), key.alone)).or_insert(presence.keys.len());
                if place == presence.keys.len() {
                    presence.keys.push((key, Vec::new()));
                }
                presence.keys[place].1.push(judge);
            }
        }
        presence
    }

    /// Could one of these judges find something? Looks at the text when it has been asked about so
    /// much of it that the look is worth it.
    pub(super) fn admits(
        &self,
        judges: &[usize],
        window: &Range<usize>,
        (text, above): (&[u8], Option<&Above>),
        present: &mut Present,
    ) -> bool {
        if judges.iter().any(|&judge| !self.requires[judge]) {
            return true;
        }
        present.asked += window.len();
        if !present.has_looked && present.asked > text.len() / PART {
            present.has_looked = true;
            present.judges.clear();
            present.judges.resize(self.requires.len(), false);
            self.look(text, &mut present.judges);
            above.into_iter().flat_map(Above::labels).for_each(|label| self.look(label, &mut present.judges));
        }
        judges.iter().any(|&judge| self.has_words(judge, present))
    }

    /// Could this judge find something, by what is known so far?
    pub(super) fn has_words(&self, judge: usize, present: &Present) -> bool {
        !present.has_looked || !self.requires[judge] || present.judges[judge]
    }

    fn look(&self, text: &[u8], judges: &mut [bool]) {
        let automaton = self.automaton.get_or_init(|| {
            let keys = self.keys.iter().map(|(key, _)| &key.text);
            NFA::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(keys).ok()
        });
        // Without an automaton everything is possible.
        let Some((nfa, start)) = automaton.as_ref().and_then(|nfa| Some((nfa, nfa.start_state(Anchored::No).ok()?)))
        else {
            return judges.fill(true);
        };
        let mut state = start;
        let mut last = 0;
        for (i, &byte) in text.iter().enumerate() {
            // Japanese headings are spaced out and broken over lines.
            if byte <= b' ' && last >= 0x80 {
                continue;
            }
            last = byte;
            state = nfa.next_state(Anchored::No, state, byte);
            if nfa.is_special(state) && nfa.is_match(state) {
                for index in 0..nfa.match_len(state) {
                    let (key, of) = &self.keys[nfa.match_pattern(state, index).as_usize()];
                    if key.stands(text, i + 1) {
                        of.iter().for_each(|&judge| judges[judge] = true);
                    }
                }
            }
        }
    }
}

impl Present {
    /// To be called before each text.
    pub(super) fn begin(&mut self) {
        self.has_looked = false;
        self.asked = 0;
    }

    /// Was the last text, with what stands above it, looked at?
    pub(super) fn has_looked(&self) -> bool {
        self.has_looked
    }
}

impl Key {
    /// The longest run of ASCII letters and digits, but for `number`, which stands everywhere; else
    /// the first two characters.
    fn of(word: &str) -> Key {
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
            let end = word.char_indices().nth(2).map_or(word.len(), |(i, _)| i);
            return Key { text: bytes[..end].to_vec(), alone: (false, false) };
        };
        let before = from.checked_sub(1).map(|i| bytes[i]);
        let after = bytes.get(from + run.len());
        let alone = (before.is_none_or(|b| b.is_ascii()), after.is_none_or(u8::is_ascii));
        Key { text: run.to_ascii_lowercase(), alone }
    }

    /// Whether a key that ends at `end` is a word there; see `context::stands_alone`.
    fn stands(&self, text: &[u8], end: usize) -> bool {
        let free = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphabetic());
        let before = || end.checked_sub(self.text.len() + 1).and_then(|i| text.get(i));
        // A label may name many: `card_numbers`.
        let after = end + usize::from(matches!(text.get(end), Some(b's' | b'S')));
        (!self.alone.0 || free(before())) && (!self.alone.1 || free(text.get(end)) || free(text.get(after)))
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
        [0, 1, 2].map(|judge| presence.admits(&[judge], &(0..text.len()), (text.as_bytes(), above), &mut present))
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
    fn little_is_asked_about_without_a_look() {
        let presence = Presence::new(WORDS.into_iter());
        let mut present = Present::default();
        let text = [b'1'; 100];
        assert!(presence.admits(&[0], &(0..12), (&text, None), &mut present));
        assert!(!presence.admits(&[0], &(0..12), (&text, None), &mut present));
        assert!(!presence.has_words(0, &present) && presence.has_words(2, &present));
    }
}
