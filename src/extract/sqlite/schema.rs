//! What the columns of a table are called: `CREATE TABLE` → names in the order of storage.
//!
//! Reads only as much of the language as that needs
//! (<https://www.sqlite.org/lang_createtable.html>).

/// The stored columns of a table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// The column that is the row's number: it is stored as nothing.
    pub(super) id: Option<usize>,
}

/// What begins a definition that is none of a column.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

impl Columns {
    /// The columns that a statement defines; none if it is not understood.
    pub(super) fn of(sql: &str) -> Columns {
        let sql = without_comments(sql);
        let (definitions, behind) = definitions(&sql);
        let mut names = Vec::new();
        let (mut key, mut id) = (Vec::new(), None);
        for definition in definitions {
            let (name, rest) = identifier(definition);
            let words = rest.to_ascii_uppercase();
            if CONSTRAINTS.iter().any(|word| definition.len() >= word.len() && name.eq_ignore_ascii_case(word)) {
                if definition.to_ascii_uppercase().contains("PRIMARY KEY") {
                    let (columns, _) = self::definitions(definition);
                    key = columns.into_iter().map(|column| identifier(column).0).collect();
                }
                continue;
            }
            // Computed columns are not stored unless they say so.
            let computed = words.contains(" AS (") || words.contains(" AS(") || words.contains("GENERATED ALWAYS");
            if computed && !words.contains("STORED") {
                continue;
            }
            if words.contains("PRIMARY KEY") {
                key = vec![name.clone()];
            }
            if words.trim_start().starts_with("INTEGER") {
                id = id.or(words.contains("PRIMARY KEY").then_some(names.len()));
            }
            names.push(name);
        }
        if behind.to_ascii_uppercase().contains("WITHOUT ROWID") {
            // The key's columns are stored first.
            let place = |name: &String| key.iter().position(|k| k.eq_ignore_ascii_case(name)).unwrap_or(key.len());
            names.sort_by_key(place);
            id = None;
        }
        Columns { names, id }
    }
}

/// What stands between the first bracket and its partner, cut at its commas; and what follows.
fn definitions(sql: &str) -> (Vec<&str>, &str) {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    let mut quote = None;
    for (i, c) in sql.char_indices() {
        match (quote, c) {
            (Some(end), _) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '[') => quote = Some(']'),
            (None, '(') => {
                depth += 1;
                if depth == 1 {
                    from = i + 1;
                }
            }
            (None, ',') if depth == 1 => {
                parts.push(sql[from..i].trim());
                from = i + 1;
            }
            (None, ')') if depth == 1 => {
                parts.push(sql[from..i].trim());
                return (parts, &sql[i + 1..]);
            }
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (parts, "")
}

/// The name that a definition begins with, its quotes undone; and what follows.
fn identifier(definition: &str) -> (String, &str) {
    let mut chars = definition.chars();
    let end = match chars.next() {
        Some(quote @ ('"' | '`' | '\'')) => quote,
        Some('[') => ']',
        _ => {
            let end = definition.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(definition.len());
            return (definition[..end].to_owned(), &definition[end..]);
        }
    };
    let mut name = String::new();
    while let Some(c) = chars.next() {
        if c == end {
            // A quote within the name is written twice.
            if !chars.as_str().starts_with(end) || end == ']' {
                break;
            }
            chars.next();
        }
        name.push(c);
    }
    (name, chars.as_str())
}

fn without_comments(sql: &str) -> String {
    let mut out = String::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |i| i + 2)
        } else {
            // Quoted text is kept whole.
            let quoted = matches!(c, '\'' | '"' | '`').then(|| rest[1..].find(c).map_or(rest.len(), |i| i + 2));
            let n = quoted.unwrap_or(c.len_utf8());
            out.push_str(&rest[..n]);
            rest = &rest[n..];
            continue;
        };
        out.push(' ');
        rest = &rest[skipped..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_in_the_order_of_storage() {
        let cases: &[(&str, &[&str], Option<usize>)] = &[
            ("CREATE TABLE t(id INTEGER PRIMARY KEY, 氏名 TEXT, tel)", &["id", "氏名", "tel"], Some(0)),
            (
                "create table \"a(b\" ( [a b] text default 'x,)', -- a, comment\n `c``d` NUMERIC(3,4), \"e\"\"f\" /* , */)",
                &["a b", "c`d", "e\"f"],
                None,
            ),
            (
                "CREATE TABLE t(a, b INT, c AS (a+1), d GENERATED ALWAYS AS (b) STORED, PRIMARY KEY(b, d)) WITHOUT ROWID",
                &["b", "d", "a"],
                None,
            ),
            ("CREATE TABLE t(a TEXT, CONSTRAINT x UNIQUE (a), CHECK (a > 1))", &["a"], None),
            ("CREATE TABLE t AS SELECT", &[], None),
            ("CREATE TABLE t(a, '", &["a"], None),
        ];
        for (sql, names, id) in cases {
            let columns = Columns::of(sql);
            assert_eq!(
                (columns.names.iter().map(String::as_str).collect::<Vec<_>>(), columns.id),
                (names.to_vec(), *id),
                "{sql}"
            );
        }
    }
}
