//! Sets of bytes.
//!
//! Pure; no texts and no patterns here.

/// A set of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct ByteSet(pub [u64; 4]);

impl ByteSet {
    /// The ASCII letters and digits.
    pub(super) const ALNUM: ByteSet = ByteSet::of(b"").with_ranges(&[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')]);
    /// What identifiers and most tokens are made of: [`ByteSet::ALNUM`], `_` and `-`.
    pub(super) const TOKEN: ByteSet = ByteSet::ALNUM.with_ranges(&[(b'_', b'_'), (b'-', b'-')]);
    /// Word characters as `\b` has them.
    pub(super) const WORD: ByteSet = ByteSet::ALNUM.with_ranges(&[(b'_', b'_')]);
    /// Every byte.
    pub(super) const ALL: ByteSet = ByteSet([u64::MAX; 4]);
    /// All bytes beyond ASCII: every byte of a longer UTF-8 sequence is one of these.
    pub(super) const BEYOND_ASCII: ByteSet = ByteSet([0, 0, u64::MAX, u64::MAX]);

    /// The bytes of a list.
    pub(super) const fn of(bytes: &[u8]) -> ByteSet {
        let mut set = ByteSet([0; 4]);
        let mut i = 0;
        while i < bytes.len() {
            set = set.with_ranges(&[(bytes[i], bytes[i])]);
            i += 1;
        }
        set
    }

    /// This set and inclusive ranges.
    pub(super) const fn with_ranges(mut self, ranges: &[(u8, u8)]) -> ByteSet {
        let mut i = 0;
        while i < ranges.len() {
            let mut byte = ranges[i].0 as usize;
            while byte <= ranges[i].1 as usize {
                self.0[byte / 64] |= 1 << (byte % 64);
                byte += 1;
            }
            i += 1;
        }
        self
    }

    /// Is the byte in it?
    #[inline]
    pub(super) const fn contains(&self, byte: u8) -> bool {
        self.0[byte as usize / 64] >> (byte % 64) & 1 != 0
    }

    pub(super) fn union(self, other: ByteSet) -> ByteSet {
        ByteSet(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    pub(super) fn not(self) -> ByteSet {
        ByteSet(self.0.map(|word| !word))
    }

    pub(super) fn is_subset(&self, of: &ByteSet) -> bool {
        self.0.iter().zip(of.0).all(|(a, b)| a & !b == 0)
    }

    pub(super) fn is_disjoint(&self, from: &ByteSet) -> bool {
        self.0.iter().zip(from.0).all(|(a, b)| a & b == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        assert!(ByteSet::ALNUM.is_subset(&ByteSet::TOKEN));
        assert!(!ByteSet::TOKEN.is_subset(&ByteSet::ALNUM));
        assert!(ByteSet::ALNUM.is_disjoint(&ByteSet::of(b"-_ \xFF")));
        let all: Vec<u8> = (0..=255).filter(|&b| ByteSet::TOKEN.contains(b)).collect();
        assert_eq!(all, b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    }
}
