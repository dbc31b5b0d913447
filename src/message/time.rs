//! Times for people and programs: seconds since 1970 → a date, always in UTC (the library knows
//! no time zone).

/// `2026-11-23T03:15:33Z` (RFC 3339).
pub fn timestamp(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// `2026-11-23 03:15 UTC`
pub fn minute(seconds: i64) -> String {
    let text = timestamp(seconds);
    format!("{} {} UTC", &text[..text.len() - 10], &text[text.len() - 9..text.len() - 4])
}

/// `2026-11-23`
pub fn day(seconds: i64) -> String {
    let text = timestamp(seconds);
    text[..text.len() - 10].to_owned()
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: the year is
/// taken to begin in March, so that a leap day is its last, and 400 years have 146 097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.clamp(-700_000, 2_900_000) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let of_month = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_403_733, "2026-11-23T03:15:33Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(timestamp(seconds), text);
        }
        assert_eq!((minute(1_795_403_733), day(1_795_403_733)), ("2026-11-23 03:15 UTC".into(), "2026-11-23".into()));
        assert!(!timestamp(i64::MAX).is_empty() && !timestamp(i64::MIN).is_empty());
    }
}
