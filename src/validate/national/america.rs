//! Numbers of Canada, Mexico, Brazil, Argentina and Chile.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::super::date::is_timestamp;
use super::arithmetic::{characters, digits, has_luhn, is_birthday_of_any_century, judged, number, shaped, weighted};

/// `ca-sin`: social insurance number, nine digits with a Luhn digit; 0 and 8 are not given out in
/// front (Service Canada).
pub(in super::super) fn ca_sin(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    judged(value, !matches!(d[0], 0 | 8) && has_luhn(&d))
}

/// `mx-curp`: letters of the names, date of birth, sex, state, consonants, a sign against doubles,
/// check digit (DOF, 18 October 2021).
pub(in super::super) fn mx_curp(value: &Value<'_>) -> Outcome {
    const STATES: &[u8] = b"ASBCBSCCCLCMCSCHDFDGGTGRHGJCMCMNMSNTNLOCPLQTQRSPSLSRTCTSTLVZYNZSNE";
    let Some(c) = characters::<18>(value) else { return Rejects };
    let is_letter = |range: std::ops::Range<usize>| c[range].iter().all(u8::is_ascii_uppercase);
    let is_form = is_letter(0..4) && is_letter(13..16) && c[17].is_ascii_digit();
    let is_known = STATES.chunks(2).any(|state| state == &c[11..13]) && matches!(c[10], b'H' | b'M' | b'X');
    let sum: u32 = c[..17].iter().zip((2..=18).rev()).map(|(&b, weight)| of_spanish_alphabet(b) * weight).sum();
    judged(
        value,
        is_form && is_known && is_date(&c[4..10]) && (10 - sum % 10) % 10 == u32::from(c[17].wrapping_sub(b'0')),
    )
}

/// `mx-rfc`: tax number of a person: letters of the names, date of birth, two characters against
/// doubles, a check character modulo 11 (SAT). Some that were given out have a wrong one.
pub(in super::super) fn mx_rfc(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<13>(value) else { return Rejects };
    if !c[..4].iter().all(u8::is_ascii_uppercase) || !is_date(&c[4..10]) {
        return Rejects;
    }
    let sum: u32 = c[..12].iter().zip((2..=13).rev()).map(|(&b, weight)| of_spanish_alphabet(b) * weight).sum();
    let check = match 11 - sum % 11 {
        11 => b'0',
        10 => b'A',
        n => b'0' + n as u8,
    };
    if c[12] == check { judged(value, true) } else { shaped(value, true) }
}

/// `br-cpf`: Brazilian taxpayer, eleven digits, the last two check digits modulo 11 (Receita Federal).
pub(in super::super) fn br_cpf(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let check = |sum: u32| (11 - sum % 11) % 11 % 10;
    let first = check(weighted(&d[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]));
    let second = check(weighted(&d[..10], &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
    judged(value, first == u32::from(d[9]) && second == u32::from(d[10]))
}

/// `br-cnpj`: Brazilian business, which may be one person's: twelve digits or, since July 2026, letters
/// and digits, and two check digits modulo 11 (Receita Federal, IN 2.229/2024).
pub(in super::super) fn br_cnpj(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<14>(value) else { return Rejects };
    if !c[12..].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    // A character counts its ASCII code less that of `0`.
    let v = c.map(|b| b.wrapping_sub(b'0'));
    let check = |sum: u32| (11 - sum % 11) % 11 % 10;
    let first = check(weighted(&v[..12], &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
    let second = check(weighted(&v[..13], &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
    let start: [u8; 12] = std::array::from_fn(|i| v[i]);
    let is_time = value.text.len() == 14 && is_timestamp(&start);
    let is_head = v[..8].iter().any(|&n| n != 0);
    judged(value, is_head && !is_time && first == u32::from(v[12]) && second == u32::from(v[13]))
}

/// `ar-cuit`: Argentine tax (CUIT) or labour (CUIL) number: type, eight digits, check digit modulo 11
/// (AFIP).
pub(in super::super) fn ar_cuit(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let is_type = matches!(number(&d[..2]), 20 | 23..=27 | 30 | 33 | 34 | 50 | 51 | 55);
    let check = match 11 - weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11 {
        11 => 0,
        10 => 9,
        n => n,
    };
    judged(value, is_type && check == u32::from(d[10]))
}

/// `cl-rut`: Chilean identity and tax number: seven or eight digits and a check digit modulo 11, which
/// may be K (Registro Civil).
pub(in super::super) fn cl_rut(value: &Value<'_>) -> Outcome {
    let mut c: Vec<u8> = value.text.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let Some(last) = c.pop() else { return Rejects };
    if !matches!(c.len(), 7 | 8) || !c.iter().all(u8::is_ascii_digit) || c[0] == b'0' {
        return Rejects;
    }
    let sum: u32 = c.iter().rev().zip((2..=7).cycle()).map(|(&b, weight)| u32::from(b - b'0') * weight).sum();
    let check = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        n => b'0' + n as u8,
    };
    judged(value, last.to_ascii_uppercase() == check)
}

/// Whether six characters are a date of birth, year first.
fn is_date(c: &[u8]) -> bool {
    let d: Vec<u8> = c.iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect();
    d.len() == 6 && is_birthday_of_any_century(number(&d[..2]), number(&d[2..4]), number(&d[4..]))
}

/// The place of a character among the digits and the Spanish letters, with one more (Ñ, or `&` in
/// tax numbers) between N and O.
fn of_spanish_alphabet(b: u8) -> u32 {
    match b {
        b'A'..=b'N' => u32::from(b - b'A') + 10,
        b'O'..=b'Z' => u32::from(b - b'O') + 25,
        _ => u32::from(b.wrapping_sub(b'0')),
    }
}
