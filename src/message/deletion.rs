//! The texts of the deletion record.

use std::borrow::Cow;

use super::{Lang, say};

/// What stands in a deletion record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum DeletionText {
    Title,
    Complete,
    Incomplete,
    Client,
    Engagement,
    GoneBy,
    Made,
    By,
    Sweep,
    Roots,
    Audit,
    Digest,
    Gone,
    Path,
    Size,
    Hash,
    Evidence,
    FirstSeen,
    LastSeen,
    Absent,
    Remains,
    Approved,
    Unverified,
    NotLookedAt,
    Accepted,
    NotAccepted,
    Limits,
    Approval,
    Approver,
    Day,
    Seal,
}

impl DeletionText {
    /// The text in a language.
    pub fn text(self, lang: Lang) -> Cow<'static, str> {
        match self {
            DeletionText::Title => say!(lang, "Deletion record", "削除記録"),
            DeletionText::Complete => say!(
                lang,
                "Complete: nothing of this client was found in any place that was examined.",
                "完了: 調査したすべての場所で、この取引先のデータは見つかりませんでした。"
            ),
            DeletionText::Incomplete => say!(
                lang,
                "NOT complete: see below what remains or could not be verified.",
                "未完了: 残っているもの、確認できないものがあります。以下を参照してください。"
            ),
            DeletionText::Client => say!(lang, "Client", "取引先"),
            DeletionText::Engagement => say!(lang, "Engagement", "契約期間"),
            DeletionText::GoneBy => say!(lang, "To be gone by", "削除期限"),
            DeletionText::Made => say!(lang, "Made (UTC)", "作成日時(UTC)"),
            DeletionText::By => say!(lang, "Made by", "作成者"),
            DeletionText::Sweep => say!(lang, "Verified by the sweep of (UTC)", "確認に用いた巡回検査(UTC)"),
            DeletionText::Roots => say!(lang, "Places examined", "調査した場所"),
            DeletionText::Audit => say!(lang, "Audit chain before it", "直前の監査記録"),
            DeletionText::Digest => say!(
                lang,
                "Digest of this record (BLAKE3 of the JSON file)",
                "本記録のダイジェスト(JSON ファイルの BLAKE3)"
            ),
            DeletionText::Gone => say!(lang, "Gone", "削除を確認したファイル"),
            DeletionText::Path => say!(lang, "Path", "パス"),
            DeletionText::Size => say!(lang, "Bytes", "バイト数"),
            DeletionText::Hash => say!(lang, "Keyed hash", "鍵付きハッシュ"),
            DeletionText::Evidence => say!(lang, "Attributed by", "帰属の根拠"),
            DeletionText::FirstSeen => say!(lang, "First seen", "初回確認"),
            DeletionText::LastSeen => say!(lang, "Last seen", "最終確認"),
            DeletionText::Absent => say!(lang, "Verified absent", "消失確認"),
            DeletionText::Remains => say!(lang, "Still there", "残っているもの"),
            DeletionText::Approved => say!(lang, "Kept by approval", "承認により保管しているもの"),
            DeletionText::Unverified => say!(lang, "Could not be verified", "確認できないこと"),
            DeletionText::NotLookedAt => say!(lang, "Could not be read", "内容を検査できないファイル"),
            DeletionText::Accepted => {
                say!(
                    lang,
                    "The maker of this record has accepted that these were not examined.",
                    "作成者は、以下が検査できないことを了承しています。"
                )
            }
            DeletionText::NotAccepted => {
                say!(lang, "Copies may lie in these.", "これらの中に複製が残っている可能性があります。")
            }
            DeletionText::Limits => say!(
                lang,
                "Examined: the places named above, the trash, file system snapshots and the quarantine of this machine as far as they could be seen. Not examined: media that were not connected, servers, mail boxes and cloud storage elsewhere, earlier versions that a cloud service keeps, and what may be left in unused blocks of a disk. No secure erasure is claimed.",
                "調査範囲: 上記の場所、およびこの端末から見えるゴミ箱・スナップショット・隔離フォルダー。調査対象外: 接続していない媒体、サーバー・メールボックス・外部のクラウド、クラウド側の旧版、ディスクの未使用領域。完全消去を保証するものではありません。"
            ),
            DeletionText::Approval => say!(lang, "Approval of this notification", "通知の承認欄"),
            DeletionText::Approver => say!(lang, "Approved by", "承認者"),
            DeletionText::Day => say!(lang, "Date", "日付"),
            DeletionText::Seal => say!(lang, "Signature", "署名・押印"),
        }
    }
}
