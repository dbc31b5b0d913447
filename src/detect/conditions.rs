//! What a rule of another scanner asks for beyond its expression: entropy, words in the text, the
//! path, and lists of what it allows.
//!
//! A candidate with its text and path in, whether the rule's conditions hold out. Made from
//! [`crate::detector::Conditions`]; our own detectors have none.

use std::ops::Range;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::detector::{self, Str, Target};
use crate::validate;

/// How far from a match its keywords are looked for, in bytes. (The scanner they come from takes
/// the whole file, but only to save itself work.)
const FAR: usize = 4096;

/// The conditions of one rule, compiled.
#[derive(Debug)]
pub(super) struct Conditions {
    entropy: f64,
    keywords: Vec<Str>,
    path: Option<Regex>,
    must: Vec<Vec<Regex>>,
    no_words: bool,
    allowed: Vec<Allowed>,
}

#[derive(Debug)]
struct Allowed {
    all: bool,
    paths: Vec<Regex>,
    regexes: Vec<Regex>,
    target: Target,
    stopwords: Vec<String>,
}

impl Conditions {
    /// Compiles the expressions. Fails, in English, on a wrong one.
    pub(super) fn new(from: &detector::Conditions) -> Result<Conditions, String> {
        let list = |sources: &[Str]| sources.iter().map(|source| regex(source)).collect::<Result<Vec<_>, _>>();
        let mut allowed = Vec::new();
        for one in from.allowed.iter() {
            allowed.push(Allowed {
                all: one.all,
                paths: list(&one.paths)?,
                regexes: list(&one.regexes)?,
                target: one.target,
                stopwords: one.stopwords.iter().map(|word| word.to_lowercase()).collect(),
            });
        }
        Ok(Conditions {
            entropy: f64::from(from.entropy) / 1000.0,
            keywords: from.keywords.to_vec(),
            path: from.path.as_deref().map(regex).transpose()?,
            must: from.must.iter().map(|one| list(one)).collect::<Result<_, _>>()?,
            no_words: from.no_words,
            allowed,
        })
    }

    /// Do they hold for a candidate?
    pub(super) fn hold(&self, text: &[u8], value: &Range<usize>, whole: &Range<usize>, path: &str) -> bool {
        let secret = String::from_utf8_lossy(&text[value.clone()]);
        self.path.as_ref().is_none_or(|regex| regex.is_match(path))
            && (self.entropy == 0.0 || validate::shannon(&secret) > self.entropy)
            && self.must.iter().all(|list| list.iter().any(|regex| regex.is_match(&*secret)))
            && !(self.no_words && validate::has_words(&secret))
            && (self.keywords.is_empty() || self.has_keyword(text, whole))
            && !self.allowed.iter().any(|allowed| allowed.allows(text, (value, &secret), whole, path))
    }

    fn has_keyword(&self, text: &[u8], whole: &Range<usize>) -> bool {
        let around = &text[whole.start.saturating_sub(FAR)..(whole.end + FAR).min(text.len())];
        let lower = around.to_ascii_lowercase();
        self.keywords.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
    }
}

impl Allowed {
    /// Any of its parts is enough; with `all` every kind of them has to fit.
    fn allows(&self, text: &[u8], value: (&Range<usize>, &str), whole: &Range<usize>, path: &str) -> bool {
        let target = || match self.target {
            Target::Secret => &text[value.0.clone()],
            Target::Match => &text[whole.clone()],
            // A match may take the line's end with it.
            Target::Line => super::line(text, &(whole.start..value.0.end)),
        };
        let mut kinds = [
            (!self.paths.is_empty()).then(|| self.paths.iter().any(|regex| regex.is_match(path))),
            (!self.regexes.is_empty()).then(|| self.regexes.iter().any(|regex| regex.is_match(target()))),
            (!self.stopwords.is_empty()).then(|| {
                let lower = value.1.to_lowercase();
                self.stopwords.iter().any(|word| lower.contains(word.as_str()))
            }),
        ]
        .into_iter()
        .flatten();
        if self.all { kinds.all(|fits| fits) } else { kinds.any(|fits| fits) }
    }
}

/// An expression, read as the engine reads patterns.
pub(super) fn regex(source: &str) -> Result<Regex, String> {
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    let config = Regex::config().utf8_empty(false).nfa_size_limit(Some(10 << 20));
    Regex::builder().syntax(syntax).configure(config).build(source).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::detect::{Detectors, Document, Scratch, Setting};

    fn found(rule: &str, text: &str, path: &str) -> usize {
        let source = format!("[[rules]]\nid = \"acme\"\nregex = '''acme_([0-9a-z]{{8,}})'''\n{rule}");
        let rules = detector::gitleaks::parse("f", &source).expect("well-formed");
        assert!(rules.notes.is_empty(), "{:?}", rules.notes);
        let detectors = Detectors::new(rules.detectors.into_iter().map(Arc::new).collect()).expect("compiles");
        let mut hits = Vec::new();
        let document = Document { path: path.to_owned(), ..Document::default() };
        let setting = Setting::of(&document, None);
        detectors.detect(text.as_bytes(), 0..text.len(), setting, &mut Scratch::default(), &mut hits);
        hits.len()
    }

    #[test]
    fn conditions_of_a_rule() {
        let text = "key = acme_9f86d081 # sample";
        let list = |what: &str| format!("[[rules.allowlists]]\n{what}");
        for (rule, count) in [
            (String::new(), 1),
            ("entropy = 2.5".to_owned(), 1),
            ("entropy = 4".to_owned(), 0),
            ("keywords = [\"KEY =\"]".to_owned(), 1),
            ("keywords = [\"absent\"]".to_owned(), 0),
            ("path = '''\\.env$'''".to_owned(), 1),
            ("path = '''\\.txt$'''".to_owned(), 0),
            (list("stopwords = [\"F86\"]"), 0),
            (list("regexes = ['''^9f''']"), 0),
            (list("regexes = ['''^acme''']"), 1),
            (list("regexTarget = \"match\"\nregexes = ['''^acme''']"), 0),
            (list("regexTarget = \"line\"\nregexes = ['''sample$''']"), 0),
            (list("paths = ['''^docs/''']"), 1),
            (list("condition = \"AND\"\npaths = ['''env''']\nstopwords = [\"zz\"]"), 1),
            (list("condition = \"AND\"\npaths = ['''env''']\nstopwords = [\"9f\"]"), 0),
        ] {
            assert_eq!(found(&rule, text, "home/.env"), count, "{rule}");
        }
    }

    #[test]
    fn a_rule_of_a_path_alone_is_a_file_name() {
        let source = "[[rules]]\nid = \"dump\"\npath = '''(?i)\\.acmedump$'''";
        let rules = detector::gitleaks::parse("f", source).expect("well-formed");
        let detectors = Detectors::new(rules.detectors.into_iter().map(Arc::new).collect()).expect("compiles");
        assert!(detectors.telling("x/a.AcmeDump", b"1").is_some());
        assert!(detectors.telling("x/a.dump", b"1").is_none() && detectors.telling("x/a.acmedump", b"").is_none());
    }
}
