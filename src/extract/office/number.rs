//! Cell values as a person reads them: a number and its cell's format in, text out.
//!
//! Digits are what a scanner needs, so they are all kept: no exponent, no `.0`, no grouping.
//! Dates become ISO 8601. Formats made of digits and signs only (`000-0000`) are carried out,
//! because a postal code or a phone number lives in them. Format codes: ECMA-376 part 1 §18.8.30.

/// What a cell's format does to a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Format {
    /// The digits alone.
    Plain,
    /// A day, a time of day, or both.
    Date {
        /// Does it show the day?
        day: bool,
        /// Does it show the time?
        time: bool,
    },
    /// Digits with signs between them; the first section whose condition holds.
    Digits(Vec<Section>),
}

/// One section of a format of digits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Section {
    /// Applies up to this value; else to all.
    most: Option<f64>,
    pattern: Vec<Sign>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    /// A digit, shown as 0 if there is none.
    Zero,
    /// A digit, left out if there is none.
    Digit,
    Literal(char),
}

/// Longest format code that is looked at, in bytes; Excel's own bound is 255 characters.
const LONGEST_CODE: usize = 1024;

impl Format {
    /// A format that has a number instead of a code (ECMA-376 part 1 §18.8.30, with the Japanese
    /// ones).
    pub(super) fn builtin(id: u32) -> Format {
        match id {
            14..=17 | 27..=31 | 34..=36 | 50..=58 => Format::Date { day: true, time: false },
            18..=21 | 32 | 33 | 45..=47 => Format::Date { day: false, time: true },
            22 => Format::Date { day: true, time: true },
            _ => Format::Plain,
        }
    }

    /// A format code.
    pub(super) fn parse(code: &str) -> Format {
        if code.len() > LONGEST_CODE || code.eq_ignore_ascii_case("general") {
            return Format::Plain;
        }
        let (mut day, mut time) = (false, false);
        let mut sections = vec![Section { most: None, pattern: Vec::new() }];
        let mut digits = true;
        let mut chars = code.chars();
        while let Some(c) = chars.next() {
            let Some(section) = sections.last_mut() else { break };
            match c {
                '"' => section.pattern.extend(chars.by_ref().take_while(|&c| c != '"').map(Sign::Literal)),
                '\\' => section.pattern.extend(chars.next().map(Sign::Literal)),
                '_' | '*' => drop(chars.next()),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                    time |= matches!(inside.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss");
                    if let Some(most) = inside.strip_prefix("<=") {
                        section.most = most.parse().ok();
                    }
                }
                '0' => section.pattern.push(Sign::Zero),
                '#' | '?' => section.pattern.push(Sign::Digit),
                '-' | '(' | ')' | ' ' | '+' | ':' => section.pattern.push(Sign::Literal(c)),
                ';' => sections.push(Section { most: None, pattern: Vec::new() }),
                'y' | 'Y' | 'd' | 'D' | 'g' | 'G' => (day, digits) = (true, false),
                'e' | 'E' if !matches!(chars.as_str().chars().next(), Some('+' | '-')) => (day, digits) = (true, false),
                'h' | 'H' | 's' | 'S' => (time, digits) = (true, false),
                // Months, or minutes beside hours.
                'm' | 'M' => (day, digits) = (day || !time, false),
                _ => digits = false,
            }
        }
        if day || time {
            return Format::Date { day, time };
        }
        sections.retain(|s| s.pattern.iter().any(|sign| !matches!(sign, Sign::Literal(_))));
        // One digit and nothing else is how any number is shown.
        let telling = sections.iter().any(|s| s.pattern.iter().filter(|sign| **sign != Sign::Digit).count() > 1);
        if digits && telling { Format::Digits(sections) } else { Format::Plain }
    }

    /// A number as text. `since_1904`: the workbook counts its days from 1904.
    pub(super) fn show(&self, value: f64, since_1904: bool) -> String {
        match self {
            Format::Date { day, time } => date(value, *day, *time, since_1904).unwrap_or_else(|| plain(value)),
            Format::Digits(sections) if (0.0..1e18).contains(&value) && value.fract() == 0.0 => {
                let section = sections.iter().find(|s| s.most.is_none_or(|most| value <= most));
                section.map_or_else(|| plain(value), |section| section.show(&plain(value)))
            }
            _ => plain(value),
        }
    }
}

impl Section {
    fn show(&self, digits: &str) -> String {
        let places = self.pattern.iter().filter(|sign| !matches!(sign, Sign::Literal(_))).count();
        let digits = if digits == "0" { "" } else { digits };
        let mut missing = places.saturating_sub(digits.len());
        let mut rest = digits.chars();
        // Digits beyond the places stand before the first of them.
        let mut surplus = digits.len().saturating_sub(places);
        let mut out = String::new();
        for sign in &self.pattern {
            match sign {
                Sign::Literal(c) => out.push(*c),
                Sign::Zero if missing > 0 => out.push('0'),
                Sign::Digit if missing > 0 => {}
                _ => {
                    out.extend(rest.by_ref().take(surplus + 1));
                    surplus = 0;
                }
            }
            if !matches!(sign, Sign::Literal(_)) {
                missing = missing.saturating_sub(1);
            }
        }
        out
    }
}

/// All digits, without exponent and without `.0`.
pub(super) fn plain(value: f64) -> String {
    // Display writes no exponent: only what is far beyond any number of digits has one here.
    if value.abs() < 1e21 { format!("{value}") } else { format!("{value:e}") }
}

/// A number as written in a file: integers as they stand, the rest in the shortest form of the
/// same value; `None` if it is none.
pub(super) fn parse(raw: &str) -> Option<f64> {
    raw.trim().parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Days since the workbook's epoch as a date; `None` beyond the year 9999.
fn date(value: f64, day: bool, time: bool, since_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let mut seconds = (value.fract() * 86_400.0).round() as i64;
    let mut days = value.trunc() as i64 + seconds / 86_400;
    seconds %= 86_400;
    days += match since_1904 {
        true => 1462,
        // The 1900 system has a 29 February 1900 that never was.
        false if days < 60 => 1,
        false => 0,
    };
    let mut out = String::new();
    if day && value >= 1.0 {
        let (y, m, d) = civil(days - 25_569);
        out = format!("{y:04}-{m:02}-{d:02}");
    }
    if time {
        let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        out = if out.is_empty() { clock } else { format!("{out} {clock}") };
    }
    (!out.is_empty()).then_some(out)
}

/// Days since 1970 as year, month and day of the proleptic Gregorian calendar: counted in eras
/// of 400 years (146 097 days) from 1 March of the year 0.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day_of_year - (153 * from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept() {
        let show = |value: f64| Format::Plain.show(value, false);
        assert_eq!(show(123_456_789_018.0), "123456789018");
        assert_eq!(show(4_111_111_111_111_111.0), "4111111111111111");
        assert_eq!(show(0.1), "0.1");
        assert_eq!(show(-3.5e-7), "-0.00000035");
    }

    #[test]
    fn dates_in_both_systems() {
        let show = |code: &str, value: f64, since| Format::parse(code).show(value, since);
        assert_eq!(show("yyyy/m/d", 45_292.0, false), "2024-01-01");
        assert_eq!(show("yyyy/m/d", 43_830.0, true), "2024-01-01");
        assert_eq!(show("[$-411]ggge\"年\"m\"月\"d\"日\";@", 36_526.0, false), "2000-01-01");
        assert_eq!(show("yyyy-mm-dd hh:mm", 45_292.75, false), "2024-01-01 18:00:00");
        assert_eq!(show("yyyy/m/d", 59.0, false), "1900-02-28");
        assert_eq!(show("yyyy/m/d", 61.0, false), "1900-03-01");
        assert_eq!(Format::builtin(14).show(45_351.0, false), "2024-02-29");
    }

    #[test]
    fn formats_of_digits_are_carried_out() {
        let show = |code: &str, value: f64| Format::parse(code).show(value, false);
        assert_eq!(show("000-0000", 600_001.0), "060-0001");
        assert_eq!(show("000000000000", 12_345_678_901.0), "012345678901");
        assert_eq!(show("[<=999]000;[<=9999]000-00;000-0000", 1_500_002.0), "150-0002");
        assert_eq!(show("[<=99999999]####-####;\\(00\\)\\ ####-####", 312_345_678.0), "(03) 1234-5678");
        assert_eq!(show("000-0000-0000", 9_012_345_678.0), "090-1234-5678");
        assert_eq!(show("#,##0", 1_234_567.0), "1234567");
        assert_eq!(show("0.00E+00", 123_456_789_018.0), "123456789018");
        assert_eq!(show("0", 7.0), "7");
        assert_eq!(show("General", 7.5), "7.5");
        assert_eq!(show("\u{a5}#,##0;[Red]-\u{a5}#,##0", 980.0), "980");
    }
}
