//! Which detectors, under which options, a file was read with: enough to tell whether reading it
//! again could say anything new.
//!
//! Detectors and options → [`DetectorSet`], and its number in the database. A set covers another
//! if it has all its detectors, unchanged, under the same options. A file known under a set that
//! covers the present one is not read again; one that was read to its end, whatever the limits
//! were, not for other limits either. Everything else is read with the whole present set: a new
//! pattern may stand anywhere, and detectors influence each other (a generic one gives way to a
//! particular one), so that the new ones alone would not give what a scan gives.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::Store;
use crate::detector::Detector;
use crate::error::Result;
use crate::scan;

/// Bytes of a hash that are kept.
const HASH: usize = 16;

/// The detectors of a scan and what else changes its results.
#[derive(Debug, Clone)]
pub struct DetectorSet {
    /// The reader and the options, then the limits, each as a hash.
    base: Vec<u8>,
    members: BTreeSet<[u8; HASH]>,
    detectors: Vec<Arc<Detector>>,
}

impl DetectorSet {
    /// The set of a scanner. `reader` tells one state of the source code from another
    /// ([`scan::READER`]), which may read formats or judge values differently.
    pub fn of(scanner: &scan::Scanner, reader: &str) -> DetectorSet {
        // Everything but the number of threads, the window's size (which change no result), the
        // passwords (what they did not open is read again) and what concerns output alone.
        let options = scanner.options();
        // Clients' words are looked for like a detector's; the days in the ledger change nothing here.
        let clients = options.clients.as_ref().map_or_else(String::new, |clients| format!(" {}", clients.definition()));
        let reading = format!(
            "{reader} {:?} {} {} {:?}{clients}",
            options.rules,
            options.max_findings,
            options.isolation.is_some(),
            options.registry.as_ref().map(|registry| registry.id())
        );
        let base = [hash(&reading), hash(&format!("{:?}", options.limits))].concat();
        let detectors = scanner.detectors().to_vec();
        let members = detectors.iter().map(|detector| hash(&judged_by(detector))).collect();
        DetectorSet { base, members, detectors }
    }

    /// The ids of its detectors.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.detectors.iter().map(|detector| detector.id.as_ref())
    }

    fn members(&self) -> Vec<u8> {
        self.members.iter().flatten().copied().collect()
    }

    /// Do files that were read with another set need no reading now?
    fn covered_by(&self, base: &[u8], members: &[u8]) -> Covered {
        let (hashes, rest) = members.as_chunks::<HASH>();
        let has: HashSet<&[u8; HASH]> = hashes.iter().collect();
        if !rest.is_empty() || !self.members.iter().all(|member| has.contains(member)) {
            return Covered::No;
        }
        match (base == self.base, base.get(..HASH) == self.base.get(..HASH)) {
            (true, _) => Covered::Yes,
            (false, true) => Covered::ReadWhole,
            _ => Covered::No,
        }
    }
}

/// Which files of another set are known under the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covered {
    /// All of them.
    Yes,
    /// Those that were read to their end: only the limits differ.
    ReadWhole,
    No,
}

/// What a detector's results depend on; what is only told of it (texts, severity, articles) is not
/// in a finding's row and is left out.
fn judged_by(d: &Detector) -> String {
    format!(
        "{} {:?} {:?} {} {} {} {:?} {}",
        d.id, d.category, d.variants, d.show, d.mask_all, d.generic, d.pair, d.public_author
    )
}

fn hash(text: &str) -> [u8; HASH] {
    let mut bytes = [0; HASH];
    bytes.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..HASH]);
    bytes
}

/// The present set in the database, and the sets that cover it.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbered {
    pub(super) id: i64,
    covering: HashSet<i64>,
    /// Those that differ in their limits alone.
    for_whole: HashSet<i64>,
}

impl Numbered {
    /// Need a file that was read with that set not be read again? `whole`: everything in it was
    /// looked at.
    pub(super) fn covers(&self, set: i64, whole: bool) -> bool {
        self.covering.contains(&set) || whole && self.for_whole.contains(&set)
    }
}

impl Store {
    /// Writes the set down and says by which sets a file may be known.
    pub(super) fn number(&mut self, set: &DetectorSet) -> Result<Numbered> {
        let name = [set.base.clone(), set.members()].concat();
        if let Some((last, numbered)) = &self.numbered
            && *last == name
        {
            // A watch asks for each file that arrives.
            return Ok(numbered.clone());
        }
        let id = self.write(|transaction| {
            describe(transaction, &set.detectors)?;
            let known = transaction
                .query_row(
                    "SELECT id FROM detector_set WHERE base = ?1 AND members = ?2",
                    params![set.base, set.members()],
                    |row| row.get(0),
                )
                .optional()?;
            match known {
                Some(id) => Ok(id),
                None => {
                    transaction.execute(
                        "INSERT INTO detector_set (base, members) VALUES (?1, ?2)",
                        params![set.base, set.members()],
                    )?;
                    Ok(transaction.last_insert_rowid())
                }
            }
        })?;
        let sets = || -> rusqlite::Result<[HashSet<i64>; 2]> {
            let mut query = self.connection.prepare("SELECT id, base, members FROM detector_set")?;
            let rows = query.query_map([], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?))
            })?;
            let mut sets = <[HashSet<i64>; 2]>::default();
            for row in rows {
                let (id, base, members) = row?;
                match set.covered_by(&base, &members) {
                    Covered::Yes => sets[0].insert(id),
                    Covered::ReadWhole => sets[1].insert(id),
                    Covered::No => continue,
                };
            }
            Ok(sets)
        };
        let [covering, for_whole] = sets().map_err(|e| self.failed(e))?;
        let numbered = Numbered { id, covering, for_whole };
        self.numbered = Some((name, numbered.clone()));
        Ok(numbered)
    }
}

/// What a report will want to say of these detectors.
fn describe(transaction: &Transaction<'_>, detectors: &[Arc<Detector>]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare(
        "INSERT INTO detector VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET
         category = excluded.category, severity = excluded.severity, articles = excluded.articles,
         title_en = excluded.title_en, title_ja = excluded.title_ja",
    )?;
    for d in detectors {
        insert.execute(params![
            d.id,
            d.category.name(),
            d.severity.name(),
            d.articles.join(" "),
            d.title.en,
            d.title.ja
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(base: &str, members: &[&str]) -> DetectorSet {
        DetectorSet {
            base: base.split(' ').flat_map(hash).collect(),
            members: members.iter().map(|m| hash(m)).collect(),
            detectors: Vec::new(),
        }
    }

    #[test]
    fn what_is_only_told_of_a_detector_changes_no_result() {
        let parse = |source: &str| crate::detector::parse("credential/x", "x.toml", source).expect("a detector");
        let source = r#"
title = { en = "A", ja = "あ" }
severity = "high"
articles = ["7-1"]
why = { en = "w", ja = "理由" }
pattern = '\bxyz_[0-9a-f]{16}\b'
"#;
        let first = judged_by(&parse(source));
        let told = source.replace("\"A\"", "\"B\"").replace("high", "low").replace("7-1", "9-1").replace("理由", "別");
        assert_eq!(first, judged_by(&parse(&told)));
        for (from, to) in [("{16}", "{17}"), ("pattern", "show = 3\npattern")] {
            assert_ne!(first, judged_by(&parse(&source.replace(from, to))), "{to}");
        }
    }

    #[test]
    fn fewer_detectors_need_no_reading_and_more_do() {
        let full = set("1 a", &["a", "b"]);
        let covered = |by: &DetectorSet, what: &DetectorSet| what.covered_by(&by.base, &by.members());
        assert_eq!(covered(&full, &full), Covered::Yes);
        assert_eq!(covered(&full, &set("1 a", &["b"])), Covered::Yes);
        assert_eq!(covered(&full, &set("1 a", &["a", "c"])), Covered::No, "a changed detector");
        assert_eq!(covered(&full, &set("2 a", &["a"])), Covered::No, "other options");
        assert_eq!(covered(&full, &set("1 b", &["a"])), Covered::ReadWhole, "other limits");
    }
}
