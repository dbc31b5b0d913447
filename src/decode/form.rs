//! `+` for a blank in form data (HTML Standard §4.10.22.6, application/x-www-form-urlencoded).
//!
//! A plus sign has other meanings everywhere else, so it is read as a blank only in the value of a
//! `name=value` that stands in a query or beside others.

use std::ops::Range;

use super::Kind;
use super::rewrite::Rewriter;

/// A value before the sign is at most so long, in bytes.
const MAX_VALUE: usize = 512;

fn is_value(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'%' | b'+' | b'.' | b'_' | b'*' | b'-' | b'~')
}

/// Does the `+` at `at` stand in the value of a form's field?
fn is_blank(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(MAX_VALUE)..at];
    let value = before.iter().rev().take_while(|b| is_value(**b)).count();
    let (rest, value) = before.split_at(before.len() - value);
    let Some(rest) = rest.strip_suffix(b"=").filter(|_| !value.is_empty()) else { return false };
    let name = rest.iter().rev().take(64).take_while(|b| is_value(**b) || matches!(b, b'[' | b']')).count();
    let opened = matches!(rest[..rest.len() - name].last(), Some(b'&' | b'?'));
    let behind = text[at..].iter().take(MAX_VALUE).find(|b| !is_value(**b));
    let more = text.get(at + 1).is_some_and(|b| is_value(*b));
    name > 0 && more && (opened || behind == Some(&b'&'))
}

/// The place of the `+` at `at`, if it parts groups of digits in form data. All else is decoded
/// only where something is percent-encoded.
pub(super) fn at_sign(text: &[u8], at: usize) -> Option<Range<usize>> {
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    (digit(at.checked_sub(1)) && digit(at.checked_add(1)) && is_blank(text, at)).then_some(at..at + 1)
}

/// Makes blanks of the plus signs in a region.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    let mut found = None;
    for at in memchr::memchr_iter(b'+', source) {
        if is_blank(source, at) {
            to.replace(at..at + 1, b" ");
            found = Some(Kind::Percent);
        }
    }
    found
}
