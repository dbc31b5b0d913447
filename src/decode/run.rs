//! Long runs of token characters: the one place where base64 or hex can stand.
//!
//! Text in, ranges of [`MIN`] or more characters of `[A-Za-z0-9+/_=-]` out. Reads a run's
//! neighbourhood only; what the run means is for `base64`, `hex` and the others to say.

use std::ops::Range;

/// The shortest run that anyone looks at, in characters: 15 bytes of base64.
pub(super) const MIN: usize = 20;

/// Bits of [`CLASS`].
pub(super) const ALNUM: u8 = 1;
/// `0-9 a-f A-F`.
pub(super) const HEX: u8 = 2;
/// `+ /`, the last two of the standard base64 alphabet.
pub(super) const STD: u8 = 4;
/// `- _`, the last two of the URL-safe base64 alphabet.
pub(super) const URL: u8 = 8;
/// `=`.
pub(super) const PAD: u8 = 16;
/// `A-Z`.
pub(super) const UPPER: u8 = 32;
/// `0-9`.
pub(super) const DIGIT: u8 = 64;

/// What each byte can be part of.
pub(super) static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        table[b] = match byte {
            b'0'..=b'9' => ALNUM | HEX | DIGIT,
            b'a'..=b'f' => ALNUM | HEX,
            b'A'..=b'F' => ALNUM | HEX | UPPER,
            b'g'..=b'z' => ALNUM,
            b'G'..=b'Z' => ALNUM | UPPER,
            b'+' | b'/' => STD,
            b'-' | b'_' => URL,
            b'=' => PAD,
            _ => 0,
        };
        b += 1;
    }
    table
};

/// A run and the bits of [`CLASS`] that any of its characters has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) range: Range<usize>,
    pub(super) classes: u8,
}

/// The bits of [`CLASS`] that any of these bytes has.
pub(super) fn classes(text: &[u8]) -> u8 {
    text.iter().fold(0, |classes, &b| classes | CLASS[b as usize])
}

/// How far each step lengthens the runs that [`Reach`] keeps: together [`MIN`] - 1.
const STEPS: [u32; 5] = [1, 2, 4, 8, 4];

/// Finds in a stream of masks where runs become [`MIN`] long.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// What each step moves from the last block's mask into this one's.
    carried: [u64; STEPS.len()],
    last: u64,
}

impl Reach {
    /// The places of a block, whose characters of runs are given, that are a run's character number
    /// [`MIN`].
    #[inline(always)]
    pub(super) fn next(&mut self, mask: u64) -> u64 {
        let mut now = mask;
        for (carried, by) in self.carried.iter_mut().zip(STEPS) {
            let moved = now << by | *carried;
            *carried = now >> (64 - by);
            now &= moved;
        }
        let first = now & !(now << 1 | self.last);
        self.last = now >> 63;
        first
    }
}

/// Calls `each` with the run at `hit`, if it is long enough. What lies before `from` is not looked
/// at again. Returns where to go on.
pub(super) fn run_at(text: &[u8], hit: usize, from: usize, each: &mut impl FnMut(Run) -> usize) -> usize {
    let (end, behind) = follow(text, hit);
    if end == hit {
        return hit + 1;
    }
    let mut start = hit;
    let mut classes = behind;
    while let Some(&b) = text[from..start].last().filter(|b| CLASS[**b as usize] != 0) {
        classes |= CLASS[b as usize];
        start -= 1;
    }
    if is_ruler(&text[start..end]) {
        start += text[start..end].iter().take_while(|b| **b == text[start]).count();
    }
    if end - start < MIN { end } else { each(Run { range: start..end, classes }).max(end) }
}

/// A line drawn of one sign is no token, nor part of one.
fn is_ruler(run: &[u8]) -> bool {
    run.first().is_some_and(|first| CLASS[*first as usize] & ALNUM == 0 && run.iter().take(8).all(|b| b == first))
}

/// Where the run from `from` on ends, and its classes.
fn follow(text: &[u8], from: usize) -> (usize, u8) {
    let mut at = from;
    let mut classes = 0;
    let rest = &text[from.min(text.len())..];
    // Eight at a time while all of them are of the run.
    for chunk in rest.chunks_exact(8) {
        let (all, any) =
            chunk.iter().fold((true, 0), |(all, any), &b| (all & (CLASS[b as usize] != 0), any | CLASS[b as usize]));
        if !all {
            break;
        }
        classes |= any;
        at += 8;
    }
    while let Some(&b) = text.get(at).filter(|b| CLASS[**b as usize] != 0) {
        classes |= CLASS[b as usize];
        at += 1;
    }
    (at, classes)
}

/// Where the bytes of the given classes from `from` on end.
pub(super) fn end_of(text: &[u8], from: usize, classes: u8) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.iter().position(|&b| CLASS[b as usize] & classes == 0).map_or(text.len(), |i| from + i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &[u8]) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut reach = Reach::default();
        let mut done = 0;
        for (i, block) in text.chunks(64).enumerate() {
            let mask = block.iter().rev().fold(0, |mask, b| mask << 1 | u64::from(CLASS[*b as usize] != 0));
            let mut hits = reach.next(mask);
            while hits != 0 {
                let hit = i * 64 + hits.trailing_zeros() as usize;
                hits &= hits - 1;
                done = run_at(text, hit, done, &mut |run: Run| {
                    runs.push(run.range.clone());
                    run.range.end
                });
            }
        }
        runs
    }

    /// One byte after another, as slow as it gets.
    fn naive(text: &[u8]) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut start = 0;
        for at in 0..=text.len() {
            if at == text.len() || CLASS[text[at] as usize] == 0 {
                let ruler =
                    text[start..at].iter().take_while(|b| **b == text[start] && !b.is_ascii_alphanumeric()).count();
                start += if ruler >= 8 { ruler } else { 0 };
                if at - start >= MIN {
                    runs.push(start..at);
                }
                start = at + 1;
            }
        }
        runs
    }

    proptest! {
        #[test]
        fn every_run_is_found_wherever_it_stands(text in "((-{0,12}[a-zA-Z0-9+/_=-]{1,60})[ ,.;)?\"あ\n]{1,3}){0,60}[a-z]{0,30}") {
            prop_assert_eq!(found(text.as_bytes()), naive(text.as_bytes()));
        }

        #[test]
        fn the_same_on_any_bytes(text in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(found(&text), naive(&text));
        }
    }

    #[test]
    fn a_run_longer_than_a_block_is_one_run() {
        let text = vec![b'Q'; 100_005];
        assert_eq!(found(&text), vec![0..text.len()]);
    }
}
