//! Documents made by real programs (`tests/fixtures/make.py`): every planted value must come out,
//! in the part that it was planted in; and no damage to a file may go unnoticed.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::PathBuf;

use sekisho::chunk::{Limits, Step};
use sekisho::error::{Problem, ProblemKind};
use sekisho::extract::{Block, HEAD, Input, Kind, Visit, sniff};

/// Everything that came out, text by the last step to it.
#[derive(Default)]
struct Found {
    texts: Vec<(String, String)>,
    problems: Vec<Problem>,
    depth: usize,
    passwords: Vec<String>,
}

impl Visit for Found {
    fn passwords(&mut self) -> Vec<String> {
        self.passwords.clone()
    }

    fn member(&mut self, step: Step, bytes: &mut dyn Read) -> io::Result<()> {
        let mut content = Vec::new();
        if let Err(e) = bytes.read_to_end(&mut content) {
            self.problems.push(Problem::from_io(&e));
        }
        let name = step.to_string();
        if self.depth < 4 && matches!(sniff(head(&content)), Kind::Container(_)) {
            self.depth += 1;
            self.look(&content, &name);
            self.depth -= 1;
        } else {
            self.texts.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        assert!(block.marks.is_sorted_by_key(|mark| mark.at));
        let first = block.marks.first().map_or(block.text.len(), |mark| mark.at);
        self.texts.push((String::new(), block.text[..first].to_owned()));
        for (i, mark) in block.marks.iter().enumerate() {
            let end = block.marks.get(i + 1).map_or(block.text.len(), |next| next.at);
            self.texts.push((mark.step.to_string(), block.text[mark.at..end].to_owned()));
        }
        Ok(())
    }

    fn problem(&mut self, _: Option<Step>, problem: Problem) {
        self.problems.push(problem);
    }
}

impl Found {
    fn look(&mut self, mut bytes: &[u8], name: &str) {
        let limits = Limits::default();
        let size = Some(bytes.len() as u64);
        match sniff(head(bytes)) {
            Kind::Container(format) => {
                let mut input = Input::new(&mut bytes, name, &limits);
                input.size = size;
                let format = format.refine(&mut input);
                if let Err(problem) = (format.extract)(&mut input, self) {
                    self.problems.push(problem);
                }
            }
            Kind::Unsupported(what) | Kind::Encrypted(what) => {
                self.problems.push(Problem::new(ProblemKind::Unsupported, what))
            }
            // Damaged beyond recognition: read as bytes, which is what it is.
            Kind::Text | Kind::NotText(_) => {
                self.texts.push((String::new(), String::from_utf8_lossy(bytes).into_owned()));
                self.problems.push(Problem::new(ProblemKind::Damaged, "unrecognised"));
            }
        }
    }

    fn has(&self, step: &str, value: &str) -> bool {
        self.texts.iter().any(|(at, text)| (step == "*" || at == step) && text.contains(value))
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(HEAD)]
}

fn look(bytes: &[u8], name: &str) -> Found {
    let mut found = Found::default();
    found.look(bytes, name);
    found
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/office")
}

/// File → (step, value).
fn expected() -> BTreeMap<String, Vec<(String, String)>> {
    let table = std::fs::read_to_string(fixtures().join("expected.tsv")).expect("expected.tsv");
    let mut files: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in table.lines() {
        let mut cells = row.split('\t');
        let mut next = || cells.next().expect("three cells").to_owned();
        let file = next();
        files.entry(file).or_default().push((next(), next()));
    }
    files
}

fn read(file: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(file)).expect("fixture")
}

/// A file's planted values that are not found where they were planted.
fn missing<'a>(found: &Found, values: &'a [(String, String)]) -> Vec<&'a (String, String)> {
    values.iter().filter(|(step, value)| !found.has(step, value)).collect()
}

#[test]
fn planted_values_come_out_where_they_are() {
    let mut failed = String::new();
    for (file, values) in expected() {
        let found = look(&read(&file), &file);
        let missing = missing(&found, &values);
        if missing.len() * 50 > values.len() {
            failed += &format!("{file}: {} of {} missing: {missing:?}\n", missing.len(), values.len());
        }
        if !found.problems.is_empty() {
            failed += &format!("{file}: problems {:?}\n", found.problems);
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Damaged variants of a file: a thousand of the smallest one of each format, some of the others.
fn variants(file: &str) -> usize {
    let kind = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let same = expected().into_keys().filter(|other| kind(other) == kind(file));
    let smallest = same.min_by_key(|other| read(other).len());
    if smallest.is_some_and(|smallest| smallest == file) { 1000 } else { 100 }
}

#[test]
fn a_cut_file_is_a_problem_or_still_whole() {
    for (file, values) in expected() {
        let bytes = read(&file);
        let usual = missing(&look(&bytes, &file), &values).len();
        let mut dice = Dice(7);
        for i in 0..variants(&file) {
            let cut = if i < 20 { bytes.len() - 1 - i } else { dice.below(bytes.len()) };
            let found = look(&bytes[..cut], &file);
            let whole = || missing(&found, &values).len() == usual;
            assert!(!found.problems.is_empty() || whole(), "{file} cut at {cut}: neither problem nor whole");
        }
    }
}

#[test]
fn flipped_bits_never_panic_or_hang() {
    for file in expected().keys() {
        let bytes = read(file);
        let mut dice = Dice(11);
        for _ in 0..variants(file) {
            let mut damaged = bytes.clone();
            for _ in 0..=dice.below(8) {
                let at = dice.below(damaged.len());
                damaged[at] ^= 1 << dice.below(8);
            }
            look(&damaged, file);
        }
    }
}

#[test]
fn what_stays_shut_is_a_problem() {
    for (file, kind) in [
        ("locked.pdf", ProblemKind::Encrypted),
        ("locked.xlsx", ProblemKind::Encrypted),
        ("scan.pdf", ProblemKind::Unsupported),
        // Its fonts do not say which characters they draw.
        ("stripped.pdf", ProblemKind::Unsupported),
    ] {
        let found = look(&read(file), file);
        assert_eq!(found.problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [kind], "{file}: {:?}", found.problems);
    }
    let scan = look(&read("scan.pdf"), "scan.pdf");
    assert_eq!(scan.problems[0].what, "image-only page 1-3");
}

fn look_with(bytes: &[u8], name: &str, passwords: &[String]) -> Found {
    let mut found = Found { passwords: passwords.to_vec(), ..Found::default() };
    found.look(bytes, name);
    found
}

#[test]
fn a_password_that_is_known_opens() {
    let passwords = ["Betsu-2026".to_owned(), ["Eigyo", "2026"].join("-")];
    let found = look_with(&read("locked.pdf"), "locked.pdf", &passwords);
    let values = &expected()["aes256.pdf"];
    assert!(missing(&found, values).is_empty() && found.problems.is_empty());

    let expected = expected();
    let mut failed = String::new();
    for (file, plain) in locked() {
        let found = look_with(&read(&file), &file, &passwords);
        let missing = missing(&found, &expected[&plain]);
        if !missing.is_empty() || !found.problems.is_empty() {
            failed += &format!("{file}: missing {missing:?}, problems {:?}\n", found.problems);
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn a_wrong_password_leaves_it_shut() {
    for (file, _) in locked().into_iter().filter(|(file, _)| !file.contains("read-only")) {
        for passwords in [vec![], vec!["Betsu-2026".to_owned(), String::new()]] {
            let found = look_with(&read(&file), &file, &passwords);
            let kinds: Vec<_> = found.problems.iter().map(|p| p.kind).collect();
            assert_eq!(kinds, [ProblemKind::Encrypted], "{file}: {:?}", found.problems);
        }
    }
}

#[test]
fn damage_to_locked_files_is_survived() {
    let passwords = [["Eigyo", "2026"].join("-")];
    let expected = expected();
    for (file, plain) in locked() {
        let bytes = read(&file);
        // Most hash the password for tens of milliseconds, but for those that are made for this.
        let times = match () {
            () if file.starts_with("quick") || file == "rc4.xls" || file == "r4.pdf" => 1000,
            () if file.contains("rc4") || file.ends_with(".pdf") => 100,
            () => 6,
        };
        let mut dice = Dice(13);
        for _ in 0..times {
            let cut = dice.below(bytes.len());
            let found = look_with(&bytes[..cut], &file, &passwords);
            let whole = || missing(&found, &expected[&plain]).is_empty();
            assert!(!found.problems.is_empty() || whole(), "{file} cut at {cut}: neither problem nor whole");
            let mut damaged = bytes.clone();
            for _ in 0..=dice.below(8) {
                let at = dice.below(damaged.len());
                damaged[at] ^= 1 << dice.below(8);
            }
            look_with(&damaged, &file, &passwords);
        }
    }
}

/// Encrypted files (`../locked/name`), and the documents that they were made of.
fn locked() -> Vec<(String, String)> {
    let table = std::fs::read_to_string(fixtures().join("../locked/files.tsv")).expect("files.tsv");
    let rows = table.lines().filter_map(|row| row.split_once('\t'));
    rows.map(|(file, plain)| (format!("../locked/{file}"), plain.to_owned())).collect()
}
