//! What in a window's text shows that something is encoded there.
//!
//! Text in, regions to rewrite out. This is all that plain text pays for: a few searches for
//! rare bytes, each faster than the text is read from memory.

use std::ops::Range;

use super::regions::Regions;
use super::run::{DIGIT, PAD, Run};
use super::{address, chars, concat, entity, escape, form, line_join, percent, quoted_printable, spaced, utf7};

/// A token longer than this that is broken over lines is data, not a token.
const MAX_TOKEN: usize = 4096;

/// Searches that look at the whole text.
pub(super) fn scan(text: &[u8], regions: &mut Regions) {
    let mut from = 0;
    while let Some(at) = chars::next_sign(text, from) {
        from = at + 1;
        if let Some(place) = at_sign(text, at) {
            from = regions.add(text, place).max(from);
        }
    }
    // Prose has none of these, and one search is cheaper than those for each.
    if memchr::memchr3(b'=', b'+', b'\r', text).is_some() {
        plus(text, regions);
        // The line that follows belongs to the place.
        quoted_printable::each_sign(text, |place| regions.add(text, place.start..place.end + 1));
        if memchr::memchr(b'\r', text).is_some() {
            digit_line_ends(text, b'\r', regions);
        }
    }
    digit_line_ends(text, b'\n', regions);
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| memchr::memchr(b'@', rest)) {
        from += at + 1;
        if let Some(place) = address::line_ends(text, from - 1) {
            regions.add(text, place);
        }
    }
    if !text.is_ascii() {
        spaced::each(text, |row| regions.add(text, row));
    }
}

fn digit_line_ends(text: &[u8], end: u8, regions: &mut Regions) {
    line_join::each_digit_line_end(text, end, |at| match line_join::digit_joint(text, at) {
        Some((joint, _)) => regions.add(text, joint.start..joint.end + 1).min(joint.end),
        None => at + 1,
    });
}

/// Pieces of literals, and UTF-7.
fn plus(text: &[u8], regions: &mut Regions) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| memchr::memchr(b'+', rest)) {
        let at = from + at;
        from = at + 1;
        let place = concat::at_operator(text, at)
            .or_else(|| Some(at..at + utf7::length(text, at)?))
            .or_else(|| form::at_sign(text, at));
        if let Some(place) = place {
            from = regions.add(text, place).max(from);
        }
    }
}

/// What is encoded at a `%`, `\` or `&`, if it can hide or split a value.
fn at_sign(text: &[u8], at: usize) -> Option<Range<usize>> {
    match text[at] {
        b'%' => percent::matters(text, at).map(|length| at..at + length),
        b'&' => match entity::matters(text, at) {
            Some(length) => Some(at..at + length),
            None => concat::at_operator(text, at),
        },
        _ => match escape::matters(text, at) {
            Some(length) => Some(at..at + length),
            None => concat::at_backslash(text, at).map(|joint| joint.start..joint.end + 1),
        },
    }
}

/// What a long run of token characters shows. `end`: where the lines that continue it end.
pub(super) fn at_run(text: &[u8], run: &Run, end: usize, regions: &mut Regions) {
    let Run { range, classes } = run;
    if classes & PAD != 0
        && let Some(at) = quoted_printable::dense(&text[range.clone()])
    {
        regions.add(text, range.start + at..range.end);
    }
    if let Some(joint) = concat::beside(text, range) {
        regions.add(text, joint);
    }
    if classes & DIGIT == 0 || end - range.start > MAX_TOKEN {
        return;
    }
    if let Some((joint, _)) = line_join::line_end_before(text, range.start).and_then(|at| line_join::token_joint(text, at)) {
        regions.add(text, joint.start..joint.end + 1);
    }
    let mut from = range.end;
    while let Some(at) = text.get(from..).and_then(|rest| line_end(rest, from)) {
        let Some((joint, _)) = line_join::token_joint(text, at) else { break };
        regions.add(text, joint.start..joint.end + 1);
        if joint.end > end {
            break;
        }
        from = text[joint.end..end].iter().position(|&b| b == b'\n').map_or(end, |i| joint.end + i);
    }
}

/// The line end that `rest`, which stands at `from`, begins with.
fn line_end(rest: &[u8], from: usize) -> Option<usize> {
    let blank = rest.iter().take(3).take_while(|b| matches!(b, b' ' | b'\r')).count();
    (rest.get(blank) == Some(&b'\n')).then_some(from + blank)
}
