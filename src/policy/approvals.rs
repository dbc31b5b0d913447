//! Prior approvals at work: a finding's detector, file and client → the approval that covers it.
//!
//! Pure but for the file's hash, which the caller works out when an approval asks for it. An
//! approval covers a detector in a file, never a single value: what it says is what people can
//! agree on beforehand.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::names;
use crate::client::{self, Approval, Date, Ledger};

/// All approvals of a ledger, as they stand on a day.
#[derive(Debug)]
pub struct Approvals {
    list: Vec<(Approval, Option<Gitignore>)>,
    today: Date,
    base: PathBuf,
}

/// What is asked about.
pub struct Subject<'a> {
    /// The detector's id.
    pub detector: &'a str,
    /// The file, absolute.
    pub path: &'a Path,
    /// Whose it is.
    pub clients: &'a [&'a str],
    /// The SHA-256 of the file, in lower-case hexadecimal digits; asked for only if an approval
    /// names one.
    pub hash: &'a dyn Fn() -> Option<String>,
}

/// What makes an approval wider than one should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Broad {
    /// It covers everything.
    Everything,
    /// It names neither path, client nor file.
    Anywhere,
    /// It holds for more than a year.
    TooLong,
}

impl Broad {
    /// The name in JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Broad::Everything => "covers-everything",
            Broad::Anywhere => "no-scope",
            Broad::TooLong => "longer-than-a-year",
        }
    }
}

impl Approvals {
    /// Fails with the id of an approval whose path pattern is none, and what is wrong with it.
    /// `base` is what relative paths are relative to.
    pub fn new(ledger: &Ledger, today: Date, base: &Path) -> Result<Approvals, (String, String)> {
        let mut list = Vec::new();
        for approval in &ledger.approvals {
            let failed = |e: ignore::Error| (approval.id.clone(), e.to_string());
            let mut paths = None;
            if !approval.paths.is_empty() {
                let mut builder = GitignoreBuilder::new("");
                for path in &approval.paths {
                    builder.add_line(None, path).map_err(failed)?;
                }
                paths = Some(builder.build().map_err(failed)?);
            }
            list.push((approval.clone(), paths));
        }
        Ok(Approvals { list, today, base: base.to_owned() })
    }

    /// A path made absolute, without `.` and `..`.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        client::absolute(&self.base, path)
    }

    /// Each of them.
    pub fn list(&self) -> impl Iterator<Item = &Approval> {
        self.list.iter().map(|(approval, _)| approval)
    }

    /// Is there none at all?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The approval in force that covers it; of several the one that holds longest.
    pub fn covers(&self, subject: &Subject<'_>) -> Option<&Approval> {
        let in_force = |a: &Approval| a.date <= self.today && self.today <= a.expires;
        self.matching(subject, in_force).max_by_key(|approval| approval.expires)
    }

    /// The expired approval that covered it until last.
    pub fn covered(&self, subject: &Subject<'_>) -> Option<&Approval> {
        self.matching(subject, |a| a.expires < self.today).max_by_key(|approval| approval.expires)
    }

    fn matching(&self, subject: &Subject<'_>, wanted: impl Fn(&Approval) -> bool) -> impl Iterator<Item = &Approval> {
        self.list
            .iter()
            .filter(move |(a, paths)| {
                wanted(a)
                    && a.covers.iter().any(|name| names(name, subject.detector))
                    && a.client.as_deref().is_none_or(|client| subject.clients.contains(&client))
                    && paths.as_ref().is_none_or(|paths| lies_in(paths, subject.path))
                    && a.hash.as_ref().is_none_or(|hash| (subject.hash)().as_ref() == Some(hash))
            })
            .map(|(a, _)| a)
    }
}

fn lies_in(paths: &Gitignore, path: &Path) -> bool {
    // Patterns and paths are both taken from the root.
    let below: PathBuf = path.components().filter(|part| matches!(part, std::path::Component::Normal(_))).collect();
    paths.matched_path_or_any_parents(below, false).is_ignore()
}

/// Is an approval wider than one should be?
pub fn broad(approval: &Approval) -> Option<Broad> {
    if approval.covers.iter().any(|name| name == "*") {
        return Some(Broad::Everything);
    }
    if approval.paths.is_empty() && approval.client.is_none() && approval.hash.is_none() {
        return Some(Broad::Anywhere);
    }
    (approval.expires.since(approval.date) > 366).then_some(Broad::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approvals(today: &str, more: &str) -> Approvals {
        let source = format!(
            "[[client]]\nid = 'acme'\n[[approval]]\nid = 'A'\narticle = '7-1'\ncovers = ['personal']\n{more}\n\
             approver = 'x'\ndate = 2026-04-01\nreason = 'y'\nexpires = 2026-09-30\n"
        );
        let ledger = Ledger::parse("x", &source, None).expect("fine");
        Approvals::new(&ledger, Date::parse(today).expect("day"), Path::new("/")).expect("patterns")
    }

    fn covers(approvals: &Approvals, detector: &str, path: &str, clients: &[&str]) -> bool {
        let hash = || Some("ab".repeat(32));
        approvals.covers(&Subject { detector, path: Path::new(path), clients, hash: &hash }).is_some()
    }

    #[test]
    fn everything_that_is_named_must_fit() {
        let all = approvals("2026-09-30", "paths = ['/w/acme', '/home/**/*.csv']\nclient = 'acme'");
        assert!(covers(&all, "personal/phone-number", "/w/acme/a/b.txt", &["acme"]));
        assert!(covers(&all, "personal/phone-number", "/home/a.csv", &["globex", "acme"]));
        for (detector, path, clients) in [
            ("credential/x", "/w/acme/a", &["acme"][..]),
            ("personal/x", "/w/acme-b/a", &["acme"]),
            ("personal/x", "/x/w/acme/a", &["acme"]),
            ("personal/x", "/w/acme/a", &["globex"]),
            ("personal/x", "/w/acme/a", &[]),
        ] {
            assert!(!covers(&all, detector, path, clients), "{detector} {path}");
        }
        let hash = |hash: &str| approvals("2026-05-01", &format!("hash = 'sha256:{}'", hash.repeat(32)));
        assert!(covers(&hash("AB"), "personal/x", "/a", &[]) && !covers(&hash("cd"), "personal/x", "/a", &[]));
    }

    #[test]
    fn it_holds_from_its_day_to_its_last_day() {
        for (today, holds) in [("2026-03-31", false), ("2026-04-01", true), ("2026-09-30", true), ("2026-10-01", false)]
        {
            let all = approvals(today, "paths = ['/w']");
            assert_eq!(covers(&all, "personal/x", "/w/a", &[]), holds, "{today}");
            let subject = Subject { detector: "personal/x", path: Path::new("/w/a"), clients: &[], hash: &|| None };
            assert_eq!(all.covered(&subject).is_some(), today > "2026-09-30", "{today}");
        }
    }

    #[test]
    fn wide_approvals_are_told_of() {
        let wide = |more: &str| broad(&approvals("2026-05-01", more).list[0].0);
        assert_eq!(wide(""), Some(Broad::Anywhere));
        assert_eq!(wide("client = 'acme'"), None);
    }
}
