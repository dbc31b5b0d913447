//! What stands right beside a value: is the value a piece of something longer?
//!
//! A value and its neighbours in, yes or no out. Says nothing of the value itself.

use super::Value;

/// Whether the value is a piece cut out of a longer run: of digits, letters or `_`, of a decimal
/// fraction (`0.1234…`), of a serial number or a UUID (`…-1234…`).
pub(super) fn in_longer_run(value: &Value<'_>) -> bool {
    let before = value.before.as_bytes();
    let after = value.after.as_bytes();
    match before {
        [.., b] if is_word(*b) => return true,
        [.., a, b'-'] if is_word(*a) => return true,
        [.., a, b'.'] if a.is_ascii_digit() => return true,
        _ => {}
    }
    match after {
        [b, ..] if is_word(*b) => true,
        [b'-', b, ..] if is_word(*b) => true,
        [b'.', b, ..] if b.is_ascii_digit() => true,
        _ => false,
    }
}

/// Whether a value written in groups (`1234 5678 9018`) has one more group of four digits beside
/// it, which makes it a piece of a card number.
pub(super) fn has_more_groups(value: &Value<'_>) -> bool {
    groups_beside(value).next().is_some()
}

/// Whether a value written in groups stands among groups with the letters of hexadecimal digits.
pub(super) fn is_in_hex_table(value: &Value<'_>) -> bool {
    groups_beside(value).any(|group| group.iter().any(u8::is_ascii_alphabetic))
}

/// The groups of four hexadecimal digits that a space divides from a value that has spaces itself.
fn groups_beside(value: &Value<'_>) -> impl Iterator<Item = [u8; 4]> {
    let is_group = |group: &[u8; 4]| group.iter().all(u8::is_ascii_hexdigit);
    let before = match *value.before.as_bytes() {
        [.., e, _, _, _, _, b' '] if is_word(e) => None,
        [.., a, b, c, d, b' '] => Some([a, b, c, d]),
        _ => None,
    };
    let after = match *value.after.as_bytes() {
        [b' ', _, _, _, _, e, ..] if is_word(e) => None,
        [b' ', a, b, c, d, ..] => Some([a, b, c, d]),
        _ => None,
    };
    let is_grouped = value.text.contains(' ');
    [before, after].into_iter().flatten().filter(move |group| is_grouped && is_group(group))
}

/// A byte that continues a number or a name.
fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(before: &str, text: &str, after: &str) -> bool {
        in_longer_run(&Value { text, before, after })
    }

    #[test]
    fn pieces_of_longer_runs() {
        assert!(piece("1", "234567890121", ""));
        assert!(piece("", "234567890121", "f"));
        assert!(piece("id_", "234567890121", ""));
        assert!(piece("0.", "234567890121", ""));
        assert!(piece("", "234567890121", ".5"));
        assert!(piece("550e8400-e29b-41d4-a716-", "446655440000", ""));
    }

    #[test]
    fn whole_values() {
        assert!(!piece("", "234567890121", ""));
        assert!(!piece("個人番号", "234567890121", "です"));
        assert!(!piece("id: ", "234567890121", "."));
        assert!(!piece("7,", "234567890121", ",123"));
        assert!(!piece("- ", "234567890121", " - "));
        assert!(!piece("番号-", "234567890121", "-山田"));
        assert!(!piece("1234 ", "234567890121", " 1234"));
    }

    #[test]
    fn groups_beside_groups() {
        let more = |before, text, after| has_more_groups(&Value { text, before, after });
        assert!(more("", "2345 6789 0121", " 3456"));
        assert!(more("1234 ", "2345 6789 0121", ""));
        assert!(!more("3 ", "2345 6789 0121", " 12345"));
        assert!(!more("1234 ", "234567890121", " 1234"));
        let hex = |before, text, after| is_in_hex_table(&Value { text, before, after });
        assert!(hex("505F ", "5060 5061 5062 5063", ""));
        assert!(hex("", "7030 7032 7210", " 737b 74cf"));
        assert!(!hex("card ", "5060 5061 5062 5063", " exp"));
        assert!(!hex("", "5060 5061 5062 5063", " 1227 123"));
    }
}
