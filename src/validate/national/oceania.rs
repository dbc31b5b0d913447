//! Numbers of Australia, New Zealand and South Africa.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{characters, digits, has_luhn, is_birthday_of_any_century, judged, number, weighted};

/// `au-tfn`: tax file number, nine digits, the weighted sum a multiple of 11 (ATO).
pub(in super::super) fn au_tfn(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    judged(value, weighted(&d, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11))
}

/// `au-abn`: business number, which a sole trader has as well: eleven digits, the first less one, the
/// weighted sum a multiple of 89 (ABR).
pub(in super::super) fn au_abn(value: &Value<'_>) -> Outcome {
    let Some(mut d) = digits::<11>(value) else { return Rejects };
    if d[0] == 0 {
        return Rejects;
    }
    d[0] -= 1;
    judged(value, weighted(&d, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]).is_multiple_of(89))
}

/// `au-medicare`: card number: eight digits, check digit, number of the card's issue, perhaps the
/// person's line on the card (Services Australia).
pub(in super::super) fn au_medicare(value: &Value<'_>) -> Outcome {
    let d = match (digits::<10>(value), digits::<11>(value)) {
        (Some(d), _) => d,
        (_, Some(d)) if d[10] != 0 => std::array::from_fn(|i| d[i]),
        _ => return Rejects,
    };
    let check = weighted(&d[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10;
    judged(value, (2..=6).contains(&d[0]) && d[9] != 0 && check == u32::from(d[8]))
}

/// `nz-ird`: tax number, eight or nine digits, the last a check digit modulo 11 with two rows of weights
/// (Inland Revenue, RWT and NRWT specification).
pub(in super::super) fn nz_ird(value: &Value<'_>) -> Outcome {
    let d = match (digits::<9>(value), digits::<8>(value)) {
        (Some(d), _) => d,
        (_, Some([a, b, c, d, e, f, g, h])) => [0, a, b, c, d, e, f, g, h],
        _ => return Rejects,
    };
    let check = |weights: &[u32]| (11 - weighted(&d[..8], weights) % 11) % 11;
    let first = check(&[3, 2, 7, 6, 5, 4, 3, 2]);
    let check = if first == 10 { check(&[7, 4, 3, 2, 5, 2, 7, 6]) } else { first };
    judged(value, (10_000_000..=150_000_000).contains(&number(&d)) && check == u32::from(d[8]))
}

/// `nz-nhi`: national health index: three letters and four digits with a check digit modulo 11, or since
/// 2026 three letters, two digits, and two letters of which the last is a check modulo 24 (HISO
/// 10046).
pub(in super::super) fn nz_nhi(value: &Value<'_>) -> Outcome {
    const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let Some(c) = characters::<7>(value) else { return Rejects };
    let letter = |b: u8| LETTERS.iter().position(|&l| l == b).map(|n| n as u32 + 1);
    let mut sum = 0;
    for (i, weight) in (0..6).zip((2..=7).rev()) {
        let is_letter = i < 3 || (i == 5 && !c[6].is_ascii_digit());
        let n = if is_letter { letter(c[i]) } else { char::from(c[i]).to_digit(10) };
        let Some(n) = n else { return Rejects };
        sum += n * weight;
    }
    let is_right = if c[6].is_ascii_digit() {
        // Where nothing remains there is no number.
        !sum.is_multiple_of(11) && (11 - sum % 11) % 10 == u32::from(c[6] - b'0')
    } else {
        letter(c[6]) == Some(24 - sum % 24)
    };
    judged(value, is_right)
}

/// `za-id`: date of birth, sex, citizenship, a digit that is 8 or 9 now, Luhn digit (Identification Act
/// 68 of 1997).
pub(in super::super) fn za_id(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<13>(value) else { return Rejects };
    let is_date = is_birthday_of_any_century(number(&d[..2]), number(&d[2..4]), number(&d[4..6]));
    judged(value, is_date && d[10] <= 2 && has_luhn(&d))
}
