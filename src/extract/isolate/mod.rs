//! Intricate parsers in a process of their own.
//!
//! The same program, started with a hidden argument, locks itself down before it sees a byte
//! (`lockdown`), then takes documents apart for the scanner (`parser`): it asks for bytes of
//! the document, hands back members, blocks and problems (`wire`), and can do nothing else.
//! One side waits while the other works, so neither can drown the other. A parser that dies or
//! falls silent is a problem of that one document; the next gets a new process.

mod lockdown;
mod parser;
mod wire;

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use super::{Block, Format, Input, ReadAt, Visit};
use crate::error::{Problem, ProblemKind};
use wire::{Answer, How, Order, PIECE, receive, send};

pub use parser::serve;

/// The argument that makes the program a parser.
pub const ARGUMENT: &str = "parser-worker";

/// [`Parser::silence`] unless it is set: no page or sheet takes as long.
const SILENCE: Duration = Duration::from_secs(30);

/// A parser process.
pub struct Parser {
    process: Child,
    to: ChildStdin,
    /// What it says, read by a thread so that waiting has an end.
    from: Receiver<io::Result<Answer>>,
    /// Longest time that it may work without a word.
    pub silence: Duration,
    /// Set once it cannot be used again.
    broken: Option<Problem>,
}

impl Parser {
    /// Starts the program as a parser. Fails if the system does not let us.
    pub fn start(program: &Path) -> Result<Parser, Problem> {
        let failed = |e: &io::Error| Problem::new(ProblemKind::ParserFailed, format!("cannot start: {e}"));
        let mut command = Command::new(program);
        command.arg(ARGUMENT).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C is for us to answer; it ends when we do, with its input.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn().map_err(|e| failed(&e))?;
        let (Some(to), Some(mut out)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(failed(&io::ErrorKind::BrokenPipe.into()));
        };
        let (tell, from) = sync_channel(1);
        let listen = move || {
            loop {
                let answer = receive(&mut out).and_then(|answer| answer.ok_or(io::ErrorKind::UnexpectedEof.into()));
                let last = answer.is_err();
                if tell.send(answer).is_err() || last {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("parser".to_owned()).spawn(listen).map_err(|e| failed(&e))?;
        Ok(Parser { process, to, from, silence: SILENCE, broken: None })
    }

    /// Can it take another document?
    pub fn is_usable(&self) -> bool {
        self.broken.is_none()
    }

    /// Takes an input apart as `format`'s own extractor would.
    pub fn extract(&mut self, format: &Format, input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
        let start = Order::Start {
            format: format.name.to_owned(),
            size: input.size,
            name: input.name.to_owned(),
            limits: input.limits.clone(),
        };
        let mut talk = Talk { parser: self, input, whole: None };
        talk.tell(&start)?;
        loop {
            match talk.hear()? {
                Answer::Member(step, how) => {
                    let mut content = Content { talk: &mut talk, ended: false };
                    let done = match how {
                        How::Any => visit.member(step, &mut content),
                        How::Raw => visit.raw(step, &mut content),
                        How::Text(encoding) => visit.text(step, encoding, &mut content),
                    };
                    talk.tell(&Order::Done(done.is_ok()))?;
                }
                Answer::Block(text, marks, header) => {
                    // A mark outside the text would be a lie of the parser's.
                    let true = marks.iter().all(|mark| text.is_char_boundary(mark.at)) else {
                        return Err(talk.nonsense());
                    };
                    let done = visit.block(&Block { text: &text, marks: &marks, header: header.as_deref() });
                    talk.tell(&Order::Done(done.is_ok()))?;
                }
                Answer::Passwords => talk.tell(&Order::Passwords(visit.passwords()))?,
                Answer::Problem(step, problem) => visit.problem(step, problem),
                Answer::End(problem) => return problem.map_or(Ok(()), Err),
                Answer::Read(_) | Answer::ReadAt(..) | Answer::Size | Answer::Bytes(_) | Answer::Failed(_) => {
                    return Err(talk.nonsense());
                }
            }
        }
    }

    fn fail(&mut self, why: &str) -> Problem {
        let problem = Problem::new(ProblemKind::ParserFailed, why);
        // It may be in an endless loop.
        let _ = self.process.kill();
        self.broken.get_or_insert(problem).clone()
    }
}

impl Drop for Parser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A document under way.
struct Talk<'p, 'i, 'a> {
    parser: &'p mut Parser,
    input: &'i mut Input<'a>,
    /// The document at any offset, once it was asked for.
    whole: Option<Box<dyn ReadAt + 'a>>,
}

impl Talk<'_, '_, '_> {
    fn tell(&mut self, order: &Order) -> Result<(), Problem> {
        if let Some(problem) = &self.parser.broken {
            return Err(problem.clone());
        }
        send(&mut self.parser.to, order).map_err(|_| self.parser.fail("died"))
    }

    /// What the parser says next, after it got the bytes it asked for.
    fn hear(&mut self) -> Result<Answer, Problem> {
        loop {
            if let Some(problem) = &self.parser.broken {
                return Err(problem.clone());
            }
            let order = match self.parser.from.recv_timeout(self.parser.silence) {
                Err(_) => return Err(self.parser.fail("no answer in time")),
                Ok(Err(e)) if e.kind() == io::ErrorKind::InvalidData => return Err(self.nonsense()),
                Ok(Err(_)) => return Err(self.parser.fail("died")),
                Ok(Ok(Answer::Read(most))) => {
                    let mut bytes = vec![0; piece(most)];
                    let read = self.input.reader.read(&mut bytes);
                    bytes_order(bytes, read)
                }
                Ok(Ok(Answer::ReadAt(at, most))) => match self.whole() {
                    Ok(whole) => {
                        let mut bytes = vec![0; piece(most)];
                        let read = whole.read_at(&mut bytes, at);
                        bytes_order(bytes, read)
                    }
                    Err(problem) => Order::Failed(problem),
                },
                Ok(Ok(Answer::Size)) => match self.whole() {
                    Ok(whole) => Order::Size(whole.size()),
                    Err(problem) => Order::Failed(problem),
                },
                Ok(Ok(answer)) => return Ok(answer),
            };
            self.tell(&order)?;
        }
    }

    fn whole(&mut self) -> Result<&dyn ReadAt, Problem> {
        let whole = match self.whole.take() {
            Some(whole) => whole,
            None => self.input.random_access()?,
        };
        Ok(&**self.whole.insert(whole))
    }

    fn nonsense(&mut self) -> Problem {
        self.parser.fail("nonsense")
    }
}

fn piece(most: u64) -> usize {
    usize::try_from(most).unwrap_or(PIECE).min(PIECE)
}

fn bytes_order(mut bytes: Vec<u8>, read: io::Result<usize>) -> Order {
    match read {
        Ok(n) => {
            bytes.truncate(n);
            Order::Bytes(bytes)
        }
        Err(e) => Order::Failed(Problem::from_io(&e)),
    }
}

/// A member that the parser unpacks as it is read.
struct Content<'t, 'p, 'i, 'a> {
    talk: &'t mut Talk<'p, 'i, 'a>,
    ended: bool,
}

impl Read for Content<'_, '_, '_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        self.talk.tell(&Order::Next(buffer.len() as u64))?;
        match self.talk.hear()? {
            Answer::Bytes(bytes) if bytes.len() <= buffer.len() => {
                buffer[..bytes.len()].copy_from_slice(&bytes);
                self.ended = bytes.is_empty();
                Ok(bytes.len())
            }
            Answer::Failed(problem) => Err(problem.into()),
            _ => Err(self.talk.nonsense().into()),
        }
    }
}
