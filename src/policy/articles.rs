//! A company's rule as data: its articles and which findings each stands for.
//!
//! The text of a policy file in, a [`Policy`] out, or the place of the mistake.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::detector::{Detector, Str, Words};
use crate::error::Place;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: Words,
    /// Gist of each article, by id.
    pub articles: BTreeMap<String, Words>,
    /// Articles by category or detector id, instead of those in the detector files.
    map: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: WordsKey,
    #[serde(default)]
    article: Vec<ArticleKey>,
    #[serde(default)]
    map: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleKey {
    id: String,
    text: WordsKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsKey {
    en: String,
    ja: String,
}

impl From<WordsKey> for Words {
    fn from(key: WordsKey) -> Words {
        Words { en: Cow::Owned(key.en), ja: Cow::Owned(key.ja) }
    }
}

const BUILT_IN: &str = include_str!("../../policies/subcontractor.toml");

impl Policy {
    /// Parses a policy file; `file` names it in errors. Every article in `map` must be listed.
    pub fn parse(file: &str, source: &str) -> Result<Policy, Place> {
        let parsed: File = toml::from_str(source)
            .map_err(|e: toml::de::Error| Place::at(file, source, e.span().map_or(0, |s| s.start), e.message()))?;
        let articles: BTreeMap<String, Words> =
            parsed.article.into_iter().map(|article| (article.id, article.text.into())).collect();
        if let Some(unknown) = parsed.map.values().flatten().find(|id| !articles.contains_key(*id)) {
            let at = source.rfind(&format!("\"{unknown}\"")).unwrap_or(0);
            return Err(Place::at(file, source, at, format!("there is no [[article]] with the id `{unknown}`")));
        }
        Ok(Policy { name: parsed.name.into(), articles, map: parsed.map })
    }

    /// The rule that the project was made for.
    pub fn built_in() -> Result<Policy, Place> {
        Policy::parse("policies/subcontractor.toml", BUILT_IN)
    }

    /// Gives a detector the articles that this rule maps it to, if it maps it.
    pub fn apply(&self, detector: &mut Detector) {
        let mapped = self.map.get(detector.id.as_ref()).or_else(|| self.map.get(detector.category.name()));
        if let Some(articles) = mapped {
            detector.articles = Cow::Owned(articles.iter().cloned().map(Str::Owned).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rule_is_well_formed_and_knows_every_article_that_detectors_name() {
        let policy = Policy::built_in().unwrap();
        for detector in crate::detector::builtin() {
            for article in detector.articles.iter() {
                assert!(policy.articles.contains_key(article.as_ref()), "{}: {article}", detector.id);
            }
        }
    }

    #[test]
    fn another_rule_maps_categories_to_its_own_articles() {
        let source = "name = { en = \"n\", ja = \"n\" }\n[[article]]\nid = \"A.5\"\ntext = { en = \"t\", ja = \"t\" }\n\
                      [map]\npersonal = [\"A.5\"]\n";
        let policy = Policy::parse("p.toml", source).unwrap();
        let mut detector = crate::detector::builtin().iter().find(|d| d.id == "personal/payment-card").unwrap().clone();
        policy.apply(&mut detector);
        assert_eq!(detector.articles.as_ref(), ["A.5"]);
        let place = Policy::parse("p.toml", &source.replace("[\"A.5\"]", "[\"A.6\"]")).unwrap_err();
        assert_eq!((place.line, place.text.as_str()), (6, "personal = [\"A.6\"]"));
    }
}
