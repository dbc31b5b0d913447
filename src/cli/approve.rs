//! `sekisho approve`: prior approvals, and that of a deletion's notification.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::client::edit::{self, EditFault, Field};
use sekisho::client::{Approval, Date};
use sekisho::error::{Error, Result};
use sekisho::message::{ClientMessage, printable};
use sekisho::policy::{Broad, broad};
use sekisho::source::sha256;
use sekisho::state::{Scope, Store};

use super::exit::Status;
use super::{Session, ledger, memory, output, settings};

/// Days before its end from which an approval is said to expire soon.
const SOON: i64 = 14;
/// Days after its end for which that is said.
const LATELY: i64 = 30;

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("add", args)) => add(session, args),
        Some(("revoke", args)) => revoke(session, args),
        Some(("list", args)) => list(session, args),
        _ => Ok(Status::Failed),
    }
}

fn text<'a>(args: &'a ArgMatches, name: &str) -> Option<&'a String> {
    args.get_one::<String>(name)
}

fn add(session: &Session, args: &ArgMatches) -> Result<Status> {
    let date = ledger::day(session, args, "date")?.unwrap_or_else(memory::today);
    let approver = text(args, "approver").cloned().unwrap_or_default();
    if let Some(client) = text(args, "deletion") {
        return notification(session, args, client, &approver, date);
    }
    let missing = |option: &str| Error::Usage(ClientMessage::OptionMissing(option).text(session.lang).into_owned());
    let expires = ledger::day(session, args, "expires")?.ok_or_else(|| missing("--expires"))?;
    let reason = text(args, "reason").ok_or_else(|| missing("--reason"))?;
    let covers: Vec<String> = args.get_many::<String>("covers").into_iter().flatten().cloned().collect();
    if covers.is_empty() {
        return Err(missing("--covers"));
    }
    let mut paths = Vec::new();
    for path in args.get_many::<PathBuf>("path").into_iter().flatten() {
        let full = std::path::absolute(path).map_err(|source| Error::Io { path: path.clone(), source })?;
        // Findings say where a folder really is.
        let real = full.canonicalize().unwrap_or(full);
        paths.push(literal(&real.to_string_lossy()));
    }
    let hash = match args.get_one::<PathBuf>("file") {
        None => None,
        Some(file) => {
            let hash = sha256(file).ok_or_else(|| Error::MissingPath(file.clone()))?;
            Some(Field::Text(format!("sha256:{hash}")))
        }
    };
    let mut id = String::new();
    ledger::change(session, args, "approve add", |old| {
        id = text(args, "id").cloned().unwrap_or_else(|| edit::next_approval(&old.ledger, date));
        let mut fields = vec![("id", Field::Text(id.clone()))];
        fields.push(("article", Field::Text(text(args, "article").cloned().unwrap_or_else(|| "7-1".to_owned()))));
        fields.push(("covers", Field::List(covers)));
        fields.push(("paths", Field::List(paths)));
        fields.extend(text(args, "client").map(|client| ("client", Field::Text(client.clone()))));
        fields.extend(hash.map(|hash| ("hash", hash)));
        fields.push(("approver", Field::Text(approver)));
        fields.push(("date", Field::Day(date)));
        fields.push(("reason", Field::Text(reason.clone())));
        fields.push(("expires", Field::Day(expires)));
        edit::add(&old.source, "approval", &fields)
    })?;
    session.tell(&ClientMessage::ApprovalAdded { id: &id, until: &expires.to_string() }.text(session.lang));
    Ok(Status::Clean)
}

/// A path as a pattern that means itself.
fn literal(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\' | '!') && !(cfg!(windows) && c == '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The notification of a deletion has been approved: closes the last complete record.
fn notification(session: &Session, args: &ArgMatches, client: &str, approver: &str, date: Date) -> Result<Status> {
    let store = Store::read(&memory::database(session)?)?;
    let record = store.audit_entries()?.into_iter().rev().find_map(|entry| {
        let entry: serde_json::Value = serde_json::from_str(&entry.text).ok()?;
        let of = |name: &str| entry.get(name).cloned().unwrap_or_default();
        let fits = of("kind") == "record" && of("client") == client && of("complete") == true;
        fits.then(|| of("digest").as_str().map(str::to_owned)).flatten()
    });
    let Some(record) = record else {
        return Err(Error::Refused(ClientMessage::NoRecord(client).text(session.lang).into_owned()));
    };
    drop(store);
    let note = text(args, "reason").cloned().unwrap_or_default();
    ledger::change(session, args, &format!("approve add --deletion {client}"), |old| {
        let fields = [
            ("client", Field::Text(client.to_owned())),
            ("record", Field::Text(record.clone())),
            ("approver", Field::Text(approver.to_owned())),
            ("date", Field::Day(date)),
            ("note", Field::Text(note)),
        ];
        edit::add(&old.source, "notification", &fields)
    })?;
    session.tell(&ClientMessage::NotificationApproved { id: client, record: &record[..16] }.text(session.lang));
    Ok(Status::Clean)
}

fn revoke(session: &Session, args: &ArgMatches) -> Result<Status> {
    let id = text(args, "id").cloned().unwrap_or_default();
    let date = ledger::day(session, args, "date")?.unwrap_or_else(memory::today);
    ledger::change(session, args, &format!("approve revoke {id}"), |old| {
        if old.ledger.approvals.iter().all(|approval| approval.id != id) {
            return Err(EditFault::Missing(id.clone()));
        }
        edit::set_day(&old.source, "approval", &id, "revoked", date)
    })?;
    session.tell(&ClientMessage::ApprovalRevoked(&id).text(session.lang));
    Ok(Status::Clean)
}

/// Says what somebody has to do about approvals: at the end of a sweep, beside a report.
pub(crate) fn remind(session: &Session, loaded: &ledger::Loaded) {
    let today = memory::today();
    for approval in &loaded.ledger.approvals {
        let (id, until) = (printable(&approval.id), approval.expires.to_string());
        let say = |message: ClientMessage<'_>| session.tell(&format!("sekisho: {}", message.text(session.lang)));
        match standing(approval, today) {
            "expiring" => say(ClientMessage::ExpiresSoon { id: &id, until: &until }),
            "expired" if today.since(approval.expires) <= LATELY => {
                say(ClientMessage::ExpiredLately { id: &id, until: &until });
                continue;
            }
            "in-force" => {}
            _ => continue,
        }
        if let Some(broad) = is_broad(session, approval) {
            let why = ClientMessage::Broad(broad.name()).text(session.lang);
            say(ClientMessage::TooBroad { id: &id, why: &why });
        }
    }
}

/// Is it wider than one should be? A whole home is as good as everywhere.
fn is_broad(session: &Session, approval: &Approval) -> Option<Broad> {
    let home = session.environment.home.as_deref();
    let whole = |path: &String| Some(Path::new(path)) == home || path == "/";
    if approval.paths.iter().any(whole) { Some(Broad::Anywhere) } else { broad(approval) }
}

/// How an approval stands.
fn standing(approval: &Approval, today: Date) -> &'static str {
    match () {
        () if approval.revoked && approval.expires < today => "revoked",
        () if approval.expires < today => "expired",
        () if today < approval.date => "not-yet",
        () if approval.expires.since(today) <= SOON => "expiring",
        () => "in-force",
    }
}

fn list(session: &Session, args: &ArgMatches) -> Result<Status> {
    let config = settings::load(session, args)?;
    let loaded = ledger::load(session, args, &config)?;
    let used = used(session, &loaded)?;
    let today = memory::today();
    let is_unused = |approval: &Approval| used.as_ref().map(|used| !used.contains(&approval.id));
    let is_broad = |approval: &Approval| is_broad(session, approval);
    let mut text = String::new();
    if text_format_is_json(args) {
        let one = |approval: &Approval| {
            serde_json::json!({
                "id": approval.id,
                "article": approval.article,
                "covers": approval.covers,
                "paths": approval.paths,
                "client": approval.client,
                "hash": approval.hash,
                "approver": approval.approver,
                "date": approval.date.to_string(),
                "reason": approval.reason,
                "expires": approval.expires.to_string(),
                "standing": standing(approval, today),
                "unused": is_unused(approval),
                "broad": is_broad(approval).map(Broad::name),
            })
        };
        let all: Vec<_> = loaded.ledger.approvals.iter().map(one).collect();
        text = format!("{}\n", serde_json::Value::Array(all));
    } else if loaded.ledger.approvals.is_empty() {
        text.push_str(&ClientMessage::NoApprovals.text(session.lang));
        text.push('\n');
    } else {
        for approval in &loaded.ledger.approvals {
            let standing = standing(approval, today);
            let state = ClientMessage::Standing(standing).text(session.lang);
            let mut scope = approval.paths.clone();
            scope.extend(approval.client.iter().cloned());
            scope.extend(approval.hash.iter().map(|hash| format!("sha256:{}…", &hash[..12])));
            if scope.is_empty() {
                scope.push(ClientMessage::AnyPlace.text(session.lang).into_owned());
            }
            text.push_str(&format!(
                "{}  {state}  {} – {}  §{}  {}\n    {}\n    {} / {}\n",
                approval.id,
                approval.date,
                approval.expires,
                printable(&approval.article),
                approval.covers.join(", "),
                printable(&scope.join(", ")),
                printable(&approval.approver),
                printable(&approval.reason),
            ));
            if let Some(broad) = is_broad(approval) {
                text.push_str(&format!("    ! {}\n", ClientMessage::Broad(broad.name()).text(session.lang)));
            }
            if matches!(standing, "in-force" | "expiring") && is_unused(approval) == Some(true) {
                text.push_str(&format!("    ! {}\n", ClientMessage::Unused.text(session.lang)));
            }
        }
    }
    output::write(&mut output::stdout(), text.as_bytes())?;
    Ok(Status::Clean)
}

fn text_format_is_json(args: &ArgMatches) -> bool {
    text(args, "format").is_some_and(|format| format == "json")
}

/// The approvals that cover something that is there; `None` where no sweep has looked.
fn used(session: &Session, loaded: &ledger::Loaded) -> Result<Option<BTreeSet<String>>> {
    let database = memory::database(session)?;
    if !database.exists() {
        return Ok(None);
    }
    let store = Store::read(&database)?;
    let equipment = ledger::equipment(loaded)?;
    let register = equipment.register();
    let mut used = BTreeSet::new();
    store.findings(Scope { roots: &[], detectors: &[], since: i64::MAX, register }, &mut |found| {
        if let Some(approval) = &found.approval
            && !used.contains(&*approval.id)
        {
            used.insert(approval.id.to_string());
        }
        Ok(())
    })?;
    // Those that cover a client's data as such have no findings to show for it.
    let for_data = |approval: &&Approval| approval.covers.iter().any(|name| name == "client" || name == "*");
    used.extend(loaded.ledger.approvals.iter().filter(for_data).map(|approval| approval.id.clone()));
    Ok(Some(used))
}
