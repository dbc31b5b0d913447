//! `sekisho watch`: scans what arrives in folders until it is stopped.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use sekisho::error::{Error, Result};
use sekisho::message::Message;
use sekisho::source::Files;
use sekisho::watch::{Change, Watch};

use super::exit::Status;
use super::{Session, scan, set, settings};

/// How long to wait before looking whether there is something else to do.
const IDLE: Duration = Duration::from_secs(3600);

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let config = settings::load(session, args)?;
    let folders = folders(session, args, &config.watch.paths)?;
    let options = settings::options(session, args, &config)?;
    let detectors = set::chosen(session, args, &config)?;
    let walk = settings::walk(args, &config);
    let scanner = set::scanner(detectors, options.clone())?;
    let look = |paths: Vec<PathBuf>| -> Result<_> {
        let mut sink = scan::sink(session, args, &options)?;
        scanner.run(&mut Files::new(paths, walk.clone())?, &mut *sink)
    };
    if args.get_flag("once") {
        return Ok(scan::status(&look(folders)?, args));
    }
    let mut watch = Watch::new(&folders)?;
    let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    session.say(&Message::Watching(&names.join(", ")));
    loop {
        let paths = match watch.next(IDLE) {
            None => continue,
            Some(Change::Overflow) => {
                session.say(&Message::WatchOverflow(&names.join(", ")));
                folders.clone()
            }
            // What is gone again by now was somebody's temporary file.
            Some(Change::Arrived(paths)) => paths.into_iter().filter(|path| path.exists()).collect(),
        };
        if paths.is_empty() {
            continue;
        }
        match look(paths) {
            // Gone between the look and the opening; nothing to tell.
            Ok(_) | Err(Error::MissingPath(_)) => {}
            Err(e) => return Err(e),
        }
    }
}

fn folders(session: &Session, args: &ArgMatches, configured: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let named: Vec<PathBuf> = args.get_many("folders").into_iter().flatten().cloned().collect();
    let folders = match (named.is_empty(), configured.is_empty()) {
        (false, _) => named,
        (true, false) => configured.iter().map(|path| settings::expand(session, path)).collect(),
        (true, true) => session.environment.downloads.iter().cloned().collect(),
    };
    match folders.iter().find(|folder| !folder.is_dir()) {
        Some(missing) => Err(Error::MissingPath(missing.clone())),
        None if folders.is_empty() => Err(Error::Usage("name a folder to watch".to_owned())),
        None => Ok(folders),
    }
}
