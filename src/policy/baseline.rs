//! Known findings, kept in a text file beside the code.
//!
//! The file's text and what a scan finds in, verdicts and the changed text out. An entry is a
//! place (path and detector) and, for a credential nobody can guess, its hash under the file's
//! own salt; of values that could be guessed only their number is kept. No line numbers and no
//! times: an entry does not change when the file around it does. No I/O here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::detector::{Category, Detector};
use crate::error::Place;
use crate::finding::is_guessable;

/// Fixed lines that keep entries apart: git merges two insertions only if a line stands between
/// them. Entries lie between them by a hash of their path.
const FENCES: u8 = 64;

const HEADER: &str = "\
# Findings that are known: `sekisho baseline update` adds, `sekisho baseline prune` removes.
# The numbered lines stay: they keep the entries of two branches apart, so that git can merge them.
";

/// Where the paths of a baseline begin.
#[derive(Debug, Clone, Default)]
pub struct Base {
    /// The folder that paths in the file are relative to: its own.
    pub folder: PathBuf,
    /// The folder that relative paths of findings are relative to.
    pub from: PathBuf,
}

impl Base {
    /// A finding's path as it stands in the file: relative, with `/`, special characters escaped.
    fn name(&self, path: &Path) -> String {
        let mut full = PathBuf::new();
        for part in self.from.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    full.pop();
                }
                part => full.push(part),
            }
        }
        let path = full.strip_prefix(&self.folder).unwrap_or(&full);
        let mut name = String::new();
        for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\\' if cfg!(windows) => name.push('/'),
                    c if c.is_control() || c.is_whitespace() || c == '%' => {
                        escape(&mut name, c.encode_utf8(&mut [0; 4]).as_bytes())
                    }
                    c => name.push(c),
                }
            }
            escape(&mut name, chunk.invalid());
        }
        name
    }
}

fn escape(name: &mut String, bytes: &[u8]) {
    bytes.iter().for_each(|byte| name.push_str(&format!("%{byte:02X}")));
}

/// What is known of one detector in one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    /// Hashes of values that nobody can guess.
    values: BTreeSet<String>,
    /// Number of other values.
    count: u64,
}

/// By path and detector.
type Entries = BTreeMap<(String, String), Entry>;

/// See the module.
#[derive(Debug)]
pub struct Baseline {
    salt: [u8; 32],
    base: Base,
    known: Entries,
    seen: Mutex<Entries>,
}

/// What becomes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// What was seen is added.
    Update,
    /// What was not seen is taken out.
    Prune,
}

impl Baseline {
    /// An empty one with fresh random bytes.
    pub fn new(salt: [u8; 32], base: Base) -> Baseline {
        Baseline { salt, base, known: Entries::new(), seen: Mutex::default() }
    }

    /// Reads the text of `file`. Entries may stand in any order and more than once: a merge may
    /// have put them so.
    pub fn parse(file: &str, text: &str, base: Base) -> Result<Baseline, Place> {
        let mut salt = None;
        let mut known = Entries::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let wrong = |what: &str| Place::at(file, text, at, what);
            let content = line.trim_end();
            if let Some(hex) = content.strip_prefix("salt ") {
                // Of two salts the first holds: entries under the other are reported as unused.
                salt = salt.or(Some(blake3::Hash::from_hex(hex).map_err(|_| wrong("this is no salt"))?.into()));
            } else if content.len() > 2 && !content.starts_with('#') {
                let fields: Vec<&str> = content.split(' ').collect();
                let [_, path, detector, what] = fields[..] else {
                    return Err(wrong("an entry is: NUMBER PATH DETECTOR count:N or value:HASH"));
                };
                let entry = known.entry((path.to_owned(), detector.to_owned())).or_default();
                match what.split_once(':') {
                    Some(("value", hash)) => {
                        entry.values.insert(hash.to_owned());
                    }
                    Some(("count", n)) => {
                        let n = n.parse().map_err(|_| wrong("this is no number"))?;
                        entry.count = entry.count.max(n);
                    }
                    _ => return Err(wrong("an entry ends with count:N or value:HASH")),
                }
            }
            at += line.len();
        }
        let salt = salt.ok_or_else(|| Place::whole(file, "this is no baseline: it has no `salt` line"))?;
        Ok(Baseline { salt, base, known, seen: Mutex::default() })
    }

    /// Is a finding known? Remembers that it was seen. `before` is the number of this detector's
    /// guessable values met in the file so far, and is counted on.
    pub fn knows(&self, detector: &Detector, path: &Path, value: &[u8], before: &mut u64) -> bool {
        let place = (self.base.name(path), detector.id.to_string());
        let known = self.known.get(&place);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(value);
        if detector.category == Category::Credential && !is_guessable(&text) {
            let mut hasher = blake3::Hasher::new_keyed(&self.salt);
            hasher.update(&(detector.id.len() as u64).to_le_bytes()).update(detector.id.as_bytes()).update(value);
            let hash = hasher.finalize().to_hex()[..40].to_owned();
            let is_known = known.is_some_and(|entry| entry.values.contains(&hash));
            seen.entry(place).or_default().values.insert(hash);
            return is_known;
        }
        *before += 1;
        let entry = seen.entry(place).or_default();
        // A file that is looked at in several versions has as many as the fullest of them.
        entry.count = entry.count.max(*before);
        known.is_some_and(|entry| *before <= entry.count)
    }

    /// Entries whose path is `in_scope` and that nothing matched: path, detector, and how many.
    pub fn unused(&self, in_scope: impl Fn(&str) -> bool) -> Vec<(String, String, u64)> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing = Entry::default();
        let rest = self.known.iter().filter(|((path, _), _)| in_scope(path)).map(|(place, entry)| {
            let seen = seen.get(place).unwrap_or(&nothing);
            let left = entry.values.difference(&seen.values).count() as u64 + entry.count.saturating_sub(seen.count);
            (place.0.clone(), place.1.clone(), left)
        });
        rest.filter(|(.., left)| *left > 0).collect()
    }

    /// Does a path of the file lie at or below a folder or file, given as findings' paths are?
    pub fn lies_in(&self, path: &str, root: &Path) -> bool {
        let (root, folder) = (self.base.name(root), self.base.folder.to_string_lossy());
        let above = root.starts_with('/')
            && (root == "/" || folder.strip_prefix(&root).is_some_and(|rest| rest.starts_with('/')));
        root.is_empty()
            || above
            || path.strip_prefix(&root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.known.values().map(|entry| entry.values.len() + usize::from(entry.count > 0)).sum()
    }

    /// Does it know nothing?
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The baseline after a scan of what is `in_scope`; entries elsewhere stay.
    pub fn changed(&self, change: Change, in_scope: impl Fn(&str) -> bool) -> Baseline {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known = self.known.clone();
        match change {
            Change::Update => {
                for (place, new) in seen.iter() {
                    let entry = known.entry(place.clone()).or_default();
                    entry.values.extend(new.values.iter().cloned());
                    entry.count = entry.count.max(new.count);
                }
            }
            Change::Prune => known.retain(|place, entry| {
                if in_scope(&place.0) {
                    let seen = seen.get(place).cloned().unwrap_or_default();
                    entry.values.retain(|value| seen.values.contains(value));
                    entry.count = entry.count.min(seen.count);
                }
                *entry != Entry::default()
            }),
        }
        Baseline { salt: self.salt, base: self.base.clone(), known, seen: Mutex::default() }
    }

    /// The text of the file: one entry a line, sorted.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = (0..FENCES).map(|number| format!("{number:02x}")).collect();
        for ((path, detector), entry) in &self.known {
            let fence = blake3::hash(path.as_bytes()).as_bytes()[0] % FENCES;
            let mut line = |what: String| lines.push(format!("{fence:02x} {path} {detector} {what}"));
            entry.values.iter().for_each(|value| line(format!("value:{value}")));
            if entry.count > 0 {
                line(format!("count:{}", entry.count));
            }
        }
        lines.sort();
        let salt = blake3::Hash::from(self.salt).to_hex();
        format!("{HEADER}salt {salt}\n{}\n", lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detector(id: &str) -> &'static Detector {
        crate::detector::builtin().iter().find(|d| d.id == id).expect("built in")
    }

    fn empty() -> Baseline {
        Baseline::new([7; 32], Base { folder: "/repo".into(), from: "/repo".into() })
    }

    const KEY: &[u8] = b"tyQ81dOOKHBWV1qUA9amhU718W9BL7";

    fn see(baseline: &Baseline, id: &str, path: &str, values: &[&[u8]]) -> Vec<bool> {
        let mut before = 0;
        values.iter().map(|value| baseline.knows(detector(id), Path::new(path), value, &mut before)).collect()
    }

    #[test]
    fn what_was_recorded_is_known_and_nothing_else_is() {
        let first = empty();
        see(&first, "credential/github-token", "a b/鍵.env", &[KEY]);
        see(&first, "personal/email-address", "list.csv", &[b"a@b.jp", b"c@d.jp"]);
        let text = first.changed(Change::Update, |_| true).text();
        assert!(!text.contains("tyQ81") && !text.contains("a@b"), "{text}");
        let again = Baseline::parse("b", &text, empty().base).expect("readable");
        assert_eq!(again.text(), text);
        assert_eq!(see(&again, "credential/github-token", "/repo/./a b/鍵.env", &[KEY]), [true]);
        assert_eq!(see(&again, "credential/github-token", "other", &[KEY]), [false]);
        let three: [&[u8]; 3] = [b"x@y.jp", b"c@d.jp", b"e@f.jp"];
        assert_eq!(see(&again, "personal/email-address", "list.csv", &three), [true, true, false]);
        assert_eq!(again.unused(|_| true), []);
    }

    #[test]
    fn what_matches_nothing_is_named_and_pruned_within_what_was_looked_at() {
        let first = empty();
        see(&first, "credential/github-token", "src/a", &[KEY]);
        see(&first, "personal/email-address", "doc/b", &[b"a@b.jp", b"c@d.jp"]);
        let known = first.changed(Change::Update, |_| true);
        see(&known, "personal/email-address", "doc/b", &[b"a@b.jp"]);
        let unused = |known: &Baseline, root: &str| known.unused(|path| known.lies_in(path, Path::new(root)));
        assert_eq!(unused(&known, "doc"), [("doc/b".to_owned(), "personal/email-address".to_owned(), 1)]);
        assert_eq!(unused(&known, "").len(), 2);
        assert_eq!(unused(&known, "do"), []);
        let pruned = known.changed(Change::Prune, |path| known.lies_in(path, Path::new("doc")));
        assert!(pruned.text().contains("doc/b personal/email-address count:1") && pruned.text().contains("src/a"));
        assert_eq!(known.changed(Change::Prune, |_| true).len(), 1);
    }

    #[test]
    fn any_order_is_read_and_a_broken_line_is_named() {
        let text = "00 z personal/x count:1\n\nsalt 0707070707070707070707070707070707070707070707070707070707070707\n00 z personal/x count:3\n";
        assert_eq!(Baseline::parse("b", text, Base::default()).expect("fine").len(), 1);
        assert_eq!(Baseline::parse("b", &format!("{text}00 z\n"), Base::default()).unwrap_err().line, 5);
        assert_eq!(Baseline::parse("b", "nothing\n", Base::default()).unwrap_err().line, 1);
        assert!(Baseline::parse("b", "", Base::default()).is_err());
    }
}
