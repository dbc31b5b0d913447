//! Hand-written documents with places for values: templates of `corpora/personal` in, texts with
//! labels out.
//!
//! `=== NAME` begins a document. `⟦na me⟧` is a field of the first person, `⟦mobile 2⟧` of the second.
//! `⟦each 5⟧` … `⟦end⟧` is said for five new people in turn; a field with a number still means that
//! person. What has a `?` behind it (`⟦sei?⟧`, a surname alone) may be found and need not be.

use std::collections::BTreeMap;

use super::values::{Lists, Person, Random};

/// A document before values are put in.
pub(crate) struct Template {
    pub(crate) name: String,
    body: String,
}

/// What has to be found: the detector's name without its category, and the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label {
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) required: bool,
}

/// All templates of a folder.
pub(crate) fn read(folder: &str) -> Vec<Template> {
    let folder = format!("{}/corpora/personal/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut templates: Vec<Template> = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            match line.strip_prefix("=== ") {
                Some(name) => templates.push(Template { name: name.to_owned(), body: String::new() }),
                None => {
                    let body = &mut templates.last_mut().unwrap_or_else(|| panic!("{file:?} begins without ===")).body;
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    templates
}

impl Template {
    /// The document with values put in, and what has to be found in it.
    pub(crate) fn fill(&self, lists: &Lists, random: &mut Random) -> (String, Vec<Label>) {
        let mut filled = Filled { people: BTreeMap::new(), text: String::new(), labels: Vec::new(), next: 100 };
        let mut rest = self.body.as_str();
        while let Some(at) = rest.find("⟦each ") {
            filled.part(&rest[..at], 1, lists, random);
            let (count, body) = rest[at + "⟦each ".len()..].split_once('⟧').unwrap();
            let (body, after) = body.split_once("⟦end⟧").unwrap();
            for _ in 0..count.parse().unwrap() {
                let person = filled.next;
                filled.next += 1;
                filled.part(body.strip_prefix('\n').unwrap_or(body), person, lists, random);
            }
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
        filled.part(rest, 1, lists, random);
        filled.labels.sort();
        filled.labels.dedup();
        (filled.text, filled.labels)
    }
}

struct Filled {
    people: BTreeMap<usize, Person>,
    text: String,
    labels: Vec<Label>,
    next: usize,
}

impl Filled {
    fn part(&mut self, part: &str, person: usize, lists: &Lists, random: &mut Random) {
        let mut pieces = part.split('⟦');
        self.text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (field, after) = piece.split_once('⟧').unwrap_or_else(|| panic!("⟦ without ⟧: {piece}"));
            let numbered = field.rsplit_once(' ').and_then(|(name, n)| Some((name, n.parse().ok()?)));
            let (field, who) = numbered.unwrap_or((field, person));
            // `#` counts the people.
            if field == "#" {
                self.text.push_str(&(person % 100 + 1).to_string());
            } else {
                let person = self.people.entry(who).or_insert_with(|| Person::new(lists, random));
                let (field, required) = field.strip_suffix('?').map_or((field, true), |field| (field, false));
                let (kind, value) = person.field(field).unwrap_or_else(|| panic!("no field is called {field}"));
                self.text.push_str(&value);
                self.labels.extend(kind.map(|kind| Label { kind, value, required }));
                // An address in parts, cells or lines of their own, is one.
                if field == "block" {
                    let parts = ["pref", "city", "town", "block"].map(|part| person.field(part).unwrap().1);
                    self.labels.push(Label { kind: "postal-address", value: parts[1..].concat(), required: true });
                    self.labels.push(Label { kind: "postal-address", value: parts.concat(), required: false });
                }
            }
            self.text.push_str(after);
        }
    }
}
