//! betterleaks' `filter`: what is no finding after all, as an expression → our conditions.
//!
//! Understood are terms joined by `||`: `entropy(…) < n`, `matchesAny(…)`, `containsAny(…)`, with
//! `!` before them, and what asks for the shape of natural language. Anything else is named, and the
//! rule then goes without its filter: rather one finding too many than one too few.

use std::borrow::Cow;

use super::pattern::condition;
use crate::detector::model::{Allowed, Conditions, Str, Target};

/// Adds what a filter says to the conditions. Fails, in English, on what is not understood.
pub(super) fn read(source: &str, conditions: &mut Conditions) -> Result<(), String> {
    let mut reader = Reader { rest: source };
    loop {
        term(&mut reader, conditions)?;
        if reader.rest.trim().is_empty() {
            return Ok(());
        }
        reader.expect("||")?;
    }
}

fn term(reader: &mut Reader<'_>, conditions: &mut Conditions) -> Result<(), String> {
    if reader.take("(") {
        loop {
            term(reader, conditions)?;
            if reader.take(")") {
                return Ok(());
            }
            reader.expect("||")?;
        }
    }
    let is_negated = reader.take("!");
    let name = reader.name();
    reader.expect("(")?;
    let target = reader.until(&[",", ")"]);
    let target = target.trim();
    match name {
        "entropy" if !is_negated && target == "finding[\"secret\"]" => {
            reader.expect(")")?;
            if !reader.take("<=") {
                reader.expect("<")?;
            }
            conditions.entropy = conditions.entropy.max(reader.thousandths()?);
        }
        // How language-like a value is: characters for each token of a model.
        "tokenRatio" if !is_negated => {
            reader.expect(")")?;
            reader.expect(">=")?;
            reader.thousandths()?;
            conditions.no_words = true;
        }
        "failsTokenEfficiency" if !is_negated => {
            reader.expect(")")?;
            conditions.no_words = true;
        }
        "matchesAny" | "containsAny" => {
            reader.expect(",")?;
            let list = reader.list()?;
            reader.expect(")")?;
            let list: Vec<Str> = if name == "matchesAny" {
                list.iter().map(|one| condition(one).map(Cow::Owned)).collect::<Result<_, _>>()?
            } else {
                list.into_iter().map(Cow::Owned).collect()
            };
            let list = Cow::Owned(list);
            let mut allowed = Allowed::default();
            match (name, target, is_negated) {
                ("matchesAny", "finding[\"secret\"]", true) => conditions.must.push(list),
                ("matchesAny", "attributes[\"path\"]", false) => allowed.paths = list,
                ("matchesAny", "finding[\"secret\"]", false) => allowed.regexes = list,
                ("matchesAny", "finding[\"match\"]", false) => {
                    (allowed.regexes, allowed.target) = (list, Target::Match)
                }
                ("matchesAny", "finding[\"line\"]", false) => (allowed.regexes, allowed.target) = (list, Target::Line),
                ("containsAny", "finding[\"secret\"]", false) => allowed.stopwords = list,
                _ => return Err(format!("{name}({target}, …)")),
            }
            if allowed != Allowed::default() {
                conditions.allowed.push(allowed);
            }
        }
        _ => return Err(format!("`{name}`")),
    }
    Ok(())
}

struct Reader<'s> {
    rest: &'s str,
}

impl<'s> Reader<'s> {
    fn take(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        let found: String = self.rest.trim_start().chars().take(20).collect();
        if self.take(sign) { Ok(()) } else { Err(format!("`{found}`")) }
    }

    fn name(&mut self) -> &'s str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        self.rest = &rest[end..];
        &rest[..end]
    }

    fn until(&mut self, signs: &[&str]) -> &'s str {
        let end = signs.iter().filter_map(|sign| self.rest.find(sign)).min().unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text
    }

    fn thousandths(&mut self) -> Result<u32, String> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().map_err(|_| format!("`{}`", &rest[..end]))?;
        self.rest = &rest[end..];
        Ok((number * 1000.0).round() as u32)
    }

    /// `["…", `…`]`
    fn list(&mut self) -> Result<Vec<String>, String> {
        let mut list = Vec::new();
        self.expect("[")?;
        while !self.take("]") {
            let quote = match self.rest.trim_start().chars().next() {
                Some(quote @ ('"' | '`')) => quote,
                _ => return Err("a list of texts is expected".to_owned()),
            };
            self.rest = &self.rest.trim_start()[1..];
            list.push(self.text(quote)?);
            self.take(",");
        }
        Ok(list)
    }

    /// A text up to its closing quote; only quotation marks have escapes.
    fn text(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.rest = &self.rest[at + 1..];
                return Ok(text);
            }
            match (c, quote) {
                ('\\', '"') => match chars.next().map(|(_, c)| c) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(c) => text.push(c),
                    None => break,
                },
                _ => text.push(c),
            }
        }
        Err("a text has no end".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        let of = |source: &str| {
            let mut conditions = Conditions::default();
            read(source, &mut conditions).map(|()| conditions)
        };
        let both =
            of("\nentropy(finding[\"secret\"]) <= 3.5 || tokenRatio(finding[\"secret\"]) >= 2.5\n").expect("fine");
        assert_eq!((both.entropy, both.no_words), (3500, true));
        let lists = of(
            "(matchesAny(finding[\"match\"], [\n `a\\d`,\n `b`\n]) || containsAny(finding[\"secret\"], [\"x\\\"y\"]))",
        );
        let lists = lists.expect("fine").allowed;
        assert_eq!((lists[0].regexes.len(), lists[0].target), (2, Target::Match));
        assert_eq!(lists[1].stopwords, ["x\"y"].as_slice());
        assert_eq!(
            of("entropy(finding[\"secret\"]) < 3 || !matchesAny(finding[\"secret\"], [`[0-9]`])")
                .expect("fine")
                .must
                .len(),
            1
        );
        for unknown in ["", "let x = 1; x", "size(finding) > 3", "matchesAny(finding[\"secret\"], [", "entropy("] {
            assert!(of(unknown).is_err(), "{unknown}");
        }
    }
}
