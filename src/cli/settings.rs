//! The settings in force: the user's file (or `--config`), with the arguments laid over it.
//!
//! Never taken from the tree that is scanned: whoever wrote that tree must not choose.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::ArgMatches;
use sekisho::config::{Config, parse_size};
use sekisho::detector::Confidence;
use sekisho::error::{Error, Place, Result};
use sekisho::finding::Key;
use sekisho::policy::{Own, Policy, Rules};
use sekisho::scan::Options;
use sekisho::source;

use super::{Session, key, ledger, machine, registered};

/// Reads the settings file that holds: `--config`, else the user's own if there is one.
pub(crate) fn load(session: &Session, args: &ArgMatches) -> Result<Config> {
    let named = args.try_get_one::<PathBuf>("config").ok().flatten();
    let path = match (named, &session.environment.config) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) => folder.join("config.toml"),
        (None, None) => return Ok(Config::default()),
    };
    let source = match std::fs::read_to_string(&path) {
        Ok(source) => source,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => return Ok(Config::default()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(Error::MissingPath(path)),
        Err(e) => return Err(Error::Io { path, source: e }),
    };
    Config::parse(&path.display().to_string(), &source).map_err(Error::File)
}

/// The options of a scan.
pub(crate) fn options(session: &Session, args: &ArgMatches, config: &Config) -> Result<Options> {
    let mut options = options_with(session, args, config, key::load(session))?;
    options.places = Some(machine::places(session));
    ledger::equip(session, args, config, &mut options)?;
    Ok(options)
}

/// The options of a scan whose fingerprints are made with this key.
pub(crate) fn options_with(session: &Session, args: &ArgMatches, config: &Config, key: Key) -> Result<Options> {
    let me = &config.me;
    let own = Own::new(key, &me.names, &me.addresses, &me.phones, &me.emails);
    let mut options = options_to_read(args, config, key)?;
    options.own = own.map(Arc::new);
    let text = args.get_one::<String>("format").is_some_and(|f| f == "text");
    options.max_findings = args.get_one::<u64>("max-findings").copied().unwrap_or(if text { 10 } else { 1000 });
    // What remembers has no such option: a raw value must not get into its records.
    options.reveal = args.try_get_one::<bool>("reveal").ok().flatten().copied().unwrap_or(false);
    options.show_suppressed = args.get_flag("show-suppressed");
    options.registry = registered::registry(session, args, config)?;
    options.rules = Rules {
        min_confidence: match args.get_one::<String>("min-confidence").or(config.scan.min_confidence.as_ref()) {
            None => Confidence::Medium,
            Some(name) => confidence(name).ok_or_else(|| {
                Error::File(Place::whole("scan.min_confidence", format!("`{name}` is not low, medium or high")))
            })?,
        },
        inline_allow: !args.get_flag("no-inline-allow"),
        ..Rules::default()
    };
    Ok(options)
}

/// The options of reading files, whatever is done with what is in them.
pub(crate) fn options_to_read(args: &ArgMatches, config: &Config, key: Key) -> Result<Options> {
    let mut options = Options::new(key, Instant::now);
    // Where the program's own path cannot be told, intricate formats are parsed in this process.
    options.isolation = std::env::current_exe().ok();
    let scan = &config.scan;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    options.threads = one::<usize>(args, "jobs").copied().or(scan.jobs).unwrap_or(cores).clamp(1, 256);
    if let Some(nesting) = one::<usize>(args, "max-nesting").copied().or(scan.max_nesting) {
        options.limits.nesting = nesting;
    }
    if let Some(size) = one::<String>(args, "max-file-size").or(scan.max_file_size.as_ref()) {
        options.limits.file_size =
            Some(parse_size(size).ok_or_else(|| Error::Usage(format!("--max-file-size: `{size}` is no size")))?);
    }
    if let Some(path) = one::<PathBuf>(args, "password-file") {
        let list = std::fs::read_to_string(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::MissingPath(path.clone()),
            _ => Error::Io { path: path.clone(), source: e },
        })?;
        options.passwords = list.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    }
    Ok(options)
}

/// The value of an option that not every command has.
fn one<'a, T: Clone + Send + Sync + 'static>(args: &'a ArgMatches, name: &str) -> Option<&'a T> {
    args.try_get_one::<T>(name).ok().flatten()
}

/// A level by its name.
pub(crate) fn confidence(name: &str) -> Option<Confidence> {
    [Confidence::Low, Confidence::Medium, Confidence::High].into_iter().find(|c| c.name() == name)
}

/// The rule that findings are mapped to: `--policy`, else the built-in one.
pub(crate) fn policy(args: &ArgMatches) -> Result<Policy> {
    let Some(path) = args.get_one::<PathBuf>("policy") else { return Policy::built_in().map_err(Error::File) };
    let source = std::fs::read_to_string(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::MissingPath(path.clone()),
        _ => Error::Io { path: path.clone(), source: e },
    })?;
    Policy::parse(&path.display().to_string(), &source).map_err(Error::File)
}

/// What a walk passes over.
pub(crate) fn walk(args: &ArgMatches, config: &Config) -> source::Options {
    source::Options {
        skip_hidden: args.get_flag("skip-hidden") || config.scan.skip_hidden,
        respect_ignore: args.get_flag("respect-ignore") || config.scan.respect_ignore,
        follow: args.get_flag("follow") || config.scan.follow,
        exclude: None,
    }
}

/// `~/…` as the home directory.
pub(crate) fn expand(session: &Session, path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), &session.environment.home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}
