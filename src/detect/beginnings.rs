//! What a file whose name is telling begins with, by the names that detector files use.
//!
//! The first bytes of a file in, whether it can be what its name says out. Signatures are those of
//! the formats' own specifications; no parsing beyond the first 512 bytes.

/// A test of the first bytes of a file (up to 512).
pub(super) type Beginning = fn(&[u8]) -> bool;

const TABLE: &[(&str, Beginning)] = &[
    ("anything", |head| !head.trim_ascii().is_empty()),
    // At least one line gives a name a value.
    ("assignments", has_assignment),
    ("binary", |head| head.contains(&0)),
    ("core-dump", is_core_dump),
    ("der", |head| head.starts_with(&[0x30, 0x82]) || head.starts_with(&[0x30, 0x81])),
    ("java-heap", |head| head.starts_with(b"JAVA PROFILE ")),
    ("key-store", is_key_store),
    ("minidump", |head| head.starts_with(b"MDMP") || head.starts_with(b"PAGEDU")),
    ("private-key", is_private_key),
    // Speaks of passwords or keys at all, as client programs' settings with a stored login do.
    ("secrets", |head| SECRET_WORDS.iter().any(|word| contains(head, word))),
    ("sqlite", |head| head.starts_with(b"SQLite format 3\0")),
    ("text", |head| !head.contains(&0) && !head.trim_ascii().is_empty()),
];

const SECRET_WORDS: &[&[u8]] =
    &[b"passw", b"passphrase", b"secret", b"token", b"api_key", b"apikey", b"privatekey", b"<pass"];

/// The test of a name.
pub(super) fn find(name: &str) -> Option<Beginning> {
    TABLE.iter().find(|(n, _)| *n == name).map(|&(_, test)| test)
}

/// Does it contain a word, whatever the case of its letters?
fn contains(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// `NAME=value` on a line that is no comment.
fn has_assignment(head: &[u8]) -> bool {
    head.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).any(|line| {
        let mut halves = line.splitn(2, |&b| b == b'=');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default().trim_ascii());
        let is_name = !name.is_empty() && !name.starts_with(b"#");
        is_name && value.iter().any(|b| !matches!(b, b'"' | b'\''))
    })
}

/// An ELF file of type ET_CORE, in either byte order.
fn is_core_dump(head: &[u8]) -> bool {
    head.starts_with(b"\x7FELF") && head.get(16..18).is_some_and(|kind| matches!(kind, [4, 0] | [0, 4]))
}

/// PKCS #12 (RFC 7292), Bouncy Castle's store, or one of Java's whose first entry is no certificate of
/// somebody else: those stores say whom to trust and hold no key.
fn is_key_store(head: &[u8]) -> bool {
    let is_java = head.starts_with(&[0xFE, 0xED, 0xFE, 0xED]) || head.starts_with(&[0xCE, 0xCE, 0xCE, 0xCE]);
    let is_trust = head.get(12..16) == Some(&[0, 0, 0, 2]);
    let others: [&[u8]; 3] = [&[0x30, 0x82], &[0, 0, 0, 1], &[0, 0, 0, 2]];
    (is_java && !is_trust) || others.iter().any(|magic| head.starts_with(magic))
}

/// A private half, by the armour that says so or by binary; a public one says so as well.
fn is_private_key(head: &[u8]) -> bool {
    let is_public = contains(head, b"PUBLIC KEY") || contains(head, b"BEGIN CERT") || head.starts_with(b"ssh-");
    let is_armoured = contains(head, b"PRIVATE KEY") || head.starts_with(b"PuTTY-User-Key-File");
    !is_public && (is_armoured || head.contains(&0) || head.starts_with(b"SSH PRIVATE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        let is = |name, head: &[u8]| find(name).expect("a name")(head);
        assert!(is("assignments", b"# x\n\nexport A=\"b\"\n") && !is("assignments", b"#A=b\nB=\"\"\nC=\n=d"));
        assert!(is("private-key", b"-----BEGIN OPENSSH PRIVATE KEY-----\n"));
        assert!(!is("private-key", b"ssh-rsa AAAA") && !is("private-key", b"-----BEGIN PUBLIC KEY-----"));
        assert!(is("secrets", b"{\"passWord\": 1}") && !is("secrets", b"{}"));
        assert!(is("core-dump", b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0") && !is("core-dump", b"\x7FELF"));
        let store = |entry: u8| [&[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0][..], &[entry]].concat();
        assert!(is("key-store", &store(1)) && !is("key-store", &store(2)) && is("key-store", &[0x30, 0x82, 9]));
        for (name, test) in TABLE {
            assert!(!test(b""), "{name}");
        }
    }
}
