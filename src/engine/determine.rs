//! Expressions → the bytes of an automaton (see `automaton`). Part of the build script only.
//!
//! Syntax in; bytes out, or nothing for what such an automaton cannot decide or where it would be
//! too large.

use std::collections::HashMap;

pub use regex_automata::Anchored;
use regex_automata::MatchKind;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::{primitives::StateID, start};
use regex_syntax::hir::Hir;

use super::automaton::{BEFORE, before};
use super::shortened::Counting;

/// How whole expressions are counted. Lengths of values are counted, those of gaps are not; where
/// that makes too many states, less is counted.
const WHOLE: [Counting; 3] = [
    Counting { longest: 16, longest_exact: 80, demanded: 40 },
    Counting { longest: 6, longest_exact: 8, demanded: 8 },
    Counting { longest: 2, longest_exact: 2, demanded: 2 },
];

/// An automaton of a whole expression, at most `largest` bytes of it.
pub fn beginning(expression: &Hir, anchored: Anchored, largest: usize) -> Option<Vec<u8>> {
    WHOLE.iter().find_map(|counting| determine(&[counting.rough(expression)], anchored, largest))
}

/// An automaton that says which of at most 64 expressions match at a place, or anywhere behind it if
/// that is not `anchored`; at most `largest` bytes of it.
pub fn determine(expressions: &[Hir], anchored: Anchored, largest: usize) -> Option<Vec<u8>> {
    let nfa = thompson::Compiler::new()
        .configure(
            thompson::Config::new().utf8(false).nfa_size_limit(Some(1 << 20)).which_captures(WhichCaptures::None),
        )
        .build_many_from_hir(expressions)
        .ok()?;
    let dfa = dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(if anchored.is_anchored() { StartKind::Anchored } else { StartKind::Unanchored })
                .accelerate(false)
                // Cells have twice the size there, and rows are padded.
                .dfa_size_limit(Some(4 * largest))
                .determinize_size_limit(Some(32 * largest)),
        )
        .build_from_nfa(&nfa)
        .ok()?;
    flat(&dfa, anchored, expressions.len() == 1).filter(|bytes| bytes.len() <= largest)
}

/// The automaton's bytes. Where there is one expression, nothing is kept of what follows a match.
fn flat(dfa: &dense::DFA<Vec<u32>>, anchored: Anchored, is_single: bool) -> Option<Vec<u8>> {
    let classes = dfa.byte_classes();
    // A byte of each class.
    let mut bytes: Vec<u8> = Vec::new();
    for byte in 0..=u8::MAX {
        if usize::from(classes.get(byte)) == bytes.len() {
            bytes.push(byte);
        }
    }
    let first = |byte: Option<u8>| {
        let config = start::Config::new().anchored(anchored).look_behind(byte);
        dfa.start_state(&config).ok()
    };
    // Behind what stands before, the rest is the same.
    let mut firsts = [first(None)?; BEFORE];
    for byte in 0..=u8::MAX {
        firsts[before(Some(byte))] = first(Some(byte))?;
    }
    for byte in 0..=u8::MAX {
        if firsts[before(Some(byte))] != first(Some(byte))? {
            return None;
        }
    }
    // All states that can be reached.
    let mut states: Vec<StateID> = Vec::new();
    let mut known: HashMap<StateID, ()> = HashMap::new();
    let mut left: Vec<StateID> = firsts.to_vec();
    while let Some(state) = left.pop() {
        if dfa.is_quit_state(state) {
            return None;
        }
        if dfa.is_dead_state(state) || known.insert(state, ()).is_some() {
            continue;
        }
        states.push(state);
        if !(is_single && dfa.is_match_state(state)) {
            left.extend(bytes.iter().map(|&byte| dfa.next_state(state, byte)));
            left.push(dfa.next_eoi_state(state));
        }
    }
    // Matching states first; of one expression they are all the same.
    states.sort_by_key(|&state| !dfa.is_match_state(state));
    let matching = states.iter().take_while(|&&state| dfa.is_match_state(state)).count();
    let merged = if is_single { matching.saturating_sub(1) } else { 0 };
    let numbers: HashMap<StateID, u16> = states
        .iter()
        .enumerate()
        .map(|(i, &state)| (state, if is_single && i < matching { 1 } else { i + 1 - merged }))
        .map(|(state, number)| u16::try_from(number).ok().map(|number| (state, number)))
        .collect::<Option<_>>()?;
    let number = |state: StateID| numbers.get(&state).copied().unwrap_or(0);
    let width = bytes.len() + 1;
    let mut out: Vec<u8> = (0..=u8::MAX).map(|byte| classes.get(byte)).collect();
    let mut push = |number: u16| out.extend(number.to_le_bytes());
    push(width as u16);
    push((matching - merged) as u16);
    firsts.iter().for_each(|&state| push(number(state)));
    let kept = &states[merged..];
    for &state in &kept[..matching - merged] {
        let patterns = (0..dfa.match_len(state)).map(|i| dfa.match_pattern(state, i).as_usize());
        out.extend(patterns.fold(0u64, |all, pattern| all | 1 << pattern).to_le_bytes());
    }
    // Nothing follows the state of no match any more.
    out.extend(std::iter::repeat_n(0, 2 * width));
    for (i, &state) in kept.iter().enumerate() {
        if is_single && i < matching - merged {
            out.extend(std::iter::repeat_n(0, 2 * width));
            continue;
        }
        for &byte in &bytes {
            out.extend(number(dfa.next_state(state, byte)).to_le_bytes());
        }
        out.extend(number(dfa.next_eoi_state(state)).to_le_bytes());
    }
    Some(out)
}
