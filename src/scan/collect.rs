//! A sink that keeps everything: for small scans whose results a program looks at.

use std::io;

use super::{Sink, Summary};
use crate::chunk::Origin;
use crate::detector::Detector;
use crate::error::Problem;
use crate::finding::Finding;

/// Keeps what a scan finds. Grows with the number of findings.
#[derive(Debug, Default)]
pub struct Collect {
    /// Findings in order.
    pub findings: Vec<Finding>,
    /// Problems in order, with their places.
    pub problems: Vec<(Origin, Problem)>,
    /// The totals, once the scan is over.
    pub summary: Option<Summary>,
}

impl Sink for Collect {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.findings.push(finding.clone());
        Ok(())
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        self.problems.push((origin.clone(), problem.clone()));
        Ok(())
    }

    fn more(&mut self, _: &Origin, _: &Detector, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.summary = Some(summary.clone());
        Ok(())
    }
}
