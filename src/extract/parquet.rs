//! Parquet (Apache Parquet format, <https://github.com/apache/parquet-format>) → rows of
//! tab-separated values below the names of their columns.
//!
//! A table that fits into memory in; blocks of rows, long and binary values as members, what its
//! writer noted about it out. Built with the feature `parquet` only.

use bytes::Bytes;
use parquet::data_type::Decimal;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};

use super::whole::whole;
use super::{Block, Input, Mark, Visit};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};

/// Begins and ends the file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// Largest file that is taken apart, in bytes: it lies in the memory of a process that has 192 MiB,
/// and its pages are unpacked beside it.
const LARGEST: usize = 96 << 20;
/// A block ends with the first row beyond this many bytes.
const ENOUGH: usize = 256 << 10;
/// Values longer than this, in bytes, are members of their own.
const LONGEST_CELL: usize = 16 << 10;
const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// Takes a file apart. Fails where it is broken; rows before that have been handed over.
pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    if input.size.is_some_and(|size| size > LARGEST as u64) {
        return Err(too_large());
    }
    let bytes = whole(input)?;
    if bytes.len() > LARGEST {
        return Err(too_large());
    }
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(|e| problem(&e))?;
    let mut rows = Rows { visit, text: String::new(), marks: Vec::new(), header: String::new() };
    rows.notes(&reader);
    let schema = reader.metadata().file_metadata().schema_descr();
    let columns: Vec<String> =
        schema.root_schema().get_fields().iter().map(|field| on_one_line(field.name())).collect();
    rows.header = columns.join("\t");
    if columns.len() == 1 {
        // A single column would not be seen as a table: its rows begin with their number.
        rows.header.insert_str(0, "row\t");
    }
    for (number, row) in reader.get_row_iter(None).map_err(|e| problem(&e))?.enumerate() {
        let row = match row {
            Ok(row) => row,
            Err(e) => {
                let _ = rows.finish();
                return Err(problem(&e));
            }
        };
        // An error means that the budget is spent, which has been reported.
        if rows.row(&columns, number + 1, &row).is_err() {
            return Ok(());
        }
    }
    let _ = rows.finish();
    Ok(())
}

/// Rows on their way to a visitor.
struct Rows<'v> {
    visit: &'v mut dyn Visit,
    text: String,
    marks: Vec<Mark>,
    header: String,
}

impl Rows<'_> {
    /// What the writer noted: names of programs, descriptions, other libraries' schemas.
    fn notes(&mut self, reader: &SerializedFileReader<Bytes>) {
        let metadata = reader.metadata().file_metadata();
        let notes = metadata.key_value_metadata().into_iter().flatten();
        for note in notes {
            self.text.push_str(&format!("{}: {}\n", note.key, note.value.as_deref().unwrap_or_default()));
        }
        self.marks.push(Mark { at: 0, step: Step::Member("metadata".into()) });
        let _ = self.finish();
    }

    fn row(&mut self, columns: &[String], number: usize, row: &Row) -> std::io::Result<()> {
        let single = columns.len() == 1;
        if single {
            self.text.push_str(&number.to_string());
        }
        for (i, (name, field)) in row.get_column_iter().enumerate() {
            if i > 0 || single {
                self.text.push('\t');
            }
            let step = || Step::Cell(format!("{name}#{number}").into());
            let long = match field {
                Field::Str(text) => Some(text.as_bytes()).filter(|text| text.len() > LONGEST_CELL),
                Field::Bytes(bytes) => {
                    Some(bytes.data()).filter(|b| b.len() > LONGEST_CELL || std::str::from_utf8(b).is_err())
                }
                _ => None,
            };
            if let Some(mut value) = long {
                self.visit.member(step(), &mut value)?;
                continue;
            }
            let at = self.text.len();
            write(field, &mut self.text);
            if self.text.len() > at {
                self.marks.push(Mark { at, step: step() });
            }
        }
        self.text.push('\n');
        // Also where there is not a value: rows without end must end with the budget.
        if self.text.len() >= ENOUGH { self.finish() } else { Ok(()) }
    }

    /// Hands over the rows so far.
    fn finish(&mut self) -> std::io::Result<()> {
        let header = Some(self.header.as_str()).filter(|header| !header.is_empty());
        let done = match self.text.is_empty() {
            true => Ok(()),
            false => self.visit.block(&Block { text: &self.text, marks: &self.marks, header }),
        };
        self.text.clear();
        self.marks.clear();
        done
    }
}

/// A value as text on one line; of a structure, its names and values. The crate's own words for
/// dates and decimals panic where they are out of bounds.
fn write(field: &Field, out: &mut String) {
    let named = |out: &mut String, name: &str, value: &Field| {
        if !out.is_empty() && !out.ends_with(['\t', '\n', ' ']) {
            out.push(' ');
        }
        if !name.is_empty() {
            out.push_str(&on_one_line(name));
            out.push_str(": ");
        }
        write(value, out);
    };
    match field {
        Field::Null => {}
        Field::Str(text) => out.push_str(&on_one_line(text)),
        Field::Bytes(bytes) => out.push_str(&on_one_line(&String::from_utf8_lossy(bytes.data()))),
        // Without an exponent or a fraction of zero: it may be a number of a card.
        Field::Double(number) => out.push_str(&number.to_string()),
        Field::Float(number) => out.push_str(&number.to_string()),
        Field::Decimal(number) => out.push_str(&decimal(number)),
        Field::Date(days) => out.push_str(&date(i64::from(*days))),
        Field::TimeMillis(time) => out.push_str(&clock(i64::from(*time))),
        Field::TimeMicros(time) => out.push_str(&clock(time / 1000)),
        Field::TimestampMillis(time) => out.push_str(&moment(*time)),
        Field::TimestampMicros(time) => out.push_str(&moment(time.div_euclid(1000))),
        Field::Group(row) => row.get_column_iter().for_each(|(name, value)| named(out, name, value)),
        Field::ListInternal(list) => list.elements().iter().for_each(|value| named(out, "", value)),
        Field::MapInternal(map) => {
            for (key, value) in map.entries() {
                let mut name = String::new();
                write(key, &mut name);
                named(out, &name, value);
            }
        }
        other => out.push_str(&other.to_string()),
    }
}

/// Big-endian bytes of a whole number, and how many of its digits stand behind the point.
fn decimal(number: &Decimal) -> String {
    let bytes = number.data();
    let (Some(&first), 1..=16) = (bytes.first(), bytes.len()) else { return format!("{bytes:02x?}") };
    let sign = if first & 0x80 == 0 { 0 } else { -1_i128 };
    let value = bytes.iter().fold(sign, |value, &byte| value << 8 | i128::from(byte));
    let behind = usize::try_from(number.scale()).unwrap_or(0).min(64);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = behind + 1);
    let (whole, fraction) = digits.split_at(digits.len() - behind);
    let minus = if value < 0 { "-" } else { "" };
    if behind == 0 { format!("{minus}{whole}") } else { format!("{minus}{whole}.{fraction}") }
}

/// A day by its distance from the first of January 1970, in the Gregorian calendar.
fn date(days: i64) -> String {
    // Years from March on, so that the day that some have more comes last; 400 of them have
    // 146 097 days.
    let from_march = days + 719_468;
    let (cycle, day) = (from_march.div_euclid(146_097), from_march.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", cycle * 400 + year + next)
}

/// A time of day in milliseconds since midnight.
fn clock(time: i64) -> String {
    let seconds = time.rem_euclid(MILLISECONDS_A_DAY) / 1000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A moment in milliseconds since the beginning of 1970.
fn moment(time: i64) -> String {
    format!("{} {}", date(time.div_euclid(MILLISECONDS_A_DAY)), clock(time))
}

/// A cell stays in its row and column.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }).collect()
}

fn too_large() -> Problem {
    Problem::new(ProblemKind::Limit, format!("bytes in memory > {LARGEST}"))
}

fn problem(error: &ParquetError) -> Problem {
    match error {
        ParquetError::NYI(_) => Problem::new(ProblemKind::Unsupported, "parquet (its packing)"),
        _ => Problem::new(ProblemKind::Damaged, "parquet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments() {
        for (days, expected) in [(0, "1970-01-01"), (20_454, "2026-01-01"), (11_016, "2000-02-29"), (-1, "1969-12-31")]
        {
            assert_eq!(date(days), expected);
        }
        assert_eq!(moment(1_767_225_599_999), "2025-12-31 23:59:59");
        // Nothing is out of bounds.
        for days in [i64::from(i32::MIN), i64::from(i32::MAX)] {
            date(days);
        }
        moment(i64::MIN);
        moment(i64::MAX);
    }

    #[test]
    fn decimals_of_every_size() {
        let shown = |bytes: &[u8], scale| decimal(&Decimal::from_bytes(bytes.to_vec().into(), 38, scale));
        assert_eq!(shown(&[0x30, 0x39], 2), "123.45");
        assert_eq!(shown(&[0xFF], 3), "-0.001");
        assert_eq!(shown(&[0; 3], 0), "0");
        assert_eq!(shown(&[1], -5), "1");
        assert_eq!(shown(&[], 5), "[]");
    }
}
