//! What every match of a pattern must contain, read off its syntax.
//!
//! A pattern in; a set of literals of which at least one is in every match, how far before and
//! behind such a literal the match can reach, out. No matching here.

use regex_automata::util::syntax;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::LONGEST_MATCH;
use super::confirm::syntax_config;

/// The outcome of the analysis.
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

/// More alternatives than this make a worse prefilter than a shorter literal elsewhere.
const MOST_LITERALS: usize = 64;
/// A class with more members is not spelled out.
const MOST_MEMBERS: usize = 8;

/// Analyses a pattern. Fails, in English, on wrong syntax and on matches without a bound.
pub fn required(pattern: &str) -> Result<Required, String> {
    let hir = syntax::parse_with(pattern, &syntax_config()).map_err(|e| e.to_string())?;
    let longest = hir.properties().maximum_len().unwrap_or(usize::MAX);
    if longest > LONGEST_MATCH {
        return Err(format!(
            "a match may be at most {LONGEST_MATCH} bytes long; give every repeat an upper bound, such as {{1,200}} for +"
        ));
    }
    let best = best(&hir);
    let (literals, before) = best.map_or((Vec::new(), 0), |set| (set.literals, set.before));
    Ok(Required { literals, before, longest })
}

/// A set of literals, one of which must occur, and how far from the beginning.
#[derive(Debug, Clone)]
struct Set {
    literals: Vec<Vec<u8>>,
    before: usize,
}

impl Set {
    /// Longer shortest literals are rarer in text; then fewer literals, then those nearer to
    /// the beginning. Beyond eight bytes more length gains nothing.
    fn rank(&self) -> (usize, std::cmp::Reverse<usize>, std::cmp::Reverse<usize>) {
        let shortest = self.literals.iter().map(Vec::len).min().unwrap_or(0);
        (shortest.min(8), std::cmp::Reverse(self.literals.len()), std::cmp::Reverse(self.before))
    }
}

fn best(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(_) | HirKind::Class(_) => {
            spelled_out(hir).map(|literals| Set { literals, before: 0 }).filter(|s| s.rank().0 > 0)
        }
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Repetition(_) => None,
        HirKind::Alternation(branches) => {
            let mut all = Set { literals: Vec::new(), before: 0 };
            for branch in branches {
                let set = best(branch)?;
                all.before = all.before.max(set.before);
                all.literals.extend(set.literals);
            }
            tidy(&mut all.literals);
            (all.literals.len() <= MOST_LITERALS).then_some(all)
        }
        HirKind::Concat(parts) => concat(parts),
    }
}

/// The best of the parts, and of the literals that neighbouring parts spell together.
fn concat(parts: &[Hir]) -> Option<Set> {
    let mut candidates: Vec<Set> = Vec::new();
    let mut offset = 0usize;
    // What the parts so far spell without a gap, and where that began.
    let mut joined: Option<Set> = None;
    for part in parts {
        if let Some(mut set) = best(part) {
            set.before = set.before.saturating_add(offset);
            candidates.push(set);
        }
        if !matches!(part.kind(), HirKind::Look(_)) {
            joined = match (joined.take(), spelled_out(part)) {
                (Some(left), Some(right)) if left.literals.len() * right.len() <= MOST_LITERALS => {
                    let literals = left
                        .literals
                        .iter()
                        .flat_map(|l| right.iter().map(move |r| [&l[..], &r[..]].concat()))
                        .collect();
                    Some(Set { literals, before: left.before })
                }
                (left, right) => {
                    candidates.extend(left);
                    right.map(|literals| Set { literals, before: offset })
                }
            };
        }
        offset = offset.saturating_add(part.properties().maximum_len().unwrap_or(usize::MAX));
    }
    candidates.extend(joined);
    for set in &mut candidates {
        tidy(&mut set.literals);
    }
    candidates.into_iter().filter(|s| s.rank().0 > 0).max_by_key(Set::rank)
}

/// All texts that a part matches, where those are few; ASCII letters in lower case.
fn spelled_out(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_ascii_lowercase()]),
        HirKind::Capture(capture) => spelled_out(&capture.sub),
        HirKind::Class(class) => members(class),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(spelled_out(branch)?);
                if all.len() > MOST_LITERALS {
                    return None;
                }
            }
            tidy(&mut all);
            Some(all)
        }
        HirKind::Concat(parts) => {
            let mut all = vec![Vec::new()];
            for part in parts {
                let next = spelled_out(part)?;
                if all.len() * next.len() > MOST_LITERALS {
                    return None;
                }
                all = all.iter().flat_map(|l: &Vec<u8>| next.iter().map(move |r| [&l[..], &r[..]].concat())).collect();
            }
            Some(all)
        }
        HirKind::Repetition(r) if Some(r.min) == r.max && r.min <= 8 => {
            let once = spelled_out(&r.sub)?;
            (once.len() == 1).then(|| vec![once[0].repeat(r.min as usize)])
        }
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Look(_) => None,
        HirKind::Repetition(_) => None,
    }
}

fn members(class: &Class) -> Option<Vec<Vec<u8>>> {
    let mut out = Vec::new();
    match class {
        Class::Bytes(bytes) => {
            for range in bytes.iter() {
                for byte in range.start()..=range.end() {
                    out.push(vec![byte.to_ascii_lowercase()]);
                    if out.len() > MOST_MEMBERS * 2 {
                        return None;
                    }
                }
            }
        }
        Class::Unicode(chars) => {
            for range in chars.iter() {
                for c in range.start()..=range.end() {
                    out.push(c.to_ascii_lowercase().to_string().into_bytes());
                    if out.len() > MOST_MEMBERS * 2 {
                        return None;
                    }
                }
            }
        }
    }
    tidy(&mut out);
    (!out.is_empty() && out.len() <= MOST_MEMBERS).then_some(out)
}

fn tidy(literals: &mut Vec<Vec<u8>>) {
    literals.sort();
    literals.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> (Vec<String>, usize) {
        let r = required(pattern).unwrap();
        (r.literals.into_iter().map(|l| String::from_utf8(l).unwrap()).collect(), r.before)
    }

    /// (pattern, literals, bytes before)
    #[test]
    fn literals_of_patterns() {
        let cases: &[(&str, &[&str], usize)] = &[
            (r"\bghp_[0-9a-z]{36}\b", &["ghp_"], 0),
            (r"gh[pousr]_[0-9A-Za-z]{36}", &["gho_", "ghp_", "ghr_", "ghs_", "ghu_"], 0),
            (r"(?i)(?:^|[^a-z])pass(?:word|wd)?\s{0,3}[=:]", &["pass"], 1),
            (r"[0-9]{8,10}:AA[0-9A-Za-z_-]{33}", &[":aa"], 10),
            (r"(?:AKIA|ASIA)[A-Z2-7]{16}", &["akia", "asia"], 0),
            (r"社外秘|極秘", &["極秘", "社外秘"], 0),
            (r"[0-9]{4}", &[], 0),
            (r"(?:abc)?[0-9]{4}", &[], 0),
            (r"[0-9]{0,4}(?:x{3}|yyyy)z", &["xxxz", "yyyyz"], 4),
        ];
        for (pattern, literals, before) in cases {
            let (found, offset) = of(pattern);
            assert_eq!(found, *literals, "{pattern}");
            assert_eq!(offset, *before, "{pattern}");
        }
    }

    #[test]
    fn a_match_without_a_bound_is_refused() {
        assert!(required("abc[0-9]+").unwrap_err().contains("upper bound"));
        assert!(required("abc(").is_err());
    }
}
