//! Cells under a header that says they hold names of people.
//!
//! A table's rows in, cells out. Here no dictionary is needed: any name counts, also foreign and
//! rare ones; a cell that is clearly something else (a number, a company) does not.

use std::ops::Range;

use super::super::Setting;
use super::super::finder::Sighting;
use super::super::table::Table;

/// Headers that only columns of people's names have.
const SURE: [&str; 44] = [
    "氏名",
    "お名前",
    "御名前",
    "姓名",
    "姓",
    "苗字",
    "名字",
    "フルネーム",
    "氏名漢字",
    "漢字氏名",
    "氏名カナ",
    "カナ氏名",
    "氏名かな",
    "フリガナ",
    "ふりがな",
    "よみがな",
    "読み仮名",
    "ヨミガナ",
    "セイ",
    "メイ",
    "姓カナ",
    "名カナ",
    "カナ姓",
    "カナ名",
    "姓かな",
    "名かな",
    "旧姓",
    "本名",
    "世帯主",
    "名義人",
    "口座名義",
    "名義",
    "full_name",
    "fullname",
    "first_name",
    "firstname",
    "last_name",
    "lastname",
    "family_name",
    "given_name",
    "surname",
    "middle_name",
    "maiden_name",
    "cardholder",
];
/// Headers that end like this: 申込者氏名, 社員名, 担当者, 患者名.
const ENDINGS: [&str; 22] = [
    "氏名",
    "者名",
    "員名",
    "客名",
    "客様名",
    "社員",
    "患者名",
    "会員名",
    "名義人",
    "担当者",
    "責任者",
    "申込者",
    "申請者",
    "契約者",
    "保護者",
    "受取人",
    "世帯主",
    "本人",
    "代表者",
    "連絡先名",
    "生徒名",
    "児童名",
];
/// Headers that are names of people only in a table of people.
const PERHAPS: [&str; 12] = [
    "名前",
    "名",
    "name",
    "contact",
    "contact_name",
    "customer",
    "customer_name",
    "employee_name",
    "user_name",
    "patient_name",
    "カナ",
    "担当",
];
/// What else tables of people have.
const OF_PEOPLE: [&str; 22] = [
    "住所",
    "電話",
    "携帯",
    "メール",
    "mail",
    "phone",
    "tel",
    "address",
    "生年月日",
    "誕生日",
    "birth",
    "dob",
    "性別",
    "gender",
    "sex",
    "年齢",
    "age",
    "郵便番号",
    "zip",
    "postal",
    "マイナンバー",
    "個人番号",
];

/// Names in the columns of a table.
pub(in super::super) fn find(text: &[u8], core: Range<usize>, setting: Setting<'_>, found: &mut dyn FnMut(Sighting)) {
    let Some(table) = setting.table else { return };
    let columns = columns(table);
    if columns.is_empty() {
        return;
    }
    let mut start = core.start.saturating_sub(4096);
    start = memchr::memchr(b'\n', &text[start..core.start]).map_or(start, |i| start + i + 1);
    while start < core.end {
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |i| start + i);
        for cell in columns.iter().filter_map(|&column| table.cell(text, start..end, column)) {
            if let Some(value) = name_in(text, cell).filter(|value| core.contains(&value.start)) {
                found(Sighting { value, reasons: &["column"], proven: true, weak: false });
            }
        }
        start = end + 1;
    }
}

/// The columns that hold names, by number.
fn columns(table: &Table) -> Vec<usize> {
    let headers: Vec<String> = table.headers().map(normal).collect();
    let of_people = headers.iter().any(|h| OF_PEOPLE.iter().any(|word| h.contains(word)));
    let holds = |header: &String| {
        SURE.contains(&header.as_str())
            || ENDINGS.iter().any(|ending| header.ends_with(ending))
            || of_people && PERHAPS.contains(&header.as_str())
    };
    headers.iter().enumerate().filter(|(_, header)| holds(header)).map(|(i, _)| i).collect()
}

/// A header without quotes, blanks and what stands in brackets, in lower case.
fn normal(header: &[u8]) -> String {
    let text = String::from_utf8_lossy(header);
    let mut depth = 0u32;
    let mut out = String::new();
    for c in text.trim_start_matches('\u{feff}').chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            ' ' | '"' | '\'' | '*' | '※' | '\t' => {}
            '-' => out.push('_'),
            c if depth == 0 => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// The name that a cell is, without quotes and honorifics.
fn name_in(text: &[u8], cell: Range<usize>) -> Option<Range<usize>> {
    let whole = std::str::from_utf8(text.get(cell.clone())?).ok()?;
    let inner = whole.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    let bare = ["様", "殿", "さん", "さま", "先生", "氏"]
        .iter()
        .find_map(|title| inner.strip_suffix(title))
        .unwrap_or(inner)
        .trim_end();
    let start = cell.start + (bare.as_ptr() as usize - whole.as_ptr() as usize);
    let count = bare.chars().count();
    let japanese = bare.chars().all(|c| matches!(c, '\u{4E00}'..='\u{9FFF}' | '々' | '〆' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・' | ' ' | '\u{20000}'..='\u{2FFFF}'));
    let latin = bare.chars().all(|c| c.is_alphabetic() || " .'-,".contains(c))
        && bare.chars().next().is_some_and(char::is_uppercase)
        && bare
            .split([' ', ','])
            .filter(|w| !w.is_empty())
            .all(|w| w.chars().next().is_some_and(|c| c.is_uppercase() || "dlv".contains(c)))
        && bare.split(' ').count() <= 5;
    let fits = japanese && (1..=16).contains(&count) && !NOT.iter().any(|word| bare.contains(word))
        || latin && (2..=40).contains(&count);
    fits.then(|| start..start + bare.len())
}

/// Words of a cell that is no person.
const NOT: [&str; 30] = [
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
    "担当",
    "部門",
    "株",
    "同上",
    "以上",
    "必須",
    "任意",
    "匿名",
    "御中",
];
