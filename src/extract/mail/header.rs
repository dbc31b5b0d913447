//! Header fields of a message or part (RFC 5322 §2.2, RFC 2045, RFC 2231).
//!
//! Unfolded lines in; names, decoded values and parameters out.

use super::words::{decode, in_charset, plain_text};

/// A field: its name as written, and its unfolded value in its original bytes.
pub(super) struct Field {
    name: String,
    value: Vec<u8>,
}

/// The fields of a message or part, in order.
#[derive(Default)]
pub(super) struct Header {
    fields: Vec<Field>,
}

/// The name of the field that this line begins, if it begins one: printable ASCII before a colon.
pub(super) fn field_name(line: &[u8]) -> Option<&str> {
    let colon = memchr::memchr(b':', &line[..line.len().min(128)])?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    std::str::from_utf8(name).ok().filter(|_| is_name)
}

impl Header {
    /// Takes one more line; `false` if it is none of a header.
    pub(super) fn take(&mut self, line: &[u8]) -> bool {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if let ([b' ' | b'\t', ..], Some(last)) = (text, self.fields.last_mut()) {
            last.value.extend_from_slice(text);
            return true;
        }
        let Some(name) = field_name(text) else { return false };
        let colon = memchr::memchr(b':', text).unwrap_or_default();
        self.fields.push(Field { name: name.to_owned(), value: text[colon + 1..].trim_ascii().to_vec() });
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// All fields as text, one a line.
    pub(super) fn text(&self) -> String {
        self.fields.iter().map(|field| format!("{}: {}\n", field.name, decode(&field.value))).collect()
    }

    /// The value of the first field of this name, without its parameters.
    pub(super) fn value(&self, name: &str) -> String {
        let value = plain_text(self.field(name).unwrap_or_default());
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// A parameter of the first field of this name: `filename` of `Content-Disposition`.
    pub(super) fn parameter(&self, field: &str, name: &str) -> Option<String> {
        parameter(&plain_text(self.field(field)?), name).filter(|value| !value.trim().is_empty())
    }

    /// The name that the part's file had, wherever it is written.
    pub(super) fn file_name(&self) -> Option<String> {
        let name = self
            .parameter("Content-Disposition", "filename")
            .or_else(|| self.parameter("Content-Type", "name"))
            .or_else(|| self.field("Content-Location").map(plain_text).filter(|place| !place.is_empty()))?;
        // Names come from outside: what would upset a terminal is not part of them.
        Some(name.trim().chars().filter(|c| !c.is_control()).take(255).collect())
    }

    fn field(&self, name: &str) -> Option<&[u8]> {
        let field = self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        Some(&field.value)
    }
}

/// The parameter of this name in a field's value. Continued (`name*0`, `name*1`) and encoded
/// (`name*`, `name*0*`) parameters as in RFC 2231; encoded words, which it forbids here, are
/// common and read too.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut plain = None;
    let mut parts: Vec<(u32, bool, String)> = Vec::new();
    for (key, text) in parameters(value) {
        let Some(rest) = key.get(..name.len()).filter(|k| k.eq_ignore_ascii_case(name)).map(|_| &key[name.len()..])
        else {
            continue;
        };
        let number = rest.trim_matches('*');
        match (rest, number.parse()) {
            ("", _) => plain = plain.or(Some(text)),
            ("*", _) => parts.push((0, true, text)),
            (_, Ok(number)) if rest.starts_with('*') => parts.push((number, rest.ends_with('*'), text)),
            _ => {}
        }
    }
    if parts.is_empty() {
        return plain.map(|text| decode(text.as_bytes()));
    }
    parts.sort_by_key(|(number, ..)| *number);
    let mut charset = String::new();
    let mut bytes = Vec::new();
    for (i, (_, encoded, text)) in parts.iter().enumerate() {
        let mut text = text.as_str();
        if *encoded && i == 0 {
            // charset'language'text
            let mut pieces = text.splitn(3, '\'');
            if let (Some(label), Some(_), Some(rest)) = (pieces.next(), pieces.next(), pieces.next()) {
                charset = label.to_owned();
                text = rest;
            }
        }
        if *encoded { percent(text, &mut bytes) } else { bytes.extend_from_slice(text.as_bytes()) }
    }
    Some(in_charset(&charset, &bytes))
}

/// The parameters behind the first semicolon, quotes and escapes undone.
fn parameters(value: &str) -> Vec<(&str, String)> {
    let mut all = Vec::new();
    let mut rest = value.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((key, behind)) = rest.split_once('=') {
        // A parameter without a value stands before this one.
        let key = key.rsplit(';').next().unwrap_or(key).trim();
        let behind = behind.trim_start();
        let (text, end) = match behind.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = behind.find(';').unwrap_or(behind.len());
                (behind[..end].trim_end().to_owned(), end)
            }
        };
        all.push((key, text));
        rest = behind.get(end..).and_then(|rest| rest.split_once(';')).map_or("", |(_, rest)| rest);
    }
    all
}

/// A quoted string without its quotes, and where it ends, counted from the first quote.
fn unquoted(quoted: &str) -> (String, usize) {
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return (text, i + 2),
            // Some write paths of Windows without escaping them.
            '\\' => match chars.next() {
                Some((_, next @ ('"' | '\\'))) => text.push(next),
                Some((_, next)) => text.extend([c, next]),
                None => {}
            },
            _ => text.push(c),
        }
    }
    (text, quoted.len() + 1)
}

fn percent(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        match behind {
            [a, b, ..] if first == b'%' && super::transfer::hex(*a, *b).is_some() => {
                out.extend(super::transfer::hex(*a, *b));
                rest = &behind[2..];
            }
            _ => out.push(first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &[u8]) -> Header {
        let mut header = Header::default();
        assert!(text.split_inclusive(|&b| b == b'\n').all(|line| header.take(line)));
        header
    }

    #[test]
    fn names_of_files_however_they_are_written() {
        let cases: &[&[u8]] = &[
            b"Content-Disposition: attachment;\r\n filename*=UTF-8''%E5%90%8D%E7%B0%BF.csv\r\n",
            b"Content-Disposition: attachment; filename*0*=ISO-2022-JP''%1B$B%4C%3E;\r\n filename*1*=%4A%6D%1B(B;\r\n\tfilename*2=.csv",
            b"Content-Disposition: attachment; filename=\"x\"; filename*1*=%95%EB.csv; filename*0*=cp932'ja'%96%BC",
            b"Content-Type: text/csv; charset=utf-8; name=\"=?UTF-8?B?5ZCN57C/?=\r\n =?UTF-8?Q?.csv?=\"",
            b"Content-Disposition: attachment; filename=\"\x96\xBC\x95\xEB.csv\"",
            "content-disposition:attachment;size=3;filename=名簿.csv".as_bytes(),
        ];
        for case in cases {
            assert_eq!(header(case).file_name().as_deref(), Some("名簿.csv"), "{}", case.escape_ascii());
        }
        let table = header(b"Content-Disposition: attachment; filename=\"\x95\x5c.txt\"");
        assert_eq!(table.file_name().as_deref(), Some("表.txt"));
    }

    #[test]
    fn parameters_in_quotes() {
        let header = header(b"Content-Type: Multipart/Mixed; x; boundary=\"a;b=\\\"c\\\"\"; charset = us-ascii ;");
        assert_eq!(header.value("content-type"), "multipart/mixed");
        assert_eq!(header.parameter("content-type", "boundary").as_deref(), Some("a;b=\"c\""));
        assert_eq!(header.parameter("content-type", "charset").as_deref(), Some("us-ascii"));
        assert_eq!(header.parameter("content-type", "name"), None);
    }

    #[test]
    fn what_is_no_field_ends_a_header() {
        assert!(!Header::default().take(b" folded"));
        assert!(!Header::default().take(b"no field"));
        assert!(!Header::default().take(b"two words: x"));
        assert!(!Header::default().take(b"\r\n"));
    }
}
