//! Values that are given to a name which speaks of a secret: `vendor_api_key = "…"`.
//!
//! A candidate and the text before it in; whether it is somebody's key by where it stands, out.
//! What the value itself looks like is for other checks.

use super::Outcome::{self, Fits, Proves};
use super::Value;
use super::key::last_key;

/// Words of names, and of headers, whose values are secrets.
#[rustfmt::skip]
const SECRET: &[&str] = &[
    "access", "accesskey", "accesstoken", "api", "apikey", "apisecret", "apitoken", "appkey", "appsecret", "auth",
    "authkey", "authorization", "authtoken", "bearer", "clientsecret", "credential", "credentials", "hash", "jwt",
    "key", "license", "pass", "passphrase", "password", "passwd", "pat", "psk", "pwd", "secret", "secretkey",
    "skey", "token", "webhook",
];

/// The same in Japanese, at the end of a label.
const JAPANESE: &[&str] = &["キー", "トークン", "シークレット", "パスワード", "鍵", "認証情報"];

/// `assigned`: proven where the value stands behind a sign of assignment and a name that speaks of
/// a secret.
pub(super) fn assigned(value: &Value<'_>) -> Outcome {
    let before = value.before.trim_end_matches(['"', '\'', '`', ' ']);
    let before = ["Bearer", "Basic", "Token", "token", "bearer"]
        .iter()
        .find_map(|scheme| before.strip_suffix(scheme))
        .filter(|rest| rest.trim_end().ends_with([':', '=', '"', '\'']))
        .unwrap_or(value.before);
    let label = before.trim_end_matches(|c: char| " \t\"'=:>(,[|は「」".contains(c));
    if label.len() < before.len() && JAPANESE.iter().any(|word| label.ends_with(word)) {
        return Proves("assignment");
    }
    match last_key(before) {
        Some(key) if key.speaks_of(SECRET) && !key.is_about() => Proves("assignment"),
        _ => Fits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_speak_of_secrets() {
        let at = |before| assigned(&Value { text: "0f1e2d3c4b5a69780f1e2d3c4b5a6978", before, after: "" });
        for before in [
            "ACME_API_KEY=",
            "acmeToken: \"",
            "\"acme_secret\": \"",
            "acme token = '",
            "X-Api-Key: ",
            "Authorization: Bearer ",
            "\"Authorization\": \"Token ",
            "?key=",
            "<acmeToken>",
            "kintone の API トークン: ",
            "シークレットキー「",
        ] {
            assert_eq!(at(before), Proves("assignment"), "{before}");
        }
        for before in ["", "acme ", "acme_id = ", "token_url=", "the key of acme is ", "sha256: ", "etag=\""] {
            assert_eq!(at(before), Fits, "{before}");
        }
    }
}
