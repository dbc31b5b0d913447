//! Keys of wallets by their checksums: Bitcoin's base58check, Stellar's seeds, bech32.
//!
//! A key in, whether it unpacks and its checksum is right out. A shape that is known by nothing
//! but its alphabet is rejected when the checksum is wrong; one with an own prefix is doubted.

use sha2::{Digest as _, Sha256};

use super::Outcome::{self, Doubts, Proves, Rejects};
use super::Value;
use super::radix::{base32, base58};

/// `base58check`: a private key in Bitcoin's wallet import format, of this chain or another, or an
/// extended private key (BIP-32). Addresses and public keys are no secrets.
pub(super) fn base58check(value: &Value<'_>) -> Outcome {
    let Some(bytes) = base58(value.text) else { return Rejects };
    let Some((payload, checksum)) = bytes.split_last_chunk::<4>() else { return Rejects };
    let is_private = match payload {
        [_version, key @ ..] if key.len() == 32 => true,
        // 1: the public key is to be written compressed.
        [_version, key @ .., 1] if key.len() == 32 => true,
        // Version, depth, parent, index, chain code; then 0 and the key where a public key has 2 or 3.
        payload => payload.len() == 78 && payload[45] == 0,
    };
    if !is_private {
        return Rejects;
    }
    let is_right = Sha256::digest(Sha256::digest(payload)).starts_with(checksum);
    match (is_right, payload.len() == 78) {
        (true, _) => Proves("checksum"),
        (false, true) => Doubts("checksum-wrong"),
        (false, false) => Rejects,
    }
}

/// `stellar-seed`: base32 of a version, 32 bytes and a CRC-16 of them (Stellar's SEP-23).
pub(super) fn stellar_seed(value: &Value<'_>) -> Outcome {
    const SECRET_SEED: u8 = 18 << 3;
    match base32(value.text).as_deref() {
        Some([SECRET_SEED, rest @ ..]) if rest.len() == 34 => {}
        _ => return Rejects,
    }
    let bytes = base32(value.text).unwrap_or_default();
    let is_right = bytes.split_last_chunk().is_some_and(|(body, tail)| crc16(body) == u16::from_le_bytes(*tail));
    if is_right { Proves("checksum") } else { Rejects }
}

/// CRC-16/XMODEM: polynomial 0x1021, nothing inverted.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &b| {
        (0..8).fold(crc ^ u16::from(b) << 8, |crc, _| if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 })
    })
}

/// `bech32`: a readable prefix, `1` and 32-character text with a checksum (BIP-173), all in one
/// case: `nsec1…` of Nostr, `AGE-SECRET-KEY-1…` of age.
pub(super) fn bech32(value: &Value<'_>) -> Outcome {
    match bech32_remainder(value.text) {
        Some(1) => Proves("checksum"),
        Some(_) => Doubts("checksum-wrong"),
        None => Rejects,
    }
}

/// The remainder of bech32's checksum, 1 if it is right; `None` where the form is wrong.
pub(super) fn bech32_remainder(text: &str) -> Option<u32> {
    const DIGITS: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let is_mixed = text.bytes().any(|b| b.is_ascii_lowercase()) && text.bytes().any(|b| b.is_ascii_uppercase());
    let (prefix, data) = text.rsplit_once('1')?;
    if is_mixed || prefix.is_empty() || data.len() < 6 {
        return None;
    }
    let mut state = 1;
    let lower = || prefix.bytes().map(|b| b.to_ascii_lowercase());
    lower().for_each(|b| step(&mut state, b >> 5));
    step(&mut state, 0);
    lower().for_each(|b| step(&mut state, b & 31));
    for b in data.bytes() {
        let digit = DIGITS.iter().position(|&d| d == b.to_ascii_lowercase())?;
        step(&mut state, digit as u8);
    }
    Some(state)
}

/// One step of bech32's checksum, a BCH code over 32 symbols.
fn step(state: &mut u32, symbol: u8) {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = *state >> 25;
    *state = (*state & 0x1ff_ffff) << 5 ^ u32::from(symbol);
    for (i, constant) in GENERATOR.iter().enumerate() {
        if top >> i & 1 == 1 {
            *state ^= constant;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    fn outcome(check: super::super::Check, text: &str) -> Outcome {
        check(&Value::bare(text))
    }

    /// Replaces the tenth character.
    fn changed(text: &str, by: [&str; 2]) -> String {
        let mut text = text.to_string();
        text.replace_range(9..10, if &text[9..10] == by[0] { by[1] } else { by[0] });
        text
    }

    #[test]
    fn wallet_import_format() {
        // Worked by a script that shares no code with this one; in pieces.
        for pieces in [
            ["KzfSHBnGx3kxjCSSRf1esoDj9", "VzNa2NKjGaU5hAWQAkGN5LiFTVc"],
            ["5JbY6w6j8VGQ3mHBkCLBPqXyg", "5kp2bJ4npwFkCpU3z36kLAjw3A"],
        ] {
            let key = pieces.concat();
            assert_eq!(outcome(base58check, &key), Proves("checksum"));
            assert_eq!(outcome(base58check, &changed(&key, ["x", "y"])), Rejects);
        }
        let extended = [
            "xprv9s21ZrQH143K37GZnLYVVQ8GA2GFwQfQhQ",
            "1oQnsyfs33n267QbbyKqN5q5q5kYGsMtst61W",
            "sucKGj87UeVEASLKsz83oSBqg5DmPKk5DiM6",
        ]
        .concat();
        assert_eq!(outcome(base58check, &extended), Proves("checksum"));
        let mut wrong = extended.clone();
        wrong.replace_range(100..101, "x");
        assert_eq!(outcome(base58check, &wrong), Doubts("checksum-wrong"));
    }

    #[test]
    fn what_is_public_is_no_key() {
        // An address and an extended public key, both of BIP-32's test vector 1.
        let public = [
            "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1R",
            "dap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
        ];
        for text in ["15mKKb2eos1hWa6tisdPwwDC1a5J1y9nma", &public.concat(), "", "1", "O0Il", &"1".repeat(60)] {
            assert_eq!(outcome(base58check, text), Rejects, "{text}");
        }
    }

    #[test]
    fn stellar_seeds() {
        assert_eq!(crc16(b"123456789"), 0x31C3); // the check value of CRC-16/XMODEM
        let mut bytes = vec![0x90];
        bytes.extend((0..32u8).map(|i| i.wrapping_mul(37)));
        bytes.extend(crc16(&bytes).to_le_bytes());
        let seed = specimen::base32(&bytes);
        assert!(seed.starts_with('S') && seed.len() == 56);
        assert_eq!(outcome(stellar_seed, &seed), Proves("checksum"));
        assert_eq!(outcome(stellar_seed, &changed(&seed, ["A", "B"])), Rejects);
        assert_eq!(outcome(stellar_seed, &"S".repeat(56)), Rejects);
        assert_eq!(outcome(stellar_seed, ""), Rejects);
    }

    #[test]
    fn vectors_of_bip_173() {
        for text in [
            "A12UEL5L",
            "a12uel5l",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        ] {
            assert_eq!(outcome(bech32, text), Proves("checksum"), "{text}");
        }
        assert_eq!(
            outcome(bech32, "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3q"),
            Doubts("checksum-wrong")
        );
        for text in ["", "1", "10a06t8", "A1G7SGD8x", "pzry9x0s0muk", "a1b2c3d4", "nsec1あ"] {
            assert_eq!(outcome(bech32, text), Rejects, "{text}");
        }
        let age = ["AGE-SECRET-KEY-1SE9H5FWCFNDUUZGG2QK", "7E9GKUJZUVMG0V5CW6U3LU0LJWDLG2AJQA3Q50V"].concat();
        assert_eq!(outcome(bech32, &age), Proves("checksum"));
    }
}
