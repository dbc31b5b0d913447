//! Numbers of Poland, Czechia, Slovakia, Hungary, Romania, Bulgaria, Slovenia and the other
//! successors of Yugoslavia.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{
    digits, has_mod_11_10, is_birthday, is_birthday_of_any_century, judged, number, shaped, weighted,
};

/// `pl-pesel`: date of birth, four digits, check digit (ustawa o ewidencji ludności). The month tells
/// the century: 80 more for 1800, 20, 40 and 60 more for 2000 and later.
pub(in super::super) fn pl_pesel(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let (year, month, day) = (number(&d[..2]), number(&d[2..4]), number(&d[4..6]));
    let century = [1900, 2000, 2100, 2200, 1800][(month / 20) as usize];
    let sum = weighted(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    judged(value, is_birthday(century + year, month % 20, day) && sum.is_multiple_of(10))
}

/// `pl-nip`: Polish tax number, ten digits, the last a check digit modulo 11.
pub(in super::super) fn pl_nip(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let check = weighted(&d, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
    judged(value, d[0] != 0 && check == u32::from(d[9]))
}

/// `cz-rodne-cislo`: birth number of Czechia and Slovakia: date of birth (month 50 more for women, 20
/// more where a day's numbers have run out), three digits, since 1954 a check digit modulo 11
/// (zákon 133/2000 Sb.).
pub(in super::super) fn cz_rodne_cislo(value: &Value<'_>) -> Outcome {
    if let Some(d) = digits::<9>(value) {
        return shaped(value, number(&d[..2]) < 54 && is_czech_birthday(1900, &d));
    }
    let Some(d) = digits::<10>(value) else { return Rejects };
    let century = if number(&d[..2]) < 54 { 2000 } else { 1900 };
    let check = number(&d[..9]) % 11 % 10;
    judged(value, is_czech_birthday(century, &d) && check == u64::from(d[9]))
}

fn is_czech_birthday(century: u64, d: &[u8]) -> bool {
    let month = number(&d[2..4]) % 50;
    let month = if month > 20 { month - 20 } else { month };
    is_birthday(century + number(&d[..2]), month, number(&d[4..6]))
}

/// `hu-tax-id`: Hungarian tax identification of a person: 8, days since 1867, three digits, check
/// digit modulo 11 (1996. évi XX. törvény).
pub(in super::super) fn hu_tax_id(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let check = weighted(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
    let is_date = number(&d[1..6]) < 67_000;
    judged(value, d[0] == 8 && is_date && check == u32::from(d[9]))
}

/// `hu-taj`: Hungarian social security number, nine digits, the last a check digit (same law).
pub(in super::super) fn hu_taj(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    judged(value, weighted(&d, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == u32::from(d[8]))
}

/// `ro-cnp`: sex and century, date of birth, county, serial number, check digit modulo 11 (Legea
/// 105/1996).
pub(in super::super) fn ro_cnp(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let (year, month, day) = (number(&d[1..3]), number(&d[3..5]), number(&d[5..7]));
    let is_date = match d[0] {
        1 | 2 => is_birthday(1900 + year, month, day),
        3 | 4 => is_birthday(1800 + year, month, day),
        5 | 6 => is_birthday(2000 + year, month, day),
        // Residents who are no citizens.
        7..=9 => is_birthday_of_any_century(year, month, day),
        _ => false,
    };
    let is_county = matches!(number(&d[7..9]), 1..=52 | 70 | 80..=83);
    let check = weighted(&d, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    judged(value, is_date && is_county && (if check == 10 { 1 } else { check }) == u32::from(d[12]))
}

/// `bg-egn`: Bulgarian civil number: date of birth (month 20 more for the 1800s, 40 more for the
/// 2000s), three digits, check digit modulo 11 (GRAO).
pub(in super::super) fn bg_egn(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let (year, month, day) = (number(&d[..2]), number(&d[2..4]), number(&d[4..6]));
    let is_date = match month {
        0..=12 => is_birthday(1900 + year, month, day),
        21..=32 => is_birthday(1800 + year, month - 20, day),
        41..=52 => is_birthday(2000 + year, month - 40, day),
        _ => false,
    };
    let check = weighted(&d, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    judged(value, is_date && check == u32::from(d[9]))
}

/// `si-emso`: the number of Yugoslavia's citizens (JMBG), still given out in Slovenia (EMŠO), Serbia,
/// Bosnia, Montenegro and North Macedonia: date of birth with a year of three digits, region, serial
/// number, check digit modulo 11.
pub(in super::super) fn si_emso(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let year = number(&d[4..7]);
    let year = if year < 800 { 2000 + year } else { 1000 + year };
    let check = (11 - weighted(&d, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
    judged(value, is_birthday(year, number(&d[2..4]), number(&d[..2])) && check == u32::from(d[12]))
}

/// `hr-oib`: Croatian personal number, eleven digits with a check digit MOD 11,10 (Zakon o OIB).
pub(in super::super) fn hr_oib(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    judged(value, has_mod_11_10(&d))
}
