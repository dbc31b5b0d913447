//! Files of messages one after another (RFC 4155), of any size.
//!
//! Each message is a member and comes back through the loop; nothing is kept of it.

use std::io::{self, Read};

use super::lines::Lines;
use super::recognise::is_separator;
use super::words::plain_text;
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::{Block, Input, Mark, Visit};

/// Takes a file of messages apart. Fails if its stream does.
pub(in super::super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let mut lines = Lines::new(&mut *input.reader);
    let mut number = 0_u64;
    while lines.peek().is_some() {
        number += 1;
        let step = Step::Member(format!("message {number}").into());
        // The line between messages names a sender, sometimes one that stands nowhere else.
        let text = plain_text(lines.take());
        let marks = [Mark { at: 0, step: step.clone() }];
        let mut message = Message { lines: &mut lines, left: 0, empty_before: false };
        let seen = visit.block(&Block { text: &text, marks: &marks, header: None });
        // An error means that the budget is spent, which has been reported.
        if seen.and_then(|()| visit.member(step, &mut message)).is_err() {
            return Ok(());
        }
        message.pass_over();
    }
    lines.failed.map_or(Ok(()), Err)
}

/// The bytes of a message: lines until one that begins the next message.
struct Message<'m, 'a> {
    lines: &'m mut Lines<'a>,
    /// Bytes of the line under way that have not been read.
    left: usize,
    /// Was the line before this one empty? Only then may a message begin.
    empty_before: bool,
}

impl Message<'_, '_> {
    /// The rest of the line under way, or the next line; empty at the end.
    fn line(&mut self) -> &[u8] {
        if self.left == 0 {
            self.left = match self.lines.peek() {
                Some((line, true)) if self.empty_before && is_separator(line) => 0,
                Some((line, begins)) => {
                    self.empty_before = begins && line.trim_ascii().is_empty();
                    line.len()
                }
                None => 0,
            };
        }
        match self.lines.peek() {
            Some((line, _)) => &line[line.len() - self.left..],
            None => &[],
        }
    }

    fn consume(&mut self, n: usize) {
        self.left -= n;
        if self.left == 0 {
            self.lines.take();
        }
    }

    /// Goes to the next message.
    fn pass_over(mut self) {
        while let n @ 1.. = self.line().len() {
            self.consume(n);
        }
    }
}

impl Read for Message<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let line = self.line();
        let n = line.len().min(buffer.len());
        buffer[..n].copy_from_slice(&line[..n]);
        if n > 0 {
            self.consume(n);
        } else if let Some(problem) = self.lines.failed.clone().filter(|_| !buffer.is_empty()) {
            return Err(problem.into());
        }
        Ok(n)
    }
}
