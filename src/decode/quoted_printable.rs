//! Quoted-printable (RFC 2045 §6.7): `=E3=81=82`, and a line that goes on after `=`.
//!
//! An equals sign and two digits stand in many texts, so nothing is decoded without evidence:
//! a soft line break, an encoded equals sign or shift, or three encoded bytes in a row.

use std::ops::Range;

use super::rewrite::Rewriter;
use super::run::{ALNUM, CLASS, HEX, STD, URL};
use super::{Kind, Unit, hex};

/// Encoders break lines so that they have 76 characters with the `=` or, before an encoded byte,
/// a little fewer. Lines of another length end by themselves.
const BROKEN_LINE: Range<usize> = 72..76;

/// The unit at `at`: an encoded byte, in upper case as the standard wants it, or, where there is other
/// evidence, as some encoders write it.
fn unit(text: &[u8], at: usize, any_case: bool) -> Option<Unit> {
    let (b'=', digits) = text.get(at..at + 3)?.split_first()? else { return None };
    let fits = digits.iter().all(|b| CLASS[*b as usize] & HEX != 0 && (any_case || !b.is_ascii_lowercase()));
    if fits { hex::pair(text, at + 1).map(|byte| Unit::byte(3, byte)) } else { None }
}

/// The length of the soft line break at `at`, where a `=` stands. Blanks may have been added to
/// the line's end on its way. Before an indented line the `=` is one of a program.
fn soft_break(text: &[u8], at: usize, among_encoded: bool) -> Option<usize> {
    let rest = text.get(at + 1..)?;
    let blank = rest.iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let length = match rest.get(blank..)? {
        [b'\n', ..] => blank + 2,
        [b'\r', b'\n', ..] => blank + 3,
        _ => return None,
    };
    let indented = matches!(text.get(at + length..), Some([b'\t', ..] | [b' ', b' ' | b'\t', ..]));
    // Among encoded bytes an equals sign at a line's end is neither padding nor a program's.
    (among_encoded || !indented && !is_padding(text, at)).then_some(length)
}

/// Is the `=` at `at` the padding of base64? It completes a group of four on a line that was not
/// broken.
fn is_padding(text: &[u8], at: usize) -> bool {
    let near = &text[at.saturating_sub(BROKEN_LINE.end)..at];
    let line = &near[memchr::memrchr(b'\n', near).map_or(0, |i| i + 1)..];
    let run = line.iter().rev().take_while(|b| CLASS[**b as usize] & (ALNUM | STD | URL) != 0).count();
    let completes = run == BROKEN_LINE.end || run >= 12 && (run + 1).is_multiple_of(4);
    line.ends_with(b"=") || completes && !BROKEN_LINE.contains(&line.len())
}

/// Where the first of three encoded bytes in a row stands.
pub(super) fn dense(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'=', text).find(|&at| (0..3).all(|i| unit(text, at + 3 * i, true).is_some()))
}

/// What is hardly ever found in other texts: an encoded `=`, a shift of ISO-2022-JP, a soft break.
const SIGNS: [&[u8]; 4] = [b"=3D", b"=1B$", b"=\n", b"=\r\n"];

/// The place that shows encoded text at `at`, where a `=` stands. Bytes in a row show themselves as
/// runs and are not looked for.
pub(super) fn sign(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let sign = SIGNS.iter().find(|sign| rest.starts_with(sign))?;
    let among_encoded = || dense(&text[at.saturating_sub(BROKEN_LINE.end)..at]).is_some();
    let is_sign = !sign.ends_with(b"\n") || soft_break(text, at, false).is_some() || among_encoded();
    is_sign.then_some(at..at + sign.len())
}

/// Decodes a region, if anything speaks for this encoding.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    memchr::memchr(b'=', source)?;
    let among_encoded = dense(source).is_some();
    if !among_encoded && !memchr::memchr_iter(b'=', source).any(|at| sign(source, at).is_some()) {
        return None;
    }
    let mut done = 0;
    for at in memchr::memchr_iter(b'=', source) {
        if at < done {
            continue;
        }
        if let Some(unit) = unit(source, at, among_encoded) {
            to.replace(at..at + unit.len, unit.bytes());
            done = at + unit.len;
        } else if let Some(length) = soft_break(source, at, among_encoded) {
            to.replace(at..at + length, b"");
            done = at + length;
        }
    }
    (done > 0).then_some(Kind::QuotedPrintable)
}
