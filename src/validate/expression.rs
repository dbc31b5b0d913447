//! Pieces of programs that stand where a value would: regular expressions, formats with holes,
//! calls and members that the pattern cut at a bracket.
//!
//! A candidate and its neighbours in; whether it is such a piece out. What is a reference as a
//! whole is `reference`'s.

use super::Value;
use super::reference::{is_identifier, is_quoted};
use super::words::{has_humps, has_words, likeness};

/// What stands in no value but in regular expressions and paths through data.
const SURE: &[&str] =
    &["(?:", "(?i", "(?=", "(?!", "(?P<", "(?<", "[A-Z", "[a-z", "[0-9", "[^\\", "[-1]", " || ", " && ", "@entry="];

/// What stands in both; two of them, or one beside words, are enough.
const SIGNS: &[&str] =
    &["[^", "]*", "]+", "]{", "|[", ".*", ".+", "\\w", "\\W", "\\d", "\\D", "\\s", "\\S", "\\b", ")?", "(\\"];

/// Whether the value is a piece of a program.
pub(super) fn is_expression(value: &Value<'_>) -> bool {
    let text = value.text.trim();
    is_regular_expression(text)
        || has_formats(text)
        || is_member_of_variable(text)
        || is_joined(text)
        || is_filled_in(text)
        || (!is_quoted(value) && (is_cut(text) || is_statement(text)))
}

/// `[A-Z][_A-Z0-9]*`, `Jobs[-1].JobId`, `/name=/`.
fn is_regular_expression(text: &str) -> bool {
    let signs = SIGNS.iter().filter(|sign| text.contains(**sign)).count();
    let is_delimited = text.len() > 2 && text.starts_with('/') && text.ends_with('/') && has_words(text);
    SURE.iter().any(|sign| text.contains(sign)) || signs >= 2 || (signs == 1 && has_words(text)) || is_delimited
}

/// `Bearer %s`, `%.4s-%.2s`, `0x%08lX`: conversions of printf. One alone may be chance.
fn has_formats(text: &str) -> bool {
    let count = text.match_indices('%').filter(|&(at, _)| is_conversion(&text[at + 1..])).count();
    count >= 2 || (count == 1 && (text.contains(' ') || text.len() <= 6)) || text.starts_with("0x%")
}

/// Whether flags, width and a letter of printf follow a percent sign, and no word.
fn is_conversion(rest: &str) -> bool {
    let is_escape = rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let conversion = rest.trim_start_matches(|c: char| "-+#0123456789.*lhz".contains(c));
    let mut next = conversion.bytes();
    let is_letter = next.next().is_some_and(|b| b"sdvfgxXqru@".contains(&b));
    !is_escape && is_letter && next.next().is_none_or(|b| !b.is_ascii_alphanumeric())
}

/// `$Config::Config{x}`, `$user->token`, `&compute.Key{}`: what follows the sigil is a name, and
/// what follows the name goes into it.
fn is_member_of_variable(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['$', '&', '*']) else { return false };
    let name: &str = rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).next().unwrap_or("");
    let then = &rest[name.len()..];
    let is_name = name.len() >= 2 && name.split('.').all(is_identifier);
    is_name && ["::", "->", "{", "["].iter().any(|sign| then.starts_with(sign))
}

/// `' . $this->x . '`, `{self.password}'`: what stands between two texts.
fn is_joined(text: &str) -> bool {
    let is_operator = [". $", "+ ", ". "].iter().any(|sign| text.starts_with(sign));
    let inner = text.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(inner, _)| inner);
    is_operator || inner.is_some_and(|name| !name.is_empty() && name.split('.').all(is_identifier))
}

/// `keyType=`: a name with its sign of assignment.
fn is_filled_in(text: &str) -> bool {
    let name = text.strip_suffix('=').unwrap_or_default();
    is_identifier(name) && !name.contains(|c: char| c.is_ascii_digit()) && name.len() < 16 && likeness(name) > 0
}

/// `disk_key)`, `Token.Tab):`, `json.loads(x)`, `(base64.encode(`, `sudo.conf(5`, `Key*`: a name
/// of a program with brackets that begin or end elsewhere.
fn is_cut(text: &str) -> bool {
    let inner = text.trim_start_matches(['(', '[', '*', '&', '!']);
    let name = inner.split(['(', '[', ')', ']', '*', ',']).next().unwrap_or_default();
    let rest = &inner[name.len()..];
    let is_path = name.split('.').all(is_identifier);
    if rest.is_empty() || !is_path {
        return false;
    }
    let is_keyword = matches!(name, "None" | "null" | "nil" | "true" | "false" | "True" | "False" | "undefined");
    // A password may end with a bracket; a name of several words does not need one to be a name.
    let is_program = name.contains('.') || name.contains('_') || (has_humps(name) && likeness(name) > 0);
    is_keyword || is_program
}

/// `s._password;break`, `lambda:`: a name, and the next statement.
fn is_statement(text: &str) -> bool {
    const WORDS: &[&str] = &["break", "return", "continue", "var ", "let ", "const ", "this.", "if", "for"];
    let starts = |part: &str| part.contains('(') || WORDS.iter().any(|word| part.starts_with(word));
    let is_plain = |part: &str| part.split('.').all(is_identifier) && !part.contains(|c: char| c.is_ascii_digit());
    text.split_once(';').is_some_and(|(first, rest)| is_plain(first) && starts(rest))
        || matches!(text, "lambda:" | "else:" | "then" | "return;")
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    #[test]
    fn pieces_of_programs() {
        let quoted = |text| is_expression(&Value { text, before: "token = \"", after: "\"" });
        for text in [
            "/_?[A-Z][_A-Z0-9]*/",
            "[^\\W\\d]\\w*",
            "([{}][{}]+)|[{}]",
            "Jobs[-1].JobId",
            "NextMarker || Contents[-1].Key",
            "AmazonMetrics-.+",
            "Bearer %s",
            "%.4s-%.2s-%.2s",
            "0x%08lX",
            "$serde::private::Number",
            "$Config::Config{cf_email}",
            "&compute.CustomerKey{}",
            ". $this->format($x) .",
            "{self.password}'",
            "keyType=",
            "userPassword@entry=0x447f550",
        ] {
            assert!(quoted(text), "{text}");
        }
        let bare = |text| is_expression(&Value { text, before: "token = ", after: "" });
        for text in [
            "disk_key)",
            "Token.Tab):",
            "TEST_KEY1)",
            "json.loads(response.content)",
            "(base64.b64encode(credentials._key)",
            "signed_request.get(",
            "sudo.conf(5",
            "CRMFEncryptedKey*",
            "None,z",
            "s._password;break",
            "lambda:",
        ] {
            assert!(bare(text), "{text}");
        }
    }

    #[test]
    fn passwords_are_none() {
        for text in [
            "hX7#kq2Lw)",
            "P4ss(word",
            "a%20b%2Fc",
            "100%sure",
            "Tr0ub4dor&3",
            "kX9;vQ2m",
            "Sora*88",
            "ab.cd",
            "k;V8z!Wq3",
        ] {
            for before in ["password = ", "password = \""] {
                assert!(!is_expression(&Value { text, before, after: "" }), "{before}{text}");
            }
        }
        let mut random = specimen::Random::new();
        let printable = specimen::printable();
        let hits = |alphabet: &[u8], length, random: &mut specimen::Random| {
            (0..2000)
                .filter(|_| {
                    is_expression(&Value { text: &random.text(alphabet, length), before: "token = \"", after: "\"" })
                })
                .count()
        };
        assert!(hits(&printable, 16, &mut random) <= 20);
        assert!(hits(specimen::BASE64, 40, &mut random) == 0);
    }
}
