//! Changes to a ledger's text that keep its comments, its order and everything else as it is.
//!
//! Text and a change → text. What comes out is for [`super::Ledger::parse`] to check; here nothing
//! is checked but what is changed.

use std::fmt;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

use super::{Date, Ledger};

/// Why a change could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditFault {
    /// The text is no TOML.
    NotToml(String),
    /// There is no such entry.
    Missing(String),
    /// `client = …` where `[[client]]` is meant.
    NotATable(&'static str),
}

impl fmt::Display for EditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditFault::NotToml(what) => f.write_str(what),
            EditFault::Missing(id) => write!(f, "there is no `{id}`"),
            EditFault::NotATable(name) => write!(f, "`{name}` is written [[{name}]]"),
        }
    }
}

/// A key's value in a new entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A text.
    Text(String),
    /// Several texts; left out if there are none.
    List(Vec<String>),
    /// A day.
    Day(Date),
    /// A number.
    Number(u32),
}

/// What a new ledger begins with.
const HEADER: &str = "\
# Clients, prior approvals and rules of retention (sekisho; see docs/clients.md).
# Edit it by hand or with `sekisho client` and `sekisho approve`; comments stay.
";

/// Adds an entry `[[table]]` at the end of its kind, with these keys in this order.
pub fn add(source: &str, table: &'static str, fields: &[(&str, Field)]) -> Result<String, EditFault> {
    let mut document = parse(source)?;
    // What stands in a text without a key (comments) would end up behind the first entry.
    let mut before = String::new();
    if document.is_empty() {
        before = if source.trim().is_empty() { HEADER.to_owned() } else { format!("{}\n", source.trim_end()) };
        document = DocumentMut::new();
    }
    let mut entry = Table::new();
    for (name, field) in fields {
        let value: Value = match field {
            Field::Text(text) => text.as_str().into(),
            Field::List(list) if list.is_empty() => continue,
            Field::List(list) => list.iter().map(String::as_str).collect::<Array>().into(),
            Field::Number(number) => i64::from(*number).into(),
            Field::Day(day) => value_of(*day)?,
        };
        entry.insert(name, Item::Value(value));
    }
    // Blank line before it, unless the document begins with it.
    entry.decor_mut().set_prefix("\n");
    let tables = document.entry(table).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    tables.as_array_of_tables_mut().ok_or(EditFault::NotATable(table))?.push(entry);
    Ok(before + &document.to_string())
}

/// Sets a day in the entry of `[[table]]` that has this id.
pub fn set_day(source: &str, table: &'static str, id: &str, name: &str, day: Date) -> Result<String, EditFault> {
    let mut document = parse(source)?;
    let tables = document.get_mut(table).and_then(Item::as_array_of_tables_mut);
    let entry =
        tables.and_then(|tables| tables.iter_mut().find(|entry| entry.get("id").and_then(Item::as_str) == Some(id)));
    let entry = entry.ok_or_else(|| EditFault::Missing(id.to_owned()))?;
    let mut value = value_of(day)?;
    if let Some(old) = entry.get(name).and_then(Item::as_value) {
        // A comment behind the old day stays.
        *value.decor_mut() = old.decor().clone();
    }
    entry.insert(name, Item::Value(value));
    Ok(document.to_string())
}

fn parse(source: &str) -> Result<DocumentMut, EditFault> {
    source.parse::<DocumentMut>().map_err(|e| EditFault::NotToml(e.message().to_owned()))
}

fn value_of(day: Date) -> Result<Value, EditFault> {
    let text = day.to_string();
    text.parse::<toml_edit::Datetime>().map(Value::from).map_err(|e| EditFault::NotToml(e.to_string()))
}

/// An id for a new approval: `A-2026-007`, the first number of the year that is free.
pub fn next_approval(ledger: &Ledger, day: Date) -> String {
    let year = day.to_string()[..4].to_owned();
    let free = (1..).map(|n| format!("A-{year}-{n:03}")).find(|id| ledger.approvals.iter().all(|a| a.id != *id));
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
# mine
retention = []   # none yet

[[client]] # the first
id = \"a\"   # short
end = 2026-01-31 # as agreed
names = [
  \"Alpha\", # theirs
]
";

    #[test]
    fn everything_else_stays_as_it_was() {
        let day = Date::parse("2026-12-31").expect("day");
        let text = set_day(OLD, "client", "a", "end", day).expect("fine");
        assert_eq!(text, OLD.replace("2026-01-31", "2026-12-31"));
        let text =
            add(&text, "client", &[("id", Field::Text("b".into())), ("codes", Field::List(vec![]))]).expect("fine");
        assert!(text.starts_with(&OLD.replace("2026-01-31", "2026-12-31")), "{text}");
        assert!(text.ends_with("]\n\n[[client]]\nid = \"b\"\n"), "{text}");
        assert_eq!(set_day(OLD, "client", "c", "end", day), Err(EditFault::Missing("c".into())));
        assert_eq!(add(OLD, "retention", &[]), Err(EditFault::NotATable("retention")));
        assert!(matches!(add("[[", "client", &[]), Err(EditFault::NotToml(_))));
    }

    #[test]
    fn a_new_ledger_says_what_it_is() {
        let fields = [("id", Field::Text("a".into())), ("start", Field::Day(Date::from_days(20_000)))];
        let text = add("", "client", &fields).expect("fine");
        assert!(
            text.starts_with("# Clients") && text.ends_with("\n[[client]]\nid = \"a\"\nstart = 2024-10-04\n"),
            "{text}"
        );
        assert!(Ledger::parse("x", &text, None).is_ok());
    }

    #[test]
    fn approvals_are_numbered_by_year() {
        let day = Date::parse("2026-12-31").expect("day");
        assert_eq!(next_approval(&Ledger::default(), day), "A-2026-001");
    }
}
