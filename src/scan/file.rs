//! What is known of one file while it is scanned: its budget, which values were seen, how many
//! findings each detector has, and where its events go.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Options;
use super::hunt::{Hunt, Statements};
use super::order::{Event, Outbox};
use super::persons::Persons;
use super::summary::Summary;
use super::whose::Whose;
use crate::chunk::{Budget, Origin, Step};
use crate::detector::Detector;
use crate::error::Problem;
use crate::finding::{Finding, Suppression};
use crate::place::Whereabouts;
use crate::policy::Rules;
use crate::source::{Added, Body};

/// Values remembered in order to merge equal ones; a file with more keeps its later findings
/// apart rather than growing without bound.
const MOST_REMEMBERED: usize = 1 << 18;

/// One file under way.
pub(super) struct File<'o, 's> {
    pub(super) budget: Budget,
    /// `None`: nothing is reported, the file is only gone through for statements of passwords.
    outbox: Option<Outbox<'o, 's>>,
    /// Which part of it is asked for, where that is not all.
    pub(super) added: Option<Added>,
    seen: HashSet<u64>,
    /// Findings by detector that the baseline knows only by their number.
    baselined: HashMap<usize, u64>,
    /// Findings by detector, and those beyond the number that is handed over.
    counts: HashMap<usize, (Arc<Detector>, u64)>,
    pub(super) origin: Origin,
    /// How to open it once more.
    pub(super) again: Option<Body>,
    /// Members that have been begun, not counting those in members.
    pub(super) members: u64,
    /// What it states of passwords, once that was looked for.
    pub(super) stated: Option<Statements>,
    /// Set while statements are being looked for.
    pub(super) hunt: Option<Hunt>,
    /// Is it a file of this machine?
    pub(super) on_disk: bool,
    /// Is the input at hand, or one around it, byte for byte a registered document?
    pub(super) is_copy: bool,
    /// Whose data it holds.
    pub(super) people: Persons,
    /// Records that have been numbered.
    records: u32,
    /// Asked for at the first finding.
    whereabouts: OnceCell<Option<Whereabouts>>,
    /// Whose it is, where there is a ledger.
    pub(super) whose: Option<Whose>,
}

impl<'o, 's> File<'o, 's> {
    pub(super) fn new(origin: Origin, budget: Budget, outbox: Outbox<'o, 's>) -> File<'o, 's> {
        File::of(origin, budget, Some(outbox), None)
    }

    /// A file that is only gone through for statements of passwords.
    pub(super) fn hunted(origin: Origin, budget: Budget, hunt: Hunt) -> File<'o, 's> {
        File::of(origin, budget, None, Some(hunt))
    }

    fn of(origin: Origin, budget: Budget, outbox: Option<Outbox<'o, 's>>, hunt: Option<Hunt>) -> File<'o, 's> {
        File {
            budget,
            outbox,
            added: None,
            seen: HashSet::new(),
            baselined: HashMap::new(),
            counts: HashMap::new(),
            origin,
            again: None,
            members: 0,
            stated: None,
            hunt,
            on_disk: false,
            is_copy: false,
            people: Persons::default(),
            records: 0,
            whereabouts: OnceCell::new(),
            whose: None,
        }
    }

    fn tell(&mut self, event: Event, options: &Options) {
        let Some(whose) = &mut self.whose else { return self.send(event) };
        match whose.hold(event) {
            Some(event) => self.release(event, options),
            None if whose.is_full() => self.decide(options),
            None => {}
        }
    }

    /// Lets an event leave.
    pub(super) fn send(&mut self, event: Event) {
        if let Some(outbox) = &mut self.outbox {
            outbox.push(event);
        }
    }

    /// Where the file lives and comes from, if it is one.
    pub(super) fn whereabouts(&self, options: &Options) -> Option<&Whereabouts> {
        let locate = || options.places.as_ref().filter(|_| self.on_disk).map(|places| places.locate(&self.origin.path));
        self.whereabouts.get_or_init(locate).as_ref()
    }

    /// Is this the first time that a detector finds a value in a member? Equal values are one
    /// finding, also when one of them was decoded.
    pub(super) fn is_new(&mut self, detector: usize, origin: &Origin, value: &[u8]) -> bool {
        if self.seen.len() >= MOST_REMEMBERED {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        detector.hash(&mut hasher);
        for step in origin.inside.iter().filter(|step| !matches!(step, Step::Decoded { .. } | Step::Cell(_))) {
            step.hash(&mut hasher);
        }
        value.hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }

    /// Is a finding allowed for what it is: by the repository's settings, or by the baseline?
    pub(super) fn known(
        &mut self,
        rules: &Rules,
        detector: &Detector,
        index: usize,
        origin: &Origin,
        value: &[u8],
    ) -> Option<Suppression> {
        if let Some(reason) = rules.allowed.iter().find_map(|allow| allow.covers(&detector.id, &origin.path, value)) {
            return Some(Suppression::Allowed(reason));
        }
        let before = self.baselined.entry(index).or_default();
        rules
            .baseline
            .as_ref()
            .filter(|baseline| baseline.knows(detector, &origin.path, value, before))
            .map(|_| Suppression::Baseline)
    }

    /// Counts an alarm. Is it still among those that are handed over?
    pub(super) fn count(
        &mut self,
        index: usize,
        detector: &Arc<Detector>,
        options: &Options,
        summary: &mut Summary,
    ) -> bool {
        summary.findings += 1;
        if let Some(progress) = &options.progress {
            progress.findings.fetch_add(1, Ordering::Relaxed);
        }
        let (_, count) = self.counts.entry(index).or_insert_with(|| (detector.clone(), 0));
        *count += 1;
        options.max_findings == 0 || *count <= options.max_findings
    }

    /// Takes back a finding that turned out to be another detector's.
    pub(super) fn uncount(&mut self, index: usize, alarm: bool, summary: &mut Summary) {
        if !alarm {
            summary.suppressed = summary.suppressed.saturating_sub(1);
            return;
        }
        summary.findings = summary.findings.saturating_sub(1);
        if let Some((_, count)) = self.counts.get_mut(&index) {
            *count = count.saturating_sub(1);
        }
    }

    /// The number of a further record.
    pub(super) fn next_record(&mut self) -> u32 {
        self.records = self.records.saturating_add(1);
        self.records
    }

    pub(super) fn finding(&mut self, finding: Finding, options: &Options) {
        self.tell(Event::Finding(Box::new(finding)), options);
    }

    pub(super) fn problem(&mut self, origin: Origin, problem: Problem, summary: &mut Summary) {
        *summary.problems.entry(problem.kind).or_default() += 1;
        // It concerns no client; only the order of what is held back is kept, as far as that goes.
        let event = Event::Problem(origin, problem);
        let left = match &mut self.whose {
            Some(whose) if !whose.is_full() => whose.hold(event),
            _ => Some(event),
        };
        if let Some(event) = left {
            self.send(event);
        }
    }

    /// Says whose it is, whose data it holds, and how many findings were counted beyond those handed
    /// over.
    pub(super) fn end(mut self, options: &Options, summary: &mut Summary) {
        self.decide(options);
        let persons = self.people.count();
        if persons > 0 && self.outbox.is_some() {
            summary.people.merge(&self.people);
        }
        if persons > 1 {
            let origin = self.origin.clone();
            self.send(Event::Persons(origin, persons));
        }
        let mut counts: Vec<_> = self.counts.drain().collect();
        counts.sort_by_key(|(index, _)| *index);
        for (_, (detector, count)) in counts {
            let covered = self.settle(&detector.id, count, options, summary);
            if options.max_findings > 0 && count > options.max_findings && (!covered || options.keep_approved) {
                let origin = self.origin.clone();
                self.send(Event::More(origin, detector, count - options.max_findings));
            }
        }
        if let (Some(clients), Some(whose)) = (&options.clients, &self.whose) {
            let attributed = whose.attributed(clients);
            let asked = clients.has_domains().then(|| self.whereabouts(options)).flatten();
            let download = asked.and_then(|w| w.download.clone());
            self.send(Event::Whose(attributed, download));
        }
    }
}
