//! Values that stand for a value: `changeme`, `<your-token>`, `xxxxxxxx`, `ここに入力`.
//!
//! A candidate in; whether a person wrote it to be replaced, or to show a form, out. A password
//! that is merely bad (`summer`) is no placeholder.

use super::Outcome::{self, Doubts, Fits};
use super::Value;
use super::key::camel_words;

/// Words that make any value they are a part of a placeholder.
#[rustfmt::skip]
const STRONG: &[&str] = &[
    "example", "sample", "dummy", "fake", "changeme", "changeit", "placeholder", "todo", "fixme", "tbd",
    "redacted", "removed", "hidden", "masked", "replace", "replaceme", "replacewith", "insert", "your",
    "yours", "foobar", "lorem", "ipsum", "letmein", "deadbeef", "cafebabe", "somesecret", "notreal",
    "notasecret", "supersecret",
];

/// Words that make a placeholder of a value that has nothing else.
#[rustfmt::skip]
const WEAK: &[&str] = &[
    "a", "access", "account", "admin", "an", "anonymous", "any", "api", "app", "auth", "bar", "baz", "bearer", "change",
    "client", "code", "credential", "credentials", "database", "db", "default", "demo", "dev", "development",
    "empty", "enter", "false", "foo", "for", "fuga", "go", "goes", "guest", "here", "hoge", "hunter", "id",
    "in", "is", "it", "jwt", "key", "local", "login", "me", "my", "mysql", "name", "new", "nil", "no", "none",
    "not", "null", "of", "old", "or", "pass", "passphrase", "passwd", "password", "piyo", "please", "postgres",
    "private", "prod", "production", "pw", "pwd", "real", "redis", "root", "secret", "secrets", "set", "some",
    "staging", "string", "super", "temp", "test", "testing", "tests", "text", "the", "this", "to", "token",
    "true", "undefined", "unset", "update", "use", "user", "username", "value", "very", "vagrant", "with",
    "xxx",
];

/// The same in Japanese; any of them in a value says enough.
#[rustfmt::skip]
const JAPANESE: &[&str] = &[
    "ここに", "あなたの", "入力", "置き換え", "置換", "ダミー", "サンプル", "テスト", "任意", "省略", "例",
    "変更して", "パスワード", "暗証番号", "トークン", "秘密", "伏せ", "●", "＊", "×", "〇〇", "○○", "ＸＸ",
    "※", "□□", "■■",
];

/// Parts of credentials that vendors print in their documentation; in pieces of a token, so that
/// none stands whole in the repository.
const PUBLISHED: &[&str] = &[
    "EXAMPLEKEY",
    "4eC39HqLyjWDarjtT1zdp7dc",
    "BQokikJOvBiI2HlWgH4olfQ2",
    "16C7e42F292c6912E7710c838347Ae178B4a",
    "django-insecure-",
    "6LeIxAcTAAAAA",
    "258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
    "T00000000/B00000000",
    // The IETF's: RFC 5849, 6749, 6750 and 7617, copied into libraries and their tests.
    "2YotnFZFEjr1zCs",
    "tGzv3JOkF0XG5Qx",
    "mF_9.B5f-4.1JqM",
    "SlAV32hkKG",
    "gX1fBat3bV",
    "7Fjfp0ZBr1KtDRb",
    "kkk9d7dh3k39sjv7",
    "ad180jjd733klru7",
    "czZCaGRSa3F0Mzpn",
    "QWxhZGRpbjpvcGVu",
];

/// What keys of a keyboard or an alphabet are in order.
const ORDERS: &[&str] = &[
    "0123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "0123456789abcdef0123456789abcdef",
    "9876543210",
    "zaq12wsx",
];

/// `placeholder`: doubted where the value is one, wholly or in a clear part.
pub(super) fn placeholder(value: &Value<'_>) -> Outcome {
    if is_placeholder(value.text) { Doubts("placeholder") } else { Fits }
}

/// Whether the text is one, wholly or in a clear part.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    is_bracketed(text)
        || has_blank_run(text)
        || text.contains("...")
        || text.contains('…')
        || is_in_order(text)
        || is_periodic(text.as_bytes())
        || JAPANESE.iter().any(|word| text.contains(word))
        || PUBLISHED.iter().any(|part| text.contains(part))
        || has_strong_word(text)
        || is_made_of_words(text)
}

/// Whether there is nothing at all but what is to be filled in: `<token>`, `********`, `xxxxxxxx`.
pub(super) fn is_blank(text: &str) -> bool {
    let text = text.trim();
    let mut characters = text.chars();
    let first = characters.next();
    let is_run = first.is_some_and(|c| "xX*.#_-?●＊×".contains(c)) && characters.all(|c| Some(c) == first);
    is_bracketed(text) || is_run
}

/// `<token>`, `[token]`, `«token»` and nothing else; braces are references.
fn is_bracketed(text: &str) -> bool {
    [('<', '>'), ('[', ']'), ('«', '»'), ('＜', '＞'), ('【', '】')]
        .iter()
        .any(|&(open, close)| text.starts_with(open) && text.ends_with(close) && text.chars().count() > 1)
}

/// Four of the characters that people blank out with, or six of any, in a row.
fn has_blank_run(text: &str) -> bool {
    let mut last = None;
    let mut run = 0;
    text.chars().any(|c| {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        let is_blank = matches!(c, 'x' | 'X' | '*' | '.' | '•' | '…');
        run >= if is_blank { 4 } else { 6 }
    })
}

/// Whether at least two thirds of the text, and six characters of it, are keys or letters in order.
fn is_in_order(text: &str) -> bool {
    const LONGEST: usize = 128;
    if !text.is_ascii() || text.len() > LONGEST {
        return false;
    }
    let whole = text.to_ascii_lowercase();
    let (mut at, mut covered) = (0, 0);
    while at < whole.len() {
        let fits = |length: usize| ORDERS.iter().any(|order| order.contains(&whole[at..at + length]));
        let length = (1..=whole.len() - at).take_while(|&length| fits(length)).last().unwrap_or(1);
        if length >= 4 {
            covered += length;
        }
        at += length;
    }
    covered >= 6 && covered * 3 >= whole.len() * 2
}

/// Whether the text is one piece of up to four bytes again and again: `abcabcabc`.
fn is_periodic(text: &[u8]) -> bool {
    (1..=4).any(|period| text.len() >= period * 3 && text.iter().zip(&text[period..]).all(|(a, b)| a == b))
}

/// Whether a word that stands by itself (between signs, or by its case) is one of [`STRONG`].
fn has_strong_word(text: &str) -> bool {
    let is_strong = |word: &str| STRONG.iter().any(|s| s.eq_ignore_ascii_case(word));
    let mut runs = text.split(|c: char| !c.is_ascii_alphabetic());
    runs.any(|run| is_strong(run) || camel_words(run).any(is_strong))
}

/// Whether nothing is left of the text when words of both lists, signs and up to four digits at
/// the end are taken away; letters may be written as the digits that look like them.
fn is_made_of_words(text: &str) -> bool {
    const SHORTEST: usize = 3;
    const LONGEST: usize = 48;
    let text = text.trim_end_matches(|c: char| c.is_ascii_punctuation());
    let body = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if body.len() < SHORTEST || body.len() > LONGEST || text.len() - body.len() > 4 {
        return false;
    }
    // Both readings of the end: `test1` is test and a number, `passw0rd` is password.
    is_word_sequence(body) || is_word_sequence(text)
}

/// Whether the text is words of the lists and signs from beginning to end.
fn is_word_sequence(text: &str) -> bool {
    // Short words are found in anything once digits may be letters: `70!Dina` is no `to-id-in-a`.
    const LEET: usize = 4;
    is_sequence(text, |b| b.to_ascii_lowercase(), 1) || is_sequence(text, unleet, LEET)
}

/// The same for one reading of the characters, with words from a length on.
fn is_sequence(text: &str, read: fn(u8) -> u8, shortest: usize) -> bool {
    let plain: Vec<u8> = text.bytes().map(read).collect();
    // reached[i]: the first i bytes are words.
    let mut reached = vec![false; plain.len() + 1];
    reached[0] = true;
    for at in 0..plain.len() {
        if !reached[at] {
            continue;
        }
        if !text.as_bytes()[at].is_ascii_alphanumeric() && text.as_bytes()[at].is_ascii() {
            reached[at + 1] = true;
        }
        for word in STRONG.iter().chain(WEAK).filter(|word| word.len() >= shortest) {
            if plain[at..].starts_with(word.as_bytes()) {
                reached[at + word.len()] = true;
            }
        }
    }
    reached[plain.len()]
}

/// The lower-case letter that a digit or sign is written for.
fn unleet(b: u8) -> u8 {
    match b {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        _ => b.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    #[test]
    fn placeholders() {
        for text in [
            "changeme",
            "CHANGE_ME",
            "change-it",
            "your-api-key",
            "YOUR_TOKEN_HERE",
            "<token>",
            "[secret]",
            "xxxx",
            "XXXXXXXXXXXX",
            "sk-xxxxxxxxxxxxxxxx",
            "********",
            "....",
            "--------",
            "password",
            "Password123",
            "passw0rd",
            "P@ssw0rd!",
            "p@$$w0rd",
            "mysecretpassword",
            "my-secret-token",
            "test",
            "test1234",
            "testpassword",
            "secret",
            "none",
            "null",
            "undefined",
            "default",
            "example",
            "EXAMPLE_KEY_123",
            "thisIsAnExample",
            "dummy-value",
            "insert_token_here",
            "hunter2",
            "123456",
            "12345678",
            "1234567890abcdef",
            "abcdef",
            "abcdefghijklmnop",
            "qwerty",
            "qwertyuiop",
            "1qaz2wsx",
            "abcabcabc",
            "deadbeefdeadbeef",
            "00000000",
            "ffffffffffff",
            "0123456789abcdef0123456789abcdef",
            "foobar",
            "hoge",
            "hogefuga",
            "admin",
            "root",
            "postgres",
            "ここにパスワードを入力",
            "ダミー",
            "サンプル値",
            "●●●●",
            "＊＊＊＊",
            "〇〇〇〇",
            "xoxb-your-token",
            "django-insecure-#8f$k2",
            "supersecret",
            "a_very_secret_value",
            "replace_with_real_token",
            "REDACTED",
            "AJAvW039NO1n...",
            "-anonymous@",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn values_of_their_own() {
        for text in [
            "",
            "a",
            "hX7#kq2Lw",
            "correct horse battery staple",
            "Tanaka1980!",
            "sakura0401",
            "monkey",
            "Tr0ub4dor&3",
            "s3cur1tyTeam",
            "testament99",
            "9f86d081884c7d659a2feaa0c55ad015",
            "Xk29fLq0pZ7vBn4m",
            "kawasaki-line",
            "Winter2024!",
            "12ab34cd56ef",
            "70!Dina",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn random_values_are_none() {
        let mut random = specimen::Random::new();
        let printable = specimen::printable();
        for (alphabet, length) in
            [(specimen::HEX, 32), (specimen::HEX, 64), (specimen::BASE62, 16), (specimen::BASE62, 64), (&printable, 12)]
        {
            let hits = (0..2000).filter(|_| is_placeholder(&random.text(alphabet, length))).count();
            assert!(hits <= 2, "{} x{length}: {hits} of 2000", alphabet.len());
        }
    }
}
