//! What a walk passes over although nobody hid it: patterns → a matcher that counts what it met.
//!
//! The default ones are data (`exclusions.toml`). Decides by names and, for folders that mark
//! themselves as caches, by the mark; opens no file that is to be scanned.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::Deserialize;

use crate::error::{Error, Place, Result};
use crate::message::Lang;

/// The default exclusions.
const DEFAULTS: &str = include_str!("exclusions.toml");
/// The first bytes of a file that marks its folder as a cache (<https://bford.info/cachedir/>).
pub(super) const SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";

/// One exclusion, as the report names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exclusion {
    /// The pattern or mark, as it was written.
    pub pattern: String,
    /// Why, in both languages; `None` for the user's own.
    pub why: Option<(String, String)>,
}

impl Exclusion {
    /// The user's own pattern.
    pub fn own(pattern: impl Into<String>) -> Exclusion {
        Exclusion { pattern: pattern.into(), why: None }
    }

    /// One folder, by its path; `why` in English and Japanese.
    pub fn folder(path: &Path, why: (String, String)) -> Exclusion {
        Exclusion { pattern: format!("{}/", literal(path)), why: Some(why) }
    }

    /// The reason in a language; empty for the user's own.
    pub fn why(&self, lang: Lang) -> &str {
        match (&self.why, lang) {
            (None, _) => "",
            (Some((en, _)), Lang::En) => en,
            (Some((_, ja)), Lang::Ja) => ja,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    exclusion: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    pattern: Option<String>,
    tag: Option<String>,
    why: Why,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    en: String,
    ja: String,
}

/// Patterns, and how often each was met.
#[derive(Debug)]
pub struct Exclusions {
    list: Vec<Exclusion>,
    matcher: Gitignore,
    /// Could a pattern mean a file that is no folder?
    files: bool,
    /// Names of files that mark their folder.
    tags: Vec<String>,
    met: Mutex<BTreeMap<String, u64>>,
}

impl Exclusions {
    /// The default exclusions.
    pub fn defaults() -> Result<Vec<Exclusion>> {
        let file: File = toml::from_str(DEFAULTS).map_err(|e| {
            Error::File(Place::at("exclusions.toml", DEFAULTS, e.span().map_or(0, |s| s.start), e.message()))
        })?;
        let rows = file.exclusion.into_iter().filter_map(|row| {
            let pattern = row.pattern.or_else(|| row.tag.map(|tag| format!("{TAG}{tag}")))?;
            Some(Exclusion { pattern, why: Some((row.why.en, row.why.ja)) })
        });
        Ok(rows.collect())
    }

    /// A matcher of these exclusions for absolute paths. `~/` stands for `home`.
    pub fn new(list: Vec<Exclusion>, home: Option<&Path>) -> Result<Exclusions> {
        let mut builder = GitignoreBuilder::new("/");
        let (mut files, mut tags) = (false, Vec::new());
        for exclusion in &list {
            if let Some(tag) = exclusion.pattern.strip_prefix(TAG) {
                tags.push(tag.to_owned());
                continue;
            }
            files |= !exclusion.pattern.ends_with('/');
            let line = match exclusion.pattern.strip_prefix("~/") {
                None => exclusion.pattern.clone(),
                Some(rest) => match home {
                    Some(home) => format!("{}/{rest}", literal(home)),
                    None => continue,
                },
            };
            builder.add_line(None, &line).map_err(|e| Error::Usage(format!("{}: {e}", exclusion.pattern)))?;
        }
        let matcher = builder.build().map_err(|e| Error::Usage(e.to_string()))?;
        Ok(Exclusions { list, matcher, files, tags, met: Mutex::default() })
    }

    /// All exclusions in force.
    pub fn list(&self) -> &[Exclusion] {
        &self.list
    }

    /// How often each pattern was met.
    pub fn met(&self) -> BTreeMap<String, u64> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Is this one to be passed over? Counts it if so.
    pub(super) fn covers(&self, path: &Path, is_directory: bool) -> bool {
        if !is_directory && !self.files {
            return false;
        }
        match self.matcher.matched(path, is_directory) {
            ignore::Match::Ignore(glob) => {
                let index = self.index_of(glob.original());
                self.count(index);
                true
            }
            _ => false,
        }
    }

    /// The names of files that mark a folder as one to pass over.
    pub(super) fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Counts a folder that a mark excludes.
    pub(super) fn tagged(&self, tag: &str) {
        self.count(self.list.iter().position(|e| e.pattern.strip_prefix(TAG) == Some(tag)));
    }

    /// The exclusion that a line of the matcher was made of.
    fn index_of(&self, line: &str) -> Option<usize> {
        let same = |pattern: &str| match pattern.strip_prefix("~/") {
            Some(rest) => line.strip_suffix(rest).is_some_and(|home| home.ends_with('/')),
            None => line == pattern,
        };
        self.list.iter().position(|e| same(&e.pattern))
    }

    fn count(&self, index: Option<usize>) {
        if let Some(exclusion) = index.and_then(|i| self.list.get(i)) {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            *met.entry(exclusion.pattern.clone()).or_default() += 1;
        }
    }
}

/// How a mark is told from a pattern in a list of exclusions.
const TAG: &str = "tag:";

/// A path whose characters stand for themselves in a pattern.
fn literal(path: &Path) -> String {
    let mut out = String::new();
    for c in PathBuf::from(path).to_string_lossy().chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\' | '!' | '#' | ' ') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(own: &[&str]) -> Exclusions {
        let mut list = Exclusions::defaults().expect("the data is right");
        list.extend(own.iter().map(|pattern| Exclusion::own(*pattern)));
        Exclusions::new(list, Some(Path::new("/home/a [b]"))).expect("patterns")
    }

    #[test]
    fn places_of_the_home_directory_are_meant_there_only() {
        let matcher = matcher(&[]);
        assert!(matcher.covers(Path::new("/home/a [b]/.cache"), true));
        assert!(!matcher.covers(Path::new("/home/c/.cache"), true));
        assert!(!matcher.covers(Path::new("/home/a [b]/.cache"), false), "a file of that name");
        assert!(matcher.covers(Path::new("/srv/x/node_modules"), true));
        assert_eq!(matcher.met().get("~/.cache/"), Some(&1));
    }

    #[test]
    fn own_patterns_may_mean_files() {
        let matcher = matcher(&["*.iso", "!node_modules/"]);
        assert!(matcher.covers(Path::new("/srv/a.iso"), false));
        assert!(!matcher.covers(Path::new("/srv/node_modules"), true), "taken back");
        assert_eq!(matcher.met().get("*.iso"), Some(&1));
    }
}
