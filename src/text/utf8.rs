//! UTF-8, and bytes of no encoding that may hold some: what needs folding is folded, all else
//! stays.
//!
//! Works on any bytes: what is not UTF-8 is not touched. Typical text has few characters that
//! need folding, so the search for them passes over blocks without branching.

use std::ops::Range;

use super::write::Writer;

/// Bytes looked at in one step of the search.
const BLOCK: usize = 32;
/// Bytes behind a block that are looked at with it.
const AHEAD: usize = 3;

/// Writes a piece of the window.
pub(super) fn fold(piece: Range<usize>, writer: &mut Writer<'_>) {
    let raw = &writer.raw()[..piece.end];
    let mut at = piece.start;
    while let Some(found) = find(raw, at) {
        writer.keep(at..found);
        at = found;
        // Characters that need folding come in rows: look for the next one right behind.
        while at == found || (at < raw.len() && is_special(four(raw, at))) {
            match char_at(raw, at) {
                None => {
                    writer.keep(at..at + 1);
                    at += 1;
                }
                Some((c, length)) => {
                    let mut rest = at + length;
                    writer.utf8_char(c, at..rest, || {
                        let (c, length) = char_at(raw, rest)?;
                        rest += length;
                        Some(c)
                    });
                    at += length;
                }
            }
        }
    }
    writer.keep(at..piece.end);
}

/// The character at an offset and its length, if there is one.
pub(super) fn char_at(raw: &[u8], at: usize) -> Option<(char, usize)> {
    let length = match raw.get(at)? {
        0..0x80 => 1,
        0xC2..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF5 => 4,
        _ => return None,
    };
    let c = std::str::from_utf8(raw.get(at..at + length)?).ok()?.chars().next()?;
    Some((c, length))
}

/// Must the character that begins with these bytes be looked at? One test for all characters
/// that `fold` changes, written without branches.
#[inline(always)]
fn is_special(b: [u8; 1 + AHEAD]) -> bool {
    // U+00A0 and U+00AD; U+02D7; U+2000 to U+2FFF; U+F000 to U+10FFFF.
    let lead = (b[0] == 0xC2) | (b[0] == 0xCB) | (b[0] == 0xE2) | (b[0] >= 0xEF);
    // In the block of kana: the space U+3000, the wave dash U+301C, the marks U+3099 to U+309C,
    // and ー where no kana follows.
    let space = (b[1] == 0x80) & ((b[2] == 0x80) | (b[2] == 0x9C));
    let mark = (b[1] == 0x82) & (b[2] >= 0x99) & (b[2] <= 0x9C);
    let dash = (b[1] == 0x83) & (b[2] == 0xBC) & (b[3] != 0xE3);
    lead | ((b[0] == 0xE3) & (space | mark | dash))
}

/// The bytes from an offset on, with zeros behind the end.
fn four(raw: &[u8], at: usize) -> [u8; 1 + AHEAD] {
    std::array::from_fn(|i| raw.get(at + i).copied().unwrap_or(0))
}

/// The next offset at which a character must be looked at.
fn find(raw: &[u8], mut at: usize) -> Option<usize> {
    while let Some(block) = raw.get(at..at + BLOCK + AHEAD) {
        let mut hits = [0u8; BLOCK];
        for (i, hit) in hits.iter_mut().enumerate() {
            *hit = u8::from(is_special([block[i], block[i + 1], block[i + 2], block[i + 3]]));
        }
        for (i, word) in hits.as_chunks::<8>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            if word != 0 {
                return Some(at + i * 8 + word.trailing_zeros() as usize / 8);
            }
        }
        at += BLOCK;
    }
    (at..raw.len()).find(|&at| is_special(four(raw, at)))
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
        for c in (0x80..=0x10_FFFF).filter_map(char::from_u32) {
            if fold(c) != Fold::Keep {
                let text = format!("{}{c}", "あ".repeat(11));
                assert_eq!(find(text.as_bytes(), 0), Some(33), "{c:?}");
            }
        }
    }
}
