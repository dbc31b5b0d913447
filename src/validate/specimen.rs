//! For tests only: makes what the checks read. Shares no code with them.

/// Random texts, the same ones in every run (xorshift64*).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new() -> Random {
        Random(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    /// A text of `length` characters of an alphabet, each as likely.
    pub(super) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| alphabet[self.below(alphabet.len())] as char).collect()
    }
}

pub(super) const DIGITS: &[u8] = b"0123456789";
pub(super) const HEX: &[u8] = b"0123456789abcdef";
pub(super) const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
pub(super) const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub(super) const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
pub(super) const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Every printable character of ASCII but the space.
pub(super) fn printable() -> Vec<u8> {
    (b'!'..=b'~').collect()
}

/// Standard base64 with padding (RFC 4648, 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = by_bits(bytes, 6, BASE64);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Base32 without padding (RFC 4648, 6).
pub(super) fn base32(bytes: &[u8]) -> String {
    by_bits(bytes, 5, BASE32)
}

/// The bits written out, cut into groups, each read as a number again.
fn by_bits(bytes: &[u8], width: usize, alphabet: &[u8]) -> String {
    let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
    let groups = bits.as_bytes().chunks(width);
    groups
        .map(|group| {
            let group = format!("{:0<width$}", str::from_utf8(group).unwrap());
            alphabet[usize::from_str_radix(&group, 2).unwrap()] as char
        })
        .collect()
}
