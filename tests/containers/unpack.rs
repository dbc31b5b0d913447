//! Takes containers apart to the last level and keeps everything: what the tests look at.

use std::collections::BTreeMap;
use std::io::{self, Read};

use sekisho::chunk::{Limits, Step};
use sekisho::error::{Problem, ProblemKind};
use sekisho::extract::isolate::Parser;
use sekisho::extract::{Block, HEAD, Input, Kind, Visit, sniff};

/// Everything that came out.
#[derive(Default, PartialEq)]
pub(crate) struct Found {
    /// Contents by their way inward, `a.tar › b.txt`.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Problems with the way to them.
    pub(crate) problems: Vec<(String, ProblemKind, String)>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sizes: Vec<_> = self.files.iter().map(|(path, bytes)| (path, bytes.len())).collect();
        f.debug_struct("Found").field("files", &sizes).field("problems", &self.problems).finish()
    }
}

impl Found {
    pub(crate) fn text(&self, path: &str) -> &str {
        std::str::from_utf8(self.files.get(path).map_or(&[], Vec::as_slice)).unwrap_or("not UTF-8")
    }

    /// Does any content hold this?
    pub(crate) fn holds(&self, needle: &str) -> bool {
        self.files.values().any(|bytes| memchr::memmem::find(bytes, needle.as_bytes()).is_some())
    }

    pub(crate) fn kinds(&self) -> Vec<(&str, ProblemKind)> {
        self.problems.iter().map(|(path, kind, _)| (path.as_str(), *kind)).collect()
    }
}

/// How to take apart.
#[derive(Default)]
pub(crate) struct Unpack<'p> {
    pub(crate) passwords: Vec<String>,
    /// Runs isolated formats there instead of here.
    pub(crate) parser: Option<&'p mut Parser>,
    pub(crate) limits: Limits,
}

/// Takes bytes apart, all levels of it.
pub(crate) fn unpack(name: &str, bytes: &[u8]) -> Found {
    Unpack::default().all(name, bytes)
}

impl Unpack<'_> {
    pub(crate) fn all(&mut self, name: &str, bytes: &[u8]) -> Found {
        let mut found = Found::default();
        self.level(name, "", bytes, &mut found, 0);
        found
    }

    fn level(&mut self, name: &str, path: &str, mut bytes: &[u8], found: &mut Found, depth: usize) {
        let Kind::Container(format) = sniff(&bytes[..bytes.len().min(HEAD)]) else {
            found.files.insert(path.to_owned(), bytes.to_vec());
            return;
        };
        assert!(depth < 8, "no end at {path}");
        let limits = self.limits.clone();
        let passwords = self.passwords.clone();
        let mut input = Input::new(&mut bytes, name, &limits);
        let mut parts = Parts { path, parts: Vec::new(), found, passwords: &passwords };
        let done = match &mut self.parser {
            Some(parser) if format.isolated => parser.extract(format, &mut input, &mut parts),
            _ => (format.extract)(&mut input, &mut parts),
        };
        let Parts { parts, .. } = parts;
        for (step, bytes, raw) in parts {
            let inner = if path.is_empty() { step.clone() } else { format!("{path} › {step}") };
            match raw {
                true => drop(found.files.insert(inner, bytes)),
                false => self.level(step.rsplit('/').next().unwrap_or(&step), &inner, &bytes, found, depth + 1),
            }
        }
        if let Err(problem) = done {
            found.problems.push((path.to_owned(), problem.kind, problem.what));
        }
    }
}

/// One level's members, kept until its extractor is done.
struct Parts<'a> {
    path: &'a str,
    parts: Vec<(String, Vec<u8>, bool)>,
    found: &'a mut Found,
    passwords: &'a [String],
}

impl Parts<'_> {
    fn keep(&mut self, step: Step, bytes: &mut dyn Read, raw: bool) {
        let mut content = Vec::new();
        if let Err(e) = bytes.take(64 << 20).read_to_end(&mut content) {
            self.problem(Some(step.clone()), Problem::from_io(&e));
        }
        self.parts.push((step.to_string(), content, raw));
    }
}

impl Visit for Parts<'_> {
    fn passwords(&mut self) -> Vec<String> {
        self.passwords.to_vec()
    }

    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        self.keep(step, bytes, false);
        Ok(())
    }

    fn raw(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        self.keep(step, bytes, true);
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        let name = block.marks.first().map_or_else(String::new, |mark| mark.step.to_string());
        self.parts.push((name, block.text.as_bytes().to_vec(), true));
        Ok(())
    }

    fn problem(&mut self, step: Option<Step>, problem: Problem) {
        let step = step.map_or_else(String::new, |step| step.to_string());
        let path = [self.path, &step].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" › ");
        self.found.problems.push((path, problem.kind, problem.what));
    }
}
