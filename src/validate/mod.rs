//! Pure checks of a candidate's value, called by the name a detector file gives them.
//!
//! A value and its neighbours in, an [`Outcome`] out. No I/O, no state, no allocation where it
//! can be helped. One family of checks a file; a new check is one function and one row in
//! [`TABLE`].

mod assigned;
mod authorization;
mod aws;
mod azure;
mod bip39;
mod birth_date;
mod border;
mod coin;
mod crc;
mod date;
mod device;
mod email;
mod encoded_secret;
mod entropy;
mod expression;
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
mod national;
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
    ("ar-cuit", national::america::ar_cuit),
    ("assigned", assigned::assigned),
    ("at-svnr", national::west_europe::at_svnr),
    ("atlassian-crc", crc::atlassian),
    ("au-abn", national::oceania::au_abn),
    ("au-medicare", national::oceania::au_medicare),
    ("au-tfn", national::oceania::au_tfn),
    ("authorization", authorization::authorization),
    ("aws-key-id", aws::key_id),
    ("aws-secret", aws::secret),
    ("azure-common-key", azure::common_key),
    ("azure-devops-pat", azure::devops_pat),
    ("azure-key", azure::key),
    ("base58check", wallet::base58check),
    ("base64-secret", encoded_secret::base64_secret),
    ("be-national-number", national::west_europe::be_national_number),
    ("bech32", wallet::bech32),
    ("bg-egn", national::east_europe::bg_egn),
    ("bip39", bip39::bip39),
    ("birth-date", birth_date::birth_date),
    ("bitcoin-address", coin::bitcoin_address),
    ("br-cnpj", national::america::br_cnpj),
    ("br-cpf", national::america::br_cpf),
    ("ca-sin", national::america::ca_sin),
    ("card-brand", payment::card_brand),
    ("ch-ahv", national::west_europe::ch_ahv),
    ("cl-rut", national::america::cl_rut),
    ("cloudflare-crc", crc::cloudflare),
    ("cn-resident-id", national::asia::cn_resident_id),
    ("cz-rodne-cislo", national::east_europe::cz_rodne_cislo),
    ("de-id-card", national::west_europe::de_id_card),
    ("de-pension-number", national::west_europe::de_pension_number),
    ("de-tax-id", national::west_europe::de_tax_id),
    ("discord-token", framed::discord_token),
    ("dk-cpr", national::north_europe::dk_cpr),
    ("ee-isikukood", national::north_europe::ee_isikukood),
    ("email", email::email),
    ("email-written-out", email::written_out),
    ("entra-secret", azure::entra_secret),
    ("entropy", entropy::entropy),
    ("es-dni", national::south_europe::es_dni),
    ("es-nie", national::south_europe::es_nie),
    ("ethereum-address", coin::ethereum_address),
    ("fi-hetu", national::north_europe::fi_hetu),
    ("fr-nir", national::west_europe::fr_nir),
    ("github-crc", crc::github),
    ("gitlab-routable", crc::gitlab_routable),
    ("gr-afm", national::south_europe::gr_afm),
    ("gr-amka", national::south_europe::gr_amka),
    ("grafana-crc", crc::grafana),
    ("hk-hkid", national::asia::hk_hkid),
    ("hr-oib", national::east_europe::hr_oib),
    ("hu-taj", national::east_europe::hu_taj),
    ("hu-tax-id", national::east_europe::hu_tax_id),
    ("iban", iban::iban),
    ("iccid", device::iccid),
    ("identifier-like", identifier::identifier_like),
    ("ie-pps", national::british_isles::pps),
    ("il-id", national::asia::il_id),
    ("imei", payment::imei),
    ("in-aadhaar", national::asia::in_aadhaar),
    ("in-gstin", national::asia::in_gstin),
    ("in-pan", national::asia::in_pan),
    ("ip-address", ip::ip_address),
    ("is-kennitala", national::north_europe::is_kennitala),
    ("it-codice-fiscale", national::south_europe::it_codice_fiscale),
    ("it-vat-number", national::south_europe::it_vat_number),
    ("jp-corporate-number", jp_number::corporate_number),
    ("jp-driving-licence", jp_number::driving_licence),
    ("jp-insurer-number", jp_number::insurer_number),
    ("jp-my-number", jp_number::my_number),
    ("jp-passport", jp_document::passport),
    ("jp-phone", jp_phone::phone),
    ("jp-postal-code", jp_postal::postal_code),
    ("jp-residence-card", jp_document::residence_card),
    ("jwt", jwt::jwt),
    ("kr-rrn", national::asia::kr_rrn),
    ("lt-asmens-kodas", national::north_europe::lt_asmens_kodas),
    ("lu-national-number", national::west_europe::lu_national_number),
    ("luhn", payment::luhn),
    ("lv-personas-kods", national::north_europe::lv_personas_kods),
    ("mac-address", device::mac_address),
    ("mrz", mrz::mrz),
    ("mx-curp", national::america::mx_curp),
    ("mx-rfc", national::america::mx_rfc),
    ("my-nric", national::asia::my_nric),
    ("nl-bsn", national::west_europe::nl_bsn),
    ("no-fodselsnummer", national::north_europe::no_fodselsnummer),
    ("nz-ird", national::oceania::nz_ird),
    ("nz-nhi", national::oceania::nz_nhi),
    ("openssh-key", pem::pem_key),
    ("password", password::password),
    ("pem-key", pem::pem_key),
    ("pl-nip", national::east_europe::pl_nip),
    ("pl-pesel", national::east_europe::pl_pesel),
    ("placeholder", placeholder::placeholder),
    ("pt-nif", national::south_europe::pt_nif),
    ("pypi-macaroon", framed::pypi_macaroon),
    ("random", random::random),
    ("reference", reference::reference),
    ("ro-cnp", national::east_europe::ro_cnp),
    ("se-personnummer", national::north_europe::se_personnummer),
    ("sentry-org-token", framed::sentry_org_token),
    ("sg-nric", national::asia::sg_nric),
    ("si-emso", national::east_europe::si_emso),
    ("stellar-seed", wallet::stellar_seed),
    ("th-pin", national::asia::th_pin),
    ("tr-tckn", national::south_europe::tr_tckn),
    ("tw-national-id", national::asia::tw_national_id),
    ("typed-salt", salt::typed_salt),
    ("uk-nhs-number", national::british_isles::nhs_number),
    ("uk-nino", national::british_isles::nino),
    ("uk-utr", national::british_isles::utr),
    ("us-bank-routing", national::united_states::bank_routing),
    ("us-dea-number", national::united_states::dea_number),
    ("us-itin", national::united_states::itin),
    ("us-medicare-beneficiary", national::united_states::medicare_beneficiary),
    ("us-npi", national::united_states::npi),
    ("us-ssn", us::ssn),
    ("vercel-crc", crc::vercel),
    ("vin", device::vin),
    ("wireguard-key", framed::wireguard_key),
    ("za-id", national::oceania::za_id),
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
    "reference",
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

pub use entropy::shannon;
pub use words::has_words;

/// Finds a check by the name used in detector files.
pub fn find(name: &str) -> Option<Check> {
    TABLE.binary_search_by(|(n, _)| (*n).cmp(name)).ok().map(|i| TABLE[i].1)
}
