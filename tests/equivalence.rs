//! The engine finds exactly what a plain loop over all expressions finds; a scan finds the same
//! however its input is cut, on however many threads, and survives any bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use proptest::prelude::*;
use sekisho::chunk::Origin;
use sekisho::detector::{self, Confidence, Detector};
use sekisho::engine::{Candidate, Engine, Gate, Pattern, Scratch};
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{Ahead, Body, Item, List};

fn patterns() -> Vec<Pattern<'static>> {
    detector::builtin()
        .iter()
        .flat_map(|d| d.variants.iter())
        .filter(|v| v.finder.is_none())
        .map(|v| Pattern {
            regex: &v.pattern,
            gate: match &v.prefilter {
                detector::Prefilter::Pattern => Gate::Pattern,
                detector::Prefilter::Literals(l) => Gate::literals(l.iter().cloned()),
                detector::Prefilter::Digits(n) => Gate::Digits(*n),
                detector::Prefilter::Nothing => Gate::Nothing,
            },
        })
        .collect()
}

fn set() -> Vec<Arc<Detector>> {
    detector::builtin().iter().cloned().map(Arc::new).collect()
}

/// Text made of what detectors look at: pieces of their examples, digits, labels, line ends,
/// Japanese, and rubbish.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<String> = detector::sources()
        .iter()
        .flat_map(|(id, source)| detector::parse_examples(id, source).map(|(examples, _)| examples).unwrap_or_default())
        .map(|example| example.text)
        .collect();
    let pieces = prop::sample::select(pieces);
    let cut = (pieces, any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(text, a, b)| {
        let bytes = text.into_bytes();
        let (a, b) = (a.index(bytes.len() + 1), b.index(bytes.len() + 1));
        bytes[a.min(b)..a.max(b)].to_vec()
    });
    let piece = prop_oneof![
        4 => cut,
        2 => "[0-9A-Za-z_+/=-]{1,40}".prop_map(String::into_bytes),
        2 => "[0-9 ()./-]{1,24}".prop_map(String::into_bytes),
        1 => prop::sample::select(vec!["\n", "\r\n", "password: ", "\" = ", "@", "電話 ", "　", "：", "０３－", "-----BEGIN "])
            .prop_map(|s| s.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..8),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn sorted(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by_key(|c| (c.pattern, c.whole.start, c.value.start));
    candidates
}

/// Where and what, shown value, byte, line, column, confidence.
type Found = (String, String, u64, u64, u64, &'static str);

fn scan(scanner: &Scanner, texts: &[Vec<u8>]) -> Vec<Found> {
    scan_as(scanner, texts, Body::Bytes)
}

fn scan_as(scanner: &Scanner, texts: &[Vec<u8>], body: fn(Vec<u8>) -> Body) -> Vec<Found> {
    let items = texts.iter().enumerate().map(|(i, text)| Item {
        origin: Origin::file(std::path::PathBuf::from(format!("{i:04}"))),
        body: body(text.clone()),
    });
    let mut found = Collect::default();
    scanner.run(&mut List::new(items.collect()), &mut found).expect("scans");
    found
        .findings
        .iter()
        .map(|f| {
            let confidence = f.confidence.name();
            (
                f.origin.to_string() + &f.detector.id,
                f.shown.clone(),
                f.start.byte,
                f.start.line,
                f.start.column,
                confidence,
            )
        })
        .collect()
}

fn options() -> Options {
    let mut options = Options::new(Key::new([1; 32]), Instant::now);
    options.reveal = true;
    options.max_findings = 0;
    options.rules.min_confidence = Confidence::Low;
    options
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_finds_what_a_plain_loop_finds(text in texts()) {
        let mut slow = Vec::new();
        engines()[0].search_naively(&text, 0..text.len(), |c| slow.push(c));
        let slow = sorted(slow);
        for engine in engines() {
            let mut scratch = Scratch::default();
            // The second time, a thread that has forgotten its states works them out again.
            for _ in 0..2 {
                let mut fast = Vec::new();
                engine.search(&text, 0..text.len(), &mut scratch, |c| fast.push(c));
                prop_assert_eq!(&sorted(fast), &slow);
                scratch.bound(0);
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        scan(&scanner(1, 256 << 10), &[bytes]);
    }

    #[test]
    fn any_number_of_threads_finds_the_same_in_the_same_order(texts in prop::collection::vec(texts(), 0..40)) {
        prop_assert_eq!(scan(&scanner(1, 256 << 10), &texts), scan(&scanner(4, 256 << 10), &texts));
    }
}

/// A stream that gives one byte at a time.
struct Dribble(std::io::Cursor<Vec<u8>>);

impl std::io::Read for Dribble {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let one = buffer.len().min(1);
        self.0.read(&mut buffer[..one])
    }
}

/// Everything that the detectors' examples contain, as one text.
fn all_examples() -> Vec<u8> {
    let mut text = Vec::new();
    for (id, source) in detector::sources() {
        for example in detector::parse_examples(id, source).expect("parsed at build time").0 {
            text.extend_from_slice(example.text.as_bytes());
            text.extend_from_slice(b"\n\n");
        }
    }
    text
}

#[test]
fn a_stream_of_single_bytes_is_the_whole_text() {
    let text = all_examples();
    let whole = scan(&scanner(1, 256 << 10), std::slice::from_ref(&text));
    let body = |text| Body::Stream(Box::new(Dribble(std::io::Cursor::new(text))));
    assert_eq!(scan_as(&scanner(1, 256 << 10), &[text], body), whole);
}

/// The scan of a text cut into windows of any size is the scan of the whole.
#[test]
fn any_split_finds_what_the_whole_has() {
    let text = all_examples();
    let whole = scan(&scanner(1, 1 << 30), std::slice::from_ref(&text));
    for chunk in [997, 4096, 10_007, 65_536, 262_144] {
        let split = scan(&scanner(1, chunk), std::slice::from_ref(&text));
        let only = |a: &[Found], b: &[Found]| a.iter().filter(|x| !b.contains(x)).cloned().collect::<Vec<Found>>();
        assert_eq!((only(&whole, &split), only(&split, &whole)), (vec![], vec![]), "windows of {chunk}");
    }
}

/// A table whose values need the heading far above them, lists under keys, Shift_JIS, encoded text, and
/// everything else; long enough for many windows.
fn long_text() -> Vec<u8> {
    let mut text = "氏名,個人番号,電話\n".to_owned().into_bytes();
    let numbers = ["1234 5678 9018", "0987 6543 2101", "5555 6666 7770"];
    for i in 0..600 {
        text.extend_from_slice(format!("山田太郎,{},090-1234-{:04}\n", numbers[i % 3], i).as_bytes());
    }
    text.extend_from_slice(b"{\"my_numbers\": [\n");
    for i in 0..400 {
        text.extend_from_slice(format!("  \"{}\",\n", numbers[i % 3]).as_bytes());
    }
    text.extend_from_slice(b"]}\n");
    text.extend_from_slice(&encoding_rs::SHIFT_JIS.encode("電話番号は０９０－１２３４－５６７８です。\n").0);
    text.extend_from_slice(&all_examples());
    text
}

/// One input that several threads search is found to hold what one thread finds, in the same order.
#[test]
fn threads_that_share_an_input_find_what_one_does() {
    let text = long_text();
    for chunk in [3_001, 65_536] {
        let alone = scan(&scanner(1, chunk), std::slice::from_ref(&text));
        assert!(alone.len() > 100);
        assert_eq!(scan(&scanner(4, chunk), std::slice::from_ref(&text)), alone, "windows of {chunk}");
        let body = |text| {
            let ahead = Ahead::new(Dribble(std::io::Cursor::new(text))).expect("a thread");
            Body::Stream(Box::new(ahead))
        };
        if chunk == 65_536 {
            assert_eq!(scan_as(&scanner(3, chunk), std::slice::from_ref(&text), body), alone, "a stream");
        }
    }
}

/// What breaks off in the middle of shared work is reported once, with everything found before.
#[test]
fn a_shared_input_that_breaks_off_keeps_what_came_before() {
    struct Broken(std::io::Cursor<Vec<u8>>);
    impl std::io::Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(std::io::ErrorKind::ConnectionReset.into()),
                n => Ok(n),
            }
        }
    }
    let text = long_text();
    let run = |threads| {
        let body = Body::Stream(Box::new(Broken(std::io::Cursor::new(text.clone()))));
        let item = Item { origin: Origin::file(std::path::Path::new("broken")), body };
        let mut found = Collect::default();
        scanner(threads, 4096).run(&mut List::new(vec![item]), &mut found).expect("scans");
        (found.findings.len(), found.problems.len())
    };
    let alone = run(1);
    assert!(alone.0 > 100 && alone.1 == 1);
    assert_eq!(run(4), alone);
}

/// The engine on every kind of processor that this machine can stand for.
fn engines() -> &'static [Engine] {
    static ENGINES: std::sync::OnceLock<Vec<Engine>> = std::sync::OnceLock::new();
    let new = |processor| Engine::new(&patterns()).expect("compiles").on_processor(processor);
    ENGINES.get_or_init(|| (0..).map_while(new).collect())
}

/// A scanner, compiled once for all cases of a test.
fn scanner(threads: usize, chunk: usize) -> Arc<Scanner> {
    static SCANNERS: Mutex<BTreeMap<(usize, usize), Arc<Scanner>>> = Mutex::new(BTreeMap::new());
    let mut scanners = SCANNERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let compile = || {
        let mut options = options();
        options.threads = threads;
        options.chunk = chunk;
        Arc::new(Scanner::new(set(), options).expect("compiles"))
    };
    scanners.entry((threads, chunk)).or_insert_with(compile).clone()
}
