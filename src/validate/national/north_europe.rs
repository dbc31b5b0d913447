//! Numbers of the Nordic and Baltic countries, nearly all with the date of birth.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{digits, has_luhn, is_birthday, is_birthday_of_any_century, judged, number, shaped, weighted};

/// `se-personnummer`: date of birth, three digits, Luhn digit; ten digits or twelve. Of a
/// samordningsnummer the day counts 60 more (Skatteverket, SKV 704).
pub(in super::super) fn se_personnummer(value: &Value<'_>) -> Outcome {
    let (is_date, last) = match (digits::<10>(value), digits::<12>(value)) {
        (Some(d), _) => (is_birthday_of_any_century(number(&d[..2]), number(&d[2..4]), number(&d[4..6]) % 60), d),
        (_, Some(d)) => {
            (is_birthday(number(&d[..4]), number(&d[4..6]), number(&d[6..8]) % 60), std::array::from_fn(|i| d[i + 2]))
        }
        _ => return Rejects,
    };
    judged(value, is_date && has_luhn(&last))
}

/// `fi-hetu`: date of birth, a sign for the century, three digits, a check character modulo 31
/// (Digi- ja väestötietovirasto; the signs B to F and U to Y are of 2023).
pub(in super::super) fn fi_hetu(value: &Value<'_>) -> Outcome {
    const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let &[d1, d2, m1, m2, y1, y2, sign, n1, n2, n3, check] = value.text.as_bytes() else { return Rejects };
    let places = [d1, d2, m1, m2, y1, y2, n1, n2, n3];
    let century = match sign.to_ascii_uppercase() {
        b'+' => 1800,
        b'-' | b'U'..=b'Y' => 1900,
        b'A'..=b'F' => 2000,
        _ => return Rejects,
    };
    if !places.iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d = places.map(|b| b - b'0');
    let is_date = is_birthday(century + number(&d[4..6]), number(&d[2..4]), number(&d[..2]));
    // 000 and 001 are not given out, from 900 they are temporary.
    let is_given = number(&d[6..]) >= 2;
    let index = (number(&d) % 31) as usize;
    judged(value, is_date && is_given && CHECK[index] == check.to_ascii_uppercase())
}

/// `dk-cpr`: date of birth and four digits. Numbers of since 2007 do not keep the check digit
/// (CPR-kontoret), so that there is none.
pub(in super::super) fn dk_cpr(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let year = number(&d[4..6]);
    // The seventh digit and the year tell the century.
    let century = match (d[6], year) {
        (0..=3, _) | (4 | 9, 37..) => 1900,
        (4 | 9, _) | (5..=8, ..58) => 2000,
        _ => 1800,
    };
    // Temporary numbers count 60 to the day.
    shaped(value, is_birthday(century + year, number(&d[2..4]), number(&d[..2]) % 60))
}

/// `no-fodselsnummer`: date of birth, three digits, two check digits modulo 11 (Skatteetaten). Of a
/// D-nummer the day counts 40 more.
pub(in super::super) fn no_fodselsnummer(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let check = |sum: u32| (11 - sum % 11) % 11;
    let is_right = check(weighted(&d[..9], &[3, 7, 6, 1, 8, 9, 4, 5, 2])) == u32::from(d[9])
        && check(weighted(&d[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == u32::from(d[10]);
    let month = number(&d[2..4]);
    judged(value, is_birthday_of_any_century(number(&d[4..6]), month, number(&d[..2]) % 40) && is_right)
}

/// `is-kennitala`: date of birth, two digits, check digit modulo 11, century (Þjóðskrá). Of a company
/// the day counts 40 more.
pub(in super::super) fn is_kennitala(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let century = match d[9] {
        0 => 2000,
        8 => 1800,
        9 => 1900,
        _ => return Rejects,
    };
    let is_date = is_birthday(century + number(&d[4..6]), number(&d[2..4]), number(&d[..2]) % 40);
    let check = (11 - weighted(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    judged(value, is_date && check == u32::from(d[8]))
}

/// `ee-isikukood`: century and sex, date of birth, three digits, check digit (EVS 585:2007).
pub(in super::super) fn ee_isikukood(value: &Value<'_>) -> Outcome {
    baltic(value)
}

/// `lt-asmens-kodas`: as in Estonia (law on the population register).
pub(in super::super) fn lt_asmens_kodas(value: &Value<'_>) -> Outcome {
    baltic(value)
}

fn baltic(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let first = weighted(&d[..10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(&d[..10], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
    let check = if first < 10 { first } else { second % 10 };
    let is_date = (1..=8).contains(&d[0])
        && is_birthday(1800 + u64::from(d[0] - 1) / 2 * 100 + number(&d[1..3]), number(&d[3..5]), number(&d[5..7]));
    judged(value, is_date && check == u32::from(d[10]))
}

/// `lv-personas-kods`: date of birth, century, three digits, check digit; since 2017 a number that
/// begins with 32 and has neither date nor check digit (PMLP).
pub(in super::super) fn lv_personas_kods(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    if d.starts_with(&[3, 2]) {
        return shaped(value, true);
    }
    let year = 1800 + u64::from(d[6]) * 100 + number(&d[4..6]);
    let is_date = d[6] <= 2 && is_birthday(year, number(&d[2..4]), number(&d[..2]));
    let check = (1 + weighted(&d[..10], &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10;
    judged(value, is_date && check == u32::from(d[10]))
}
