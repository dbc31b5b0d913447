//! The settings file: text → typed [`Config`], or the place of the mistake.
//!
//! Only what a file may say; what the command line says is laid over it by the binary. An
//! unknown key is an error, so that a misspelt setting is never silently without effect.

pub mod repository;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::error::Place;

/// Everything that a settings file can set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Language of output: `ja` or `en`.
    pub lang: Option<String>,
    /// Files and folders with own detectors.
    pub rules: Vec<PathBuf>,
    /// The client ledger; `clients.toml` beside the settings if it is left out.
    pub ledger: Option<PathBuf>,
    /// Settings of `scan`; other commands start from them too.
    pub scan: Scan,
    /// Named sets of places for `--set NAME`.
    pub set: BTreeMap<String, Set>,
    /// The user's own data.
    pub me: Me,
    /// Settings of `watch`.
    pub watch: Watch,
    /// Settings of `sweep`.
    pub sweep: Sweep,
}

/// `[scan]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scan {
    /// Least confidence reported.
    pub min_confidence: Option<String>,
    /// Worker threads.
    pub jobs: Option<usize>,
    /// Containers within containers.
    pub max_nesting: Option<usize>,
    /// Larger files are not read: `"500M"`.
    pub max_file_size: Option<String>,
    /// Pass over hidden files.
    pub skip_hidden: bool,
    /// Pass over what git ignores.
    pub respect_ignore: bool,
    /// Follow links inside the root.
    pub follow: bool,
}

/// `[me]`: what is the user's own is found with low confidence and the reason `own`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Me {
    /// Names in every spelling that is used; blanks do not matter.
    pub names: Vec<String>,
    /// Addresses; prefecture and building do not matter.
    pub addresses: Vec<String>,
    /// Telephone numbers in any notation.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
}

/// `[set.NAME]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Files and folders; `~/` is the home directory.
    pub paths: Vec<PathBuf>,
}

/// `[watch]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Watch {
    /// Folders watched when none are named.
    pub paths: Vec<PathBuf>,
    /// What is done about findings: `notify`, `quarantine`, `command`.
    pub actions: Vec<String>,
    /// The command of the action `command`.
    pub command: Option<String>,
    /// Watch media that appear, too.
    pub media: Option<bool>,
}

/// `[sweep]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sweep {
    /// Folders swept when none are named; the home directory if there are none here either.
    pub roots: Vec<PathBuf>,
    /// Patterns (as in `.gitignore`, `~/` being the home directory) of what is passed over.
    pub exclude: Vec<String>,
    /// Pass over caches and package stores too.
    pub default_exclusions: bool,
    /// The sweep ends after this time, and the next one goes on: `"30m"`.
    pub max_duration: Option<String>,
}

impl Default for Sweep {
    fn default() -> Sweep {
        Sweep { roots: Vec::new(), exclude: Vec::new(), default_exclusions: true, max_duration: None }
    }
}

impl Config {
    /// Parses a settings file; `file` names it in errors.
    pub fn parse(file: &str, source: &str) -> Result<Config, Place> {
        toml::from_str(source)
            .map_err(|e: toml::de::Error| Place::at(file, source, e.span().map_or(0, |s| s.start), e.message()))
    }
}

/// A size such as `10k`, `5M`, `2G` (powers of 1024) or a plain number of bytes.
pub fn parse_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(['k', 'K', 'm', 'M', 'g', 'G', 'b', 'B', 'i']);
    let factor = match text[digits.len()..].to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A time such as `90s`, `30m`, `2h`, `1d` or a plain number of seconds.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(['s', 'm', 'h', 'd']);
    let factor = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let seconds = |text| parse_duration(text).map(|d| d.as_secs());
        assert_eq!(
            ["90", "30m", "2h", "1d", "", "1w", "1mm"].map(seconds),
            [Some(90), Some(1800), Some(7200), Some(86_400), None, None, None]
        );
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let place = Config::parse("config.toml", "lang = \"ja\"\n[scan]\nmin_confidance = \"low\"\n").unwrap_err();
        assert_eq!((place.line, place.text.as_str()), (3, "min_confidance = \"low\""));
        assert!(place.what.contains("min_confidance"));
    }

    #[test]
    fn sizes() {
        assert_eq!(
            ["0", "10k", "5MiB", "2G", "x", "1T"].map(parse_size),
            [Some(0), Some(10 << 10), Some(5 << 20), Some(2 << 30), None, None]
        );
    }
}
