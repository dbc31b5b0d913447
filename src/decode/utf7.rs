//! UTF-7 (RFC 2152), as old mail has it: `+ZeVnLIqe-` is 日本語, `+AEA-` is `@`.
//!
//! A plus sign and letters stand in many texts (and base64 is full of them), so a sequence
//! counts only if it decodes to a sign, or to letters of which most are Japanese.

use super::rewrite::Rewriter;
use super::run::{ALNUM, CLASS, STD, end_of};
use super::{Kind, base64};

/// Sequences longer than this many characters are none.
const MAX: usize = 1024;
/// Within other letters only a few signs can be encoded: `taro+AEA-example.com`.
const MAX_GLUED: usize = 12;

/// The length of the sequence at `at`, where a `+` stands. Calls `each` with its characters, and
/// may find only then that it is none.
fn sequence(text: &[u8], at: usize, mut each: impl FnMut(char)) -> Option<usize> {
    let glued = at.checked_sub(1).is_some_and(|i| CLASS[text[i] as usize] & (ALNUM | STD) != 0);
    let near = &text[..text.len().min(at + if glued { MAX_GLUED } else { MAX })];
    let end = end_of(near, at + 1, ALNUM | STD);
    let closed = text.get(end) == Some(&b'-');
    let digits = &text[at + 1..end];
    // Six unused bits would be a character too many.
    if digits.len() < 3 || digits.len() * 6 % 16 >= 6 || !(closed || !glued && digits.len() >= 8) {
        return None;
    }
    let (mut all, mut japanese, mut signs) = (0, 0, 0);
    let mut bits = 0_u32;
    let mut count = 0;
    let units = digits.iter().filter_map(|&digit| {
        bits = bits << 6 | u32::from((base64::CODE.value)(digit));
        count += 6;
        (count >= 16).then(|| {
            count -= 16;
            let unit = (bits >> count) as u16;
            bits &= (1 << count) - 1;
            unit
        })
    });
    for c in char::decode_utf16(units) {
        // An unpaired surrogate: it was no text.
        let c = c.ok()?;
        match c {
            '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FFEF}' => japanese += 1,
            '!'..='/' | ':'..='@' | '['..='`' | '{'..='~' => signs += 1,
            '\t' | '\n' | '\r' | ' '..='\u{2FFF}' => {}
            _ => return None,
        }
        all += 1;
        each(c);
    }
    let is_sign = closed && signs == all && all <= 4;
    let is_japanese = !glued && japanese * 2 > all;
    (bits == 0 && (is_sign || is_japanese)).then_some(end + usize::from(closed) - at)
}

/// The length of the sequence at `at`, where a `+` stands.
pub(super) fn length(text: &[u8], at: usize) -> Option<usize> {
    // Almost every plus sign is followed by a blank, a digit or another plus sign.
    text.get(at + 1).filter(|b| b.is_ascii_alphabetic() || **b == b'/')?;
    sequence(text, at, |_| ())
}

/// Decodes the sequences of a region.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    let mut found = None;
    let mut text = String::new();
    let mut done = 0;
    for at in memchr::memchr_iter(b'+', source) {
        if at < done {
            continue;
        }
        text.clear();
        if let Some(length) = sequence(source, at, |c| text.push(c)) {
            done = at + length;
            to.replace(at..done, text.as_bytes());
            found = Some(Kind::Utf7);
        }
    }
    found
}
