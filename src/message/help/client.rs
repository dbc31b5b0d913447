//! The texts of `--help` about clients, approvals and retention.

use std::borrow::Cow;

use crate::message::{Lang, say};

/// What a command or option is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum ClientHelp {
    Client,
    Add,
    Close,
    List,
    Ledger,
    Id,
    Name,
    Alias,
    Domain,
    Code,
    Workspace,
    Start,
    End,
    GraceDays,
    Contact,
}

impl ClientHelp {
    /// The text in a language.
    pub(super) fn text(self, lang: Lang) -> Cow<'static, str> {
        match self {
            ClientHelp::Client => say!(lang, "Whose data may be here: the client ledger", "取引先台帳を管理する"),
            ClientHelp::Add => say!(lang, "Register a client", "取引先を登録する"),
            ClientHelp::Close => say!(lang, "Say when an engagement ends", "契約の終了日を記録する"),
            ClientHelp::List => {
                say!(lang, "Clients, their engagements and places", "取引先と契約期間・作業フォルダーの一覧")
            }
            ClientHelp::Ledger => say!(
                lang,
                "The client ledger (default: clients.toml beside the settings)",
                "取引先台帳ファイル(既定: 設定フォルダーの clients.toml)"
            ),
            ClientHelp::Id => {
                say!(lang, "Short name of the client: lower-case letters, digits, -", "取引先の ID(英小文字・数字・-)")
            }
            ClientHelp::Name => {
                say!(lang, "A name as it stands in documents (repeatable)", "文書に現れる名称(繰り返し可)")
            }
            ClientHelp::Alias => say!(lang, "Another word that stands for it (repeatable)", "別名・略称(繰り返し可)"),
            ClientHelp::Domain => {
                say!(lang, "Its domain, acme.example (repeatable)", "ドメイン名(例 acme.example、繰り返し可)")
            }
            ClientHelp::Code => {
                say!(lang, "Code of a project or contract (repeatable)", "案件・契約のコード(繰り返し可)")
            }
            ClientHelp::Workspace => {
                say!(
                    lang,
                    "Folder in which everything is this client's (repeatable)",
                    "この取引先専用の作業フォルダー(繰り返し可)"
                )
            }
            ClientHelp::Start => say!(lang, "First day of the engagement, 2026-04-01", "契約の開始日(例 2026-04-01)"),
            ClientHelp::End => say!(lang, "Last day of the engagement", "契約の終了日"),
            ClientHelp::GraceDays => {
                say!(
                    lang,
                    "Days after the end within which its data must be gone (default: 14)",
                    "終了後、削除までの猶予日数(既定: 14)"
                )
            }
            ClientHelp::Contact => say!(lang, "Whom to notify of the deletion", "削除を通知する相手"),
        }
    }
}
