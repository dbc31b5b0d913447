//! The texts of watching, quarantine and schedule, and the names of places.

use std::borrow::Cow;

use super::{Lang, say};
use crate::finding::Place;

/// A kind of place for people; none for the ordinary one.
pub fn place(lang: Lang, place: Place) -> Option<Cow<'static, str>> {
    Some(match place {
        Place::Local => return None,
        Place::Removable => say!(lang, "removable medium", "取り外し可能な媒体"),
        Place::Network => say!(lang, "network share", "ネットワーク共有"),
        Place::CloudSync(service) => say!(lang, "synced to the cloud: {service}", "クラウド同期: {service}"),
        Place::PrintSpool => say!(lang, "print spool", "印刷待ち"),
        Place::Temp => say!(lang, "temporary folder", "一時フォルダー"),
        Place::Trash => say!(lang, "trash", "ごみ箱"),
    })
}

/// What watching, quarantine and schedule tell the user.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum Notice<'a> {
    Watching(&'a str),
    Overflow,
    Limit(&'a str),
    Refused(&'a str, &'a str),
    Gone(&'a str),
    Back(&'a str),
    Mounted(&'a str),
    NoFolder,
    NotAFolder(&'a str),
    EndlessJson,
    NoSuchAction(&'a str),
    NoCommand,
    NoNotifier,
    CommandFailed(&'a str),
    NotifyTitle(u64),
    NotifyBody { file: &'a str, what: &'a str, others: u64 },
    Quarantined { path: &'a str, id: &'a str },
    NotQuarantined { path: &'a str, why: &'a str },
    Mended { path: &'a str, kept: bool },
    WatchEnded { files: u64, findings: u64 },
    OtherNames(u64),
    WrittenMeanwhile,
    Leaves(&'a str, Place),
    NotPrivate(&'a str),
    NotAFile(&'a str),
    Changed(&'a str),
    Exists(&'a str),
    RestoredEarlier(&'a str),
    NoSuchId(&'a str),
    BadCopy(&'a str),
    BadRecord(&'a str),
    StateMoving,
    StateKept,
    StateRestored,
    StateDeleted,
    QuarantineEmpty,
    PutBack(&'a str),
    DeletedForGood(&'a str),
    BadWhen(&'a str),
    BadWord,
    NoKeeper,
    UnitAbout(bool),
    Scheduled(&'a str),
    WatchInstalled,
    AtNextStart,
    Uninstalled,
    NothingInstalled,
    StatusScheduled { when: &'a str, keeper: &'a str },
    StatusNone,
    StatusNext(&'a str),
    StatusLast(&'a str),
    StatusStopped(&'a str),
    StatusNever,
}

impl Notice<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            Notice::Watching(path) => {
                say!(lang, "Watching {path}. End with Ctrl-C.", "{path} を監視しています。終了は Ctrl-C。")
            }
            Notice::Overflow => say!(
                lang,
                "Changes came faster than the system reports them; looking through everything again.",
                "変更が多すぎて通知が失われたため、監視対象の全体を検査し直します。"
            ),
            Notice::Limit(folder) => say!(
                lang,
                "The system watches no more folders, from {folder} on. They are looked through every 30 seconds instead. \
                 To raise the limit: sudo sysctl fs.inotify.max_user_watches=1048576",
                "{folder} 以降のフォルダーは、システムの上限のため監視できません。代わりに 30 秒ごとに検査します。\
                 上限を上げるには: sudo sysctl fs.inotify.max_user_watches=1048576"
            ),
            Notice::Refused(folder, why) => {
                say!(lang, "{folder} is not watched: {why}", "{folder} は監視できません: {why}")
            }
            Notice::Gone(folder) => say!(
                lang,
                "{folder} is gone; it is watched again as soon as it is back.",
                "{folder} がなくなりました。再び現れたら監視を再開します。"
            ),
            Notice::Back(folder) => {
                say!(lang, "{folder} is back and is watched again.", "{folder} の監視を再開しました。")
            }
            Notice::Mounted(folder) => {
                say!(lang, "A medium at {folder} is watched, too.", "{folder} の媒体も監視します。")
            }
            Notice::NoFolder => say!(
                lang,
                "no folder to work in: name one, or set HOME",
                "対象のフォルダーがありません。フォルダーを指定するか HOME を設定してください"
            ),
            Notice::NotAFolder(path) => say!(lang, "{path} is not a folder", "{path} はフォルダーではありません"),
            Notice::EndlessJson => say!(
                lang,
                "a watch has no end, and --format json is one list; use --format jsonl",
                "監視には終わりがないため --format json は使えません。--format jsonl を使ってください"
            ),
            Notice::NoSuchAction(name) => say!(
                lang,
                "no action is called `{name}`: notify, quarantine, command",
                "`{name}` という対応はありません: notify, quarantine, command"
            ),
            Notice::NoCommand => {
                say!(lang, "the action `command` needs --command", "command を使うには --command の指定が必要です")
            }
            Notice::NoNotifier => say!(
                lang,
                "Notifications need `notify-send` (package libnotify-bin) or `busctl` (systemd), and neither is there.",
                "デスクトップ通知には notify-send(パッケージ libnotify-bin)または busctl(systemd)が必要ですが、見つかりません。"
            ),
            Notice::CommandFailed(why) => {
                say!(lang, "The command for findings failed: {why}", "検出時のコマンドが失敗しました: {why}")
            }
            Notice::NotifyTitle(n) => say!(lang, "Sekisho: {n} findings", "Sekisho: {n} 件を検出"),
            Notice::NotifyBody { file, what, others: 0 } => say!(lang, "{file}: {what}", "{file}: {what}"),
            Notice::NotifyBody { file, what, others } => {
                say!(lang, "{file}: {what}; and {others} more files", "{file}: {what}、ほか {others} ファイル")
            }
            Notice::Quarantined { path, id } => say!(
                lang,
                "Quarantined: {path} ({id}). It is still a copy; put it back with: sekisho quarantine restore {id}",
                "隔離しました: {path}({id})。複製として端末内に残っています。戻すには: sekisho quarantine restore {id}"
            ),
            Notice::NotQuarantined { path, why } => {
                say!(lang, "Not quarantined: {path}: {why}", "隔離できません: {path}: {why}")
            }
            Notice::Mended { path, kept: true } => say!(
                lang,
                "A move into quarantine that was cut short is complete: {path}",
                "中断していた隔離を完了しました: {path}"
            ),
            Notice::Mended { path, kept: false } => say!(
                lang,
                "A move into quarantine that was cut short has been undone; the file is where it was: {path}",
                "中断していた隔離を取り消しました。ファイルは元の場所にあります: {path}"
            ),
            Notice::WatchEnded { files, findings } => say!(
                lang,
                "The watch has ended: {files} files looked at, {findings} findings. What arrives now is looked at when it is started again.",
                "監視を終了しました(検査 {files} ファイル、検出 {findings} 件)。以後に届いたファイルは、次回の開始時に検査します。"
            ),
            Notice::OtherNames(n) => say!(
                lang,
                "The same file has {n} other names (hard links) that still lead to it.",
                "同じファイルに別の名前(ハードリンク)が {n} 個残っています。"
            ),
            Notice::WrittenMeanwhile => say!(
                lang,
                "Another program had it open and wrote to it meanwhile.",
                "隔離中に、別のプログラムがこのファイルへ書き込みました。"
            ),
            Notice::Leaves(folder, place) => {
                let place = self::place(lang, *place).unwrap_or_default();
                say!(
                    lang,
                    "the quarantine {folder} would lie where files leave this machine ({place}); set XDG_DATA_HOME to a folder of this machine",
                    "隔離先 {folder} は、ファイルがこの端末の外に出る場所({place})にあります。XDG_DATA_HOME で端末内のフォルダーを指定してください"
                )
            }
            Notice::NotPrivate(folder) => {
                say!(
                    lang,
                    "{folder} is a link or belongs to someone else; the quarantine needs a folder of your own",
                    "{folder} はリンクか、他の利用者のフォルダーです。隔離先には自分専用のフォルダーが必要です"
                )
            }
            Notice::NotAFile(path) => {
                say!(lang, "{path} is not an ordinary file", "{path} は通常のファイルではありません")
            }
            Notice::Changed(path) => {
                say!(
                    lang,
                    "{path} was changed meanwhile and stays where it is",
                    "{path} は処理中に変更されたため、元の場所に残しました"
                )
            }
            Notice::Exists(path) => {
                say!(
                    lang,
                    "{path} exists already and is not overwritten; choose another place with --to",
                    "{path} はすでに存在するため上書きしません。--to で別の場所を指定してください"
                )
            }
            Notice::RestoredEarlier(id) => {
                say!(lang, "you put this very file back ({id})", "以前に元へ戻されたファイルです({id})")
            }
            Notice::NoSuchId(id) => say!(
                lang,
                "no file is kept under the id `{id}` (see: sekisho quarantine list)",
                "ID `{id}` の隔離ファイルはありません(一覧: sekisho quarantine list)"
            ),
            Notice::BadCopy(path) => {
                say!(
                    lang,
                    "the copy at {path} did not read back as it was written; the original stays",
                    "{path} への複写を検証できなかったため、元のファイルを残しました"
                )
            }
            Notice::BadRecord(path) => {
                say!(
                    lang,
                    "{path} is no record of a quarantined file; move it out of the folder",
                    "{path} は隔離の記録として読めません。フォルダーの外へ移してください"
                )
            }
            Notice::StateMoving => say!(lang, "unfinished", "未完了"),
            Notice::StateKept => say!(lang, "kept", "隔離中"),
            Notice::StateRestored => say!(lang, "put back", "復元済み"),
            Notice::StateDeleted => say!(lang, "deleted", "削除済み"),
            Notice::QuarantineEmpty => say!(lang, "The quarantine is empty.", "隔離中のファイルはありません。"),
            Notice::PutBack(path) => say!(lang, "Put back: {path}", "元に戻しました: {path}"),
            Notice::DeletedForGood(path) => say!(lang, "Deleted: {path}", "削除しました: {path}"),
            Notice::BadWhen(text) => say!(
                lang,
                "`{text}` is no time; write daily, weekly, \"Mon 09:00\" or 09:00",
                "`{text}` は時刻として読めません。daily、weekly、\"月 09:00\"、09:00 のように書いてください"
            ),
            Notice::BadWord => say!(
                lang,
                "a path or argument with a control character, or that is no UTF-8, cannot be scheduled",
                "制御文字を含む、または UTF-8 でないパスや引数は登録できません"
            ),
            Notice::NoKeeper => say!(
                lang,
                "neither systemd's user manager nor cron works here; run `sekisho sweep` from whatever starts programs on this machine",
                "systemd のユーザーマネージャーも cron も使えません。この端末で使える方法で `sekisho sweep` を定期実行してください"
            ),
            Notice::UnitAbout(true) => say!(lang, "Sekisho sweep", "Sekisho 定期検査"),
            Notice::UnitAbout(false) => say!(lang, "Sekisho watch", "Sekisho 監視"),
            Notice::Scheduled(when) => say!(
                lang,
                "A sweep runs {when}; a run that is missed is made up for. To end it: sekisho sweep --unschedule",
                "{when} に検査します。実行できなかった回は後で補います。取り消すには: sekisho sweep --unschedule"
            ),
            Notice::WatchInstalled => say!(
                lang,
                "The watch runs in the background. To end it: sekisho watch --uninstall",
                "監視を常駐サービスとして登録しました。取り消すには: sekisho watch --uninstall"
            ),
            Notice::AtNextStart => say!(
                lang,
                "cron starts it when the machine starts the next time.",
                "次回の起動時に cron から開始されます。"
            ),
            Notice::Uninstalled => say!(lang, "Taken back.", "登録を取り消しました。"),
            Notice::NothingInstalled => say!(lang, "Nothing was installed.", "登録はありません。"),
            Notice::StatusScheduled { when, keeper } => {
                say!(lang, "Scheduled: {when} ({keeper})", "定期実行: {when}({keeper})")
            }
            Notice::StatusNone => say!(lang, "Not scheduled.", "定期実行の登録はありません。"),
            Notice::StatusNext(when) => say!(lang, "Next run: {when}", "次回: {when}"),
            Notice::StatusLast(when) => say!(lang, "Last run: {when}", "前回: {when}"),
            Notice::StatusStopped(when) => {
                say!(lang, "Last run: {when}, not finished", "前回: {when}(途中まで)")
            }
            Notice::StatusNever => say!(lang, "Last run: none", "前回: なし"),
        }
    }
}
