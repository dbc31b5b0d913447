//! Passwords that a text states: `パスワード：…`, `PW: …`, `the password is …`.
//!
//! In Japan an encrypted attachment comes in one mail and its password in the next. Text in,
//! candidates out; whether one is right shows only where something opens, so that a candidate too
//! many costs a try and nothing else. Nothing is guessed that does not stand in the text.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// Shortest and longest password, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 4..=64;
/// Lines behind a statement without a value, in which the value may stand alone.
const LINES_AFTER: usize = 8;
/// Longest line that is looked at, in bytes: people write short ones.
const LONGEST_LINE: usize = 1000;

/// What announces a password. Alone the short ones are too common: they need a separator.
const WORDS: [&str; 13] = [
    "パスワード",
    "ぱすわーど",
    "パスコード",
    "暗証番号",
    "解凍キー",
    "パス",
    "password",
    "passphrase",
    "passcode",
    "passwd",
    "pass",
    "pwd",
    "pw",
];
const SHORT: [&str; 4] = ["パス", "pass", "pwd", "pw"];

static ANNOUNCED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasickBuilder::new();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(WORDS).ok()
});

/// Calls `each` with every candidate, in the order of the text.
pub fn stated(text: &str, each: &mut dyn FnMut(&str)) {
    let Some(words) = &*ANNOUNCED else { return };
    if !words.is_match(text) {
        return;
    }
    let text = without_tags(text);
    let lines = text.lines().filter(|line| line.len() <= LONGEST_LINE);
    // Lines that are left in which a value may stand alone.
    let mut waiting = 0;
    for line in lines {
        let mut announced = false;
        for word in words.find_iter(line) {
            let short = SHORT.contains(&WORDS[word.pattern().as_usize()]);
            if is_part_of_word(line, word.range()) {
                continue;
            }
            match value(&line[word.end()..], short) {
                Some(value) => {
                    candidates(value, each);
                    // `は下記のとおりです`: it comes yet.
                    announced |= !value.contains(|c: char| c.is_ascii_alphanumeric());
                }
                None => announced |= !short || line[word.end()..].trim_matches([' ', ':', '=', '：', '＝']).is_empty(),
            }
        }
        if announced {
            waiting = LINES_AFTER;
        } else if waiting > 0 {
            waiting -= 1;
            if let Some(value) = alone(line) {
                candidates(value, each);
            }
        }
    }
}

/// Is the word only part of a longer ASCII word (`passenger`, `pwd` in a path)?
fn is_part_of_word(line: &str, word: std::ops::Range<usize>) -> bool {
    let bytes = line.as_bytes();
    let letter = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphabetic);
    letter(bytes.get(word.end)) && bytes[word.end - 1].is_ascii_alphabetic()
        || word.start > 0 && letter(bytes.get(word.start)) && letter(bytes.get(word.start - 1))
}

/// The value behind an announcing word, on the same line.
fn value(after: &str, short: bool) -> Option<&str> {
    // What may stand between: `(解凍用)`, `は`, `is`, separators, in any order.
    let mut rest = after.trim_start();
    let mut separated = false;
    loop {
        let before = rest;
        if let Some(more) = rest.strip_prefix(['(', '[', '（']) {
            // A remark in brackets, unless it is the value itself.
            if let Some((remark, more)) = more.split_once([')', ']', '）'])
                && (!remark.is_ascii() || more.trim_start().starts_with([':', '：', '=', '＝', '→', '⇒', 'は']))
            {
                rest = more;
            }
        }
        for word in [
            "は",
            "が",
            "を",
            "について",
            "以下",
            "次",
            "の通り",
            "のとおり",
            "です",
            "になります",
            "となります",
            "、",
            "。",
            "is",
            "will be",
            "for",
        ] {
            if let Some(more) = rest.strip_prefix(word) {
                rest = more;
                separated |= matches!(word, "は" | "is");
            }
        }
        for mark in [":", "：", "=", "＝", "→", "⇒", "->", "=>", "-", "|", "\t", "…", "・", ","] {
            if let Some(more) = rest.strip_prefix(mark) {
                rest = more;
                separated = true;
            }
        }
        rest = rest.trim_start();
        if rest == before {
            break;
        }
    }
    let quoted = quoted(rest);
    match quoted {
        Some(value) => Some(value),
        // Prose goes on where nothing separates.
        None if separated && (!short || rest.starts_with(|c: char| c.is_ascii_graphic())) => {
            let token = token(rest);
            (!token.is_empty()).then_some(token)
        }
        // `password for the attached file is: …`, where the word is no part of some setting.
        None if !short => further(after),
        None => None,
    }
}

/// The value behind the first separator of the line, unless that is far.
fn further(after: &str) -> Option<&str> {
    const SEPARATORS: [&str; 7] = [":", "：", "=", "＝", "→", "⇒", " is "];
    const FAR: usize = 80;
    let ends = SEPARATORS.iter().filter_map(|separator| after.find(separator).map(|at| at + separator.len()));
    let rest = after[ends.min().filter(|end| *end <= FAR)?..].trim_start_matches([' ', ':', '：', '\t']);
    quoted(rest).or_else(|| Some(token(rest)).filter(|value| !value.is_empty()))
}

/// The content of quotation marks or brackets at the beginning.
fn quoted(text: &str) -> Option<&str> {
    const MARKS: [(char, char); 11] = [
        ('「', '」'),
        ('『', '』'),
        ('【', '】'),
        ('“', '”'),
        ('‘', '’'),
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('<', '>'),
        ('[', ']'),
        ('(', ')'),
    ];
    let first = text.chars().next()?;
    let (_, close) = MARKS.iter().find(|(open, _)| *open == first)?;
    let rest = &text[first.len_utf8()..];
    let value = &rest[..rest.find(*close)?];
    (!value.is_empty()).then_some(value)
}

/// What stands up to the next space or Japanese punctuation.
fn token(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "。、」』】".contains(c)).unwrap_or(text.len());
    &text[..end]
}

/// The value on a line that has nothing else.
fn alone(line: &str) -> Option<&str> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || ">|*#_■◆●・=-:".contains(c));
    let value = quoted(line).unwrap_or(line);
    let plain = value.chars().all(|c| c.is_ascii_graphic());
    (plain && value.contains(|c: char| c.is_ascii_alphanumeric())).then_some(value)
}

/// A value as it stands, and without what a sentence puts behind it.
fn candidates(value: &str, each: &mut dyn FnMut(&str)) {
    let mut told = |value: &str| {
        if LENGTH.contains(&value.chars().count()) {
            each(value);
        }
    };
    let value = value.trim();
    told(value);
    // `abc123です`: the password ends where Japanese begins.
    let ascii = value.find(|c: char| !c.is_ascii()).map_or(value, |end| &value[..end]);
    if ascii != value {
        told(ascii);
    }
    let bare = ascii.trim_end_matches(['.', ',', ';', ')', '"', '\'']);
    if bare != ascii {
        told(bare);
    }
}

/// A web page's text: tags gone, those that end a line as line ends, the commonest entities
/// resolved.
fn without_tags(text: &str) -> Cow<'_, str> {
    const LONGEST_TAG: usize = 1000;
    if !text.contains("</") && !text.contains("<br") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let tag = rest[at + 1..].find('>').filter(|length| *length <= LONGEST_TAG);
        let Some(length) = tag.filter(|_| rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
        else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        out.push_str(&rest[..at]);
        let name = rest[at + 1..at + 1 + length].trim_start_matches('/').to_ascii_lowercase();
        if ["br", "p", "div", "tr", "td", "th", "li", "h"].iter().any(|ends| name.starts_with(ends)) {
            out.push('\n');
        }
        rest = &rest[at + length + 2..];
    }
    out.push_str(rest);
    Cow::Owned(out.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        stated(text, &mut |value| found.push(value.to_owned()));
        found
    }

    #[test]
    fn statements_as_people_write_them() {
        for text in [
            "パスワードは「Xy7#kL2p」です。",
            "パスワード:Xy7#kL2p",
            "パスワード : Xy7#kL2p",
            "解凍パスワードは Xy7#kL2p です",
            "パスワードはXy7#kL2pです。",
            "解凍用パスワード(zip) → Xy7#kL2p",
            "【パスワード】Xy7#kL2p\nパスワード【Xy7#kL2p】",
            "PW: Xy7#kL2p",
            "pass=Xy7#kL2p",
            "The password is Xy7#kL2p.",
            "The password for the attached file is: \"Xy7#kL2p\"",
            "Zip password: Xy7#kL2p",
            "パスワードは以下の通りです。\n\n  Xy7#kL2p\n\nよろしくお願いいたします。",
            "先ほどの添付ファイルのパスワードをお送りします。\r\n\r\nXy7#kL2p\r\n",
            "パスワード:\n「Xy7#kL2p」",
            "> パスワード: Xy7#kL2p",
            "<p>パスワード：</p><p><b>Xy7#kL2p</b></p>",
            "<td>パスワード:&nbsp;Xy7#kL2p</td>",
            "パスワードは下記です\n■ Xy7#kL2p",
            "パスワードは下記のとおりです。\n\nXy7#kL2p",
            "パスワードにつきましては、次のとおりでございます。\nXy7#kL2p",
        ] {
            assert!(all(text).iter().any(|value| value == "Xy7#kL2p"), "{text}: {:?}", all(text));
        }
    }

    #[test]
    fn prose_states_nothing() {
        for text in [
            "",
            "passenger: Yamada Taro",
            "パスワードを忘れた場合は管理者へ",
            "the bypass: was built in 1998",
            "compass",
        ] {
            assert_eq!(all(text), [""; 0], "{text}");
        }
        // Too short and too long.
        assert_eq!(all("password: abc"), [""; 0]);
        assert_eq!(all(&format!("password: {}", "a".repeat(65))), [""; 0]);
    }

    #[test]
    fn any_text_is_bounded() {
        assert!(all(&"password: abcd1234 <b".repeat(1000)).len() <= 3000);
        all(&"<".repeat(100_000));
        all(&"「パスワード".repeat(1000));
    }
}
