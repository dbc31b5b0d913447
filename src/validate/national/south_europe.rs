//! Numbers of Spain, Portugal, Italy, Greece and Turkey.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{
    characters, digits, has_luhn, is_birthday_of_any_century, judged, number, of_base_36, weighted,
};

/// `es-dni`: documento nacional de identidad: eight digits and a letter modulo 23 (Ministerio del
/// Interior).
pub(in super::super) fn es_dni(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<9>(value) else { return Rejects };
    spanish(value, c)
}

/// `es-nie`: número de identidad de extranjero: X, Y or Z, which count 0, 1 and 2, seven digits and
/// the same letter.
pub(in super::super) fn es_nie(value: &Value<'_>) -> Outcome {
    let Some(mut c) = characters::<9>(value) else { return Rejects };
    if !matches!(c[0], b'X'..=b'Z') {
        return Rejects;
    }
    c[0] = c[0] - b'X' + b'0';
    spanish(value, c)
}

fn spanish(value: &Value<'_>, c: [u8; 9]) -> Outcome {
    const CHECK: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    if !c[..8].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d: [u8; 8] = std::array::from_fn(|i| c[i] - b'0');
    judged(value, CHECK[(number(&d) % 23) as usize] == c[8])
}

/// `pt-nif`: número de identificação fiscal, nine digits, the last a check digit modulo 11 (Decreto-Lei
/// 14/2013).
pub(in super::super) fn pt_nif(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    let check = (11 - weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
    judged(value, d[0] != 0 && check == u32::from(d[8]))
}

/// `it-codice-fiscale`: surname, name, year, month letter, day (40 more for women), place, check
/// letter (Decreto 23 dicembre 1976). Where two persons would have the same one, letters stand for
/// digits.
pub(in super::super) fn it_codice_fiscale(value: &Value<'_>) -> Outcome {
    // What a character counts on an odd place; A and 0 are the same, and so on.
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let Some(c) = characters::<16>(value) else { return Rejects };
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(u64::from(b - b'0')),
        _ => b"LMNPQRSTUV".iter().position(|&l| l == b).map(|n| n as u64),
    };
    let is_letter = |i: usize| c[i].is_ascii_uppercase();
    let places = [6, 7, 9, 10, 12, 13, 14].map(|i| digit(c[i]));
    let [Some(y1), Some(y2), Some(d1), Some(d2), Some(_), Some(_), Some(_)] = places else { return Rejects };
    let Some(month) = b"ABCDEHLMPRST".iter().position(|&m| m == c[8]) else { return Rejects };
    let is_form = (0..6).chain([11, 15]).all(is_letter);
    let is_date = is_birthday_of_any_century(y1 * 10 + y2, month as u64 + 1, (d1 * 10 + d2) % 40);
    let index = |b: u8| usize::from(if b.is_ascii_digit() { b - b'0' } else { b - b'A' });
    let sum: u32 =
        c[..15].iter().enumerate().map(|(i, &b)| if i % 2 == 0 { ODD[index(b)] } else { index(b) as u32 }).sum();
    judged(value, is_form && is_date && sum % 26 == of_base_36(c[15]) - 10)
}

/// `it-vat-number`: partita IVA, eleven digits with a Luhn digit (DPR 633/1972). Sole traders have
/// one too.
pub(in super::super) fn it_vat_number(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let is_office = matches!(number(&d[7..10]), 1..=100 | 120 | 121 | 888 | 999);
    judged(value, number(&d[..7]) != 0 && is_office && has_luhn(&d))
}

/// `gr-amka`: Greek social security number: date of birth, four digits, Luhn digit.
pub(in super::super) fn gr_amka(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let is_date = is_birthday_of_any_century(number(&d[4..6]), number(&d[2..4]), number(&d[..2]));
    judged(value, is_date && has_luhn(&d))
}

/// `gr-afm`: Greek tax number, nine digits, the last a check digit by powers of two modulo 11.
pub(in super::super) fn gr_afm(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    let sum = weighted(&d, &[256, 128, 64, 32, 16, 8, 4, 2]);
    judged(value, sum % 11 % 10 == u32::from(d[8]))
}

/// `tr-tckn`: Turkish identity number, eleven digits, the last two check digits (Nüfus ve Vatandaşlık
/// İşleri).
pub(in super::super) fn tr_tckn(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let odd = weighted(&d, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(&d, &[0, 1, 0, 1, 0, 1, 0, 1]);
    let first = (odd * 7 + 100 - even) % 10;
    let second = (odd + even + first) % 10;
    judged(value, d[0] != 0 && first == u32::from(d[9]) && second == u32::from(d[10]))
}
