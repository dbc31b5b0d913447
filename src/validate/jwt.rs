//! JSON web tokens.
//!
//! Three (or, encrypted, five) parts in; whether they unpack to what RFC 7519 says out. Verifies
//! no signature, and does not know what time it is.

use serde_json::{Map, Value as Json};

use super::Outcome::{self, Doubts, Proves, Rejects};
use super::Value;
use super::radix::base64;

/// `jwt`: header and payload are JSON objects in base64url, the header names an algorithm (RFC
/// 7515, RFC 7519), and the signature is as long as that algorithm makes it (RFC 7518).
pub(super) fn jwt(value: &Value<'_>) -> Outcome {
    let mut parts = value.text.split('.');
    let header = parts.next().and_then(object);
    let (Some(header), Some(payload), Some(signature)) = (header, parts.next(), parts.next()) else { return Rejects };
    let Some(Json::String(algorithm)) = header.get("alg") else { return Rejects };
    if header.contains_key("enc") {
        // JWE (RFC 7516): encrypted key, vector, text, tag; only the header can be read.
        return if parts.count() == 2 { Proves("structure") } else { Rejects };
    }
    let Some(payload) = object(payload) else { return Rejects };
    if is_sample(&payload) {
        return Doubts("example-value");
    }
    if algorithm.eq_ignore_ascii_case("none") {
        return Doubts("unsigned");
    }
    if signature_fits(algorithm, signature.len()) { Proves("structure") } else { Doubts("signature-length") }
}

/// The JSON object in a part.
fn object(part: &str) -> Option<Map<String, Json>> {
    match serde_json::from_slice(&base64(part)?) {
        Ok(Json::Object(object)) => Some(object),
        _ => None,
    }
}

/// Whether an algorithm's signature has that many characters of base64url.
fn signature_fits(algorithm: &str, length: usize) -> bool {
    match algorithm {
        "HS256" => length == 43,
        "HS384" => length == 64,
        "HS512" | "ES256" | "ES256K" | "EdDSA" | "Ed25519" => length == 86,
        "ES384" => length == 128,
        "ES512" => length == 176,
        // The length of the key, from 1024 bits.
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => length >= 171,
        _ => length >= 20,
    }
}

/// Tokens that stand in documentation: jwt.io, RFC 7519, the demonstration keys of Supabase.
fn is_sample(payload: &Map<String, Json>) -> bool {
    let is = |name: &str, text: &str| payload.get(name).and_then(Json::as_str) == Some(text);
    let is_sample_time = payload.get("iat").and_then(Json::as_u64) == Some(1_516_239_022);
    let is_jwt_io = is("sub", "1234567890") && (is("name", "John Doe") || is_sample_time);
    is_jwt_io || (is("iss", "joe") && payload.contains_key("http://example.com/is_root")) || is("iss", "supabase-demo")
}

#[cfg(test)]
mod tests {
    use super::super::specimen::base64 as encode;
    use super::*;

    fn token(header: &str, payload: &str, signature: usize) -> String {
        let part = |json: &str| encode(json.as_bytes()).trim_end_matches('=').replace('+', "-").replace('/', "_");
        [part(header), part(payload), "x".repeat(signature)].join(".")
    }

    fn outcome(header: &str, payload: &str, signature: usize) -> Outcome {
        jwt(&Value::bare(&token(header, payload, signature)))
    }

    #[test]
    fn parts_and_signature() {
        let payload = r#"{"sub":"u-4821","name":"検証 花子","exp":1900000000}"#;
        for (header, length, expected) in [
            (r#"{"alg":"HS256","typ":"JWT"}"#, 43, Proves("structure")),
            (r#"{"typ":"JWT","alg":"RS256","kid":"a"}"#, 342, Proves("structure")),
            (r#"{"alg":"ES384"}"#, 128, Proves("structure")),
            (r#"{"alg":"ML-DSA-44"}"#, 3227, Proves("structure")),
            (r#"{"alg":"HS256"}"#, 20, Doubts("signature-length")),
            (r#"{"alg":"HS256"}"#, 0, Doubts("signature-length")),
            (r#"{"alg":"none"}"#, 0, Doubts("unsigned")),
            (r#"{"typ":"JWT"}"#, 43, Rejects),
            (r#"{"alg":1}"#, 43, Rejects),
            (r#"["alg"]"#, 43, Rejects),
            (r#"{"alg":"HS256""#, 43, Rejects),
        ] {
            assert_eq!(outcome(header, payload, length), expected, "{header}");
        }
        assert_eq!(outcome(r#"{"alg":"HS256"}"#, "[]", 43), Rejects);
        assert_eq!(outcome(r#"{"alg":"HS256"}"#, &"[".repeat(5000), 43), Rejects);
    }

    #[test]
    fn encrypted_tokens_have_five_parts() {
        let header = token(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#, "", 0);
        let header = header.trim_end_matches('.');
        assert_eq!(jwt(&Value::bare(&format!("{header}.a.b.c.d"))), Proves("structure"));
        assert_eq!(jwt(&Value::bare(&format!("{header}.a.b"))), Rejects);
    }

    #[test]
    fn samples() {
        let header = r#"{"alg":"HS256","typ":"JWT"}"#;
        for payload in [
            r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#,
            r#"{"sub":"1234567890","name":"John Doe","admin":true}"#,
            r#"{"iss":"joe","exp":1300819380,"http://example.com/is_root":true}"#,
            r#"{"iss":"supabase-demo","role":"anon","exp":1983812996}"#,
        ] {
            assert_eq!(outcome(header, payload, 43), Doubts("example-value"), "{payload}");
        }
    }

    #[test]
    fn other_texts() {
        for text in ["", "a.b.c", "eyJ", "eyJhbGciOiJIUzI1NiJ9", "..", "com.example.Thing"] {
            assert_eq!(jwt(&Value::bare(text)), Rejects, "{text}");
        }
    }
}
