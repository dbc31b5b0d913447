//! The kinds of values that tables are registered by: one row each.

use super::normal;

/// A kind of value.
#[derive(Debug)]
pub struct Kind {
    /// Its name in `--columns`.
    pub name: &'static str,
    /// The detector that finds such values.
    pub detector: &'static str,
    /// Has it so few possibilities that whoever has key and database finds the values by trying?
    pub guessable: bool,
    /// What is compared; `None` where a value says too little.
    pub(super) normal: fn(&str) -> Option<String>,
}

/// Every kind.
pub static KINDS: &[Kind] = &[
    kind("email", "personal/email-address", false, normal::email),
    kind("phone", "personal/phone-number", true, normal::phone),
    kind("name", "personal/person-name", true, normal::name),
    kind("address", "personal/postal-address", true, normal::address),
    kind("birth-date", "personal/date-of-birth", true, normal::code),
    kind("card", "personal/payment-card", true, normal::code),
    kind("my-number", "personal/jp-my-number", true, normal::code),
    kind("account", "personal/jp-bank-account", true, normal::code),
    kind("driving-licence", "personal/jp-driving-licence", true, normal::code),
    kind("passport", "personal/jp-passport", true, normal::code),
    kind("pension-number", "personal/jp-pension-number", true, normal::code),
    kind("health-insurance", "personal/jp-health-insurance", true, normal::code),
    kind("residence-card", "personal/jp-residence-card", true, normal::code),
    kind("iban", "personal/iban", true, normal::code),
    kind("ssn", "personal/us-ssn", true, normal::code),
];

const fn kind(name: &'static str, detector: &'static str, guessable: bool, normal: fn(&str) -> Option<String>) -> Kind {
    Kind { name, detector, guessable, normal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_detector() {
        for kind in KINDS {
            assert!(crate::detector::builtin().iter().any(|d| d.id == kind.detector), "{}", kind.detector);
        }
    }
}
