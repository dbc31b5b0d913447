//! Internet addresses that point at somebody's connection.
//!
//! A candidate in; whether it is an address that can be reached from outside out. Version numbers
//! and time stamps look the same, so a detector wants context words as well.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;
use super::border::in_longer_run;

/// `ip-address`: an IPv4 or IPv6 address that is not one of the special-purpose registries of IANA
/// (RFC 6890). Private and documentation addresses are doubted, the others mean nobody.
pub(super) fn ip_address(value: &Value<'_>) -> Outcome {
    // `a.1.2.3.4` is a name, not an address.
    if in_longer_run(value) || value.before.ends_with('.') {
        return Rejects;
    }
    match value.text.parse() {
        Ok(IpAddr::V4(address)) => v4(address, value),
        Ok(IpAddr::V6(address)) => v6(address),
        Err(_) => Rejects,
    }
}

fn v4(address: Ipv4Addr, value: &Value<'_>) -> Outcome {
    let bits = u32::from(address);
    let is_mask = bits.leading_ones() + bits.trailing_zeros() == 32;
    let is_network = address.octets()[3] == 0 && value.after.starts_with('/');
    // Any of these is written for a machine and not to reach one.
    if address.octets()[0] == 0 || address.octets()[0] >= 224 || address.is_loopback() || is_mask || is_network {
        return Rejects;
    }
    if is_version(value.before) {
        return Rejects;
    }
    // Sections, versions and object identifiers count from 1; one address in 4,000 is so low.
    if address.octets().iter().all(|&n| n < 32) {
        return Doubts("version-number");
    }
    let is_shared = bits >> 22 == 0x6440_0000 >> 22; // 100.64.0.0/10, RFC 6598
    if address.is_documentation() {
        Doubts("documentation-address")
    } else if address.is_private() || address.is_link_local() || is_shared {
        Doubts("private-address")
    } else {
        Fits
    }
}

fn v6(address: Ipv6Addr) -> Outcome {
    match address.segments() {
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Doubts("documentation-address"),
        // Global unicast, 2000::/3. Everything else that parses is C++ or hexadecimal.
        [0x2000..=0x3fff, ..] => Fits,
        [0xfe80..=0xfebf | 0xfc00..=0xfdff, ..] => Doubts("private-address"),
        _ => Rejects,
    }
}

/// Whether the text before calls the number a version: `v1.2.3.4`, `version 1.2.3.4`.
fn is_version(before: &str) -> bool {
    let word = before.trim_end_matches([' ', ':', '=', '"', '\'']);
    ["version", "ver", "ver.", "release", "build", "firmware", "バージョン"]
        .iter()
        .any(|w| word.len() >= w.len() && word.as_bytes()[word.len() - w.len()..].eq_ignore_ascii_case(w.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, outcome) in [
            ("133.242.0.3", Fits),
            ("8.8.8.8", Doubts("version-number")),
            ("2.5.29.15", Doubts("version-number")),
            ("133.1.2.3", Fits),
            ("192.168.0.1", Doubts("private-address")),
            ("172.31.9.9", Doubts("private-address")),
            ("100.64.1.1", Doubts("private-address")),
            ("203.0.113.7", Doubts("documentation-address")),
            ("127.0.0.1", Rejects),
            ("0.0.0.0", Rejects),
            ("255.255.255.0", Rejects),
            ("224.0.0.1", Rejects),
            ("256.1.1.1", Rejects),
            ("1.2.3", Rejects),
            ("2400:4050:1234::1", Fits),
            ("2001:db8::1", Doubts("documentation-address")),
            ("fe80::1", Doubts("private-address")),
            ("::1", Rejects),
            ("dead::beef", Rejects),
            ("12:30:45", Rejects),
            ("", Rejects),
        ] {
            assert_eq!(ip_address(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn neighbours() {
        let at = |before, after| ip_address(&Value { text: "133.242.9.3", before, after });
        assert_eq!(at("from ", ":443"), Fits);
        assert_eq!(at("client: ", " "), Fits);
        assert_eq!(at("version ", ""), Rejects);
        assert_eq!(at("Ver. ", ""), Rejects);
        assert_eq!(at("v", ""), Rejects);
        assert_eq!(at("1.", ""), Rejects);
        assert_eq!(at("", ".1"), Rejects);
        let network = Value { text: "133.242.9.0", before: "", after: "/24" };
        assert_eq!(ip_address(&network), Rejects);
    }
}
