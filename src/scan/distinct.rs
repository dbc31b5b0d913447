//! Merges what versions of one file have in common: a value is one finding, as of its oldest
//! version, and still there if any version that has it is.
//!
//! Sits between a scan of versions (sorted by path, the oldest first) and another sink. Keeps the
//! findings of one path at a time.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

use super::{Sink, Summary};
use crate::chunk::Origin;
use crate::detector::Detector;
use crate::error::Problem;
use crate::finding::Finding;

/// See the module.
pub struct Distinct<'s> {
    sink: &'s mut dyn Sink,
    /// Findings handed on for each path and detector; 0 for all.
    most: u64,
    show_suppressed: bool,
    findings: Vec<Finding>,
    /// Where in `findings` each value is; suppressed ones apart.
    known: HashMap<(u64, bool), usize>,
    /// What was looked at before, whose totals count.
    before: Summary,
    totals: Summary,
}

impl<'s> Distinct<'s> {
    /// Hands on to `sink`. The files, bytes and problems of the scan `before` are the ones that
    /// are reported in the end, if there was one.
    pub fn new(sink: &'s mut dyn Sink, most: u64, show_suppressed: bool, before: Summary) -> Distinct<'s> {
        let (findings, known, totals) = Default::default();
        Distinct { sink, most, show_suppressed, findings, known, before, totals }
    }

    /// The totals that were reported.
    pub fn into_summary(self) -> Summary {
        self.totals
    }

    /// Hands on the findings of a path.
    fn flush(&mut self) -> io::Result<()> {
        self.known.clear();
        let mut counts: BTreeMap<String, (Origin, Arc<Detector>, u64)> = BTreeMap::new();
        for finding in std::mem::take(&mut self.findings) {
            if finding.suppressed.is_some() {
                self.totals.suppressed += 1;
                if self.show_suppressed {
                    self.sink.finding(&finding)?;
                }
                continue;
            }
            self.totals.findings += 1;
            let first = || (finding.origin.clone(), finding.detector.clone(), 0);
            let (.., count) = counts.entry(finding.detector.id.to_string()).or_insert_with(first);
            *count += 1;
            if self.most == 0 || *count <= self.most {
                self.sink.finding(&finding)?;
            }
        }
        for (origin, detector, count) in counts.into_values() {
            if self.most > 0 && count > self.most {
                self.sink.more(&origin, &detector, count - self.most)?;
            }
        }
        Ok(())
    }
}

impl Sink for Distinct<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.findings.first().is_some_and(|first| first.origin.path != finding.origin.path) {
            self.flush()?;
        }
        let key = (finding.identity, finding.suppressed.is_some());
        match self.known.get(&key).and_then(|&i| self.findings.get_mut(i)) {
            Some(first) => {
                if finding.origin.revision.as_ref().is_some_and(|revision| revision.in_head)
                    && let Some(revision) = &mut first.origin.revision
                {
                    Arc::make_mut(revision).in_head = true;
                }
            }
            None => {
                self.known.insert(key, self.findings.len());
                self.findings.push(finding.clone());
            }
        }
        Ok(())
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        *self.totals.problems.entry(problem.kind).or_default() += 1;
        self.sink.problem(origin, problem)
    }

    fn more(&mut self, _: &Origin, _: &Detector, _: u64) -> io::Result<()> {
        // Everything is asked for; what is too much is counted here.
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.flush()?;
        let before = std::mem::take(&mut self.before);
        let own = Summary {
            findings: self.totals.findings,
            suppressed: self.totals.suppressed,
            problems: std::mem::take(&mut self.totals.problems),
            ..summary.clone()
        };
        self.totals = match before == Summary::default() {
            true => own,
            false => Summary {
                findings: own.findings,
                suppressed: own.suppressed,
                problems: own.problems,
                skipped: own.skipped,
                persons: own.persons,
                seconds: before.seconds + own.seconds,
                stopped: before.stopped || own.stopped,
                ..before
            },
        };
        self.sink.finish(&self.totals)
    }
}
