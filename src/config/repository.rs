//! A repository's own settings, `.sekisho.toml`: text → [`Repository`], or the place of the
//! mistake.
//!
//! Whoever can commit can write them, so they may allow single values, each with a reason;
//! everything in them that makes the scanner look for less is told apart here and counts only
//! where the user has said so.

use std::sync::Arc;

use serde::Deserialize;

use crate::detector::Detector;
use crate::error::Place;
use crate::policy::{Allow, Value, names};

/// The name of the file, at the top of the repository.
pub const FILE: &str = ".sekisho.toml";

/// Settings of a repository.
#[derive(Debug, Default)]
pub struct Repository {
    /// A baseline file in the repository.
    pub baseline: Option<String>,
    /// Values that are allowed.
    pub allowed: Vec<Arc<Allow>>,
    /// What lowers the scanner's attention.
    pub lowering: Lowering,
}

/// Settings that count only where the user trusts the repository.
#[derive(Debug, Default)]
pub struct Lowering {
    /// Detectors and classes that are switched off.
    pub off: Vec<String>,
    /// The least confidence that is reported.
    pub min_confidence: Option<String>,
    /// What is allowed whatever its value.
    pub allowed: Vec<Arc<Allow>>,
    /// All of that, for the user to read.
    pub told: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    baseline: Option<String>,
    #[serde(default)]
    off: Vec<String>,
    min_confidence: Option<String>,
    #[serde(default)]
    allow: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    detector: Option<String>,
    path: Option<String>,
    value: Option<String>,
    sha256: Option<String>,
    reason: String,
}

impl Repository {
    /// Parses the settings.
    pub fn parse(source: &str) -> Result<Repository, Place> {
        let at = |byte: usize, what: &str| Place::at(FILE, source, byte, what);
        let file: File = toml::from_str(source)
            .map_err(|e: toml::de::Error| at(e.span().map_or(0, |span| span.start), e.message()))?;
        let mut settings = Repository { baseline: file.baseline, ..Repository::default() };
        let lowering = &mut settings.lowering;
        lowering.told.extend(file.off.iter().map(|name| format!("off: {name}")));
        lowering.told.extend(file.min_confidence.iter().map(|level| format!("min_confidence: {level}")));
        (lowering.off, lowering.min_confidence) = (file.off, file.min_confidence);
        for entry in file.allow {
            let start = entry.span().start;
            let Entry { detector, path, value, sha256, reason } = entry.into_inner();
            if reason.trim().is_empty() {
                return Err(at(start, "an [[allow]] needs a reason"));
            }
            let value = match (value, sha256) {
                (Some(value), None) => Value::Text(value),
                (None, Some(hash)) => Value::Sha256(hash),
                (None, None) => Value::Any,
                (Some(_), Some(_)) => return Err(at(start, "an [[allow]] names `value` or `sha256`, not both")),
            };
            let told = format!("allow: {} in {}", detector.as_deref().unwrap_or("*"), path.as_deref().unwrap_or("*"));
            let allow = Allow::new(detector, path.as_deref(), value, reason).map_err(|what| at(start, &what))?;
            if allow.is_for_a_value() {
                settings.allowed.push(Arc::new(allow));
            } else {
                settings.lowering.told.push(told);
                settings.lowering.allowed.push(Arc::new(allow));
            }
        }
        Ok(settings)
    }
}

impl Lowering {
    /// Is there anything?
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Does it switch a detector off?
    pub fn switches_off(&self, detector: &Detector) -> bool {
        self.off.iter().any(|name| names(name, &detector.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_allowed_and_what_lowers_is_told_apart() {
        let settings = Repository::parse(
            "baseline = 'known'\noff = ['personal']\n\
             [[allow]]\nvalue = 'x'\nreason = 'sample'\n\
             [[allow]]\ndetector = 'credential/*'\npath = 'tests/'\nreason = 'doubles'\n",
        )
        .expect("fine");
        assert_eq!((settings.allowed.len(), settings.lowering.allowed.len()), (1, 1));
        assert_eq!(settings.lowering.told, ["off: personal", "allow: credential/* in tests/"]);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let line = |text: &str| Repository::parse(text).map(|_| ()).unwrap_err().line;
        assert_eq!(line("baseline = 'x'\nof = []\n"), 2);
        assert_eq!(line("\n[[allow]]\nvalue = 'x'\n"), 2);
        assert_eq!(line("\n[[allow]]\nvalue = 'x'\nreason = ' '\n"), 2);
        assert_eq!(line("[[allow]]\nvalue = 'x'\nsha256 = 'y'\nreason = 'z'\n"), 1);
    }
}
