//! The arguments, with help in the user's language. Parses and prints; runs nothing.

mod client;
mod registered;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};

use sekisho::error::{Error, Result};
use sekisho::message::{Help, Lang};

use super::environment::Environment;
use super::exit::Status;

/// The language of everything: `--lang` wherever it stands, else the locale.
pub(crate) fn language(environment: &Environment) -> Lang {
    let mut arguments = environment.arguments.iter().filter_map(|a| a.to_str());
    let named = loop {
        match arguments.next() {
            Some("--lang") => break arguments.next().and_then(Lang::of),
            Some("--") | None => break None,
            Some(other) => {
                if let Some(name) = other.strip_prefix("--lang=") {
                    break Lang::of(name);
                }
            }
        }
    };
    named.or_else(|| environment.locale.as_deref().and_then(Lang::of)).unwrap_or_default()
}

/// The whole command line.
pub(crate) fn command(lang: Lang) -> Command {
    let t = |help: Help| help.text(lang).into_owned();
    Command::new("sekisho")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(Help::Program))
        .after_help(t(Help::AfterHelp))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .arg(option("lang", "LANG", Help::Language, lang).value_parser(["ja", "en"]).global(true))
        .subcommand(scanning(Command::new("scan").about(t(Help::Scan)), lang).arg(paths("paths", Help::Paths, lang)))
        .subcommand(scanning(Command::new("demo").about(t(Help::Demo)), lang))
        .subcommand(
            remembering(Command::new("watch").about(t(Help::Watch)), lang)
                .arg(flag("once", Help::Once, lang))
                .arg(
                    many("action", "ACTION", Help::Action, lang)
                        .value_parser(["notify", "quarantine", "command"])
                        .hide_possible_values(true),
                )
                .arg(option("command", "COMMAND", Help::Command, lang))
                .arg(flag("media", Help::Media, lang).conflicts_with("no-media"))
                .arg(flag("no-media", Help::NoMedia, lang))
                .arg(flag("install", Help::Install, lang).conflicts_with_all(["uninstall", "once"]))
                .arg(flag("uninstall", Help::Uninstall, lang))
                .arg(paths("folders", Help::Folders, lang)),
        )
        .subcommand(quarantine(lang))
        .subcommand(
            remembering(Command::new("sweep").about(t(Help::Sweep)), lang)
                .arg(many("root", "DIR", Help::Root, lang).value_parser(value_parser!(std::path::PathBuf)))
                .arg(many("exclude", "PATTERN", Help::Exclude, lang))
                .arg(flag("no-exclusions", Help::NoExclusions, lang))
                .arg(option("max-duration", "TIME", Help::MaxDuration, lang))
                .arg(flag("full", Help::Full, lang))
                .arg(option("schedule", "WHEN", Help::Schedule, lang).conflicts_with_all(["unschedule", "status"]))
                .arg(flag("unschedule", Help::Unschedule, lang).conflicts_with("status"))
                .arg(flag("status", Help::ScheduleStatus, lang))
                .arg(option("if-due", "WHEN", Help::IfDue, lang).hide(true))
                .arg(
                    option("priority", "LEVEL", Help::Priority, lang)
                        .value_parser(["low", "normal"])
                        .hide_possible_values(true),
                ),
        )
        .subcommand(
            client::reporting(Command::new("report").about(t(Help::Report)), lang)
                .arg(
                    option("format", "FORMAT", Help::ReportFormat, lang)
                        .value_parser(["text", "json"])
                        .hide_possible_values(true),
                )
                .arg(output(lang)),
        )
        .subcommand(registered::verbs(client::client(lang), lang))
        .subcommand(client::approve(lang))
        .subcommand(client::retention(lang))
        .subcommand(client::audit(lang))
        .subcommand(
            Command::new("key")
                .about(t(Help::Key))
                .subcommand_required(true)
                .subcommand(Command::new("export").about(t(Help::KeyExport)).arg(output(lang)).arg(flag(
                    "yes",
                    Help::Yes,
                    lang,
                )))
                .subcommand(
                    Command::new("import")
                        .about(t(Help::KeyImport))
                        .arg(
                            Arg::new("file")
                                .value_name("FILE")
                                .value_parser(value_parser!(std::path::PathBuf))
                                .help(t(Help::KeyFile)),
                        )
                        .arg(flag("yes", Help::Yes, lang)),
                ),
        )
        .subcommand(
            client::examining(Command::new("doctor").about(t(Help::Doctor)), lang)
                .arg(flag("repair", Help::Repair, lang).conflicts_with("move-aside"))
                .arg(flag("move-aside", Help::MoveAside, lang)),
        )
        .subcommand(
            Command::new("hook")
                .about(t(Help::Hook))
                .subcommand_required(true)
                .subcommand(
                    scanning(Command::new("run").about(t(Help::HookRun)), lang)
                        .arg(flag("whole-files", Help::WholeFiles, lang))
                        .arg(flag("strict", Help::Strict, lang))
                        .arg(file("commit-msg", Help::CommitMsg, lang))
                        .arg(
                            option("pre-push", "REMOTE", Help::PrePush, lang).num_args(0..=1).default_missing_value(""),
                        )
                        .arg(flag("pre-receive", Help::PreReceive, lang))
                        .group(ArgGroup::new("what").args(["commit-msg", "pre-push", "pre-receive"])),
                )
                .subcommand(
                    Command::new("install")
                        .about(t(Help::HookInstall))
                        .arg(flag("global", Help::HookGlobal, lang))
                        .arg(flag("pre-push", Help::InstallPrePush, lang))
                        .arg(flag("pre-receive", Help::InstallPreReceive, lang).conflicts_with("global")),
                )
                .subcommand(Command::new("uninstall").about(t(Help::HookUninstall)).arg(flag(
                    "global",
                    Help::HookGlobal,
                    lang,
                )))
                .subcommand(Command::new("trust").about(t(Help::HookTrust))),
        )
        .subcommand(
            scanning(Command::new("git").about(t(Help::Git)), lang)
                .arg(
                    Arg::new("repository")
                        .value_name("REPO")
                        .value_parser(value_parser!(std::path::PathBuf))
                        .help(t(Help::Repository)),
                )
                .arg(option("range", "A..B", Help::Range, lang).allow_hyphen_values(true))
                .arg(flag("whole-files", Help::WholeFiles, lang)),
        )
        .subcommand(
            Command::new("baseline")
                .about(t(Help::Baseline))
                .subcommand_required(true)
                .subcommand(baseline("create", Help::BaselineCreate, lang))
                .subcommand(baseline("update", Help::BaselineUpdate, lang))
                .subcommand(baseline("prune", Help::BaselinePrune, lang)),
        )
        .subcommand(
            Command::new("detectors")
                .about(t(Help::Detectors))
                .subcommand_required(true)
                .subcommand(Command::new("list").about(t(Help::DetectorsList)).arg(many(
                    "rules",
                    "PATH",
                    Help::Rules,
                    lang,
                )))
                .subcommand(
                    Command::new("show")
                        .about(t(Help::DetectorsShow))
                        .arg(Arg::new("id").required(true).help(t(Help::DetectorId)))
                        .arg(many("rules", "PATH", Help::Rules, lang)),
                )
                .subcommand(Command::new("check").about(t(Help::DetectorsCheck)).arg(paths(
                    "files",
                    Help::DetectorFile,
                    lang,
                )))
                .subcommand(
                    Command::new("new")
                        .about(t(Help::DetectorsNew))
                        .arg(Arg::new("id").required(true).help(t(Help::DetectorId))),
                ),
        )
        .subcommand(Command::new("completions").about(t(Help::Completions)).arg(
            Arg::new("shell").required(true).help(t(Help::Shell)).value_parser(value_parser!(clap_complete::Shell)),
        ))
        .subcommand(Command::new("man").about(t(Help::Man)))
        .mut_subcommands(move |c| help_flags(c, lang))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help(t(Help::HelpFlag)))
        .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(t(Help::Version)))
}

/// `sekisho quarantine`
fn quarantine(lang: Lang) -> Command {
    let t = |help: Help| help.text(lang).into_owned();
    let id = || Arg::new("id").value_name("ID").required(true).help(t(Help::QuarantineId));
    Command::new("quarantine")
        .about(t(Help::Quarantine))
        .subcommand_required(true)
        .subcommand(
            Command::new("list").about(t(Help::QuarantineList)).arg(flag("all", Help::QuarantineAll, lang)).arg(
                option("format", "FORMAT", Help::ReportFormat, lang)
                    .value_parser(["text", "json"])
                    .hide_possible_values(true),
            ),
        )
        .subcommand(
            Command::new("restore")
                .about(t(Help::QuarantineRestore))
                .arg(id())
                .arg(option("to", "PATH", Help::QuarantineTo, lang).value_parser(value_parser!(std::path::PathBuf))),
        )
        .subcommand(Command::new("delete").about(t(Help::QuarantineDelete)).arg(id()))
}

/// `--help` in the user's language, at every depth.
fn help_flags(command: Command, lang: Lang) -> Command {
    command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(Help::HelpFlag.text(lang).into_owned()),
        )
        .mut_subcommands(move |c| help_flags(c, lang))
}

fn baseline(name: &'static str, help: Help, lang: Lang) -> Command {
    scanning(Command::new(name).about(help.text(lang).into_owned()), lang).arg(paths("paths", Help::Paths, lang))
}

/// The options of every command that scans and forgets: it may show raw values.
fn scanning(command: Command, lang: Lang) -> Command {
    remembering(command, lang).arg(flag("reveal", Help::Reveal, lang))
}

/// The options of every command that scans.
fn remembering(command: Command, lang: Lang) -> Command {
    command
        .arg(
            option("format", "FORMAT", Help::Format, lang)
                .value_parser(PossibleValuesParser::new(["text", "json", "jsonl"]))
                .default_value("text")
                .hide_default_value(true)
                .hide_possible_values(true),
        )
        .arg(output(lang))
        .arg(
            option("min-confidence", "LEVEL", Help::MinConfidence, lang)
                .value_parser(["low", "medium", "high"])
                .hide_possible_values(true),
        )
        .arg(many("detector", "ID", Help::Detector, lang))
        .arg(
            many("category", "NAME", Help::Category, lang)
                .value_parser(["credential", "personal", "confidential", "client"])
                .hide_possible_values(true),
        )
        .arg(many("rules", "PATH", Help::Rules, lang))
        .arg(option("config", "FILE", Help::Config, lang).value_parser(value_parser!(std::path::PathBuf)))
        .arg(option("policy", "FILE", Help::Policy, lang).value_parser(value_parser!(std::path::PathBuf)))
        .arg(client::ledger(lang))
        .arg(option("set", "NAME", Help::Set, lang))
        .arg(file("baseline", Help::BaselineFile, lang))
        .arg(flag("show-suppressed", Help::ShowSuppressed, lang))
        .arg(flag("no-inline-allow", Help::NoInlineAllow, lang))
        .arg(option("max-findings", "N", Help::MaxFindings, lang).value_parser(value_parser!(u64)))
        .arg(option("max-nesting", "N", Help::MaxNesting, lang).value_parser(value_parser!(usize)))
        .arg(option("max-file-size", "SIZE", Help::MaxFileSize, lang))
        .arg(option("password-file", "FILE", Help::PasswordFile, lang).value_parser(value_parser!(std::path::PathBuf)))
        .arg(flag("skip-hidden", Help::SkipHidden, lang))
        .arg(flag("respect-ignore", Help::RespectIgnore, lang))
        .arg(flag("follow", Help::Follow, lang))
        .arg(option("jobs", "N", Help::Jobs, lang).short('j').value_parser(value_parser!(usize)))
        .arg(flag("exit-zero", Help::ExitZero, lang))
        .arg(flag("fail-on-problem", Help::FailOnProblem, lang))
        .arg(flag("progress", Help::Progress, lang).conflicts_with("no-progress"))
        .arg(flag("no-progress", Help::NoProgress, lang))
}

fn output(lang: Lang) -> Arg {
    option("output", "FILE", Help::Output, lang).short('o').value_parser(value_parser!(std::path::PathBuf))
}

fn flag(name: &'static str, help: Help, lang: Lang) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help.text(lang).into_owned())
}

fn option(name: &'static str, value: &'static str, help: Help, lang: Lang) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help.text(lang).into_owned())
}

fn file(name: &'static str, help: Help, lang: Lang) -> Arg {
    option(name, "FILE", help, lang).value_parser(value_parser!(std::path::PathBuf))
}

fn many(name: &'static str, value: &'static str, help: Help, lang: Lang) -> Arg {
    option(name, value, help, lang).action(ArgAction::Append)
}

fn paths(name: &'static str, help: Help, lang: Lang) -> Arg {
    Arg::new(name)
        .value_name("PATH")
        .num_args(0..)
        .value_parser(value_parser!(std::path::PathBuf))
        .help(help.text(lang).into_owned())
}

/// `sekisho completions SHELL`
pub(crate) fn completions(lang: Lang, args: &ArgMatches) -> Result<Status> {
    let Some(&shell) = args.get_one::<clap_complete::Shell>("shell") else { return Ok(Status::Failed) };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(lang), "sekisho", &mut script);
    print(&script)
}

/// `sekisho man`
pub(crate) fn manual(lang: Lang) -> Result<Status> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command(lang)).render(&mut page).map_err(|e| Error::Io { path: "-".into(), source: e })?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Status> {
    let mut output = super::output::stdout();
    super::output::write(&mut output, bytes)?;
    Ok(Status::Clean)
}
