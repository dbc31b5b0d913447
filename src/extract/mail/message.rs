//! A message (RFC 5322, MIME: RFC 2045, 2046) → its headers, bodies and attachments.
//!
//! One pass over the lines: a part is read by whoever looks at it until a boundary of any
//! multipart around it comes, so memory does not grow with the message. A message within a
//! message is a member like an attachment and comes back through the loop.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::flowed::Flowed;
use super::header::Header;
use super::lines::Lines;
use super::recognise::is_length;
use super::transfer::Transfer;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::{Block, Input, Mark, Visit};
use crate::text::Encoding;

/// Multiparts within each other that are told apart. What lies deeper is one part.
const MOST_DEPTH: usize = 50;
/// Longest header of a part, in bytes; what follows counts as its body.
const MOST_HEADER: usize = 256 << 10;

/// Takes a message apart. Fails if its stream does.
pub(in super::super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let mut walk =
        Walk { lines: Lines::new(&mut *input.reader), open: Vec::new(), stop: None, visit, names: BTreeMap::new() };
    if walk.lines.peek().is_some_and(|(line, _)| is_length(line)) {
        walk.lines.take();
    }
    // An error means that the budget is spent, which has been reported.
    let _ = walk.entity(None);
    walk.lines.failed.map_or(Ok(()), Err)
}

/// The walk through a message's parts.
struct Walk<'a, 'v> {
    lines: Lines<'a>,
    /// The boundaries of the multiparts under way, outermost first.
    open: Vec<Vec<u8>>,
    /// The boundary that ended the part before.
    stop: Option<Stop>,
    visit: &'v mut dyn Visit,
    /// How often a name has been given, so that equal ones can be told apart.
    names: BTreeMap<String, u32>,
}

/// A boundary line: of which multipart, and is it the last one?
#[derive(Clone, Copy)]
struct Stop {
    level: usize,
    last: bool,
}

impl Walk<'_, '_> {
    /// The message, or a part of the multipart with this subtype; the lines stand at its header.
    fn entity(&mut self, within: Option<&str>) -> io::Result<()> {
        let header = self.header(within);
        let kind = match header.value("Content-Type") {
            kind if !kind.is_empty() => kind,
            _ if within == Some("digest") => "message/rfc822".to_owned(),
            _ => "text/plain".to_owned(),
        };
        let boundary = header.parameter("Content-Type", "boundary").filter(|_| self.open.len() < MOST_DEPTH);
        let file = header.file_name();
        let name = match (&file, boundary.is_some() && kind.starts_with("multipart/")) {
            (Some(name), _) => name.clone(),
            (None, true) => self.name("multipart"),
            (None, false) => self.name(&unnamed(&kind)),
        };
        self.fields(&header, file.as_deref(), within.map(|_| name.as_str()))?;
        if let (Some(boundary), Some(subtype)) = (boundary, kind.strip_prefix("multipart/")) {
            return self.multipart(boundary.trim_end().as_bytes(), subtype);
        }
        let step = Step::Member(name.into());
        if let Some(by) = encrypted(&kind, &header, within) {
            self.visit.problem(Some(step.clone()), Problem::new(ProblemKind::Encrypted, by));
        }
        if kind == "message/partial" {
            self.visit.problem(Some(step.clone()), Problem::new(ProblemKind::Unsupported, partial(&header)));
        }
        let charset = header.parameter("Content-Type", "charset").filter(|_| kind.starts_with("text/"));
        let charset = charset.and_then(|label| believable(&label));
        let transfer = Transfer::named(&header.value("Content-Transfer-Encoding"));
        self.leaf(transfer, flowed(&kind, &header), |visit, bytes| match charset {
            Some(charset) => visit.text(step, charset, bytes),
            None => visit.member(step, bytes),
        })
    }

    /// The fields that come next, up to the empty line or whatever else ends them.
    fn header(&mut self, within: Option<&str>) -> Header {
        let mut header = Header::default();
        let mut length = 0;
        while let Some((line, _)) = self.lines.peek() {
            if line.trim_ascii().is_empty() {
                self.lines.take();
                break;
            }
            length += line.len();
            // A line that is no field begins a body without an empty line before it.
            if within.is_some() && line.starts_with(b"--") || length > MOST_HEADER || !header.take(line) {
                break;
            }
            self.lines.take();
        }
        header
    }

    /// Hands on a header as text; `part` is the name of the part it belongs to.
    fn fields(&mut self, header: &Header, file: Option<&str>, part: Option<&str>) -> io::Result<()> {
        if header.is_empty() {
            return Ok(());
        }
        let mut text = header.text();
        if let Some(name) = file {
            text.push_str("filename: ");
            text.push_str(name);
            text.push('\n');
        }
        let step = part.map_or_else(|| "headers".to_owned(), |name| format!("{name} headers"));
        let marks = [Mark { at: 0, step: Step::Member(step.into()) }];
        self.visit.block(&Block { text: &text, marks: &marks, header: None })
    }

    /// Parts between boundary lines, and what stands before and behind them.
    fn multipart(&mut self, boundary: &[u8], subtype: &str) -> io::Result<()> {
        let level = self.open.len();
        self.open.push(boundary.to_vec());
        self.aside("preamble")?;
        while let Some(Stop { last: false, .. }) = self.stop.filter(|stop| stop.level == level) {
            self.stop = None;
            self.entity(Some(subtype))?;
        }
        self.open.truncate(level);
        if self.stop.is_some_and(|stop| stop.level == level) {
            self.stop = None;
            self.aside("epilogue")?;
        }
        Ok(())
    }

    /// Text outside of all parts.
    fn aside(&mut self, name: &str) -> io::Result<()> {
        self.leaf(Transfer::Identity, None, |visit, bytes| {
            let mut begin = Vec::new();
            // What is wrong with the stream is said in the end.
            let _ = (&mut *bytes).take(4096).read_to_end(&mut begin);
            if begin.trim_ascii().is_empty() && begin.len() < 4096 {
                return Ok(());
            }
            visit.raw(Step::Member(name.into()), &mut begin.chain(bytes))
        })
    }

    /// Lets the visitor read a part to its end.
    fn leaf(
        &mut self,
        transfer: Transfer,
        flowed: Option<Flowed>,
        look: impl FnOnce(&mut dyn Visit, &mut dyn Read) -> io::Result<()>,
    ) -> io::Result<()> {
        let Walk { lines, open, stop, visit, .. } = self;
        let mut body = Body { lines, open, stop, transfer, flowed, out: Vec::new(), used: 0, ended: false };
        let looked = look(&mut **visit, &mut body);
        body.used = body.out.len();
        while body.line() {
            body.used = body.out.len();
        }
        looked
    }

    /// A name that no part before had.
    fn name(&mut self, name: &str) -> String {
        let count = self.names.entry(name.to_owned()).or_default();
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name} {count}") }
    }
}

/// What a part without a name is called.
fn unnamed(kind: &str) -> String {
    match kind.split_once('/') {
        Some(("text", "plain")) => "body".to_owned(),
        Some(("text", subtype)) => format!("body.{subtype}"),
        Some(("message", _)) => "message".to_owned(),
        _ => "attachment".to_owned(),
    }
}

/// The encoding that a label means, if it is one that is not mixed up: bodies that are said to be
/// Western or of two bytes a character often are not, and show what they are.
fn believable(label: &str) -> Option<Encoding> {
    use Encoding::{EucJp, Iso2022Jp, ShiftJis, Utf8};
    Encoding::from_label(label).filter(|encoding| matches!(encoding, Utf8 | ShiftJis | EucJp | Iso2022Jp))
}

/// By what a part is encrypted (RFC 1847, RFC 8551), if it is.
fn encrypted(kind: &str, header: &Header, within: Option<&str>) -> Option<&'static str> {
    let smime = kind.ends_with("pkcs7-mime")
        && header.parameter("Content-Type", "smime-type").is_some_and(|t| t.to_ascii_lowercase().contains("enveloped"));
    match within {
        _ if smime => Some("s/mime"),
        Some("encrypted") if kind == "application/octet-stream" => Some("pgp/mime"),
        _ => None,
    }
}

/// How the lines of a text are to be joined, where it says so (RFC 3676).
fn flowed(kind: &str, header: &Header) -> Option<Flowed> {
    let says = |name, value: &str| {
        header.parameter("Content-Type", name).is_some_and(|said| said.trim().eq_ignore_ascii_case(value))
    };
    (kind == "text/plain" && says("format", "flowed")).then(|| Flowed::new(says("delsp", "yes")))
}

/// Which part of a divided message this is (RFC 2046 §5.2.2): the others are in other mails.
fn partial(header: &Header) -> String {
    let number = |name| header.parameter("Content-Type", name).and_then(|n| n.trim().parse::<u32>().ok());
    match (number("number"), number("total")) {
        (Some(number), Some(total)) => format!("message/partial {number}/{total}"),
        (Some(number), None) => format!("message/partial {number}"),
        _ => "message/partial".to_owned(),
    }
}

/// The bytes of a part: lines until a boundary, their transfer encoding undone.
struct Body<'b, 'a> {
    lines: &'b mut Lines<'a>,
    open: &'b [Vec<u8>],
    stop: &'b mut Option<Stop>,
    transfer: Transfer,
    flowed: Option<Flowed>,
    out: Vec<u8>,
    used: usize,
    ended: bool,
}

impl Body<'_, '_> {
    /// Decodes one more line into `out`; `false` at the end of the part.
    fn line(&mut self) -> bool {
        if self.used == self.out.len() {
            self.out.clear();
            self.used = 0;
        }
        if self.ended {
            return false;
        }
        if self.stop.is_none()
            && let Some((line, begins)) = self.lines.peek()
        {
            *self.stop = boundary(line, self.open).filter(|_| begins);
            let line = self.lines.take();
            if self.stop.is_none() {
                match &mut self.flowed {
                    None => self.transfer.decode(line, &mut self.out),
                    Some(flowed) => {
                        self.transfer.decode(line, flowed.take());
                        flowed.join(&mut self.out);
                    }
                }
                return true;
            }
        }
        self.ended = true;
        match &mut self.flowed {
            None => self.transfer.finish(&mut self.out),
            Some(flowed) => {
                self.transfer.finish(flowed.take());
                flowed.finish(&mut self.out);
            }
        }
        !self.out.is_empty()
    }
}

impl Read for Body<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.out.len() {
            if !self.line() {
                return self.lines.failed.clone().map_or(Ok(0), |problem| Err(problem.into()));
            }
        }
        let n = buffer.len().min(self.out.len() - self.used);
        buffer[..n].copy_from_slice(&self.out[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}

/// The boundary that this line is, looked for from the innermost multipart outward.
fn boundary(line: &[u8], open: &[Vec<u8>]) -> Option<Stop> {
    let text = line.strip_prefix(b"--")?.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, boundary)| match text.strip_prefix(boundary.as_slice())? {
        b"" => Some(Stop { level, last: false }),
        b"--" => Some(Stop { level, last: true }),
        _ => None,
    })
}
