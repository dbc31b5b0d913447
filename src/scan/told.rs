//! A file whose name is enough → a finding at its beginning, without a value.
//!
//! What `detect` says of a name in, a finding through the same policy as any other out.

use super::file::File;
use super::worker::Worker;
use crate::chunk::Origin;
use crate::detect::Telling;
use crate::finding::{Finding, Fingerprint, Position};
use crate::policy::{self, Verdict};

impl Worker<'_> {
    /// Reports a file whose name is enough.
    pub(super) fn told(&mut self, file: &mut File<'_, '_>, origin: &Origin, telling: Telling) {
        let Telling { detector: index, confidence, reasons } = telling;
        let detector = &self.detectors.list()[index];
        if file.hunt.is_some() || file.added.as_ref().is_some_and(|added| !added.touches(origin, &(0..1))) {
            return;
        }
        if policy::judge(&self.options.rules, detector, confidence, b"", b"") != Verdict::Report {
            return;
        }
        let suppressed = file.known(&self.options.rules, detector, index, origin, b"");
        if suppressed.is_some() {
            self.summary.suppressed += 1;
            if !self.options.show_suppressed {
                return;
            }
        } else if !file.count(index, detector, self.options, &mut self.summary) {
            return;
        }
        let start = Position { line: 1, column: 1, byte: 0 };
        let key = &self.options.key;
        let finding = Finding {
            detector: detector.clone(),
            confidence,
            start,
            end: start,
            shown: String::new(),
            excerpt: String::new(),
            reasons,
            fingerprint: Fingerprint::of(key, &detector.id, &origin.path, &origin.to_string(), true),
            encoding: "",
            identity: key.identity(&detector.id, origin.to_string().as_bytes()),
            place: file.whereabouts(self.options).map(|w| w.place),
            download: file.whereabouts(self.options).and_then(|w| w.download.clone()),
            record: None,
            suppressed,
            origin: origin.clone(),
            client: None,
        };
        file.finding(finding, self.options);
    }
}
