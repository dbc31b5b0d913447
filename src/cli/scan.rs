//! `sekisho scan`: one scan of files, folders or standard input.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use sekisho::chunk::Origin;
use sekisho::config::Config;
use sekisho::detector::Detector;
use sekisho::error::{Error, Result};
use sekisho::policy::Baseline;
use sekisho::report::{Json, Shape, Style, Text};
use sekisho::scan::{Options, Progress, Sink, Summary};
use sekisho::source::{Ahead, Body, Files, Item, List, Source};

use super::exit::Status;
use super::progress::Display;
use super::{Session, baseline, output, set, settings};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let config = settings::load(session, args)?;
    let mut source = places(session, args, &config)?;
    let known = baseline::of_scan(args)?;
    let summary = scan(session, args, &config, known.clone(), &mut *source)?;
    if let Some(known) = known.filter(|_| summary.is_complete()) {
        let roots = roots(session, args, &config)?;
        baseline::tell_unused(session, &known, &|path| roots.iter().any(|root| known.lies_in(path, root)));
    }
    Ok(status(&summary, args))
}

/// The exit status of a scan, as the arguments want it.
pub(crate) fn status(summary: &Summary, args: &ArgMatches) -> Status {
    Status::of(summary, args.get_flag("exit-zero"), args.get_flag("fail-on-problem"))
}

/// The paths that the arguments name, themselves or by a set.
fn roots(session: &Session, args: &ArgMatches, config: &Config) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = args.get_many("paths").into_iter().flatten().cloned().collect();
    if let Some(name) = args.get_one::<String>("set") {
        paths.extend(named_set(session, config, name)?);
    }
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    Ok(paths)
}

/// What is to be scanned: files below the roots, or standard input.
fn places(session: &Session, args: &ArgMatches, config: &Config) -> Result<Box<dyn Source>> {
    let paths = roots(session, args, config)?;
    if paths.iter().any(|path| path == Path::new("-")) {
        if paths.len() > 1 {
            return Err(Error::Usage("- (standard input) cannot be combined with paths".to_owned()));
        }
        let input = Ahead::new(std::io::stdin()).map_err(|source| Error::Io { path: "-".into(), source })?;
        let item = Item { origin: Origin::file(Path::new("-")), body: Body::Stream(Box::new(input)) };
        return Ok(Box::new(List::new(vec![item])));
    }
    Ok(Box::new(Files::new(paths, settings::walk(args, config))?))
}

/// The detectors and options that the arguments choose.
pub(crate) fn prepare(session: &Session, args: &ArgMatches, config: &Config) -> Result<(Vec<Arc<Detector>>, Options)> {
    Ok((set::chosen(session, args, config)?, settings::options(session, args, config)?))
}

/// The places of a set that the settings name.
pub(crate) fn named_set(session: &Session, config: &Config, name: &str) -> Result<Vec<PathBuf>> {
    let set = config.set.get(name).ok_or_else(|| Error::Usage(format!("no [set.{name}] in the settings")))?;
    Ok(set.paths.iter().map(|path| settings::expand(session, path)).collect())
}

/// Scans a source with the chosen detectors into the chosen output.
fn scan(
    session: &Session,
    args: &ArgMatches,
    config: &Config,
    known: Option<Arc<Baseline>>,
    source: &mut dyn Source,
) -> Result<Summary> {
    let (detectors, mut options) = prepare(session, args, config)?;
    options.rules.baseline = known;
    let mut sink = sink(session, args, &options)?;
    let display = show_progress(session, args, &mut options);
    let scanner = set::scanner(detectors, options)?;
    let summary = scanner.run(source, &mut *sink);
    drop(display);
    summary
}

/// The report in the format and place that the arguments name.
pub(crate) fn sink(session: &Session, args: &ArgMatches, options: &Options) -> Result<Box<dyn Sink>> {
    let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    if options.reveal && path.is_none() && output::stdout_is_shared_file() {
        return Err(Error::RevealIntoShared(PathBuf::from("-")));
    }
    sink_to(session, args, output::open(path, options.reveal)?)
}

/// The same, into a writer.
pub(crate) fn sink_to(
    session: &Session,
    args: &ArgMatches,
    out: Box<dyn std::io::Write + Send>,
) -> Result<Box<dyn Sink>> {
    let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    let lang = session.lang;
    Ok(match args.get_one::<String>("format").map(String::as_str) {
        Some("json") => Box::new(Json::new(out, Shape::Array, lang)),
        Some("jsonl") => Box::new(Json::new(out, Shape::Lines, lang)),
        _ => {
            let terminal = path.is_none() && session.environment.stdout_is_terminal;
            let style = Style { colour: terminal && !session.environment.no_color };
            Box::new(Text::new(out, lang, style, settings::policy(args)?))
        }
    })
}

/// Shows progress where a person would see it, unless told otherwise.
pub(crate) fn show_progress(session: &Session, args: &ArgMatches, options: &mut Options) -> Option<Display> {
    let wanted = args.get_flag("progress") || session.environment.stderr_is_terminal;
    if !wanted || args.get_flag("no-progress") {
        return None;
    }
    let progress = Arc::new(Progress::default());
    options.progress = Some(progress.clone());
    Some(Display::start(progress, session.lang))
}
