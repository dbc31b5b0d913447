//! String literals written in pieces: `"ghp_" + "…"`, adjacent literals, a line continued by a
//! backslash.
//!
//! Finds the joints between two pieces and removes them. Knows the operators of many languages
//! and parses none of them: a joint is a quote, perhaps an operator, and another quote.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::Kind;
use super::rewrite::Rewriter;

/// Blanks, line ends and operator between two pieces are at most so many bytes.
const MAX_JOINT: usize = 256;
/// So many further pieces are followed from a long one in either direction.
const MAX_PIECES: usize = 16;

/// What joins two literals: `+` Java, JavaScript, Python, C#…; `.` PHP, Perl; `..` Lua; `&` and
/// `& _` Visual Basic; `||` SQL; `<>` Elixir; `++` Haskell; `^` OCaml; `~` D; a backslash before a
/// line end. Longest first.
const OPERATORS: [&[u8]; 11] = [b"& _", b"++", b"||", b"<>", b"..", b"+", b".", b"&", b"^", b"~", b"\\"];

/// The length of the operator that `text` begins with.
fn operator(text: &[u8]) -> Option<usize> {
    let first = text.first()?;
    OPERATORS
        .iter()
        .find(|operator| operator.first() == Some(first) && text.starts_with(operator))
        .map(|operator| operator.len())
}

fn is_quote(b: u8) -> bool {
    matches!(b, b'"' | b'\'' | b'`')
}

/// Where the blanks and line ends from `at` on end.
fn skip_blank(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().take(MAX_JOINT).take_while(|b| b.is_ascii_whitespace()).count()
}

/// Where the blanks, line ends and comments from `at` on end.
fn skip_gap(text: &[u8], at: usize) -> usize {
    let most = text.len().min(at + MAX_JOINT);
    let mut now = skip_blank(text, at);
    while now < most {
        let rest = &text[now..most];
        let comment = match rest {
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map(|i| i + 2),
            [b'/', b'/', ..] | [b'-', b'-', b' ', ..] => memchr::memchr(b'\n', rest),
            [b'#', ..] if now > at => memchr::memchr(b'\n', rest),
            _ => None,
        };
        let Some(length) = comment else { break };
        now = skip_blank(text, now + length);
    }
    now
}

/// The length of a call that appends, which `rest` begins with: `.concat(`, `).append(`.
fn call(rest: &[u8]) -> Option<usize> {
    let closed = usize::from(rest.first() == Some(&b')'));
    let blank = rest[closed..].iter().take(64).take_while(|b| b.is_ascii_whitespace()).count();
    let at = closed + blank;
    [b".append(".as_slice(), b".Append(", b".concat(", b".push_str("]
        .iter()
        .find(|name| rest[at..].starts_with(name))
        .map(|name| at + name.len())
}

/// The length of a statement that appends, which `rest` begins with: `; key += `, `key .= `.
fn statement(rest: &[u8]) -> Option<usize> {
    let mut at = usize::from(rest.first() == Some(&b';'));
    at = skip_blank(rest, at);
    let name = rest[at..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_$.@".contains(b)).count();
    at = skip_blank(rest, at + name);
    let operator = rest.get(at..at + 2)?;
    // `<<` follows the literal itself, too.
    (matches!(operator, b"+=" | b".=") && name > 0 || operator == b"<<").then_some(at + 2)
}

/// The joint that begins with the closing quote at `close`: to behind the next opening quote.
/// `commas`: does it stand in the list of something that joins? Asked for where it matters only.
fn joint(text: &[u8], close: usize, commas: impl Fn() -> bool) -> Option<Range<usize>> {
    let quote = *text.get(close).filter(|b| is_quote(**b))?;
    if close.checked_sub(1).is_some_and(|i| text[i] == b'\\') {
        return None;
    }
    let mut at = skip_gap(text, close + 1);
    let rest = text.get(at..)?;
    let comma = || (rest.first() == Some(&b',') && commas()).then_some(1);
    let operator = call(rest).or_else(|| operator(rest)).or_else(comma).or_else(|| statement(rest));
    if let Some(length) = operator {
        at = skip_gap(text, at + length);
    } else if quote == b'`' {
        return None;
    }
    // Literals may have a letter or two before the quote: r"…", b'…', f"…", L"…", u8"…", @"…".
    let letters = text
        .get(at..)?
        .iter()
        .take(2)
        .take_while(|b| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'@' | b'$' | b'8'))
        .count();
    // Without blanks between, both pieces must be more than quotes.
    let touching = operator.is_none() && at == close + 1;
    at += letters;
    let opening = *text.get(at).filter(|b| is_quote(**b))?;
    // Three in a row begin something else; without an operator both pieces are quoted alike.
    let other = text.get(at + 1) == Some(&opening) || operator.is_none() && opening != quote;
    let joint = close..at + 1;
    if other || touching && (letters > 0 || !touches(text, &joint)) { None } else { Some(joint) }
}

/// `"ghp_""abc"` of a shell: letters and digits on both sides.
fn touches(text: &[u8], joint: &Range<usize>) -> bool {
    let solid = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    solid(joint.start.checked_sub(1).and_then(|i| text.get(i))) && solid(text.get(joint.end))
}

static JOINERS: LazyLock<[Finder<'static>; 4]> =
    LazyLock::new(|| ["join(", "concat!(", "concat(", "CONCAT("].map(Finder::new));

/// Is there something near `range` that joins the literals of a list: `"".join([…])`,
/// `[…].join("")`, `concat!(…)`? Where it stands, if so.
fn joiner(text: &[u8], range: &Range<usize>) -> Option<Range<usize>> {
    let from = range.start.saturating_sub(MAX_JOINT);
    let near = &text[from..text.len().min(range.end + MAX_JOINT)];
    JOINERS.iter().find_map(|name| name.find(near).map(|at| from + at..from + at + name.needle().len()))
}

/// The joint at the line end behind the backslash at `at`, within a literal or a word. The
/// indentation of the next line is no part of either.
fn continuation(text: &[u8], at: usize) -> Option<Range<usize>> {
    let end = match text.get(at + 1..)? {
        [b'\n', ..] => at + 2,
        [b'\r', b'\n', ..] => at + 3,
        _ => return None,
    };
    let indentation = text[end..].iter().take(MAX_JOINT).take_while(|b| matches!(b, b' ' | b'\t')).count();
    Some(at..end + indentation)
}

/// Can a value run across the joint? Not if a blank or bracket on either side shows running text or
/// code, unless there are digits in groups.
fn glues(text: &[u8], joint: &Range<usize>) -> bool {
    let before = joint.start.checked_sub(1).map(|i| text[i]);
    let after = text.get(joint.end).copied();
    let solid = |b: Option<u8>| {
        b.is_some_and(|b| !b.is_ascii() || b.is_ascii_alphanumeric() || b"_-+/=.@!#$%^*~?:".contains(&b))
    };
    let digit = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_digit());
    let grouped = |near: Option<u8>, far: Option<u8>| near == Some(b' ') && digit(far);
    solid(before) && solid(after)
        || digit(after) && grouped(before, joint.start.checked_sub(2).map(|i| text[i]))
        || digit(before) && grouped(after, text.get(joint.end + 1).copied())
}

/// The joint, worth following, at the operator at `at` (`+`, `&`).
pub(super) fn at_operator(text: &[u8], at: usize) -> Option<Range<usize>> {
    // Most operators stand between names.
    if !at.checked_sub(1).is_some_and(|i| text[i].is_ascii_whitespace() || is_quote(text[i])) {
        return None;
    }
    let near = &text[at.saturating_sub(MAX_JOINT)..at];
    let blank = near.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
    let close = at.checked_sub(blank + 1)?;
    joint(text, close, || false).filter(|joint| joint.contains(&at) && glues(text, joint))
}

/// The joint, worth following, at the backslash at `at`. Macros end their lines with a blank
/// before it.
pub(super) fn at_backslash(text: &[u8], at: usize) -> Option<Range<usize>> {
    continuation(text, at).filter(|joint| glues(text, joint))
}

/// The joints, worth following, behind and before the run of token characters at `run`, and those
/// of further pieces: from the first to the last.
pub(super) fn beside(text: &[u8], run: &Range<usize>) -> Option<Range<usize>> {
    let (before, after) = (run.start.checked_sub(1).map(|i| text[i]), text.get(run.end).copied());
    if !before.is_some_and(is_quote) && !after.is_some_and(|b| is_quote(b) || b == b'\\') {
        return None;
    }
    // An escaped line end may stand between: "MIIE…\n" +
    let mut close = run.end;
    while text.get(close) == Some(&b'\\') && close < run.end + 4 {
        close += 2;
    }
    let comma = |near: &[u8]| near.contains(&b',');
    let listed = comma(text.get(close..text.len().min(close + 4)).unwrap_or_default())
        || comma(&text[run.start.saturating_sub(16)..run.start]);
    let joiner = if listed { joiner(text, run) } else { None };
    let commas = joiner.is_some();
    let behind = joint(text, close, || commas).filter(|joint| glues(text, joint));
    let before =
        run.start.checked_sub(1).and_then(|open| joint_before(text, open, commas)).filter(|joint| glues(text, joint));
    let (first, last) = (before.clone().or(behind.clone())?, behind.or(before)?);
    let (mut start, mut end) = (first.start, last.end);
    for _ in 0..MAX_PIECES {
        let Some(open) = quote_before(text, start) else { break };
        let Some(joint) = joint_before(text, open, commas) else { break };
        start = joint.start;
    }
    for _ in 0..MAX_PIECES {
        let close = text[end..].iter().take(MAX_JOINT).position(|&b| is_quote(b));
        let Some(joint) = close.and_then(|close| joint(text, end + close, || commas)) else { break };
        end = joint.end;
    }
    // What joins them belongs to the region.
    if let Some(joiner) = joiner {
        (start, end) = (start.min(joiner.start), end.max(joiner.end));
    }
    Some(start..end)
}

/// The joint that ends with the opening quote at `open`.
fn joint_before(text: &[u8], open: usize, commas: bool) -> Option<Range<usize>> {
    is_quote(text[open])
        .then(|| quote_before(text, open))?
        .and_then(|close| joint(text, close, || commas))
        .filter(|joint| joint.end == open + 1)
}

/// The last quote before `at`, not far from it.
fn quote_before(text: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(MAX_JOINT);
    text[from..at].iter().rposition(|&b| is_quote(b)).map(|i| from + i)
}

/// Joins the pieces in a region.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    let mut found = None;
    let mut done = 0;
    let mut from = 0;
    let joins = OnceCell::new();
    let commas = || *joins.get_or_init(|| joiner(source, &(0..source.len())).is_some());
    while let Some(at) = next_sign(source, from) {
        from = at + 1;
        let joint = if source[at] == b'\\' { continuation(source, at) } else { joint(source, at, commas) };
        if let Some(joint) = joint.filter(|joint| joint.start >= done) {
            done = joint.end;
            from = joint.end;
            to.replace(joint, b"");
            found = Some(Kind::Concat);
        }
    }
    found
}

/// Quotes and the backslash.
static SIGNS: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'\'' as usize] = true;
    table[b'`' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

fn next_sign(text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.iter().position(|&b| SIGNS[b as usize]).map(|i| from + i)
}

#[cfg(test)]
mod tests {
    use super::super::rewrite::Draft;
    use super::*;

    fn joined(text: &str) -> String {
        let mut draft = Draft::default();
        let mut to = Rewriter::new(text.as_bytes(), &[], &mut draft);
        rewrite(text.as_bytes(), &mut to);
        if to.finish() { String::from_utf8_lossy(&draft.bytes).into_owned() } else { text.to_owned() }
    }

    #[test]
    fn pieces_are_joined_in_many_languages() {
        for text in [
            r#"k = "abc" + "def";"#,
            r#"k = "abc"+"def";"#,
            "k = \"abc\"\n      + \"def\";",
            "k = \"abc\" +\r\n      \"def\";",
            "k = \"abc\"\n    \"def\";",
            "k = \"abc\" \"def\";",
            "k = \"abc\" & _\n    \"def\";",
            "k = \"abc\" . \"def\";",
            "k = \"abc\" .. \"def\";",
            "k = \"abc\" || \"def\";",
            "k = \"abc\" <> \"def\";",
            "k = \"abc\" \\\n  \"def\";",
            "k = \"abc\\\ndef\";",
            "k = \"abc\\\r\n      def\";",
            r#"k = "abc" + r"def";"#,
            "k = \"abc\" + // the first\n  \"def\";",
            "k = \"abc\"  # the first\n  \"def\";",
            "k = \"abc\" /* and */ \"def\";",
            "k = \"abc\";\nk += \"def\";",
            "k = \"abc\";\n$k .= \"def\";",
            "k = \"abc\".concat(\"def\";",
            "k = \"abc\" << \"def\";",
            "k = \"abc\"\"def\";",
        ] {
            assert_eq!(joined(text), r#"k = "abcdef";"#, "{text}");
        }
    }

    #[test]
    fn what_is_no_joint_stays() {
        for text in [
            r#"f("abc", "def")"#,
            r#"{"a": "b"}"#,
            r#""abc" + name + "def""#,
            r#"say "" or 'x'"#,
            r#"a "" b"#,
            "'it' \"is\"",
            "\"\"\"doc\"\"\"\n\"\"\"doc\"\"\"",
            r#"x = "a" - "b""#,
            r#""a\" + \"b""#,
        ] {
            assert_eq!(joined(text), text);
        }
    }

    #[test]
    fn a_long_piece_leads_to_all_the_others() {
        let text = "k = 'ab' . 'ghp_' .\n 'abcdefghijklmnopqrst0123' .\n 'uvwx' . 'yz';";
        let run = text.find("abcdef").unwrap()..text.find("' .\n 'uvwx").unwrap();
        let joints = text.find("' . 'ghp").unwrap()..text.find("yz';").unwrap();
        assert_eq!(beside(text.as_bytes(), &run), Some(joints));
    }

    #[test]
    fn only_joints_within_a_value_are_worth_following() {
        let worth =
            |text: &str| text.bytes().position(|b| b == b'+').and_then(|at| at_operator(text.as_bytes(), at)).is_some();
        assert!(worth(r#""ghp_" + "abc""#));
        assert!(worth(r#""4929 6401 " + "5023 4410""#));
        assert!(worth(r#""山田" + "太郎""#));
        assert!(!worth(r#""The quick brown " + "fox""#));
        assert!(!worth(r#"a + b"#));
        assert!(!worth(r#""a" + b"#));
    }
}
