//! The columns of a page: lines of segments in, text out whose cells stand under their headings.
//!
//! A PDF knows no tables, only where text stands. A line of labels far apart is a heading; from
//! then on a segment gets as many tabs before it as there are headings to its left. A value that
//! is broken over two lines of a column is said a second time in one piece.

use std::mem::take;

use crate::chunk::Step;
use crate::detect::is_label;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

// Distances, in multiples of the font size.
/// From here on two segments are two columns even where no heading says so.
const COLUMN: f64 = 2.0;
/// Lines of a cell are no further apart, and begin at the same place.
const NEXT_LINE: f64 = 2.0;
/// Lines of a number are this close, where a table's rows mostly are not.
const CLOSE_LINE: f64 = 1.5;
const SAME_BEGIN: f64 = 1.0;
/// Lines of one heading.
const MOST_HELD: usize = 3;
/// Shortest value that is said again in one piece, in characters.
const SHORTEST: usize = 16;
const SHORTEST_NUMBER: usize = 10;
/// Longest one.
const LONGEST: usize = 1 << 10;

/// Text without a gap in it, and where along the line it stands.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) begin: f64,
    pub(super) end: f64,
    pub(super) em: f64,
    pub(super) text: String,
    /// What it is together with the lines above it, to be said once no line below goes on with it.
    pub(super) whole: Option<String>,
}

/// A line of segments, at a height that grows down the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) height: f64,
    pub(super) segments: Vec<Segment>,
}

/// The columns under way.
#[derive(Debug, Default)]
pub(super) struct Grid {
    columns: Vec<(f64, f64)>,
    /// What the columns are called.
    names: Vec<String>,
    /// Lines of a heading that may go on.
    held: Vec<Row>,
    /// The line before, its last segment of text without blanks joined with what came before it.
    last: Row,
}

impl Grid {
    /// Writes a line, or keeps it until it is known what stands below it.
    pub(super) fn row(&mut self, row: Row, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        if is_heading(&row) && self.held.len() < MOST_HELD {
            self.held.push(row);
            return Ok(());
        }
        self.flush(blocks, step)?;
        self.write(&row, blocks)?;
        self.join(row, blocks, step)
    }

    /// Ends the page.
    pub(super) fn finish(&mut self, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        self.flush(blocks, step)?;
        self.join(Row { height: f64::INFINITY, segments: Vec::new() }, blocks, step)
    }

    /// Writes what was kept.
    fn flush(&mut self, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        let held = take(&mut self.held);
        if held.is_empty() {
            return Ok(());
        }
        let is_heading = !held.iter().all(|row| self.fits(row));
        if is_heading {
            self.columns = columns(&held);
            self.names = vec![String::new(); self.columns.len()];
            for segment in held.iter().flat_map(|row| &row.segments) {
                let column = self.column(segment);
                self.names[column].push_str(&segment.text);
            }
        }
        for row in held {
            self.write(&row, blocks)?;
            self.join(if is_heading { Row::default() } else { row }, blocks, step)?;
        }
        Ok(())
    }

    /// Is every segment below a heading of its own? Then these are words of the same table.
    fn fits(&self, row: &Row) -> bool {
        let mut last = None;
        row.segments.iter().all(|segment| {
            let overlapping = self.columns.iter().filter(|column| overlap(segment, column) > 0.0).count();
            let column = self.column(segment);
            let is_next = last.is_none_or(|last| last < column);
            last = Some(column);
            overlapping == 1 && is_next
        })
    }

    /// The column of a segment: the one it shares most with, else the last one to its left.
    fn column(&self, segment: &Segment) -> usize {
        let shared = self.columns.iter().map(|column| overlap(segment, column)).enumerate();
        let most = shared.filter(|(_, shared)| *shared > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
        let left = || self.columns.iter().rposition(|column| column.0 <= segment.begin + segment.em).unwrap_or(0);
        most.map_or_else(left, |(i, _)| i)
    }

    fn write(&self, row: &Row, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
        let mut last: Option<&Segment> = None;
        let mut at = 0;
        for segment in &row.segments {
            let gap = last.map_or(0.0, |last| (segment.begin - last.end) / segment.em);
            let column = self.column(segment);
            if self.columns.is_empty() {
                let between = if gap > COLUMN { "\t" } else { " " };
                blocks.push(if last.is_some() { between } else { "" })?;
            } else if column > at {
                blocks.push(&"\t".repeat(column - at))?;
                at = column;
            } else if last.is_some() {
                // Two blanks, so that no two numbers become one.
                blocks.push(if gap > COLUMN { "  " } else { " " })?;
            }
            blocks.push(&segment.text)?;
            last = Some(segment);
        }
        blocks.line()
    }

    /// Says in one piece what goes on from the lines before and ends there.
    fn join(&mut self, mut row: Row, blocks: &mut Blocks<'_>, step: &Step) -> Result<(), Problem> {
        let mut before = take(&mut self.last);
        let near = row.height - before.height;
        let is_alone = row.segments.len() == 1;
        for i in 0..row.segments.len() {
            let column = self.column(&row.segments[i]);
            let segment = &mut row.segments[i];
            let is_above = |above: &&mut Segment| (above.begin - segment.begin).abs() < SAME_BEGIN * segment.em;
            let above = before.segments.iter_mut().find(is_above);
            let Some(above) = above.filter(|_| near > 0.0 && near < NEXT_LINE * segment.em) else { continue };
            let tail = above.text.rsplit(|c: char| !c.is_ascii_graphic()).next().unwrap_or_default();
            let head = segment.text.split(|c: char| !c.is_ascii_graphic()).next().unwrap_or_default();
            let whole = format!("{tail}{head}");
            if tail.is_empty() || head.is_empty() || whole.len() > LONGEST {
                continue;
            }
            // What is left of a number stands alone in its cell, close below it, and is no longer.
            let most = if self.columns.len() > 1 { tail.len() } else { tail.len() - 1 };
            let is_rest = is_alone && near < CLOSE_LINE * segment.em && head == segment.text && head.len() <= most;
            if is_value(tail, &whole, is_rest) {
                let name = self.names.get(column).map(|name| format!("{name}: ")).unwrap_or_default();
                segment.whole = Some(format!("{name}{whole}"));
                above.whole = None;
            }
            if head.len() == segment.text.len() {
                segment.text = whole;
            }
        }
        self.last = row;
        let ended = before.segments.into_iter().filter_map(|segment| segment.whole);
        ended.into_iter().try_for_each(|whole| blocks.aside(step, &whole))
    }
}

/// Is it worth saying? Letters and digits in one piece as keys have them, or a number that was
/// broken; two numbers of a column below each other are not one.
fn is_value(tail: &str, whole: &str, is_rest: bool) -> bool {
    let has = |what: fn(&char) -> bool| whole.chars().any(|c| what(&c));
    let is_number = whole.chars().all(|c| c.is_ascii_digit() || c == '-');
    let is_key = has(char::is_ascii_digit) && has(char::is_ascii_alphabetic) && whole.len() >= SHORTEST;
    let is_mail = has(|&c| c == '@') && whole.len() >= SHORTEST_NUMBER;
    is_key || is_mail || is_number && (is_rest || tail.ends_with('-')) && whole.len() >= SHORTEST_NUMBER
}

/// Two or more labels and nothing else.
fn is_heading(row: &Row) -> bool {
    row.segments.len() > 1 && row.segments.iter().all(|segment| is_label(segment.text.as_bytes()))
}

fn overlap(segment: &Segment, column: &(f64, f64)) -> f64 {
    segment.end.min(column.1) - segment.begin.max(column.0)
}

/// The columns of a heading: those of its last line, and those of the lines above that have
/// nothing below them.
fn columns(held: &[Row]) -> Vec<(f64, f64)> {
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for segment in held.iter().rev().flat_map(|row| &row.segments) {
        if columns.iter().all(|column| overlap(segment, column) <= 0.0) {
            columns.push((segment.begin, segment.end));
        }
    }
    columns.sort_by(|a, b| a.0.total_cmp(&b.0));
    columns
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

    /// Rows of (text, begin); a character is 10 wide, a line 12 high.
    fn text(rows: &[&[(&str, f64)]]) -> String {
        let mut take = Take::default();
        let mut blocks = Blocks::new(&mut take);
        let mut grid = Grid::default();
        for (i, row) in rows.iter().enumerate() {
            let segment = |&(text, begin): &(&str, f64)| Segment {
                begin,
                end: begin + 10.0 * text.chars().count() as f64,
                em: 10.0,
                text: text.to_owned(),
                whole: None,
            };
            let row = Row { height: 12.0 * i as f64, segments: row.iter().map(segment).collect() };
            grid.row(row, &mut blocks, &Step::Page(1)).unwrap();
        }
        grid.finish(&mut blocks, &Step::Page(1)).unwrap();
        blocks.finish().unwrap();
        take.0
    }

    #[test]
    fn segments_stand_under_their_headings() {
        let rows: &[&[(&str, f64)]] = &[
            &[("名簿", 0.0)],
            &[("氏名", 0.0), ("部署", 100.0), ("番号", 200.0)],
            &[("花子", 0.0), ("1234", 195.0)],
            &[("5678", 200.0)],
            &[("次郎", 0.0), ("総務", 100.0)],
            &[("三郎", 0.0), ("営業", 100.0), ("9", 215.0)],
        ];
        assert_eq!(text(rows), "名簿\n氏名\t部署\t番号\n花子\t\t1234\n\t\t5678\n次郎\t総務\n三郎\t営業\t9\n");
    }

    #[test]
    fn headings_over_two_lines() {
        let rows: &[&[(&str, f64)]] = &[
            &[("氏名", 0.0), ("連絡先", 150.0)],
            &[("電話", 100.0), ("番号", 200.0)],
            &[("花子", 0.0), ("03-1", 100.0), ("1234", 200.0)],
        ];
        assert_eq!(text(rows), "氏名\t\t連絡先\n\t電話\t\t番号\n花子\t03-1\t\t1234\n");
    }

    #[test]
    fn a_value_broken_over_lines_is_said_in_one_piece() {
        let rows: &[&[(&str, f64)]] = &[
            &[("key", 0.0), ("note", 200.0)],
            &[("abcdef123", 0.0), ("x y", 200.0)],
            &[("jklmnopq2", 0.0)],
            &[("3", 0.0)],
        ];
        assert_eq!(text(rows), "key\tnote\nabcdef123\tx y\njklmnopq2\n3\nkey: abcdef123jklmnopq23\n");
        let numbers: &[&[(&str, f64)]] = &[&[("4929640150", 0.0)], &[("234105", 0.0)]];
        assert_eq!(text(numbers), "4929640150\n234105\n4929640150234105\n");
        let rows: &[&[(&str, f64)]] = &[&[("1", 0.0), ("4929640150", 50.0)], &[("2", 0.0), ("234105", 50.0)]];
        assert_eq!(text(rows), "1\t4929640150\n2\t234105\n");
    }
}
