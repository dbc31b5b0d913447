//! Pieces of text and where they stand on a page → lines of text.
//!
//! Pieces come in the order in which they are drawn. Those at the same height are one line and
//! are ordered along it, because programs draw the parts of a word in any order; what is
//! between two of them says whether they are one word, two words or two columns.

use super::grid::{Grid, Row, Segment};
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

// Distances, in multiples of the font size.
/// From here on two pieces are two words.
const WORD: f64 = 0.15;
/// The same beside a Japanese character: programs put a quarter between it and a digit.
const WIDE_WORD: f64 = 0.4;
/// From here on they may be two columns.
const GAP: f64 = 1.0;
/// From here on, across the direction of writing, they are two lines.
const LINE: f64 = 0.5;
/// Pieces with the same text that are no further apart are one, drawn twice to look bold.
const SAME: f64 = 0.1;
/// Most pieces of a line.
const MOST_PIECES: usize = 1 << 14;

/// A piece of text, in the units of the page.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Where it begins and ends.
    pub(super) begin: (f64, f64),
    pub(super) end: (f64, f64),
    /// The direction of writing, of length one.
    pub(super) direction: (f64, f64),
    /// The size of the font.
    pub(super) em: f64,
}

/// The line under way.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Direction, height and font size of the first piece.
    frame: Option<((f64, f64), f64, f64)>,
    pieces: Vec<Placed>,
    grid: Grid,
}

#[derive(Debug)]
struct Placed {
    begin: f64,
    end: f64,
    em: f64,
    text: String,
}

impl Line {
    /// Adds a piece; ends the line before if it stands on another.
    pub(super) fn add(&mut self, piece: Piece, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        if piece.text.is_empty() {
            return Ok(());
        }
        let (x, y) = piece.direction;
        let height = piece.begin.0 * y - piece.begin.1 * x;
        let on_line = self
            .frame
            .is_some_and(|((fx, fy), at, em)| fx * x + fy * y > 0.99 && (height - at).abs() <= LINE * em.max(piece.em));
        if !on_line || self.pieces.len() >= MOST_PIECES {
            self.end(blocks, step)?;
            self.frame = Some((piece.direction, height, piece.em));
        }
        let along = |(px, py): (f64, f64)| px * x + py * y;
        let (begin, end) = (along(piece.begin), along(piece.end));
        self.pieces.push(Placed { begin, end, em: piece.em, text: piece.text });
        Ok(())
    }

    /// Ends the page.
    pub(super) fn finish(&mut self, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        self.end(blocks, step)?;
        self.grid.finish(blocks, step)
    }

    /// Ends the line and hands it on, cut where there are gaps.
    fn end(&mut self, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        self.pieces.sort_by(|a, b| a.begin.total_cmp(&b.begin));
        let height = self.frame.take().map_or(0.0, |(_, height, _)| height);
        let mut row = Row { height, segments: Vec::new() };
        let mut last: Option<Placed> = None;
        for piece in self.pieces.drain(..) {
            let between = last.as_ref().map(|last| {
                let is_again = last.text == piece.text && (piece.begin - last.begin).abs() < SAME * piece.em;
                if is_again { Between::Again } else { between(last, &piece) }
            });
            match (between, row.segments.last_mut()) {
                (Some(Between::Again), _) => continue,
                (Some(Between::Text(blank)), Some(segment)) => {
                    segment.text.push_str(blank);
                    segment.text.push_str(&piece.text);
                    segment.end = segment.end.max(piece.end);
                }
                _ => {
                    let Placed { begin, end, em, ref text } = piece;
                    row.segments.push(Segment { begin, end, em, text: text.clone(), whole: None });
                }
            }
            last = Some(piece);
        }
        row.segments.retain(|segment| !segment.text.trim().is_empty());
        if row.segments.is_empty() { Ok(()) } else { self.grid.row(row, blocks, step) }
    }
}

/// What is between two pieces of a line.
enum Between {
    /// They are the same one.
    Again,
    /// Nothing, or a blank.
    Text(&'static str),
    Gap,
}

fn between(last: &Placed, next: &Placed) -> Between {
    let gap = (next.begin - last.end) / next.em;
    let (before, after) = (last.text.chars().next_back(), next.text.chars().next());
    let is = |what: fn(char) -> bool| before.is_some_and(what) || after.is_some_and(what);
    let word = if is(is_wide) { WIDE_WORD } else { WORD };
    if gap > GAP {
        Between::Gap
    } else if gap > word && !is(char::is_whitespace) {
        Between::Text(" ")
    } else {
        Between::Text("")
    }
}

/// Kana, Chinese characters, Hangul and full-width forms.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FFEE}' | '\u{20000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Block, Visit};
    use std::io::{self, Read};

    #[derive(Default)]
    struct Take(String);

    impl Visit for Take {
        fn member(&mut self, _: Step, _: &mut dyn Read) -> io::Result<()> {
            Ok(())
        }
        fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
            self.0 += block.text;
            Ok(())
        }
        fn problem(&mut self, _: Option<Step>, _: Problem) {}
    }

    fn lines(pieces: &[(&str, f64, f64, f64)]) -> String {
        let mut take = Take::default();
        let mut blocks = Blocks::new(&mut take);
        let mut line = Line::default();
        for &(text, x, width, y) in pieces {
            let piece =
                Piece { text: text.into(), begin: (x, y), end: (x + width, y), direction: (1.0, 0.0), em: 10.0 };
            line.add(piece, &mut blocks, &Step::Page(1)).unwrap();
        }
        line.finish(&mut blocks, &Step::Page(1)).unwrap();
        blocks.finish().unwrap();
        take.0
    }

    #[test]
    fn distances_make_words_columns_and_lines() {
        assert_eq!(lines(&[("pass", 0.0, 20.0, 0.0), ("word", 20.5, 20.0, 0.0)]), "password\n");
        assert_eq!(lines(&[("two", 0.0, 15.0, 0.0), ("words", 18.0, 25.0, 0.0)]), "two words\n");
        assert_eq!(lines(&[("電話", 0.0, 20.0, 0.0), ("03", 22.5, 10.0, 0.0)]), "電話03\n");
        assert_eq!(lines(&[("a", 0.0, 5.0, 0.0), ("b", 50.0, 5.0, 0.0), ("c", 0.0, 5.0, -12.0)]), "a\tb\nc\n");
    }

    #[test]
    fn the_order_of_drawing_does_not_matter_and_bold_is_said_once() {
        assert_eq!(lines(&[("佐々", 0.0, 20.0, 0.0), (" ", 30.0, 4.0, 0.0), ("木", 20.0, 10.0, 0.0)]), "佐々木 \n");
        assert_eq!(lines(&[("bold", 0.0, 20.0, 0.0), ("bold", 0.3, 20.0, 0.0)]), "bold\n");
    }
}
