//! Rich Text Format 1.9.1: control words and text in, plain text out.
//!
//! Text of headers, footnotes, comments and properties is text; what is binary (pictures, font
//! tables) is passed over, embedded objects go on as members. Bytes are decoded by the character
//! set of their font, which in Japanese documents is Shift_JIS.

use std::collections::HashMap;
use std::io::{BufReader, Bytes, Read};

use super::codepage;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

/// Groups within each other; deeper ones are read, but end where this one does.
const DEEPEST: usize = 1 << 10;
/// Longest control word with its number, in bytes.
const LONGEST_WORD: usize = 64;
/// Most fonts of a document.
const MOST_FONTS: usize = 1 << 14;
/// Largest embedded object, in bytes of the object.
const LARGEST_OBJECT: usize = 64 << 20;

/// Groups whose text is for no one: `\*` groups that no one knows are passed over too.
const SKIPPED: [&str; 12] = [
    "colortbl",
    "stylesheet",
    "pict",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "xmlnstbl",
];
/// `\*` groups that hold text all the same.
const KEPT: [&str; 15] = [
    "annotation",
    "atnauthor",
    "atnid",
    "docvar",
    "ffdeftext",
    "fldinst",
    "fldrslt",
    "propname",
    "revtbl",
    "shpinst",
    "shptxt",
    "staticval",
    "ud",
    "upr",
    "userprops",
];

/// What the text of a group is.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Text,
    Skip,
    /// The table of fonts.
    Fonts,
    /// An embedded object, in hexadecimal digits.
    Object,
}

#[derive(Clone, Copy)]
struct Group {
    target: Target,
    /// Code page of the font in use.
    page: Option<u32>,
    /// Characters after `\u` that stand for it in older readers.
    fallback: usize,
}

struct Reader<'b, 'v> {
    blocks: &'b mut Blocks<'v>,
    groups: Vec<Group>,
    group: Group,
    /// Groups beyond the deepest.
    beyond: usize,
    page: u32,
    fonts: HashMap<i32, u32>,
    font: i32,
    default_font: i32,
    /// Bytes of a code page not decoded yet.
    pending: Vec<u8>,
    /// UTF-16 units not paired yet.
    surrogate: Option<u16>,
    /// Fallback characters still to pass over.
    pass: usize,
    /// The last control was `\*`.
    starred: bool,
    object: Vec<u8>,
    half: Option<u8>,
}

/// Bytes one after another, one of which may be put back.
struct Source<'r> {
    bytes: Bytes<BufReader<&'r mut dyn Read>>,
    back: Option<u8>,
}

impl Source<'_> {
    fn next(&mut self) -> Result<Option<u8>, Problem> {
        match self.back.take() {
            Some(byte) => Ok(Some(byte)),
            None => self.bytes.next().transpose().map_err(|e| Problem::from_io(&e)),
        }
    }
}

pub(super) fn extract(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut source = Source { bytes: BufReader::with_capacity(64 << 10, input).bytes(), back: None };
    let group = Group { target: Target::Text, page: None, fallback: 1 };
    let mut reader = Reader {
        blocks,
        groups: Vec::new(),
        group,
        beyond: 0,
        page: 1252,
        fonts: HashMap::new(),
        font: 0,
        default_font: 0,
        pending: Vec::new(),
        surrogate: None,
        pass: 0,
        starred: false,
        object: Vec::new(),
        half: None,
    };
    reader.blocks.part(Step::Member("document".into()));
    while let Some(byte) = source.next()? {
        match byte {
            b'{' => reader.open()?,
            b'}' => {
                reader.close()?;
                if reader.groups.is_empty() && reader.beyond == 0 {
                    return reader.end();
                }
            }
            b'\\' => reader.control(&mut source)?,
            b'\r' | b'\n' => {}
            byte => reader.byte(byte)?,
        }
    }
    reader.end()?;
    Err(Problem::new(ProblemKind::Damaged, "rtf"))
}

impl Reader<'_, '_> {
    fn end(&mut self) -> Result<(), Problem> {
        self.flush()?;
        self.blocks.line()?;
        self.blocks.finish()
    }

    fn open(&mut self) -> Result<(), Problem> {
        self.flush()?;
        match self.groups.len() < DEEPEST {
            true => self.groups.push(self.group),
            false => self.beyond += 1,
        }
        self.pass = 0;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        self.flush()?;
        self.pass = 0;
        if self.beyond > 0 {
            self.beyond -= 1;
            return Ok(());
        }
        let was = self.group.target;
        if let Some(group) = self.groups.pop() {
            self.group = group;
        }
        if was == Target::Object && self.group.target != Target::Object {
            let object = std::mem::take(&mut self.object);
            let content = embedded(&object).unwrap_or(&object);
            let step = Step::Member("embedded object".into());
            self.blocks.member(step, &mut &*content)?;
        }
        Ok(())
    }

    /// A control word or symbol.
    fn control(&mut self, source: &mut Source<'_>) -> Result<(), Problem> {
        let Some(first) = source.next()? else { return Ok(()) };
        if !first.is_ascii_alphabetic() {
            return self.symbol(first, source);
        }
        let mut word = String::from(char::from(first));
        let mut number = String::new();
        while let Some(byte) = source.next()? {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' if number.is_empty() && word.len() < LONGEST_WORD => word.push(byte.into()),
                b'0'..=b'9' if number.len() < LONGEST_WORD => number.push(byte.into()),
                b'-' if number.is_empty() => number.push('-'),
                // The space belongs to the word, anything else does not.
                b' ' => break,
                other => {
                    source.back = Some(other);
                    break;
                }
            }
        }
        let number = number.parse::<i32>().ok();
        if word != "bin" {
            return self.word(&word, number);
        }
        // Raw bytes, also braces.
        for _ in 0..number.unwrap_or(0) {
            let Some(byte) = source.next()? else { break };
            if self.group.target == Target::Object && self.object.len() < LARGEST_OBJECT {
                self.object.push(byte);
            }
        }
        Ok(())
    }

    fn symbol(&mut self, symbol: u8, source: &mut Source<'_>) -> Result<(), Problem> {
        match symbol {
            b'\'' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16)).unwrap_or(0) as u8;
                let byte = digit(source.next()?) << 4 | digit(source.next()?);
                self.byte(byte)
            }
            b'*' => {
                self.starred = true;
                Ok(())
            }
            b'~' => self.character(' '),
            b'_' => self.character('-'),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\r' | b'\n' => self.line(),
            _ => Ok(()),
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) -> Result<(), Problem> {
        let starred = std::mem::take(&mut self.starred);
        let n = number.unwrap_or(0);
        match word {
            "objdata" => self.group.target = Target::Object,
            _ if SKIPPED.contains(&word) || (starred && !KEPT.contains(&word)) => self.skip()?,
            "fonttbl" => self.group.target = Target::Fonts,
            "ansicpg" => self.page = u32::try_from(n).unwrap_or(1252),
            "mac" => self.page = 10000,
            "deff" => self.default_font = n,
            "f" => self.use_font(n)?,
            "fcharset" if self.group.target == Target::Fonts && self.fonts.len() < MOST_FONTS => {
                if let Some(page) = codepage::of_charset(n) {
                    self.fonts.insert(self.font, page);
                }
            }
            "plain" => self.use_font(self.default_font)?,
            "uc" => self.group.fallback = usize::try_from(n).unwrap_or(1).min(16),
            "u" => {
                self.unit(n as u16)?;
                self.pass = self.group.fallback;
            }
            "par" | "line" | "sect" | "page" | "row" | "nestrow" | "column" => self.line()?,
            "tab" | "cell" | "nestcell" => self.character('\t')?,
            "emspace" | "enspace" | "qmspace" => self.character(' ')?,
            "emdash" => self.character('—')?,
            "endash" => self.character('–')?,
            "lquote" => self.character('‘')?,
            "rquote" => self.character('’')?,
            "ldblquote" => self.character('“')?,
            "rdblquote" => self.character('”')?,
            "bullet" => self.character('•')?,
            // Texts of their own.
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf"
            | "footnote" | "annotation" | "atnauthor" | "info" | "title" | "author" | "subject" | "keywords"
            | "company" | "operator" | "manager" | "doccomm" | "propname" | "staticval" | "fldinst" | "fldrslt"
            | "shptxt" => match word {
                "fldinst" | "fldrslt" | "footnote" | "annotation" => self.character(' ')?,
                _ => self.line()?,
            },
            _ => {}
        }
        Ok(())
    }

    fn skip(&mut self) -> Result<(), Problem> {
        self.flush()?;
        if self.group.target == Target::Text {
            self.group.target = Target::Skip;
        }
        Ok(())
    }

    fn use_font(&mut self, font: i32) -> Result<(), Problem> {
        self.flush()?;
        self.font = font;
        self.group.page = self.fonts.get(&font).copied();
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Result<(), Problem> {
        self.starred = false;
        if self.pass > 0 {
            self.pass -= 1;
            return Ok(());
        }
        match self.group.target {
            Target::Text => {
                self.surrogate = None;
                self.pending.push(byte);
                if self.pending.len() >= 1 << 16 { self.flush() } else { Ok(()) }
            }
            Target::Object if self.object.len() < LARGEST_OBJECT => {
                if let Some(digit) = char::from(byte).to_digit(16) {
                    match self.half.take() {
                        Some(high) => self.object.push(high << 4 | digit as u8),
                        None => self.half = Some(digit as u8),
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// One UTF-16 unit.
    fn unit(&mut self, unit: u16) -> Result<(), Problem> {
        let units = [self.surrogate.take().unwrap_or(0), unit];
        let used = if units[0] == 0 { &units[1..] } else { &units[..] };
        match char::decode_utf16(used.iter().copied()).next() {
            Some(Ok(c)) => self.character(c),
            _ => {
                self.surrogate = Some(unit);
                Ok(())
            }
        }
    }

    fn character(&mut self, c: char) -> Result<(), Problem> {
        if self.group.target != Target::Text {
            return Ok(());
        }
        self.flush()?;
        self.blocks.push(c.encode_utf8(&mut [0; 4]))
    }

    fn line(&mut self) -> Result<(), Problem> {
        if self.group.target != Target::Text {
            return Ok(());
        }
        self.flush()?;
        self.blocks.line()
    }

    /// Decodes the bytes so far.
    fn flush(&mut self) -> Result<(), Problem> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let page = self.group.page.unwrap_or(self.page);
        let text = codepage::encoding(page).decode_without_bom_handling(&self.pending).0.into_owned();
        self.pending.clear();
        self.blocks.push(&text)
    }
}

/// The content of an OLE 1.0 object (MS-OLEDS §2.2.5): version, kind, three names, then the data.
fn embedded(object: &[u8]) -> Option<&[u8]> {
    let length = |at: usize| Some(u32::from_le_bytes(object.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize);
    let mut at = 8_usize;
    for _ in 0..3 {
        at = at.checked_add(4)?.checked_add(length(at)?)?;
    }
    object.get(at + 4..at.checked_add(4)?.checked_add(length(at)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Block, Visit};
    use std::io;

    #[derive(Default)]
    struct Take(String, Vec<Vec<u8>>);

    impl Visit for Take {
        fn member(&mut self, _: Step, bytes: &mut dyn Read) -> io::Result<()> {
            let mut content = Vec::new();
            bytes.read_to_end(&mut content)?;
            self.1.push(content);
            Ok(())
        }
        fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
            self.0 += block.text;
            Ok(())
        }
        fn problem(&mut self, _: Option<Step>, _: Problem) {}
    }

    fn text(mut rtf: &[u8]) -> (String, Vec<Vec<u8>>, Option<ProblemKind>) {
        let mut take = Take::default();
        let done = extract(&mut rtf, &mut Blocks::new(&mut take));
        (take.0, take.1, done.err().map(|problem| problem.kind))
    }

    #[test]
    fn japanese_by_font_by_code_page_and_by_unicode() {
        let by_font = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset128 MS Gothic;}}\f1 \'8e\'52\'93\'63\f0 caf\'e9\par}";
        assert_eq!(text(by_font), ("山田café\n".into(), vec![], None));
        let by_page = br"{\rtf1\ansi\ansicpg932 \'8ER\'93c}";
        assert_eq!(text(by_page).0, "山田\n");
        let by_unicode = br"{\rtf1\uc1\u23665?\u30000\'3f{\uc0\u-10187\u-8373}\par}";
        assert_eq!(text(by_unicode).0, "山田\u{1D74B}\n");
    }

    #[test]
    fn binary_data_objects_and_what_no_one_reads() {
        let rtf = b"{\\rtf1 a{\\pict\\bin3 }}}0102}b{\\*\\unknown c}{\\object{\\*\\objdata 68656c6C6f}}\\cell d\\row}";
        let (found, objects, problem) = text(rtf);
        assert_eq!((found.as_str(), problem), ("ab\td\n", None));
        assert_eq!(objects, [b"hello".to_vec()]);
    }

    #[test]
    fn deep_and_cut_documents() {
        let deep = [b"{\\rtf1 ".repeat(200_000), b"x".to_vec(), b"}".repeat(200_000)].concat();
        assert_eq!(text(&deep).0, "x\n");
        assert_eq!(text(b"{\\rtf1 half").2, Some(ProblemKind::Damaged));
    }
}
