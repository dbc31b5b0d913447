//! The texts of errors and problems: what happened, where, and what to do next.

use std::borrow::Cow;

use super::{Lang, say};
use crate::chunk::STOPPED;
use crate::error::{Error, Place, Problem, ProblemKind, SealFault, StateFault};

/// An error for the person who started the run.
pub fn error(lang: Lang, error: &Error) -> Cow<'static, str> {
    match error {
        Error::MissingPath(path) => {
            let path = path.display();
            say!(lang, "there is no such file or folder: {path}", "ファイルまたはフォルダーがありません: {path}")
        }
        Error::Usage(what) => say!(lang, "{what}\nSee: sekisho --help", "{what}\n使い方: sekisho --help"),
        Error::Refused(why) => say!(lang, "{why}", "{why}"),
        Error::File(place) => at(lang, place),
        Error::NoDetectors => say!(
            lang,
            "no detector is left to scan with; loosen --detector or --category (see: sekisho detectors list)",
            "使える検出器がありません。--detector や --category の指定を見直してください(一覧: sekisho detectors list)"
        ),
        Error::UnknownDetector(id) => say!(
            lang,
            "no detector is called `{id}` (see: sekisho detectors list)",
            "`{id}` という検出器はありません(一覧: sekisho detectors list)"
        ),
        Error::RevealIntoShared(path) => {
            let path = path.display();
            say!(
                lang,
                "--reveal writes raw values, and others can read {path}; make it private first (chmod 600) or leave --reveal out",
                "--reveal は値をそのまま書き出しますが、{path} は他の利用者も読めます。先に chmod 600 で保護するか、--reveal を外してください"
            )
        }
        Error::Git(what) => say!(lang, "git could not answer: {what}", "git から情報を取得できません: {what}"),
        Error::Io { path, source } => {
            let path = path.display();
            say!(lang, "{path}: {source}", "{path}: {source}")
        }
        Error::State { path, fault } => state(lang, &path.display().to_string(), fault),
        Error::Sealed { path, client, fault } => sealed(lang, &path.display().to_string(), client, *fault),
        Error::OutputClosed => say!(lang, "the reader of the output went away", "出力先が閉じられました"),
    }
}

/// What is wrong with what is registered of a client, and the way out.
fn sealed(lang: Lang, path: &str, client: &str, fault: SealFault) -> Cow<'static, str> {
    match fault {
        SealFault::Newer { version, known } => say!(
            lang,
            "{path} was written by a newer sekisho (version {version}, this program knows {known}); update this one, or destroy what is registered of {client} and register it again: sekisho client forget {client} --all",
            "{path} は新しい版の sekisho が書いたものです(バージョン {version}、この版は {known} まで)。sekisho を更新するか、{client} の登録内容を破棄して登録し直してください: sekisho client forget {client} --all"
        ),
        SealFault::Damaged => say!(
            lang,
            "{path} is damaged or was changed; what is registered of {client} cannot be used. Destroy it and register it again: sekisho client forget {client} --all",
            "{path} が壊れているか改変されており、{client} の登録内容を使えません。破棄して登録し直してください: sekisho client forget {client} --all"
        ),
        SealFault::Foreign => say!(
            lang,
            "{path} is no file of sekisho's; move it out of the way, or destroy what is registered of {client}: sekisho client forget {client} --all",
            "{path} は sekisho のファイルではありません。別の場所へ移すか、{client} の登録内容を破棄してください: sekisho client forget {client} --all"
        ),
        SealFault::KeyLost => say!(
            lang,
            "the key {path} is missing; without it nobody can read what is registered of {client}. Put it back, or destroy the rest and register it again: sekisho client forget {client} --all",
            "鍵 {path} がありません。鍵がないと {client} の登録内容は誰にも読めません。鍵を戻すか、残りを破棄して登録し直してください: sekisho client forget {client} --all"
        ),
        SealFault::KeyOther => say!(
            lang,
            "{path} was sealed with another key than the present one of {client}; put the right key back, or destroy it and register it again: sekisho client forget {client} --all",
            "{path} は {client} の現在の鍵とは別の鍵で封印されています。正しい鍵を戻すか、破棄して登録し直してください: sekisho client forget {client} --all"
        ),
        SealFault::NotAKey => say!(
            lang,
            "{path} should be the key of {client} and is none; put the right one back, or destroy what is registered: sekisho client forget {client} --all",
            "{path} は {client} の鍵のはずですが、鍵ではありません。正しい鍵を戻すか、登録内容を破棄してください: sekisho client forget {client} --all"
        ),
        SealFault::TooMuch => say!(
            lang,
            "{path}: more than can be registered of one client (4 thousand million letters); register fewer documents of {client}",
            "{path}: 一つの取引先に登録できる量(約 40 億文字)を超えます。{client} の登録文書を減らしてください"
        ),
    }
}

/// What is wrong with the state, and the way out.
fn state(lang: Lang, path: &str, fault: &StateFault) -> Cow<'static, str> {
    match fault {
        StateFault::Newer { version, known } => say!(
            lang,
            "{path} was written by a newer sekisho (schema {version}, this program knows {known}); update this one, or put the database aside and begin afresh: sekisho doctor --move-aside",
            "{path} は新しい版の sekisho が書いたものです(スキーマ {version}、この版は {known} まで)。sekisho を更新するか、データベースを退避して新しく始めてください: sekisho doctor --move-aside"
        ),
        StateFault::Damaged(what) => say!(
            lang,
            "the database {path} is damaged ({what}); save what can be read with: sekisho doctor --repair (the old file is kept)",
            "データベース {path} が壊れています({what})。読める部分を救い出すには: sekisho doctor --repair(元のファイルは残します)"
        ),
        StateFault::Foreign => say!(
            lang,
            "{path} is another program's database; move it away yourself, then run this again",
            "{path} は別のプログラムのデータベースです。移動してから、もう一度実行してください"
        ),
        StateFault::Missing => say!(
            lang,
            "there is no database yet ({path}); make one with: sekisho sweep",
            "データベースがまだありません({path})。作成するには: sekisho sweep"
        ),
        StateFault::ReadOnly => say!(
            lang,
            "{path} cannot be written, so nothing could be remembered; make it writable, point XDG_STATE_HOME elsewhere, or scan without memory: sekisho scan",
            "{path} に書き込めないため、記録できません。書き込めるようにするか、XDG_STATE_HOME で別の場所を指定するか、記録なしで検査してください: sekisho scan"
        ),
        StateFault::Full => say!(
            lang,
            "the disk is full: {path} could not be written; what was written before is safe. Make room and run it again, it will go on from there",
            "ディスクに空きがなく、{path} に書き込めません。それまでの記録は無事です。空きを作ってもう一度実行すれば、続きから再開します"
        ),
        StateFault::Busy => say!(
            lang,
            "another process keeps {path} locked; try again when it is done",
            "別のプロセスが {path} を使用中です。終わってからもう一度実行してください"
        ),
        StateFault::KeyLost(id) => say!(
            lang,
            "the key that the state's fingerprints were made with is missing: {path} (key {id}); put it back, or import it: sekisho key import FILE; without it begin afresh: sekisho doctor --move-aside",
            "記録の指紋に使った鍵がありません: {path}(鍵 {id})。元に戻すか、取り込んでください: sekisho key import ファイル。鍵が失われた場合は新しく始めてください: sekisho doctor --move-aside"
        ),
        StateFault::KeyOther { needed, found } => say!(
            lang,
            "the fingerprints in {path} were made with another key ({needed}, the present one is {found}); import that one: sekisho key import FILE; or begin afresh: sekisho doctor --move-aside",
            "{path} の指紋は別の鍵で作られています(必要な鍵 {needed}、現在の鍵 {found})。その鍵を取り込むか: sekisho key import ファイル、新しく始めてください: sekisho doctor --move-aside"
        ),
        StateFault::NotAKey => say!(
            lang,
            "{path} is no key of sekisho's, or was cut; take the file that `sekisho key export` wrote",
            "{path} は sekisho の鍵ではないか、途中で切れています。`sekisho key export` が書いたファイルを指定してください"
        ),
        StateFault::Sweeping => say!(
            lang,
            "another sweep is under way ({path}); wait for it, or stop it: the next one goes on from there",
            "別の巡回検査が実行中です({path})。終了を待つか、止めてください。次回は続きから再開します"
        ),
        StateFault::InUse => say!(
            lang,
            "{path} is in use, so it cannot be replaced now; end the watch first (Ctrl-C, or as a service: systemctl --user stop sekisho-watch), then run this again",
            "{path} は使用中のため、今は置き換えられません。先に監視を終了して(Ctrl-C、サービスなら systemctl --user stop sekisho-watch)、もう一度実行してください"
        ),
        StateFault::Other(what) => say!(
            lang,
            "the database {path} could not be used: {what} (see: sekisho doctor)",
            "データベース {path} を使えません: {what}(確認: sekisho doctor)"
        ),
    }
}

/// A mistake in a file, with its line.
fn at(lang: Lang, place: &Place) -> Cow<'static, str> {
    let Place { file, line, text, what } = place;
    if *line == 0 {
        return say!(lang, "{file}: {what}", "{file}: {what}");
    }
    say!(lang, "{file}, line {line}: {what}\n    {line} | {text}", "{file} の {line} 行目: {what}\n    {line} | {text}")
}

/// What no password of ours opens, by the names that `extract` gives.
const OWN_KEY: [&str; 13] = [
    "LUKS",
    "BitLocker",
    "dmg",
    "KeePass",
    "Password Safe",
    "rpmsg (IRM)",
    "office (IRM)",
    "age",
    "OpenSSL",
    "Ansible Vault",
    "git-crypt",
    "PGP",
    "S/MIME",
];

/// A problem in one line.
pub fn problem(lang: Lang, problem: &Problem) -> Cow<'static, str> {
    let what = &problem.what;
    match problem.kind {
        ProblemKind::Unsupported => {
            let next = next_step(lang, what);
            say!(
                lang,
                "{what}: this format may hold text that cannot be read here{next}",
                "{what}: テキストを含みうる形式ですが、この版では読めません{next}"
            )
        }
        ProblemKind::Encrypted if OWN_KEY.contains(&what.as_str()) => say!(
            lang,
            "{what}: encrypted with a key that is not here; decrypt it with its own program and scan the result",
            "{what}: 鍵で暗号化されているため開けません。専用のソフトで復号してから検査してください"
        ),
        ProblemKind::Encrypted => say!(
            lang,
            "{what}: needs a password (--password-file)",
            "{what}: パスワードが必要です(パスワードを1行に1つ書いたファイルを --password-file で指定してください)"
        ),
        ProblemKind::Damaged => say!(lang, "{what}: broken or cut off", "{what}: 壊れているか、途中で切れています"),
        ProblemKind::Limit if what == STOPPED => {
            say!(lang, "not read to its end: the scan was stopped", "検査が停止されたため、最後まで読んでいません")
        }
        ProblemKind::Limit => say!(lang, "limit reached: {what}", "上限に達しました: {what}"),
        ProblemKind::Unreadable => say!(lang, "could not be read: {what}", "読み取れません: {what}"),
        ProblemKind::Vanished => {
            say!(lang, "gone before it could be read: {what}", "読み取る前になくなりました: {what}")
        }
        ProblemKind::ParserFailed => say!(lang, "its parser failed: {what}", "解析に失敗しました: {what}"),
    }
}

/// A kind of problem, for counts.
pub fn problem_kind(lang: Lang, kind: ProblemKind) -> Cow<'static, str> {
    match kind {
        ProblemKind::Unsupported => say!(lang, "unsupported format", "未対応の形式"),
        ProblemKind::Encrypted => say!(lang, "encrypted", "暗号化"),
        ProblemKind::Damaged => say!(lang, "damaged", "破損"),
        ProblemKind::Limit => say!(lang, "limit reached", "上限超過"),
        ProblemKind::Unreadable => say!(lang, "unreadable", "読み取り不可"),
        ProblemKind::Vanished => say!(lang, "vanished", "消失"),
        ProblemKind::ParserFailed => say!(lang, "parser failed", "解析失敗"),
    }
}

/// What can be done about a format that cannot be read; empty where nothing particular can.
fn next_step(lang: Lang, format: &str) -> Cow<'static, str> {
    match format {
        "pst" => say!(
            lang,
            "; export the mail folders from Outlook as .msg or .eml files and scan those",
            "。Outlook からフォルダーを .msg または .eml で書き出して、そちらを検査してください"
        ),
        "parquet" | "arrow" | "feather" | "avro" | "orc" => say!(
            lang,
            "; export the table as CSV or JSON and scan that",
            "。表を CSV または JSON に書き出して、そちらを検査してください"
        ),
        _ if format.starts_with("image-only page") => say!(
            lang,
            " (scanned paper: text in pictures is not recognised; look at these pages yourself)",
            "(スキャン画像のページです。画像内の文字は認識しません。該当ページは目視で確認してください)"
        ),
        _ => Cow::Borrowed(""),
    }
}
