//! What bytes are, by how they begin.
//!
//! The first [`HEAD`] bytes in, a [`Kind`] out. Names of files play no part, but for a format whose
//! makers tell nobody how it begins. Signatures are from the formats' own specifications and, for
//! Ichitaro, from file(1).

use super::format::begins;
use super::{FORMATS, Format};

/// Bytes of the beginning that are enough to tell.
pub const HEAD: usize = 512;

/// What is to be done with bytes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Read as text (or as bytes that may hold text).
    Text,
    /// Media, executables and the like: read as bytes, and counted under this name.
    NotText(&'static str),
    /// Taken apart.
    Container(&'static Format),
    /// Known to hold text that cannot be read here; the format's name.
    Unsupported(&'static str),
    /// Encrypted, and only its own key or program opens it; the format's name.
    Encrypted(&'static str),
}

/// A signature: where it stands, what it is, what follows from it.
struct Magic(usize, &'static [u8], Kind);

const IMAGE: Kind = Kind::NotText("image");
const AUDIO: Kind = Kind::NotText("audio");
const VIDEO: Kind = Kind::NotText("video");
const FONT: Kind = Kind::NotText("font");
const EXECUTABLE: Kind = Kind::NotText("executable");
/// Objects of git, which `sekisho git` looks at, each once and by its commit; the tree they belong
/// to is looked at as it is.
pub const GIT: Kind = Kind::NotText("git history");

static TABLE: &[Magic] = &[
    Magic(0, b"Rar!\x1a\x07", Kind::Unsupported("rar")),
    Magic(0, b"\x1f\x9d\x90", Kind::Unsupported("compress")),
    Magic(0, b"\x04\x22\x4d\x18", Kind::Unsupported("lz4")),
    Magic(0, b"\x02\x21\x4c\x18", Kind::Unsupported("lz4")),
    Magic(0, b"\x89LZO\0\x0d\x0a\x1a\x0a", Kind::Unsupported("lzop")),
    Magic(0, b"\xff\x06\0\0sNaPpY", Kind::Unsupported("snappy")),
    Magic(0, b"ISc(", Kind::Unsupported("InstallShield cab")),
    Magic(7, b"**ACE**", Kind::Unsupported("ace")),
    Magic(0, b"StuffIt (c)", Kind::Unsupported("StuffIt")),
    Magic(0, b"MSWIM\0\0\0", Kind::Unsupported("wim")),
    Magic(0, b"hsqs", Kind::Unsupported("squashfs")),
    Magic(0, b"ITSF\x03\0\0\0", Kind::Unsupported("chm")),
    Magic(60, b"BOOKMOBI", Kind::Unsupported("mobi")),
    Magic(0, b"HWP Document File V", Kind::Unsupported("hwp")),
    Magic(0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", Kind::Unsupported("OneNote")),
    Magic(0, b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c\x9e\xe2\x10\xea\x57\x22\x76\x5f", Kind::Unsupported("OneNote")),
    Magic(0, b"!BDN", Kind::Unsupported("pst")),
    Magic(0, b"\xcf\xad\x12\xfe", Kind::Unsupported("dbx (Outlook Express)")),
    Magic(4, b"Standard Jet DB\0", Kind::Unsupported("Access")),
    Magic(4, b"Standard ACE DB\0", Kind::Unsupported("Access")),
    // Disk images.
    Magic(0, b"conectix", Kind::Unsupported("vhd")),
    Magic(0, b"vhdxfile", Kind::Unsupported("vhdx")),
    Magic(0, b"KDMV", Kind::Unsupported("vmdk")),
    Magic(0, b"QFI\xfb", Kind::Unsupported("qcow2")),
    Magic(64, b"\x7f\x10\xda\xbe", Kind::Unsupported("vdi")),
    Magic(0, b"LUKS\xba\xbe", Kind::Encrypted("LUKS")),
    Magic(3, b"-FVE-FS-", Kind::Encrypted("BitLocker")),
    Magic(0, b"encrcdsa", Kind::Encrypted("dmg")),
    // Password stores, messages, single files.
    Magic(0, b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", Kind::Encrypted("KeePass")),
    Magic(0, b"\x03\xd9\xa2\x9a\x66\xfb\x4b\xb5", Kind::Encrypted("KeePass")),
    Magic(0, b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", Kind::Encrypted("KeePass")),
    Magic(0, b"PWS3", Kind::Encrypted("Password Safe")),
    Magic(0, b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", Kind::Encrypted("rpmsg (IRM)")),
    Magic(0, b"age-encryption.org/v1", Kind::Encrypted("age")),
    Magic(0, b"-----BEGIN AGE ENCRYPTED FILE-----", Kind::Encrypted("age")),
    Magic(0, b"Salted__", Kind::Encrypted("OpenSSL")),
    Magic(0, b"U2FsdGVkX1", Kind::Encrypted("OpenSSL")),
    Magic(0, b"$ANSIBLE_VAULT;", Kind::Encrypted("Ansible Vault")),
    Magic(0, b"\0GITCRYPT\0", Kind::Encrypted("git-crypt")),
    Magic(0, b"PAR1", Kind::Unsupported("parquet")),
    Magic(0, b"PARE", Kind::Encrypted("parquet")),
    Magic(0, b"ARROW1\0\0", Kind::Unsupported("arrow")),
    Magic(0, b"FEA1", Kind::Unsupported("feather")),
    Magic(0, b"Obj\x01", Kind::Unsupported("avro")),
    Magic(0, b"ORC\x0a", Kind::Unsupported("orc")),
    Magic(0, b"ORC\x08", Kind::Unsupported("orc")),
    Magic(0, b"GIF8", IMAGE),
    Magic(0, b"\0\0\x01\0", IMAGE),
    Magic(8, b"WAVE", AUDIO),
    Magic(0, b"ID3", AUDIO),
    Magic(0, b"OggS", AUDIO),
    Magic(0, b"fLaC", AUDIO),
    Magic(4, b"ftyp", VIDEO),
    Magic(0, b"\x1aE\xdf\xa3", VIDEO),
    Magic(8, b"AVI ", VIDEO),
    Magic(0, b"OTTO\0", FONT),
    Magic(0, b"\0\x01\0\0\0", FONT),
    Magic(0, b"ttcf", FONT),
    Magic(0, b"wOFF", FONT),
    Magic(0, b"wOF2", FONT),
    Magic(0, b"PACK\0\0\0\x02", GIT),
    Magic(0, b"PACK\0\0\0\x03", GIT),
    Magic(0, b"\x7fELF", EXECUTABLE),
    Magic(0, b"\xcf\xfa\xed\xfe", EXECUTABLE),
    Magic(0, b"\xca\xfe\xba\xbe", EXECUTABLE),
    Magic(0, b"\0asm", EXECUTABLE),
];

/// What bytes that begin with `head` are. A short head is an ordinary small file.
pub fn sniff(head: &[u8]) -> Kind {
    if let Some(format) = FORMATS.iter().find(|format| format.fits(head)) {
        return Kind::Container(format);
    }
    match TABLE.iter().find(|Magic(at, magic, _)| begins(head, *at, magic)) {
        Some(Magic(_, _, kind)) => *kind,
        None if head.starts_with(b"MZ") && head.get(..64).is_some_and(|h| h.contains(&0)) => EXECUTABLE,
        None if is_ichitaro(head) => Kind::Unsupported("jtd (一太郎)"),
        None if is_pgp(head) => Kind::Encrypted("PGP"),
        None if is_enveloped(head) => Kind::Encrypted("S/MIME"),
        None => Kind::Text,
    }
}

/// Ichitaro 4 to 6; later ones are compound files.
fn is_ichitaro(head: &[u8]) -> bool {
    head.starts_with(b"DOC") && head.get(43).is_some_and(|version| matches!(version, 0x14..=0x16))
}

/// An encrypted message: armored (RFC 9580 §6.2), or beginning with the packet of a key that is
/// encrypted for someone or made of a password (§5.1, §5.3).
fn is_pgp(head: &[u8]) -> bool {
    if head.trim_ascii_start().starts_with(b"-----BEGIN PGP MESSAGE-----") {
        return true;
    }
    // The length follows in one byte, or in two.
    let packet = match head {
        [0x85, 0..=4, _, rest @ ..] => Some((1, rest)),
        [0x84 | 0xC1, _, rest @ ..] => Some((1, rest)),
        [0x8C | 0xC3, 4..=0x40, rest @ ..] => Some((3, rest)),
        _ => None,
    };
    match packet {
        // Version 3, eight bytes of a key's number, a public-key algorithm.
        Some((1, [3, rest @ ..])) => rest.get(8).is_some_and(|algorithm| matches!(algorithm, 1 | 2 | 16 | 18 | 25)),
        // Version 4, a cipher, how the password is hashed, a hash.
        Some((3, [4, 1..=13, 0 | 1 | 3, 1..=14, ..])) => true,
        _ => false,
    }
}

/// CMS enveloped data (RFC 5652 §6, RFC 5083), as in S/MIME: a sequence that begins with its type.
fn is_enveloped(head: &[u8]) -> bool {
    const ENVELOPED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
    const AUTHENTICATED: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17";
    let content = match head {
        [0x30, 0x80, rest @ ..] => rest,
        [0x30, length @ 0x81..=0x84, rest @ ..] => rest.get(usize::from(length & 7)..).unwrap_or_default(),
        [0x30, _, rest @ ..] => rest,
        _ => return false,
    };
    content.starts_with(ENVELOPED) || content.starts_with(AUTHENTICATED)
}

/// What a name says that bytes cannot: DocuWorks' format is secret, and its files must not count
/// as looked at.
pub fn sniff_name(name: &str, head: &[u8]) -> Option<Kind> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
    let is_docuworks = matches!(extension.as_str(), "xdw" | "xbd" | "xct");
    (is_docuworks && head.contains(&0)).then_some(Kind::Unsupported("DocuWorks"))
}

/// Offset of the first volume descriptor of a CD or DVD (ECMA-119 §6.2.1, §8.1), and what it begins
/// with.
const DISC: (usize, &[u8]) = (16 * 2048 + 1, b"CD001");

/// What bytes are that tell it far behind [`HEAD`]; `begin` is as much of them as there is.
pub fn sniff_far(begin: &[u8]) -> Option<Kind> {
    begins(begin, DISC.0, DISC.1).then_some(Kind::Unsupported("iso"))
}

/// Bytes of the end that are enough to tell, unless a long comment stands there.
pub const TAIL: usize = 1024;

/// What ends with `tail`, whatever it begins with: a zip is read from its end, so
/// that a program (a self-extractor) or a picture can be one as well.
pub fn sniff_end(tail: &[u8]) -> Option<Kind> {
    // The last 512 bytes of an Apple disk image.
    if tail.len().checked_sub(512).is_some_and(|at| begins(tail, at, b"koly\0\0\0\x04")) {
        return Some(Kind::Unsupported("dmg"));
    }
    let at = memchr::memmem::rfind(tail, b"PK\x05\x06")?;
    // The record has 22 bytes and a comment whose length stands last in it.
    let length = tail.get(at + 20..at + 22)?;
    let ends = at + 22 + usize::from(u16::from_le_bytes([length[0], length[1]])) == tail.len();
    FORMATS.iter().find(|format| ends && format.name == "zip").map(Kind::Container)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_and_signatures_are_found_at_their_place() {
        assert!(matches!(sniff(b""), Kind::Text));
        assert!(matches!(sniff("議事録".as_bytes()), Kind::Text));
        assert!(matches!(sniff(b"MZ is how this sentence begins"), Kind::Text));
        assert!(matches!(sniff(b"\x1f\x8b\x08\0"), Kind::Container(f) if f.name == "gzip"));
        let end = [&b"MZ"[..], b"PK\x05\x06", &[0; 18]].concat();
        assert!(matches!(sniff_end(&end), Some(Kind::Container(f)) if f.name == "zip"));
        assert!(sniff_end(&end[..23]).is_none() && sniff_end(b"PK\x05\x06 is how a zip ends").is_none());
        assert!(matches!(sniff(b"RIFF\x10\0\0\0WAVE"), Kind::NotText("audio")));
    }

    #[test]
    fn what_only_its_own_key_opens() {
        for head in [
            &b"\n-----BEGIN PGP MESSAGE-----\n"[..],
            b"\x85\x01\x0c\x03\x01\x02\x03\x04\x05\x06\x07\x08\x01",
            b"\xc1\x5e\x03\x01\x02\x03\x04\x05\x06\x07\x08\x12",
            b"\x8c\x0d\x04\x09\x03\x08",
            b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03",
            b"\x30\x82\x01\x02\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03",
            b"LUKS\xba\xbe\0\x01",
            b"\xeb\x58\x90-FVE-FS-",
            b"age-encryption.org/v1\n",
        ] {
            assert!(matches!(sniff(head), Kind::Encrypted(_)), "{head:?}");
        }
        // Signed data can be read as it is, and text in CP932 may begin with the same byte.
        for head in [
            &b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"[..],
            b"\x84\x5f\x84\x5f",
            b"\x85\x40",
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----",
            b"DOC",
            b"0",
        ] {
            assert!(matches!(sniff(head), Kind::Text), "{head:?}");
        }
        assert!(sniff_name("a.XDW", b"\x01\0").is_some() && sniff_name("a.xdw", b"text").is_none());
        let disc = [vec![0; DISC.0], DISC.1.to_vec()].concat();
        assert!(sniff_far(&disc).is_some() && sniff_far(&disc[1..]).is_none() && sniff_far(b"").is_none());
        let image = [&b"koly\0\0\0\x04"[..], &[0; 504]].concat();
        assert!(matches!(sniff_end(&image), Some(Kind::Unsupported("dmg"))));
    }
}
