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
    Retention,
    Check,
    All,
    Ics,
    Record,
    RecordFolder,
    AcceptUnread,
    By,
    Purge,
    Unlink,
    YesFile,
    Approve,
    ApproveAdd,
    ApproveRevoke,
    ApproveList,
    Article,
    Covers,
    ApprovePath,
    ApproveClient,
    ApproveFile,
    Approver,
    Date,
    Reason,
    Expires,
    ApprovalId,
    Deletion,
    Audit,
    Anchor,
    AnchorTarget,
    AuditExport,
    Previous,
    VerifyAudit,
    AnchorFile,
}

impl ClientHelp {
    /// The text in a language.
    pub(super) fn text(self, lang: Lang) -> Cow<'static, str> {
        match self {
            ClientHelp::Retention => say!(
                lang,
                "What is overdue, the deletion record, deleting file by file",
                "保管期限の確認・削除記録・削除"
            ),
            ClientHelp::Check => say!(
                lang,
                "What is overdue, for which client, by how many days",
                "期限を過ぎたデータを取引先ごとに表示する"
            ),
            ClientHelp::All => say!(lang, "List every file", "すべてのファイルを一覧する"),
            ClientHelp::Ics => say!(
                lang,
                "Write the last days of all clients as a calendar file",
                "削除期限をカレンダーファイルに書き出す"
            ),
            ClientHelp::Record => say!(
                lang,
                "Verify that a client's data is gone and write the deletion record",
                "取引先のデータが消えたことを確認し、削除記録を作成する"
            ),
            ClientHelp::RecordFolder => {
                say!(lang, "Write the record to this folder, too", "削除記録をこのフォルダーにも書き出す")
            }
            ClientHelp::AcceptUnread => say!(
                lang,
                "Accept that files that could not be read were not examined",
                "検査できないファイルがあることを了承する"
            ),
            ClientHelp::By => say!(lang, "Who makes the record", "記録の作成者"),
            ClientHelp::Purge => say!(
                lang,
                "Delete a client's data that is due, each file only when confirmed",
                "期限の来たデータを、1 件ずつ確認して削除する"
            ),
            ClientHelp::Unlink => say!(lang, "Delete at once instead of moving to the trash", "ゴミ箱に移さず削除する"),
            ClientHelp::YesFile => say!(
                lang,
                "Delete this file of the plan without asking (repeatable)",
                "予定にあるこのファイルを確認なしで削除する(繰り返し可)"
            ),
            ClientHelp::Approve => say!(lang, "Prior approvals", "事前承認を管理する"),
            ClientHelp::ApproveAdd => say!(
                lang,
                "Register an approval, or that a deletion's notification was approved",
                "承認(または削除通知の承認)を登録する"
            ),
            ClientHelp::ApproveRevoke => say!(lang, "Take an approval back", "承認を取り消す"),
            ClientHelp::ApproveList => say!(
                lang,
                "Approvals: in force, expiring, expired, unused, too broad",
                "承認の一覧(有効・期限切れ・未使用・範囲過大)"
            ),
            ClientHelp::Article => say!(lang, "The article of the rule (default: 7-1)", "規程の条項(既定: 7-1)"),
            ClientHelp::Covers => {
                say!(lang, "Detector or category that is covered (repeatable)", "対象の検出器または分類(繰り返し可)")
            }
            ClientHelp::ApprovePath => say!(
                lang,
                "Folder or file in which it holds (repeatable)",
                "対象のフォルダーまたはファイル(繰り返し可)"
            ),
            ClientHelp::ApproveClient => say!(lang, "Only for this client's data", "この取引先のデータに限る"),
            ClientHelp::ApproveFile => {
                say!(lang, "Only for a file with the content of this one", "このファイルと同じ内容に限る")
            }
            ClientHelp::Approver => say!(lang, "Who approved it", "承認者"),
            ClientHelp::Date => say!(lang, "The day (default: today)", "日付(既定: 今日)"),
            ClientHelp::Reason => say!(lang, "What for", "理由"),
            ClientHelp::Expires => say!(lang, "The last day on which it holds", "有効期限"),
            ClientHelp::ApprovalId => say!(lang, "The approval's id", "承認の ID"),
            ClientHelp::Deletion => say!(
                lang,
                "The notification of this client's deletion was approved",
                "この取引先の削除通知が承認されたことを登録する"
            ),
            ClientHelp::Audit => say!(lang, "The audit chain", "監査記録を管理する"),
            ClientHelp::Anchor => say!(
                lang,
                "Note the head of the audit chain elsewhere: at the end of a file, or as a tag in the git repository here (git)",
                "監査記録の末尾を外部に控える(ファイルに追記、または git でこのリポジトリのタグ)"
            ),
            ClientHelp::AnchorTarget => say!(lang, "A file, or git", "ファイル、または git"),
            ClientHelp::AuditExport => {
                say!(lang, "Write the audit chain as JSON instead", "監査記録を JSON で書き出す")
            }
            ClientHelp::Previous => say!(
                lang,
                "Prove that the chain goes on from this earlier pack",
                "以前の監査パックの続きであることを確認する"
            ),
            ClientHelp::VerifyAudit => say!(lang, "Check every entry of the audit chain", "監査記録の全件を検証する"),
            ClientHelp::AnchorFile => say!(
                lang,
                "With --verify-audit: compare with the anchors in this file",
                "--verify-audit と併用: このファイルの控えと照合する"
            ),
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
