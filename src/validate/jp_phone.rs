//! Japanese telephone numbers against the numbering plan.
//!
//! A number in, domestic or with +81, in groups or not; whether area code, length and grouping
//! agree out. Digits alone prove little: seven random ones in ten that begin with 0 are possible.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::border::in_longer_run;
use super::table::look_up;

/// Area code or prefix, digits of the local part, digits in all, kind, assigned first digits.
const AREAS: &str = include_str!("data/jp_phone_areas.tsv");

/// The longest number in the plan, with its leading 0, in digits.
const LONGEST: usize = 14;

/// `jp-phone`: a number of the Japanese numbering plan (電気通信番号計画, 総務省告示). Grouping that
/// agrees with the length of the area code proves it.
pub(super) fn phone(value: &Value<'_>) -> Outcome {
    if is_piece(value) {
        return Rejects;
    }
    let Some(number) = Number::read(value.text) else { return Rejects };
    let digits = number.digits();
    let Some(area) = (2..=5).rev().find_map(|n| Area::of(digits.get(..n)?)) else { return Rejects };
    let Some((_, subscriber)) = digits.split_at_checked(area.code) else { return Rejects };
    // Behind an area code 0 would dial out again.
    if digits.len() != area.total || (subscriber.starts_with('0') && !area.is_service) {
        return Rejects;
    }
    let is_grouped = match number.groups() {
        [_] => false,
        // 0312345678 in two pieces, cut at one of the two borders there are.
        [a, _] if *a == area.code || *a == area.code + area.local => false,
        [a, b, _] if *a == area.code && (*b == area.local || (area.is_service && matches!(b, 2 | 3))) => true,
        _ => return Rejects,
    };
    // An unbroken number in a path is an id, or the beginning of a hash.
    if !is_grouped && value.before.ends_with('/') {
        return Rejects;
    }
    if is_sample(digits) || is_sample(subscriber) {
        return Doubts("example-value");
    }
    match (is_grouped, area.is_assigned(subscriber)) {
        (true, true) => Proves("numbering-plan"),
        (true, false) | (false, true) => Fits,
        (false, false) => Doubts("unassigned-number"),
    }
}

/// A row of [`AREAS`].
struct Area {
    /// Lengths in digits: of the code, of the local part, of the whole number.
    code: usize,
    local: usize,
    total: usize,
    /// Free dial and the like, whose digits may be grouped in two ways and begin with any.
    is_service: bool,
    /// Sets of first digits separated by spaces, each digits and `[classes]`; `*` is any.
    assigned: &'static str,
}

impl Area {
    fn of(code: &str) -> Option<Area> {
        let mut fields = look_up(AREAS, code)?.split('\t');
        let local = fields.next()?.parse().ok()?;
        let total = fields.next()?.parse().ok()?;
        let kind = fields.next()?;
        let is_service = !matches!(kind, "fixed" | "mobile" | "ip_phone" | "m2m");
        Some(Area { code: code.len(), local, total, is_service, assigned: fields.next()? })
    }

    fn is_assigned(&self, subscriber: &str) -> bool {
        self.assigned.split(' ').any(|pattern| pattern == "*" || starts_with_classes(subscriber, pattern))
    }
}

/// Whether a text begins as a pattern of characters and `[classes]` says.
fn starts_with_classes(text: &str, pattern: &str) -> bool {
    let mut pattern = pattern;
    let mut text = text.chars();
    while let Some(first) = pattern.chars().next() {
        let (class, rest) = match pattern.strip_prefix('[').and_then(|p| p.split_once(']')) {
            Some(parts) => parts,
            None => pattern.split_at(first.len_utf8()),
        };
        let is_range = class.as_bytes().get(1) == Some(&b'-');
        let fits = |c: char| match (class.chars().next(), class.chars().last()) {
            (Some(low), Some(high)) if is_range => (low..=high).contains(&c),
            _ => class.contains(c),
        };
        if !text.next().is_some_and(fits) {
            return false;
        }
        pattern = rest;
    }
    true
}

/// Whether the value is cut out of something longer. A label may touch it: `TEL03-…`.
fn is_piece(value: &Value<'_>) -> bool {
    let letters = value.before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let word = &value.before[value.before.len() - letters..];
    let is_label = ["tel", "fax", "phone", "mobile"].iter().any(|label| label.eq_ignore_ascii_case(word));
    let before = if is_label || value.text.starts_with(['+', '(']) { "" } else { value.before };
    in_longer_run(&Value { before, ..*value })
}

/// Numbers made up for documents, with area code or without: 0000-0000, 1234-5678, 0123456789.
fn is_sample(digits: &str) -> bool {
    digits.bytes().all(|b| b == b'0') || ["123456789", "0123456789", "0987654321"].iter().any(|s| s.starts_with(digits))
}

/// A number's digits with the leading 0, and the lengths of its groups.
struct Number {
    digits: [u8; LONGEST],
    count: usize,
    groups: [usize; 3],
    group_count: usize,
}

impl Number {
    /// Reads digits, separators, brackets and what may stand in front of a number: +81 and its
    /// equivalents, and 184 or 186, which withhold or show the caller's number.
    fn read(text: &str) -> Option<Number> {
        let national = ["+81", "0081-", "0081 ", "010-81-", "010 81 ", "81-", "81 "]
            .iter()
            .find_map(|prefix| text.strip_prefix(prefix))
            .map(|rest| rest.trim_start_matches(['-', ' ', '.']));
        let domestic = ["184-", "186-", "184 ", "186 "].iter().find_map(|prefix| text.strip_prefix(prefix));
        let mut number = Number { digits: [0; LONGEST], count: 0, groups: [0; 3], group_count: 0 };
        if let Some(rest) = national {
            // +81-3-…, +81(0)3-… and, by mistake, +81-03-…
            let rest = rest.strip_prefix("(0)").unwrap_or(rest);
            number.start_group().and_then(|()| number.push(b'0'))?;
            number.read_groups(rest.strip_prefix('0').unwrap_or(rest), true)?;
        } else {
            number.read_groups(domestic.unwrap_or(text), false)?;
        }
        Some(number)
    }

    fn read_groups(&mut self, text: &str, is_begun: bool) -> Option<()> {
        let mut in_group = is_begun;
        for b in text.bytes() {
            match b {
                b'0'..=b'9' => {
                    if !in_group {
                        self.start_group()?;
                    }
                    self.push(b)?;
                    in_group = true;
                }
                b' ' | b'-' | b'.' | b'(' | b')' => in_group &= is_begun && self.count == 1,
                _ => return None,
            }
        }
        (self.count > 0).then_some(())
    }

    fn start_group(&mut self) -> Option<()> {
        self.group_count += 1;
        (self.group_count <= self.groups.len()).then_some(())
    }

    fn push(&mut self, digit: u8) -> Option<()> {
        *self.digits.get_mut(self.count)? = digit;
        self.count += 1;
        self.groups[self.group_count - 1] += 1;
        Some(())
    }

    fn digits(&self) -> &str {
        str::from_utf8(&self.digits[..self.count]).unwrap_or_default()
    }

    fn groups(&self) -> &[usize] {
        &self.groups[..self.group_count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(outcome: Outcome, texts: &[&str]) {
        for text in texts {
            assert_eq!(phone(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn the_table_can_be_looked_up() {
        assert!(super::super::table::is_sorted(AREAS));
        assert!(AREAS.lines().skip(1).all(|line| Area::of(line.split('\t').next().unwrap()).is_some()));
        assert_eq!(AREAS.lines().filter(|line| line.contains("\tfixed\t")).count(), 387);
    }

    #[test]
    fn grouping_that_agrees_with_the_plan() {
        all(
            Proves("numbering-plan"),
            &[
                "03-5253-5111",
                "(03)5253-5111",
                "03(5253)5111",
                "03 5253 5111",
                "03.5253.5111",
                "045-671-2121",
                "0422-51-5131",
                "0422-22-3456",
                "04992-2-1234",
                "090-3141-5926",
                "070-3141-5926",
                "060-3141-5926",
                "020-3141-5926",
                "050-3141-5926",
                "0120-314-159",
                "0120-31-4159",
                "0800-314-1592",
                "0570-00-3141",
                "+81-3-5253-5111",
                "+81 90 3141 5926",
                "+81(0)90-3141-5926",
                "+81-(0)3-5253-5111",
                "+81-03-5253-5111",
                "81-90-3141-5926",
                "010-81-3-5253-5111",
                "184-03-5253-5111",
            ],
        );
    }

    #[test]
    fn digits_alone() {
        all(Fits, &["0352535111", "09031415926", "+819031415926", "03-52535111", "035253-5111", "06-1234-9876"]);
        all(Doubts("unassigned-number"), &["0612349876"]);
    }

    #[test]
    fn placeholders() {
        all(
            Doubts("example-value"),
            &["03-1234-5678", "090-1234-5678", "0120-000-000", "0120-123-456", "045-123-4567", "0123456789"],
        );
    }

    #[test]
    fn no_numbers() {
        all(
            Rejects,
            &[
                "",
                "0",
                "03-12345-678",
                "012-345-6789",
                "090-0234-5678",
                "03-0000-0000",
                "000-0000-0000",
                "0000-00-0000",
                "2024-11-22",
                "192-168-0001",
                "03.12.2024",
                "090-314-15926",
                "0000000000",
                "+81",
                "+81-3-5253",
                "03-5253-5111-2",
                "03５253-5111",
                "0312345678901234567890",
            ],
        );
        let at = |before, after| phone(&Value { text: "03-5253-5111", before, after });
        assert_eq!(at("TEL:", "(代表)"), Proves("numbering-plan"));
        assert_eq!(at("Tel", ""), Proves("numbering-plan"));
        assert_eq!(at("X", ""), Rejects);
        assert_eq!(at("", "-0001"), Rejects);
        assert_eq!(at("12-", ""), Rejects);
        assert_eq!(phone(&Value { text: "0352535111", before: "x/commit/", after: "" }), Rejects);
    }
}
