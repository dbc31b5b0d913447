//! Documents of Office 97 to 2003 that are encrypted here as MS-OFFCRYPTO says: no free program
//! writes these kinds. (Each was once opened with msoffcrypto-tool.)

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;

use sekisho::chunk::{Limits, Step};
use sekisho::error::{Problem, ProblemKind};
use sekisho::extract::{Block, Input, Kind, Visit, sniff};
use sha1::{Digest, Sha1};

fn password() -> String {
    ["Eigyo", "2026"].join("-")
}

/// All text that comes out, and the problems.
#[derive(Default)]
struct Found {
    text: String,
    problems: Vec<Problem>,
    passwords: Vec<String>,
}

impl Visit for Found {
    fn member(&mut self, _: Step, bytes: &mut dyn Read) -> io::Result<()> {
        io::copy(bytes, &mut io::sink()).map(drop)
    }

    fn block(&mut self, block: &Block<'_>) -> io::Result<()> {
        self.text += block.text;
        Ok(())
    }

    fn passwords(&mut self) -> Vec<String> {
        self.passwords.clone()
    }

    fn problem(&mut self, _: Option<Step>, problem: Problem) {
        self.problems.push(problem);
    }
}

fn look(bytes: &[u8], passwords: &[String]) -> Found {
    let mut found = Found { passwords: passwords.to_vec(), ..Found::default() };
    let Kind::Container(format) = sniff(&bytes[..512]) else { return found };
    let (mut reader, limits) = (bytes, Limits::default());
    if let Err(problem) = (format.extract)(&mut Input::new(&mut reader, "x", &limits), &mut found) {
        found.problems.push(problem);
    }
    found
}

type Streams = BTreeMap<String, Vec<u8>>;

fn streams(name: &str) -> Streams {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/office").join(name);
    let mut file = cfb::open(path).expect("fixture");
    let paths: Vec<_> = file.walk().filter(|entry| entry.is_stream()).map(|entry| entry.path().to_owned()).collect();
    let mut streams = Streams::new();
    for path in paths {
        let mut content = Vec::new();
        file.open_stream(&path).and_then(|mut stream| stream.read_to_end(&mut content)).expect("stream");
        streams.insert(path.to_string_lossy().into_owned(), content);
    }
    // A picture of the first page, as large as all else.
    streams.retain(|path, _| !path.contains("SummaryInformation"));
    streams
}

fn compound(streams: &Streams) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("created");
    for (path, content) in streams {
        file.create_stream(path).and_then(|mut stream| stream.write_all(content)).expect("written");
    }
    file.into_inner().into_inner()
}

fn rc4(key: &[u8], data: &mut [u8]) {
    let mut s: Vec<u8> = (0..=255).collect();
    let mut j = 0;
    for i in 0..256 {
        j = (j + usize::from(s[i]) + usize::from(key[i % key.len()])) % 256;
        s.swap(i, j);
    }
    let (mut i, mut j) = (0, 0);
    for byte in data {
        i = (i + 1) % 256;
        j = (j + usize::from(s[i])) % 256;
        s.swap(i, j);
        *byte ^= s[(usize::from(s[i]) + usize::from(s[j])) % 256];
    }
}

const SALT: [u8; 16] = *b"salt of 16 bytes";

/// The key of a block, MS-OFFCRYPTO §2.3.5.2.
fn key(block: u32, length: usize) -> Vec<u8> {
    let wide: Vec<u8> = password().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hash = Sha1::new().chain_update(SALT).chain_update(wide).finalize();
    let hash = Sha1::new().chain_update(hash).chain_update(block.to_le_bytes()).finalize();
    let mut key = hash[..length].to_vec();
    if length == 5 {
        key.resize(16, 0);
    }
    key
}

/// Version, header and verifier, MS-OFFCRYPTO §2.3.5.1.
fn encryption_info(length: usize) -> Vec<u8> {
    let provider: Vec<u8> = "RC4\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut info = vec![2, 0, 2, 0];
    let words = |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|word| word.to_le_bytes()).collect() };
    info.extend(words(&[4, 32 + provider.len() as u32, 4, 0, 0x6801, 0x8004, 8 * length as u32, 1, 0, 0]));
    info.extend(provider);
    info.extend(words(&[16]));
    info.extend(SALT);
    let verifier = *b"something secret";
    let mut both = [&verifier[..], &Sha1::digest(verifier)].concat();
    rc4(&key(0, length), &mut both);
    info.extend(&both[..16]);
    info.extend(words(&[20]));
    info.extend(&both[16..]);
    info
}

const BEGIN: u16 = 0x809;
const FILE_PASS: u16 = 0x2F;
const SHEET: u16 = 0x85;

/// A workbook with a record that says how it is encrypted, and with `encrypt` called for the
/// stream: the changes are taken over where records' data are encrypted.
fn workbook(file_pass: &[u8], encrypt: impl Fn(&mut [u8], &[(usize, u16, usize)])) -> Vec<u8> {
    let mut all = streams("roster.xls");
    let plain = &all["/Workbook"];
    let added = 4 + file_pass.len();
    let mut stream = plain[..20].to_vec();
    stream.extend(FILE_PASS.to_le_bytes());
    stream.extend((file_pass.len() as u16).to_le_bytes());
    stream.extend(file_pass);
    stream.extend(&plain[20..]);
    let mut records = Vec::new();
    let mut at = 0;
    while let Some(head) = stream.get(at..at + 4) {
        let (kind, length) =
            (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        if at + 4 + length > stream.len() {
            break;
        }
        if kind == SHEET {
            let place: [u8; 4] = stream[at + 4..at + 8].try_into().expect("four");
            let moved = u32::from_le_bytes(place) + added as u32;
            stream[at + 4..at + 8].copy_from_slice(&moved.to_le_bytes());
        }
        records.push((at + 4, kind, length));
        at += 4 + length;
    }
    let mut changed = stream.clone();
    encrypt(&mut changed, &records);
    for (at, kind, length) in records {
        let from = if kind == SHEET { 4 } else { 0 };
        if !matches!(kind, BEGIN | FILE_PASS | 0xE1) {
            stream[at + from..at + length].copy_from_slice(&changed[at + from..at + length]);
        }
    }
    all.insert("/Workbook".to_owned(), stream);
    compound(&all)
}

fn workbook_rc4(length: usize) -> Vec<u8> {
    let file_pass = [vec![1, 0], encryption_info(length)].concat();
    workbook(&file_pass, |stream, _| {
        for (number, block) in (0..).zip(stream.chunks_mut(1024)) {
            rc4(&key(number, length), block);
        }
    })
}

/// The key and verifier that Excel computes for this password, MS-OFFCRYPTO §2.3.7.1 and §2.3.7.2.
const XOR: (u16, u16) = (0x0C34, 0xD866);

fn workbook_xor() -> Vec<u8> {
    let mut array = password().into_bytes();
    array.extend([0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF]);
    for (i, byte) in array.iter_mut().enumerate() {
        *byte = (*byte ^ XOR.0.to_le_bytes()[i % 2]).rotate_right(1);
    }
    let file_pass = [[0, 0], XOR.0.to_le_bytes(), XOR.1.to_le_bytes()].concat();
    workbook(&file_pass, |stream, records| {
        for &(at, _, length) in records {
            for i in 0..length {
                let byte = &mut stream[at + i];
                *byte = byte.rotate_left(5) ^ array[(at + length + i) % 16];
            }
        }
    })
}

fn word(data: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(data[at..at + 4].try_into().expect("four"))
}

/// A presentation with the objects encrypted, MS-PPT §2.3.7.
fn presentation(length: usize) -> Vec<u8> {
    let mut all = streams("talk.ppt");
    let mut stream = all["/PowerPoint Document"].clone();
    let edit = word(&all["/Current User"], 16) as usize;
    let list = word(&stream, edit + 8 + 12) as usize;
    let entry = word(&stream, list + 8);
    let (first, count) = (entry & 0xF_FFFF, entry >> 20);
    assert_eq!(word(&stream, list + 4) as usize, 4 + 4 * count as usize, "one run of objects");
    let places: Vec<u32> = (0..count as usize).map(|i| word(&stream, list + 12 + 4 * i)).collect();
    stream.truncate(list);
    for (id, &at) in (first..).zip(&places) {
        let at = at as usize;
        let end = at + 8 + word(&stream, at + 4) as usize;
        rc4(&key(id, length), &mut stream[at..end]);
    }
    let tail = |stream: &mut Vec<u8>, version: u16, kind: u16, content: &[u8]| {
        let at = stream.len() as u32;
        stream.extend(version.to_le_bytes());
        stream.extend(kind.to_le_bytes());
        stream.extend((content.len() as u32).to_le_bytes());
        stream.extend(content);
        at
    };
    let plain = &all["/PowerPoint Document"];
    let session = tail(&mut stream, 0xF, 0x2F14, &encryption_info(length));
    let mut objects = (first | (count + 1) << 20).to_le_bytes().to_vec();
    objects.extend(places.iter().chain([&session]).flat_map(|at| at.to_le_bytes()));
    let list = tail(&mut stream, 0, 0x1772, &objects);
    let mut content = plain[edit + 8..edit + 36].to_vec();
    content[12..16].copy_from_slice(&list.to_le_bytes());
    content.extend((first + count).to_le_bytes());
    let edit = tail(&mut stream, 0, 0x0FF5, &content);
    all.insert("/PowerPoint Document".to_owned(), stream);
    let user = all.get_mut("/Current User").expect("user");
    user[12..16].copy_from_slice(&0xF3D1_C4DFu32.to_le_bytes());
    user[16..20].copy_from_slice(&edit.to_le_bytes());
    compound(&all)
}

/// Values that must come out.
fn values(file: &str) -> Vec<String> {
    let table = include_str!("fixtures/office/expected.tsv");
    let rows = table.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == file && row[1] != "properties").map(|row| row[2].to_owned()).collect()
}

fn files() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    vec![
        ("xor.xls", "roster.xls", workbook_xor()),
        ("rc4-40.xls", "roster.xls", workbook_rc4(5)),
        ("rc4-128.xls", "roster.xls", workbook_rc4(16)),
        ("rc4-128.ppt", "talk.ppt", presentation(16)),
    ]
}

#[test]
fn the_right_password_opens() {
    for (name, plain, bytes) in files() {
        let found = look(&bytes, &["wrong".to_owned(), password()]);
        let missing: Vec<_> = values(plain).into_iter().filter(|value| !found.text.contains(value)).collect();
        assert!(found.problems.is_empty() && missing.is_empty(), "{name}: {:?} {missing:?}", found.problems);
    }
}

#[test]
fn any_other_leaves_it_shut() {
    for (name, plain, bytes) in files() {
        let found = look(&bytes, &["wrong".to_owned(), String::new(), "a".repeat(100)]);
        assert_eq!(found.problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [ProblemKind::Encrypted], "{name}");
        assert!(values(plain).iter().all(|value| !found.text.contains(value)), "{name}");
    }
}

#[test]
fn damage_is_survived() {
    let mut seed = 7_u64;
    let mut dice = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for (_, _, bytes) in files() {
        for _ in 0..1000 {
            let mut damaged = bytes.clone();
            for _ in 0..=dice(8) {
                let at = dice(damaged.len());
                damaged[at] ^= 1 << dice(8);
            }
            look(&damaged, &[password()]);
            let cut = 512 + dice(bytes.len() - 512);
            let found = look(&bytes[..cut], &[password()]);
            assert!(!found.problems.is_empty() || bytes.len() - cut < 4096, "cut at {cut}");
        }
    }
}
