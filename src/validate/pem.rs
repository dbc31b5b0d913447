//! Private keys in text armour: PEM of every kind, OpenSSH, PGP, SSH2, PuTTY.
//!
//! A block in, from its first line to its last or as much of it as was captured; whether there is
//! a key inside out. Decodes only the beginning and checks no mathematics.

use super::Outcome::{self, Doubts, Fits, Proves};
use super::Value;
use super::radix::base64;

/// What of a body is decoded, in characters: enough for every header, a multiple of four.
const HEAD: usize = 256;

/// A body shorter than this holds no key: Ed25519 in PKCS #8 has 64 characters, a raw seed in
/// SEC 1 a little less.
const SHORTEST: usize = 40;

/// What stands for a part left out.
const ELISIONS: &[&str] = &["...", "…", "***", "xxxxxxxx", "XXXXXXXX", "●", "＊", "<", "省略"];

/// A body longer than this is a key whatever stands between its lines, in characters.
const WHOLE: usize = 400;

/// Pieces of keys that were published with software: Vagrant's insecure key.
const PUBLISHED: &[&str] = &["6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzI"];

/// `pem-key` and `openssh-key`: the body is base64 that begins as its kind must (RFC 7468, RFC
/// 5208, RFC 5915, RFC 9580; openssh PROTOCOL.key; PuTTY's manual, appendix C). An encrypted key
/// fits, one in the clear is proved, a first line alone or an elided body is doubted.
pub(super) fn pem_key(value: &Value<'_>) -> Outcome {
    let Some(block) = Block::read(value.text) else { return Doubts("no-body") };
    if block.is_elided {
        return Doubts("placeholder");
    }
    if block.length < SHORTEST {
        return Doubts("no-body");
    }
    if PUBLISHED.iter().any(|key| block.body.contains(key)) {
        return Doubts("example-value");
    }
    let Some(head) = base64(&block.body[..block.body.len() / 4 * 4]) else { return Doubts("structure-wrong") };
    match block.kind {
        // RFC 1421: the body is cipher text from its first byte on.
        Kind::Der if block.is_encrypted => Fits,
        Kind::Putty if block.is_encrypted => Fits,
        kind => kind.judge(&head),
    }
}

/// What a block's label says it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// PKCS #1, SEC 1, DSA, PKCS #8: a DER sequence that begins with a version.
    Der,
    /// PKCS #8, encrypted: a DER sequence that begins with a sequence.
    EncryptedDer,
    OpenSsh,
    Pgp,
    Ssh2,
    Putty,
}

impl Kind {
    /// The kind by the first line's label.
    fn of(label: &str) -> Kind {
        match label {
            _ if label.contains("OPENSSH") => Kind::OpenSsh,
            _ if label.contains("PGP") => Kind::Pgp,
            _ if label.contains("SSH2") => Kind::Ssh2,
            _ if label.contains("ENCRYPTED") => Kind::EncryptedDer,
            _ => Kind::Der,
        }
    }

    /// Whether the bytes begin as this kind must.
    fn judge(self, head: &[u8]) -> Outcome {
        match self {
            Kind::Der if der_content(head).is_some_and(|content| matches!(content, [2, 1, 0..=3, ..])) => {
                Proves("structure")
            }
            Kind::EncryptedDer if der_content(head).is_some_and(|content| content.starts_with(&[0x30])) => Fits,
            Kind::OpenSsh => match head.strip_prefix(b"openssh-key-v1\0") {
                Some([0, 0, 0, 4, b'n', b'o', b'n', b'e', ..]) => Proves("structure"),
                Some(_) => Fits,
                None => Doubts("structure-wrong"),
            },
            // A packet of tag 5, secret key, in the old or the new format. Whether a passphrase
            // protects it stands behind the public part; mostly one does.
            Kind::Pgp if matches!(head, [0x94..=0x97 | 0xC5, ..]) => Fits,
            Kind::Ssh2 if head.starts_with(&[0x3F, 0x6F, 0xF9, 0xEB]) => Fits,
            Kind::Putty => Proves("structure"),
            _ => Doubts("structure-wrong"),
        }
    }
}

/// The content of a DER sequence, as far as it goes (X.690, 8.1).
fn der_content(bytes: &[u8]) -> Option<&[u8]> {
    match bytes.strip_prefix(&[0x30])? {
        [..=0x7F, content @ ..] | [0x81, _, content @ ..] | [0x82, _, _, content @ ..] => Some(content),
        _ => None,
    }
}

/// The parts of a block.
struct Block {
    kind: Kind,
    is_encrypted: bool,
    /// The beginning of the body, without line breaks, quotes and signs of comments.
    body: String,
    /// Length of the whole body, in characters.
    length: usize,
    /// Something in the body says that it is left out.
    is_elided: bool,
}

impl Block {
    /// Reads a block; `None` where there is no first line or nothing behind it.
    fn read(text: &str) -> Option<Block> {
        if let Some(rest) = text.split_once("PuTTY-User-Key-File-").map(|(_, rest)| rest) {
            let (public, private) = rest.split_once("Private-Lines:")?;
            let is_encrypted = public.contains("Encryption:") && !public.contains("Encryption: none");
            let private = private.split("Private-MAC").next().unwrap_or_default();
            let private = private.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
            return Some(Block::of(Kind::Putty, is_encrypted, private));
        }
        let (_, rest) = text.split_once("BEGIN ")?;
        let (label, rest) = rest.split_once("---")?;
        let rest = rest.trim_start_matches('-');
        let rest = rest.split("---END ").next().unwrap_or_default();
        let rest = rest.split("-- END ").next().unwrap_or_default().trim_end_matches('-');
        let is_encrypted = label.contains("ENCRYPTED") || rest.contains("Proc-Type: 4,ENCRYPTED");
        Some(Block::of(Kind::of(label), is_encrypted, rest))
    }

    fn of(kind: Kind, is_encrypted: bool, rest: &str) -> Block {
        let mut block = Block { kind, is_encrypted, body: String::new(), length: 0, is_elided: false };
        // A block inside a string of source or JSON has `\n`, written out, for line breaks.
        for line in rest.split(['\n', '\r']).flat_map(|line| line.split("\\n")).flat_map(|line| line.split("\\r")) {
            // RFC 1421 and PGP have headers, PGP a checksum.
            if line.contains(": ") || line.trim_start().starts_with('=') {
                continue;
            }
            let line = longest_run(line);
            // The sign of a comment, before the body.
            if block.body.is_empty() && line.len() < 4 {
                continue;
            }
            block.length += line.len();
            block.body.extend(line.chars().take(HEAD - block.body.len()));
        }
        block.is_elided = block.length < WHOLE && ELISIONS.iter().any(|mark| rest.contains(mark));
        block
    }
}

/// The longest run of base64 in a line: the line without what source, comments or quoted mail put
/// around it.
fn longest_run(line: &str) -> &str {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    line.split(|c| !is_base64(c)).max_by_key(|run| run.len()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::specimen::base64 as encode;
    use super::*;

    /// A block of random-looking bytes behind `head`, in pieces so that none stands in git.
    fn block(label: &str, head: &[u8], separator: &str) -> String {
        let mut bytes = head.to_vec();
        bytes.extend((0..600u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8));
        let body = encode(&bytes);
        let lines: Vec<&str> = body.as_bytes().chunks(64).map(|l| str::from_utf8(l).unwrap()).collect();
        let (dashes, lines) = ("-----", lines.join(separator));
        [dashes, "BEGIN ", label, dashes, separator, &lines, separator, dashes, "END ", label, dashes].concat()
    }

    fn outcome(text: &str) -> Outcome {
        pem_key(&Value::bare(text))
    }

    const RSA: &[u8] = &[0x30, 0x82, 0x02, 0x5C, 0x02, 0x01, 0x00, 0x02, 0x81, 0x81, 0x00];
    const PKCS8: &[u8] = &[0x30, 0x82, 0x02, 0x5C, 0x02, 0x01, 0x00, 0x30, 0x0D, 0x06, 0x09];
    const EC: &[u8] = &[0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20];
    const ENCRYPTED: &[u8] = &[0x30, 0x82, 0x02, 0x5C, 0x30, 0x57, 0x06, 0x09];
    const OPENSSH: &[u8] = b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none";
    const OPENSSH_LOCKED: &[u8] = b"openssh-key-v1\0\0\0\0\x0aaes256-ctr\0\0\0\x06bcrypt";

    #[test]
    fn kinds() {
        for (label, head, expected) in [
            ("RSA PRIVATE KEY", RSA, Proves("structure")),
            ("PRIVATE KEY", PKCS8, Proves("structure")),
            ("EC PRIVATE KEY", EC, Proves("structure")),
            ("ENCRYPTED PRIVATE KEY", ENCRYPTED, Fits),
            ("OPENSSH PRIVATE KEY", OPENSSH, Proves("structure")),
            ("OPENSSH PRIVATE KEY", OPENSSH_LOCKED, Fits),
            ("PGP PRIVATE KEY BLOCK", &[0x95, 0x03, 0x98, 0x04], Fits),
            ("RSA PRIVATE KEY", b"not a key", Doubts("structure-wrong")),
            ("OPENSSH PRIVATE KEY", RSA, Doubts("structure-wrong")),
        ] {
            assert_eq!(outcome(&block(label, head, "\n")), expected, "{label}");
        }
    }

    #[test]
    fn surroundings() {
        for separator in ["\r\n", "\\n", "\\r\\n", "\n> ", "\n    # ", "\\n\" +\n    \"", "\n", "\n * ", "\\\n"] {
            let text = block("RSA PRIVATE KEY", RSA, separator);
            assert_eq!(outcome(&text), Proves("structure"), "{separator:?}");
            // As much of it as a pattern may have captured.
            assert_eq!(outcome(&text[..200]), Proves("structure"), "{separator:?}");
        }
        let text = block("RSA PRIVATE KEY", RSA, "\n");
        let locked = text.replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1);
        assert_eq!(outcome(&locked), Fits);
        let cipher_text = block("RSA PRIVATE KEY", &[0xA1, 0x5C], "\n");
        let locked = cipher_text.replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1);
        assert_eq!(outcome(&locked), Fits);
    }

    #[test]
    fn putty() {
        let text = |encryption: &str| {
            let body = encode(&[0x5A; 96]);
            let head = ["PuTTY-User", "-Key-File-3: ssh-rsa\r\nEncryption: ", encryption].concat();
            format!("{head}\r\nComment: a\r\nPublic-Lines: 1\r\nAAAA\r\nPrivate-Lines: 2\r\n{body}\r\nPrivate-MAC: 00")
        };
        assert_eq!(outcome(&text("none")), Proves("structure"));
        assert_eq!(outcome(&text("aes256-cbc")), Fits);
    }

    #[test]
    fn no_key_inside() {
        let begin = ["-----", "BEGIN RSA PRIVATE KEY", "-----"].concat();
        let end = ["-----", "END RSA PRIVATE KEY", "-----"].concat();
        for (body, expected) in [
            ("", Doubts("no-body")),
            ("\n", Doubts("no-body")),
            ("\nMIIE\n", Doubts("no-body")),
            ("\n...\n", Doubts("placeholder")),
            ("\nMIIEpAIBAAKCAQEA…\n", Doubts("placeholder")),
            ("\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", Doubts("placeholder")),
            ("\n<your key here>\n", Doubts("placeholder")),
        ] {
            assert_eq!(outcome(&[&begin, body, &end].concat()), expected, "{body:?}");
            assert_eq!(outcome(&[&begin, body].concat()), expected, "{body:?}");
        }
        assert_eq!(outcome(&begin), Doubts("no-body"));
        assert_eq!(outcome(""), Doubts("no-body"));
        let vagrant = [&begin, "\nMIIEogIBAAKCAQEA", PUBLISHED[0], "\n", &end].concat();
        assert_eq!(outcome(&vagrant), Doubts("example-value"));
    }
}
