//! Where a window's text must be rewritten: the lines around what is encoded in them.
//!
//! Places of encoded characters in, ranges of text out, merged and in order. A range is a line or,
//! where lines are very long, the neighbourhood of the place up to the ends of its words, so that
//! a value is decoded whole and keeps the words that say what it is.

use std::ops::Range;

/// Line ends are looked for so far, in bytes.
const MAX_LINE: usize = 512;
/// What is kept on either side within a longer line.
const CONTEXT: usize = 256;
/// How far from there the end of a word is looked for.
const MAX_WORD: usize = 4096;

/// The ranges of one window.
#[derive(Debug, Default)]
pub(super) struct Regions {
    list: Vec<Range<usize>>,
}

impl Regions {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    /// Adds the neighbourhood of `place`. Returns the offset from which on further places would
    /// tell anything new.
    pub(super) fn add(&mut self, text: &[u8], place: Range<usize>) -> usize {
        let last = self.list.last_mut().filter(|last| last.start <= place.start && place.start <= last.end);
        let end = match last {
            Some(last) => {
                if last.end < place.end + CONTEXT / 2 && !(place.end <= last.end && ends_line(text, last.end)) {
                    last.end = end_of_line(text, place.end).max(last.end);
                }
                last.end
            }
            None => {
                let end = end_of_line(text, place.end);
                self.list.push(start_of_line(text, place.start)..end);
                end
            }
        };
        if ends_line(text, end) { end } else { place.end.max(end.saturating_sub(CONTEXT / 2)) }
    }

    /// The ranges that touch `core`, in order, no two of them overlapping or adjacent.
    pub(super) fn finish(&mut self, core: &Range<usize>) -> &[Range<usize>] {
        self.list.retain(|region| region.start < core.end && core.start < region.end);
        self.list.sort_by_key(|region| region.start);
        self.list.dedup_by(|next, kept| {
            let touches = next.start <= kept.end;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
        &self.list
    }
}

fn ends_line(text: &[u8], at: usize) -> bool {
    at == text.len() || at.checked_sub(1).is_some_and(|i| text[i] == b'\n')
}

/// Bytes at which a value can have ended.
static BREAKS: [bool; 256] = {
    let mut table = [false; 256];
    let breaks = b" \t\r\n\"'`<>(){},;|";
    let mut i = 0;
    while i < breaks.len() {
        table[breaks[i] as usize] = true;
        i += 1;
    }
    table
};

fn start_of_line(text: &[u8], at: usize) -> usize {
    let at = at.min(text.len());
    let from = at.saturating_sub(MAX_LINE);
    match memchr::memrchr(b'\n', &text[from..at]) {
        Some(i) => from + i + 1,
        None if from == 0 => 0,
        None => {
            let near = at.saturating_sub(CONTEXT);
            let far = near.saturating_sub(MAX_WORD);
            text[far..near].iter().rposition(|&b| BREAKS[b as usize]).map_or(far, |i| far + i + 1)
        }
    }
}

fn end_of_line(text: &[u8], at: usize) -> usize {
    let at = at.min(text.len());
    if ends_line(text, at) && at > 0 {
        return at;
    }
    let to = text.len().min(at + MAX_LINE);
    match memchr::memchr(b'\n', &text[at..to]) {
        Some(i) => at + i + 1,
        None if to == text.len() => to,
        None => {
            let near = at + CONTEXT;
            let far = text.len().min(near + MAX_WORD);
            text[near..far].iter().position(|&b| BREAKS[b as usize]).map_or(far, |i| near + i)
        }
    }
}
