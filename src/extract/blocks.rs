//! Puts text together for [`Visit::block`]: text and the names of its parts in, blocks of some
//! 256 KiB that end with a line out.
//!
//! Knows no format. What stands beside the running text (attributes, formulas, links) is kept
//! apart as asides, so that it does not tear a sentence in two.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};

use super::{Block, Mark, Visit};
use crate::chunk::Step;
use crate::detect::Above;
use crate::error::Problem;

/// A block ends with the first line beyond this many bytes.
const ENOUGH: usize = 256 << 10;
/// A block of one line without end is cut here, in bytes.
const MOST: usize = 1 << 20;
/// What a cut repeats of the block before, in bytes: longer than any value.
const OVERLAP: usize = 4 << 10;
/// Different asides that are remembered in order to say each one once.
const MOST_REMEMBERED: usize = 1 << 16;

/// Text under way to a [`Visit`]or.
pub(super) struct Blocks<'v> {
    visit: &'v mut dyn Visit,
    text: String,
    marks: Vec<Mark>,
    /// The rows above this block that name its columns.
    header: String,
    aside: String,
    aside_marks: Vec<Mark>,
    said: HashSet<u64>,
    stopped: bool,
}

impl<'v> Blocks<'v> {
    pub(super) fn new(visit: &'v mut dyn Visit) -> Blocks<'v> {
        Blocks {
            visit,
            text: String::new(),
            marks: Vec::new(),
            header: String::new(),
            aside: String::new(),
            aside_marks: Vec::new(),
            said: HashSet::new(),
            stopped: false,
        }
    }

    /// What follows belongs to this part.
    pub(super) fn part(&mut self, step: Step) {
        let at = self.text.len();
        match self.marks.last_mut() {
            Some(last) if last.at == at => last.step = step,
            _ => self.marks.push(Mark { at, step }),
        }
    }

    /// More text of the part.
    pub(super) fn push(&mut self, text: &str) -> Result<(), Problem> {
        self.text.push_str(text);
        if self.text.len() < MOST { Ok(()) } else { self.cut() }
    }

    /// Ends the line, unless it is empty.
    pub(super) fn line(&mut self) -> Result<(), Problem> {
        if !self.is_line_begin() {
            self.text.push('\n');
        }
        if self.text.len() < ENOUGH { Ok(()) } else { self.go_on() }
    }

    /// Is nothing on the line yet?
    pub(super) fn is_line_begin(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    /// Does the text end with this character?
    pub(super) fn ends_with(&self, c: char) -> bool {
        self.text.ends_with(c)
    }

    /// A text beside the running text, on lines of its own and once for equal ones.
    pub(super) fn aside(&mut self, step: &Step, text: &str) -> Result<(), Problem> {
        let text = text.trim();
        if text.is_empty() || !self.is_new(step, text) {
            return Ok(());
        }
        if self.aside_marks.last().is_none_or(|mark| mark.step != *step) {
            self.aside_marks.push(Mark { at: self.aside.len(), step: step.clone() });
        }
        self.aside.push_str(text);
        self.aside.push('\n');
        if self.aside.len() < ENOUGH { Ok(()) } else { self.send_asides() }
    }

    fn is_new(&mut self, step: &Step, text: &str) -> bool {
        if self.said.len() >= MOST_REMEMBERED {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        step.hash(&mut hasher);
        text.hash(&mut hasher);
        self.said.insert(hasher.finish())
    }

    /// Hands over everything so far; the next text begins a new part.
    pub(super) fn finish(&mut self) -> Result<(), Problem> {
        self.send()?;
        self.marks.clear();
        self.header.clear();
        self.send_asides()
    }

    /// The visitor itself, for problems.
    pub(super) fn visit(&mut self) -> &mut dyn Visit {
        self.visit
    }

    /// Did the visitor ask to stop? Then nothing more is looked at.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Hands over a member. Fails where its bytes cannot be read, or the visitor stops.
    pub(super) fn member(&mut self, step: Step, bytes: &mut dyn Read) -> Result<(), Problem> {
        let done = self.visit.member(step, bytes);
        self.told(done)
    }

    fn told(&mut self, done: io::Result<()>) -> Result<(), Problem> {
        self.stopped |= done.is_err();
        done.map_err(|e| Problem::from_io(&e))
    }

    fn send(&mut self) -> Result<(), Problem> {
        if !self.text.trim().is_empty() {
            let header = Some(self.header.as_str()).filter(|header| !header.is_empty());
            let block = Block { text: &self.text, marks: &self.marks, header };
            let done = self.visit.block(&block);
            self.told(done)?;
        }
        self.text.clear();
        self.restart();
        Ok(())
    }

    /// Hands over a block in the middle of things: the rows that name its columns hold further on.
    fn go_on(&mut self) -> Result<(), Problem> {
        let above = Above::with_rows(&self.header);
        let header = Above::after(self.text.as_bytes(), Some(&above), true).rows();
        self.send()?;
        self.header = header;
        Ok(())
    }

    /// Ends a block within a line and begins the next one a little before.
    fn cut(&mut self) -> Result<(), Problem> {
        let from = self.text.len() - OVERLAP;
        let from = (from..self.text.len()).find(|&i| self.text.is_char_boundary(i)).unwrap_or(self.text.len());
        let tail = self.text[from..].to_owned();
        self.go_on()?;
        self.text = tail;
        Ok(())
    }

    /// The part under way goes on in the next block.
    fn restart(&mut self) {
        let last = self.marks.pop();
        self.marks.clear();
        self.marks.extend(last.map(|mark| Mark { at: 0, step: mark.step }));
    }

    fn send_asides(&mut self) -> Result<(), Problem> {
        if self.aside.is_empty() {
            return Ok(());
        }
        let block = Block { text: &self.aside, marks: &self.aside_marks, header: None };
        let done = self.visit.block(&block);
        self.told(done)?;
        self.aside.clear();
        self.aside_marks.clear();
        Ok(())
    }
}
