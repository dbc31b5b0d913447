//! The parser process: takes apart what it is told to, and sees nothing but the bytes it asks
//! for.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::lockdown;
use super::wire::{Answer, How, Order, PIECE, receive, send};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::{Block, FORMATS, Input, ReadAt, Visit};
use crate::text::Encoding;

/// Locks this process down, then serves the scanner at the other end of the two pipes until it
/// closes them. Fails if the connection does.
pub fn serve(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
    lockdown::this_process();
    let line = RefCell::new(Line { from, to });
    loop {
        let order = receive(line.borrow_mut().from)?;
        match order {
            None => return Ok(()),
            Some(Order::Start { format, size, name, limits }) => {
                let document = Remote { line: &line, size: size.into(), kept: RefCell::default() };
                let mut reader = Sequence { line: &line, kept: Vec::new(), used: 0 };
                let mut input = Input::new(&mut reader, &name, &limits);
                input.size = size;
                input.file = Some(&document);
                let done = catch_unwind(AssertUnwindSafe(|| {
                    let unknown = || Problem::new(ProblemKind::Unsupported, format.clone());
                    let format = FORMATS.iter().find(|known| known.name == format).ok_or_else(unknown)?;
                    (format.extract)(&mut input, &mut Remark { line: &line })
                }));
                let problem = done.unwrap_or_else(|_| Err(Problem::new(ProblemKind::ParserFailed, "panic"))).err();
                line.borrow_mut().tell(&Answer::End(problem))?;
            }
            Some(_) => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// The connection to the scanner.
struct Line<'a> {
    from: &'a mut dyn Read,
    to: &'a mut dyn Write,
}

impl Line<'_> {
    fn tell(&mut self, answer: &Answer) -> io::Result<()> {
        send(self.to, answer)
    }

    fn hear(&mut self) -> io::Result<Order> {
        receive(self.from)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Asks for bytes.
    fn bytes(&mut self, ask: &Answer) -> io::Result<Vec<u8>> {
        self.tell(ask)?;
        match self.hear()? {
            Order::Bytes(bytes) => Ok(bytes),
            Order::Failed(problem) => Err(problem.into()),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// Bytes asked for at a time, at least.
const AT_LEAST: usize = 64 << 10;

/// The document from its beginning.
struct Sequence<'a, 'l> {
    line: &'a RefCell<Line<'l>>,
    kept: Vec<u8>,
    used: usize,
}

impl Read for Sequence<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == self.kept.len() && !buffer.is_empty() {
            let most = buffer.len().clamp(AT_LEAST, PIECE);
            self.kept = self.line.borrow_mut().bytes(&Answer::Read(most as u64))?;
            self.used = 0;
        }
        let rest = &self.kept[self.used..];
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.used += n;
        Ok(n)
    }
}

/// The document at any offset.
struct Remote<'a, 'l> {
    line: &'a RefCell<Line<'l>>,
    size: std::cell::Cell<Option<u64>>,
    /// The last bytes that were read, and their offset.
    kept: RefCell<(u64, Vec<u8>)>,
}

impl ReadAt for Remote<'_, '_> {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let mut kept = self.kept.borrow_mut();
        if at < kept.0 || at - kept.0 >= kept.1.len() as u64 {
            let most = buffer.len().clamp(AT_LEAST, PIECE);
            *kept = (at, self.line.borrow_mut().bytes(&Answer::ReadAt(at, most as u64))?);
        }
        let rest = usize::try_from(at - kept.0).ok().and_then(|from| kept.1.get(from..)).unwrap_or_default();
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn size(&self) -> u64 {
        if let Some(size) = self.size.get() {
            return size;
        }
        let mut line = self.line.borrow_mut();
        let size = match line.tell(&Answer::Size).and_then(|()| line.hear()) {
            Ok(Order::Size(size)) => size,
            // The next read fails too, and says why.
            _ => 0,
        };
        self.size.set(Some(size));
        size
    }
}

/// Tells the scanner what was found.
struct Remark<'a, 'l> {
    line: &'a RefCell<Line<'l>>,
}

impl Remark<'_, '_> {
    fn hand_on(&mut self, step: Step, bytes: &mut dyn Read, how: How) -> io::Result<()> {
        self.line.borrow_mut().tell(&Answer::Member(step, how))?;
        loop {
            // Reading the member may itself ask for bytes of the document.
            let order = self.line.borrow_mut().hear()?;
            match order {
                Order::Next(most) => {
                    let mut buffer = vec![0; usize::try_from(most).unwrap_or(PIECE).min(PIECE)];
                    let answer = match bytes.read(&mut buffer) {
                        Ok(n) => {
                            buffer.truncate(n);
                            Answer::Bytes(buffer)
                        }
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                        Err(e) => Answer::Failed(Problem::from_io(&e)),
                    };
                    self.line.borrow_mut().tell(&answer)?;
                }
                order => return done(&order),
            }
        }
    }
}

fn done(order: &Order) -> io::Result<()> {
    match order {
        Order::Done(true) => Ok(()),
        Order::Done(false) => Err(io::Error::other("budget spent")),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

impl Visit for Remark<'_, '_> {
    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        self.hand_on(step, bytes, How::Any)
    }

    fn text(&mut self, step: Step, encoding: Encoding, bytes: &mut dyn Read) -> io::Result<()> {
        self.hand_on(step, bytes, How::Text(encoding))
    }

    fn raw(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        self.hand_on(step, bytes, How::Raw)
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        let mut line = self.line.borrow_mut();
        line.tell(&Answer::Block(block.text.to_owned(), block.marks.to_vec(), block.header.map(str::to_owned)))?;
        let order = line.hear()?;
        done(&order)
    }

    fn passwords(&mut self) -> Vec<String> {
        let mut line = self.line.borrow_mut();
        match line.tell(&Answer::Passwords).and_then(|()| line.hear()) {
            Ok(Order::Passwords(passwords)) => passwords,
            // The next thing that waits for the connection notices that it is gone.
            _ => Vec::new(),
        }
    }

    fn problem(&mut self, step: Option<Step>, problem: Problem) {
        // If the connection is gone, the next thing that waits for it notices.
        let _ = self.line.borrow_mut().tell(&Answer::Problem(step, problem));
    }
}
