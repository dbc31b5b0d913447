//! Document properties as lines `name: value`: title, author, company, custom properties,
//! sensitivity labels.
//!
//! Parts: docProps/core, app, custom (ECMA-376 part 1 §22.2–22.3, part 2 §8), docMetadata/LabelInfo
//! (MS-OFFCRYPTO §2.6), ODF's meta.xml (ODF 1.3 part 3 §4.3).

use std::io::Read;

use super::package;
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;
use crate::extract::xml::{Event, Tag, Xml};

/// Reads a part of properties to its end.
pub(super) fn read(blocks: &mut Blocks<'_>, step: Step, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
    blocks.part(step);
    let done = events(blocks, xml);
    blocks.line()?;
    blocks.finish()?;
    done
}

fn events(blocks: &mut Blocks<'_>, xml: &mut Xml<impl Read>) -> Result<(), Problem> {
    let mut name = String::new();
    let mut named = false;
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => return Ok(()),
            Event::Open(tag) => {
                blocks.line()?;
                if let Some(given) = name_of(&tag) {
                    name = given;
                } else if !is_type(tag.name) {
                    name = tag.name.to_owned();
                }
                named = false;
                if tag.name == "label" {
                    for (name, value) in tag.attributes() {
                        blocks.push(&format!("label {name}: {value}"))?;
                        blocks.line()?;
                    }
                }
            }
            Event::Text(text) if !text.trim().is_empty() => {
                if !named {
                    blocks.push(&name)?;
                    blocks.push(": ")?;
                    named = true;
                }
                blocks.push(&text.replace(['\n', '\r'], " "))?;
            }
            Event::Close(_) => blocks.line()?,
            Event::Text(_) | Event::Aside(_) => {}
        }
    }
}

/// The name that a user-defined property carries in an attribute.
fn name_of(tag: &Tag<'_>) -> Option<String> {
    matches!(tag.name, "property" | "user-defined").then(|| tag.get("name")).flatten().map(Into::into)
}

/// Is the element only the type of a property's value?
fn is_type(name: &str) -> bool {
    name.starts_with("lp") || matches!(name, "bstr" | "filetime" | "bool" | "i4" | "r8" | "vector" | "variant")
}
