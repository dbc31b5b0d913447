//! Tokens with a recognisable frame inside: PyPI, Sentry, Discord, WireGuard.
//!
//! A token in, whether it unpacks to what its vendor puts there out. No checksum is involved; a
//! token with an own prefix but another frame is doubted, one without prefix rejected.

use serde_json::Value as Json;

use super::Outcome::{self, Doubts, Fits, Proves, Rejects};
use super::Value;
use super::radix::base64;

/// `pypi-macaroon`: `pypi-` and a macaroon of version 2 in base64url: location, identifier,
/// caveats, 32 bytes of signature (github.com/rescrv/libmacaroons, doc/format.txt).
pub(super) fn pypi_macaroon(value: &Value<'_>) -> Outcome {
    let body = value.text.strip_prefix("pypi-").unwrap_or(value.text);
    match base64(body).as_deref().and_then(macaroon_signature) {
        Some(signature) if signature.len() == 32 => Proves("structure"),
        _ => Doubts("structure-wrong"),
    }
}

/// The signature of a macaroon: packets of a type, a length and that many bytes; 0 ends a section.
fn macaroon_signature(bytes: &[u8]) -> Option<&[u8]> {
    let (location, identifier, signature) = (1, 2, 6);
    let rest = bytes.strip_prefix(&[2])?;
    let (_, rest) = packet(rest, location)?;
    let (_, rest) = packet(rest, identifier)?;
    let mut rest = rest.strip_prefix(&[0])?;
    while let Some((_, after)) = packet(rest, identifier) {
        rest = after.strip_prefix(&[0])?;
    }
    let (signature, rest) = packet(rest.strip_prefix(&[0])?, signature)?;
    rest.is_empty().then_some(signature)
}

/// The content of a packet of one type and what follows it. Lengths are varints (LEB128).
fn packet(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes.strip_prefix(&[kind])?;
    let mut length = 0usize;
    for shift in [0, 7, 14] {
        let (&b, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(b & 0x7F) << shift;
        if b < 0x80 {
            return rest.split_at_checked(length);
        }
    }
    None
}

/// `sentry-org-token`: `sntrys_`, base64 of a JSON object with `iat`, `_`, 43 characters of secret
/// (getsentry/rfcs, 0091-ci-upload-tokens).
pub(super) fn sentry_org_token(value: &Value<'_>) -> Outcome {
    let mut parts = value.text.split('_').skip(1);
    let (Some(payload), Some(secret), None) = (parts.next(), parts.next(), parts.next()) else {
        return Doubts("structure-wrong");
    };
    let payload = base64(payload).and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok());
    let has_time = payload.is_some_and(|json| json.get("iat").is_some_and(|iat| !iat.is_null()));
    let has_secret = secret.trim_end_matches('=').len() == 43 && base64(secret).is_some();
    if has_time && has_secret { Proves("structure") } else { Doubts("structure-wrong") }
}

/// `discord-token`: the part before the first dot is the base64 of the bot's id, a snowflake of 17
/// to 20 digits (discord.com/developers/docs/reference#snowflakes).
pub(super) fn discord_token(value: &Value<'_>) -> Outcome {
    let id = value.text.split('.').next().and_then(base64).unwrap_or_default();
    let is_snowflake = (17..=20).contains(&id.len()) && id.iter().all(u8::is_ascii_digit);
    if is_snowflake { Proves("structure") } else { Rejects }
}

/// `wireguard-key`: 32 bytes of base64, a Curve25519 scalar as `wg genkey` writes it (RFC 7748, 5):
/// one random key in 32 is. Preshared keys are random bytes.
pub(super) fn wireguard_key(value: &Value<'_>) -> Outcome {
    if value.text.len() != 44 || !value.text.ends_with('=') {
        return Rejects;
    }
    let Some(key) = base64(value.text).filter(|key| key.len() == 32) else { return Rejects };
    let is_clamped = key[0] & 7 == 0 && key[31] & 0xC0 == 0x40;
    let is_preshared = value.before.to_ascii_lowercase().contains("preshared");
    match (is_clamped, is_preshared) {
        (_, true) => Fits,
        (true, false) => Proves("structure"),
        (false, false) => Doubts("structure-wrong"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen::base64 as encode;
    use super::*;

    #[test]
    fn macaroons() {
        let location = b"pypi.org";
        let identifier = b"12345678-90ab-4cde-8f01-234567890abc";
        let build = |caveats: &[&[u8]], signature: &[u8]| {
            let mut bytes = vec![2, 1, location.len() as u8];
            bytes.extend(location);
            bytes.extend([2, identifier.len() as u8]);
            bytes.extend(identifier);
            bytes.push(0);
            for caveat in caveats {
                bytes.push(2);
                if caveat.len() >= 128 {
                    bytes.extend([caveat.len() as u8 | 0x80, (caveat.len() >> 7) as u8]);
                } else {
                    bytes.push(caveat.len() as u8);
                }
                bytes.extend(*caveat);
                bytes.push(0);
            }
            bytes.extend([0, 6, signature.len() as u8]);
            bytes.extend(signature);
            ["pypi-", encode(&bytes).trim_end_matches('=')].concat().replace('+', "-").replace('/', "_")
        };
        let outcome = |token: &str| pypi_macaroon(&Value::bare(token));
        let token = build(&[b"[3, \"id\"]"], &[0xA5; 32]);
        assert!(token.starts_with("pypi-AgEIcHlwaS5vcmc"));
        assert_eq!(outcome(&token), Proves("structure"));
        assert_eq!(outcome(&build(&[], &[0xFE; 32])), Proves("structure"));
        assert_eq!(outcome(&build(&[&[b'x'; 300], b"y"], &[0; 32])), Proves("structure"));
        assert_eq!(outcome(&build(&[], &[0; 31])), Doubts("structure-wrong"));
        assert_eq!(outcome(&token[..token.len() - 4]), Doubts("structure-wrong"));
        assert_eq!(outcome(&["pypi-AgEIcHlwaS5vcmc", &"a".repeat(150)].concat()), Doubts("structure-wrong"));
        assert_eq!(outcome(""), Doubts("structure-wrong"));
    }

    #[test]
    fn sentry_tokens() {
        let secret = encode(&[0x5A; 32]).trim_end_matches('=').to_string();
        let build = |json: &str, secret: &str| format!("sntrys_{}_{secret}", encode(json.as_bytes()));
        let outcome = |token: &str| sentry_org_token(&Value::bare(token));
        let json =
            r#"{"iat": 1700000000.5, "url": "https://acme.test", "region_url": "https://us.acme.test", "org": "acme"}"#;
        assert_eq!(outcome(&build(json, &secret)), Proves("structure"));
        assert_eq!(outcome(&build(r#"{"org": "acme"}"#, &secret)), Doubts("structure-wrong"));
        assert_eq!(outcome(&build("[1]", &secret)), Doubts("structure-wrong"));
        assert_eq!(outcome(&build(json, "short")), Doubts("structure-wrong"));
        assert_eq!(outcome("sntrys_"), Doubts("structure-wrong"));
    }

    #[test]
    fn discord_tokens() {
        let token = |id: &str| [encode(id.as_bytes()).trim_end_matches('='), ".GhIjKl.", &"x".repeat(38)].concat();
        assert_eq!(discord_token(&Value::bare(&token("123456789012345678"))), Proves("structure"));
        assert_eq!(discord_token(&Value::bare(&token("1234567890123456789"))), Proves("structure"));
        assert_eq!(discord_token(&Value::bare(&token("not a number at all"))), Rejects);
        assert_eq!(discord_token(&Value::bare("com.example.Thing")), Rejects);
        assert_eq!(discord_token(&Value::bare("")), Rejects);
    }

    #[test]
    fn wireguard_keys() {
        let key = |first: u8, last: u8| {
            let mut bytes = [0x99; 32];
            (bytes[0], bytes[31]) = (first, last);
            encode(&bytes)
        };
        let outcome = |before, text: &str| wireguard_key(&Value { text, before, after: "" });
        assert_eq!(outcome("PrivateKey = ", &key(0xF8, 0x7F)), Proves("structure"));
        assert_eq!(outcome("PrivateKey = ", &key(0xF9, 0x7F)), Doubts("structure-wrong"));
        assert_eq!(outcome("PrivateKey = ", &key(0xF8, 0xFF)), Doubts("structure-wrong"));
        assert_eq!(outcome("PresharedKey = ", &key(0xF9, 0xFF)), Fits);
        assert_eq!(outcome("", "abc="), Rejects);
        assert_eq!(outcome("", &"é=".repeat(14)), Rejects);
    }
}
