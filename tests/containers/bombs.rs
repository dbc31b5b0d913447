//! Bombs: each ends soon, is said, and hides none of its neighbours.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sekisho::chunk::Origin;
use sekisho::detector;
use sekisho::error::ProblemKind::Limit;
use sekisho::finding::Key;
use sekisho::scan::{Collect, Options, Scanner};
use sekisho::source::{Body, Item, List};

use super::build::{Entry, deflate, end, gzip, zip};

const DETECTOR: &str = r#"
title = { en = "marker", ja = "印" }
severity = "high"
articles = ["7-1"]
why = { en = "x", ja = "x" }
pattern = '(?P<value> marker-[0-9]{4} )'
confidence = { base = "high" }
"#;

fn scan(bytes: Vec<u8>) -> Collect {
    let detector =
        detector::parse("credential/marker", "marker.toml", &DETECTOR.replace("'(?P", "'(?x) (?P")).expect("detector");
    let scanner =
        Scanner::new(vec![Arc::new(detector)], Options::new(Key::new([0; 32]), Instant::now)).expect("scanner");
    let item = Item { origin: Origin::file(Path::new("bomb")), body: Body::Bytes(bytes) };
    let mut found = Collect::default();
    let began = Instant::now();
    scanner.run(&mut List::new(vec![item]), &mut found).expect("scan");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    found
}

fn places(found: &Collect) -> Vec<String> {
    found.findings.iter().map(|finding| finding.origin.to_string()).collect()
}

fn limits(found: &Collect) -> Vec<String> {
    let limits = found.problems.iter().filter(|(_, problem)| problem.kind == Limit);
    limits.map(|(origin, _)| origin.to_string()).collect()
}

fn zeros(mib: usize) -> Vec<u8> {
    deflate(&vec![0; mib << 20])
}

/// An entry that unpacks to so many MiB of zeros.
fn bomb(name: &str, mib: usize) -> Entry {
    let data = zeros(mib);
    Entry { method: 8, packed: data.len() as u32, size: (mib << 20) as u32, data, ..Entry::stored(name, b"") }
}

#[test]
fn a_bomb_hides_none_of_its_neighbours() {
    let neighbour = |name| Entry::deflated(name, b"marker-4711\n");
    let bytes = zip(&[neighbour("a"), bomb("b", 150), neighbour("c"), bomb("d", 150), neighbour("e")]);
    let found = scan(bytes);
    assert_eq!(places(&found), ["bomb › a", "bomb › c", "bomb › e"]);
    let limits = limits(&found);
    assert!(limits.contains(&"bomb › b".to_owned()) && limits.contains(&"bomb › d".to_owned()), "{limits:?}");
    let unpacked = found.summary.expect("summary").unpacked_bytes;
    assert!(unpacked < 200 << 20, "{unpacked}");
}

#[test]
fn bombs_in_a_bomb_end() {
    let inner = zip(&(0..10).map(|n| bomb(&format!("{n}"), 40)).collect::<Vec<_>>());
    let middle = Entry::deflated("x.zip", &inner);
    let middle = zip(&(0..10).map(|n| Entry { name: format!("{n}.zip").into(), ..middle.clone() }).collect::<Vec<_>>());
    let bytes = zip(&[Entry::deflated("y.zip", &middle), Entry::deflated("z", b"marker-4711\n")]);
    let found = scan(bytes);
    assert_eq!(places(&found), ["bomb › z"]);
    assert!(!limits(&found).is_empty());
}

#[test]
fn entries_that_share_their_bytes_end() {
    // Each header stands in a stored block of the entry before it, so that every entry unpacks
    // to all that follow it and the zeros at the end.
    let kernel = zeros(8);
    let count = 500;
    let mut tail = kernel;
    let mut locals = Vec::new();
    for n in (0..count).rev() {
        let entry = Entry { method: 8, packed: tail.len() as u32, ..Entry::stored(&format!("{n:04}"), b"") };
        let local = entry.local();
        let length = local.len() as u16;
        let block = [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat();
        tail = [local, tail].concat();
        locals.push((entry, tail.len()));
        if n > 0 {
            tail = [block, tail].concat();
        }
    }
    let mut bytes = tail.clone();
    let mut directory = Vec::new();
    for (entry, from_end) in locals.iter().rev() {
        directory.extend(entry.listing((tail.len() - from_end) as u32));
    }
    let at = bytes.len();
    bytes.extend(&directory);
    bytes.extend(end(count as u16, directory.len(), at));
    let found = scan(bytes);
    assert!(!limits(&found).is_empty());
    let unpacked = found.summary.expect("summary").unpacked_bytes;
    assert!(unpacked < 300 << 20, "{unpacked}");
}

#[test]
fn two_entries_with_one_header_are_looked_at_once() {
    let entry = Entry::deflated("a", b"marker-4711\n");
    let mut bytes = [entry.local(), entry.data.clone()].concat();
    let (at, listing) = (bytes.len(), entry.listing(0).repeat(100));
    bytes.extend(&listing);
    bytes.extend(end(100, listing.len(), at));
    assert_eq!(places(&scan(bytes)), ["bomb › a"]);
}

#[test]
fn nesting_has_an_end_that_is_said() {
    let mut bytes = b"marker-4711\n".to_vec();
    for _ in 0..30 {
        bytes = gzip(&bytes);
    }
    let deep = Entry::stored("deep.gz", &bytes);
    let found = scan(zip(&[deep, Entry::stored("z", b"marker-4711\n")]));
    assert_eq!((places(&found), limits(&found).len()), (vec!["bomb › z".to_owned()], 1));
}

#[test]
fn a_zip_that_holds_itself_ends() {
    // R. Cox, "Zip Files All The Way Down" (2010): a stream of deflate that prints itself is
    // not needed here; a header whose data begins at the header does the same by its offsets.
    let name = b"again.zip";
    let entry = Entry { name: name.to_vec(), ..Entry::stored("", b"") };
    let local = entry.local();
    let whole = (local.len() + 46 + name.len() + 22) as u32;
    let stored = Entry { packed: whole, size: whole, ..entry };
    let mut bytes = stored.local();
    let at = bytes.len();
    let listing = stored.listing(0);
    bytes.extend(&listing);
    bytes.extend(end(1, listing.len(), at));
    let found = scan(bytes);
    assert!(!found.problems.is_empty());
}

#[test]
fn a_bzip2_bomb_ends_by_its_ratio() {
    use std::io::Write as _;
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    for _ in 0..100 {
        encoder.write_all(&vec![0; 1 << 20]).expect("memory");
    }
    let bomb = Entry::stored("b.bz2", &encoder.finish().expect("memory"));
    let found =
        scan(zip(&[bomb, Entry::stored("z", b"marker-4711\n"), Entry::stored("big", &deflate(&[7; 99]).repeat(9))]));
    assert_eq!(places(&found), ["bomb › z"]);
    assert_eq!(limits(&found)[0], "bomb › b.bz2 › b");
}

#[test]
fn a_zip_behind_a_program_is_taken_apart() {
    let program = [b"MZ", &[0; 5000][..], b"marker-0815 in the program"].concat();
    let bytes = super::build::zip_after(&program, &[Entry::deflated("a", b"marker-4711")]);
    assert_eq!(places(&scan(bytes)), ["bomb › a", "bomb › bytes@0"]);
}

#[test]
fn a_bomb_that_is_to_be_kept_aside_ends() {
    // A zip must be read from its end, so all of it would have to be unpacked first.
    let inner = [Entry::stored("x", b"").local(), vec![0; 100 << 20]].concat();
    let twice = gzip(&gzip(&inner));
    let found = scan(zip(&[Entry::stored("b.gz", &twice), Entry::stored("z", b"marker-4711\n")]));
    assert_eq!(places(&found), ["bomb › z"]);
    assert!(!limits(&found).is_empty());
}

#[test]
fn a_document_hides_nothing_beside_its_parts() {
    // A zip that is a package by one of its entries is read as a document; what its directory
    // does not name is read all the same.
    let hidden = Entry { listed: false, ..Entry::deflated("hidden.txt", b"marker-4711") };
    let mut part = Entry::stored("mimetype", b"application/vnd.oasis.opendocument.text");
    part.behind = b" marker-0815 between ".to_vec();
    let found = scan(zip(&[part, hidden, Entry::deflated("own.txt", b"marker-2342")]));
    let mut places = places(&found);
    places.sort();
    assert_eq!(places.len(), 3, "{places:?}");
}
