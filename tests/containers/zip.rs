//! zip files that want to hide something.

use sekisho::error::ProblemKind::Damaged;

use super::build::{Entry, end, zip, zip_after};
use super::unpack::{Unpack, unpack};

#[test]
fn the_first_of_two_equal_names_is_seen() {
    let bytes = zip(&[Entry::stored("a.txt", b"first"), Entry::deflated("a.txt", b"second")]);
    let mut names = Vec::new();
    // Equal ways inward overwrite each other in `Found`, so count the contents themselves.
    for limit in ["first", "second"] {
        let only = zip(&[
            Entry { listed: limit == "first", ..Entry::stored("a.txt", b"first") },
            Entry::deflated("b.txt", b"second"),
        ]);
        let found = unpack("a.zip", &only);
        assert_eq!((found.text("a.txt"), found.text("b.txt")), ("first", "second"));
        names.push(limit);
    }
    let found = unpack("a.zip", &bytes);
    assert_eq!((found.text("a.txt"), found.problems.len()), ("second", 0));
}

#[test]
fn what_the_directory_does_not_name_is_found() {
    for entry in [
        Entry::stored("hidden.txt", b"hidden"),
        Entry::deflated("hidden.txt", b"hidden"),
        Entry::stored("hidden.txt", b"hidden").streamed(),
        Entry::deflated("hidden.txt", b"hidden").streamed(),
    ] {
        let hidden = Entry { listed: false, ..entry };
        let (a, z) = (Entry::deflated("a.txt", b"open"), Entry::stored("z.txt", b"open").streamed());
        for entries in [
            vec![hidden.clone(), a.clone(), z.clone()],
            vec![a.clone(), hidden.clone(), z.clone()],
            vec![z.clone(), a.clone(), hidden.clone()],
        ] {
            let found = unpack("a.zip", &zip(&entries));
            assert_eq!(found.text("hidden.txt"), "hidden");
            assert_eq!((found.text("a.txt"), found.text("z.txt")), ("open", "open"));
            assert_eq!((found.files.len(), found.problems.len()), (3, 0), "{found:?}");
        }
    }
}

#[test]
fn bytes_around_and_between_entries_are_read() {
    let mut first = Entry::deflated("a.txt", b"open");
    first.behind = b"between marker-1".to_vec();
    let mut bytes = zip_after(b"before marker-2", &[first, Entry::stored("b.txt", b"open")]);
    bytes.extend(b"behind marker-3");
    let found = unpack("a.zip", &[b"PK\x03\x04", &bytes[..]].concat());
    for marker in ["marker-1", "marker-2", "marker-3"] {
        assert!(found.holds(marker), "{marker}: {found:?}");
    }
    assert_eq!((found.text("a.txt"), found.text("b.txt")), ("open", "open"));
}

#[test]
fn without_its_directory_everything_is_found_and_said() {
    let entries = [
        Entry::deflated("a.txt", b"open").streamed(),
        Entry::stored("b.txt", b"open"),
        Entry::deflated("c.txt", b"open"),
    ];
    let whole = zip(&entries);
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").expect("directory");
    for bytes in [whole[..directory].to_vec(), [&whole[..directory], &[0xAA; 200][..]].concat()] {
        let found = unpack("a.zip", &bytes);
        for name in ["a.txt", "b.txt", "c.txt"] {
            assert_eq!(found.text(name), "open", "{name}");
        }
        assert_eq!(found.kinds(), [("", Damaged)]);
    }
}

#[test]
fn sizes_and_checksums_that_lie_are_said_and_the_content_is_read() {
    let text = "word ".repeat(1000);
    for entry in [
        Entry { size: 100, ..Entry::deflated("a.txt", text.as_bytes()) },
        Entry { size: u32::MAX - 1, ..Entry::deflated("a.txt", text.as_bytes()) },
        Entry { crc: 1, ..Entry::deflated("a.txt", text.as_bytes()) },
        Entry { crc: 1, ..Entry::stored("a.txt", text.as_bytes()) },
    ] {
        let found = unpack("a.zip", &zip(&[entry, Entry::stored("b.txt", b"open")]));
        assert_eq!(found.text("a.txt"), text);
        assert_eq!(found.kinds(), [("a.txt", Damaged)]);
        assert_eq!(found.text("b.txt"), "open");
    }
}

#[test]
fn a_directory_that_contradicts_the_headers_hides_nothing() {
    let honest = Entry::stored("a.txt", b"marker-1 in the data");
    let lie = Entry { size: 6, packed: 6, ..honest.clone() };
    let mut bytes = [honest.local(), honest.data.clone()].concat();
    let at = bytes.len();
    let listing = lie.listing(0);
    bytes.extend(&listing);
    bytes.extend(end(1, listing.len(), at));
    let found = unpack("a.zip", &bytes);
    assert!(found.holds("in the data"), "{found:?}");
}

#[test]
fn what_stands_behind_the_end_of_a_deflate_stream_is_read() {
    let mut entry = Entry::deflated("a.txt", b"open");
    entry.data.extend(b"marker-1");
    entry.packed = entry.data.len() as u32;
    let found = unpack("a.zip", &zip(&[entry]));
    assert!(found.holds("marker-1"), "{found:?}");
    assert_eq!(found.text("a.txt"), "open");
}

#[test]
fn names_are_read_in_the_code_page_they_were_written_in() {
    let names = ["表_能.txt", "名簿/一覧.csv", "ｶﾅ.txt"];
    let entry =
        |name: &str| Entry { name: encoding_rs::SHIFT_JIS.encode(name).0.into_owned(), ..Entry::stored("", b"x") };
    let found = unpack("a.zip", &zip(&names.map(entry)));
    for name in names {
        assert_eq!(found.text(name), "x", "{:?}", found.files.keys());
    }
}

#[test]
fn comments_are_read() {
    let mut bytes = zip(&[Entry::stored("a.txt", b"open")]);
    let at = bytes.len() - 2;
    bytes[at] = 8;
    bytes.extend(b"marker-1");
    let found = unpack("a.zip", &bytes);
    assert!(found.holds("marker-1"), "{found:?}");
}

#[test]
fn unknown_methods_are_named() {
    let entry = |method| Entry { method, ..Entry::stored("a.txt", b"xx") };
    for (method, what) in [(1, "zip (shrink)"), (6, "zip (implode)"), (97, "zip (WavPack)"), (77, "zip (method 77)")] {
        let found = unpack("a.zip", &zip(&[entry(method), Entry::stored("b.txt", b"open")]));
        assert_eq!(found.problems[0].2, what);
        assert_eq!(found.text("b.txt"), "open");
    }
}

#[test]
fn a_wrong_password_that_passes_the_check_byte_is_not_taken() {
    // One in 256 passes: with a thousand of them, several do.
    let passwords = (0..1000).map(|n| format!("wrong-{n}")).collect();
    let found = Unpack { passwords, ..Unpack::default() }.all("a.zip", &super::programs::fixture("zip-crypto.zip"));
    assert_eq!(found.files.len(), 0, "{:?}", found.files.keys());
    assert_eq!(found.problems.len(), 2);
}
