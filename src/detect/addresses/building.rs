//! Building and room behind the number of an address: メゾン青葉203号室, 関内ハイツB-102, サンライズ桜 202.
//!
//! A text and the offset behind the number in, the offset behind the room out; the same offset where
//! no building follows. A building is told by a word that such names end with, or by a room behind
//! any name.

/// Words that the name of a building has or ends with.
const BUILDINGS: [&str; 40] = [
    "ビルディング",
    "ビルヂング",
    "ビル",
    "マンション",
    "アパートメント",
    "アパート",
    "ハイツ",
    "コーポ",
    "ハイム",
    "メゾン",
    "レジデンス",
    "タワー",
    "ハウス",
    "パレス",
    "プラザ",
    "コート",
    "ヒルズ",
    "ガーデン",
    "シティ",
    "テラス",
    "シャトー",
    "カーサ",
    "ヴィラ",
    "ドミール",
    "フラット",
    "スクエア",
    "ライフ",
    "ハイネス",
    "パーク",
    "マークス",
    "レジデンシャル",
    "団地",
    "住宅",
    "会館",
    "号棟",
    "番館",
    "荘",
    "寮",
    "館",
    "庁舎",
];
/// What stands behind an address and is no building.
const OTHERS: [&str; 24] = [
    "電話",
    "内線",
    "携帯",
    "担当",
    "氏名",
    "徒歩",
    "駅",
    "定員",
    "受付",
    "午前",
    "午後",
    "令和",
    "平成",
    "昭和",
    "郵便",
    "番号",
    "生年",
    "合計",
    "最寄",
    "から",
    "まで",
    "及び",
    "または",
    "時",
];
/// Characters of the longest name of a building.
const LONGEST: usize = 24;
/// Bytes that are looked at.
const NEAR: usize = 140;

/// The end of building and room, or `at`.
pub(super) fn end(text: &[u8], at: usize) -> usize {
    let line = &text[at..(at + NEAR).min(text.len())];
    let is_end = |b: &u8| matches!(b, b'\n' | b'\r' | b'\t' | b',' | b'"' | b'\'' | b'<' | b'|' | b';');
    let line = &line[..line.iter().position(is_end).unwrap_or(line.len())];
    let line = String::from_utf8_lossy(line);
    let body = line.strip_prefix([' ', '-']).unwrap_or(&line);
    let end = of(body);
    if end == 0 { at } else { at + line.len() - body.len() + end }
}

/// Bytes of building and room at the beginning of `body`; 0 if it begins with neither.
fn of(body: &str) -> usize {
    let (name, gap) = name(body);
    let known = BUILDINGS.iter().filter_map(|word| body[..name].find(word).map(|i| i + word.len())).max();
    let is_other = OTHERS.iter().any(|word| body[..name].contains(word));
    let room = if is_other { None } else { room(&body[name + gap..]) };
    match (known, room) {
        // ビル203, レジデンス南 801号, サンライズ桜 202
        (Some(_), Some(room)) => name + gap + room.end,
        (None, Some(room)) if name == 0 && room.marked => room.end,
        (None, Some(_)) if name == 0 => 0,
        (None, Some(room)) if room.marked || room.figures >= 3 && body[..name].chars().count() >= 3 => {
            name + gap + room.end
        }
        // 第二山本ビル, 関所ビル様: up to the word.
        (Some(end), None) if !is_other => {
            let rest = &body[end..];
            let more =
                rest.strip_prefix("本館").or_else(|| rest.strip_prefix("別館")).or_else(|| rest.strip_prefix("新館"));
            end + more.map_or(0, |after| rest.len() - after.len())
        }
        _ => 0,
    }
}

/// Bytes of a name and of the blank behind it. A name has letters and at most one blank inside, before
/// a wing (B棟).
fn name(body: &str) -> (usize, usize) {
    let mut end = 0;
    for (i, c) in body.char_indices().take(LONGEST) {
        let is_wing = c == ' ' && i > 0 && wing(&body[i + 1..]) > 0;
        let is_part = c.is_alphabetic() && !"様宛御".contains(c) || "ー・&'ⅠⅡⅢⅣⅤ々".contains(c) || is_wing;
        // The letter of a room: B-102.
        let is_room = |rest: &str| figures(rest.strip_prefix('-').unwrap_or(rest)) > 0;
        if !is_part || c.is_ascii_uppercase() && is_room(&body[i + 1..]) {
            break;
        }
        end = i + c.len_utf8();
    }
    (end, usize::from(body[end..].starts_with(' ')))
}

/// Bytes of `B棟`.
fn wing(body: &str) -> usize {
    let mut chars = body.chars();
    let letter = chars.next().filter(char::is_ascii_alphanumeric);
    if letter.is_some() && chars.next() == Some('棟') { 1 + '棟'.len_utf8() } else { 0 }
}

/// The number of a room.
struct Room {
    end: usize,
    figures: usize,
    /// 号室, 階 or the like says that it is one.
    marked: bool,
}

/// The room that `rest` begins with: 203号室, B-102, 3-405, 5階, B棟403, 12F.
fn room(rest: &str) -> Option<Room> {
    let mut at = wing(rest);
    if rest[at..].starts_with(' ') {
        at += 1;
    }
    if rest[at..].starts_with(|c: char| c.is_ascii_uppercase()) {
        at += 1 + usize::from(rest[at + 1..].starts_with('-'));
    }
    let mut all = figures(&rest[at..]);
    if all == 0 || all > 4 {
        return None;
    }
    if let Some(second) = rest[at + all..].strip_prefix('-').map(figures).filter(|n| (1..=4).contains(n)) {
        all += 1 + second;
    }
    at += all;
    let mark = ["号室", "号", "階", "F", "室"].iter().find(|mark| rest[at..].starts_with(**mark));
    at += mark.map_or(0, |mark| mark.len());
    // 12F 203号室 aside, nothing goes on behind it.
    let goes_on =
        rest[at..].starts_with(|c: char| c.is_ascii_alphanumeric() || "-/:.%年月日時分円人名個件".contains(c));
    (!goes_on).then_some(Room { end: at, figures: all, marked: mark.is_some() })
}

fn figures(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn buildings_and_rooms() {
        for (line, end) in [
            (" メゾン青葉203号室", " メゾン青葉203号室"),
            (" グランドコート東口 1204号室", " グランドコート東口 1204号室"),
            ("関内ハイツB-102 山田", "関内ハイツB-102"),
            (" サンライズ桜 202号室", " サンライズ桜 202号室"),
            (" シャトー中央 B棟403号室", " シャトー中央 B棟403号室"),
            (" 緑ヶ丘団地3-405 様", " 緑ヶ丘団地3-405"),
            (" エスポワール壱番館 101", " エスポワール壱番館 101"),
            (" 第二山本ビル5階", " 第二山本ビル5階"),
            (" プレミアムタワー12F", " プレミアムタワー12F"),
            (" ルミエール305", " ルミエール305"),
            (" 関所ビル 山田様", " 関所ビル"),
            ("-203", ""),
            (" 203号室", " 203号室"),
            (" 電話 03", ""),
            (" 山田太郎様", ""),
            (" 駅徒歩 5", ""),
            (" 2024年", ""),
            (" 内線 123", ""),
            ("", ""),
        ] {
            assert_eq!(&line[..super::end(line.as_bytes(), 0)], end, "{line}");
        }
    }
}
