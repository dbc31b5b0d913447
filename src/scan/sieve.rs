//! A sink that only notes which items have something in them, for a second look at those.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Sink, Summary};
use crate::chunk::Origin;
use crate::detector::Detector;
use crate::error::Problem;
use crate::finding::Finding;

/// The paths of items that something was found in, or that could not be looked at.
#[derive(Debug, Default)]
pub struct Sieve {
    /// See above.
    pub paths: BTreeSet<Arc<Path>>,
    /// The problems, with their places.
    pub problems: Vec<(Origin, Problem)>,
}

impl Sink for Sieve {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.paths.insert(finding.origin.path.clone());
        Ok(())
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        self.problems.push((origin.clone(), problem.clone()));
        Ok(())
    }

    fn more(&mut self, _: &Origin, _: &Detector, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}
