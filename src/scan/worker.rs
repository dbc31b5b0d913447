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
use super::found::Found;
use super::lines::{Lines, Start};
use super::members::{format_at_end, may_go_on, name_of};
use super::order::Outbox;
use super::summary::Summary;
use super::view::{Location, Place, View};
use super::window::Window;
use crate::chunk::{Budget, Chunk, Left, Origin, Step};
use crate::decode::{Decoder, Derived};
use crate::detect::{self, Detectors, Hit, Scratch, Setting, Table};
use crate::detector::{Category, Confidence, Detector};
use crate::error::{Problem, ProblemKind};
use crate::extract::isolate::Parser;
use crate::extract::{Block, HEAD, Kind, sniff};
use crate::finding::{Finding, Fingerprint, Preview, is_guessable, mask};
use crate::policy::{self, Verdict};
use crate::source::{Item, Opened};
use crate::text::{Encoding, Reader};

/// A worker and the memory it reuses from file to file.
pub(super) struct Worker<'s> {
    pub(super) detectors: &'s Detectors,
    pub(super) options: &'s Options,
    pub(super) scratch: Scratch,
    /// One for each depth of nesting that is in use.
    pub(super) levels: Vec<Level>,
    /// The encoding that the container of the next input says it is in.
    pub(super) declared: Option<Encoding>,
    /// Parser processes that wait for work.
    pub(super) parsers: Vec<Parser>,
    pub(super) summary: Summary,
}

/// The memory of one input under way.
#[derive(Default)]
pub(super) struct Level {
    pub(super) window: Window,
    reader: Reader,
    decoder: Decoder,
    hits: Vec<Hit>,
}

/// What is carried from window to window of one input.
struct Pass<'l> {
    reader: &'l mut Reader,
    decoder: &'l mut Decoder,
    hits: &'l mut Vec<Hit>,
    start: Start,
    table: Option<Table>,
    public: bool,
}

impl<'s> Worker<'s> {
    pub(super) fn new(detectors: &'s Detectors, options: &'s Options) -> Worker<'s> {
        Worker {
            detectors,
            options,
            scratch: Scratch::default(),
            levels: Vec::new(),
            declared: None,
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
                file.on_disk = matches!(opened, Opened::File(..));
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
        let declared = self.declared.take();
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
                if let Some(what) = format.not_text {
                    *self.summary.not_text.entry(what).or_default() += 1;
                }
                if file.budget.left() != Left::All {
                    return Err(file.budget.ratio_problem());
                }
                self.spend(file, origin, level.window.new_bytes())?;
                return self.take_apart(file, origin, bytes, size, handle, level, format);
            }
        }
        self.text(file, origin, bytes, level, declared)
    }

    /// Reads an input, whose first window is filled, as text to its end.
    pub(super) fn text(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        level: &mut Level,
        declared: Option<Encoding>,
    ) -> Result<(), Problem> {
        let chunk = self.options.chunk;
        let mut new_bytes = level.window.new_bytes();
        let Level { window, reader, decoder, hits } = level;
        match declared {
            Some(encoding) => reader.begin_as(encoding),
            None => reader.begin(window.head()),
        }
        decoder.begin(None);
        let start = Start { lines: 0, columns: 0 };
        let public = detect::is_public_document(&name_of(origin));
        let mut pass = Pass { reader, decoder, hits, start, table: None, public };
        loop {
            self.spend(file, origin, new_bytes)?;
            window.set_core(pass.reader);
            let last = window.is_last();
            self.window(file, origin, &window.chunk(), &mut pass, last);
            if last {
                return window.take_error().map_or(Ok(()), |e| Err(Problem::from_io(&e)));
            }
            new_bytes = window.advance(bytes, pass.reader, chunk);
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

    /// Looks at one window. `last`: no further window will ask where it begins.
    fn window(&mut self, file: &mut File<'_, '_>, origin: &Origin, chunk: &Chunk<'_>, pass: &mut Pass<'_>, last: bool) {
        let text = pass.reader.read(chunk.bytes, chunk.at);
        let length = text.bytes.len();
        let core = text.map.find(chunk.core.start, length)..text.map.find(chunk.core.end, length);
        if chunk.at == 0 && core.start == 0 {
            pass.table = Table::of(text.bytes);
        }
        let lines = Lines::new(chunk, text.bytes, text.map, core.clone(), pass.start);
        let place = Place::Window { lines, core: core.clone() };
        let view =
            View { origin, text: &text, setting: Setting { table: pass.table.as_ref(), public: pass.public }, place };
        let mut found = Found::default();
        self.search(file, &view, core.clone(), pass.hits, &mut found);
        pass.decoder.decode(text.bytes, core.clone(), &mut |derived| self.derived(file, &view, derived, &mut found));
        for finding in found.into_findings() {
            file.finding(finding);
        }
        if !last && let Place::Window { lines, .. } = &view.place {
            pass.start = lines.end(text.encoding_at(core.end));
        }
    }

    /// Looks at what a decoder made of part of a text.
    fn derived(&mut self, file: &mut File<'_, '_>, from: &View<'_>, derived: &Derived, found: &mut Found) {
        if file.budget.left() == Left::Nothing {
            return;
        }
        let origin =
            from.origin_at(derived.at(0)).step(Step::Decoded { by: derived.by, at: from.byte_of(derived.at(0)) });
        let bytes = derived.bytes.as_slice();
        if derived.begins && matches!(sniff(&bytes[..bytes.len().min(HEAD)]), Kind::Container(_)) {
            self.input(file, &origin, &mut &*bytes, Some(bytes.len() as u64), None);
            return;
        }
        let entered = file.budget.enter(&origin);
        if let Err(problem) = entered.and_then(|()| file.budget.spend(bytes.len() as u64)) {
            file.problem(origin, problem, &mut self.summary);
            return;
        }
        let mut level = self.levels.pop().unwrap_or_default();
        let Level { reader, decoder, hits, .. } = &mut level;
        reader.begin(bytes);
        let text = reader.read(bytes, 0);
        let table = Table::of(text.bytes);
        let place = Place::Derived { from, derived };
        let setting = Setting { table: table.as_ref(), public: from.setting.public };
        let view = View { origin: &origin, text: &text, setting, place };
        let all = 0..text.bytes.len();
        self.search(file, &view, all.clone(), hits, found);
        decoder.begin(Some(derived));
        decoder.decode(text.bytes, all, &mut |inner| self.derived(file, &view, inner, found));
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
        let Level { reader, decoder, hits, .. } = &mut level;
        reader.begin(block.text.as_bytes());
        let text = reader.read(block.text.as_bytes(), 0);
        let place = Place::Block { text: block.text, marks: block.marks };
        let table = block.header.map_or_else(|| Table::of(text.bytes), Table::with_tabs);
        let setting = Setting { table: table.as_ref(), public: false };
        let view = View { origin, text: &text, setting, place };
        let mut found = Found::default();
        let all = 0..text.bytes.len();
        self.search(file, &view, all.clone(), hits, &mut found);
        decoder.begin(None);
        decoder.decode(text.bytes, all, &mut |derived| self.derived(file, &view, derived, &mut found));
        for finding in found.into_findings() {
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
        found: &mut Found,
    ) {
        let text = view.text.bytes;
        hits.clear();
        self.detectors.detect(text, core, view.setting, &mut self.scratch, hits);
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
            let Some(Location { start, end, span }) = view.locate(hit.value.clone()) else { continue };
            if view.is_derived() && found.knows(detector, hit.detector, &span) {
                continue;
            }
            let value = &text[hit.value.clone()];
            let origin = view.origin_at(hit.value.start);
            if !file.is_new(hit.detector, &origin, value) {
                continue;
            }
            let depth = view.origin.inside.len();
            if view.is_derived() && !detector.generic && hit.confidence > Confidence::Low {
                for (generic, alarm) in found.take_generic(&span, depth) {
                    file.uncount(generic, alarm, &mut self.summary);
                }
            }
            let keep = match suppressed {
                Some(_) => {
                    self.summary.suppressed += 1;
                    self.options.show_suppressed
                }
                None => file.count(hit.detector, detector, self.options, &mut self.summary),
            };
            let finding = keep.then(|| {
                let value = String::from_utf8_lossy(value);
                let guessable = detector.category != Category::Credential || is_guessable(&value);
                let show = |index: usize, value: &str| self.show(&self.detectors.list()[hits[index].detector], value);
                Finding {
                    detector: detector.clone(),
                    confidence: hit.confidence,
                    start,
                    end,
                    shown: self.show(detector, &value),
                    excerpt: detect::excerpt(text, &hit.value, &spans, show),
                    reasons: hit.reasons.clone(),
                    fingerprint: Fingerprint::of(&self.options.key, &detector.id, &origin.path, &value, guessable),
                    encoding: view.text.encoding_at(hit.value.start).name(),
                    place: file.whereabouts(self.options).map(|w| w.place),
                    download: file.whereabouts(self.options).and_then(|w| w.download.clone()),
                    record: None,
                    suppressed,
                    origin,
                }
            });
            found.add(detector, hit.detector, span, depth, finding);
        }
    }

    fn show(&self, detector: &Detector, value: &str) -> String {
        if self.options.reveal {
            return value.to_owned();
        }
        mask(value, Preview { public: usize::from(detector.show), hide_length: detector.mask_all })
    }
}
