//! Content transfer encodings (RFC 2045 §6): lines of a body in, its bytes out.

/// How a body was made fit for transport.
pub(super) enum Transfer {
    /// 7bit, 8bit, binary, or something unknown.
    Identity,
    /// Base64, and whether its padding has ended it.
    Base64(Group, bool),
    /// Quoted-printable, and an escape that the piece before began.
    Quoted(Vec<u8>),
}

impl Transfer {
    /// By the value of the field `Content-Transfer-Encoding`.
    pub(super) fn named(value: &str) -> Transfer {
        let name = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if name.eq_ignore_ascii_case("base64") {
            Transfer::Base64(Group::default(), false)
        } else if name.eq_ignore_ascii_case("quoted-printable") {
            Transfer::Quoted(Vec::new())
        } else {
            Transfer::Identity
        }
    }

    /// Decodes a line, or a piece of one. What is not in this encoding (a footer that a mailing
    /// list put under a base64 body) comes out as it is: nothing is lost.
    pub(super) fn decode(&mut self, line: &[u8], out: &mut Vec<u8>) {
        match self {
            Transfer::Identity => out.extend_from_slice(line),
            Transfer::Base64(group, ended) => {
                let code = line.trim_ascii();
                if *ended && !code.is_empty() || !code.iter().all(|&b| b == b'=' || sextet(b).is_some()) {
                    out.extend_from_slice(line);
                    return;
                }
                code.iter().for_each(|&byte| group.push(byte, out));
                *ended |= code.ends_with(b"=");
            }
            Transfer::Quoted(open) => {
                open.extend_from_slice(line);
                let kept = unquote(open, out);
                open.drain(..kept);
            }
        }
    }

    /// What is left at the end of the body.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if let Transfer::Quoted(open) = self {
            out.append(open);
        }
    }
}

/// A group of four characters of base64 under way.
#[derive(Default)]
pub(super) struct Group {
    bits: u32,
    count: u32,
}

impl Group {
    /// One more character; padding ends the group, everything else is passed over.
    pub(super) fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        let Some(value) = sextet(byte) else {
            if byte == b'=' {
                *self = Group::default();
            }
            return;
        };
        self.bits = self.bits << 6 | u32::from(value);
        self.count += 1;
        // A byte is complete with the second, third and fourth character.
        if self.count > 1 {
            out.push((self.bits >> (2 * (4 - self.count))) as u8);
        }
        if self.count == 4 {
            *self = Group::default();
        }
    }
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The byte that two hexadecimal digits are.
pub(super) fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Decodes quoted-printable up to an escape that is cut at the end. Returns where that begins.
fn unquote(text: &[u8], out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    while let Some(i) = memchr::memchr(b'=', &text[at..]) {
        out.extend_from_slice(&text[at..at + i]);
        at += i;
        let rest = &text[at + 1..];
        // A soft line break, perhaps with blanks that a relay has added.
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        match rest {
            _ if rest.get(blanks) == Some(&b'\n') => at += blanks + 2,
            [] => return at,
            [a] if a.is_ascii_hexdigit() => return at,
            _ if blanks == rest.len() && blanks < 80 => return at,
            [a, b, ..] if hex(*a, *b).is_some() => {
                out.extend(hex(*a, *b));
                at += 3;
            }
            _ => {
                out.push(b'=');
                at += 1;
            }
        }
    }
    out.extend_from_slice(&text[at..]);
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(name: &str, pieces: &[&[u8]]) -> String {
        let mut transfer = Transfer::named(name);
        let mut out = Vec::new();
        pieces.iter().for_each(|piece| transfer.decode(piece, &mut out));
        transfer.finish(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn quoted_printable_in_one_piece_and_in_many() {
        let cases: &[(&[u8], &str)] = &[
            (b"a=3Db\n", "a=b\n"),
            (b"one=\r\ntwo=  \r\nthree", "onetwothree"),
            (b"x=zz =4", "x=zz =4"),
            (b"=E5=90=8D=e7=b0=bf", "名簿"),
        ];
        for (code, text) in cases {
            assert_eq!(decoded("Quoted-Printable", &[code]), *text);
            let bytes: Vec<&[u8]> = code.chunks(1).collect();
            assert_eq!(decoded("quoted-printable", &bytes), *text, "{}", code.escape_ascii());
        }
    }

    #[test]
    fn base64_and_the_footer_below_it() {
        assert_eq!(decoded("BASE64", &[b"aGVs\r\n", b"bG8=\r\n", b"\r\n"]), "hello");
        assert_eq!(decoded("base64 ", &[b"aGVsbG8=\n", b"footer\n"]), "hellofooter\n");
        assert_eq!(decoded("base64", &[b"aGVs\n", b"-- \n", b"bG8\n"]), "hel-- \nlo");
    }
}
