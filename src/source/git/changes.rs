//! What git says has changed: raw differences (git-diff, "raw output format") → changes, alone
//! or with the commits they are of.

use std::path::PathBuf;
use std::sync::Arc;

use super::program::Stream;
use super::{Git, Id, path_of};
use crate::chunk::Revision;
use crate::error::Result;

/// A path whose content is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// From the top of the work tree.
    pub path: PathBuf,
    /// What is there now.
    pub kind: Entry,
    /// The blob of its content.
    pub new: Id,
    /// The blobs it replaces: one for each parent that has the path (or what it was renamed
    /// from).
    pub old: Vec<Id>,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file, or a symbolic link, whose content is the name of its target.
    File,
    /// A commit of another repository.
    Submodule,
    /// Two sides of a merge that nobody has put together yet.
    Unmerged,
}

/// One record before its paths.
struct Record {
    kind: Option<Entry>,
    new: Id,
    old: Vec<Id>,
    paths: usize,
}

impl Record {
    /// `:mode mode id id status`; a merge has one more colon, mode, id and status letter for each
    /// further parent.
    fn parse(field: &[u8]) -> Option<Record> {
        let text = std::str::from_utf8(field).ok()?;
        let rest = text.trim_start_matches(':');
        let parents = text.len() - rest.len();
        let words: Vec<&str> = rest.split(' ').collect();
        if parents == 0 || words.len() != 2 * parents + 3 {
            return None;
        }
        let (modes, rest) = words.split_at(parents + 1);
        let (ids, status) = rest.split_at(parents + 1);
        let is_file = |mode: &str| mode.starts_with("100") || mode == "120000";
        let status = status[0];
        let kind = match modes[parents] {
            _ if status.starts_with('U') => Some(Entry::Unmerged),
            "160000" => Some(Entry::Submodule),
            mode => is_file(mode).then_some(Entry::File),
        };
        let old = modes.iter().zip(ids).take(parents).filter(|(mode, _)| is_file(mode));
        let mut old: Vec<Id> = old.filter_map(|(_, id)| Id::from_hex(id)).filter(|id| !id.is_nothing()).collect();
        let new = Id::from_hex(ids[parents])?;
        // Where only its mode has changed nothing is new.
        old.dedup();
        let paths = if parents == 1 && status.starts_with(['R', 'C']) { 2 } else { 1 };
        Some(Record { kind: kind.filter(|_| !old.contains(&new) || status.starts_with('U')), new, old, paths })
    }
}

/// What differs between two states, as `git diff --raw -z …` says.
pub(super) fn differences(raw: &[u8]) -> Vec<Change> {
    let mut fields = raw.split(|&b| b == 0);
    let mut changes = Vec::new();
    while let Some(record) = fields.next().and_then(Record::parse) {
        let path = fields.nth(record.paths - 1);
        if let (Some(kind), Some(path)) = (record.kind, path) {
            changes.push(Change { path: path_of(path), kind, new: record.new, old: record.old });
        }
    }
    changes
}

/// Commits with what each has changed.
#[derive(Debug, Clone)]
pub enum Commits {
    /// Every commit that any ref or reflog still leads to.
    All,
    /// What `git log` understands as a range, or several arguments of it.
    Range(Vec<String>),
    /// These, and what they lead to that no ref or reflog does.
    Unreachable(Vec<Id>),
}

/// How to find out what was renamed: by similar content, or where that is not at hand, by equal
/// content, which ids tell.
pub(super) const SIMILAR: &str = "--find-renames";
pub(super) const EXACT: &str = "--find-renames=100%";

/// Ends each commit's header: such a field begins with it, and nothing else does.
const HEADER: u8 = 1;
const BETWEEN: char = '\u{2}';

/// Hands over every commit, oldest first, with each change it makes. A merge changes what differs
/// from all its parents. `renames`: how to know them, in ranges.
pub(super) fn changes(
    git: &Git,
    commits: &Commits,
    renames: &str,
    each: &mut dyn FnMut(&Arc<Revision>, Option<Change>),
) -> Result<()> {
    let mut command = git.command();
    command.args(["log", "--topo-order", "--reverse", "-z", "--raw", "-r", "-c", "--root", "--no-abbrev"]);
    command.args(["--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-notes", "--no-mailmap"]);
    command.args([
        "--ignore-submodules=dirty",
        "--no-relative",
        "--no-color",
        "-O/dev/null",
        "--encoding=UTF-8",
        "--no-follow",
    ]);
    command.arg(format!("--format=tformat:%x01%H{BETWEEN}%an <%ae>{BETWEEN}%aI"));
    match commits {
        Commits::All => command.args(["--no-renames", "--all", "--reflog", "--"]),
        // What was only renamed is not new.
        Commits::Unreachable(_) => command.args(["--no-renames", "--stdin", "--not", "--all", "--reflog", "--"]),
        Commits::Range(range) => command.arg(renames).args(range).arg("--"),
    };
    let input = match commits {
        Commits::Unreachable(ids) => ids.iter().map(|id| format!("{id}\n")).collect(),
        _ => String::new(),
    };
    let mut stream = git.stream_with(&mut command, input)?;
    read(&mut stream, each)?;
    stream.finish()
}

fn read(stream: &mut Stream, each: &mut dyn FnMut(&Arc<Revision>, Option<Change>)) -> Result<()> {
    let mut field = Vec::new();
    let mut current: Option<Arc<Revision>> = None;
    while stream.field(&mut field)? {
        // A line end stands between a commit's header and its changes.
        let content = field.strip_prefix(b"\n").unwrap_or(&field);
        if content.first() == Some(&HEADER) {
            let header = String::from_utf8_lossy(&content[1..]).into_owned();
            let mut parts = header.split(BETWEEN);
            let mut part = || parts.next().unwrap_or_default().to_owned();
            let revision = Arc::new(Revision { commit: part(), author: part(), date: part(), in_head: false });
            each(&revision, None);
            current = Some(revision);
        } else if let (Some(record), Some(revision)) = (Record::parse(content), &current) {
            for _ in 0..record.paths {
                stream.field(&mut field)?;
            }
            if let Some(kind) = record.kind {
                each(revision, Some(Change { path: path_of(&field), kind, new: record.new, old: record.old }));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_differences() {
        let (a, b, c, nothing) = ("a".repeat(40), "b".repeat(40), "c".repeat(40), "0".repeat(40));
        let raw = [
            format!(":000000 100644 {nothing} {a} A\0new\0"),
            format!(":100644 100644 {a} {b} R090\0old name\0名前\n\0"),
            format!(":100644 100755 {a} {a} M\0mode only\0"),
            format!(":000000 160000 {nothing} {c} A\0sub\0"),
            format!(":100644 000000 {a} {nothing} D\0gone\0"),
            format!("::100644 100644 100644 {a} {b} {c} MM\0merged\0"),
            format!(":160000 120000 {a} {b} T\0link\0"),
            format!(":000000 000000 {nothing} {nothing} U\0both\0"),
        ]
        .concat();
        let id = |digit: &str| Id::from_hex(&digit.repeat(40)).expect("an id");
        let change = |path: &str, kind, new: &str, old: &[&str]| Change {
            path: path.into(),
            kind,
            new: id(new),
            old: old.iter().map(|old| id(old)).collect(),
        };
        let expected = [
            change("new", Entry::File, "a", &[]),
            change("名前\n", Entry::File, "b", &["a"]),
            change("sub", Entry::Submodule, "c", &[]),
            change("merged", Entry::File, "c", &["a", "b"]),
            change("link", Entry::File, "b", &[]),
            change("both", Entry::Unmerged, "0", &[]),
        ];
        assert_eq!(differences(raw.as_bytes()), expected);
        assert_eq!(differences(b"nonsense\0"), []);
    }
}
