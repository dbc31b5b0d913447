//! `corpora/credential.toml`: how many credentials without a vendor's mark are found, and how often
//! something harmless is taken for one, by class. A fall below a floor, or a rise above a ceiling,
//! fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use sekisho::chunk::Origin;
use sekisho::detector::{self, Category};
use sekisho::finding::{Confidence, Key};
use sekisho::policy::Rules;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{Body, Item, List};

/// Fillings of each text.
const FILLINGS: u64 = 12;

#[derive(serde::Deserialize)]
struct Corpus {
    class: Vec<Class>,
}

#[derive(serde::Deserialize)]
struct Class {
    name: String,
    kind: Kind,
    #[serde(default)]
    low: usize,
    medium: usize,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    file: BTreeMap<String, String>,
}

#[derive(serde::Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Secret,
    Harmless,
    File,
}

/// xorshift64*: the same on every machine.
struct Random(u64);

impl Random {
    fn of(text: &str, filling: u64) -> Random {
        Random(
            text.bytes().fold(0xCBF2_9CE4_8422_2325 ^ filling, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3))
                | 1,
        )
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// As people make them up under a rule for passwords: syllables, a sign, a number.
    fn password(&mut self) -> String {
        const HEAD: &[u8] = b"kstnhmrgzdbp";
        let (syllables, digits) = (2 + self.below(2), 2 + self.below(3));
        let mut word: String = (0..syllables).map(|_| self.text(HEAD, 1) + &self.text(b"aiueo", 1)).collect();
        word[..1].make_ascii_uppercase();
        let number = self.text(b"0123456789", digits);
        let sign = self.text(b"!#%-_?", 1);
        if self.below(2) == 0 { format!("{word}{sign}{number}") } else { format!("{number}{sign}{word}") }
    }
}

/// The text with its holes filled, and what was filled in.
fn fill(template: &str, filling: u64) -> (String, Vec<String>) {
    let mut random = Random::of(template, filling);
    let (mut text, mut values) = (String::new(), Vec::new());
    let mut rest = template;
    while let Some((before, hole)) = rest.split_once('«') {
        let (hole, after) = hole.split_once('»').expect("a hole ends");
        let (name, length) = hole.split_once(':').unwrap_or((hole, "0"));
        let length: usize = length.parse().expect("a length");
        let upper: Vec<u8> = (b'A'..=b'Z').collect();
        let mut base62: Vec<u8> = (b'a'..=b'z').chain(b'0'..=b'9').collect();
        let base36 = base62.clone();
        base62.extend(&upper);
        let value = match name {
            "password" => random.password(),
            "hex" => random.text(b"0123456789abcdef", length),
            "digits" => random.text(b"0123456789", length),
            "base32" => random.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length),
            "base36" => random.text(&base36, length),
            "base62" => random.text(&base62, length),
            "base64" => base64(&mut random, &base62, length),
            "symbols" => random.text(b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#%^&*(-_=+)", length),
            "uuid" => {
                let hex = random.text(b"0123456789abcdef", 32);
                format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..30])
            }
            _ => panic!("no such hole: {hole}"),
        };
        text.push_str(before);
        text.push_str(&value);
        values.push(value);
        rest = after;
    }
    text.push_str(rest);
    (text, values)
}

/// Base64 of as many bytes as give this length (`=` at its end where they do not fill it).
fn base64(random: &mut Random, base62: &[u8], length: usize) -> String {
    let padding = match length {
        44 => "=",
        24 | 28 | 88 => "==",
        _ => "",
    };
    let mut alphabet = base62.to_vec();
    alphabet.extend(b"+/");
    let mut text = random.text(&alphabet, length - padding.len());
    if !padding.is_empty() {
        text.pop();
        text.push(if padding == "=" { 'E' } else { 'Q' });
    }
    text + padding
}

/// The values found, each with its confidence.
fn scan(scanner: &Scanner, name: &str, text: &str) -> Vec<(String, Confidence)> {
    // Latin-1 stands for bytes in names of files that are known by their beginning.
    let bytes = if text.chars().all(|c| ('\u{80}'..'\u{100}').contains(&c)) {
        text.chars().map(|c| c as u8).chain([0, 0, 0, 2]).collect()
    } else {
        text.as_bytes().to_vec()
    };
    let item = Item { origin: Origin::file(Path::new(name)), body: Body::Bytes(bytes) };
    let mut found = Collect::default();
    scanner.run(&mut List::new(vec![item]), &mut found).expect("scans");
    found.findings.into_iter().map(|f| (f.shown, f.confidence)).collect()
}

#[test]
fn recall_and_precision_of_every_class() {
    let source =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/credential.toml")).expect("corpus");
    let corpus: Corpus = toml::from_str(&source).expect("well-formed");
    let set = detector::builtin().iter().filter(|d| d.category == Category::Credential);
    let mut options = Options::new(Key::new([0; 32]), Instant::now);
    options.reveal = true;
    options.max_findings = 0;
    options.rules = Rules { min_confidence: Confidence::Low, ..Rules::default() };
    let scanner = Scanner::new(set.cloned().map(std::sync::Arc::new).collect(), options).expect("compiles");
    let (mut table, mut wrong) = (String::new(), Vec::new());
    for class in &corpus.class {
        let named = class.text.iter().map(|text| ("file", text));
        let cases: Vec<_> = named.chain(class.file.iter().map(|(name, text)| (name.as_str(), text))).collect();
        let (mut all, mut low, mut medium) = (0, 0, 0);
        let mut examples = BTreeMap::new();
        for (name, template) in cases {
            for filling in 0..FILLINGS {
                let (text, values) = fill(template, filling);
                let found = scan(&scanner, name, &text);
                let is_meant = |value: &str| match class.kind {
                    Kind::Secret => values.iter().any(|v| v == value || (v.len() >= 8 && value.contains(v.as_str()))),
                    Kind::Harmless | Kind::File => true,
                };
                let best = found.iter().filter(|(value, _)| is_meant(value)).map(|(_, c)| *c).max();
                all += 1;
                low += usize::from(best.is_some());
                medium += usize::from(best.is_some_and(|c| c > Confidence::Low));
                let is_fine = match class.kind {
                    Kind::Harmless => best.is_none_or(|c| c == Confidence::Low),
                    Kind::Secret | Kind::File => best.is_some_and(|c| c > Confidence::Low),
                };
                if !is_fine {
                    *examples.entry(template).or_insert(0) += 1;
                }
            }
        }
        let share = |count: usize| count * 100 / all;
        let (low, medium) = (share(low), share(medium));
        let is_fine = match class.kind {
            Kind::Secret => low >= class.low && medium >= class.medium,
            Kind::Harmless => low <= class.low && medium <= class.medium,
            Kind::File => medium >= class.medium,
        };
        table.push_str(&format!("{:<36} {all:>5} texts  low {low:>3} %  medium {medium:>3} %\n", class.name));
        if !is_fine {
            wrong.push(format!("{}: low {low}, medium {medium}\n{examples:#?}", class.name));
        }
    }
    assert!(wrong.is_empty(), "{table}\n{}", wrong.join("\n"));
}
