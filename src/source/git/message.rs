//! What a person wrote into a commit or tag: the object's bytes → its message.

/// The part below the headers.
pub(super) fn message(object: &[u8]) -> &[u8] {
    memchr::memmem::find(object, b"\n\n").map_or(&[], |at| &object[at + 2..])
}

/// Name, address and date of whoever wrote a commit or tag: `Name <address>`, ISO 8601.
pub(super) fn author(object: &[u8]) -> Option<(String, String)> {
    let head = &object[..memchr::memmem::find(object, b"\n\n").unwrap_or(object.len())];
    let line = head.split(|&b| b == b'\n').find_map(|line| {
        line.strip_prefix(b"author ".as_slice()).or_else(|| line.strip_prefix(b"tagger ".as_slice()))
    })?;
    let line = String::from_utf8_lossy(line);
    let (who, when) = line.rsplit_once("> ")?;
    Some((format!("{who}>"), date(when)?))
}

/// `SECONDS +hhmm` as ISO 8601.
fn date(when: &str) -> Option<String> {
    let (seconds, zone) = when.split_once(' ')?;
    let seconds: i64 = seconds.parse().ok()?;
    let offset: i64 = zone.parse().ok()?;
    let local = seconds.checked_add((offset / 100 * 60 + offset % 100) * 60)?;
    let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    // Civil date from days since 1970-01-01 (proleptic Gregorian), counted in eras of 400 years
    // that begin on 1 March.
    let shifted = days.checked_add(719_468)?;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let zone = format!("{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, offset.abs() / 100, offset.abs() % 100);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_message() {
        let commit = b"tree 1\nauthor A B <a@b.jp> 1600000000 +0900\ncommitter C <c@d.jp> 1 +0000\n\nwhy\n\nbody\n";
        assert_eq!(message(commit), b"why\n\nbody\n");
        assert_eq!(author(commit), Some(("A B <a@b.jp>".into(), "2020-09-13T21:26:40+09:00".into())));
        assert_eq!(
            author(b"object 1\ntagger T <t> 951782399 -0130\n\n").expect("a date").1,
            "2000-02-28T22:29:59-01:30"
        );
        assert_eq!((message(b"tree 1\n"), author(b"tree 1\n")), (&b""[..], None));
        assert_eq!(date("99999999999999999999 +0000"), None);
    }
}
