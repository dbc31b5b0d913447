//! Where words begin in a text.
//!
//! A text in, places out, eight bytes at a step: at ASCII letters and digits behind anything but a
//! letter, at capitals (`cardNumber`), and at every character beyond ASCII.

/// One in each of eight bytes.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each.
const HIGH: u64 = ONES << 7;

/// Calls `each` with every such place, in rising order.
pub(super) fn starts(text: &[u8], mut each: impl FnMut(usize)) {
    let (eights, rest) = text.as_chunks::<8>();
    let mut before = 0;
    let mut step = |at: usize, bytes: [u8; 8]| {
        let (mask, letters) = of_eight(u64::from_le_bytes(bytes), before);
        before = letters >> 56;
        let mut mask = mask;
        while mask != 0 {
            each(at + mask.trailing_zeros() as usize / 8);
            mask &= mask - 1;
        }
    };
    for (i, &bytes) in eights.iter().enumerate() {
        step(8 * i, bytes);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    step(8 * eights.len(), last);
}

/// The highest bits of the bytes at which something begins, and of those that are letters.
#[inline(always)]
fn of_eight(bytes: u64, before: u64) -> (u64, u64) {
    let seven = bytes & !HIGH;
    // The highest bit of every byte that is at least so great; none carries into the next.
    let least = |bytes: u64, least: u8| bytes + ONES * u64::from(0x80 - least);
    let lower = seven | ONES << 5;
    let letters = least(lower, b'a') & !least(lower, b'z' + 1) & !bytes & HIGH;
    let digits = least(seven, b'0') & !least(seven, b'9' + 1) & !bytes & HIGH;
    let capitals = letters & !(bytes << 2);
    let beyond = bytes & bytes << 1 & HIGH;
    ((letters | digits) & !(letters << 8 | before) | capitals | beyond, letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_beginning() {
        let found = |text: &str| {
            let mut found = Vec::new();
            starts(text.as_bytes(), |at| found.push(at));
            found
        };
        assert_eq!(found("card_no 12 [x]"), [0, 5, 8, 9, 12]);
        assert_eq!(found("a long word_that goes on"), [0, 2, 7, 12, 17, 22]);
        assert_eq!(found("myCardNo"), [0, 2, 6]);
        assert_eq!(found("番号no@ZZ"), [0, 3, 6, 9, 10]);
        assert!(found("").is_empty());
        // Every byte behind every other, on every place of eight.
        for (a, b) in (0..=255u8).flat_map(|a| (0..=255u8).map(move |b| (a, b))) {
            let is = match b {
                b'a'..=b'z' => !a.is_ascii_alphabetic(),
                b'0'..=b'9' => !a.is_ascii_alphabetic(),
                _ => b.is_ascii_uppercase() || b >= 0xC0,
            };
            let text = [b' ', b' ', b' ', b' ', b' ', b' ', a, b, a, b];
            let mut found = Vec::new();
            starts(&text, |at| found.push(at));
            assert_eq!((found.contains(&7), found.contains(&9)), (is, is), "{a} {b}");
        }
    }
}
