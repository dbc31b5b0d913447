//! The detectors in force: the built-in ones and the user's own, narrowed by `--detector` and
//! `--category`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use sekisho::config::Config;
use sekisho::detect::Detectors;
use sekisho::detector::{self, Category, Detector, Prefilter, gitleaks};
use sekisho::error::{Error, Place, Result};
use sekisho::message::Message;
use sekisho::scan::{Options, Scanner};

use super::{Session, settings};

/// A detector file of the user's.
pub(crate) struct Own {
    pub(crate) file: String,
    pub(crate) source: String,
    pub(crate) detector: Detector,
}

/// All detectors, the user's own included, by id. An own one replaces a built-in one.
pub(crate) fn all(session: &Session, args: &ArgMatches, config: &Config) -> Result<Vec<Arc<Detector>>> {
    let mut list: Vec<Arc<Detector>> = detector::builtin().iter().cloned().map(Arc::new).collect();
    let named = args.try_get_many::<String>("rules").ok().flatten().into_iter().flatten().map(PathBuf::from);
    for path in config.rules.iter().map(|p| settings::expand(session, p)).chain(named) {
        let mut foreign = Vec::new();
        for (root, file) in files(&path)? {
            let source = text(&file)?;
            if gitleaks::is_rules(&source) {
                rules(session, &file, &source, &mut foreign, 0)?;
                continue;
            }
            let own = parsed(&root, &file, source)?;
            list.retain(|d| d.id != own.detector.id);
            list.push(Arc::new(own.detector));
        }
        list.extend(usable(session, foreign));
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(list)
}

/// The detectors that the arguments leave.
pub(crate) fn chosen(session: &Session, args: &ArgMatches, config: &Config) -> Result<Vec<Arc<Detector>>> {
    let mut list = all(session, args, config)?;
    let ids: Vec<&String> = args.get_many("detector").into_iter().flatten().collect();
    for id in &ids {
        if !list.iter().any(|d| d.id == id.as_str()) {
            return Err(Error::UnknownDetector(id.to_string()));
        }
    }
    let categories: Vec<Category> =
        args.get_many::<String>("category").into_iter().flatten().filter_map(|name| Category::of(name)).collect();
    if args.get_one::<PathBuf>("policy").is_some() {
        let policy = settings::policy(args)?;
        for detector in &mut list {
            policy.apply(Arc::make_mut(detector));
        }
    }
    list.retain(|d| {
        (ids.is_empty() || ids.iter().any(|id| d.id == id.as_str()))
            && (categories.is_empty() || categories.contains(&d.category))
    });
    Ok(list)
}

/// How far files of rules may extend each other; as in gitleaks.
const DEEPEST: usize = 2;

/// Reads another scanner's rules, and those of the file that they extend, and says what could not
/// be taken over. Of two rules with one id that of the outer file counts.
fn rules(session: &Session, file: &Path, source: &str, into: &mut Vec<Detector>, depth: usize) -> Result<()> {
    let name = file.display().to_string();
    let rules = gitleaks::parse(&name, source).map_err(Error::File)?;
    session.say(&Message::RulesTaken { file: &name, rules: rules.detectors.len() as u64 });
    for note in &rules.notes {
        session.say(&Message::RuleNote(note));
    }
    for detector in rules.detectors {
        if !into.iter().any(|d| d.id == detector.id) {
            into.push(detector);
        }
    }
    let Some(base) = rules.extends else { return Ok(()) };
    if depth >= DEEPEST {
        session.say(&Message::RuleNote(&format!("extend.path: {base} is one too many")));
        return Ok(());
    }
    let base = file.parent().unwrap_or(Path::new("")).join(base);
    self::rules(session, &base, &text(&base)?, into, depth + 1)
}

/// The rules that can be searched for: without a literal in them everywhere, and not at all if that
/// is impossible, which is said.
fn usable(session: &Session, mut rules: Vec<Detector>) -> Vec<Arc<Detector>> {
    loop {
        let list: Vec<Arc<Detector>> = rules.iter().cloned().map(Arc::new).collect();
        let Err(wrong) = Detectors::new(list.clone()) else { return list };
        let Some(at) = rules.iter().position(|d| d.id == wrong.id) else { return Vec::new() };
        let variants = rules[at].variants.to_mut();
        if variants.iter().all(|v| v.prefilter == Prefilter::Nothing) {
            session.say(&Message::RuleNote(&format!("{}: left out: {}", wrong.id, wrong.what)));
            rules.remove(at);
        } else {
            variants.iter_mut().for_each(|v| v.prefilter = Prefilter::Nothing);
        }
    }
}

/// Reads a detector file, or every `.toml` below a folder, in order of name.
pub(crate) fn own(path: &Path) -> Result<Vec<Own>> {
    files(path)?.into_iter().map(|(root, file)| parsed(&root, &file, text(&file)?)).collect()
}

/// The file, or every `.toml` below a folder in order of name, each with the folder that ids count
/// from.
fn files(path: &Path) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut files = Vec::new();
    let data = std::fs::metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::MissingPath(path.to_owned()),
        _ => Error::Io { path: path.to_owned(), source: e },
    })?;
    let root = if data.is_dir() {
        collect(path, &mut files)?;
        path.to_owned()
    } else {
        files.push(path.to_owned());
        // `…/credential/acme.toml` is `credential/acme` wherever it lies.
        path.parent().and_then(Path::parent).map(Path::to_owned).unwrap_or_default()
    };
    files.sort();
    Ok(files.into_iter().map(|file| (root.clone(), file)).collect())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |e| Error::Io { path: folder.to_owned(), source: e };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

fn text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::MissingPath(file.to_owned()),
        _ => Error::Io { path: file.to_owned(), source: e },
    })
}

fn parsed(root: &Path, file: &Path, source: String) -> Result<Own> {
    let id = file.strip_prefix(root).unwrap_or(file).with_extension("").to_string_lossy().replace('\\', "/");
    let file = file.display().to_string();
    let detector = detector::parse(&id, &file, &source).map_err(Error::File)?;
    // Whether the pattern compiles is found out here, where the file is at hand to point into.
    if let Err(e) = Detectors::new(vec![Arc::new(detector.clone())]) {
        return Err(Error::File(detector::pattern_place(&file, &source, e.variant, &e.what)));
    }
    Ok(Own { file, source, detector })
}

/// A scanner for these detectors. None is ever left out silently.
pub(crate) fn scanner(detectors: Vec<Arc<Detector>>, options: Options) -> Result<Scanner> {
    if detectors.is_empty() {
        return Err(Error::NoDetectors);
    }
    Scanner::new(detectors, options).map_err(|e| Error::File(Place::whole(&e.id, e.what)))
}
