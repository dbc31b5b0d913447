//! Tokens that end in a CRC-32 of themselves.
//!
//! A token in, whether its tail is right out. A wrong tail is a doubt and no rejection: tokens in
//! documentation are fillers, but a vendor may change a scheme too. Sources: each vendor's page,
//! or tokens published as samples; see every check.

use crc32fast::hash as crc;

use super::Outcome::{self, Doubts, Fits, Proves};
use super::Value;
use super::radix::{BASE36, BASE62, HEX, is_number_in};

/// `github-crc`: `ghp_` and its like, and `npm_`: six base62 digits of the CRC-32 of the body
/// before them (github.blog, "Behind GitHub's new authentication token formats", 2021). The
/// fine-grained and the stateless forms have none that is known.
pub(super) fn github(value: &Value<'_>) -> Outcome {
    match value.text.rsplit_once('_') {
        Some((_, body)) if matches!(body.len(), 36 | 76) && !value.text.contains('.') => base62_tail(body),
        _ => Fits,
    }
}

/// `vercel-crc`: `vcp_` and its like: the scheme of GitHub over 50 characters (found in samples).
pub(super) fn vercel(value: &Value<'_>) -> Outcome {
    match value.text.split_once('_') {
        Some((_, body)) if body.len() == 56 => base62_tail(body),
        _ => Fits,
    }
}

/// `cloudflare-crc`: `cfut_`, `cfat_`, `cfk_`: 40 characters and their CRC-32 in hexadecimal.
pub(super) fn cloudflare(value: &Value<'_>) -> Outcome {
    match value.text.split_once('_').and_then(|(_, body)| body.split_at_checked(40)) {
        Some((body, tail)) if tail.len() == 8 => judge(is_number_in(tail, HEX, crc(body.as_bytes()))),
        _ => Fits,
    }
}

/// `zuplo-crc`: `zpka_`, 32 characters, `_` and their CRC-32 in hexadecimal.
pub(super) fn zuplo(value: &Value<'_>) -> Outcome {
    match value.text.split_once('_').and_then(|(_, rest)| rest.split_once('_')) {
        Some((body, tail)) if tail.len() == 8 => judge(is_number_in(tail, HEX, crc(body.as_bytes()))),
        _ => Fits,
    }
}

/// `grafana-crc`: `glsa_`, 32 characters, `_` and the CRC-32 of everything before that `_`, its
/// bytes in hexadecimal from the least significant (grafana/pkg/components/satokengen).
pub(super) fn grafana(value: &Value<'_>) -> Outcome {
    match value.text.rsplit_once('_') {
        Some((body, tail)) if tail.len() == 8 && body.contains('_') => {
            judge(is_number_in(tail, HEX, crc(body.as_bytes()).swap_bytes()))
        }
        _ => Fits,
    }
}

/// `atlassian-crc`: `ATATT3…`, `ATCTT3…`: eight upper-case hexadecimal digits of the CRC-32 of
/// everything before them, the `=` included.
pub(super) fn atlassian(value: &Value<'_>) -> Outcome {
    match value.text.rsplit_once('=') {
        Some((body, tail)) if tail.len() == 8 => {
            let body = &value.text.as_bytes()[..=body.len()];
            judge(is_number_in(tail, b"0123456789ABCDEF", crc(body)))
        }
        _ => Fits,
    }
}

/// `gitlab-routable`: prefix, payload, `.01.` (left out in the first release), the payload's
/// length in two base36 digits and the CRC-32 of all before it in seven (GitLab's
/// `Authn::TokenField::Generator::RoutableToken`). The older form of 20 characters has none.
pub(super) fn gitlab_routable(value: &Value<'_>) -> Outcome {
    match value.text.rsplit_once('.') {
        Some((_, end)) if end.len() == 9 && end.is_ascii() => {
            let (body, tail) = value.text.split_at(value.text.len() - 7);
            judge(is_number_in(tail, BASE36, crc(body.as_bytes())))
        }
        _ => Fits,
    }
}

/// Six base62 digits of the CRC-32 of what stands before them.
fn base62_tail(text: &str) -> Outcome {
    match text.split_at_checked(text.len().saturating_sub(6)) {
        Some((body, tail)) => judge(is_number_in(tail, BASE62, crc(body.as_bytes()))),
        None => Doubts("checksum-wrong"),
    }
}

fn judge(is_right: bool) -> Outcome {
    if is_right { Proves("checksum") } else { Doubts("checksum-wrong") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// CRC-32 bit by bit, to check the table-driven one by.
    fn slow_crc(text: &str) -> u32 {
        !text.bytes().fold(!0u32, |crc, b| {
            (0..8).fold(crc ^ u32::from(b), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }

    /// A number in a base by repeated division, filled with zeros.
    fn written(mut n: u32, digits: &[u8], width: usize) -> String {
        let mut text = Vec::new();
        while n > 0 || text.len() < width {
            text.push(digits[n as usize % digits.len()]);
            n /= digits.len() as u32;
        }
        text.reverse();
        String::from_utf8(text).unwrap()
    }

    fn prove_and_doubt(check: super::super::Check, token: &str) {
        assert_eq!(check(&Value::bare(token)), Proves("checksum"), "{token}");
        let mut wrong = token.to_string();
        let last = wrong.pop().unwrap();
        wrong.push(if last == '0' { '1' } else { '0' });
        assert_eq!(check(&Value::bare(&wrong)), Doubts("checksum-wrong"), "{wrong}");
    }

    /// Worked by a script that shares no code with this one; in pieces, so that none stands whole
    /// in the repository.
    #[test]
    fn worked_tokens() {
        let token = ["ghp_", "tyQ81dOOKHBWV1q", "UA9amhU718W9BL7", "3Dox1p"].concat();
        prove_and_doubt(github, &token);
        let token = ["npm_", "AjFtiageEwS3wHL", "0KvAXLhMcPPKlJo", "2RFRIu"].concat();
        prove_and_doubt(github, &token);
        let token = ["vcp_", "AMcZVHS5puksUGAdAwIUHw5u6", "kOqRgyTUEVE6dSQYtQEtFNjDX", "2cMQu8"].concat();
        prove_and_doubt(vercel, &token);
        let token = ["cfut_", "O5wJvo3YD6R0l1lZRcga", "DoyGiqRVDxRMFApqrRpW", "85bfcf66"].concat();
        prove_and_doubt(cloudflare, &token);
        let token = ["zpka_", "0c3f7eb9340051e4", "67ab4a36ee0987b3", "_5cbfa1ec"].concat();
        prove_and_doubt(zuplo, &token);
        let token = ["glsa_", "rgBhhb88h494aNq6", "1lStBHQCiZsACruY", "_ce2b8c67"].concat();
        prove_and_doubt(grafana, &token);
        let token = ["glpat-", "kftxZyLaehnfHNA95", "-FDgG86MQp1OjJzCA", ".01.0y", "0cqspd3"].concat();
        prove_and_doubt(gitlab_routable, &token);
    }

    #[test]
    fn forms_without_a_checksum_fit() {
        for (check, text) in [
            (github as super::super::Check, ["github_pat_", "11ABCDEFG0", "_abcdef"].concat()),
            (github, ["ghs_", "123456_", "eyJ0eXAi.eyJpc3Mi.c2lnbmF0"].concat()),
            (github, String::new()),
            (vercel, ["vcp_", "short"].concat()),
            (cloudflare, "cfut".to_string()),
            (zuplo, "zpka_abc".to_string()),
            (grafana, "glsa_12345678".to_string()),
            (atlassian, ["ATATT3xFfGF0", "abc"].concat()),
            (gitlab_routable, ["glpat-", "fyczJZSm8WvWFeKoqb1P"].concat()),
        ] {
            assert_eq!(check(&Value::bare(&text)), Fits, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_scheme_against_the_slow_twin(
            body in "[0-9A-Za-z]{30}",
            long in "[0-9A-Za-z]{70}",
            hex in "[0-9a-z]{32}",
            wide in "[0-9A-Za-z_-]{170,180}",
        ) {
            let ends = |text: &str| written(slow_crc(text), BASE62, 6);
            prove_and_doubt(github, &format!("gho_{body}{}", ends(&body)));
            prove_and_doubt(github, &format!("ghr_{long}{}", ends(&long)));
            prove_and_doubt(vercel, &format!("vck_{}{}", &long[..50], ends(&long[..50])));
            prove_and_doubt(cloudflare, &format!("cfk_{}{:08x}", &long[..40], slow_crc(&long[..40])));
            prove_and_doubt(zuplo, &format!("zpka_{hex}_{:08x}", slow_crc(&hex)));
            let head = format!("glsa_{}", &long[..32]);
            prove_and_doubt(grafana, &format!("{head}_{:08x}", slow_crc(&head).swap_bytes()));
            let head = format!("ATCTT3xFfGF0{wide}=");
            prove_and_doubt(atlassian, &format!("{head}{:08X}", slow_crc(&head)));
            for version in ["", "01."] {
                let head = format!("glrt-t1_{}.{version}{}", &wide[..37], written(37, BASE36, 2));
                prove_and_doubt(gitlab_routable, &format!("{head}{}", written(slow_crc(&head), BASE36, 7)));
            }
        }
    }
}
