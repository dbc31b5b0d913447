//! For the checks that `tests/oracle.rs` has no oracle for, and for the parts of others that no
//! random number shows: numbers that are right and such that are not. The right ones are made up,
//! or printed by the office as examples.

use super::super::Outcome::{Doubts, Fits, Proves, Rejects};
use super::super::{Outcome, Value, find};

const GOOD: Outcome = Proves("check-digit");
const EXAMPLE: Outcome = Doubts("example-value");

#[test]
fn numbers_of_every_country() {
    let mut wrong = Vec::new();
    for (check, text, outcome) in [
        ("us-npi", "1245319599", GOOD),
        ("us-npi", "1245319598", Rejects),
        ("us-npi", "3245319599", Rejects),
        ("us-dea-number", "AB3849253", GOOD),
        ("us-dea-number", "F93849253", GOOD),
        ("us-dea-number", "AB3849254", Rejects),
        ("us-dea-number", "QB3849258", Rejects),
        ("us-medicare-beneficiary", "1EG4-TE5-MK73", Fits),
        ("us-medicare-beneficiary", "1SG4-TE5-MK73", Rejects),
        ("us-medicare-beneficiary", "0EG4-TE5-MK73", Rejects),
        ("us-itin", "912-93-3457", Rejects),
        ("uk-nino", "PA 48 27 16 C", Fits),
        ("uk-nino", "GB 48 27 16 C", Rejects),
        ("uk-nino", "PO 48 27 16 C", Rejects),
        ("uk-nino", "PA 48 27 16 E", Rejects),
        ("ie-pps", "6433435FW", GOOD),
        ("ie-pps", "6433435FZ", Rejects),
        ("de-id-card", "L01X00T471", GOOD),
        ("de-id-card", "L01X00T472", Rejects),
        ("de-id-card", "LCFGHJKLM1", Rejects),
        ("de-pension-number", "15070649C103", GOOD),
        ("de-pension-number", "15070649C104", Rejects),
        ("de-pension-number", "15071349C103", Rejects),
        ("lu-national-number", "1893120105732", GOOD),
        ("lu-national-number", "1893120105733", Rejects),
        ("lu-national-number", "1893120105742", Rejects),
        ("fr-nir", "255081416802538", GOOD),
        ("fr-nir", "255081416802539", Rejects),
        ("fi-hetu", "131052U308T", GOOD),
        ("fi-hetu", "131052-000V", Rejects),
        ("lv-personas-kods", "328273-19405", Fits),
        ("dk-cpr", "310258-1234", Rejects),
        ("it-codice-fiscale", "RSSMRA85T10A562S", GOOD),
        ("it-codice-fiscale", "RSSMRA85T10A562T", Rejects),
        ("it-codice-fiscale", "RSSMRA85T40A562S", Rejects),
        ("hu-tax-id", "8071592153", GOOD),
        ("hu-tax-id", "8071592154", Rejects),
        ("hu-taj", "111111110", GOOD),
        ("hu-taj", "111111118", Rejects),
        ("cz-rodne-cislo", "385422/123", Fits),
        ("cz-rodne-cislo", "951322/123", Rejects),
        ("mx-rfc", "GODE561231GR8", GOOD),
        ("mx-rfc", "GODE561231GR9", Fits),
        ("mx-rfc", "GODE561331GR8", Rejects),
        ("br-cnpj", "12.ABC.345/01DE-35", GOOD),
        ("br-cnpj", "12.ABC.345/01DE-36", Rejects),
        ("tw-national-id", "A123456789", EXAMPLE),
        ("tw-national-id", "A128374650", Rejects),
        ("hk-hkid", "A123456(3)", EXAMPLE),
        ("hk-hkid", "C668668(9)", GOOD),
        ("hk-hkid", "C668668(8)", Rejects),
        ("hk-hkid", "C668668(E)", Rejects),
        ("sg-nric", "S1234567D", EXAMPLE),
        ("sg-nric", "S8372915A", Rejects),
        ("sg-nric", "X1234567D", Rejects),
        ("kr-rrn", "211105-3482716", Fits),
        ("au-medicare", "2428 77813 2", GOOD),
        ("au-medicare", "2428 77823 2", Rejects),
        ("au-medicare", "7428 77813 2", Rejects),
        ("nz-nhi", "ZZZ0016", GOOD),
        ("nz-nhi", "ZZZ0017", Rejects),
        ("nz-nhi", "ZZZ00AX", GOOD),
        ("nz-nhi", "ZZI0016", Rejects),
    ] {
        let check = find(check).unwrap_or_else(|| panic!("{check}"));
        let found = check(&Value::bare(text));
        if found != outcome {
            wrong.push(format!("{text}: {found:?}, not {outcome:?}"));
        }
        assert_eq!(check(&Value { text, before: "f00-", after: "" }), Rejects, "{text} as the end of something");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
