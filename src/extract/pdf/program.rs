//! Font programs embedded in a PDF, asked for one thing only: which character a code or glyph is.
//!
//! Type 1 (Adobe Type 1 Font Format, 1990, chapter 2), CFF (Adobe technical note 5176), TrueType
//! and OpenType `cmap` (ISO/IEC 14496-22). Reads tables by their offsets and believes no length.

use std::collections::HashMap;

use hayro_syntax::object::{Dict, Stream};

use super::encoding::{Base, glyph};
use super::stream::Bound;

/// The names of CFF's standard strings, in order (technical note 5176, appendix A).
static CFF_NAMES: &str = include_str!("cff_names.txt");
/// Most glyphs of a font.
const MOST_GLYPHS: usize = 1 << 16;

/// The encoding built into a simple font's program: texts by code.
pub(super) fn encoding(descriptor: &Dict<'_>, bound: &mut Bound) -> HashMap<u8, String> {
    let mut content = |key: &str| descriptor.get::<Stream<'_>>(key).and_then(|stream| bound.content(&stream).ok()?);
    if let Some(program) = content("FontFile") {
        return type1(&program);
    }
    if let Some(program) = content("FontFile3") {
        return cff(&program).unwrap_or_default();
    }
    content("FontFile2").map(|program| symbol(&program)).unwrap_or_default()
}

/// Characters by glyph id of a composite font's program.
pub(super) fn glyphs(descendant: &Dict<'_>, bound: &mut Bound) -> HashMap<u32, char> {
    let Some(descriptor) = descendant.get::<Dict<'_>>("FontDescriptor") else { return HashMap::new() };
    let mut content = |key: &str| descriptor.get::<Stream<'_>>(key).and_then(|stream| bound.content(&stream).ok()?);
    let Some(program) = content("FontFile2").or_else(|| content("FontFile3")) else { return HashMap::new() };
    let mut map = HashMap::new();
    for (code, glyph) in cmap(&program, |platform, encoding| platform == 0 || (platform == 3 && encoding != 0)) {
        if let Some(c) = char::from_u32(code).filter(|c| !matches!(c, '\u{E000}'..='\u{F8FF}')) {
            map.entry(glyph).or_insert(c);
        }
    }
    map
}

/// `dup 65 /A put` lines in the clear text of a Type 1 program.
fn type1(program: &[u8]) -> HashMap<u8, String> {
    let mut map = HashMap::new();
    let end = memchr::memmem::find(program, b"eexec").unwrap_or(program.len());
    let clear = String::from_utf8_lossy(&program[..end]);
    let Some((_, list)) = clear.split_once("/Encoding") else { return map };
    let mut words = list.split_ascii_whitespace();
    while let Some(word) = words.next() {
        match word {
            "dup" => {
                let code = words.next().and_then(|code| code.parse().ok());
                let name = words.next().and_then(|name| glyph(name.strip_prefix('/')?));
                map.extend(code.zip(name));
            }
            "def" | "readonly" => break,
            _ => {}
        }
    }
    map
}

/// Codes of a symbolic TrueType font: its (1, 0) table is Mac Roman, its (3, 0) one is offset by
/// 0xF000; each leads to a glyph, and the Unicode table, if there is one, from there back.
fn symbol(program: &[u8]) -> HashMap<u8, String> {
    let unicode: HashMap<u32, u32> =
        cmap(program, |platform, encoding| platform == 0 || (platform == 3 && encoding != 0))
            .into_iter()
            .map(|(code, glyph)| (glyph, code))
            .collect();
    let mut map = HashMap::new();
    for (code, glyph) in cmap(program, |platform, encoding| (platform, encoding) == (3, 0) || platform == 1) {
        let Ok(code) = u8::try_from(code & 0xF0FF & !0xF000) else { continue };
        let known = unicode.get(&glyph).copied().and_then(char::from_u32);
        if let Some(c) = known.or_else(|| Base::MacRoman.character(code)) {
            map.insert(code, c.to_string());
        }
    }
    map
}

fn u16_at(data: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_be_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
}

/// Codes and glyphs of all `cmap` subtables that are wanted, by platform and encoding.
fn cmap(program: &[u8], wanted: impl Fn(usize, usize) -> bool) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    let _ = read_cmap(program, wanted, &mut pairs);
    pairs
}

fn read_cmap(program: &[u8], wanted: impl Fn(usize, usize) -> bool, pairs: &mut Vec<(u32, u32)>) -> Option<()> {
    let tables = u16_at(program, 4)?;
    let entry = (0..tables).map(|i| 12 + i * 16).find(|&at| program.get(at..at + 4) == Some(b"cmap"))?;
    let table = program.get(u32_at(program, entry + 8)?..)?;
    for i in 0..u16_at(table, 2)?.min(64) {
        let at = 4 + i * 8;
        if wanted(u16_at(table, at)?, u16_at(table, at + 2)?) {
            let _ = subtable(table.get(u32_at(table, at + 4)?..)?, pairs);
        }
    }
    Some(())
}

fn subtable(data: &[u8], pairs: &mut Vec<(u32, u32)>) -> Option<()> {
    let mut add = |code: usize, glyph: usize| {
        if glyph != 0 && pairs.len() < MOST_GLYPHS * 4 {
            pairs.push((code as u32, glyph as u32));
        }
    };
    match u16_at(data, 0)? {
        0 => (0..256).for_each(|code| add(code, data.get(6 + code).map_or(0, |&g| usize::from(g)))),
        4 => {
            let count = u16_at(data, 6)? / 2;
            for i in 0..count {
                let (end, start) = (u16_at(data, 14 + i * 2)?, u16_at(data, 16 + (count + i) * 2)?);
                let delta = u16_at(data, 16 + (count * 2 + i) * 2)?;
                let place = 16 + (count * 3 + i) * 2;
                let offset = u16_at(data, place)?;
                for code in start..=end {
                    let glyph = match offset {
                        0 => code + delta,
                        _ => match u16_at(data, place + offset + (code - start) * 2) {
                            Some(glyph) if glyph != 0 => glyph + delta,
                            _ => 0,
                        },
                    };
                    add(code, glyph & 0xFFFF);
                }
            }
        }
        6 => {
            let first = u16_at(data, 6)?;
            for i in 0..u16_at(data, 8)? {
                add(first + i, u16_at(data, 10 + i * 2)?);
            }
        }
        12 => {
            for i in 0..u32_at(data, 12)?.min(MOST_GLYPHS) {
                let at = 16 + i * 12;
                let (start, end, glyph) = (u32_at(data, at)?, u32_at(data, at + 4)?, u32_at(data, at + 8)?);
                for (i, code) in (start..=end).take(MOST_GLYPHS).enumerate() {
                    add(code, glyph.saturating_add(i));
                }
            }
        }
        _ => {}
    }
    Some(())
}

/// The encoding of a bare CFF font.
fn cff(data: &[u8]) -> Option<HashMap<u8, String>> {
    let (_, after_names) = index(data, usize::from(*data.get(2)?))?;
    let (tops, after_tops) = index(data, after_names)?;
    let (strings, _) = index(data, after_tops)?;
    let top = dict(tops.first()?);
    let number = |key: u16| top.get(&key).copied().and_then(|n| usize::try_from(n).ok());
    let (glyphs, _) = index(data, number(17)?)?;
    let names = charset(data, number(15).unwrap_or(0), glyphs.len())?;
    let standard: Vec<&str> = CFF_NAMES.split_ascii_whitespace().collect();
    let text = |id: usize| match standard.get(id) {
        Some(name) => glyph(name),
        None => glyph(std::str::from_utf8(strings.get(id - standard.len())?).ok()?),
    };
    let at = number(16).unwrap_or(0);
    let mut map = HashMap::new();
    // 0 and 1 are the standard and the expert encoding.
    if at < 2 {
        return Some(map);
    }
    let count = usize::from(*data.get(at + 1)?);
    let mut glyph_id = 1;
    for i in 0..count {
        let (first, more) = match data.get(at)? & 0x7F {
            0 => (*data.get(at + 2 + i)?, 0),
            _ => (*data.get(at + 2 + i * 2)?, *data.get(at + 3 + i * 2)?),
        };
        for code in first..=first.saturating_add(more) {
            map.extend(names.get(glyph_id).and_then(|&id| text(id)).map(|text| (code, text)));
            glyph_id += 1;
        }
    }
    Some(map)
}

/// An INDEX and where it ends.
fn index(data: &[u8], at: usize) -> Option<(Vec<&[u8]>, usize)> {
    let count = u16_at(data, at)?;
    if count == 0 {
        return Some((Vec::new(), at + 2));
    }
    let size = usize::from(*data.get(at + 2)?);
    let offset = |i: usize| {
        let from = at + 3 + i * size;
        Some(data.get(from..from + size)?.iter().fold(0, |n, &b| n << 8 | usize::from(b)))
    };
    if !(1..=4).contains(&size) {
        return None;
    }
    let base = at + 2 + (count + 1) * size;
    let items: Option<Vec<&[u8]>> =
        (0..count).map(|i| data.get(base.checked_add(offset(i)?)?..base.checked_add(offset(i + 1)?)?)).collect();
    Some((items?, base.checked_add(offset(count)?)?))
}

/// The integers of a DICT by operator.
fn dict(data: &[u8]) -> HashMap<u16, i64> {
    let mut map = HashMap::new();
    let mut last = None;
    let mut rest = data;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let mut take = |n: usize| {
            let bytes = rest.get(..n)?;
            rest = &rest[n..];
            Some(bytes.iter().fold(0, |n: i64, &b| n << 8 | i64::from(b)))
        };
        match byte {
            0..=21 => {
                let key = if *byte == 12 { 0x0C00 | take(1).unwrap_or(0) as u16 } else { u16::from(*byte) };
                map.extend(last.take().map(|value| (key, value)));
            }
            28 => last = take(2).map(|n| i64::from(n as i16)),
            29 => last = take(4).map(|n| i64::from(n as i32)),
            30 => while take(1).is_some_and(|b| b & 0xF != 0xF && b >> 4 != 0xF) {},
            32..=246 => last = Some(i64::from(*byte) - 139),
            247..=250 => last = take(1).map(|n| (i64::from(*byte) - 247) * 256 + n + 108),
            251..=254 => last = take(1).map(|n| -(i64::from(*byte) - 251) * 256 - n - 108),
            _ => {}
        }
    }
    map
}

/// Name ids by glyph.
fn charset(data: &[u8], at: usize, glyphs: usize) -> Option<Vec<usize>> {
    if at < 3 {
        return Some((0..glyphs).collect());
    }
    let mut names = vec![0];
    let format = *data.get(at)?;
    let mut at = at + 1;
    while names.len() < glyphs.min(MOST_GLYPHS) {
        let first = u16_at(data, at)?;
        let more = match format {
            0 => 0,
            1 => usize::from(*data.get(at + 2)?),
            _ => u16_at(data, at + 2)?,
        };
        at += 2 + usize::from(format.min(2));
        names.extend(first..=first + more);
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type1_encoding() {
        let program = b"%!PS\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 65 /B put\ndup 11 /ff put\nreadonly def\neexec dup 66 /A put";
        let map = type1(program);
        assert_eq!(map.get(&65).map(String::as_str), Some("B"));
        assert_eq!(map.get(&11).map(String::as_str), Some("ﬀ"));
        assert_eq!(map.len(), 2);
    }

    #[test]
    fn cff_standard_names() {
        let names: Vec<&str> = CFF_NAMES.split_ascii_whitespace().collect();
        assert_eq!((names.len(), names[0], names[34]), (391, ".notdef", "A"));
    }

    #[test]
    fn broken_programs_have_no_glyphs() {
        for n in 0..64 {
            let data: Vec<u8> = (0..n).map(|i| (i * 37 % 251) as u8).collect();
            let _ = (cff(&data), type1(&data), symbol(&data));
        }
    }
}
