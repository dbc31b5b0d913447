//! The texts about clients: the ledger, approvals, retention, the deletion record, the audit chain.

use std::borrow::Cow;

use super::{Lang, say};

/// What is said of clients.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum ClientMessage<'a> {
    Added { id: &'a str, ledger: &'a str },
    Closed { id: &'a str, end: &'a str, last: &'a str },
    NoClients(&'a str),
    NoClient { id: &'a str, ledger: &'a str },
    NoLedgerPlace,
    BadId(&'a str),
    BadDay { option: &'a str, text: &'a str },
    ListHead { clients: usize, ledger: &'a str },
    Engagement { start: &'a str, end: &'a str },
    GoneBy(&'a str),
    Contact(&'a str),
    Workspace(&'a str),
    WorkspaceMissing(&'a str),
    WorkspaceAway { folder: &'a str, place: &'a str },
    Markers { words: usize, domains: usize },
}

impl ClientMessage<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            ClientMessage::Added { id, ledger } => say!(
                lang,
                "Registered {id} in {ledger}. The next sweep reads every file once more, to see what is theirs.",
                "{id} を {ledger} に登録しました。次回の巡回検査では、該当するデータを調べるため全ファイルを読み直します。"
            ),
            ClientMessage::Closed { id, end, last } => say!(
                lang,
                "The engagement of {id} ends on {end}; its data must be gone by {last}. See what is left: sekisho retention check",
                "{id} の契約終了日を {end} としました。データの削除期限は {last} です。残りを確認するには: sekisho retention check"
            ),
            ClientMessage::NoClients(ledger) => say!(
                lang,
                "no client is registered in {ledger}; add one: sekisho client add acme --name \"ACME Corp.\" --domain acme.example --workspace ~/work/acme --end 2026-09-30",
                "台帳 {ledger} に取引先がありません。登録するには: sekisho client add acme --name \"アクメ株式会社\" --domain acme.example --workspace ~/work/acme --end 2026-09-30"
            ),
            ClientMessage::NoClient { id, ledger } => say!(
                lang,
                "there is no client `{id}` in {ledger} (see: sekisho client list)",
                "台帳 {ledger} に取引先 `{id}` はありません(一覧: sekisho client list)"
            ),
            ClientMessage::NoLedgerPlace => say!(
                lang,
                "there is no home directory to keep the client ledger in; name it with --ledger FILE",
                "台帳を置くホームディレクトリがありません。--ledger ファイル で指定してください"
            ),
            ClientMessage::BadId(id) => say!(
                lang,
                "`{id}` cannot be an id; use lower-case letters, digits and - (at most 40)",
                "`{id}` は ID に使えません。英小文字・数字・- を 40 文字以内で指定してください"
            ),
            ClientMessage::BadDay { option, text } => say!(
                lang,
                "{option}: `{text}` is no day; write it as 2026-09-30",
                "{option}: `{text}` は日付ではありません。2026-09-30 の形で指定してください"
            ),
            ClientMessage::ListHead { clients, ledger } => {
                say!(lang, "{clients} clients in {ledger}:", "取引先 {clients} 社({ledger}):")
            }
            ClientMessage::Engagement { start, end } => {
                say!(lang, "engagement: {start} to {end}", "契約期間: {start} ~ {end}")
            }
            ClientMessage::GoneBy(day) => say!(lang, "data gone by: {day}", "データの削除期限: {day}"),
            ClientMessage::Contact(whom) => say!(lang, "notify: {whom}", "通知先: {whom}"),
            ClientMessage::Workspace(folder) => say!(lang, "workspace: {folder}", "作業フォルダー: {folder}"),
            ClientMessage::WorkspaceMissing(folder) => {
                say!(lang, "workspace: {folder} (not there now)", "作業フォルダー: {folder}(現在ありません)")
            }
            ClientMessage::WorkspaceAway { folder, place } => say!(
                lang,
                "workspace: {folder} (NOT ALLOWED HERE: {place})",
                "作業フォルダー: {folder}(保管場所に問題あり: {place})"
            ),
            ClientMessage::Markers { words, domains } => {
                say!(lang, "recognised by {words} words, {domains} domains", "識別語 {words} 件、ドメイン {domains} 件")
            }
        }
    }
}
