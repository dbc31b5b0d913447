//! Messages as mailers write them, and as they break them.

use std::io::Write;

use super::scanned::{TOKEN, scan, survives, token};

/// A value behind a label that is found only if its text is read in the right encoding.
const SECRET: &str = "credential/password-japanese";

fn secret() -> (String, String) {
    let value = ["vK7#", "mPq2", "xLw9"].concat();
    (format!("お世話になっております。\r\n初期パスワード：{value}\r\n以上"), value)
}

/// Bytes in a Japanese encoding.
fn encode(text: &str, charset: &str) -> Vec<u8> {
    let label = match charset {
        "cp932" => "shift_jis",
        "iso-2022-jp-ms" => "iso-2022-jp",
        other => other,
    };
    encoding_rs::Encoding::for_label(label.as_bytes()).expect("label").encode(text).0.into_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (i, group) in bytes.chunks(3).enumerate() {
        let bits = group.iter().fold(0_u32, |bits, &b| bits << 8 | u32::from(b)) << (8 * (3 - group.len()));
        let digit = |n: usize| char::from(DIGITS[(bits >> (18 - 6 * n)) as usize & 63]);
        out.extend((0..4).map(|n| if n <= group.len() { digit(n) } else { '=' }));
        if i % 19 == 18 {
            out.push_str("\r\n");
        }
    }
    out
}

fn quoted(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&b| match b {
            b'\r' | b'\n' | b' '..=b'<' | b'>'..=b'~' => char::from(b).to_string(),
            _ => format!("={b:02X}"),
        })
        .collect()
}

fn zip(name: &str, text: &[u8]) -> Vec<u8> {
    let crc = crc32fast::hash(text).to_le_bytes();
    let size = (text.len() as u32).to_le_bytes();
    let common = [&[0; 8][..], &crc, &size, &size, &(name.len() as u16).to_le_bytes(), &[0; 2]].concat();
    let local = [b"PK\x03\x04\x14\0", &common[..], name.as_bytes(), text].concat();
    let listing = [b"PK\x01\x02\x14\0\x14\0", &common[..], &[0; 12][..], &[0; 2], name.as_bytes()].concat();
    let at = (local.len() as u32).to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &(listing.len() as u32).to_le_bytes()[..], &at, &[0; 2]].concat();
    [local, listing, end].concat()
}

/// A message: fields, then parts with their own fields.
fn multipart(subtype: &str, parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out =
        format!("Content-Type: multipart/{subtype}; boundary=\"=_{subtype}\"\r\n\r\nThis is MIME.\r\n").into_bytes();
    for (fields, body) in parts {
        out.extend(format!("--=_{subtype}\r\n{fields}").bytes());
        out.extend(if fields.is_empty() { &b""[..] } else { b"\r\n" });
        out.extend(body);
        out.extend(b"\r\n");
    }
    out.extend(format!("--=_{subtype}--\r\n").bytes());
    out
}

fn message(rest: &[u8]) -> Vec<u8> {
    [b"From: a <a@mail.example>\r\nSubject: =?UTF-8?B?5ZCN57C/?=\r\nMIME-Version: 1.0\r\n", rest].concat()
}

fn text(charset: Option<&str>, transfer: &str, body: &[u8]) -> Vec<u8> {
    let parameter = charset.map_or(String::new(), |charset| format!("; charset={charset}"));
    let fields = format!("Content-Type: text/plain{parameter}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n");
    [fields.as_bytes(), body].concat()
}

#[test]
fn bodies_in_every_charset_and_transfer_encoding() {
    let (body, value) = secret();
    for charset in ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "cp932", "iso-2022-jp-ms"] {
        let bytes = encode(&body, charset);
        for label in [Some(charset), None] {
            for (transfer, coded) in [
                ("8bit", bytes.clone()),
                ("base64", base64(&bytes).into_bytes()),
                ("Quoted-Printable", quoted(&bytes).into_bytes()),
            ] {
                let scanned = scan("a.eml", &message(&text(label, transfer, &coded)));
                assert_eq!(scanned.places(SECRET, &value), ["body"], "{label:?} {transfer}: {:?}", scanned.found);
            }
        }
    }
}

#[test]
fn headers_are_read_in_every_encoding() {
    let value = secret().1;
    let line = format!("パスワード：{value}");
    for charset in ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "cp932", "iso-2022-jp-ms"] {
        let bytes = encode(&line, charset);
        let word = format!("=?{charset}?B?{}?=", base64(&bytes).replace("\r\n", ""));
        for subject in [word.as_bytes(), &bytes] {
            let mail = [&b"Received: by x\r\nSubject: "[..], subject, b"\r\nTo: x\r\n\r\nhello\r\n"].concat();
            let scanned = scan("a.eml", &mail);
            assert_eq!(scanned.places(SECRET, &value), ["headers"], "{charset}: {:?}", scanned.found);
        }
    }
}

#[test]
fn attachments_come_under_their_names_and_are_taken_apart() {
    let zip = zip("deploy.env", format!("TOKEN={}\n", token()).as_bytes());
    let name = "Content-Disposition: attachment;\r\n filename*0*=ISO-2022-JP''%1B$B%4C%3E;\r\n filename*1*=%4A%6D%1B(B.zip\r\n";
    let fields = format!("Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n{name}");
    let mixed =
        multipart("mixed", &[("Content-Type: text/plain\r\n", b"see file".to_vec()), (&fields, base64(&zip).into())]);
    let scanned = scan("a.eml", &message(&mixed));
    assert_eq!(scanned.places(TOKEN, &token()), ["名簿.zip › deploy.env"], "{:?}", scanned.found);
    assert_eq!(scanned.problems, []);
}

#[test]
fn every_part_is_named() {
    let token = token();
    let text = format!("token {token}\r\n").into_bytes();
    let inner = multipart("alternative", &[("", text.clone()), ("Content-Type: text/html\r\n", text.clone())]);
    let forwarded = message(&[b"\r\n", &text[..]].concat());
    let mixed = multipart(
        "mixed",
        &[
            ("", inner.clone()),
            ("Content-Type: message/rfc822\r\n", forwarded),
            ("Content-Type: application/x-y\r\n", text.clone()),
        ],
    );
    // A part's own fields stand in `inner`, so no empty line must come before it.
    let mixed = String::from_utf8(mixed).unwrap();
    let mail = message(format!("{mixed}epilogue {token}\r\n").as_bytes());
    let scanned = scan("a.eml", &mail);
    let mut places = scanned.places(TOKEN, &token);
    places.sort_unstable();
    assert_eq!(places, ["attachment", "body", "body.html", "epilogue", "message › body"], "{:?}", scanned.found);
}

#[test]
fn a_file_of_messages() {
    let one = |body: &str| format!("From a@b.example Mon Nov  2 10:00:00 2026\nFrom: a\nTo: b\n\n{body}\n\n");
    let body = format!("From here at 10:00 on\ntoken {}", token());
    let file = [one("hello"), one("From the first line"), one(&body)].concat();
    let scanned = scan("inbox", file.as_bytes());
    assert_eq!(scanned.places(TOKEN, &token()), ["message 3 › body"], "{:?}", scanned.found);
    assert_eq!(scanned.problems, []);
}

#[test]
fn encrypted_parts_are_said() {
    let mime = multipart(
        "encrypted",
        &[
            ("Content-Type: application/pgp-encrypted\r\n", b"Version: 1".to_vec()),
            ("Content-Type: application/octet-stream; name=encrypted.asc\r\n", b"-----".to_vec()),
        ],
    );
    let scanned = scan("a.eml", &message(&mime));
    assert_eq!(scanned.problems, [("encrypted.asc".to_owned(), "encrypted", "pgp/mime".to_owned())]);
    let smime = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nx";
    assert_eq!(scan("a.eml", &message(smime)).problems, [("smime.p7m".to_owned(), "encrypted", "s/mime".to_owned())]);
}

#[test]
fn hostile_nesting_ends() {
    let mut mail = b"MIME-Version: 1.0\r\n".to_vec();
    for level in 0..3000 {
        mail.extend(format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n").bytes());
    }
    mail.extend(format!("\r\ntoken {}\r\n", token()).bytes());
    assert_eq!(scan("a.eml", &mail).places(TOKEN, &token()), ["attachment"]);
    let messages = "Content-Type: message/rfc822\r\nMIME-Version: 1.0\r\n\r\n".repeat(100);
    let scanned = scan("a.eml", messages.as_bytes());
    assert!(scanned.problems.iter().any(|(_, kind, _)| *kind == "limit"), "{:?}", scanned.problems);
    let long =
        [&b"MIME-Version: 1.0\r\nSubject: x\r\nX: "[..], &vec![b'a'; 1 << 20], b" token ", token().as_bytes()].concat();
    assert_eq!(scan("a.eml", &long).places(TOKEN, &token()).len(), 1);
}

#[test]
fn damage_does_no_harm() {
    let (body, _) = secret();
    let mut file = b"From a@b.example Mon Nov  2 10:00:00 2026\r\n".to_vec();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(body.as_bytes()).expect("memory");
    let gzip = base64(&gzip.finish().expect("memory"));
    file.extend(message(&multipart(
        "mixed",
        &[
            ("Content-Type: text/plain; charset=iso-2022-jp\r\n", encode(&body, "iso-2022-jp")),
            (
                "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename*=utf-8''a.gz\r\n",
                gzip.into(),
            ),
            ("Content-Transfer-Encoding: quoted-printable\r\n", quoted(body.as_bytes()).into()),
        ],
    )));
    survives("inbox", &file);
}

#[test]
fn lines_that_a_mailer_has_broken() {
    let token = token();
    let (first, second) = token.split_at(13);
    let mail = |parameters: &str, text: &str| {
        let fields = format!("Content-Type: text/plain; charset=utf-8; {parameters}\r\n\r\n");
        scan("a.eml", &message(format!("{fields}{text}").as_bytes()))
    };
    let scanned = mail("format=flowed; delsp=yes", &format!("the token is {first} \r\n{second}  \r\nand so on\r\n"));
    assert_eq!(scanned.places(TOKEN, &token), ["body"], "{:?}", scanned.found);
    let quoted = mail("FORMAT=Flowed; DelSp=\"Yes\"", &format!("> the token is {first} \r\n> {second}\r\n"));
    assert_eq!(quoted.places(TOKEN, &token), ["body"], "{:?}", quoted.found);
    // The address is one line again, so its building is part of it.
    let address = ["東京都千代田区霞が", "関1-2-3", "霞ビル5階"];
    let text = format!("住所：{} \r\n{} \r\n{}\r\n", address[0], address[1], address[2]);
    let scanned = mail("format=flowed; delsp=yes", &text);
    let whole = ["東京都千代田区霞が関1-2-3霞ビル5階"];
    let found: Vec<_> = scanned.found.iter().filter(|f| f.0 == "personal/postal-address").map(|f| &*f.2).collect();
    assert_eq!(found, whole, "{:?}", scanned.found);
}

#[test]
fn a_divided_message_is_read_and_said() {
    let inner = format!("From: a\r\nMessage-ID: <1@x>\r\nSubject: x\r\n\r\ntoken {}\r\n", token());
    let mail = |number: u32, body: &str| {
        let fields = format!("Content-Type: message/partial; id=\"x@y\"; number={number}; total=2\r\n\r\n");
        scan("a.eml", &message(format!("{fields}{body}").as_bytes()))
    };
    let scanned = mail(1, &inner);
    assert_eq!(scanned.places(TOKEN, &token()), ["message › body"], "{:?}", scanned.found);
    let said = |number: u32| vec![("message".to_owned(), "unsupported", format!("message/partial {number}/2"))];
    assert_eq!(scanned.problems, said(1));
    let scanned = mail(2, &format!("further text and {}\r\n", token()));
    assert_eq!((scanned.places(TOKEN, &token()), &scanned.problems), (vec!["message"], &said(2)));
}

#[test]
fn a_maildir_is_its_files() {
    // What the names say of the messages (seen, answered, trashed) is no ending of a file.
    let mail = message(&[b"\r\n", token().as_bytes(), b"\r\n"].concat());
    for name in ["1767323045.M20046P2137.mail.example:2,S", "1767323045.M1P1.x,U=5:2,", "1767323045.M1P1.x!2,RST"] {
        assert_eq!(scan(name, &mail).places(TOKEN, &token()), ["body"], "{name}");
    }
}
