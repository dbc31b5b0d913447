//! XML as a stream of tags and text, without ever holding the document.
//!
//! Bytes in, [`Event`]s out. Lenient as a scanner must be: no validation, names without their
//! prefixes, and of entities only the five of XML 1.0 §4.6 and character references are
//! resolved, so that no document can grow by its own definitions. Text comes in pieces of any
//! length; a tag of more than a megabyte is a problem.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::Encoding;

/// Longest tag with its attributes, in bytes.
const LONGEST_TAG: usize = 1 << 20;
/// Bytes asked for at a time.
const STEP: usize = 32 << 10;
/// Bytes of the beginning in which the declaration of the encoding stands.
const HEAD: usize = 256;
/// Longest reference (`&#x10ffff;`), in bytes; an ampersand further back stands for itself.
const LONGEST_REFERENCE: usize = 12;

/// What comes next in a document.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// A tag that opens an element, or is an empty one. An empty one has no `Close`.
    Open(Tag<'a>),
    /// The end of an element, by its name without prefix.
    Close(&'a str),
    /// A piece of an element's text.
    Text(&'a str),
    /// A piece of a comment, a processing instruction or the document type.
    Aside(&'a str),
    /// The end.
    End,
}

/// An opening tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// Its name without prefix.
    pub(super) name: &'a str,
    /// Has it no content?
    pub(super) empty: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of the attribute of this name, prefix or not.
    pub(super) fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// Names without prefixes, and values, in order.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let equals = memchr::memchr(b'=', rest.as_bytes())?;
            let name = rest[..equals].trim_ascii();
            let after = rest[equals + 1..].trim_ascii_start();
            let quote = after.bytes().next().filter(|b| matches!(b, b'"' | b'\''))?;
            let length = memchr::memchr(quote, &after.as_bytes()[1..])?;
            rest = &after[length + 2..];
            Some((local(name), unescape(&after[1..=length])))
        })
    }
}

/// A document being read.
pub(super) struct Xml<R> {
    input: R,
    buffer: Vec<u8>,
    /// What of the buffer has been handed out.
    at: usize,
    ended: bool,
    started: bool,
    decoder: Option<encoding_rs::Decoder>,
    /// Inside of what the next bytes are.
    inside: Inside,
    piece: String,
    open: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Text,
    /// Up to a terminator; is it text of the element?
    Until(&'static [u8], bool),
}

/// What lies ahead in the buffer.
enum Ahead {
    Piece(usize),
    Tag(usize),
    Begin(Inside, usize),
    End(usize),
    More,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(input: R) -> Xml<R> {
        Xml {
            input,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            started: false,
            decoder: None,
            inside: Inside::Text,
            piece: String::new(),
            open: 0,
        }
    }

    /// The next event; `End` for ever after the last. Fails where reading fails, and with
    /// `UnexpectedEof` where elements are open at the end.
    pub(super) fn next(&mut self) -> io::Result<Event<'_>> {
        loop {
            let rest = &self.buffer[self.at..];
            if rest.is_empty() && self.ended {
                return match self.open {
                    0 => Ok(Event::End),
                    _ => {
                        self.open = 0;
                        Err(io::ErrorKind::UnexpectedEof.into())
                    }
                };
            }
            match self.ahead() {
                Ahead::More if self.buffer.len() - self.at > LONGEST_TAG => {
                    return Err(io::Error::new(io::ErrorKind::FileTooLarge, "length of an XML tag"));
                }
                Ahead::More => self.fill()?,
                Ahead::Begin(inside, length) => {
                    self.inside = inside;
                    self.at += length;
                }
                Ahead::End(length) => {
                    self.inside = Inside::Text;
                    self.at += length;
                }
                Ahead::Piece(length) => return Ok(self.take_piece(length)),
                Ahead::Tag(length) => return Ok(self.take_tag(length)),
            }
        }
    }

    fn ahead(&self) -> Ahead {
        let rest = &self.buffer[self.at..];
        if rest.is_empty() {
            return Ahead::More;
        }
        match self.inside {
            Inside::Text if rest[0] == b'<' => self.markup(rest),
            Inside::Text => match memchr::memchr(b'<', rest) {
                Some(end) => Ahead::Piece(end),
                None if self.ended => Ahead::Piece(rest.len()),
                None => match whole(rest) {
                    0 => Ahead::More,
                    n => Ahead::Piece(n),
                },
            },
            Inside::Until(end, _) => match memchr::memmem::find(rest, end) {
                Some(0) => Ahead::End(end.len()),
                Some(n) => Ahead::Piece(n),
                None if self.ended => Ahead::Piece(rest.len()),
                // The terminator may be cut.
                None => match characters(&rest[..rest.len().saturating_sub(end.len() - 1)]) {
                    0 => Ahead::More,
                    n => Ahead::Piece(n),
                },
            },
        }
    }

    /// What a `<` begins.
    fn markup(&self, rest: &[u8]) -> Ahead {
        const SPECIAL: [(&[u8], &[u8], bool); 4] =
            [(b"<![CDATA[", b"]]>", true), (b"<!--", b"-->", false), (b"<?", b"?>", false), (b"<!", b">", false)];
        for (begin, end, text) in SPECIAL {
            if rest.starts_with(begin) {
                return Ahead::Begin(Inside::Until(end, text), begin.len());
            }
            if begin.starts_with(rest) && !self.ended {
                return Ahead::More;
            }
        }
        let mut at = 0;
        while let Some(i) = memchr::memchr3(b'>', b'"', b'\'', &rest[at..]) {
            at += i;
            if rest[at] == b'>' {
                return Ahead::Tag(at + 1);
            }
            // A quoted value may hold a `>`.
            match memchr::memchr(rest[at], &rest[at + 1..]) {
                Some(n) => at += n + 2,
                None => break,
            }
        }
        if self.ended { Ahead::Piece(rest.len()) } else { Ahead::More }
    }

    fn take_piece(&mut self, length: usize) -> Event<'_> {
        let bytes = &self.buffer[self.at..self.at + length];
        self.at += length;
        let text = lossy(bytes);
        self.piece.clear();
        match self.inside {
            Inside::Text => self.piece.push_str(&unescape(&text)),
            Inside::Until(..) => self.piece.push_str(&text),
        }
        match self.inside {
            Inside::Text | Inside::Until(_, true) => Event::Text(&self.piece),
            Inside::Until(_, false) => Event::Aside(&self.piece),
        }
    }

    fn take_tag(&mut self, length: usize) -> Event<'_> {
        let bytes = &self.buffer[self.at + 1..self.at + length - 1];
        self.at += length;
        self.piece.clear();
        self.piece.push_str(&lossy(bytes));
        if let Some(name) = self.piece.strip_prefix('/') {
            self.open = self.open.saturating_sub(1);
            return Event::Close(local(name.trim()));
        }
        let empty = self.piece.ends_with('/');
        self.open += u64::from(!empty);
        let tag = self.piece.strip_suffix('/').unwrap_or(&self.piece);
        let (name, attributes) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
        Event::Open(Tag { name: local(name), empty, attributes })
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let mut bytes = [0; STEP];
        let mut n = self.read(&mut bytes)?;
        let mut end = n == 0;
        if self.started {
            return self.take(&bytes[..n], end);
        }
        // The declaration must be seen whole to know the encoding.
        while !end && n < HEAD {
            let more = self.read(&mut bytes[n..])?;
            (n, end) = (n + more, more == 0);
        }
        self.started = true;
        let (encoding, mark) = encoding(&bytes[..n]);
        self.decoder = encoding.map(Encoding::new_decoder_without_bom_handling);
        self.take(&bytes[mark..n], end)
    }

    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.input.read(bytes) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn take(&mut self, bytes: &[u8], end: bool) -> io::Result<()> {
        self.ended = end;
        let Some(decoder) = &mut self.decoder else {
            self.buffer.extend_from_slice(bytes);
            return Ok(());
        };
        let before = self.buffer.len();
        let most = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3);
        self.buffer.resize(before + most, 0);
        let (_, _, written, _) = decoder.decode_to_utf8(bytes, &mut self.buffer[before..], end);
        self.buffer.truncate(before + written);
        Ok(())
    }
}

/// The encoding if it is not UTF-8, and the length of the byte order mark (XML 1.0, appendix F).
fn encoding(head: &[u8]) -> (Option<&'static Encoding>, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => return (None, 3),
        [0xFF, 0xFE, ..] => return (Some(encoding_rs::UTF_16LE), 2),
        [0xFE, 0xFF, ..] => return (Some(encoding_rs::UTF_16BE), 2),
        [b'<', 0, ..] => return (Some(encoding_rs::UTF_16LE), 0),
        [0, b'<', ..] => return (Some(encoding_rs::UTF_16BE), 0),
        _ => {}
    }
    let declaration = head.strip_prefix(b"<?xml").and_then(|rest| rest.split(|&b| b == b'>').next());
    let named = declaration.and_then(|d| {
        let at = memchr::memmem::find(d, b"encoding")? + b"encoding".len();
        let value = d[at..].split(|b| matches!(b, b'"' | b'\'')).nth(1)?;
        Encoding::for_label(value)
    });
    (named.filter(|e| *e != encoding_rs::UTF_8 && e.is_ascii_compatible()), 0)
}

/// Bytes of a text that can be handed out although more follows: no character or reference cut.
fn whole(text: &[u8]) -> usize {
    let end = characters(text);
    let tail = end.saturating_sub(LONGEST_REFERENCE);
    match memchr::memrchr(b'&', &text[tail..end]) {
        Some(i) if !text[tail + i..end].contains(&b';') => tail + i,
        _ => end,
    }
}

/// Bytes before a UTF-8 character that is cut at the end.
fn characters(text: &[u8]) -> usize {
    for back in 1..=text.len().min(3) {
        let at = text.len() - back;
        let length = match text[at] {
            0x80..0xC0 => continue,
            0..0x80 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0.. => 4,
        };
        return if length > back { at } else { text.len() };
    }
    text.len()
}

/// As `from_utf8_lossy`, quicker on what is right.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn local(name: &str) -> &str {
    memchr::memrchr(b':', name.as_bytes()).map_or(name, |i| &name[i + 1..])
}

fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_REFERENCE).position(|b| b == b';');
        match end.and_then(|end| reference(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(buffer.len()).min(1);
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn show(input: impl Read) -> String {
        let mut xml = Xml::new(input);
        let mut out = String::new();
        loop {
            match xml.next() {
                Ok(Event::End) => return out,
                Ok(Event::Open(tag)) => {
                    let attributes: String = tag.attributes().map(|(n, v)| format!(" {n}={v}")).collect();
                    out += &format!("<{}{attributes}{}>", tag.name, if tag.empty { "/" } else { "" });
                }
                Ok(Event::Close(name)) => out += &format!("</{name}>"),
                Ok(Event::Text(text)) => out += text,
                Ok(Event::Aside(_)) => out += "…",
                Err(e) => return format!("{out}!{:?}", e.kind()),
            }
        }
    }

    const DOCUMENT: &str =
        "<a:b x='1 > 0' y:z=\"&quot;山&#x7530;\"><c/>A&amp;B 山田&unknown; <![CDATA[<&amp;>]]></a:b >";
    const SHOWN: &str = "<b x=1 > 0 z=\"山田><c/>A&B 山田&unknown; <&amp;></b>";

    #[test]
    fn tags_text_and_references_whole_and_byte_by_byte() {
        assert_eq!(show(DOCUMENT.as_bytes()), SHOWN);
        assert_eq!(show(Drip(DOCUMENT.as_bytes())), SHOWN);
    }

    #[test]
    fn other_encodings_by_mark_and_by_declaration() {
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(DOCUMENT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(show(utf16.as_slice()), SHOWN);
        assert_eq!(show(Drip(&utf16)), SHOWN);
        let (sjis, ..) = encoding_rs::SHIFT_JIS.encode("<?xml version='1.0' encoding='Shift_JIS'?><a>山田</a>");
        assert!(show(&*sjis).ends_with("<a>山田</a>"));
    }

    #[test]
    fn a_cut_document_is_an_error_after_its_content() {
        assert_eq!(show("<a><b>text".as_bytes()), "<a><b>text!UnexpectedEof");
        assert_eq!(show("<a".as_bytes()), "<a");
        assert_eq!(show(format!("<a b='{}", "x".repeat(2 << 20)).as_bytes()), "!FileTooLarge");
    }

    #[test]
    fn a_document_does_not_grow_by_its_own_entities() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
        assert!(show(bomb.as_bytes()).ends_with("<a>&c;</a>"));
    }
}
