//! A value that a repository's own settings allow, with the reason.
//!
//! Detector, path and value in, the reason out. Pure.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use sha2::{Digest as _, Sha256};

use super::names;

/// The value that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// This very text.
    Text(String),
    /// The text with this SHA-256, in hexadecimal digits: for values that should not stand in
    /// the settings again.
    Sha256(String),
    /// Whatever it is. Amounts to switching detectors off.
    Any,
}

/// One entry. What is left out matches everything.
#[derive(Debug)]
pub struct Allow {
    detector: Option<String>,
    paths: Option<Gitignore>,
    value: Value,
    reason: String,
}

impl Allow {
    /// An entry; `path` is a pattern as in `.gitignore`. Fails with what is wrong with it.
    pub fn new(
        detector: Option<String>,
        path: Option<&str>,
        value: Value,
        reason: String,
    ) -> std::result::Result<Allow, String> {
        let pattern = |pattern: &str| {
            let mut builder = GitignoreBuilder::new("");
            builder.add_line(None, pattern).and_then(|builder| builder.build()).map_err(|e| e.to_string())
        };
        Ok(Allow { detector, paths: path.map(pattern).transpose()?, value, reason })
    }

    /// Does it name a value, or everything that a detector or a place has?
    pub fn is_for_a_value(&self) -> bool {
        self.value != Value::Any
    }

    /// The reason, if this entry covers a finding.
    pub fn covers(&self, detector: &str, path: &Path, value: &[u8]) -> Option<String> {
        let named = self.detector.as_deref().is_none_or(|name| names(name, detector));
        let placed = || self.paths.as_ref().is_none_or(|p| p.matched_path_or_any_parents(path, false).is_ignore());
        let valued = || match &self.value {
            Value::Text(text) => text.as_bytes() == value,
            Value::Sha256(hash) => {
                Sha256::digest(value).iter().map(|b| format!("{b:02x}")).collect::<String>().eq_ignore_ascii_case(hash)
            }
            Value::Any => true,
        };
        // A path outside the repository has nothing to do with its settings.
        (named && path.is_relative() && placed() && valued()).then(|| self.reason.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_is_given_must_fit() {
        let allow = |detector: Option<&str>, path, value| {
            Allow::new(detector.map(str::to_owned), path, value, "why".to_owned()).expect("fine")
        };
        let covers = |allow: &Allow| allow.covers("credential/x", Path::new("tests/a/b.txt"), b"v4lue").is_some();
        assert!(covers(&allow(Some("credential"), Some("tests/"), Value::Text("v4lue".to_owned()))));
        assert!(covers(&allow(None, Some("*.txt"), Value::Any)));
        assert!(!covers(&allow(Some("personal"), None, Value::Any)));
        assert!(!covers(&allow(None, Some("/b.txt"), Value::Any)));
        assert!(!covers(&allow(None, None, Value::Text("v4lu".to_owned()))));
        let hash = "7f3f9c3d0d5bba5b2ef9cd8f3f9d4a8b9d1c0d8cbb2f4f4c4c3f5d5e5a5b5c5d";
        assert!(!covers(&allow(None, None, Value::Sha256(hash.to_owned()))));
        let right: String = Sha256::digest(b"v4lue").iter().map(|b| format!("{b:02X}")).collect();
        assert!(covers(&allow(None, None, Value::Sha256(right))));
    }
}
