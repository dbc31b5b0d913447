//! The texts of `hook`, `git` and `baseline`.

use std::borrow::Cow;

use super::{Lang, say};

/// What is said about repositories.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum GitMessage<'a> {
    Scanned {
        files: u64,
        lines: u64,
        bytes: &'a str,
    },
    ScannedWhole {
        files: u64,
        bytes: &'a str,
    },
    NothingStaged,
    MessageScanned {
        bytes: &'a str,
    },
    CommitsScanned {
        commits: u64,
        files: u64,
        lines: u64,
        bytes: &'a str,
    },
    NothingNew,
    /// The command that takes a file out of the commit.
    CommitBlocked {
        unstage: &'a str,
    },
    MessageBlocked,
    PushBlocked,
    ReceiveBlocked,
    ProblemsPassed(u64),
    ProblemsStop(u64),
    SettingsAllow {
        values: usize,
    },
    SettingsBaseline(&'a str),
    SettingsLower(&'a str),
    SettingsIgnored(&'a str),
    NothingToTrust,
    Trusted(&'a str),
    Installed(&'a str),
    Renewed(&'a str),
    Chained {
        hook: &'a str,
        kept: &'a str,
    },
    Restored(&'a str),
    Removed(&'a str),
    NotInstalled(&'a str),
    KeptInTheWay {
        hook: &'a str,
        kept: &'a str,
    },
    SharedFolder(&'a str),
    GlobalSet(&'a str),
    GlobalUnset(&'a str),
    Husky(&'a str),
    HistoryScanned {
        blobs: u64,
        messages: u64,
        commits: u64,
    },
    Shallow,
    Introduced {
        commit: &'a str,
        date: &'a str,
        author: &'a str,
        in_head: bool,
    },
    BaselineWritten {
        file: &'a str,
        entries: usize,
    },
    BaselineExists(&'a str),
    BaselineUnused {
        count: usize,
        list: &'a str,
    },
    BaselineAllUsed,
    BaselineIncomplete,
}

impl GitMessage<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            GitMessage::Scanned { files, lines, bytes } => say!(
                lang,
                "sekisho: {files} staged files scanned, {lines} new lines in {bytes}.",
                "sekisho: ステージ済み {files} ファイル({bytes})の新しい {lines} 行を検査しました。"
            ),
            GitMessage::ScannedWhole { files, bytes } => say!(
                lang,
                "sekisho: {files} staged files scanned whole, {bytes}.",
                "sekisho: ステージ済み {files} ファイル、{bytes} をすべて検査しました。"
            ),
            GitMessage::NothingStaged => {
                say!(lang, "sekisho: nothing is staged.", "sekisho: ステージされたファイルはありません。")
            }
            GitMessage::MessageScanned { bytes } => {
                say!(
                    lang,
                    "sekisho: commit message scanned, {bytes}.",
                    "sekisho: コミットメッセージ({bytes})を検査しました。"
                )
            }
            GitMessage::CommitsScanned { commits, files, lines, bytes } => say!(
                lang,
                "sekisho: {commits} commits scanned, {files} files, {lines} new lines in {bytes}.",
                "sekisho: {commits} コミット、{files} ファイル({bytes})の新しい {lines} 行を検査しました。"
            ),
            GitMessage::NothingNew => {
                say!(lang, "sekisho: no new commits.", "sekisho: 新しいコミットはありません。")
            }
            GitMessage::CommitBlocked { unstage } => say!(
                lang,
                "Commit stopped. Take the value out and stage the file again (git add FILE), or leave the file out: {unstage} FILE\n\
                 If it may stay, write on its line: sekisho:allow DETECTOR -- reason\n\
                 or allow the value in .sekisho.toml, or record it with: sekisho baseline update",
                "コミットを中止しました。値を取り除いて再びステージするか(git add ファイル)、ファイルを外してください: {unstage} ファイル\n\
                 残してよい場合は、その行に書いてください: sekisho:allow 検出器 -- 理由\n\
                 または .sekisho.toml で値を許可するか、登録してください: sekisho baseline update"
            ),
            GitMessage::MessageBlocked => say!(
                lang,
                "Commit stopped: what was found is in its message. Write the message anew.",
                "コミットを中止しました。検出はコミットメッセージの中です。メッセージを書き直してください。"
            ),
            GitMessage::PushBlocked => say!(
                lang,
                "Push stopped. What was found is in commits already: rewrite them (git rebase -i, or git commit --amend \
                 for the last one), and renew credentials that others may have seen.",
                "プッシュを中止しました。検出はコミット済みの内容です。コミットを書き直し(git rebase -i、最新なら git \
                 commit --amend)、他人の目に触れた恐れのある認証情報は再発行してください。"
            ),
            GitMessage::ReceiveBlocked => say!(
                lang,
                "Push refused by this server: take out what was found (git rebase -i, or git commit --amend) and push again.",
                "サーバーがプッシュを拒否しました。検出された内容を取り除いて(git rebase -i または git commit \
                 --amend)から、もう一度プッシュしてください。"
            ),
            GitMessage::ProblemsPassed(n) => say!(
                lang,
                "sekisho: {n} things could not be looked at (above); this does not stop it. --strict would.",
                "sekisho: 検査できなかったものが {n} 件あります(上記)。そのまま続行します(--strict なら中止)。"
            ),
            GitMessage::ProblemsStop(n) => say!(
                lang,
                "sekisho: {n} things could not be looked at (above), and --strict stops for that.",
                "sekisho: 検査できなかったものが {n} 件あります(上記)。--strict のため中止しました。"
            ),
            GitMessage::SettingsAllow { values } => say!(
                lang,
                "sekisho: .sekisho.toml of this repository allows {values} values (see: --show-suppressed).",
                "sekisho: このリポジトリの .sekisho.toml が {values} 件の値を許可しています(一覧: --show-suppressed)。"
            ),
            GitMessage::SettingsBaseline(file) => say!(
                lang,
                "sekisho: .sekisho.toml of this repository names a baseline: {file}",
                "sekisho: このリポジトリの .sekisho.toml がベースラインを指定しています: {file}"
            ),
            GitMessage::SettingsLower(what) => say!(
                lang,
                "sekisho: .sekisho.toml of this repository (trusted here) lowers what is looked for: {what}",
                "sekisho: このリポジトリの .sekisho.toml(この端末で信頼済み)が検査を緩めています: {what}"
            ),
            GitMessage::SettingsIgnored(what) => say!(
                lang,
                "sekisho: .sekisho.toml of this repository asks to look for less: {what}\n\
                 That is not followed. If you want it, say so once on this machine: sekisho hook trust",
                "sekisho: このリポジトリの .sekisho.toml が検査を緩めるよう求めています: {what}\n\
                 これには従いません。従わせるには、この端末で一度だけ実行してください: sekisho hook trust"
            ),
            GitMessage::NothingToTrust => say!(
                lang,
                "The index of this repository has no .sekisho.toml (git add it first).",
                "このリポジトリのインデックスに .sekisho.toml がありません(先に git add してください)。"
            ),
            GitMessage::Trusted(path) => say!(
                lang,
                "Trusted on this machine, as it is now: .sekisho.toml of {path}",
                "この端末で、現在の内容のまま信頼しました: {path} の .sekisho.toml"
            ),
            GitMessage::Installed(path) => say!(lang, "Installed: {path}", "設置しました: {path}"),
            GitMessage::Renewed(path) => {
                say!(lang, "Already installed, renewed: {path}", "設置済みのフックを更新しました: {path}")
            }
            GitMessage::Chained { hook, kept } => say!(
                lang,
                "Installed: {hook}; the hook that was there runs first, from {kept}",
                "設置しました: {hook}(元のフックは {kept} に残し、先に実行します)"
            ),
            GitMessage::Restored(path) => {
                say!(lang, "Removed; the hook from before is back: {path}", "取り除き、元のフックを戻しました: {path}")
            }
            GitMessage::Removed(path) => say!(lang, "Removed: {path}", "取り除きました: {path}"),
            GitMessage::NotInstalled(path) => {
                say!(lang, "No hook of Sekisho's is there: {path}", "Sekisho のフックはありません: {path}")
            }
            GitMessage::KeptInTheWay { hook, kept } => say!(
                lang,
                "Another tool has replaced {hook} while an older one is kept in {kept}. Remove one of the two, then try again.",
                "{hook} が別のツールに置き換えられ、以前のフックが {kept} に残っています。どちらかを削除してから、もう一度実行してください。"
            ),
            GitMessage::SharedFolder(path) => say!(
                lang,
                "core.hooksPath is set, so this hook holds for every repository that uses {path}.",
                "core.hooksPath が設定されているため、このフックは {path} を使うすべてのリポジトリで働きます。"
            ),
            GitMessage::GlobalSet(path) => say!(
                lang,
                "Every repository of yours is covered: core.hooksPath = {path}. Hooks of the repositories themselves go on running.",
                "すべてのリポジトリで働きます: core.hooksPath = {path}。各リポジトリ自身のフックも引き続き動きます。"
            ),
            GitMessage::GlobalUnset(path) => {
                say!(
                    lang,
                    "core.hooksPath is unset again; removed: {path}",
                    "core.hooksPath を元に戻し、削除しました: {path}"
                )
            }
            GitMessage::Husky(path) => say!(
                lang,
                "This repository's hooks are Husky's. Add this line to {path}: sekisho hook run",
                "このリポジトリのフックは Husky が管理しています。{path} にこの行を加えてください: sekisho hook run"
            ),
            GitMessage::HistoryScanned { blobs, messages, commits } => say!(
                lang,
                "sekisho: all of history: {blobs} file contents and {messages} messages, {commits} commits in reach.",
                "sekisho: 全履歴: ファイル内容 {blobs} 件、メッセージ {messages} 件、到達できるコミット {commits} 件。"
            ),
            GitMessage::Shallow => say!(
                lang,
                "sekisho: this is a shallow clone: older history is not here and was not looked at (git fetch --unshallow).",
                "sekisho: 浅いクローンのため、古い履歴はここになく、検査していません(git fetch --unshallow で取得)。"
            ),
            GitMessage::Introduced { commit, date, author, in_head: true } => say!(
                lang,
                "since {commit}, {date}, {author}; still in HEAD",
                "{commit} から、{date}、{author}(現在の HEAD にも存在)"
            ),
            GitMessage::Introduced { commit, date, author, in_head: false } => say!(
                lang,
                "since {commit}, {date}, {author}; in history only",
                "{commit} から、{date}、{author}(履歴にのみ存在)"
            ),
            GitMessage::BaselineWritten { file, entries } => {
                say!(lang, "Written: {file}, {entries} entries.", "{file} に {entries} 件を書き込みました。")
            }
            GitMessage::BaselineExists(file) => say!(
                lang,
                "{file} exists already; add to it with: sekisho baseline update",
                "{file} は既にあります。追加するには: sekisho baseline update"
            ),
            GitMessage::BaselineUnused { count, list } => say!(
                lang,
                "sekisho: {count} entries of the baseline match nothing any more (remove: sekisho baseline prune):{list}",
                "sekisho: ベースラインの {count} 件は、もう何にも一致しません(削除: sekisho baseline prune):{list}"
            ),
            GitMessage::BaselineAllUsed => {
                say!(lang, "Every entry still matches.", "すべての登録がまだ一致しています。")
            }
            GitMessage::BaselineIncomplete => say!(
                lang,
                "Not everything could be looked at, so nothing is pruned.",
                "検査できなかったものがあるため、削除しません。"
            ),
        }
    }
}
