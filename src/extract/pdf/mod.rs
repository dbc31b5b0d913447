//! PDF (ISO 32000): the text of its pages, everything written beside them, its attachments.
//!
//! Object syntax, cross references and decryption are hayro-syntax's, character maps
//! hayro-cmap's; content streams are inflated, interpreted and turned into text here. A page
//! that is only a picture, and text that no one can tell the characters of, is a problem.

mod content;
mod encoding;
mod font;
mod grid;
mod line;
mod metrics;
mod objects;
mod program;
mod stream;

use std::sync::Arc;

use hayro_syntax::object::{Array, Object, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::blocks::Blocks;
use super::whole::whole;
use super::{Input, Visit};
use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use content::{Fonts, Shown};
use line::Line;
use stream::Bound;

/// Below this many bytes out, the ratio is not looked at.
const RATIO_FREE: u64 = 64 << 20;
/// Page numbers named in one problem.
const MOST_NAMED: usize = 20;

pub(super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let bytes = whole(input)?;
    let size = bytes.len() as u64;
    let is_cut = !has_end(&bytes);
    let pdf = match open(bytes, visit) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            return Err(Problem::new(ProblemKind::Encrypted, "pdf"));
        }
        Err(LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm)) => {
            return Err(Problem::new(ProblemKind::Encrypted, "pdf: unknown encryption"));
        }
        Err(_) => return Err(Problem::new(ProblemKind::Damaged, "pdf")),
    };
    let most = input.limits.bytes.min(size.saturating_mul(input.limits.ratio).max(RATIO_FREE));
    let mut bound = Bound { left: most };
    let mut blocks = Blocks::new(visit);
    let pages = pages(&pdf, &mut blocks, &mut bound);
    let objects = objects::extract(&pdf, &mut blocks, &mut bound);
    pages.and(objects)?;
    if is_cut { Err(Problem::new(ProblemKind::Damaged, "pdf: no end")) } else { Ok(()) }
}

/// Opens a document without a password, else with the first that fits.
fn open(bytes: Vec<u8>, visit: &mut dyn Visit) -> Result<Pdf, LoadPdfError> {
    let data = Arc::new(bytes);
    let is_shut = |pdf: &_| matches!(pdf, Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)));
    let mut last = Pdf::new(data.clone());
    if is_shut(&last) {
        for password in visit.passwords() {
            last = Pdf::new_with_password(data.clone(), &password);
            if !is_shut(&last) {
                break;
            }
        }
    }
    last
}

/// Shows every page; what is wrong with one of them does not keep the others from being shown.
fn pages(pdf: &Pdf, blocks: &mut Blocks<'_>, bound: &mut Bound) -> Result<(), Problem> {
    let mut fonts = Fonts::default();
    let mut line = Line::default();
    let (mut pictures, mut unknown) = (Vec::new(), Vec::new());
    for (i, page) in pdf.pages().iter().enumerate() {
        let number = i as u32 + 1;
        blocks.part(Step::Page(number));
        let step = Step::Page(number);
        match show(page, step, blocks, &mut fonts, bound, &mut line) {
            Ok(shown) if shown.known == 0 && shown.unknown == 0 && shown.images > 0 => pictures.push(number),
            Ok(shown) if shown.unknown > shown.known => unknown.push(number),
            Ok(_) => {}
            Err(problem) if problem.kind == ProblemKind::Limit => return Err(problem),
            Err(problem) => blocks.visit().problem(Some(Step::Page(number)), problem),
        }
    }
    blocks.finish()?;
    for (numbers, what) in [(pictures, "image-only page"), (unknown, "text without characters, page")] {
        if !numbers.is_empty() {
            let problem = Problem::new(ProblemKind::Unsupported, format!("{what} {}", list(&numbers)));
            blocks.visit().problem(None, problem);
        }
    }
    Ok(())
}

fn show(
    page: &Page<'_>,
    step: Step,
    blocks: &mut Blocks<'_>,
    fonts: &mut Fonts,
    bound: &mut Bound,
    line: &mut Line,
) -> Result<Shown, Problem> {
    let dict = page.raw();
    let streams: Vec<Stream<'_>> = match dict.get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => vec![stream],
        Some(Object::Array(_)) => {
            let list = dict.get::<Array<'_>>("Contents");
            list.iter().flat_map(|list| list.iter::<Stream<'_>>()).collect()
        }
        _ => Vec::new(),
    };
    let mut content = Vec::new();
    for stream in &streams {
        content.extend(bound.content(stream)?.unwrap_or_default());
        content.push(b'\n');
    }
    content::Page::new(step, blocks, fonts, bound, line).show(&content, page.resources())
}

/// `1-3, 7`, as far as they are named.
fn list(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &n in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => ranges.push((n, n)),
        }
    }
    let named = ranges.iter().take(MOST_NAMED);
    let named: Vec<String> = named.map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") }).collect();
    let more = if ranges.len() > MOST_NAMED { ", …" } else { "" };
    named.join(", ") + more
}

/// Does the file end as a PDF does? A cut one may open all the same, with objects missing.
fn has_end(bytes: &[u8]) -> bool {
    memchr::memmem::find(&bytes[bytes.len().saturating_sub(2048)..], b"%%EOF").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pages() {
        assert_eq!(list(&[1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10");
        assert!(list(&(0..100).map(|n| n * 2).collect::<Vec<_>>()).ends_with("…"));
    }

    #[derive(Default)]
    struct Take(String, Vec<ProblemKind>);

    impl Visit for Take {
        fn member(&mut self, _: Step, _: &mut dyn std::io::Read) -> std::io::Result<()> {
            Ok(())
        }
        fn block(&mut self, block: &crate::extract::Block<'_>) -> std::io::Result<()> {
            self.0 += block.text;
            Ok(())
        }
        fn problem(&mut self, _: Option<Step>, problem: Problem) {
            self.1.push(problem.kind);
        }
    }

    /// A document of one page whose objects from 4 on are given; without a table of references,
    /// as any reader must put up with.
    fn take(content: &[u8], objects: &[u8], most: u64) -> Take {
        let head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n\
            5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
            .to_vec();
        let end = b"trailer<</Root 1 0 R>>\n%%EOF";
        let document = [&head, content, objects, end].concat();
        let limits = crate::chunk::Limits { bytes: most, ..Default::default() };
        let mut reader = document.as_slice();
        let mut input = Input::new(&mut reader, "t", &limits);
        let mut take = Take::default();
        if let Err(problem) = extract(&mut input, &mut take) {
            take.1.push(problem.kind);
        }
        take
    }

    fn stream(number: u32, dict: &str, data: &[u8]) -> Vec<u8> {
        let head = format!("{number} 0 obj<<{dict}/Length {}>>stream\n", data.len());
        [head.as_bytes(), data, b"\nendstream endobj\n"].concat()
    }

    #[test]
    fn text_operators_move_lines() {
        let content =
            b"BT /F 10 Tf 12 TL 0 50 Td (one) Tj T* [(t) -20 (wo) -400 (words)] TJ (three) ' 3 0 (four) \" ET";
        let found = take(&stream(4, "", content), b"", 1 << 30);
        assert_eq!((found.0.as_str(), found.1.len()), ("one\ntwo words\nthree\nfour\n", 0));
    }

    #[test]
    fn bombs_end_at_their_bounds() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, &vec![b' '; 8 << 20]).unwrap();
        let bomb = stream(4, "/Filter/FlateDecode", &encoder.finish().unwrap());
        assert_eq!(take(&bomb, b"", 1 << 20).1, [ProblemKind::Limit]);
        let form = stream(6, "/Type/XObject/Subtype/Form", b"/X Do /X Do");
        assert_eq!(take(&stream(4, "", b"/X Do"), &form, 1 << 30).1, [ProblemKind::Limit]);
        let deep = [b"7 0 obj".to_vec(), b"[".repeat(100_000), b"]".repeat(100_000), b" endobj\n".to_vec()].concat();
        take(&stream(4, "", &b"[".repeat(100_000)), &deep, 1 << 30);
        take(b"4 0 obj 4 0 R endobj", b"6 0 obj<</Kids 6 0 R/EF 6 0 R/Resources 6 0 R>>endobj\n", 1 << 30);
    }
}
