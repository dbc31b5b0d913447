//! What of a text is compared: its letters and digits, in lower case.
//!
//! Normalised text (`text`) in, characters with their offsets out. Spaces, punctuation, line
//! ends, markup and addresses of pages go, so that a passage is the same in a mail, a page and a
//! sheet. The fold is made to be equal on both sides, not to be read; nothing is kept here.

/// By byte: an ASCII letter in lower case or a digit, [`NONE`], or [`MARK`].
const ASCII: [u8; 256] = {
    let mut table = [MARK; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { NONE };
        byte += 1;
    }
    table[b'<' as usize] = MARK;
    table[b'&' as usize] = MARK;
    table[b':' as usize] = MARK;
    table
};
/// No letter.
const NONE: u8 = 0;
/// To be looked at more closely: more that is no letter may follow, or it is not ASCII.
const MARK: u8 = 1;

/// Longest tag that is passed over, in bytes.
const TAG: usize = 512;
/// Longest name of a character reference (`&nbsp;`), in bytes.
const REFERENCE: usize = 10;

/// Is it a character of which one says as much as two letters of an alphabet: kana, an
/// ideograph, hangul?
pub(super) fn is_wide(c: u32) -> bool {
    c >= 0x2E80
}

/// Letters that there is room for: a power of two, so that no index needs to be checked.
pub(super) const ROOM: usize = 1 << 11;

/// Letters with their offsets.
#[derive(Debug)]
pub(super) struct Letters {
    pub(super) codes: Box<[u32; ROOM]>,
    pub(super) offsets: Box<[u32; ROOM]>,
    pub(super) length: usize,
}

impl Default for Letters {
    fn default() -> Letters {
        Letters { codes: Box::new([0; ROOM]), offsets: Box::new([0; ROOM]), length: 0 }
    }
}

impl Letters {
    /// Takes letters of `text` from `at` on until there are `most` (fewer than [`ROOM`]), and says
    /// where it stopped. Any bytes will do; what is no UTF-8 is passed over.
    pub(super) fn fill(&mut self, text: &[u8], mut at: usize, most: usize) -> usize {
        let mut n = self.length;
        let mut put = |n: &mut usize, code: u32, at: usize, is_letter: bool| {
            // Without a branch on what is a letter: nobody can foresee that.
            self.codes[*n % ROOM] = code;
            self.offsets[*n % ROOM] = at as u32;
            *n += usize::from(is_letter);
        };
        while n < most && at < text.len() {
            // So many bytes are at most so many letters.
            let end = text.len().min(at + most - n);
            for &byte in &text[at..end] {
                let letter = ASCII[usize::from(byte)];
                if letter == MARK {
                    break;
                }
                put(&mut n, u32::from(letter), at, letter > MARK);
                at += 1;
            }
            if let Some(&byte) = text[at..end].first() {
                if byte < 0x80 {
                    at += passed_over(&text[at..]);
                } else {
                    let (c, length) = decode(&text[at..]);
                    let letter = fold(c);
                    put(&mut n, letter, at, letter != 0);
                    at += length;
                }
            }
        }
        self.length = n;
        at
    }

    /// Lets go of all but the last ones.
    pub(super) fn keep_last(&mut self, count: usize) {
        let first = self.length.saturating_sub(count);
        self.codes.copy_within(first..self.length, 0);
        self.offsets.copy_within(first..self.length, 0);
        self.length -= first;
    }

    /// Those that are left stand in a text that is gone.
    pub(super) fn forget_offsets(&mut self) {
        self.offsets[..self.length].fill(0);
    }
}

/// How many bytes are passed over from a byte on that is no letter: itself, or what it begins.
fn passed_over(text: &[u8]) -> usize {
    match text {
        // A tag, or a mail address in brackets.
        [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?') => {
            let end = text.iter().take(TAG).position(|&b| b == b'>');
            end.map_or(1, |end| end + 1)
        }
        [b'&', next, ..] if next.is_ascii_alphabetic() || *next == b'#' => {
            let end = text[1..].iter().take(REFERENCE).position(|b| !b.is_ascii_alphanumeric() && *b != b'#');
            end.filter(|&end| text[1 + end] == b';').map_or(1, |end| end + 2)
        }
        // The address of a page says where something is, in everybody's words.
        [b':', b'/', b'/', rest @ ..] => {
            3 + rest.iter().take_while(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b')')).count()
        }
        _ => 1,
    }
}

/// The first character, by its number, and its bytes; 0 for bytes that are no character.
fn decode(text: &[u8]) -> (u32, usize) {
    let tail = |i: usize| text.get(i).filter(|b| **b & 0xC0 == 0x80).map(|b| u32::from(b & 0x3F));
    match (text[0], tail(1), tail(2), tail(3)) {
        (lead @ 0xE0..=0xEF, Some(b), Some(c), _) => (u32::from(lead & 0xF) << 12 | b << 6 | c, 3),
        (lead @ 0xC2..=0xDF, Some(b), ..) => (u32::from(lead & 0x1F) << 6 | b, 2),
        (lead @ 0xF0..=0xF4, Some(b), Some(c), Some(d)) => (u32::from(lead & 7) << 18 | b << 12 | c << 6 | d, 4),
        _ => (0, 1),
    }
}

/// The letter that stands for a character beyond ASCII; 0 if it is none.
fn fold(c: u32) -> u32 {
    match c {
        // Kana with the mark of length, ideographs.
        0x3041..=0x3096 | 0x30A1..=0x30FA | 0x30FC | 0x4E00..=0x9FFF => c,
        // Numbers of lists in circles and brackets, and words squeezed into one character.
        0x2460..=0x24FF | 0x3200..=0x33FF | 0..0x80 => 0,
        _ => {
            let letter = char::from_u32(c).filter(|c| c.is_alphanumeric());
            letter.and_then(|c| c.to_lowercase().next()).map_or(0, u32::from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let mut out = String::new();
        let (mut letters, mut at) = (Letters::default(), 0);
        while at < text.len() {
            at = letters.fill(text.as_bytes(), at, 3);
            for i in 0..letters.length {
                assert!(text.is_char_boundary(letters.offsets[i] as usize));
                out.extend(char::from_u32(letters.codes[i]));
            }
            letters.keep_last(0);
        }
        out
    }

    #[test]
    fn what_is_compared() {
        assert_eq!(of("The  Quick,\n fox's 2 データー。"), "thequickfoxs2データー");
        assert_eq!(of("<p class=\"a\">見<b>積</b>書</p>&nbsp;A &amp; B"), "見積書ab");
        assert_eq!(of("see https://example.com/a?b=c now (http://x.y/z) end"), "seehttpsnowhttpend");
        assert_eq!(of("a < b && c > d; x<y"), "abcdxy");
        assert_eq!(of("Ärger ①項 ñ ＡＢ"), "ärger項ñａｂ");
        assert_eq!(of("<a never ends"), "aneverends");
    }

    #[test]
    fn any_bytes_will_do() {
        let mut letters = Letters::default();
        letters.fill(b"\xff\xe3\x81\xe3\x81\x82\xf0\x9f\x98\x80\xc3 a\xed\xa0\x80", 0, 100);
        assert_eq!(letters.length, 2);
    }
}
