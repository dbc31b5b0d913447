//! Words that stand for clients, looked for in normalised text: names, aliases, codes, domains of
//! all clients in one pass.
//!
//! Text → spans and clients. Of every word a few windows of six bytes are in one table, so that the
//! text has to be looked at only every few bytes; what looks like such a window is compared. (One
//! automaton for 2 000 words would be megabytes of tables, built at every start, and several
//! times slower.) Reads no ledger and decides nothing.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::text::Reader;

/// Bytes of a window.
const GRAM: usize = 6;
/// The longest step: a window begins in every stretch of so many bytes of a long word.
const STEP: usize = 4;
/// The bits of the table's filter, as a power of two: 32 KiB stay in a core's first caches.
const FILTER: u32 = 18;
const SLOTS: usize = 1 << (FILTER - 6);
/// The bit that tells capital letters from small ones in ASCII.
const CASE: u8 = 0x20;
/// Where a small automaton is needed anyway (for words without a window), it takes so many others
/// that would make the steps short, too.
const MOST_SHORT: usize = 48;
/// The longest word, in bytes; `ledger` lets none be longer.
pub(super) const LONGEST: usize = 1024;
/// Words from this length on allow the longest steps.
const LONG: usize = 9;

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or alias.
    Name,
    /// The code of a project or contract.
    Code,
    /// A domain.
    Domain,
}

#[derive(Debug)]
struct Word {
    /// Normalised as text is; ASCII letters in lower case.
    bytes: Vec<u8>,
    client: usize,
    kind: Kind,
}

/// A word that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// The client's number.
    pub client: usize,
    /// Is it so particular that nothing else is called so: a code, a domain, a full name?
    pub certain: bool,
}

/// A table by windows. They come from the ledger of the user, who attacks nobody with them, and one
/// multiplication spreads them well.
type Grams<T> = HashMap<u64, T, BuildHasherDefault<GramHasher>>;

#[derive(Debug, Default, Clone, Copy)]
struct GramHasher(u64);

impl Hasher for GramHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(self.0 << 8 | u64::from(byte)));
    }

    fn write_u64(&mut self, gram: u64) {
        let product = gram.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }
}

/// All clients' words, ready to be looked for.
#[derive(Debug)]
pub struct Markers {
    words: Vec<Word>,
    /// Which windows may be in `grams`.
    filter: Box<[u64; SLOTS]>,
    /// Window → words, the window's offset in each, and the first byte of each.
    grams: Grams<Vec<(u32, u16, u8)>>,
    /// The text is looked at every so many bytes.
    step: usize,
    /// Finds the first words.
    short: Option<AhoCorasick>,
    longest: usize,
}

/// Forms of companies, and what is written for them.
const FORMS: &[(&str, &[&str])] = &[
    ("株式会社", &["(株)", "㈱"]),
    ("有限会社", &["(有)", "㈲"]),
    ("合同会社", &["(同)"]),
    ("合資会社", &["(資)"]),
    ("一般社団法人", &["(一社)"]),
    ("一般財団法人", &["(一財)"]),
    ("医療法人", &["(医)", "㊩"]),
    ("学校法人", &["(学)"]),
];

/// A name and the other ways to write it: `(株)アクメ`, `アクメ 株式会社` for `アクメ株式会社`. Whether the
/// form stands before or behind is often mistaken, so both are taken.
pub(super) fn forms(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    for (form, others) in FORMS {
        let Some(core) = name.strip_prefix(form).or_else(|| name.strip_suffix(form)).map(str::trim) else { continue };
        if core.is_empty() {
            continue;
        }
        for form in others.iter().chain([form]) {
            for blank in ["", " "] {
                all.extend([format!("{form}{blank}{core}"), format!("{core}{blank}{form}")]);
            }
        }
    }
    all
}

impl Markers {
    /// Words with their clients' numbers; `None` if there are none.
    pub(super) fn new(list: impl IntoIterator<Item = (String, usize, Kind)>) -> Option<Markers> {
        let (mut words, mut known) = (Vec::new(), HashSet::new());
        let mut reader = Reader::default();
        for (text, client, kind) in list {
            reader.begin(text.as_bytes());
            let bytes = reader.read(text.as_bytes(), 0).bytes.to_ascii_lowercase();
            if (1..=LONGEST).contains(&bytes.len()) && known.insert((bytes.clone(), client)) {
                words.push(Word { bytes, client, kind });
            }
        }
        if words.is_empty() {
            return None;
        }
        words.sort_by_key(|word: &Word| word.bytes.len());
        let tiny = words.iter().take_while(|word| word.bytes.len() < GRAM).count();
        let below = words.iter().take_while(|word| word.bytes.len() < LONG).count();
        let short = if tiny > 0 && below <= MOST_SHORT { below } else { tiny };
        let least = words.get(short).map_or(GRAM, |word| word.bytes.len());
        let mut markers = Markers {
            longest: words.last().map_or(0, |word| word.bytes.len()),
            step: (least - GRAM + 1).min(STEP),
            filter: Box::new([0; SLOTS]),
            grams: Grams::default(),
            short: (short > 0).then(|| automaton(&words[..short])).flatten(),
            words,
        };
        markers.fill(short);
        Some(markers)
    }

    /// Puts windows of the longer words into the table: where they share least with other clients'
    /// (株式会社 begins a hundred names) and most with what is in it already (a name's other forms).
    fn fill(&mut self, from: usize) {
        let windows: Vec<Vec<u64>> =
            self.words[from..].iter().map(|w| w.bytes.windows(GRAM).map(gram).collect()).collect();
        let mut order: Vec<usize> = (0..windows.len()).collect();
        order.sort_by_key(|&number| self.words[from + number].client);
        // Window → the client that had it last, and how many clients have it.
        let mut owners: Grams<(usize, u32)> = Grams::default();
        for &number in &order {
            let client = self.words[from + number].client;
            for gram in &windows[number] {
                let owner = owners.entry(*gram).or_insert((usize::MAX, 0));
                if owner.0 != client {
                    *owner = (client, owner.1 + 1);
                }
            }
        }
        for number in order {
            // Far more for a window of many clients than for one that is new.
            let new = |gram: &u64| u32::from(!self.grams.contains_key(gram));
            let costs: Vec<u32> =
                windows[number].iter().map(|gram| owners.get(gram).map_or(0, |o| o.1 * 64) + new(gram)).collect();
            let best = costs.windows(self.step).map(|costs| costs.iter().sum::<u32>()).enumerate().min_by_key(|c| c.1);
            let Some((best, _)) = best else { continue };
            let first = self.words[from + number].bytes[0] | CASE;
            for (at, gram) in windows[number].iter().enumerate().skip(best).take(self.step) {
                let bit = slot(*gram);
                self.filter[bit >> 6] |= 1 << (bit & 63);
                self.grams.entry(*gram).or_default().push(((from + number) as u32, at as u16, first));
            }
        }
    }

    /// Calls back with every word that begins in `core`, in no particular order; one that stands
    /// inside another word may be told of, too.
    pub fn find(&self, text: &[u8], core: Range<usize>, each: &mut dyn FnMut(Mark)) {
        // A word that begins in the core may end behind it.
        let end = text.len().min(core.end + self.longest);
        if !self.grams.is_empty() {
            let text = &text[..end];
            let mut at = core.start;
            if self.step == STEP {
                // The ordinary case, without a look at where the text ends.
                let words = text[at..].as_chunks::<STEP>().0;
                for pair in words.windows(2) {
                    let gram = fold(pair.as_flattened().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)));
                    if self.may_have(gram) {
                        self.look(text, at, gram, &core, each);
                    }
                    at += STEP;
                }
            }
            while at + GRAM <= end {
                let gram = gram(&text[at..at + GRAM]);
                if self.may_have(gram) {
                    self.look(text, at, gram, &core, each);
                }
                at += self.step;
            }
        }
        if let Some(short) = &self.short {
            for found in short.find_overlapping_iter(&text[core.start..end]) {
                let start = core.start + found.start();
                if start < core.end {
                    self.confirm(text, start, found.pattern().as_usize(), each);
                }
            }
        }
    }

    #[inline]
    fn may_have(&self, gram: u64) -> bool {
        let bit = slot(gram);
        self.filter[bit >> 6] >> (bit & 63) & 1 == 1
    }

    fn look(&self, text: &[u8], at: usize, gram: u64, core: &Range<usize>, each: &mut dyn FnMut(Mark)) {
        for &(number, offset, first) in self.grams.get(&gram).into_iter().flatten() {
            if let Some(start) = at.checked_sub(usize::from(offset))
                && text[start] | CASE == first
                && core.contains(&start)
            {
                self.confirm(text, start, number as usize, each);
            }
        }
    }

    /// Is it that word, and a word by itself?
    fn confirm(&self, text: &[u8], start: usize, number: usize, each: &mut dyn FnMut(Mark)) {
        let word = &self.words[number];
        let end = start + word.bytes.len();
        if text.get(start..end).is_some_and(|found| found.eq_ignore_ascii_case(&word.bytes))
            && is_whole(text, start..end, word.kind)
        {
            // A short name may be a part of other words; a long one, a code or a domain is nothing else.
            let certain = word.kind != Kind::Name || word.bytes.len() >= 12;
            each(Mark { span: start..end, client: word.client, certain });
        }
    }
}

fn automaton(words: &[Word]) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
    // Fails only beyond 2³¹ states.
    builder.build(words.iter().map(|word| &word.bytes)).ok()
}

/// Six bytes, whatever the case of ASCII letters.
#[inline]
fn fold(word: u64) -> u64 {
    let ascii = !word & 0x8080_8080_8080;
    (word | ascii >> 2) & 0xFFFF_FFFF_FFFF
}

fn gram(window: &[u8]) -> u64 {
    fold(window.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)))
}

#[inline]
fn slot(gram: u64) -> usize {
    (gram.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - FILTER)) as usize
}

/// Does the word end where it ends: no ASCII letter goes on, no katakana? A domain is not the
/// beginning of another one.
fn is_whole(text: &[u8], span: Range<usize>, kind: Kind) -> bool {
    let (first, last) = (text[span.start], text[span.end - 1]);
    let before = span.start.checked_sub(1).map(|at| text[at]);
    let after = text.get(span.end).copied();
    let joins = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || kind == Kind::Domain && b == b'-');
    if first.is_ascii_alphanumeric() && joins(before) || last.is_ascii_alphanumeric() && joins(after) {
        return false;
    }
    if kind == Kind::Domain && after == Some(b'.') && text.get(span.end + 1).is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let word = &text[span.clone()];
    let goes_on = is_katakana(&text[span.end..]) && is_katakana(&word[word.len().saturating_sub(3)..]);
    let began = span.start >= 3 && is_katakana(&text[span.start - 3..span.start]) && is_katakana(word);
    !goes_on && !began
}

/// Does it begin with a letter of katakana (U+30A1 to U+30FA, ー)?
fn is_katakana(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE3, 0x82, 0xA1..=0xBF, ..] | [0xE3, 0x83, 0x80..=0xBA | 0xBC, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markers(list: &[(&str, Kind)]) -> Markers {
        let list = list.iter().enumerate().map(|(client, (word, kind))| (word.to_string(), client, *kind));
        Markers::new(list).expect("words")
    }

    fn found(markers: &Markers, text: &str) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        markers.find(text.as_bytes(), 0..text.len(), &mut |mark| all.push((mark.span.start, mark.client)));
        all.sort_unstable();
        all
    }

    #[test]
    fn whole_words_in_any_case() {
        let list = [
            ("アクメ", Kind::Name),
            ("ＡＣＭＥ", Kind::Name),
            ("ACM-12", Kind::Code),
            ("acme.example", Kind::Domain),
            ("日立", Kind::Name),
        ];
        let markers = markers(&list);
        for (text, expected) in [
            ("アクメ様 Acme_x", vec![(0, 0), (13, 1)]),
            ("アクメリア カアクメ アクメの", vec![(29, 0)]),
            ("acme2 pacme acm-123 xACM-12 (acm-12)", vec![(29, 2)]),
            ("a@x.acme.example, acme.example.org acme.example.", vec![(2 + 2, 3), (18, 1), (35, 3)]),
            ("の日立と", vec![(3, 4)]),
            ("", vec![]),
        ] {
            let all = found(&markers, text);
            assert!(expected.iter().all(|one| all.contains(one)), "{text}: {all:?}");
            let clients = |list: &[(usize, usize)]| list.iter().filter(|(_, client)| *client != 1).count();
            assert_eq!(clients(&all), clients(&expected), "{text}: {all:?}");
        }
    }

    #[test]
    fn company_forms_are_written_in_several_ways() {
        for written in ["(株)アクメ", "アクメ㈱", "アクメ 株式会社", "株式会社アクメ", "アクメ(株)"]
        {
            assert!(forms("アクメ株式会社").contains(&written.to_owned()), "{written}");
        }
        assert_eq!(forms("株式会社"), ["株式会社"]);
        assert_eq!(forms("ACME Corp."), ["ACME Corp."]);
    }

    /// The same as looking for each word by itself, with many words, at every cut.
    #[test]
    fn many_words_are_found_like_each_by_itself() {
        let mut seed = 5u64;
        let mut next = move |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        let letters: Vec<char> = "アカ青山会社株式工abc1-".chars().collect();
        let mut word = |least: u64, more: u64| -> String {
            (0..least + next(more)).map(|_| letters[next(letters.len() as u64) as usize]).collect()
        };
        // Short words make short steps, long ones the longest.
        for (least, step) in [(3, 1), (9, STEP)] {
            let words: Vec<String> = (0..300).map(|_| word(least, 6)).collect();
            let markers = Markers::new(words.iter().map(|w| (w.clone(), 0, Kind::Code))).expect("words");
            assert_eq!(markers.step, step);
            let mut found = 0;
            for round in 0..60 {
                let known = |i: usize| words[(round * 31 + i * 7) % words.len()].clone();
                let parts: Vec<String> = (0..30).map(|i| if i % 3 == 0 { known(i) } else { word(1, 9) }).collect();
                found += same(&markers, &parts.concat());
            }
            assert!(found > 100, "{found}");
        }
    }

    /// Is found what each word by itself would be, wherever the text is cut? How much that is.
    fn same(markers: &Markers, text: &str) -> usize {
        let mut naive = Vec::new();
        for word in &markers.words {
            for start in 0..text.len() {
                let end = start + word.bytes.len();
                if text.as_bytes().get(start..end) == Some(&word.bytes)
                    && is_whole(text.as_bytes(), start..end, Kind::Code)
                {
                    naive.push(start..end);
                }
            }
        }
        naive.sort_by_key(|span| (span.start, span.end));
        naive.dedup();
        for cut in [0, 1, 77, 150, text.len()] {
            let mut all = Vec::new();
            for core in [0..cut, cut..text.len()] {
                markers.find(text.as_bytes(), core, &mut |mark| all.push(mark.span));
            }
            all.sort_by_key(|span| (span.start, span.end));
            all.dedup();
            assert_eq!(all, naive, "{text}");
        }
        naive.len()
    }
}
