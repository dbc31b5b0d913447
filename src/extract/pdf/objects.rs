//! Everything in a PDF that is text and not on a page: properties, annotations, form fields,
//! bookmarks, links, scripts, attachments.
//!
//! Every object of the file is looked at, reachable or not, so that nothing depends on how a
//! document is wired. ISO 32000-1 §12 and §14.

use std::collections::HashMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};

use super::encoding::text_string;
use super::stream::Bound;
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

/// Objects within each other.
const DEEPEST: usize = 16;
/// Longest text of an object, in bytes.
const LONGEST: usize = 1 << 20;

/// Keys whose strings are no text: identifiers, keys and hashes, font data.
const NOT_TEXT: [&str; 16] = [
    "ID",
    "O",
    "U",
    "OE",
    "UE",
    "Perms",
    "CheckSum",
    "Registry",
    "Ordering",
    "DA",
    "Lookup",
    "Cert",
    "ByteRange",
    "CharSet",
    "Panose",
    "CIDSet",
];

/// What an object is used for.
enum Use {
    Attachment(String),
    Script,
    Form,
}

/// Objects that others refer to by what they are.
struct Uses {
    streams: HashMap<ObjectIdentifier, Use>,
    /// Annotations and the pages that they are on.
    pages: HashMap<ObjectIdentifier, u32>,
}

/// Looks at every object of the document.
pub(super) fn extract(pdf: &Pdf, blocks: &mut Blocks<'_>, bound: &mut Bound) -> Result<(), Problem> {
    let mut uses = Uses { streams: HashMap::new(), pages: annotations(pdf) };
    for object in pdf.objects() {
        find_uses(&object, &mut uses.streams, 0);
    }
    for object in pdf.objects() {
        match &object {
            Object::Stream(stream) => {
                strings(stream.dict(), &uses, blocks)?;
                content(stream, &uses.streams, blocks, bound)?;
            }
            Object::Dict(dict) => strings(dict, &uses, blocks)?,
            Object::Array(array) => values(array, "", &properties(), blocks, 0)?,
            Object::String(string) => blocks.aside(&properties(), &readable(string).unwrap_or_default())?,
            _ => {}
        }
    }
    blocks.finish()
}

fn properties() -> Step {
    Step::Member("properties".into())
}

fn annotations(pdf: &Pdf) -> HashMap<ObjectIdentifier, u32> {
    let mut pages = HashMap::new();
    for (i, page) in pdf.pages().iter().enumerate() {
        let Some(list) = page.raw().get::<Array<'_>>("Annots") else { continue };
        for item in list.raw_iter() {
            if let MaybeRef::Ref(reference) = item {
                pages.insert(reference.into(), i as u32 + 1);
            }
        }
    }
    pages
}

/// Notes which streams are attachments, scripts and forms.
fn find_uses(object: &Object<'_>, uses: &mut HashMap<ObjectIdentifier, Use>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let dict = match object {
        Object::Dict(dict) => dict,
        Object::Stream(stream) => stream.dict(),
        Object::Array(array) => return inner(array.raw_iter(), uses, depth),
        _ => return,
    };
    if let Some(files) = dict.get::<Dict<'_>>("EF") {
        let text = |key: &str| dict.get::<hayro_syntax::object::String<'_>>(key).map(|name| text_string(&name));
        let name = text("UF").or_else(|| text("F")).unwrap_or_else(|| "attachment".to_owned());
        for key in ["UF", "F", "DOS", "Mac", "Unix"] {
            if let Some(reference) = files.get_ref(key) {
                uses.insert(reference.into(), Use::Attachment(name.clone()));
            }
        }
    }
    if let Some(reference) = dict.get_ref("JS") {
        uses.insert(reference.into(), Use::Script);
    }
    if let Some(list) = dict.get::<Array<'_>>("XFA") {
        for item in list.raw_iter() {
            if let MaybeRef::Ref(reference) = item {
                uses.insert(reference.into(), Use::Form);
            }
        }
    } else if let Some(reference) = dict.get_ref("XFA") {
        uses.insert(reference.into(), Use::Form);
    }
    inner(dict.entries().map(|(_, value)| value), uses, depth);
}

fn inner<'a>(
    values: impl Iterator<Item = MaybeRef<Object<'a>>>,
    uses: &mut HashMap<ObjectIdentifier, Use>,
    depth: usize,
) {
    for value in values {
        if let MaybeRef::NotRef(object) = value {
            find_uses(&object, uses, depth + 1);
        }
    }
}

/// Hands on the streams that are files or texts of their own.
fn content(
    stream: &Stream<'_>,
    uses: &HashMap<ObjectIdentifier, Use>,
    blocks: &mut Blocks<'_>,
    bound: &mut Bound,
) -> Result<(), Problem> {
    let dict = stream.dict();
    let kind = dict.get::<Name<'_>>("Type");
    let kind = kind.as_ref().map(|name| name.as_str()).unwrap_or_default();
    let name = match (uses.get(&stream.obj_id()), kind) {
        (Some(Use::Attachment(name)), _) => name.as_str(),
        (Some(Use::Script), _) => "script",
        (Some(Use::Form), _) => "form",
        (None, "EmbeddedFile") => "attachment",
        (None, "Metadata") => "metadata",
        _ => return Ok(()),
    };
    let step = Step::Member(name.into());
    match bound.content(stream) {
        Ok(Some(bytes)) => blocks.member(step, &mut bytes.as_slice()),
        Ok(None) => blocks.member(step, &mut &*stream.raw_data()),
        Err(problem) => {
            blocks.visit().problem(Some(step), problem);
            Ok(())
        }
    }
}

/// The strings of an object, each with its key.
fn strings(dict: &Dict<'_>, uses: &Uses, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let page = dict.obj_id().and_then(|id| uses.pages.get(&id));
    let step = page.map_or_else(properties, |&n| Step::Page(n));
    dict_strings(dict, &step, blocks, 0)
}

fn dict_strings(dict: &Dict<'_>, step: &Step, blocks: &mut Blocks<'_>, depth: usize) -> Result<(), Problem> {
    // A signature's content and an encryption dictionary are not for reading.
    let is = |key: &str, value: &str| dict.get::<Name<'_>>(key).is_some_and(|name| name.as_str() == value);
    if depth > DEEPEST || is("Filter", "Standard") {
        return Ok(());
    }
    let is_signature = dict.contains_key("ByteRange");
    for (key, value) in dict.entries() {
        let key = key.as_str();
        if NOT_TEXT.contains(&key) || (is_signature && key == "Contents") {
            continue;
        }
        if let MaybeRef::NotRef(object) = value {
            value_of(&object, key, step, blocks, depth)?;
        }
    }
    Ok(())
}

fn value_of(object: &Object<'_>, key: &str, step: &Step, blocks: &mut Blocks<'_>, depth: usize) -> Result<(), Problem> {
    match object {
        Object::String(string) => match readable(string) {
            Some(text) if key.is_empty() => blocks.aside(step, &text),
            Some(text) => blocks.aside(step, &format!("{key}: {text}")),
            None => Ok(()),
        },
        Object::Dict(dict) => dict_strings(dict, step, blocks, depth + 1),
        Object::Array(array) => values(array, key, step, blocks, depth + 1),
        _ => Ok(()),
    }
}

fn values(array: &Array<'_>, key: &str, step: &Step, blocks: &mut Blocks<'_>, depth: usize) -> Result<(), Problem> {
    if depth > DEEPEST {
        return Ok(());
    }
    for value in array.raw_iter() {
        if let MaybeRef::NotRef(object) = value {
            value_of(&object, key, step, blocks, depth)?;
        }
    }
    Ok(())
}

/// A string as text, if it is one.
fn readable(string: &[u8]) -> Option<String> {
    let text = text_string(&string[..string.len().min(LONGEST)]);
    let is_text = text.chars().all(|c| !c.is_control() || c.is_whitespace());
    (is_text && text.chars().count() > 1).then(|| text.replace(['\n', '\r'], " "))
}
