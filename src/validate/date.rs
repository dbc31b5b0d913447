//! The calendar: which days there are.
//!
//! Numbers in, yes or no out. Knows no notation and not what day it is today.

/// The years in which a date in a file about living people can lie.
pub(super) const YEARS: std::ops::RangeInclusive<u32> = 1868..=2100;

/// Whether the Gregorian calendar has such a day.
pub(super) fn is_day(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Whether 12 digits are a time as `YYYYMMDDhhmm`, in this century or the last.
pub(super) fn is_timestamp(digits: &[u8; 12]) -> bool {
    let number = |at: std::ops::Range<usize>| digits[at].iter().fold(0, |n, &d| n * 10 + u32::from(d));
    matches!(number(0..2), 19 | 20)
        && is_day(number(0..4), number(4..6), number(6..8))
        && number(8..10) < 24
        && number(10..12) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        assert!(is_day(2000, 2, 29) && is_day(1980, 3, 31) && is_day(1984, 2, 29));
        assert!(!is_day(1900, 2, 29) && !is_day(1981, 2, 29) && !is_day(1980, 4, 31));
        assert!(!is_day(1980, 0, 1) && !is_day(1980, 13, 1) && !is_day(1980, 1, 0));
    }

    #[test]
    fn timestamps() {
        assert!(is_timestamp(&[2, 0, 2, 4, 1, 1, 2, 2, 1, 4, 0, 9]));
        assert!(!is_timestamp(&[2, 0, 2, 4, 1, 1, 3, 1, 1, 4, 0, 9]));
        assert!(!is_timestamp(&[2, 0, 2, 4, 1, 1, 2, 2, 2, 4, 0, 9]));
        assert!(!is_timestamp(&[2, 1, 2, 4, 1, 1, 2, 2, 1, 4, 0, 9]));
    }
}
