//! Copies of registered documents, looked for in the texts that pass anyway; and the texts of
//! documents that are to be registered, on the same way.
//!
//! Each input (a file, a member, what was put together of a document) is one [`Unit`], from its
//! first window or block to its last. Inputs lie within each other, so units are a stack.

use std::sync::{Arc, Mutex, PoisonError};

use super::file::File;
use super::members::name_of;
use super::prose;
use super::view::View;
use super::worker::Worker;
use crate::chunk::Origin;
use crate::client::documents::{Copied, Print, Printed, Search};
use crate::client::{By, Exact, Registry};
use crate::detector::{Confidence, Detector};
use crate::extract::{OnDisk, ReadAt};
use crate::finding::{Finding, Fingerprint, Position, Reason};
use crate::policy::{self, Verdict};

/// The detector of copies, and that of records.
pub(super) const COPY: &str = "client/document-copy";
pub(super) const RECORD: &str = "client/record-match";
/// From this share of a document on, in percent, it is no mere quotation.
const MUCH: u8 = 50;
/// Least bytes of decoded text that are looked at.
const LEAST: usize = 60;
/// Characters of a passage that `--reveal` shows.
const REVEALED: usize = 60;

/// Takes texts that are to be registered, instead of a scan for findings.
#[derive(Debug, Default)]
pub struct Intake {
    /// Keep the text itself (a table), not only its print.
    keep_text: bool,
    taken: Mutex<Vec<Taken>>,
}

/// Text in pieces, each with whether an extractor has put it together.
type Pieces = Vec<(Vec<u8>, bool)>;

/// The text of one input.
#[derive(Debug)]
pub struct Taken {
    /// Where it is from.
    pub origin: Origin,
    /// What is kept of a document.
    pub print: Printed,
    /// What a table is read from: its text, and whether an extractor has put it together.
    pub text: Pieces,
}

impl Intake {
    /// For documents.
    pub fn of_documents() -> Intake {
        Intake::default()
    }

    /// For tables: the text is kept, in memory.
    pub fn of_tables() -> Intake {
        Intake { keep_text: true, ..Intake::default() }
    }

    /// What was taken so far, in no particular order.
    pub fn take(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.taken.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Where a passage is.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    origin: Origin,
    position: Position,
    encoding: &'static str,
    /// Its beginning, where it may be shown.
    shown: Option<String>,
}

/// What is done with the text of one input.
#[derive(Default)]
pub(super) enum Unit {
    /// Nothing.
    #[default]
    Off,
    /// It depends on how the text begins.
    Open,
    /// Copies are looked for.
    Search(Box<Search<Mark>>),
    /// It is to be registered.
    Take(Box<(Print, Pieces)>),
}

impl<'s> Worker<'s> {
    /// Begins an input.
    pub(super) fn begin_unit(&mut self, file: &File<'_, '_>, origin: &Origin) {
        let unit = match (&self.options.intake, &self.options.registry) {
            _ if file.hunt.is_some() => Unit::Off,
            (Some(_), _) => Unit::Take(Box::default()),
            (None, Some(registry)) if registry.has().0 && self.copy.is_some() && !file.is_copy => {
                match prose::may_be(&name_of(origin)) || registry.is_workspace(&file.origin.path) {
                    true => Unit::Open,
                    false => Unit::Off,
                }
            }
            _ => Unit::Off,
        };
        self.units.push(unit);
    }

    /// Passes over the text of the input at hand: it is no document's.
    pub(super) fn close_unit(&mut self) {
        if let Some(unit @ (Unit::Open | Unit::Search(_))) = self.units.last_mut() {
            *unit = Unit::Off;
        }
    }

    /// Takes a text of the input at hand: a window's core, or a block.
    pub(super) fn take_text(&mut self, file: &File<'_, '_>, view: &View<'_>, core: std::ops::Range<usize>) {
        let (Some(unit), text) = (self.units.last_mut(), &view.text.bytes[core.clone()]) else { return };
        if let (Unit::Open, Some(registry)) = (&*unit, &self.options.registry) {
            let wanted = view.setting.is_built || prose::is_prose(text) || registry.is_workspace(&file.origin.path);
            *unit = if wanted { Unit::Search(self.searches.pop().unwrap_or_default()) } else { Unit::Off };
            if let Unit::Search(search) = unit {
                search.begin();
            }
        }
        let reveal = self.options.reveal;
        match (unit, &self.options.registry, &self.options.intake) {
            (Unit::Search(search), Some(registry), _) => {
                let mark = &mut |offset: usize| mark(view, core.start + offset, reveal);
                search.text(registry.registered(), text, mark);
            }
            (Unit::Take(taken), _, Some(intake)) if intake.keep_text => {
                taken.1.push((text.to_vec(), view.setting.is_built));
            }
            // What looks like letters in a picture or a program is nobody's text.
            (Unit::Take(taken), ..) if memchr::memchr(0, text).is_none() => taken.0.text(text),
            _ => {}
        }
    }

    /// Ends an input: tells what was copied, or hands its text in.
    pub(super) fn end_unit(&mut self, file: &mut File<'_, '_>, origin: &Origin) {
        match self.units.pop() {
            Some(Unit::Search(mut search)) => {
                if let Some(registry) = self.options.registry.clone() {
                    for copied in search.end(registry.registered()) {
                        self.tell_copy(file, &registry, copied);
                    }
                }
                self.searches.push(search);
            }
            Some(Unit::Take(taken)) => {
                let (print, text) = *taken;
                let taken = Taken { origin: origin.clone(), print: print.finish(), text };
                if let Some(intake) = self.options.intake.as_ref().filter(|_| taken.says_something()) {
                    intake.taken.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
                }
            }
            Some(Unit::Off | Unit::Open) | None => {}
        }
    }

    /// Looks for copies in a text that was decoded out of another, by itself.
    pub(super) fn search_decoded(&mut self, file: &mut File<'_, '_>, view: &View<'_>) {
        let Some(registry) = self.options.registry.clone().filter(|registry| registry.has().0) else { return };
        let text = view.text.bytes;
        if text.len() < LEAST
            || self.copy.is_none()
            || self.options.intake.is_some()
            || file.is_copy
            || !prose::may_be(&name_of(view.origin))
            || !prose::is_prose(text)
        {
            return;
        }
        let mut search = self.searches.pop().unwrap_or_default();
        search.begin();
        let reveal = self.options.reveal;
        search.text(registry.registered(), text, &mut |offset| mark(view, offset, reveal));
        for copied in search.end(registry.registered()) {
            self.tell_copy(file, &registry, copied);
        }
        self.searches.push(search);
    }

    /// Is this input, byte for byte, a registered file? Then that is told, and its text and what
    /// lies inside is not looked at for copies of parts.
    pub(super) fn tell_same(
        &mut self,
        file: &mut File<'_, '_>,
        origin: &Origin,
        size: Option<u64>,
        whole: Option<&[u8]>,
        handle: Option<&std::fs::File>,
    ) -> bool {
        let Some(registry) = self.options.registry.clone() else { return false };
        if file.hunt.is_some() || file.is_copy || self.copy.is_none() || self.options.intake.is_some() {
            return false;
        }
        let size = whole.map(|bytes| bytes.len() as u64).or(size);
        let Some((exact, size)) = size.and_then(|size| Some((registry.exact(size)?, size))) else { return false };
        let Some(document) = same(&exact, size, whole, handle) else { return false };
        let origin = Mark { origin: origin.clone(), position: BEGIN, encoding: "binary", shown: None };
        let name = registry.document(document).1.clone();
        self.tell(file, &registry, document, Confidence::High, vec![Reason::Same(name)], (origin.clone(), origin));
        true
    }

    /// What is registered says whose the file is, wherever it lies.
    pub(super) fn note_owner(&self, file: &mut File<'_, '_>, client: &str, by: By) {
        let number = self.options.clients.as_ref().and_then(|clients| clients.number(client));
        if let (Some(whose), Some(number)) = (&mut file.whose, number) {
            whose.note(number, by);
        }
    }

    fn tell_copy(&mut self, file: &mut File<'_, '_>, registry: &Arc<Registry>, copied: Copied<Mark>) {
        let sure = copied.is_long || copied.percent >= MUCH;
        let confidence = if sure { Confidence::High } else { Confidence::Medium };
        let name = registry.document(copied.document).1.clone();
        let reasons = vec![Reason::Copy(copied.percent, name)];
        self.tell(file, registry, copied.document, confidence, reasons, (copied.first, copied.last));
    }

    fn tell(
        &mut self,
        file: &mut File<'_, '_>,
        registry: &Arc<Registry>,
        document: usize,
        confidence: Confidence,
        reasons: Vec<Reason>,
        (first, last): (Mark, Mark),
    ) {
        let Some(index) = self.copy else { return };
        let (client, name) = registry.document(document);
        self.note_owner(file, client, By::Document);
        if registry.is_at_home(&file.origin.path, client) {
            return;
        }
        let detector: &Arc<Detector> = &self.detectors.list()[index];
        let suppressed = match policy::judge(&self.options.rules, detector, confidence, b"", b"") {
            Verdict::Below => return,
            Verdict::Report => None,
            Verdict::Suppress(reason) => Some(reason),
        };
        // What a copy is a copy of: the same document twice in a file is one finding.
        let value = format!("{client}\n{name}");
        let origin = first.origin;
        let touched = |added: &crate::source::Added| {
            let end = last.position.byte.max(first.position.byte + 1);
            added.touches(&origin, &(first.position.byte..end))
        };
        if !file.added.as_ref().is_none_or(touched) || !file.is_new(index, &origin, value.as_bytes()) {
            return;
        }
        let suppressed =
            suppressed.or_else(|| file.known(&self.options.rules, detector, index, &origin, value.as_bytes()));
        let keep = match suppressed {
            Some(_) => {
                self.summary.suppressed += 1;
                self.options.show_suppressed
            }
            None => file.count(index, detector, self.options, &mut self.summary),
        };
        if !keep {
            return;
        }
        // A passage is all secret; nothing around it is shown either.
        let shown = first.shown.unwrap_or_else(|| "*".repeat(8));
        let finding = Finding {
            detector: detector.clone(),
            confidence,
            start: first.position,
            end: last.position.max(first.position),
            excerpt: shown.clone(),
            shown,
            reasons,
            fingerprint: Fingerprint::of(&self.options.key, &detector.id, &origin.path, &value, true),
            identity: self.options.key.identity(&detector.id, value.as_bytes()),
            encoding: first.encoding,
            place: file.whereabouts(self.options).map(|w| w.place),
            download: file.whereabouts(self.options).and_then(|w| w.download.clone()),
            record: None,
            client: Some(client.clone()),
            suppressed,
            origin,
        };
        file.finding(finding, self.options);
    }
}

impl Taken {
    fn says_something(&self) -> bool {
        self.print.letters > 0 || !self.text.is_empty()
    }
}

const BEGIN: Position = Position { line: 1, column: 1, byte: 0 };

fn mark(view: &View<'_>, offset: usize, reveal: bool) -> Mark {
    let shown = reveal.then(|| {
        let text = &view.text.bytes[offset.min(view.text.bytes.len())..];
        let text = &text[..text.len().min(4 * REVEALED)];
        String::from_utf8_lossy(text).chars().take(REVEALED).map(|c| if c.is_control() { ' ' } else { c }).collect()
    });
    Mark {
        origin: view.origin_at(offset),
        position: view.locate(offset..offset).map_or(BEGIN, |location| location.start),
        encoding: view.text.encoding_at(offset).name(),
        shown,
    }
}

/// The registered file that this content is. What cannot be read is a problem elsewhere: its text
/// is read, too.
fn same(exact: &Exact<'_>, size: u64, whole: Option<&[u8]>, handle: Option<&std::fs::File>) -> Option<usize> {
    match (whole, handle) {
        (Some(mut bytes), _) => exact.document(&mut bytes).ok()?,
        (None, Some(file)) => exact.document(&mut Reading { disk: OnDisk { file, size }, at: 0 }).ok()?,
        (None, None) => None,
    }
}

/// Reads a file from its beginning whatever was read of it before.
struct Reading<'f> {
    disk: OnDisk<'f>,
    at: u64,
}

impl std::io::Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.disk.read_at(buffer, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}
