//! A day of the calendar, without time and zone: `2026-09-30`.
//!
//! Ends of contracts and expiries are days. Which day it is now is for the caller to say.

use std::fmt;

/// Days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

/// Days in 400 years of the Gregorian calendar.
const ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

impl Date {
    /// The day that is so many days after 1970-01-01.
    pub fn from_days(days: i64) -> Date {
        Date(days)
    }

    /// The day of a time in seconds since 1970, in a zone that is `offset` seconds before UTC.
    pub fn of(seconds: i64, offset: i64) -> Date {
        Date(seconds.saturating_add(offset).div_euclid(86_400))
    }

    /// A day of the calendar; `None` if there is none such.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Date> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        // The year begins in March, so that a leap day is its last.
        let shifted = if month > 2 { year } else { year - 1 };
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        let of_era =
            shifted.rem_euclid(400) * 365 + shifted.rem_euclid(400) / 4 - shifted.rem_euclid(400) / 100 + of_year;
        let date = Date(shifted.div_euclid(400) * ERA + of_era - EPOCH);
        // 31 April would have become 1 May.
        (date.to_string() == format!("{year:04}-{month:02}-{day:02}")).then_some(date)
    }

    /// `2026-09-30`, and nothing else.
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| {
            let part = bytes.get(range)?;
            part.iter().all(u8::is_ascii_digit).then(|| part.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
        };
        let marks = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        if marks { Date::new(digits(0..4)?, digits(5..7)?, digits(8..10)?) } else { None }
    }

    /// So many days later.
    pub fn plus(self, days: i64) -> Date {
        Date(self.0.saturating_add(days))
    }

    /// Days from `other` to this day.
    pub fn since(self, other: Date) -> i64 {
        self.0.saturating_sub(other.0)
    }

    /// Seconds from 1970 to the day's beginning, in UTC.
    pub fn seconds(self) -> i64 {
        self.0.saturating_mul(86_400)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As in `new`, the other way round.
        let days = self.0.clamp(-700_000, 2_900_000) + EPOCH;
        let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (day - day / 1460 + day / 36_524 - day / (ERA - 1)) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let of_month = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        write!(f, "{:04}-{month:02}-{of_month:02}", year + era * 400 + i64::from(month <= 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_comes_back_and_no_other_is_one() {
        for days in (-200_000..200_000).step_by(1) {
            let date = Date::from_days(days);
            assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
        for text in ["2026-02-29", "2026-13-01", "2026-4-1", "2026-04-31", "26-04-01", "2026/04/01", "", "2026-04-01T"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2028-02-29").is_some());
    }

    #[test]
    fn the_day_is_the_one_of_the_zone() {
        let midnight_in_tokyo = 1_795_359_600; // 2026-11-22T15:00:00Z
        assert_eq!(Date::of(midnight_in_tokyo, 9 * 3600).to_string(), "2026-11-23");
        assert_eq!(Date::of(midnight_in_tokyo, 0).to_string(), "2026-11-22");
        assert_eq!(Date::of(-1, 0).to_string(), "1969-12-31");
    }
}
