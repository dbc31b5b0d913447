//! Character references of HTML and XML: `&amp;`, `&#64;`, `&#x40;`.
//!
//! Numbers are read without their semicolon too, as browsers do; names are not, and only those
//! are known that can split or hide a value (HTML Standard §13.5).

use super::{Unit, hex};

/// Names and what they stand for. Letters with accents hide nothing that is looked for.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("AMP", '&'),
    ("lt", '<'),
    ("LT", '<'),
    ("gt", '>'),
    ("GT", '>'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("shy", '\u{AD}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("hyphen", '\u{2010}'),
    ("dash", '\u{2010}'),
    ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'),
    ("minus", '\u{2212}'),
    ("commat", '@'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("semi", ';'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("num", '#'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("plus", '+'),
    ("equals", '='),
    ("percnt", '%'),
    ("dollar", '$'),
    ("excl", '!'),
    ("quest", '?'),
    ("ast", '*'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("verbar", '|'),
    ("vert", '|'),
    ("grave", '`'),
    ("Hat", '^'),
    ("NewLine", '\n'),
    ("Tab", '\t'),
    ("lsquo", '\u{2018}'),
    ("rsquo", '\u{2019}'),
    ("ldquo", '\u{201C}'),
    ("rdquo", '\u{201D}'),
    ("yen", '\u{A5}'),
];

/// The longest of [`NAMES`], in bytes.
const MAX_NAME: usize = 8;

/// The unit at `at`, where a `&` stands.
pub(super) fn unit(text: &[u8], at: usize) -> Option<Unit> {
    match text.get(at + 1)? {
        b'#' => number(text, at),
        b if b.is_ascii_alphabetic() => name(text, at),
        _ => None,
    }
}

fn name(text: &[u8], at: usize) -> Option<Unit> {
    let rest = &text[at + 1..];
    let length = rest.iter().take(MAX_NAME + 1).position(|&b| b == b';')?;
    let written = &rest[..length];
    let (_, c) =
        NAMES.iter().find(|(name, _)| name.as_bytes().first() == written.first() && name.as_bytes() == written)?;
    Some(Unit::char(length + 2, *c))
}

fn number(text: &[u8], at: usize) -> Option<Unit> {
    let (code, digits_end) = match text.get(at + 2)? {
        b'x' | b'X' => {
            let (code, digits) = hex::number(text, at + 3, 6)?;
            (code, at + 3 + digits)
        }
        _ => {
            let digits = text[at + 2..].iter().take(7).take_while(|b| b.is_ascii_digit()).count();
            let code = text[at + 2..at + 2 + digits].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
            (code, (digits > 0).then_some(at + 2 + digits)?)
        }
    };
    let semicolon = usize::from(text.get(digits_end) == Some(&b';'));
    let c = char::from_u32(code).filter(|&c| c != '\0')?;
    Some(Unit::char(digits_end + semicolon - at, c))
}

/// Can the reference at `at` hide or split a value? In running text between blanks it cannot.
pub(super) fn matters(text: &[u8], at: usize) -> Option<usize> {
    let unit = unit(text, at)?;
    let solid = |b: Option<&u8>| b.is_some_and(|b| !b.is_ascii_whitespace());
    let numeric = text.get(at + 1) == Some(&b'#');
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    (numeric || solid(before) || solid(text.get(at + unit.len))).then_some(unit.len)
}
