//! The texts of `--help` about what is registered of clients.

use std::borrow::Cow;

use crate::message::{Lang, say};

/// What a command or option is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum RegisteredHelp {
    Ingest,
    IngestPaths,
    IngestList,
    Table,
    TableFile,
    Columns,
    Guessable,
    Forget,
    ForgetPaths,
    ForgetAll,
}

impl RegisteredHelp {
    /// The text in a language.
    pub(super) fn text(self, lang: Lang) -> Cow<'static, str> {
        match self {
            RegisteredHelp::Ingest => {
                say!(lang, "Register documents that a client provided", "取引先から提供された文書を登録する")
            }
            RegisteredHelp::IngestPaths => {
                say!(lang, "Files and folders that were provided", "提供されたファイルやフォルダー")
            }
            RegisteredHelp::IngestList => {
                say!(lang, "List what is registered of the client", "この取引先の登録内容を一覧にする")
            }
            RegisteredHelp::Table => say!(
                lang,
                "Register the values of a table that a client provided",
                "取引先から提供された表の値を登録する"
            ),
            RegisteredHelp::TableFile => {
                say!(lang, "The table: CSV, TSV, xlsx, ods …", "表のファイル(CSV、TSV、xlsx、ods など)")
            }
            RegisteredHelp::Columns => say!(
                lang,
                "What the columns hold: kind=heading, separated by commas (name=氏名,address=住所,email=#4)",
                "列の内容を「種類=見出し」で指定する(コンマ区切り。例: name=氏名,address=住所,email=#4)"
            ),
            RegisteredHelp::Guessable => say!(
                lang,
                "Register values of few possibilities too (phone numbers, names alone, numbers)",
                "推測可能な値(電話番号、氏名のみ、各種番号)も登録する"
            ),
            RegisteredHelp::Forget => {
                say!(lang, "Destroy what is registered of a client", "取引先の登録内容を破棄する")
            }
            RegisteredHelp::ForgetPaths => {
                say!(lang, "Registered files to forget", "登録から外すファイル")
            }
            RegisteredHelp::ForgetAll => {
                say!(lang, "Destroy everything, with the key", "鍵ごとすべて破棄する")
            }
        }
    }
}
