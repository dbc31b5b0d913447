//! The key that a value is assigned to, read off the text before it.
//!
//! `"dbPassword": "`, `api_key = `, `<token>`: text in, the key and what its words say out.

/// A key as written, without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<'a>(pub(super) &'a str);

/// Last words of keys whose value is about a secret and none itself: `token_type`, `secretName`.
#[rustfmt::skip]
const ABOUT: &[&str] = &[
    "age", "algorithm", "attempts", "attribute", "callback", "class", "column", "confirm", "confirmation",
    "count", "description", "email", "enabled", "encoder", "encryption", "endpoint", "error", "errors",
    "expiration", "expired", "expires", "expiry", "field", "file", "filename", "format", "forgot", "generator",
    "handler", "header", "help", "hint", "host", "icon", "input", "invalid", "label", "length", "len",
    "lifetime", "limit", "link", "location", "manager", "max", "message", "min", "mode", "msg", "name",
    "names", "note", "page", "param", "path", "pattern", "placeholder", "policy", "prefix", "prompt",
    "provider", "regex", "required", "reset", "route", "rule", "rules", "salt", "scheme", "schema", "screen",
    "selector", "size", "status", "store", "strength", "suffix", "text", "timeout", "title", "ttl", "type",
    "uri", "url", "username", "valid", "validator", "version", "view",
];

/// Last words of keys whose value names something.
const IDENTIFIER: &[&str] = &["id", "ids", "guid", "uuid", "arn", "ref", "sid"];

/// First words that turn a key into something public or something else.
#[rustfmt::skip]
const HARMLESS: &[&str] = &[
    "author", "bucket", "cache", "foreign", "hot", "idempotency", "index", "lookup", "map", "object",
    "partition", "primary", "pub", "public", "publishable", "routing", "row", "sort", "storage", "translation",
    "unique", "vapid",
];

impl<'a> Key<'a> {
    /// Its words: `dbPassword` is db and Password, `API_KEY` is API and KEY.
    fn words(self) -> impl Iterator<Item = &'a str> {
        self.0.split(|c: char| !c.is_ascii_alphanumeric()).flat_map(camel_words)
    }

    /// Whether the value is about a secret rather than one: `password_length`, `tokenUrl`.
    pub(super) fn is_about(self) -> bool {
        let last = self.words().last().unwrap_or_default();
        let is_harmless = last.eq_ignore_ascii_case("key") && self.words().any(|word| is_in(HARMLESS, word));
        is_in(ABOUT, last) || self.is_identifier() || is_harmless
    }

    /// Whether one of its words is in a list.
    pub(super) fn speaks_of(self, words: &[&str]) -> bool {
        self.words().any(|word| is_in(words, word))
    }

    /// Whether the key ends in a word for an identifier.
    pub(super) fn is_identifier(self) -> bool {
        self.words().last().is_some_and(|word| is_in(IDENTIFIER, word))
    }
}

/// Whether a list has a word, in any case.
fn is_in(list: &[&str], word: &str) -> bool {
    list.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// The key at the end of a text, behind it nothing but quotes, spaces and a sign of assignment.
pub(super) fn last_key(before: &str) -> Option<Key<'_>> {
    let is_sign = |c: char| " \t\"'`=:>(,[{|".contains(c);
    let mut text = before.trim_end_matches(is_sign);
    if before[text.len()..].starts_with('=') {
        // `.=`, `?=`, `+=`: signs of assignment, too.
        text = text.strip_suffix(['.', '?', '!', '+']).unwrap_or(text).trim_end_matches(is_sign);
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = text.rfind(|c| !is_part(c)).map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    let key = &text[start..];
    (text.len() < before.len() && !key.is_empty()).then_some(Key(key))
}

/// Words of a camel-case name; a run of capitals is one word: `APIKey` is API and Key.
pub(super) fn camel_words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let end = (1..rest.len()).find(|&at| begins_word(rest.as_bytes(), at)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

/// Whether a word begins at a byte of a camel-case name that is not its first.
fn begins_word(name: &[u8], at: usize) -> bool {
    let is_last_capital = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    name[at].is_ascii_uppercase() && (!name[at - 1].is_ascii_uppercase() || is_last_capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_before_values() {
        for (before, key) in [
            ("password = ", Some("password")),
            ("  \"dbPassword\": \"", Some("dbPassword")),
            ("export API_KEY=", Some("API_KEY")),
            ("config.secret := `", Some("config.secret")),
            ("パスワード token: ", Some("token")),
            ("<token>", Some("token")),
            ("$token .= \"", Some("token")),
            ("TOKEN ?= ", Some("TOKEN")),
            ("password", None),
            ("", None),
            ("：= ", None),
        ] {
            assert_eq!(last_key(before).map(|k| k.0), key, "{before}");
        }
    }

    #[test]
    fn words_of_keys() {
        for (key, words) in [
            ("dbPassword", vec!["db", "Password"]),
            ("API_KEY", vec!["API", "KEY"]),
            ("APIKey", vec!["API", "Key"]),
            ("a-b.cD", vec!["a", "b", "c", "D"]),
            ("", vec![]),
            ("__", vec![]),
        ] {
            assert_eq!(Key(key).words().collect::<Vec<_>>(), words, "{key}");
        }
    }

    #[test]
    fn keys_about_secrets() {
        for key in
            ["token_type", "passwordLength", "SECRET_NAME", "password-hint", "primary_key", "publicKey", "api_key_id"]
        {
            assert!(Key(key).is_about(), "{key}");
        }
        for key in ["password", "API_KEY", "clientSecret", "secret_key", "db.password", "key", "token"] {
            assert!(!Key(key).is_about(), "{key}");
        }
    }
}
