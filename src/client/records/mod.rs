//! Registered tables: a customer's data is recognised wherever the detectors meet it.
//!
//! Rows of a table → keyed hashes of their values ([`Keeper`]), kept sealed by `vault`; values
//! that a scan has found anyway → whose they are ([`Rows`]). Exact matching of normalised values,
//! at no scan of its own. Pure; keeps no value.

mod kind;
mod normal;
mod table;

use super::bytes::{Reader, Writer};
use super::seal::SealKey;

pub use kind::{KINDS, Kind};
pub use table::{Column, ColumnFault, columns, read};

/// A registered table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The file, by its full path.
    pub path: String,
    /// What was registered of it, by the names of [`KINDS`].
    pub kinds: Vec<String>,
    /// Rows with at least one value.
    pub rows: u32,
    /// When it was registered, in seconds since 1970.
    pub added: i64,
    /// Hash of a value, and its row.
    values: Vec<(u64, u32)>,
}

impl Table {
    /// Its name for people: without folders.
    pub fn name(&self) -> String {
        std::path::Path::new(&self.path).file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Values that are kept, name and address together being one.
    pub fn values(&self) -> usize {
        self.values.len()
    }
}

/// Hashes values under a client's own key.
#[derive(Clone)]
pub struct Keeper([u8; 32]);

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keeper(…)")
    }
}

impl Keeper {
    /// The keeper of a client.
    pub fn new(key: &SealKey) -> Keeper {
        Keeper(key.derive("sekisho client records"))
    }

    /// The hash of a value of a kind; `None` if there is too little of it to mean anybody.
    fn hash(&self, kind: &Kind, value: &str) -> Option<u64> {
        let normal = (kind.normal)(value)?;
        Some(self.hash_of(kind.name, &[&normal]))
    }

    /// The hash of a person: name and address.
    fn person(&self, name: &str, address: &str) -> Option<u64> {
        Some(self.hash_of("name+address", &[&normal::name(name)?, &normal::address(address)?]))
    }

    fn hash_of(&self, kind: &str, parts: &[&str]) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in [kind].iter().chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(bytes)
    }

    /// Keeps what the columns say of the rows of a table. Values of few possibilities (a phone
    /// number, a name alone) are left out unless `guessable`.
    pub fn keep(&self, path: String, columns: &[Column], rows: &[Vec<String>], guessable: bool, added: i64) -> Table {
        let mut table = Table { path, added, ..Table::default() };
        let cell = |row: &[String], name: &str| {
            let column = columns.iter().find(|column| column.kind.name == name)?;
            row.get(column.index).cloned()
        };
        for row in rows {
            let number = table.rows;
            let mut keep = |kind: &str, hash: Option<u64>| {
                if let Some(hash) = hash {
                    table.values.push((hash, number));
                    if !table.kinds.iter().any(|known| known == kind) {
                        table.kinds.push(kind.to_owned());
                    }
                }
            };
            for column in columns.iter().filter(|column| guessable || !column.kind.guessable) {
                keep(column.kind.name, row.get(column.index).and_then(|value| self.hash(column.kind, value)));
            }
            if let (Some(name), Some(address)) = (cell(row, "name"), cell(row, "address")) {
                keep("name+address", self.person(&name, &address));
            }
            if table.values.last().is_some_and(|&(_, last)| last == number) {
                let Some(next) = number.checked_add(1) else { break };
                table.rows = next;
            }
        }
        table.values.sort_unstable();
        table.values.dedup_by_key(|(hash, _)| *hash);
        table
    }
}

/// All tables of a client, ready to be asked.
#[derive(Debug)]
pub struct Rows {
    keeper: Keeper,
    /// Hash, table and row, in order.
    values: Vec<(u64, u32, u32)>,
    has_persons: bool,
}

impl Rows {
    /// Makes tables ready; their numbers are those of the list.
    pub fn new(keeper: Keeper, tables: &[Table]) -> Rows {
        let mut values = Vec::with_capacity(tables.iter().map(Table::values).sum());
        for (number, table) in tables.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            values.extend(table.values.iter().map(|&(hash, row)| (hash, number, row)));
        }
        values.sort_unstable();
        let has_persons = tables.iter().any(|table| table.kinds.iter().any(|kind| kind == "name+address"));
        Rows { keeper, values, has_persons }
    }

    /// The table and row that a value is in which this detector has found.
    pub fn find(&self, detector: &str, value: &str) -> Option<(usize, u32)> {
        let kind = KINDS.iter().find(|kind| kind.detector == detector)?;
        self.at(self.keeper.hash(kind, value)?)
    }

    /// The table and row of a person.
    pub fn find_person(&self, name: &str, address: &str) -> Option<(usize, u32)> {
        self.at(self.keeper.person(name, address)?)
    }

    /// Are there persons, by name and address?
    pub fn has_persons(&self) -> bool {
        self.has_persons
    }

    fn at(&self, hash: u64) -> Option<(usize, u32)> {
        let first = self.values.partition_point(|&(known, ..)| known < hash);
        self.values.get(first).filter(|(known, ..)| *known == hash).map(|&(_, table, row)| (table as usize, row))
    }
}

/// Writes tables down.
pub(super) fn encode(tables: &[Table]) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(tables.len() as u64);
    for table in tables {
        out.text(&table.path);
        out.number(table.kinds.len() as u64);
        table.kinds.iter().for_each(|kind| out.text(kind));
        out.number(table.rows.into());
        out.number(table.added.cast_unsigned());
        out.number(table.values.len() as u64);
        for &(hash, row) in &table.values {
            out.bytes(&hash.to_le_bytes());
            out.bytes(&row.to_le_bytes());
        }
    }
    out.0
}

/// Reads what [`encode`] wrote; `None` if it is something else.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Table>> {
    let mut input = Reader(bytes);
    let mut tables = Vec::new();
    for _ in 0..input.count(5)? {
        let mut table = Table { path: input.text()?, ..Table::default() };
        for _ in 0..input.count(1)? {
            table.kinds.push(input.text()?);
        }
        table.rows = input.small()?;
        table.added = input.number()?.cast_signed();
        for _ in 0..input.count(12)? {
            table.values.push((u64::from_le_bytes(input.array()?), u32::from_le_bytes(input.array()?)));
        }
        tables.push(table);
    }
    input.end()?;
    Some(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(guessable: bool) -> (Rows, Table) {
        let text = "氏名,住所,電話,メール\n山田 太郎,東京都千代田区丸の内一丁目9番2号,03-1234-5678,Taro@Example.com\n,,,\n佐藤花子,大阪市北区梅田3-1,06-1111-2222,h.sato@example.org\n";
        let rows = read(text, false);
        let (columns, first) = columns("name=氏名,address=住所,phone=電話,email=メール", &rows).expect("headings");
        let keeper = Keeper::new(&SealKey::new([5; 32]));
        let table = keeper.keep("/x/customers.csv".to_owned(), &columns, &rows[first..], guessable, 7);
        (Rows::new(keeper, std::slice::from_ref(&table)), table)
    }

    #[test]
    fn values_are_found_however_they_are_written() {
        let (rows, table) = kept(true);
        assert_eq!((table.rows, table.name().as_str()), (2, "customers.csv"));
        assert_eq!(rows.find("personal/email-address", "taro@example.COM"), Some((0, 0)));
        assert_eq!(rows.find("personal/phone-number", "+81 6-1111-2222"), Some((0, 1)));
        assert_eq!(rows.find("personal/person-name", "山田太郎"), Some((0, 0)));
        assert_eq!(rows.find_person("山田 太郎", "千代田区丸の内1-9-2 グランビル3階"), Some((0, 0)));
        assert_eq!(rows.find_person("佐藤 花子", "千代田区丸の内1-9-2"), None);
        assert_eq!(rows.find("personal/email-address", "other@example.com"), None);
        assert_eq!(decode(&encode(std::slice::from_ref(&table))), Some(vec![table]));
    }

    #[test]
    fn what_can_be_guessed_is_left_out_unless_it_is_asked_for() {
        let (rows, table) = kept(false);
        assert_eq!(table.kinds, ["email", "name+address"]);
        assert_eq!(rows.find("personal/phone-number", "06-1111-2222"), None);
        assert_eq!(rows.find("personal/person-name", "山田太郎"), None);
        assert!(rows.find_person("山田太郎", "東京都千代田区丸の内1-9-2").is_some());
    }
}
