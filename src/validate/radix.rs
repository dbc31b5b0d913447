//! The alphabets that tokens are written in: base 16, 32, 36, 58, 62 and 64.
//!
//! Text in, bytes or a yes or no out. Strict: a character outside the alphabet, a length that
//! cannot be or a leftover bit is an error, because a vendor's encoder makes none of them.

/// Digits of a number written by place, most significant first.
pub(super) const HEX: &[u8] = b"0123456789abcdef";
/// Lower-case letters behind the digits.
pub(super) const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Upper case before lower case.
pub(super) const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether `text` is the number in the base of `digits`, filled with zeros from the left.
pub(super) fn is_number_in(text: &str, digits: &[u8], number: u32) -> bool {
    let mut rest = number as usize;
    for b in text.bytes().rev() {
        if b != digits[rest % digits.len()] {
            return false;
        }
        rest /= digits.len();
    }
    rest == 0
}

/// Base64 in either alphabet (RFC 4648, 4 and 5), with or without padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    unpack(text.trim_end_matches('='), 6, |b| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    })
}

/// Base32 (RFC 4648, 6) in upper or lower case, without padding.
pub(super) fn base32(text: &str) -> Option<Vec<u8>> {
    unpack(text, 5, |b| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a'),
        b'2'..=b'7' => Some(b - b'2' + 26),
        _ => None,
    })
}

/// Base58 in the order of Bitcoin. Takes quadratic time, so that longer texts than any key are
/// refused.
pub(super) fn base58(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    const LONGEST: usize = 128;
    if text.len() > LONGEST {
        return None;
    }
    // Least significant byte first while it grows.
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for b in text.bytes() {
        let mut carry = DIGITS.iter().position(|&d| d == b)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * DIGITS.len();
            *byte = (carry & 0xFF) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.push(carry as u8);
        }
    }
    // Each leading `1` is a zero byte.
    bytes.extend(text.bytes().take_while(|&b| b == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

/// Characters of `bits` bits each as bytes, first bits first.
fn unpack(text: &str, bits: u32, value: impl Fn(u8) -> Option<u8>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * bits as usize / 8);
    let mut pending = 0u32;
    let mut count = 0;
    for b in text.bytes() {
        pending = pending << bits | u32::from(value(b)?);
        count += bits;
        if count >= 8 {
            count -= 8;
            bytes.push((pending >> count) as u8);
            pending &= (1 << count) - 1;
        }
    }
    (pending == 0 && count < bits).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_rfc_4648() {
        for (plain, b64, b32) in [
            ("", "", ""),
            ("f", "Zg==", "MY"),
            ("fo", "Zm8=", "MZXQ"),
            ("foo", "Zm9v", "MZXW6"),
            ("foob", "Zm9vYg==", "MZXW6YQ"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI"),
        ] {
            assert_eq!(base64(b64).as_deref(), Some(plain.as_bytes()));
            assert_eq!(base64(b64.trim_end_matches('=')).as_deref(), Some(plain.as_bytes()));
            assert_eq!(base32(b32).as_deref(), Some(plain.as_bytes()));
            assert_eq!(base32(&b32.to_lowercase()).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(base64("_-8").as_deref(), Some(&[0xff, 0xef][..]));
        for wrong in ["Z", "Zh", "Zm9v!", "Zm9vY"] {
            assert_eq!(base64(wrong), None, "{wrong}");
        }
        for wrong in ["M", "MZ1", "MZXW7", "M0"] {
            assert_eq!(base32(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn base58_of_the_internet_draft() {
        // draft-msporny-base58-03, section 5.
        for (plain, text) in [
            (&b"Hello World!"[..], "2NEpo7TZRRrLZSi2U"),
            (
                b"The quick brown fox jumps over the lazy dog.",
                "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
            ),
            (b"\x00\x00\x28\x7f\xb4\xcd", "11233QC4"),
            (b"", ""),
        ] {
            assert_eq!(base58(text).as_deref(), Some(plain));
        }
        assert_eq!(base58("0"), None);
        assert_eq!(base58(&"2".repeat(129)), None);
    }

    #[test]
    fn numbers_by_place() {
        assert!(is_number_in("00ff", HEX, 255));
        assert!(!is_number_in("ff", HEX, 0x1ff));
        assert!(is_number_in("4gfFC3", BASE62, u32::MAX));
        assert!(is_number_in("1z141z3", BASE36, u32::MAX));
        assert!(is_number_in("", HEX, 0));
    }
}
