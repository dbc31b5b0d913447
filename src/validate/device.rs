//! Numbers of things that lead to a person: vehicles, SIM cards, network interfaces.
//!
//! A candidate in, whether check digit and parts agree out. What stands in documentation, and what
//! no device has, is told apart.

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::border::in_longer_run;
use super::payment::{distinct_digits, has_luhn_digit};

/// `vin`: vehicle identification number, 17 characters without I, O and Q (ISO 3779). The ninth is a
/// check digit modulo 11 in North America and China (49 CFR 565.15), anything elsewhere.
pub(super) fn vin(value: &Value<'_>) -> Outcome {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let bytes = value.text.as_bytes();
    let is_form = bytes.len() == 17
        && bytes.iter().all(|b| (b.is_ascii_uppercase() && !b"IOQ".contains(b)) || b.is_ascii_digit())
        // The serial number at the end, and letters for the maker.
        && bytes[13..].iter().all(u8::is_ascii_digit)
        && bytes[..3].iter().any(u8::is_ascii_uppercase);
    if !is_form || in_longer_run(value) {
        return Rejects;
    }
    let of = |b: u8| match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A'..=b'H' => u32::from(b - b'A') + 1,
        b'J'..=b'R' => u32::from(b - b'J') + 1,
        _ => u32::from(b.saturating_sub(b'S')) + 2,
    };
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(&b, weight)| of(b) * weight).sum();
    if b"0123456789X"[(sum % 11) as usize] == bytes[8] { Proves("check-digit") } else { Fits }
}

/// `iccid`: number of a SIM card: 89, country, issuer, account, Luhn digit, 19 or 20 digits (ITU-T
/// E.118).
pub(super) fn iccid(value: &Value<'_>) -> Outcome {
    let count = value.digits().count();
    let is_telecom = value.digits().take(2).eq([8, 9]);
    if !is_telecom || !matches!(count, 19 | 20) || in_longer_run(value) || !has_luhn_digit(value) {
        return Rejects;
    }
    if distinct_digits(value) <= 4 { Doubts("example-value") } else { Proves("check-digit") }
}

/// `mac-address`: the address of one network interface (IEEE 802): neither a group address nor one of
/// the ranges for documentation (RFC 7042, 2.1.2), not a piece of a fingerprint.
pub(super) fn mac_address(value: &Value<'_>) -> Outcome {
    let mut octets = [0u8; 6];
    let mut count = 0;
    for b in value.text.bytes().filter(|b| !b":-.".contains(b)) {
        let (Some(digit), Some(octet)) = (char::from(b).to_digit(16), octets.get_mut(count / 2)) else {
            return Rejects;
        };
        *octet = *octet << 4 | digit as u8;
        count += 1;
    }
    let is_separator = |b: Option<u8>| b.is_some_and(|b| b":-.".contains(&b));
    let goes_on = is_separator(value.before.bytes().next_back())
        || (is_separator(value.after.bytes().next())
            && value.after.as_bytes().get(1).is_some_and(u8::is_ascii_hexdigit));
    // Of one digit throughout, or one digit in each octet.
    let is_plain = octets.iter().all(|&o| o == octets[0]) || octets.iter().all(|&o| o < 16);
    let is_group = octets[0] & 1 == 1;
    if count != 12 || goes_on || is_plain || is_group || in_longer_run(value) {
        return Rejects;
    }
    // Given by software and not by a maker: of a virtual machine, or drawn anew for each network.
    if octets[0] & 2 != 0 || octets.starts_with(&[0, 0x16, 0x3e]) {
        return Doubts("private-address");
    }
    let is_counted = octets.windows(2).all(|w| w[1].wrapping_sub(w[0]) == octets[1].wrapping_sub(octets[0]));
    if octets.starts_with(&[0, 0, 0x5e, 0, 0x53]) || is_counted { Doubts("example-value") } else { Fits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vehicles() {
        for (text, outcome) in [
            ("1M8GDM9AXKP042788", Proves("check-digit")), // 49 CFR's own example
            ("1M8GDM9A1KP042788", Fits),
            ("1M8GDM9AXKPO42788", Rejects),
            ("11111111111111111", Rejects),
            ("1M8GDM9AXKP04278", Rejects),
            ("1m8gdm9axkp042788", Rejects),
            ("INTERNATIONALIZED", Rejects),
        ] {
            assert_eq!(vin(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn sim_cards() {
        for (text, outcome) in [
            ("8944502701221855320", Proves("check-digit")),
            ("8944502701221855321", Rejects),
            ("7944502701221855328", Rejects),
            ("89445027012218553", Rejects),
        ] {
            assert_eq!(iccid(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn interfaces() {
        for (text, outcome) in [
            ("3c:22:fb:9d:41:e7", Fits),
            ("3C-22-FB-9D-41-E7", Fits),
            ("3c22.fb9d.41e7", Fits),
            ("00:00:00:00:00:00", Rejects),
            ("ff:ff:ff:ff:ff:ff", Rejects),
            ("01:00:5e:12:34:56", Rejects),
            ("00:00:5e:00:53:af", Doubts("example-value")),
            ("00:11:22:33:44:55", Doubts("example-value")),
            ("52:54:00:3b:9d:41", Doubts("private-address")),
            ("00:01:02:03:04:05", Rejects),
            ("12:30:45", Rejects),
        ] {
            assert_eq!(mac_address(&Value::bare(text)), outcome, "{text}");
        }
        let piece = |before, after| mac_address(&Value { text: "3c:22:fb:9d:41:e7", before, after });
        assert_eq!(piece("aa:", ""), Rejects);
        assert_eq!(piece("", ":bb"), Rejects);
        assert_eq!(piece("mac: ", ":"), Fits);
    }
}
