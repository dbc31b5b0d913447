//! Whether a dash, a rule or the kana ー stands for a hyphen, by what stands around it.
//!
//! `03ー1234` and `2丁目3−1` are numbers in parts; `サーバー` and `1 ― 2` of a list heading are
//! not touched. All that is looked at is one character on each side, past one space.

use super::fold::{Fold, Hyphen, fold};

/// Does a character between `before` (UTF-8 that ends right before it) and `after` (the
/// characters that follow it, not folded) mean `-`?
pub(super) fn is_hyphen(kind: Hyphen, before: &[u8], after: &mut dyn FnMut() -> Option<char>) -> bool {
    let fits = |side: Side| match kind {
        Hyphen::Short => side >= Side::Letter,
        Hyphen::Long(_) => side == Side::Digit,
    };
    let mut before = Backward(before);
    let left = match before.next() {
        Some(' ') => before.next().map_or(Side::Other, |c| side(c, ')').only_digit()),
        Some(c) => side(c, ')'),
        None => Side::Other,
    };
    if !fits(left) {
        return false;
    }
    let mut after = std::iter::from_fn(after).filter_map(|c| match fold(c) {
        Fold::Drop => None,
        Fold::To(c) => Some(c),
        _ => Some(c),
    });
    let right = match after.next() {
        Some(' ') => after.next().map_or(Side::Other, |c| side(c, '(').only_digit()),
        Some(c) => side(c, '('),
        None => Side::Other,
    };
    fits(right)
}

/// What stands next to a dash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Other,
    Letter,
    /// Also a bracket around digits.
    Digit,
}

impl Side {
    fn only_digit(self) -> Side {
        if self == Side::Letter { Side::Other } else { self }
    }
}

fn side(c: char, bracket: char) -> Side {
    match c {
        '0'..='9' | '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            Side::Digit
        }
        'a'..='z' | 'A'..='Z' => Side::Letter,
        c if c == bracket => Side::Digit,
        _ => Side::Other,
    }
}

/// The characters of UTF-8 from its end; stops at what is not UTF-8.
struct Backward<'a>(&'a [u8]);

impl Iterator for Backward<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let start = self.0.iter().rposition(|b| b & 0xC0 != 0x80)?;
        let (rest, last) = self.0.split_at(start);
        self.0 = rest;
        std::str::from_utf8(last).ok()?.chars().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(before: &str, after: &str) -> bool {
        let mut after = after.chars();
        is_hyphen(Hyphen::Long('ー'), before.as_bytes(), &mut || after.next())
    }

    fn short(before: &str, after: &str) -> bool {
        let mut after = after.chars();
        is_hyphen(Hyphen::Short, before.as_bytes(), &mut || after.next())
    }

    #[test]
    fn a_long_dash_counts_between_digits_only() {
        assert!(long("1丁目2", "3"));
        assert!(long("03", "１２３４"));
        assert!(long("03)", "1234") && long("03", "(1234)") && long("03", "（１"));
        assert!(long("三", "五"));
        assert!(long("03 ", " 1234") && long("03", "\u{200B}1"));
        assert!(!long("サ", "バ") && !long("2", "バ") && !long("", "1") && !long("1", ""));
        assert!(!long("A", "1") && !long("a ", " 1"));
    }

    #[test]
    fn a_hyphen_counts_between_letters_too() {
        assert!(short("A", "101") && short("foo", "bar") && short("T", "１"));
        assert!(!short("田", "1") && !short("word ", " word"));
        assert!(short("10 ", " 20"));
    }
}
