//! Addresses of wallets, by which all payments of a person can be followed: Bitcoin, Ethereum.
//!
//! An address in, whether its checksum is right out. Keys, which are secrets, are in `wallet`.

use sha2::{Digest as _, Sha256};

use super::Outcome::{self, Fits, Proves, Rejects};
use super::Value;
use super::radix::base58;
use super::wallet::bech32_remainder;

/// `bitcoin-address`: base58 of a version, 20 bytes and four of their hash hashed again; or `bc1` and
/// bech32 (BIP-173) or, from version 1 on, bech32m (BIP-350).
pub(super) fn bitcoin_address(value: &Value<'_>) -> Outcome {
    const BECH32M: u32 = 0x2bc8_30a3;
    if value.text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("bc1")) {
        let wanted = if matches!(value.text.as_bytes().get(3), Some(b'q' | b'Q')) { 1 } else { BECH32M };
        return if bech32_remainder(value.text) == Some(wanted) { Proves("checksum") } else { Rejects };
    }
    let Some(bytes) = base58(value.text).filter(|bytes| bytes.len() == 25) else { return Rejects };
    let Some((payload, checksum)) = bytes.split_last_chunk::<4>() else { return Rejects };
    let is_right = Sha256::digest(Sha256::digest(payload)).starts_with(checksum);
    // 0: a key, 5: a script.
    if is_right && matches!(payload[0], 0 | 5) { Proves("checksum") } else { Rejects }
}

/// `ethereum-address`: 20 bytes in hexadecimal behind `0x`; the case of the letters is a checksum
/// (EIP-55), unless they all have the same.
pub(super) fn ethereum_address(value: &Value<'_>) -> Outcome {
    let Some(digits) = value.text.strip_prefix("0x") else { return Rejects };
    if digits.len() != 40 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Rejects;
    }
    // The zero address, and those of contracts built into the chain.
    if digits.bytes().take(32).all(|b| b == b'0') || digits.bytes().all(|b| b == digits.as_bytes()[0]) {
        return Rejects;
    }
    let has = |of: fn(&u8) -> bool| digits.as_bytes().iter().any(of);
    if !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)) {
        return Fits;
    }
    let hash = keccak_256(digits.to_ascii_lowercase().as_bytes());
    let is_right = digits.bytes().enumerate().all(|(i, b)| {
        let nibble = hash[i / 2] >> (4 * (1 - i % 2)) & 15;
        b.is_ascii_digit() || b.is_ascii_uppercase() == (nibble >= 8)
    });
    if is_right { Proves("checksum") } else { Rejects }
}

/// Keccak-256 as Ethereum has it (before the padding of SHA-3 was changed), of at most 135 bytes.
fn keccak_256(text: &[u8]) -> [u8; 32] {
    const RATE: usize = 136;
    let mut block = [0u8; RATE];
    let length = text.len().min(RATE - 1);
    block[..length].copy_from_slice(&text[..length]);
    block[length] |= 0x01;
    block[RATE - 1] |= 0x80;
    let mut lanes = [0u64; 25];
    for (lane, bytes) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
        *lane = u64::from_le_bytes(*bytes);
    }
    keccak_f(&mut lanes);
    let mut hash = [0; 32];
    for (bytes, lane) in hash.as_chunks_mut::<8>().0.iter_mut().zip(lanes) {
        *bytes = lane.to_le_bytes();
    }
    hash
}

/// The permutation `Keccak-f[1600]` (FIPS 202, 3.3); lane x, y is at x + 5 y.
fn keccak_f(lanes: &mut [u64; 25]) {
    // The bits of the round constants, and the turns of rho along the path of pi, come from their
    // definitions.
    let mut register = 1u8;
    for _round in 0..24 {
        let columns: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ lanes[x + 5 * y]));
        for (i, lane) in lanes.iter_mut().enumerate() {
            *lane ^= columns[(i + 4) % 5] ^ columns[(i + 1) % 5].rotate_left(1);
        }
        let (mut x, mut y, mut moved) = (1, 0, lanes[1]);
        for step in 0..24u32 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            let turned = moved.rotate_left((step + 1) * (step + 2) / 2 % 64);
            moved = std::mem::replace(&mut lanes[x + 5 * y], turned);
        }
        for row in lanes.as_chunks_mut::<5>().0 {
            let old = *row;
            for x in 0..5 {
                row[x] ^= !old[(x + 1) % 5] & old[(x + 2) % 5];
            }
        }
        for bit in 0..7 {
            lanes[0] ^= u64::from(register & 1) << ((1 << bit) - 1);
            register = register << 1 ^ if register & 0x80 != 0 { 0x71 } else { 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keccak() {
        let hash = keccak_256(b"");
        assert_eq!(hash[..4], [0xc5, 0xd2, 0x46, 0x01]);
        assert_eq!(keccak_256(b"abc")[..4], [0x4e, 0x03, 0x65, 0x7a]);
    }

    #[test]
    fn addresses_of_ethereum() {
        // The examples of EIP-55.
        for text in ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"] {
            assert_eq!(ethereum_address(&Value::bare(text)), Proves("checksum"));
            assert_eq!(ethereum_address(&Value::bare(&text.to_lowercase())), Fits);
            assert_eq!(ethereum_address(&Value::bare(&text.replace('B', "b"))), Rejects);
        }
        let zero = format!("0x{}", "0".repeat(40));
        for text in ["0x", "", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", &zero] {
            assert_eq!(ethereum_address(&Value::bare(text)), Rejects);
        }
    }

    #[test]
    fn addresses_of_bitcoin() {
        for (text, outcome) in [
            ("15mKKb2eos1hWa6tisdPwwDC1a5J1y9nma", Proves("checksum")), // of BIP-32's test vector 1
            ("15mKKb2eos1hWa6tisdPwwDC1a5J1y9nmb", Rejects),
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", Proves("checksum")), // BIP-173
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", Rejects),
            ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", Proves("checksum")), // BIP-350
            ("bc1", Rejects),
            ("", Rejects),
        ] {
            assert_eq!(bitcoin_address(&Value::bare(text)), outcome, "{text}");
        }
    }
}
