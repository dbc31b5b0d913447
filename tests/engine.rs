//! The engine finds exactly what a plain loop over all expressions finds.
//!
//! Texts are built from what the patterns are made of: matches, near misses, bare literals, and
//! long runs, joined without order; patterns are the built-in ones, hand-written ones of every
//! shape, and random ones. The loops for each processor are compared in `src/engine/simd`.

use std::ops::Range;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use sekisho::engine::{Candidate, Engine, Gate, Pattern, Scratch, required};

/// Pseudo-random numbers (xorshift), the same on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A text that the expression matches, if its look-around allows it.
fn sample(hir: &Hir, random: &mut Random, out: &mut Vec<u8>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(Class::Bytes(class)) => {
            let range = random.one_of(class.ranges());
            out.push(range.start() + random.below(range.len()) as u8);
        }
        HirKind::Class(Class::Unicode(class)) => {
            let range = random.one_of(class.ranges());
            let c = range.start() as u32 + random.below(range.len()) as u32;
            out.extend_from_slice(char::from_u32(c).unwrap_or(range.start()).to_string().as_bytes());
        }
        HirKind::Repetition(r) => {
            let spread = r.max.unwrap_or(r.min + 8) - r.min;
            let more = if random.below(2) == 0 { 0 } else { random.below(spread as usize + 1) };
            for _ in 0..r.min as usize + more {
                sample(&r.sub, random, out);
            }
        }
        HirKind::Capture(capture) => sample(&capture.sub, random, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, random, out)),
        HirKind::Alternation(branches) => sample(random.one_of(branches), random, out),
    }
}

/// A text full of matches and near misses.
fn text(patterns: &[Hir], literals: &[Vec<u8>], length: usize, random: &mut Random) -> Vec<u8> {
    let mut text = Vec::new();
    while text.len() < length {
        let run = random.below(60);
        match random.below(12) {
            0..=3 => sample(random.one_of(patterns), random, &mut text),
            4..=5 => {
                // A near miss: one byte is another one, or the end is missing.
                let mut piece = Vec::new();
                sample(random.one_of(patterns), random, &mut piece);
                if random.below(2) == 0 {
                    piece.truncate(random.below(piece.len() + 1));
                } else if !piece.is_empty() {
                    let at = random.below(piece.len());
                    piece[at] = *random.one_of(b"aZ5_-=+/ .@\n\xE3");
                }
                text.extend(piece);
            }
            6 => text.extend(random.one_of(literals)),
            7 => text.extend(random.one_of(literals).to_ascii_uppercase()),
            8 => text.extend((0..run).map(|_| b"abcdefXYZ0123456789"[random.below(19)])),
            9 => text.extend((0..run).map(|_| b"abXY09_-=+/"[random.below(11)])),
            10 => text.extend("日本語の文章。".as_bytes()),
            _ => text.extend((0..run).map(|_| random.next() as u8)),
        }
        if random.below(3) > 0 {
            text.push(*random.one_of(b" \n\"'=:,.-_/@0a"));
        }
    }
    text
}

fn parse(pattern: &str) -> Hir {
    ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).unwrap()
}

/// Does a match contain what its pattern's gate declares? Detectors may declare more than their
/// pattern demands; what they find without it is then a matter of luck.
fn declared(gate: &Gate, matched: &[u8]) -> bool {
    let mut last_digit = false;
    let mut longest = 0;
    let mut digits = 0;
    for &byte in matched {
        if byte.is_ascii_digit() {
            digits += 1;
            longest = longest.max(digits);
        } else if !(last_digit && b" -./()".contains(&byte)) {
            digits = 0;
        }
        last_digit = byte.is_ascii_digit();
    }
    let contains = |literal: &sekisho::engine::Text| {
        matched.windows(literal.len()).any(|w| w.eq_ignore_ascii_case(literal.as_bytes()))
    };
    match gate {
        Gate::Digits(least) => longest >= usize::from(*least),
        Gate::Literals(literals) => literals.iter().any(contains),
        Gate::Pattern | Gate::Nothing => true,
    }
}

fn sorted(mut candidates: Vec<Candidate>) -> Vec<(usize, Range<usize>, Range<usize>)> {
    candidates.sort_by_key(|c| (c.pattern, c.whole.start, c.value.start));
    candidates.into_iter().map(|c| (c.pattern, c.whole, c.value)).collect()
}

/// Compares the two searches on some texts; gives the number of candidates.
fn compare(patterns: &[(String, Gate)], texts: usize, random: &mut Random) -> usize {
    let list: Vec<Pattern<'_>> = patterns.iter().map(|(regex, gate)| Pattern { regex, gate: gate.clone() }).collect();
    let engine = Engine::new(&list).unwrap_or_else(|e| panic!("{}: {}", patterns[e.pattern].0, e.what));
    let hirs: Vec<Hir> = patterns.iter().map(|(regex, _)| parse(regex)).collect();
    let mut literals: Vec<Vec<u8>> = patterns.iter().flat_map(|(p, _)| required(p).unwrap().literals).collect();
    literals.push(b"@".to_vec());
    let mut scratch = Scratch::default();
    let mut candidates = 0;
    for round in 0..texts {
        let length = [0, 10, 100, 1000, 4000, 20_000, 40_000][round % 7];
        let text = text(&hirs, &literals, length, random);
        let cores = [0..text.len(), random.below(text.len())..text.len() - random.below(text.len() / 2 + 1)];
        for core in cores {
            let (mut fast, mut plain) = (Vec::new(), Vec::new());
            engine.search(&text, core.clone(), &mut scratch, |candidate| fast.push(candidate));
            engine.search_naively(&text, core.clone(), |candidate| plain.push(candidate));
            for found in [&mut fast, &mut plain] {
                found.retain(|c| declared(&patterns[c.pattern].1, &text[c.whole.clone()]));
            }
            candidates += plain.len();
            let (fast, plain) = (sorted(fast), sorted(plain));
            if let Some(i) = (0..fast.len().max(plain.len())).find(|&i| fast.get(i) != plain.get(i)) {
                let (f, p) = (fast.get(i), plain.get(i));
                let pattern = f.into_iter().chain(p).map(|c| c.0).min().unwrap();
                let context = |c: Option<&(usize, Range<usize>, Range<usize>)>| {
                    let whole = c.map_or(0..0, |c| c.1.clone());
                    let around = whole.start.saturating_sub(40)..(whole.end + 40).min(text.len());
                    format!("{c:?} {:?}", String::from_utf8_lossy(&text[around]))
                };
                panic!(
                    "core {core:?} of {}\nfast  {}\nplain {}\npattern {:?} {}",
                    text.len(),
                    context(f),
                    context(p),
                    patterns[pattern].1,
                    patterns[pattern].0,
                );
            }
        }
    }
    candidates
}

fn gated(patterns: &[&str]) -> Vec<(String, Gate)> {
    patterns.iter().map(|p| ((*p).to_owned(), Gate::Pattern)).collect()
}

#[test]
fn patterns_of_every_shape() {
    let mut patterns = gated(&[
        // Prefixes before and inside runs, guarded in every way.
        r"\b(?P<value>gh[pousr]_[0-9A-Za-z]{36})\b",
        r"(?:^|[^0-9A-Za-z_])(?P<value>glpat-[0-9A-Za-z_-]{20})(?:$|[^0-9A-Za-z_-])",
        r"(?m:^)AKIA[0-9A-Z]{16}$",
        r"(?:AKIA|ASIA)[0-9A-Z]{16}",
        r"\bxkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}\b",
        r"\b(?:sk_live_[0-9a-zA-Z]{24}|glrt-[0-9A-Za-z_-]{20}|npm_[0-9a-z]{36})\b",
        r"\beyJ[0-9A-Za-z_-]{10,200}\.eyJ[0-9A-Za-z_-]{10,200}\.[0-9A-Za-z_-]{10,100}",
        // Literals that begin with each other.
        r"\b(?:abx(?:cd)?|abxc|xyz|xyzabc)[0-9]{4,8}:",
        r"(?:nos(?:te)?|(?:nos|note|notes|notice|noticed|not|nothing|norm|north)):[0-9]{3}\b",
        // In the middle and at the end of runs.
        r"\bsk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}\b",
        r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b",
        r"\b[0-9a-f]{32}-us[0-9]{1,2}\b",
        r"[0-9A-Za-z_-]{24}@corp",
        // Keywords before, behind, and far from runs.
        r#"(?i)adafruit[a-z0-9_ .-]{0,20}["' =:]{1,5}(?P<value>[0-9a-f]{32})\b"#,
        r"(?is)datadog.{0,60}\b(?P<value>[0-9a-f]{40})\b",
        r"(?s)[0-9a-zA-Z]{40}.{0,30}secretkey",
        r"(?i)heroku.{0,300}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        // No run.
        r#"(?i)(?:^|[^a-z])(?:password|passwd|pwd|secret)["']?\s{0,3}[=:]\s{0,3}["']?(?P<value>[^\s"']{6,40})"#,
        r"[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,40}:(?P<value>[^\s:/@]{1,40})@[a-z0-9.-]{3,40}",
        r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[0-9A-Za-z+/=\s]{60,500}-----END",
        r"(?-u:\x00\x01\xFF)key",
        // Japanese.
        r"(?:氏名|お名前)(?u:[：:])\s{0,3}(?P<value>(?u:\p{Han}){1,8})",
        r"パスワード\s{0,3}(?:は|：|:)\s{0,3}(?P<value>\S{4,30})",
        r"社外秘|極秘",
        r"(?u:\b)様式第[0-9]{1,3}号",
    ]);
    patterns.extend([
        (r"\b[a-z0-9.]{1,30}@[a-z0-9-]{1,20}\.[a-z]{2,5}\b".to_owned(), Gate::literals(["@"])),
        (r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}".to_owned(), Gate::Digits(16)),
        (r"(?:^|[^0-9])(?P<value>0[0-9]{1,3}-[0-9]{2,4}-[0-9]{4})(?:[^0-9]|$)".to_owned(), Gate::Digits(8)),
        (r"\b[0-9]{7}\b".to_owned(), Gate::Digits(7)),
        (r"[01]{3}x[01]{3}".to_owned(), Gate::Nothing),
        (r"\b(?:id|no)[0-9]{5}\b".to_owned(), Gate::literals(["ID", "no"])),
    ]);
    let found = compare(&patterns, 140, &mut Random(0x5EC1_5407));
    assert!(found > 5_000, "only {found} candidates: the texts test nothing");
}

#[test]
fn literals_so_dense_that_their_windows_meet() {
    let patterns = gated(&[
        r"(?i)key.{0,40}[0-9]{6}x",
        r"(?i)key[a-z ]{0,20}[0-9a-f]{32}\b",
        r"eyJ[0-9A-Za-z]{10,3000}\.",
        r"aaa(?:a{0,20})b",
    ]);
    let engine_patterns: Vec<Pattern<'_>> =
        patterns.iter().map(|(regex, gate)| Pattern { regex, gate: gate.clone() }).collect();
    let engine = Engine::new(&engine_patterns).unwrap();
    let mut scratch = Scratch::default();
    for (piece, end) in [("key ", "123456x"), ("eyJ", "."), ("a", "b"), ("key0123456789abcdef0123456789abcde ", "key")]
    {
        let text = [piece.repeat(20_000 / piece.len()).as_bytes(), end.as_bytes()].concat();
        let (mut fast, mut plain) = (Vec::new(), Vec::new());
        engine.search(&text, 0..text.len(), &mut scratch, |candidate| fast.push(candidate));
        engine.search_naively(&text, 0..text.len(), |candidate| plain.push(candidate));
        assert_eq!(sorted(fast), sorted(plain), "{piece}");
    }
}

/// Random patterns from the pieces of which real ones are made.
#[test]
fn random_patterns() {
    const GUARDS: &[&str] =
        &["", r"\b", "(?:^|[^0-9A-Za-z_])", "(?m:^)", "(?:^|[^0-9A-Za-z_-])", "[^a]", "x?", r"\b-?"];
    const LITERALS: &[&str] = &[
        "tok_",
        "(?i)vendor",
        "(?:abc|abd)-",
        "zz9",
        "鍵番号",
        "a(?:bc|cd)e",
        "Q{3}",
        "k(?:ey)?:",
        "(?:ke|key|keys|kit|kite)",
    ];
    const GAPS: &[&str] = &["", "", r"\s{0,4}", ".{0,20}", "[a-z]{0,10}", "[_-]?", "[0-9]{2}", r"\b", "(?:-x|_y)?"];
    const RUNS: &[&str] = &[
        "[0-9a-f]{32}",
        "[0-9A-Za-z]{16,20}",
        "[0-9A-Za-z_-]{24,30}",
        "(?:[0-9a-f]{16}|[0-9]{20})",
        "[0-9A-Za-z]{15}",
        "[0-9a-z]{8}-[0-9a-z]{8}-[0-9a-z]{8}",
        "(?:[0-9a-f]{20})?",
        "[0-9A-Za-z+/]{30}={0,2}",
        "(?:ab[0-9]{6}){3}",
        "[0-9]{20}[a-z]{0,9}",
        "(?:-[0-9]{16}|[a-z]{17})",
    ];
    let mut random = Random(0xBEEF);
    let mut found = 0;
    for _ in 0..60 {
        let mut patterns = Vec::new();
        while patterns.len() < 6 {
            let mut pieces = vec![*random.one_of(GUARDS)];
            for set in [GAPS, RUNS, LITERALS, GAPS, RUNS, GAPS, LITERALS, GUARDS] {
                if random.below(2) == 0 {
                    pieces.push(*random.one_of::<&str>(set));
                }
            }
            let pattern: String = pieces.iter().map(|piece| format!("(?:{piece})")).collect();
            let required = required(&pattern).unwrap();
            if required.literals.iter().map(Vec::len).min().unwrap_or(0) >= 3 {
                patterns.push((pattern, Gate::Pattern));
            }
        }
        found += compare(&patterns, 7, &mut random);
    }
    assert!(found > 10_000, "only {found} candidates: the texts test nothing");
}

fn built_in() -> Vec<(String, Gate)> {
    use sekisho::detector::Prefilter;
    sekisho::detector::builtin()
        .iter()
        .flat_map(|d| d.variants.iter())
        .filter(|v| v.finder.is_none())
        .map(|v| {
            let gate = match &v.prefilter {
                Prefilter::Pattern => Gate::Pattern,
                Prefilter::Literals(literals) => Gate::literals(literals.iter().cloned()),
                Prefilter::Digits(least) => Gate::Digits(*least),
                Prefilter::Nothing => Gate::Nothing,
            };
            (v.pattern.to_string(), gate)
        })
        .collect()
}

#[test]
fn built_in_detectors() {
    compare(&built_in(), 14, &mut Random(0xD1CE));
}

/// Their tables were built with the crate; other sets are built from those.
#[test]
fn some_built_in_detectors_with_others() {
    let mut patterns: Vec<(String, Gate)> = built_in().into_iter().rev().step_by(3).collect();
    patterns.insert(5, (r"\bacme_[0-9a-f]{32}\b".to_owned(), Gate::Pattern));
    patterns.push((r"[0-9]{3}-[0-9]{6}".to_owned(), Gate::Digits(9)));
    patterns.push(patterns[0].clone());
    compare(&patterns, 14, &mut Random(0xACE5));
}
