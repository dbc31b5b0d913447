//! Is a text one that people write and read? Only in such are copies of documents looked for;
//! source code and logs are passed over, where they lie outside the clients' own folders.
//!
//! A name and the beginning of the text in, yes or no out.

/// Names of source code, logs and what programs write for programs; sorted.
const OTHERS: &[&str] = &[
    "asm",
    "awk",
    "bas",
    "bat",
    "bib",
    "c",
    "cc",
    "cfg",
    "cjs",
    "class",
    "clj",
    "cmake",
    "cmd",
    "coffee",
    "conf",
    "cpp",
    "cs",
    "cson",
    "css",
    "cu",
    "cxx",
    "d",
    "dart",
    "diff",
    "dts",
    "ejs",
    "el",
    "elm",
    "erl",
    "ex",
    "exs",
    "f90",
    "fs",
    "gitignore",
    "glsl",
    "go",
    "gradle",
    "graphql",
    "groovy",
    "h",
    "haml",
    "hcl",
    "hh",
    "hpp",
    "hs",
    "hx",
    "hxx",
    "iml",
    "in",
    "inc",
    "inl",
    "ipp",
    "jade",
    "java",
    "jl",
    "js",
    "jsm",
    "jsx",
    "kt",
    "kts",
    "less",
    "lisp",
    "lock",
    "log",
    "lua",
    "m",
    "m4",
    "mak",
    "map",
    "mjs",
    "mk",
    "ml",
    "mli",
    "mm",
    "mod",
    "nim",
    "nix",
    "o",
    "pas",
    "patch",
    "pb",
    "php",
    "pl",
    "plist",
    "pm",
    "po",
    "pot",
    "pro",
    "properties",
    "proto",
    "ps1",
    "pxd",
    "py",
    "pyi",
    "pyx",
    "qml",
    "r",
    "rake",
    "rb",
    "resx",
    "rs",
    "s",
    "sass",
    "scala",
    "scm",
    "scss",
    "sh",
    "sln",
    "sol",
    "sql",
    "styl",
    "sum",
    "sv",
    "svelte",
    "svg",
    "swift",
    "tcl",
    "tf",
    "toml",
    "ts",
    "tsx",
    "v",
    "vb",
    "vhd",
    "vim",
    "vue",
    "wat",
    "xaml",
    "xsd",
    "xsl",
    "y",
    "yaml",
    "yml",
    "zig",
];

/// Bytes of the beginning that are judged.
const BEGINNING: usize = 8 << 10;

/// Could a file of this name hold prose at all?
pub(super) fn may_be(name: &str) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else { return !name.ends_with("akefile") };
    OTHERS.binary_search(&extension.to_ascii_lowercase().as_str()).is_err()
}

/// Does a normalised text begin like prose, a table or a page? Letters and spaces make up most of
/// those, also where they are marked up; in source it is signs, in logs and dumps digits.
pub(super) fn is_prose(text: &[u8]) -> bool {
    let text = &text[..text.len().min(BEGINNING)];
    let (mut wide, mut letters, mut digits, mut signs) = (0u32, 0u32, 0u32, 0u32);
    for &byte in text {
        match byte {
            // What leads a character of three bytes, as kana and ideographs have.
            0xE3..=0xE9 => wide += 1,
            b'a'..=b'z' | b'A'..=b'Z' | b' ' => letters += 1,
            b'0'..=b'9' => digits += 1,
            b'{' | b'}' | b'(' | b')' | b';' | b'=' | b'_' | b'$' | b'*' | b'\\' | b'|' | b'#' => signs += 1,
            0 => return false,
            _ => {}
        }
    }
    let narrow = (text.len() as u32).saturating_sub(3 * wide).max(1);
    wide * 12 >= text.len() as u32 || (letters * 4 >= narrow * 3 && digits * 8 <= narrow && signs * 14 <= narrow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(OTHERS.is_sorted());
        assert!(may_be("議事録.txt") && may_be("README") && may_be("a.csv") && may_be("page.html"));
        assert!(!may_be("lib.RS") && !may_be("Makefile") && !may_be("app.log"));
    }

    #[test]
    fn prose_is_told_from_source_and_logs() {
        assert!(is_prose("本日の議事録を送付いたします。2026年11月23日".as_bytes()));
        assert!(is_prose(b"The parties agree that all data provided (see annex 2) will be deleted within 14 days."));
        assert!(is_prose("name,address\n山田太郎,東京都千代田区丸の内1-9-2\n".as_bytes()));
        assert!(is_prose(b"<html><body><p>Dear customer, we are pleased to inform you that the plan has changed.</p>"));
        assert!(!is_prose(b"for (int i = 0; i < n; i++) { sum += a[i] * b[i]; } return (sum);"));
        assert!(!is_prose(
            b"2026-11-23T06:01:22.113 10.0.0.1 GET 200 5123 0.003\n2026-11-23T06:01:22.200 10.0.0.2 GET"
        ));
        assert!(!is_prose(b"text with \0 bytes"));
    }
}
