//! Shapes of a group → lines of text: the cells of a row, which are shapes beside each other in the
//! file, on one line and separated by tabs, so that a value stands below its heading.

use std::collections::BTreeMap;

/// Texts by their places, in the order of the file.
#[derive(Default)]
pub(super) struct Grid {
    cells: Vec<Cell>,
}

#[derive(Default)]
struct Cell {
    /// Left and top, in the group's own units.
    place: Option<(i32, i32)>,
    text: String,
}

impl Grid {
    /// What follows is of the next shape.
    pub(super) fn begin_cell(&mut self) {
        self.cells.push(Cell::default());
    }

    /// Where the shape is.
    pub(super) fn place(&mut self, left: i32, top: i32) {
        if let Some(cell) = self.cells.last_mut() {
            cell.place = Some((left, top));
        }
    }

    /// Does the shape under way have a place?
    pub(super) fn has_place(&self) -> bool {
        self.cells.last().is_some_and(|cell| cell.place.is_some())
    }

    /// Text of the shape.
    pub(super) fn text(&mut self, text: &str) {
        if let Some(cell) = self.cells.last_mut() {
            cell.text.push_str(text);
        }
    }

    /// Rows from the top, their cells from the left. Groups that are no tables come shape by shape,
    /// as one column or none has nothing to be aligned with.
    pub(super) fn lines(self) -> Vec<String> {
        // Borders of a table are shapes without text.
        let mut rows: BTreeMap<i32, BTreeMap<i32, String>> = BTreeMap::new();
        let mut columns = BTreeMap::new();
        for cell in self.cells.iter().filter(|cell| !cell.text.trim().is_empty()) {
            let Some((left, top)) = cell.place else { continue };
            columns.insert(left, 0);
            let there = rows.entry(top).or_default().entry(left).or_default();
            if !there.is_empty() {
                there.push(' ');
            }
            there.push_str(&on_one_line(&cell.text));
        }
        let is_table = rows.len() > 1 && columns.len() > 1 && rows.values().any(|row| row.len() > 1);
        if !is_table {
            let lines = self.cells.iter().flat_map(|cell| cell.text.split(['\r', '\u{B}', '\n', '\0']));
            return lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
        }
        columns.values_mut().enumerate().for_each(|(number, column)| *column = number);
        rows.values()
            .map(|row| {
                let (mut line, mut at) = (String::new(), 0);
                for (left, text) in row {
                    let column = columns.get(left).copied().unwrap_or(at);
                    line.extend(std::iter::repeat_n('\t', column.saturating_sub(at)));
                    at = column;
                    line.push_str(text);
                }
                line
            })
            .collect()
    }
}

fn on_one_line(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(cells: &[(Option<(i32, i32)>, &str)]) -> Vec<String> {
        let mut grid = Grid::default();
        for (place, text) in cells {
            grid.begin_cell();
            if let Some((left, top)) = place {
                grid.place(*left, *top);
            }
            grid.text(text);
        }
        grid.lines()
    }

    #[test]
    fn tables_and_what_is_none() {
        let at = |left, top| Some((left, top));
        // In any order, with a cell that is empty and a border.
        let table = [
            (at(10, 0), "氏名"),
            (at(90, 0), "個人番号"),
            (at(90, 20), "1234\r5678"),
            (at(50, 20), "備考"),
            (at(10, 20), ""),
            (at(0, 0), ""),
        ];
        assert_eq!(lines(&table), ["氏名\t\t個人番号", "\t備考\t1234 5678"]);
        assert_eq!(
            lines(&[(at(0, 0), "one\rtwo"), (at(0, 9), "three"), (None, "four")]),
            ["one", "two", "three", "four"]
        );
        assert!(lines(&[]).is_empty());
    }
}
