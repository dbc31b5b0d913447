//! A hook that has nothing to report says so in one line of its own; the report's is left out.

use std::io;

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::detector::Detector;
use sekisho::error::Problem;
use sekisho::finding::Finding;
use sekisho::scan::{Sink, Summary};

/// Hands on to a report in text only what is worth reading at a commit.
pub(super) struct Quiet<'s> {
    sink: &'s mut dyn Sink,
    is_text: bool,
    any: bool,
}

impl<'s> Quiet<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink, args: &ArgMatches) -> Quiet<'s> {
        let is_text = args.get_one::<String>("format").is_none_or(|format| format == "text");
        // Only a hook runs unasked; whoever asks gets the whole report.
        let is_hook = args.try_contains_id("strict").is_ok();
        Quiet { sink, is_text: is_text && is_hook, any: false }
    }
}

impl Sink for Quiet<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.any = true;
        self.sink.finding(finding)
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        self.any = true;
        self.sink.problem(origin, problem)
    }

    fn more(&mut self, origin: &Origin, detector: &Detector, count: u64) -> io::Result<()> {
        self.sink.more(origin, detector, count)
    }

    fn persons(&mut self, origin: &Origin, count: u64) -> io::Result<()> {
        self.sink.persons(origin, count)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let silent = self.is_text && !self.any && summary.suppressed == 0 && summary.skipped.submodules == 0;
        if silent { Ok(()) } else { self.sink.finish(summary) }
    }
}
