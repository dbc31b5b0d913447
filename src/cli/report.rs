//! `sekisho report`: what stands open, since when, and how the last sweeps went.

use std::path::PathBuf;

use clap::ArgMatches;
use sekisho::error::Result;
use sekisho::report::memory::{Overview, overview_json, overview_text};
use sekisho::state::Store;

use super::exit::Status;
use super::{Session, approve, audit, ledger, memory, output, settings, sweep};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    if args.get_flag("audit") {
        return audit::export(session, args);
    }
    let store = Store::read(&memory::database(session)?)?;
    let config = settings::load(session, args)?;
    let mut equipment = ledger::Equipment::default();
    if ledger::path(session, args, &config).is_some() {
        let loaded = ledger::load(session, args, &config)?;
        equipment = ledger::equipment(&loaded)?;
        approve::remind(session, &loaded);
    }
    let overview = Overview::of(&store, memory::seconds(), equipment.register())?;
    let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    let mut out = output::open(path, false)?;
    match args.get_one::<String>("format").map(String::as_str) {
        Some("json") => overview_json(&mut out, &overview)?,
        _ => overview_text(&mut out, session.lang, sweep::style(session, path), &overview)?,
    }
    Ok(Status::Clean)
}
