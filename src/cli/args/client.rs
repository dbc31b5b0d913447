//! The arguments of what is about clients.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};

use sekisho::message::{ClientHelp, Help, Lang};

use super::{many, option};

/// `sekisho client`
pub(super) fn client(lang: Lang) -> Command {
    verb("client", ClientHelp::Client, lang)
        .subcommand_required(true)
        .subcommand(
            with_ledger(verb("add", ClientHelp::Add, lang), lang)
                .arg(id(lang))
                .arg(many("name", "NAME", Help::Client(ClientHelp::Name), lang))
                .arg(many("alias", "WORD", Help::Client(ClientHelp::Alias), lang))
                .arg(many("domain", "DOMAIN", Help::Client(ClientHelp::Domain), lang))
                .arg(many("code", "CODE", Help::Client(ClientHelp::Code), lang))
                .arg(
                    many("workspace", "DIR", Help::Client(ClientHelp::Workspace), lang)
                        .value_parser(value_parser!(std::path::PathBuf)),
                )
                .arg(option("start", "DAY", Help::Client(ClientHelp::Start), lang))
                .arg(option("end", "DAY", Help::Client(ClientHelp::End), lang))
                .arg(
                    option("grace-days", "N", Help::Client(ClientHelp::GraceDays), lang)
                        .value_parser(value_parser!(u32)),
                )
                .arg(option("contact", "TEXT", Help::Client(ClientHelp::Contact), lang)),
        )
        .subcommand(with_ledger(verb("close", ClientHelp::Close, lang), lang).arg(id(lang)).arg(option(
            "end",
            "DAY",
            Help::Client(ClientHelp::End),
            lang,
        )))
        .subcommand(with_ledger(verb("list", ClientHelp::List, lang), lang).arg(format(lang)))
}

fn verb(name: &'static str, help: ClientHelp, lang: Lang) -> Command {
    Command::new(name).about(Help::Client(help).text(lang).into_owned())
}

/// `--ledger FILE`
pub(super) fn ledger(lang: Lang) -> Arg {
    option("ledger", "FILE", Help::Client(ClientHelp::Ledger), lang).value_parser(value_parser!(std::path::PathBuf))
}

/// What works on the ledger may be told where it is, directly or by the settings.
pub(super) fn with_ledger(command: Command, lang: Lang) -> Command {
    command
        .arg(ledger(lang))
        .arg(option("config", "FILE", Help::Config, lang).value_parser(value_parser!(std::path::PathBuf)))
}

fn format(lang: Lang) -> Arg {
    option("format", "FORMAT", Help::ReportFormat, lang)
        .value_parser(PossibleValuesParser::new(["text", "json"]))
        .hide_possible_values(true)
}

pub(super) fn id(lang: Lang) -> Arg {
    Arg::new("id").value_name("ID").required(true).help(Help::Client(ClientHelp::Id).text(lang).into_owned())
}
