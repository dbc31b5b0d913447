//! The audit chain: entries that are only ever added, each hashed together with all before it.
//!
//! `hash = BLAKE3("sekisho-audit-1" ‖ previous hash ‖ entry)`, over the entry's very text. An
//! entry that was changed, taken out or put in between does not fit any more. Whoever can write
//! the database can also make a whole new chain: only a head that was noted elsewhere (an older
//! report, a file or a repository on another machine) shows that.

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde_json::{Map, Value};

use super::Store;
use crate::error::Result;

/// What begins every hashed text.
const FORMAT: &[u8] = b"sekisho-audit-1";

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Number of its last entry, from 1; 0 if there is none.
    pub seq: i64,
    /// The hash of that entry, in hexadecimal digits.
    pub hash: String,
}

impl Head {
    fn none() -> Head {
        Head { seq: 0, hash: "0".repeat(64) }
    }
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// A JSON object on one line.
    pub text: String,
    /// See the module.
    pub hash: String,
}

/// When something is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970.
    pub at: i64,
    /// The clock was a pretended one.
    pub pretended: bool,
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// This entry, or its hash, is not what was written.
    Changed(i64),
    /// The entry of this number is missing.
    Missing(i64),
}

/// Checks entries in their order; the head that they end with, or the first break.
pub fn verify(entries: impl IntoIterator<Item = Entry>) -> std::result::Result<Head, Break> {
    let mut head = Head::none();
    for entry in entries {
        if entry.seq != head.seq + 1 {
            return Err(Break::Missing(head.seq + 1));
        }
        let numbered = serde_json::from_str::<Value>(&entry.text).ok().and_then(|v| v.get("seq")?.as_i64());
        if chained(&head.hash, &entry.text) != entry.hash || numbered != Some(entry.seq) {
            return Err(Break::Changed(entry.seq));
        }
        head = Head { seq: entry.seq, hash: entry.hash };
    }
    Ok(head)
}

fn chained(previous: &str, text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(FORMAT).update(previous.as_bytes()).update(text.as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// Adds an entry. `seq`, `at`, `kind` and, where the clock stands before the last entry's time,
/// `clock_back` are put in.
pub(super) fn append(
    transaction: &Transaction<'_>,
    moment: Moment,
    kind: &str,
    body: Map<String, Value>,
) -> rusqlite::Result<Head> {
    let last = transaction.query_row("SELECT seq, entry, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
        Ok((Head { seq: row.get(0)?, hash: row.get(2)? }, row.get::<_, String>(1)?))
    });
    let (head, before) = last.optional()?.unwrap_or_else(|| (Head::none(), String::new()));
    let before = serde_json::from_str::<Value>(&before).ok().and_then(|v| v.get("unix")?.as_i64());
    let mut entry = Map::new();
    entry.insert("seq".to_owned(), (head.seq + 1).into());
    entry.insert("at".to_owned(), crate::message::timestamp(moment.at).into());
    entry.insert("unix".to_owned(), moment.at.into());
    entry.insert("kind".to_owned(), kind.into());
    if before.is_some_and(|before| moment.at < before) {
        entry.insert("clock_back".to_owned(), true.into());
    }
    if moment.pretended {
        entry.insert("clock".to_owned(), "SEKISHO_NOW".into());
    }
    entry.extend(body);
    let text = Value::Object(entry).to_string();
    let head = Head { seq: head.seq + 1, hash: chained(&head.hash, &text) };
    transaction.execute("INSERT INTO audit VALUES (?1, ?2, ?3)", params![head.seq, text, head.hash])?;
    Ok(head)
}

impl Store {
    /// Adds an entry of a kind to the chain; `body` is a JSON object.
    pub fn audit(&mut self, moment: Moment, kind: &str, body: Value) -> Result<Head> {
        let body = if let Value::Object(body) = body { body } else { Map::new() };
        self.write(|transaction| append(transaction, moment, kind, body))
    }

    /// The end of the chain.
    pub fn audit_head(&self) -> Result<Head> {
        let head = self.connection.query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok(Head { seq: row.get(0)?, hash: row.get(1)? })
        });
        head.optional().map(|head| head.unwrap_or_else(Head::none)).map_err(|e| self.failed(e))
    }

    /// Every entry, in order.
    pub fn audit_entries(&self) -> Result<Vec<Entry>> {
        let read = || -> rusqlite::Result<Vec<Entry>> {
            let mut query = self.connection.prepare("SELECT seq, entry, hash FROM audit ORDER BY seq")?;
            query.query_map([], |row| Ok(Entry { seq: row.get(0)?, text: row.get(1)?, hash: row.get(2)? }))?.collect()
        };
        read().map_err(|e| self.failed(e))
    }

    /// The last entry of a kind, as JSON.
    pub fn last_audited(&self, kind: &str) -> Result<Option<Value>> {
        let row = self.connection.query_row(
            "SELECT entry FROM audit WHERE json_extract(entry, '$.kind') = ?1 ORDER BY seq DESC LIMIT 1",
            [kind],
            |row| row.get::<_, String>(0),
        );
        let text = row.optional().map_err(|e| self.failed(e))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Vec<Entry> {
        let mut connection = rusqlite::Connection::open_in_memory().expect("memory");
        connection
            .execute_batch(
                "CREATE TABLE audit (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
            )
            .expect("table");
        for at in [10, 20, 15] {
            let transaction = connection.transaction().expect("begun");
            let moment = Moment { at, pretended: false };
            append(&transaction, moment, "sweep", Map::new()).expect("added");
            transaction.commit().expect("written");
        }
        let mut query = connection.prepare("SELECT seq, entry, hash FROM audit").expect("query");
        let rows = query.query_map([], |row| Ok(Entry { seq: row.get(0)?, text: row.get(1)?, hash: row.get(2)? }));
        rows.expect("rows").collect::<rusqlite::Result<_>>().expect("entries")
    }

    #[test]
    fn whatever_is_changed_is_noticed() {
        let good = chain();
        assert_eq!(verify(good.clone()).map(|head| head.seq), Ok(3));
        assert!(good[2].text.contains("\"clock_back\":true") && !good[1].text.contains("clock_back"));
        for at in 0..3 {
            let mut bad = good.clone();
            bad[at].text = bad[at].text.replace("sweep", "swept");
            assert_eq!(verify(bad), Err(Break::Changed(at as i64 + 1)));
            let mut bad = good.clone();
            bad.remove(at);
            let expected = if at == 2 { Ok(2) } else { Err(Break::Missing(at as i64 + 1)) };
            assert_eq!(verify(bad).map(|head| head.seq), expected, "the last one can be cut off unnoticed");
        }
        let mut bad = good.clone();
        bad[1].hash = "0".repeat(64);
        assert_eq!(verify(bad), Err(Break::Changed(2)));
        assert_eq!(verify([]), Ok(Head::none()));
    }
}
