//! Numbers of the United Kingdom and of Ireland: health service, national insurance, taxes, public
//! service.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{characters, digits, judged, shaped, weighted};

/// `uk-nhs-number`: ten digits, the last a check digit modulo 11 (NHS Data Dictionary, NHS NUMBER).
pub(in super::super) fn nhs_number(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let check = 11 - weighted(&d, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    judged(value, check % 11 == u32::from(d[9]))
}

/// `uk-utr`: unique taxpayer reference, ten digits, the first a check digit (HMRC).
pub(in super::super) fn utr(value: &Value<'_>) -> Outcome {
    const CHECK: &[u8; 11] = b"21987654321";
    let text = value.text.trim_end_matches(['K', 'k']);
    let Some(d) = digits::<10>(&Value { text, ..*value }) else { return Rejects };
    let sum = weighted(&d[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]);
    judged(value, CHECK[(sum % 11) as usize] - b'0' == d[0])
}

/// `uk-nino`: national insurance number: two letters, six digits, A to D (HMRC, NIM39110). No check
/// digit; some letters are never used.
pub(in super::super) fn nino(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<9>(value) else { return Rejects };
    let is_letter = |b: u8| b.is_ascii_uppercase() && !b"DFIQUV".contains(&b);
    let is_prefix = is_letter(c[0])
        && is_letter(c[1])
        && c[1] != b'O'
        && ![*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"].contains(&[c[0], c[1]]);
    let is_right = is_prefix && c[2..8].iter().all(u8::is_ascii_digit) && (b'A'..=b'D').contains(&c[8]);
    shaped(value, is_right)
}

/// `ie-pps`: Irish personal public service number: seven digits, a check letter modulo 23, and since
/// 2013 a second letter that counts nine times (Revenue, PPSN range).
pub(in super::super) fn pps(value: &Value<'_>) -> Outcome {
    const CHECK: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let (c, second) = match (characters::<8>(value), characters::<9>(value)) {
        (Some(c), _) => (c, b'W'),
        (_, Some([a, b, c, d, e, f, g, h, second])) => ([a, b, c, d, e, f, g, h], second),
        _ => return Rejects,
    };
    if !c[..7].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let extra = match second {
        b'A'..=b'I' => u32::from(second - b'A') + 1,
        // Of before 2013: not counted.
        b'T' | b'W' | b'X' => 0,
        _ => return Rejects,
    };
    let d: [u8; 7] = std::array::from_fn(|i| c[i] - b'0');
    let sum = weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + 9 * extra;
    judged(value, CHECK[(sum % 23) as usize] == c[7])
}
