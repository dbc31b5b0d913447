//! Text of an input → which registered documents parts of it were copied from.
//!
//! Single runs of nine letters are shared by chance. Evidence is a chain: runs that follow each
//! other here as they do in the document, at the same distances but for a letter or two, over
//! [`ENOUGH`] of weight. Counting shared runs instead was measured to be useless (17 % of
//! unrelated files). Knows no files; places are marks that the caller makes of offsets.

use std::collections::HashMap;
use std::ops::Range;

use super::copied::{Copied, Passage, Passages};
use super::grams::{Gram, Grams, K};
use super::index::Index;
use super::letters::is_wide;

/// What a letter weighs: kana, an ideograph, a letter of a text in an alphabet.
const FULL: u32 = 3;
/// What a digit weighs, and a Latin letter of a Japanese text, where names of products and
/// commands are everybody's.
const LESS: u32 = 2;
/// What a copied passage weighs at least: that of 25 letters.
const ENOUGH: u32 = 25 * FULL;
/// From this weight on it is no set phrase any more.
const LONG: u32 = 2 * ENOUGH;
/// Letters between two runs of a chain, at most: what was written into the copy.
const REACH: u64 = 40;
/// How much the distance may differ: letters put in or left out between two runs.
const DRIFT: u64 = 3;
/// Places of one run at which chains begin. A common run says little about where it is from; the
/// rarer ones beside it begin the chain that it goes on.
const BEGIN: usize = 3;
/// A run that stands at more places than this says little by itself.
const RARE: usize = 4;
/// Rare runs that a passage has, unless it is [`LONG`]: what consists of runs that stand in
/// document after document is a phrase of the trade, not of one of them.
const LEAST_RARE: u32 = 2;
/// Distances (here to there) that share a slot, as a power of two; at least twice [`DRIFT`].
const BAND: u32 = 4;
/// Chains that are followed at a time, as a power of two.
const SLOTS: u32 = 9;

/// What the matcher must know of a registered document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighing {
    /// Its letters.
    pub(super) letters: u32,
    /// Is it written in kana and ideographs?
    pub(super) is_wide: bool,
}

/// A chain under way, or a single run that may become one: what is looked at for each run. Most
/// runs are shared by chance, so this is small.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The end of the last run, here and as a place; 0 for a free slot.
    here: u64,
    there: u32,
    /// The run's offset in the text at hand.
    offset: u32,
    /// The run's letters by what they weigh.
    letters: [u8; 3],
    is_rare: bool,
    /// The number of the chain; [`ALONE`] for a single run.
    chain: u32,
}

const ALONE: u32 = u32::MAX;
const FREE: Slot = Slot { here: 0, there: 0, offset: 0, letters: [0; 3], is_rare: false, chain: ALONE };

/// Runs that follow each other here as in a document.
#[derive(Debug, Clone)]
struct Chain<M> {
    /// Letters here, from the first run to the last.
    here: Range<u64>,
    /// Their places in the index.
    there: Range<u32>,
    /// Letters by what they weigh: full, Latin, digits.
    letters: [u32; 3],
    /// Rare runs.
    rare: u32,
    /// The document, once there is enough to ask for it.
    document: Option<(u32, Range<u32>)>,
    first: Mark<M>,
    last: Mark<M>,
}

/// An offset of the text at hand, until it is made a mark.
#[derive(Debug, Clone)]
enum Mark<M> {
    Offset(usize),
    Made(M),
}

/// Looks for copies in one input after another.
#[derive(Debug)]
pub(super) struct Matcher<M> {
    grams: Grams,
    chains: Chains<M>,
}

/// Chains by their distances, and those that have come to enough.
#[derive(Debug)]
struct Chains<M> {
    slots: Vec<Slot>,
    chains: Vec<Option<Chain<M>>>,
    /// Numbers that no chain has.
    free: Vec<u32>,
    found: HashMap<u32, Passages<M>>,
}

impl<M> Default for Matcher<M> {
    fn default() -> Matcher<M> {
        let slots = vec![FREE; 1 << SLOTS];
        let chains = Chains { slots, chains: Vec::new(), free: Vec::new(), found: HashMap::new() };
        Matcher { grams: Grams::default(), chains }
    }
}

/// What the matcher asks for.
struct Asked<'a, M> {
    index: &'a Index,
    documents: &'a dyn Fn(usize) -> Weighing,
    mark: &'a mut dyn FnMut(usize) -> M,
}

/// A run that both have.
#[derive(Clone, Copy)]
struct Run<'l> {
    gram: Gram,
    letters: &'l [u32],
    place: u32,
    is_rare: bool,
}

impl<M: Clone> Matcher<M> {
    /// Begins another input.
    pub(super) fn begin(&mut self) {
        self.grams.begin();
        self.chains.slots.fill(FREE);
        self.chains.chains.clear();
        self.chains.free.clear();
        self.chains.found.clear();
    }

    /// Takes the next piece of the input's text. `mark` says where an offset of it is.
    pub(super) fn text(
        &mut self,
        index: &Index,
        documents: &dyn Fn(usize) -> Weighing,
        text: &[u8],
        mark: &mut dyn FnMut(usize) -> M,
    ) {
        let Matcher { grams, chains } = self;
        let asked = &mut Asked { index, documents, mark };
        let mut now = 0;
        grams.text(text, |gram, letters| {
            if index.may_have(gram.hash) {
                let is_rare = index.places(gram.hash).nth(RARE).is_none();
                for (i, place) in index.places(gram.hash).enumerate() {
                    chains.follow(Run { gram, letters, place, is_rare }, i < BEGIN, asked);
                }
            }
            now = gram.at;
        });
        chains.end_text(now, asked);
    }

    /// The input is over: what was copied, from the document most of it is of to the least.
    pub(super) fn end(&mut self, documents: &dyn Fn(usize) -> Weighing) -> Vec<Copied<M>> {
        let Chains { chains, found, .. } = &mut self.chains;
        for chain in chains.drain(..).flatten() {
            // Every mark was made when the last text had ended.
            if let (Mark::Made(first), Mark::Made(last)) = (&chain.first, &chain.last) {
                keep(found, &chain, documents, || (first.clone(), last.clone()));
            }
        }
        super::copied::told(found.drain(), &|document| documents(document as usize).letters)
    }
}

impl<M: Clone> Chains<M> {
    /// Adds a run to a chain, or begins one.
    #[inline]
    fn follow(&mut self, run: Run<'_>, begins: bool, asked: &mut Asked<'_, M>) {
        // Never below zero, whatever the place.
        let distance = u64::from(run.place) + (1 << 40) - (run.gram.at & ((1 << 40) - 1));
        let own = slot(distance >> BAND);
        for at in [slot((distance - DRIFT) >> BAND), slot((distance + DRIFT) >> BAND)] {
            let Slot { here, there, .. } = self.slots[at];
            let new_here = (run.gram.at + K as u64).wrapping_sub(here);
            let new_there = u64::from(run.place + K as u32).wrapping_sub(u64::from(there));
            let fits = here != 0
                && new_here.wrapping_sub(1) < REACH
                && new_there.wrapping_sub(1) < REACH
                && new_here.abs_diff(new_there) <= DRIFT;
            if fits && self.extend(at, own, run, new_here.min(new_there).min(K as u64) as usize, asked) {
                return;
            }
        }
        if begins {
            let Slot { here, chain, .. } = self.slots[own];
            if chain != ALONE {
                if here + REACH >= run.gram.at {
                    return;
                }
                self.close(own, asked);
            }
            self.slots[own] = Slot {
                here: run.gram.at + K as u64,
                there: run.place + K as u32,
                offset: run.gram.offset as u32,
                letters: weigh(run.letters),
                is_rare: run.is_rare,
                chain: ALONE,
            };
        }
    }

    /// Adds a run, of which so many letters are new, to what is in the slot `at`; it is in the slot
    /// `own` then. `false` if it cannot belong to it.
    fn extend(&mut self, at: usize, own: usize, run: Run<'_>, new: usize, asked: &mut Asked<'_, M>) -> bool {
        let number = match self.slots[at].chain {
            ALONE => self.make(at, |offset| Mark::Offset(offset)),
            number => number,
        };
        let Some(chain) = self.chains.get_mut(number as usize).and_then(Option::as_mut) else { return false };
        if chain.document.as_ref().is_some_and(|(_, places)| run.place >= places.end) {
            return false;
        }
        for (sum, new) in chain.letters.iter_mut().zip(weigh(&run.letters[K - new..])) {
            *sum += u32::from(new);
        }
        chain.rare += u32::from(run.is_rare);
        chain.here.end = run.gram.at + K as u64;
        chain.there.end = run.place + K as u32;
        chain.last = Mark::Offset(run.gram.offset);
        if chain.document.is_none() && chain.weight(false) >= ENOUGH {
            let (document, places) = asked.index.document(chain.there.start);
            chain.document = Some((document as u32, places));
        }
        let (here, there) = (chain.here.end, chain.there.end);
        if own != at {
            // It has drifted to where another one may be.
            self.close(own, asked);
            self.slots[at] = FREE;
        }
        self.slots[own] = Slot { here, there, chain: number, ..FREE };
        true
    }

    /// Makes a chain of the single run in a slot.
    fn make(&mut self, at: usize, mut mark: impl FnMut(usize) -> Mark<M>) -> u32 {
        let Slot { here, there, offset, letters, is_rare, .. } = self.slots[at];
        let (first, last) = (mark(offset as usize), mark(offset as usize));
        let chain = Some(Chain {
            here: here - K as u64..here,
            there: there - K as u32..there,
            letters: letters.map(u32::from),
            rare: is_rare.into(),
            document: None,
            first,
            last,
        });
        let number = match self.free.pop() {
            Some(number) => {
                self.chains[number as usize] = chain;
                number
            }
            None => {
                self.chains.push(chain);
                self.chains.len() as u32 - 1
            }
        };
        self.slots[at].chain = number;
        number
    }

    /// Ends the chain in a slot, if there is one; it is kept if it has come to enough.
    fn close(&mut self, at: usize, asked: &mut Asked<'_, M>) {
        let number = std::mem::replace(&mut self.slots[at], FREE).chain;
        let Some(mut chain) = self.chains.get_mut(number as usize).and_then(Option::take) else { return };
        self.free.push(number);
        if chain.document.is_some() {
            let made = (chain.first.made(asked.mark), chain.last.made(asked.mark));
            keep(&mut self.found, &chain, asked.documents, || made);
        }
    }

    /// A text is over: what is left open goes on in the next one; by then offsets mean nothing.
    fn end_text(&mut self, now: u64, asked: &mut Asked<'_, M>) {
        for at in 0..self.slots.len() {
            let Slot { here, chain, .. } = self.slots[at];
            match (here != 0 && here + REACH >= now, chain) {
                (true, ALONE) => {
                    self.make(at, |offset| Mark::Made((asked.mark)(offset)));
                }
                (true, number) => {
                    if let Some(chain) = self.chains.get_mut(number as usize).and_then(Option::as_mut) {
                        chain.first.made(asked.mark);
                        chain.last.made(asked.mark);
                    }
                }
                (false, _) => self.close(at, asked),
            }
        }
    }
}

/// Keeps a chain as a passage of its document, if it has come to enough.
fn keep<M>(
    found: &mut HashMap<u32, Passages<M>>,
    chain: &Chain<M>,
    documents: &dyn Fn(usize) -> Weighing,
    marks: impl FnOnce() -> (M, M),
) {
    let Some((document, places)) = &chain.document else { return };
    let weight = chain.weight(documents(*document as usize).is_wide);
    if weight < ENOUGH || weight < LONG && chain.rare < LEAST_RARE {
        return;
    }
    let there = u64::from(chain.there.start - places.start)..u64::from(chain.there.end - places.start);
    let passage = Passage { here: chain.here.clone(), there, weight, is_long: weight >= LONG };
    found.entry(*document).or_default().add(passage, marks);
}

/// Letters by what they weigh: full, Latin, digits.
fn weigh(letters: &[u32]) -> [u8; 3] {
    let mut sums = [0; 3];
    for &c in letters {
        let of = match c {
            _ if is_wide(c) => 0,
            0x30..=0x39 => 2,
            _ => 1,
        };
        sums[of] += 1;
    }
    sums
}

impl<M> Chain<M> {
    /// What it weighs in a document of this script.
    fn weight(&self, is_wide: bool) -> u32 {
        let [full, latin, digits] = self.letters;
        full * FULL + latin * if is_wide { LESS } else { FULL } + digits * LESS
    }
}

impl<M: Clone> Mark<M> {
    fn made(&mut self, mark: &mut dyn FnMut(usize) -> M) -> M {
        let made = match self {
            Mark::Offset(offset) => mark(*offset),
            Mark::Made(made) => return made.clone(),
        };
        *self = Mark::Made(made.clone());
        made
    }
}

fn slot(band: u64) -> usize {
    (band.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SLOTS)) as usize
}
