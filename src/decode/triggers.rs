//! What in a window's text shows that something is encoded there.
//!
//! Text in, long runs and regions to rewrite out. This is all that plain text pays for: one pass,
//! 64 bytes at a time, that stops at the few places where something can be encoded.

use std::ops::Range;

use super::masks::{self, BLOCK, BLOCKS, Masks};
use super::regions::Regions;
use super::run::{self, DIGIT, MIN, PAD, Reach, Run};
use super::{address, concat, entity, escape, form, line_join, percent, quoted_printable, spaced, utf7};

/// A token longer than this that is broken over lines is data, not a token.
const MAX_TOKEN: usize = 4096;

/// Looks at the whole text once. Calls `look` with every long run; it returns where the lines that
/// continue the run end.
pub(super) fn scan(text: &[u8], regions: &mut Regions, mut look: impl FnMut(&Run) -> usize) {
    let mut masks = [Masks::default(); BLOCKS];
    let mut reach = Reach::default();
    // The last bit of the block before: was it a digit or hyphen, was it `=`? And what in it tells.
    let (mut number, mut equals, mut telling) = (0, 0, 0);
    let mut done = Done::default();
    for (part, bytes) in text.chunks(BLOCK * BLOCKS).enumerate() {
        let count = masks::of(bytes, &mut masks);
        for (i, mask) in masks[..count].iter().enumerate() {
            let at = (part * BLOCKS + i) * BLOCK;
            let runs = reach.next(mask.run);
            let lines = mask.line_end & (mask.number << 1 | number);
            // `=3D`, `=1B`, and `=` at a line's end.
            let printable = (mask.equals << 1 | equals) & (mask.number | mask.line_end);
            let after = masks[..count].get(i + 1);
            let runs = if runs == 0 { 0 } else { worth(text, at, runs, mask, telling, after) };
            (number, equals, telling) = (mask.number >> 63, mask.equals >> 63, mask.telling);
            if runs | lines | printable | mask.sign | mask.plus | mask.at == 0 {
                continue;
            }
            each(runs, at, &mut done.runs, |hit, from| {
                run::run_at(text, hit, from, &mut |run| {
                    let end = look(&run);
                    at_run(text, &run, end, regions);
                    end
                })
            });
            each(mask.sign, at, &mut done.signs, |at, _| {
                at_sign(text, at).map_or(at + 1, |place| regions.add(text, place))
            });
            each(mask.plus, at, &mut done.plus, |at, _| {
                at_plus(text, at).map_or(at + 1, |place| regions.add(text, place))
            });
            each(printable, at, &mut done.printable, |at, _| {
                if let Some(place) = quoted_printable::sign(text, at - 1) {
                    // The line that follows belongs to the place; its own end may be another.
                    regions.add(text, place.start..place.end + 1);
                }
                at + 1
            });
            each(lines, at, &mut done.lines, |at, _| at_number(text, at, regions));
            each(mask.at, at, &mut done.at, |at, _| {
                address::line_ends(text, at).map_or(at + 1, |place| regions.add(text, place))
            });
        }
    }
    if !text.is_ascii() {
        spaced::each(text, |row| regions.add(text, row));
    }
}

/// Which of the runs that become [`MIN`] long in the block at `base` are worth a look: not those that
/// have nothing but small letters and signs, and do not touch a quote. Of such a run nothing could come,
/// and names and paths are most of all. `before`: what tells in the block before; `after`: the next
/// block, if it is at hand.
fn worth(text: &[u8], base: usize, runs: u64, block: &Masks, before: u64, after: Option<&Masks>) -> u64 {
    let both = |of: fn(&Masks) -> u64| u128::from(of(block)) | u128::from(after.map_or(0, of)) << 64;
    let (run, telling) = (both(|masks| masks.run), both(|masks| masks.telling));
    let known = if after.is_some() { 2 * BLOCK } else { BLOCK };
    let quoted = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|b| b"\"'`\\".contains(b));
    let mut worth = runs;
    let mut rest = runs;
    while rest != 0 {
        let bit = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        let end = bit + (!(run >> bit)).trailing_zeros() as usize;
        if end >= known {
            continue;
        }
        // Of the run's beginning, so many bytes may stand in the block before.
        let (start, outside) = ((bit + 1).saturating_sub(MIN), MIN.saturating_sub(bit + 1));
        let tells = (telling & ((1 << end) - 1)) >> start != 0 || outside > 0 && before >> (BLOCK - outside) != 0;
        let first = (base + bit + 1).checked_sub(MIN);
        if !tells && !quoted(first.and_then(|first| first.checked_sub(1))) && !quoted(Some(base + end)) {
            worth &= !(1 << bit);
        }
    }
    worth
}

/// Up to where each kind of sign has been dealt with.
#[derive(Debug, Default)]
struct Done {
    runs: usize,
    signs: usize,
    plus: usize,
    printable: usize,
    lines: usize,
    at: usize,
}

/// Calls `look` with every place of a mask that stands at `base`, from `done` on; it returns up to
/// where it has looked.
#[inline(always)]
fn each(mut mask: u64, base: usize, done: &mut usize, mut look: impl FnMut(usize, usize) -> usize) {
    while mask != 0 {
        let at = base + mask.trailing_zeros() as usize;
        mask &= mask - 1;
        if at >= *done {
            *done = look(at, *done).max(*done);
        }
    }
}

/// A line end (its `\r`, if it has one) behind a digit or hyphen, at `at`.
fn at_number(text: &[u8], at: usize, regions: &mut Regions) -> usize {
    let newline = if text[at] == b'\r' { at + 1 } else { at };
    if text.get(newline) != Some(&b'\n') {
        return at + 1;
    }
    match line_join::digit_joint(text, newline) {
        Some((joint, _)) => regions.add(text, joint.start..joint.end + 1).min(joint.end),
        None => newline + 1,
    }
}

/// Pieces of literals, UTF-7, and blanks of form data.
fn at_plus(text: &[u8], at: usize) -> Option<Range<usize>> {
    concat::at_operator(text, at).or_else(|| Some(at..at + utf7::length(text, at)?)).or_else(|| form::at_sign(text, at))
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
fn at_run(text: &[u8], run: &Run, end: usize, regions: &mut Regions) {
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
    if let Some((joint, _)) =
        line_join::line_end_before(text, range.start).and_then(|at| line_join::token_joint(text, at))
    {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::run::{UPPER, run_at};
    use proptest::prelude::*;

    /// Runs of which something could come: all but those that [`worth`] may pass over.
    fn telling(text: &[u8], runs: &[Run]) -> Vec<Range<usize>> {
        let quoted = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|b| b"\"'`\\".contains(b));
        let tells = |run: &&Run| {
            let Run { range, classes } = run;
            classes & (UPPER | DIGIT | PAD) != 0 || quoted(range.start.checked_sub(1)) || quoted(Some(range.end))
        };
        runs.iter().filter(tells).map(|run| run.range.clone()).collect()
    }

    proptest! {
        #[test]
        fn every_telling_run_is_looked_at(text in "(([a-z_/-]{1,90}|[A-Za-z0-9+/=_-]{1,90}|[a-z]{19,21}[A-Z0-9=]?)[ ,.\n\"'\\\\]{1,2}){0,40}") {
            let text = text.as_bytes();
            let (mut looked, mut all) = (Vec::new(), Vec::new());
            scan(text, &mut Regions::default(), |run| {
                looked.push(run.clone());
                run.range.end
            });
            let mut at = 0;
            while at < text.len() {
                let mut end = at + 1;
                if run::CLASS[text[at] as usize] != 0 {
                    end = run_at(text, at, at, &mut |run: Run| {
                        all.push(run.clone());
                        run.range.end
                    });
                }
                at = end;
            }
            prop_assert_eq!(telling(text, &looked), telling(text, &all));
            prop_assert!(looked.len() <= all.len());
        }
    }

    #[test]
    fn names_and_paths_are_passed_over() {
        for before in 0..130 {
            let text = format!("{}some_long_function_name in usr/share/doc/packages/names, X1", " ".repeat(before));
            let mut count = 0;
            scan(text.as_bytes(), &mut Regions::default(), |run| {
                count += 1;
                run.range.end
            });
            assert_eq!(count, 0, "{before}");
        }
    }
}
