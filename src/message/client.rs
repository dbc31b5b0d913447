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
    FilesAndBytes { files: u64, bytes: &'a str },
    NeverSwept(&'a str),
    SweptLongAgo { folder: &'a str, days: i64 },
    SweepUnfinished(&'a str),
    RootAbsent { folder: &'a str, why: &'a str },
    ClientsChanged(&'a str),
    NotLookedAt(u64),
    Gaps,
    Overdue(u64),
    NothingOverdue,
    NothingKnown,
    Head { seq: i64, hash: &'a str },
    ByRules(u64),
    Kept { name: &'a str, files: &'a str, approved: u64 },
    DueBy { name: &'a str, files: &'a str, last: &'a str },
    OverdueBy { name: &'a str, files: &'a str, last: &'a str, days: i64 },
    ApprovalExpired(&'a str),
    TooOld(&'a str),
    AttributedBy(&'a str),
    Days(i64),
    Reminder(&'a str),
    SweepAgain(&'a str),
    NotMounted(&'a str),
    RecordComplete { name: &'a str, files: u64 },
    RecordIncomplete(&'a str),
    StillThere(u64),
    KeptByApproval(u64),
    NotVerified(u64),
    UnreadMayHold(u64),
    RecordWritten(&'a str),
    RecordDigest(&'a str),
    ApproveNotification(&'a str),
    NothingToPurge(&'a str),
    PurgePlan { files: &'a str, unlink: bool },
    NotDeleted { path: &'a str, why: &'a str },
    Purged { files: u64, unlink: bool, id: &'a str },
    NotInPlan(&'a str),
    NameFiles,
    Delete(&'a str),
    ChangedSince,
    OptionMissing(&'a str),
    ApprovalAdded { id: &'a str, until: &'a str },
    NoRecord(&'a str),
    NotificationApproved { id: &'a str, record: &'a str },
    ApprovalRevoked(&'a str),
    NoApprovals,
    AnyPlace,
    ExpiresSoon { id: &'a str, until: &'a str },
    ExpiredLately { id: &'a str, until: &'a str },
    TooBroad { id: &'a str, why: &'a str },
    Standing(&'a str),
    Broad(&'a str),
    Unused,
    Anchored { seq: i64, place: &'a str },
    EntryChanged(i64),
    EntryMissing(i64),
    AnchorDiffers(i64),
    AnchorsFit(u64),
    ChainWhole { seq: i64, hash: &'a str },
    Extends(i64),
    DoesNotExtend(i64),
}

impl ClientMessage<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            ClientMessage::FilesAndBytes { files, bytes } => {
                say!(lang, "{files} files, {bytes}", "{files} 件、{bytes}")
            }
            ClientMessage::NeverSwept(folder) => say!(
                lang,
                "{folder}: never swept; run: sekisho sweep --root {folder}",
                "{folder}: 一度も巡回検査されていません。実行するには: sekisho sweep --root {folder}"
            ),
            ClientMessage::SweptLongAgo { folder, days } => say!(
                lang,
                "{folder}: the last sweep is {days} days old; run: sekisho sweep",
                "{folder}: 最後の巡回検査から {days} 日経っています。実行するには: sekisho sweep"
            ),
            ClientMessage::SweepUnfinished(folder) => say!(
                lang,
                "{folder}: the last sweep did not come to its end; run: sekisho sweep",
                "{folder}: 最後の巡回検査が途中で終わっています。実行するには: sekisho sweep"
            ),
            ClientMessage::RootAbsent { folder, why } => say!(
                lang,
                "{folder}: {why} at the last sweep; connect it and sweep again",
                "{folder}: 最後の巡回検査で検査できませんでした({why})。接続してから再度巡回検査してください"
            ),
            ClientMessage::ClientsChanged(folder) => say!(
                lang,
                "{folder}: the clients in the ledger have changed since the last sweep; run: sekisho sweep",
                "{folder}: 最後の巡回検査の後に台帳の取引先が変わりました。実行するには: sekisho sweep"
            ),
            ClientMessage::NotLookedAt(n) => say!(
                lang,
                "{n} things could not be looked at (see: sekisho report)",
                "検査できなかったものが {n} 件あります(確認: sekisho report)"
            ),
            ClientMessage::Gaps => {
                say!(lang, "Not looked at, or not lately:", "検査されていない、または検査が古いもの:")
            }
            ClientMessage::Overdue(n) => say!(
                lang,
                "{n} files are overdue. Delete them (sekisho retention purge ID) or have an approval registered.",
                "期限を過ぎたファイルが {n} 件あります。削除する(sekisho retention purge ID)か、承認を登録してください。"
            ),
            ClientMessage::NothingOverdue => say!(lang, "Nothing is overdue.", "期限を過ぎたものはありません。"),
            ClientMessage::NothingKnown => say!(
                lang,
                "Nothing is known to be overdue, but not everything was looked at: see above.",
                "期限を過ぎたものは見つかっていませんが、検査されていないものがあります。上の一覧を確認してください。"
            ),
            ClientMessage::Head { seq, hash } => {
                say!(lang, "Audit chain: entry {seq}, {hash}", "監査記録: {seq} 件目、{hash}")
            }
            ClientMessage::ByRules(n) => say!(
                lang,
                "By rules of age and expired approvals: {n} overdue",
                "保管期間の規則・期限切れの承認: 超過 {n} 件"
            ),
            ClientMessage::Kept { name, files, approved } => say!(
                lang,
                "{name}: {files} may be here ({approved} by approval)",
                "{name}: 保管可 {files}(うち承認によるもの {approved} 件)"
            ),
            ClientMessage::DueBy { name, files, last } => say!(
                lang,
                "{name}: {files} have to be gone by {last}",
                "{name}: {files} を {last} までに削除する必要があります"
            ),
            ClientMessage::OverdueBy { name, files, last, days } => say!(
                lang,
                "{name}: {files} OVERDUE by up to {days} days (to be gone by {last})",
                "{name}: {files} が期限({last})を最大 {days} 日超過しています"
            ),
            ClientMessage::ApprovalExpired(id) => say!(lang, "approval {id} has expired", "承認 {id} の期限切れ"),
            ClientMessage::TooOld(rule) => say!(lang, "too old: {rule}", "保管期間超過: {rule}"),
            ClientMessage::AttributedBy(by) => say!(lang, "by {by}", "根拠 {by}"),
            ClientMessage::Days(n) => say!(lang, "{n} days overdue", "{n} 日超過"),
            ClientMessage::Reminder(name) => say!(lang, "Data of {name} must be gone", "{name} のデータ削除期限"),
            ClientMessage::SweepAgain(path) => say!(
                lang,
                "{path}: gone since the last sweep; sweep again, so that a copy elsewhere would be seen",
                "{path}: 最後の巡回検査の後に削除されています。別の場所への複製がないか、再度巡回検査してください"
            ),
            ClientMessage::NotMounted(path) => say!(
                lang,
                "{path}: lies on a medium that is not connected now",
                "{path}: 現在接続されていない媒体にあります"
            ),
            ClientMessage::RecordComplete { name, files } => {
                say!(lang, "{name}: all {files} files are gone.", "{name}: {files} 件すべての削除を確認しました。")
            }
            ClientMessage::RecordIncomplete(name) => say!(lang, "{name}: NOT complete.", "{name}: 未完了です。"),
            ClientMessage::StillThere(n) => say!(lang, "Still there ({n}):", "残っているもの({n} 件):"),
            ClientMessage::KeptByApproval(n) => {
                say!(lang, "Kept by approval ({n}):", "承認により保管しているもの({n} 件):")
            }
            ClientMessage::NotVerified(n) => say!(lang, "Could not be verified ({n}):", "確認できないこと({n} 件):"),
            ClientMessage::UnreadMayHold(n) => say!(
                lang,
                "Could not be read, copies may lie in it ({n}); look yourself, then repeat with --accept-unread:",
                "内容を検査できず、複製が残っている可能性があるもの({n} 件)。目視で確認のうえ、--accept-unread を付けて再実行してください:"
            ),
            ClientMessage::RecordWritten(path) => say!(lang, "Written: {path}", "書き出しました: {path}"),
            ClientMessage::RecordDigest(digest) => say!(lang, "Digest: {digest}", "ダイジェスト: {digest}"),
            ClientMessage::ApproveNotification(id) => say!(
                lang,
                "Send it, and when it has been approved: sekisho approve add --deletion {id} --approver NAME",
                "送付し、承認されたら登録してください: sekisho approve add --deletion {id} --approver 氏名"
            ),
            ClientMessage::NothingToPurge(id) => say!(
                lang,
                "Nothing of {id} is due that the last sweep saw.",
                "最後の巡回検査の時点で、{id} に削除すべきものはありません。"
            ),
            ClientMessage::PurgePlan { files, unlink: false } => {
                say!(lang, "To the trash ({files}):", "ゴミ箱へ移す予定({files}):")
            }
            ClientMessage::PurgePlan { files, unlink: true } => say!(
                lang,
                "To be deleted at once, without the trash ({files}):",
                "ゴミ箱を経ずに削除する予定({files}):"
            ),
            ClientMessage::NotDeleted { path, why } => {
                say!(lang, "not deleted: {path}: {why}", "削除していません: {path}: {why}")
            }
            ClientMessage::Purged { files, unlink: false, id } => say!(
                lang,
                "{files} files are in the trash now; they are gone only when it is emptied. Then: sekisho sweep, sekisho retention record {id}",
                "{files} 件をゴミ箱へ移しました。ゴミ箱を空にするまで消えません。その後: sekisho sweep、sekisho retention record {id}"
            ),
            ClientMessage::Purged { files, unlink: true, id } => say!(
                lang,
                "{files} files deleted. On SSDs and in snapshots their content may last; no secure erasure is claimed. Then: sekisho sweep, sekisho retention record {id}",
                "{files} 件を削除しました。SSD やスナップショットには内容が残る場合があり、完全消去ではありません。その後: sekisho sweep、sekisho retention record {id}"
            ),
            ClientMessage::NotInPlan(path) => say!(
                lang,
                "{path} is not in the plan; nothing was deleted",
                "{path} は削除予定に含まれていません。何も削除していません"
            ),
            ClientMessage::NameFiles => say!(
                lang,
                "Nothing was deleted. Name what is to go: --yes FILE (repeatable)",
                "何も削除していません。削除するファイルを --yes ファイル で指定してください(繰り返し可)"
            ),
            ClientMessage::Delete(path) => say!(lang, "Delete {path}? [y/N]", "{path} を削除しますか? [y/N]"),
            ClientMessage::ChangedSince => say!(
                lang,
                "it has changed since the last sweep; sweep again first",
                "最後の巡回検査の後に変更されています。先に巡回検査を実行してください"
            ),
            ClientMessage::OptionMissing(option) => {
                say!(lang, "an approval needs {option}", "承認の登録には {option} が必要です")
            }
            ClientMessage::ApprovalAdded { id, until } => {
                say!(lang, "Approval {id} holds until {until}.", "承認 {id} を登録しました({until} まで有効)。")
            }
            ClientMessage::NoRecord(id) => say!(
                lang,
                "there is no complete deletion record of {id}; make one: sekisho retention record {id}",
                "{id} の完了した削除記録がありません。作成するには: sekisho retention record {id}"
            ),
            ClientMessage::NotificationApproved { id, record } => say!(
                lang,
                "The deletion of {id} (record {record}) has been notified and approved.",
                "{id} の削除(記録 {record})の通知と承認を登録しました。"
            ),
            ClientMessage::ApprovalRevoked(id) => say!(
                lang,
                "Approval {id} is revoked; what it covered is reported again.",
                "承認 {id} を取り消しました。対象だった検出は再び報告されます。"
            ),
            ClientMessage::ExpiresSoon { id, until } => {
                say!(lang, "approval {id} expires on {until}", "承認 {id} は {until} に期限切れになります")
            }
            ClientMessage::ExpiredLately { id, until } => say!(
                lang,
                "approval {id} expired on {until}; what it covered is reported again",
                "承認 {id} は {until} に期限切れになりました。対象だった検出は再び報告されます"
            ),
            ClientMessage::TooBroad { id, why } => say!(lang, "approval {id} is {why}", "承認 {id} は{why}"),
            ClientMessage::AnyPlace => say!(lang, "(any place)", "(場所の指定なし)"),
            ClientMessage::NoApprovals => say!(lang, "No approvals are registered.", "登録された承認はありません。"),
            ClientMessage::Standing("in-force") => say!(lang, "in force", "有効"),
            ClientMessage::Standing("expiring") => say!(lang, "EXPIRES SOON", "まもなく期限切れ"),
            ClientMessage::Standing("expired") => say!(lang, "EXPIRED", "期限切れ"),
            ClientMessage::Standing("revoked") => say!(lang, "revoked", "取消済み"),
            ClientMessage::Standing(_) => say!(lang, "not yet in force", "開始前"),
            ClientMessage::Broad("covers-everything") => {
                say!(lang, "broad: it covers every detector", "範囲が広すぎます: すべての検出が対象です")
            }
            ClientMessage::Broad("longer-than-a-year") => {
                say!(lang, "broad: it holds for more than a year", "範囲が広すぎます: 有効期間が 1 年を超えています")
            }
            ClientMessage::Broad(_) => say!(
                lang,
                "broad: it names no folder, client or file",
                "範囲が広すぎます: フォルダー・取引先・ファイルの指定がありません"
            ),
            ClientMessage::Unused => {
                say!(lang, "unused: nothing that it covers is there", "未使用: 対象となる検出がありません")
            }
            ClientMessage::Anchored { seq, place } => say!(
                lang,
                "Entry {seq} of the audit chain is anchored: {place}",
                "監査記録の {seq} 件目までを記録しました: {place}"
            ),
            ClientMessage::EntryChanged(seq) => say!(
                lang,
                "the audit chain is BROKEN: entry {seq} is not what was written",
                "監査記録が改変されています: {seq} 件目が記録時と一致しません"
            ),
            ClientMessage::EntryMissing(seq) => say!(
                lang,
                "the audit chain is BROKEN: entry {seq} is missing",
                "監査記録が欠落しています: {seq} 件目がありません"
            ),
            ClientMessage::AnchorDiffers(seq) => say!(
                lang,
                "the audit chain is NOT the one that was anchored at entry {seq}",
                "監査記録が、{seq} 件目の時点で外部に残した記録と一致しません"
            ),
            ClientMessage::AnchorsFit(n) => say!(lang, "{n} anchors fit.", "外部の記録 {n} 件と一致しました。"),
            ClientMessage::ChainWhole { seq, hash } => say!(
                lang,
                "The audit chain is whole: {seq} entries, head {hash}. Without an anchor elsewhere that excludes accidents, not forgery.",
                "監査記録に破損はありません: {seq} 件、末尾 {hash}。外部に控えがない場合、事故は検出できますが、作り直しは検出できません。"
            ),
            ClientMessage::Extends(seq) => say!(
                lang,
                "It goes on from the earlier pack (entry {seq}).",
                "以前の監査パック({seq} 件目)の続きであることを確認しました。"
            ),
            ClientMessage::DoesNotExtend(seq) => say!(
                lang,
                "It does NOT go on from the earlier pack: entry {seq} is another one, or missing.",
                "以前の監査パックの続きではありません: {seq} 件目が異なるか、欠落しています。"
            ),
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
