//! What the scanner and its parser process say to each other, as bytes.
//!
//! A frame is its length (4 bytes, little-endian), a tag and fields in a fixed order. The side
//! that reads trusts nothing: a frame that makes no sense is an error, never a panic, and no
//! length makes it reserve more than [`MOST`].

use std::io::{self, Read, Write};
use std::time::Duration;

use crate::chunk::{Limits, Step};
use crate::error::{Problem, ProblemKind};
use crate::extract::Mark;
use crate::text::Encoding;

/// Longest frame in bytes. Content travels in pieces of at most [`PIECE`]; a block of text is
/// some 256 KiB and its marks.
const MOST: usize = 32 << 20;
/// Bytes of content that travel in one frame.
pub(super) const PIECE: usize = 256 << 10;

/// From the scanner to the parser.
#[derive(Debug, PartialEq)]
pub(super) enum Order {
    /// Take this apart: the format's name, size in bytes, name, limits.
    Start { format: String, size: Option<u64>, name: String, limits: Limits },
    /// The bytes that were asked for; none at the end.
    Bytes(Vec<u8>),
    /// They could not be read.
    Failed(Problem),
    /// The size in bytes of the input.
    Size(u64),
    /// Give up to that many bytes of the member.
    Next(u64),
    /// Enough of the member or block; may there be more?
    Done(bool),
    /// The passwords that were asked for.
    Passwords(Vec<String>),
}

/// From the parser to the scanner.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    /// Asks for the next bytes of the input.
    Read(u64),
    /// Asks for bytes at an offset of it.
    ReadAt(u64, u64),
    /// Asks for its size.
    Size,
    /// Asks for passwords to try.
    Passwords,
    /// A member, and how it is to be read.
    Member(Step, How),
    /// Bytes of the member; none at its end.
    Bytes(Vec<u8>),
    /// The member ends with this.
    Failed(Problem),
    /// A block of text, its marks, its header.
    Block(String, Vec<Mark>, Option<String>),
    /// Something that could not be looked at.
    Problem(Option<Step>, Problem),
    /// The input has been taken apart.
    End(Option<Problem>),
}

/// How a member is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// As whatever it is.
    Any,
    /// As it is, whatever it looks like.
    Raw,
    /// As text in this encoding.
    Text(Encoding),
}

/// Something that travels.
pub(super) trait Message: Sized {
    fn write(&self, out: &mut Fields);
    fn read(fields: &mut &[u8]) -> Option<Self>;
}

/// Sends a message.
pub(super) fn send(out: &mut dyn Write, message: &impl Message) -> io::Result<()> {
    let mut fields = Fields(vec![0; 4]);
    message.write(&mut fields);
    let length = u32::try_from(fields.0.len() - 4).map_err(|_| io::ErrorKind::InvalidInput)?;
    fields.0[..4].copy_from_slice(&length.to_le_bytes());
    out.write_all(&fields.0)?;
    out.flush()
}

/// Receives the next message; `None` where the other side has closed.
pub(super) fn receive<M: Message>(from: &mut dyn Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    if from.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut length[1..])?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    let mut fields = bytes.as_slice();
    M::read(&mut fields).filter(|_| fields.is_empty()).ok_or_else(|| io::ErrorKind::InvalidData.into()).map(Some)
}

/// A message being written.
pub(super) struct Fields(Vec<u8>);

impl Fields {
    fn tag(&mut self, tag: u8) -> &mut Fields {
        self.0.push(tag);
        self
    }

    fn number(&mut self, n: u64) -> &mut Fields {
        self.0.extend(n.to_le_bytes());
        self
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Fields {
        self.number(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Fields, T)) -> &mut Fields {
        self.tag(value.is_some().into());
        if let Some(value) = value {
            write(self, value);
        }
        self
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Member(name) => self.tag(0).bytes(name.as_bytes()),
            Step::Cell(name) => self.tag(1).bytes(name.as_bytes()),
            Step::Page(page) => self.tag(2).number((*page).into()),
            // Extractors decode nothing.
            Step::Decoded { by, .. } => self.tag(0).bytes(by.as_bytes()),
        };
    }

    fn problem(&mut self, problem: &Problem) {
        self.bytes(problem.kind.name().as_bytes()).bytes(problem.what.as_bytes());
    }
}

impl Message for Order {
    fn write(&self, out: &mut Fields) {
        match self {
            Order::Start { format, size, name, limits } => {
                out.tag(0)
                    .bytes(format.as_bytes())
                    .option(*size, |out, n| {
                        out.number(n);
                    })
                    .bytes(name.as_bytes());
                let Limits { nesting, members, bytes, ratio, time, file_size } = limits;
                out.number(*nesting as u64).number(*members).number(*bytes).number(*ratio).number(time.as_secs());
                out.option(*file_size, |out, n| {
                    out.number(n);
                });
            }
            Order::Bytes(bytes) => {
                out.tag(1).bytes(bytes);
            }
            Order::Failed(problem) => out.tag(2).problem(problem),
            Order::Size(size) => {
                out.tag(3).number(*size);
            }
            Order::Next(most) => {
                out.tag(4).number(*most);
            }
            Order::Done(more) => {
                out.tag(5).tag((*more).into());
            }
            Order::Passwords(passwords) => {
                out.tag(6).number(passwords.len() as u64);
                passwords.iter().for_each(|password| {
                    out.bytes(password.as_bytes());
                });
            }
        }
    }

    fn read(fields: &mut &[u8]) -> Option<Order> {
        Some(match tag(fields)? {
            0 => Order::Start {
                format: text(fields)?,
                size: option(fields, number)?,
                name: text(fields)?,
                limits: Limits {
                    nesting: usize::try_from(number(fields)?).ok()?,
                    members: number(fields)?,
                    bytes: number(fields)?,
                    ratio: number(fields)?,
                    time: Duration::from_secs(number(fields)?),
                    file_size: option(fields, number)?,
                },
            },
            1 => Order::Bytes(bytes(fields)?.to_vec()),
            2 => Order::Failed(problem(fields)?),
            3 => Order::Size(number(fields)?),
            4 => Order::Next(number(fields)?),
            5 => Order::Done(tag(fields)? != 0),
            6 => Order::Passwords(list(fields, text)?),
            _ => return None,
        })
    }
}

impl Message for Answer {
    fn write(&self, out: &mut Fields) {
        match self {
            Answer::Read(most) => {
                out.tag(0).number(*most);
            }
            Answer::ReadAt(at, most) => {
                out.tag(1).number(*at).number(*most);
            }
            Answer::Size => {
                out.tag(2);
            }
            Answer::Member(step, how) => {
                match how {
                    How::Any => out.tag(3).tag(0),
                    How::Raw => out.tag(3).tag(1),
                    How::Text(encoding) => out.tag(3).tag(2).bytes(encoding.name().as_bytes()),
                };
                out.step(step);
            }
            Answer::Bytes(bytes) => {
                out.tag(4).bytes(bytes);
            }
            Answer::Failed(problem) => out.tag(5).problem(problem),
            Answer::Block(text, marks, header) => {
                out.tag(6).bytes(text.as_bytes()).number(marks.len() as u64);
                marks.iter().for_each(|mark| out.number(mark.at as u64).step(&mark.step));
                out.option(header.as_ref(), |out, header| {
                    out.bytes(header.as_bytes());
                });
            }
            Answer::Problem(step, problem) => out.tag(7).option(step.as_ref(), Fields::step).problem(problem),
            Answer::Passwords => {
                out.tag(9);
            }
            Answer::End(problem) => {
                out.tag(8).option(problem.as_ref(), Fields::problem);
            }
        }
    }

    fn read(fields: &mut &[u8]) -> Option<Answer> {
        Some(match tag(fields)? {
            0 => Answer::Read(number(fields)?),
            1 => Answer::ReadAt(number(fields)?, number(fields)?),
            2 => Answer::Size,
            3 => {
                let how = match tag(fields)? {
                    0 => How::Any,
                    1 => How::Raw,
                    // What has no label says nothing that is not seen anyway.
                    2 => Encoding::from_label(&text(fields)?).map_or(How::Any, How::Text),
                    _ => return None,
                };
                Answer::Member(step(fields)?, how)
            }
            4 => Answer::Bytes(bytes(fields)?.to_vec()),
            5 => Answer::Failed(problem(fields)?),
            6 => {
                let text = text(fields)?;
                let mark =
                    |fields: &mut &[u8]| Some(Mark { at: usize::try_from(number(fields)?).ok()?, step: step(fields)? });
                Answer::Block(text, list(fields, mark)?, option(fields, self::text)?)
            }
            7 => Answer::Problem(option(fields, step)?, problem(fields)?),
            8 => Answer::End(option(fields, problem)?),
            9 => Answer::Passwords,
            _ => return None,
        })
    }
}

fn tag(fields: &mut &[u8]) -> Option<u8> {
    fields.split_off_first().copied()
}

fn number(fields: &mut &[u8]) -> Option<u64> {
    fields.split_off(..8)?.try_into().ok().map(u64::from_le_bytes)
}

fn bytes<'f>(fields: &mut &'f [u8]) -> Option<&'f [u8]> {
    let length = usize::try_from(number(fields)?).ok()?;
    fields.split_off(..length)
}

fn text(fields: &mut &[u8]) -> Option<String> {
    String::from_utf8(bytes(fields)?.to_vec()).ok()
}

fn option<T>(fields: &mut &[u8], read: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Option<T>> {
    match tag(fields)? {
        0 => Some(None),
        _ => read(fields).map(Some),
    }
}

fn list<T>(fields: &mut &[u8], read: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    // Grows with what is there, not with what is promised.
    let length = number(fields)?;
    let mut items = Vec::new();
    for _ in 0..length {
        items.push(read(fields)?);
    }
    Some(items)
}

fn step(fields: &mut &[u8]) -> Option<Step> {
    Some(match tag(fields)? {
        0 => Step::Member(text(fields)?.into()),
        1 => Step::Cell(text(fields)?.into()),
        2 => Step::Page(u32::try_from(number(fields)?).ok()?),
        _ => return None,
    })
}

fn problem(fields: &mut &[u8]) -> Option<Problem> {
    let kind = text(fields)?;
    let kind = ProblemKind::ALL.iter().find(|known| known.name() == kind)?;
    Some(Problem::new(*kind, text(fields)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again<M: Message>(message: &M) -> Option<M> {
        let mut bytes = Vec::new();
        send(&mut bytes, message).ok()?;
        receive(&mut bytes.as_slice()).ok()?
    }

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let problem = || Problem::new(ProblemKind::Encrypted, "7z");
        let orders = [
            Order::Start {
                format: "7z".into(),
                size: Some(7),
                name: "名簿.7z".into(),
                limits: Limits { file_size: Some(1), ..Limits::default() },
            },
            Order::Bytes(vec![1, 2]),
            Order::Failed(problem()),
            Order::Size(u64::MAX),
            Order::Next(1),
            Order::Done(false),
            Order::Passwords(vec!["a".into(), String::new()]),
        ];
        orders.iter().for_each(|order| assert_eq!(again(order).as_ref(), Some(order)));
        let mark = Mark { at: 3, step: Step::Cell("Sheet1!C7".into()) };
        let answers = [
            Answer::Read(1),
            Answer::ReadAt(2, 3),
            Answer::Size,
            Answer::Passwords,
            Answer::Member(Step::Member("a".into()), How::Raw),
            Answer::Bytes(Vec::new()),
            Answer::Failed(problem()),
            Answer::Block("表".into(), vec![mark], Some("氏名".into())),
            Answer::Problem(Some(Step::Page(3)), problem()),
            Answer::End(None),
        ];
        answers.iter().for_each(|answer| assert_eq!(again(answer).as_ref(), Some(answer)));
        // By the names that people see, so these must all be labels too.
        for label in ["utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16le", "utf-16be", "windows-1252"] {
            let encoding = Encoding::from_label(label).expect(label);
            let answer = Answer::Member(Step::Page(1), How::Text(encoding));
            assert_eq!(again(&answer), Some(answer), "{label}");
        }
    }

    #[test]
    fn nonsense_is_an_error() {
        for bytes in
            [&b"\xff\xff\xff\xff"[..], b"\x01\0\0\0\xff", b"\x02\0\0\0\x02\x02", b"\x05\0\0\0\x01\xff\xff\xff\xff"]
        {
            assert!(receive::<Answer>(&mut &*bytes).is_err());
            assert!(receive::<Order>(&mut &*bytes).is_err());
        }
        assert!(receive::<Order>(&mut &b""[..]).is_ok_and(|order| order.is_none()));
    }
}
