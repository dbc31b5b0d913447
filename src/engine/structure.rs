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
pub(super) const MOST_DIGITS: usize = 8;

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
    eventful: [u8; BLOCKS],
    events: usize,
}

impl Map {
    /// The numbers of the blocks in which there is a long enough run, or `@`.
    pub(super) fn eventful(&self) -> &[u8] {
        &self.eventful[..self.events]
    }
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
            eventful: [0; BLOCKS],
            events: 0,
        }
    }
}

/// By how much each step of [`Reach`] lengthens the runs that it keeps: enough steps for runs of
/// at least `length` bytes, which is at most 2^`N`.
const fn steps<const N: usize>(length: usize) -> [u32; N] {
    let mut steps = [0; N];
    let (mut kept, mut i) = (1, 0);
    while i < N {
        let rest = length.saturating_sub(kept);
        steps[i] = if rest < kept { rest as u32 } else { kept as u32 };
        kept += steps[i] as usize;
        i += 1;
    }
    steps
}

/// Finds in a stream of masks where runs of ones reach a length.
#[derive(Debug, Clone, Copy)]
struct Reach<const N: usize> {
    /// What the last block's masks move into this one's: at each step, and at the end. Kept
    /// moved already: combined moves of two words are slow on some processors.
    carried: [u64; N],
    last: u64,
}

impl<const N: usize> Reach<N> {
    const START: Reach<N> = Reach { carried: [0; N], last: 0 };

    /// The places of this block where a run has reached the length of `steps`.
    #[inline(always)]
    fn next(&mut self, mask: u64, steps: &[u32; N]) -> u64 {
        let mut now = mask;
        let mut i = 0;
        while i < N {
            now &= moved(now, &mut self.carried[i], steps[i]);
            i += 1;
        }
        now & !moved(now, &mut self.last, 1)
    }
}

/// A mask moved towards higher bits by less than 64, with what was carried from the block before;
/// and what it carries to the next.
#[inline(always)]
fn moved(mask: u64, carried: &mut u64, by: u32) -> u64 {
    let moved = mask << by | *carried;
    *carried = (mask >> 1) >> (63 - by);
    moved
}

const ALNUM: [u32; 4] = steps(RunKind::Alnum.least());
const TOKEN: [u32; 5] = steps(RunKind::Token.least());
const _: () = assert!(RunKind::Alnum.least() <= 1 << 4 && RunKind::Token.least() <= 1 << 5 && MOST_DIGITS <= 1 << 3);

/// The state of a pass between regions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    alnum: Reach<4>,
    token: Reach<5>,
    digits: Reach<3>,
    digit_steps: [u32; 3],
    last_digit: u64,
}

impl Pass {
    /// A pass that finds digit runs of at least `digits` bytes (1 to [`MOST_DIGITS`]).
    pub(super) fn new(digits: usize) -> Pass {
        Pass {
            alnum: Reach::START,
            token: Reach::START,
            digits: Reach::START,
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
        let (mut lead, mut events) = (0, 0);
        for (i, block) in blocks.iter().enumerate() {
            let after = text.get(start + (i + 1) * BLOCK).is_some_and(u8::is_ascii_digit);
            let classes = classify(block);
            lead |= classes.lead;
            pass.block(classes, after, i, &mut events, map);
        }
        let mut used = blocks.len();
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            let classes = classify(&block);
            lead |= classes.lead;
            pass.block(classes, false, used, &mut events, map);
            used += 1;
        }
        let Map { alnum, token, digits, digit, number, at, lead: leads, .. } = map;
        for words in [alnum, token, digits, digit, number, at, leads] {
            words[used..].fill(0);
        }
        (map.any_lead, map.events) = (lead != 0, events);
        *self = pass;
    }

    #[inline(always)]
    fn block(&mut self, classes: Classes, digit_after: bool, i: usize, events: &mut usize, map: &mut Map) {
        let Classes { alnum, token, digit, separator, at, lead } = classes;
        let (before, after) = (moved(digit, &mut self.last_digit, 1), digit >> 1 | u64::from(digit_after) << 63);
        let number = digit | separator & before & after;
        map.alnum[i] = self.alnum.next(alnum, &ALNUM);
        map.token[i] = self.token.next(token, &TOKEN);
        map.digits[i] = self.digits.next(number, &self.digit_steps);
        map.digit[i] = digit;
        map.number[i] = number;
        map.at[i] = at;
        map.lead[i] = lead;
        // Written always, counted only if there is something: no branch to guess wrong.
        map.eventful[*events] = i as u8;
        *events += usize::from(map.alnum[i] | map.token[i] | map.digits[i] | at != 0);
    }
}

/// Calls `each` with the number of every one of a mask, in rising order.
#[inline(always)]
pub(super) fn ones(mut mask: u64, mut each: impl FnMut(usize)) {
    while mask != 0 {
        each(mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}
