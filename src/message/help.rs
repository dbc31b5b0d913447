//! The texts of `--help`.

mod client;
mod registered;

use std::borrow::Cow;

use super::{Lang, say};

pub use client::ClientHelp;
pub use registered::RegisteredHelp;

/// What a command or option is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum Help {
    Program,
    Scan,
    Demo,
    Watch,
    Sweep,
    Root,
    Exclude,
    NoExclusions,
    MaxDuration,
    Full,
    Priority,
    Report,
    ReportFormat,
    Key,
    KeyExport,
    KeyImport,
    KeyFile,
    Yes,
    Doctor,
    Repair,
    MoveAside,
    Hook,
    HookRun,
    HookInstall,
    HookUninstall,
    HookTrust,
    HookGlobal,
    InstallPrePush,
    InstallPreReceive,
    WholeFiles,
    Strict,
    CommitMsg,
    PrePush,
    PreReceive,
    Git,
    Repository,
    Range,
    Baseline,
    BaselineCreate,
    BaselineUpdate,
    BaselinePrune,
    BaselineFile,
    Detectors,
    DetectorsList,
    DetectorsShow,
    DetectorsCheck,
    DetectorsNew,
    Completions,
    Man,
    Paths,
    Folders,
    Format,
    Output,
    Reveal,
    MinConfidence,
    Detector,
    Category,
    Rules,
    Config,
    Policy,
    Set,
    ShowSuppressed,
    NoInlineAllow,
    MaxFindings,
    MaxNesting,
    MaxFileSize,
    PasswordFile,
    SkipHidden,
    RespectIgnore,
    Follow,
    Jobs,
    Language,
    ExitZero,
    FailOnProblem,
    Progress,
    NoProgress,
    DetectorId,
    DetectorFile,
    Shell,
    HelpFlag,
    Version,
    Once,
    Action,
    Command,
    Media,
    NoMedia,
    Install,
    Uninstall,
    Quarantine,
    QuarantineList,
    QuarantineAll,
    QuarantineRestore,
    QuarantineTo,
    QuarantineDelete,
    QuarantineId,
    Schedule,
    Unschedule,
    ScheduleStatus,
    IfDue,
    Client(ClientHelp),
    Registered(RegisteredHelp),
    AfterHelp,
}

impl Help {
    /// The text in a language.
    pub fn text(self, lang: Lang) -> Cow<'static, str> {
        match self {
            Help::Program => say!(
                lang,
                "Finds credentials, personal information and confidential material in files and streams.",
                "ファイルやストリームの中の認証情報・個人情報・秘密情報を見つけます。"
            ),
            Help::Scan => {
                say!(lang, "Scan files, folders or standard input (-)", "ファイル、フォルダー、標準入力(-)を検査する")
            }
            Help::Demo => say!(lang, "Scan a sample home directory", "見本のホームディレクトリを検査する"),
            Help::Watch => {
                say!(lang, "Watch folders and scan what arrives", "フォルダーを監視し、届いたものを検査する")
            }
            Help::Sweep => say!(
                lang,
                "Look through your roots again: read what has changed, say what is new, still there and gone",
                "設定した場所を巡回し、変更されたものだけを読んで、新規・残存・解消を報告する"
            ),
            Help::Root => say!(
                lang,
                "Folder to sweep [default: the configured roots, else your home] (repeatable)",
                "巡回するフォルダー [既定: 設定の roots、なければホーム](複数可)"
            ),
            Help::Exclude => say!(
                lang,
                "Pass over what matches, as in .gitignore; ~/ is your home (repeatable)",
                ".gitignore と同じ書式で対象外を指定する。~/ はホーム(複数可)"
            ),
            Help::NoExclusions => {
                say!(lang, "Sweep caches and package stores too", "キャッシュやパッケージ保管庫も巡回する")
            }
            Help::MaxDuration => say!(
                lang,
                "Stop after this time (90s, 30m, 2h); the next sweep goes on from there",
                "この時間で中断する(90s, 30m, 2h)。次回は続きから再開する"
            ),
            Help::Full => say!(lang, "Read unchanged files again too", "変更のないファイルも読み直す"),
            Help::Priority => say!(
                lang,
                "Priority for processor and disks: low, normal [default: low]",
                "CPU とディスクの優先度: low, normal [既定: low]"
            ),
            Help::Report => {
                say!(lang, "Say what stands open, and how the last sweeps went", "未解消の検出と巡回の推移を報告する")
            }
            Help::ReportFormat => say!(lang, "Output format: text, json", "出力形式: text, json"),
            Help::Key => say!(lang, "The key of fingerprints", "指紋の鍵"),
            Help::KeyExport => {
                say!(lang, "Write the key out, to share it or keep a copy", "鍵を書き出す(共有・控え用)")
            }
            Help::KeyImport => say!(lang, "Use a key that was exported", "書き出された鍵を取り込んで使う"),
            Help::KeyFile => say!(lang, "File with the key [default: standard input]", "鍵のファイル [既定: 標準入力]"),
            Help::Yes => say!(lang, "Do it although there is a warning", "警告があっても実行する"),
            Help::Doctor => {
                say!(lang, "Check the records, the key and the system's limits", "記録・鍵・システムの上限を点検する")
            }
            Help::Repair => say!(
                lang,
                "Save what can be read of damaged records; the old file is kept",
                "壊れた記録から読める部分を救い出す。元のファイルは残す"
            ),
            Help::MoveAside => {
                say!(lang, "Put the records aside, so that new ones begin", "記録を退避し、新しく始められるようにする")
            }
            Help::Hook => {
                say!(lang, "Hooks of git: look at every commit before it is made", "git のフック(コミット前の検査)")
            }
            Help::HookRun => say!(lang, "Scan what is staged", "ステージ済みの内容を検査する"),
            Help::HookInstall => say!(
                lang,
                "Install the hooks of a commit in this repository",
                "このリポジトリにコミット時のフックを設置する"
            ),
            Help::HookUninstall => {
                say!(lang, "Remove the hooks; what was there before comes back", "フックを取り除き、元の状態に戻す")
            }
            Help::HookTrust => say!(
                lang,
                "Let this repository's .sekisho.toml lower what is looked for, as it is now",
                "このリポジトリの .sekisho.toml(現在の内容)が検査を緩めることを認める"
            ),
            Help::HookGlobal => {
                say!(lang, "For all repositories of this user", "この利用者のすべてのリポジトリを対象にする")
            }
            Help::InstallPrePush => say!(lang, "The push hook too", "プッシュ時のフックも設置する"),
            Help::InstallPreReceive => say!(
                lang,
                "The hook of a server instead [default in a bare repository]",
                "サーバー側のフックを設置する [ベアリポジトリでの既定]"
            ),
            Help::WholeFiles => {
                say!(lang, "Report whole files, not only their new lines", "新しい行だけでなく、ファイル全体を報告する")
            }
            Help::Strict => say!(
                lang,
                "Stop git also where something could not be looked at",
                "検査できないものがある場合も git を中止する"
            ),
            Help::CommitMsg => {
                say!(lang, "Scan this commit message instead", "代わりにこのコミットメッセージを検査する")
            }
            Help::PrePush => say!(
                lang,
                "Scan what is pushed, as listed on standard input",
                "標準入力に列挙された、プッシュされる内容を検査する"
            ),
            Help::PreReceive => say!(
                lang,
                "Scan what a server receives, as listed on standard input; no settings of the repository count",
                "標準入力に列挙された、サーバーが受け取る内容を検査する。リポジトリの設定には従わない"
            ),
            Help::Git => say!(
                lang,
                "Scan all of a repository's history, or a range of it",
                "リポジトリの全履歴、またはその一部を検査する"
            ),
            Help::Repository => {
                say!(lang, "The repository, bare or not [default: here]", "リポジトリ(ベアも可)[既定: 現在の場所]")
            }
            Help::Range => say!(
                lang,
                "Only what these commits have brought, as git log names them",
                "これらのコミットが持ち込んだ内容だけを検査する(git log の書式)"
            ),
            Help::Baseline => say!(lang, "Record known findings", "既知の検出を登録する"),
            Help::BaselineCreate => say!(
                lang,
                "Record all that is found now [in .sekisho-baseline]",
                "現在の検出をすべて登録する [.sekisho-baseline に]"
            ),
            Help::BaselineUpdate => say!(lang, "Add what is found now", "現在の検出を追加する"),
            Help::BaselinePrune => say!(lang, "Take out what matches nothing any more", "もう一致しない登録を取り除く"),
            Help::BaselineFile => {
                say!(lang, "Known findings, which raise no alarm", "既知の検出のファイル(警告しない)")
            }
            Help::Detectors => say!(lang, "List, show, check and write detectors", "検出器の一覧・表示・検査・作成"),
            Help::DetectorsList => say!(lang, "List the detectors", "検出器の一覧"),
            Help::DetectorsShow => say!(lang, "Show one detector", "検出器を一つ表示する"),
            Help::DetectorsCheck => {
                say!(lang, "Lint detectors and run their examples", "検出器を検査し、その例を実行する")
            }
            Help::DetectorsNew => say!(lang, "Write the skeleton of a new detector", "新しい検出器のひな型を作る"),
            Help::Completions => say!(lang, "Print completions for a shell", "シェルの補完スクリプトを出力する"),
            Help::Man => say!(lang, "Print the manual page", "マニュアルページを出力する"),
            Help::Paths => say!(
                lang,
                "Files or folders; - is standard input [default: .]",
                "ファイルまたはフォルダー。- は標準入力 [既定: .]"
            ),
            Help::Folders => {
                say!(lang, "Folders [default: your download folder]", "フォルダー [既定: ダウンロードフォルダー]")
            }
            Help::Format => say!(lang, "Output format: text, json, jsonl", "出力形式: text, json, jsonl"),
            Help::Output => {
                say!(lang, "Write to a file instead of standard output", "標準出力の代わりにファイルへ書く")
            }
            Help::Reveal => say!(
                lang,
                "Show raw values (never into files others can read)",
                "値を伏せずに表示する(他人が読めるファイルには不可)"
            ),
            Help::MinConfidence => {
                say!(lang, "Least confidence reported: low, medium, high", "報告する最低の確度: low, medium, high")
            }
            Help::Detector => say!(lang, "Use only these detectors (repeatable)", "この検出器だけを使う(複数可)"),
            Help::Category => say!(
                lang,
                "Use only this category: credential, personal, confidential, client (repeatable)",
                "この分類だけを使う: credential, personal, confidential, client(複数可)"
            ),
            Help::Rules => say!(
                lang,
                "Add detectors: your own, or rules of gitleaks; a file or folder (repeatable)",
                "検出器を加える: 自作のもの、または gitleaks のルール。ファイルまたはフォルダー(複数可)"
            ),
            Help::Config => say!(lang, "Read settings from this file", "このファイルから設定を読む"),
            Help::Policy => say!(
                lang,
                "The rule that findings are mapped to (policies/*.toml)",
                "検出を対応づける規程(policies/*.toml)"
            ),
            Help::Set => {
                say!(lang, "Scan a named set of places from the settings", "設定にある名前付きの場所を検査する")
            }
            Help::ShowSuppressed => {
                say!(lang, "List suppressed findings with the reason", "抑止した検出も理由とともに表示する")
            }
            Help::NoInlineAllow => say!(lang, "Ignore sekisho:allow comments", "sekisho:allow コメントを無視する"),
            Help::MaxFindings => say!(
                lang,
                "Findings shown for each file and detector, 0 for all [default: 10 in text, else 1000]",
                "ファイルと検出器ごとに表示する件数。0 は全件 [既定: text は 10、他は 1000]"
            ),
            Help::MaxNesting => {
                say!(lang, "Containers within containers that are opened", "入れ子になった書庫などを開く深さ")
            }
            Help::MaxFileSize => say!(
                lang,
                "Larger files are not read (bytes, or 10k, 5M, 2G)",
                "これより大きいファイルは読まない(バイト数、または 10k, 5M, 2G)"
            ),
            Help::PasswordFile => say!(
                lang,
                "Passwords to try on what is encrypted, one a line; never stored",
                "暗号化されたものに試すパスワード(1 行に 1 つ)。保存しません"
            ),
            Help::SkipHidden => say!(lang, "Pass over hidden files and folders", "隠しファイル・フォルダーを除く"),
            Help::RespectIgnore => say!(lang, "Pass over what .gitignore names", ".gitignore の対象を除く"),
            Help::Follow => say!(lang, "Follow symbolic links inside the root", "ルート内のシンボリックリンクをたどる"),
            Help::Jobs => say!(lang, "Worker threads [default: all cores]", "並列数 [既定: 全コア]"),
            Help::Language => {
                say!(lang, "Language: ja or en [default: from the locale]", "表示言語: ja または en [既定: ロケール]")
            }
            Help::ExitZero => say!(lang, "Exit with 0 instead of 1 or 3", "終了コード 1 と 3 の代わりに 0 を返す"),
            Help::FailOnProblem => say!(
                lang,
                "Exit with 3 instead of 1 where something could not be looked at",
                "検査できないものがあれば 1 ではなく 3 を返す"
            ),
            Help::Progress => say!(lang, "Show progress", "進行状況を表示する"),
            Help::NoProgress => say!(lang, "Show no progress", "進行状況を表示しない"),
            Help::DetectorId => {
                say!(lang, "Id of a detector, e.g. credential/github-token", "検出器の ID(例: credential/github-token)")
            }
            Help::DetectorFile => say!(
                lang,
                "Detector files or folders [default: the built-in ones]",
                "検出器のファイルまたはフォルダー [既定: 組み込み]"
            ),
            Help::Shell => say!(lang, "bash, zsh, fish, elvish, powershell", "bash, zsh, fish, elvish, powershell"),
            Help::HelpFlag => say!(lang, "Print help", "使い方を表示する"),
            Help::Version => say!(lang, "Print version", "版を表示する"),
            Help::Once => say!(lang, "Scan what is there now, then end", "いまあるものだけを検査して終わる"),
            Help::Action => say!(
                lang,
                "What to do about a file with findings: notify, quarantine, command (repeatable)",
                "検出があったファイルへの対応: notify(通知)、quarantine(隔離)、command(複数可)"
            ),
            Help::Command => say!(
                lang,
                "Command to run for each file with findings; it gets SEKISHO_PATH, SEKISHO_DETECTORS, …",
                "検出があったファイルごとに実行するコマンド。SEKISHO_PATH、SEKISHO_DETECTORS などの環境変数を渡す"
            ),
            Help::Media => say!(
                lang,
                "Watch media that are plugged in, too [default without folders]",
                "接続された媒体(USB など)も監視する [フォルダー指定なしの既定]"
            ),
            Help::NoMedia => say!(lang, "Do not watch media that are plugged in", "接続された媒体を監視しない"),
            Help::Install => {
                say!(lang, "Run this watch in the background from now on", "この監視を常駐サービスとして登録する")
            }
            Help::Uninstall => say!(lang, "Do not run it in the background any more", "常駐サービスの登録を取り消す"),
            Help::Quarantine => say!(lang, "Files that watch has put away", "watch が隔離したファイル"),
            Help::QuarantineList => say!(lang, "List quarantined files", "隔離したファイルの一覧"),
            Help::QuarantineAll => {
                say!(lang, "Those put back or deleted, too", "戻したもの・削除したものも表示する")
            }
            Help::QuarantineRestore => {
                say!(lang, "Put a file back; never over another", "ファイルを元に戻す(上書きはしない)")
            }
            Help::QuarantineTo => say!(lang, "Put it here instead", "元の場所の代わりにここへ戻す"),
            Help::QuarantineDelete => {
                say!(lang, "Delete a quarantined file for good", "隔離したファイルを完全に削除する")
            }
            Help::QuarantineId => say!(lang, "Its id in the list", "一覧にある ID"),
            Help::Schedule => say!(
                lang,
                "Sweep regularly from now on: daily, weekly, \"Mon 09:00\"",
                "定期実行を登録する: daily, weekly, \"月 09:00\""
            ),
            Help::Unschedule => say!(lang, "End the regular sweep", "定期実行の登録を取り消す"),
            Help::ScheduleStatus => {
                say!(lang, "When it ran last and runs next", "前回と次回の実行を表示する")
            }
            Help::IfDue => say!(lang, "Sweep only if it is due", "予定の時刻を過ぎているときだけ実行する"),
            Help::Client(help) => help.text(lang),
            Help::Registered(help) => help.text(lang),
            Help::AfterHelp => say!(
                lang,
                "Exit status: 0 nothing found and everything looked at; 1 findings; 2 could not be carried out; 3 nothing found, but something could not be looked at.",
                "終了コード: 0 検出なし・すべて検査済み、1 検出あり、2 実行できず、3 検出はないが検査できないものあり。"
            ),
        }
    }
}
