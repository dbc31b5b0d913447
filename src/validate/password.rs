//! The judgement of what is assigned to a key like `password`, `secret` or `token`.
//!
//! A value, the key before it and what follows in; whether a program or a person would log in with
//! it out. Combines the other general checks in the order in which they settle the matter.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::entropy::is_random;
use super::expression::is_expression;
use super::identifier::identifier_like;
use super::key::last_key;
use super::placeholder::{is_blank, is_placeholder};
use super::reference::{is_quoted, is_reference};
use super::words::{has_humps, has_words, likeness};

/// Shorter values are names of variables and abbreviations, in characters.
const SHORTEST: usize = 4;

/// From here on people do not make them up by themselves, in characters.
const MACHINE_MADE: usize = 16;

/// Words of sentences. Two of them and a text is one.
#[rustfmt::skip]
const FUNCTION_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "cannot", "do", "does", "enter", "for", "from",
    "has", "have", "if", "in", "invalid", "is", "it", "must", "not", "of", "on", "or", "password", "passwords",
    "please", "should", "that", "the", "this", "to", "was", "will", "with", "you", "your",
];

/// `password`: references, code, prose, identifiers and blanks are rejected; placeholders and weak values
/// doubted; `random-value` proves what a machine made, `mixed-classes` what has three classes of
/// characters and at least eight of them, as password rules ask for.
pub(super) fn password(value: &Value<'_>) -> Outcome {
    let value = &unquoted(value);
    let text = value.text.trim();
    let length = text.chars().count();
    let is_about = last_key(value.before).is_some_and(|key| key.is_about());
    if length < SHORTEST || is_about || is_binary(text) || is_test_report(value) || is_reference(value) {
        return Rejects;
    }
    if is_prose(text) {
        return Rejects;
    }
    if is_expression(value) {
        return Doubts("reference");
    }
    if is_blank(text) {
        return Rejects;
    }
    if is_placeholder(text) {
        return Doubts("placeholder");
    }
    if let Some(decoded) = percent_decoded(text) {
        // What an address has to write so is judged by what it says.
        // `Kuta%28` is no `Kuta(`: only what reads better decoded was encoded.
        if let outcome @ Doubts("placeholder" | "words") = password(&Value { text: &decoded, ..*value }) {
            return outcome;
        }
    }
    if is_interface_text(text) || is_version(text) || is_colour(text) {
        return Rejects;
    }
    match identifier_like(value) {
        Fits => {}
        outcome => return outcome,
    }
    if is_machine_made(text) && !is_slug(text) {
        return Proves("random-value");
    }
    if is_compound(text) || speaks_of_itself(text) || (text.contains(char::is_whitespace) && !may_have_blanks(value)) {
        return Doubts("words");
    }
    match (classes(text), length) {
        _ if is_date(text) => Doubts("weak"),
        _ if is_slug(text) => Fits,
        (3.., 8..) => Proves("mixed-classes"),
        (0..=1, ..12) | (_, ..6) => Doubts("weak"),
        (_, ..16) if is_one_word(text.trim_end_matches(['.', ',', ';', ':'])) => Doubts("weak"),
        _ => Fits,
    }
}

/// The value without quotation marks that were captured with it.
fn unquoted<'a>(value: &Value<'a>) -> Value<'a> {
    if is_quoted(value) {
        return *value;
    }
    for quote in ['"', '\'', '`'] {
        let inner = value.text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
        // One quotation mark in front is what marks a text.
        if let Some(text) = inner {
            return Value { text, before: "\"", ..*value };
        }
    }
    *value
}

/// The text without its percent-encoding (RFC 3986, 2.1), if it has any.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    (bytes.len() < text.len()).then(|| String::from_utf8(bytes).ok()).flatten()
}

/// Whether bytes of a program lie in it, as where a pattern has matched in an executable.
fn is_binary(text: &str) -> bool {
    text.contains(|c: char| c == '\u{FFFD}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r')))
}

/// Whether the text is for people to read: Japanese, Chinese or Korean, or words with accents and
/// no digit.
fn is_interface_text(text: &str) -> bool {
    let is_asian = |c: char| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}');
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    text.contains(is_asian) || (!has_digit && text.contains(|c: char| !c.is_ascii() && c.is_alphabetic()))
}

/// Whether the text is a sentence or a piece of one. A passphrase is words without any between.
fn is_prose(text: &str) -> bool {
    let words = || text.split_whitespace().map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()));
    let count = words().count();
    let is_function = |word: &str| FUNCTION_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word));
    let functions = words().filter(|word| is_function(word)).count();
    count >= 3 && (functions >= 2 || functions * 4 >= count) || (count == 2 && functions > 0 && has_words(text))
}

/// Whether a generator made it: long, spread over its alphabet as random text is, and no words.
pub(super) fn is_machine_made(text: &str) -> bool {
    let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let has_letter = text.contains(|c: char| c.is_ascii_alphabetic());
    let length = text.len();
    // Words begin to show in what is left when hexadecimal digits have none.
    let is_wordless = if is_hex { has_digit } else { !has_words(text) && likeness(text) * 4 < length as i32 };
    length >= MACHINE_MADE
        && has_letter
        && (has_digit || classes(text) >= 2)
        && !text.contains(char::is_whitespace)
        && is_wordless
        && is_random(text)
}

/// How many of the four classes of characters there are: upper, lower, digits, everything else.
fn classes(text: &str) -> usize {
    let has = |class: fn(char) -> bool| usize::from(text.contains(class));
    has(|c| c.is_uppercase())
        + has(|c| c.is_lowercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_alphanumeric() && !c.is_whitespace())
}

/// Whether the text is words joined by one sign, as names of things are: `access-token-name`,
/// `users/profile`, `AdminUserToken`.
fn is_compound(text: &str) -> bool {
    // `gs_host`, `s3_port`: only names have this sign, and no number worth guessing.
    let is_short = |part: &str| {
        part.trim_end_matches(|c: char| c.is_ascii_digit()).bytes().all(|b| b.is_ascii_lowercase())
            && part.bytes().filter(u8::is_ascii_digit).count() <= 1
            && part.len() >= 2
    };
    if text.contains('_') && text.split('_').all(is_short) {
        return true;
    }
    let is_plain = text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | '.' | '/' | ':'));
    is_plain && has_words(text) && (text.contains(['-', '_', '.', '/', ':']) || has_humps(text))
}

/// Words of which names of secrets are made; within a value they say that it is such a name.
#[rustfmt::skip]
const VOCABULARY: &[&str] = &[
    "password", "passwd", "passphrase", "secret", "token", "credential", "apikey", "api_key", "api-key",
    "accesskey", "access_key", "access-key", "privatekey", "private_key", "private-key", "encryption", "oauth",
];

/// Whether the text is the name of a secret and none itself: `gs_oauth2_refresh_token`,
/// `V1SecretProjection`. A part that a machine made speaks for itself.
fn speaks_of_itself(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '=' | ' ');
    let lower = text.to_ascii_lowercase();
    text.chars().all(is_part)
        && VOCABULARY.iter().any(|word| lower.contains(word))
        && !text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_machine_made)
}

/// Whether the key is one for which people make up values of several words.
fn may_have_blanks(value: &Value<'_>) -> bool {
    const KEYS: &[&str] = &["password", "passwd", "passphrase", "pass", "pw", "mnemonic", "phrase"];
    last_key(value.before).is_none_or(|key| key.speaks_of(KEYS))
}

/// Whether the text is a name in lower case with numbers, as machines and files have: `web-server-01`,
/// `eu-west-1`. People make up passwords of this kind, but other things more often.
fn is_slug(text: &str) -> bool {
    let is_part = |part: &str| {
        let digits = part.bytes().rev().take_while(u8::is_ascii_digit).count();
        let is_word = part.bytes().take(part.len() - digits).all(|b| b.is_ascii_lowercase());
        part.len() <= 3 || (is_word && digits <= 6)
    };
    let is_plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_./".contains(&b));
    is_plain && text.contains(['-', '_', '.', '/']) && text.split(['-', '_', '.', '/']).all(is_part)
}

/// Whether the line is a test's result: `PASS: name`.
fn is_test_report(value: &Value<'_>) -> bool {
    value.before.trim() == "PASS:" && !is_quoted(value)
}

/// Numbers and dots as versions and addresses have them, perhaps behind `v`, `^`, `~` or `>=`.
fn is_version(text: &str) -> bool {
    let rest = text.trim_start_matches(['v', '^', '~', '>', '<', '=', ' ']);
    // `T1098.001`: entries of catalogues are numbered so.
    let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    rest.contains('.') && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ':'))
}

/// Digits and the signs of dates and times.
fn is_date(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | ':' | ' ' | 'T' | 'Z');
    text.contains(['-', '/', ':']) && text.chars().all(is_part)
}

/// `#08547A`, perhaps behind words of a style: `bold #08547A`.
fn is_colour(text: &str) -> bool {
    let is_number = |word: &str| {
        let digits = word.strip_prefix('#').unwrap_or_default();
        matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    };
    text.rsplit(' ').next().is_some_and(is_number) || text.split_once(' ').is_some_and(|(word, _)| is_number(word))
}

/// One word in one case, its first letter perhaps a capital.
fn is_one_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphabetic())
        && (text.bytes().skip(1).all(|b| b.is_ascii_lowercase()) || text.bytes().all(|b| b.is_ascii_uppercase()))
        && likeness(text) > 0
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    fn at(before: &str, text: &str, after: &str) -> Outcome {
        password(&Value { text, before, after })
    }

    fn quoted(text: &str) -> Outcome {
        at("password = \"", text, "\"")
    }

    #[test]
    fn what_a_machine_made() {
        let mut random = specimen::Random::new();
        for (alphabet, length) in [
            (specimen::HEX, 32),
            (specimen::HEX, 64),
            (specimen::BASE36, 24),
            (specimen::BASE62, 20),
            (specimen::BASE62, 40),
            (specimen::BASE64, 40),
        ] {
            let proofs = |before: &str, after: &str, random: &mut specimen::Random| {
                (0..1000)
                    .filter(|_| at(before, &random.text(alphabet, length), after) == Proves("random-value"))
                    .count()
            };
            let (texts, bare) = (proofs("token: \"", "\"", &mut random), proofs("TOKEN=", "", &mut random));
            assert!(texts >= 950 && bare >= 950, "{} x{length}: {texts} and {bare} of 1000", alphabet.len());
        }
    }

    #[test]
    fn what_people_make_up() {
        for text in ["Summer2024!", "hX7#kq2Lw", "Tr0ub4dor&3", "Kensho-0401", "kakushi#2Pw", "Tanaka1980"] {
            assert_eq!(quoted(text), Proves("mixed-classes"), "{text}");
            assert_eq!(at("DB_PASSWORD=", text, ""), Proves("mixed-classes"), "{text}");
        }
        for text in ["sakura0401", "web-server-01", "correct horse battery staple", "hanako#kensho", "db2pw!"] {
            assert_eq!(quoted(text), Fits, "{text}");
        }
        for text in ["monkey", "Sunshine", "849201", "2024-01-01", "Ab1!", "aB1#x"] {
            assert_eq!(quoted(text), Doubts("weak"), "{text}");
        }
        for text in ["<password>", "********", "xxxxxxxx", "[token]"] {
            assert_eq!(quoted(text), Rejects, "{text}");
        }
        for text in ["changeme", "P@ssw0rd", "ここにパスワードを入力", "test1234"] {
            assert_eq!(quoted(text), Doubts("placeholder"), "{text}");
        }
        for text in [
            "oauth-client-scope",
            "AdminServiceUser",
            "gs_oauth2_refresh_token",
            "V1SecretProjection",
            "s3_port",
            "myselfmanagedtestsecret-123456",
        ] {
            assert_eq!(quoted(text), Doubts("words"), "{text}");
        }
    }

    #[test]
    fn what_is_no_password() {
        for text in [
            "Please enter your password",
            "The password is invalid.",
            "Invalid password",
            "新しい合言葉",
            "Contraseña",
            "${DB_PASSWORD}",
            "abc",
            "",
            "https://acme.com/reset",
            "^7.1.2",
            "192.168.0.1",
            "bold #08547A",
            "sha256:9f86d081884c7d659a2feaa0c55ad015",
        ] {
            assert_eq!(quoted(text), Rejects, "{text}");
        }
        assert_eq!(at("token = \"", "Refresh access now 7", "\""), Doubts("words"));
        assert_eq!(at("--password ", "respectively,", " "), Doubts("weak"));
        assert_eq!(quoted("secret%3Dpassword"), Doubts("placeholder"));
        for text in ["\u{0}Renderer url=", "H\u{FFFD}\u{8}aB3$x"] {
            assert_eq!(quoted(text), Rejects, "{text}");
        }
        for text in ["getPassword()", "user.password", "null", "os.environ['X']", "dbPassword", "str"] {
            assert_eq!(at("password = ", text, ""), Rejects, "{text}");
        }
        for key in ["password_length = ", "tokenType: ", "\"secret_name\": \"", "primary_key = ", "client_id: "] {
            assert_eq!(at(key, "hX7#kq2LwPz", ""), Rejects, "{key}");
        }
        assert_eq!(at("PASS: ", "pr20244-4a", ""), Rejects);
        assert_eq!(at("password: ", "gas/i386/pr29483", ""), Rejects);
        assert_eq!(at("password = ", "\"hX7#kq2L\"", ""), Proves("mixed-classes"));
        assert_eq!(at("token = ", "7d444840-9dc0-11d1-b245-5ffdce74fad2", ""), Doubts("uuid"));
    }
}
