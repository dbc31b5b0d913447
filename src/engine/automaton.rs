//! Automata that were made with the crate: one step a byte, nothing to compile.
//!
//! The bytes of one in, written by `determine` in the build script; whether and which of its
//! expressions match at a place of a text out. An automaton stands for rough forms of expressions
//! (see `shortened`), so a yes may be wrong and a no is not. No text is searched here.
//!
//! An automaton is: the class of every byte (256 bytes); then 16-bit numbers in little-endian
//! order: cells in a row, number of matching states, first states by what stands before (see
//! [`before`]); for each matching state the expressions that match, one bit each of 64; and the
//! rows, a cell for each class and one for the end of the text. State 0 is that of no match any
//! more; the matching states follow.

use std::ops::Range;

/// Kinds of what stands before a place, as far as look-around asks.
pub(super) const BEFORE: usize = 5;
/// Bytes before the masks.
pub(super) const HEAD: usize = 256 + 2 * (2 + BEFORE);

/// What stands before a place: the number of a first state.
pub(super) fn before(byte: Option<u8>) -> usize {
    byte.map_or(0, |byte| usize::from(BEFORE_BYTE[usize::from(byte)]))
}

/// The same by byte: line ends, word characters, others.
const BEFORE_BYTE: [u8; 256] = {
    let mut kinds = [4; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'\n' => 1,
            b'\r' => 2,
            b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => 3,
            _ => 4,
        };
        byte += 1;
    }
    kinds
};

/// An automaton in the binary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Automaton {
    head: &'static [u8; HEAD],
    masks: &'static [u8],
    rows: &'static [[u8; 2]],
    /// Cells in a row.
    width: usize,
    matching: u16,
}

/// Says where a pattern can begin to match, as far as that is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beginning {
    /// Passes over a window once and says whether there is a match in it: for patterns that could
    /// begin at many places.
    pub within: Option<Automaton>,
    /// Looks from every place.
    pub at: Option<Automaton>,
}

impl Beginning {
    /// Is nothing known?
    pub(super) fn is_unknown(&self) -> bool {
        self.within.is_none() && self.at.is_none()
    }

    /// The first of the places `from..until` at which a match can begin that ends by `end`. `effort`
    /// is how many bytes may be looked at place by place.
    pub(super) fn first(&self, text: &[u8], from: usize, until: usize, end: usize, effort: &mut usize) -> First {
        if from >= until && !self.is_unknown()
            || self.within.is_some_and(|automaton| !automaton.is_within(text, from..end))
        {
            return First::Nowhere;
        }
        self.next(text, from, until, effort)
    }

    /// The same where a match has been found to be possible before.
    pub(super) fn next(&self, text: &[u8], from: usize, until: usize, effort: &mut usize) -> First {
        self.at.map_or(First::Unknown(from), |automaton| automaton.first(text, from, until, effort))
    }
}

/// What a look at a range of places has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// A match can begin here, and at none of the places before.
    At(usize),
    /// None can begin at any of the places.
    Nowhere,
    /// Here or behind, for all that is known.
    Unknown(usize),
}

impl Automaton {
    /// From its bytes; `None` if they are cut off.
    pub(super) fn new(bytes: &'static [u8]) -> Option<Automaton> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let (width, matching) = (number(&head[256..], 0), number(&head[256..], 1));
        let (masks, rows) = rest.split_at_checked(usize::from(matching) * 8)?;
        let (rows, _) = rows.as_chunks();
        Some(Automaton { head, masks, rows, width: usize::from(width), matching })
    }

    /// The state before the first byte at `from`.
    #[inline]
    fn first_state(&self, text: &[u8], from: usize) -> u16 {
        let before = before(from.checked_sub(1).map(|before| text[before]));
        number(&self.head[256..], 2 + before)
    }

    #[inline]
    fn next(&self, state: u16, byte: u8) -> u16 {
        self.cell(state, usize::from(self.head[usize::from(byte)]))
    }

    /// The state behind the end of the text.
    fn end(&self, state: u16) -> u16 {
        self.cell(state, self.width - 1)
    }

    #[inline(always)]
    fn cell(&self, state: u16, class: usize) -> u16 {
        // Nothing lies outside: it would mean no match any more.
        u16::from_le_bytes(self.rows.get(usize::from(state) * self.width + class).copied().unwrap_or_default())
    }

    /// Is it a state in which something matches?
    #[inline]
    fn is_match(&self, state: u16) -> bool {
        // State 0 becomes the greatest number.
        state.wrapping_sub(1) < self.matching
    }

    /// The expressions that match in a matching state, one bit each.
    fn mask(&self, state: u16) -> u64 {
        let mask = self.masks[(usize::from(state) - 1) * 8..].first_chunk();
        mask.map_or(u64::MAX, |mask| u64::from_le_bytes(*mask))
    }

    /// Which of the expressions in `all` match at `from`, as far as the next `farthest` bytes
    /// tell, and how many bytes were looked at? `None` for what they do not tell.
    pub(super) fn matching(&self, text: &[u8], from: usize, farthest: usize, all: u64) -> (Option<u64>, usize) {
        let mut state = self.first_state(text, from);
        let mut found = 0;
        let end = text.len().min(from.saturating_add(farthest));
        for (i, &byte) in text[from..end].iter().enumerate() {
            state = self.next(state, byte);
            if state > self.matching {
                continue;
            }
            if state != 0 {
                found |= self.mask(state);
            }
            if state == 0 || found & all == all {
                return (Some(found), i + 1);
            }
        }
        if end < text.len() {
            return (None, end - from);
        }
        let last = self.end(state);
        (Some(if self.is_match(last) { found | self.mask(last) } else { found }), end - from)
    }

    /// Is there a match in a range of the text? For automata that match anywhere.
    pub(super) fn is_within(&self, text: &[u8], range: Range<usize>) -> bool {
        let mut state = self.first_state(text, range.start);
        // A match shows one byte behind its end.
        let end = text.len().min(range.end + 1);
        for &byte in &text[range.start..end] {
            state = self.next(state, byte);
            if self.is_match(state) {
                return true;
            }
        }
        end == text.len() && self.is_match(self.end(state))
    }

    /// The first of the places `from..until` at which a match can begin. `effort` is how many
    /// bytes may be looked at.
    pub(super) fn first(&self, text: &[u8], from: usize, until: usize, effort: &mut usize) -> First {
        for at in from..until.min(text.len()) {
            let mut state = self.first_state(text, at);
            let mut looked = 1;
            let mut bytes = text[at..].iter();
            while state != 0 {
                if self.is_match(state) {
                    return First::At(at);
                }
                looked += 1;
                if looked > *effort {
                    // Nor is anything behind it looked at.
                    *effort = 0;
                    return First::Unknown(at);
                }
                state = match bytes.next() {
                    Some(&byte) => self.next(state, byte),
                    None if self.is_match(self.end(state)) => return First::At(at),
                    None => 0,
                };
            }
            *effort = effort.saturating_sub(looked);
        }
        First::Nowhere
    }
}

/// A 16-bit number of a list.
#[inline(always)]
fn number(list: &[u8], index: usize) -> u16 {
    u16::from_le_bytes([list[2 * index], list[2 * index + 1]])
}
