//! A number that a line end broke, between two groups of digits or within one.
//!
//! The end of one line and the beginning of the next in; what belongs between them out. Running
//! text is told from tables and lists by what stands before and behind: a number in a sentence has
//! words around it, one in a table has a separator of columns or nothing at all.

/// Groups of digits with their separators are at most so long, in bytes.
const MAX: usize = 32;

/// The groups of digits that a line ends with.
#[derive(Debug)]
pub(super) struct Left<'a> {
    digits: &'a [u8],
    /// Does nothing but digits stand on the line?
    alone: bool,
}

fn is_grouped(b: &u8) -> bool {
    b.is_ascii_digit() || matches!(b, b' ' | b'-')
}

/// The digits at the end of `line` (and whatever stands before it), if they may be the beginning of
/// a number in running text.
pub(super) fn before(line: &[u8]) -> Option<Left<'_>> {
    let length = line.iter().rev().take(MAX).take_while(|b| is_grouped(b)).count();
    if length == MAX {
        return None;
    }
    let (rest, groups) = line.split_at(line.len() - length);
    let digits = groups.trim_ascii_start();
    let glued = digits.len() == groups.len();
    let alone = match rest.last() {
        None | Some(b'\n' | b'>') => true,
        Some(b'A'..=b'Z' | b'a'..=b'z') if glued => return None,
        Some(b'A'..=b'Z' | b'a'..=b'z' | b':' | b'=' | b'(' | b'[' | b'#' | 0x80..) => false,
        Some(_) => return None,
    };
    // A hyphen before the digits binds them to what comes before.
    let begins = digits.first().is_some_and(u8::is_ascii_digit);
    begins.then_some(Left { digits, alone })
}

/// What belongs between `left` and the digits that `next` begins with, if these are one number:
/// nothing, or a blank where the line end took one's place.
pub(super) fn joint(left: &Left<'_>, next: &[u8]) -> Option<&'static [u8]> {
    let right = right(next)?;
    let left_digits = left.digits;
    let (before, after) = (count(left_digits), count(right));
    let total = before + after;
    let hyphens = left_digits.contains(&b'-') || right.contains(&b'-');
    let hyphenated = left_digits.ends_with(b"-") || right.starts_with(b"-");
    let all = || groups(left_digits).chain(groups(right));
    if left.alone {
        let fours = all().all(|group| group == 4);
        let number = if left_digits.ends_with(b"-") {
            before >= 2 && after >= 3 && (7..=19).contains(&total)
        } else {
            before >= 8 && after >= 4 && (12..=19).contains(&total) && fours
        };
        return number.then_some(if hyphenated { b"" } else { b" " });
    }
    let dense = all().count() == 2 && !hyphens;
    let least = if hyphens { 7 } else { 10 };
    if !(least..=19).contains(&total) {
        return None;
    }
    // Within one group, the parts are no longer together than the other groups.
    let parts = groups(left_digits).last().unwrap_or(0) + groups(right).next().unwrap_or(0);
    let others = all().max().unwrap_or(0);
    let widest = if others > 4 && !dense { 6 } else { 4 };
    let within = !hyphenated && parts <= widest;
    if !dense && !within && all().any(|group| group > 6) {
        return None;
    }
    Some(if hyphenated || dense || within { b"" } else { b" " })
}

/// The groups of digits that a line begins with, up to what shows that they are over.
fn right(next: &[u8]) -> Option<&[u8]> {
    let length = next.iter().take(MAX).take_while(|b| is_grouped(b)).count();
    let mut digits = &next[..length];
    if !ends(digits, next) {
        // Its last group belongs to something else, such as a date.
        digits = &digits[..digits.iter().rposition(|b| *b == b' ')?];
    }
    let digits = digits.trim_ascii_end();
    (length < MAX && digits.iter().any(u8::is_ascii_digit)).then_some(digits)
}

/// Is the number over where `digits` end? No separator of columns, unit, date or word follows.
fn ends(digits: &[u8], next: &[u8]) -> bool {
    let rest = &next[digits.len()..];
    digits.ends_with(b" ") && !rest.starts_with(b"|") && !rest.starts_with(b"\t")
        || match rest {
            [] | [b'\r' | b'\n' | b')' | b']' | 0x80.., ..] => true,
            [b'.' | b',', after @ ..] => after.first().is_none_or(u8::is_ascii_whitespace),
            _ => false,
        }
}

fn count(part: &[u8]) -> usize {
    part.iter().filter(|b| b.is_ascii_digit()).count()
}

/// The lengths of the groups of digits.
fn groups(part: &[u8]) -> impl Iterator<Item = usize> {
    part.split(|b| !b.is_ascii_digit()).map(<[u8]>::len).filter(|&length| length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(line: &str, next: &str) -> Option<String> {
        let left = before(line.as_bytes())?;
        let with = joint(&left, next.as_bytes())?;
        Some(format!("{line}{}{next}", String::from_utf8_lossy(with)))
    }

    /// A number in a sentence is joined wherever it was broken, with its blanks and hyphens.
    #[test]
    fn a_number_broken_anywhere_is_joined() {
        for number in ["4929 6401 5023 4412", "4929640150234412", "4567-1928-3040", "456719283040", "090-1857-4362"] {
            for at in 1..number.len() {
                let (left, right) = number.split_at(at);
                let expected = format!("no: {number} and");
                let found = joined(&format!("no: {}", left.trim_end()), &format!("{} and", right.trim_start()));
                assert_eq!(found, Some(expected), "{left} | {right}");
            }
        }
    }

    #[test]
    fn columns_lists_and_dates_are_not_joined() {
        for (line, next) in [
            ("1,49296401", "50234412,2"),
            ("a\t49296401", "50234412\tb"),
            ("| 2024 | 4929 6401", "5023 4412 |"),
            ("49296401", "50234412"),
            ("4929", "6401"),
            ("090-1857", "4362"),
            ("total 1.50", "2024-01-15"),
            ("build id4929640150", "234412"),
            ("at 49296401", "12:30:45 today"),
            ("1234 5678 9012", "3456 7890 1234 5678"),
        ] {
            assert_eq!(joined(line, next), None, "{line} | {next}");
        }
    }
}
