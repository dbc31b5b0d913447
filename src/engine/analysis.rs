//! What can be known about a pattern before any text is seen.
//!
//! A pattern in; the literals that must be looked for, how far a match reaches around them, and
//! where they must stand relative to a long run, out. Pure; no matching here.

use std::cmp::Reverse;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::bytes::ByteSet;
use super::list::Text;
use super::required::{Placed, sets};
use super::runs::{Before, Run, RunKind, before, bytes_in, longest, runs, shortest};
use super::shape::Part;
use super::shortened::shortened;

/// The longest match of any pattern, in bytes of text. Windows overlap by this much, so it is
/// what a pattern may count on; longer (or unbounded) patterns are refused.
pub const LONGEST_MATCH: usize = 16 << 10;

/// The outcome of the analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Analysis {
    /// Longest match in bytes.
    pub longest: usize,
    /// Every match is a match of one of these. A pattern that requires no literal has none.
    pub branches: Vec<Branch>,
    /// The kind of run that every match contains, if there is one, and its least length in bytes.
    pub run: Option<(RunKind, usize)>,
    /// What the pattern means for numbers; only for patterns that wait for one.
    pub part: Option<Part>,
}

/// One way in which a pattern can match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branch {
    /// Every match contains one of these; ASCII letters in lower case, any case in the text.
    pub literals: Vec<Vec<u8>>,
    /// Least and greatest offset of the literal in the match, in bytes.
    pub offset: (usize, usize),
    /// Near which run the literal stands, if that is proven.
    pub near: Option<Near>,
    /// What stands before the literal.
    pub before: Before,
    /// What follows the literal, if that can be said simply.
    pub next: Option<Next>,
    /// What follows it, as an expression: see `shortened`.
    pub rest: Option<Text>,
}

/// Where a literal begins, relative to the longest run of its kind around the run in the match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    /// The kind of run.
    pub kind: RunKind,
    /// Least distance from the beginning of the run, in bytes.
    pub from: isize,
    /// Greatest distance, in bytes, from the run's beginning or, if `open`, from its end.
    pub to: isize,
    /// The run in the text may begin earlier than the one in the match.
    pub open: bool,
    /// Least length of the run, in bytes.
    pub length: usize,
}

impl Near {
    /// Does the literal stand at one distance from the run's beginning?
    pub(super) fn is_fixed(&self) -> bool {
        !self.open && self.from == self.to
    }
}

/// At least so many bytes of a set follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Next {
    /// The set.
    pub set: ByteSet,
    /// How many.
    pub least: usize,
}

/// What every match of a pattern must contain, for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// Every match contains one of these (ASCII letters in lower case, to be looked up without
    /// regard to case); empty if nothing is required.
    pub literals: Vec<Vec<u8>>,
    /// Bytes of a match before such a literal, at most.
    pub before: usize,
    /// Longest match in bytes.
    pub longest: usize,
}

/// Analyses a pattern. Fails, in English, on wrong syntax and on matches without a bound.
pub fn required(pattern: &str) -> Result<Required, String> {
    let analysis = analyse(pattern, None)?;
    let mut literals: Vec<Vec<u8>> = analysis.branches.iter().flat_map(|b| b.literals.clone()).collect();
    literals.sort();
    literals.dedup();
    let before = analysis.branches.iter().map(|b| b.offset.1).max().unwrap_or(0);
    Ok(Required { literals, before, longest: analysis.longest })
}

/// More ways than this are not told apart.
const MOST_WAYS: usize = 64;
/// Nor alternations in alternations deeper than this.
const DEEPEST: usize = 3;
/// A literal that stands farther than this from the run is looked for everywhere: the places
/// near all runs would cost more.
pub(super) const FARTHEST: isize = 160;

/// Runs longer than this are as rare as any.
const LONG: usize = 32;
/// Shorter runs are so frequent that nothing is looked for around them, but at certain places.
pub(super) const ENOUGH: usize = 24;

/// Analyses a pattern. If there are `declared` literals (ASCII letters in lower case), only sets
/// of such are used. Fails, in English, on wrong syntax and on matches without a bound.
pub(super) fn analyse(pattern: &str, declared: Option<&[Vec<u8>]>) -> Result<Analysis, String> {
    let (longest, hir) = measure(pattern)?;
    let ways = ways(&hir, declared);
    let branches: Option<Vec<Branch>> = ways.iter().map(branch).collect();
    let branches = branches.unwrap_or_default();
    let longest_run = |kind| {
        let of_way = |way: &Way| runs(&way.parts, kind).iter().map(|run| run.length).max();
        let all: Option<Vec<usize>> = ways.iter().map(of_way).collect();
        all.and_then(|all| all.into_iter().min()).map(|length| (kind, length))
    };
    let kinds = [RunKind::Alnum, RunKind::Token].into_iter().filter_map(longest_run);
    let run = kinds.max_by_key(|&(kind, length)| (length.min(LONG), kind == RunKind::Alnum));
    Ok(Analysis { longest, branches, run, part: None })
}

/// The length of a pattern's longest match in bytes, and its syntax.
pub(super) fn measure(pattern: &str) -> Result<(usize, Hir), String> {
    let hir = parse(pattern)?;
    let length = hir.properties().maximum_len().unwrap_or(usize::MAX);
    if length > LONGEST_MATCH {
        return Err(format!(
            "a match may be at most {LONGEST_MATCH} bytes long; give every repeat an upper bound, such as {{1,200}} for +"
        ));
    }
    Ok((length, hir))
}

/// Reads a pattern as the whole project does: ASCII classes as in RE2, any bytes.
pub(super) fn parse(pattern: &str) -> Result<Hir, String> {
    ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).map_err(|e| e.to_string())
}

/// A sequence of parts, and what was chosen of its literals.
struct Way {
    parts: Vec<Hir>,
    chosen: Option<(Placed, Option<Near>)>,
}

/// The sequences of parts of which every match matches one. An alternation from which the
/// literals come becomes a way for each of its branches, so that what stands around each literal
/// is known.
fn ways(hir: &Hir, declared: Option<&[Vec<u8>]>) -> Vec<Way> {
    let (mut done, mut left) = (Vec::new(), vec![(parts(hir), DEEPEST)]);
    while let Some((way, depth)) = left.pop() {
        let chosen = choose(&way, declared);
        let alternation = chosen.as_ref().filter(|(chosen, _)| chosen.end.is_none()).map(|(chosen, _)| chosen.part);
        match alternation.map(|part| (part, way[part].kind())) {
            Some((part, HirKind::Alternation(branches)))
                if depth > 0 && done.len() + left.len() + branches.len() <= MOST_WAYS =>
            {
                for branch in branches.iter().rev() {
                    let with = [&way[..part], &parts(branch), &way[part + 1..]].concat();
                    left.push((with, depth - 1));
                }
            }
            _ => done.push(Way { parts: way, chosen }),
        }
    }
    done
}

/// An expression as a sequence: groups opened, literals as single bytes.
fn parts(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(all) => all.iter().flat_map(parts).collect(),
        HirKind::Literal(literal) => literal.0.iter().map(|&byte| Hir::literal([byte])).collect(),
        _ => vec![hir.clone()],
    }
}

/// The literals to look for, and how they stand to a run; `None` if there are none, or none that
/// are declared.
fn choose(parts: &[Hir], declared: Option<&[Vec<u8>]>) -> Option<(Placed, Option<Near>)> {
    let mut placed = sets(parts);
    placed.retain(|p| declared.is_none_or(|declared| p.set.literals.iter().all(|l| declared.contains(l))));
    placed.sort_by_key(|p| Reverse(p.set.rank()));
    // A common literal near a run is met less often than a rare one anywhere.
    let good = placed.iter().filter(|p| p.set.rank().0 || declared.is_some());
    let gated = good.map(|p| (p, near(parts, p))).find(|(_, near)| near.is_some());
    gated.or_else(|| placed.first().map(|p| (p, None))).map(|(p, near)| (p.clone(), near))
}

/// What one way requires; nothing if it requires no literal, or not the declared ones.
fn branch(Way { parts, chosen }: &Way) -> Option<Branch> {
    let (chosen, near) = chosen.clone()?;
    let least: usize = parts[..chosen.part].iter().map(shortest).sum();
    let most: usize = parts[..chosen.part].iter().map(longest).sum();
    let word = chosen.set.literals.iter().all(|l| ByteSet::WORD.contains(l[0]));
    Some(Branch {
        offset: (least + chosen.set.offset.0, most + chosen.set.offset.1),
        near,
        before: match chosen.end {
            Some(_) => before(&parts[..chosen.part], word),
            None => Before { set: ByteSet::ALL, start: true },
        },
        next: chosen.end.and_then(|end| next(&parts[end..])),
        rest: chosen.end.map(|part| Text::from(shortened(&parts[part..]).to_string())),
        literals: chosen.set.literals,
    })
}

/// The best relation of a literal to a run.
fn near(parts: &[Hir], literal: &Placed) -> Option<Near> {
    let mut all: Vec<Near> = Vec::new();
    for kind in [RunKind::Alnum, RunKind::Token] {
        all.extend(runs(parts, kind).iter().map(|run| relation(parts, literal, run, kind)));
    }
    let far = |near: &Near| -near.from.min(0) + if near.open { 0 } else { near.to.max(0) };
    // One place is best, then the run that is met least.
    let rank = |n: &Near| (!n.is_fixed(), n.open, Reverse(n.length.min(LONG)), n.kind == RunKind::Token, far(n));
    let cheap = |n: &Near| far(n) <= FARTHEST && (n.is_fixed() || n.length >= ENOUGH);
    all.into_iter().filter(cheap).min_by_key(rank)
}

fn relation(parts: &[Hir], literal: &Placed, run: &Run, kind: RunKind) -> Near {
    let span = |from: usize, to: usize| {
        let between = &parts[from..to];
        let least: usize = between.iter().map(shortest).sum();
        let most: usize = between.iter().map(longest).sum();
        (least as isize, most as isize)
    };
    // From the beginning of the literal's part to the beginning of the run's.
    let (least, most) = if literal.part <= run.part {
        span(literal.part, run.part)
    } else {
        let (least, most) = span(run.part, literal.part);
        (-most, -least)
    };
    let (first, last) = (literal.set.offset.0 as isize, literal.set.offset.1 as isize);
    // From the run in the match to the literal.
    let from = first - most - run.start.1;
    let to = last - least - run.start.0;
    if run.exact {
        Near { kind, from, to, open: false, length: run.length }
    } else {
        Near { kind, from, to: to - run.length as isize, open: true, length: run.length }
    }
}

/// What the first of these parts demands of the text.
fn next(parts: &[Hir]) -> Option<Next> {
    let first = parts.iter().find(|p| !matches!(p.kind(), HirKind::Look(_)))?;
    let class = |hir: &Hir| match hir.kind() {
        HirKind::Class(class @ Class::Bytes(_)) => Some(bytes_in(class)),
        HirKind::Literal(literal) if literal.0.len() == 1 => Some(ByteSet::of(&literal.0)),
        _ => None,
    };
    match first.kind() {
        HirKind::Repetition(r) if r.min > 0 => class(&r.sub).map(|set| Next { set, least: r.min as usize }),
        _ => class(first).map(|set| Next { set, least: 1 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(pattern: &str) -> (Vec<String>, (usize, usize)) {
        let analysis = analyse(pattern, None).unwrap();
        assert!(analysis.branches.len() <= 1, "{pattern}: {analysis:?}");
        let Some(branch) = analysis.branches.into_iter().next() else { return (Vec::new(), (0, 0)) };
        (branch.literals.into_iter().map(|l| String::from_utf8(l).unwrap()).collect(), branch.offset)
    }

    /// (pattern, literals, offset)
    #[test]
    fn literals_of_patterns() {
        let cases: &[(&str, &[&str], (usize, usize))] = &[
            (r"\bghp_[0-9a-z]{36}\b", &["ghp_"], (0, 0)),
            (r"gh[pousr]_[0-9A-Za-z]{36}", &["gho_", "ghp_", "ghr_", "ghs_", "ghu_"], (0, 0)),
            (r"(?i)(?:^|[^a-z])pass(?:word|wd)?\s{0,3}[=:]", &["pass"], (0, 1)),
            (r"[0-9]{8,10}:AA[0-9A-Za-z_-]{33}", &[":aa"], (8, 10)),
            (r"(?:AKIA|ASIA)[A-Z2-7]{16}", &["akia", "asia"], (0, 0)),
            (r"社外秘|極秘", &["極秘", "社外秘"], (0, 0)),
            (r"[0-9]{4}", &[], (0, 0)),
            (r"(?:abc)?[0-9]{4}", &[], (0, 0)),
            (r"[0-9]{0,4}(?:x{3}|yyyy)z", &["xxxz", "yyyyz"], (0, 4)),
        ];
        for (pattern, expected, offset) in cases {
            let (found, at) = literals(pattern);
            assert_eq!(found, *expected, "{pattern}");
            assert_eq!(at, *offset, "{pattern}");
        }
    }

    /// (pattern, kind, from, to, open)
    #[test]
    fn literals_near_runs() {
        use RunKind::{Alnum, Token};
        let cases: &[(&str, RunKind, isize, isize, bool)] = &[
            // The run begins exactly behind the prefix, or with it.
            (r"\bghp_[0-9A-Za-z]{36}\b", Alnum, -4, -4, false),
            (r"\bAKIA[0-9A-Z]{16}\b", Alnum, 0, 0, false),
            (r"(?:^|[^0-9A-Za-z])AKIA[0-9A-Z]{16}", Alnum, 0, 0, false),
            (r"(?m:^)AKIA[0-9A-Z]{16}", Alnum, 0, 0, false),
            // Nothing says that no token character stands before.
            (r"AKIA[0-9A-Z]{26}", Alnum, 0, -30, true),
            (r"[^x]AKIA[0-9A-Z]{26}", Alnum, 0, -30, true),
            (r"\bglpat-[0-9A-Za-z_-]{20}", Token, 0, -26, true),
            (r"(?:^|[^0-9A-Za-z_-])glpat-[0-9A-Za-z_-]{20}", Token, 0, 0, false),
            // A keyword stands somewhere before.
            (r"(?i)adafruit[a-z_ ]{0,20}[=:]\s{0,3}[0-9a-f]{32}\b", Alnum, -32, -9, false),
            (r"(?i)adafruit.{0,20}[0-9a-f]{32}\b", Alnum, -28, -40, true),
            // Behind the run, and in the middle of it.
            (r"\b[0-9a-f]{32}@mongodb", Alnum, 32, 32, false),
            (r"\bsk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}\b", Alnum, 20, 20, false),
            (r"key\W(?:[0-9a-f]{32}|:[0-9a-f]{32})", Alnum, -5, -36, true),
            // Inside of something repeated.
            (r"key.(?:-?[0-9a-f]{32}){1,2}", Alnum, -5, -36, true),
        ];
        for &(pattern, kind, from, to, open) in cases {
            let analysis = analyse(pattern, None).unwrap();
            let near = analysis.branches[0].near.map(|n| (n.kind, n.from, n.to, n.open));
            assert_eq!(near, Some((kind, from, to, open)), "{pattern}");
        }
        for without in [
            r"AKIA[0-9A-Z]{16}",
            r"\bghp_[0-9A-Za-z]{15}\b",
            r"password\s{0,3}=\s{0,3}[0-9a-zA-Z]{8,64}",
            r"key=[0-9a-zA-Z+/]{40}",
            r"secret.{0,200}[0-9a-f]{32}",
            r"key=(?:[0-9a-f]{32}|none)",
            r"key=(?:[0-9a-f]{32})?",
        ] {
            let near: Vec<_> = analyse(without, None).unwrap().branches.iter().filter_map(|b| b.near).collect();
            assert!(near.len() < 2 && (near.is_empty() || without.contains("none")), "{without}: {near:?}");
        }
    }

    #[test]
    fn ways_that_differ_are_told_apart() {
        let analysis = analyse(r"\b(?:sk_live_[0-9a-zA-Z]{24}|glpat-[0-9A-Za-z_-]{20})\b", None).unwrap();
        let literals: Vec<_> = analysis.branches.iter().map(|b| String::from_utf8_lossy(&b.literals[0])).collect();
        assert_eq!(literals, ["sk_live_", "glpat-"]);
        assert_eq!(analysis.run, Some((RunKind::Token, 26)));
        let analysis = analyse(r"\b(?:sk_live_[0-9a-zA-Z]{24}|rk_[0-9A-Za-z]{20})\b", None).unwrap();
        assert_eq!(analysis.run, Some((RunKind::Alnum, 20)));
        // One way without a literal: nothing is required.
        assert!(analyse(r"(?:abcd[0-9]{8}|[a-z]{4,80}[0-9]{20})", None).unwrap().branches.is_empty());
    }

    #[test]
    fn what_follows_a_literal() {
        let next = |pattern: &str| analyse(pattern, None).unwrap().branches[0].next;
        assert_eq!(next(r"ghp_[0-9A-Za-z]{36}"), Some(Next { set: ByteSet::ALNUM, least: 36 }));
        assert_eq!(next(r"ghp_\b[0-9A-Za-z]{36}"), Some(Next { set: ByteSet::ALNUM, least: 36 }));
        assert_eq!(next(r"ghp_[0-9A-Za-z]{0,36}x"), None);
        assert_eq!(next(r"ghp_"), None);
    }

    #[test]
    fn a_match_without_a_bound_is_refused() {
        assert!(analyse("abc[0-9]+", None).unwrap_err().contains("upper bound"));
        assert!(analyse("abc(", None).is_err());
    }
}
