//! Words near a value: evidence for it or against it.
//!
//! Text and the value's place in, the word that stands near out. "Near" is counted in
//! characters: backwards over line ends (a form's label stands on the line above), forwards on
//! the same line only.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::structure::Labels;
use crate::detector::{Context, Str};
use crate::finding::Reason;

/// The context words of one detector, compiled when first needed.
#[derive(Debug)]
pub(super) struct Words {
    context: Context,
    good: OnceLock<Option<AhoCorasick>>,
    bad: OnceLock<Option<AhoCorasick>>,
}

impl Words {
    pub(super) fn new(context: Context) -> Words {
        Words { context, good: OnceLock::new(), bad: OnceLock::new() }
    }

    /// A word of these as a reason.
    pub(super) fn reason(&self, word: Arc<str>) -> Reason {
        if self.context.services { Reason::Service(word) } else { Reason::Context(word) }
    }

    /// Is there no finding without a word?
    pub(super) fn required(&self) -> bool {
        self.context.required
    }

    /// The words without which there is no finding.
    pub(super) fn needed(&self) -> Option<&[Str]> {
        self.context.required.then_some(&*self.context.words)
    }

    /// Does one of the words for it stand in this label or row of labels?
    pub(super) fn stand_in(&self, label: &[u8]) -> bool {
        Search::new(&self.good, &self.context.words).is_some_and(|words| words.within(label).is_some())
    }

    /// A word for it that stands near, or in what the text's structure calls it; `labels` is asked
    /// only if nothing stands near.
    pub(super) fn near(
        &self,
        text: &[u8],
        value: &Range<usize>,
        labels: &mut dyn FnMut() -> Labels,
    ) -> Option<Arc<str>> {
        let words = Search::new(&self.good, &self.context.words)?;
        words.beside(text, value, self.context.within).or_else(|| {
            let labels = labels();
            words.within(labels.own()).or_else(|| words.within(labels.around()))
        })
    }

    /// A word against it that stands near or in its own label.
    pub(super) fn against(
        &self,
        text: &[u8],
        value: &Range<usize>,
        labels: &mut dyn FnMut() -> Labels,
    ) -> Option<Arc<str>> {
        let words = Search::new(&self.bad, &self.context.against)?;
        words.beside(text, value, self.context.within).or_else(|| words.within(labels().own()))
    }
}

/// A list of words, ready to be looked for.
struct Search<'w> {
    words: &'w [Str],
    automaton: &'w AhoCorasick,
}

impl<'w> Search<'w> {
    fn new(automaton: &'w OnceLock<Option<AhoCorasick>>, words: &'w [Str]) -> Option<Search<'w>> {
        if words.is_empty() {
            return None;
        }
        let automaton = automaton.get_or_init(|| compile(words)).as_ref()?;
        Some(Search { words, automaton })
    }

    /// A word near the value; the nearest before it is the one that speaks of it.
    fn beside(&self, text: &[u8], value: &Range<usize>, within: u16) -> Option<Arc<str>> {
        let before = back(text, value.start, usize::from(within))..value.start;
        let after = value.end..forth(text, value.end, usize::from(within));
        let hits = |span: Range<usize>| {
            self.automaton.find_iter(&text[span.clone()]).filter(move |m| stands_alone(text, span.start, m))
        };
        let hit = hits(before).last().or_else(|| hits(after).next())?;
        Some(self.word(&hit))
    }

    /// A word in a label; `=名` must be all of it.
    fn within(&self, label: &[u8]) -> Option<Arc<str>> {
        let part = || self.automaton.find_iter(label).find(|m| is_named(label, m)).map(|hit| self.word(&hit));
        let whole = || {
            let is = |word: &str| label.split(|&b| b == b'\n').any(|label| label.trim_ascii() == word.as_bytes());
            self.words.iter().filter_map(|word| word.strip_prefix('=')).find(|word| is(word)).map(Arc::from)
        };
        part().or_else(whole)
    }

    fn word(&self, hit: &aho_corasick::Match) -> Arc<str> {
        Arc::from(self.words[hit.pattern().as_usize()].as_ref())
    }
}

fn compile(words: &[Str]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        // Little text is searched: making a table of all states would cost more than it saves.
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .match_kind(MatchKind::LeftmostLongest)
        .build(words.iter().map(|w| w.as_bytes()))
        .ok()
}

/// An ASCII word counts only as a word: `pan` is not in `company`.
fn stands_alone(text: &[u8], offset: usize, hit: &aho_corasick::Match) -> bool {
    let (start, end) = (offset + hit.start(), offset + hit.end());
    let free = |inside: u8, outside: Option<&u8>| {
        !inside.is_ascii_alphanumeric() || outside.is_none_or(|b| !b.is_ascii_alphabetic())
    };
    // In names of programs a capital begins a word: `dropboxToken`.
    let begins = |before: Option<&u8>, first: Option<&u8>| {
        before.is_some_and(u8::is_ascii_lowercase) && first.is_some_and(u8::is_ascii_uppercase)
    };
    let before = start.checked_sub(1).and_then(|i| text.get(i));
    (free(text[start], before) || begins(before, text.get(start)))
        && (free(text[end - 1], text.get(end)) || begins(text.get(end - 1), text.get(end)))
}

/// The same in a label, where one word may stand for many: `card_numbers`.
fn is_named(label: &[u8], hit: &aho_corasick::Match) -> bool {
    let is_many = matches!(label.get(hit.end()), Some(b's' | b'S'));
    let ends = is_many && label.get(hit.end() + 1).is_none_or(|b| !b.is_ascii_alphabetic());
    stands_alone(label, 0, hit) || ends && stands_alone(&label[..hit.end()], 0, hit)
}

/// Offset of the character `count` characters before `at`.
fn back(text: &[u8], at: usize, count: usize) -> usize {
    let starts = text[..at].iter().enumerate().rev().filter(|&(_, &b)| b & 0xC0 != 0x80);
    starts.take(count).last().map_or(at, |(i, _)| i)
}

/// Offset behind `count` characters from `at`, or of the line's end.
fn forth(text: &[u8], at: usize, count: usize) -> usize {
    let mut seen = 0;
    for (i, &byte) in text[at..].iter().enumerate() {
        if byte & 0xC0 != 0x80 {
            if seen == count || byte == b'\n' {
                return at + i;
            }
            seen += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::new(Context {
            words: ["card", "pan", "カード番号"].into_iter().map(Str::Borrowed).collect(),
            against: [Str::Borrowed("order")].into_iter().collect(),
            within: 10,
            required: false,
            services: false,
        })
    }

    fn near(text: &str) -> Option<Arc<str>> {
        let at = text.find('#').unwrap();
        words().near(text.as_bytes(), &(at..at + 1), &mut Labels::default)
    }

    #[test]
    fn distance_is_counted_in_characters() {
        assert_eq!(near("カード番号あいうえお#").as_deref(), Some("カード番号"));
        assert_eq!(near("カード番号あいうえおか#"), None);
    }

    #[test]
    fn ascii_words_stand_alone() {
        assert_eq!(near("Card: #").as_deref(), Some("card"));
        assert_eq!(near("company #"), None);
        assert_eq!(near("my_card=#").as_deref(), Some("card"));
        assert_eq!(near("myCardNo=#").as_deref(), Some("card"));
        assert_eq!(near("discard=#"), None);
    }

    #[test]
    fn backwards_over_line_ends_but_not_forwards() {
        assert_eq!(near("card\n  #").as_deref(), Some("card"));
        assert_eq!(near("# card").as_deref(), Some("card"));
        assert_eq!(near("#\ncard"), None);
    }

    #[test]
    fn the_heading_of_a_column_counts_like_a_word_beside_the_value() {
        let at = |heading: &str| words().near(b"#", &(0..1), &mut || Labels::of(heading));
        assert_eq!(at("カード番号").as_deref(), Some("カード番号"));
        assert_eq!(at("my_cards").as_deref(), Some("card"));
        assert_eq!(at("company"), None);
    }

    #[test]
    fn a_word_with_an_equals_sign_is_the_whole_label() {
        let words = Words::new(Context {
            words: [Str::Borrowed("=名")].into_iter().collect(),
            against: [].into_iter().collect(),
            within: 0,
            required: true,
            services: false,
        });
        let at = |heading: &str| words.near(b"#", &(0..1), &mut || Labels::of(heading));
        assert_eq!(at("名").as_deref(), Some("名"));
        assert_eq!(at("会社名"), None);
    }

    #[test]
    fn invalid_utf8_and_edges_do_no_harm() {
        let text = b"\xFF\x80\x80card #\x80";
        assert!(words().near(text, &(8..9), &mut Labels::default).is_some());
        assert!(words().against(text, &(0..0), &mut Labels::default).is_none());
    }
}
