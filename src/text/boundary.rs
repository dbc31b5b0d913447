//! Where a window may begin: never within a character.
//!
//! The bytes of a window and an offset in, an offset at or before it out. The window itself
//! begins at a character, so there is always an answer.

use super::Encoding;
use super::jis::{self, Set};
use super::wide;

/// How far back the beginning of a line is looked for, bytes.
const BACK: usize = 4096;

/// The last offset at or before `want` at which a line of `raw` begins, or else a character.
/// `set` is the state at the beginning of `raw`, for ISO-2022-JP.
pub(super) fn boundary(raw: &[u8], want: usize, encoding: Option<Encoding>, set: Set) -> usize {
    let want = want.min(raw.len());
    let from = want.saturating_sub(BACK);
    match encoding {
        Some(encoding) if encoding.unit() > 1 => return wide_boundary(raw, want, encoding),
        // A newline may stand within Japanese text, but not within a character.
        _ => {
            if let Some(newline) = memchr::memrchr(b'\n', &raw[from..want]) {
                return from + newline + 1;
            }
        }
    }
    if encoding == Some(Encoding::Iso2022Jp) {
        return jis::boundary(raw, set, want);
    }
    // No character of several bytes has a byte below 0x40 in it.
    match raw[from..want].iter().rposition(|&b| b < 0x40) {
        Some(last) => from + last + 1,
        None => char_boundary(raw, want, encoding),
    }
}

/// The last offset at or before `want` at which a character begins.
pub(super) fn char_boundary(raw: &[u8], want: usize, encoding: Option<Encoding>) -> usize {
    if want >= raw.len() {
        return raw.len();
    }
    match encoding {
        Some(Encoding::EucJp) => {
            let start = raw[..want].iter().rposition(|&b| b < 0x80).map_or(0, |last| last + 1);
            let mut at = start;
            loop {
                let next = at + if raw[at] == 0x8F { 3 } else { 2 };
                if next > want {
                    // A byte below 0x80 is a character by itself.
                    return if at == start && start == want { want } else { at };
                }
                at = next;
            }
        }
        Some(Encoding::ShiftJis) => {
            // Each first byte takes the next: only an even number of them leaves a beginning.
            let first = |b: &u8| matches!(b, 0x81..=0x9F | 0xE0..=0xFC);
            let run = raw[..want].iter().rev().take_while(|b| first(b)).count();
            want - run % 2
        }
        _ => (want.saturating_sub(3)..=want).rev().find(|&at| raw[at] & 0xC0 != 0x80).unwrap_or(want),
    }
}

fn wide_boundary(raw: &[u8], want: usize, encoding: Encoding) -> usize {
    let unit = encoding.unit();
    let from = want.saturating_sub(BACK) / unit * unit;
    match wide::last_line(encoding, &raw[from..want]) {
        Some(line) => from + line,
        None => wide::char_boundary(encoding, raw, want),
    }
}
