//! The masked preview of a value: at most its public prefix and two characters more.
//!
//! Works on the value while it is in memory; nothing here keeps it.

/// How a detector lets its values be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// Leading characters that are public (`ghp_`); 0 shows none at all.
    pub public: usize,
    /// The length is a secret too.
    pub hide_length: bool,
}

/// Longest row of stars: beyond it the length says nothing a reader needs.
const LONGEST: usize = 64;
/// The row of stars where the length is hidden.
const FIXED: usize = 8;

/// The preview of `value`: characters that may be shown, then stars.
///
/// Two characters beyond the public prefix help a person to tell two keys of one vendor apart;
/// they are given only where at least twelve stay hidden.
pub fn mask(value: &str, preview: Preview) -> String {
    let length = value.chars().count();
    let mut shown = preview.public.min(length);
    if shown > 0 && length >= shown + 14 {
        shown += 2;
    } else if length < shown + 8 {
        shown = 0;
    }
    let stars = if preview.hide_length { FIXED } else { (length - shown).clamp(1, LONGEST) };
    let mut out = String::with_capacity(shown * 3 + stars);
    out.extend(value.chars().take(shown).map(|c| if c.is_control() { ' ' } else { c }));
    out.extend(std::iter::repeat_n('*', stars));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Preview = Preview { public: 0, hide_length: false };

    #[test]
    fn personal_values_show_no_character() {
        assert_eq!(mask("123456789018", NOTHING), "************");
        assert_eq!(mask("山田太郎", NOTHING), "****");
    }

    #[test]
    fn a_public_prefix_and_two_more() {
        let shown =
            mask(&["ghp_", "tyQ81dOOKHBWV1qUA9amhU718W9BL7"].concat(), Preview { public: 4, hide_length: false });
        assert!(shown.starts_with("ghp_ty*") && !shown.contains('Q'), "{shown}");
    }

    #[test]
    fn a_short_value_shows_nothing_even_with_a_public_prefix() {
        assert_eq!(mask("ghp_12", Preview { public: 4, hide_length: false }), "******");
    }

    #[test]
    fn a_password_hides_its_length() {
        let hidden = Preview { public: 0, hide_length: true };
        assert_eq!(mask("a", hidden), mask("a much longer password", hidden));
    }

    #[test]
    fn a_long_key_is_not_a_wall_of_stars() {
        assert_eq!(mask(&"k".repeat(5000), NOTHING).len(), LONGEST);
    }
}
