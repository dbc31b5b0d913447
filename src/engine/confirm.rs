//! One pattern's regular expression: compiled when first needed, searched in windows with a
//! cache of the thread's own.
//!
//! A window and the text around it in, matches out. Where the pattern has an automaton in the
//! binary, that says where matches can begin; where none can, nothing is compiled. Look-around
//! (`\b`, `^`, `$`) sees the text outside the window.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{self, Regex};
use regex_automata::util::{captures::Captures, syntax};
use regex_automata::{Anchored, Input};

use super::automaton::{Beginning, First};
use super::windows::Window;

/// The memory that a search needs; one a thread and expression.
pub(super) type Cache = (meta::Cache, Captures);

/// How the patterns of the whole project are read: ASCII classes as in RE2, any bytes.
pub(super) fn syntax_config() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false)
}

/// A pattern's expression.
#[derive(Debug)]
pub(super) struct Expression {
    /// Says where a match can begin.
    beginning: Beginning,
    regex: OnceLock<Option<Regex>>,
}

/// For each byte of a window, so many may be looked at for where matches can begin.
const EFFORT: usize = 4;
/// What a search at one place that finds nothing counts for, in such bytes.
const IN_VAIN: usize = 64;

impl Expression {
    /// Compiled when first needed.
    pub(super) fn new(beginning: Beginning) -> Expression {
        Expression { beginning, regex: OnceLock::new() }
    }

    fn regex(&self, source: &str) -> Option<&Regex> {
        // The syntax has been checked by the analysis.
        self.regex.get_or_init(|| compile(source).ok()).as_ref()
    }

    /// Every match in a whole text, without asking where matches can begin. See `search`.
    pub(super) fn search_plainly(&self, source: &str, text: &[u8], found: impl FnMut(Range<usize>, Range<usize>)) {
        let window = Window { range: 0..text.len(), until: text.len() };
        self.search_with(&Beginning::default(), source, text, &window, &mut None, || true, found);
    }

    /// Calls `found` with the whole match and the value for every match that begins in the
    /// window, if it is `wanted` where a match is possible. The next search begins where the value
    /// ended, so that one character can end one match and begin the next.
    pub(super) fn search(
        &self,
        source: &str,
        text: &[u8],
        window: &Window,
        cache: &mut Option<Cache>,
        wanted: impl FnOnce() -> bool,
        found: impl FnMut(Range<usize>, Range<usize>),
    ) {
        self.search_with(&self.beginning, source, text, window, cache, wanted, found);
    }

    #[allow(clippy::too_many_arguments)]
    fn search_with(
        &self,
        beginning: &Beginning,
        source: &str,
        text: &[u8],
        window: &Window,
        cache: &mut Option<Cache>,
        wanted: impl FnOnce() -> bool,
        mut found: impl FnMut(Range<usize>, Range<usize>),
    ) {
        let mut effort = EFFORT * window.range.len() + IN_VAIN;
        let end = window.range.end;
        let first = |from, effort: &mut usize| beginning.first(text, from, window.until, end, effort);
        let mut next = first(window.range.start, &mut effort);
        if next == First::Nowhere || !wanted() {
            return;
        }
        let Some(regex) = self.regex(source) else { return };
        let (cache, captures) = cache.get_or_insert_with(|| (regex.create_cache(), regex.create_captures()));
        let group = regex.group_info().to_index(regex_automata::PatternID::ZERO, "value");
        loop {
            let whole = match next {
                First::At(at) if at < end => {
                    // Most matches that can be are: everything is asked for at once.
                    let input = Input::new(text).span(at..end).anchored(Anchored::Yes);
                    regex.search_captures_with(cache, &input, captures);
                    let Some(whole) = captures.get_match() else {
                        effort = effort.saturating_sub(IN_VAIN);
                        next = beginning.next(text, at + 1, window.until, &mut effort);
                        continue;
                    };
                    whole
                }
                First::Unknown(from) if from < end => {
                    let input = Input::new(text).span(from..end).anchored(Anchored::No);
                    // Finding the bounds first is much cheaper than finding groups, and mostly
                    // there is nothing.
                    let Some(whole) = regex.search_with(cache, &input) else { return };
                    if group.is_some() {
                        let input = Input::new(text).span(whole.range()).anchored(Anchored::Yes);
                        regex.search_captures_with(cache, &input, captures);
                    }
                    whole
                }
                _ => return,
            };
            let value = group.and_then(|group| captures.get_group(group)).map_or(whole.range(), |span| span.range());
            next = first(value.end.max(whole.start() + 1), &mut effort);
            if !value.is_empty() {
                found(whole.range(), value);
            }
        }
    }
}

/// Compiles a pattern, or says in English why that is not possible.
pub(super) fn compile(source: &str) -> Result<Regex, String> {
    Regex::builder()
        .syntax(syntax_config())
        .configure(
            Regex::config()
                .utf8_empty(false)
                .nfa_size_limit(Some(10 << 20))
                // Windows are short, and what would be looked for in them has been found already:
                // literals would only be taken out of the pattern at a quarter of its cost.
                .auto_prefilter(false)
                .onepass_size_limit(Some(1 << 20))
                .hybrid_cache_capacity(1 << 20),
        )
        .build(source)
        .map_err(|e| match e.size_limit() {
            Some(limit) => format!("the compiled pattern is larger than {limit} bytes"),
            None => e.to_string(),
        })
}
