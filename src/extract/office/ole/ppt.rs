//! PowerPoint 97–2003 (MS-PPT): the text atoms of slides and notes, in their order; tables row by row.
//!
//! Records within records. One that says to be longer than what it lies in ends there: PowerPoint
//! itself writes some whose content is no records.

use super::bytes::{u16_at, u32_at, utf16};
use super::carve;
use super::grid::Grid;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

// Record types, MS-PPT §2.13.24.
const SLIDE: u16 = 0x03EE;
const NOTES: u16 = 0x03F0;
const MASTER: u16 = 0x03F8;
const SLIDE_LIST: u16 = 0x0FF0;
const SLIDE_IN_LIST: u16 = 0x03F3;
const TEXT_CHARACTERS: u16 = 0x0FA0;
const TEXT_BYTES: u16 = 0x0FA8;
const STRING: u16 = 0x0FBA;
const CRYPT_SESSION: u16 = 0x2F14;
// MS-ODRAW §2.2.16, 2.2.14, 2.2.39: a group of shapes, a shape, its place within the group; MS-PPT
// §2.9.76: its text.
const GROUP: u16 = 0xF003;
const SHAPE: u16 = 0xF004;
const PLACE: u16 = 0xF00F;
const SHAPE_TEXT: u16 = 0xF00D;
/// Properties of a shape (MS-ODRAW §2.2.9 to 2.2.11): its name, its description, a picture's file.
const PROPERTIES: [u16; 3] = [0xF00B, 0xF121, 0xF122];

/// Hands on the text of a presentation.
pub(super) fn read(data: &[u8], blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut walk = Walk { data, blocks, open: Vec::new(), counts: Counts::default(), whole: true };
    let mut at = 0;
    while at + 8 <= data.len() {
        walk.close(at)?;
        at = walk.record(at)?;
    }
    walk.close(usize::MAX)?;
    let whole = walk.whole;
    blocks.finish()?;
    if whole { Ok(()) } else { Err(Problem::new(ProblemKind::Damaged, "ppt")) }
}

/// A container under way.
struct Open {
    end: usize,
    /// What a group of shapes holds so far.
    group: Option<Grid>,
    /// Is it a shape within a group?
    is_shape: bool,
}

/// What has been counted to name it.
#[derive(Default)]
struct Counts {
    slides: u32,
    notes: u32,
    list: u16,
    listed: u32,
}

struct Walk<'d, 'b, 'v> {
    data: &'d [u8],
    blocks: &'b mut Blocks<'v>,
    open: Vec<Open>,
    counts: Counts,
    whole: bool,
}

impl Walk<'_, '_, '_> {
    /// Ends all containers that end here or before.
    fn close(&mut self, at: usize) -> Result<(), Problem> {
        while let Some(last) = self.open.pop_if(|open| open.end <= at) {
            if let Some(grid) = last.group {
                for line in grid.lines() {
                    self.blocks.push(&line)?;
                    self.blocks.line()?;
                }
            }
        }
        Ok(())
    }

    /// Looks at the record that begins here. Returns where the next one begins.
    fn record(&mut self, start: usize) -> Result<usize, Problem> {
        let (Some(version), Some(kind), Some(length)) =
            (u16_at(self.data, start), u16_at(self.data, start + 2), u32_at(self.data, start + 4))
        else {
            return Ok(self.data.len());
        };
        let at = start + 8;
        let around = self.open.last().map_or(self.data.len(), |open| open.end);
        let mut end = at.saturating_add(length as usize);
        if end > around {
            // Cut, or something else than records.
            self.whole &= around < self.data.len();
            if around < self.data.len() {
                let step = Step::Member(format!("bytes@{start}").into());
                self.blocks.visit().raw(step, &mut &self.data[start..around]).map_err(|e| Problem::from_io(&e))?;
                return Ok(around);
            }
            end = around;
        }
        self.name(version >> 4, kind)?;
        if version & 0xF == 0xF {
            let in_group = self.open.iter().rev().find_map(|open| open.group.as_ref()).is_some();
            let group = (kind == GROUP).then(Grid::default);
            self.open.push(Open { end, group, is_shape: kind == SHAPE && in_group });
            if kind == SHAPE
                && let Some(grid) = self.grid()
            {
                grid.begin_cell();
            }
            // What is inside of it comes next by itself.
            return Ok(at);
        }
        let content = &self.data[at..end];
        let text = match kind {
            PLACE | SHAPE_TEXT => {
                if let Some(grid) = self.grid() {
                    let number = |at: usize| u32_at(content, at).map(u32::cast_signed);
                    if let (Some(left), Some(top)) = (number(0), number(4)) {
                        grid.place(left, top);
                    }
                }
                return Ok(end);
            }
            _ if PROPERTIES.contains(&kind) => {
                carve::read(content, &Step::Member("shapes".into()), self.blocks)?;
                return Ok(end);
            }
            TEXT_CHARACTERS | STRING => utf16(content),
            // The low bytes of UTF-16, whose high bytes are all zero.
            TEXT_BYTES => content.iter().map(|&b| char::from(b)).collect(),
            _ => return Ok(end),
        };
        if let Some(grid) = self.grid().filter(|grid| grid.has_place()) {
            grid.text(&text);
            return Ok(end);
        }
        for line in text.split(['\r', '\u{B}', '\n', '\0']) {
            self.blocks.push(line)?;
            self.blocks.line()?;
        }
        Ok(end)
    }

    /// The group around the shape under way.
    fn grid(&mut self) -> Option<&mut Grid> {
        let inside = self.open.iter().rposition(|open| open.is_shape)?;
        self.open[..inside].last_mut()?.group.as_mut()
    }

    /// Names the part that this record begins, if it begins one.
    fn name(&mut self, instance: u16, kind: u16) -> Result<(), Problem> {
        let Walk { blocks, counts, .. } = self;
        let mut part = |name: String| blocks.part(Step::Member(name.into()));
        match kind {
            CRYPT_SESSION => return Err(Problem::new(ProblemKind::Encrypted, "ppt")),
            SLIDE => {
                counts.slides += 1;
                part(format!("slide {}", counts.slides));
            }
            NOTES => {
                counts.notes += 1;
                part(format!("notes {}", counts.notes));
            }
            MASTER => part("master".to_owned()),
            // Lists of slides, of masters and of notes, in this order of the instance.
            SLIDE_LIST => (counts.list, counts.listed) = (instance, 0),
            SLIDE_IN_LIST => {
                counts.listed += 1;
                part(match counts.list {
                    0 => format!("slide {}", counts.listed),
                    1 => "master".to_owned(),
                    _ => format!("notes {}", counts.listed),
                });
            }
            _ => {}
        }
        Ok(())
    }
}
