//! `[[services]]` of a detector file → variants: the keys of many services that look alike.
//!
//! One pattern with two holes, and a table that says which services' words go with which form of
//! key. Shared with `build.rs`, like its neighbours.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::file::LevelsKey;
use super::model::{Context, Levels, List, Prefilter, Str, Variant};

/// Words that one variant may have: the engine looks into no alternation of more than 64.
const MOST_WORDS: usize = 48;

/// Shorter words stand everywhere.
const SHORTEST: usize = 3;

/// What stands in the pattern for the words, and for the form of the key.
const HOLES: [&str; 2] = ["{word}", "{key}"];

/// One table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServicesKey {
    /// With `{word}` and `{key}` in it.
    pattern: String,
    /// How near a word must stand to be named in the reasons, in characters.
    within: u16,
    /// In place of what the file says at its top.
    pub(super) validate: Option<Vec<String>>,
    /// In place of what the file says at its top.
    pub(super) confidence: Option<LevelsKey>,
    /// By form of key, the words of the services whose keys have it.
    keys: BTreeMap<String, Vec<String>>,
}

/// The variants of a table. Fails, in English, on a table that cannot work.
pub(super) fn variants(services: &ServicesKey, validate: &List, confidence: Levels) -> Result<Vec<Variant>, String> {
    if let Some(hole) = HOLES.iter().find(|hole| services.pattern.matches(**hole).count() != 1) {
        return Err(format!("`pattern` must contain {hole} exactly once"));
    }
    let mut all = Vec::new();
    for (form, words) in &services.keys {
        if let Some(word) = words.iter().find(|word| word.len() < SHORTEST || word.to_lowercase() != **word) {
            return Err(format!("`{word}`: words are in lower case and three bytes long at least"));
        }
        for words in words.chunks(MOST_WORDS) {
            let alternatives: Vec<String> = words.iter().map(|word| escaped(word)).collect();
            let pattern = services.pattern.replace(HOLES[0], &format!("(?i: {} )", alternatives.join(" | ")));
            let words: List = Cow::Owned(words.iter().cloned().map(Str::Owned).collect());
            all.push(Variant {
                service: None,
                finder: None,
                pattern: Cow::Owned(pattern.replace(HOLES[1], &format!("(?: {form} )"))),
                prefilter: Prefilter::Literals(words.clone()),
                validate: validate.clone(),
                context: Some(Context {
                    words,
                    against: Cow::Borrowed(&[]),
                    within: services.within,
                    required: false,
                    services: true,
                }),
                confidence,
                conditions: None,
            });
        }
    }
    Ok(all)
}

/// A word as an expression that means it, also where blanks do not count.
fn escaped(word: &str) -> String {
    word.chars()
        .flat_map(|c| (c.is_ascii() && !c.is_ascii_alphanumeric()).then_some('\\').into_iter().chain([c]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Prefilter, parse};

    fn file(pattern: &str, keys: &str) -> String {
        format!(
            "title = {{ en = \"a\", ja = \"a\" }}\nwhy = {{ en = \"a\", ja = \"a\" }}\nseverity = \"low\"\n\
             [[services]]\npattern = '{pattern}'\nwithin = 60\n[services.keys]\n{keys}\n"
        )
    }

    #[test]
    fn a_line_of_words_is_a_variant_and_a_long_one_several() {
        let words: Vec<String> = (0..100).map(|i| format!("\"service-{i}\"")).collect();
        let keys = format!("'[0-9a-f]{{32}}' = [{}]\n'[0-9A-Z]{{20}}' = [\"acme.co\"]", words.join(", "));
        let detector = parse("credential/x", "x", &file("{word} : (?P<value> {key} )", &keys)).expect("well-formed");
        assert_eq!(detector.variants.len(), 4);
        assert_eq!(detector.variants[0].pattern, r"(?i: acme\.co ) : (?P<value> (?: [0-9A-Z]{20} ) )");
        assert!(matches!(&detector.variants[1].prefilter, Prefilter::Literals(all) if all.len() == 48));
        assert!(detector.variants.iter().all(|v| v.context.as_ref().is_some_and(|c| c.services && !c.required)));
    }

    #[test]
    fn tables_that_cannot_work_are_refused() {
        let wrong = |pattern, keys| parse("credential/x", "x", &file(pattern, keys)).expect_err("refused").what;
        assert!(wrong("{key}", "'a' = [\"acme\"]").contains("{word}"));
        assert!(wrong("{word}", "'a' = [\"acme\"]").contains("{key}"));
        assert!(wrong("{word}{key}", "'a' = [\"ac\"]").contains("three bytes"));
        assert!(wrong("{word}{key}", "'a' = [\"Acme\"]").contains("lower case"));
    }
}
