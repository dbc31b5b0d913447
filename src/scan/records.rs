//! Values of registered tables among what the detectors have found: exact matching at no scan of
//! its own.
//!
//! The candidates of a text in, findings of `client/record-match` out; candidates of any
//! confidence count, since the table says that they are what they look like.

use std::ops::Range;
use std::sync::Arc;

use super::file::File;
use super::found::Found;
use super::view::{Location, View};
use super::worker::Worker;
use crate::client::{By, Registry};
use crate::detect::{self, Hit};
use crate::detector::{Confidence, Detector};
use crate::finding::{Finding, Fingerprint, Reason};
use crate::policy::{self, Verdict};

/// How far apart a name and an address may stand, in bytes of text.
const NEAR: usize = 300;
/// Names around an address that are tried.
const MOST_NAMES: usize = 8;

const NAME: &str = "personal/person-name";
const ADDRESS: &str = "personal/postal-address";

impl Worker<'_> {
    /// Tells which of the hits are values of a registered table.
    pub(super) fn tell_records(
        &mut self,
        file: &mut File<'_, '_>,
        view: &View<'_>,
        hits: &[Hit],
        spans: &[Range<usize>],
        found: &mut Found,
    ) {
        let Some(registry) = self.options.registry.clone().filter(|registry| registry.has().1) else { return };
        if self.record.is_none() {
            return;
        }
        let id = |hit: &Hit| self.detectors.list()[hit.detector].id.clone();
        let value = |hit: &Hit| String::from_utf8_lossy(&view.text.bytes[hit.value.clone()]);
        let mut rows = Vec::new();
        for (number, hit) in hits.iter().enumerate() {
            let id = id(hit);
            let row = registry.record(&id, &value(hit)).or_else(|| {
                let names = (id == ADDRESS).then(|| names_near(hits, number, |hit| self.is(hit, NAME)));
                let address = value(hit);
                names?.into_iter().find_map(|name| registry.person(&value(name), &address))
            });
            if let Some((client, table)) = row {
                rows.push((hit, client.clone(), table.clone()));
            }
        }
        for (hit, client, table) in rows {
            self.note_owner(file, &client, By::Record);
            self.tell_record(file, view, hit, (&registry, &client, table), (hits, spans), found);
        }
    }

    fn is(&self, hit: &Hit, id: &str) -> bool {
        self.detectors.list()[hit.detector].id == id
    }

    fn tell_record(
        &mut self,
        file: &mut File<'_, '_>,
        view: &View<'_>,
        hit: &Hit,
        (registry, client, table): (&Registry, &Arc<str>, Arc<str>),
        (hits, spans): (&[Hit], &[Range<usize>]),
        found: &mut Found,
    ) {
        let Some(index) = self.record.filter(|_| !registry.is_at_home(&file.origin.path, client)) else { return };
        let detector: &Arc<Detector> = &self.detectors.list()[index];
        let text = view.text.bytes;
        let (line, before) = (detect::line(text, &hit.value), detect::line_before(text, &hit.value));
        let suppressed = match policy::judge(&self.options.rules, detector, Confidence::High, line, before) {
            Verdict::Below => return,
            Verdict::Report => None,
            Verdict::Suppress(reason) => Some(reason),
        };
        let Some(Location { start, end, span }) = view.locate(hit.value.clone()) else { return };
        let origin = view.origin_at(hit.value.start);
        let value = &text[hit.value.clone()];
        if view.is_derived() && found.knows(detector, index, &span)
            || file.added.as_ref().is_some_and(|added| !added.touches(&origin, &(start.byte..end.byte)))
            || !file.is_new(index, &origin, value)
        {
            return;
        }
        let suppressed = suppressed.or_else(|| file.known(&self.options.rules, detector, index, &origin, value));
        let keep = match suppressed {
            Some(_) => {
                self.summary.suppressed += 1;
                self.options.show_suppressed
            }
            None => file.count(index, detector, self.options, &mut self.summary),
        };
        let finding = keep.then(|| {
            let value = String::from_utf8_lossy(value);
            let show = |index: usize, value: &str| self.show(&self.detectors.list()[hits[index].detector], value);
            Finding {
                detector: detector.clone(),
                confidence: Confidence::High,
                start,
                end,
                shown: self.show(detector, &value),
                excerpt: detect::excerpt(text, &hit.value, spans, show),
                reasons: vec![Reason::Row(table)],
                fingerprint: Fingerprint::of(&self.options.key, &detector.id, &origin.path, &value, true),
                encoding: view.text.encoding_at(hit.value.start).name(),
                identity: self.options.key.identity(&detector.id, value.as_bytes()),
                place: file.whereabouts(self.options).map(|w| w.place),
                download: file.whereabouts(self.options).and_then(|w| w.download.clone()),
                record: None,
                client: Some(client.clone()),
                suppressed,
                origin,
            }
        });
        found.add(detector, index, span, view.origin.inside.len(), finding);
    }
}

/// The names that stand near a hit, the nearest first.
fn names_near(hits: &[Hit], number: usize, is_name: impl Fn(&Hit) -> bool) -> Vec<&Hit> {
    let here = &hits[number].value;
    let before = hits[..number].iter().rev().take_while(|hit| hit.value.end + NEAR > here.start);
    let after = hits[number + 1..].iter().take_while(|hit| hit.value.start < here.end + NEAR);
    let names = before.take(64).chain(after.take(64)).filter(|hit| is_name(hit));
    names.take(MOST_NAMES).collect()
}
