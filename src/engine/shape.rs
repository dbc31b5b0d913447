//! The shape of a number: which of its bytes are digits and which are separators, and what
//! stands on either side.
//!
//! What a pattern means for numbers and a shape in; whether any text of that shape could be part
//! of a match, out. Most numbers (dates, amounts, versions) are dismissed by that for
//! all patterns at once, without a look at their bytes.

use regex_syntax::hir::{Hir, HirKind, Look};

use super::bytes::ByteSet;
use super::list::List;
use super::runs::bytes_in;

/// Bytes that may stand singly between the digits of one number.
pub(super) const SEPARATORS: ByteSet = ByteSet::of(b" -./()");

/// What is left of a pattern when bytes are only digits, separators and others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// One byte of a set: which [`Kind`]s of bytes are in it, one bit each.
    Byte(u16),
    /// The beginning of a text or line.
    Start,
    /// The end of a text or line.
    End,
    /// A word boundary.
    Boundary,
    /// One behind the other.
    Sequence(List<Part>),
    /// One of these.
    Any(List<Part>),
    /// The sequence so many times: at least, and at most.
    Repeat(u32, Option<u32>, List<Part>),
}

impl Part {
    /// From a pattern's syntax.
    pub(super) fn of(hir: &Hir) -> Part {
        match hir.kind() {
            HirKind::Empty => Part::Sequence(List::default()),
            HirKind::Look(Look::Start | Look::StartLF | Look::StartCRLF) => Part::Start,
            HirKind::Look(Look::End | Look::EndLF | Look::EndCRLF) => Part::End,
            HirKind::Look(Look::WordAscii | Look::WordUnicode) => Part::Boundary,
            HirKind::Look(_) => Part::Sequence(List::default()),
            HirKind::Literal(literal) => {
                Part::Sequence(literal.0.iter().map(|&byte| Part::byte(&ByteSet::of(&[byte]))).collect())
            }
            HirKind::Class(class) => Part::byte(&bytes_in(class)),
            HirKind::Capture(capture) => Part::of(&capture.sub),
            HirKind::Concat(parts) => Part::Sequence(parts.iter().map(Part::of).collect()),
            HirKind::Alternation(branches) => Part::Any(branches.iter().map(Part::of).collect()),
            HirKind::Repetition(r) => Part::Repeat(r.min, r.max, vec![Part::of(&r.sub)].into()),
        }
    }

    fn byte(set: &ByteSet) -> Part {
        let kind = |bit| {
            ByteSet(std::array::from_fn(|i| (0..64).filter(|b| KINDS[i * 64 + b] == bit).fold(0, |m, b| m | 1 << b)))
        };
        let kinds = (0..16).filter(|&bit| !set.is_disjoint(&kind(bit))).fold(0, |kinds, bit| kinds | 1 << bit);
        let separator = if set.is_disjoint(&SEPARATORS) { 0 } else { SEPARATOR };
        Part::Byte(kinds | separator)
    }
}

/// What a byte is, as far as patterns of numbers tell bytes apart: the number of a bit. Digits are
/// 0; 1 is never a byte's kind.
type Kind = u8;
/// The bit for any separator inside of a number.
const SEPARATOR: u16 = 1 << 1;
/// Letters and digits of other scripts may be word characters.
const BEYOND_ASCII: Kind = 2;
const LETTER: Kind = 3;
const UNDERSCORE: Kind = 4;
/// All that is not named here; line ends among them.
const OTHER: Kind = 5;
/// The beginning or the end of the text.
const EDGE: Kind = 15;
/// The kinds of bytes.
const KINDS: [Kind; 256] = {
    let mut kinds = [BEYOND_ASCII; 256];
    let mut byte = 0;
    while byte < 128 {
        let here = byte as u8;
        kinds[byte] = match here {
            b'0'..=b'9' => 0,
            b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            b'_' => UNDERSCORE,
            b'.' => 6,
            b'-' => 7,
            b'+' => 8,
            b'/' => 9,
            b'=' => 10,
            b' ' => 11,
            b'(' | b')' => 12,
            b'%' | b'#' | b'*' => 13,
            b':' => 14,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// The shape of a number of at most [`Shape::LONGEST`] bytes. Before and behind it stands no
/// digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Bit `i`: byte `i` is a digit.
    digits: u64,
    length: u32,
    before: Kind,
    after: Kind,
}

impl Shape {
    /// Bytes of the longest number that has a shape.
    pub(super) const LONGEST: u32 = 61;

    /// From masks that begin with the number's first byte: where digits are, and which bytes
    /// belong to numbers at all. `None` if it is longer than the masks can tell; `known` bits of
    /// them are known. The number begins at `at` in `text`.
    #[inline]
    pub(super) fn new(digits: u64, numbers: u64, known: u32, text: &[u8], at: usize) -> Option<Shape> {
        let length = numbers.trailing_ones();
        (length < known && length <= Shape::LONGEST).then(|| {
            let kind = |byte: Option<&u8>| byte.map_or(EDGE, |&byte| KINDS[usize::from(byte)]);
            let before = kind(at.checked_sub(1).and_then(|before| text.get(before)));
            let after = kind(text.get(at + length as usize));
            Shape { digits: digits & ((1 << length) - 1), length, before, after }
        })
    }

    /// A number that differs from shape to shape, and is never 0.
    #[inline]
    pub(super) fn key(self) -> (u64, u8) {
        (self.digits | 1 << self.length, self.before << 4 | self.after)
    }

    /// Its length in bytes.
    #[inline]
    pub(super) fn length(self) -> usize {
        self.length as usize
    }

    /// How many digits it has.
    #[inline]
    pub(super) fn count(self) -> usize {
        self.digits.count_ones() as usize
    }

    /// Can a match of the pattern contain `least` digits or more of such a number?
    pub(super) fn fits(self, pattern: &Part, least: usize) -> bool {
        if self.count() < least {
            return false;
        }
        // A match may begin before the number, or where enough digits follow; and it ends behind
        // the first digits that are enough.
        let mut starts = if self.before == EDGE { 0 } else { OUTSIDE_BEFORE };
        for i in 0..self.length {
            if (self.digits >> i).count_ones() as usize >= least {
                starts |= FIRST << i;
            }
        }
        let nth = (0..self.length).filter(|&i| self.digits >> i & 1 != 0).nth(least - 1).unwrap_or(0);
        let ends = self.after(pattern, starts);
        ends & !0 << (nth + 2) != 0
    }

    /// The places at which matches of the part can end that begin at one of `places`.
    ///
    /// A place is before a byte of the number, before its end, or anywhere outside; but for the
    /// bytes next to the number, what stands outside is unknown.
    fn after(self, part: &Part, places: u64) -> u64 {
        if places == 0 {
            return 0;
        }
        let end = FIRST << self.length;
        // A line can begin or end behind or before these.
        let line = |kind: Kind| matches!(kind, EDGE | OTHER);
        match part {
            &Part::Byte(kinds) => self.step(kinds, places),
            Part::Start => places & (OUTSIDE_BEFORE | if line(self.before) { FIRST } else { 0 }),
            Part::End => places & (end << 1 | if line(self.after) { end } else { 0 }),
            // Inside, where a digit meets a separator; at both ends, what is outside decides.
            Part::Boundary => {
                let changes = (self.digits ^ self.digits << 1) & ((1 << self.length) - 2);
                let at = |kind: Kind, place| if matches!(kind, LETTER | UNDERSCORE) { 0 } else { place };
                places & (OUTSIDE_BEFORE | at(self.before, FIRST) | changes << 1 | at(self.after, end) | end << 1)
            }
            Part::Sequence(parts) => self.after_all(parts, places),
            Part::Any(branches) => branches.iter().fold(0, |all, branch| all | self.after(branch, places)),
            Part::Repeat(min, max, parts) => {
                let (mut here, mut all) = (places, if *min == 0 { places } else { 0 });
                let mut times = 0;
                while here != 0 && max.is_none_or(|max| times < max) {
                    let next = self.after_all(parts, here);
                    times += 1;
                    if times >= *min {
                        if next & !all == 0 {
                            break;
                        }
                        all |= next;
                    } else if next == here {
                        // Once more changes nothing, however often.
                        return if *min == 0 { all } else { next };
                    }
                    here = next;
                }
                all
            }
        }
    }

    fn after_all(self, parts: &[Part], places: u64) -> u64 {
        parts.iter().fold(places, |places, part| self.after(part, places))
    }

    /// One byte of these kinds.
    fn step(self, kinds: u16, places: u64) -> u64 {
        let (end, behind) = (FIRST << self.length, FIRST << (self.length + 1));
        let inside = (FIRST << self.length) - FIRST;
        let digits = self.digits << 1;
        let mut here = 0;
        if kinds & 1 != 0 {
            here |= digits;
        }
        if kinds & SEPARATOR != 0 {
            here |= inside & !digits;
        }
        let mut next = (places & here) << 1;
        if places & OUTSIDE_BEFORE != 0 {
            next |= OUTSIDE_BEFORE;
            if kinds >> self.before & 1 != 0 {
                next |= FIRST;
            }
        }
        if places & behind != 0 || places & end != 0 && kinds >> self.after & 1 != 0 {
            next |= behind;
        }
        next
    }
}

/// The place that stands for all before the number.
const OUTSIDE_BEFORE: u64 = 1;
/// The place before the number's first byte; those of the others follow.
const FIRST: u64 = 1 << 1;

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::*;

    fn within(before: &str, number: &str, after: &str) -> Shape {
        let mask = |is: &dyn Fn(u8) -> bool| {
            number.bytes().enumerate().fold(0, |mask, (i, byte)| mask | u64::from(is(byte)) << i)
        };
        let text = [before, number, after].concat();
        Shape::new(mask(&|b| b.is_ascii_digit()), mask(&|_| true), 64, text.as_bytes(), before.len()).unwrap()
    }

    /// Does it fit with anything beside it?
    fn fits(pattern: &str, least: usize, number: &str) -> bool {
        let part = Part::of(&ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap());
        let beside = ["", " ", "a", "人"];
        beside.iter().any(|before| beside.iter().any(|after| within(before, number, after).fits(&part, least)))
    }

    #[test]
    fn numbers_are_dismissed_by_their_shape() {
        let postal = r"(?:^|[^0-9A-Za-z_.+-])(?P<value>\d{3}-?\d{4})(?:[^0-9A-Za-z_.-]|[.-](?:[^0-9]|$)|$)";
        for number in ["150-0001", "1500001", "150.0001", "12 150-0001", "150-0001 3"] {
            assert!(fits(postal, 7, number), "{number}");
        }
        for number in ["2024-01-15", "12345.67", "12345678", "1-50-0001", "15000.01"] {
            assert!(!fits(postal, 7, number), "{number}");
        }
        let passport = r"\b[A-Z]{2}\d{7}\b";
        assert!(fits(passport, 7, "1234567"));
        assert!(!fits(passport, 7, "12345678") && !fits(passport, 7, "123-4567"));
        let bare = r"\b\d{7}\b";
        assert!(fits(bare, 7, "1234567") && fits(bare, 7, "12-1234567-3"));
        assert!(!fits(bare, 7, "12345678") && !fits(r"\d{7}$", 7, "1234567-8") && fits(r"\d{7}$", 7, "1-1234567"));
        let card = r"\d{4}(?:[ -]?\d{4}){3}";
        assert!(fits(card, 16, "4111111111111111") && fits(card, 16, "4111-1111-1111-1111"));
        assert!(fits(card, 16, "2024 4111 1111 1111 1111 12") && fits(card, 16, "00411111111111111100"));
        assert!(!fits(card, 16, "411-1111-1111-11111") && !fits(card, 16, "41111111 111111"));
    }

    #[test]
    fn what_stands_beside_a_number_decides() {
        let hir = |pattern: &str| ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap();
        let part = Part::of(&hir(r"(?m:^|[^0-9A-Za-z_.+/-])(?P<value>\d{7})(?:[^0-9A-Za-z_.-]|\.(?:[^0-9]|$)|$)"));
        for (before, after) in [("", ""), (" ", "\n"), ("\n", "."), ("：", "円"), ("\"", "\r")] {
            assert!(within(before, "1234567", after).fits(&part, 7), "{before:?} {after:?}");
        }
        for (before, after) in [("a", ""), ("", "a"), ("_", ""), ("+", " "), (" ", "-"), (".", ".")] {
            assert!(!within(before, "1234567", after).fits(&part, 7), "{before:?} {after:?}");
        }
        let part = Part::of(&hir(r"\b\d{7}\b"));
        assert!(within("-", "1234567", "=").fits(&part, 7) && within("é", "1234567", "é").fits(&part, 7));
        assert!(!within("a", "1234567", "").fits(&part, 7) && !within("", "1234567", "_").fits(&part, 7));
        let part = Part::of(&hir(r"[A-Z]{2}\d{7}x?"));
        assert!(within("AB", "1234567", "").fits(&part, 7) && !within("", "1234567", "").fits(&part, 7));
        assert!(!within(" ", "1234567", "x").fits(&part, 7));
    }

    #[test]
    fn what_stands_farther_away_is_unknown() {
        // A separator is one or another.
        assert!(fits(r"\d{3}-\d{4}", 7, "150.0001"));
        assert!(fits(r"[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}", 10, "12 3456 7890"));
        assert!(fits(r"[^0-9]x?\d{7}(?:[a-z]{3}\d{4}){0,400}", 7, "1234567"));
        assert!(!fits(r"[^0-9]x?\d{7}[0-9]", 7, "1234567"));
        assert!(fits(r"(?u:\p{Han}{2})\d{7}", 7, "1234567"));
        assert!(fits(r"(?:\d\d)+", 8, "12345678") && !fits(r"(?:\d\d-)+", 8, "12345678"));
    }

    #[test]
    fn masks_that_end_too_early_have_no_shape() {
        assert_eq!(Shape::new(u64::MAX, u64::MAX, 64, b"", 0), None);
        assert_eq!(Shape::new(0b111, 0b111, 3, b"", 0), None);
        assert!(Shape::new((1 << 61) - 1, (1 << 61) - 1, 64, b"", 0).is_some());
    }
}
