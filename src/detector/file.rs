//! The text of a detector file → [`Detector`] and its examples, or a [`Place`] that says what
//! is wrong where.
//!
//! Shared with `build.rs`, so it uses nothing of the crate but its own parent's types and
//! `Place`. Semantic checks that need the engine or the validators are in `lint`.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::model::{
    Category, Confidence, Context, Detector, Files, Levels, List, Pair, Prefilter, Severity, Str, Variant, Words,
};
use super::services::{self, ServicesKey};
use crate::error::Place;

/// A text with what must be found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The text, its pieces joined.
    pub text: String,
    /// The values that must be found, in order.
    pub find: Vec<String>,
    /// The exact confidence of those values; `None` means medium or high.
    pub confidence: Option<Confidence>,
    /// Why nothing is found.
    pub why: Option<String>,
    /// The name of the file that the text is in, where names count.
    pub name: Option<String>,
    /// The line of the example in its file.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    category: Option<Spanned<String>>,
    title: WordsKey,
    severity: SeverityKey,
    #[serde(default)]
    articles: Vec<String>,
    why: WordsKey,
    advice: Option<WordsKey>,
    #[serde(default)]
    references: Vec<String>,
    pattern: Option<Spanned<String>>,
    prefilter: Option<Spanned<PrefilterKey>>,
    #[serde(default)]
    slow: bool,
    #[serde(default)]
    validate: Vec<String>,
    context: Option<ContextKey>,
    confidence: Option<LevelsKey>,
    #[serde(default)]
    variant: Vec<VariantKey>,
    #[serde(default)]
    services: Vec<Spanned<ServicesKey>>,
    #[serde(default)]
    files: Vec<Spanned<FilesKey>>,
    #[serde(default)]
    show: u8,
    mask: Option<MaskKey>,
    #[serde(default)]
    generic: bool,
    #[serde(default)]
    yields_to: Vec<String>,
    pair: Option<PairKey>,
    #[serde(default)]
    public_author: bool,
    #[serde(default)]
    overlaps: Vec<String>,
    #[serde(default)]
    example: Vec<Spanned<ExampleKey>>,
}

/// What a variant leaves out is as at the top of the file, but for `prefilter` and `slow`, which
/// belong to a pattern.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantKey {
    service: Option<String>,
    pattern: Option<Spanned<String>>,
    finder: Option<Spanned<String>>,
    prefilter: Option<Spanned<PrefilterKey>>,
    #[serde(default)]
    slow: bool,
    validate: Option<Vec<String>>,
    context: Option<ContextKey>,
    confidence: Option<LevelsKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsKey {
    en: String,
    ja: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum SeverityKey {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum LevelKey {
    Low,
    Medium,
    High,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum MaskKey {
    All,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelsKey {
    base: Option<LevelKey>,
    with_context: Option<LevelKey>,
    with_check: Option<LevelKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrefilterKey {
    #[serde(default)]
    literals: Vec<String>,
    digits: Option<u8>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct ContextKey {
    words: Vec<String>,
    #[serde(default)]
    against: Vec<String>,
    #[serde(default = "default_within")]
    within: u16,
    #[serde(default)]
    required: bool,
}

fn default_within() -> u16 {
    60
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilesKey {
    names: Vec<String>,
    content: Option<String>,
    service: Option<String>,
    confidence: Option<LevelKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairKey {
    with: String,
    pattern: Option<String>,
    within: u32,
    confidence: LevelKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleKey {
    text: Pieces,
    find: Vec<Pieces>,
    confidence: Option<LevelKey>,
    why: Option<String>,
    name: Option<String>,
}

/// A text, in one piece or in several that are joined.
#[derive(Deserialize)]
#[serde(untagged)]
enum Pieces {
    One(String),
    Many(Vec<String>),
}

impl Pieces {
    fn join(self) -> String {
        match self {
            Pieces::One(text) => text,
            Pieces::Many(pieces) => pieces.concat(),
        }
    }
}

/// Parses a detector file. `id` is its path without extension; `file` names it in errors.
pub fn parse(id: &str, file: &str, source: &str) -> Result<Detector, Place> {
    let at = |span: Range<usize>, what: String| Place::at(file, source, span.start, what);
    let parsed = read(file, source)?;
    let class = id.split('/').next().unwrap_or_default();
    let category = match &parsed.category {
        Some(named) => Category::of(named.get_ref()).ok_or_else(|| {
            at(named.span(), format!("no such category: {} (credential, personal, confidential, client)", named.get_ref()))
        })?,
        None => Category::of(class).ok_or_else(|| {
            Place::whole(
                file,
                format!("the folder `{class}` is no category: put the file under credential/, personal/, confidential/ or client/, or state `category = \"…\"`"),
            )
        })?,
    };
    if let (None, Some(prefilter)) = (&parsed.pattern, &parsed.prefilter) {
        let what = "a prefilter belongs to a pattern: put it into each `[[variant]]` that it is for";
        return Err(at(prefilter.span(), what.to_owned()));
    }
    let mut variants = Vec::new();
    if let Some(pattern) = parsed.pattern {
        variants.push(Variant {
            service: None,
            pattern: Cow::Owned(pattern.into_inner()),
            finder: None,
            prefilter: prefilter(parsed.prefilter, parsed.slow, &at)?,
            validate: list(parsed.validate.clone()),
            context: parsed.context.clone().map(context),
            confidence: levels(parsed.confidence.unwrap_or_default()),
            conditions: None,
        });
    }
    for variant in parsed.variant {
        let (pattern, finder) = match (variant.pattern, variant.finder) {
            (Some(pattern), None) => (Cow::Owned(pattern.into_inner()), None),
            (None, Some(finder)) => (Cow::Borrowed(""), Some(Cow::Owned(finder.into_inner()))),
            (Some(span), Some(_)) => return Err(at(span.span(), "either `pattern` or `finder`, not both".to_owned())),
            (None, None) => return Err(Place::whole(file, "a `[[variant]]` has a `pattern` or a `finder`")),
        };
        variants.push(Variant {
            service: variant.service.map(Cow::Owned),
            pattern,
            finder,
            prefilter: prefilter(variant.prefilter, variant.slow, &at)?,
            validate: list(variant.validate.unwrap_or_else(|| parsed.validate.clone())),
            context: variant.context.or_else(|| parsed.context.clone()).map(context),
            confidence: levels(variant.confidence.or(parsed.confidence).unwrap_or_default()),
            conditions: None,
        });
    }
    for services in parsed.services {
        let span = services.span();
        let mut services = services.into_inner();
        let checks = list(services.validate.take().unwrap_or_else(|| parsed.validate.clone()));
        let confidence = levels(services.confidence.or(parsed.confidence).unwrap_or_default());
        let more = services::variants(&services, &checks, confidence);
        variants.extend(more.map_err(|what| at(span, what))?);
    }
    let mut files = Vec::new();
    for row in parsed.files {
        let span = row.span();
        files.push(names_of_files(row.into_inner()).map_err(|what| at(span, what))?);
    }
    if variants.is_empty() && files.is_empty() {
        return Err(Place::whole(file, "missing `pattern` (or one `[[variant]]`, `[[services]]` or `[[files]]`)"));
    }
    Ok(Detector {
        id: Cow::Owned(id.to_owned()),
        category,
        title: words(parsed.title),
        severity: match parsed.severity {
            SeverityKey::Low => Severity::Low,
            SeverityKey::Medium => Severity::Medium,
            SeverityKey::High => Severity::High,
            SeverityKey::Critical => Severity::Critical,
        },
        articles: list(parsed.articles),
        why: words(parsed.why),
        advice: parsed.advice.map(words),
        references: list(parsed.references),
        variants: Cow::Owned(variants),
        files: Cow::Owned(files),
        show: parsed.show,
        mask_all: parsed.mask.is_some(),
        generic: parsed.generic,
        yields_to: list(parsed.yields_to),
        pair: parsed.pair.map(|p| Pair {
            with: Cow::Owned(p.with),
            pattern: p.pattern.map(Cow::Owned),
            within: p.within,
            confidence: level(p.confidence),
        }),
        public_author: parsed.public_author,
    })
}

/// The examples of a detector file, and the ids of other detectors that may fire in them.
pub fn parse_examples(file: &str, source: &str) -> Result<(Vec<Example>, Vec<String>), Place> {
    let parsed = read(file, source)?;
    let examples = parsed
        .example
        .into_iter()
        .map(|example| {
            let line = Place::at(file, source, example.span().start, "").line;
            let example = example.into_inner();
            Example {
                text: example.text.join(),
                find: example.find.into_iter().map(Pieces::join).collect(),
                confidence: example.confidence.map(level),
                why: example.why,
                name: example.name,
                line,
            }
        })
        .collect();
    Ok((examples, parsed.overlaps))
}

/// The place of a variant's `pattern` key, for mistakes inside it.
pub fn pattern_place(file: &str, source: &str, variant: usize, what: &str) -> Place {
    match read(file, source) {
        Ok(parsed) => {
            let mut patterns = parsed
                .pattern
                .iter()
                .chain(parsed.variant.iter().filter_map(|v| v.pattern.as_ref().or(v.finder.as_ref())));
            let start = patterns.nth(variant).map_or(0, |p| p.span().start);
            Place::at(file, source, start, what)
        }
        Err(place) => place,
    }
}

fn prefilter(
    key: Option<Spanned<PrefilterKey>>,
    slow: bool,
    at: &dyn Fn(Range<usize>, String) -> Place,
) -> Result<Prefilter, Place> {
    let Some(key) = key else {
        return Ok(if slow { Prefilter::Nothing } else { Prefilter::Pattern });
    };
    let span = key.span();
    let key = key.into_inner();
    match (key.digits, key.literals.is_empty()) {
        (Some(digits), true) => Ok(Prefilter::Digits(digits)),
        (None, false) if key.literals.iter().all(|l| !l.is_empty()) => Ok(Prefilter::Literals(list(key.literals))),
        _ => Err(at(span, "a prefilter is either { digits = N } or { literals = [\"…\"] }".to_owned())),
    }
}

/// A row of `[[files]]`. Fails, in English, on a name that could never fit.
fn names_of_files(key: FilesKey) -> Result<Files, String> {
    for name in &key.names {
        let (folders, last) = name.rsplit_once('/').unwrap_or(("", name));
        if last.is_empty() || folders.contains('*') || last.matches('*').count() > 1 || name.to_lowercase() != *name {
            return Err(format!("`{name}`: names are in lower case and have one `*` at most, in their last part"));
        }
    }
    Ok(Files {
        names: list(key.names),
        content: key.content.map(Cow::Owned),
        service: key.service.map(Cow::Owned),
        confidence: key.confidence.map_or(Confidence::Medium, level),
    })
}

fn context(key: ContextKey) -> Context {
    Context {
        words: list(key.words),
        against: list(key.against),
        within: key.within,
        required: key.required,
        services: false,
    }
}

fn levels(key: LevelsKey) -> Levels {
    let base = key.base.map_or(Confidence::Medium, level);
    Levels { base, with_context: key.with_context.map_or(base, level), with_check: key.with_check.map_or(base, level) }
}

fn read(file: &str, source: &str) -> Result<File, Place> {
    toml::from_str(source)
        .map_err(|e: toml::de::Error| Place::at(file, source, e.span().map_or(0, |s| s.start), e.message()))
}

fn level(key: LevelKey) -> Confidence {
    match key {
        LevelKey::Low => Confidence::Low,
        LevelKey::Medium => Confidence::Medium,
        LevelKey::High => Confidence::High,
    }
}

fn words(key: WordsKey) -> Words {
    Words { en: Cow::Owned(key.en), ja: Cow::Owned(key.ja) }
}

fn list(items: Vec<String>) -> List {
    Cow::Owned(items.into_iter().map(Str::Owned).collect())
}
