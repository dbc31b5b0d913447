//! UTF-8, and bytes of no encoding that may hold some: what needs folding is folded, all else
//! stays.
//!
//! Works on any bytes: what is not UTF-8 is not touched. Typical text has few characters that
//! need folding, so the search for them passes over blocks without branching.

use std::ops::Range;

use super::table::{Entry, WIDTHS};
use super::write::Writer;

/// Bytes looked at in one step of the search.
const BLOCK: usize = 32;
/// Bytes behind a block that are looked at with it.
const AHEAD: usize = 3;

/// Writes a piece that is UTF-8, but for some bytes.
pub(super) fn fold(piece: Range<usize>, writer: &mut Writer<'_>) {
    blocks::<true>(piece, writer);
}

/// Writes a piece that is no text, but may hold some: the same, faster there and slower in text.
pub(super) fn fold_binary(piece: Range<usize>, writer: &mut Writer<'_>) {
    blocks::<false>(piece, writer);
}

fn blocks<const TEXT: bool>(piece: Range<usize>, writer: &mut Writer<'_>) {
    let raw = &writer.raw()[..piece.end];
    let mut done = piece.start;
    let mut at = piece.start;
    while at < raw.len() {
        for (i, hits) in specials::<TEXT>(raw, at).into_iter().enumerate() {
            let mut hits = hits;
            while hits != 0 {
                let found = at + i * 8 + hits.trailing_zeros() as usize / 8;
                hits &= hits - 1;
                // What was written already may reach into this block.
                if found >= done {
                    writer.keep(done..found);
                    done = special(raw, found, writer);
                }
            }
        }
        at = done.max(at + BLOCK);
    }
    writer.keep(done..raw.len());
}

/// Writes a character that must be looked at and those of its kind behind it. Returns where
/// they end.
fn special(raw: &[u8], at: usize, writer: &mut Writer<'_>) -> usize {
    // Characters of other width come in rows.
    let end = if raw[at] == 0xEF { writer.units(at, raw.len(), width) } else { at };
    if end > at {
        return end;
    }
    let Some((c, length)) = char_at(raw, at) else {
        writer.keep(at..at + 1);
        return at + 1;
    };
    let mut rest = at + length;
    let whole = writer.raw();
    writer.utf8_char(c, at..rest, || {
        let (c, length) = char_at(whole, rest)?;
        rest += length;
        Some(c)
    });
    at + length
}

/// The entry of a character from U+FF00 on.
fn width(bytes: &[u8; 3]) -> Entry {
    match *bytes {
        [0xEF, middle @ 0xBC..=0xBF, last @ 0x80..=0xBF] => {
            let entry = WIDTHS[usize::from(middle & 3) << 6 | usize::from(last & 0x3F)];
            // What stays as it is shall not be written.
            if entry.bytes()[..3] == *bytes { Entry::INVALID } else { entry }
        }
        _ => Entry::INVALID,
    }
}

/// The character at an offset and its length, if there is one.
pub(super) fn char_at(raw: &[u8], at: usize) -> Option<(char, usize)> {
    let rest = |byte: u8| (byte & 0xC0 == 0x80).then_some(u32::from(byte & 0x3F));
    let (code, length, least) = match *raw.get(at..)? {
        [a @ ..0x80, ..] => (u32::from(a), 1, 0),
        [a @ 0xC2..0xE0, b, ..] => (u32::from(a & 0x1F) << 6 | rest(b)?, 2, 0x80),
        [a @ 0xE0..0xF0, b, c, ..] => (u32::from(a & 0xF) << 12 | rest(b)? << 6 | rest(c)?, 3, 0x800),
        [a @ 0xF0..0xF5, b, c, d, ..] => {
            (u32::from(a & 7) << 18 | rest(b)? << 12 | rest(c)? << 6 | rest(d)?, 4, 0x1_0000)
        }
        _ => return None,
    };
    char::from_u32(code).filter(|_| code >= least).map(|c| (c, length))
}

/// Must the character that begins with these bytes be looked at? One test for all characters
/// that `fold` changes, written without branches.
#[inline(always)]
fn is_special<const TEXT: bool>(b: [u8; 1 + AHEAD]) -> bool {
    let lead = if TEXT {
        // U+0080 to U+00BF; U+02C0 to U+02FF; U+2000 to U+2FFF; U+F000 to U+10FFFF.
        (b[0] == 0xC2) | (b[0] == 0xCB) | (b[0] == 0xE2) | (b[0] >= 0xEF)
    } else {
        // Of the same, what `fold` may change: chance has each of these bytes often.
        ((b[0] == 0xC2) & ((b[1] == 0xA0) | (b[1] == 0xAD)))
            | ((b[0] == 0xCB) & (b[1] == 0x97))
            | ((b[0] == 0xE2) & ((b[1] <= 0x81) | (b[1] == 0x88) | (b[1] == 0x94) | (b[1] >= 0xBA)))
            | ((b[0] == 0xEF) & (b[1] >= 0xB8) & (b[1] <= 0xBE))
            | ((b[0] == 0xF0) & (b[1] == 0x9D))
            | ((b[0] == 0xF3) & (b[1] == 0xA0))
    };
    // In the block of kana: the space U+3000, the wave dash U+301C, the marks U+3099 to U+309C,
    // and ー where no kana follows.
    let space = (b[1] == 0x80) & ((b[2] == 0x80) | (b[2] == 0x9C));
    let mark = (b[1] == 0x82) & (b[2] >= 0x99) & (b[2] <= 0x9C);
    let dash = (b[1] == 0x83) & (b[2] == 0xBC) & (b[3] != 0xE3);
    lead | ((b[0] == 0xE3) & (space | mark | dash))
}

/// A byte for each offset of a block: is a character there to be looked at?
fn specials<const TEXT: bool>(raw: &[u8], at: usize) -> [u64; BLOCK / 8] {
    let mut padded = [0; BLOCK + AHEAD];
    let block = raw[at..].first_chunk().unwrap_or_else(|| {
        let rest = &raw[at..];
        padded[..rest.len()].copy_from_slice(rest);
        &padded
    });
    let mut hits = [0; BLOCK];
    for (i, hit) in hits.iter_mut().enumerate() {
        *hit = u8::from(is_special::<TEXT>([block[i], block[i + 1], block[i + 2], block[i + 3]]));
    }
    let mut words = [0; BLOCK / 8];
    for (word, bytes) in words.iter_mut().zip(hits.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::map::OffsetMap;
    use super::*;

    fn folded(raw: &[u8]) -> (Vec<u8>, OffsetMap) {
        let (mut out, mut map) = (Vec::new(), OffsetMap::default());
        let mut writer = Writer::new(raw, &mut out, &mut map);
        fold(0..raw.len(), &mut writer);
        match writer.finish() {
            Some(length) => out.truncate(length),
            None => out = raw.to_vec(),
        }
        (out, map)
    }

    fn text(raw: &str) -> String {
        String::from_utf8(folded(raw.as_bytes()).0).unwrap()
    }

    #[test]
    fn widths_spaces_and_invisible_characters() {
        assert_eq!(text("電話：０３－１２３４－５６７８　担当"), "電話:03-1234-5678 担当");
        assert_eq!(text("ﾔﾏﾀﾞ ﾀﾛｳ ﾊﾟﾋﾟｳﾞ"), "ヤマダ タロウ パピヴ");
        assert_eq!(text("か\u{3099}は\u{309A}ん\u{3099}"), "がぱん\u{3099}");
        assert_eq!(text("4929\u{200B} 6401\u{2060}5023\u{AD}4410"), "4929 640150234410");
        assert_eq!(text("\u{FEFF}葛\u{E0100}飾"), "葛飾");
        assert_eq!(text("①㈱㍻…“x”"), "①㈱㍻…“x”");
        assert_eq!(text("ﾞ゜ﾟカ゛ハ゜ア゛"), "゛゜゜ガパア゛");
    }

    #[test]
    fn hyphens_between_digits_only() {
        for dash in "-‐‑‒–—―⁃−－﹣ーｰ─━˗".chars() {
            assert_eq!(text(&format!("03{dash}1234{dash}５６７８")), "03-1234-5678", "{dash}");
            assert_eq!(text(&format!("1丁目2{dash}3")), "1丁目2-3", "{dash}");
        }
        assert_eq!(text("サーバー2台、第1ー章"), "サーバー2台、第1ー章");
        assert_eq!(text("090\u{AD}1234"), "0901234");
        assert_eq!(text("A‐101 T−12 見―出"), "A-101 T-12 見―出");
        assert_eq!(text("03ー（1234）ー5678"), "03-(1234)-5678");
        assert_eq!(text("三ー二"), "三-二");
    }

    #[test]
    fn nothing_to_fold_is_the_original() {
        let raw = "議事録。サーバー2台を調達する。".repeat(9);
        let (mut out, mut map) = (Vec::new(), OffsetMap::default());
        let mut writer = Writer::new(raw.as_bytes(), &mut out, &mut map);
        fold(0..raw.len(), &mut writer);
        assert_eq!(writer.finish(), None);
        assert!(out.is_empty());
    }

    #[test]
    fn the_map_leads_back() {
        let raw = "電話０３−1234（内線）ﾀﾞ\u{200B}終";
        let (out, map) = folded(raw.as_bytes());
        let out = String::from_utf8(out).unwrap();
        for (from, to) in [("03-1234", "０３−1234"), ("(内線)", "（内線）"), ("ダ", "ﾀﾞ"), ("終", "終")]
        {
            let at = out.find(from).unwrap();
            let want = raw.find(to).unwrap();
            assert_eq!(map.span(at..at + from.len()), want..want + to.len(), "{from}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_stay() {
        let raw = b"\x89PNG\xEF\xBC\x91\xEF\xBC\xFFtoken\xE3\x80\xC2";
        assert_eq!(folded(raw).0, b"\x89PNG1\xEF\xBC\xFFtoken\xE3\x80\xC2");
    }

    /// The search by blocks stops at every character that `fold` changes.
    #[test]
    fn no_character_is_passed_over() {
        use super::super::fold::{Fold, fold};
        fn found<const TEXT: bool>(text: &str) -> Vec<usize> {
            let words =
                specials::<TEXT>(text.as_bytes(), 0).into_iter().chain(specials::<TEXT>(text.as_bytes(), BLOCK));
            words
                .enumerate()
                .filter(|(_, word)| *word != 0)
                .map(|(i, word)| i * 8 + word.trailing_zeros() as usize / 8)
                .collect()
        }
        for c in (0x80..=0x10_FFFF).filter_map(char::from_u32) {
            if fold(c) != Fold::Keep {
                let text = format!("{}{c}", "あ".repeat(11));
                assert_eq!((found::<true>(&text), found::<false>(&text)), (vec![33], vec![33]), "{c:?}");
            }
        }
    }
}
