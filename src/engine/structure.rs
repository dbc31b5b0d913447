//! The structural pass: where in a text long token runs, digit runs, `@` and Japanese begin.
//!
//! Text in, maps of one bit a byte out, a region at a time. What the bytes are is decided by
//! `simd` 64 at a time; what they form together is decided here, the same for every processor.

use super::runs::RunKind;

/// Bytes in a block: one bit each in a mask.
pub(super) const BLOCK: usize = 64;
/// Blocks in a region: text and maps of one stay in the nearest cache.
pub(super) const BLOCKS: usize = 256;
/// Bytes in a region.
pub(super) const REGION: usize = BLOCK * BLOCKS;

/// The longest digit runs that can be asked for, in bytes.
pub(super) const MOST_DIGITS: usize = 32;

/// What the bytes of a block are; bit `i` stands for byte `i`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes {
    /// ASCII letters and digits.
    pub alnum: u64,
    /// ASCII letters, digits, `_` and `-`.
    pub token: u64,
    /// ASCII digits.
    pub digit: u64,
    /// What may stand singly between the digits of one number: ` `, `-`, `.`, `/`, `(`, `)`.
    pub separator: u64,
    /// `@`.
    pub at: u64,
    /// 0xE3 and above: first bytes of kana, kanji and full-width forms in UTF-8.
    pub lead: u64,
}

/// The maps of one region, a word a block.
#[derive(Debug, Clone)]
pub(super) struct Map {
    /// Where a run of letters and digits becomes long enough: its byte number
    /// `RunKind::Alnum.least()`.
    pub alnum: [u64; BLOCKS],
    /// The same for `RunKind::Token`.
    pub token: [u64; BLOCKS],
    /// The same for digits and single separators between them; the length is chosen by the user.
    pub digits: [u64; BLOCKS],
    /// Digits.
    pub digit: [u64; BLOCKS],
    /// Digits and single separators between them.
    pub number: [u64; BLOCKS],
    /// `@`.
    pub at: [u64; BLOCKS],
    /// First bytes of Japanese characters.
    pub lead: [u64; BLOCKS],
    /// Is there any such byte at all?
    pub any_lead: bool,
}

impl Default for Map {
    fn default() -> Map {
        Map {
            alnum: [0; BLOCKS],
            token: [0; BLOCKS],
            digits: [0; BLOCKS],
            digit: [0; BLOCKS],
            number: [0; BLOCKS],
            at: [0; BLOCKS],
            lead: [0; BLOCKS],
            any_lead: false,
        }
    }
}

/// By how much each step of [`Reach`] lengthens the runs that it keeps.
type Steps = [u32; STEPS];
const STEPS: usize = 5;

/// The steps that keep runs of at least `length` (1 to 32).
const fn steps(length: usize) -> Steps {
    let mut steps = [0; STEPS];
    let (mut kept, mut i) = (1, 0);
    while i < STEPS {
        let rest = length.saturating_sub(kept);
        steps[i] = if rest < kept { rest as u32 } else { kept as u32 };
        kept += steps[i] as usize;
        i += 1;
    }
    steps
}

/// Finds in a stream of masks where runs of ones reach a length.
#[derive(Debug, Clone, Copy, Default)]
struct Reach {
    /// The masks of the last block: before the first step, after each step.
    last: [u64; STEPS + 1],
}

impl Reach {
    /// The places of this block where a run has reached the length of `steps`.
    #[inline(always)]
    fn next(&mut self, mask: u64, steps: &Steps) -> u64 {
        let mut now = mask;
        let mut i = 0;
        while i < STEPS {
            let longer = now & shifted(now, self.last[i], steps[i]);
            self.last[i] = now;
            now = longer;
            i += 1;
        }
        let first = now & !shifted(now, self.last[STEPS], 1);
        self.last[STEPS] = now;
        first
    }
}

/// A mask moved towards higher bits, with those of the block before moving in; `by` < 64.
#[inline(always)]
fn shifted(mask: u64, last: u64, by: u32) -> u64 {
    (mask << by) | ((last >> 1) >> (63 - by))
}

/// The state of a pass between regions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    alnum: Reach,
    token: Reach,
    digits: Reach,
    digit_steps: Steps,
    last_digit: u64,
}

const ALNUM: Steps = steps(RunKind::Alnum.least());
const TOKEN: Steps = steps(RunKind::Token.least());

impl Pass {
    /// A pass that finds digit runs of at least `digits` bytes (1 to [`MOST_DIGITS`]).
    pub(super) fn new(digits: usize) -> Pass {
        const { assert!(RunKind::Alnum.least() <= 32 && RunKind::Token.least() <= 32) };
        Pass {
            alnum: Reach::default(),
            token: Reach::default(),
            digits: Reach::default(),
            digit_steps: steps(digits.clamp(1, MOST_DIGITS)),
            last_digit: 0,
        }
    }

    /// Fills `map` for the region of `text` that begins at `start` (a multiple of [`BLOCK`]);
    /// regions must come in order. `classify` looks at one block.
    #[inline(always)]
    pub(super) fn region(
        &mut self,
        text: &[u8],
        start: usize,
        map: &mut Map,
        classify: impl Fn(&[u8; BLOCK]) -> Classes,
    ) {
        // The state in local variables: registers, not memory.
        let mut pass = *self;
        let region = &text[start..text.len().min(start + REGION)];
        let (blocks, rest) = region.as_chunks::<BLOCK>();
        let mut lead = 0;
        for (i, block) in blocks.iter().enumerate() {
            let after = text.get(start + (i + 1) * BLOCK).is_some_and(u8::is_ascii_digit);
            lead |= pass.block(classify(block), after, i, map);
        }
        let mut used = blocks.len();
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            lead |= pass.block(classify(&block), false, used, map);
            used += 1;
        }
        let Map { alnum, token, digits, digit, number, at, lead: leads, any_lead } = map;
        for words in [alnum, token, digits, digit, number, at, leads] {
            words[used..].fill(0);
        }
        *any_lead = lead != 0;
        *self = pass;
    }

    #[inline(always)]
    fn block(&mut self, classes: Classes, digit_after: bool, i: usize, map: &mut Map) -> u64 {
        let Classes { alnum, token, digit, separator, at, lead } = classes;
        let (before, after) = (shifted(digit, self.last_digit, 1), digit >> 1 | u64::from(digit_after) << 63);
        self.last_digit = digit;
        map.alnum[i] = self.alnum.next(alnum, &ALNUM);
        map.token[i] = self.token.next(token, &TOKEN);
        let number = digit | separator & before & after;
        map.digits[i] = self.digits.next(number, &self.digit_steps);
        map.digit[i] = digit;
        map.number[i] = number;
        map.at[i] = at;
        map.lead[i] = lead;
        lead
    }
}

/// Calls `each` with the offset in the region of every one of a map.
#[inline(always)]
pub(super) fn ones(map: &[u64; BLOCKS], mut each: impl FnMut(usize)) {
    for (i, &word) in map.iter().enumerate() {
        let mut word = word;
        while word != 0 {
            each(i * BLOCK + word.trailing_zeros() as usize);
            word &= word - 1;
        }
    }
}
