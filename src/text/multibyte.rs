//! Shift_JIS, EUC-JP and Windows-1252 → text.
//!
//! A piece of a window in, its normalised text out through a [`Writer`]. What is no character
//! stays as the byte it is. Decides nothing about which encoding it is.

use std::ops::Range;

use super::table::{Entry, JIS_X_0208, JIS_X_0212, KATAKANA, SHIFT_JIS, Table, WINDOWS_1252};
use super::write::Writer;

/// How bytes from 0x80 on are put together to characters.
trait Scheme {
    /// A character of two bytes.
    fn pair(&self, bytes: &[u8; 2]) -> Entry;
    /// Any other character at the beginning of `raw`, and its length in bytes.
    fn other(&self, raw: &[u8]) -> Option<(char, usize)>;
    /// Bytes that are characters by themselves; returns where they end.
    fn singles(&self, at: usize, end: usize, writer: &mut Writer<'_>) -> usize;
}

/// Writes a piece in Shift_JIS.
pub(super) fn shift_jis(piece: Range<usize>, writer: &mut Writer<'_>) {
    decode(&ShiftJis { table: &SHIFT_JIS, katakana: &KATAKANA }, piece, writer);
}

/// Writes a piece in EUC-JP.
pub(super) fn euc_jp(piece: Range<usize>, writer: &mut Writer<'_>) {
    decode(&EucJp { table: &JIS_X_0208 }, piece, writer);
}

/// Writes a piece in Windows-1252.
pub(super) fn windows_1252(piece: Range<usize>, writer: &mut Writer<'_>) {
    decode(&Windows1252 { table: &WINDOWS_1252 }, piece, writer);
}

fn decode(scheme: &impl Scheme, piece: Range<usize>, writer: &mut Writer<'_>) {
    let whole = writer.raw();
    let raw = &whole[..piece.end];
    let mut at = piece.start;
    while at < raw.len() {
        let ascii = ascii_len(&raw[at..]);
        writer.keep(at..at + ascii);
        at = writer.units(at + ascii, raw.len(), |bytes: &[u8; 2]| scheme.pair(bytes));
        at = scheme.singles(at, raw.len(), writer);
        if at == raw.len() || raw[at] < 0x80 || writable(scheme, &raw[at..]) {
            continue;
        }
        match char_at(scheme, &raw[at..]) {
            Some((c, length)) => {
                let mut rest = at + length;
                writer.char(c, at..rest, || {
                    let (c, length) = char_at(scheme, &whole[rest..])?;
                    rest += length;
                    Some(c)
                });
                at += length;
            }
            None => {
                writer.keep(at..at + 1);
                at += 1;
            }
        }
    }
}

/// Does a run begin here that [`Writer::units`] can write?
fn writable(scheme: &impl Scheme, raw: &[u8]) -> bool {
    raw.first_chunk().is_some_and(|pair| scheme.pair(pair).len() > 0)
}

/// The character at the beginning of `raw`, and its length in bytes.
fn char_at(scheme: &impl Scheme, raw: &[u8]) -> Option<(char, usize)> {
    let first = *raw.first()?;
    if first < 0x80 {
        return Some((char::from(first), 1));
    }
    let pair = raw.first_chunk().and_then(|pair| scheme.pair(pair).char());
    pair.map(|c| (c, 2)).or_else(|| scheme.other(raw))
}

/// Bytes below 0x80 at the beginning.
pub(super) fn ascii_len(raw: &[u8]) -> usize {
    let (words, rest) = raw.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let high = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        if high != 0 {
            return i * 8 + high.trailing_zeros() as usize / 8;
        }
    }
    raw.len() - rest.len() + rest.iter().position(|&b| b >= 0x80).unwrap_or(rest.len())
}

struct ShiftJis<'t> {
    table: &'t Table,
    katakana: &'t [Entry; 256],
}

impl Scheme for ShiftJis<'_> {
    #[inline(always)]
    fn pair(&self, bytes: &[u8; 2]) -> Entry {
        self.table.get(bytes[0], bytes[1])
    }

    fn other(&self, raw: &[u8]) -> Option<(char, usize)> {
        self.katakana[usize::from(*raw.first()?)].char().map(|c| (c, 1))
    }

    fn singles(&self, at: usize, end: usize, writer: &mut Writer<'_>) -> usize {
        writer.units(at, end, |bytes: &[u8; 1]| self.katakana[usize::from(bytes[0])])
    }
}

struct EucJp<'t> {
    table: &'t Table,
}

impl Scheme for EucJp<'_> {
    #[inline(always)]
    fn pair(&self, bytes: &[u8; 2]) -> Entry {
        self.table.get(bytes[0], bytes[1])
    }

    fn other(&self, raw: &[u8]) -> Option<(char, usize)> {
        match *raw {
            [0x8E, kana @ 0xA1..=0xDF, ..] => KATAKANA[usize::from(kana)].char().map(|c| (c, 2)),
            [0x8F, high, low, ..] => JIS_X_0212.get(high, low).char().map(|c| (c, 3)),
            _ => None,
        }
    }

    fn singles(&self, at: usize, _: usize, _: &mut Writer<'_>) -> usize {
        at
    }
}

struct Windows1252<'t> {
    table: &'t [Entry; 256],
}

impl Scheme for Windows1252<'_> {
    #[inline(always)]
    fn pair(&self, _: &[u8; 2]) -> Entry {
        Entry::INVALID
    }

    fn other(&self, raw: &[u8]) -> Option<(char, usize)> {
        self.table[usize::from(*raw.first()?)].char().map(|c| (c, 1))
    }

    fn singles(&self, at: usize, end: usize, writer: &mut Writer<'_>) -> usize {
        let entry = |bytes: &[u8; 1]| if bytes[0] < 0x80 { Entry::INVALID } else { self.table[usize::from(bytes[0])] };
        writer.units(at, end, entry)
    }
}
