//! When: what a person writes (`daily`, `weekly`, `Mon 09:00`) → [`When`], and when that was last
//! due and will be next. All in local time; the clock is the caller's.

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// All days, Monday first.
const DAYS: [(Day, &str, &str, char); 7] = [
    (Day::Mon, "Mon", "Monday", '月'),
    (Day::Tue, "Tue", "Tuesday", '火'),
    (Day::Wed, "Wed", "Wednesday", '水'),
    (Day::Thu, "Thu", "Thursday", '木'),
    (Day::Fri, "Fri", "Friday", '金'),
    (Day::Sat, "Sat", "Saturday", '土'),
    (Day::Sun, "Sun", "Sunday", '日'),
];

impl Day {
    /// Its number from Monday, 0.
    pub fn number(self) -> u32 {
        DAYS.iter().position(|(day, ..)| *day == self).unwrap_or(0) as u32
    }

    /// Its English name in three letters.
    pub fn short(self) -> &'static str {
        DAYS[self.number() as usize].1
    }

    /// Its English name.
    pub fn long(self) -> &'static str {
        DAYS[self.number() as usize].2
    }

    /// Its Japanese character.
    pub fn kanji(self) -> char {
        DAYS[self.number() as usize].3
    }

    fn of(name: &str) -> Option<Day> {
        let mut chars = name.chars();
        let kanji = chars.next().filter(|_| matches!(chars.as_str(), "" | "曜" | "曜日"));
        DAYS.iter()
            .find(|(_, short, long, c)| {
                name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(long) || kanji == Some(*c)
            })
            .map(|(day, ..)| *day)
    }
}

/// A time of the day, every day or on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The day; `None` for every day.
    pub day: Option<Day>,
    /// Hour, 0 to 23.
    pub hour: u32,
    /// Minute, 0 to 59.
    pub minute: u32,
}

/// Seconds in a day and a week.
const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
/// 1970-01-01 was a Thursday; the Monday of that week lies this many seconds before it.
const MONDAY: i64 = 3 * DAY;
/// When people are at their machines: around noon.
const USUAL: (u32, u32) = (12, 15);

/// Understands `daily`, `weekly`, `09:00`, `Mon`, `Mon 09:00`, `月曜 9:00`.
pub fn parse(text: &str) -> Option<When> {
    let mut when = When { day: None, hour: USUAL.0, minute: USUAL.1 };
    let mut words = text.split_whitespace().peekable();
    let first = *words.peek()?;
    if first.eq_ignore_ascii_case("daily") {
        words.next();
    } else if first.eq_ignore_ascii_case("weekly") {
        words.next();
        when.day = Some(Day::Mon);
    } else if let Some(day) = Day::of(first) {
        words.next();
        when.day = Some(day);
    }
    if let Some(time) = words.next() {
        let (hour, minute) = time.split_once(':')?;
        let number = |text: &str, below: u32| {
            let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|n| digits && *n < below)
        };
        (when.hour, when.minute) = (number(hour, 24)?, number(minute, 60)?);
    }
    words.next().is_none().then_some(when)
}

impl When {
    /// As it can be written again: `Mon 09:00`, `daily 09:00`.
    pub fn text(&self) -> String {
        format!("{} {:02}:{:02}", self.day.map_or("daily", Day::short), self.hour, self.minute)
    }

    /// The latest time at or before `now` at which it was due. Both in seconds of local time
    /// since 1970.
    pub fn last(&self, now: i64) -> i64 {
        let (step, offset) = match self.day {
            Some(day) => (WEEK, i64::from(day.number()) * DAY - MONDAY),
            None => (DAY, 0),
        };
        let offset = offset + i64::from(self.hour * 60 + self.minute) * 60;
        (now - offset).div_euclid(step) * step + offset
    }

    /// The first time after `now` at which it is due, likewise.
    pub fn next(&self, now: i64) -> i64 {
        self.last(now) + if self.day.is_some() { WEEK } else { DAY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write() {
        for (text, expected) in [
            ("daily", Some("daily 12:15")),
            ("weekly", Some("Mon 12:15")),
            ("Mon 09:00", Some("Mon 09:00")),
            ("friday 23:59", Some("Fri 23:59")),
            ("月曜 9:00", Some("Mon 09:00")),
            ("日 0:05", Some("Sun 00:05")),
            ("daily 7:30", Some("daily 07:30")),
            ("09:00", Some("daily 09:00")),
            ("", None),
            ("hourly", None),
            ("Mon 24:00", None),
            ("Mon 9", None),
            ("Mon +9:00", None),
            ("Mon 09:00 x", None),
            ("月末", None),
        ] {
            assert_eq!(parse(text).map(|when| when.text()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn last_and_next() {
        // 2026-11-23 was a Monday; 10:00.
        let monday_ten = 1_795_428_000;
        for (text, last, next) in [
            ("Mon 09:00", -3_600, WEEK - 3_600),
            ("Mon 10:00", 0, WEEK),
            ("Mon 10:01", 60 - WEEK, 60),
            ("Sun 10:00", -DAY, 6 * DAY),
            ("10:00", 0, DAY),
            ("11:00", 3_600 - DAY, 3_600),
        ] {
            let when = parse(text).expect(text);
            assert_eq!(
                (when.last(monday_ten) - monday_ten, when.next(monday_ten) - monday_ten),
                (last, next),
                "{text}"
            );
        }
        let before_1970 = parse("daily 12:00").expect("daily").last(-1);
        assert_eq!(before_1970, -DAY / 2);
    }
}
