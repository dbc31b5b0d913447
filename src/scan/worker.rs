//! One thread's work: an item, opened, taken apart, decoded, searched, judged and handed on.
//!
//! Everything that comes out of a container or an encoding goes through [`Worker::input`] or
//! `Worker::derived` again, under the file's one budget.

use std::collections::HashMap;
use std::io::Read;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Options;
use super::copies::{COPY, Mark, RECORD, Unit};
use super::crew::{Crew, Page, Seen};
use super::file::File;
use super::found::Found;
use super::hunt::Beside;
use super::lines::{Lines, Start};
use super::members::{format_at_end, may_go_on, name_of, path_of};
use super::order::Outbox;
use super::persons::telling;
use super::stream::Stream;
use super::summary::Summary;
use super::view::{Location, Place, View};
use super::whose::Whose;
use super::window::{BEHIND, Window};
use crate::chunk::{Budget, Chunk, Left, Origin};
use crate::client::documents::Search;
use crate::decode::Decoder;
use crate::detect::{self, Above, Detectors, Document, Hit, Scratch, Setting, Telling};
use crate::detector::{Category, Confidence, Detector};
use crate::error::{Problem, ProblemKind};
use crate::extract::isolate::Parser;
use crate::extract::{Block, GIT, HEAD, Kind, sniff, sniff_name};
use crate::finding::{Finding, Fingerprint, Preview, Reason, is_guessable, mask};
use crate::policy::{self, Verdict};
use crate::source::git::is_loose;
use crate::source::{Item, Opened};
use crate::text::{Encoding, Reader, Text};

/// From so many people on a file is a roster: its records weigh more than those of a letter.
const ROSTER: u64 = 10;

/// A worker and the memory it reuses from file to file.
pub(super) struct Worker<'s> {
    pub(super) detectors: &'s Detectors,
    pub(super) options: &'s Options,
    /// All workers of the scan.
    pub(super) crew: &'s Crew,
    pub(super) scratch: Scratch,
    /// One for each depth of nesting that is in use.
    pub(super) levels: Vec<Level>,
    /// The encoding that the container of the next input says it is in.
    pub(super) declared: Option<Encoding>,
    /// Parser processes that wait for work.
    pub(super) parsers: Vec<Parser>,
    pub(super) summary: Summary,
    /// Passwords stated in the directory that was gone through last.
    pub(super) beside: Option<Beside>,
    /// The inputs under way, each within the one before.
    pub(super) units: Vec<Unit>,
    /// Searches for copies that wait for work.
    #[allow(clippy::vec_box, reason = "they go from hand to hand, and are large")]
    pub(super) searches: Vec<Box<Search<Mark>>>,
    /// The detectors of copies and of records, if they are wanted.
    pub(super) copy: Option<usize>,
    pub(super) record: Option<usize>,
    /// Pages that are not in use.
    #[allow(clippy::vec_box, reason = "pages go from hand to hand, and are large")]
    pub(super) pages: Vec<Box<Page>>,
}

/// The memory of one input under way.
#[derive(Default)]
pub(super) struct Level {
    pub(super) window: Window,
    pub(super) reader: Reader,
    pub(super) decoder: Decoder,
    pub(super) seen: Seen,
}

/// What is carried from window to window of one input.
pub(super) struct Pass<'l> {
    decoder: &'l mut Decoder,
    /// What is encoded beyond the window's core.
    stream: Stream,
    start: Start,
    pub(super) above: Option<Arc<Above>>,
    pub(super) document: Arc<Document>,
    /// What the name of the input says, until its first window has been looked at.
    telling: Option<Telling>,
}

impl<'s> Worker<'s> {
    pub(super) fn new(detectors: &'s Detectors, options: &'s Options, crew: &'s Crew) -> Worker<'s> {
        let find = |id: &str| detectors.list().iter().position(|detector| detector.id == id);
        Worker {
            detectors,
            options,
            crew,
            scratch: Scratch::default(),
            levels: Vec::new(),
            declared: None,
            parsers: Vec::new(),
            summary: Summary::default(),
            beside: None,
            units: Vec::new(),
            searches: Vec::new(),
            copy: find(COPY),
            record: find(RECORD),
            pages: Vec::new(),
        }
    }

    /// What this worker has done.
    pub(super) fn summary(self) -> Summary {
        self.summary
    }

    /// Looks at one item. A panic anywhere below ends with this file.
    pub(super) fn item(&mut self, item: Item, outbox: Outbox<'_, '_>) {
        let now = (self.options.clock)();
        let Item { origin, mut body } = item;
        let mut file = File::new(origin.clone(), Budget::new(&self.options.limits, 0, now), outbox);
        file.whose = Whose::new(self.options, &origin.path);
        file.added = body.take_added();
        file.again = body.again();
        match body.open() {
            Err(problem) => file.problem(origin, problem, &mut self.summary),
            Ok(mut opened) => {
                let size = opened.size();
                file.on_disk = matches!(opened, Opened::File(..));
                file.budget = Budget::new(&self.options.limits, size.unwrap_or(0), now);
                self.summary.files += 1;
                let done = catch_unwind(AssertUnwindSafe(|| self.look(&mut file, &origin, &mut opened)));
                if done.is_err() {
                    self.scratch = Scratch::default();
                    self.levels.clear();
                    self.units.clear();
                    self.pages.clear();
                    let problem = Problem::new(ProblemKind::ParserFailed, "panic");
                    file.problem(origin, problem, &mut self.summary);
                }
            }
        }
        if let Some(progress) = &self.options.progress {
            progress.files.fetch_add(1, Ordering::Relaxed);
        }
        file.end(self.options, &mut self.summary);
    }

    /// Looks at an opened item.
    pub(super) fn look(&mut self, file: &mut File<'_, '_>, origin: &Origin, opened: &mut Opened) {
        let size = opened.size();
        match opened {
            Opened::File(handle, _) => self.input(file, origin, &mut &*handle, size, Some(handle)),
            other => self.input(file, origin, other, size, None),
        };
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
        file.members += u64::from(origin.inside.len() == 1);
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
        let around = file.is_copy;
        self.begin_unit(file, origin);
        let done = match file.budget.left() {
            Left::All => self.level(file, origin, bytes, size, handle, &mut level),
            Left::Glances => self.glance(file, origin, bytes, &mut level),
            Left::Nothing => Ok(()),
        };
        if let Err(problem) = done {
            file.problem(origin.clone(), problem, &mut self.summary);
        }
        self.end_unit(file, origin);
        file.is_copy = around;
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
            kind @ (Kind::Text | Kind::NotText(_)) => {
                let further = || sniff_name(&name_of(origin), &head[..head.len().min(HEAD)]);
                format_at_end(&level.window, size, handle).or_else(further).unwrap_or(kind)
            }
            Kind::Container(format) if format.name == "zlib" && origin.inside.is_empty() && is_loose(&origin.path) => {
                GIT
            }
            kind => kind,
        };
        let own_size = size.filter(|_| origin.inside.is_empty());
        if file.hunt.as_ref().is_some_and(|hunt| !hunt.wants(&kind, own_size)) {
            return Ok(());
        }
        let whole = level.window.is_whole().then(|| level.window.head());
        if self.tell_same(file, origin, size, whole, handle) {
            file.is_copy = true;
            self.close_unit();
        }
        let head = level.window.head();
        let head = &head[..head.len().min(HEAD)];
        let mut telling = path_of(origin).and_then(|path| self.detectors.telling(&path, head));
        if !matches!(kind, Kind::Text)
            && let Some(telling) = telling.take()
        {
            self.told(file, origin, telling);
        }
        match kind {
            Kind::Text => {}
            Kind::NotText(what) => *self.summary.not_text.entry(what).or_default() += 1,
            Kind::Unsupported(format) | Kind::Encrypted(format) => {
                let shut = matches!(kind, Kind::Encrypted(_));
                let why = if shut { ProblemKind::Encrypted } else { ProblemKind::Unsupported };
                let problem = Problem::new(why, format);
                file.problem(origin.clone(), problem, &mut self.summary);
            }
            Kind::Container(format) => {
                if let Some(what) = format.not_text {
                    *self.summary.not_text.entry(what).or_default() += 1;
                }
                if format.name == "sqlite" {
                    // Programs' own tables, gigabytes of them.
                    self.close_unit();
                }
                if file.budget.left() != Left::All {
                    return Err(file.budget.ratio_problem());
                }
                self.spend(file, origin, level.window.new_bytes())?;
                return self.take_apart(file, origin, bytes, size, handle, level, format);
            }
        }
        self.text(file, origin, bytes, level, declared, telling)
    }

    /// Reads an input, whose first window is filled, as text to its end.
    pub(super) fn text(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        bytes: &mut dyn Read,
        level: &mut Level,
        declared: Option<Encoding>,
        telling: Option<Telling>,
    ) -> Result<(), Problem> {
        let chunk = self.options.chunk;
        let mut new_bytes = level.window.new_bytes();
        let Level { window, reader, decoder, seen } = level;
        match declared {
            Some(encoding) => reader.begin_as(encoding),
            None => reader.begin(window.head()),
        }
        decoder.begin(None);
        let start = Start { lines: 0, columns: 0 };
        let path = path_of(origin).unwrap_or_default();
        let document = Arc::new(Document::of(&name_of(origin), &path, &file.origin.path.to_string_lossy()));
        let mut pass = Pass { decoder, stream: Stream::default(), start, above: None, document, telling };
        loop {
            self.spend(file, origin, new_bytes)?;
            window.set_core(reader);
            let (chunk_now, last) = (window.chunk(), window.is_last());
            let text = reader.read(chunk_now.bytes, chunk_now.at);
            if let Some(hunt) = &mut file.hunt {
                hunt.text(text.bytes, file.members);
            } else {
                let setting = Setting::of(&pass.document, pass.above.as_deref());
                seen.search(self.detectors, &mut self.scratch, &text, &chunk_now, setting);
                self.conclude(file, origin, &chunk_now, &text, seen, &mut pass, last);
            }
            if last {
                return window.take_error().map_or(Ok(()), |e| Err(Problem::from_io(&e)));
            }
            if file.hunt.is_none() && self.crew.idle() > 0 {
                return self.together(file, origin, bytes, (window, reader), &mut pass);
            }
            new_bytes = window.advance(bytes, reader, chunk);
        }
    }

    /// Accounts for bytes read of a file or unpacked of a member.
    pub(super) fn spend(&mut self, file: &mut File<'_, '_>, origin: &Origin, bytes: u64) -> Result<(), Problem> {
        if self.options.progress.as_ref().is_some_and(|progress| progress.stop.load(Ordering::Relaxed)) {
            return Err(file.budget.stop());
        }
        if origin.inside.is_empty() {
            self.summary.bytes += bytes;
            if let Some(progress) = self.options.progress.as_ref().filter(|_| file.hunt.is_none()) {
                progress.bytes.fetch_add(bytes, Ordering::Relaxed);
            }
        } else {
            self.summary.unpacked_bytes += bytes;
            file.budget.spend(bytes)?;
        }
        file.budget.check_time((self.options.clock)())
    }

    /// Makes findings of what was seen in a window, and looks at what is encoded in it. `last`: no
    /// further window follows.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn conclude(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        chunk: &Chunk<'_>,
        text: &Text<'_>,
        seen: &mut Seen,
        pass: &mut Pass<'_>,
        last: bool,
    ) {
        let core = text.span_of(&chunk.core);
        let lines = Lines::new(chunk, text.bytes, text.map, core.clone(), pass.start);
        let place = Place::Window { lines, core: core.clone() };
        let (known, document) = (pass.above.clone(), pass.document.clone());
        let setting = Setting::of(&document, known.as_deref());
        let view = View { origin, text, setting, place };
        self.take_text(file, &view, core.clone());
        let mut found = Found::default();
        self.mark(file, &view, core.clone(), &seen.hits, &mut found);
        self.report(file, &view, &mut seen.hits, &mut found);
        // A heading at the beginning of a long table holds to its end.
        let next = text.map.find(chunk.core.end.saturating_sub(BEHIND), text.bytes.len());
        let above = match seen.asked.above(text.bytes, next) {
            None if !last && chunk.at == 0 => Some(Above::behind(text.bytes)),
            above => above.filter(|_| !last),
        };
        let stream = &mut pass.stream;
        pass.decoder.decode(text.bytes, core.clone(), &mut |derived| {
            self.derived(file, &view, derived, &core, stream, &mut found);
        });
        self.end_of_window(file, stream, last);
        let findings = found.into_findings();
        // A name says nothing new where the credential itself was found.
        let is_alarm = |f: &Finding| f.detector.category == Category::Credential && f.confidence > Confidence::Low;
        if let Some(telling) = pass.telling.take().filter(|_| !findings.iter().any(is_alarm)) {
            self.told(file, origin, telling);
        }
        for finding in findings {
            file.finding(finding, self.options);
        }
        if !last && let Place::Window { lines, .. } = &view.place {
            pass.start = lines.end(text.encoding_at(core.end));
        }
        if let Some(above) = above {
            pass.above = Some(Arc::new(above));
        }
    }

    /// Looks at text that an extractor has put together.
    pub(super) fn block(&mut self, file: &mut File<'_, '_>, origin: &Origin, block: &Block<'_>) -> bool {
        let bytes = block.text.len() as u64;
        self.summary.unpacked_bytes += bytes;
        if let Err(problem) = file.budget.spend(bytes).and_then(|()| file.budget.check_time((self.options.clock)())) {
            file.problem(origin.clone(), problem, &mut self.summary);
            return false;
        }
        if let Some(hunt) = &mut file.hunt {
            hunt.text(block.text.as_bytes(), file.members);
            return may_go_on(file, origin);
        }
        let mut level = self.levels.pop().unwrap_or_default();
        let Level { reader, decoder, seen, .. } = &mut level;
        reader.begin(block.text.as_bytes());
        let text = reader.read(block.text.as_bytes(), 0);
        let place = Place::Block { text: block.text, marks: block.marks };
        let above = block.header.map(Above::with_rows);
        let document = Document { path: path_of(origin).unwrap_or_default().into_owned(), ..Document::default() };
        let setting = Setting { is_built: true, ..Setting::of(&document, above.as_ref()) };
        let view = View { origin, text: &text, setting, place };
        let mut found = Found::default();
        let all = 0..text.bytes.len();
        self.take_text(file, &view, all.clone());
        self.search(file, &view, all.clone(), &mut seen.hits, &mut found);
        decoder.begin(None);
        let mut stream = Stream::default();
        decoder.decode(text.bytes, all.clone(), &mut |derived| {
            self.derived(file, &view, derived, &all, &mut stream, &mut found);
        });
        self.end_of_window(file, &mut stream, true);
        for finding in found.into_findings() {
            file.finding(finding, self.options);
        }
        self.levels.push(level);
        may_go_on(file, origin)
    }

    /// Detects in a text and reports it.
    pub(super) fn search(
        &mut self,
        file: &mut File<'_, '_>,
        view: &View<'_>,
        core: Range<usize>,
        hits: &mut Vec<Hit>,
        found: &mut Found,
    ) {
        hits.clear();
        if self.options.intake.is_some() {
            return;
        }
        self.detectors.detect(view.text.bytes, core.clone(), view.setting, &mut self.scratch, hits);
        self.mark(file, view, core, hits, found);
        self.report(file, view, hits, found);
    }

    /// Turns what policy lets through of the hits in a text into findings.
    fn report(&mut self, file: &mut File<'_, '_>, view: &View<'_>, hits: &mut [Hit], found: &mut Found) {
        if hits.is_empty() {
            return;
        }
        let text = view.text.bytes;
        if let Some(own) = &self.options.own {
            for hit in hits.iter_mut() {
                let value = String::from_utf8_lossy(&text[hit.value.clone()]);
                if own.has(&self.detectors.list()[hit.detector].id, &value) {
                    (hit.confidence, hit.doubted) = (Confidence::Low, true);
                    hit.reasons.push(Reason::Named("own"));
                }
            }
        }
        for value in telling(hits, self.detectors.list()) {
            let name: Vec<u8> = text[value].iter().copied().filter(|b| *b != b' ').collect();
            file.people.add(self.options.key.identity("person", &name));
        }
        let is_roster = file.people.count() >= ROSTER;
        let mut records: HashMap<u32, u32> = HashMap::new();
        let spans: Vec<Range<usize>> = hits.iter().map(|hit| hit.value.clone()).collect();
        self.tell_records(file, view, hits, &spans, found);
        // The other half of a credential is part of its finding.
        for hit in hits.iter().filter(|hit| !hit.is_part) {
            let detector = &self.detectors.list()[hit.detector];
            let (line, before) = (detect::line(text, &hit.value), detect::line_before(text, &hit.value));
            let suppressed = match policy::judge(&self.options.rules, detector, hit.confidence, line, before) {
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
            if file.added.as_ref().is_some_and(|added| !added.touches(&origin, &(start.byte..end.byte))) {
                continue;
            }
            if !file.is_new(hit.detector, &origin, value) {
                continue;
            }
            let depth = view.origin.inside.len();
            if view.is_derived() && !detector.generic && hit.confidence > Confidence::Low {
                for (generic, alarm) in found.take_generic(&span, depth) {
                    file.uncount(generic, alarm, &mut self.summary);
                }
            }
            let suppressed =
                suppressed.or_else(|| file.known(&self.options.rules, detector, hit.detector, &origin, value));
            let keep = match suppressed {
                Some(_) => {
                    self.summary.suppressed += 1;
                    self.options.show_suppressed
                }
                None => file.count(hit.detector, detector, self.options, &mut self.summary),
            };
            let record = hit.record.map(|record| *records.entry(record).or_insert_with(|| file.next_record()));
            let finding = keep.then(|| {
                let value = String::from_utf8_lossy(value);
                let guessable = detector.category != Category::Credential || is_guessable(&value);
                let roster = (is_roster && record.is_some()).then_some(Reason::Named("roster"));
                let show = |index: usize, value: &str| self.show(&self.detectors.list()[hits[index].detector], value);
                Finding {
                    detector: detector.clone(),
                    confidence: hit.confidence,
                    start,
                    end,
                    shown: self.show(detector, &value),
                    excerpt: detect::excerpt(text, &hit.value, &spans, show),
                    reasons: hit.reasons.iter().cloned().chain(roster).collect(),
                    fingerprint: Fingerprint::of(&self.options.key, &detector.id, &origin.path, &value, guessable),
                    encoding: view.text.encoding_at(hit.value.start).name(),
                    identity: self.options.key.identity(&detector.id, value.as_bytes()),
                    place: file.whereabouts(self.options).map(|w| w.place),
                    download: file.whereabouts(self.options).and_then(|w| w.download.clone()),
                    record,
                    client: None,
                    suppressed,
                    origin,
                }
            });
            found.add(detector, hit.detector, span, depth, finding);
        }
    }

    pub(super) fn show(&self, detector: &Detector, value: &str) -> String {
        if self.options.reveal {
            return value.to_owned();
        }
        mask(value, Preview { public: usize::from(detector.show), hide_length: detector.mask_all })
    }
}
