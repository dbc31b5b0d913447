//! Which literals every match of an expression contains.
//!
//! Syntax in; a set of literals of which at least one is in every match, and where, out. ASCII
//! letters are in lower case throughout: literals are looked up without regard to case.

use std::cmp::Reverse;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::bytes::share;
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
/// Shorter literals are used only if there is nothing else.
const SHORTEST_GOOD: usize = 3;

impl Set {
    /// Orders sets by how rarely they will be met; the best is the greatest.
    pub(super) fn rank(&self) -> (bool, Reverse<u64>, Reverse<usize>) {
        let shortest = self.literals.iter().map(Vec::len).min().unwrap_or(0);
        let share = self.literals.iter().map(|l| share(l)).fold(0, u64::saturating_add);
        (shortest >= SHORTEST_GOOD, Reverse(share), Reverse(self.offset.1))
    }

    fn tidy(mut self) -> Option<Set> {
        self.literals.sort();
        self.literals.dedup();
        let usable = self.literals.len() <= MOST_LITERALS && self.literals.iter().all(|l| !l.is_empty());
        (usable && !self.literals.is_empty()).then_some(self)
    }
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
    let mut found: Vec<Placed> = Vec::new();
    let mut push = |part, end, literals: Vec<Vec<u8>>, offset| {
        if let Some(mut set) = (Set { literals, offset }).tidy() {
            let all = set.literals.len();
            if all > MOST_ENDINGS {
                // Where a literal stands, those that it begins with stand as well.
                set.literals.dedup_by(|next, kept| next.starts_with(kept));
            }
            let end = if set.literals.len() == all { end } else { None };
            found.push(Placed { part, end, set });
        }
    };
    // What the parts so far spell without a gap, and where that began.
    let mut joined: Option<(usize, Vec<Vec<u8>>)> = None;
    for (i, part) in parts.iter().enumerate() {
        let look = matches!(part.kind(), HirKind::Look(_));
        // What may be left out ends a literal, else there would be one with and one without it.
        match spelled_out(part).filter(|texts| look || !texts.contains(&Vec::new())) {
            Some(texts) => {
                let product = joined.as_ref().map_or(0, |(_, left)| left.len() * texts.len());
                joined = match joined.take() {
                    Some((start, left)) if product <= MOST_LITERALS => Some((start, cross(&left, &texts))),
                    Some((start, left)) => {
                        push(start, Some(i), left, (0, 0));
                        Some((i, texts))
                    }
                    None => Some((i, texts)),
                };
            }
            None => {
                if let Some((start, left)) = joined.take() {
                    push(start, Some(i), left, (0, 0));
                }
                if let Some(set) = best(part) {
                    push(i, None, set.literals, set.offset);
                }
            }
        }
    }
    if let Some((start, left)) = joined {
        push(start, Some(parts.len()), left, (0, 0));
    }
    found
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
