//! Mail, databases, compound files and texts that are built to hurt: no crash, no hang, and what
//! stands beside the harm is found.

use super::scanned::{TOKEN, scan, token};

fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).expect("fixture")
}

#[test]
fn ten_thousand_parts_within_each_other() {
    let mut mail = b"From: a@mail.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n".to_vec();
    for n in 0..10_000 {
        mail.extend(format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n").bytes());
    }
    mail.extend(format!("Content-Type: text/plain\r\n\r\ntoken {}\r\n", token()).bytes());
    assert_eq!(scan("deep.eml", &mail).places(TOKEN, &token()).len(), 1);

    let mut mail =
        b"From: a@mail.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            .to_vec();
    for _ in 0..10_000 {
        mail.extend(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n");
    }
    mail.extend(format!("--b\r\n\r\ntoken {}\r\n--b--\r\n", token()).bytes());
    assert_eq!(scan("wide.eml", &mail).places(TOKEN, &token()).len(), 1);
}

#[test]
fn messages_within_each_other_end_at_the_nesting() {
    let mut mail = format!("From: a@mail.example\r\nSubject: x\r\n\r\n{}\r\n", token());
    for _ in 0..100 {
        mail = format!("From: a@mail.example\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n{mail}");
    }
    let scanned = scan("a.eml", mail.as_bytes());
    assert!(scanned.problems.iter().any(|(_, kind, _)| *kind == "limit"), "{:?}", scanned.problems);
}

#[test]
fn pages_of_a_database_that_lead_in_circles() {
    let bytes = fixture("databases/utf8.db");
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]])).max(512);
    // Every page in turn says that all its children, and what overflows, are pages before it.
    for page in 1..bytes.len() / size {
        for kind in [2, 5] {
            let mut bytes = bytes.clone();
            let at = page * size;
            bytes[at] = kind;
            bytes[at + 8..at + 12].copy_from_slice(&(page as u32 + 1).to_be_bytes());
            let cells = usize::from(u16::from_be_bytes([bytes[at + 3], bytes[at + 4]]));
            for cell in 0..cells.min(64) {
                let pointer = at + 12 + cell * 2;
                let Some(place) = bytes.get(pointer..pointer + 2) else { continue };
                let cell = at + usize::from(u16::from_be_bytes([place[0], place[1]]));
                if cell + 4 <= bytes.len() {
                    bytes[cell..cell + 4].copy_from_slice(&(page as u32).to_be_bytes());
                }
            }
            scan("a.db", &bytes);
        }
    }
}

#[test]
fn sectors_of_a_compound_file_that_lead_in_circles() {
    let bytes = fixture("office/letter.doc");
    let fat = u32::from_le_bytes(bytes[76..80].try_into().expect("four bytes")) as usize;
    let table = (fat + 1) * 512;
    for (from, to) in [(0, 0), (1, 0), (2, 1), (3, 2), (0, fat), (fat, fat)] {
        let mut bytes = bytes.clone();
        for entry in 0..128 {
            let at = table + entry * 4;
            let target = if entry % 4 == from % 4 { to as u32 } else { entry as u32 / 2 };
            bytes[at..at + 4].copy_from_slice(&target.to_le_bytes());
        }
        let scanned = scan("a.doc", &bytes);
        assert!(!scanned.problems.is_empty(), "{from} {to}");
        assert!(scanned.problems.iter().all(|(_, kind, _)| *kind != "parser-failed"), "{:?}", scanned.problems);
    }
}

#[test]
fn texts_whose_structure_has_no_end() {
    // Each holds thousands of numbers that ask what they are called.
    let number = ["5544 9779", " 3080"].concat();
    let many = |between: &str| format!("{number}{between}").repeat(8_000);
    for text in [
        many(","),
        many("\t"),
        many(",\""),
        many(",\"\"\""),
        many("],["),
        many("{\"a\":["),
        many("<td><table><tr>"),
        many("</td>"),
        many("');INSERT INTO t (a) VALUES ('"),
        many("\n- a:\n  "),
        format!("a,b,c\n{}", many("\n")),
        format!("INSERT INTO t (a,b) VALUES ('{}", many("','")),
        format!("{{\"個人番号\":[{}", many(",")),
    ] {
        scan("a.txt", text.as_bytes());
    }
}
