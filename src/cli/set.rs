//! The detectors in force: the built-in ones and the user's own, narrowed by `--detector` and
//! `--category`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use sekisho::config::Config;
use sekisho::detector::{self, Category, Detector};
use sekisho::error::{Error, Place, Result};
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
        for own in own(&path)? {
            list.retain(|d| d.id != own.detector.id);
            list.push(Arc::new(own.detector));
        }
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

/// Reads a detector file, or every `.toml` below a folder, in order of name.
pub(crate) fn own(path: &Path) -> Result<Vec<Own>> {
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
    files.iter().map(|file| read(&root, file)).collect()
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

fn read(root: &Path, file: &Path) -> Result<Own> {
    let source = std::fs::read_to_string(file).map_err(|e| Error::Io { path: file.to_owned(), source: e })?;
    let id = file.strip_prefix(root).unwrap_or(file).with_extension("").to_string_lossy().replace('\\', "/");
    let file = file.display().to_string();
    let detector = detector::parse(&id, &file, &source).map_err(Error::File)?;
    // Whether the pattern compiles is found out here, where the file is at hand to point into.
    if let Err(e) = sekisho::detect::Detectors::new(vec![Arc::new(detector.clone())]) {
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
