//! `sekisho client`: registers clients, says when an engagement ends, lists them.

use std::path::PathBuf;

use clap::ArgMatches;
use sekisho::client::edit::{self, Field};
use sekisho::client::{Client, is_id};
use sekisho::error::{Error, Result};
use sekisho::finding::Place;
use sekisho::message::{ClientMessage, printable};

use super::exit::Status;
use super::{Session, ledger, machine, memory, output, registered, settings};

pub(crate) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    match args.subcommand() {
        Some(("add", args)) => add(session, args),
        Some(("close", args)) => close(session, args),
        Some(("list", args)) => list(session, args),
        Some(("ingest", args)) => registered::ingest(session, args),
        Some(("ingest-table", args)) => registered::ingest_table(session, args),
        Some(("forget", args)) => registered::forget(session, args),
        _ => Ok(Status::Failed),
    }
}

fn add(session: &Session, args: &ArgMatches) -> Result<Status> {
    let id = id(args);
    if !is_id(id) {
        return Err(Error::Usage(ClientMessage::BadId(id).text(session.lang).into_owned()));
    }
    let words = |name: &str| args.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
    let mut workspaces = Vec::new();
    for folder in args.get_many::<PathBuf>("workspace").into_iter().flatten() {
        // A folder that is not made yet may be named, too.
        let full = std::path::absolute(folder).map_err(|source| Error::Io { path: folder.clone(), source })?;
        workspaces.push(full.to_string_lossy().into_owned());
    }
    let mut fields = vec![
        ("id", Field::Text(id.clone())),
        ("names", Field::List(words("name"))),
        ("aliases", Field::List(words("alias"))),
        ("domains", Field::List(words("domain"))),
        ("codes", Field::List(words("code"))),
        ("workspaces", Field::List(workspaces)),
    ];
    let (start, end) = (ledger::day(session, args, "start")?, ledger::day(session, args, "end")?);
    // One that is over already began some time.
    let today = memory::today();
    let start = start.or_else(|| end.is_none_or(|end| end >= today).then_some(today));
    fields.extend(start.map(|day| ("start", Field::Day(day))));
    fields.extend(end.map(|day| ("end", Field::Day(day))));
    fields.extend(args.get_one::<u32>("grace-days").map(|days| ("grace_days", Field::Number(*days))));
    fields.extend(args.get_one::<String>("contact").map(|text| ("contact", Field::Text(text.clone()))));
    let changed =
        ledger::change(session, args, &format!("client add {id}"), |old| edit::add(&old.source, "client", &fields))?;
    let path = changed.path.display().to_string();
    session.tell(&ClientMessage::Added { id, ledger: &path }.text(session.lang));
    Ok(Status::Clean)
}

fn close(session: &Session, args: &ArgMatches) -> Result<Status> {
    let id = id(args);
    let end = ledger::day(session, args, "end")?.unwrap_or_else(memory::today);
    known(session, args, id)?;
    let changed = ledger::change(session, args, &format!("client close {id}"), |old| {
        edit::set_day(&old.source, "client", id, "end", end)
    })?;
    let last = changed.ledger.client(id).and_then(Client::last_day).unwrap_or(end);
    let (end, last) = (end.to_string(), last.to_string());
    session.tell(&ClientMessage::Closed { id, end: &end, last: &last }.text(session.lang));
    Ok(Status::Clean)
}

/// Fails with a hint if there is no such client.
pub(crate) fn known(session: &Session, args: &ArgMatches, id: &str) -> Result<ledger::Loaded> {
    let loaded = ledger::load(session, args, &settings::load(session, args)?)?;
    if loaded.ledger.client(id).is_none() {
        let path = loaded.path.display().to_string();
        return Err(Error::Usage(ClientMessage::NoClient { id, ledger: &path }.text(session.lang).into_owned()));
    }
    Ok(loaded)
}

fn id(args: &ArgMatches) -> &String {
    static NONE: String = String::new();
    args.get_one::<String>("id").unwrap_or(&NONE)
}

fn list(session: &Session, args: &ArgMatches) -> Result<Status> {
    let loaded = ledger::load(session, args, &settings::load(session, args)?)?;
    let path = loaded.path.display().to_string();
    let places = machine::places(session);
    let away = |folder: &PathBuf| {
        let place = places.of(&folder.join("file"));
        (place.leaves_the_machine() || place == Place::PrintSpool).then_some(place)
    };
    let text = match args.get_one::<String>("format").map(String::as_str) {
        Some("json") => {
            let list: Vec<_> = loaded.ledger.clients.iter().map(|client| object(client, &away)).collect();
            format!("{}\n", serde_json::Value::Array(list))
        }
        _ if loaded.ledger.is_empty() => format!("{}\n", ClientMessage::NoClients(&path).text(session.lang)),
        _ => {
            let say = |message: ClientMessage<'_>| message.text(session.lang).into_owned();
            let mut lines = vec![say(ClientMessage::ListHead { clients: loaded.ledger.clients.len(), ledger: &path })];
            for client in &loaded.ledger.clients {
                lines.push(String::new());
                lines.push(format!("{}  {}", client.id, printable(client.name())));
                let day = |day: Option<sekisho::client::Date>| day.map_or("…".to_owned(), |day| day.to_string());
                let (start, end) = (day(client.start), day(client.end));
                lines.push(format!("  {}", say(ClientMessage::Engagement { start: &start, end: &end })));
                if let Some(last) = client.last_day() {
                    lines.push(format!("  {}", say(ClientMessage::GoneBy(&last.to_string()))));
                }
                for folder in &client.workspaces {
                    let shown = folder.to_string_lossy();
                    let shown = printable(&shown);
                    let place = away(folder).and_then(|place| sekisho::message::place(session.lang, place));
                    lines.push(format!(
                        "  {}",
                        match place {
                            Some(place) => say(ClientMessage::WorkspaceAway { folder: &shown, place: &place }),
                            None if !folder.exists() => say(ClientMessage::WorkspaceMissing(&shown)),
                            None => say(ClientMessage::Workspace(&shown)),
                        }
                    ));
                }
                let words = client.names.len() + client.aliases.len() + client.codes.len();
                lines.push(format!("  {}", say(ClientMessage::Markers { words, domains: client.domains.len() })));
                lines.extend(registered::holds(session, &client.id).map(|line| format!("  {line}")));
                if let Some(whom) = &client.contact {
                    lines.push(format!("  {}", say(ClientMessage::Contact(&printable(whom)))));
                }
            }
            lines.push(String::new());
            lines.join("\n")
        }
    };
    output::write(&mut output::stdout(), text.as_bytes())?;
    Ok(Status::Clean)
}

fn object(client: &Client, away: &dyn Fn(&PathBuf) -> Option<Place>) -> serde_json::Value {
    let day = |day: Option<sekisho::client::Date>| day.map(|day| day.to_string());
    serde_json::json!({
        "id": client.id,
        "names": client.names,
        "aliases": client.aliases,
        "domains": client.domains,
        "codes": client.codes,
        "workspaces": client.workspaces.iter().map(|folder| serde_json::json!({
            "folder": folder.to_string_lossy(),
            "exists": folder.exists(),
            "away": away(folder).map(Place::name),
        })).collect::<Vec<_>>(),
        "start": day(client.start),
        "end": day(client.end),
        "grace_days": client.grace_days,
        "gone_by": day(client.last_day()),
        "contact": client.contact,
    })
}
