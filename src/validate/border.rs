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
    let is_group = |four: &[&u8]| four.iter().all(|b| b.is_ascii_digit());
    let before = matches!(value.before.as_bytes(), [rest @ .., a, b, c, d, b' ']
        if is_group(&[a, b, c, d]) && !rest.last().is_some_and(u8::is_ascii_digit));
    let after = matches!(value.after.as_bytes(), [b' ', a, b, c, d, rest @ ..]
        if is_group(&[a, b, c, d]) && !rest.first().is_some_and(u8::is_ascii_digit));
    value.text.contains(' ') && (before || after)
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
    }
}
