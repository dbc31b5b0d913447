//! Files that are no text: where UTF-16 stands in them.
//!
//! Bytes in, the place of the next string of UTF-16 (low byte first, as Windows programs and
//! their files have it) out. Other text in such files is found as the bytes it is.

use std::ops::Range;

/// Units looked at together. A string is found that has twice as many of ASCII or kana in a row.
const ANCHOR: usize = 4;

/// The next string that begins in `within`; it may end behind it.
pub(super) fn utf16(raw: &[u8], within: Range<usize>) -> Option<Range<usize>> {
    let (words, _) = raw[within.start..].as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let at = within.start + 8 * i;
        if at >= within.end {
            break;
        }
        let word = u64::from_le_bytes(*word);
        // Every second byte is 0 or 0x30, but for two bits that are not worth a test of their own.
        let (first, second) = (word & 0xCF00_CF00_CF00_CF00 == 0, word & 0x00CF_00CF_00CF_00CF == 0);
        if (first || second) && word != 0 {
            let anchor = [(first, at), (second, at + 1)].into_iter().find(|(fits, at)| *fits && is_anchor(raw, *at));
            if let Some((_, found)) = anchor {
                return Some(start(&raw[..found], within.start)..end(raw, found));
            }
        }
    }
    None
}

/// Do characters of ASCII or kana stand here in a row?
fn is_anchor(raw: &[u8], at: usize) -> bool {
    let is_char = |unit: &[u8; 2]| match *unit {
        // Below U+3041 it would be the digits of a number.
        [low, 0x30] => low >= 0x41,
        [low, high] => matches!(kind(low, high), Kind::Ascii),
    };
    raw.get(at..at + 2 * ANCHOR).is_some_and(|units| units.as_chunks().0.iter().all(is_char))
}

/// The beginning of a string that an anchor stands in: other characters may come before it.
fn start(raw: &[u8], from: usize) -> usize {
    let (mut at, mut start) = (raw.len(), raw.len());
    while at >= from + 2 && start - at < 2 * DOUBTS {
        match kind(raw[at - 2], raw[at - 1]) {
            Kind::None => break,
            Kind::Doubtful => at -= 2,
            Kind::Ascii | Kind::Japanese => {
                at -= 2;
                start = at;
            }
        }
    }
    start
}

/// So many doubtful units in a row are no UTF-16.
const DOUBTS: usize = 3;

/// The end of a string.
fn end(raw: &[u8], from: usize) -> usize {
    let (mut at, mut end) = (from, from);
    while let Some(&[low, high]) = raw[at..].first_chunk()
        && at - end < 2 * DOUBTS
    {
        match kind(low, high) {
            // A string that is ended as strings are was one to its last character.
            Kind::None if low == 0 && high == 0 => return at,
            Kind::None => break,
            Kind::Doubtful => at += 2,
            Kind::Ascii | Kind::Japanese => {
                at += 2;
                end = at;
            }
        }
    }
    end
}

enum Kind {
    Ascii,
    Japanese,
    /// A kanji, if it is not two characters of ASCII.
    Doubtful,
    None,
}

fn kind(low: u8, high: u8) -> Kind {
    match (high, low) {
        (0, b'\t' | b'\n' | b'\r' | 0x20..0x7F) => Kind::Ascii,
        (0x30, _) | (0xFF, ..=0xEF) => Kind::Japanese,
        (0x4E..=0x7E, 0x20..0x7F) => Kind::Doubtful,
        (0x4E..=0x9F, _) => Kind::Japanese,
        _ => Kind::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(raw: &[u8]) -> Vec<String> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(string) = utf16(raw, at..raw.len()) {
            at = string.end;
            let units: Vec<u16> = raw[string].as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
            found.push(String::from_utf16_lossy(&units));
        }
        found
    }

    fn utf16_le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn strings_between_other_bytes() {
        let mut raw = b"\x7FELF\x02\x01\x01ascii text here\0\x05".to_vec();
        for text in ["Password=hunter2\r\nnext", "担当のヤマダタロウさま御中", "すべてのおきゃくさま"]
        {
            raw.extend(utf16_le(text));
            raw.extend([0, 0, 0xFE, 0x07, 0x03]);
        }
        raw.extend(utf16_le("abcdefgh"));
        raw.extend(b"then ascii follows");
        assert_eq!(
            strings(&raw),
            ["Password=hunter2\r\nnext", "担当のヤマダタロウさま御中", "すべてのおきゃくさま", "abcdefgh"]
        );
    }

    #[test]
    fn other_bytes_hold_none() {
        assert_eq!(strings(b"plain text, 10203040506070 and 0000000000000000 and more of it"), [""; 0]);
        assert_eq!(strings(&[0; 100]), [""; 0]);
        assert_eq!(strings(b"a\0b\0\0\0c\0"), [""; 0]);
        let counters: Vec<u8> = (0u32..200).flat_map(u32::to_le_bytes).collect();
        assert_eq!(strings(&counters), [""; 0]);
    }
}
