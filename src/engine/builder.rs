//! Analysed patterns → the prefilter: sorts their literals into the stages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::analysis::{Analysis, Branch, FARTHEST, Near, Next, Rest};
use super::bytes::ByteSet;
use super::grams;
use super::japanese::Japanese;
use super::look::Look;
use super::numbers::{Numbers, WaitDigits};
use super::prefilter::{Prefilter, Wait, Waiting};
use super::runs::Before;
use super::simd::Processor;
use super::table::{Filed, Table};
use super::teddy::{self, Masks};
use super::vicinity::{self, Gated, Vicinity};

/// What must be in the text before a pattern is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The literals that the pattern itself requires.
    Pattern,
    /// One of these, ASCII letters in any case, in every match or not farther from it than the
    /// longest match is long.
    Literals(Vec<String>),
    /// A number of so many digits or more, broken by single separators only, of which every
    /// match contains that many digits.
    Digits(u8),
    /// Nothing: the whole text is searched.
    Nothing,
}

/// The stage that looks for a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stage {
    NearRun,
    At,
    Japanese,
    Anywhere,
}

/// Widths of the grams under which literals that can stand anywhere are filed. Teddy has looked
/// at one byte more; one table for nearly all costs less than what it would save.
const WIDTHS: [usize; 3] = [3, 2, 1];
/// Literals of a pattern shorter than this gate too little, unless they are declared.
const SHORTEST: usize = 3;
/// Where so many bytes of one class follow a literal, nothing more needs to be looked at.
const STRONG: usize = 12;

/// Collects patterns in order.
#[derive(Debug, Default)]
pub(super) struct Builder {
    index: HashMap<(Vec<u8>, Stage), usize>,
    literals: Vec<(Vec<u8>, Stage)>,
    near: Vec<Vec<Near>>,
    waiting: Vec<Waiting>,
    digits: Vec<WaitDigits>,
    looks: Vec<Look>,
    look_index: HashMap<Vec<(usize, Rest)>, usize>,
    patterns: usize,
}

impl Builder {
    /// Adds the next pattern. Fails, in English, if its gate does not gate anything.
    pub(super) fn add(&mut self, gate: &Gate, analysis: &Analysis) -> Result<(), String> {
        let pattern = self.patterns;
        self.patterns += 1;
        match gate {
            Gate::Nothing => {}
            Gate::Digits(0) => return Err("`digits = 0` gates nothing".to_owned()),
            Gate::Digits(least) => {
                let least = usize::from(*least);
                self.digits.push(WaitDigits { pattern, least, around: analysis.longest.saturating_sub(least) });
            }
            Gate::Literals(literals) if literals.iter().any(String::is_empty) => {
                return Err("an empty literal gates nothing".to_owned());
            }
            // The pattern itself contains what is declared.
            Gate::Literals(_) if !analysis.branches.is_empty() => self.add_branches(pattern, analysis),
            Gate::Literals(literals) => {
                let reach = analysis.longest as isize;
                let near = analysis.run.map(|kind| Near { kind, from: -reach, to: reach, open: true });
                for literal in literals {
                    let literal = literal.to_ascii_lowercase().into_bytes();
                    let wait = Wait {
                        pattern,
                        before: analysis.longest,
                        after: analysis.longest,
                        preceding: Before { set: ByteSet::ALL, start: true },
                        next: None,
                        look: None,
                    };
                    self.wait(literal, near.into_iter().filter(|_| reach <= FARTHEST).collect(), wait);
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
                self.add_branches(pattern, analysis);
            }
        }
        Ok(())
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
            let rests: Option<BTreeSet<Rest>> = branches.iter().map(|b| b.rest).collect();
            let rests = rests.filter(|_| !strong).map(|rests| rests.into_iter().map(|rest| (pattern, rest)).collect());
            let wait = Wait {
                pattern,
                before: branches.iter().map(|b| b.offset.1).max().unwrap_or(0),
                after: analysis.longest - branches.iter().map(|b| b.offset.0).min().unwrap_or(0),
                preceding: before
                    .reduce(|a, b| Before { set: a.set.union(b.set), start: a.start || b.start })
                    .unwrap_or(Before { set: ByteSet::ALL, start: true }),
                next,
                look: rests.map(|rests| self.look(rests)),
            };
            let near: Option<Vec<Near>> = branches.iter().map(|b| b.near).collect();
            self.wait(literal.to_vec(), near.unwrap_or_default(), wait);
        }
    }

    /// `near`: where the literal stands to runs, in all ways; empty if that is not known.
    fn wait(&mut self, literal: Vec<u8>, near: Vec<Near>, wait: Wait) {
        let stage = match &literal[..] {
            _ if !near.is_empty() && literal.len() >= vicinity::SHORTEST => Stage::NearRun,
            b"@" => Stage::At,
            _ if Japanese::has_place_for(&literal) => Stage::Japanese,
            _ => Stage::Anywhere,
        };
        let new = self.literals.len();
        let length = literal.len();
        let index = *self.index.entry((literal.clone(), stage)).or_insert(new);
        if index == new {
            self.literals.push((literal, stage));
            self.near.push(Vec::new());
            self.waiting.push(Waiting { length, ..Waiting::default() });
        }
        self.near[index].extend(near);
        self.waiting[index].waits.push(wait);
    }

    fn look(&mut self, rests: Vec<(usize, Rest)>) -> usize {
        let new = self.looks.len();
        let index = *self.look_index.entry(rests.clone()).or_insert(new);
        if index == new {
            self.looks.push(Look::new(rests));
        }
        index
    }

    /// For literals that several patterns wait for: one look in place of many.
    fn join_looks(&mut self) {
        for literal in 0..self.waiting.len() {
            let looks = self.waiting[literal].waits.iter().filter_map(|wait| wait.look);
            let mut rests: Vec<(usize, Rest)> = looks.flat_map(|look| self.looks[look].rests.clone()).collect();
            rests.sort_unstable();
            rests.dedup();
            if rests.len() > 1 {
                self.waiting[literal].look = Some(self.look(rests));
            }
        }
    }

    /// Builds the stages, for one processor.
    pub(super) fn build(mut self, processor: Processor) -> Result<Prefilter, String> {
        if self.literals.len() >= usize::from(u16::MAX) {
            return Err(format!("more than {} literals", u16::MAX - 1));
        }
        self.join_looks();
        let of = |stage: Stage| {
            let literals = self.literals.iter().enumerate();
            literals.filter(move |(_, l)| l.1 == stage).map(|(index, (literal, _))| (index, &literal[..]))
        };
        let gated: Vec<Gated<'_>> =
            of(Stage::NearRun).map(|(index, literal)| Gated { index, literal, near: &self.near[index] }).collect();
        let japanese: Vec<(usize, &[u8])> = of(Stage::Japanese).collect();
        let anywhere: Vec<(usize, &[u8])> = of(Stage::Anywhere).collect();
        let literals: Vec<&[u8]> = anywhere.iter().map(|(_, literal)| *literal).collect();
        let places = grams::choose(&literals, teddy::WIDTH);
        let grams: Vec<&[u8]> = literals.iter().zip(&places).map(|(literal, place)| &literal[place.clone()]).collect();
        let anywhere = anywhere.iter().zip(&places).map(|(&(index, literal), place)| {
            (place.len().min(WIDTHS[0]), Filed { index, literal, gram: place.start })
        });
        let masks = Masks::new(&grams);
        Ok(Prefilter {
            processor,
            near_runs: Vicinity::new(&gated),
            at: of(Stage::At).next().map(|(index, _)| index),
            japanese: Japanese::new(&japanese),
            anywhere: masks.map(|masks| (masks, tables(&WIDTHS, anywhere.collect()))),
            waiting: self.waiting,
            numbers: Numbers::new(self.digits),
            looks: self.looks,
        })
    }
}

/// One table for each width that occurs.
fn tables(widths: &[usize], mut literals: Vec<(usize, Filed<'_>)>) -> Vec<Table> {
    let of = |width: &usize| {
        let these: Vec<Filed<'_>> = literals.extract_if(.., |(w, _)| w == width).map(|(_, filed)| filed).collect();
        (!these.is_empty()).then(|| Table::new(*width, &these))
    };
    widths.iter().filter_map(of).collect()
}
