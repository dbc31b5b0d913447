//! Is a name or address given in public, as its owner meant it: an author in a licence, a package
//! manifest, a changelog, a git trailer, a manual page?
//!
//! Such data is personal but no secret; it is found with low confidence and the reason
//! `public-author`. The name of the file and the words near the value tell.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// Names, without extensions, of files that say who made something.
const DOCUMENTS: &[&str] = &[
    "authors",
    "changelog",
    "changes",
    "code_of_conduct",
    "code-of-conduct",
    "codeowners",
    "contributing",
    "contributors",
    "copying",
    "copyright",
    "credits",
    "history",
    "licence",
    "license",
    "maintainers",
    "news",
    "notice",
    "readme",
    "security",
    "support",
    "thanks",
];

/// What a file of such a name holds all the same: `history.jsonl` is somebody's, not a project's.
const DATA: &[&str] = &[
    "csv", "db", "doc", "docx", "eml", "json", "jsonl", "log", "mbox", "ndjson", "ods", "pdf", "sql", "sqlite", "tsv",
    "xls", "xlsx", "xml",
];

/// Whole names of package manifests.
const MANIFESTS: &[&str] = &[
    "cargo.toml",
    "composer.json",
    "meta.json",
    "meta.yml",
    "metadata",
    "package.json",
    "pkg-info",
    "pom.xml",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    ".mailmap",
    ".travis.yml",
];

/// Endings of source code, whose comments name who wrote it.
const SOURCES: &[&str] = &[
    "asm", "awk", "bas", "bash", "c", "cc", "clj", "cmake", "coffee", "cpp", "cs", "css", "cxx", "d", "dart", "diff",
    "el", "erl", "ex", "exs", "f", "f90", "fs", "go", "groovy", "h", "hh", "hpp", "hs", "hxx", "java", "jl", "js",
    "jsx", "kt", "l", "lisp", "lua", "m", "m4", "mjs", "ml", "mli", "mm", "nim", "pas", "patch", "php", "pl", "pm",
    "po", "pod", "pot", "proto", "ps1", "py", "pyi", "pyx", "r", "rb", "rs", "s", "scala", "scm", "scss", "sh",
    "swift", "t", "tcl", "tex", "texi", "ts", "tsx", "v", "vala", "vb", "vhd", "vim", "y", "zig", "zsh",
];

/// Words that introduce authors, in lower case. A date and a name behind `-- ` end an entry of a
/// Debian changelog.
const WORDS: &[&str] = &[
    "author",
    "copyright",
    "(c)",
    "©",
    "maintainer",
    "maintained by",
    "written by",
    "contributed by",
    "created by",
    "modified by",
    "translated by",
    "ported by",
    "patch by",
    "thanks to",
    "signed-off-by",
    "reviewed-by",
    "acked-by",
    "reported-by",
    "tested-by",
    "suggested-by",
    "cc: stable",
    "report bugs",
    "bug report",
    "send bugs",
    "packager",
    "upstream-contact",
    "last-translator",
    "language-team",
    "credits",
    "\n -- ",
    "著者",
    "作者",
    "訳者",
    "バグ報告",
    "バグレポート",
    "貢献者",
    "メンテナ",
];

/// Bytes before the value in which such a word counts: a list of authors under one heading.
const BEFORE: usize = 512;
/// Bytes after the value on its line.
const AFTER: usize = 80;

/// Where systems install what is written about programs (FHS 4.11 and what grew around it).
const DOCUMENTATION: &[&str] = &["/share/doc/", "/share/man/", "/share/info/", "/share/help/", "/share/gtk-doc/"];

/// Is a file part of the system's documentation, by its path? Passwords in it are examples.
pub(super) fn is_documentation(path: &str) -> bool {
    DOCUMENTATION.iter().any(|folder| path.contains(folder))
}

/// Does a file of this name say who made something?
pub(super) fn is_public_document(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or(&name);
    let first = stem.split(['-', '_']).next().unwrap_or(stem);
    let is_data = name.rsplit_once('.').is_some_and(|(_, extension)| DATA.contains(&extension));
    let is_document = DOCUMENTS.contains(&first) || DOCUMENTS.contains(&stem);
    MANIFESTS.contains(&name.as_str()) || is_document && !is_data || is_manual_page(&name)
}

/// Is a file of this name source code?
pub(super) fn is_source_code(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && SOURCES.contains(&extension))
}

/// Does the value stand in a comment of source code: behind `//`, `#`, `--`, `;`, `%`, `"`, or on a line
/// of a block that begins with `*`? Documentation in the language itself (`=head1`, `\"\"\"`) is told by
/// the words around it.
pub(super) fn is_in_comment(text: &[u8], value: &Range<usize>) -> bool {
    const LONGEST: usize = 300;
    let line = &text[value.start.saturating_sub(LONGEST)..value.start];
    let line = memchr::memrchr(b'\n', line).map_or(line, |i| &line[i + 1..]).trim_ascii_start();
    let begins = [
        &b"//"[..],
        b"/*",
        b"*",
        b"#",
        b"--",
        b";",
        b"%",
        b"\"",
        b"(*",
        b"{-",
        b"!",
        b"dnl",
        b"REM",
        b"<!--",
        b"..",
        b"'",
    ];
    begins.iter().any(|sign| line.starts_with(sign)) || memchr::memmem::find(line, b" // ").is_some()
}

/// `ls.1`, `open.2`, `ls.1.gz` once it is unpacked.
fn is_manual_page(name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((stem, section)) if stem.contains(|c: char| c.is_ascii_alphabetic())
        && section.len() <= 4
        && section.starts_with(|c: char| ('1'..='9').contains(&c))
        && section[1..].bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Do the words near a value say that it is an author's?
pub(super) fn is_author(text: &[u8], value: &Range<usize>) -> bool {
    static AUTOMATON: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let compile = || AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS).ok();
    let Some(words) = AUTOMATON.get_or_init(compile) else { return false };
    let before = &text[value.start.saturating_sub(BEFORE)..value.start];
    let after = &text[value.end..(value.end + AFTER).min(text.len())];
    let after = after.split(|&b| b == b'\n').next().unwrap_or(after);
    words.is_match(before) || words.is_match(after) || is_troff_comment(before)
}

/// Is the line a comment of a manual page's source (`.\\"`), where its writers and translators stand?
fn is_troff_comment(before: &[u8]) -> bool {
    let line = memchr::memrchr(b'\n', before).map_or(before, |i| &before[i + 1..]);
    line.starts_with(b".\\\"") || line.starts_with(b"'\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_say_who_made_something() {
        for name in [
            "changelog",
            "changelog.Debian",
            "ChangeLog-2013",
            "AUTHORS",
            "README.md",
            "Cargo.toml",
            "ls.1",
            "perl.3pm",
        ] {
            assert!(is_public_document(name), "{name}");
        }
        for name in [
            "history.jsonl",
            "contributors.xlsx",
            "customers.csv",
            "mail.eml",
            "backup.2024",
            "notes.txt",
            "news2",
            "1.1",
            ".1",
        ] {
            assert!(!is_public_document(name), "{name}");
        }
    }

    #[test]
    fn words_that_introduce_authors() {
        let author = |text: &str| {
            let at = text.find('@').unwrap();
            is_author(text.as_bytes(), &(at - 1..at + 2))
        };
        assert!(author(" * Copyright (C) 2020 Ann <a@b.org>"));
        assert!(author("Signed-off-by: Ann <a@b.org>"));
        assert!(author("fix\n\n -- Ann <a@b.org>  Mon, 01 Jan 2024\n"));
        assert!(!author("To: Ann <a@b.org>"));
        assert!(!author("氏名,メール\n検証 花子,a@b.jp\n"));
    }
}
