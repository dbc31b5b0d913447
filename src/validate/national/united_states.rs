//! Numbers of the United States beside the social security number: taxpayer, health-care provider,
//! prescriber, Medicare beneficiary, bank.

use super::super::Outcome::{self, Rejects};
use super::super::Value;
use super::arithmetic::{characters, digits, has_luhn, judged, number, shaped, weighted};

/// `us-itin`: individual taxpayer identification number, 9XX with groups 50-65, 70-88, 90-92 and
/// 94-99 (IRS Publication 4757). No check digit.
pub(in super::super) fn itin(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    let is_group = matches!(d[3] * 10 + d[4], 50..=65 | 70..=88 | 90..=92 | 94..=99);
    shaped(value, d[0] == 9 && is_group)
}

/// `us-npi`: national provider identifier, ten digits with a Luhn digit behind the prefix 80840
/// (45 CFR 162.406).
pub(in super::super) fn npi(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<10>(value) else { return Rejects };
    let mut card = [8, 0, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    card[5..].copy_from_slice(&d);
    judged(value, matches!(d[0], 1 | 2) && has_luhn(&card))
}

/// `us-dea-number`: a prescriber's registration: type, initial of the name (or 9), six digits and a
/// check digit (DEA Diversion Control Division).
pub(in super::super) fn dea_number(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<9>(value) else { return Rejects };
    let is_type = b"ABCDEFGHJKLMPRSTUX".contains(&c[0]) && (c[1].is_ascii_uppercase() || c[1] == b'9');
    if !is_type || !c[2..].iter().all(u8::is_ascii_digit) {
        return Rejects;
    }
    let d: [u8; 7] = std::array::from_fn(|i| c[i + 2] - b'0');
    judged(value, weighted(&d[..6], &[1, 2, 1, 2, 1, 2]) % 10 == u32::from(d[6]))
}

/// `us-bank-routing`: routing number of the American Bankers Association: Federal Reserve district,
/// institution, and a check digit with the weights 3, 7, 1.
pub(in super::super) fn bank_routing(value: &Value<'_>) -> Outcome {
    let Some(d) = digits::<9>(value) else { return Rejects };
    let is_district = matches!(number(&d[..2]), 1..=12 | 21..=32 | 61..=72 | 80);
    judged(value, is_district && weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10))
}

/// `us-medicare-beneficiary`: Medicare beneficiary identifier, eleven places of fixed kinds, without
/// the letters S, L, O, I, B, Z (CMS, Understanding the MBI Format). No check digit.
pub(in super::super) fn medicare_beneficiary(value: &Value<'_>) -> Outcome {
    let Some(c) = characters::<11>(value) else { return Rejects };
    let is_letter = |b: u8| b.is_ascii_uppercase() && !b"SLOIBZ".contains(&b);
    let is_right = c.iter().enumerate().all(|(place, &b)| match place {
        0 => matches!(b, b'1'..=b'9'),
        1 | 4 | 7 | 8 => is_letter(b),
        2 | 5 => is_letter(b) || b.is_ascii_digit(),
        _ => b.is_ascii_digit(),
    });
    shaped(value, is_right)
}
