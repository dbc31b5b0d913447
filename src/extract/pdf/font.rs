//! Fonts of a PDF as far as text needs them: bytes of a string in, characters and widths out.
//!
//! ISO 32000-1 §9.5–9.10. Characters come from ToUnicode, else from the predefined character maps
//! and Adobe's collections, else from the encoding's glyph names, else from the font program.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::encoding::{Base, glyph};
use super::metrics;
use super::program;
use super::stream::Bound;

/// Most widths that a font may state.
const MOST_WIDTHS: usize = 1 << 17;

/// Predefined character maps that were parsed, by name: several fonts share one.
pub(super) type Maps = HashMap<Vec<u8>, Option<Rc<CMap>>>;

/// One character of a string.
#[derive(Debug)]
pub(super) struct Glyph {
    /// Its text; empty if no one can know.
    pub(super) text: String,
    /// Its advance for a font size of one.
    pub(super) width: f64,
    /// Is it the single byte 32, which word spacing applies to?
    pub(super) is_space: bool,
}

/// A font.
pub(super) struct Font {
    kind: Kind,
    to_unicode: Option<CMap>,
    /// Does it write from top to bottom?
    pub(super) vertical: bool,
}

enum Kind {
    Simple { texts: Vec<String>, widths: Vec<f64> },
    Composite(Box<Composite>),
}

struct Composite {
    codes: Codes,
    /// Character ids to Unicode, of the collection.
    collection: Option<Rc<CMap>>,
    /// Glyph ids to Unicode, of the font program.
    glyphs: HashMap<u32, char>,
    widths: HashMap<u32, f64>,
    default_width: f64,
}

/// How the bytes of a string are codes.
enum Codes {
    /// By a character map. The flag: codes are UTF-16 themselves.
    Map(Rc<CMap>, bool),
    Utf8,
}

impl Font {
    /// Reads a font; what is missing or broken in it is replaced by what is usual.
    pub(super) fn read(dict: &Dict<'_>, maps: &mut Maps, bound: &mut Bound) -> Font {
        let to_unicode = dict.get::<Stream<'_>>("ToUnicode").and_then(|stream| parse(&bound.content(&stream).ok()??));
        let subtype = dict.get::<Name<'_>>("Subtype");
        let is = |name: &str| subtype.as_ref().is_some_and(|s| s.as_str() == name);
        if is("Type0") {
            let (composite, vertical) = Composite::read(dict, to_unicode.is_some(), maps, bound);
            return Font { kind: Kind::Composite(Box::new(composite)), to_unicode, vertical };
        }
        let widths = simple_widths(dict, is("Type3"));
        Font { kind: Kind::Simple { texts: simple_texts(dict, bound), widths }, to_unicode, vertical: false }
    }

    /// Calls `each` for every character of a string.
    pub(super) fn decode(&self, bytes: &[u8], mut each: impl FnMut(Glyph)) {
        match &self.kind {
            Kind::Simple { texts, widths } => {
                for &byte in bytes {
                    let code = usize::from(byte);
                    let text =
                        self.mapped(u32::from(byte)).unwrap_or_else(|| texts.get(code).cloned().unwrap_or_default());
                    let width = widths.get(code).copied().unwrap_or(0.0);
                    each(Glyph { text, width, is_space: byte == 32 });
                }
            }
            Kind::Composite(font) => font.decode(bytes, |code, cid, own, length| {
                let text = self.mapped(code).or(own).or_else(|| font.text(cid)).unwrap_or_default();
                let width = match self.vertical {
                    true => 1.0,
                    false => font.widths.get(&cid).copied().unwrap_or(font.default_width),
                };
                each(Glyph { text, width, is_space: length == 1 && code == 32 });
            }),
        }
    }

    /// What ToUnicode says of a code.
    fn mapped(&self, code: u32) -> Option<String> {
        let text = characters(self.to_unicode.as_ref()?.lookup_bf_string(code)?);
        (!text.is_empty()).then_some(text)
    }
}

/// Text without what is no character: variation selectors, NUL and the replacement character.
fn characters(mapped: BfString) -> String {
    let is_text = |c: &char| !matches!(c, '\0' | '\u{FFFD}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    match mapped {
        BfString::Char(c) => Some(c).filter(is_text).map(String::from).unwrap_or_default(),
        BfString::String(text) => text.chars().filter(is_text).collect(),
    }
}

fn predefined(name: CMapName<'_>, maps: &mut Maps) -> Option<Rc<CMap>> {
    let parse = || load_embedded(name).and_then(parse).map(Rc::new);
    maps.entry(name.to_bytes().to_vec()).or_insert_with(parse).clone()
}

fn parse(data: &[u8]) -> Option<CMap> {
    CMap::parse(data, load_embedded)
}

impl Composite {
    fn read(dict: &Dict<'_>, has_unicode: bool, maps: &mut Maps, bound: &mut Bound) -> (Composite, bool) {
        let descendant =
            dict.get::<Array<'_>>("DescendantFonts").and_then(|a| a.iter::<Dict<'_>>().next()).unwrap_or_default();
        let name = dict.get::<Name<'_>>("Encoding");
        let name = name.as_ref().map(|name| name.as_str()).unwrap_or("Identity-H");
        let vertical = name.ends_with("-V") || name == "V";
        let embedded = dict.get::<Stream<'_>>("Encoding").and_then(|stream| parse(&bound.content(&stream).ok()??));
        let is_identity = embedded.is_none() && name.starts_with("Identity");
        let codes = match embedded {
            Some(map) => Codes::Map(Rc::new(map), false),
            // Not among the embedded maps, and simpler than a map.
            None if name.starts_with("UniJIS-UTF8") => Codes::Utf8,
            None => {
                let map = predefined(CMapName::from_bytes(name.as_bytes()), maps);
                let is_utf16 = name.contains("UTF16") || name.contains("UCS2");
                Codes::Map(map.unwrap_or_else(|| Rc::new(CMap::identity_h())), is_utf16)
            }
        };
        let vertical = vertical
            || matches!(&codes, Codes::Map(map, _) if map.metadata().writing_mode == Some(WritingMode::Vertical));
        let family = family(&descendant).or_else(|| match &codes {
            Codes::Map(map, _) => map.metadata().character_collection.as_ref().map(|c| c.family.clone()),
            Codes::Utf8 => None,
        });
        let collection = family.as_ref().and_then(CidFamily::ucs2_cmap).and_then(|name| predefined(name, maps));
        let glyphs = match !has_unicode && is_identity && collection.is_none() {
            true => program::glyphs(&descendant, bound),
            false => HashMap::new(),
        };
        let default_width = descendant.get::<f64>("DW").unwrap_or(1000.0) / 1000.0;
        let widths = descendant.get::<Array<'_>>("W").map(|w| cid_widths(&w)).unwrap_or_default();
        (Composite { codes, collection, glyphs, widths, default_width }, vertical)
    }

    /// Calls `each` with code, character id, the text the code itself is, and its bytes.
    fn decode(&self, bytes: &[u8], mut each: impl FnMut(u32, u32, Option<String>, usize)) {
        match &self.codes {
            Codes::Utf8 => {
                for c in String::from_utf8_lossy(bytes).chars() {
                    each(u32::from(c), 0, Some(c.to_string()), c.len_utf8());
                }
            }
            Codes::Map(map, is_utf16) => {
                let mut rest = bytes;
                while !rest.is_empty() {
                    let (code, cid, length) = next_code(map, rest);
                    let own = is_utf16.then(|| utf16(&rest[..length])).flatten();
                    rest = &rest[length..];
                    each(code, cid, own, length);
                }
            }
        }
    }

    fn text(&self, cid: u32) -> Option<String> {
        if let Some(text) = self.collection.as_ref().and_then(|map| map.lookup_bf_string(cid)) {
            return Some(characters(text));
        }
        self.glyphs.get(&cid).map(|c| c.to_string())
    }
}

/// The code that a string begins with: the shortest that the map knows.
fn next_code(map: &CMap, bytes: &[u8]) -> (u32, u32, usize) {
    let mut code = 0;
    for (i, &byte) in bytes.iter().take(4).enumerate() {
        code = code << 8 | u32::from(byte);
        if let Some(cid) = map.lookup_cid_code(code, i as u8 + 1) {
            return (code, cid, i + 1);
        }
    }
    let length = bytes.len().min(2);
    (bytes[..length].iter().fold(0, |code, &b| code << 8 | u32::from(b)), 0, length)
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
    String::from_utf16(&units).ok().filter(|text| !text.is_empty() && text != "\0")
}

fn family(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let text = |key: &str| info.get::<hayro_syntax::object::String<'_>>(key);
    let family = CidFamily::from_registry_ordering(&text("Registry")?, &text("Ordering")?);
    family.ucs2_cmap().is_some().then_some(family)
}

/// `W`: `first [w w …]` or `first last w` (§9.7.4.3).
fn cid_widths(array: &Array<'_>) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let mut numbers: Vec<f64> = Vec::new();
    for object in array.iter::<Object<'_>>() {
        if widths.len() > MOST_WIDTHS {
            break;
        }
        match object {
            Object::Array(list) => {
                let first = numbers.pop().unwrap_or(0.0) as u32;
                numbers.clear();
                for (i, width) in list.iter::<f64>().take(MOST_WIDTHS).enumerate() {
                    widths.insert(first.saturating_add(i as u32), width / 1000.0);
                }
            }
            Object::Number(n) => {
                numbers.push(n.as_f64());
                if let [first, last, width] = numbers[..] {
                    numbers.clear();
                    for cid in (first as u32..=last as u32).take(MOST_WIDTHS) {
                        widths.insert(cid, width / 1000.0);
                    }
                }
            }
            _ => {}
        }
    }
    widths
}

fn simple_widths(dict: &Dict<'_>, is_type3: bool) -> Vec<f64> {
    // A Type 3 font measures in its own units (§9.6.5).
    let matrix = dict.get::<Array<'_>>("FontMatrix").and_then(|m| m.iter::<f64>().next());
    let unit = matrix.filter(|_| is_type3).map_or(0.001, f64::abs);
    let first = dict.get::<i32>("FirstChar").unwrap_or(0).clamp(0, 255) as usize;
    if let Some(list) = dict.get::<Array<'_>>("Widths") {
        let missing = dict.get::<Dict<'_>>("FontDescriptor").and_then(|d| d.get::<f64>("MissingWidth")).unwrap_or(0.0);
        let mut widths = vec![missing * unit; 256];
        for (slot, width) in widths[first..].iter_mut().zip(list.iter::<f64>()) {
            *slot = width * unit;
        }
        return widths;
    }
    let name = dict.get::<Name<'_>>("BaseFont");
    metrics::widths(name.as_ref().map(|name| name.as_str()).unwrap_or_default())
}

/// The characters of a simple font's 256 codes.
fn simple_texts(dict: &Dict<'_>, bound: &mut Bound) -> Vec<String> {
    let base = |name: &str| match name {
        "WinAnsiEncoding" => Some(Base::WinAnsi),
        "MacRomanEncoding" => Some(Base::MacRoman),
        "StandardEncoding" => Some(Base::Standard),
        _ => None,
    };
    let encoding = dict.get::<Dict<'_>>("Encoding");
    let named = match &encoding {
        Some(encoding) => encoding.get::<Name<'_>>("BaseEncoding"),
        None => dict.get::<Name<'_>>("Encoding"),
    };
    let named = named.and_then(|name| base(name.as_str()));
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor");
    // Without an encoding of its own, the font program's counts (§9.6.6.1).
    let built_in = match (named, &descriptor) {
        (None, Some(descriptor)) => program::encoding(descriptor, bound),
        _ => HashMap::new(),
    };
    let is_true_type = dict.get::<Name<'_>>("Subtype").is_some_and(|s| s.as_str() == "TrueType");
    let base = named.unwrap_or(if is_true_type { Base::WinAnsi } else { Base::Standard });
    let mut texts: Vec<String> = (0..=255u8)
        .map(|code| match built_in.get(&code) {
            Some(text) => text.clone(),
            None => base.character(code).map(String::from).unwrap_or_default(),
        })
        .collect();
    let differences = encoding.and_then(|encoding| encoding.get::<Array<'_>>("Differences"));
    let mut code = 0;
    for object in differences.iter().flat_map(|list| list.iter::<Object<'_>>()) {
        match object {
            Object::Number(n) => code = usize::try_from(n.as_i64()).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(slot) = texts.get_mut(code) {
                    *slot = glyph(name.as_str()).unwrap_or_default();
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    texts
}
