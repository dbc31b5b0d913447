//! The arguments of what registers documents and tables of clients.

use clap::{Arg, Command, value_parser};

use sekisho::message::{Help, Lang, RegisteredHelp};

use super::client::{id, with_ledger};
use super::{flag, option, paths};

/// Adds the verbs to `sekisho client`.
pub(super) fn verbs(command: Command, lang: Lang) -> Command {
    let t = |help: RegisteredHelp| Help::Registered(help).text(lang).into_owned();
    let passwords =
        || option("password-file", "FILE", Help::PasswordFile, lang).value_parser(value_parser!(std::path::PathBuf));
    command
        .subcommand(
            with_ledger(Command::new("ingest").about(t(RegisteredHelp::Ingest)), lang)
                .arg(id(lang))
                .arg(
                    paths("paths", Help::Registered(RegisteredHelp::IngestPaths), lang).required_unless_present("list"),
                )
                .arg(flag("list", Help::Registered(RegisteredHelp::IngestList), lang).conflicts_with("paths"))
                .arg(passwords())
                .arg(option("jobs", "N", Help::Jobs, lang).short('j').value_parser(value_parser!(usize))),
        )
        .subcommand(
            with_ledger(Command::new("ingest-table").about(t(RegisteredHelp::Table)), lang)
                .arg(id(lang))
                .arg(
                    Arg::new("file")
                        .value_name("FILE")
                        .required(true)
                        .value_parser(value_parser!(std::path::PathBuf))
                        .help(t(RegisteredHelp::TableFile)),
                )
                .arg(option("columns", "LIST", Help::Registered(RegisteredHelp::Columns), lang).required(true))
                .arg(flag("include-guessable", Help::Registered(RegisteredHelp::Guessable), lang))
                .arg(passwords()),
        )
        .subcommand(
            with_ledger(Command::new("forget").about(t(RegisteredHelp::Forget)), lang)
                .arg(id(lang))
                .arg(paths("paths", Help::Registered(RegisteredHelp::ForgetPaths), lang))
                .arg(flag("all", Help::Registered(RegisteredHelp::ForgetAll), lang).conflicts_with("paths")),
        )
}
