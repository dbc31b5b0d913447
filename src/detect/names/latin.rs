//! Names in Latin letters: Taro Yamada, YAMADA Taro, Mr. Sato, John Smith.
//!
//! A part of a text in, places out. Capitalised words are everywhere in English, so this is asked
//! only about the surroundings of what is personal already (a mail address, a label), and each pair
//! of words must have a surname and a given name of the dictionaries, or a title before it.

use std::ops::Range;

use super::super::finder::Sighting;
use crate::lexicon::{self, Part};

/// A capitalised word.
#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    /// One blank stands between it and the word before.
    joined: bool,
}

/// Every name that begins in `core`.
pub(in super::super) fn find(text: &[u8], core: Range<usize>, found: &mut dyn FnMut(Sighting)) {
    let mut words: Vec<Word> = Vec::new();
    let mut at = core.start.saturating_sub(super::BACK);
    let end = (core.end + super::BACK).min(text.len());
    while at < end {
        if !text[at].is_ascii_uppercase() || !begins(text, at) {
            at += 1;
            continue;
        }
        let word_end = end_of_word(text, at);
        if word_end == at || !ends(text, word_end) {
            at = word_end.max(at + 1);
            continue;
        }
        let joined = words.last().is_some_and(|last| at == last.end + 1 && text[last.end] == b' ');
        if !joined {
            look(text, &words, &core, found);
            words.clear();
        }
        words.push(Word { start: at, end: word_end, joined });
        at = word_end;
    }
    look(text, &words, &core, found);
}

/// Looks at words with one blank between them.
fn look(text: &[u8], words: &[Word], core: &Range<usize>, found: &mut dyn FnMut(Sighting)) {
    let mut i = 0;
    let word = |i: usize| words.get(i).map(|w| &text[w.start..w.end]);
    while i < words.len() {
        debug_assert!(i == 0 || words[i].joined);
        let mut tell = |range: Range<usize>, reasons, proven| {
            let value = words[range.start].start..words[range.end - 1].end;
            if core.contains(&value.start) {
                found(Sighting { value, reasons, proven, weak: false });
            }
        };
        if word(i).is_some_and(is_title) {
            // Mr. Sato, Dear Ms. Hanako Sato
            let from = i + 1;
            let fits = |n: &usize| word(from + n - 1).is_some_and(|w| is_name(w) || *n > 1 && is_initial(w));
            let mut length = (1..=3).take_while(fits).count();
            while length > 0 && word(from + length - 1).is_some_and(is_initial) {
                length -= 1;
            }
            let known = |w: &[u8]| is_surname(w) || is_given(w) || lexicon::is_western(w);
            let is_known = (from..from + length).filter_map(word).any(known);
            // Nobody says Mr. to a thing; Dr. Dobbs is one.
            let is_person = word(i).is_some_and(|w| w.starts_with(b"M"));
            if length > 0 && (is_known || is_person) {
                tell(from..from + length, &["honorific"], true);
            }
            i = from + length;
            continue;
        }
        // A middle initial stands between the two.
        let second = if word(i + 1).is_some_and(is_initial) { i + 2 } else { i + 1 };
        match (word(i), word(second)) {
            (Some(a), Some(b)) if is_japanese(a, b) => {
                tell(i..second + 1, &["surname", "given-name"], false);
                i = second + 1;
            }
            (Some(a), Some(b)) if lexicon::is_western(a) && is_name(b) && (b.len() > 2 || second > i + 1) => {
                tell(i..second + 1, &["given-name"], false);
                i = second + 1;
            }
            (Some(a), _) if is_surname(a) && is_san(text, words[i].end) => {
                tell(i..i + 1, &["surname", "honorific"], false);
                i += 1;
            }
            _ => i += 1,
        }
    }
}

fn is_japanese(a: &[u8], b: &[u8]) -> bool {
    if a.len() < 2 || b.len() < 2 {
        return false;
    }
    // In capitals stands the surname, a rare one too: Ryunosuke SAOTOME.
    let is_capital = |w: &[u8]| w.len() > 2 && w.iter().all(u8::is_ascii_uppercase) && is_name(w);
    let is_rare = |given: &[u8], surname: &[u8]| is_given(given) && is_capital(surname) && !is_capital(given);
    is_given(a) && is_surname(b) || is_surname(a) && is_given(b) || is_rare(a, b) || is_rare(b, a)
}

fn is_surname(word: &[u8]) -> bool {
    lexicon::is_romaji(word, Part::Surname)
}

fn is_given(word: &[u8]) -> bool {
    lexicon::is_romaji(word, Part::Given)
}

/// Sato-san, Sato-sama
fn is_san(text: &[u8], end: usize) -> bool {
    text[end..].starts_with(b"-san") || text[end..].starts_with(b"-sama")
}

fn is_title(word: &[u8]) -> bool {
    let word = word.strip_suffix(b".").unwrap_or(word);
    [&b"Mr"[..], b"Ms", b"Mrs", b"Miss", b"Dr", b"Prof", b"Messrs", b"Dear"].contains(&word)
}

fn is_initial(word: &[u8]) -> bool {
    matches!(word, [letter, b'.'] if letter.is_ascii_uppercase())
}

/// A word that can be part of a name: no abbreviation, nothing that stands beside names.
fn is_name(word: &[u8]) -> bool {
    word.len() > 1 && !word.contains(&b'.') && !is_title(word) && !BESIDE.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Capitalised words beside names that belong to something else.
const BESIDE: &[&[u8]] = &[
    b"Sir",
    b"Madam",
    b"Team",
    b"All",
    b"Customer",
    b"Customers",
    b"Users",
    b"User",
    b"Colleagues",
    b"Friends",
    b"Street",
    b"Road",
    b"Avenue",
    b"University",
    b"College",
    b"School",
    b"Hospital",
    b"Hotel",
    b"Inc",
    b"Ltd",
    b"Corp",
    b"Company",
    b"Bank",
    b"License",
    b"Project",
    b"Software",
    b"Library",
    b"Department",
    b"Office",
    b"Center",
    b"Centre",
    b"Institute",
    b"The",
    b"And",
    b"In",
    b"On",
    b"At",
    b"Is",
    b"Was",
    b"For",
    b"From",
    b"To",
    b"Monday",
    b"Tuesday",
    b"Wednesday",
    b"Thursday",
    b"Friday",
    b"Saturday",
    b"Sunday",
    b"January",
    b"February",
    b"March",
    b"April",
    b"May",
    b"June",
    b"July",
    b"August",
    b"September",
    b"October",
    b"November",
    b"December",
];

/// Does a word begin here, in prose and not inside of a path, address or identifier?
fn begins(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| {
        let b = text[before];
        !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'.' | b'@' | b'/' | b'-' | b'\\' | b'$' | b'%' | b'&' | b'#')
    })
}

/// The end of the capitalised word at `at`: Yamada, YAMADA, O'Brien, Smith-Jones, J., Mr.
fn end_of_word(text: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(&b) = text.get(end) {
        let goes_on = b.is_ascii_alphabetic()
            || matches!(b, b'\'' | b'-')
                && text.get(end + 1).is_some_and(u8::is_ascii_uppercase)
                && text[end - 1].is_ascii_alphabetic();
        if !goes_on {
            break;
        }
        end += 1;
    }
    if text.get(end) == Some(&b'.') && (end == at + 1 || is_title(&text[at..end])) {
        end += 1;
    }
    if end - at > 24 { at } else { end }
}

/// Does prose go on behind a word that ends here?
fn ends(text: &[u8], end: usize) -> bool {
    let rest = &text[end..];
    match rest.first() {
        Some(b'.') => !rest.get(1).is_some_and(u8::is_ascii_alphanumeric),
        Some(b'-') => rest.starts_with(b"-san") || rest.starts_with(b"-sama"),
        Some(b'(' | b'_' | b'@' | b'/' | b'=' | b'[' | b'{' | b'!' | b'\\') => false,
        Some(b':') => rest.get(1) != Some(&b':'),
        Some(b) => !b.is_ascii_alphanumeric(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text.as_bytes(), 0..text.len(), &mut |s| found.push(&text[s.value]));
        found
    }

    #[test]
    fn names_in_either_order() {
        assert_eq!(
            names("by Taro Yamada, YAMADA Hanako and Suzuki Ichiro."),
            ["Taro Yamada", "YAMADA Hanako", "Suzuki Ichiro"]
        );
        assert_eq!(names("Dear Mr. Sato,"), ["Sato"]);
        assert_eq!(names("Mrs. Barbara J. Smith"), ["Barbara J. Smith"]);
        assert_eq!(names("call John Smith or Susan K. Miller"), ["John Smith", "Susan K. Miller"]);
        assert_eq!(names("Tanaka-san will call"), ["Tanaka"]);
    }

    #[test]
    fn words_of_english_and_code_are_no_names() {
        for text in [
            "see Dr. Dobbs Journal",
            "Dear Sir, Dear All,",
            "The Quick Brown Fox",
            "Yamada.Taro Foo::Bar",
            "New York Times",
            "Read The Manual",
            "getTaro Yamada()",
            "Dr. Strangelove-like",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }

    #[test]
    fn any_bytes_do_no_harm() {
        let text = b"Mr. O'Brien-Smith J. \xE3\x81 A' Taro Yamada";
        for end in 0..=text.len() {
            find(&text[..end], 0..end, &mut |_| {});
        }
    }
}
