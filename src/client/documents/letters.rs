//! What of a text is compared: its letters and digits, in lower case.
//!
//! Normalised text (`text`) in, characters with their offsets out. Spaces, punctuation, line
//! ends, markup and addresses of pages go, so that a passage is the same in a mail, a page and a
//! sheet. The fold is made to be equal on both sides, not to be read; nothing is kept here.

/// Letters and digits by ASCII byte, letters in lower case; 0 is none.
const ASCII: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// Longest tag that is passed over, in bytes.
const TAG: usize = 512;
/// Longest name of a character reference (`&nbsp;`), in bytes.
const REFERENCE: usize = 10;

/// Is it a character of which one says as much as two letters of an alphabet: kana, an
/// ideograph, hangul?
pub(super) fn is_wide(c: u32) -> bool {
    c >= 0x2E80
}

/// Calls back with every letter and digit of `text` and the offset it stands at. Any bytes will
/// do; what is no UTF-8 is passed over.
pub(super) fn letters(text: &[u8], mut each: impl FnMut(u32, usize)) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if let Some(&letter) = ASCII.get(usize::from(byte)) {
            if letter != 0 {
                each(u32::from(letter), at);
                at += 1;
            } else {
                at += passed_over(&text[at..]);
            }
        } else {
            let (c, length) = decode(&text[at..]);
            if let Some(c) = fold(c) {
                each(c, at);
            }
            at += length;
        }
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

/// The letter that stands for a character beyond ASCII; `None` if it is none.
fn fold(c: u32) -> Option<u32> {
    match c {
        // Kana with the mark of length, ideographs.
        0x3041..=0x3096 | 0x30A1..=0x30FA | 0x30FC | 0x4E00..=0x9FFF => Some(c),
        // Numbers of lists in circles and brackets, and words squeezed into one character.
        0x2460..=0x24FF | 0x3200..=0x33FF | 0..0x80 => None,
        _ => {
            let c = char::from_u32(c).filter(|c| c.is_alphanumeric())?;
            c.to_lowercase().next().map(u32::from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let mut out = String::new();
        letters(text.as_bytes(), |c, at| {
            assert!(text.is_char_boundary(at));
            out.extend(char::from_u32(c));
        });
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
        let mut n = 0;
        letters(b"\xff\xe3\x81\xe3\x81\x82\xf0\x9f\x98\x80\xc3 a\xed\xa0\x80", |_, _| n += 1);
        assert_eq!(n, 2);
    }
}
