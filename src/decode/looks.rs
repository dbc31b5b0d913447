//! Is what came out of base64 or hex worth a scan?
//!
//! The first decoded bytes in, a judgement out. Hashes, keys, images, fonts and identifiers
//! that merely happen to be of the right alphabet must end here, for a few nanoseconds each.

/// What decoded bytes look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// UTF-8 or ASCII text.
    Text,
    /// Text of another encoding, or a binary full of text: to be scanned on its own.
    Other,
    /// A container or document, which can only be opened whole.
    Container,
    /// Neither.
    Nothing,
}

/// How many decoded bytes [`looks`] wants to see; more are not looked at.
pub(super) const SAMPLE: usize = 512;

/// Containers and documents that `extract` can open, by their first bytes (each format's own
/// specification; RFC 1950 and 1952 for zlib and gzip).
const CONTAINERS: &[&[u8]] = &[
    b"\x1F\x8B\x08",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xFD7zXZ\0",
    b"\x28\xB5\x2F\xFD",
    b"BZh",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"MSCF\0\0\0\0",
    b"LZIP\x01",
    b"\x04\x22\x4D\x18",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"SQLite format 3\0",
    b"%PDF-",
    b"\x78\x01",
    b"\x78\x9C",
    b"\x78\xDA",
];

/// Pictures, sound, fonts and code: no text to be found in them.
const MEDIA: &[&[u8]] = &[
    b"\x89PNG\r\n\x1A\n",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"RIFF",
    b"II*\0",
    b"MM\0*",
    b"\0\0\x01\0",
    b"\0\0\x02\0",
    b"wOFF",
    b"wOF2",
    b"OTTO",
    b"\0\x01\0\0",
    b"\0asm",
    b"ID3",
    b"OggS",
    b"fLaC",
    b"\x1A\x45\xDF\xA3",
];

/// Is it vain to decode more than the first dozen bytes of a short run? Most runs are names, hashes
/// and keys, and nearly all of those show it here.
pub(super) fn hopeless(head: &[u8; 12]) -> bool {
    if begins(head, CONTAINERS)
        || head.starts_with(b"x^")
        || head.iter().filter(|b| matches!(b, 0 | 0x30)).count() >= 4 && is_utf16(head)
    {
        return false;
    }
    let ascii = head.iter().filter(|b| b.is_ascii()).count();
    head.iter().any(|&b| is_control(b))
        || ascii < 10
            && !is_utf8(head, true)
            && double_bytes(head, &SHIFT_JIS).is_none()
            && double_bytes(head, &EUC_JP).is_none()
}

/// Does it begin with one of these?
fn begins(head: &[u8], magics: &[&[u8]]) -> bool {
    magics.iter().any(|magic| magic.first() == head.first() && head.starts_with(magic))
}

/// What the beginning of decoded bytes looks like. `cut`: the bytes go on beyond `head`, or
/// `head` may begin within a character.
pub(super) fn looks(head: &[u8], cut: bool) -> Looks {
    let head = &head[..head.len().min(SAMPLE)];
    if head.len() < 8 || begins(head, MEDIA) || head[4..].starts_with(b"ftyp") {
        return Looks::Nothing;
    }
    // One of zlib's four usual beginnings is printable.
    if begins(head, CONTAINERS) || head.starts_with(b"x^") && !is_utf8(head, cut) {
        return Looks::Container;
    }
    let controls = head.iter().filter(|&&b| is_control(b)).count();
    if controls == 0 && is_utf8(head, cut) {
        // An escape begins a shift of ISO-2022-JP.
        return if head.contains(&ESCAPE) { Looks::Other } else { Looks::Text };
    }
    let other = is_utf16(head)
        || controls == 0
            && (is_mostly_ascii(head) || is_double_byte(head, &SHIFT_JIS) || is_double_byte(head, &EUC_JP))
        || holds_text(head);
    if other { Looks::Other } else { Looks::Nothing }
}

const ESCAPE: u8 = 0x1B;

/// A control character that text has no use for.
fn is_control(b: u8) -> bool {
    (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | ESCAPE)) || b == 0x7F
}

fn is_utf8(head: &[u8], cut: bool) -> bool {
    // A window may begin within a character.
    let begun = if cut { head.iter().take(3).take_while(|&&b| b & 0xC0 == 0x80).count() } else { 0 };
    match std::str::from_utf8(&head[begun..]) {
        Ok(_) => true,
        // Only the last character is incomplete.
        Err(e) => cut && e.error_len().is_none(),
    }
}

/// Latin letters of some code page among ASCII: 7 of 8 bytes are printable.
fn is_mostly_ascii(head: &[u8]) -> bool {
    let printable = head.iter().filter(|&&b| b.is_ascii()).count();
    head.len() >= 24 && printable * 8 >= head.len() * 7
}

/// Nearly all units are Latin, kana or kanji, and a good part is Latin or kana (any two random
/// bytes are a kanji one time in three). Both byte orders.
fn is_utf16(head: &[u8]) -> bool {
    let units = head.len() / 2;
    let count = |high: usize| {
        let mut plain = 0;
        let mut kanji = 0;
        for unit in head.chunks_exact(2) {
            match (unit[high], unit[1 - high]) {
                (0, low) if !is_control(low) && low != 0 => plain += 1,
                (0x30 | 0xFF, low) if low != 0 => plain += 1,
                (0x4E..=0x9F, _) => kanji += 1,
                _ => {}
            }
        }
        units >= 4 && (plain + kanji) * 10 >= units * 9 && plain * 5 >= units * 2
    };
    count(0) || count(1)
}

/// A double-byte encoding: which bytes lead, which follow, and which leads are kana.
struct DoubleByte {
    lead: fn(u8) -> bool,
    trail: fn(u8) -> bool,
    kana: [u8; 2],
}

/// JIS X 0208:1997, appendix 1.
const SHIFT_JIS: DoubleByte = DoubleByte {
    lead: |b| matches!(b, 0x81..=0x9F | 0xE0..=0xFC),
    trail: |b| matches!(b, 0x40..=0x7E | 0x80..=0xFC),
    kana: [0x82, 0x83],
};

const EUC_JP: DoubleByte =
    DoubleByte { lead: |b| matches!(b, 0xA1..=0xFE), trail: |b| matches!(b, 0xA1..=0xFE), kana: [0xA4, 0xA5] };

/// A quarter of the double-byte characters is kana, which chance does not do.
fn is_double_byte(head: &[u8], encoding: &DoubleByte) -> bool {
    double_bytes(head, encoding).is_some_and(|(all, kana)| all >= 4 && kana * 4 >= all)
}

/// How many characters of two bytes there are, and how many of these are kana, if all bytes fit.
fn double_bytes(head: &[u8], encoding: &DoubleByte) -> Option<(usize, usize)> {
    let (mut all, mut kana) = (0, 0);
    let mut at = 0;
    while let Some(&b) = head.get(at) {
        if b.is_ascii() {
            at += 1;
            continue;
        }
        let Some(&trail) = head.get(at + 1) else { break };
        if !(encoding.lead)(b) || !(encoding.trail)(trail) {
            return None;
        }
        all += 1;
        kana += usize::from(encoding.kana.contains(&b));
        at += 2;
    }
    Some((all, kana))
}

/// A binary (serialised objects, an executable, a database page) in which readable strings of
/// 12 and more characters make up a third.
fn holds_text(head: &[u8]) -> bool {
    if head.len() < 48 {
        return false;
    }
    let in_strings: usize =
        head.split(|&b| !b.is_ascii_graphic() && b != b' ').map(<[u8]>::len).filter(|&length| length >= 12).sum();
    in_strings * 3 >= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_encoding_is_worth_a_scan() {
        let ja = "パスワードは次のとおりです";
        assert_eq!(looks(b"user:hunter2", false), Looks::Text);
        assert_eq!(looks(ja.as_bytes(), false), Looks::Text);
        assert_eq!(looks(&ja.as_bytes()[1..], true), Looks::Text);
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP] {
            assert_eq!(looks(&encoding.encode(ja).0, false), Looks::Other, "{}", encoding.name());
        }
        for text in [ja, "$password = 'x'"] {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(looks(&little, false), Looks::Other);
            assert_eq!(looks(&big, false), Looks::Other);
        }
    }

    #[test]
    fn containers_pass_and_pictures_do_not() {
        assert_eq!(looks(b"PK\x03\x04\x14\0\0\0\x08\0", false), Looks::Container);
        assert_eq!(looks(b"\x1F\x8B\x08\0\0\0\0\0\0\x03", false), Looks::Container);
        assert_eq!(looks(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", false), Looks::Nothing);
        assert_eq!(looks(b"\0\0\0\x18ftypmp42 some text that is readable", false), Looks::Nothing);
    }

    /// Hashes, keys and identifiers: of random bytes, next to none may pass.
    #[test]
    fn chance_does_not_look_like_text() {
        let mut state = 1_u64;
        let mut byte = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        for (length, allowed) in [(15, 10), (20, 3), (32, 1), (64, 0)] {
            let passed = (0..10_000)
                .filter(|_| {
                    let bytes: Vec<u8> = (0..length).map(|_| byte()).collect();
                    looks(&bytes, false) != Looks::Nothing
                })
                .count();
            assert!(passed <= allowed, "{passed} of 10000 random strings of {length} bytes");
        }
    }
}
