//! A rougher, smaller expression in place of a large one.
//!
//! Syntax in; syntax out that matches at the beginning of every text at whose beginning the
//! first matches, and of some others. For looking ahead cheaply; never for confirming.

use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

use super::runs::shortest;

/// Which repeats are counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counting {
    /// Repeats that can be longer are taken to be endless: that needs no counting.
    pub longest: u32,
    /// But those of one length are counted up to this.
    pub longest_exact: u32,
    /// So many times of an endless repeat are demanded, at most.
    pub demanded: u32,
}

/// For what follows a literal: it is short.
const FOLLOWING: Counting = Counting { longest: 64, longest_exact: 64, demanded: 16 };
/// Once so many bytes are demanded, what follows is left out.
const ENOUGH: usize = 24;
/// Beyond ASCII, classes of more ranges are not told from others.
const MOST_RANGES: usize = 4;

/// The beginning of a sequence of parts.
pub(super) fn shortened(parts: &[Hir]) -> Hir {
    let mut kept = Vec::new();
    let mut demanded = 0;
    for part in parts {
        if let HirKind::Repetition(r) = part.kind()
            && r.min > 0
            && FOLLOWING.is_long(r)
        {
            // What follows could be anywhere.
            let times = r.min.min(FOLLOWING.demanded);
            kept.push(FOLLOWING.repeated(r, times, Some(times)));
            break;
        }
        kept.push(FOLLOWING.rough(part));
        demanded += shortest(part);
        if demanded >= ENOUGH {
            break;
        }
    }
    Hir::concat(kept)
}

impl Counting {
    fn is_long(self, r: &Repetition) -> bool {
        let longest = if r.max == Some(r.min) { self.longest_exact } else { self.longest };
        r.max.is_none_or(|max| max > longest)
    }

    fn repeated(self, r: &Repetition, min: u32, max: Option<u32>) -> Hir {
        let mut sub = self.rough(&r.sub);
        if matches!(sub.kind(), HirKind::Repetition(_)) {
            // Else it would be written as `a{2}?`, which means something else when read again.
            sub = Hir::capture(Capture { index: 1, name: None, sub: Box::new(sub) });
        }
        Hir::repetition(Repetition { min, max, greedy: r.greedy, sub: Box::new(sub) })
    }

    /// An expression that matches at the beginning of every text at whose beginning this one does.
    pub(super) fn rough(self, hir: &Hir) -> Hir {
        match hir.kind() {
            HirKind::Class(Class::Unicode(class)) if class.ranges().len() > MOST_RANGES => {
                let ascii = class.ranges().iter().filter(|r| r.start().is_ascii());
                let ascii = ascii.map(|r| ClassBytesRange::new(r.start() as u8, r.end().min('\x7F') as u8));
                let beyond = Hir::class(Class::Bytes(ClassBytes::new([ClassBytesRange::new(0x80, 0xFF)])));
                let character = Repetition { min: 2, max: Some(4), greedy: true, sub: Box::new(beyond) };
                let ascii = ClassBytes::new(ascii);
                let beyond = Hir::repetition(character);
                if ascii.ranges().is_empty() {
                    return beyond;
                }
                Hir::alternation(vec![Hir::class(Class::Bytes(ascii)), beyond])
            }
            HirKind::Repetition(r) if self.is_long(r) => self.repeated(r, r.min.min(self.demanded), None),
            HirKind::Repetition(r) => self.repeated(r, r.min, r.max),
            HirKind::Capture(capture) => self.rough(&capture.sub),
            HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| self.rough(part)).collect()),
            HirKind::Alternation(branches) => {
                Hir::alternation(branches.iter().map(|branch| self.rough(branch)).collect())
            }
            // Automata cannot decide these.
            HirKind::Look(
                Look::WordUnicode
                | Look::WordUnicodeNegate
                | Look::WordStartUnicode
                | Look::WordEndUnicode
                | Look::WordStartHalfUnicode
                | Look::WordEndHalfUnicode,
            ) => Hir::empty(),
            HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => hir.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::*;

    #[test]
    fn what_is_kept() {
        let cases = [
            (r"[a-z]{36}\b", r"(?-u:[a-z]){36}"),
            (r"\b[a-z]{3}(?:=|:)[a-z]{2,300}x", r"(?-u:\b)(?-u:[a-z]){3}[:=](?-u:[a-z]){2}"),
            (r"[a-z]{30,300}x", r"(?-u:[a-z]){16}"),
            (r"a[^x]{0,400}b", r"a(?-u:[^x])*b"),
            (r"(?u:\p{Han})x", r"(?:(?-u:[\x80-\xFF]){2,4})x"),
            (r"(?u:[あい])x", r"[あい]x"),
            (r"x(?:[a-z]{2})?y", r"x((?-u:[a-z]){2})?y"),
        ];
        for (pattern, expected) in cases {
            let parse = |p| ParserBuilder::new().unicode(false).utf8(false).build().parse(p).unwrap();
            let parts = match parse(pattern).into_kind() {
                HirKind::Concat(parts) => parts,
                other => panic!("{pattern}: {other:?}"),
            };
            let expected = ParserBuilder::new().utf8(false).build().parse(expected).unwrap();
            assert_eq!(shortened(&parts).to_string(), expected.to_string(), "{pattern}");
        }
    }
}
