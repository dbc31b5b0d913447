//! A text → its runs of kanji, hiragana and katakana.
//!
//! UTF-8 is decoded by hand, three bytes a character, and ASCII is skipped eight bytes at a
//! time: this is the one part that every byte of a Japanese text goes through.

/// What a run consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// Kanji and 々; ヶ, ケ, ノ, ツ between two of them.
    Kanji,
    Hiragana,
    /// With ー.
    Katakana,
}

/// Characters of a run that are kept; longer runs are no names.
pub(super) const KEPT: usize = 14;

/// The longest stretch of characters of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) kind: Kind,
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset behind its last byte.
    pub(super) end: usize,
    /// Its length in characters; beyond [`KEPT`] only the first are kept.
    pub(super) length: usize,
    kept: [u16; KEPT],
}

impl Run {
    /// A run that is nowhere.
    pub(super) const NONE: Run = Run { kind: Kind::Hiragana, start: 0, end: 0, length: 0, kept: [0; KEPT] };

    /// The characters, the first [`KEPT`] of a longer run.
    pub(super) fn chars(&self) -> &[u16] {
        &self.kept[..self.length.min(KEPT)]
    }

    /// Is every character of it kept?
    pub(super) fn is_short(&self) -> bool {
        self.length <= KEPT
    }
}

/// The runs that begin before `end`, in order.
pub(super) struct Runs<'t> {
    text: &'t [u8],
    at: usize,
    end: usize,
}

impl<'t> Runs<'t> {
    pub(super) fn new(text: &'t [u8], from: usize, end: usize) -> Runs<'t> {
        Runs { text, at: from, end: end.min(text.len()) }
    }
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let kind = loop {
            self.at = skip_ascii(self.text, self.at, self.end);
            if self.at >= self.end {
                return None;
            }
            match char_at(self.text, self.at).and_then(|c| kind_of(c).map(|kind| (kind, c))) {
                Some((kind, _)) => break kind,
                // Two bytes at least stand behind the first of any other character; a byte that
                // begins none is passed alone.
                None => self.at += if self.text[self.at] >= 0xE0 { length(self.text[self.at]) } else { 1 },
            }
        };
        let mut run = Run { kind, start: self.at, ..Run::NONE };
        while let Some(c) = char_at(self.text, self.at)
            && (kind_of(c) == Some(kind) || kind == Kind::Kanji && joins(c) && next_is_kanji(self.text, self.at + 3))
        {
            if let Some(place) = run.kept.get_mut(run.length) {
                *place = c;
            }
            run.length += 1;
            self.at += 3;
        }
        run.end = self.at;
        Some(run)
    }
}

/// Bytes of the character that this byte begins.
fn length(first: u8) -> usize {
    if first >= 0xF0 { 4 } else { 3 }
}

/// Offset of the first byte from `at` that is not ASCII, or `end`.
pub(in super::super) fn skip_ascii(text: &[u8], mut at: usize, end: usize) -> usize {
    while let Some(word) = text.get(at..at + 8).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
        if at >= end {
            return end;
        }
        let high = u64::from_le_bytes(word) & 0x8080_8080_8080_8080;
        if high != 0 {
            return (at + high.trailing_zeros() as usize / 8).min(end);
        }
        at += 8;
    }
    while at < end && text[at] < 0x80 {
        at += 1;
    }
    at.min(end)
}

/// The character of three bytes at `at`.
pub(in super::super) fn char_at(text: &[u8], at: usize) -> Option<u16> {
    match text.get(at..at + 3)? {
        &[a @ 0xE3..=0xEF, b @ 0x80..=0xBF, c @ 0x80..=0xBF] => {
            Some(u16::from(a & 15) << 12 | u16::from(b & 63) << 6 | u16::from(c & 63))
        }
        _ => None,
    }
}

/// The kind of a character, if it is of any.
pub(in super::super) fn kind_of(c: u16) -> Option<Kind> {
    match c {
        0x4E00..=0x9FFF | 0x3005 | 0x3400..=0x4DBF | 0xF900..=0xFAFF => Some(Kind::Kanji),
        0x3041..=0x3096 => Some(Kind::Hiragana),
        0x30A1..=0x30FA | 0x30FC => Some(Kind::Katakana),
        _ => None,
    }
}

/// ヶ, ケ, ノ, ツ, ッ: between two kanji a part of a surname (一ノ瀬, 竹ヶ原, 三ケ田, 三ツ矢).
fn joins(c: u16) -> bool {
    matches!(c, 0x30F6 | 0x30B1 | 0x30CE | 0x30C4 | 0x30C3)
}

fn next_is_kanji(text: &[u8], at: usize) -> bool {
    char_at(text, at).and_then(kind_of) == Some(Kind::Kanji)
}
