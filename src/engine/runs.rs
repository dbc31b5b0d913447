//! Proves from a pattern's syntax that every match contains a long run of token characters.
//!
//! Parts of a pattern in; where such a run must be, out. A run found here is a fact about every
//! match, never a guess: the prefilter looks for a gated pattern nowhere else.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::bytes::ByteSet;

/// The runs that the structural pass finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum RunKind {
    /// At least 16 ASCII letters and digits.
    Alnum,
    /// At least 24 ASCII letters, digits, `_` and `-`.
    Token,
}

impl RunKind {
    /// The bytes that such a run is made of.
    pub(super) fn bytes(self) -> ByteSet {
        match self {
            RunKind::Alnum => ByteSet::ALNUM,
            RunKind::Token => ByteSet::TOKEN,
        }
    }

    /// Its least length in bytes. Measured: letters and digits alone hardly ever stand together
    /// 16 times in text, while names with `_` and `-` do, three times in a kilobyte, of 16
    /// bytes, and 0.6 times of 24.
    pub(super) const fn least(self) -> usize {
        match self {
            RunKind::Alnum => 16,
            RunKind::Token => 24,
        }
    }
}

/// A run that every match of a sequence of parts contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The part from whose beginning `start` counts.
    pub part: usize,
    /// Least and greatest offset of the run's beginning, in bytes.
    pub start: (isize, isize),
    /// Its least length in bytes.
    pub length: usize,
    /// The byte before it (if there is one) is proven to be no byte of the run's kind.
    pub exact: bool,
}

/// The runs of a kind that every match of the sequence `parts` contains.
pub(super) fn runs(parts: &[Hir], kind: RunKind) -> Vec<Run> {
    let set = kind.bytes();
    let mut found = Vec::new();
    // Every maximal sequence of parts that consist of the set's bytes, together with what the
    // parts before and behind it add; between two other parts the sequence may be empty.
    let mut from = 0;
    while from <= parts.len() {
        while parts.get(from).is_some_and(|p| matches!(p.kind(), HirKind::Look(_))) {
            from += 1;
        }
        let end = from + parts[from..].iter().take_while(|p| consists_of(p, &set)).count();
        let touching = from.checked_sub(1).map_or(0, |i| tail(&parts[i], &set));
        let inside: usize = parts[from..end].iter().map(shortest).sum();
        let behind = parts.get(end).map_or(0, |p| head(p, &set));
        let length = touching + inside + behind;
        if length >= kind.least() {
            let start = -(touching as isize);
            // In a run of letters and digits, a word character follows.
            let outside = before(&parts[..from], kind == RunKind::Alnum);
            let exact = touching == 0 && outside.set.is_disjoint(&set);
            found.push(Run { part: from, start: (start, start), length, exact });
        }
        if let Some((start, length)) = parts.get(end).and_then(|p| inner(p, kind)) {
            found.push(Run { part: end, start, length, exact: false });
        }
        from = end + 1;
    }
    found
}

/// Where in every match of one part a run begins (least, greatest offset), and its length.
fn inner(hir: &Hir, kind: RunKind) -> Option<((isize, isize), usize)> {
    if consists_of(hir, &kind.bytes()) {
        return (shortest(hir) >= kind.least()).then(|| ((0, 0), shortest(hir)));
    }
    match hir.kind() {
        HirKind::Capture(capture) => inner(&capture.sub, kind),
        HirKind::Repetition(r) if r.min > 0 => inner(&r.sub, kind),
        HirKind::Alternation(branches) => {
            let mut all: Option<((isize, isize), usize)> = None;
            for branch in branches {
                let ((least, most), length) = inner(branch, kind)?;
                let ((l, m), n) = all.unwrap_or(((least, most), length));
                all = Some(((l.min(least), m.max(most)), n.min(length)));
            }
            all
        }
        HirKind::Concat(parts) => {
            let run = runs(parts, kind).into_iter().next()?;
            let before = &parts[..run.part];
            let least: usize = before.iter().map(shortest).sum();
            let most: usize = before.iter().map(longest).fold(0, usize::saturating_add);
            Some(((least as isize + run.start.0, most as isize + run.start.1), run.length))
        }
        _ => None,
    }
}

/// Length in bytes of the shortest match.
pub(super) fn shortest(hir: &Hir) -> usize {
    hir.properties().minimum_len().unwrap_or(0)
}

/// Length in bytes of the longest match; large if there is no bound.
pub(super) fn longest(hir: &Hir) -> usize {
    hir.properties().maximum_len().unwrap_or(isize::MAX as usize).min(1 << 30)
}

/// Do all matches consist of bytes of the set? (The empty match does.)
fn consists_of(hir: &Hir, set: &ByteSet) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.iter().all(|&b| set.contains(b)),
        HirKind::Class(class) => bytes_in(class).is_subset(set),
        HirKind::Repetition(r) => consists_of(&r.sub, set),
        HirKind::Capture(capture) => consists_of(&capture.sub, set),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(|p| consists_of(p, set)),
    }
}

/// With how many bytes of the set every match begins, at least.
pub(super) fn head(hir: &Hir, set: &ByteSet) -> usize {
    edge(hir, set, |parts| parts.iter().collect(), |bytes| bytes.iter().take_while(|&&b| set.contains(b)).count())
}

/// With how many bytes of the set every match ends, at least.
fn tail(hir: &Hir, set: &ByteSet) -> usize {
    edge(
        hir,
        set,
        |parts| parts.iter().rev().collect(),
        |bytes| bytes.iter().rev().take_while(|&&b| set.contains(b)).count(),
    )
}

fn edge<'h>(
    hir: &'h Hir,
    set: &ByteSet,
    order: fn(&'h [Hir]) -> Vec<&'h Hir>,
    literal: impl Fn(&[u8]) -> usize + Copy,
) -> usize {
    if consists_of(hir, set) {
        return shortest(hir);
    }
    match hir.kind() {
        HirKind::Literal(bytes) => literal(&bytes.0),
        HirKind::Repetition(r) if r.min > 0 => edge(&r.sub, set, order, literal),
        HirKind::Capture(capture) => edge(&capture.sub, set, order, literal),
        HirKind::Alternation(branches) => branches.iter().map(|b| edge(b, set, order, literal)).min().unwrap_or(0),
        HirKind::Concat(parts) => {
            let mut length = 0;
            for part in order(parts) {
                length += edge(part, set, order, literal);
                if !consists_of(part, set) {
                    break;
                }
            }
            length
        }
        _ => 0,
    }
}

/// Every byte that can stand in a text of the class; beyond ASCII more than that.
pub(super) fn bytes_in(class: &Class) -> ByteSet {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Bytes(bytes) => bytes.iter().map(|r| (r.start().into(), r.end().into())).collect(),
        Class::Unicode(chars) => chars.iter().map(|r| (r.start().into(), r.end().into())).collect(),
    };
    let mut set = ByteSet::default();
    for (first, last) in ranges {
        let unicode = matches!(class, Class::Unicode(_));
        let greatest = if unicode { 0x7F } else { 0xFF };
        if first <= greatest {
            set = set.with_ranges(&[(first as u8, last.min(greatest) as u8)]);
        }
        if unicode && last > 0x7F {
            set = set.union(ByteSet::BEYOND_ASCII);
        }
    }
    set
}

/// What can stand directly before the place where parts have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    /// One of these bytes.
    pub set: ByteSet,
    /// Or the beginning of the text.
    pub start: bool,
}

/// What can stand before the place behind `parts`; `word` if a word character must follow.
/// Nothing is known of what stands before the first part.
pub(super) fn before(parts: &[Hir], word: bool) -> Before {
    let (set, start, open) = ends(parts, word);
    if open { Before { set: ByteSet::ALL, start: true } } else { Before { set, start } }
}

/// The bytes by which parts can end, whether the text's beginning can be there, and whether the
/// parts can be empty.
fn ends(parts: &[Hir], word: bool) -> (ByteSet, bool, bool) {
    let (mut set, mut start) = (ByteSet::default(), false);
    for part in parts.iter().rev() {
        let (bytes, begins, open) = end(part, word);
        (set, start) = (set.union(bytes), start || begins);
        if !open {
            return (set, start, false);
        }
    }
    (set, start, true)
}

fn end(hir: &Hir, word: bool) -> (ByteSet, bool, bool) {
    match hir.kind() {
        HirKind::Empty => (ByteSet::default(), false, true),
        HirKind::Literal(literal) => (ByteSet::of(&literal.0[literal.0.len().saturating_sub(1)..]), false, false),
        HirKind::Class(class) => (bytes_in(class), false, false),
        HirKind::Look(Look::Start) => (ByteSet::default(), true, false),
        HirKind::Look(Look::StartLF) => (ByteSet::of(b"\n"), true, false),
        HirKind::Look(Look::StartCRLF) => (ByteSet::of(b"\r\n"), true, false),
        HirKind::Look(Look::WordAscii | Look::WordStartAscii) if word => (ByteSet::WORD.not(), true, false),
        HirKind::Look(_) => (ByteSet::default(), false, true),
        HirKind::Repetition(r) => {
            let (set, start, open) = end(&r.sub, word);
            (set, start, open || r.min == 0)
        }
        HirKind::Capture(capture) => end(&capture.sub, word),
        HirKind::Concat(parts) => ends(parts, word),
        HirKind::Alternation(branches) => {
            let all = branches.iter().map(|branch| end(branch, word));
            all.fold((ByteSet::default(), false, false), |a, b| (a.0.union(b.0), a.1 || b.1, a.2 || b.2))
        }
    }
}
