//! Cells of a table and values of keys that could be a person's name.
//!
//! A text in, cells out: Japanese words of a name's length with a delimiter on one side at least.
//! Whether a cell is a name is for its column's heading or its key to say, so the detector must
//! require that; no dictionary is needed here, and foreign and rare names count as well.

use std::ops::Range;

use super::super::finder::Sighting;
use super::runs::Runs;
use crate::lexicon::{self, Part};

/// Characters of the longest name in a cell.
const LONGEST: usize = 18;

/// Every such cell that begins in `core`.
pub(in super::super) fn find(text: &[u8], core: Range<usize>, found: &mut dyn FnMut(Sighting)) {
    let mut runs = Runs::new(text, core.start.saturating_sub(super::BACK), core.end).peekable();
    while let Some(first) = runs.next() {
        let mut end = first.end;
        // 龍 璃々亜, ジョン・スミス: runs with at most one blank or dot between them.
        while let Some(next) = runs.next_if(|next| joined(&text[end..next.start])) {
            end = next.end;
        }
        let value = first.start..end;
        if core.contains(&value.start) && ends(text, &value) {
            let end = without_title(&text[value.clone()]) + value.start;
            if could_be_a_name(&String::from_utf8_lossy(&text[value.start..end])) {
                found(Sighting { value: value.start..end, reasons: &["pattern"], proven: false, weak: false });
            }
        }
    }
}

/// Every cell in Latin letters that could be a name: one to four capitalised words.
pub(in super::super) fn find_latin(text: &[u8], core: Range<usize>, found: &mut dyn FnMut(Sighting)) {
    let mut at = core.start;
    while at < core.end {
        let byte = text[at];
        let is_first = byte.is_ascii_uppercase() && !at.checked_sub(1).is_some_and(|i| text[i].is_ascii_alphanumeric());
        if !is_first {
            at += 1;
            continue;
        }
        let length = text[at..].iter().take(LONGEST_LATIN).take_while(|&&b| is_latin(b)).count();
        let value = &text[at..at + length];
        let value = at..at + value.trim_ascii_end().len();
        let words = text[value.clone()].split(|&b| b == b' ');
        let are_names = words.clone().all(is_latin_name);
        if are_names && words.count() <= 4 && value.len() > 1 && ends(text, &value) {
            found(Sighting { value, reasons: &["pattern"], proven: false, weak: false });
        }
        at += length.max(1);
    }
}

/// Yamada, YAMADA, J., O'Brien, McDonald, Smith-Jones; not FullNameRef.
fn is_latin_name(word: &[u8]) -> bool {
    let rest = word.strip_prefix(b"Mc").or_else(|| word.strip_prefix(b"Mac")).unwrap_or(word);
    let has_small = word.iter().any(u8::is_ascii_lowercase);
    let is_inner = |i: usize| i > 0 && rest[i].is_ascii_uppercase() && rest[i - 1].is_ascii_lowercase();
    rest.first().is_some_and(u8::is_ascii_uppercase) && !(has_small && (0..rest.len()).any(is_inner))
}

/// The cells of [`find`] that have a name of the dictionaries, for columns that name other things too.
pub(in super::super) fn find_listed(text: &[u8], core: Range<usize>, found: &mut dyn FnMut(Sighting)) {
    find(text, core, &mut |sighting| {
        if is_listed(&String::from_utf8_lossy(&text[sighting.value.clone()])) {
            found(sighting);
        }
    });
}

/// Does it consist of a surname, of a given name, or of both?
fn is_listed(cell: &str) -> bool {
    let parts: Vec<Vec<u16>> = cell.split([' ', '・']).map(|p| p.encode_utf16().map(lexicon::fold).collect()).collect();
    let surname = |w: &[u16]| lexicon::surname(w).is_some_and(|n| n.tier < 3) || lexicon::is_reading(w, Part::Surname);
    let given = |w: &[u16]| lexicon::given_name(w).is_some_and(|n| n.tier < 3) || lexicon::is_reading(w, Part::Given);
    match parts.as_slice() {
        [whole] => {
            given(whole) || surname(whole) || (1..whole.len()).any(|at| surname(&whole[..at]) && given(&whole[at..]))
        }
        [first, second] => surname(first) || given(second),
        _ => false,
    }
}

/// Bytes of the longest name in Latin letters.
const LONGEST_LATIN: usize = 60;

fn is_latin(b: u8) -> bool {
    b.is_ascii_alphabetic() || matches!(b, b' ' | b'.' | b'-' | b'\'')
}

fn joined(between: &[u8]) -> bool {
    matches!(between, b"" | b" " | [0xE3, 0x83, 0xBB])
}

/// Does the value fill its cell?
fn ends(text: &[u8], value: &Range<usize>) -> bool {
    let before = text[..value.start].iter().rev().find(|&&b| b != b' ');
    let behind = text[value.end..].iter().find(|&&b| b != b' ');
    let opens = before.is_none_or(|b| b",;\t\"'|>\n:=[".contains(b));
    let closes = behind.is_none_or(|b| b",;\t\"'|<\r\n]})".contains(b));
    let delimited =
        before.is_some_and(|b| b",;\t\"'|>".contains(b)) || behind.is_some_and(|b| b",;\t\"'|<".contains(b));
    opens && closes && delimited
}

/// Length of the cell without 様 and its like.
fn without_title(cell: &[u8]) -> usize {
    let titles = ["様", "殿", "さん", "さま", "先生", "氏"];
    let bare = titles.iter().find_map(|title| cell.strip_suffix(title.as_bytes())).unwrap_or(cell);
    bare.trim_ascii_end().len()
}

/// Is the text short enough for a name and free of words that no name has?
pub(super) fn could_be_a_name(text: &str) -> bool {
    (1..=LONGEST).contains(&text.chars().count()) && !NOT.iter().any(|word| text.contains(word))
}

/// Words of a cell that is no person whatever its column is called.
const NOT: &[&str] = &[
    "を",
    "会社",
    "法人",
    "組合",
    "銀行",
    "商店",
    "学校",
    "大学",
    "病院",
    "役所",
    "センター",
    "未定",
    "不明",
    "非公開",
    "該当",
    "なし",
    "無し",
    "合計",
    "小計",
    "氏名",
    "名前",
    "フリガナ",
    "ふりがな",
    "担当",
    "部門",
    "同上",
    "以上",
    "必須",
    "任意",
    "匿名",
    "御中",
    "住所",
    "電話",
    "番号",
    "年月日",
    "メール",
    "性別",
    "年齢",
    "備考",
    "設定",
    "項目",
    "入力",
    "全角",
    "漢字",
    "カタカナ",
];
