//! Japanese postal addresses by the names of municipalities: the prefecture may be missing.
//!
//! A text in, places out. The search begins at what every address has, a number of a block or a
//! house behind Japanese text ([`tail`]), and goes back from there to the municipality; what
//! stands before that (郡, 都道府県) and behind the number (building, room) belongs to it too.

mod building;
mod tail;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::finder::Sighting;
use super::names::runs::{Kind, char_at, kind_of};
use crate::lexicon::{self, Place};

/// Characters between the beginning of an address and its number.
const FARTHEST: usize = 44;
/// Characters of a town: 寺町通御池上る上本能寺前町.
const LONGEST_TOWN: usize = 24;

/// Addresses whose beginning lies in `core`.
pub(super) fn find(text: &[u8], core: Range<usize>, found: &mut dyn FnMut(Sighting)) {
    // An address that begins in the core may have its number behind it.
    let end = (core.end + FARTHEST * 3).min(text.len());
    let mut taken = 0;
    for number in tail::Numbers::new(text, core.start..end) {
        if number < taken {
            continue;
        }
        let Some((start, sure)) = beginning(text, number) else { continue };
        let Some(behind) = tail::end(text, number) else { continue };
        taken = behind;
        if core.contains(&start) {
            found(Sighting { value: start..behind, reasons: &["municipality"], proven: sure, weak: false });
        }
    }
}

/// Where the address begins whose number stands at `number`, and whether a prefecture or district
/// says so too.
fn beginning(text: &[u8], number: usize) -> Option<(usize, bool)> {
    let before = Before::of(text, number);
    // The municipality nearest to the number, with a town or nothing but a marker between them. A town
    // may be called like a municipality elsewhere: 松江市朝日町2-3.
    let last = before.chars.len();
    let from = (1..=last.min(LONGEST_TOWN + lexicon::LONGEST_PLACE)).find_map(|back| {
        let to = last - back + 1;
        let (from, place) = before.place_ending(to)?;
        (place.municipality && is_town(&before.chars[to..], text, number)).then_some(from)
    })?;
    // What it lies in: 横浜市 before 西区, 神奈川県 before that.
    let (mut start, mut sure) = (from, false);
    while let Some((from, place)) = before.place_ending(start) {
        sure |= place.prefecture || place.district;
        start = from;
    }
    // A word goes on before it: 新港区, 旧三田市.
    let glued = start > 0 && from == start && before.kind(start - 1) == Some(Kind::Katakana) && !sure;
    (!glued).then(|| (before.offsets[start], sure))
}

/// Can this be the part between the municipality and the number?
fn is_town(town: &[u16], text: &[u8], number: usize) -> bool {
    let word: String = String::from_utf16_lossy(town);
    let word = word.trim_start_matches(' ');
    // 第2条, 令和5年; 役所, 議会 and 警察署 have a telephone, not a block.
    let no_town = [
        "第", "年", "月", "約", "計", "No", "平成", "令和", "昭和", "開催", "電話", "番号", "役所", "役場", "議会",
        "まで", "から", "では", "には", "対", "勝", "敗",
    ];
    if no_town.iter().any(|word_end| word.ends_with(word_end)) || word.contains(['、', '。', '「', '」', '(', ')'])
    {
        return false;
    }
    match word.chars().count() {
        0 => tail::is_marked(text, number),
        // 霞が関にある 1-2 is the end of a clause; みなとみらい2-3 is not.
        1..=LONGEST_TOWN => word.chars().next_back().is_some_and(|c| {
            let clause = "でにはがをともへ".contains(c) || text[number - 1] == b' ' && ('ぁ'..='ゖ').contains(&c);
            !clause || tail::is_marked(text, number) || tail::has_three_parts(text, number) && !word.contains(' ')
        }),
        _ => false,
    }
}

/// The Japanese characters before a place, as far as an address reaches.
struct Before {
    chars: Vec<u16>,
    offsets: Vec<usize>,
}

impl Before {
    /// At most one blank, comma or quote between two characters is passed over, as cells of a table
    /// and the parts of a form have them.
    fn of(text: &[u8], at: usize) -> Before {
        let (mut chars, mut offsets) = (Vec::new(), Vec::new());
        let mut at = at;
        while chars.len() < FARTHEST && at > 0 {
            let gap = gap_before(text, at);
            let Some(c) =
                (at - gap).checked_sub(3).and_then(|from| char_at(text, from)).filter(|&c| kind_of(c).is_some())
            else {
                break;
            };
            if gap > 0 && !chars.is_empty() {
                // The gap is kept as what it is, so that a name never reaches over it.
                chars.push(u16::from(b' '));
                offsets.push(at - gap);
            }
            at -= gap + 3;
            chars.push(c);
            offsets.push(at);
        }
        chars.reverse();
        offsets.reverse();
        Before { chars, offsets }
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.chars.get(at).copied().and_then(kind_of)
    }

    /// The longest place whose name ends at `to`, a gap before that aside.
    fn place_ending(&self, to: usize) -> Option<(usize, Place)> {
        let to = if to > 0 && self.chars[to - 1] == u16::from(b' ') { to - 1 } else { to };
        // Only 市区町村郡都道府県 end a place: most characters are dismissed by one look.
        if !to.checked_sub(1).is_some_and(|last| "市区町村郡都道府県".encode_utf16().any(|c| c == self.chars[last]))
        {
            return None;
        }
        let longest = to.min(lexicon::LONGEST_PLACE);
        (2..=longest).rev().find_map(|n| lexicon::place(&self.chars[to - n..to]).map(|place| (to - n, place)))
    }
}

/// Bytes of a gap that an address may have before `at`: a blank, or the border of two cells.
fn gap_before(text: &[u8], at: usize) -> usize {
    let gaps: [&[u8]; 5] = [b"\",\"", b"\", \"", b",", b" ", b"\t"];
    gaps.iter().find(|gap| text[..at].ends_with(gap)).map_or(0, |gap| gap.len())
}
