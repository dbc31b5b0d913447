//! `sekisho demo`: a sample home directory, unpacked to a temporary folder, scanned, removed.
//!
//! The sample is `corpora/demo.toml`: texts in pieces, their encodings, and what must be found
//! in each file. The demo says whether that came true, so it tests the installation too.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::detector::Detector;
use sekisho::error::{Error, Place, Problem, Result};
use sekisho::finding::Finding;
use sekisho::message::Message;
use sekisho::scan::{Collect, Sink, Summary};
use sekisho::source::Files;
use serde::Deserialize;

use super::exit::Status;
use super::{Session, scan, set, settings};

const SAMPLE: &str = include_str!("../../corpora/demo.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    file: Vec<SampleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleFile {
    path: PathBuf,
    #[serde(default)]
    encoding: Encoding,
    text: Vec<String>,
    expect: Vec<Expected>,
}

#[derive(Deserialize, Default, Clone, Copy)]
enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "cp932")]
    Cp932,
    #[serde(rename = "euc-jp")]
    EucJp,
    #[serde(rename = "iso-2022-jp")]
    Iso2022Jp,
    #[serde(rename = "utf-16le")]
    Utf16Le,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    detector: String,
    line: u64,
}

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let sample: Sample = toml::from_str(SAMPLE).map_err(|e| {
        Error::File(Place::at("corpora/demo.toml", SAMPLE, e.span().map_or(0, |s| s.start), e.message()))
    })?;
    let config = settings::load(session, args)?;
    let failed = |e| Error::Io { path: PathBuf::from("sekisho-demo"), source: e };
    let folder = tempfile::Builder::new().prefix("sekisho-demo-").tempdir().map_err(failed)?;
    for file in &sample.file {
        write(folder.path(), file).map_err(failed)?;
    }
    session.say(&Message::DemoHere(&folder.path().display().to_string()));
    let mut options = settings::options(session, args, &config)?;
    // That the sample lies in a temporary folder is no news, nor what is registered of clients.
    options.places = None;
    options.registry = None;
    (options.clients, options.approvals) = (None, None);
    let mut seen = Seen { report: scan::sink(session, args, &options)?, all: Collect::default() };
    let scanner = set::scanner(set::chosen(session, args, &config)?, options)?;
    let mut source = Files::new(vec![folder.path().to_owned()], settings::walk(args, &config))?;
    let summary = scanner.run(&mut source, &mut seen)?;
    // With other detectors, or another threshold, something else is rightly found.
    let usual = ["detector", "category", "rules", "min-confidence"].iter().all(|name| !args.contains_id(name));
    if usual {
        compare(session, folder.path(), &sample, &seen.all)?;
    }
    session.say(&Message::DemoRemoved);
    Ok(scan::status(&summary, args))
}

fn write(root: &Path, file: &SampleFile) -> io::Result<()> {
    let text = file.text.concat();
    let legacy = |encoding: &'static encoding_rs::Encoding| encoding.encode(&text).0.into_owned();
    let bytes = match file.encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Cp932 => legacy(encoding_rs::SHIFT_JIS),
        Encoding::EucJp => legacy(encoding_rs::EUC_JP),
        Encoding::Iso2022Jp => legacy(encoding_rs::ISO_2022_JP),
        Encoding::Utf16Le => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    };
    let path = root.join(&file.path);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)
}

/// Says whether what was found is what was planted, file by file and line by line.
fn compare(session: &Session, root: &Path, sample: &Sample, found: &Collect) -> Result<()> {
    type Places<'a> = BTreeSet<(&'a Path, u64, &'a str)>;
    let expected: Places<'_> = sample
        .file
        .iter()
        .flat_map(|file| file.expect.iter().map(|e| (file.path.as_path(), e.line, e.detector.as_str())))
        .collect();
    let found: Places<'_> = found
        .findings
        .iter()
        .map(|f| (f.origin.path.strip_prefix(root).unwrap_or(&f.origin.path), f.start.line, f.detector.id.as_ref()))
        .collect();
    let list = |sign: char, places: Vec<&(&Path, u64, &str)>| {
        places.iter().map(|(path, line, id)| format!("\n  {sign} {}:{line} {id}", path.display())).collect::<String>()
    };
    let difference =
        list('-', expected.difference(&found).collect()) + &list('+', found.difference(&expected).collect());
    if difference.is_empty() {
        session.say(&Message::DemoMatches { expected: expected.len() });
        return Ok(());
    }
    let what = Message::DemoDiffers(&difference).text(session.lang).into_owned();
    Err(Error::Usage(what))
}

/// Reports and remembers.
struct Seen {
    report: Box<dyn Sink>,
    all: Collect,
}

impl Sink for Seen {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.all.finding(finding)?;
        self.report.finding(finding)
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        self.all.problem(origin, problem)?;
        self.report.problem(origin, problem)
    }

    fn more(&mut self, origin: &Origin, detector: &Detector, count: u64) -> io::Result<()> {
        self.report.more(origin, detector, count)
    }

    fn persons(&mut self, origin: &Origin, count: u64) -> io::Result<()> {
        self.report.persons(origin, count)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.report.finish(summary)
    }
}
