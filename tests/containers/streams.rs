//! Streams that hardly show what they are, and what stands behind them; cabinets that lie.

use std::io::Write;

use sekisho::error::ProblemKind::{Damaged, Unsupported};
use sekisho::extract::{Kind, sniff};

use super::build::{Entry, zip};
use super::programs::fixture;
use super::unpack::unpack;

fn zlib(text: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

fn is_zlib(bytes: &[u8]) -> bool {
    matches!(sniff(&bytes[..bytes.len().min(512)]), Kind::Container(format) if format.name == "zlib")
}

#[test]
fn zlib_of_every_level_is_opened() {
    let long: String = (0..20_000).map(|n| format!("{n} marker-{}\n", n * 7919 % 10_007)).collect();
    for text in ["a", "blob 11\0hello world", &long] {
        for level in 0..=9 {
            let bytes = zlib(text.as_bytes(), level);
            assert!(is_zlib(&bytes), "{level} {:?}", &bytes[..2]);
            let found = unpack("x.zz", &bytes);
            assert_eq!((found.text("x"), &*found.problems), (text, &[][..]), "{level}");
        }
    }
}

#[test]
fn what_stands_behind_a_stream_is_read() {
    let bytes = zlib(b"inside", 6);
    let with = |behind: &[u8]| unpack("x", &[&bytes[..], behind].concat());
    assert_eq!(with(&[0; 700]).files.len(), 1);
    let found = with(&[&[0; 700][..], b"marker-4711"].concat());
    let behind = format!("bytes@{}", bytes.len() + 700);
    assert_eq!((found.text("zlib"), found.text(&behind)), ("inside", "marker-4711"), "{found:?}");
}

#[test]
fn texts_and_tables_are_no_zlib() {
    // All begin with a header that zlib allows.
    for text in [
        "x^2 + y^2 = z^2",
        "x^n",
        "hC",
        "8O means surprise in old mail, and this line goes on for a while",
        "(S)-1-phenylethanol and (R)-1-phenylethanol",
        "X\u{85}",
    ] {
        assert!(!is_zlib(text.as_bytes()), "{text}");
        let long = format!("{text}\n{}", "more of the same, with numbers 0123456789\n".repeat(30));
        assert!(!is_zlib(long.as_bytes()), "{text}");
    }
    let table: Vec<u8> = (0x18..=0xFF).collect();
    assert!(!is_zlib(&table) && !is_zlib(&table[..40]));
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut wrong = 0;
    for length in [24, 64, 512, 2048].repeat(5_000) {
        let mut bytes: Vec<u8> = (0..length)
            .map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                (random >> 32) as u8
            })
            .collect();
        let flags = [0x9C, 0xDA, 0x01, b'^'][usize::from(bytes[1] % 4)];
        bytes[..2].copy_from_slice(&[0x78, flags]);
        wrong += usize::from(is_zlib(&bytes));
    }
    assert!(wrong <= 3, "{wrong} of 20000");
}

#[test]
fn members_of_lzip_follow_each_other() {
    let one = fixture("plan.txt.lz");
    let two = unpack("plan.txt.lz", &[&one[..], &one].concat());
    assert_eq!((two.text("plan.txt").len(), two.problems.len()), (2 * 9 * 24, 0));
    assert_eq!(unpack("a.lz", &[&one[..], b"more"].concat()).kinds(), [("a", Damaged)]);
}

/// A cabinet of one folder, stored: blocks of data, and files at places of it.
fn cabinet(data: &[u8], packing: u16, files: &[(&str, u32, u32, u16)]) -> Vec<u8> {
    let listed: Vec<u8> = files
        .iter()
        .flat_map(|(name, at, size, folder)| {
            [&size.to_le_bytes()[..], &at.to_le_bytes(), &folder.to_le_bytes(), &[0; 6], name.as_bytes(), &[0]].concat()
        })
        .collect();
    let at = 36 + 8;
    let data_at = (at + listed.len()) as u32;
    let length = data_at + 8 + data.len() as u32;
    [
        b"MSCF\0\0\0\0",
        &length.to_le_bytes()[..],
        &[0; 4],
        &(at as u32).to_le_bytes(),
        &[0; 4],
        &[3, 1, 1, 0],
        &(files.len() as u16).to_le_bytes(),
        &[0; 6],
        &data_at.to_le_bytes(),
        &[1, 0],
        &packing.to_le_bytes(),
        &listed,
        &[0; 4],
        &(data.len() as u16).to_le_bytes(),
        &(data.len() as u16).to_le_bytes(),
        data,
    ]
    .concat()
}

#[test]
fn cabinets_hide_nothing() {
    let data = b"0123456789 marker-4711 9876543210";
    let found = unpack("a.cab", &cabinet(data, 0, &[("b", 20, 5, 0), ("a", 2, 3, 0)]));
    assert_eq!((found.text("a"), found.text("b")), ("234", "11 98"));
    assert_eq!((found.text("folder 0 bytes@0"), found.text("folder 0 bytes@25")), ("01", "76543210"));
    assert!(found.holds("56789 marker-47") && found.problems.is_empty(), "{found:?}");
    // Two files in the same place: the bytes come out once.
    let found = unpack("a.cab", &cabinet(data, 0, &[("a", 0, 20, 0), ("b", 5, 15, 0), ("c", 5, 28, 0)]));
    assert_eq!((found.files.len(), found.problems.len()), (2, 0), "{found:?}");
    // Behind the end, in another cabinet, in no folder, packed as nobody knows.
    let kinds = |files: &[_], packing| unpack("a.cab", &cabinet(data, packing, files)).problems.len();
    assert_eq!(kinds(&[("a", 0, 34, 0)], 0), 1);
    assert_eq!(kinds(&[("a", 0, 3, 7)], 0), 1);
    let found = unpack("a.cab", &cabinet(data, 0x1003, &[("a", 0, 33, 0)]));
    assert_eq!(found.kinds(), [("a", Damaged)]);
    for (packing, folder) in [(2, 0), (0, 0xFFFD), (0, 0xFFFF)] {
        let found = unpack("a.cab", &cabinet(data, packing, &[("a", 0, 33, folder)]));
        assert_eq!(found.kinds(), [("a", Unsupported)]);
    }
    let mut signed = cabinet(data, 0, &[("a", 0, 33, 0)]);
    signed.extend(zip(&[Entry::stored("x", b"marker-0815")]));
    assert!(unpack("a.cab", &signed).holds("marker-0815"));
}

#[test]
fn lzx_in_a_cabinet() {
    // A block that is not compressed (MS-PATCH, "Uncompressed block format"): no translation of
    // calls, type 3, its length, three offsets that are repeated, the bytes.
    let text = b"the plan of marker-4711\n";
    let bits: u32 = 3 << 24 | text.len() as u32;
    let [high, low] = [bits << 4 >> 16, bits << 4 & 0xFFFF].map(|word| (word as u16).to_le_bytes());
    let data = [&high[..], &low, &[1, 0, 0, 0].repeat(3), text].concat();
    let mut bytes = cabinet(&data, 0x0F03, &[("plan.txt", 0, text.len() as u32, 0)]);
    // The block's own size.
    let at = bytes.len() - data.len() - 2;
    bytes[at..at + 2].copy_from_slice(&(text.len() as u16).to_le_bytes());
    let found = unpack("a.cab", &bytes);
    assert_eq!((found.text("plan.txt").as_bytes(), &*found.problems), (&text[..], &[][..]));
}
