//! What has to go: every known file and the ledger, on a day → [`Plan`].
//!
//! Decides nothing itself (`client::retention` does); counts, and lists what presses.

use std::collections::HashMap;
use std::path::PathBuf;

use super::inventory::Held;
use super::{Register, Scope, Store};
use crate::client::retention::{self, Decision, Verdict, Why};
use crate::client::{By, Date, Ledger};
use crate::error::Result;
use crate::policy::{Approvals, Subject};

/// What a client's data is to an approval: one of the category `client`.
const CLIENT_DATA: &str = "client/data";
/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

/// A file that is due or overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// What says whose it is; `None` where that does not matter.
    pub by: Option<By>,
    /// What has to be done.
    pub verdict: Verdict,
    /// Why, by name.
    pub why: &'static str,
    /// The approval or the rule, by its id or reason.
    pub detail: String,
    /// The last day on which it may be here.
    pub last: Option<Date>,
    /// Days since then.
    pub days: i64,
    /// When it was first seen, in seconds since 1970.
    pub first_seen: i64,
}

/// Files and bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Tally {
    fn add(&mut self, size: u64) {
        self.files += 1;
        self.bytes += size;
    }
}

/// What a client's files come to, or those that rules are for (`client` is `None`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The client's id.
    pub client: Option<String>,
    /// May be here.
    pub keep: Tally,
    /// Of those, by an approval.
    pub approved: Tally,
    /// Have to go before their last day.
    pub due: Tally,
    /// Their last day is over.
    pub overdue: Tally,
    /// The most days that one is overdue.
    pub days: i64,
    /// Due and overdue ones, in the order of their paths; not more than were asked for.
    pub items: Vec<Item>,
}

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// A group for each client, in the order of the ledger; last the one of the rules.
    pub groups: Vec<Group>,
}

/// The day it is, and how far its zone is before UTC, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Today {
    /// The day.
    pub date: Date,
    /// Seconds.
    pub offset: i64,
}

impl Plan {
    /// Makes the plan; lists at most `most` files a group.
    pub fn of(store: &Store, ledger: &Ledger, register: Register<'_>, today: Today, most: usize) -> Result<Plan> {
        let client = |client: &crate::client::Client| Group { client: Some(client.id.clone()), ..Group::default() };
        let mut groups: Vec<Group> = ledger.clients.iter().map(client).collect();
        let approvals = register.approvals.filter(|approvals| !approvals.is_empty());
        if let Some(clients) = register.clients {
            store.inventory(clients, &mut |held| {
                let number = held.client.as_deref().and_then(|id| clients.number(id));
                let Some(number) = number.filter(|number| *number < groups.len()) else { return Ok(()) };
                let client = &ledger.clients[number];
                let approval =
                    approvals.and_then(|approvals| approvals.covers(&subject(CLIENT_DATA, held, &[&client.id])));
                let decision = retention::of_client(client, approval, today.date);
                groups[number].add(held, Some(held.by), &decision, today.date, most);
                Ok(())
            })?;
        }
        let mut rest = Group::default();
        of_rules(store, ledger, register, today, most, &mut rest)?;
        groups.push(rest);
        Ok(Plan { groups })
    }

    /// Everything that is overdue.
    pub fn overdue(&self) -> u64 {
        self.groups.iter().map(|group| group.overdue.files).sum()
    }
}

/// Files that lie in a folder for too long, and those whose approval has expired.
fn of_rules(
    store: &Store,
    ledger: &Ledger,
    register: Register<'_>,
    today: Today,
    most: usize,
    rest: &mut Group,
) -> Result<()> {
    let approvals = register.approvals.filter(|approvals| !approvals.is_empty());
    for rule in &ledger.retention {
        store.files_below(&rule.folder, rule.covers.as_deref(), &mut |held| {
            let changed = (held.changed != 0).then_some(held.changed / SECOND);
            let since = retention::there_since(held.first_seen, changed, today.offset);
            let detector = rule.covers.as_deref().unwrap_or(CLIENT_DATA);
            let approval = match approvals {
                Some(approvals) => {
                    let whose = register.whose(store, &held.path)?;
                    let clients: Vec<&str> = whose.iter().map(|(client, _)| &**client).collect();
                    approvals.covers(&subject(detector, held, &clients))
                }
                None => None,
            };
            rest.add(held, None, &retention::aged(rule, since, approval, today.date), today.date, most);
            Ok(())
        })?;
    }
    if let Some(approvals) = approvals
        && approvals.list().any(|approval| approval.expires < today.date)
    {
        expired(store, approvals, register, today, most, rest)?;
    }
    Ok(())
}

/// Files with findings that an approval covered until it expired: each once, with the approval that
/// expired first.
fn expired(
    store: &Store,
    approvals: &Approvals,
    register: Register<'_>,
    today: Today,
    most: usize,
    rest: &mut Group,
) -> Result<()> {
    let mut files: HashMap<PathBuf, Item> = HashMap::new();
    let scope = Scope { roots: &[], detectors: &[], since: i64::MAX, register };
    store.findings(scope, &mut |found| {
        if !matches!(found.standing, super::Standing::Open | super::Standing::New) {
            return Ok(());
        }
        let clients: Vec<&str> = found.clients.iter().map(|(client, _)| &**client).collect();
        let path = &found.path;
        let subject =
            Subject { detector: &found.detector, path, clients: &clients, hash: &|| crate::source::sha256(path) };
        let Some(approval) = approvals.covered(&subject) else { return Ok(()) };
        let decision = retention::expired(approval, today.date);
        let item = Item {
            path: path.clone(),
            size: 0,
            by: None,
            verdict: decision.verdict,
            why: decision.why.name(),
            detail: approval.id.clone(),
            last: decision.last,
            days: decision.days(today.date),
            first_seen: found.first_seen,
        };
        let known = files.entry(path.clone()).or_insert_with(|| item.clone());
        if known.days < item.days {
            *known = item;
        }
        Ok(())
    })?;
    let mut items: Vec<Item> = files.into_values().collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    for item in items {
        rest.overdue.add(item.size);
        rest.days = rest.days.max(item.days);
        if rest.items.len() < most {
            rest.items.push(item);
        }
    }
    Ok(())
}

fn subject<'a>(detector: &'a str, held: &'a Held, clients: &'a [&'a str]) -> Subject<'a> {
    // The plan reads no files: an approval of one content is for its findings, not for retention.
    Subject { detector, path: &held.path, clients, hash: &|| None }
}

impl Group {
    fn add(&mut self, held: &Held, by: Option<By>, decision: &Decision<'_>, today: Date, most: usize) {
        match decision.verdict {
            Verdict::Keep => {
                self.keep.add(held.size);
                if matches!(decision.why, Why::Approved(_)) {
                    self.approved.add(held.size);
                }
                return;
            }
            Verdict::Due => self.due.add(held.size),
            Verdict::Overdue => self.overdue.add(held.size),
        }
        let days = decision.days(today);
        self.days = self.days.max(days);
        if self.items.len() < most {
            self.items.push(Item {
                path: held.path.clone(),
                size: held.size,
                by,
                verdict: decision.verdict,
                why: decision.why.name(),
                detail: match decision.why {
                    Why::Approved(approval) | Why::Expired(approval) => approval.id.clone(),
                    Why::TooOld(rule) if rule.reason.is_empty() => format!("{} > {}", rule.folder.display(), rule.days),
                    Why::TooOld(rule) => rule.reason.clone(),
                    _ => String::new(),
                },
                last: decision.last,
                days,
                first_seen: held.first_seen,
            });
        }
    }
}
