//! Containers in containers, and the tar family.

use sekisho::error::ProblemKind::Damaged;

use super::build::{Entry, gzip, tar, zip};
use super::programs::fixture;
use super::unpack::unpack;

#[test]
fn any_mix_comes_apart_to_the_last_level() {
    let inner =
        zip(&[Entry::stored("b.7z", &fixture("7z-LZMA2.7z")), Entry::stored("c.lzh", &fixture("lzh-level2.lzh"))]);
    let middle = tar(&[("x/a.zip", &inner), ("x/plan.txt.xz", &fixture("plan.txt.xz"))]);
    let found = unpack("all.tgz", &gzip(&middle));
    assert_eq!(found.problems, []);
    for path in [
        "all.tar › x/a.zip › b.7z › plan.txt",
        "all.tar › x/a.zip › c.lzh › list/rows.csv",
        "all.tar › x/plan.txt.xz › plan.txt",
    ] {
        assert!(found.files.get(path).is_some_and(|text| !text.is_empty()), "{path}: {:?}", found.files.keys());
    }
}

#[test]
fn parts_of_a_stream_are_one_content() {
    let two = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(unpack("a.gz", &two).text("a"), "one two");
    let zst = fixture("plan.txt.zst");
    let skippable = [&b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..], &zst].concat();
    let three = [&zst[..], &skippable, &zst].concat();
    let found = unpack("plan.txt.zst", &three);
    assert_eq!((found.files["plan.txt"].len(), found.problems.len()), (3 * 9 * 24, 0));
}

#[test]
fn a_broken_header_costs_a_tar_one_member_only() {
    let mut bytes = tar(&[("a.txt", b"marker-1"), ("b.txt", b"marker-2"), ("c.txt", b"marker-3")]);
    bytes[1024] ^= 0xFF;
    let found = unpack("a.tar", &bytes);
    assert_eq!((found.text("a.txt"), found.text("c.txt")), ("marker-1", "marker-3"));
    assert!(found.holds("marker-2"), "{found:?}");
    assert_eq!(found.kinds(), [("", Damaged)]);
}

#[test]
fn names_in_an_lzh_are_read_in_cp932() {
    let name = encoding_rs::SHIFT_JIS.encode("表.txt").0.into_owned();
    let text = b"marker-1";
    // Level 0: length, checksum, method, packed, size, time, attribute, level, name, CRC-16.
    let sum = |bytes: &[u8]| bytes.iter().fold(0_u8, |sum, &b| sum.wrapping_add(b));
    let length = (text.len() as u32).to_le_bytes();
    let rest = [b"-lh0-", &length[..], &length, &[0, 0, 0, 0, 0x20, 0, name.len() as u8], &name, &crc16(text)].concat();
    let bytes = [&[rest.len() as u8, sum(&rest)], &rest[..], text, b"\0"].concat();
    let found = unpack("a.lzh", &bytes);
    assert_eq!((found.text("表.txt"), found.problems.len()), ("marker-1", 0), "{found:?}");
}

/// CRC-16/ARC, as LHA stores it.
fn crc16(bytes: &[u8]) -> [u8; 2] {
    let bit = |crc: u16| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 };
    let crc = bytes.iter().fold(0, |crc, &b| (0..8).fold(crc ^ u16::from(b), |crc, _| bit(crc)));
    crc.to_le_bytes()
}

#[test]
fn a_tar_without_its_end_is_damaged_and_one_behind_another_is_read() {
    let one = tar(&[("a.txt", b"marker-1")]);
    assert_eq!(unpack("a.tar", &one[..1024]).kinds(), [("", Damaged)]);
    let two = [one, tar(&[("b.txt", b"marker-2")]), b"marker-3".to_vec()].concat();
    let found = unpack("a.tar", &two);
    assert!(["marker-1", "marker-2", "marker-3"].iter().all(|marker| found.holds(marker)), "{found:?}");
}
