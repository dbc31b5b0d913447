//! Numbers of India, China, Korea, Taiwan, Hong Kong, Singapore, Thailand, Malaysia and Israel.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{
    characters, digits, has_luhn, has_verhoeff, is_birthday, is_birthday_of_any_century, judged, number, of_base_36,
    shaped, weighted,
};

/// `in-aadhaar`: twelve digits with a Verhoeff digit, not beginning with 0 or 1, not the same backwards
/// (UIDAI).
pub(in super::super) fn in_aadhaar(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<12>(value) else { return Rejects };
    let is_palindrome = d.iter().eq(d.iter().rev());
    judged(value, d[0] >= 2 && !is_palindrome && has_verhoeff(&d))
}

/// `in-pan`: permanent account number: three letters, the holder's kind, an initial, four digits, a
/// check letter that is not published (Income Tax Department).
pub(in super::super) fn in_pan(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<10>(value) else { return Rejects };
    shaped(value, is_pan(&c))
}

fn is_pan(c: &[u8]) -> bool {
    let is_letter = |&i: &usize| c[i].is_ascii_uppercase();
    [0, 1, 2, 4, 9].iter().all(is_letter)
        && b"PCHABGJLFTK".contains(&c[3])
        && c[5..9].iter().all(u8::is_ascii_digit)
        && c[5..9] != *b"0000"
}

/// `in-gstin`: goods and services taxpayer: state, PAN, number of the registration, Z, check character
/// modulo 36 (GSTN).
pub(in super::super) fn in_gstin(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<15>(value) else { return Rejects };
    let is_state =
        c[..2].iter().all(u8::is_ascii_digit) && matches!((c[0] - b'0') * 10 + (c[1] - b'0'), 1..=38 | 96 | 97 | 99);
    // Luhn's way in base 36.
    let sum: u32 = (c.iter().rev().enumerate())
        .map(|(i, &b)| if i % 2 == 0 { of_base_36(b) } else { of_base_36(b) * 2 / 36 + of_base_36(b) * 2 % 36 })
        .sum();
    judged(value, is_state && is_pan(&c[2..12]) && c[12] != b'0' && c[13] == b'Z' && sum.is_multiple_of(36))
}

/// `cn-resident-id`: region, date of birth, three digits, check character MOD 11-2 (GB 11643-1999).
pub(in super::super) fn cn_resident_id(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<18>(value) else { return Rejects };
    if !c[..17].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d: [u8; 17] = std::array::from_fn(|i| c[i] - b'0');
    let is_province =
        matches!(number(&d[..2]), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91);
    let is_date = is_birthday(number(&d[6..10]), number(&d[10..12]), number(&d[12..14]));
    let sum = weighted(&d, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    judged(value, is_province && is_date && b"10X98765432"[(sum % 11) as usize] == c[17])
}

/// `kr-rrn`: resident registration number: date of birth, sex and century, six digits, of which the
/// last was a check digit modulo 11 until October 2020 (주민등록법 시행규칙).
pub(in super::super) fn kr_rrn(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let century = match d[6] {
        1 | 2 | 5 | 6 => 1900,
        3 | 4 | 7 | 8 => 2000,
        _ => 1800,
    };
    let year = century + number(&d[..2]);
    if !is_birthday(year, number(&d[2..4]), number(&d[4..6])) {
        return Rejects;
    }
    let sum = weighted(&d, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    let check = (11 - sum % 11) % 10;
    // For foreigners (5 to 8) it counts two more.
    let is_right = [check, (check + 2) % 10][usize::from((5..=8).contains(&d[6]))] == u32::from(d[12]);
    // Whoever was born since then has a number without one.
    if is_right || (year, number(&d[2..4])) < (2020, 10) { judged(value, is_right) } else { shaped(value, true) }
}

/// `tw-national-id`: a letter for the place of first registration, sex (or 8 and 9 of residents), seven
/// digits, check digit modulo 10 (內政部). Residents of before 2021 have two letters.
pub(in super::super) fn tw_national_id(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<10>(value) else { return Rejects };
    // Letters count from 10 on, those added later at the end.
    let letter = |b: u8| b"ABCDEFGHJKLMNPQRSTUVXYWZIO".iter().position(|&l| l == b).map(|n| n as u32 + 10);
    let Some(place) = letter(c[0]) else { return Rejects };
    let second = match c[1] {
        b'1' | b'2' | b'8' | b'9' => u32::from(c[1] - b'0'),
        b'A'..=b'D' => letter(c[1]).unwrap_or(0) % 10,
        _ => return Rejects,
    };
    if !c[2..].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d: [u8; 8] = std::array::from_fn(|i| c[i + 2] - b'0');
    let sum = place / 10 + place % 10 * 9 + second * 8 + weighted(&d, &[7, 6, 5, 4, 3, 2, 1, 1]);
    judged(value, sum.is_multiple_of(10))
}

/// `hk-hkid`: one or two letters, six digits, a check character modulo 11 in brackets (入境事務處).
pub(in super::super) fn hk_hkid(value: &Value<'_>) -> Outcome {
    let c = match (characters::<8>(value), characters::<9>(value)) {
        (Some([a, b, c, d, e, f, g, h]), _) => [b' ', a, b, c, d, e, f, g, h],
        (_, Some(c)) if c[0].is_ascii_uppercase() => c,
        _ => return Rejects,
    };
    let is_form = c[1].is_ascii_uppercase() && c[2..8].iter().all(u8::is_ascii_digit);
    if !is_form || !(c[8].is_ascii_digit() || c[8] == b'A') {
        return Rejects;
    }
    // No letter counts 36.
    let v: [u8; 9] = std::array::from_fn(|i| if c[i] == b' ' { 36 } else { of_base_36(c[i]) as u8 });
    judged(value, weighted(&v, &[9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

/// `sg-nric`: identity card (S, T) or foreign identification number (F, G, M): seven digits and a
/// letter modulo 11, of a list for each kind.
pub(in super::super) fn sg_nric(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<9>(value) else { return Rejects };
    if !c[1..8].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d: [u8; 7] = std::array::from_fn(|i| c[i + 1] - b'0');
    let sum = weighted(&d, &[2, 7, 6, 5, 4, 3, 2]);
    let (list, offset) = match c[0] {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        b'M' => (b"XWUTRQPNJLK", 3),
        _ => return Rejects,
    };
    judged(value, list[((sum + offset) % 11) as usize] == c[8])
}

/// `th-pin`: Thai identity number: kind, twelve digits, the last a check digit modulo 11 (กรมการปกครอง).
pub(in super::super) fn th_pin(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let check = (11 - weighted(&d, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10;
    judged(value, (1..=8).contains(&d[0]) && check == u32::from(d[12]))
}

/// `my-nric`: MyKad: date of birth, place of birth, four digits (Jabatan Pendaftaran Negara). No check
/// digit.
pub(in super::super) fn my_nric(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<12>(value) else { return Rejects };
    let is_date = is_birthday_of_any_century(number(&d[..2]), number(&d[2..4]), number(&d[4..6]));
    let is_place = !matches!(number(&d[6..8]), 0 | 17..=20 | 69 | 70 | 73 | 80 | 81 | 94..=97);
    shaped(value, is_date && is_place)
}

/// `il-id`: Israeli identity number, nine digits with a Luhn digit (רשות האוכלוסין).
pub(in super::super) fn il_id(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    judged(value, number(&d) >= 1_000 && has_luhn(&d))
}
