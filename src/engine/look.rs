//! A cheap look at what follows a literal, before the whole pattern is tried.
//!
//! The parts of patterns behind a literal, in short, become an automaton that is run from the
//! literal's end: one from the binary, or a lazy one. It mostly fails within a few bytes, at a
//! fraction of the cost of a search.

use std::sync::OnceLock;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::Hir;

use super::automaton::Automaton;
use super::list::Text;
use super::tables::Tables;

/// Bytes that are looked at, at most.
const FARTHEST: usize = 64;
/// How many bytes more than twice the text so far may be looked at. Beyond that, literals stand
/// so close together that one search is cheaper.
const PATIENCE: usize = 4096;

/// A look at which of some rests can follow.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one a group of literals, made once")]
pub(super) enum Look {
    /// By an automaton that was made with the crate.
    Made(Automaton),
    /// By one that is made when first needed.
    Lazy(OnceLock<Option<DFA>>),
    /// There is none: all that ask know where they can begin to match.
    Left,
}

/// The memory that a look needs; one a thread and look.
#[derive(Debug, Default)]
pub(super) struct Cache {
    states: Option<dfa::Cache>,
    /// Bytes of this text that have been looked at.
    spent: usize,
}

impl Cache {
    /// To be called before each text.
    pub(super) fn begin(&mut self) {
        self.spent = 0;
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.states.as_ref().map_or(0, dfa::Cache::memory_usage)
    }
}

impl Look {
    /// Which of the rests of look `index` can follow at `from`, one bit each? A bit that is set may
    /// be wrong, one that is not set is not.
    pub(super) fn following(&self, text: &[u8], from: usize, tables: &Tables, index: usize, cache: &mut Cache) -> u64 {
        if cache.spent > PATIENCE + 2 * from {
            return u64::MAX;
        }
        let lazy = match self {
            Look::Made(automaton) => {
                let all = u64::MAX >> (u64::BITS as usize - tables.looks[index].len());
                let (found, looked) = automaton.matching(text, from, FARTHEST, all);
                cache.spent += looked;
                return found.unwrap_or(u64::MAX);
            }
            Look::Lazy(lazy) => lazy,
            Look::Left => return u64::MAX,
        };
        let automaton = lazy.get_or_init(|| {
            let rests: Option<Vec<Hir>> = tables.rests_of(index).map(Text::parse).collect();
            compile(&rests?)
        });
        automaton.as_ref().and_then(|dfa| follows(dfa, text, from, cache)).unwrap_or(u64::MAX)
    }
}

/// Which patterns match at `from`, as far as the first [`FARTHEST`] bytes tell? `None` if they
/// do not, or the automaton cannot.
fn follows(dfa: &DFA, text: &[u8], from: usize, cache: &mut Cache) -> Option<u64> {
    let states = cache.states.get_or_insert_with(|| dfa.create_cache());
    let input = Input::new(text).span(from..text.len()).anchored(Anchored::Yes);
    let mut state = dfa.start_state_forward(states, &input).ok()?;
    let end = text.len().min(from.saturating_add(FARTHEST));
    let all = u64::MAX >> (64 - dfa.pattern_len());
    let mut found = 0;
    for (i, &byte) in text[from..end].iter().enumerate() {
        // An error means that the cache is full.
        state = dfa.next_state(states, state, byte).ok()?;
        if !state.is_tagged() {
            continue;
        }
        if state.is_match() {
            found |= matching(dfa, states, state);
        }
        if state.is_dead() || found == all {
            cache.spent += i + 1;
            return Some(found);
        }
        if state.is_quit() {
            return None;
        }
    }
    cache.spent += end - from;
    if end < text.len() {
        return None;
    }
    let last = dfa.next_eoi_state(states, state).ok()?;
    Some(if last.is_match() { found | matching(dfa, states, last) } else { found })
}

/// The patterns that match in a state, one bit each.
fn matching(dfa: &DFA, states: &dfa::Cache, state: LazyStateID) -> u64 {
    (0..dfa.match_len(states, state)).fold(0, |all, i| all | 1 << dfa.match_pattern(states, state, i).as_usize())
}

/// `None` for what such an automaton cannot decide (Unicode word boundaries) or is too large.
fn compile(rests: &[Hir]) -> Option<DFA> {
    let nfa: NFA = thompson::Compiler::new()
        .configure(
            thompson::Config::new().utf8(false).nfa_size_limit(Some(4 << 20)).which_captures(WhichCaptures::None),
        )
        .build_many_from_hir(rests)
        .ok()?;
    DFA::builder()
        .configure(DFA::config().match_kind(MatchKind::All).cache_capacity(CACHE).skip_cache_capacity_check(true))
        .build_from_nfa(nfa)
        .ok()
}

/// Bytes of one cache; it is cleared and filled again when they are used up.
const CACHE: usize = 128 << 10;

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::*;

    fn following(patterns: &[&str], text: &[u8], from: usize) -> u64 {
        let parse = |pattern: &&str| ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap();
        let dfa = compile(&patterns.iter().map(parse).collect::<Vec<_>>());
        dfa.and_then(|dfa| follows(&dfa, text, from, &mut Cache::default())).unwrap_or(u64::MAX)
    }

    fn admits(pattern: &str, text: &[u8], from: usize) -> bool {
        following(&[pattern], text, from) != 0
    }

    #[test]
    fn rests_are_told_apart() {
        let rests = ["=[a-z]{3}", "=[a-z]{5}", ":", "=a", "=[a-z]{2}$"];
        assert_eq!(following(&rests, b"key=ab", 3), 0b11000);
        assert_eq!(following(&rests, b"key=abc;", 3), 0b01001);
        assert_eq!(following(&rests, b"key=bcdef", 3), 0b00011);
        assert_eq!(following(&rests, b"key:", 3), 0b00100);
        assert_eq!(following(&rests, b"key", 3), 0);
    }

    #[test]
    fn what_cannot_follow_is_dismissed() {
        let rest = r#"["']?\s{0,3}[=:]\s{0,3}[^\s]{8,100}(?:$|[^a-z])"#;
        assert!(admits(rest, b"token = abcdefgh", 5));
        assert!(admits(rest, b"token':abcdefgh ", 5));
        assert!(!admits(rest, b"token of my gratitude", 5));
        assert!(!admits(rest, b"tokens = abcdefgh", 5));
        assert!(!admits(rest, b"token = abcdefg", 5));
        assert!(!admits(rest, b"token", 5));
    }

    #[test]
    fn what_is_too_far_away_is_left_to_the_search() {
        assert!(admits(r"[a-z]{70}0", &[b'a'; 200], 0));
        assert!(!admits(r"[a-z]{70}0", &[b'a'; 20], 0));
    }

    #[test]
    fn look_around_sees_the_text_before() {
        assert!(admits(r"\b[0-9]{4}", b"id-1234", 3));
        assert!(!admits(r"\b[0-9]{4}", b"id01234", 3));
        assert!(admits(r"[0-9]{4}(?u:\b)", b"id 1234", 3));
    }
}
