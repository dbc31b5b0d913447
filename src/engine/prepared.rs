//! The built-in patterns' tables and automata, built with the crate; with other patterns, tables
//! are built from those.
//!
//! Patterns in, tables out: the same that the analysis of all of them would give. `build.rs`
//! writes `PATTERNS` and `TABLES` with the same code that builds tables here, and automata of the
//! looks and patterns in it; other looks and patterns have none.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::automaton::{Automaton, Beginning};
use super::builder::Builder;
use super::list::Text;
use super::look::Look;
use super::prefilter::Held;
use super::tables::Tables;
use super::{Gate, Pattern, PatternError};

/// All that the constants may name, depending on what the patterns say.
#[allow(unused_imports)]
mod built {
    use super::super::analysis::{Near, Next};
    use super::super::builder::Gate::{self, *};
    use super::super::bytes::ByteSet;
    use super::super::japanese::Japanese;
    use super::super::list::{List, Text};
    use super::super::numbers::{Numbers, WaitDigits};
    use super::super::runs::{Before, RunKind::*};
    use super::super::shape::Part::*;
    use super::super::table::{Entry, Table};
    use super::super::tables::{Literal, Stage::*, Tables, Wait};
    use super::super::teddy::{Group, Masks::*};
    use super::super::vicinity::{Around, Stretch, Vicinity};

    include!(concat!(env!("OUT_DIR"), "/engine.rs"));
}

/// What is known of a list of patterns before any text is seen.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The expressions.
    pub sources: Vec<Cow<'static, str>>,
    pub tables: Held,
    pub looks: Vec<Look>,
    /// By pattern.
    pub beginnings: Vec<Beginning>,
}

/// All automata, one behind the other.
static AUTOMATA: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/automata.bin"));

/// The automaton at a place of the list.
fn automaton(place: &Option<(u32, u32)>) -> Option<Automaton> {
    let (from, to) = (*place)?;
    AUTOMATA.get(from as usize..to as usize).and_then(Automaton::new)
}

/// Where a built-in pattern can begin.
fn beginning(pattern: usize) -> Beginning {
    let [within, at] = &built::BEGINNINGS[pattern];
    Beginning { within: automaton(within), at: automaton(at) }
}

/// What is known of a list of patterns.
pub(super) fn tables(patterns: &[Pattern<'_>]) -> Result<Prepared, PatternError> {
    let same =
        |(pattern, (regex, gate)): (&Pattern<'_>, &(&str, Gate))| pattern.regex == *regex && pattern.gate == *gate;
    if patterns.len() == built::PATTERNS.len() && patterns.iter().zip(built::PATTERNS).all(same) {
        let beginnings: Vec<Beginning> = (0..patterns.len()).map(beginning).collect();
        return Ok(Prepared {
            sources: built::PATTERNS.iter().map(|(regex, _)| Cow::Borrowed(*regex)).collect(),
            tables: Held::Static(&built::TABLES),
            looks: looks(&built::TABLES, &beginnings, |look| automaton(&built::LOOKS[look])),
            beginnings,
        });
    }
    let tables = build(patterns)?;
    let rests = |tables: &Tables, look| tables.rests_of(look).cloned().collect::<Vec<Text>>();
    let made: HashMap<Vec<Text>, usize> =
        (0..built::LOOKS.len()).map(|look| (rests(&built::TABLES, look), look)).collect();
    let known: HashMap<&str, usize> = built::PATTERNS.iter().enumerate().map(|(i, (regex, _))| (*regex, i)).collect();
    let beginning = |pattern: &Pattern<'_>| known.get(pattern.regex).map(|&i| beginning(i)).unwrap_or_default();
    let beginnings: Vec<Beginning> = patterns.iter().map(beginning).collect();
    let look = |look| made.get(&rests(&tables, look)).and_then(|&look| automaton(&built::LOOKS[look]));
    Ok(Prepared {
        sources: patterns.iter().map(|pattern| Cow::Owned(pattern.regex.to_owned())).collect(),
        looks: looks(&tables, &beginnings, look),
        beginnings,
        tables: Held::Owned(Box::new(tables)),
    })
}

/// The looks of tables; what is `made` of them is known.
fn looks(tables: &Tables, beginnings: &[Beginning], made: impl Fn(usize) -> Option<Automaton>) -> Vec<Look> {
    let mut looks: Vec<Look> = (0..tables.looks.len()).map(|look| made(look).map_or(Look::Left, Look::Made)).collect();
    for literal in tables.literals.iter() {
        for wait in literal.waits.iter().filter(|wait| beginnings[wait.pattern].is_unknown()) {
            let joined = literal.look.filter(|_| wait.rests != 0);
            for look in [joined, wait.look].into_iter().flatten() {
                if matches!(looks[look], Look::Left) {
                    looks[look] = Look::Lazy(OnceLock::new());
                }
            }
        }
    }
    looks
}

fn build(patterns: &[Pattern<'_>]) -> Result<Tables, PatternError> {
    let known: HashMap<&str, usize> = built::PATTERNS.iter().enumerate().map(|(i, (regex, _))| (*regex, i)).collect();
    // By built-in pattern: its index here.
    let mut indexes: Vec<Option<usize>> = vec![None; built::PATTERNS.len()];
    let mut others = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        match known.get(pattern.regex).filter(|&&i| built::PATTERNS[i].1 == pattern.gate && indexes[i].is_none()) {
            Some(&i) => indexes[i] = Some(index),
            None => others.push(index),
        }
    }
    let mut builder = Builder::default();
    builder.add_from(&built::TABLES, |i| indexes[i]);
    let analyses: Vec<_> = others.par_iter().map(|&i| patterns[i].gate.analyse(patterns[i].regex)).collect();
    for (&index, analysis) in others.iter().zip(analyses) {
        let wrong = |what| PatternError { pattern: index, what };
        builder.add(index, &patterns[index].gate, analysis.map_err(wrong)?).map_err(wrong)?;
    }
    builder.build().map_err(|what| PatternError { pattern: 0, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Pattern<'static>> {
        built::PATTERNS.iter().map(|(regex, gate)| Pattern { regex, gate: gate.clone() }).collect()
    }

    #[test]
    fn what_was_built_is_what_would_be_built_now() {
        assert!(matches!(tables(&all()), Ok(Prepared { tables: Held::Static(_), .. })));
        let mut builder = Builder::default();
        for (index, pattern) in all().iter().enumerate() {
            let analysis = pattern.gate.analyse(pattern.regex).unwrap();
            builder.add(index, &pattern.gate, analysis).unwrap();
        }
        assert!(format!("{:?}", builder.build().unwrap()) == format!("{:?}", built::TABLES));
    }

    /// A built look says what a lazy one says.
    #[test]
    fn automata_in_the_binary_are_those_that_would_be_made() {
        let text = [
            "token = \"0123456789abcdefABCDEF\"; api-key: 'x'\n secret_key=>AKIA01234567 ",
            "://user:pass@host/ (sha) 2024-01-15\tpassword 日本 --token x\r\n\u{3000}key[\"a\"] := b",
        ]
        .concat();
        let mut made = 0;
        for (look, place) in built::LOOKS.iter().enumerate() {
            let Some(automaton) = automaton(place) else { continue };
            let (made_now, lazy) = (Look::Made(automaton), Look::Lazy(OnceLock::new()));
            for from in 0..=text.len() {
                let says =
                    |of: &Look| of.following(text.as_bytes(), from, &built::TABLES, look, &mut Default::default());
                assert_eq!(says(&made_now), says(&lazy), "{look} at {from}");
            }
            made += 1;
        }
        assert!(made > built::LOOKS.len() / 2);
        let known = built::BEGINNINGS.iter().filter(|places| places.iter().any(Option::is_some));
        assert!(known.count() > built::BEGINNINGS.len() * 9 / 10);
    }

    #[test]
    fn other_sets_are_built_from_it() {
        let mut patterns = all();
        patterns.reverse();
        patterns.push(Pattern { regex: r"\bacme_[0-9a-f]{32}\b", gate: Gate::Pattern });
        let twice = patterns[0].clone();
        patterns.push(twice);
        let built = build(&patterns).unwrap();
        let mut builder = Builder::default();
        for (index, pattern) in patterns.iter().enumerate() {
            builder.add(index, &pattern.gate, pattern.gate.analyse(pattern.regex).unwrap()).unwrap();
        }
        let fresh = builder.build().unwrap();
        // The same literals, whoever waits for them in which order.
        let literals = |tables: &Tables| {
            let mut all: Vec<_> =
                tables.literals.iter().map(|l| (l.bytes.to_vec(), l.waits.len(), l.near.len())).collect();
            all.sort();
            all
        };
        assert_eq!(literals(&built), literals(&fresh));
        assert_eq!(built.numbers.waits.len(), fresh.numbers.waits.len());
        patterns.push(Pattern { regex: "[0-9]", gate: Gate::Pattern });
        assert_eq!(build(&patterns).unwrap_err().pattern, patterns.len() - 1);
    }
}
