//! Files whose very name says what lies in them: key stores, password databases, `.env`.
//!
//! The name of a file (or member of an archive) with the folders before it and its first bytes in,
//! the detector that knows it out. Names are rows of detector files; what must stand in a file is
//! told by `beginnings`, so that `id_rsa.pub` renamed or an empty `.env` raises no alarm.

use std::collections::HashMap;
use std::sync::Arc;

use regex_automata::meta::Regex;

use super::beginnings::{self, Beginning};
use super::conditions;
use crate::detector::{Confidence, Detector};
use crate::finding::Reason;

/// A file that is a finding as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Index of the detector.
    pub detector: usize,
    /// How sure we are.
    pub confidence: Confidence,
    /// The evidence.
    pub reasons: Vec<Reason>,
}

/// All names of all detectors, ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct FileNames {
    rows: Vec<Row>,
    /// By the whole last part of the name.
    whole: HashMap<String, Vec<Named>>,
    /// By what stands after the last full stop, for `*.key`.
    ending: HashMap<String, Vec<Named>>,
    /// The rest: what the last part begins and ends with.
    rest: Vec<(String, String, Named)>,
    /// Other scanners' rules that know files by their paths alone, and the rows they have.
    paths: Vec<(Regex, usize)>,
}

#[derive(Debug)]
struct Row {
    detector: usize,
    confidence: Confidence,
    service: Option<Arc<str>>,
    fits: Beginning,
}

/// One name: its row, and the folders that must stand before it, outermost first.
#[derive(Debug, Clone)]
struct Named {
    row: usize,
    folders: Vec<String>,
}

impl FileNames {
    /// Collects the names. Fails, with the index of the detector and in English, on a test of
    /// content that does not exist.
    pub(super) fn new(list: &[Arc<Detector>]) -> Result<FileNames, (usize, String)> {
        let mut names = FileNames::default();
        let files = list.iter().enumerate().flat_map(|(index, d)| d.files.iter().map(move |files| (index, files)));
        for (detector, files) in files {
            let content = files.content.as_deref().unwrap_or("anything");
            let fits = beginnings::find(content)
                .ok_or_else(|| (detector, format!("no test of a file's beginning is called `{content}`")))?;
            let row = names.rows.len();
            let service = files.service.as_deref().map(Arc::from);
            names.rows.push(Row { detector, confidence: files.confidence, service, fits });
            for name in files.names.iter() {
                names.add(name, row);
            }
        }
        for (detector, d) in list.iter().enumerate() {
            let alone = d.variants.iter().filter(|v| v.pattern.is_empty() && v.finder.is_none());
            for (v, path) in alone.filter_map(|v| Some((v, v.conditions.as_ref()?.path.as_ref()?))) {
                let regex = conditions::regex(path).map_err(|what| (detector, what))?;
                names.paths.push((regex, names.rows.len()));
                let fits = beginnings::find("anything").unwrap_or(|_| true);
                names.rows.push(Row { detector, confidence: v.confidence.base, service: None, fits });
            }
        }
        Ok(names)
    }

    fn add(&mut self, name: &str, row: usize) {
        let mut folders: Vec<String> = name.split('/').map(str::to_owned).collect();
        let last = folders.pop().unwrap_or_default();
        let named = Named { row, folders };
        match last.split_once('*') {
            None => self.whole.entry(last).or_default().push(named),
            Some(("", end)) if end.rfind('.') == Some(0) => {
                self.ending.entry(end[1..].to_owned()).or_default().push(named);
            }
            Some((start, end)) => self.rest.push((start.to_owned(), end.to_owned(), named)),
        }
    }

    /// What a file is, by its path and the bytes that it begins with.
    pub(super) fn find(&self, path: &str, head: &[u8]) -> Option<Telling> {
        if self.rows.is_empty() {
            return None;
        }
        let mut parts = path.rsplit(['/', '\\']);
        let last = parts.next().unwrap_or_default().to_lowercase();
        let ending = last.rsplit_once('.').map_or("", |(_, ending)| ending);
        let rest = self.rest.iter().filter(|(start, end, _)| {
            last.len() > start.len() + end.len() && last.starts_with(start.as_str()) && last.ends_with(end.as_str())
        });
        let whole = self.whole.get(&last).into_iter().flatten();
        let mut all = whole.chain(self.ending.get(ending).into_iter().flatten()).chain(rest.map(|(.., named)| named));
        let lies_in = |named: &Named| {
            named
                .folders
                .iter()
                .rev()
                .zip(path.rsplit(['/', '\\']).skip(1))
                .filter(|(a, b)| b.eq_ignore_ascii_case(a))
                .count()
                == named.folders.len()
        };
        let by_path = || {
            let fits = |row: usize| (self.rows[row].fits)(head);
            self.paths.iter().find(|(regex, row)| fits(*row) && regex.is_match(path)).map(|(_, row)| *row)
        };
        let named = all.find(|named| lies_in(named) && (self.rows[named.row].fits)(head)).map(|n| n.row);
        let row = &self.rows[named.or_else(by_path)?];
        let mut reasons = vec![Reason::Named("file-name")];
        reasons.extend(row.service.clone().map(Reason::Service));
        Some(Telling { detector: row.detector, confidence: row.confidence, reasons })
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::detector::{Files, Str, builtin};

    fn names() -> FileNames {
        let mut detector = builtin().iter().find(|d| d.id == "credential/secret-file").expect("built in").clone();
        let row = |names: &'static [&'static str], content| Files {
            names: names.iter().copied().map(Str::Borrowed).collect(),
            content: Some(Cow::Borrowed(content)),
            service: None,
            confidence: Confidence::High,
        };
        detector.files = Cow::Owned(vec![
            row(&["id_rsa", ".aws/credentials", "*.kdbx", "ssh_host_*_key"], "anything"),
            row(&[".env", ".env.*"], "assignments"),
        ]);
        FileNames::new(&[Arc::new(detector)]).expect("fine")
    }

    #[test]
    fn names_folders_and_stars() {
        let names = names();
        let is = |path: &str| names.find(path, b"A=1\n").is_some();
        for path in
            ["id_rsa", "/home/u/ID_RSA", "x/.aws/credentials", "a b/vault.kdbx", "etc/ssh_host_rsa_key", ".env.local"]
        {
            assert!(is(path), "{path}");
        }
        for path in
            ["id_rsa.pub", "credentials", "aws/credentials", "kdbx", "ssh_host__", "x.env", "", "/", "ssh_host_key"]
        {
            assert!(!is(path), "{path}");
        }
    }

    #[test]
    fn what_is_in_it_counts() {
        let names = names();
        assert_eq!(names.find(".env", b"# nothing\nPORT=\n"), None);
        assert_eq!(names.find("id_rsa", b""), None);
        assert_eq!(names.find("x/.env", b"# a\nAPI=1\n").expect("found").reasons, [Reason::Named("file-name")]);
    }
}
