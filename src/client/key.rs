//! The keys of a ledger file as serde reads them; `ledger` gives them their meaning.

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LedgerKey {
    #[serde(default)]
    pub(super) client: Vec<Spanned<ClientKey>>,
    #[serde(default)]
    pub(super) approval: Vec<Spanned<ApprovalKey>>,
    #[serde(default)]
    pub(super) retention: Vec<Spanned<RetentionKey>>,
    #[serde(default)]
    pub(super) notification: Vec<Spanned<NotificationKey>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientKey {
    pub(super) id: Spanned<String>,
    #[serde(default)]
    pub(super) names: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) domains: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) codes: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) workspaces: Vec<Spanned<String>>,
    pub(super) start: Option<Spanned<toml::Value>>,
    pub(super) end: Option<Spanned<toml::Value>>,
    pub(super) grace_days: Option<u32>,
    pub(super) contact: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovalKey {
    pub(super) id: Spanned<String>,
    pub(super) article: String,
    pub(super) covers: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) paths: Vec<Spanned<String>>,
    pub(super) client: Option<Spanned<String>>,
    pub(super) hash: Option<Spanned<String>>,
    pub(super) approver: Spanned<String>,
    pub(super) date: Spanned<toml::Value>,
    pub(super) reason: Spanned<String>,
    pub(super) expires: Spanned<toml::Value>,
    pub(super) revoked: Option<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetentionKey {
    pub(super) folder: Spanned<String>,
    pub(super) covers: Option<Spanned<String>>,
    pub(super) days: u32,
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotificationKey {
    pub(super) client: Spanned<String>,
    pub(super) record: Spanned<String>,
    pub(super) approver: Spanned<String>,
    pub(super) date: Spanned<toml::Value>,
    #[serde(default)]
    pub(super) note: String,
}
