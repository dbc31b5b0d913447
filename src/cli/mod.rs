//! The command line: arguments, environment, files, clock. One file a verb; the exit status is
//! decided in [`exit`] alone.
//!
//! Data goes to standard output, everything else to standard error.

mod action;
mod approve;
mod args;
mod audit;
mod baseline;
mod client;
mod demo;
mod detectors;
mod doctor;
mod environment;
mod exit;
mod git;
mod hook;
mod key;
mod ledger;
mod machine;
mod memory;
mod notify;
mod output;
mod priority;
mod progress;
mod quarantine;
mod registered;
mod report;
mod retention;
mod roots;
mod scan;
mod schedule;
mod set;
mod settings;
mod stop;
mod sweep;
mod watch;

use std::io::Write as _;
use std::process::ExitCode;

use sekisho::error::{Error, Result};
use sekisho::extract::isolate;
use sekisho::message::{self, Lang};

use environment::Environment;
use exit::Status;

/// What a command needs besides its own arguments.
pub(crate) struct Session {
    pub(crate) environment: Environment,
    pub(crate) lang: Lang,
}

impl Session {
    /// Tells the user something that is not data.
    pub(crate) fn say(&self, message: &message::Message<'_>) {
        self.tell(&message.text(self.lang));
    }

    /// As [`Session::say`], for a text that is at hand.
    pub(crate) fn tell(&self, text: &str) {
        tell(text);
    }
}

/// Tells the user something from anywhere.
pub(crate) fn tell(text: &str) {
    // A closed standard error is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Runs the program and gives its exit status.
pub(crate) fn main() -> ExitCode {
    quiet_panics();
    if std::env::args_os().nth(1).is_some_and(|argument| argument == isolate::ARGUMENT) {
        return match isolate::serve(&mut std::io::stdin().lock(), &mut std::io::stdout().lock()) {
            Ok(()) => Status::Clean.into(),
            Err(_) => Status::Failed.into(),
        };
    }
    let environment = Environment::read();
    let lang = args::language(&environment);
    let session = Session { environment, lang };
    if let Some(text) = &session.environment.now
        && !memory::pretend(text)
    {
        let _ = writeln!(std::io::stderr(), "sekisho: SEKISHO_NOW: 2026-09-30T12:00:00Z");
        return Status::Failed.into();
    }
    let status = match args::command(lang).try_get_matches_from(&session.environment.arguments) {
        Ok(matches) => run(&session, &matches),
        Err(e) => {
            // Help and version come this way too, and are no error.
            if e.use_stderr() && lang == Lang::Ja {
                session.say(&message::Message::UsageError);
            }
            let _ = e.print();
            return Status::of_usage(e.use_stderr()).into();
        }
    };
    match status {
        Ok(status) => status.into(),
        Err(Error::OutputClosed) => Status::Clean.into(),
        Err(e) => {
            let _ = writeln!(std::io::stderr(), "sekisho: {}", message::error(lang, &e));
            Status::Failed.into()
        }
    }
}

fn run(session: &Session, matches: &clap::ArgMatches) -> Result<Status> {
    match matches.subcommand() {
        Some(("scan", args)) => scan::run(session, args),
        Some(("demo", args)) => demo::run(session, args),
        Some(("watch", args)) => watch::run(session, args),
        Some(("quarantine", args)) => quarantine::run(session, args),
        Some(("hook", args)) => hook::run(session, args),
        Some(("git", args)) => git::run(session, args),
        Some(("baseline", args)) => baseline::run(session, args),
        Some(("sweep", args)) => sweep::run(session, args),
        Some(("report", args)) => report::run(session, args),
        Some(("approve", args)) => approve::run(session, args),
        Some(("retention", args)) => retention::run(session, args),
        Some(("audit", args)) => audit::run(session, args),
        Some(("client", args)) => client::run(session, args),
        Some(("key", args)) => key::run(session, args),
        Some(("doctor", args)) => doctor::run(session, args),
        Some(("detectors", args)) => detectors::run(session, args),
        Some(("completions", args)) => args::completions(session.lang, args),
        Some(("man", _)) => args::manual(session.lang),
        _ => Err(Error::Usage(String::new())),
    }
}

/// A panic's message may quote the text it stumbled over; only its place is shown.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |l| format!("{}:{}", l.file(), l.line()));
        let _ = writeln!(std::io::stderr(), "sekisho: internal error at {place}; please report it");
    }));
}
