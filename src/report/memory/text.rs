//! The reports over the state as text: what is new first, then what is still there, what is gone,
//! what could not be looked at, what was covered.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::{Ending, Overview, confidence, severity, written};
use crate::error::{Error, ProblemKind, Result};
use crate::message::{self, Age, Lang, Memory, Message, printable};
use crate::report::Style;
use crate::state::{Coverage, Head, Remembered, Standing};

const BOLD: &str = "1";
const YELLOW: &str = "33";
const GREEN: &str = "32";

/// Problems of each kind that are listed one by one.
const PROBLEMS: usize = 10;
/// Folders that are listed.
const FOLDERS: usize = 20;

/// Writes how a sweep ended.
pub fn sweep_text(out: &mut dyn Write, lang: Lang, style: Style, ending: &Ending<'_>) -> Result<()> {
    let mut page = Page { out, lang, style };
    let counts = ending.counts;
    let beyond = ending.store.beyond(ending.scope)?;
    let listed = counts.open - counts.new.min(counts.open) - beyond.min(counts.open);
    page.section(Memory::New(counts.new), counts.new, YELLOW, ending, |s| s == Standing::New)?;
    page.section(Memory::StillThere(listed), listed, BOLD, ending, |s| s == Standing::Open)?;
    page.section(Memory::ApprovedHere(counts.approved), counts.approved, GREEN, ending, |s| s == Standing::Approved)?;
    page.section(Memory::Gone(counts.gone), counts.gone, GREEN, ending, |s| !s.is_open() && s != Standing::Approved)?;
    page.shared(ending)?;
    if beyond > 0 {
        page.line(&Memory::Beyond(beyond).text(lang))?;
    }
    page.problems(ending)?;
    page.excluded(ending)?;
    let summary = ending.summary;
    let read = Memory::Swept {
        read: summary.files,
        unchanged: ending.unchanged,
        bytes: &message::bytes(summary.bytes),
        seconds: summary.seconds,
    };
    match (counts.open, counts.gone) {
        (0, 0) => page.line(&Memory::NothingOpen.text(lang))?,
        _ => {
            let totals = Memory::Totals { new: counts.new, open: counts.open, gone: counts.gone }.text(lang);
            page.line(&style.paint(BOLD, &totals))?;
        }
    }
    page.line(&read.text(lang))?;
    if summary.stopped {
        page.line(&style.paint(YELLOW, &Memory::Stopped.text(lang)))?;
    } else if !summary.problems.is_empty() && counts.open == 0 {
        page.line(&style.paint(YELLOW, &Message::NotClean.text(lang)))?;
    }
    page.head(&ending.store.audit_head()?)?;
    page.out.flush().map_err(written)
}

/// Writes what stands open.
pub fn overview_text(out: &mut dyn Write, lang: Lang, style: Style, overview: &Overview) -> Result<()> {
    let mut page = Page { out, lang, style };
    let open = match overview.open {
        0 => Memory::NothingOpen.text(lang),
        n => Memory::Open(n).text(lang),
    };
    page.line(&style.paint(BOLD, &open))?;
    if overview.approved > 0 {
        page.line(&Memory::ApprovedHere(overview.approved).text(lang))?;
    }
    if overview.open > 0 {
        page.heading(&Memory::Ages)?;
        for age in Age::ALL {
            if let Some(count) = overview.ages.get(&age) {
                page.line(&format!("  {count:>8}  {}", Memory::Age(age).text(lang)))?;
            }
        }
        page.heading(&Memory::Places)?;
        for (place, group) in &overview.places {
            let line = Memory::PlaceLine { count: group.count, oldest: &message::day(group.oldest) };
            page.line(&format!("  {}  {}", Memory::Place(place, None).text(lang), line.text(lang)))?;
        }
        if !overview.clients.is_empty() {
            page.heading(&Memory::Clients)?;
            for (client, group) in &overview.clients {
                let line = Memory::PlaceLine { count: group.count, oldest: &message::day(group.oldest) };
                page.line(&format!("  {}  {}", printable(client), line.text(lang)))?;
            }
        }
        page.heading(&Memory::Folders)?;
        for (folder, group) in overview.folders.iter().take(FOLDERS) {
            let line = Memory::PlaceLine { count: group.count, oldest: &message::day(group.oldest) };
            page.line(&format!("  {}  {}", shown(folder), line.text(lang)))?;
        }
        if overview.folders.len() > FOLDERS {
            page.line(&format!("  … +{}", overview.folders.len() - FOLDERS))?;
        }
    }
    if !overview.problems.is_empty() {
        page.heading(&Message::NotLookedAt(overview.problems.values().sum()))?;
        for (kind, count) in &overview.problems {
            let kind = ProblemKind::ALL.into_iter().find(|k| k.name() == *kind);
            let name = kind.map_or_else(Default::default, |kind| message::problem_kind(lang, kind));
            page.line(&format!("  {name} ({count})"))?;
        }
    }
    page.trend(overview)?;
    page.head(&overview.audit)?;
    page.out.flush().map_err(written)
}

struct Page<'o> {
    out: &'o mut dyn Write,
    lang: Lang,
    style: Style,
}

/// Something with a text in both languages.
trait Text {
    fn say(&self, lang: Lang) -> String;
}

impl Text for Memory<'_> {
    fn say(&self, lang: Lang) -> String {
        self.text(lang).into_owned()
    }
}

impl Text for Message<'_> {
    fn say(&self, lang: Lang) -> String {
        self.text(lang).into_owned()
    }
}

impl Page<'_> {
    fn line(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{text}").map_err(written)
    }

    /// The end of the audit chain: whoever keeps this page can prove later what came after it.
    fn head(&mut self, head: &Head) -> Result<()> {
        if head.seq == 0 {
            return Ok(());
        }
        self.line(&Memory::AuditHead { seq: head.seq, hash: &head.hash[..16] }.text(self.lang))
    }

    fn heading(&mut self, text: &dyn Text) -> Result<()> {
        let text = self.style.paint(BOLD, &text.say(self.lang));
        writeln!(self.out, "\n{text}").map_err(written)
    }

    fn section(
        &mut self,
        title: Memory<'_>,
        count: u64,
        colour: &str,
        ending: &Ending<'_>,
        wanted: fn(Standing) -> bool,
    ) -> Result<()> {
        if count == 0 {
            return Ok(());
        }
        let title = self.style.paint(colour, &title.text(self.lang));
        self.line(&title)?;
        let mut file = None;
        ending.store.findings(ending.scope, &mut |found| {
            if !wanted(found.standing) {
                return Ok(());
            }
            if file.as_ref() != Some(&found.path) {
                file = Some(found.path.clone());
                self.line(&self.style.paint(BOLD, &shown(&found.path)))?;
                self.whereabouts(found)?;
            }
            self.finding(found).map_err(written)
        })?;
        self.line("")
    }

    /// The kind of place a file lives in, unless it is the ordinary one, and where it came from.
    fn whereabouts(&mut self, found: &Remembered) -> Result<()> {
        let place = found.place.as_deref().filter(|place| *place != "local");
        let place = place.map(|place| Memory::Place(place, found.service.as_deref()).text(self.lang));
        let download = found.download.as_deref().map(printable);
        let download = download.map(|address| Message::DownloadedFrom(&address).text(self.lang));
        let about: Vec<&str> = place.as_deref().into_iter().chain(download.as_deref()).collect();
        match about.is_empty() {
            true => Ok(()),
            false => self.line(&format!("  {}", about.join("; "))),
        }
    }

    fn finding(&mut self, found: &Remembered) -> io::Result<()> {
        let lang = self.lang;
        let place = format!("{}:{}", found.start.line, found.start.column);
        let inside: String = found.inside.iter().map(|step| format!("{} › ", printable(step))).collect();
        let severity = Message::Severity(severity(&found.severity)).text(lang);
        let title = if lang == Lang::Ja { &found.title_ja } else { &found.title_en };
        let sure = Message::Confidence(confidence(&found.confidence)).text(lang);
        writeln!(self.out, "  {inside}{place:<8} {severity}  {}  ({sure})  [{}]", printable(title), found.detector)?;
        let day = message::day(found.first_seen);
        let since = Memory::Since(&day).text(lang);
        let how = match found.standing {
            Standing::New | Standing::Open => None,
            Standing::FileGone => Some(Memory::FileGone),
            Standing::Removed => Some(Memory::ValueRemoved),
            Standing::Judged => Some(Memory::Judged),
            Standing::Approved => None,
        };
        let how = how.map_or_else(String::new, |how| format!("  {}", how.text(lang)));
        let approval = found.approval.as_ref();
        let approval = approval.map(|a| Message::Approved { id: &a.id, until: &a.until }.text(lang));
        let approval = approval.map_or_else(String::new, |text| format!("  {}", printable(&text)));
        let client = found.clients.first().map_or_else(String::new, |(id, by)| format!("  {}={id}", by.reason()));
        writeln!(self.out, "           {}  ({since}){how}{approval}{client}", printable(&found.shown))
    }

    /// Credentials that several clients' files hold.
    fn shared(&mut self, ending: &Ending<'_>) -> Result<()> {
        let shared = ending.store.shared_credentials(ending.scope.register)?;
        if shared.is_empty() {
            return Ok(());
        }
        let title = self.style.paint(YELLOW, &Memory::SharedCredentials(shared.len() as u64).text(self.lang));
        self.line(&title)?;
        for one in shared {
            self.line(&format!("  {}  [{}]  {}", printable(&one.shown), one.detector, one.clients.join(", ")))?;
            for path in one.paths.iter().take(PROBLEMS) {
                self.line(&format!("    {}", shown(path)))?;
            }
        }
        self.line("")
    }

    fn problems(&mut self, ending: &Ending<'_>) -> Result<()> {
        let total: u64 = ending.summary.problems.values().sum();
        if total == 0 {
            return Ok(());
        }
        let title = self.style.paint(YELLOW, &Message::NotLookedAt(total).text(self.lang));
        self.line(&title)?;
        let mut listed: BTreeMap<ProblemKind, Vec<String>> = BTreeMap::new();
        for row in ending.coverage {
            if let Coverage::Absent(root, why) = row {
                let what = Memory::AbsentRoot(why).text(self.lang);
                listed.entry(ProblemKind::Unreadable).or_default().push(format!("{}: {what}", shown(root)));
            }
        }
        ending.store.problems(ending.scope, &mut |unseen| {
            let lines = listed.entry(unseen.problem.kind).or_default();
            if lines.len() < PROBLEMS {
                let inside: String = unseen.inside.iter().map(|step| format!(" › {}", printable(step))).collect();
                let what = message::problem(self.lang, &unseen.problem);
                lines.push(format!("{}{inside}: {what}", shown(&unseen.path)));
            }
            Ok(())
        })?;
        for (kind, count) in &ending.summary.problems {
            self.line(&format!("  {} ({count})", message::problem_kind(self.lang, *kind)))?;
            let lines = listed.remove(kind).unwrap_or_default();
            let rest = count.saturating_sub(lines.len() as u64);
            for line in lines {
                self.line(&format!("    {line}"))?;
            }
            if rest > 0 {
                self.line(&format!("    … +{rest}"))?;
            }
        }
        self.line("")
    }

    fn excluded(&mut self, ending: &Ending<'_>) -> Result<()> {
        let met: Vec<(&str, u64)> = ending.coverage.iter().filter_map(met).collect();
        if met.is_empty() {
            return Ok(());
        }
        self.line(&Memory::Excluded.text(self.lang))?;
        for (pattern, times) in met {
            let why = ending.exclusions.iter().find(|e| e.pattern == pattern).map_or("", |e| e.why(self.lang));
            self.line(&format!("  {} ({times})  {why}", printable(pattern)))?;
        }
        self.line("")
    }

    fn trend(&mut self, overview: &Overview) -> Result<()> {
        let lang = self.lang;
        if overview.sweeps.is_empty() {
            return self.line(&Memory::NeverSwept.text(lang));
        }
        self.heading(&Memory::Trend)?;
        self.line(&format!("  {}", Memory::TrendHead.text(lang)))?;
        for run in &overview.sweeps {
            let notes = [(!run.complete, Memory::SweepUnfinished), (run.clock_back, Memory::SweepClock)];
            let notes: Vec<_> = notes.iter().filter(|(is, _)| *is).map(|(_, note)| note.text(lang)).collect();
            let began = message::minute(run.started);
            self.line(&format!(
                "  {began}  {:>7} {:>5} {:>5} {:>9} {:>5} {:>10}  {}",
                run.open,
                run.new,
                run.gone,
                run.problems,
                run.read,
                run.unchanged,
                notes.join(", ")
            ))?;
        }
        self.heading(&Memory::Covered)?;
        for row in &overview.coverage {
            match row {
                Coverage::Root(path) => self.line(&format!("  {}", shown(path)))?,
                Coverage::Absent(path, why) => {
                    let what = Memory::AbsentRoot(why).text(lang);
                    self.line(&format!("  {}: {what}", shown(path)))?;
                }
                Coverage::Exclusion { .. } => {}
            }
        }
        let met: Vec<(&str, u64)> = overview.coverage.iter().filter_map(met).collect();
        if !met.is_empty() {
            self.line(&Memory::Excluded.text(lang))?;
            for (pattern, times) in met {
                self.line(&format!("  {} ({times})", printable(pattern)))?;
            }
        }
        Ok::<(), Error>(())
    }
}

/// An exclusion that was met.
fn met(row: &Coverage) -> Option<(&str, u64)> {
    match row {
        Coverage::Exclusion { pattern, times } if *times > 0 => Some((pattern, *times)),
        _ => None,
    }
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}
