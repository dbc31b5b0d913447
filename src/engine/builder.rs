//! Analysed patterns → the prefilter: sorts their literals into the stages.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::analysis::{self, Analysis, Branch, ENOUGH, FARTHEST, Near, Next};
use super::bytes::ByteSet;
use super::grams;
use super::japanese::Japanese;
use super::list::{List, Text};
use super::numbers::{Numbers, WaitDigits};
use super::runs::Before;
use super::shape::Part;
use super::table::{Filed, Table};
use super::tables::{Literal, Stage, Tables, Wait};
use super::teddy::{self, Masks};
use super::vicinity::{self, Gated, Vicinity};

/// What must be in the text before a pattern is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The literals that the pattern itself requires.
    Pattern,
    /// One of these, ASCII letters in any case, in every match or not farther from it than the
    /// longest match is long. See [`Gate::literals`].
    Literals(List<Text>),
    /// A number of so many digits or more, broken by single separators only, of which every
    /// match contains that many digits.
    Digits(u8),
    /// Nothing: the whole text is searched.
    Nothing,
}

impl Gate {
    /// [`Gate::Literals`] of any texts.
    pub fn literals<T: Into<Cow<'static, str>>>(literals: impl IntoIterator<Item = T>) -> Gate {
        Gate::Literals(literals.into_iter().map(|literal| Text(literal.into())).collect())
    }

    /// What can be known about a pattern with this gate before any text is seen. Fails, in
    /// English, on patterns that cannot be used.
    pub(super) fn analyse(&self, regex: &str) -> Result<Analysis, String> {
        match self {
            Gate::Literals(literals) => {
                let lower: Vec<Vec<u8>> = literals.iter().map(|l| l.to_ascii_lowercase().into_bytes()).collect();
                analysis::analyse(regex, Some(&lower))
            }
            Gate::Pattern => analysis::analyse(regex, None),
            Gate::Digits(_) => analysis::measure(regex).map(|(longest, hir)| Analysis {
                longest,
                branches: Vec::new(),
                run: None,
                part: Some(Part::of(&hir)),
            }),
            Gate::Nothing => analysis::measure(regex).map(|(longest, _)| Analysis {
                longest,
                branches: Vec::new(),
                run: None,
                part: None,
            }),
        }
    }
}

/// Widths of the grams under which literals that can stand anywhere are filed; those of two bytes
/// go with the longer ones. Teddy has looked at one byte more; one table for nearly all costs less
/// than what it would save.
const WIDTHS: [usize; 2] = [3, 1];
/// Literals of a pattern shorter than this gate too little, unless they are declared.
const SHORTEST: usize = 3;
/// Where so many bytes of one class follow a literal, nothing more needs to be looked at.
const STRONG: usize = 12;

/// Collects patterns.
#[derive(Debug, Default)]
pub(super) struct Builder {
    index: HashMap<(Vec<u8>, Stage), usize>,
    literals: Vec<Collected>,
    digits: Vec<WaitDigits>,
    rests: Vec<Text>,
    rest_index: HashMap<Text, usize>,
    looks: Vec<List<usize>>,
    look_index: HashMap<Vec<usize>, usize>,
}

/// A literal and what has been collected for it.
#[derive(Debug)]
struct Collected {
    bytes: Vec<u8>,
    stage: Stage,
    near: Vec<Near>,
    /// Who waits, and the rests of which one must follow; none if that is not known.
    waits: Vec<(Wait, Vec<usize>)>,
}

impl Builder {
    /// Adds a pattern under its index. Fails, in English, if its gate does not gate anything.
    pub(super) fn add(&mut self, pattern: usize, gate: &Gate, analysis: Analysis) -> Result<(), String> {
        match gate {
            Gate::Nothing => {}
            Gate::Digits(0) => return Err("`digits = 0` gates nothing".to_owned()),
            Gate::Digits(least) => {
                let least = usize::from(*least);
                let around = analysis.longest.saturating_sub(least);
                let part = analysis.part.unwrap_or_else(|| Part::Sequence(List::default()));
                self.digits.push(WaitDigits { pattern, least, around, part });
            }
            Gate::Literals(literals) if literals.iter().any(|l| l.is_empty()) => {
                return Err("an empty literal gates nothing".to_owned());
            }
            // The pattern itself contains what is declared.
            Gate::Literals(_) if !analysis.branches.is_empty() => self.add_branches(pattern, &analysis),
            Gate::Literals(literals) => {
                let reach = analysis.longest as isize;
                let run = analysis.run.filter(|&(_, length)| length >= ENOUGH && reach <= FARTHEST);
                let near = run.map(|(kind, length)| Near { kind, from: -reach, to: reach, open: true, length });
                for literal in literals.iter() {
                    let literal = literal.to_ascii_lowercase().into_bytes();
                    let wait = Wait {
                        pattern,
                        before: analysis.longest,
                        after: analysis.longest,
                        least: -reach,
                        preceding: Before { set: ByteSet::ALL, start: true },
                        next: None,
                        rests: 0,
                        look: None,
                    };
                    self.wait(literal, near.into_iter().collect(), wait, Vec::new());
                }
            }
            Gate::Pattern => {
                let literals = analysis.branches.iter().flat_map(|b| b.literals.iter());
                if literals.map(Vec::len).min().unwrap_or(0) < SHORTEST {
                    return Err(
                        "the pattern contains no literal of three bytes or more that every match must contain; \
                         state `prefilter = { literals = [\"…\"] }` or `{ digits = N }`, or `slow = true`"
                            .to_owned(),
                    );
                }
                self.add_branches(pattern, &analysis);
            }
        }
        Ok(())
    }

    /// Adds patterns of which tables have been built before: those to which `index` gives a new
    /// index.
    pub(super) fn add_from(&mut self, tables: &Tables, index: impl Fn(usize) -> Option<usize>) {
        for literal in tables.literals.iter() {
            for wait in literal.waits.iter() {
                let Some(pattern) = index(wait.pattern) else { continue };
                let rests = self.rests(tables.rests_for(literal, wait));
                let (bytes, near) = (literal.bytes.to_vec(), literal.near.to_vec());
                self.collect(bytes, literal.stage, near, Wait { pattern, ..wait.clone() }, rests);
            }
        }
        let waits = tables.numbers.waits.iter();
        self.digits.extend(waits.filter_map(|wait| Some(WaitDigits { pattern: index(wait.pattern)?, ..wait.clone() })));
    }

    fn add_branches(&mut self, pattern: usize, analysis: &Analysis) {
        // What the pattern waits for, by literal: all ways in which the literal can be part of it.
        let mut all: BTreeMap<&[u8], Vec<&Branch>> = BTreeMap::new();
        for branch in &analysis.branches {
            for literal in &branch.literals {
                all.entry(literal).or_default().push(branch);
            }
        }
        for (literal, branches) in all {
            let before = branches.iter().map(|b| b.before);
            let nexts: BTreeSet<Option<Next>> = branches.iter().map(|b| b.next).collect();
            let next = nexts.first().copied().flatten().filter(|_| nexts.len() == 1);
            let strong = next.is_some_and(|next| next.least >= STRONG);
            let rests: Option<Vec<&Text>> = branches.iter().map(|b| b.rest.as_ref()).collect();
            let least = branches.iter().map(|b| b.offset.0).min().unwrap_or(0);
            let wait = Wait {
                pattern,
                before: branches.iter().map(|b| b.offset.1).max().unwrap_or(0),
                after: analysis.longest - least,
                least: least as isize,
                preceding: before
                    .reduce(|a, b| Before { set: a.set.union(b.set), start: a.start || b.start })
                    .unwrap_or(Before { set: ByteSet::ALL, start: true }),
                next,
                rests: 0,
                look: None,
            };
            let rests = self.rests(rests.filter(|_| !strong).unwrap_or_default().into_iter());
            let near: Option<Vec<Near>> = branches.iter().map(|b| b.near).collect();
            self.wait(literal.to_vec(), near.unwrap_or_default(), wait, rests);
        }
    }

    /// `near`: where the literal stands to runs, in all ways; empty if that is not known.
    fn wait(&mut self, literal: Vec<u8>, near: Vec<Near>, wait: Wait, rests: Vec<usize>) {
        let stage = match &literal[..] {
            _ if !near.is_empty() && literal.len() >= vicinity::SHORTEST => Stage::NearRun,
            b"@" => Stage::At,
            _ if Japanese::has_place_for(&literal) => Stage::Lead,
            _ => Stage::Anywhere,
        };
        self.collect(literal, stage, near, wait, rests);
    }

    fn collect(&mut self, literal: Vec<u8>, stage: Stage, near: Vec<Near>, wait: Wait, rests: Vec<usize>) {
        let new = self.literals.len();
        let index = *self.index.entry((literal.clone(), stage)).or_insert(new);
        if index == new {
            self.literals.push(Collected { bytes: literal, stage, near: Vec::new(), waits: Vec::new() });
        }
        let collected = &mut self.literals[index];
        for near in near {
            if !collected.near.contains(&near) {
                collected.near.push(near);
            }
        }
        collected.waits.push((wait, rests));
    }

    /// The indexes of rests, in order.
    fn rests<'t>(&mut self, rests: impl Iterator<Item = &'t Text>) -> Vec<usize> {
        let mut indexes: BTreeSet<usize> = BTreeSet::new();
        for rest in rests {
            let new = self.rests.len();
            let index = *self.rest_index.entry(rest.clone()).or_insert(new);
            if index == new {
                self.rests.push(rest.clone());
            }
            indexes.insert(index);
        }
        indexes.into_iter().collect()
    }

    /// The index of the look for some rests.
    fn look(&mut self, rests: Vec<usize>) -> usize {
        let new = self.looks.len();
        let index = *self.look_index.entry(rests.clone()).or_insert(new);
        if index == new {
            self.looks.push(rests.into());
        }
        index
    }

    /// One look for all that wait for a literal. Those that it could not decide soon get one of
    /// their own: the others need not wait for them.
    fn set_looks(&mut self, literal: usize) -> Option<usize> {
        let open = |rest: &usize| is_open(&self.rests[*rest]);
        let mut joined: BTreeSet<usize> = BTreeSet::new();
        let mut own = Vec::new();
        for (i, (_, rests)) in self.literals[literal].waits.iter().enumerate().filter(|(_, (_, r))| !r.is_empty()) {
            let with = joined.union(&rests.iter().copied().collect()).count();
            if rests.iter().any(open) || with > Tables::MOST_RESTS {
                own.push((i, rests.clone()));
            } else {
                joined.extend(rests);
            }
        }
        let joined: Vec<usize> = joined.into_iter().collect();
        let bit = |rest: &usize| joined.binary_search(rest).map_or(0, |i| 1 << i);
        for (i, (wait, rests)) in self.literals[literal].waits.iter_mut().enumerate() {
            let alone = own.iter().any(|(one, _)| *one == i);
            (wait.look, wait.rests) =
                (None, if alone { 0 } else { rests.iter().map(bit).fold(0, |all, one| all | one) });
        }
        for (i, mut rests) in own {
            rests.truncate(Tables::MOST_RESTS);
            let whole = rests.len() == self.literals[literal].waits[i].1.len();
            let look = whole.then(|| self.look(rests));
            self.literals[literal].waits[i].0.look = look;
        }
        (!joined.is_empty()).then(|| self.look(joined))
    }

    /// Builds the stages. Fails, in English, if there are too many literals.
    pub(super) fn build(mut self) -> Result<Tables, String> {
        if self.literals.len() >= usize::from(u16::MAX) {
            return Err(format!("more than {} literals", u16::MAX - 1));
        }
        let looks: Vec<Option<usize>> = (0..self.literals.len()).map(|literal| self.set_looks(literal)).collect();
        let of = |stage: Stage| {
            let literals = self.literals.iter().enumerate();
            literals.filter(move |(_, l)| l.stage == stage).map(|(index, l)| (index, &l.bytes[..]))
        };
        let gated: Vec<Gated<'_>> = of(Stage::NearRun)
            .map(|(index, literal)| Gated { index, literal, near: &self.literals[index].near })
            .collect();
        let japanese: Vec<(usize, &[u8])> = of(Stage::Lead).collect();
        let anywhere: Vec<(usize, &[u8])> = of(Stage::Anywhere).collect();
        let literals: Vec<&[u8]> = anywhere.iter().map(|(_, literal)| *literal).collect();
        let places = grams::choose(&literals, teddy::WIDTH);
        let grams: Vec<&[u8]> = literals.iter().zip(&places).map(|(literal, place)| &literal[place.clone()]).collect();
        let anywhere = anywhere.iter().zip(&places).map(|(&(index, literal), place)| {
            (if place.len() > 1 { WIDTHS[0] } else { 1 }, Filed { index, literal, gram: place.start })
        });
        let masks = Masks::new(&grams);
        let (near_runs, at) = (Vicinity::new(&gated), of(Stage::At).next().map(|(index, _)| index));
        let (japanese, anywhere) =
            (Japanese::new(&japanese), masks.map(|masks| (masks, tables(&WIDTHS, anywhere.collect()))));
        let literals = self.literals.into_iter().zip(looks).map(|(l, look)| Literal {
            bytes: l.bytes.into(),
            stage: l.stage,
            near: l.near.into(),
            look,
            waits: l.waits.into_iter().map(|(wait, _)| wait).collect(),
        });
        Ok(Tables {
            literals: literals.collect(),
            near_runs,
            at,
            japanese,
            anywhere,
            numbers: Numbers::new(self.digits),
            rests: self.rests.into(),
            looks: self.looks.into(),
        })
    }
}

/// Can a rest go on for long before it is decided?
fn is_open(rest: &str) -> bool {
    rest.contains(['*', '+']) || rest.contains(",}")
}

/// One table for each width that occurs.
fn tables(widths: &[usize], mut literals: Vec<(usize, Filed<'_>)>) -> List<Table> {
    let of = |width: &usize| {
        let these: Vec<Filed<'_>> = literals.extract_if(.., |(w, _)| w == width).map(|(_, filed)| filed).collect();
        (!these.is_empty()).then(|| Table::new(*width, &these))
    };
    widths.iter().filter_map(of).collect()
}
