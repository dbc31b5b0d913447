//! One thread's work: an item, opened, taken apart, decoded, searched, judged and handed on.
//!
//! Everything that comes out of a container or an encoding goes through [`Worker::input`] or
//! [`Worker::derived`] again, under the file's one budget.

use std::io::Read;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use super::Options;
use super::file::File;
use super::lines::{Lines, Start};
use super::members::{format_at_end, may_go_on};
use super::order::Outbox;
use super::summary::Summary;
use super::window::Window;
use crate::chunk::{Budget, Chunk, Left, Origin, Step};
use crate::decode::{Decoder, Derived};
use crate::detect::{self, Detectors, Hit, Scratch};
use crate::detector::{Category, Detector};
use crate::error::{Problem, ProblemKind};
use crate::extract::isolate::Parser;
use crate::extract::{Block, HEAD, Kind, Mark, sniff};
use crate::finding::{Finding, Fingerprint, Position, Preview, is_guessable, mask};
use crate::policy::{self, Verdict};
use crate::source::{Item, Opened};
use crate::text::{OffsetMap, Reader, Text};

/// A worker and the memory it reuses from file to file.
pub(super) struct Worker<'s> {
    pub(super) detectors: &'s Detectors,
    pub(super) options: &'s Options,
    pub(super) scratch: Scratch,
    /// One for each depth of nesting that is in use.
    pub(super) levels: Vec<Level>,
    /// Parser processes that wait for work.
    pub(super) parsers: Vec<Parser>,
    pub(super) summary: Summary,
}

/// The memory of one input under way.
#[derive(Default)]
pub(super) struct Level {
    pub(super) window: Window,
    reader: Reader,
    hits: Vec<Hit>,
}

/// A text that is being looked at, and the way from it to a position in its member.
struct View<'a> {
    origin: &'a Origin,
    text: &'a Text<'a>,
    place: Place<'a>,
}

/// How to find the original of a text's offset.
enum Place<'a> {
    /// The text is a window of the member.
    Window { lines: Lines<'a>, core: Range<usize> },
    /// The text was decoded out of another.
    Derived { from: &'a View<'a>, map: &'a OffsetMap },
    /// The text was put together by an extractor; positions count within its parts.
    Block { text: &'a str, marks: &'a [Mark] },
}

impl View<'_> {
    /// First and last position of a span of the text; `None` if another window answers for it.
    fn locate(&self, span: Range<usize>) -> Option<(Position, Position)> {
        let raw = self.text.map.span(span.clone());
        match &self.place {
            Place::Window { lines, core } => {
                let encoding = self.text.encoding_at(span.start);
                let count = |raw: &[u8]| encoding.count_chars(raw);
                core.contains(&span.start)
                    .then(|| (lines.position(span.start, raw.start, count), lines.position(span.end, raw.end, count)))
            }
            Place::Derived { from, map } => from.locate(map.span(raw)),
            Place::Block { text, marks } => {
                let part = part_of(marks, raw.start).map_or(0, |mark| mark.at);
                Some((position_in(text, part, raw.start), position_in(text, part, raw.end)))
            }
        }
    }

    /// The origin of what begins at a text offset.
    fn origin_at(&self, at: usize) -> Origin {
        match &self.place {
            Place::Window { .. } => self.origin.clone(),
            Place::Block { marks, .. } => match part_of(marks, self.text.map.start(at)) {
                Some(mark) => self.origin.step(mark.step.clone()),
                None => self.origin.clone(),
            },
            Place::Derived { from, map } => {
                // The steps of decoding come after the part that the encoded text stands in.
                let mut origin = from.origin_at(map.start(self.text.map.start(at)));
                origin.inside.extend(self.origin.inside.last().cloned());
                origin
            }
        }
    }
}

/// The part that begins last at or before an offset.
fn part_of(marks: &[Mark], at: usize) -> Option<&Mark> {
    marks.partition_point(|mark| mark.at <= at).checked_sub(1).map(|i| &marks[i])
}

/// Position of `at` counted from `part`, both offsets of `text`.
fn position_in(text: &str, part: usize, at: usize) -> Position {
    let before = text.as_bytes().get(part..at).unwrap_or_default();
    let line = before.iter().filter(|&&b| b == b'\n').count() as u64;
    let last = memchr::memrchr(b'\n', before).map_or(before, |i| &before[i + 1..]);
    let column = last.iter().filter(|&&b| b & 0xC0 != 0x80).count() as u64;
    Position { line: line + 1, column: column + 1, byte: before.len() as u64 }
}

impl<'s> Worker<'s> {
    pub(super) fn new(detectors: &'s Detectors, options: &'s Options) -> Worker<'s> {
        Worker {
            detectors,
            options,
            scratch: Scratch::default(),
            levels: Vec::new(),
            parsers: Vec::new(),
            summary: Summary::default(),
        }
    }

    /// What this worker has done.
    pub(super) fn summary(self) -> Summary {
        self.summary
    }

    /// Looks at one item. A panic anywhere below ends with this file.
    pub(super) fn item(&mut self, item: Item, outbox: Outbox<'_, '_>) {
        let now = (self.options.clock)();
        let Item { origin, body } = item;
        let mut file = File::new(origin.clone(), Budget::new(&self.options.limits, 0, now), outbox);
        match body.open() {
            Err(problem) => file.problem(origin, problem, &mut self.summary),
            Ok(mut opened) => {
                let size = opened.size();
                file.budget = Budget::new(&self.options.limits, size.unwrap_or(0), now);
                self.summary.files += 1;
                let done = catch_unwind(AssertUnwindSafe(|| match &mut opened {
                    Opened::File(handle, _) => self.input(&mut file, &origin, &mut &*handle, size, Some(handle)),
                    other => self.input(&mut file, &origin, other, size, None),
                }));
                if done.is_err() {
                    self.scratch = Scratch::default();
                    self.levels.clear();
                    let problem = Problem::new(ProblemKind::ParserFailed, "panic");
                    file.problem(origin, problem, &mut self.summary);
                }
            }
        }
        if let Some(progress) = &self.options.progress {
            progress.files.fetch_add(1, Ordering::Relaxed);
        }
        file.end(self.options);
    }

    /// Looks at a file or member: takes it apart if it is a container, else reads it as text.
    /// What goes wrong is reported here; the error only tells an extractor to stop.
    pub(super) fn input(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        size: Option<u64>,
        handle: Option<&std::fs::File>,
    ) -> bool {
        if let Err(problem) = file.budget.enter(origin) {
            file.problem(origin.clone(), problem, &mut self.summary);
            return may_go_on(file, origin);
        }
        if let (Some(most), Some(size)) = (self.options.limits.file_size, size)
            && size > most
        {
            let problem = Problem::new(ProblemKind::Limit, format!("file size > {most}"));
            file.problem(origin.clone(), problem, &mut self.summary);
            return true;
        }
        let mut level = self.levels.pop().unwrap_or_default();
        let done = match file.budget.left() {
            Left::All => self.level(file, origin, bytes, size, handle, &mut level),
            Left::Glances => self.glance(file, origin, bytes, &mut level),
            Left::Nothing => Ok(()),
        };
        if let Err(problem) = done {
            file.problem(origin.clone(), problem, &mut self.summary);
        }
        self.levels.push(level);
        may_go_on(file, origin)
    }

    pub(super) fn level(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        size: Option<u64>,
        handle: Option<&std::fs::File>,
        level: &mut Level,
    ) -> Result<(), Problem> {
        let chunk = self.options.chunk;
        level.window.begin(bytes, size, chunk);
        let head = level.window.head();
        let kind = match sniff(&head[..head.len().min(HEAD)]) {
            kind @ (Kind::Text | Kind::NotText(_)) => format_at_end(&level.window, size, handle).unwrap_or(kind),
            kind => kind,
        };
        match kind {
            Kind::Text => {}
            Kind::NotText(what) => *self.summary.not_text.entry(what).or_default() += 1,
            Kind::Unsupported(format) => {
                let problem = Problem::new(ProblemKind::Unsupported, format);
                file.problem(origin.clone(), problem, &mut self.summary);
            }
            Kind::Container(format) => {
                if file.budget.left() != Left::All {
                    return Err(file.budget.ratio_problem());
                }
                self.spend(file, origin, level.window.new_bytes())?;
                return self.take_apart(file, origin, bytes, size, handle, level, format);
            }
        }
        self.text(file, origin, bytes, level)
    }

    /// Reads an input, whose first window is filled, as text to its end.
    pub(super) fn text(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        level: &mut Level,
    ) -> Result<(), Problem> {
        let chunk = self.options.chunk;
        let mut new_bytes = level.window.new_bytes();
        level.reader.begin(level.window.head());
        let mut decoder = Decoder::default();
        let mut start = Start { lines: 0, columns: 0 };
        loop {
            self.spend(file, origin, new_bytes)?;
            level.window.set_core(&level.reader);
            let last = level.window.is_last();
            let chunk_view = level.window.chunk();
            start =
                self.window(file, origin, &chunk_view, &mut level.reader, &mut level.hits, &mut decoder, start, last);
            if last {
                return level.window.take_error().map_or(Ok(()), |e| Err(Problem::from_io(&e)));
            }
            new_bytes = level.window.advance(bytes, &level.reader, chunk);
        }
    }

    /// Accounts for bytes read of a file or unpacked of a member.
    pub(super) fn spend(&mut self, file: &mut File<'_, '_>, origin: &Origin, bytes: u64) -> Result<(), Problem> {
        if origin.inside.is_empty() {
            self.summary.bytes += bytes;
            if let Some(progress) = &self.options.progress {
                progress.bytes.fetch_add(bytes, Ordering::Relaxed);
            }
        } else {
            self.summary.unpacked_bytes += bytes;
            file.budget.spend(bytes)?;
        }
        file.budget.check_time((self.options.clock)())
    }

    /// Looks at one window; returns where the next one's core begins.
    #[allow(clippy::too_many_arguments)]
    fn window(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        chunk: &Chunk<'_>,
        reader: &mut Reader,
        hits: &mut Vec<Hit>,
        decoder: &mut Decoder,
        start: Start,
        last: bool,
    ) -> Start {
        let text = reader.read(chunk.bytes);
        let length = text.bytes.len();
        let core = text.map.find(chunk.core.start, length)..text.map.find(chunk.core.end, length);
        let lines = Lines::new(chunk, text.bytes, text.map, core.clone(), start);
        let view = View { origin, text: &text, place: Place::Window { lines, core: core.clone() } };
        let mut found = Vec::new();
        self.search(file, &view, core.clone(), hits, &mut found);
        for derived in decoder.decode(text.bytes, chunk.at) {
            self.derived(file, &view, &derived, &mut found);
        }
        found.sort_by_key(|finding| finding.start.byte);
        for finding in found {
            file.finding(finding);
        }
        if last {
            return start;
        }
        let Place::Window { lines, .. } = &view.place else { return start };
        lines.end(text.encoding_at(core.end))
    }

    /// Looks at what a decoder made of part of a text.
    fn derived(&mut self, file: &mut File<'_, '_>, from: &View<'_>, derived: &Derived, found: &mut Vec<Finding>) {
        let Some((start, _)) = from.locate(derived.map.span(0..derived.bytes.len())).or_else(|| {
            // Begins in look-behind but may reach into the core; its findings decide.
            from.locate(derived.at..derived.at + 1)
        }) else {
            return;
        };
        let origin = from.origin.step(Step::Decoded { by: derived.by, at: start.byte });
        if matches!(sniff(&derived.bytes[..derived.bytes.len().min(HEAD)]), Kind::Container(_)) {
            let size = Some(derived.bytes.len() as u64);
            self.input(file, &origin, &mut derived.bytes.as_slice(), size, None);
            return;
        }
        if let Err(problem) = file.budget.enter(&origin) {
            file.problem(origin, problem, &mut self.summary);
            return;
        }
        let mut level = self.levels.pop().unwrap_or_default();
        let Level { reader, hits, .. } = &mut level;
        reader.begin(&derived.bytes);
        let text = reader.read(&derived.bytes);
        let view = View { origin: &origin, text: &text, place: Place::Derived { from, map: &derived.map } };
        self.search(file, &view, 0..text.bytes.len(), hits, found);
        for inner in Decoder::default().decode(text.bytes, 0) {
            self.derived(file, &view, &inner, found);
        }
        self.levels.push(level);
    }

    /// Looks at text that an extractor has put together.
    pub(super) fn block(&mut self, file: &mut File<'_, '_>, origin: &Origin, block: &Block<'_>) -> bool {
        let bytes = block.text.len() as u64;
        self.summary.unpacked_bytes += bytes;
        if let Err(problem) = file.budget.spend(bytes).and_then(|()| file.budget.check_time((self.options.clock)())) {
            file.problem(origin.clone(), problem, &mut self.summary);
            return false;
        }
        let mut level = self.levels.pop().unwrap_or_default();
        let Level { reader, hits, .. } = &mut level;
        reader.begin(block.text.as_bytes());
        let text = reader.read(block.text.as_bytes());
        let place = Place::Block { text: block.text, marks: block.marks };
        let view = View { origin, text: &text, place };
        let mut found = Vec::new();
        self.search(file, &view, 0..text.bytes.len(), hits, &mut found);
        for derived in Decoder::default().decode(text.bytes, 0) {
            self.derived(file, &view, &derived, &mut found);
        }
        for finding in found {
            file.finding(finding);
        }
        self.levels.push(level);
        may_go_on(file, origin)
    }

    /// Detects in a text and turns what policy lets through into findings.
    fn search(
        &mut self,
        file: &mut File<'_, '_>,
        view: &View<'_>,
        core: Range<usize>,
        hits: &mut Vec<Hit>,
        found: &mut Vec<Finding>,
    ) {
        let text = view.text.bytes;
        hits.clear();
        self.detectors.detect(text, core, &mut self.scratch, hits);
        if hits.is_empty() {
            return;
        }
        let spans: Vec<Range<usize>> = hits.iter().map(|hit| hit.value.clone()).collect();
        for hit in hits.iter() {
            let detector = &self.detectors.list()[hit.detector];
            let line = detect::line(text, &hit.value);
            let suppressed = match policy::judge(&self.options.rules, detector, hit.confidence, line) {
                Verdict::Below => continue,
                Verdict::Report => None,
                Verdict::Suppress(reason) => Some(reason),
            };
            let Some((start, end)) = view.locate(hit.value.clone()) else { continue };
            let value = &text[hit.value.clone()];
            let origin = view.origin_at(hit.value.start);
            if !file.is_new(hit.detector, &origin, value) {
                continue;
            }
            let keep = match suppressed {
                Some(_) => {
                    self.summary.suppressed += 1;
                    self.options.show_suppressed
                }
                None => file.count(hit.detector, detector, self.options, &mut self.summary),
            };
            if !keep {
                continue;
            }
            let value = String::from_utf8_lossy(value);
            let guessable = detector.category != Category::Credential || is_guessable(&value);
            let show = |index: usize, value: &str| self.show(&self.detectors.list()[hits[index].detector], value);
            found.push(Finding {
                detector: detector.clone(),
                confidence: hit.confidence,
                origin,
                start,
                end,
                shown: self.show(detector, &value),
                excerpt: detect::excerpt(text, &hit.value, &spans, show),
                reasons: hit.reasons.clone(),
                fingerprint: Fingerprint::of(&self.options.key, &detector.id, &view.origin.path, &value, guessable),
                encoding: view.text.encoding_at(hit.value.start).name(),
                record: None,
                suppressed,
            });
        }
    }

    fn show(&self, detector: &Detector, value: &str) -> String {
        if self.options.reveal {
            return value.to_owned();
        }
        mask(value, Preview { public: usize::from(detector.show), hide_length: detector.mask_all })
    }
}
