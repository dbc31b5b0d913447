//! OLE compound files (MS-CFB): which document is inside, and every stream of it.
//!
//! Excel, Word, PowerPoint and Outlook streams become text; property sets become lines; streams
//! that no one here knows go on as members, with the UTF-16 text in them beside.

mod bytes;
mod carve;
mod doc;
mod macros;
mod msg;
mod ppt;
mod propset;
mod xls;

use std::io::{Cursor, Read};
use std::sync::Arc;

use cfb::CompoundFile;

pub(super) use bytes::utf16;

use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;

/// Most streams of a file.
const MOST_STREAMS: usize = 100_000;

/// A compound file in memory.
struct File {
    inner: CompoundFile<Cursor<Arc<[u8]>>>,
    /// Paths of all streams, in order, with their sizes.
    streams: Vec<(String, u64)>,
    size: u64,
}

impl File {
    /// Reads the directory; a broken one is carved for what text there is.
    fn open(bytes: Vec<u8>, blocks: &mut Blocks<'_>) -> Result<File, Problem> {
        let size = bytes.len() as u64;
        let bytes: Arc<[u8]> = bytes.into();
        let Ok(inner) = CompoundFile::open(Cursor::new(bytes.clone())) else {
            carve::read(&bytes, &Step::Member("document".into()), blocks)?;
            blocks.finish()?;
            return Err(damaged());
        };
        let streams = inner.walk().filter(|entry| entry.is_stream()).take(MOST_STREAMS);
        let streams = streams.map(|entry| (entry.path().to_string_lossy().into_owned(), entry.len())).collect();
        Ok(File { inner, streams, size })
    }

    /// A stream's content; `None` if there is none of that path.
    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        let Some((_, stated)) = self.streams.iter().find(|(name, _)| name == path) else { return Ok(None) };
        let stated = *stated;
        let mut content = Vec::new();
        let stream = self.inner.open_stream(path).map_err(|_| damaged())?;
        // No stream is longer than the file.
        stream.take(self.size).read_to_end(&mut content).map_err(|_| damaged())?;
        if (content.len() as u64) < stated { Err(damaged()) } else { Ok(Some(content)) }
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "ole")
}

/// Looks at every stream.
pub(super) fn extract(bytes: Vec<u8>, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut file = File::open(bytes, blocks)?;
    if file.streams.iter().any(|(path, _)| path.ends_with("/EncryptedPackage")) {
        return Err(Problem::new(ProblemKind::Encrypted, "office"));
    }
    let paths: Vec<String> = file.streams.iter().map(|(path, _)| path.clone()).collect();
    let mut first = Ok(());
    let mut message = Vec::new();
    for path in paths {
        if path.contains("/__substg1.0_") || path.ends_with("/__properties_version1.0") {
            message.push(path);
            continue;
        }
        if let Err(problem) = stream(&mut file, &path, blocks) {
            // What the whole document suffers from is the document's problem.
            match problem.kind {
                ProblemKind::Encrypted if first.is_ok() => first = Err(problem),
                _ => blocks.visit().problem(Some(Step::Member(name(&path).into())), problem),
            }
        }
    }
    if !message.is_empty() {
        msg::read(&mut file, &message, blocks)?;
    }
    blocks.finish()?;
    first
}

fn stream(file: &mut File, path: &str, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let Some(content) = file.read(path)? else { return Ok(()) };
    let last = path.rsplit('/').next().unwrap_or_default();
    match last {
        "Workbook" | "Book" => xls::read(&content, blocks),
        "WordDocument" => {
            // Which of the two tables counts is said in the document.
            let folder = &path[..path.len() - last.len()];
            let table = file.read(&format!("{folder}{}", doc::table_name(&content)))?.unwrap_or_default();
            doc::read(&content, &table, blocks)
        }
        "PowerPoint Document" => ppt::read(&content, blocks),
        "\u{5}SummaryInformation" | "\u{5}DocumentSummaryInformation" => propset::read(&content, blocks),
        "\u{1}Ole10Native" => member(blocks, path, bytes::native_object(&content).unwrap_or(&content)),
        _ if path.contains("/VBA/") && macros::read(&content, &name(path), blocks)? => Ok(()),
        _ => {
            member(blocks, path, &content)?;
            carve::read(&content, &Step::Member(name(path).into()), blocks)
        }
    }
}

fn member(blocks: &mut Blocks<'_>, path: &str, content: &[u8]) -> Result<(), Problem> {
    let step = Step::Member(name(path).into());
    blocks.member(step, &mut &*content)
}

/// A stream's path for people: without the control characters that mark its kind.
fn name(path: &str) -> String {
    path.trim_start_matches('/').chars().filter(|c| !c.is_control()).collect()
}
