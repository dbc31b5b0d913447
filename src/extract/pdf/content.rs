//! What a page shows (ISO 32000-1 §9.4): its operators in, its text in their order out.
//!
//! Keeps track of where each piece of text stands; what that means is for `line` to say.
//! Pictures are only counted.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::Resources;

use super::font::{Font, Maps};
use super::line::{Line, Piece};
use super::stream::Bound;
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

/// Forms within forms.
const DEEPEST: usize = 12;
/// Forms drawn on one page.
const MOST_FORMS: u32 = 20_000;
/// Saved states of one page.
const MOST_STATES: usize = 1 << 12;

/// An affine matrix in PDF's order.
type Matrix = [f64; 6];
const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// What comes first is applied first.
fn then(m: &Matrix, n: &Matrix) -> Matrix {
    [
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    ]
}

/// Fonts read so far, by their objects, and what they share.
#[derive(Default)]
pub(super) struct Fonts {
    fonts: HashMap<ObjectIdentifier, Rc<Font>>,
    maps: Maps,
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// What is on a page.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Shown {
    /// Characters with a text.
    pub(super) known: u64,
    /// Characters of which no one can tell what they are.
    pub(super) unknown: u64,
    /// Pictures.
    pub(super) images: u64,
}

/// A page under way.
pub(super) struct Page<'p, 'v> {
    blocks: &'p mut Blocks<'v>,
    fonts: &'p mut Fonts,
    bound: &'p mut Bound,
    shown: Shown,
    forms: u32,
    state: State,
    text: Matrix,
    line: Matrix,
    pieces: &'p mut Line,
    step: Step,
}

impl<'p, 'v> Page<'p, 'v> {
    /// `pieces` keeps the columns of a table from page to page.
    pub(super) fn new(
        step: Step,
        blocks: &'p mut Blocks<'v>,
        fonts: &'p mut Fonts,
        bound: &'p mut Bound,
        pieces: &'p mut Line,
    ) -> Page<'p, 'v> {
        let state = State {
            ctm: UNIT,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        Page { blocks, fonts, bound, shown: Shown::default(), forms: 0, state, text: UNIT, line: UNIT, pieces, step }
    }

    /// Shows a page's content; returns what was on it.
    pub(super) fn show(mut self, content: &[u8], resources: &Resources<'_>) -> Result<Shown, Problem> {
        let done = self.run(content, resources, 0);
        self.pieces.finish(self.blocks, &self.step)?;
        done.map(|()| self.shown)
    }

    fn run(&mut self, content: &[u8], resources: &Resources<'_>, depth: usize) -> Result<(), Problem> {
        let mut operators = UntypedIter::new(content);
        let mut saved: Vec<State> = Vec::new();
        while let Some(instruction) = operators.next() {
            let operands: Vec<&Object<'_>> = instruction.operands().collect();
            let n = |i: usize| operands.get(i).map_or(0.0, |object| number(object));
            let operator: &[u8] = instruction.operator;
            match operator {
                b"q" if saved.len() < MOST_STATES => saved.push(self.state.clone()),
                b"Q" => self.state = saved.pop().unwrap_or_else(|| self.state.clone()),
                b"cm" => self.state.ctm = then(&matrix(n), &self.state.ctm),
                b"BT" => (self.text, self.line) = (UNIT, UNIT),
                b"Tc" => self.state.character_space = n(0),
                b"Tw" => self.state.word_space = n(0),
                b"Tz" => self.state.scale = n(0) / 100.0,
                b"TL" => self.state.leading = n(0),
                b"Ts" => self.state.rise = n(0),
                b"Tf" => {
                    self.state.size = n(1);
                    if let Some(Object::Name(name)) = operands.first() {
                        self.state.font = self.font(name, resources);
                    }
                }
                b"Td" => self.move_line(n(0), n(1)),
                b"TD" => {
                    self.state.leading = -n(1);
                    self.move_line(n(0), n(1));
                }
                b"Tm" => (self.text, self.line) = (matrix(n), matrix(n)),
                b"T*" => self.next_line(),
                b"Tj" => self.string(operands.first().copied())?,
                b"'" => {
                    self.next_line();
                    self.string(operands.first().copied())?;
                }
                b"\"" => {
                    (self.state.word_space, self.state.character_space) = (n(0), n(1));
                    self.next_line();
                    self.string(operands.get(2).copied())?;
                }
                b"TJ" => {
                    if let Some(Object::Array(pieces)) = operands.first() {
                        self.pieces(pieces)?;
                    }
                }
                b"Do" => {
                    if let Some(Object::Name(name)) = operands.first()
                        && let Some(object) = resources.get_x_object(name)
                    {
                        self.draw(&object, resources, depth)?;
                    }
                }
                b"BI" => self.shown.images += 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// A picture, or a form that is a content stream of its own (§8.10).
    fn draw(&mut self, object: &Stream<'_>, resources: &Resources<'_>, depth: usize) -> Result<(), Problem> {
        let dict = object.dict();
        if dict.get::<Name<'_>>("Subtype").is_some_and(|s| s.as_str() == "Image") {
            self.shown.images += 1;
            return Ok(());
        }
        if depth >= DEEPEST || self.forms >= MOST_FORMS {
            return Err(Problem::new(ProblemKind::Limit, "pdf: forms within forms"));
        }
        self.forms += 1;
        let Some(content) = self.bound.content(object)? else { return Ok(()) };
        let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
        let form: Vec<f64> = dict.get::<Array<'_>>("Matrix").map(|m| m.iter::<f64>().collect()).unwrap_or_default();
        let form = <Matrix>::try_from(form).unwrap_or(UNIT);
        let (state, text, line) = (self.state.clone(), self.text, self.line);
        self.state.ctm = then(&form, &self.state.ctm);
        let done = self.run(&content, own.as_ref().unwrap_or(resources), depth + 1);
        (self.state, self.text, self.line) = (state, text, line);
        done
    }

    fn font(&mut self, name: &Name<'_>, resources: &Resources<'_>) -> Option<Rc<Font>> {
        let dict = resources.get_font(name)?;
        let Fonts { fonts, maps } = self.fonts;
        let Some(id) = dict.obj_id() else { return Some(Rc::new(Font::read(&dict, maps, self.bound))) };
        let font = fonts.entry(id).or_insert_with(|| Rc::new(Font::read(&dict, maps, self.bound)));
        Some(font.clone())
    }

    fn move_line(&mut self, x: f64, y: f64) {
        self.line = then(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.text = self.line;
    }

    fn next_line(&mut self) {
        self.move_line(0.0, -self.state.leading);
    }

    fn pieces(&mut self, pieces: &Array<'_>) -> Result<(), Problem> {
        for piece in pieces.iter::<Object<'_>>() {
            match piece {
                Object::String(_) => self.string(Some(&piece))?,
                _ => self.advance(-number(&piece) / 1000.0 * self.state.size),
            }
        }
        Ok(())
    }

    fn advance(&mut self, by: f64) {
        let vertical = self.state.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical { (0.0, by) } else { (by * self.state.scale, 0.0) };
        self.text = then(&[1.0, 0.0, 0.0, 1.0, x, y], &self.text);
    }

    fn string(&mut self, operand: Option<&Object<'_>>) -> Result<(), Problem> {
        let (Some(Object::String(string)), Some(font)) = (operand, self.state.font.clone()) else { return Ok(()) };
        let state = &self.state;
        let (mut text, mut by) = (String::new(), 0.0);
        let (size, character_space, word_space) = (state.size, state.character_space, state.word_space);
        let (mut known, mut unknown) = (0, 0);
        font.decode(string, |glyph| {
            if glyph.text.is_empty() {
                unknown += 1
            } else {
                known += 1
            };
            glyph.text.chars().for_each(|c| push_plain(c, &mut text));
            by += glyph.width * size + character_space + if glyph.is_space { word_space } else { 0.0 };
        });
        self.shown.known += known;
        self.shown.unknown += unknown;
        let all = then(&self.text, &self.state.ctm);
        let (x, y) = if font.vertical { (-all[2], -all[3]) } else { (all[0], all[1]) };
        let length = x.hypot(y);
        let begin = self.place();
        self.advance(if font.vertical { -by } else { by });
        let em = length * size.abs();
        if em > 0.0 && em.is_finite() {
            let piece = Piece { text, begin, end: self.place(), direction: (x / length, y / length), em };
            self.pieces.add(piece, self.blocks, &self.step)?;
        }
        Ok(())
    }

    /// Where the next character stands on the page.
    fn place(&self) -> (f64, f64) {
        let at = then(&[1.0, 0.0, 0.0, 1.0, 0.0, self.state.rise], &then(&self.text, &self.state.ctm));
        (at[4], at[5])
    }
}

/// Spaces of every width are spaces, the ideographic one aside; ligatures are their letters.
fn push_plain(c: char, text: &mut String) {
    match c {
        '\n' | '\r' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => text.push(' '),
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        'ﬅ' | 'ﬆ' => text.push_str("st"),
        c => text.push(c),
    }
}

fn number(object: &Object<'_>) -> f64 {
    match object {
        Object::Number(n) => n.as_f64(),
        _ => 0.0,
    }
}

fn matrix(n: impl Fn(usize) -> f64) -> Matrix {
    [n(0), n(1), n(2), n(3), n(4), n(5)]
}
