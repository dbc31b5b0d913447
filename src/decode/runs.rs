//! base64 and hex: which part of a run is encoded, from which character on, and what came out.
//!
//! Runs of token characters in, decoded bytes out. Carries from window to window how many
//! characters of an unfinished run went before, so that a run of any length is decoded rightly
//! in pieces. Does not look at what is decoded further than `looks` does.

use std::ops::Range;

use super::block::{self, Code};
use super::looks::{Looks, SAMPLE, hopeless, looks};
use super::run::{self, CLASS, DIGIT, HEX, MIN, PAD, Run, STD, UPPER, URL};
use super::{Derived, arrays, base64, hex};
use crate::text::OffsetMap;

/// Decoded text up to this many bytes is handed out together with its neighbours.
const SHORT: usize = 1024;
/// So many bytes of the line before a short run are kept as its context.
const CONTEXT: usize = 64;
/// Characters that stand for a multiple of four bytes, in which the characters of any encoding
/// stay aligned.
const ALIGNED: usize = 16;
/// From this many characters on, a run is judged by more than its first dozen bytes.
const LONG: usize = 96;
/// Characters that the first dozen bytes take, at most.
const SHOWN: usize = 24;

/// A window's text and the part of it that counts.
#[derive(Debug, Clone)]
pub(super) struct Window<'a> {
    pub(super) text: &'a [u8],
    pub(super) core: Range<usize>,
}

/// A run that goes on beyond the core it was found in.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: &'static str,
    /// Characters before the border, modulo [`ALIGNED`].
    count: usize,
    looks: Looks,
    /// Has all of it been handed out?
    done: bool,
}

/// What was decoded in a window: where, and the hash of the characters if they do not stand in
/// one piece.
#[derive(Debug)]
struct Decoded {
    span: Range<usize>,
    hash: Option<[u8; 32]>,
}

/// The decoder of runs: what it carries between windows, and its buffers.
#[derive(Debug)]
pub(super) struct Runs {
    open: Option<Open>,
    next_open: Option<Open>,
    /// Is this window not the input's first?
    resumed: bool,
    /// Up to here, lines were looked at as one block and found to be none.
    refused: usize,
    /// What was decoded in this window.
    decoded: Vec<Decoded>,
    /// Hashes of encoded text that need not be decoded: the surrounding text held it too.
    known: Vec<[u8; 32]>,
    segments: Vec<Range<usize>>,
    sample: Vec<u8>,
    unused: OffsetMap,
    single: Derived,
    /// Short texts out of base64 and hex.
    batches: [Derived; 2],
}

type Each<'e> = &'e mut dyn FnMut(&Derived);

impl Runs {
    pub(super) fn new() -> Runs {
        Runs {
            open: None,
            next_open: None,
            resumed: false,
            refused: 0,
            decoded: Vec::new(),
            known: Vec::new(),
            segments: Vec::new(),
            sample: Vec::new(),
            unused: OffsetMap::default(),
            single: Derived::by(base64::CODE.name),
            batches: [&base64::CODE, &hex::CODE].map(|code| Derived::by(code.name)),
        }
    }

    /// A new input begins, in which runs of these hashes are not to be decoded.
    pub(super) fn begin(&mut self, known: &[[u8; 32]]) {
        self.open = None;
        self.resumed = false;
        self.known.clear();
        self.known.extend_from_slice(known);
    }

    /// A new window begins.
    pub(super) fn open_window(&mut self) {
        self.next_open = None;
        self.refused = 0;
        self.decoded.clear();
    }

    /// The window's end: hands out what was collected.
    pub(super) fn close_window(&mut self, each: Each<'_>) {
        for batch in &mut self.batches {
            batch.hand_out(each);
        }
        self.open = self.next_open.take();
        self.resumed = true;
    }

    /// Hashes of what need not be decoded in text made of these regions: what was already known,
    /// and what was decoded in them.
    pub(super) fn known_in(&self, text: &[u8], regions: &[Range<usize>]) -> Vec<[u8; 32]> {
        let mut known = self.known.clone();
        for Decoded { span, hash } in &self.decoded {
            let next = regions.partition_point(|region| region.end <= span.start);
            if regions.get(next).is_some_and(|region| region.start < span.end) {
                known.push(hash.unwrap_or_else(|| *blake3::hash(&text[span.clone()]).as_bytes()));
            }
        }
        known
    }

    /// Decodes arrays of numbers.
    pub(super) fn arrays(&mut self, window: &Window<'_>, each: Each<'_>) {
        let Window { text, core } = window;
        arrays::each(text, |near| {
            self.single.clear();
            self.single.by = hex::CODE.name;
            let Some(span) = arrays::array(text, near, &mut self.single.bytes, &mut self.single.map) else {
                return near + 1;
            };
            self.single.begins = !(self.resumed && span.start == 0);
            self.single.ends = span.end < text.len();
            let outside = span.end <= core.start || core.end <= span.start;
            if !outside
                && looks(&self.single.bytes, false) != Looks::Nothing
                && !self.is_known(text, std::slice::from_ref(&span))
            {
                self.single.begin_first_part(span.start);
                self.single.hand_out(each);
                self.decoded.push(Decoded { span: span.clone(), hash: None });
            }
            span.end
        });
    }

    /// Decodes what is encoded in a run and the lines that continue it. Returns where to go on.
    pub(super) fn look(&mut self, window: &Window<'_>, run: &Run, each: Each<'_>) -> usize {
        let Run { range, classes } = run;
        // Names and paths. No 20 characters of base64 or hex are without both, or only by chance.
        if classes & (UPPER | DIGIT) == 0 {
            return range.end;
        }
        if classes & PAD == 0 {
            return self.part(window, run, true, each);
        }
        let text = window.text;
        let mut end = range.end;
        // What looks like padding separates a name from its value, unless it is at the end.
        for part in split(text, range.clone(), PAD) {
            if part.len() >= MIN {
                let last = text[part.end..range.end].iter().all(|&b| b == b'=');
                let classes = run::classes(&text[part.clone()]);
                end = end.max(self.part(window, &Run { range: part, classes }, last, each));
            }
        }
        end
    }

    /// A part of a run without `=`. `last`: lines that continue it may follow.
    fn part(&mut self, window: &Window<'_>, part: &Run, last: bool, each: Each<'_>) -> usize {
        let Run { range, classes } = part;
        // With the signs of both alphabets, only what is between some of them can be encoded.
        if classes & (STD | URL) != STD | URL {
            let (end, found) = self.whole(window, range.clone(), last, each);
            if found {
                return end;
            }
        }
        for sign in [STD, URL] {
            if classes & sign != 0 {
                for piece in split(window.text, range.clone(), sign).filter(|piece| piece.len() >= MIN) {
                    let last = last && piece.end == range.end;
                    self.whole(window, piece, last, each);
                }
            }
        }
        range.end
    }

    /// A part of a run that is hex or base64 from its first character on, and the lines that
    /// continue it. Returns where it ends, and whether anything came of it.
    fn whole(&mut self, window: &Window<'_>, first: Range<usize>, last: bool, each: Each<'_>) -> (usize, bool) {
        let text = window.text;
        let prefixed = text[first.clone()].starts_with(b"0x");
        let digits = if prefixed { first.start + 2..first.end } else { first.clone() };
        let (first, code) =
            if block::is_all(&text[digits.clone()], HEX) { (digits, &hex::CODE) } else { (first, &base64::CODE) };
        if first.len() < code.min {
            return (first.end, false);
        }
        let mut segments = std::mem::take(&mut self.segments);
        segments.clear();
        segments.push(first);
        block::reach_back(text, code.classes, &mut segments);
        if last && self.refused <= segments[0].start {
            block::gather(text, code.classes, &mut segments);
        }
        let result = self.block(window, &mut segments, code, each);
        self.segments = segments;
        result
    }

    /// As `whole`, for the segments on all its lines.
    fn block(
        &mut self,
        window: &Window<'_>,
        segments: &mut Vec<Range<usize>>,
        code: &'static Code,
        each: Each<'_>,
    ) -> (usize, bool) {
        let Window { text, core } = window;
        let gathered = span(segments);
        let carried = self.carried(window, &gathered, code);
        let cut = gathered.start == 0;
        let (skip, looks) = match carried {
            Some(open) => {
                let before = block::count_before(segments, core.start) % ALIGNED;
                ((before + ALIGNED - open.count) % ALIGNED, open.looks)
            }
            None => self.judge(text, segments, code, cut),
        };
        let span = span(segments);
        if looks == Looks::Nothing || span != gathered {
            // No block, but any one line of it may be encoded by itself.
            self.refused = self.refused.max(gathered.end);
        }
        let begins = carried.is_none() && !(cut && self.resumed);
        let ends = core.end == text.len() || span.end < text.len() && !block::may_go_on(text, span.end);
        let done = carried.is_some_and(|open| open.done);
        if span.start < core.end && (core.end < span.end || !ends) {
            let count = (block::count_before(segments, core.end) + ALIGNED - skip) % ALIGNED;
            // A container that the window shows to its end is handed out whole.
            let done = done || looks == Looks::Container && ends;
            self.next_open = Some(Open { name: code.name, count, looks, done });
        }
        if looks == Looks::Nothing {
            return (segments[0].end, false);
        }
        let outside = span.end <= core.start || core.end <= span.start;
        if outside || self.is_known(text, segments) {
            return (span.end, true);
        }
        let length: usize = segments.iter().map(Range::len).sum();
        if done {
            // Its text is not looked at again.
        } else if looks == Looks::Text && begins && ends && length / code.group * code.bytes <= SHORT {
            let batch = &mut self.batches[usize::from(code.group == hex::CODE.group)];
            batch.begin_part(span.start);
            batch.copy(text, context(text, span.start));
            block::unpack(text, segments, skip..usize::MAX, code, &mut batch.bytes, &mut batch.map);
            batch.end_part(span.end);
        } else {
            self.single.clear();
            (self.single.by, self.single.begins, self.single.ends) = (code.name, begins, ends);
            self.single.begin_part(span.start);
            block::unpack(text, segments, skip..usize::MAX, code, &mut self.single.bytes, &mut self.single.map);
            self.single.hand_out(each);
        }
        let hash = (segments.len() > 1).then(|| hash(text, segments));
        self.decoded.push(Decoded { span: span.clone(), hash });
        (span.end, true)
    }

    /// What the last window says of the run at `span`, if that is the one that was open at its
    /// core's end, where this one's begins.
    fn carried(&self, window: &Window<'_>, span: &Range<usize>, code: &Code) -> Option<Open> {
        let border = window.core.start;
        let holds = (span.start < border || border == 0) && border < span.end;
        self.open.filter(|open| holds && open.name == code.name)
    }

    /// How many characters to skip, and what the rest looks like. Shortens `segments` to the
    /// first if the lines turn out to have nothing to do with each other. `cut`: the window may begin
    /// somewhere within the run.
    fn judge(&mut self, text: &[u8], segments: &mut Vec<Range<usize>>, code: &Code, cut: bool) -> (usize, Looks) {
        let first = segments[0].len();
        let whole = self.sampled(text, segments, 0, code, cut);
        // A list of encoded values, one a line, is no block: all but the first would be askew.
        if segments.len() > 1 && !first.is_multiple_of(code.group) {
            let alone = self.sampled(text, &segments[..1], 0, code, cut);
            let second = match whole {
                // What a container goes on with looks like nothing.
                Looks::Container => self.sampled(text, &segments[1..], 0, code, cut),
                _ => self.sampled(text, segments, first.next_multiple_of(code.group), code, true),
            };
            let list = if whole == Looks::Container { second == whole } else { second == Looks::Nothing };
            if alone != Looks::Nothing && list {
                segments.truncate(1);
                return (0, alone);
            }
        }
        let askew = if cut && whole == Looks::Nothing { 1..code.group } else { 0..0 };
        for skip in askew {
            let looks = self.sampled(text, segments, skip, code, true);
            if looks != Looks::Nothing {
                return (skip, looks);
            }
        }
        (0, whole)
    }

    /// What the segments' characters, but for the first `skip`, decode to.
    fn sampled(&mut self, text: &[u8], segments: &[Range<usize>], skip: usize, code: &Code, cut: bool) -> Looks {
        let length = segments.iter().map(Range::len).sum::<usize>().saturating_sub(skip);
        let head = &text[segments[0].start..segments[0].end];
        let shown = head.len() >= SHOWN;
        if length < LONG && shown && !cut && skip == 0 && hopeless(&(code.head)(head)) {
            return Looks::Nothing;
        }
        let most = SAMPLE / code.bytes * code.group;
        self.sample(text, segments, skip..skip + most, code);
        looks(&self.sample, cut || length > most)
    }

    fn sample(&mut self, text: &[u8], segments: &[Range<usize>], characters: Range<usize>, code: &Code) {
        self.sample.clear();
        self.unused.clear();
        block::unpack(text, segments, characters, code, &mut self.sample, &mut self.unused);
    }

    fn is_known(&self, text: &[u8], segments: &[Range<usize>]) -> bool {
        !self.known.is_empty() && self.known.contains(&hash(text, segments))
    }
}

/// The hash of the segments' characters, however they are parted.
fn hash(text: &[u8], segments: &[Range<usize>]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for segment in segments {
        hasher.update(&text[segment.clone()]);
    }
    *hasher.finalize().as_bytes()
}

fn span(segments: &[Range<usize>]) -> Range<usize> {
    segments.first().map_or(0, |s| s.start)..segments.last().map_or(0, |s| s.end)
}

/// The parts of a range between bytes of a class.
fn split(text: &[u8], range: Range<usize>, class: u8) -> impl Iterator<Item = Range<usize>> {
    let mut from = range.start;
    std::iter::from_fn(move || {
        let rest = text.get(from..range.end).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|&b| CLASS[b as usize] & class != 0).unwrap_or(rest.len());
        let part = from..from + length;
        from = part.end + 1;
        Some(part)
    })
}

/// The part of the line before `at` that says what the run is: `  password: `, `"token":"`.
fn context(text: &[u8], at: usize) -> Range<usize> {
    let from = at.saturating_sub(CONTEXT);
    let near = &text[from..at];
    // What is glued to the run is no name of it but another part of the same token.
    if matches!(near.last(), Some(b'.' | b'/' | b'_' | b'-')) {
        return at..at;
    }
    let line = match near.iter().rposition(|&b| b == b'\n') {
        Some(i) => i + 1,
        None if from == 0 => 0,
        // Not from the middle of a word.
        None => near.iter().position(|b| matches!(b, b' ' | b'\t' | b',' | b'{' | b'&')).unwrap_or(near.len()),
    };
    from + line..at
}
