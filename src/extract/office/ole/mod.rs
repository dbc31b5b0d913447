//! OLE compound files (MS-CFB): which document is inside, and every stream of it.
//!
//! Excel, Word, PowerPoint and Outlook streams become text; property sets become lines; streams
//! that no one here knows go on as members, with the UTF-16 text in them beside.

mod bytes;
mod carve;
mod decrypt;
mod doc;
mod grid;
mod macros;
mod msg;
mod ppt;
mod propset;
mod xls;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use cfb::CompoundFile;

pub(super) use bytes::utf16;

use crate::chunk::Step;
use crate::error::{Problem, ProblemKind};
use crate::extract::blocks::Blocks;
use crate::extract::crypt::{Package, StreamKey};

/// Most streams of a file.
const MOST_STREAMS: usize = 100_000;

/// A compound file in memory.
struct File {
    inner: CompoundFile<Cursor<Arc<[u8]>>>,
    /// Paths of all streams, in order, with their sizes.
    streams: Vec<(String, u64)>,
    size: u64,
    /// Keys of Word documents by their folder: none needed, one found, none found.
    keys: BTreeMap<String, Result<Option<StreamKey>, Problem>>,
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
        Ok(File { inner, streams, size, keys: BTreeMap::new() })
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

    fn has(&self, part: &str) -> bool {
        self.streams.iter().any(|(path, _)| path.contains(part))
    }

    /// The key of the Word document in a folder, if it is encrypted.
    fn word_key(&mut self, folder: &str, blocks: &mut Blocks<'_>) -> Result<Option<&StreamKey>, Problem> {
        if !self.keys.contains_key(folder) {
            let document = self.read(&format!("{folder}WordDocument"))?.unwrap_or_default();
            let table = self.read(&format!("{folder}{}", doc::table_name(&document)))?.unwrap_or_default();
            self.keys.insert(folder.to_owned(), decrypt::document_key(&document, &table, blocks.visit()));
        }
        match self.keys.get(folder) {
            Some(Ok(key)) => Ok(key.as_ref()),
            Some(Err(problem)) => Err(problem.clone()),
            None => Ok(None),
        }
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "ole")
}

/// Looks at every stream.
pub(super) fn extract(bytes: Vec<u8>, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut file = File::open(bytes, blocks)?;
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
                ProblemKind::Encrypted if first.as_ref() == Err(&problem) => {}
                _ => blocks.visit().problem(Some(Step::Member(name(&path).into())), problem),
            }
        }
    }
    if !message.is_empty() {
        msg::read(&mut file, &message, blocks)?;
    }
    blocks.finish()?;
    first.and(match foreign(&mut file)? {
        Some(problem) => Err(problem),
        None => Ok(()),
    })
}

/// Word processors whose text cannot be read here: Hangul (HWP 5.0 revision 1.3 §3.2.1), Ichitaro.
fn foreign(file: &mut File) -> Result<Option<Problem>, Problem> {
    if let Some(header) = file.read("/FileHeader")?.filter(|header| header.starts_with(b"HWP Document File")) {
        let is_encrypted = bytes::u32_at(&header, 36).unwrap_or(0) & 2 != 0;
        let kind = if is_encrypted { ProblemKind::Encrypted } else { ProblemKind::Unsupported };
        return Ok(Some(Problem::new(kind, "hwp")));
    }
    let text = file.read("/DocumentText")?.filter(|text| text.starts_with(b"SsmgV"));
    Ok(text.map(|_| Problem::new(ProblemKind::Unsupported, "jtd (一太郎)")))
}

fn stream(file: &mut File, path: &str, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let folder = &path[..path.len() - last.len()];
    if last == "EncryptedPackage" {
        return package(file, path, folder, blocks);
    }
    let Some(mut content) = file.read(path)? else { return Ok(()) };
    match last {
        "Workbook" | "Book" => xls::read(&decrypt::workbook(content, blocks.visit())?, blocks),
        "WordDocument" => {
            // Which of the two tables counts is said in the document.
            let mut table = file.read(&format!("{folder}{}", doc::table_name(&content)))?.unwrap_or_default();
            if let Some(key) = file.word_key(folder, blocks)? {
                decrypt::document(key, &mut content);
                decrypt::beside_document(key, &mut table);
            }
            doc::read(&content, &table, blocks)
        }
        "0Table" | "1Table" | "Data" if file.has("WordDocument") => {
            if let Some(key) = file.word_key(folder, blocks)? {
                decrypt::beside_document(key, &mut content);
            }
            other(blocks, path, &content)
        }
        "PowerPoint Document" => {
            let user = file.read(&format!("{folder}Current User"))?.unwrap_or_default();
            ppt::read(&decrypt::presentation(content, &user, blocks.visit())?, blocks)
        }
        // Properties of an encrypted document, MS-OFFCRYPTO §2.3.5.4.
        "encryption" | "EncryptedSummary" => {
            Err(Problem::new(ProblemKind::Unsupported, "office (encrypted properties)"))
        }
        // Rights management, MS-OFFCRYPTO §2.2: a server holds the key.
        "\u{9}DRMContent" | "\u{9}DRMViewerContent" => Err(Problem::new(ProblemKind::Encrypted, "office (IRM)")),
        "EncryptionInfo" => Ok(()),
        "\u{5}SummaryInformation" | "\u{5}DocumentSummaryInformation" => propset::read(&content, blocks),
        "\u{1}Ole10Native" => member(blocks, path, bytes::native_object(&content).unwrap_or(&content)),
        _ if path.contains("/VBA/") && macros::read(&content, &name(path), blocks)? => Ok(()),
        _ => other(blocks, path, &content),
    }
}

/// A stream that no one here knows.
fn other(blocks: &mut Blocks<'_>, path: &str, content: &[u8]) -> Result<(), Problem> {
    member(blocks, path, content)?;
    carve::read(content, &Step::Member(name(path).into()), blocks)
}

/// An encrypted OOXML document, which goes through the loop again.
fn package(file: &mut File, path: &str, folder: &str, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let Some(info) = file.read(&format!("{folder}EncryptionInfo"))? else {
        let is_managed = file.has("DRM");
        let what = if is_managed { "office (IRM)" } else { "office" };
        return Err(Problem::new(ProblemKind::Encrypted, what));
    };
    let source = file.inner.open_stream(path).map_err(|_| damaged())?;
    let mut package = Package::open(&info, source, blocks.visit())?;
    blocks.member(Step::Member(name(path).into()), &mut package)
}

fn member(blocks: &mut Blocks<'_>, path: &str, content: &[u8]) -> Result<(), Problem> {
    let step = Step::Member(name(path).into());
    blocks.member(step, &mut &*content)
}

/// A stream's path for people: without the control characters that mark its kind.
fn name(path: &str) -> String {
    path.trim_start_matches('/').chars().filter(|c| !c.is_control()).collect()
}
