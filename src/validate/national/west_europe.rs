//! Numbers of Germany, Austria, Switzerland, France and the Benelux countries.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{
    characters, digits, has_luhn, has_mod_11_10, has_verhoeff, is_birthday, is_birthday_of_any_century, judged, number,
    of_base_36, weighted,
};

/// `de-tax-id`: steuerliche Identifikationsnummer, eleven digits with a check digit MOD 11,10; of
/// the first ten one digit occurs two or three times, the others once at most (BZSt, § 139b AO).
pub(in super::super) fn de_tax_id(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let mut times = [0; 10];
    d[..10].iter().for_each(|&digit| times[usize::from(digit)] += 1);
    let repeated = || times.iter().filter(|&&n| n > 1);
    let is_usual = repeated().count() == 1 && repeated().all(|&n| n <= 3);
    judged(value, d[0] != 0 && is_usual && has_mod_11_10(&d))
}

/// `de-id-card`: number of a Personalausweis or Reisepass with its check digit: nine letters and
/// digits without vowels and look-alikes, then the sum with the weights 7, 3, 1 (ICAO Doc 9303).
pub(in super::super) fn de_id_card(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<10>(value) else { return Rejects };
    let is_in = |b: u8| b.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(&b);
    if !b"CFGHJKLMNPRTVWXYZ".contains(&c[0]) || !c[..9].iter().all(|&b| is_in(b)) || !c[9].is_ascii_digit() {
        return Rejects;
    }
    let d: [u8; 9] = std::array::from_fn(|i| of_base_36(c[i]) as u8);
    // A word in capitals is no number.
    let has_digits = c[..9].iter().filter(|b| b.is_ascii_digit()).count() >= 2;
    judged(value, has_digits && weighted(&d, &[7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 == u32::from(c[9] - b'0'))
}

/// `de-pension-number`: Rentenversicherungsnummer: area, date of birth, initial, serial number,
/// check digit (VKVV § 4).
pub(in super::super) fn de_pension_number(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<12>(value) else { return Rejects };
    let is_form = c.iter().enumerate().all(|(i, b)| if i == 8 { b.is_ascii_uppercase() } else { b.is_ascii_digit() });
    if !is_form {
        return Rejects;
    }
    let letter = c[8] - b'A' + 1;
    let mut d = [0; 13];
    for (i, &b) in c.iter().enumerate() {
        match i {
            0..8 => d[i] = b - b'0',
            8 => (d[8], d[9]) = (letter / 10, letter % 10),
            _ => d[i + 1] = b - b'0',
        }
    }
    let products = d[..12].iter().zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).map(|(&d, weight)| d * weight);
    let sum: u32 = products.map(|n| u32::from(n / 10 + n % 10)).sum();
    // A second number on the same day counts 50 to the day.
    let (day, month, year) = (number(&d[2..4]) % 50, number(&d[4..6]), number(&d[6..8]));
    judged(value, is_birthday_of_any_century(year, month, day.max(1)) && sum % 10 == u32::from(d[12]))
}

/// `at-svnr`: Austrian social insurance number: serial number, check digit, date of birth (ASVG § 31;
/// the month may be 13 to 15 where a day's numbers have run out).
pub(in super::super) fn at_svnr(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let check = weighted(&d, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
    let is_date = (1..=31).contains(&number(&d[4..6])) && (1..=15).contains(&number(&d[6..8]));
    judged(value, d[0] != 0 && is_date && check == u32::from(d[3]))
}

/// `ch-ahv`: Swiss social insurance number: 756, nine digits, the check digit of a barcode (EAN-13).
pub(in super::super) fn ch_ahv(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let sum = weighted(&d, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
    judged(value, d.starts_with(&[7, 5, 6]) && sum.is_multiple_of(10))
}

/// `fr-nir`: numéro de sécurité sociale: sex, year, month, department (2A and 2B are Corsica),
/// commune, order, and a key modulo 97 (INSEE, RNIPP).
pub(in super::super) fn fr_nir(value: &Value<'_>) -> Outcome {
    let Some(mut c) = characters::<15>(value) else { return Rejects };
    // Corsica counts as 19 and 18.
    match [c[5], c[6]] {
        [b'2', b'A'] => [c[5], c[6]] = *b"19",
        [b'2', b'B'] => [c[5], c[6]] = *b"18",
        _ => {}
    }
    if !c.iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d = c.map(|b| b - b'0');
    // 20 to 42 and from 50: the month is not known.
    let is_month = matches!(number(&d[3..5]), 1..=12 | 20..=42 | 50..=99);
    let is_person = matches!(d[0], 1..=4 | 7 | 8) && is_month;
    judged(value, is_person && 97 - number(&d[..13]) % 97 == number(&d[13..]))
}

/// `nl-bsn`: burgerservicenummer, nine digits, the elfproef with -1 for the last (RvIG).
pub(in super::super) fn nl_bsn(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    let sum = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) + 11 - u32::from(d[8]);
    judged(value, sum.is_multiple_of(11))
}

/// `be-national-number`: rijksregisternummer: date of birth, serial number, 97 less the remainder
/// modulo 97, with a 2 in front for those born from 2000 (royal decree of 3 April 1984). Of the
/// BIS register the month counts 20 or 40 more.
pub(in super::super) fn be_national_number(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<11>(value) else { return Rejects };
    let (body, check) = (number(&d[..9]), number(&d[9..]));
    let (year, month, day) = (number(&d[..2]), number(&d[2..4]), number(&d[4..6]));
    let is_date = |century: u64| {
        let month = month % 20;
        // Where the month or the day is not known it is 0.
        month == 0 || day == 0 || is_birthday(century + year, month, day)
    };
    let is_right =
        (97 - body % 97 == check && is_date(1900)) || (97 - (2_000_000_000 + body) % 97 == check && is_date(2000));
    judged(value, month < 60 && day <= 31 && is_right)
}

/// `lu-national-number`: matricule of Luxembourg: date of birth, three digits, a Luhn digit and a
/// Verhoeff digit, each of the eleven digits in front (law of 19 June 2013).
pub(in super::super) fn lu_national_number(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let mut verhoeff = [0; 12];
    verhoeff[..11].copy_from_slice(&d[..11]);
    verhoeff[11] = d[12];
    let is_date = is_birthday(number(&d[..4]), number(&d[4..6]), number(&d[6..8]));
    judged(value, is_date && has_luhn(&d[..12]) && has_verhoeff(&verhoeff))
}
