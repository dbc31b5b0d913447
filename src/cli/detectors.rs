//! `sekisho detectors list|show|check|new`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::ArgMatches;
use sekisho::config::Config;
use sekisho::detector::{self, Category, Detector, Prefilter, Variant};
use sekisho::engine;
use sekisho::error::{Error, Place, Result};
use sekisho::message::{self, Message};
use sekisho::report::pick;
use sekisho::scan::{Failure, check_examples};

use super::exit::Status;
use super::{Session, output, set};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("list", args)) => list(session, args),
        Some(("show", args)) => show(session, args),
        Some(("check", args)) => check(session, args),
        Some(("new", args)) => new(session, args),
        _ => Ok(Status::Failed),
    }
}

fn print(text: &str) -> Result<Status> {
    output::write(&mut output::stdout(), text.as_bytes())?;
    Ok(Status::Clean)
}

fn list(session: &Session, args: &ArgMatches) -> Result<Status> {
    let mut out = String::new();
    for d in set::all(session, args, &Config::default())? {
        let _ = writeln!(out, "{:<44} {:<9} {}", d.id, d.severity.name(), pick(&d.title, session.lang));
    }
    print(&out)
}

fn show(session: &Session, args: &ArgMatches) -> Result<Status> {
    let id = args.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    let all = set::all(session, args, &Config::default())?;
    let Some(d) = all.iter().find(|d| d.id == id) else { return Err(Error::UnknownDetector(id.to_owned())) };
    let mut out = format!("{}: {}\n\n{}\n", d.id, pick(&d.title, session.lang), pick(&d.why, session.lang));
    if let Some(advice) = &d.advice {
        let _ = writeln!(out, "→ {}", pick(advice, session.lang));
    }
    let _ = writeln!(out, "\nseverity    {}\narticles    {}", d.severity.name(), d.articles.join(", "));
    for v in d.variants.iter() {
        let levels = v.confidence;
        let _ = writeln!(
            out,
            "\nconfidence  {} / context {} / check {}\nvalidate    {}\nprefilter   {}\npattern     {}",
            levels.base.name(),
            levels.with_context.name(),
            levels.with_check.name(),
            v.validate.join(", "),
            prefilter(v),
            v.finder.as_deref().unwrap_or(v.pattern.trim()),
        );
    }
    for reference in d.references.iter() {
        let _ = writeln!(out, "see         {reference}");
    }
    print(&out)
}

/// What a variant's prefilter comes to, by analysis where it is not stated.
fn prefilter(v: &Variant) -> String {
    if v.finder.is_some() {
        return "none (a finder)".to_owned();
    }
    match &v.prefilter {
        Prefilter::Nothing => "none (slow)".to_owned(),
        Prefilter::Digits(n) => format!("{n} digits"),
        Prefilter::Literals(literals) => literals.join(" | "),
        Prefilter::Pattern => match engine::required(&v.pattern) {
            Ok(required) => {
                let literals: Vec<_> = required.literals.iter().map(|l| String::from_utf8_lossy(l)).collect();
                literals.join(" | ")
            }
            Err(what) => what,
        },
    }
}

/// A file to check: its id, name and text.
struct Checked {
    id: String,
    file: String,
    source: String,
}

fn check(session: &Session, args: &ArgMatches) -> Result<Status> {
    let paths: Vec<PathBuf> = args.get_many("files").into_iter().flatten().cloned().collect();
    let mut set: Vec<Arc<Detector>> = detector::builtin().iter().cloned().map(Arc::new).collect();
    let mut checked = Vec::new();
    if paths.is_empty() {
        for (id, source) in detector::sources() {
            let file = format!("detectors/{id}.toml");
            checked.push(Checked { id: (*id).to_owned(), file, source: (*source).to_owned() });
        }
    }
    for path in &paths {
        for own in set::own(path)? {
            set.retain(|d| d.id != own.detector.id);
            checked.push(Checked { id: own.detector.id.to_string(), file: own.file, source: own.source });
            set.push(Arc::new(own.detector));
        }
    }
    if checked.is_empty() {
        return Err(Error::NoDetectors);
    }
    let mut wrong = Vec::new();
    let mut examples = 0;
    for Checked { id, file, source } in &checked {
        let (cases, overlaps) = detector::parse_examples(file, source).map_err(Error::File)?;
        examples += cases.len();
        if let Some(d) = set.iter().find(|d| d.id == id.as_str()) {
            let folder = id.split('/').next().and_then(Category::of);
            if folder.is_some_and(|folder| folder != d.category) {
                wrong.push(Place::whole(file, "the category differs from the folder"));
            }
            wrong.extend(detector::lint(file, source, d, &cases));
        }
        for failure in check_examples(&set, id, &cases, &overlaps, Instant::now)? {
            wrong.push(place(session, file, source, &failure));
        }
    }
    if wrong.is_empty() {
        let detectors = checked.len();
        return print(&format!("{}\n", Message::DetectorFine { examples, detectors }.text(session.lang)));
    }
    let mut out = String::new();
    for place in &wrong {
        let _ = writeln!(out, "{}", message::error(session.lang, &Error::File(place.clone())));
    }
    let _ = writeln!(out, "{}", Message::DetectorWrong(wrong.len()).text(session.lang));
    print(&out)?;
    Ok(Status::Failed)
}

fn place(session: &Session, file: &str, source: &str, failure: &Failure) -> Place {
    let list = |values: &[String]| {
        if values.is_empty() { "[]".to_owned() } else { values.join(" | ") }
    };
    let (line, what) = match failure {
        Failure::Values { line, how, expected, found } => {
            let (expected, found) = (list(expected), list(found));
            let message = Message::ExampleFailed { line: *line, expected: &expected, found: &found, how };
            (*line, message.text(session.lang))
        }
        Failure::Overlap { line, other } => (*line, Message::ExampleOverlaps { line: *line, other }.text(session.lang)),
    };
    let byte = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    Place::at(file, source, byte, what)
}

fn new(session: &Session, args: &ArgMatches) -> Result<Status> {
    let id = args.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    let valid = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let Some((class, name)) = id.split_once('/').filter(|(class, name)| Category::of(class).is_some() && valid(name))
    else {
        return Err(Error::Usage(format!(
            "`{id}`: an id is CATEGORY/NAME, in lower-case letters, digits and hyphens, e.g. credential/acme-token"
        )));
    };
    // In a checkout of the project the file belongs among the others.
    let folder = if std::path::Path::new("detectors").is_dir() { PathBuf::from("detectors") } else { PathBuf::new() };
    let path = folder.join(class).join(format!("{name}.toml"));
    let failed = |e| Error::Io { path: path.clone(), source: e };
    std::fs::create_dir_all(folder.join(class)).map_err(failed)?;
    let mut file = std::fs::File::options().write(true).create_new(true).open(&path).map_err(failed)?;
    std::io::Write::write_all(&mut file, detector::skeleton(name).as_bytes()).map_err(failed)?;
    session.say(&Message::DetectorWritten(&path.display().to_string()));
    Ok(Status::Clean)
}
