//! How fast the engine is, by step, on texts in which there is (nearly) nothing to find.
//!
//! `cargo bench --bench engine` measures made-up texts and the hostile ones of
//! `benches/data/hostile.toml`, each with a known number of planted tokens that must be found; files named on the command line are measured as well (their first 4 MB;
//! what they contain is printed, not checked). `--detectors DIR` takes other detectors than the built-in
//! ones; `--only NAME` measures only one of the made-up texts.
//!
//! Numbers are the best of some repetitions, in MB/s of one core: two of the prefilter's loops
//! alone, the prefilter, with the look at what follows a literal, and the whole search.

#![allow(clippy::print_stdout)] // A benchmark prints.

use std::path::Path;
use std::time::{Duration, Instant};

use sekisho::detector::{self, Detector, Prefilter};
use sekisho::engine::{Engine, Gate, Pattern, Scratch, Step};

/// Bytes of a made-up text.
const SIZE: usize = 2 << 20;
/// Texts are searched in pieces, as the scan loop does.
const PIECE: usize = 256 << 10;
/// How long one number is measured.
const PATIENCE: Duration = Duration::from_millis(250);

fn main() {
    let (mut files, mut only) = (Vec::new(), None);
    let mut detectors = detector::builtin().to_vec();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--detectors" => detectors = from_folder(Path::new(&arguments.next().expect("--detectors DIR"))),
            "--only" => only = arguments.next(),
            "--bench" => {}
            file => files.push(file.to_owned()),
        }
    }
    let mut patterns = patterns_of(&detectors);
    // One pattern that finds the planted tokens, whatever the others are.
    patterns.push((r"\bsekisho_bench_(?P<value>[0-9a-f]{32})\b".to_owned(), Gate::Pattern));
    let planted = patterns.len() - 1;
    let list: Vec<Pattern<'_>> = patterns.iter().map(|(regex, gate)| Pattern { regex, gate: gate.clone() }).collect();
    let start = Instant::now();
    let engine = Engine::new(&list).unwrap_or_else(|e| panic!("{}: {}", list[e.pattern].regex, e.what));
    println!("{} patterns, engine ready in {:.2} ms", list.len(), start.elapsed().as_secs_f64() * 1e3);
    println!(
        "{:<32}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>8}{:>9}{:>8}",
        "MB/s", "structure", "literals", "prefilter", "+ looks", "search", "cand./KB", "hits/KB", "windows", "found"
    );
    let zeros = vec![0; SIZE];
    let (reading, _) = best(&zeros, |piece| memchr::memchr_iter(1, piece).count());
    println!("looking for one byte: {reading:.0} MB/s");
    let plain = TEXTS.iter().map(|(name, make)| ((*name).to_owned(), make(&mut Random(0x5EED))));
    for (name, text) in plain.chain(hostile()).filter(|(name, _)| only.as_ref().is_none_or(|only| only == name)) {
        let found = measure(&name, &engine, &plant(text), planted);
        assert_eq!(found, PLANTED, "{name}: planted tokens");
    }
    for file in files {
        let name = file.rsplit('/').next().unwrap_or(&file);
        let text = std::fs::read(&file).expect("a readable file");
        measure(name, &engine, &text[..text.len().min(SIZE * 2)], planted);
    }
}

/// Prints one line; gives the number of planted tokens that were found.
fn measure(name: &str, engine: &Engine, text: &[u8], planted: usize) -> usize {
    let mut scratch = Scratch::default();
    let mut step = |step| best(text, |piece| engine.dry_run(piece, &mut scratch, step));
    let (structure, _) = step(Step::Structure);
    let (literals, candidates) = step(Step::Candidates);
    let (prefilter, hits) = step(Step::Prefilter);
    let (rests, windows) = step(Step::Windows);
    let mut search = |piece: &[u8], counts: &dyn Fn(usize) -> bool| {
        let mut found = 0;
        engine.search(piece, 0..piece.len(), &mut scratch, |c| found += usize::from(counts(c.pattern)));
        found
    };
    let expected = text.chunks(PIECE).map(|piece| search(piece, &|pattern| pattern == planted)).sum();
    let (all, found) = best(text, |piece| search(piece, &|_| true));
    let kb = text.len() as f64 / 1024.0;
    println!(
        "{name:<32}{structure:>10.0}{literals:>10.0}{prefilter:>10.0}{rests:>10.0}{all:>10.0}{:>10.2}{:>8.2}{windows:>9}{found:>8}",
        candidates as f64 / kb,
        hits as f64 / kb,
    );
    expected
}

/// Speed in MB/s and what all pieces gave. Each piece is timed by itself and the best time of
/// each counts, so that other programs on the machine disturb little.
fn best(text: &[u8], mut run: impl FnMut(&[u8]) -> usize) -> (f64, usize) {
    let mut times = vec![Duration::MAX; text.len().div_ceil(PIECE)];
    let mut sum = 0;
    let start = Instant::now();
    for round in 0.. {
        sum = 0;
        for (piece, best) in text.chunks(PIECE).zip(&mut times) {
            let once = Instant::now();
            sum += run(piece);
            *best = once.elapsed().min(*best);
        }
        if round > 1 && start.elapsed() > PATIENCE {
            break;
        }
    }
    (text.len() as f64 / 1e6 / times.iter().sum::<Duration>().as_secs_f64(), sum)
}

fn patterns_of(detectors: &[Detector]) -> Vec<(String, Gate)> {
    let gate = |prefilter: &Prefilter| match prefilter {
        Prefilter::Pattern => Gate::Pattern,
        Prefilter::Literals(literals) => Gate::literals(literals.iter().cloned()),
        Prefilter::Digits(least) => Gate::Digits(*least),
        Prefilter::Nothing => Gate::Nothing,
    };
    let searched = detectors.iter().flat_map(|d| d.variants.iter()).filter(|v| v.finder.is_none());
    searched.map(|v| (v.pattern.to_string(), gate(&v.prefilter))).collect()
}

/// The detectors of all files below a folder.
fn from_folder(folder: &Path) -> Vec<Detector> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(from_folder(&path));
        } else if path.extension().is_some_and(|e| e == "toml") {
            let (source, name) = (std::fs::read_to_string(&path).expect("text"), path.display().to_string());
            found.push(detector::parse("credential/bench", &name, &source).expect("a detector"));
        }
    }
    found
}

/// Pseudo-random numbers (xorshift), the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn one_of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

const PLANTED: usize = 3;

/// Puts tokens at the beginning, in the middle of a piece and at the end.
fn plant(mut text: Vec<u8>) -> Vec<u8> {
    // A whole number of pieces, so that none is cut in two.
    text.truncate(text.len() / PIECE * PIECE);
    let token = [" sekisho_bench_", "0123456789abcdef", "fedcba9876543210", " "].concat();
    for at in [0, PIECE * 3 + 1000, text.len() - token.len()] {
        text[at..at + token.len()].copy_from_slice(token.as_bytes());
    }
    text
}

/// A kind of text.
type Make = fn(&mut Random) -> Vec<u8>;

const TEXTS: &[(&str, Make)] = &[
    ("english", |r| lines(r, |r, out| sentence(r, ENGLISH, " ", ". ", out))),
    ("japanese", |r| lines(r, |r, out| sentence(r, JAPANESE, "", "。", out))),
    ("csv", |r| lines(r, csv)),
    ("log", |r| lines(r, log)),
    ("code", |r| lines(r, code)),
    ("base64", |r| lines(r, |r, out| characters(r, BASE64, 76, out))),
    ("hex words", |r| lines(r, |r, out| characters(r, "0123456789abcdef", 32, out))),
    ("digits", |r| lines(r, |r, out| characters(r, "0123456789 -", 70, out))),
];

/// The texts that try to make the engine slow, with their names.
fn hostile() -> Vec<(String, Vec<u8>)> {
    #[derive(serde::Deserialize)]
    struct Texts {
        text: Vec<Text>,
    }
    #[derive(serde::Deserialize)]
    struct Text {
        name: String,
        piece: Vec<String>,
    }
    let texts: Texts = toml::from_str(include_str!("data/hostile.toml")).expect("well-formed");
    let repeated = |text: Text| {
        let piece = text.piece.concat();
        (text.name, piece.repeat(SIZE / piece.len() + 1).into_bytes())
    };
    texts.text.into_iter().map(repeated).collect()
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ENGLISH: &[&str] = &[
    "the",
    "of",
    "and",
    "to",
    "a",
    "in",
    "that",
    "is",
    "was",
    "it",
    "for",
    "on",
    "with",
    "as",
    "be",
    "at",
    "by",
    "this",
    "had",
    "not",
    "are",
    "but",
    "from",
    "or",
    "have",
    "an",
    "they",
    "which",
    "one",
    "were",
    "all",
    "we",
    "when",
    "there",
    "can",
    "more",
    "if",
    "no",
    "would",
    "about",
    "system",
    "report",
    "office",
    "network",
    "document",
    "project",
    "manager",
    "customer",
    "service",
    "information",
    "between",
    "development",
    "message",
    "question",
    "possible",
    "password",
    "access",
    "public",
    "private",
    "account",
    "key",
    "market",
    "https://example.com/path",
    "however,",
];
const JAPANESE: &[&str] = &[
    "本日",
    "会議",
    "資料",
    "の",
    "を",
    "に",
    "は",
    "が",
    "と",
    "で",
    "について",
    "作成",
    "しました",
    "確認",
    "お願い",
    "いたします",
    "担当者",
    "連絡",
    "予定",
    "変更",
    "結果",
    "報告",
    "システム",
    "ネットワーク",
    "プロジェクト",
    "管理",
    "情報",
    "開発",
    "環境",
    "設定",
    "、",
    "また",
    "なお",
    "以下",
    "の通り",
    "です",
    "ます",
    "ください",
    "東京",
    "大阪",
];
const CODE: &[&str] = &[
    "fn ",
    "let mut ",
    "self.",
    "value",
    "(",
    ")",
    " -> ",
    "Result<",
    "Option<",
    "&str",
    ", ",
    "{\n    ",
    "}\n",
    " = ",
    "match ",
    "state",
    "buffer",
    "token",
    "key",
    "index",
    ".iter()",
    ".map(|x| x.len())",
    "// comment about it\n",
    "to_owned()",
    "some_long_function_name",
    "CamelCaseTypeName",
    "\"text in quotes\"",
    "usize",
    "return ",
    ";\n    ",
];

fn lines(random: &mut Random, line: impl Fn(&mut Random, &mut String)) -> Vec<u8> {
    let mut out = String::with_capacity(SIZE + 1024);
    while out.len() < SIZE {
        line(random, &mut out);
        out.push('\n');
    }
    out.into_bytes()
}

fn sentence(random: &mut Random, words: &[&str], between: &str, end: &str, out: &mut String) {
    for _ in 0..4 + random.below(14) {
        out.push_str(random.one_of(words));
        out.push_str(between);
    }
    out.push_str(end);
}

fn csv(random: &mut Random, out: &mut String) {
    let words: [&str; 4] = std::array::from_fn(|_| random.one_of(&ENGLISH[..60]));
    let [a, b, c, d] = words;
    let (id, year, month, day) =
        (random.below(99_999), 2000 + random.below(26), 1 + random.below(12), 1 + random.below(28));
    let amount = random.below(1_000_000);
    *out += &format!("{id},{a} {b},{year}-{month:02}-{day:02},{}.{:02},{c},{d} {a}", amount / 100, amount % 100);
}

fn log(random: &mut Random, out: &mut String) {
    let (day, hour, minute, second) = (1 + random.below(28), random.below(24), random.below(60), random.below(60));
    *out += &format!("2024-05-{day:02}T{hour:02}:{minute:02}:{second:02}Z INFO ");
    sentence(random, ENGLISH, " ", "", out);
    *out += &format!("id={:016x} took {} ms", random.below(usize::MAX), random.below(9999));
}

fn code(random: &mut Random, out: &mut String) {
    sentence(random, CODE, "", "", out);
}

fn characters(random: &mut Random, set: &str, count: usize, out: &mut String) {
    let set = set.as_bytes();
    out.extend((0..count).map(|_| char::from(set[random.below(set.len())])));
}
