//! Values that a line end broke: a long token that fills its line, groups of digits.
//!
//! Joins only what hardly ever stands on two lines by itself. Prose, lists of numbers and columns
//! of a table stay as they are.

use std::ops::Range;

use super::rewrite::Rewriter;
use super::run::CLASS;
use super::{Kind, address, digits};

/// A line of so many bytes, half of them one token, was full; that the token goes on is then no
/// surprise.
const FULL_LINE: usize = 40;
/// One part of a token must have so many characters.
const MIN_TOKEN: usize = 20;
/// Lines longer than this were not broken to fit anything.
const MAX_LINE: usize = 1024;

/// What stands between the two halves of a value, and what belongs there instead.
pub(super) type Joint = (Range<usize>, &'static [u8]);

/// Characters of tokens: those of runs, and the dots that part them.
static TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = CLASS[b] != 0 || matches!(b as u8, b'.' | b'~');
        b += 1;
    }
    table
};

fn is_token(b: u8) -> bool {
    TOKEN[b as usize]
}

/// A line end with the lines on both sides.
pub(super) struct LineEnd<'a> {
    /// From the end of the line before to the beginning of the next, without the indentation,
    /// quote marks of a mail or comment signs that both begin with.
    pub(super) range: Range<usize>,
    pub(super) line: &'a [u8],
    pub(super) next: &'a [u8],
}

/// The line end at `at`, where a `\n` stands.
pub(super) fn line_end(text: &[u8], at: usize) -> Option<LineEnd<'_>> {
    let next = text.get(at + 1..)?;
    let end = at - text[..at].iter().rev().take(2).take_while(|b| matches!(b, b' ' | b'\r')).count();
    let line = &text[end.saturating_sub(MAX_LINE)..end];
    let line = &line[memchr::memrchr(b'\n', line).map_or(0, |i| i + 1)..];
    let own = line.iter().take(32).take_while(|b| matches!(b, b' ' | b'\t' | b'>' | b'#' | b'*' | b'|' | b'/')).count();
    let indent = |at: usize| next[at..].iter().take(32).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let prefix = if own > 0 && next.starts_with(&line[..own]) {
        own + indent(own)
    } else if line[..own].trim_ascii().is_empty() {
        indent(0)
    } else {
        // The end of a comment or a quotation is no break.
        return None;
    };
    Some(LineEnd { range: end..at + 1 + prefix, line: &line[own..], next: &next[prefix..] })
}

/// The joint of a token at the line end at `at`.
pub(super) fn token_joint(text: &[u8], at: usize) -> Option<Joint> {
    line_end(text, at).filter(|end| joins_token(end.line, end.next)).map(|end| (end.range, b"".as_slice()))
}

/// The line end before the token that begins at `start`, if nothing but indentation or quote marks
/// stands between.
pub(super) fn line_end_before(text: &[u8], start: usize) -> Option<usize> {
    let near = &text[start.saturating_sub(32)..start];
    let prefix = near.iter().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'>' | b'#' | b'*' | b'|')).count();
    let at = start.checked_sub(prefix + 1)?;
    (text[at] == b'\n').then_some(at)
}

/// The joint of digits at the line end at `at`.
pub(super) fn digit_joint(text: &[u8], at: usize) -> Option<Joint> {
    // Tables have a number at every line's end; a glance at both sides must do.
    let goes_on = text.get(at + 1..)?.iter().take(32).find(|b| !matches!(b, b' ' | b'\t' | b'>' | b'#' | b'*' | b'/'));
    if !goes_on.is_some_and(|b| b.is_ascii_digit() || *b == b'-') {
        return None;
    }
    let tail = text[..at].trim_ascii_end();
    let left = digits::before(tail)?;
    let end = line_end(text, at)?;
    let with = digits::joint(&left, end.next)?;
    Some((end.range, with))
}

/// Parts of one token of letters and digits: either a long one whose rest looks like more of it,
/// or a long one whose beginning looks like no word.
fn joins_token(line: &[u8], next: &[u8]) -> bool {
    let token = &line[line.len() - line.iter().rev().take(MAX_LINE).take_while(|b| is_token(**b)).count()..];
    let rest = &next[..next.iter().take(MAX_LINE).take_while(|b| is_token(**b)).count()];
    let after = next.get(rest.len());
    if token.len() < MIN_TOKEN {
        // `ghp_` is no word, `name=` is a name.
        let begun = token.len() >= 3 && token.iter().any(|b| b.is_ascii_digit() || matches!(b, b'_' | b'-'));
        let ended = token.ends_with(b"=") || token.ends_with(b".") || rest.contains(&b'=');
        return rest.len() >= MIN_TOKEN
            && begun
            && !ended
            && is_mixed(&rest[..MIN_TOKEN])
            && is_rest(rest, after, false);
    }
    let full = line.len() >= FULL_LINE && token.len() * 2 >= line.len();
    // Values one under another are a list.
    let list = rest.len() == token.len() && token.len() == line.len() && !full;
    rest.len() <= line.len()
        && !list
        && is_mixed(&token[token.len() - token.len().min(32)..])
        && is_rest(rest, after, full)
}

/// Letters and digits?
fn is_mixed(token: &[u8]) -> bool {
    token.iter().any(u8::is_ascii_digit) && token.iter().any(u8::is_ascii_alphabetic)
}

/// Is it the rest of a token, and no word or something of its own such as `key=…`, `https:`?
/// `full`: the line before had no room for it, so at a line's end it may be anything.
fn is_rest(rest: &[u8], after: Option<&u8>, full: bool) -> bool {
    let ends_line = matches!(after, None | Some(b'\r' | b'\n'));
    let mixed = rest.iter().any(u8::is_ascii_digit)
        || rest.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        || ends_line && rest.len() < 4 && rest.iter().any(u8::is_ascii_uppercase);
    let named = memchr::memchr(b'=', rest).is_some_and(|i| i + 3 < rest.len());
    rest.first().is_some_and(u8::is_ascii_alphanumeric)
        && (full && ends_line || mixed)
        && !named
        && !matches!(after, Some(b':' | b'(' | b'['))
}

/// Joins what line ends broke in a region.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    let mut found = None;
    let mut done = 0;
    for at in memchr::memchr_iter(b'\n', source) {
        let joint = digit_joint(source, at).or_else(|| address::joint(source, at)).or_else(|| token_joint(source, at));
        if let Some((range, with)) = joint.filter(|(range, _)| range.start >= done) {
            done = range.end;
            to.replace(range, with);
            found = Some(Kind::LineJoin);
        }
    }
    found
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
    fn broken_numbers_are_joined() {
        assert_eq!(joined("電話 090-1234-\n5678 まで"), "電話 090-1234-5678 まで");
        assert_eq!(joined("> tel 03-1234-\r\n> 5678"), "> tel 03-1234-5678");
        assert_eq!(joined("card 4929 6401\n  5023 4410 exp"), "card 4929 6401 5023 4410 exp");
        assert_eq!(joined("4929-6401-5023\n4410、"), "4929-6401-5023 4410、");
    }

    #[test]
    fn tables_and_lists_stay() {
        for text in [
            "2024,100\n2025,200\n",
            "2024-01-15\n100234,x\n",
            "1234 5678\n12\n",
            "see page 12-\n34 of 99",
            "id-1234\n5678\n",
            "x 1234 5678\nabcd\n",
        ] {
            assert_eq!(joined(text), text);
        }
    }

    #[test]
    fn a_token_that_fills_its_line_is_joined() {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkw";
        assert_eq!(joined(&format!("> {token}\n> IiwibmFtZSI6 end")), format!("> {token}IiwibmFtZSI6 end"));
        assert_eq!(
            joined(&format!("Authorization: Bearer {token}\r\n  Zz9")),
            format!("Authorization: Bearer {token}Zz9")
        );
    }

    #[test]
    fn lines_that_end_by_themselves_stay() {
        for text in [
            "KEY_ONE_IS_LONG=0123456789abcdef0123456789abcdef\nKEY_TWO=abc\n",
            "https://example.com/some/long/path/to/a/file-1234\nhttps://example.com/\n",
            "This sentence talks about internationalization2\nand goes on.\n",
            "short-token-1234567890\nabc\n",
            "// see https://example.com/some/long/path/issues/1234\nlet x1 = 5;\n",
            "fix: https://example.com/some/long/path/issues/1234\nand more\n",
        ] {
            assert_eq!(joined(text), text);
        }
    }
}
