//! Turns `detectors/**/*.toml` into constants and the lists of `src/lexicon/data` into tables, so
//! that a scan parses no detector, analyses no pattern and builds no dictionary at start. A file
//! with a mistake fails the build and names its line. Gives the source code that reads files a
//! number, by which a sweep knows what another state of it has read.

// The library's own parser and the types it needs.
#[path = "src/error.rs"]
#[allow(dead_code, unreachable_pub, rustdoc::all)]
mod error;
#[path = "src/detector"]
#[allow(dead_code, unreachable_pub, rustdoc::all)]
mod detector {
    pub mod file;
    pub mod model;
    pub mod services;
}

#[path = "src/lexicon"]
#[allow(dead_code, unreachable_pub, rustdoc::all)]
mod lexicon {
    pub mod build;
    pub mod romaji;
    pub mod table;
}

// The part of the engine that needs no text.
#[path = "src/engine"]
#[allow(dead_code, unused_imports, unreachable_pub, rustdoc::all)]
mod engine {
    pub mod analysis;
    pub mod automaton;
    pub mod builder;
    pub mod bytes;
    pub mod determine;
    pub mod grams;
    pub mod japanese;
    pub mod list;
    pub mod numbers;
    pub mod rarity;
    pub mod required;
    pub mod runs;
    pub mod shape;
    pub mod shortened;
    pub mod structure;
    pub mod table;
    pub mod tables;
    pub mod teddy;
    pub mod vicinity;
    pub mod windows;

    pub use builder::Gate;

    use determine::Anchored;
    use regex_syntax::hir::Hir;

    /// Bytes of the largest automaton of what follows literals, which many patterns share, and of
    /// one pattern. What would be larger is done without, or made lazily.
    const LARGEST: [usize; 2] = [48 << 10, 96 << 10];
    /// At more places than this, patterns are not looked for one place after the other.
    const MOST_PLACES: isize = 8;

    /// Patterns and their tables as Rust constants, and the bytes of their automata; or the pattern
    /// that cannot be used, and why.
    pub(super) fn constants(
        patterns: &[(std::borrow::Cow<'static, str>, Gate)],
    ) -> Result<(String, Vec<u8>), (usize, String)> {
        let mut builder = builder::Builder::default();
        for (index, (regex, gate)) in patterns.iter().enumerate() {
            let analysis = gate.analyse(regex);
            analysis.and_then(|analysis| builder.add(index, gate, analysis)).map_err(|what| (index, what))?;
        }
        let tables = builder.build().map_err(|what| (0, what))?;
        let look = |look: usize| {
            let rests: Option<Vec<Hir>> = tables.rests_of(look).map(list::Text::parse).collect();
            determine::determine(&rests?, Anchored::Yes, LARGEST[0])
        };
        let wide = wide(&tables, patterns.len());
        let beginning = |pattern: usize, anchored: Anchored| {
            let expression = analysis::parse(&patterns[pattern].0).ok()?;
            determine::beginning(&expression, anchored, LARGEST[1])
        };
        let within = |pattern: usize| if wide[pattern] { beginning(pattern, Anchored::No) } else { None };
        let at = |pattern: usize| beginning(pattern, Anchored::Yes);
        let mut all = Vec::new();
        let looks = places(&automata(tables.looks.len(), look), &mut all);
        let within = places(&automata(patterns.len(), within), &mut all);
        let at = places(&automata(patterns.len(), at), &mut all);
        let beginnings: Vec<_> = within.into_iter().zip(at).map(<[_; 2]>::from).collect();
        // What `{:?}` prints of them is an expression.
        let source = format!(
            "pub(crate) static PATTERNS: &[(&str, Gate)] = &{patterns:?};\n\
             pub(crate) static TABLES: Tables = {tables:?};\n\
             pub(crate) static LOOKS: &[Option<(u32, u32)>] = &{looks:?};\n\
             pub(crate) static BEGINNINGS: &[[Option<(u32, u32)>; 2]] = &{beginnings:?};\n"
        );
        Ok((source, all))
    }

    /// The patterns that could begin at so many places around what they wait for that passing over
    /// all of it once costs less than looking from each place.
    fn wide(tables: &tables::Tables, patterns: usize) -> Vec<bool> {
        let mut wide = vec![false; patterns];
        for wait in tables.literals.iter().flat_map(|literal| literal.waits.iter()) {
            wide[wait.pattern] |= wait.before as isize - wait.least > MOST_PLACES;
        }
        tables.numbers.waits.iter().for_each(|wait| wide[wait.pattern] = true);
        wide
    }

    /// So many automata, made by all processors.
    fn automata(count: usize, make: impl Fn(usize) -> Option<Vec<u8>> + Sync) -> Vec<Option<Vec<u8>>> {
        let next = std::sync::atomic::AtomicUsize::new(0);
        let made = std::sync::Mutex::new(vec![None; count]);
        let work = || {
            loop {
                let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if index >= count {
                    break;
                }
                let one = make(index);
                made.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[index] = one;
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Appends them; gives where each one begins and ends.
    fn places(automata: &[Option<Vec<u8>>], all: &mut Vec<u8>) -> Vec<Option<(u32, u32)>> {
        let mut place = |bytes: &Vec<u8>| {
            let from = all.len() as u32;
            all.extend_from_slice(bytes);
            (from, all.len() as u32)
        };
        automata.iter().map(|one| one.as_ref().map(&mut place)).collect()
    }
}

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use detector::model::{Context, Detector, Files, Levels, List, Pair, Prefilter, Variant, Words};
use engine::Gate;

fn main() {
    for input in ["detectors", "src/detector", "src/engine", "src/error.rs", "src/lexicon"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    if let Err(what) = reader(&package) {
        return println!("cargo::error={what}");
    }
    let root = package.join("detectors");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut ids: Vec<(String, PathBuf)> = files.into_iter().map(|file| (id(&root, &file), file)).collect();
    ids.sort();
    let mut constants = String::from("static BUILTIN: &[Detector] = &[\n");
    let (mut patterns, mut names) = (Vec::new(), Vec::new());
    let mut sources = String::from("static SOURCES: &[(&str, &str)] = &[\n");
    for (id, path) in &ids {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = format!("detectors/{id}.toml");
        let source = match std::fs::read_to_string(path) {
            Ok(source) => source,
            Err(e) => return println!("cargo::error={name}: {e}"),
        };
        match detector::file::parse(id, &name, &source) {
            Ok(parsed) => {
                constants.push_str(&constant(&parsed));
                for variant in parsed.variants.iter().filter(|v| v.finder.is_none()) {
                    let pattern = (variant.pattern.clone(), gate(&variant.prefilter));
                    // Variants with the same pattern share it.
                    if !patterns.contains(&pattern) {
                        patterns.push(pattern);
                        names.push(name.clone());
                    }
                }
            }
            Err(place) => {
                return println!("cargo::error={}:{}: {} | {}", place.file, place.line, place.what, place.text);
            }
        }
        let _ = writeln!(sources, "    ({id:?}, include_str!({:?})),", path.display().to_string());
    }
    constants.push_str("];\n");
    sources.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(what) = lexicon::build::write(&root.join("../src/lexicon/data"), &out) {
        return println!("cargo::error={what}");
    }
    write("builtin.rs", constants + &sources);
    // Making automata takes seconds, and most changes change none of them.
    let key = match engine_key(&package, &patterns) {
        Ok(key) => key,
        Err(what) => return println!("cargo::error={what}"),
    };
    let is_made = |name: &str| out.join(name).is_file();
    if std::fs::read_to_string(out.join("engine.key")).is_ok_and(|made| made == key)
        && is_made("engine.rs")
        && is_made("automata.bin")
    {
        return;
    }
    match engine::constants(&patterns) {
        Ok((source, automata)) => {
            write("engine.rs", source);
            write("automata.bin", automata);
            write("engine.key", key);
        }
        Err((index, what)) => println!("cargo::error={}: {what} | {}", names[index], patterns[index].0),
    }
}

/// Hashes all that tables and automata are made from.
fn engine_key(package: &Path, patterns: &[(std::borrow::Cow<'static, str>, Gate)]) -> Result<String, String> {
    let mut files = vec![package.join("build.rs"), package.join("Cargo.lock")];
    let engine = package.join("src/engine");
    every(&engine, &mut files).map_err(|e| format!("{}: {e}", engine.display()))?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    format!("{patterns:?}").hash(&mut hasher);
    for file in files {
        std::fs::read(&file).unwrap_or_default().hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// What of `src` cannot change what is found in a file: modules above `state` in the order that
/// `tests/layers.rs` holds, and the binary.
const NO_READER: [&str; 8] = ["cli", "main.rs", "report", "watch", "schedule", "hook", "config", "message"];

/// Hashes everything that decides what is found in a file, but for the detectors, which have
/// hashes of their own: equal sources, equal reader, whoever builds them and how.
fn reader(package: &Path) -> Result<(), String> {
    let failed = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    let mut files = vec![package.join("build.rs"), package.join("Cargo.lock")];
    let source = package.join("src");
    for entry in std::fs::read_dir(&source).map_err(|e| failed(&source, e))? {
        let path = entry.map_err(|e| failed(&source, e))?.path();
        if !NO_READER.iter().any(|name| path.file_name().is_some_and(|own| own == *name)) {
            println!("cargo::rerun-if-changed={}", path.display());
            every(&path, &mut files).map_err(|e| failed(&path, e))?;
        }
    }
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed=build.rs");
    files.sort();
    // Its keys are fixed. Another compiler may count otherwise; then files are read once more.
    let mut hasher = DefaultHasher::new();
    for file in &files {
        file.strip_prefix(package).unwrap_or(file).hash(&mut hasher);
        // A published package may come without it.
        let content =
            std::fs::read(file).or_else(|e| if file.ends_with("Cargo.lock") { Ok(Vec::new()) } else { Err(e) });
        content.map_err(|e| failed(file, e))?.hash(&mut hasher);
    }
    println!("cargo::rustc-env=SEKISHO_READER={:016x}", hasher.finish());
    Ok(())
}

fn every(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        every(&entry?.path(), files)?;
    }
    Ok(())
}

fn write(name: &str, source: impl AsRef<[u8]>) {
    let to = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join(name);
    if let Err(e) = std::fs::write(&to, source) {
        println!("cargo::error={}: {e}", to.display());
    }
}

/// The same as in `detect`, which this script cannot use.
fn gate(prefilter: &Prefilter) -> Gate {
    match prefilter {
        Prefilter::Pattern => Gate::Pattern,
        Prefilter::Literals(literals) => Gate::literals(literals.iter().cloned()),
        Prefilter::Digits(least) => Gate::Digits(*least),
        Prefilter::Nothing => Gate::Nothing,
    }
}

fn id(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).with_extension("").to_string_lossy().replace('\\', "/")
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
}

/// A detector as a Rust expression without anything to run.
fn constant(d: &Detector) -> String {
    format!(
        "Detector {{ id: {}, category: Category::{:?}, title: {}, severity: Severity::{:?}, articles: {}, why: {}, \
         advice: {}, references: {}, variants: Cow::Borrowed(&[{}]), files: Cow::Borrowed(&[{}]), show: {}, mask_all: {}, generic: {}, yields_to: {}, pair: {}, public_author: {} }},\n",
        text(&d.id),
        d.category,
        words(&d.title),
        d.severity,
        list(&d.articles),
        words(&d.why),
        option(d.advice.as_ref().map(words)),
        list(&d.references),
        d.variants.iter().map(variant).collect::<String>(),
        d.files.iter().map(files).collect::<String>(),
        d.show,
        d.mask_all,
        d.generic,
        list(&d.yields_to),
        option(d.pair.as_ref().map(pair)),
        d.public_author,
    )
}

fn variant(v: &Variant) -> String {
    format!(
        "Variant {{ service: {}, pattern: {}, finder: {}, prefilter: {}, validate: {}, context: {}, confidence: {}, conditions: None }}, ",
        option(v.service.as_ref().map(|s| text(s))),
        text(&v.pattern),
        option(v.finder.as_deref().map(text)),
        prefilter(&v.prefilter),
        list(&v.validate),
        option(v.context.as_ref().map(context)),
        levels(v.confidence),
    )
}

fn text(s: &str) -> String {
    format!("Cow::Borrowed({s:?})")
}

fn list(items: &List) -> String {
    let items: Vec<String> = items.iter().map(|item| text(item)).collect();
    format!("Cow::Borrowed(&[{}])", items.join(", "))
}

fn option(inner: Option<String>) -> String {
    inner.map_or("None".to_owned(), |inner| format!("Some({inner})"))
}

fn words(w: &Words) -> String {
    format!("Words {{ en: {}, ja: {} }}", text(&w.en), text(&w.ja))
}

fn prefilter(p: &Prefilter) -> String {
    match p {
        Prefilter::Pattern => "Prefilter::Pattern".to_owned(),
        Prefilter::Nothing => "Prefilter::Nothing".to_owned(),
        Prefilter::Digits(n) => format!("Prefilter::Digits({n})"),
        Prefilter::Literals(literals) => format!("Prefilter::Literals({})", list(literals)),
    }
}

fn context(c: &Context) -> String {
    format!(
        "Context {{ words: {}, against: {}, within: {}, required: {}, services: {} }}",
        list(&c.words),
        list(&c.against),
        c.within,
        c.required,
        c.services
    )
}

fn levels(l: Levels) -> String {
    format!(
        "Levels {{ base: Confidence::{:?}, with_context: Confidence::{:?}, with_check: Confidence::{:?} }}",
        l.base, l.with_context, l.with_check
    )
}

fn pair(p: &Pair) -> String {
    format!(
        "Pair {{ with: {}, pattern: {}, within: {}, confidence: Confidence::{:?} }}",
        text(&p.with),
        option(p.pattern.as_deref().map(text)),
        p.within,
        p.confidence
    )
}

fn files(f: &Files) -> String {
    format!(
        "Files {{ names: {}, content: {}, service: {}, confidence: Confidence::{:?} }}, ",
        list(&f.names),
        option(f.content.as_deref().map(text)),
        option(f.service.as_deref().map(text)),
        f.confidence
    )
}
