//! Pure checks of a candidate's value, called by the name a detector file gives them.
//!
//! A value and its neighbours in, an [`Outcome`] out. No I/O, no state, no allocation where it
//! can be helped. One family of checks a file; a new check is one function and one row in
//! [`TABLE`].

mod assigned;
mod aws;
mod azure;
mod bip39;
mod birth_date;
mod border;
mod crc;
mod date;
mod email;
mod entropy;
mod framed;
mod iban;
mod identifier;
mod ip;
mod jp_document;
mod jp_number;
mod jp_phone;
mod jp_postal;
mod jwt;
mod key;
mod mrz;
mod password;
mod payment;
mod pem;
mod placeholder;
mod radix;
mod random;
mod reference;
mod salt;
#[cfg(test)]
mod specimen;
mod table;
#[cfg(test)]
mod tests;
mod us;
mod wallet;
mod words;

/// A candidate's value (normalised text: ASCII digits, ASCII hyphens) and what stands around it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// The value alone.
    pub text: &'a str,
    /// Up to 64 bytes before it on the same line.
    pub before: &'a str,
    /// Up to 64 bytes after it on the same line.
    pub after: &'a str,
}

impl<'a> Value<'a> {
    /// A value with nothing around it.
    pub fn bare(text: &'a str) -> Value<'a> {
        Value { text, before: "", after: "" }
    }

    /// The ASCII digits of the value, in order.
    pub fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + Clone + 'a {
        self.text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0')
    }
}

/// What a check says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something random would not have passed; the reason (`check-digit`, `checksum`, …) is
    /// shown and raises the confidence.
    Proves(&'static str),
    /// Nothing speaks against it.
    Fits,
    /// Probably not what it looks like (`placeholder`, `checksum-wrong`, `test-number`, …):
    /// the finding stays, with confidence `low` and this reason.
    Doubts(&'static str),
    /// Not a candidate at all.
    Rejects,
}

/// A check function.
pub type Check = fn(&Value<'_>) -> Outcome;

/// Every check by name, in the order of the names.
pub const TABLE: &[(&str, Check)] = &[
    ("assigned", assigned::assigned),
    ("atlassian-crc", crc::atlassian),
    ("aws-key-id", aws::key_id),
    ("aws-secret", aws::secret),
    ("azure-common-key", azure::common_key),
    ("azure-devops-pat", azure::devops_pat),
    ("azure-key", azure::key),
    ("base58check", wallet::base58check),
    ("bech32", wallet::bech32),
    ("bip39", bip39::bip39),
    ("birth-date", birth_date::birth_date),
    ("card-brand", payment::card_brand),
    ("cloudflare-crc", crc::cloudflare),
    ("discord-token", framed::discord_token),
    ("email", email::email),
    ("entra-secret", azure::entra_secret),
    ("entropy", entropy::entropy),
    ("github-crc", crc::github),
    ("gitlab-routable", crc::gitlab_routable),
    ("grafana-crc", crc::grafana),
    ("iban", iban::iban),
    ("identifier-like", identifier::identifier_like),
    ("imei", payment::imei),
    ("ip-address", ip::ip_address),
    ("jp-corporate-number", jp_number::corporate_number),
    ("jp-driving-licence", jp_number::driving_licence),
    ("jp-insurer-number", jp_number::insurer_number),
    ("jp-my-number", jp_number::my_number),
    ("jp-passport", jp_document::passport),
    ("jp-phone", jp_phone::phone),
    ("jp-postal-code", jp_postal::postal_code),
    ("jp-residence-card", jp_document::residence_card),
    ("jwt", jwt::jwt),
    ("luhn", payment::luhn),
    ("mrz", mrz::mrz),
    ("openssh-key", pem::pem_key),
    ("password", password::password),
    ("pem-key", pem::pem_key),
    ("placeholder", placeholder::placeholder),
    ("pypi-macaroon", framed::pypi_macaroon),
    ("random", random::random),
    ("reference", reference::reference),
    ("sentry-org-token", framed::sentry_org_token),
    ("stellar-seed", wallet::stellar_seed),
    ("typed-salt", salt::typed_salt),
    ("us-ssn", us::ssn),
    ("vercel-crc", crc::vercel),
    ("wireguard-key", framed::wireguard_key),
    ("zuplo-crc", crc::zuplo),
];

/// Every reason that a check can give for [`Outcome::Proves`].
pub const PROOFS: &[&str] = &[
    "assignment",
    "check-digit",
    "checksum",
    "mixed-classes",
    "numbering-plan",
    "postal-code-exists",
    "random-value",
    "structure",
];

/// Every reason that a check can give for [`Outcome::Doubts`].
pub const DOUBTS: &[&str] = &[
    "alphabet-wrong",
    "barcode",
    "checksum-wrong",
    "documentation-address",
    "era-mismatch",
    "example-value",
    "no-body",
    "placeholder",
    "private-address",
    "reserved-domain",
    "role-address",
    "signature-length",
    "structure-wrong",
    "test-number",
    "timestamp",
    "unassigned-number",
    "unsigned",
    "uuid",
    "version-number",
    "weak",
    "words",
];

/// Finds a check by the name used in detector files.
pub fn find(name: &str) -> Option<Check> {
    TABLE.binary_search_by(|(n, _)| (*n).cmp(name)).ok().map(|i| TABLE[i].1)
}
