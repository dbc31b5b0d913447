//! Whose a file is, found out while it is scanned, and what that means for its findings: each says
//! its client, and those that an approval covers are no alarms.
//!
//! A word at a file's end may say whose its beginning is, so findings are held back until the file
//! is done (or too many, then what is known by then holds). Does nothing where there is no ledger.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::Options;
use super::file::File;
use super::found::Found;
use super::order::Event;
use super::summary::Summary;
use super::view::{Location, View};
use super::worker::Worker;
use crate::client::{Attributed, By, Clients, Mark};
use crate::detect::{self, Hit};
use crate::detector::Confidence;
use crate::finding::{Finding, Fingerprint, Place, Reason, Suppression};
use crate::policy::{self, Subject, Verdict};
use crate::source::sha256;

/// Events of one file that are held back.
const MOST_HELD: usize = 2048;
/// Detectors of words in places where they have no business, and everywhere else.
const WRONG_PLACE: &str = "client/wrong-place";
const MARKER: &str = "client/marker";

/// What is known of one file.
#[derive(Default)]
pub(super) struct Whose {
    /// The client in whose workspace it lies.
    workspace: Option<usize>,
    /// Evidence from the content, with how often it was met.
    evidence: Vec<(usize, By, u64)>,
    /// Clients whose words were met in the content: the first of each is told of.
    told: HashSet<usize>,
    held: Vec<Event>,
    /// Decided: findings are not held back any more.
    owner: Option<Option<(usize, By)>>,
    /// Detector → the approval that covers it in this file.
    approvals: HashMap<String, Option<(Arc<str>, String)>>,
    /// The file names all clients, and is nobody's.
    own: bool,
}

impl Whose {
    /// `None` where there is no ledger.
    pub(super) fn new(options: &Options, path: &Path) -> Option<Whose> {
        if options.clients.is_none() && options.approvals.is_none() {
            return None;
        }
        let mut whose = Whose::default();
        if let Some(clients) = &options.clients {
            let path = clients.absolute(path);
            whose.workspace = clients.of_path(&path);
            whose.own = clients.is_own(&path);
            for client in path.file_name().map(|name| clients.of_name(&name.to_string_lossy())).unwrap_or_default() {
                whose.note(client, By::Marker);
            }
        }
        Some(whose)
    }

    /// Takes an event that waits for the file's end; gives it back if it need not.
    pub(super) fn hold(&mut self, event: Event) -> Option<Event> {
        if self.owner.is_some() {
            return Some(event);
        }
        self.held.push(event);
        None
    }

    pub(super) fn is_full(&self) -> bool {
        self.owner.is_none() && self.held.len() >= MOST_HELD
    }

    /// Takes note of evidence: how often it has been met, this one included.
    pub(super) fn note(&mut self, client: usize, by: By) -> u64 {
        match self.evidence.iter_mut().find(|(c, b, _)| (*c, *b) == (client, by)) {
            Some((.., times)) => {
                *times += 1;
                *times
            }
            None => {
                self.evidence.push((client, by, 1));
                1
            }
        }
    }

    /// Everything that the content says.
    pub(super) fn attributed(&self, clients: &Clients) -> Vec<Attributed> {
        let one =
            |&(client, by, times): &(usize, By, u64)| Attributed { client: clients.id(client).clone(), by, times };
        let mut all: Vec<Attributed> = self.evidence.iter().map(one).collect();
        all.sort_by(|a, b| (&a.client, a.by).cmp(&(&b.client, b.by)));
        all
    }

    /// Whose it is above all: by its folder, by where it came from, by what stands in it most.
    fn owner(&self, download: Option<usize>) -> Option<(usize, By)> {
        let by_content = || self.evidence.iter().min_by_key(|(_, by, times)| (*by, std::cmp::Reverse(*times)));
        (self.workspace.map(|client| (client, By::Workspace)))
            .or(download.map(|client| (client, By::Download)))
            .or_else(|| by_content().map(|(client, by, _)| (*client, *by)))
    }
}

impl File<'_, '_> {
    /// Decides whose the file is and lets its findings go, with what follows for them.
    pub(super) fn decide(&mut self, options: &Options) {
        let download = options.clients.as_deref().filter(|clients| clients.has_domains()).and_then(|clients| {
            self.whereabouts(options)
                .and_then(|w| w.download.as_deref().and_then(|address| clients.of_address(address)))
        });
        let Some(whose) = &mut self.whose else { return };
        if whose.owner.is_none() {
            whose.owner = Some(whose.owner(download).filter(|_| !whose.own));
        }
        for event in std::mem::take(&mut whose.held) {
            self.release(event, options);
        }
    }

    /// Hands on an event of a file of which it is known whose it is.
    pub(super) fn release(&mut self, event: Event, options: &Options) {
        let Event::Finding(mut finding) = event else { return self.send(event) };
        if let (Some(clients), Some(whose)) = (&options.clients, &self.whose)
            && let Some(Some((client, by))) = whose.owner
            && finding.client.is_none()
        {
            finding.client = Some(clients.id(client).clone());
            finding.reasons.push(Reason::Named(by.reason()));
        }
        if finding.suppressed.is_none()
            && let Some((id, until)) = self.approval(&finding.detector.id.clone(), options)
        {
            finding.suppressed = Some(Suppression::Approval { id, until });
            if !options.show_suppressed && !options.keep_approved {
                return;
            }
        }
        self.send(Event::Finding(finding));
    }

    /// The approval that covers a detector in this file: its id and last day.
    fn approval(&mut self, detector: &str, options: &Options) -> Option<(Arc<str>, String)> {
        let approvals = options.approvals.as_deref()?;
        let whose = self.whose.as_ref()?;
        if let Some(known) = whose.approvals.get(detector) {
            return known.clone();
        }
        let mut clients: Vec<&str> = Vec::new();
        if let Some(all) = &options.clients {
            let owner = whose.owner.flatten().map(|(client, _)| client);
            let named = whose.evidence.iter().map(|(client, ..)| *client);
            clients.extend(owner.into_iter().chain(whose.workspace).chain(named).map(|client| &**all.id(client)));
        }
        let path = approvals.absolute(&self.origin.path);
        let hash = OnceCell::new();
        let hash = || hash.get_or_init(|| self.on_disk.then(|| sha256(&path)).flatten()).clone();
        let subject = Subject { detector, path: &path, clients: &clients, hash: &hash };
        let found = approvals.covers(&subject).map(|a| (Arc::from(a.id.as_str()), a.expires.to_string()));
        if let Some(whose) = &mut self.whose {
            whose.approvals.insert(detector.to_owned(), found.clone());
        }
        found
    }

    /// Findings that an approval covers are no alarms: counts them so. Is `detector` covered?
    pub(super) fn settle(&mut self, detector: &str, count: u64, options: &Options, summary: &mut Summary) -> bool {
        let covered = self.whose.is_some() && self.approval(detector, options).is_some();
        if covered {
            summary.findings = summary.findings.saturating_sub(count);
            summary.suppressed += count;
        }
        covered
    }
}

impl Worker<'_> {
    /// Looks for clients' words. A client's own workspace is where they belong; another's
    /// workspace, a stick, a synced folder or a print queue is not.
    pub(super) fn mark(
        &mut self,
        file: &mut File<'_, '_>,
        view: &View<'_>,
        core: Range<usize>,
        hits: &[Hit],
        found: &mut Found,
    ) {
        let options = self.options;
        let Some(clients) = options.clients.as_deref() else { return };
        let (Some(markers), Some(whose)) = (clients.markers(), &mut file.whose) else { return };
        if whose.own {
            return;
        }
        let mut first: Vec<Mark> = Vec::new();
        markers.find(view.text.bytes, core, &mut |mark| {
            whose.note(mark.client, By::Marker);
            if whose.told.contains(&mark.client) {
                return;
            }
            // The earliest tells where; the most certain of those.
            let key = |m: &Mark| (m.span.start, !m.certain, std::cmp::Reverse(m.span.end));
            match first.iter_mut().find(|other| other.client == mark.client) {
                Some(other) if key(&mark) < key(other) => *other = mark,
                Some(_) => {}
                None => first.push(mark),
            }
        });
        whose.told.extend(first.iter().map(|mark| mark.client));
        first.sort_by_key(|mark| (mark.span.start, mark.client));
        for mark in first {
            self.misplaced(file, view, mark, hits, found);
        }
    }

    /// Makes a finding of a client's word where it stands in the wrong place.
    fn misplaced(&mut self, file: &mut File<'_, '_>, view: &View<'_>, mark: Mark, hits: &[Hit], found: &mut Found) {
        let Some(clients) = self.options.clients.as_deref() else { return };
        let workspace = file.whose.as_ref().and_then(|whose| whose.workspace);
        let place = file.whereabouts(self.options).map(|w| w.place);
        let reason = match (workspace, place) {
            (Some(other), _) if other != mark.client => Some(Reason::Workspace(clients.id(other).clone())),
            (_, Some(Place::Removable)) => Some(Reason::Named("place:removable")),
            (_, Some(Place::CloudSync(_))) => Some(Reason::Named("place:cloud-sync")),
            (_, Some(Place::PrintSpool)) => Some(Reason::Named("place:print-spool")),
            // Where it belongs.
            (Some(_), _) => return,
            _ => None,
        };
        let (id, confidence) = match (&reason, mark.certain) {
            (None, _) => (MARKER, Confidence::Low),
            (Some(_), true) => (WRONG_PLACE, Confidence::High),
            (Some(_), false) => (WRONG_PLACE, Confidence::Medium),
        };
        let Some(index) = self.detectors.list().iter().position(|d| d.id == id) else { return };
        let detector = self.detectors.list()[index].clone();
        let text = view.text.bytes;
        let (line, before) = (detect::line(text, &mark.span), detect::line_before(text, &mark.span));
        let suppressed = match policy::judge(&self.options.rules, &detector, confidence, line, before) {
            Verdict::Below => return,
            Verdict::Report => None,
            Verdict::Suppress(reason) => Some(reason),
        };
        let Some(Location { start, end, span }) = view.locate(mark.span.clone()) else { return };
        let origin = view.origin_at(mark.span.start);
        if file.added.as_ref().is_some_and(|added| !added.touches(&origin, &(start.byte..end.byte))) {
            return;
        }
        let value = &text[mark.span.clone()];
        let suppressed = suppressed.or_else(|| file.known(&self.options.rules, &detector, index, &origin, value));
        let keep = match suppressed {
            Some(_) => {
                self.summary.suppressed += 1;
                self.options.show_suppressed
            }
            None => file.count(index, &detector, self.options, &mut self.summary),
        };
        if !keep {
            return;
        }
        let value = String::from_utf8_lossy(value);
        // Whatever else stands on the line is masked as its own detector wants it.
        let mut masked: Vec<(Range<usize>, usize)> =
            hits.iter().map(|hit| (hit.value.clone(), hit.detector)).chain([(mark.span.clone(), index)]).collect();
        masked.sort_by_key(|(span, _)| span.start);
        let spans: Vec<Range<usize>> = masked.iter().map(|(span, _)| span.clone()).collect();
        let show = |at: usize, value: &str| self.show(&self.detectors.list()[masked[at].1], value);
        let finding = Finding {
            detector: detector.clone(),
            confidence,
            start,
            end,
            shown: self.show(&detector, &value),
            excerpt: detect::excerpt(text, &mark.span, &spans, show),
            reasons: reason.into_iter().chain([Reason::Named(By::Marker.reason())]).collect(),
            fingerprint: Fingerprint::of(&self.options.key, &detector.id, &origin.path, &value, true),
            encoding: view.text.encoding_at(mark.span.start).name(),
            identity: self.options.key.identity(&detector.id, value.as_bytes()),
            place,
            download: file.whereabouts(self.options).and_then(|w| w.download.clone()),
            record: None,
            client: Some(clients.id(mark.client).clone()),
            suppressed,
            origin,
        };
        let depth = view.origin.inside.len();
        found.add(&detector, index, span, depth, Some(finding));
    }
}
