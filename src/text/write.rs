//! Normalised text and its offset map, written from front to back.
//!
//! Decoders say what each piece of the original becomes; what stays as it is costs nothing
//! until something before it has changed. Decides nothing about encodings.

use std::ops::Range;

use super::fold::{Fold, Hyphen, fold, voiced};
use super::hyphen::is_hyphen;
use super::map::OffsetMap;
use super::table::Entry;

/// What a character becomes where it stands.
enum Becomes {
    Itself,
    Nothing,
    Other(char),
    /// One kana with the one before it.
    Joined(char),
}

/// Writes the text of one window.
pub(super) struct Writer<'a> {
    raw: &'a [u8],
    out: &'a mut Vec<u8>,
    map: &'a mut OffsetMap,
    /// Bytes of `out` that are written; the rest is room.
    len: usize,
    /// The part of the original that stays as it is and has not been copied yet. It comes after
    /// everything in `out`.
    kept: Range<usize>,
    /// The present run of the map: text bytes for original bytes, and where it would go on.
    steps: (usize, usize),
    next: usize,
}

impl<'a> Writer<'a> {
    /// Begins the text of `raw` in buffers whose content does not matter.
    pub(super) fn new(raw: &'a [u8], out: &'a mut Vec<u8>, map: &'a mut OffsetMap) -> Writer<'a> {
        map.clear();
        Writer { raw, out, map, len: 0, kept: 0..0, steps: (1, 1), next: 0 }
    }

    /// The original.
    pub(super) fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Bytes of text so far.
    pub(super) fn len(&self) -> usize {
        self.len + self.kept.len()
    }

    /// Ends. The text's length in the buffer, or `None` if the text is the original.
    pub(super) fn finish(mut self) -> Option<usize> {
        if self.len == 0 && self.map.is_identity() && self.kept == (0..self.raw.len()) {
            return None;
        }
        self.flush();
        Some(self.len)
    }

    /// A piece of the original stays as it is.
    pub(super) fn keep(&mut self, piece: Range<usize>) {
        if self.kept.end == piece.start {
            self.kept.end = piece.end;
        } else {
            self.flush();
            self.kept = piece;
        }
    }

    /// Units of `N` bytes from `at` on, as long as `entry` says what they become. Returns where
    /// it stopped.
    #[inline(always)]
    pub(super) fn units<const N: usize>(
        &mut self,
        mut at: usize,
        end: usize,
        entry: impl Fn(&[u8; N]) -> Entry,
    ) -> usize {
        let raw = &self.raw[..end];
        loop {
            // Most text is long stretches of units that become equally long.
            let step = raw[at..].first_chunk::<N>().map_or(Entry::INVALID, &entry).len();
            if step == 0 {
                return at;
            }
            self.flush();
            self.reserve((end - at) / N * step);
            self.run(at, step, N);
            let out = &mut self.out[self.len..];
            let count = match step {
                1 => stretch::<N, 1>(&raw[at..], out, &entry),
                2 => stretch::<N, 2>(&raw[at..], out, &entry),
                _ => stretch::<N, 3>(&raw[at..], out, &entry),
            };
            self.len += count * step;
            at += count * N;
            self.next = at;
        }
    }

    /// A character that was made of a piece of the original, folded. `after` gives the
    /// characters that follow it.
    pub(super) fn char(&mut self, c: char, piece: Range<usize>, after: impl FnMut() -> Option<char>) {
        match self.becomes(c, after) {
            Becomes::Itself => self.put(c, piece),
            Becomes::Other(to) => self.put(to, piece),
            Becomes::Joined(kana) => self.join(kana, piece),
            Becomes::Nothing => {}
        }
    }

    /// A character of the original that is UTF-8 itself: as [`Writer::char`], but what stays is
    /// only kept.
    pub(super) fn utf8_char(&mut self, c: char, piece: Range<usize>, after: impl FnMut() -> Option<char>) {
        match self.becomes(c, after) {
            Becomes::Itself => self.keep(piece),
            Becomes::Other(to) => self.put(to, piece),
            Becomes::Joined(kana) => self.join(kana, piece),
            // Nothing is written; where the text goes on, the map will show the gap.
            Becomes::Nothing => {}
        }
    }

    /// What becomes of a character here.
    fn becomes(&self, c: char, mut after: impl FnMut() -> Option<char>) -> Becomes {
        let shown = match fold(c) {
            Fold::Keep => c,
            Fold::Drop => return Becomes::Nothing,
            Fold::To(to) => to,
            Fold::Hyphen(kind) => {
                let (before, from) = self.before();
                match kind {
                    _ if is_hyphen(kind, &before[from..], &mut after) => '-',
                    Hyphen::Short => c,
                    Hyphen::Long(shown) => shown,
                }
            }
            Fold::Voice { half, alone } => {
                let (before, from) = self.before();
                let last = before.get(from.max(before.len() - 3)..).and_then(|last| std::str::from_utf8(last).ok());
                let base = last.and_then(|last| last.chars().next());
                match base.and_then(|base| voiced(base, half)) {
                    Some(kana) => return Becomes::Joined(kana),
                    None => alone,
                }
            }
        };
        if shown == c { Becomes::Itself } else { Becomes::Other(shown) }
    }

    /// The last bytes of the text, at the end of an array from the offset given.
    fn before(&self) -> ([u8; 8], usize) {
        let mut bytes = [0; 8];
        let kept = &self.raw[self.kept.clone()];
        let of_kept = kept.len().min(8);
        let of_out = self.len.min(8 - of_kept);
        let (head, tail) = bytes.split_at_mut(8 - of_kept);
        tail.copy_from_slice(&kept[kept.len() - of_kept..]);
        let from = head.len() - of_out;
        head[from..].copy_from_slice(&self.out[self.len - of_out..self.len]);
        (bytes, from)
    }

    fn put(&mut self, c: char, piece: Range<usize>) {
        let mut utf8 = [0; 4];
        let utf8 = c.encode_utf8(&mut utf8).as_bytes();
        self.flush();
        self.run(piece.start, utf8.len(), piece.len());
        self.push(utf8);
        self.next = piece.end;
    }

    /// Writes a kana in the place of the one before it: the mark at `piece` has joined it.
    fn join(&mut self, kana: char, piece: Range<usize>) {
        self.flush();
        let length = match self.steps {
            (1, 1) => 3,
            (_, raw) => raw,
        };
        let base = self.next.saturating_sub(length)..piece.end;
        self.len -= 3;
        self.steps = (0, 0);
        self.put(kana, base);
    }

    /// Copies what was kept.
    fn flush(&mut self) {
        if self.kept.is_empty() {
            return;
        }
        let kept = std::mem::replace(&mut self.kept, 0..0);
        self.run(kept.start, 1, 1);
        self.push(&self.raw[kept.clone()]);
        self.next = kept.end;
    }

    /// From here on, every `out_step` bytes of text stand for `raw_step` bytes of the original
    /// from `raw` on.
    fn run(&mut self, raw: usize, out_step: usize, raw_step: usize) {
        if self.steps != (out_step, raw_step) || self.next != raw {
            self.map.push(self.len, raw, out_step as u32, raw_step as u32);
            self.steps = (out_step, raw_step);
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.reserve(bytes.len());
        self.out[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Makes room for `more` bytes. The buffer only grows, so that it is cleared once.
    fn reserve(&mut self, more: usize) {
        let want = self.len + more;
        if self.out.len() < want {
            self.out.resize(want.max(self.out.len() * 2), 0);
        }
    }
}

/// Writes units of `N` bytes that become `M` bytes each; returns how many.
#[inline(always)]
fn stretch<const N: usize, const M: usize>(raw: &[u8], out: &mut [u8], entry: impl Fn(&[u8; N]) -> Entry) -> usize {
    let (units, room) = (raw.as_chunks::<N>().0, out.as_chunks_mut::<M>().0);
    for (count, (unit, utf8)) in units.iter().zip(room).enumerate() {
        let entry = entry(unit);
        if entry.len() != M {
            return count;
        }
        utf8.copy_from_slice(&entry.bytes()[..M]);
    }
    units.len()
}
