//! Japanese words with a blank between any two characters: `氏　名`, `山　田　太　郎`.
//!
//! Forms and letters space short words out to a common width. A blank is removed where each of at
//! least two characters stands by itself; between words it stays.

use std::ops::Range;

use super::Kind;
use super::rewrite::Rewriter;

/// So many blanks may stand between two characters.
const MAX_BLANKS: usize = 6;
/// A row of spaced characters is at most so long.
const MAX_ROW: usize = 16;

/// The length of the kanji or kana that `rest` begins with: three bytes.
fn letter(rest: &[u8]) -> Option<usize> {
    match rest {
        // Punctuation, brackets and the middle dot.
        [0xE3, 0x80, 0..=0x84 | 0x88..=0xFF, ..] | [0xE3, 0x83, 0xBB, ..] => None,
        [0xE3..=0xE9, 0x80..=0xBF, 0x80..=0xBF, ..] => Some(3),
        _ => None,
    }
}

/// Does the letter at `at` stand by itself: with no other letter directly before or behind it?
fn is_single(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(3).is_some_and(|before| letter(&text[before..at]).is_some());
    !before && text.get(at..).and_then(letter).is_some() && text.get(at + 3..).and_then(letter).is_none()
}

/// The row of single letters around the blank at `at`: from its first letter to behind its last.
fn row(text: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at - text[..at].iter().rev().take(MAX_BLANKS).take_while(|b| **b == b' ').count();
    let first = start.checked_sub(3)?;
    if !is_single(text, first) {
        return None;
    }
    let mut end = start;
    for _ in 0..MAX_ROW {
        let blanks = text[end..].iter().take(MAX_BLANKS).take_while(|b| **b == b' ').count();
        if blanks == 0 || !is_single(text, end + blanks) {
            break;
        }
        end += blanks + 3;
    }
    (end > start).then_some(first..end)
}

/// Calls `each` with every row; `each` returns the offset to go on from.
pub(super) fn each(text: &[u8], mut each: impl FnMut(Range<usize>) -> usize) {
    const BLOCK: usize = 64;
    let (Some(middle), Some(after)) = (text.get(1..), text.get(2..)) else { return };
    let mut done = 0;
    // Written so that the compiler makes vector instructions of it: no branch for each byte.
    for (i, ((before, blank), after)) in
        text.chunks(BLOCK).zip(middle.chunks(BLOCK)).zip(after.chunks(BLOCK)).enumerate()
    {
        let mut any = 0;
        for ((&before, &blank), &after) in before.iter().zip(blank).zip(after) {
            any |= u8::from(before >= 0x80)
                & u8::from(blank == b' ')
                & (u8::from(after >= 0xE3) | u8::from(after == b' '));
        }
        if any != 0 {
            let from = i * BLOCK + 1;
            for at in from..text.len().min(from + BLOCK) {
                if at >= done && text[at] == b' ' && text[at - 1] >= 0x80 {
                    done = row(text, at).map_or(at + 1, |row| each(row.clone()).max(row.end));
                }
            }
        }
    }
}

/// Removes the blanks of rows in a region.
pub(super) fn rewrite(source: &[u8], to: &mut Rewriter<'_>) -> Option<Kind> {
    let mut found = None;
    each(source, |row| {
        let mut at = row.start + 3;
        while at < row.end {
            let blanks = source[at..row.end].iter().take_while(|b| **b == b' ').count();
            to.replace(at..at + blanks, b"");
            at += blanks + 3;
        }
        found = Some(Kind::Spaced);
        row.end
    });
    found
}

#[cfg(test)]
mod tests {
    use super::super::rewrite::Draft;
    use super::*;

    fn joined(text: &str) -> String {
        let mut draft = Draft::default();
        let mut to = Rewriter::new(text.as_bytes(), &[], &mut draft);
        rewrite(text.as_bytes(), &mut to);
        if to.finish() { String::from_utf8_lossy(&draft.bytes).into_owned() } else { text.to_owned() }
    }

    #[test]
    fn spaced_words_are_joined() {
        assert_eq!(joined("氏  名: 山 田 太 郎 様\n"), "氏名: 山田太郎様\n");
        assert_eq!(joined(&format!("{}住 所: 東京都", "x".repeat(61))), format!("{}住所: 東京都", "x".repeat(61)));
    }

    #[test]
    fn words_stay_apart() {
        for text in ["山田 太郎", "私 は山田", "A 社 B 社", "「 、 」", "価格 円", "日", ""] {
            assert_eq!(joined(text), text);
        }
    }
}
