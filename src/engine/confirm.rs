//! One pattern's regular expression: compiled when first needed, searched in windows with a
//! cache of the thread's own.
//!
//! A window and the text around it in, matches out. Look-around (`\b`, `^`, `$`) sees the text
//! outside the window.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{self, Regex};
use regex_automata::util::{captures::Captures, syntax};
use regex_automata::{Anchored, Input};

/// The memory that a search needs; one a thread and expression.
pub(super) type Cache = (meta::Cache, Captures);

/// How the patterns of the whole project are read: ASCII classes as in RE2, any bytes.
pub(super) fn syntax_config() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false)
}

/// A pattern's expression.
#[derive(Debug)]
pub(super) struct Expression(OnceLock<Option<Regex>>);

impl Expression {
    /// Compiled when first needed.
    pub(super) fn new() -> Expression {
        Expression(OnceLock::new())
    }

    fn regex(&self, source: &str) -> Option<&Regex> {
        // The syntax has been checked by the analysis.
        self.0.get_or_init(|| compile(source).ok()).as_ref()
    }

    /// Calls `found` with the whole match and the value for every match that begins in
    /// `window`. The next search begins where the value ended, so that one character can end
    /// one match and begin the next.
    pub(super) fn search(
        &self,
        source: &str,
        text: &[u8],
        window: Range<usize>,
        cache: &mut Option<Cache>,
        mut found: impl FnMut(Range<usize>, Range<usize>),
    ) {
        let Some(regex) = self.regex(source) else { return };
        let (cache, captures) = cache.get_or_insert_with(|| (regex.create_cache(), regex.create_captures()));
        let group = regex.group_info().to_index(regex_automata::PatternID::ZERO, "value");
        let mut from = window.start;
        while from < window.end {
            let input = Input::new(text).span(from..window.end).anchored(Anchored::No);
            // Finding the bounds first is much cheaper than finding groups, and mostly there is
            // nothing.
            let Some(whole) = regex.search_with(cache, &input) else { return };
            let mut value = whole.range();
            if let Some(group) = group {
                let input = Input::new(text).span(whole.range()).anchored(Anchored::Yes);
                regex.search_captures_with(cache, &input, captures);
                if let Some(span) = captures.get_group(group) {
                    value = span.range();
                }
            }
            from = value.end.max(whole.start() + 1);
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
