//! Dates as people write them, Western and by Japanese eras: 1980/3/14, 昭和55年3月14日, S55.3.14,
//! 平成三十一年四月三十日, Mar 14, 1980, 3550314.
//!
//! A candidate in, whether there was such a day out. Any date passes: that it is somebody's birth
//! is for context words to say.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::date::{YEARS, is_day};

/// A Japanese era. A birth between its days is written with it, one outside is a mistake.
#[derive(Debug, PartialEq, Eq)]
struct Era {
    /// Full name, short name, letter, square character.
    names: [&'static str; 4],
    /// The year before its first.
    zero: u32,
    first: (u32, u32, u32),
    last: (u32, u32, u32),
}

/// 明治 to 令和; a day on which eras change belongs to both.
const ERAS: [Era; 5] = [
    Era { names: ["明治", "明", "M", "㍾"], zero: 1867, first: (1868, 1, 1), last: (1912, 7, 30) },
    Era { names: ["大正", "大", "T", "㍽"], zero: 1911, first: (1912, 7, 30), last: (1926, 12, 25) },
    Era { names: ["昭和", "昭", "S", "㍼"], zero: 1925, first: (1926, 12, 25), last: (1989, 1, 7) },
    Era { names: ["平成", "平", "H", "㍻"], zero: 1988, first: (1989, 1, 8), last: (2019, 4, 30) },
    Era { names: ["令和", "令", "R", "㋿"], zero: 2018, first: (2019, 5, 1), last: (2100, 12, 31) },
];

#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// `birth-date`: a possible day (or year, or month and day) between 1868 and 2100.
pub(super) fn birth_date(value: &Value<'_>) -> Outcome {
    match parts(value.text).map(|parts| parts.judge()) {
        Some(outcome) => outcome,
        None => Rejects,
    }
}

/// A number as written: its value, and how many digits it has.
type Number = (u32, usize);

/// The parts of a date, before their order is known.
#[derive(Debug, Default)]
struct Parts {
    era: Option<&'static Era>,
    /// The era is written as a letter: `S55`.
    is_letter: bool,
    /// Named by 年, 月, 日 or by an English month.
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    /// The numbers that only their order gives a meaning.
    loose: [Number; 3],
    loose_count: usize,
}

impl Parts {
    fn push(&mut self, number: Number) -> Option<()> {
        *self.loose.get_mut(self.loose_count)? = number;
        self.loose_count += 1;
        Some(())
    }

    fn judge(&self) -> Outcome {
        let named = [self.year, self.month, self.day];
        let loose = &self.loose[..self.loose_count];
        let is_named = named.iter().any(Option::is_some);
        match *loose {
            [] if is_named => self.of_era(named),
            // 昭和55年3月14, 14 Mar 1980, Mar 14, 1980, 1980 Mar 14
            [a] if is_named => self.of_era(fill(named, &[a.0])),
            [a, b] if is_named && self.year.is_none() && a.1 <= 2 && b.1 != 3 => {
                self.of_era([Some(century(b)), self.month, Some(a.0)])
            }
            [a, b] if is_named => self.of_era(fill(named, &[a.0, b.0])),
            [(n, 6)] if self.era.is_some() => self.of_era([n / 10_000, n / 100 % 100, n % 100].map(Some)),
            // R1, S3 and H2 are stations, buckets and headings.
            [_] | [_, _] if self.is_letter => Rejects,
            [(n, _)] if self.era.is_some() => self.of_era([Some(n), None, None]),
            [(n, 8)] => self.of_era([n / 10_000, n / 100 % 100, n % 100].map(Some)),
            [(n, 7)] => by_code(n),
            [(n, 6)] => self.of_era([Some(century((n / 10_000, 2))), Some(n / 100 % 100), Some(n % 100)]),
            [(n, 4)] => self.of_era([Some(n), None, None]),
            [y, m] if self.era.is_some() || y.1 == 4 => self.of_era([Some(y.0), Some(m.0), None]),
            [m, y] if y.1 == 4 => self.of_era([Some(y.0), Some(m.0), None]),
            [m, d] => self.of_era([None, Some(m.0), Some(d.0)]),
            [y, m, d] if self.era.is_some() || y.1 == 4 => self.of_era([y.0, m.0, d.0].map(Some)),
            // Day first, month first, or a year of two digits in front.
            [a, b, c] => [[c, b, a], [c, a, b], [a, b, c]]
                .map(|[y, m, d]| self.of_era([Some(century(y)), Some(m.0), Some(d.0)]))
                .into_iter()
                .find(|&o| o != Rejects)
                .unwrap_or(Rejects),
            _ => Rejects,
        }
    }

    /// The judgement of year (counted in the era, if there is one), month and day.
    fn of_era(&self, [year, month, day]: [Option<u32>; 3]) -> Outcome {
        let western = year.map(|y| y.saturating_add(self.era.map_or(0, |era| era.zero)));
        let is_possible = match (western, month, day) {
            (None, Some(month), Some(day)) => is_day(2000, month, day),
            (Some(year), Some(month), Some(day)) => is_day(year, month, day) && YEARS.contains(&year),
            (Some(year), Some(month), None) => (1..=12).contains(&month) && YEARS.contains(&year),
            (Some(year), None, None) => YEARS.contains(&year),
            _ => false,
        };
        let (Some(era), Some(western)) = (self.era, western) else {
            return if is_possible && self.era.is_none() { Fits } else { Rejects };
        };
        if !is_possible || year == Some(0) || western > era.last.0 {
            return Rejects;
        }
        let (Some(month), Some(day)) = (month, day) else { return Fits };
        // 平成31年5月 was printed on forms long before 令和 had a name.
        let is_inside = (era.first..=era.last).contains(&(western, month, day));
        if is_inside { Fits } else { Doubts("era-mismatch") }
    }
}

/// The named parts, the missing ones taken from `loose` in the order year, month, day.
fn fill(named: [Option<u32>; 3], loose: &[u32]) -> [Option<u32>; 3] {
    // A number beside an English month alone is the year if it is too large for a day.
    if let ([None, Some(month), None], &[only]) = (named, loose) {
        return if only > 31 { [Some(only), Some(month), None] } else { [None, Some(month), Some(only)] };
    }
    let mut loose = loose.iter().copied();
    named.map(|part| part.or_else(|| loose.next()))
}

/// A year of two digits with a century: which one does not matter, the leap years are the same but
/// for 1900.
fn century((year, digits): Number) -> u32 {
    if digits <= 2 { year.saturating_add(2000) } else { year }
}

/// Seven digits with an era's code in front, as in forms and payroll files: 1 明治 … 5 令和, or in
/// health insurance and pension 1 明治, 3 大正, 5 昭和, 7 平成, 9 令和.
fn by_code(n: u32) -> Outcome {
    let code = n / 1_000_000;
    let eras = [code.checked_sub(1), (code % 2 == 1).then_some(code / 2)];
    let outcomes = eras.into_iter().flatten().filter_map(|i| ERAS.get(i as usize)).map(|era| {
        let parts = Parts { era: Some(era), ..Parts::default() };
        parts.of_era([n / 10_000 % 100, n / 100 % 100, n % 100].map(Some))
    });
    outcomes.reduce(|a, b| if a == Rejects || b == Fits { b } else { a }).unwrap_or(Rejects)
}

/// Reads the parts off a text; `None` where it has something that no date has.
fn parts(text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut pending: Option<Number> = None;
    let mut rest = text.trim();
    while let Some(c) = rest.chars().next() {
        if let Some((number, after)) = number(rest) {
            if let Some(number) = pending.replace(number) {
                parts.push(number)?;
            }
            rest = after;
            continue;
        }
        if let Some((era, after)) = era(rest).filter(|_| parts.era.is_none() && pending.is_none()) {
            parts.era = Some(era);
            parts.is_letter = c.is_ascii();
            rest = after;
            continue;
        }
        let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if !word.is_empty() {
            if let Some(month) = index_of(&MONTHS, word) {
                parts.month = Some(month as u32 + 1);
            } else if index_of(&WEEKDAYS, word).is_none() && !is_filler(word) {
                return None;
            }
            rest = &rest[word.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match (c, pending) {
            ('年', Some((n, _))) => parts.year = Some(n),
            ('月', Some((n, _))) => parts.month = Some(n),
            ('日', Some((n, _))) => parts.day = Some(n),
            (' ' | '/' | '-' | '.' | ',' | '、' | '・' | '\'' | '(' | ')' | '（' | '）', _) => continue,
            (
                '年' | '月' | '日' | '火' | '水' | '木' | '金' | '土' | '曜' | '西' | '暦' | '生' | 'ま' | 'れ'
                | '\u{3000}',
                _,
            ) => {
                continue;
            }
            _ => return None,
        }
        pending = None;
    }
    if let Some(number) = pending {
        parts.push(number)?;
    }
    Some(parts)
}

/// English words around a date that say nothing.
fn is_filler(word: &str) -> bool {
    ["st", "nd", "rd", "th", "of", "on", "born", "the"].iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Which of `names` the word is, in full or cut after at least three letters.
fn index_of(names: &[&str], word: &str) -> Option<usize> {
    let is_start = |name: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if word.len() < 3 { None } else { names.iter().position(|name| is_start(name)) }
}

/// An era at the start of a text, and what follows it.
fn era(text: &str) -> Option<(&'static Era, &str)> {
    for era in &ERAS {
        for name in era.names {
            let Some(rest) = text.get(..name.len()).filter(|s| s.eq_ignore_ascii_case(name)).map(|s| &text[s.len()..])
            else {
                continue;
            };
            // A letter or a single character of a name is an era only in front of a year.
            let year = rest.trim_start_matches(['.', ' ', '\u{3000}']);
            if number(year).is_some() {
                return Some((era, year));
            }
        }
    }
    None
}

/// A number at the start of a text, in digits, in kanji or 元, and what follows it.
fn number(text: &str) -> Option<(Number, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length > 0 {
        let (digits, rest) = text.split_at(length);
        return digits.parse().ok().map(|n| ((n, length), rest));
    }
    if let Some(rest) = text.strip_prefix('元') {
        return Some(((1, 1), rest));
    }
    let end = text.find(|c| kanji(c).is_none()).unwrap_or(text.len());
    let (numerals, rest) = text.split_at(end);
    let mut total = 0u32;
    let mut last: Option<u32> = None;
    let mut is_counted = false;
    for n in numerals.chars().filter_map(kanji) {
        if n >= 10 {
            // 三十 is three tens, 十 alone one.
            total = total.checked_add(last.take().unwrap_or(1).checked_mul(n)?)?;
            is_counted = true;
        } else {
            // 一九八〇 is written by place.
            last = Some(last.unwrap_or(0).checked_mul(10)?.checked_add(n)?);
        }
    }
    let value = total.checked_add(last.unwrap_or(0))?;
    let digits = if is_counted { value.checked_ilog10().unwrap_or(0) as usize + 1 } else { numerals.chars().count() };
    (!numerals.is_empty()).then_some(((value, digits), rest))
}

/// A kanji numeral's value.
fn kanji(c: char) -> Option<u32> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    match c {
        '零' => Some(0),
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => DIGITS.iter().position(|&d| d == c).map(|n| n as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(outcome: Outcome, texts: &[&str]) {
        for text in texts {
            assert_eq!(birth_date(&Value::bare(text)), outcome, "{text} {:?}", parts(text));
        }
    }

    #[test]
    fn every_way_to_write_a_date() {
        all(
            Fits,
            &[
                "1980年3月14日",
                "1980年 3月 14日",
                "西暦1980年3月14日(金)",
                "1980/3/14",
                "1980-03-14",
                "1980.3.14",
                "1980 3 14",
                "19800314",
                "800314",
                "昭和55年3月14日",
                "昭和 55年 3月14日生まれ",
                "S55.3.14",
                "S.55.3.14",
                "s55/03/14",
                "S55年3月14日",
                "S550314",
                "昭55.3.14",
                "㍼55年3月14日",
                "㍼55年",
                "令和元年",
                "令和元年5月1日",
                "平成31年4月30日",
                "大正元年7月30日",
                "昭和64年1月7日",
                "昭和元年12月25日",
                "R6.11.22",
                "R6/11/22",
                "令6.11.22",
                "平成三十一年四月三十日",
                "昭和五十五年三月十四日",
                "一九八〇年三月十四日",
                "二千五年十月二十日",
                "1980年生まれ",
                "1980年3月",
                "3月14日生",
                "3月14日（日）",
                "Mar 14, 1980",
                "March 14th, 1980",
                "14 March 1980",
                "14-Mar-1980",
                "14-Mar-80",
                "1980 Mar 14",
                "Sept 3, 1980",
                "Fri, 14 Mar 1980",
                "14/03/1980",
                "03/14/1980",
                "80/3/14",
                "3550314",
                "5550314",
                "7010108",
                "1980/02/29",
            ],
        );
    }

    #[test]
    fn impossible_dates() {
        all(
            Rejects,
            &[
                "",
                "1980年13月1日",
                "1980年2月30日",
                "1981/02/29",
                "昭和65年1月1日",
                "昭和0年1月1日",
                "平成32年1月1日",
                "S55.3.32",
                "1867年1月1日",
                "2101-01-01",
                "1234/5/6",
                "32/13/1980",
                "99999999",
                "0000000",
                "6550314",
                "2月30日",
                "Foo 14, 1980",
                "1.2.3.4",
                "1980/3/14/15",
                "R1",
                "S3 bucket",
                "昭和",
                "年月日",
                "千千千千千千千千千千千千千千千千千千千千千千年",
                "99999999999999999999年1月1日",
                "昭和4294967295年1月1日",
            ],
        );
    }

    #[test]
    fn days_outside_their_era() {
        all(Doubts("era-mismatch"), &["平成31年5月1日", "昭和64年1月8日", "令和元年4月30日", "㍻1年1月7日"]);
    }
}
