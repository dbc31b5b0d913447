//! Numbers in a text → the patterns that could match there.
//!
//! What a shape means for all patterns is worked out once and remembered.

use std::ops::Range;

use super::list::List;
use super::shape::{Part, SEPARATORS, Shape};
use super::structure::{BLOCK, BLOCKS, Map};
use super::windows::Window;

/// A pattern that waits for a number.
#[derive(Debug, Clone)]
pub(super) struct WaitDigits {
    pub pattern: usize,
    /// Digits of the number, at least.
    pub least: usize,
    /// How far a match can reach beyond the number on either side, in bytes.
    pub around: usize,
    /// What the pattern means for numbers.
    pub part: Part,
}

impl WaitDigits {
    /// The window of a hit.
    pub(super) fn window(&self, number: &Range<usize>, text: &[u8]) -> Window {
        let range = number.start.saturating_sub(self.around)..number.end.saturating_add(self.around).min(text.len());
        // A match has digits of the number, so it begins before the number's end.
        Window { range, until: number.end }
    }
}

/// All patterns that wait for numbers.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub waits: List<WaitDigits>,
    /// The length in bytes of the shortest number that anybody waits for.
    pub shortest: usize,
}

/// What is remembered of shapes: a table in which a shape has one place.
#[derive(Debug)]
pub(super) struct Memory {
    /// Key of the shape, and where in `fitting` its waits stand.
    known: Vec<((u64, u8), Range<u32>)>,
    fitting: Vec<u16>,
    /// How many more shapes may be worked out. Otherwise a hostile text, every number of which
    /// has a shape of its own, would cost more than it is worth.
    credit: usize,
}

/// Instead of the waits of a shape that has been met once.
const ONCE: Range<u32> = u32::MAX..u32::MAX;
/// Places of the table, a power of two.
const PLACES: usize = 4096;
/// With more remembered than this, all is forgotten.
const MOST_FITTING: usize = 1 << 15;
/// Shapes that are worked out in any case, and bytes of text that allow for one more.
const CREDIT: usize = 256;
const BYTES_A_SHAPE: usize = 8192;

impl Default for Memory {
    fn default() -> Memory {
        Memory { known: vec![((0, 0), 0..0); PLACES], fitting: Vec::new(), credit: CREDIT }
    }
}

impl Memory {
    /// To be called before each text.
    pub(super) fn begin(&mut self, text: &[u8]) {
        self.credit = (self.credit + text.len() / BYTES_A_SHAPE).min(CREDIT);
    }
}

impl Numbers {
    /// From the patterns that wait; fewer than 65 536.
    pub(super) fn new(waits: Vec<WaitDigits>) -> Numbers {
        let shortest = waits.iter().map(|wait| wait.least).min().unwrap_or(1);
        Numbers { waits: waits.into(), shortest }
    }

    /// Does nobody wait?
    pub(super) fn is_empty(&self) -> bool {
        self.waits.is_empty()
    }

    /// Calls `found` for every pattern that could match at the number that begins at `first` in
    /// the region that begins at `region`.
    pub(super) fn look<'n>(
        &'n self,
        (text, map, region, first): (&[u8], &Map, usize, usize),
        memory: &mut Memory,
        mut found: impl FnMut(&'n WaitDigits, Range<usize>),
    ) {
        if let Some(shape) = first.checked_sub(region).and_then(|at| shape_at(map, at, text, first)) {
            let number = first..first + shape.length();
            if let Some(fitting) = self.fitting(shape, memory) {
                fitting.iter().for_each(|&wait| found(&self.waits[usize::from(wait)], number.clone()));
                return;
            }
        }
        // Too long for a shape, or on the border of two regions.
        let (number, digits) = number(text, first);
        self.waits.iter().filter(|wait| digits >= wait.least).for_each(|wait| found(wait, number.clone()));
    }

    /// The waits that a shape fits; `None` if that is not known and may not be worked out.
    #[inline]
    fn fitting<'m>(&self, shape: Shape, memory: &'m mut Memory) -> Option<&'m [u16]> {
        let key = shape.key();
        let mixed = key.0 ^ u64::from(key.1) << 52;
        let place = (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize % PLACES;
        if memory.known[place].0 != key {
            // Most shapes are met once: all patterns are tried there, for less than it would cost.
            memory.known[place] = (key, ONCE);
            return None;
        }
        if memory.known[place].1 == ONCE {
            memory.credit = memory.credit.checked_sub(1)?;
            self.work_out(shape, memory, place);
        }
        let range = &memory.known[place].1;
        Some(&memory.fitting[range.start as usize..range.end as usize])
    }

    #[cold]
    fn work_out(&self, shape: Shape, memory: &mut Memory, place: usize) {
        if memory.fitting.len() > MOST_FITTING {
            memory.fitting.clear();
            memory.known.fill(((0, 0), 0..0));
        }
        let start = memory.fitting.len() as u32;
        for (i, wait) in self.waits.iter().enumerate() {
            if shape.fits(&wait.part, wait.least) {
                memory.fitting.push(i as u16);
            }
        }
        memory.known[place] = (shape.key(), start..memory.fitting.len() as u32);
    }
}

/// The shape of the number that begins at the offset `at` of the region, which is `first` in the
/// text.
#[inline]
fn shape_at(map: &Map, at: usize, text: &[u8], first: usize) -> Option<Shape> {
    let (i, bit) = (at / BLOCK, at % BLOCK);
    let next = (i + 1 < BLOCKS).then_some(i + 1);
    let bits = |map: &[u64; BLOCKS]| match next {
        Some(next) if bit > 0 => map[i] >> bit | map[next] << (BLOCK - bit),
        _ => map[i] >> bit,
    };
    let known = if next.is_some() { BLOCK } else { BLOCK - bit };
    Shape::new(bits(&map.digit), bits(&map.number), known as u32, text, first)
}

/// The run of digits and single separators that begins at `start`, and the number of its digits.
fn number(text: &[u8], start: usize) -> (Range<usize>, usize) {
    let (mut end, mut digits) = (start, 0);
    while let Some(&byte) = text.get(end) {
        let digit = byte.is_ascii_digit();
        let joins = SEPARATORS.contains(byte) && text.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !digit && !joins {
            break;
        }
        digits += usize::from(digit);
        end += 1;
    }
    (start..end, digits)
}

#[cfg(test)]
mod tests {
    use super::super::analysis::parse;
    use super::super::simd::Processor;
    use super::super::structure::{MOST_DIGITS, Pass, REGION, ones};
    use super::*;

    #[test]
    fn numbers_are_broken_by_two_separators() {
        let text = b"a 12-34 56, 7--8 90";
        let starts = [2, 12, 15];
        let numbers: Vec<_> = starts.iter().map(|&start| number(text, start)).collect();
        assert_eq!(numbers, [(2..10, 6), (12..13, 1), (15..19, 3)]);
    }

    /// The waits found in a text, with their numbers.
    fn found(text: &[u8], patterns: &[(&str, usize)], memory: &mut Memory) -> Vec<(usize, Range<usize>)> {
        let wait = |(pattern, &(regex, least)): (usize, &(&str, usize))| {
            let part = Part::of(&parse(regex).unwrap());
            WaitDigits { pattern, least, around: 5, part }
        };
        let numbers = Numbers::new(patterns.iter().enumerate().map(wait).collect());
        let shortest = numbers.shortest.min(MOST_DIGITS);
        let (mut pass, mut map, mut found) = (Pass::new(shortest), Map::default(), Vec::new());
        for start in (0..text.len()).step_by(REGION) {
            Processor::Portable.structure(&mut pass, text, start, &mut map);
            for i in 0..BLOCKS {
                ones(map.digits[i], |at| {
                    let at = (text, &map, start, start + i * BLOCK + at + 1 - shortest);
                    numbers.look(at, memory, |wait, number| found.push((wait.pattern, number)));
                });
            }
        }
        found
    }

    #[test]
    fn patterns_are_found_by_shape_and_without_it() {
        let patterns = [(r"\d{3}-\d{4}", 7), (r"\d{16}", 16)];
        let mut memory = Memory::default();
        let text = b"2024-01-15 150-0001, x1234567, 4111111111111111 ";
        // The date and the postal code are one number, and what follows another. What is met for the
        // first time could be anything.
        assert_eq!(found(text, &patterns, &mut memory), [(0, 0..19), (0, 22..29), (0, 31..47), (1, 31..47)]);
        assert_eq!(memory.credit, CREDIT);
        assert_eq!(found(text, &patterns, &mut memory), [(0, 0..19), (1, 31..47)]);
        assert_eq!(memory.credit, CREDIT - 3);
        // A long number, and one across regions, have no shape.
        let long = b"1".repeat(100);
        assert_eq!(found(&long, &patterns, &mut memory), [(0, 0..100), (1, 0..100)]);
        let mut border = vec![b' '; REGION - 4];
        border.extend(b"150-0001 ");
        assert_eq!(found(&border, &patterns, &mut memory), [(0, REGION - 4..REGION + 4)]);
        // Without credit, all that could be are found.
        memory.credit = 0;
        assert_eq!(found(b"1-2-3-4-5-6-7-8", &patterns, &mut memory), [(0, 0..15)]);
    }
}
