//! The arguments of what is about clients.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};

use sekisho::message::{ClientHelp, Help, Lang};

use super::{flag, many, option, output};

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

/// `sekisho retention`
pub(super) fn retention(lang: Lang) -> Command {
    let path = || value_parser!(std::path::PathBuf);
    verb("retention", ClientHelp::Retention, lang)
        .subcommand_required(true)
        .subcommand(
            with_ledger(verb("check", ClientHelp::Check, lang), lang)
                .arg(format(lang))
                .arg(output(lang))
                .arg(flag("all", Help::Client(ClientHelp::All), lang))
                .arg(option("ics", "FILE", Help::Client(ClientHelp::Ics), lang).value_parser(path())),
        )
        .subcommand(
            with_ledger(verb("record", ClientHelp::Record, lang), lang)
                .arg(id(lang))
                .arg(
                    option("output", "DIR", Help::Client(ClientHelp::RecordFolder), lang)
                        .short('o')
                        .value_parser(path()),
                )
                .arg(flag("accept-unread", Help::Client(ClientHelp::AcceptUnread), lang))
                .arg(option("by", "NAME", Help::Client(ClientHelp::By), lang)),
        )
        .subcommand(
            with_ledger(verb("purge", ClientHelp::Purge, lang), lang)
                .arg(id(lang))
                .arg(flag("unlink", Help::Client(ClientHelp::Unlink), lang))
                .arg(many("yes", "FILE", Help::Client(ClientHelp::YesFile), lang).value_parser(path())),
        )
}

/// `sekisho approve`
pub(super) fn approve(lang: Lang) -> Command {
    let path = || value_parser!(std::path::PathBuf);
    verb("approve", ClientHelp::Approve, lang)
        .subcommand_required(true)
        .subcommand(
            with_ledger(verb("add", ClientHelp::ApproveAdd, lang), lang)
                .arg(option("id", "ID", Help::Client(ClientHelp::ApprovalId), lang))
                .arg(option("article", "ARTICLE", Help::Client(ClientHelp::Article), lang))
                .arg(many("covers", "NAME", Help::Client(ClientHelp::Covers), lang))
                .arg(many("path", "PATH", Help::Client(ClientHelp::ApprovePath), lang).value_parser(path()))
                .arg(option("client", "ID", Help::Client(ClientHelp::ApproveClient), lang))
                .arg(option("file", "FILE", Help::Client(ClientHelp::ApproveFile), lang).value_parser(path()))
                .arg(option("approver", "NAME", Help::Client(ClientHelp::Approver), lang).required(true))
                .arg(option("date", "DAY", Help::Client(ClientHelp::Date), lang))
                .arg(option("reason", "TEXT", Help::Client(ClientHelp::Reason), lang))
                .arg(option("expires", "DAY", Help::Client(ClientHelp::Expires), lang))
                .arg(
                    option("deletion", "ID", Help::Client(ClientHelp::Deletion), lang)
                        .conflicts_with_all(["covers", "path", "client", "file", "expires"]),
                ),
        )
        .subcommand(
            with_ledger(verb("revoke", ClientHelp::ApproveRevoke, lang), lang)
                .arg(
                    Arg::new("id")
                        .value_name("ID")
                        .required(true)
                        .help(Help::Client(ClientHelp::ApprovalId).text(lang).into_owned()),
                )
                .arg(option("date", "DAY", Help::Client(ClientHelp::Date), lang)),
        )
        .subcommand(with_ledger(verb("list", ClientHelp::ApproveList, lang), lang).arg(format(lang)))
}

/// `sekisho audit`
pub(super) fn audit(lang: Lang) -> Command {
    verb("audit", ClientHelp::Audit, lang).subcommand_required(true).subcommand(
        verb("anchor", ClientHelp::Anchor, lang).arg(
            Arg::new("target")
                .value_name("FILE|git")
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(Help::Client(ClientHelp::AnchorTarget).text(lang).into_owned()),
        ),
    )
}

/// `report`: about the ledger and the audit chain.
pub(super) fn reporting(command: Command, lang: Lang) -> Command {
    with_ledger(command, lang).arg(flag("audit", Help::Client(ClientHelp::AuditExport), lang)).arg(
        option("previous", "PACK", Help::Client(ClientHelp::Previous), lang)
            .requires("audit")
            .value_parser(value_parser!(std::path::PathBuf)),
    )
}

/// `doctor`: about the audit chain.
pub(super) fn examining(command: Command, lang: Lang) -> Command {
    command.arg(flag("verify-audit", Help::Client(ClientHelp::VerifyAudit), lang)).arg(
        option("anchor", "FILE", Help::Client(ClientHelp::AnchorFile), lang)
            .requires("verify-audit")
            .value_parser(value_parser!(std::path::PathBuf)),
    )
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
