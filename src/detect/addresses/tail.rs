//! The end of an address: number of block and house; building and room are [`building`]'s.
//!
//! Numbers are ASCII (the text is width-folded) or kanji; hyphens between digits are `-`.

use std::ops::Range;

use super::building;
use crate::detect::names::runs::{char_at, skip_ascii};

/// What stands between two numbers of an address, or behind the last.
const MARKS: [&str; 12] = ["丁目", "番地の", "番地", "番町", "番の", "番", "号室", "号棟", "号", "の", "-", "−"];
/// Offsets where the number of an address may begin: behind a Japanese character (and a blank).
pub(super) struct Numbers<'t> {
    text: &'t [u8],
    at: usize,
    end: usize,
}

impl<'t> Numbers<'t> {
    pub(super) fn new(text: &'t [u8], range: Range<usize>) -> Numbers<'t> {
        Numbers { text, at: range.start, end: range.end }
    }
}

impl Iterator for Numbers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.at < self.end {
            let at = self.at;
            let byte = self.text[at];
            if byte.is_ascii_digit() {
                self.at += 1;
                let before = &self.text[..at];
                let follows = before.last().is_some_and(|&b| b >= 0x80)
                    || before.last() == Some(&b' ') && before.len() > 1 && before[at - 2] >= 0x80;
                // Not into a run of digits, and nothing that begins with 0.
                if follows && byte != b'0' && end(self.text, at).is_some() {
                    return Some(at);
                }
                while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
                    self.at += 1;
                }
                continue;
            }
            if byte < 0x80 {
                // Behind more than one blank nothing begins before the next Japanese character.
                let is_joint = byte == b' ' && at > 0 && self.text[at - 1] >= 0x80;
                self.at = if is_joint { at + 1 } else { skip_ascii(self.text, at, self.end) };
                continue;
            }
            if byte < 0xE3 {
                self.at += 1;
                continue;
            }
            match char_at(self.text, at) {
                // A kanji number is a number here only where a mark follows.
                Some(c) if is_kanji_digit(c) => {
                    let number = kanji_number(self.text, at);
                    self.at = number;
                    if ["丁目", "番地"].iter().any(|mark| self.text[number..].starts_with(mark.as_bytes())) {
                        return Some(at);
                    }
                }
                Some(_) => self.at += 3,
                None => self.at += 1,
            }
        }
        None
    }
}

/// Does 丁目, 番地, 番 … 号 stand behind the number, so that it is one of an address for sure?
pub(super) fn is_marked(text: &[u8], number: usize) -> bool {
    let behind = digits(text, number);
    behind > number && ["丁目", "番地"].iter().any(|mark| text[behind..].starts_with(mark.as_bytes()))
}

/// Is it 1-2-3?
pub(super) fn has_three_parts(text: &[u8], number: usize) -> bool {
    let digits = text[number..].iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b'-');
    digits.filter(|&&b| b == b'-').count() >= 2
}

/// The end of the address whose number begins at `number`; `None` if it is no such number: a
/// single one without a mark, a year, a date.
pub(super) fn end(text: &[u8], number: usize) -> Option<usize> {
    let (mut at, mut parts, mut marked) = (number, 0, false);
    let mut wide = 0;
    loop {
        let behind = digits(text, at);
        if behind == at || behind - at > 5 && text[at].is_ascii_digit() {
            break;
        }
        // 2024-11-22, and a telephone number behind the address.
        if parts == 0 && is_year(&text[at..behind]) {
            wide = 1;
        }
        if parts > 0 && text[at] == b'0' {
            break;
        }
        parts += 1;
        at = behind;
        let rest = &text[at..];
        let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(mark.as_bytes())) else {
            // 北1条西2丁目
            if let Some(line) = ["条", "線"].iter().find(|m| rest.starts_with(m.as_bytes()))
                && let Some(side) =
                    rest.get(3..6).filter(|s| ["東", "西", "南", "北"].iter().any(|d| d.as_bytes() == *s))
            {
                at += line.len() + side.len();
                marked = true;
                continue;
            }
            break;
        };
        let next = at + mark.len();
        let blank = next + usize::from(text.get(next) == Some(&b' ') && mark.len() > 1);
        let goes_on = digits(text, blank) > blank;
        match *mark {
            "の" | "-" | "−" if !goes_on => break,
            "の" | "-" | "−" => {}
            "号" | "番" => marked |= parts > 1 || goes_on,
            _ => marked = true,
        }
        if matches!(*mark, "番" | "号") && !goes_on && parts == 1 {
            return None;
        }
        at = if goes_on { blank } else { next };
        if !goes_on || parts == 6 {
            break;
        }
    }
    let dated = wide == 1 && !marked && parts >= 3;
    let enough = parts >= 2 || marked;
    let glued = text.get(at).is_some_and(|b| b.is_ascii_digit() || *b == b'_' || *b == b':' || *b == b'%')
        || [
            "年", "月", "条", "項", "回", "時", "点", "人", "名", "円", "個", "件", "万", "対", "ヶ月", "か月", "週",
            "日", "km", "m",
        ]
        .iter()
        .any(|unit| text[at..].starts_with(unit.as_bytes()));
    (enough && !dated && !glued).then(|| building::end(text, at))
}

/// Behind the digits, ASCII or kanji, that begin at `at`.
fn digits(text: &[u8], at: usize) -> usize {
    let figures = text[at.min(text.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    if figures > 0 { at + figures } else { kanji_number(text, at) }
}

fn kanji_number(text: &[u8], mut at: usize) -> usize {
    for _ in 0..6 {
        match char_at(text, at) {
            Some(c) if is_kanji_digit(c) => at += 3,
            _ => break,
        }
    }
    at
}

fn is_kanji_digit(c: u16) -> bool {
    char::from_u32(u32::from(c)).is_some_and(|c| "一二三四五六七八九十百千〇".contains(c))
}

fn is_year(figures: &[u8]) -> bool {
    figures.len() == 4 && (figures.starts_with(b"19") || figures.starts_with(b"20"))
}
