//! Tables that are looked up where they lie: sorted text, compiled in, never parsed as a whole.
//!
//! A key in, the rest of its line out, by binary search over the bytes: nothing is built or
//! allocated, at start-up or later. What a line means is the caller's business.

use memchr::{memchr, memrchr};

/// What follows `key` and a tab on its line of `table`, whose lines are sorted by bytes and are
/// `key`, tab, rest.
pub(super) fn look_up<'t>(table: &'t str, key: &str) -> Option<&'t str> {
    let bytes = table.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memrchr(b'\n', &bytes[low..middle]).map_or(low, |i| low + i + 1);
        let end = memchr(b'\n', &bytes[middle..high]).map_or(high, |i| middle + i);
        let (found, rest) = table[start..end].split_once('\t').unwrap_or((&table[start..end], ""));
        match found.cmp(key) {
            std::cmp::Ordering::Equal => return Some(rest),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// Whether a table is what [`look_up`] wants; for the tests of those who embed one.
#[cfg(test)]
pub(super) fn is_sorted(table: &str) -> bool {
    table.lines().map(|line| line.split('\t').next()).is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_nothing_else() {
        for table in ["a\t1\nab\t22\nb\t\nzz\tlast", "a\t1\nab\t22\nb\t\nzz\tlast\n"] {
            assert_eq!(look_up(table, "a"), Some("1"));
            assert_eq!(look_up(table, "ab"), Some("22"));
            assert_eq!(look_up(table, "b"), Some(""));
            assert_eq!(look_up(table, "zz"), Some("last"));
            for absent in ["", "0", "aa", "abc", "z", "zzz"] {
                assert_eq!(look_up(table, absent), None, "{absent}");
            }
        }
        assert_eq!(look_up("", "a"), None);
    }
}
