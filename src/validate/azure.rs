//! Keys that Microsoft made recognisable: a signature at a fixed place and a checksum at the end.
//!
//! A key in, whether its checksum is right out. Algorithms and seeds from Microsoft's open
//! security-utilities (github.com/microsoft/security-utilities, MIT), written anew from the facts.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::radix::{BASE62, base32, base64};

/// A service whose keys carry a signature.
struct Service {
    /// Four characters just before the last six that hold the checksum.
    signature: &'static str,
    /// Length of the text without padding, in characters.
    length: usize,
    /// What the checksum may be seeded with: one seed a kind of key.
    seeds: &'static [&'static [u8; 8]],
    /// Whether a wrong checksum says something: samples of some services do not follow the rule.
    is_strict: bool,
}

const fn service(signature: &'static str, length: usize, seeds: &'static [&'static [u8; 8]]) -> Service {
    Service { signature, length, seeds, is_strict: true }
}

const SERVICES: &[Service] = &[
    service("+ASt", 86, &[b"Default0"]), // Storage
    service("ACDb", 86, &[b"MastRW00", b"MastRO00", b"SystRW00", b"SystRO00", b"SysAll00", b"Resour00", b"Encryp00"]), // Cosmos DB
    service("+ABa", 86, &[b"AbAcct00"]), // Batch
    service("+AMC", 86, &[b"Classic0"]), // Machine Learning
    service("APIM", 86, &[b"Tenant00", b"Gatewy00", b"GitKey00", b"IoTHub00"]), // API Management
    service("+SQL", 86, &[b"UsrPwd00"]), // SQL password
    service("+ASb", 43, &[b"Send0000", b"Listen00", b"Manage00", b"System00", b"Unknown0"]), // Service Bus
    service("+AEh", 43, &[b"Send0000", b"Listen00", b"Manage00"]), // Event Hubs
    service("+ARm", 43, &[b"Send0000", b"Listen00", b"Manage00"]), // Relay
    service("AZEG", 43, &[b"SendRecv"]), // Event Grid
    service("AIoT", 43, &[b"IoTHub00", b"DpsKey00", b"Device00"]), // IoT Hub
    service("AzFu", 54, &[b"Functi00", b"Master00", b"System00"]), // Functions
    service("AzSe", 52, &[b"Query000", b"PAdmin00"]), // AI Search
    // Letters may have taken the place of `+` and `/` after the checksum was made.
    Service { is_strict: false, ..service("AzCa", 43, &[b"Access00"]) }, // Cache for Redis
    Service { is_strict: false, ..service("+ACR", 52, &[b"ACRDflt0"]) }, // Container Registry
];

/// Keys that the emulators of Storage and Cosmos DB were published with, by their beginning.
const EMULATOR_KEYS: &[&str] =
    &["Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u", "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5"];

/// `azure-key`: a key of any service in the table. One without signature, as they were before
/// 2021, fits.
pub(super) fn key(value: &Value<'_>) -> Outcome {
    let text = value.text.trim_end_matches('=');
    if EMULATOR_KEYS.iter().any(|known| text.starts_with(known)) {
        return Doubts("example-value");
    }
    let Some(service) = SERVICES.iter().find(|service| {
        let at = service.length - 6 - service.signature.len();
        text.len() == service.length && text.get(at..at + 4) == Some(service.signature)
    }) else {
        return Fits;
    };
    let Some(bytes) = base64(text) else { return Rejects };
    let Some((body, checksum)) = bytes.split_last_chunk() else { return Rejects };
    let stored = u32::from_le_bytes(*checksum);
    let is_right = service.seeds.iter().any(|seed| marvin(body, seed) == stored);
    match (is_right, service.is_strict) {
        (true, _) => Proves("checksum"),
        (false, true) => Doubts("checksum-wrong"),
        (false, false) => Fits,
    }
}

/// `azure-common-key`: a common annotated security key, `JQQJ9…` at character 53 of 84 or 88.
pub(super) fn common_key(value: &Value<'_>) -> Outcome {
    let text = value.text.trim_end_matches('=');
    if !matches!(text.len(), 84 | 86) || text.get(52..56) != Some("JQQJ") {
        return Fits;
    }
    let Some((head, tail)) = text.split_at_checked(80) else { return Rejects };
    let Some(body) = base64(head) else { return Rejects };
    let checksum = marvin(&body, b"Default0").to_le_bytes();
    let digits = left_aligned_base62(u32::from_be_bytes(checksum));
    // The first keys had plain base64 of the checksum in place of base62.
    let is_plain = base64(tail).is_some_and(|stored| checksum.starts_with(&stored));
    let is_right = digits.starts_with(tail.as_bytes()) || is_plain;
    if is_right { Proves("checksum") } else { Doubts("checksum-wrong") }
}

/// `azure-devops-pat`: the personal access token of 52 base32 characters, a CRC-32 of 28 of its 32
/// bytes scattered over the other four. Never seen to fail on a real one, but not tried on many:
/// a wrong one fits.
pub(super) fn devops_pat(value: &Value<'_>) -> Outcome {
    const MASKS: [u32; 2] = [0xE0B9_692D, 0x1019_F92E]; // of users, of applications
    let Some(bytes) = base32(value.text).filter(|bytes| bytes.len() == 32) else { return Rejects };
    let mut crc = crc32fast::Hasher::new();
    [0..2, 3..7, 9..22, 23..32].into_iter().for_each(|part| crc.update(&bytes[part]));
    let crc = crc.finalize();
    let stored = u32::from_le_bytes([bytes[22], bytes[8], bytes[7], bytes[2]]);
    if MASKS.iter().any(|mask| crc ^ mask == stored) { Proves("checksum") } else { Fits }
}

/// `entra-secret`: an application's client secret with `8Q~` at its fourth character, the last
/// three a checksum. Not tried on many real ones: a wrong one fits.
pub(super) fn entra_secret(value: &Value<'_>) -> Outcome {
    const DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    if value.text.len() != 40 || value.text.get(3..6) != Some("8Q~") {
        return Fits;
    }
    let Some((body, tail)) = value.text.split_at_checked(37) else { return Fits };
    // Six digits in base 66, of which three are kept.
    let number = marvin(body.as_bytes(), b"AadPwd00") as usize;
    let digits = [5, 4, 3].map(|place| DIGITS[number / DIGITS.len().pow(place) % DIGITS.len()]);
    if tail.as_bytes() == digits { Proves("checksum") } else { Fits }
}

/// A number in base62, most significant digit first, filled with `0` from the right.
fn left_aligned_base62(number: u32) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    let count = number.checked_ilog(62).unwrap_or(0) as usize + 1;
    let mut rest = number as usize;
    for digit in digits[..count].iter_mut().rev() {
        *digit = BASE62[rest % 62];
        rest /= 62;
    }
    digits
}

/// Marvin32 (US patent 20130262421), its two halves folded into one.
fn marvin(data: &[u8], seed: &[u8; 8]) -> u32 {
    let hash = marvin64(data, u64::from_be_bytes(*seed));
    (hash >> 32) as u32 ^ hash as u32
}

fn marvin64(data: &[u8], seed: u64) -> u64 {
    let (mut low, mut high) = (seed as u32, (seed >> 32) as u32);
    let mut block = |word: u32| {
        low = low.wrapping_add(word);
        mix(&mut low, &mut high);
    };
    let (words, tail) = data.as_chunks();
    words.iter().for_each(|&word| block(u32::from_le_bytes(word)));
    let mut last = [0; 4];
    last[..tail.len()].copy_from_slice(tail);
    last[tail.len()] = 0x80;
    block(u32::from_le_bytes(last));
    block(0);
    u64::from(high) << 32 | u64::from(low)
}

fn mix(low: &mut u32, high: &mut u32) {
    *high ^= *low;
    *low = low.rotate_left(20).wrapping_add(*high);
    *high = high.rotate_left(9) ^ *low;
    *low = low.rotate_left(27).wrapping_add(*high);
    *high = high.rotate_left(19);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors_of_marvin() {
        assert_eq!(marvin64(b"abc", 0xd53c_d9ce_cd08_93b7), 0x22c7_4339_4927_69bf);
        assert_eq!(marvin64(b"abcdefghijklmnopqrstuvwxyz", 0x0ddd_deee_efff_f000), 0xa128_eb7e_7260_aca2);
    }

    /// Worked by a script that shares no code with this one, from the rules and from random bytes.
    /// In pieces, so that none stands whole in the repository.
    #[test]
    fn worked_keys() {
        for pieces in [
            ["0lC60ab4b3QTv0mw594V/qTYKuztrfSufGin6ry", "ByPpB+JbOD1uYG+MiXch/0DvFmXBG52t+Hpm6", "+AStI7GTjg=="],
            ["Zvlr9sZFtaRPXfWEetIzv4hxya6/7xnTxQ1lqs0", "BFbeaCX+0N+FZOivM8mzA/RE/9gkpWGlC5IZQ", "ACDbrlV3wA=="],
            ["6rvW5Zgb60kLCO5QS6j", "0K4i5ksuzQ076v", "+ASbOqs6Wc="],
            ["Hb9VBL4KL9Vo2VAXE7zV3", "A2dn0-bBhL67jllhB-f_ZwF", "AzFuoghZ9g=="],
            ["l01H9ZvCIV5Ez9X1K0qpV", "PDSSCdwOKJYWnDKSzaeqm", "AzSeCpksoq"],
            ["mHUQmsnRdcSJgGKntLiHn", "Hh7IaDwrzGwvA6eLtudkI", "+ACRDz7UTn"],
        ] {
            prove_and(Doubts("checksum-wrong"), key, &pieces.concat());
        }
        for pieces in [
            ["As0bPANUGYFf7DZ4QUx1YJKAQWEn69FXLkov", "AKzCEBkPb2bFMfLqJQQJ99CCjNDhL02HwIHU", "AAABACOGpPVY"],
            ["JbrvfFgXLOlmyzd5EclLGSMVZUiVd3OyrXu1", "6WuMbNZo9ivrGcSXJQQJ99CCoKso7YAIL8c9", "AAAAAZDO2HBFsn=="],
        ] {
            prove_and(Doubts("checksum-wrong"), common_key, &pieces.concat());
        }
        prove_and(Fits, devops_pat, &["euxmgantdrcfa77vbctuaewev7", "anmqnginjt37gu25y4d3fewwha"].concat());
        prove_and(Fits, entra_secret, &["B_A8Q~owVogol35Di99tK", ".OCXW9OZgolWN2mXcYA"].concat());
    }

    /// Holds that a token is proved, and that it is not with its fifth character another.
    fn prove_and(wrong: Outcome, check: super::super::Check, token: &str) {
        assert_eq!(check(&Value::bare(token)), Proves("checksum"), "{token}");
        let mut changed = token.to_string();
        let at = token.len() / 4;
        changed.replace_range(at..=at, if token[at..].starts_with('a') { "b" } else { "a" });
        let outcome = check(&Value::bare(&changed));
        assert!(outcome == wrong || token.contains("+ACR") && outcome == Fits, "{changed} {outcome:?}");
    }

    #[test]
    fn keys_without_a_signature_fit() {
        let long = "a".repeat(86) + "==";
        let common = "a".repeat(84);
        assert_eq!(key(&Value::bare(&long)), Fits);
        assert_eq!(key(&Value::bare("")), Fits);
        assert_eq!(key(&Value::bare(&"あ".repeat(30))), Fits);
        assert_eq!(common_key(&Value::bare(&common)), Fits);
        assert_eq!(devops_pat(&Value::bare("abc")), Rejects);
        assert_eq!(entra_secret(&Value::bare("abc")), Fits);
        let emulator = [EMULATOR_KEYS[0], "IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="].concat();
        assert_eq!(key(&Value::bare(&emulator)), Doubts("example-value"));
    }

    #[test]
    fn a_service_with_letters_in_place_of_signs_fits() {
        let token = ["vPKLPgA/ll4KaHQ9nyR5C", "bd6+JA/jbYPJ", "AzCaAalUvU="].concat();
        assert_eq!(key(&Value::bare(&token)), Proves("checksum"));
        assert_eq!(key(&Value::bare(&token.replace('+', "P"))), Fits);
    }
}
