//! A cheap look at what follows a literal, before the whole pattern is tried.
//!
//! The part of a pattern behind a literal becomes a lazy automaton that is run from the
//! literal's end. It mostly fails within a few bytes, at a fraction of the cost of a search.

use std::sync::OnceLock;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{self, DFA};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::{Anchored, Input};
use regex_syntax::hir::Hir;

/// Bytes that are looked at, at most.
const FARTHEST: usize = 64;

/// The automaton of one rest; made when first needed.
#[derive(Debug, Default)]
pub(super) struct Automaton(OnceLock<Option<DFA>>);

/// The memory that a look needs; one a thread and automaton.
pub(super) type Cache = Option<dfa::Cache>;

impl Automaton {
    /// Can what begins at `from` be the rest of a match? A yes may be wrong, a no is not.
    /// `source` gives the expression, when that is first needed; `spent` grows by the bytes that
    /// were looked at.
    pub(super) fn admits(
        &self,
        text: &[u8],
        from: usize,
        source: impl FnOnce() -> Option<Hir>,
        cache: &mut Cache,
        spent: &mut usize,
    ) -> bool {
        let Some(dfa) = self.0.get_or_init(|| compile(&source()?)) else { return true };
        let cache = cache.get_or_insert_with(|| dfa.create_cache());
        let input = Input::new(text).span(from..text.len()).anchored(Anchored::Yes);
        let Ok(mut state) = dfa.start_state_forward(cache, &input) else { return true };
        let end = text.len().min(from.saturating_add(FARTHEST));
        for (i, &byte) in text[from.min(end)..end].iter().enumerate() {
            // An error means that the cache is full.
            let Ok(next) = dfa.next_state(cache, state, byte) else { return true };
            state = next;
            if let Some(outcome) = outcome(state) {
                *spent += i + 1;
                return outcome;
            }
        }
        *spent += end - from;
        if end < text.len() {
            return true;
        }
        dfa.next_eoi_state(cache, state).map_or(true, |state| outcome(state).unwrap_or(false))
    }
}

/// What a state says: yes, no, or nothing yet.
#[inline]
fn outcome(state: LazyStateID) -> Option<bool> {
    // A state in which the automaton gives up (quit) says nothing against a match.
    if state.is_tagged() { Some(!state.is_dead()).filter(|_| !state.is_start()) } else { None }
}

/// `None` for what such an automaton cannot decide (Unicode word boundaries) or is too large.
fn compile(rest: &Hir) -> Option<DFA> {
    let nfa: NFA = thompson::Compiler::new()
        .configure(
            thompson::Config::new().utf8(false).nfa_size_limit(Some(4 << 20)).which_captures(WhichCaptures::None),
        )
        .build_from_hir(rest)
        .ok()?;
    DFA::builder()
        .configure(DFA::config().cache_capacity(CACHE).skip_cache_capacity_check(true))
        .build_from_nfa(nfa)
        .ok()
}

/// Bytes of one cache; it is cleared and filled again when they are used up.
const CACHE: usize = 128 << 10;

#[cfg(test)]
mod tests {
    use regex_syntax::ParserBuilder;

    use super::*;

    fn admits(pattern: &str, text: &[u8], from: usize) -> bool {
        let hir = || ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).ok();
        Automaton::default().admits(text, from, hir, &mut None, &mut 0)
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
