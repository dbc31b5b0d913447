//! Which encoding bytes are in: by their beginning for a whole input, then line by line.
//!
//! Bytes in, an [`Encoding`] out, by byte order mark, by escape sequence, and else by what
//! surprises least ([`score`]). Decodes nothing.

use std::ops::Range;

use super::Encoding;
use super::multibyte::ascii_len;
use super::{jis, score};

/// Bytes of an input's beginning that are looked at.
const HEAD: usize = 4096;
/// Bytes that tell UTF-16 and UTF-32 from the rest.
const WIDE_HEAD: usize = 1024;

/// The encoding most of an input is in, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Main {
    /// The encoding.
    pub(super) encoding: Encoding,
    /// Half bits by which a line must speak against it.
    trust: u32,
}

impl Main {
    /// What somebody says that it is. Headers lie, so a line may still be something else.
    pub(super) fn declared(encoding: Encoding) -> Main {
        Main { encoding, trust: 80 }
    }

    /// Nothing is known, and UTF-8 is what most is in.
    const UNKNOWN: Main = Main { encoding: Encoding::Utf8, trust: 0 };

    /// UTF-8, seen.
    pub(super) const UTF_8: Main = Main { encoding: Encoding::Utf8, trust: CERTAIN };
}

/// Trust in an encoding that every line seen was in.
const CERTAIN: u32 = 20;
/// Trust in the most frequent of several.
const MIXED: u32 = 4;
/// So much must speak against the encoding of the rest before a line counts as another's.
const DOUBT: u32 = 50;

/// The encoding of an input that begins with `head`; `None` if its beginning does not tell.
pub(super) fn begin(head: &[u8]) -> Option<Main> {
    if let Some(main) = byte_order_mark(head) {
        return Some(main);
    }
    let mut sample = &head[..head.len().min(HEAD)];
    let ascii = sample.is_ascii();
    let controls = controls(sample);
    if ascii && controls == (0, 0) && !has_digit_rows(sample) && memchr::memchr(0x1B, sample).is_none() {
        return None;
    }
    let utf8 = is_utf8(sample);
    if controls != (0, 0) || !utf8 || ascii {
        let wide = &sample[..sample.len().min(WIDE_HEAD)];
        if !jis::is_japanese(wide)
            && let Some(encoding) = self::wide(wide)
        {
            return Some(Main { encoding, trust: CERTAIN });
        }
    }
    if is_binary(sample) {
        return None;
    }
    if utf8 && is_telling(sample) {
        return Some(Main::UTF_8);
    }
    if sample.len() < head.len() {
        // A line that is cut may be cut within a character.
        let whole = memchr::memrchr(b'\n', sample).map_or(sample.len(), |newline| newline + 1);
        sample = &sample[..whole];
    }
    learn(sample)
}

/// Is this UTF-8, but for a last character that may be cut?
fn is_utf8(sample: &[u8]) -> bool {
    let valid = encoding_rs::Encoding::utf8_valid_up_to(sample);
    std::str::from_utf8(&sample[valid..]).map_or_else(|e| e.error_len().is_none(), |_| true)
}

/// Does valid UTF-8 have enough characters of several bytes in it that it is nothing else by
/// chance? A few of two bytes could be.
pub(super) fn is_telling(utf8: &[u8]) -> bool {
    count(utf8, |b| b >= 0xE0) >= 4 || count(utf8, |b| b >= 0xC2) >= 16
}

/// How many bytes are so. Sums of bytes, for as many as one can hold, are what vectors are good
/// at.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    bytes.chunks(255).map(|part| usize::from(part.iter().map(|&b| u8::from(is(b))).sum::<u8>())).sum()
}

/// Does `0` stand at every other place more often than in text? Kana are U+30xx, and 0x30 is
/// that digit, so hiragana in UTF-16 can pass for ASCII.
fn has_digit_rows(sample: &[u8]) -> bool {
    let start = &sample[..sample.len().min(64)];
    let zeros = |parity: usize| start.iter().skip(parity).step_by(2).filter(|&&b| b == b'0').count();
    zeros(0).max(zeros(1)) * 8 > start.len()
}

/// The encoding that a byte order mark says (Unicode, section 23.8).
pub(super) fn byte_order_mark(head: &[u8]) -> Option<Main> {
    let encoding = match head {
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8,
        [0xFF, 0xFE, 0, 0, ..] => Encoding::Utf32Le,
        [0, 0, 0xFE, 0xFF, ..] => Encoding::Utf32Be,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        _ => return None,
    };
    Some(Main { encoding, trust: CERTAIN })
}

/// UTF-16 or UTF-32 without a mark.
fn wide(sample: &[u8]) -> Option<Encoding> {
    // Files in UTF-16 are rarer than others; and a guess that is wrong loses every token.
    const HANDICAP: u32 = 20;
    let bytes = score::bytes(sample).min(bytewise(sample));
    let wide = [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be];
    let (least, encoding) = wide
        .into_iter()
        .filter(|encoding| sample.len() >= 2 * encoding.unit())
        .map(|encoding| (score::wide(encoding, sample), encoding))
        .min_by_key(|(surprise, _)| *surprise)?;
    (least + HANDICAP < bytes).then_some(encoding)
}

/// The least surprise in an encoding that is no wide one, counting ASCII too.
fn bytewise(raw: &[u8]) -> u32 {
    let least = |limit, encoding: &Encoding| score::surprise(*encoding, raw, limit).min(limit);
    Encoding::BYTEWISE.iter().fold(u32::MAX, least).saturating_add(score::ascii(raw))
}

/// How many zeros and how many other control characters; but for those of line ends, of
/// terminals and of ISO-2022-JP (escape, shift out, shift in).
fn controls(block: &[u8]) -> (usize, usize) {
    let is_control = |b| (b < 0x20) & !(0x09..=0x0F).contains(&b) & (b != 0x1B);
    let all = count(block, is_control);
    // Most text has none at all.
    let zeros = if all == 0 { 0 } else { count(block, |b| b == 0) };
    (zeros, all - zeros)
}

/// Are these bytes no text? Text has next to no control characters, whatever its encoding;
/// zeros only separate or fill.
pub(super) fn is_binary(block: &[u8]) -> bool {
    let (zeros, others) = controls(block);
    others * 32 > block.len() - zeros
}

impl Encoding {
    /// The encodings that are compared with each other byte by byte.
    const BYTEWISE: [Encoding; 4] = [Encoding::Utf8, Encoding::ShiftJis, Encoding::EucJp, Encoding::Windows1252];
}

/// The encoding of the lines in `raw` that are not ASCII; `None` if there are none.
pub(super) fn learn(raw: &[u8]) -> Option<Main> {
    // Over all lines: the surprise, and how much more at most than in the line's best encoding.
    let mut sums = [0; Encoding::BYTEWISE.len()];
    let mut doubts = [0; Encoding::BYTEWISE.len()];
    let (mut bytes, mut japanese) = (0, 0);
    let mut at = 0;
    while bytes + japanese <= HEAD
        && let Some(line) = unusual_line(raw, at)
    {
        at = line.end;
        let line = &raw[line];
        if jis::is_japanese(line) {
            japanese += line.len();
        } else if !line.is_ascii() {
            let surprises = Encoding::BYTEWISE.map(|encoding| score::surprise(encoding, line, u32::MAX));
            let best = surprises[least(&surprises)];
            for (i, surprise) in surprises.into_iter().enumerate() {
                sums[i] += surprise;
                doubts[i] = doubts[i].max(surprise - best);
            }
            bytes += line.len();
        }
    }
    let best = least(&sums);
    let alike = doubts[best] <= DOUBT && (bytes == 0 || japanese == 0);
    let trust = if alike { CERTAIN + doubts[best] } else { MIXED };
    match (japanese, bytes) {
        (0, 0) => None,
        _ if japanese > bytes => Some(Main { encoding: Encoding::Iso2022Jp, trust }),
        _ => Some(Main { encoding: Encoding::BYTEWISE[best], trust }),
    }
}

/// The next line from `at` on that is not plain ASCII, or as much of it as is worth looking at.
fn unusual_line(raw: &[u8], mut at: usize) -> Option<Range<usize>> {
    while at < raw.len() {
        let block = &raw[at..raw.len().min(at + HEAD)];
        let ascii = ascii_len(block);
        let unusual = memchr::memchr(0x1B, &block[..ascii]).unwrap_or(ascii);
        if unusual < block.len() {
            let start = memchr::memrchr(b'\n', &block[..unusual]).map_or(0, |newline| newline + 1);
            let rest = &raw[at + unusual..raw.len().min(at + unusual + HEAD)];
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
            return Some(at + start..at + unusual + end);
        }
        at += block.len();
    }
    None
}

/// The encoding of a line that is not ASCII.
pub(super) fn line(line: &[u8], main: Option<Main>) -> Encoding {
    let usual = main.filter(|main| Encoding::BYTEWISE.contains(&main.encoding)).unwrap_or(Main::UNKNOWN);
    let first = usual.encoding;
    let surprise = score::surprise(first, line, u32::MAX);
    if usual.trust >= CERTAIN && first != Encoding::Utf8 {
        // What is as ordinary as text is on average needs no comparison.
        let high = count(line, |b| b >= 0x80) as u32;
        if surprise <= high * 14 + 30 {
            return first;
        }
    }
    let mut best = (surprise.saturating_sub(usual.trust), first);
    for encoding in Encoding::BYTEWISE {
        if encoding != first {
            let surprise = score::surprise(encoding, line, best.0);
            if surprise < best.0 {
                best = (surprise, encoding);
            }
        }
    }
    best.1
}

/// Does a line of an input in UTF-16 or UTF-32 fit it? Programs append lines in other encodings
/// to such files.
pub(super) fn is_wide(encoding: Encoding, line: &[u8]) -> bool {
    let units = (line.len() / encoding.unit()) as u32;
    let wide = score::wide(encoding, line);
    // What fits well needs no comparison.
    wide <= units * 28 || wide <= bytewise(line) + CERTAIN
}

/// Index of the least; the first of equals.
fn least(surprises: &[u32]) -> usize {
    (0..surprises.len()).min_by_key(|&i| surprises[i]).unwrap_or(0)
}
