//! The client ledger: text → [`Ledger`], or the place of the mistake.
//!
//! One readable TOML file that people keep under version control. Every key is known or an
//! error, so that a misspelt one is never silently without effect; what could be taken for two
//! clients' is refused. `~/` is the home directory, which the caller names. Knows no detectors
//! and reads no files.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::Date;
use super::key::{ApprovalKey, ClientKey, LedgerKey, NotificationKey, RetentionKey};
use super::marker::LONGEST;
use crate::detector::Category;
use crate::error::Place;

/// Days of grace after an engagement's end, where a client names none.
pub const GRACE_DAYS: u32 = 14;

/// A client whose data may be here for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Short name in ids, options and output: lower-case letters, digits, `-`.
    pub id: String,
    /// Names as they stand in documents; the first is the one for people.
    pub names: Vec<String>,
    /// Other words that stand for it.
    pub aliases: Vec<String>,
    /// Its domains; subdomains belong to them. Lower case.
    pub domains: Vec<String>,
    /// Codes of projects and contracts.
    pub codes: Vec<String>,
    /// Folders in which everything is this client's; absolute.
    pub workspaces: Vec<PathBuf>,
    /// When the engagement began.
    pub start: Option<Date>,
    /// The last day of the engagement.
    pub end: Option<Date>,
    /// Days after the end within which everything must be gone.
    pub grace_days: u32,
    /// Whom to notify.
    pub contact: Option<String>,
}

impl Client {
    /// Its name for people.
    pub fn name(&self) -> &str {
        self.names.first().unwrap_or(&self.id)
    }

    /// The last day on which its data may be here.
    pub fn last_day(&self) -> Option<Date> {
        self.end.map(|end| end.plus(i64::from(self.grace_days)))
    }
}

/// A prior approval: what may be kept, where, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: String,
    /// The article of the rule that asks for it.
    pub article: String,
    /// Detector ids and categories; `*` is all.
    pub covers: Vec<String>,
    /// Patterns as in `.gitignore`, absolute; none is any place.
    pub paths: Vec<String>,
    /// Only this client's data.
    pub client: Option<String>,
    /// Only a file with this SHA-256, in lower-case hexadecimal digits.
    pub hash: Option<String>,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub date: Date,
    /// What for.
    pub reason: String,
    /// The last day on which it holds: the day before it was revoked, if it was.
    pub expires: Date,
    /// Was it taken back?
    pub revoked: bool,
}

/// How long something may lie in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeRule {
    /// The folder, absolute; what is below it is meant.
    pub folder: PathBuf,
    /// Only files with findings of this category or detector; `None`: every file.
    pub covers: Option<String>,
    /// So many days.
    pub days: u32,
    /// Why, for the report.
    pub reason: String,
}

/// The client has approved the notification of a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Whose data it was.
    pub client: String,
    /// The digest of the deletion record.
    pub record: String,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub date: Date,
    /// What else was said.
    pub note: String,
}

/// Everything that a ledger says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// In the order of the file.
    pub clients: Vec<Client>,
    /// In the order of the file.
    pub approvals: Vec<Approval>,
    /// In the order of the file.
    pub retention: Vec<AgeRule>,
    /// In the order of the file.
    pub notifications: Vec<Notification>,
}

impl Ledger {
    /// Parses a ledger; `file` names it in errors, `home` is what `~/` stands for.
    pub fn parse(file: &str, source: &str, home: Option<&Path>) -> Result<Ledger, Place> {
        let key: LedgerKey = toml::from_str(source)
            .map_err(|e: toml::de::Error| Place::at(file, source, e.span().map_or(0, |s| s.start), e.message()))?;
        let reader = Reader { file, source, home };
        let mut ledger = Ledger::default();
        let mut taken = HashMap::new();
        for key in key.client {
            let client = reader.client(key, &mut taken)?;
            ledger.clients.push(client);
        }
        for key in key.approval {
            let approval = reader.approval(key, &ledger)?;
            ledger.approvals.push(approval);
        }
        for key in key.retention {
            ledger.retention.push(reader.retention(key)?);
        }
        for key in key.notification {
            let notification = reader.notification(key, &ledger)?;
            ledger.notifications.push(notification);
        }
        Ok(ledger)
    }

    /// The client of an id.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// Does anybody's data have to be looked after?
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }
}

/// Is it an id: lower-case ASCII letters, digits and `-`, at most 40, a letter or digit first? It is
/// the name of a folder, too.
pub fn is_id(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= 40 && text.bytes().all(fits) && !text.starts_with('-')
}

/// Gives keys their meaning, and mistakes their place.
struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    home: Option<&'a Path>,
}

/// What is taken by whom: kind and text → client.
type Taken = HashMap<(&'static str, String), String>;

impl Reader<'_> {
    fn at(&self, span: Range<usize>, what: impl Into<String>) -> Place {
        Place::at(self.file, self.source, span.start, what)
    }

    fn client(&self, key: Spanned<ClientKey>, taken: &mut Taken) -> Result<Client, Place> {
        let key = key.into_inner();
        let id = key.id.get_ref().clone();
        if !is_id(&id) {
            return Err(self.at(key.id.span(), "an id has lower-case letters, digits and `-` only, at most 40"));
        }
        if taken.insert(("id", id.clone()), id.clone()).is_some() {
            return Err(self.at(key.id.span(), format!("there is another client `{id}`")));
        }
        let mut take = |kind: &'static str, text: &str, span: Range<usize>| match taken
            .insert((kind, text.to_lowercase()), id.clone())
        {
            Some(other) if other != id => {
                Err(self.at(span, format!("`{text}` stands for the client `{other}` already")))
            }
            _ => Ok(()),
        };
        let mut words = |list: Vec<Spanned<String>>, least: usize| -> Result<Vec<String>, Place> {
            list.into_iter()
                .map(|word| {
                    let span = word.span();
                    let text = word.into_inner().trim().to_owned();
                    // A word in ASCII letters needs three to tell anything, one in kanji or kana two.
                    let short = if text.is_ascii() { 3 } else { least };
                    if text.chars().count() < short {
                        return Err(
                            self.at(span, format!("`{text}` is too short to tell one client from another text"))
                        );
                    }
                    if text.len() > LONGEST / 2 {
                        return Err(self.at(span, "this is too long for a name"));
                    }
                    take("word", &text, span)?;
                    Ok(text)
                })
                .collect()
        };
        let (names, aliases, codes) = (words(key.names, 2)?, words(key.aliases, 2)?, words(key.codes, 3)?);
        let mut domains = Vec::new();
        for domain in key.domains {
            let text = domain.get_ref().trim().trim_start_matches("*.").to_lowercase();
            let label = |l: &str| {
                !l.is_empty() && !l.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '-')
            };
            if !text.contains('.') || !text.split('.').all(label) {
                return Err(self.at(domain.span(), format!("`{text}` is no domain such as acme.example")));
            }
            take("word", &text, domain.span())?;
            domains.push(text);
        }
        let mut workspaces = Vec::new();
        for path in key.workspaces {
            let folder = self.path(&path)?;
            if folder.parent().is_none() || Some(folder.as_path()) == self.home {
                return Err(self
                    .at(path.span(), "a workspace is a folder of its own, not the root or the whole home directory"));
            }
            take("workspace", &folder.to_string_lossy(), path.span())?;
            workspaces.push(folder);
        }
        let (start, end) = (self.maybe(&key.start)?, self.maybe(&key.end)?);
        if let (Some(from), Some(to), Some(place)) = (start, end, &key.end)
            && to < from
        {
            return Err(self.at(place.span(), format!("the engagement ends ({to}) before it begins ({from})")));
        }
        let grace_days = key.grace_days.unwrap_or(GRACE_DAYS);
        Ok(Client { id, names, aliases, domains, codes, workspaces, start, end, grace_days, contact: key.contact })
    }

    fn approval(&self, key: Spanned<ApprovalKey>, ledger: &Ledger) -> Result<Approval, Place> {
        let key = key.into_inner();
        let id = self.said(&key.id)?;
        if ledger.approvals.iter().any(|other| other.id == id) {
            return Err(self.at(key.id.span(), format!("there is another approval `{id}`")));
        }
        let span = key.covers.span();
        let mut covers = Vec::new();
        for name in key.covers.into_inner() {
            let text = name.get_ref().trim_end_matches("/*").to_owned();
            let class = text.split('/').next().unwrap_or_default();
            if text != "*" && Category::of(class).is_none() {
                let what =
                    format!("`{text}` is neither a detector nor credential, personal, confidential, client or *");
                return Err(self.at(name.span(), what));
            }
            covers.push(text);
        }
        if covers.is_empty() {
            return Err(self.at(span, "an approval covers at least one detector or category"));
        }
        let mut paths = Vec::new();
        for path in &key.paths {
            paths.push(self.path(path)?.to_string_lossy().into_owned());
        }
        let hash = match &key.hash {
            None => None,
            Some(hash) => {
                let text = hash.get_ref().trim_start_matches("sha256:").to_lowercase();
                if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(self.at(hash.span(), "a hash is `sha256:` and 64 hexadecimal digits"));
                }
                Some(text)
            }
        };
        let (date, expires) = (self.date(&key.date)?, self.date(&key.expires)?);
        if expires < date {
            return Err(self.at(key.expires.span(), format!("it expires ({expires}) before it was given ({date})")));
        }
        let client = key.client.as_ref().map(|client| self.known(client, ledger)).transpose()?;
        let (approver, reason) = (self.said(&key.approver)?, self.said(&key.reason)?);
        let revoked = self.maybe(&key.revoked)?;
        let expires = revoked.map_or(expires, |day| expires.min(day.plus(-1)));
        let (article, revoked) = (key.article, revoked.is_some());
        Ok(Approval { id, article, covers, paths, client, hash, approver, date, reason, expires, revoked })
    }

    fn retention(&self, key: Spanned<RetentionKey>) -> Result<AgeRule, Place> {
        let key = key.into_inner();
        let covers = match &key.covers {
            Some(name) => {
                let text = name.get_ref().trim_end_matches("/*").to_owned();
                if Category::of(text.split('/').next().unwrap_or_default()).is_none() {
                    return Err(self.at(name.span(), format!("`{text}` is neither a category nor a detector")));
                }
                Some(text)
            }
            None => None,
        };
        Ok(AgeRule { folder: self.path(&key.folder)?, covers, days: key.days, reason: key.reason })
    }

    fn notification(&self, key: Spanned<NotificationKey>, ledger: &Ledger) -> Result<Notification, Place> {
        let key = key.into_inner();
        Ok(Notification {
            client: self.known(&key.client, ledger)?,
            record: self.said(&key.record)?,
            approver: self.said(&key.approver)?,
            date: self.date(&key.date)?,
            note: key.note,
        })
    }

    fn known(&self, id: &Spanned<String>, ledger: &Ledger) -> Result<String, Place> {
        match ledger.client(id.get_ref()) {
            Some(client) => Ok(client.id.clone()),
            None => Err(self.at(id.span(), format!("there is no client `{}`", id.get_ref()))),
        }
    }

    fn said(&self, text: &Spanned<String>) -> Result<String, Place> {
        match text.get_ref().trim() {
            "" => Err(self.at(text.span(), "this must not be empty")),
            said => Ok(said.to_owned()),
        }
    }

    fn path(&self, path: &Spanned<String>) -> Result<PathBuf, Place> {
        let text = Path::new(path.get_ref());
        let full = match (text.strip_prefix("~"), self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => text.to_owned(),
        };
        if !full.is_absolute() || full.components().any(|part| part == std::path::Component::ParentDir) {
            return Err(self.at(path.span(), "a path begins with / or ~/ and has no .."));
        }
        // Without `.` and a slash at the end.
        Ok(full.components().collect())
    }

    fn maybe(&self, date: &Option<Spanned<toml::Value>>) -> Result<Option<Date>, Place> {
        date.as_ref().map(|date| self.date(date)).transpose()
    }

    fn date(&self, date: &Spanned<toml::Value>) -> Result<Date, Place> {
        let parsed = match date.get_ref() {
            toml::Value::Datetime(toml::value::Datetime { date: Some(date), time: None, offset: None }) => {
                Date::new(date.year.into(), date.month.into(), date.day.into())
            }
            toml::Value::String(text) => Date::parse(text),
            _ => None,
        };
        parsed.ok_or_else(|| self.at(date.span(), "a day is written 2026-09-30, without a time"))
    }
}

#[cfg(test)]
mod tests;
