//! Keys that values stand under: the lists and objects of JSON (and of code that looks like it),
//! the indented blocks of YAML.
//!
//! A text in; for a place in it the keys of the two innermost things around it out. A key right
//! before its value needs none of this; it stands near.

use std::ops::Range;

use super::Labels;
use super::above::Known;

/// Things within each other of which the keys are kept.
const DEEPEST: usize = 128;
/// Things of one text that are kept.
const MOST: usize = 1 << 15;
/// Longest key, in bytes.
const LONGEST: usize = 120;

/// Something with a key and an extent, without end as long as it is open.
#[derive(Debug, Clone)]
struct Thing {
    span: Range<usize>,
    key: Key,
    /// The one around it.
    parent: Option<usize>,
    is_list: bool,
}

#[derive(Debug, Clone)]
enum Key {
    Here(Range<usize>),
    /// From the text above, by its index.
    Above(usize),
    /// A list or object without one: it counts for what it stands in.
    Nothing,
}

/// The keys of a text.
#[derive(Debug)]
pub(super) struct Keys {
    /// In the order of their beginnings.
    things: Vec<Thing>,
    above: Vec<Vec<u8>>,
}

impl Keys {
    pub(super) fn of(text: &[u8], above: Option<&Known>) -> Option<Keys> {
        let above = above.map(|above| above.keys.clone()).unwrap_or_default();
        let mut keys = Keys { things: Vec::new(), above };
        if !keys.above.is_empty() || has_named_brackets(text) {
            keys.brackets(text);
        } else if memchr::memmem::find(text, b":\n").or_else(|| memchr::memmem::find(text, b":\r")).is_some() {
            keys.blocks(text);
        }
        (!keys.things.is_empty()).then_some(keys)
    }

    /// Lists and objects in brackets.
    fn brackets(&mut self, text: &[u8]) {
        let mut open: Vec<usize> = Vec::new();
        for i in 0..self.above.len() {
            self.things.push(Thing {
                span: 0..usize::MAX,
                key: Key::Above(i),
                parent: open.last().copied(),
                is_list: true,
            });
            open.push(i);
        }
        let mut key: Option<Range<usize>> = None;
        let mut at = 0;
        while at < text.len() {
            match text[at] {
                b'"' => {
                    let end = string_end(text, at + 1);
                    let rest = &text[(end + 1).min(text.len())..];
                    let blanks = rest.iter().take_while(|&&b| b == b' ').count();
                    if end - at <= LONGEST && rest.get(blanks) == Some(&b':') {
                        key = Some(at + 1..end);
                    }
                    at = end;
                }
                b',' | b';' => key = None,
                byte @ (b'[' | b'{') if open.len() < DEEPEST && self.things.len() < MOST => {
                    let named = key.take().or_else(|| assigned(text, at));
                    let key = named.map_or(Key::Nothing, Key::Here);
                    let parent = open.last().copied();
                    open.push(self.things.len());
                    self.things.push(Thing { span: at..usize::MAX, key, parent, is_list: byte == b'[' });
                }
                b']' | b'}' => {
                    if let Some(last) = open.pop() {
                        self.things[last].span.end = at;
                    }
                    key = None;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// `key:` alone on its line, and what is indented below it.
    fn blocks(&mut self, text: &[u8]) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        for line in text.split(|&b| b == b'\n') {
            let indent = line.iter().take_while(|&&b| b == b' ').count();
            let content = line[indent..].trim_ascii_end();
            if !content.is_empty() {
                // The items of a list may stand as far left as its key.
                let is_item = content.starts_with(b"- ");
                while let Some(&(depth, i)) = open.last() {
                    if depth < indent || (depth == indent && is_item) {
                        break;
                    }
                    self.things[i].span.end = at;
                    open.pop();
                }
                let dash = if is_item { 2 } else { 0 };
                if let Some(key) = content[dash..].strip_suffix(b":")
                    && super::headings::is_label(key)
                    && open.len() < DEEPEST
                    && self.things.len() < MOST
                {
                    let from = at + indent + dash;
                    let parent = open.last().map(|&(_, i)| i);
                    open.push((indent + dash, self.things.len()));
                    let key = Key::Here(from..from + key.len());
                    self.things.push(Thing { span: from..usize::MAX, key, parent, is_list: true });
                }
            }
            at += line.len() + 1;
        }
    }

    /// The innermost thing around a place.
    fn around(&self, at: usize) -> Option<usize> {
        let mut i = self.things.partition_point(|thing| thing.span.start < at).checked_sub(1)?;
        while self.things[i].span.end <= at {
            i = self.things[i].parent?;
        }
        Some(i)
    }

    pub(super) fn labels(&self, text: &[u8], at: usize, into: &mut Labels) {
        let mut next = self.around(at);
        let (mut is_own, mut left) = (true, 2);
        while let Some(i) = next.filter(|_| left > 0) {
            let thing = &self.things[i];
            is_own &= thing.is_list;
            if let Some(key) = self.key(text, thing) {
                if is_own {
                    into.nearest(key)
                } else {
                    into.wider(key)
                }
                (is_own, left) = (false, left - 1);
            }
            next = thing.parent;
        }
    }

    fn key<'a>(&'a self, text: &'a [u8], thing: &Thing) -> Option<&'a [u8]> {
        match &thing.key {
            Key::Here(span) => text.get(span.clone()),
            Key::Above(i) => self.above.get(*i).map(Vec::as_slice),
            Key::Nothing => None,
        }
    }

    /// The keys of what goes on at `at`, outermost first.
    pub(super) fn after(&self, text: &[u8], at: usize) -> Vec<Vec<u8>> {
        let mut keys = Vec::new();
        let mut next = self.around(at);
        while let Some(i) = next {
            keys.push(self.key(text, &self.things[i]).unwrap_or_default().to_vec());
            next = self.things[i].parent;
        }
        keys.reverse();
        keys
    }
}

/// Does any bracket open behind a colon or an equals sign?
fn has_named_brackets(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'[', b'{', text).any(|i| {
        let before = &text[i.saturating_sub(LONGEST)..i];
        matches!(before.trim_ascii_end().last(), Some(b':' | b'='))
    })
}

/// Where the string that begins at `at` ends: its quote, or the line end that it cannot contain.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut from = at;
    while let Some(i) = memchr::memchr3(b'"', b'\\', b'\n', &text[from..]) {
        if text[from + i] != b'\\' {
            return from + i;
        }
        from = (from + i + 2).min(text.len());
    }
    text.len()
}

/// The name before the bracket at `at`: `numbers = [`, `numbers: [`.
fn assigned(text: &[u8], at: usize) -> Option<Range<usize>> {
    let line = &text[at.saturating_sub(LONGEST)..at];
    let before = line.trim_ascii_end().strip_suffix(b"=").or_else(|| line.trim_ascii_end().strip_suffix(b":"))?;
    let before = before.trim_ascii_end();
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b'_' | b'-');
    let from = before.iter().rposition(|b| !is_name(b)).map_or(0, |i| i + 1);
    let start = at - line.len() + from;
    (from < before.len()).then(|| start..start + before.len() - from)
}
