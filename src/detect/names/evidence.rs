//! What stands around a word and shows that a person's name stands here: a title, a label before
//! it, a name before it in a list, a telephone or mail address behind it, a line of its own.
//!
//! A text and a place in, yes or no out. Decides nothing by itself: the word must be in the
//! dictionaries all the same, only less strictly.

use super::super::finder::Sighting;

/// Bytes that are looked at before a name.
const BEFORE: usize = 96;
/// Bytes between two names of a list: 様, a bracket, a comma.
const BETWEEN: usize = 60;

/// The evidence around one run, each kind looked for when it is first asked for.
pub(super) struct Evidence<'t> {
    text: &'t [u8],
    /// Where the name would begin.
    pub(super) from: usize,
    titled: bool,
    /// Where the name before it ends.
    last: usize,
    labelled: Option<bool>,
    listed: Option<bool>,
}

impl<'t> Evidence<'t> {
    pub(super) fn new(text: &'t [u8], from: usize, titled: bool, last: usize) -> Evidence<'t> {
        Evidence { text, from, titled, last, labelled: None, listed: None }
    }

    /// Does anything show that a name stands from here to `end`?
    pub(super) fn of(&mut self, end: usize) -> bool {
        self.titled || self.around(end)
    }

    /// The same without the title, which places and offices have too (中央区長).
    pub(super) fn around(&mut self, end: usize) -> bool {
        self.labelled() || self.listed() || contact(&self.text[end.min(self.text.len())..])
    }

    /// 氏名, 担当: or the like directly before it.
    pub(super) fn labelled(&mut self) -> bool {
        *self.labelled.get_or_insert_with(|| labelled(self.text, self.from))
    }

    fn listed(&mut self) -> bool {
        let (text, last, from) = (self.text, self.last, self.from);
        *self
            .listed
            .get_or_insert_with(|| last > 0 && last < from && from - last <= BETWEEN && joins(&text[last..from]))
    }

    /// Does it have a line or a cell for itself?
    pub(super) fn alone(&self, end: usize) -> bool {
        let before = self.text[..self.from].iter().rev().take(8);
        let blanks = before.take_while(|&&b| b == b' ').count();
        let opens = match self.from.checked_sub(blanks + 1).map(|i| self.text[i]) {
            None | Some(b'\n' | b'\t' | b',' | b'|' | b'>') => true,
            _ => blanks >= 2,
        };
        let behind = &self.text[end.min(self.text.len())..];
        let gap = behind.iter().take_while(|&&b| b == b' ').count();
        opens && matches!(behind.get(gap), None | Some(b'\n' | b'\r' | b'\t' | b',' | b'|' | b'<' | b'('))
            || opens && gap >= 2
    }

    /// The sighting with the evidence among its reasons.
    pub(super) fn named(&self, sighting: Sighting) -> Sighting {
        let reasons: &'static [&'static str] = match (self.labelled, self.listed) {
            _ if self.titled || sighting.proven => sighting.reasons,
            (Some(true), _) => &["surname", "given-name", "label"],
            (_, Some(true)) => &["surname", "given-name", "list"],
            _ => sighting.reasons,
        };
        Sighting { reasons, ..sighting }
    }
}

/// Does a label stand before `at`, with a sign or a blank between them?
fn labelled(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(BEFORE);
    let before = String::from_utf8_lossy(&text[from..at]);
    let mut rest = before.trim_end_matches(is_sign);
    if rest.len() == before.len() {
        return false;
    }
    // 氏名(漢字)
    if rest.ends_with(')')
        && let Some(open) = rest.rfind('(').filter(|open| rest.len() - open < 40)
    {
        rest = &rest[..open];
    }
    let mut tail: Vec<char> = rest.chars().rev().filter(|c| *c != ' ').take(8).collect();
    tail.reverse();
    let tail: String = tail.into_iter().collect();
    LABELS.iter().any(|label| tail.ends_with(label))
}

/// What may stand between a label and its value.
fn is_sign(c: char) -> bool {
    " \t\r\n:=\"'[>|-・/".contains(c) || matches!(c, '】' | '」' | '》' | '→' | '⇒')
}

/// Is this what stands between two names of a list?
fn joins(between: &[u8]) -> bool {
    let Ok(between) = std::str::from_utf8(between) else { return false };
    let mut rest = between.trim_start();
    for title in ["様", "さん", "氏", "殿", "先生", "君", "くん"] {
        rest = rest.strip_prefix(title).unwrap_or(rest);
    }
    if let Some(inner) = rest.strip_prefix('(') {
        let Some((inside, after)) = inner.split_once(')') else { return false };
        if inside.contains('\n') {
            return false;
        }
        rest = after;
    }
    let sign = rest.trim();
    matches!(sign, "、" | "," | "/" | "と" | "及び" | "および" | "並びに" | ";")
        || sign == "・" && between.contains('\n')
        || sign.is_empty() && between.ends_with(' ') && !between.contains('\n')
}

/// Does a telephone number or a mail address follow?
fn contact(behind: &[u8]) -> bool {
    let gap = behind.iter().take(6).take_while(|b| matches!(b, b' ' | b'\t' | b'(' | b'<' | b'"')).count();
    let rest = &behind[gap..behind.len().min(gap + 24)];
    if gap == 0 {
        return false;
    }
    let is_phone =
        (rest.starts_with(b"0") || rest.starts_with(b"+81")) && rest.iter().filter(|b| b.is_ascii_digit()).count() >= 9;
    is_phone || rest.first().is_some_and(u8::is_ascii_lowercase) && rest.contains(&b'@')
}

/// Fields of forms, and words that introduce people, as they stand before a name.
const LABELS: &[&str] = &[
    "氏名",
    "姓名",
    "名前",
    "本名",
    "芳名",
    "担当",
    "担当者",
    "ご担当",
    "責任者",
    "代表者",
    "代表取締役",
    "取締役社長",
    "社長",
    "理事長",
    "代表",
    "申請者",
    "申込者",
    "届出人",
    "請求者",
    "契約者",
    "契約者名",
    "名義",
    "名義人",
    "世帯主",
    "受取人",
    "依頼人",
    "依頼主",
    "お届け先",
    "送り主",
    "差出人",
    "宛名",
    "宛先",
    "保護者",
    "親権者",
    "患者",
    "患者名",
    "被保険者",
    "本人",
    "配偶者",
    "父",
    "母",
    "甲",
    "乙",
    "丙",
    "委任者",
    "代理人",
    "受任者",
    "出席者",
    "参加者",
    "欠席者",
    "参加",
    "出席",
    "欠席",
    "議長",
    "書記",
    "記録",
    "記録者",
    "作成者",
    "作成",
    "承認者",
    "確認者",
    "記入者",
    "報告者",
    "発表者",
    "講師",
    "司会",
    "座長",
    "教授",
    "准教授",
    "助教",
    "顧客名",
    "客様名",
    "会員名",
    "社員名",
    "従業員名",
    "ドライバー名",
    "利用者名",
    "受講者",
    "応募者",
    "労働者",
    "使用者",
    "前任",
    "後任",
    "窓口",
    "対応者",
    "届け先",
    "連絡先",
    "部長",
    "課長",
    "係長",
    "主任",
    "室長",
    "所長",
    "支店長",
    "工場長",
    "先方",
    "退職",
    "採用",
    "異動",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_signs_and_blanks() {
        let yes = |text: &str| labelled(text.as_bytes(), text.len());
        for text in
            ["氏名: ", "氏  名   ", "お名前(漢字)\n", "【氏名】", "乙  ", "出席者:", "代表取締役社長 ", "\"氏名\": \""]
        {
            assert!(yes(text), "{text}");
        }
        for text in ["", "氏名", "商品: ", "住所 ", "これは"] {
            assert!(!yes(text), "{text}");
        }
    }

    #[test]
    fn lists_and_contacts() {
        for between in ["、", "様、", "(議長)、", " と ", ", "] {
            assert!(joins(between.as_bytes()), "{between}");
        }
        for between in ["", "は", "。", "(議長", "\n\n"] {
            assert!(!joins(between.as_bytes()), "{between}");
        }
        assert!(contact(b" 090-1234-5678"));
        assert!(contact(b" <taro@a.jp>"));
        assert!(!contact(b" 2024"));
        assert!(!contact(b"090-1234-5678"));
    }
}
