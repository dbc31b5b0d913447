//! Office Open XML (docx, pptx, xlsx and their kin; ECMA-376, ISO/IEC 29500): which part is what,
//! and what it is called.
//!
//! Every part of the package is looked at: documents, sheets and properties as text, relations
//! for their links, everything else as a member.

use std::collections::HashMap;
use std::io::Read;

use super::package::{self, Package};
use super::prose::Prose;
use super::workbook::{Strings, Styles, Workbook};
use super::worksheet::{self, Shared};
use super::{properties, xlsb};
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::Input;
use crate::extract::blocks::Blocks;
use crate::extract::xml::{Event, Xml};

/// One relation of a part.
struct Relation {
    id: String,
    target: String,
    external: bool,
}

/// What is known of the package as a whole.
struct Document<'p, 'a> {
    package: &'p Package<'a>,
    /// What a part is called, where its own name says little: slides in their order, sheets.
    names: HashMap<String, String>,
    /// The sheets' parts and the parts that belong to a sheet, by part, with the sheet's name.
    sheets: HashMap<String, String>,
    comments: HashMap<String, String>,
}

/// Looks at every part.
pub(super) fn extract(input: &mut Input<'_>, package: &Package<'_>, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    let mut document = Document { package, names: HashMap::new(), sheets: HashMap::new(), comments: HashMap::new() };
    let mut first = Ok(());
    let mut note = |done: Result<(), Problem>| {
        if first.is_ok() {
            first = done;
        }
    };
    note(document.name_slides());
    let mut shared = match document.workbook(blocks) {
        Ok(shared) => shared,
        Err(problem) => {
            note(Err(problem));
            Shared { strings: Strings::default(), styles: Styles::default(), since_1904: false }
        }
    };
    note(package::every_part(input, blocks, &mut |path, content, blocks| {
        let name = document.display_name(path);
        let done = document.part(path, &name, content, &mut shared, blocks);
        done.map_err(|problem| (Step::Member(name.into()), problem))
    }));
    note(shared.strings.finish(blocks));
    first
}

impl Document<'_, '_> {
    fn part(
        &self,
        path: &str,
        name: &str,
        content: &mut dyn Read,
        shared: &mut Shared,
        blocks: &mut Blocks<'_>,
    ) -> Result<(), Problem> {
        let path = path.trim_start_matches('/').to_ascii_lowercase();
        let step = Step::Member(name.into());
        if let Some(sheet) = self.sheets.get(&path) {
            return match path.ends_with(".bin") {
                true => xlsb::read(blocks, sheet, shared, content),
                false => worksheet::read(blocks, sheet, shared, &mut Xml::new(content)),
            };
        }
        if let Some(sheet) = self.comments.get(&path) {
            return worksheet::read_comments(blocks, sheet, &mut Xml::new(content));
        }
        match place(&path) {
            Place::Known => Ok(()),
            Place::Relations => links(blocks, &step, content),
            Place::Properties => properties::read(blocks, step, &mut Xml::new(content)),
            Place::Text => Prose::new(blocks, step, None).read(&mut Xml::new(content)),
            Place::Cache => pivot_cache(blocks, &step, content),
            Place::Member => blocks.member(step, content),
        }
    }

    /// What a person would call a part.
    fn display_name(&self, path: &str) -> String {
        let lower = path.to_ascii_lowercase();
        if let Some(name) = self.names.get(&lower) {
            return name.clone();
        }
        if let Some(of) = lower.strip_suffix(".rels") {
            return match of.replace("_rels/", "").as_str() {
                "" => "links".to_owned(),
                of => format!("{} links", self.display_name(of)),
            };
        }
        let name = path.strip_suffix(".xml").unwrap_or(path);
        let is_telling = ["docprops/", "customxml/", "docmetadata/"].iter().any(|folder| lower.starts_with(folder));
        match name.rsplit_once('/') {
            Some((_, last)) if !is_telling => last.to_owned(),
            _ => name.to_owned(),
        }
    }

    /// Slides are called by their order in the presentation, not by their files' names.
    fn name_slides(&mut self) -> Result<(), Problem> {
        let main = "ppt/presentation.xml";
        let Some(bytes) = self.package.small(main)? else { return Ok(()) };
        let targets: HashMap<String, String> =
            self.relations(main)?.into_iter().map(|relation| (relation.id, relation.target)).collect();
        let mut xml = Xml::new(bytes.as_slice());
        let mut number = 0;
        loop {
            match xml.next().map_err(|e| package::problem(&e))? {
                Event::End => return Ok(()),
                Event::Open(tag) if tag.name == "sldId" => {
                    number += 1;
                    // Two attributes are called `id`; the relation's is the last.
                    let id = tag.attributes().filter(|(name, _)| *name == "id").last().map(|(_, id)| id);
                    let Some(slide) = id.and_then(|id| targets.get(&*id)) else { continue };
                    for beside in self.relations(slide).unwrap_or_default() {
                        if beside.target.contains("notesslides/") {
                            self.names.insert(beside.target, format!("slide {number} notes"));
                        } else if beside.target.contains("comments/") {
                            self.names.insert(beside.target, format!("slide {number} comments"));
                        }
                    }
                    self.names.insert(slide.clone(), format!("slide {number}"));
                }
                _ => {}
            }
        }
    }

    /// Names of sheets, shared texts and formats; nothing of it in other documents.
    fn workbook(&mut self, blocks: &mut Blocks<'_>) -> Result<Shared, Problem> {
        let mut shared = Shared { strings: Strings::default(), styles: Styles::default(), since_1904: false };
        let binary = self.package.find("xl/workbook.bin").is_some();
        let main = if binary { "xl/workbook.bin" } else { "xl/workbook.xml" };
        let Some(part) = self.package.find(main) else { return Ok(shared) };
        let book = match binary {
            true => xlsb::workbook(&mut self.package.read(part)?)?,
            false => Workbook::read(blocks, &mut Xml::new(self.package.read(part)?))?,
        };
        shared.since_1904 = book.since_1904;
        let targets: HashMap<String, String> =
            self.relations(main)?.into_iter().map(|relation| (relation.id, relation.target)).collect();
        for (name, id) in book.sheets {
            let Some(path) = targets.get(&id) else { continue };
            for beside in self.relations(path).unwrap_or_default() {
                if beside.target.contains("comment") && beside.target.ends_with(".xml") {
                    self.comments.insert(beside.target, name.clone());
                }
            }
            self.names.insert(path.clone(), name.clone());
            self.sheets.insert(path.clone(), name);
        }
        for path in targets.values() {
            let Some(part) = self.package.find(path) else { continue };
            let mut content = self.package.read(part)?;
            match path.rsplit('/').next() {
                Some("sharedstrings.xml") => shared.strings = Strings::read(blocks, &mut Xml::new(content))?,
                Some("styles.xml") => shared.styles = Styles::read(&mut Xml::new(content))?,
                Some("sharedstrings.bin") => shared.strings = xlsb::strings(blocks, &mut content)?,
                Some("styles.bin") => shared.styles = xlsb::styles(&mut content)?,
                _ => {}
            }
        }
        Ok(shared)
    }

    /// The relations of a part, targets as lower-case names of parts.
    fn relations(&self, part: &str) -> Result<Vec<Relation>, Problem> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let Some(bytes) = self.package.small(&format!("{folder}/_rels/{file}.rels"))? else { return Ok(Vec::new()) };
        let mut all = relations(&mut Xml::new(bytes.as_slice()))?;
        for relation in all.iter_mut().filter(|relation| !relation.external) {
            relation.target = resolve(folder, &relation.target).to_ascii_lowercase();
        }
        Ok(all)
    }
}

/// What is done with a part.
enum Place {
    /// Read already, or without content of anyone's.
    Known,
    Relations,
    Properties,
    Text,
    /// The data behind a pivot table.
    Cache,
    Member,
}

fn place(path: &str) -> Place {
    let (folder, file) = path.split_once('/').unwrap_or(("", path));
    match (folder, file) {
        _ if path.ends_with(".rels") => Place::Relations,
        ("", "[content_types].xml") => Place::Known,
        ("xl", "workbook.xml" | "workbook.bin" | "sharedstrings.xml" | "sharedstrings.bin" | "styles.bin") => {
            Place::Known
        }
        ("docprops" | "docmetadata", file) if file.ends_with(".xml") => Place::Properties,
        ("xl", file) if file.starts_with("pivotcache/") && file.ends_with(".xml") => Place::Cache,
        ("word" | "ppt" | "xl" | "visio", file) if file.ends_with(".xml") || file.ends_with(".vml") => Place::Text,
        _ => Place::Member,
    }
}

/// The links that lead out of the document.
fn links(blocks: &mut Blocks<'_>, step: &Step, content: impl Read) -> Result<(), Problem> {
    for relation in relations(&mut Xml::new(content))?.iter().filter(|relation| relation.external) {
        blocks.aside(step, &relation.target)?;
    }
    blocks.finish()
}

fn relations(xml: &mut Xml<impl Read>) -> Result<Vec<Relation>, Problem> {
    let mut all = Vec::new();
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => return Ok(all),
            Event::Open(tag) if tag.name == "Relationship" => all.push(Relation {
                id: tag.get("Id").unwrap_or_default().into(),
                target: tag.get("Target").unwrap_or_default().into(),
                external: tag.get("TargetMode").is_some_and(|mode| mode == "External"),
            }),
            _ => {}
        }
    }
}

/// A target as the name of a part: relative to the folder, or from the root.
fn resolve(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// A pivot table's copy of its source: values stand in attributes, a record is a row.
fn pivot_cache(blocks: &mut Blocks<'_>, step: &Step, content: impl Read) -> Result<(), Problem> {
    blocks.part(step.clone());
    let mut xml = Xml::new(content);
    loop {
        match xml.next().map_err(|e| package::problem(&e))? {
            Event::End => break,
            Event::Open(tag) if matches!(tag.name, "s" | "n" | "d") => {
                if !blocks.is_line_begin() {
                    blocks.push("\t")?;
                }
                blocks.push(&tag.get("v").unwrap_or_default())?;
            }
            Event::Open(tag) if tag.name == "cacheField" => {
                blocks.push(&tag.get("name").unwrap_or_default())?;
                blocks.line()?;
            }
            Event::Close("r" | "sharedItems") => blocks.line()?,
            _ => {}
        }
    }
    blocks.line()?;
    blocks.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_become_names_of_parts() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "../../../x"), "x");
    }
}
