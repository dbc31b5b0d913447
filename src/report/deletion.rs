//! The deletion record (削除記録): what was a client's, that it is gone, what still remains.
//!
//! Inert data → JSON and one printable HTML page without anything from outside. Decides nothing:
//! whether it is complete was decided by who made it.

use std::fmt::Write as _;

use serde::Serialize;

use crate::message::{ClientMessage, DeletionText, Lang, bytes};

/// See the module. Times are RFC 3339 in UTC, days are `2026-09-30`.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)] // The keys of the JSON object; docs/clients.md says what they are.
pub struct DeletionRecord {
    pub format: &'static str,
    pub client: ClientObject,
    pub made: String,
    pub by: String,
    pub complete: bool,
    pub sweep: Option<String>,
    pub roots: Vec<String>,
    pub files: Vec<GoneObject>,
    pub remains: Vec<RemainsObject>,
    pub kept_by_approval: Vec<RemainsObject>,
    pub unverified: Vec<String>,
    pub not_looked_at: Vec<UnreadObject>,
    pub accepted_not_looked_at: bool,
    pub registries_destroyed: bool,
    pub audit: HeadObject,
}

/// Whose data it was.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct ClientObject {
    pub id: String,
    pub name: String,
    pub start: Option<String>,
    pub end: Option<String>,
    pub gone_by: Option<String>,
    pub contact: Option<String>,
}

/// A file that is gone.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct GoneObject {
    pub path: String,
    pub size: u64,
    pub keyed_hash: Option<String>,
    pub by: &'static str,
    pub first_seen: String,
    pub last_seen: String,
    pub verified_absent: String,
}

/// Something that is still there.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct RemainsObject {
    pub path: String,
    pub place: &'static str,
    pub by: Option<&'static str>,
    pub size: Option<u64>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct UnreadObject {
    pub path: String,
    pub kind: &'static str,
    pub times: u64,
}

/// The end of the audit chain before this record.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct HeadObject {
    pub seq: i64,
    pub hash: String,
}

impl DeletionRecord {
    /// As JSON, on several lines.
    pub fn json(&self) -> String {
        // Strings and numbers only: this does not fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// As a page to print and sign.
    pub fn html(&self, lang: Lang, digest: &str) -> String {
        let say = |text: DeletionText| escape(&text.text(lang));
        let mut page = String::new();
        let code = if lang == Lang::Ja { "ja" } else { "en" };
        let title = format!("{} – {}", say(DeletionText::Title), escape(&self.client.name));
        // Writing to a string does not fail.
        let _ = write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        );
        let state = if self.complete { DeletionText::Complete } else { DeletionText::Incomplete };
        let class = if self.complete { "good" } else { "bad" };
        let _ = writeln!(page, "<p class=\"{class}\">{}</p>", say(state));
        page.push_str("<table class=\"head\">\n");
        let mut row = |name: DeletionText, value: &str| {
            let _ = writeln!(page, "<tr><th>{}</th><td>{}</td></tr>", say(name), escape(value));
        };
        row(DeletionText::Client, &format!("{} ({})", self.client.name, self.client.id));
        let days = |day: &Option<String>| day.clone().unwrap_or_else(|| "…".to_owned());
        row(DeletionText::Engagement, &format!("{} – {}", days(&self.client.start), days(&self.client.end)));
        row(DeletionText::GoneBy, &days(&self.client.gone_by));
        row(DeletionText::Made, &self.made);
        row(DeletionText::By, &self.by);
        row(DeletionText::Sweep, self.sweep.as_deref().unwrap_or("…"));
        row(DeletionText::Roots, &self.roots.join(", "));
        row(DeletionText::Audit, &format!("{} {}", self.audit.seq, self.audit.hash));
        row(DeletionText::Digest, digest);
        page.push_str("</table>\n");
        self.gone(&mut page, lang);
        remains(&mut page, &say(DeletionText::Remains), &self.remains);
        remains(&mut page, &say(DeletionText::Approved), &self.kept_by_approval);
        if !self.unverified.is_empty() {
            let _ = writeln!(page, "<h2>{}</h2>\n<ul>", say(DeletionText::Unverified));
            for line in &self.unverified {
                let _ = writeln!(page, "<li>{}</li>", escape(line));
            }
            page.push_str("</ul>\n");
        }
        if !self.not_looked_at.is_empty() {
            let accepted = if self.accepted_not_looked_at { DeletionText::Accepted } else { DeletionText::NotAccepted };
            let _ = writeln!(page, "<h2>{}</h2>\n<p>{}</p>\n<table>", say(DeletionText::NotLookedAt), say(accepted));
            for row in &self.not_looked_at {
                let _ = writeln!(
                    page,
                    "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                    escape(&row.path),
                    row.kind,
                    row.times
                );
            }
            page.push_str("</table>\n");
        }
        let _ = writeln!(page, "<p class=\"note\">{}</p>", say(DeletionText::Limits));
        let _ = writeln!(
            page,
            "<h2>{}</h2>\n<table class=\"sign\"><tr><th>{}</th><th>{}</th><th>{}</th></tr>\
             <tr><td></td><td></td><td></td></tr></table>\n</body>\n</html>",
            say(DeletionText::Approval),
            say(DeletionText::Approver),
            say(DeletionText::Day),
            say(DeletionText::Seal),
        );
        page
    }

    fn gone(&self, page: &mut String, lang: Lang) {
        let say = |text: DeletionText| escape(&text.text(lang));
        let total: u64 = self.files.iter().map(|file| file.size).sum();
        let count = ClientMessage::FilesAndBytes { files: self.files.len() as u64, bytes: &bytes(total) }.text(lang);
        let _ = writeln!(page, "<h2>{} ({})</h2>\n<table>\n<tr>", say(DeletionText::Gone), escape(&count));
        for head in [
            DeletionText::Path,
            DeletionText::Size,
            DeletionText::Hash,
            DeletionText::Evidence,
            DeletionText::FirstSeen,
            DeletionText::LastSeen,
            DeletionText::Absent,
        ] {
            let _ = write!(page, "<th>{}</th>", say(head));
        }
        page.push_str("</tr>\n");
        for file in &self.files {
            let _ = writeln!(
                page,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&file.path),
                file.size,
                file.keyed_hash.as_deref().map_or("–", |hash| hash.get(..17).unwrap_or(hash)),
                file.by,
                file.first_seen,
                file.last_seen,
                file.verified_absent
            );
        }
        page.push_str("</table>\n");
    }
}

fn remains(page: &mut String, title: &str, list: &[RemainsObject]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h2>{title} ({})</h2>\n<table>", list.len());
    for one in list {
        let by = one.by.unwrap_or_default();
        let _ = writeln!(page, "<tr><td>{}</td><td>{}</td><td>{by}</td></tr>", escape(&one.path), one.place);
    }
    page.push_str("</table>\n");
}

const STYLE: &str = "body{font-family:sans-serif;font-size:10pt;margin:2em}table{border-collapse:collapse;width:100%}\
td,th{border:1px solid #999;padding:.2em .4em;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
.head th{width:14em}.good{font-weight:bold;color:#060}.bad{font-weight:bold;color:#a00}\
.sign td{height:4em;width:33%}.note{color:#444}@media print{h2{break-after:avoid}tr{break-inside:avoid}}";

/// Text as it may stand in a page: markup, control characters and direction marks do nothing.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in crate::message::printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_no_markup() {
        assert_eq!(escape("<img src=x>\"'&\u{202e}"), "&lt;img src=x&gt;&quot;&#39;&amp;\\u{202e}");
    }
}
