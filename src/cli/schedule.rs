//! `sweep --schedule|--unschedule|--status`, `watch --install|--uninstall`: hands a plan to what
//! this system runs things with. systemd's user manager where it works, else cron; launchd on
//! macOS and the Task Scheduler on Windows (both untested).

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::ArgMatches;
use sekisho::error::{Error, Result};
use sekisho::message::{Lang, Notice, day, timestamp};
use sekisho::schedule::{self, Plan, When};
use sekisho::state::{RunKind, Store};

use super::exit::Status;
use super::{Session, memory, output};

pub(crate) const SWEEP: &str = "sweep";
pub(crate) const WATCH: &str = "watch";

/// What runs things here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeper {
    Systemd,
    Cron,
    Launchd,
    Windows,
}

/// `sweep --schedule WHEN`
pub(crate) fn install_sweep(session: &Session, args: &ArgMatches, when: &str) -> Result<Status> {
    let when = parse(session, when)?;
    let plan = plan(session, args, SWEEP, Some(when))?;
    let status = install(session, &plan)?;
    session.tell(&Notice::Scheduled(&said(session.lang, when)).text(session.lang));
    Ok(status)
}

/// `watch --install`
pub(crate) fn install_watch(session: &Session, args: &ArgMatches) -> Result<Status> {
    let status = install(session, &plan(session, args, WATCH, None)?)?;
    session.tell(&Notice::WatchInstalled.text(session.lang));
    Ok(status)
}

fn parse(session: &Session, text: &str) -> Result<When> {
    schedule::parse(text).ok_or_else(|| Error::Usage(Notice::BadWhen(text).text(session.lang).into_owned()))
}

fn said(lang: Lang, when: When) -> String {
    let time = format!("{:02}:{:02}", when.hour, when.minute);
    match (lang, when.day) {
        (Lang::Ja, None) => format!("毎日 {time}"),
        (Lang::Ja, Some(day)) => format!("毎週{}曜 {time}", day.kanji()),
        (Lang::En, None) => format!("every day at {time}"),
        (Lang::En, Some(day)) => format!("every {} at {time}", day.long()),
    }
}

/// The command line as it was typed, without what asked for the installation, its paths made
/// absolute: it will run somewhere else.
fn plan(session: &Session, args: &ArgMatches, verb: &'static str, when: Option<When>) -> Result<Plan> {
    const PATHS: [&str; 7] = ["--config", "--rules", "--policy", "--output", "-o", "--root", "--password-file"];
    const OURS: [&str; 3] = ["--install", "--schedule", "--once"];
    let refused = || Error::Refused(Notice::BadWord.text(session.lang).into_owned());
    let absolute = |text: &str| -> Result<String> {
        let path = std::path::absolute(text).map_err(|source| Error::Io { path: text.into(), source })?;
        path.to_str().map(str::to_owned).ok_or_else(refused)
    };
    let folders: Vec<&PathBuf> = args.try_get_many("folders").ok().flatten().into_iter().flatten().collect();
    let mut arguments =
        vec![verb.to_owned(), "--lang".to_owned(), if session.lang == Lang::Ja { "ja" } else { "en" }.to_owned()];
    let mut typed = session.environment.arguments.iter().skip(1).map(|word| word.to_str().ok_or_else(refused));
    let mut seen = false;
    while let Some(word) = typed.next() {
        let word = word?;
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        if !seen && word == verb {
            seen = true;
        } else if OURS.contains(&name) || name == "--lang" {
            if matches!(name, "--schedule" | "--lang") && value.is_none() {
                typed.next();
            }
        } else if PATHS.contains(&name) {
            let value = match value {
                Some(value) => value,
                None => typed.next().transpose()?.unwrap_or_default(),
            };
            arguments.extend([name.to_owned(), absolute(value)?]);
        } else if !word.starts_with('-') && folders.iter().any(|folder| folder.as_os_str() == word) {
            arguments.push(absolute(word)?);
        } else {
            arguments.push(word.to_owned());
        }
    }
    let mut program = std::env::current_exe().map_err(|source| Error::Io { path: "sekisho".into(), source })?;
    let places = session.environment.places().map_err(|()| refused())?;
    if !places.is_empty() {
        let own = program.to_str().ok_or_else(refused)?.to_owned();
        arguments.splice(0..0, places.into_iter().chain([own]));
        program = PathBuf::from("/usr/bin/env");
    }
    let about = Notice::UnitAbout(when.is_some()).text(session.lang).into_owned();
    let plan = Plan { name: verb, about, program, arguments, when };
    if plan.words().is_none() { Err(refused()) } else { Ok(plan) }
}

fn install(session: &Session, plan: &Plan) -> Result<Status> {
    let refused = || Error::Refused(Notice::BadWord.text(session.lang).into_owned());
    match keeper(session)? {
        Keeper::Systemd => {
            let unit = unit(plan.name, plan.when.is_some());
            let folder = units(session)?;
            write(
                &folder.join(format!("sekisho-{}.service", plan.name)),
                schedule::systemd_service(plan).ok_or_else(refused)?.as_bytes(),
            )?;
            if let Some(timer) = schedule::systemd_timer(plan) {
                write(&folder.join(&unit), timer.as_bytes())?;
            }
            systemctl(&["daemon-reload"])?;
            systemctl(&["enable", &unit])?;
            // With what was just written, also where it ran already.
            systemctl(&["restart", &unit])?;
        }
        Keeper::Cron => {
            let line = schedule::cron_entry(plan).ok_or_else(refused)?;
            let mut tab = schedule::without_cron(&crontab()?, plan.name);
            if !tab.is_empty() && !tab.ends_with('\n') {
                tab.push('\n');
            }
            set_crontab(&format!("{tab}{line}\n"))?;
            if plan.when.is_none() {
                session.tell(&Notice::AtNextStart.text(session.lang));
            }
        }
        Keeper::Launchd => {
            let path = agent(session, plan.name)?;
            write(&path, schedule::launchd_agent(plan).ok_or_else(refused)?.as_bytes())?;
            // Fails if it was not loaded before.
            let _ = program("launchctl", &["unload".as_ref(), path.as_os_str()], None);
            program("launchctl", &["load".as_ref(), "-w".as_ref(), path.as_os_str()], None)?;
        }
        Keeper::Windows => {
            let task = schedule::windows_task(plan).ok_or_else(refused)?;
            let mut file = tempfile::Builder::new()
                .suffix(".xml")
                .tempfile()
                .map_err(|source| Error::Io { path: "task".into(), source })?;
            let utf16: Vec<u8> =
                std::iter::once(0xFEFF).chain(task.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            file.write_all(&utf16).map_err(|source| Error::Io { path: file.path().to_owned(), source })?;
            let name = format!("sekisho-{}", plan.name);
            program(
                "schtasks",
                &[
                    "/Create".as_ref(),
                    "/F".as_ref(),
                    "/TN".as_ref(),
                    name.as_ref(),
                    "/XML".as_ref(),
                    file.path().as_os_str(),
                ],
                None,
            )?;
        }
    }
    Ok(Status::Clean)
}

/// Takes back what was installed; to take back nothing is no error.
pub(crate) fn uninstall(session: &Session, name: &'static str) -> Result<Status> {
    let mut any = false;
    if cfg!(windows) {
        let task = format!("sekisho-{name}");
        any = program("schtasks", &["/Delete".as_ref(), "/F".as_ref(), "/TN".as_ref(), task.as_ref()], None).is_ok();
    } else if cfg!(target_os = "macos") {
        let path = agent(session, name)?;
        let _ = program("launchctl", &["unload".as_ref(), "-w".as_ref(), path.as_os_str()], None);
        any = remove(&path)?;
    } else {
        let folder = units(session)?;
        let files = [format!("sekisho-{name}.timer"), format!("sekisho-{name}.service")];
        if files.iter().any(|file| folder.join(file).exists()) {
            for file in &files {
                if folder.join(file).exists() {
                    // The manager may not run now; then the files are all there is.
                    let _ = systemctl(&["disable", "--now", file]);
                    any |= remove(&folder.join(file))?;
                }
            }
            let _ = systemctl(&["daemon-reload"]);
        }
        // Also there: what was installed when systemd did not work.
        if let Ok(tab) = crontab() {
            let rest = schedule::without_cron(&tab, name);
            if rest != tab {
                set_crontab(&rest)?;
                any = true;
            }
        }
    }
    session.tell(&if any { Notice::Uninstalled } else { Notice::NothingInstalled }.text(session.lang));
    Ok(Status::Clean)
}

/// `sweep --status`: how it is scheduled, when it ran last, when it runs next.
pub(crate) fn status(session: &Session) -> Result<Status> {
    let lang = session.lang;
    let offset = offset();
    let local = |seconds: i64| {
        let text = timestamp(seconds + offset);
        format!("{} {}", day(seconds + offset), &text[text.len() - 9..text.len() - 4])
    };
    let mut lines = Vec::new();
    let found = installed(session)?;
    match &found {
        Some((keeper, when)) => {
            let keeper = if *keeper == Keeper::Systemd { "systemd" } else { "cron" };
            lines.push(Notice::StatusScheduled { when: &said(lang, *when), keeper }.text(lang));
            let next = when.next(memory::seconds() + offset) - offset;
            lines.push(Notice::StatusNext(&local(next)).text(lang));
        }
        None => lines.push(Notice::StatusNone.text(lang)),
    }
    let database = memory::database(session)?;
    let last = if database.exists() { Store::read(&database)?.runs(RunKind::Sweep, 1)?.pop() } else { None };
    match last {
        Some(run) if run.ended.is_some() && run.complete => {
            lines.push(Notice::StatusLast(&local(run.started)).text(lang))
        }
        Some(run) => lines.push(Notice::StatusStopped(&local(run.started)).text(lang)),
        None => lines.push(Notice::StatusNever.text(lang)),
    }
    let text = lines.join("\n") + "\n";
    output::write(&mut output::stdout(), text.as_bytes())?;
    Ok(Status::Clean)
}

/// `sweep --if-due WHEN`, as cron asks it: has there been no sweep since it was last due?
pub(crate) fn is_due(session: &Session, when: &str) -> Result<bool> {
    let when = parse(session, when)?;
    let offset = offset();
    let due = when.last(memory::seconds() + offset) - offset;
    let database = memory::database(session)?;
    if !database.exists() {
        return Ok(true);
    }
    // One that was killed is gone on with.
    let last = Store::read(&database)?.runs(RunKind::Sweep, 1)?.pop();
    Ok(last.is_none_or(|run| run.ended.is_none() || run.started < due))
}

/// How a sweep is installed, by the files and lines themselves.
fn installed(session: &Session) -> Result<Option<(Keeper, When)>> {
    let timer = std::fs::read_to_string(units(session)?.join("sekisho-sweep.timer")).unwrap_or_default();
    if let Some(when) = timer.lines().find_map(|line| schedule::parse(line.strip_prefix("# sekisho: ")?)) {
        return Ok(Some((Keeper::Systemd, when)));
    }
    let tab = crontab().unwrap_or_default();
    let due = schedule::find_cron(&tab, SWEEP).and_then(|line| line.split_once("--if-due '")?.1.split_once('\''));
    Ok(due.and_then(|(when, _)| Some((Keeper::Cron, schedule::parse(when)?))))
}

fn keeper(session: &Session) -> Result<Keeper> {
    if cfg!(windows) {
        return Ok(Keeper::Windows);
    }
    if cfg!(target_os = "macos") {
        return Ok(Keeper::Launchd);
    }
    // `degraded` means that some other unit has failed.
    let running = Command::new("systemctl").args(["--user", "is-system-running"]).stdin(Stdio::null()).output();
    let state = running.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if matches!(state.as_str(), "running" | "degraded" | "starting" | "initializing" | "maintenance") {
        return Ok(Keeper::Systemd);
    }
    match crontab() {
        Ok(_) => Ok(Keeper::Cron),
        Err(_) => Err(Error::Refused(Notice::NoKeeper.text(session.lang).into_owned())),
    }
}

fn unit(name: &str, timed: bool) -> String {
    format!("sekisho-{name}.{}", if timed { "timer" } else { "service" })
}

/// Where user units are kept.
fn units(session: &Session) -> Result<PathBuf> {
    let config = session.environment.config.as_ref().and_then(|folder| folder.parent());
    let none = || Error::Usage(Notice::NoFolder.text(session.lang).into_owned());
    Ok(config.ok_or_else(none)?.join("systemd/user"))
}

fn agent(session: &Session, name: &str) -> Result<PathBuf> {
    let none = || Error::Usage(Notice::NoFolder.text(session.lang).into_owned());
    Ok(session.environment.home.as_ref().ok_or_else(none)?.join(format!("Library/LaunchAgents/sekisho.{name}.plist")))
}

/// The user's crontab; empty if there is none. Fails where there is no cron.
fn crontab() -> Result<String> {
    let failed = |source| Error::Io { path: "crontab".into(), source };
    let output = Command::new("crontab").arg("-l").stdin(Stdio::null()).output().map_err(failed)?;
    let says = String::from_utf8_lossy(&output.stderr).to_lowercase();
    if !output.status.success() && !says.contains("no crontab") {
        return Err(failed(std::io::Error::other(says.trim().to_owned())));
    }
    // What is no UTF-8 would not survive being written back.
    String::from_utf8(output.stdout).map_err(|e| failed(std::io::Error::other(e.to_string())))
}

fn set_crontab(text: &str) -> Result<()> {
    program("crontab", &["-".as_ref()], Some(text))
}

fn systemctl(arguments: &[&str]) -> Result<()> {
    let all: Vec<&std::ffi::OsStr> =
        std::iter::once("--user").chain(arguments.iter().copied()).map(AsRef::as_ref).collect();
    program("systemctl", &all, None)
}

/// Runs a program of the system; what it says when it fails is the error.
fn program(name: &str, arguments: &[&std::ffi::OsStr], input: Option<&str>) -> Result<()> {
    let failed = |source| Error::Io { path: name.into(), source };
    let mut child = Command::new(name)
        .args(arguments)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let (Some(text), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin.write_all(text.as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let says = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(failed(std::io::Error::other(if says.is_empty() { output.status.to_string() } else { says })))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::Io { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, bytes).map_err(failed)
}

fn remove(path: &Path) -> Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(Error::Io { path: path.to_owned(), source }),
    }
}

/// Seconds that local time is ahead of UTC now. UTC where that cannot be told.
fn offset() -> i64 {
    let asked = Command::new("date").arg("+%z").stdin(Stdio::null()).output();
    let text = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<i64>().ok());
    match (text.chars().next(), number(1..3), number(3..5)) {
        (Some(sign), Some(hours), Some(minutes)) => (hours * 3600 + minutes * 60) * if sign == '-' { -1 } else { 1 },
        _ => 0,
    }
}
