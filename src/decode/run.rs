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

/// How far one probe is from the next. A run of [`MIN`] characters holds eight bytes in a row
/// beginning at a multiple of this, wherever it begins: `STRIDE + 8 - 1 <= MIN`.
const STRIDE: usize = 12;
/// Probes whose results are collected before any is looked at.
const PROBES: usize = 256;

const HIGH: u64 = rep(0x80);

const fn rep(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// The first eight bytes of `bytes` (which has as many) as a number, first byte lowest.
fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

/// Could all eight bytes be token characters? Says yes to some others (`. : ; < > @ { }` …), never
/// no to one. `| 4` folds `+` up to `/` and leaves the comma outside.
fn may_fit(word: u64) -> bool {
    ((word | rep(0x04)).wrapping_sub(rep(0x2D)) | word) & HIGH == 0
}

/// The high bit of each byte that is a letter, a digit, one of `+ - / _ =` or, for cheapness,
/// one of `) ; ? [ \ ] ^ { | } ~`.
fn tokens(word: u64) -> u64 {
    let low = word & !HIGH;
    let letters = (low | rep(0x20)) + rep(0x1F);
    let digits = (low + rep(0x50)) ^ (low + rep(0x46));
    let signs = HIGH - ((low | rep(0x16)) ^ rep(0x3F));
    (letters | digits | signs) & !word & HIGH
}

/// Calls `each` with every run of at least [`MIN`] token characters, in order. `each` returns
/// the offset to go on from; what lies before it is not looked at again.
///
/// The loops over probes have no branches: what a probe says is as good as random, and each wrong
/// guess of the processor would cost more than all the work on a probe.
pub(super) fn each(text: &[u8], mut each: impl FnMut(Run) -> usize) {
    let mut done = 0;
    let mut base = 0;
    let mut hits = [0_u32; PROBES];
    while base < text.len() {
        let block = &text[base..text.len().min(base + STRIDE * PROBES)];
        let mut n = 0;
        let probes = block.chunks_exact(STRIDE);
        let rest = probes.remainder();
        for (i, probe) in probes.enumerate() {
            hits[n % PROBES] = (i * STRIDE) as u32;
            n += usize::from(may_fit(word(probe)));
        }
        let mut long = 0;
        for i in 0..n {
            let hit = hits[i];
            hits[long % PROBES] = hit;
            long += usize::from(may_be_long(text, base + hit as usize));
        }
        let last = (rest.len() >= 8 && may_fit(word(rest))).then(|| block.len() - rest.len());
        for hit in hits[..long].iter().map(|&hit| hit as usize).chain(last) {
            if base + hit >= done {
                done = run_at(text, base + hit, done, &mut each);
            }
        }
        base = (base + STRIDE * PROBES).max(done);
    }
}

/// Calls `each` with the run at `hit`, if it is long enough. Returns where to go on.
fn run_at(text: &[u8], hit: usize, from: usize, each: &mut impl FnMut(Run) -> usize) -> usize {
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

/// Is there any chance that the eight bytes at `hit` are part of a run of [`MIN`]? Such a run
/// covers at least 16 of the 24 bytes around them.
fn may_be_long(text: &[u8], hit: usize) -> bool {
    let Some(near) = hit.checked_sub(8).and_then(|from| text.get(from..hit + 16)) else { return true };
    let before = (!tokens(word(near)) & HIGH).leading_zeros() / 8;
    let after = (!tokens(word(&near[16..])) & HIGH).trailing_zeros() / 8;
    (tokens(word(&near[8..])) == HIGH) & (before + after >= 8)
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
        each(text, |run| {
            runs.push(run.range.clone());
            run.range.end
        });
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

    #[test]
    fn the_cheap_tests_never_deny_a_token_character() {
        for b in 0..=255_u8 {
            if CLASS[b as usize] != 0 {
                assert!(may_fit(rep(b)), "{:?}", b as char);
                assert_eq!(tokens(rep(b)), HIGH, "{:?}", b as char);
            }
        }
        for b in [b' ', b'\n', b'"', b',', b'\'', b'.', b':', b'(', 0, 0x80, 0xFF] {
            assert_eq!(tokens(rep(b)), 0, "{:?}", b as char);
        }
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
        let text = vec![b'Q'; STRIDE * PROBES * 3 + 5];
        assert_eq!(found(&text), vec![0..text.len()]);
    }
}
