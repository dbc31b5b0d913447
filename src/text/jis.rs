//! ISO-2022-JP → text: the only encoding here with a state.
//!
//! Escape sequences choose the character set of what follows. They are read in every variant
//! that is met: JIS X 0208 with the rows of NEC and IBM (code page 50221), JIS X 0212, JIS X 0213
//! as far as it is JIS X 0208, katakana of one byte by escape, by SO and SI, and with the eighth
//! bit. References: RFC 1468, RFC 2237, ISO-IR registrations 13, 14, 42, 87, 159, 168, 228, 233.

use std::ops::Range;

use super::table::{Entry, JIS_X_0208, JIS_X_0212, KATAKANA};
use super::write::Writer;

const ESCAPE: u8 = 0x1B;

/// The character set in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Set {
    /// ASCII, and JIS X 0201's Roman set, which shows two of its characters otherwise.
    #[default]
    Ascii,
    /// Half-width katakana, one byte.
    Katakana,
    /// JIS X 0208, two bytes.
    Kanji,
    /// JIS X 0212, two bytes.
    Supplement,
}

impl Set {
    fn is_double(self) -> bool {
        matches!(self, Set::Kanji | Set::Supplement)
    }
}

/// The escape sequences, without the escape.
const ESCAPES: &[(&[u8], Set)] = &[
    (b"(B", Set::Ascii),
    (b"(J", Set::Ascii),
    (b"(H", Set::Ascii),
    (b"(I", Set::Katakana),
    (b"$B", Set::Kanji),
    (b"$@", Set::Kanji),
    (b"$(B", Set::Kanji),
    (b"$(@", Set::Kanji),
    (b"$(O", Set::Kanji),
    (b"$(Q", Set::Kanji),
    (b"$(D", Set::Supplement),
];

/// Bytes of the longest escape sequence, but for the first.
pub(super) const LONGEST: usize = 3;

/// The set that an escape sequence at the beginning of `raw` chooses, and its length in bytes.
fn escape(raw: &[u8]) -> Option<(Set, usize)> {
    let rest = raw.strip_prefix(&[ESCAPE])?;
    let (bytes, set) = ESCAPES.iter().find(|(bytes, _)| rest.starts_with(bytes))?;
    Some((*set, 1 + bytes.len()))
}

/// Does this hold an escape sequence that leads to Japanese? Those that lead to ASCII are also
/// sent to terminals.
pub(super) fn is_japanese(raw: &[u8]) -> bool {
    let chooses = |at| match escape(&raw[at..]) {
        Some((Set::Ascii, _)) => raw[at..].starts_with(b"\x1B(J"),
        Some(_) => true,
        None => false,
    };
    memchr::memchr_iter(ESCAPE, raw).any(chooses)
}

/// Writes lines that begin in the state given, until one ends in ASCII. `changed` is told of
/// every change of state and from which offset it holds. Returns where it stopped, and the state.
pub(super) fn decode(
    piece: Range<usize>,
    mut set: Set,
    writer: &mut Writer<'_>,
    mut changed: impl FnMut(usize, Set),
) -> (usize, Set) {
    let whole = writer.raw();
    let raw = &whole[..piece.end];
    let mut at = piece.start;
    while at < raw.len() && !(set == Set::Ascii && at > piece.start && raw[at - 1] == b'\n') {
        let before = set;
        let (end, next) = step(raw, at, set);
        match end {
            Step::Chars => {
                at = match set {
                    Set::Ascii => {
                        let line = raw[at..].split_inclusive(|&b| b == b'\n').next().unwrap_or_default();
                        let length = line.iter().take_while(|&&b| is_plain(b)).count();
                        writer.keep(at..at + length);
                        at + length
                    }
                    Set::Katakana => writer.units(at, raw.len(), katakana),
                    Set::Kanji => writer.units(at, raw.len(), |bytes| double(bytes, &JIS_X_0208)),
                    Set::Supplement => writer.units(at, raw.len(), |bytes| double(bytes, &JIS_X_0212)),
                };
            }
            Step::Char(c, length) => {
                let mut rest = at + length;
                writer.char(c, at..rest, || following(whole, &mut rest, set));
                at += length;
            }
            Step::Skip(length) => at += length,
            Step::Byte => {
                writer.keep(at..at + 1);
                at += 1;
            }
        }
        set = next;
        if set != before {
            changed(at, set);
        }
    }
    (at, set)
}

/// What comes next in a text.
enum Step {
    /// One or more characters of the set in use that need no look around.
    Chars,
    /// A character of so many bytes.
    Char(char, usize),
    /// So many bytes that choose another set and write nothing.
    Skip(usize),
    /// A byte that stays as it is: a control character, or no character.
    Byte,
}

/// The next step at an offset, and the set in use after it.
fn step(raw: &[u8], at: usize, set: Set) -> (Step, Set) {
    let rest = &raw[at..];
    match rest[0] {
        ESCAPE => match escape(rest) {
            Some((next, length)) => (Step::Skip(length), next),
            None => (Step::Byte, set),
        },
        // Shift out and shift in (code page 50222).
        0x0E => (Step::Skip(1), Set::Katakana),
        0x0F => (Step::Skip(1), Set::Ascii),
        b'\n' if set != Set::Ascii && !goes_on(&rest[1..]) => (Step::Byte, Set::Ascii),
        ..0x80 if set == Set::Ascii => (Step::Chars, set),
        ..=0x20 | 0x7F => (Step::Byte, set),
        byte @ 0xA1..=0xDF => match KATAKANA[usize::from(byte)].char() {
            Some(c) => (Step::Char(c, 1), set),
            None => (Step::Byte, set),
        },
        0x80.. => (Step::Byte, set),
        byte => {
            let (entry, length) = match (set, rest) {
                (Set::Katakana, _) => (katakana(&[byte]), 1),
                (Set::Kanji, [a, b, ..]) => (double(&[*a, *b], &JIS_X_0208), 2),
                (Set::Supplement, [a, b, ..]) => (double(&[*a, *b], &JIS_X_0212), 2),
                _ => (Entry::INVALID, 1),
            };
            match entry.char() {
                Some(_) if entry.len() > 0 => (Step::Chars, set),
                Some(c) => (Step::Char(c, length), set),
                None => (Step::Byte, set),
            }
        }
    }
}

/// Does a line that begins within Japanese text go on in it? Writers return to ASCII before a
/// line ends (RFC 1468); where one did not, because a long line was broken on its way, the next
/// escape sequence of the line that follows is the one that returns.
fn goes_on(line: &[u8]) -> bool {
    match memchr::memchr2(ESCAPE, b'\n', line) {
        Some(at) => line[at..].starts_with(b"\x1B(B") || line[at..].starts_with(b"\x1B(J"),
        None => false,
    }
}

/// Is this a character of ASCII that changes nothing?
fn is_plain(byte: u8) -> bool {
    byte < 0x80 && !matches!(byte, ESCAPE | 0x0E | 0x0F)
}

fn katakana(bytes: &[u8; 1]) -> Entry {
    match bytes[0] {
        byte @ 0x21..=0x5F => KATAKANA[usize::from(byte | 0x80)],
        _ => Entry::INVALID,
    }
}

#[inline(always)]
fn double(bytes: &[u8; 2], table: &super::table::Table) -> Entry {
    if (bytes[0] | bytes[1]) & 0x80 != 0 {
        return Entry::INVALID;
    }
    table.get(bytes[0] | 0x80, bytes[1] | 0x80)
}

/// The character at an offset that is moved behind it, past changes of set.
fn following(raw: &[u8], at: &mut usize, mut set: Set) -> Option<char> {
    while *at < raw.len() {
        let (next, after) = step(raw, *at, set);
        set = after;
        let length = match next {
            Step::Char(c, length) => {
                *at += length;
                return Some(c);
            }
            Step::Skip(length) => length,
            Step::Byte => {
                *at += 1;
                return Some(char::from(raw[*at - 1]));
            }
            Step::Chars => {
                let rest = &raw[*at..];
                let (c, length) = match set {
                    Set::Ascii => (Some(char::from(rest[0])), 1),
                    Set::Katakana => (katakana(&[rest[0]]).char(), 1),
                    Set::Kanji => (double(rest.first_chunk()?, &JIS_X_0208).char(), 2),
                    Set::Supplement => (double(rest.first_chunk()?, &JIS_X_0212).char(), 2),
                };
                *at += length;
                return c;
            }
        };
        *at += length;
    }
    None
}

/// The last offset at or before `want` that is not within a character or an escape sequence,
/// where `raw` begins in the state given.
pub(super) fn boundary(raw: &[u8], set: Set, want: usize) -> usize {
    Steps { raw, at: 0, set }.map(|(end, _)| end).take_while(|end| *end <= want).last().unwrap_or(0)
}

/// Characters in `raw`, which begins in ASCII.
pub(super) fn count_chars(raw: &[u8]) -> u64 {
    Steps { raw, at: 0, set: Set::Ascii }.filter(|(_, is_char)| *is_char).count() as u64
}

/// Characters and escape sequences: the end of each, and whether it is a character.
struct Steps<'a> {
    raw: &'a [u8],
    at: usize,
    set: Set,
}

impl Iterator for Steps<'_> {
    type Item = (usize, bool);

    fn next(&mut self) -> Option<(usize, bool)> {
        if self.at >= self.raw.len() {
            return None;
        }
        let (next, after) = step(self.raw, self.at, self.set);
        let (length, is_char) = match next {
            Step::Skip(length) => (length, false),
            Step::Char(_, length) => (length, true),
            Step::Chars if self.set.is_double() => (2, true),
            Step::Chars | Step::Byte => (1, true),
        };
        self.at += length;
        self.set = after;
        Some((self.at, is_char))
    }
}
