//! Embeds every `detectors/**/*.toml`, in sorted order, as `(id, text)` pairs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=detectors");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("detectors");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut out = String::from("&[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let id = file.strip_prefix(&root).unwrap_or(file).with_extension("");
        let id = id.to_string_lossy().replace('\\', "/");
        let _ = writeln!(out, "    ({id:?}, include_str!({:?})),", file.display().to_string());
    }
    out.push(']');
    let to = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("detectors.rs");
    if let Err(e) = std::fs::write(&to, out) {
        println!("cargo::error={}: {e}", to.display());
    }
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
}
