//! Which literals every match of an expression contains.
//!
//! Syntax in; a set of literals of which at least one is in every match, and where, out. ASCII
//! letters are in lower case throughout: literals are looked up without regard to case.

use std::cmp::Reverse;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::rarity::{bits, share};
use super::runs::{longest, shortest};

/// A set of literals, one of which must occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    pub literals: Vec<Vec<u8>>,
    /// Least and greatest offset of the literal's beginning, in bytes.
    pub offset: (usize, usize),
}

/// More alternatives than this make a worse prefilter than a shorter literal elsewhere.
const MOST_LITERALS: usize = 64;
/// A class with more members is not spelled out.
const MOST_MEMBERS: usize = 8;
/// Of more literals than these, none is kept that begins with another.
const MOST_ENDINGS: usize = 8;
/// What looking for one more literal costs, as the share of texts' places at which it would stand;
/// Japanese ones are looked up at certain places only.
const EACH: u64 = bits(18);
const EACH_JAPANESE: u64 = bits(24);
/// Shorter literals are used only if there is nothing else.
const SHORTEST_GOOD: usize = 3;

impl Set {
    /// Orders sets by how rarely they will be met; the best is the greatest.
    pub(super) fn rank(&self) -> (bool, Reverse<u64>, Reverse<usize>) {
        let shortest = self.literals.iter().map(Vec::len).min().unwrap_or(0);
        let cost = self.literals.iter().map(|l| cost(l)).fold(0, u64::saturating_add);
        (shortest >= SHORTEST_GOOD, Reverse(cost), Reverse(self.offset.1))
    }

    fn tidy(mut self) -> Option<Set> {
        self.literals.sort();
        self.literals.dedup();
        let usable = self.literals.len() <= MOST_LITERALS && self.literals.iter().all(|l| !l.is_empty());
        (usable && !self.literals.is_empty()).then_some(self)
    }
}

fn cost(literal: &[u8]) -> u64 {
    let japanese = literal.iter().any(|&byte| byte >= 0xE3);
    share(literal) + if japanese { EACH_JAPANESE } else { EACH }
}

/// The best set of literals for one expression; offsets count from its beginning.
pub(super) fn best(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(_) | HirKind::Class(_) => {
            spelled_out(hir).and_then(|literals| Set { literals, offset: (0, 0) }.tidy())
        }
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Repetition(_) => None,
        HirKind::Alternation(branches) => {
            let mut all = Set { literals: Vec::new(), offset: (usize::MAX, 0) };
            for branch in branches {
                let set = best(branch)?;
                all.offset = (all.offset.0.min(set.offset.0), all.offset.1.max(set.offset.1));
                all.literals.extend(set.literals);
            }
            all.tidy()
        }
        HirKind::Concat(parts) => {
            let sets = sets(parts).into_iter().map(|placed| {
                let before = &parts[..placed.part];
                let least: usize = before.iter().map(shortest).sum();
                let most = before.iter().map(longest).fold(0, usize::saturating_add);
                let (first, last) = placed.set.offset;
                Set { offset: (least + first, most.saturating_add(last)), ..placed.set }
            });
            sets.max_by_key(Set::rank)
        }
    }
}

/// A set whose offsets count from the beginning of the part `part`.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub part: usize,
    /// The part behind the literals, where these are whole parts.
    pub end: Option<usize>,
    pub set: Set,
}

/// All sets of a sequence of parts: the best of each part, and what neighbours spell together.
pub(super) fn sets(parts: &[Hir]) -> Vec<Placed> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < parts.len() {
        let segments = segments(&parts[from..]);
        let Some(last) = segments.last() else {
            if let Some(set) = best(&parts[from]) {
                found.push(Placed { part: from, end: None, set });
            }
            from += 1;
            continue;
        };
        // Longer literals are rarer, fewer are cheaper: each stretch of neighbours is offered.
        for (i, first) in segments.iter().enumerate() {
            let looks = parts[from + first.start..].iter().take_while(|p| matches!(p.kind(), HirKind::Look(_)));
            let start = from + first.start + looks.count();
            let mut texts = vec![Vec::new()];
            for segment in &segments[i..] {
                texts = cross(&texts, &segment.texts);
                if texts.len() > MOST_LITERALS {
                    break;
                }
                found.extend(placed(start, from + segment.end, texts.clone()));
            }
        }
        from += last.end;
    }
    found
}

/// Neighbouring parts that spell a few texts together: either one text, or one part's.
struct Segment {
    start: usize,
    end: usize,
    texts: Vec<Vec<u8>>,
}

/// The segments at the beginning of a sequence, up to what cannot be spelled out. What may be
/// left out ends them, else there would be a literal with it and one without it.
fn segments(parts: &[Hir]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let look = matches!(part.kind(), HirKind::Look(_));
        match spelled_out(part) {
            Some(texts) if look || !texts.contains(&Vec::new()) => match segments.last_mut() {
                Some(last) if last.texts.len() == 1 && texts.len() == 1 => {
                    last.texts = cross(&last.texts, &texts);
                    last.end = i + 1;
                }
                _ => segments.push(Segment { start: i, end: i + 1, texts }),
            },
            _ => break,
        }
    }
    segments
}

fn placed(part: usize, end: usize, literals: Vec<Vec<u8>>) -> Option<Placed> {
    let mut set = Set { literals, offset: (0, 0) }.tidy()?;
    let all = set.literals.len();
    if all > MOST_ENDINGS {
        // Where a literal stands, those that it begins with stand as well.
        set.literals.dedup_by(|next, kept| next.starts_with(kept));
    }
    let end = (set.literals.len() == all).then_some(end);
    Some(Placed { part, end, set })
}

fn cross(left: &[Vec<u8>], right: &[Vec<u8>]) -> Vec<Vec<u8>> {
    left.iter().flat_map(|l| right.iter().map(move |r| [&l[..], &r[..]].concat())).collect()
}

/// All texts that a part matches, where those are few. Look-around says nothing about texts.
pub(super) fn spelled_out(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![Vec::new()]),
        HirKind::Literal(literal) => Some(vec![literal.0.to_ascii_lowercase()]),
        HirKind::Capture(capture) => spelled_out(&capture.sub),
        HirKind::Class(class) => members(class),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(spelled_out(branch)?);
            }
            few(all)
        }
        HirKind::Concat(parts) => {
            let mut all = vec![Vec::new()];
            for part in parts {
                let next = spelled_out(part)?;
                if all.len() * next.len() > MOST_LITERALS {
                    return None;
                }
                all = cross(&all, &next);
            }
            few(all)
        }
        HirKind::Repetition(r) => {
            let most = r.max.filter(|&most| most <= MOST_MEMBERS as u32)?;
            let once = spelled_out(&r.sub)?;
            let mut all = Vec::new();
            let mut times = vec![Vec::new()];
            for n in 0..=most {
                if n >= r.min {
                    all.extend(times.iter().cloned());
                }
                if all.len().max(times.len() * once.len()) > MOST_LITERALS {
                    return None;
                }
                times = cross(&times, &once);
            }
            few(all)
        }
    }
}

fn few(mut texts: Vec<Vec<u8>>) -> Option<Vec<Vec<u8>>> {
    texts.sort();
    texts.dedup();
    (texts.len() <= MOST_LITERALS).then_some(texts)
}

fn members(class: &Class) -> Option<Vec<Vec<u8>>> {
    let count: usize = match class {
        Class::Bytes(bytes) => bytes.iter().map(|r| r.len()).sum(),
        Class::Unicode(chars) => chars.iter().map(|r| r.len()).sum(),
    };
    if count > MOST_MEMBERS * 2 {
        return None;
    }
    let all = match class {
        Class::Bytes(bytes) => {
            bytes.iter().flat_map(|r| r.start()..=r.end()).map(|b| vec![b.to_ascii_lowercase()]).collect()
        }
        Class::Unicode(chars) => chars
            .iter()
            .flat_map(|r| r.start()..=r.end())
            .map(|c| c.to_ascii_lowercase().to_string().into_bytes())
            .collect(),
    };
    few(all).filter(|all| !all.is_empty() && all.len() <= MOST_MEMBERS)
}
