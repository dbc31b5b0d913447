//! Text for people: grouped by file, the line with its values masked, why it fired, what to do.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::chunk::Origin;
use crate::detector::{Detector, Severity};
use crate::error::{Problem, ProblemKind};
use crate::finding::{Finding, Place, Suppression};
use crate::message::{self, GitMessage, Lang, Message, printable};
use crate::policy::Policy;
use crate::scan::{Sink, Summary};

use super::pick;

/// How text is dressed up; plain by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Use ANSI colours.
    pub colour: bool,
}

const BOLD: &str = "1";
const RED: &str = "31";
const YELLOW: &str = "33";
const DIM: &str = "2";

impl Style {
    pub(super) fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Writes a report for reading.
#[derive(Debug)]
pub struct Text<W> {
    out: W,
    lang: Lang,
    style: Style,
    policy: Policy,
    file: Option<Origin>,
    files: u64,
    /// Problems are listed at the end, where they are not overlooked: the first of each kind.
    problems: BTreeMap<ProblemKind, Vec<String>>,
    /// The advice of a detector is given once.
    advised: std::collections::HashSet<String>,
}

/// Problems of each kind that are listed one by one.
const PROBLEMS_LISTED: usize = 10;

impl<W: Write> Text<W> {
    /// A writer in a language; `policy` has the gist of the articles.
    pub fn new(out: W, lang: Lang, style: Style, policy: Policy) -> Text<W> {
        let (problems, advised) = (BTreeMap::new(), std::collections::HashSet::new());
        Text { out, lang, style, policy, file: None, files: 0, problems, advised }
    }

    /// The file, once; with the kind of place it lies in and the address it came from.
    fn heading(&mut self, origin: &Origin, place: Option<Place>, download: Option<&str>) -> io::Result<()> {
        if self.file.as_ref() == Some(origin) {
            return Ok(());
        }
        if self.file.as_ref().is_none_or(|file| file.path != origin.path) {
            self.files += 1;
        }
        if self.file.is_some() {
            writeln!(self.out)?;
        }
        self.file = Some(origin.clone());
        let place = place.and_then(|place| message::place(self.lang, place));
        let download = download.map(|address| self.say(Message::DownloadedFrom(&printable(address))));
        let about: Vec<&str> = place.as_deref().into_iter().chain(download.as_deref()).collect();
        let about = if about.is_empty() { String::new() } else { format!("  ({})", about.join(", ")) };
        writeln!(self.out, "{}{about}", self.style.paint(BOLD, &printable(&origin.to_string())))?;
        if let Some(revision) = origin.revision.as_deref() {
            let (commit, author, date) = (short(&revision.commit), &revision.author, short(&revision.date));
            let text = GitMessage::Introduced { commit, date, author, in_head: revision.in_head };
            writeln!(self.out, "  {}", self.style.paint(DIM, &printable(&text.text(self.lang))))?;
        }
        Ok(())
    }

    /// What is told once about a detector: the articles it stands for and what to do.
    fn explain(&mut self, detector: &Detector) -> io::Result<()> {
        for id in detector.articles.iter() {
            let gist = self.policy.articles.get(id.as_ref()).map_or("", |words| pick(words, self.lang));
            writeln!(self.out, "           {}: §{id} {gist}", Message::Article.text(self.lang))?;
        }
        if let Some(advice) = &detector.advice {
            writeln!(self.out, "           {}: {}", Message::Advice.text(self.lang), pick(advice, self.lang))?;
        }
        Ok(())
    }

    fn say(&self, message: Message<'_>) -> String {
        message.text(self.lang).into_owned()
    }
}

/// As much of a commit's id or a date as a reader needs.
fn short(text: &str) -> &str {
    let length = if text.as_bytes().get(10) == Some(&b'T') { 10 } else { 12 };
    text.get(..length).unwrap_or(text)
}

fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => RED,
        Severity::Medium => YELLOW,
        Severity::Low => DIM,
    }
}

impl<W: Write + Send> Sink for Text<W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.heading(&finding.origin, finding.place, finding.download.as_deref())?;
        let detector = &finding.detector;
        let severity = finding.severity();
        let severity = self.style.paint(colour(severity), &self.say(Message::Severity(severity)));
        let title = self.style.paint(BOLD, pick(&detector.title, self.lang));
        let confidence = self.say(Message::Confidence(finding.confidence));
        let place = format!("{}:{}", finding.start.line, finding.start.column);
        let record = finding.record.map_or(String::new(), |n| format!("  {}", self.say(Message::Record(n))));
        let id = self.style.paint(DIM, &format!("[{}]{record}", detector.id));
        writeln!(self.out, "  {place:<8} {severity}  {title}  ({confidence})  {id}")?;
        // A file that is known by its name has no line to show.
        if !finding.excerpt.is_empty() {
            writeln!(self.out, "           {}", printable(&finding.excerpt))?;
        }
        let reasons: Vec<String> = finding.reasons.iter().map(ToString::to_string).collect();
        writeln!(self.out, "           {}: {}", self.say(Message::Reasons), printable(&reasons.join(", ")))?;
        match &finding.suppressed {
            Some(why) => {
                let why = match why {
                    Suppression::InlineAllow(why) => self.say(Message::InlineAllow(why.as_deref())),
                    Suppression::OtherTool(tag) => self.say(Message::AllowedByTag(tag)),
                    Suppression::Allowed(why) => self.say(Message::AllowedHere(why)),
                    Suppression::Baseline => self.say(Message::InBaseline),
                    Suppression::Approval { id, until } => self.say(Message::Approved { id, until }),
                };
                writeln!(self.out, "           {}: {}", self.say(Message::Suppressed), printable(&why))?;
            }
            None => {
                if self.advised.insert(detector.id.to_string()) {
                    self.explain(detector)?;
                }
            }
        }
        Ok(())
    }

    fn problem(&mut self, origin: &Origin, problem: &Problem) -> io::Result<()> {
        let listed = self.problems.entry(problem.kind).or_default();
        if listed.len() < PROBLEMS_LISTED {
            let what = message::problem(self.lang, problem);
            listed.push(format!("{}: {what}", printable(&origin.to_string())));
        }
        Ok(())
    }

    fn more(&mut self, origin: &Origin, detector: &Detector, count: u64) -> io::Result<()> {
        self.heading(origin, None, None)?;
        let text = self.say(Message::More { title: pick(&detector.title, self.lang), count });
        writeln!(self.out, "  {}", self.style.paint(DIM, &text))
    }

    fn persons(&mut self, origin: &Origin, count: u64) -> io::Result<()> {
        // Below a threshold nothing of the file was shown.
        if self.file.as_ref().is_none_or(|file| file.path != origin.path) {
            return Ok(());
        }
        let text = self.say(Message::Persons(count));
        writeln!(self.out, "  {}", self.style.paint(BOLD, &text))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.file.is_some() {
            writeln!(self.out)?;
        }
        let problems: u64 = summary.problems.values().sum();
        if problems > 0 {
            let text = self.say(Message::NotLookedAt(problems));
            writeln!(self.out, "{}", self.style.paint(YELLOW, &text))?;
            for (kind, &count) in &summary.problems {
                writeln!(self.out, "  {} ({count})", message::problem_kind(self.lang, *kind))?;
                let listed = self.problems.get(kind).map_or(&[][..], Vec::as_slice);
                for line in listed {
                    writeln!(self.out, "    {line}")?;
                }
                let rest = count - (listed.len() as u64).min(count);
                if rest > 0 {
                    writeln!(self.out, "    … +{rest}")?;
                }
            }
            writeln!(self.out)?;
        }
        let found = match summary.findings {
            0 => self.say(Message::NothingFound),
            findings => self.style.paint(BOLD, &self.say(Message::Found { findings, files: self.files })),
        };
        writeln!(self.out, "{found}")?;
        if summary.persons > 1 {
            writeln!(self.out, "{}", self.say(Message::PersonsInAll(summary.persons)))?;
        }
        if summary.suppressed > 0 {
            writeln!(self.out, "{}", self.say(Message::SuppressedCount(summary.suppressed)))?;
        }
        let unpacked = (summary.unpacked_bytes > 0).then(|| message::bytes(summary.unpacked_bytes));
        let looked = Message::LookedAt {
            files: summary.files,
            bytes: &message::bytes(summary.bytes),
            unpacked: unpacked.as_deref(),
            seconds: summary.seconds,
        };
        writeln!(self.out, "{}", self.say(looked))?;
        if !summary.not_text.is_empty() {
            let list: Vec<String> = summary.not_text.iter().map(|(what, n)| format!("{what} {n}")).collect();
            writeln!(self.out, "{}", self.say(Message::NotText(&list.join(", "))))?;
        }
        let skipped = summary.skipped;
        let list: Vec<String> = [
            (skipped.hidden, Message::SkippedHidden(skipped.hidden)),
            (skipped.ignored, Message::SkippedIgnored(skipped.ignored)),
            (skipped.links, Message::SkippedLinks(skipped.links)),
            (skipped.special, Message::SkippedSpecial(skipped.special)),
            (skipped.submodules, Message::SkippedSubmodules(skipped.submodules)),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(_, text)| self.say(text))
        .collect();
        if !list.is_empty() {
            writeln!(self.out, "{}", self.say(Message::Skipped(&list.join(", "))))?;
        }
        if summary.stopped {
            writeln!(self.out, "{}", self.style.paint(YELLOW, &self.say(Message::Stopped)))?;
        } else if problems > 0 && summary.findings == 0 {
            writeln!(self.out, "{}", self.style.paint(YELLOW, &self.say(Message::NotClean)))?;
        }
        self.out.flush()
    }
}
