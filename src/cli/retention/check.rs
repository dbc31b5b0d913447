//! `sekisho retention check`: what is overdue, for which client, by how many days; never "nothing"
//! where nothing was looked at.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use sekisho::client::retention::Verdict;
use sekisho::client::{Client, Ledger};
use sekisho::error::Result;
use sekisho::message::{ClientMessage, Lang, bytes, day, printable};
use sekisho::state::{Gap, Group, Head, Item, Plan, Today};

use super::super::exit::Status;
use super::super::{Session, memory, output};
use super::{Desk, SWEEP_DAYS};

/// Files that are listed for each client.
const LISTED: usize = 20;

pub(super) fn run(session: &Session, args: &ArgMatches) -> Result<Status> {
    let desk = Desk::open(session, args)?;
    let register = desk.equipment.register();
    let today = Today { date: memory::today(), offset: memory::offset() };
    let most = if args.get_flag("all") { usize::MAX } else { LISTED };
    let plan = Plan::of(&desk.store, &desk.loaded.ledger, register, today, most)?;
    let gaps = desk.store.gaps(&desk.folders(session), register, memory::seconds(), SWEEP_DAYS)?;
    let head = desk.store.audit_head()?;
    let text = match args.get_one::<String>("format").map(String::as_str) {
        Some("json") => json(&desk.loaded.ledger, &plan, &gaps, today, &head),
        _ => text(session.lang, &desk.loaded.ledger, &plan, &gaps, &head),
    };
    if let Some(path) = args.get_one::<PathBuf>("ics") {
        let mut out = output::open(Some(path), false)?;
        output::write(&mut out, calendar(session.lang, &desk.loaded.ledger, memory::seconds()).as_bytes())?;
    }
    let path = args.get_one::<PathBuf>("output").map(PathBuf::as_path);
    output::write(&mut output::open(path, false)?, text.as_bytes())?;
    Ok(match (plan.overdue(), gaps.is_empty()) {
        (1.., _) => Status::Found,
        (0, false) => Status::Incomplete,
        (0, true) => Status::Clean,
    })
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

/// What is missing, as a line.
pub(super) fn gap_text(lang: Lang, gap: &Gap) -> String {
    match gap {
        Gap::Never(path) => ClientMessage::NeverSwept(&shown(path)).text(lang),
        Gap::Old(path, days) => ClientMessage::SweptLongAgo { folder: &shown(path), days: *days }.text(lang),
        Gap::Unfinished(path) => ClientMessage::SweepUnfinished(&shown(path)).text(lang),
        Gap::Absent(path, why) => ClientMessage::RootAbsent { folder: &shown(path), why }.text(lang),
        Gap::OtherClients(path) => ClientMessage::ClientsChanged(&shown(path)).text(lang),
        Gap::Problems(n) => ClientMessage::NotLookedAt(*n).text(lang),
    }
    .into_owned()
}

fn text(lang: Lang, ledger: &Ledger, plan: &Plan, gaps: &[Gap], head: &Head) -> String {
    let mut page = String::new();
    let mut line = |text: &str| {
        let _ = writeln!(page, "{text}");
    };
    for group in &plan.groups {
        let client = group.client.as_deref().and_then(|id| ledger.client(id));
        if client.is_none() && group.items.is_empty() {
            continue;
        }
        line(&title(lang, client, group));
        for item in &group.items {
            line(&format!("    {}", item_text(lang, item)));
        }
        let listed = group.items.len() as u64;
        let all = group.due.files + group.overdue.files;
        if all > listed {
            line(&format!("    … +{}", all - listed));
        }
    }
    if !gaps.is_empty() {
        line("");
        line(&ClientMessage::Gaps.text(lang));
        gaps.iter().for_each(|gap| line(&format!("  {}", gap_text(lang, gap))));
    }
    line("");
    let overdue = plan.overdue();
    line(&match (overdue, gaps.is_empty()) {
        (1.., _) => ClientMessage::Overdue(overdue).text(lang),
        (0, true) => ClientMessage::NothingOverdue.text(lang),
        (0, false) => ClientMessage::NothingKnown.text(lang),
    });
    line(&ClientMessage::Head { seq: head.seq, hash: head.hash.get(..16).unwrap_or_default() }.text(lang));
    page
}

/// A client's state in one line.
fn title(lang: Lang, client: Option<&Client>, group: &Group) -> String {
    let Some(client) = client else { return ClientMessage::ByRules(group.overdue.files).text(lang).into_owned() };
    let name = format!("{} ({})", printable(client.name()), client.id);
    let last = client.last_day().map_or_else(|| "…".to_owned(), |day| day.to_string());
    let tally = |files: u64, size: u64| ClientMessage::FilesAndBytes { files, bytes: &bytes(size) }.text(lang);
    match (group.overdue.files, group.due.files) {
        (0, 0) => {
            let kept = tally(group.keep.files, group.keep.bytes);
            ClientMessage::Kept { name: &name, files: &kept, approved: group.approved.files }.text(lang)
        }
        (0, _) => {
            let files = tally(group.due.files, group.due.bytes);
            ClientMessage::DueBy { name: &name, files: &files, last: &last }.text(lang)
        }
        _ => {
            let files = tally(group.overdue.files, group.overdue.bytes);
            ClientMessage::OverdueBy { name: &name, files: &files, last: &last, days: group.days }.text(lang)
        }
    }
    .into_owned()
}

fn item_text(lang: Lang, item: &Item) -> String {
    let by = item.by.map_or("", |by| by.name());
    let since = day(item.first_seen);
    let why = match item.why {
        "approval-expired" => ClientMessage::ApprovalExpired(&printable(&item.detail)).text(lang),
        "too-old" => ClientMessage::TooOld(&printable(&item.detail)).text(lang),
        _ => ClientMessage::AttributedBy(by).text(lang),
    };
    let overdue = match item.verdict {
        Verdict::Overdue => ClientMessage::Days(item.days).text(lang),
        _ => std::borrow::Cow::Borrowed(""),
    };
    let size = bytes(item.size);
    let about: Vec<&str> = [&*why, &*since, &size, &*overdue].into_iter().filter(|text| !text.is_empty()).collect();
    format!("{}  ({})", shown(&item.path), about.join(", "))
}

fn json(ledger: &Ledger, plan: &Plan, gaps: &[Gap], today: Today, head: &Head) -> String {
    let item = |item: &Item| {
        serde_json::json!({
            "path": item.path.to_string_lossy(),
            "size": item.size,
            "by": item.by.map(|by| by.name()),
            "verdict": item.verdict.name(),
            "why": item.why,
            "detail": item.detail,
            "gone_by": item.last.map(|day| day.to_string()),
            "days_overdue": item.days,
            "first_seen": sekisho::message::timestamp(item.first_seen),
        })
    };
    let groups: Vec<_> = plan
        .groups
        .iter()
        .map(|group| {
            let client = group.client.as_deref().and_then(|id| ledger.client(id));
            serde_json::json!({
                "client": group.client,
                "gone_by": client.and_then(Client::last_day).map(|day| day.to_string()),
                "keep": group.keep.files,
                "approved": group.approved.files,
                "due": group.due.files,
                "overdue": group.overdue.files,
                "overdue_bytes": group.overdue.bytes,
                "days_overdue": group.days,
                "files": group.items.iter().map(item).collect::<Vec<_>>(),
            })
        })
        .collect();
    let gaps: Vec<_> = gaps
        .iter()
        .map(|gap| {
            serde_json::json!({
                "kind": gap.name(),
                "folder": gap.folder().map(Path::to_string_lossy),
                "message": gap_text(Lang::En, gap),
            })
        })
        .collect();
    let whole = serde_json::json!({
        "type": "retention",
        "today": today.date.to_string(),
        "overdue": plan.overdue(),
        "complete": gaps.is_empty(),
        "groups": groups,
        "gaps": gaps,
        "audit": { "seq": head.seq, "hash": head.hash },
    });
    format!("{whole}\n")
}

/// The last days of all clients as a calendar (RFC 5545), to be reminded a week before.
fn calendar(lang: Lang, ledger: &Ledger, now: i64) -> String {
    let stamp = sekisho::message::timestamp(now).replace(['-', ':'], "");
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//sekisho//retention//EN\r\n");
    for client in &ledger.clients {
        let Some(last) = client.last_day() else { continue };
        let title = ClientMessage::Reminder(client.name()).text(lang);
        // Text values escape these (RFC 5545, 3.3.11).
        let title = title.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace(['\r', '\n'], " ");
        let day = |date: sekisho::client::Date| date.to_string().replace('-', "");
        let (from, to) = (day(last), day(last.plus(1)));
        let _ = write!(
            text,
            "BEGIN:VEVENT\r\nUID:{}-{from}@sekisho\r\nDTSTAMP:{stamp}\r\nDTSTART;VALUE=DATE:{from}\r\n\
             DTEND;VALUE=DATE:{to}\r\nSUMMARY:{title}\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{title}\r\n\
             TRIGGER:-P7D\r\nEND:VALARM\r\nEND:VEVENT\r\n",
            client.id
        );
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}
