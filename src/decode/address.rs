//! An e-mail address that a line end broke in or before its domain.
//!
//! A line end in, the joint out. What is broken before that is an address already.

use std::ops::Range;

use super::line_join::{Joint, line_end};

/// Domains are at most so long (RFC 1035 §2.3.4), in bytes.
const MAX: usize = 255;

fn is_domain(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')
}

fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-')
}

/// The joint at the line end at `at`, if it breaks an address.
pub(super) fn joint(text: &[u8], at: usize) -> Option<Joint> {
    let end = line_end(text, at)?;
    let (line, next) = (end.line, end.next);
    let tail = &line[line.len() - line.iter().rev().take(MAX).take_while(|b| is_domain(b)).count()..];
    let before = &line[..line.len() - tail.len()];
    let (begun, rest) = match (before, next) {
        // `taro@exam` and `ple.com`.
        ([.., local, b'@'], _) if is_local(*local) => (tail, next),
        // `taro` and `@example.com`: a word that is no word of a sentence, or code would be full of it.
        (_, [b'@', rest @ ..]) if line.last().is_some_and(|b| is_local(*b)) => (b"".as_slice(), rest),
        _ => return None,
    };
    let rest = &rest[..rest.iter().take(MAX).take_while(|b| is_domain(b)).count()];
    let after = next.get(next.len().min(rest.len() + usize::from(next.starts_with(b"@"))));
    let closed = after.is_none_or(|b| !matches!(b, b'(' | b'=' | b'/' | b':' | b'_' | b'@'));
    let rest = rest.strip_suffix(b".").unwrap_or(rest);
    let domain = [begun, rest].concat();
    (closed && !rest.is_empty() && !is_whole(begun) && is_whole(&domain)).then_some((end.range, b""))
}

/// The line ends near the `@` at `at` that may break an address.
pub(super) fn line_ends(text: &[u8], at: usize) -> Option<Range<usize>> {
    let behind = text.get(at + 1..)?;
    let domain = behind.iter().take(MAX).take_while(|b| is_domain(b)).count();
    let end = at + 1 + domain;
    let newline = end + text[end..].iter().take(2).take_while(|b| matches!(b, b' ' | b'\r')).count();
    let near = &text[at.saturating_sub(32)..at];
    let prefix = near.iter().rev().take_while(|b| matches!(b, b' ' | b'\t' | b'>')).count();
    if text.get(newline) == Some(&b'\n') && joint(text, newline).is_some() {
        return Some(at..newline + 2);
    }
    let before = at.checked_sub(prefix + 1).filter(|&before| text[before] == b'\n')?;
    joint(text, before).map(|(range, _)| range.start..end)
}

/// Is it a whole domain: labels, and a top-level one of two or more letters?
fn is_whole(domain: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', domain) else { return false };
    let (labels, top) = (&domain[..dot], &domain[dot + 1..]);
    (2..=24).contains(&top.len())
        && top.iter().all(u8::is_ascii_lowercase)
        && labels.split(|b| *b == b'.').all(|label| !label.is_empty() && !label.starts_with(b"-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joins(text: &str) -> bool {
        text.find('\n').is_some_and(|at| joint(text.as_bytes(), at).is_some())
    }

    #[test]
    fn an_address_broken_in_its_domain_is_joined() {
        for text in [
            "to taro\n@mail.example.jp, please",
            "to taro@\nmail.example.jp please",
            "to taro@mail.e\r\nxample.jp.",
            "> to taro@mail.example.\n> jp\n",
            "taro@mail.example.j\np",
        ] {
            assert!(joins(text), "{text}");
        }
    }

    #[test]
    fn what_is_whole_or_no_address_stays() {
        for text in [
            "to taro@example.jp\nthanks",
            "ask @alice\nor read notes.txt",
            "    }\n    @Override\n",
            "end\n@app.route('/')\n",
            "a@b\nc d",
        ] {
            assert!(!joins(text), "{text}");
        }
    }
}
