//! The built-in patterns' tables, built with the crate; with other patterns, tables are built
//! from those.
//!
//! Patterns in, tables out: the same that the analysis of all of them would give. `build.rs`
//! writes `PATTERNS` and `TABLES` with the same code that builds tables here.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;

use super::builder::Builder;
use super::prefilter::Held;
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

/// The expressions and the tables of a list of patterns.
pub(super) fn tables(patterns: &[Pattern<'_>]) -> Result<(Vec<Cow<'static, str>>, Held), PatternError> {
    let same =
        |(pattern, (regex, gate)): (&Pattern<'_>, &(&str, Gate))| pattern.regex == *regex && pattern.gate == *gate;
    if patterns.len() == built::PATTERNS.len() && patterns.iter().zip(built::PATTERNS).all(same) {
        let sources = built::PATTERNS.iter().map(|(regex, _)| Cow::Borrowed(*regex)).collect();
        return Ok((sources, Held::Static(&built::TABLES)));
    }
    let sources = patterns.iter().map(|pattern| Cow::Owned(pattern.regex.to_owned())).collect();
    Ok((sources, Held::Owned(Box::new(build(patterns)?))))
}

fn build(patterns: &[Pattern<'_>]) -> Result<super::tables::Tables, PatternError> {
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
        assert!(matches!(tables(&all()), Ok((_, Held::Static(_)))));
        let mut builder = Builder::default();
        for (index, pattern) in all().iter().enumerate() {
            let analysis = pattern.gate.analyse(pattern.regex).unwrap();
            builder.add(index, &pattern.gate, analysis).unwrap();
        }
        assert!(format!("{:?}", builder.build().unwrap()) == format!("{:?}", built::TABLES));
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
        let literals = |tables: &super::super::tables::Tables| {
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
