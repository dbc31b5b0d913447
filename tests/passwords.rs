//! Passwords stated near what they open: in the next mail, in a letter beside. The program as a
//! whole, parser process and all.

use std::fs;
use std::path::Path;
use std::process::Command;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).expect("fixture")
}

/// The password of the fixtures in `locked`.
fn password() -> String {
    ["Eigyo", "2026"].join("-")
}

/// Findings with where they are, and kinds of problems.
fn scan(folder: &Path, path: &str) -> (Vec<String>, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_sekisho"))
        .args(["scan", "--format", "jsonl", "--lang", "en", path])
        .current_dir(folder)
        .env("HOME", folder.join("home"))
        .env("XDG_DATA_HOME", folder.join("home"))
        .output()
        .expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains(&password()), "a password is shown");
    let lines = |kind: &str| text.lines().filter(|line| line.contains(kind)).map(str::to_owned).collect();
    (lines("\"type\":\"finding\""), lines("\"type\":\"problem\""))
}

/// A mail with a text and perhaps an attachment.
fn mail(subject: &str, text: &[u8], charset: &str, attachment: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut out = format!(
        "From: sato@shop.example.co.jp\nTo: ito@client.example.com\nSubject: {subject}\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b0\n\n--b0\nContent-Type: text/plain; charset={charset}\n\n"
    )
    .into_bytes();
    out.extend(text);
    if let Some((name, bytes)) = attachment {
        out.extend(
            format!(
                "\n--b0\nContent-Type: application/octet-stream; name={name}\nContent-Transfer-Encoding: base64\n\n"
            )
            .into_bytes(),
        );
        for line in base64(bytes).as_bytes().chunks(76) {
            out.extend(line);
            out.push(b'\n');
        }
    }
    out.extend(b"\n--b0--\n");
    out
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let n = (0..3).fold(0, |n, i| n << 8 | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let digit = DIGITS[(n >> (18 - 6 * i) & 63) as usize];
            out.push(if i > group.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[test]
fn the_password_comes_in_the_next_mail_or_came_in_the_one_before() {
    let says =
        format!("いつもお世話になっております。\n添付ファイルのパスワードをお送りします。\n\n  {}\n", password());
    let jis = encoding_rs::ISO_2022_JP.encode(&says).0.into_owned();
    for file in ["cbc.ods", "agile.docx", "rc4.xls", "gcm.odt"] {
        let locked = fixture(&format!("locked/{file}"));
        let attached = mail("=?UTF-8?B?5ZCN57C/?=", b"attached", "us-ascii", Some((file, &locked)));
        let stating = mail("Re", &jis, "iso-2022-jp", None);
        let other = mail("news", b"the password of another file is: something-else", "us-ascii", None);
        for order in [[&attached, &stating, &other], [&stating, &other, &attached]] {
            let folder = tempfile::tempdir().expect("folder");
            // As one file of mails, and as files of a folder.
            let mbox: Vec<u8> = order
                .iter()
                .flat_map(|mail| [b"From sato@example.com Mon Nov 23 00:00:00 2026\n", mail.as_slice(), b"\n"].concat())
                .collect();
            fs::write(folder.path().join("mails.mbox"), mbox).expect("written");
            let (findings, problems) = scan(folder.path(), "mails.mbox");
            assert!(problems.is_empty(), "{file}: {problems:?}");
            assert!(findings.iter().any(|line| line.contains(file)), "{file}: {findings:?}");

            let folder = tempfile::tempdir().expect("folder");
            for (i, mail) in order.iter().enumerate() {
                fs::write(folder.path().join(format!("{i}.eml")), mail).expect("written");
            }
            let (findings, problems) = scan(folder.path(), ".");
            assert!(problems.is_empty(), "{file}: {problems:?}");
            assert!(findings.iter().any(|line| line.contains(file)), "{file}: {findings:?}");
        }
    }
}

#[test]
fn a_letter_beside_the_archive_opens_it() {
    let zipped = fixture("archives/zip-aes256.zip");
    let folder = tempfile::tempdir().expect("folder");
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("written");
    put("名簿.zip", &zipped);
    let (_, problems) = scan(folder.path(), "名簿.zip");
    assert!(problems.iter().all(|line| line.contains("\"encrypted\"")) && problems.len() == 2, "{problems:?}");

    // In CP932, as Windows' editor writes it.
    let says = format!("解凍パスワードは「{}」です。\r\n", ["sec", "ret"].concat());
    put("readme.txt", &encoding_rs::SHIFT_JIS.encode(&says).0);
    let (_, problems) = scan(folder.path(), "名簿.zip");
    assert!(problems.is_empty(), "{problems:?}");

    // Another password leaves it shut, and a folder below is not the same directory.
    fs::remove_file(folder.path().join("readme.txt")).expect("removed");
    put("other.txt", b"password: Secret");
    fs::create_dir(folder.path().join("sub")).expect("made");
    put("sub/readme.txt", says.as_bytes());
    let (_, problems) = scan(folder.path(), ".");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|line| line.contains("password-file")), "{problems:?}");
}

#[test]
fn a_letter_in_the_same_archive_opens_what_is_beside_it() {
    let folder = tempfile::tempdir().expect("folder");
    let mut builder = tar::Builder::new(fs::File::create(folder.path().join("all.tar")).expect("made"));
    let says = format!("Zip pass: {}\n", ["sec", "ret"].concat());
    let entries = [("a.zip", fixture("archives/zip-crypto.zip")), ("b.7z", fixture("archives/7z-password-names.7z"))];
    for (name, bytes) in entries.iter().map(|(n, b)| (*n, b.as_slice())).chain([("read.me", says.as_bytes())]) {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes).expect("appended");
    }
    builder.into_inner().expect("finished");
    let (_, problems) = scan(folder.path(), "all.tar");
    assert!(problems.is_empty(), "{problems:?}");
}
