//! Every text a person sees, in Japanese and English.
//!
//! A text is a variant of [`Message`]; saying it takes both languages in one `say!`, so a
//! missing translation does not compile. Nothing is printed here. Texts of detectors live in
//! their own files and are complete by the same rule (`detector::Words`).

mod client;
mod deletion;
mod fault;
mod git;
mod help;
mod memory;
mod notice;
mod registered;
mod time;

use std::borrow::Cow;

pub use client::ClientMessage;
pub use deletion::DeletionText;
pub use fault::{error, problem, problem_kind};
pub use git::GitMessage;
pub use help::{ClientHelp, Help, RegisteredHelp};
pub use memory::{Age, Memory};
pub use notice::{Notice, place};
pub use registered::Registered;
pub use time::{day, minute, timestamp};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// The language of a name such as `ja`, `ja_JP.UTF-8` or `en`.
    pub fn of(name: &str) -> Option<Lang> {
        match name.get(..2)?.to_ascii_lowercase().as_str() {
            "ja" => Some(Lang::Ja),
            "en" => Some(Lang::En),
            _ => None,
        }
    }
}

/// Formats the text of the wanted language. Both are required.
macro_rules! say {
    ($lang:expr, $en:literal, $ja:literal $(,)?) => {
        match $lang {
            $crate::message::Lang::En => std::borrow::Cow::Owned(format!($en)),
            $crate::message::Lang::Ja => std::borrow::Cow::Owned(format!($ja)),
        }
    };
}
pub(crate) use say;

/// What is said to a person while things go well.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum Message<'a> {
    Confidence(crate::detector::Confidence),
    Severity(crate::detector::Severity),
    Reasons,
    Advice,
    Article,
    Suppressed,
    InlineAllow(Option<&'a str>),
    InBaseline,
    Approved { id: &'a str, until: &'a str },
    DownloadedFrom(&'a str),
    More { title: &'a str, count: u64 },
    Persons(u64),
    PersonsInAll(u64),
    Record(u32),
    NothingFound,
    Found { findings: u64, files: u64 },
    SuppressedCount(u64),
    LookedAt { files: u64, bytes: &'a str, unpacked: Option<&'a str>, seconds: f64 },
    NotText(&'a str),
    Skipped(&'a str),
    SkippedHidden(u64),
    SkippedIgnored(u64),
    SkippedLinks(u64),
    SkippedSpecial(u64),
    SkippedSubmodules(u64),
    AllowedByTag(&'a str),
    AllowedHere(&'a str),
    NotLookedAt(u64),
    NotClean,
    Stopped,
    Progress { files: u64, bytes: &'a str, findings: u64 },
    RulesTaken { file: &'a str, rules: u64 },
    RuleNote(&'a str),
    DemoHere(&'a str),
    DemoRemoved,
    DemoMatches { expected: usize },
    DemoDiffers(&'a str),
    DetectorFine { examples: usize, detectors: usize },
    DetectorWrong(usize),
    DetectorWritten(&'a str),
    ExampleFailed { line: usize, expected: &'a str, found: &'a str, how: &'a str },
    ExampleOverlaps { line: usize, other: &'a str },
    Git(GitMessage<'a>),
    UsageError,
    KeyUnsaved(&'a str),
    ConfigUsed(&'a str),
}

impl Message<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        use crate::detector::{Confidence, Severity};
        match self {
            Message::Confidence(Confidence::Low) => say!(lang, "low confidence", "確度 低"),
            Message::Confidence(Confidence::Medium) => say!(lang, "medium confidence", "確度 中"),
            Message::Confidence(Confidence::High) => say!(lang, "high confidence", "確度 高"),
            Message::Severity(Severity::Low) => say!(lang, "low", "軽微"),
            Message::Severity(Severity::Medium) => say!(lang, "medium", "中"),
            Message::Severity(Severity::High) => say!(lang, "high", "重大"),
            Message::Severity(Severity::Critical) => say!(lang, "critical", "緊急"),
            Message::Reasons => say!(lang, "because", "根拠"),
            Message::Advice => say!(lang, "do", "対応"),
            Message::Article => say!(lang, "rule", "規程"),
            Message::Suppressed => say!(lang, "suppressed", "抑止"),
            Message::InlineAllow(None) => say!(lang, "allowed by a comment", "コメントによる許可"),
            Message::InlineAllow(Some(why)) => say!(lang, "allowed by a comment: {why}", "コメントによる許可: {why}"),
            Message::InBaseline => say!(lang, "in the baseline", "ベースラインに登録済み"),
            Message::Approved { id, until } => {
                say!(lang, "approved until {until} ({id})", "承認済み({id}、{until} まで)")
            }
            Message::DownloadedFrom(address) => say!(lang, "from {address}", "取得元 {address}"),
            Message::More { title, count } => {
                say!(lang, "… and {count} more: {title}", "… ほか {count} 件: {title}")
            }
            Message::Persons(n) => {
                say!(
                    lang,
                    "This file holds personal data of about {n} people.",
                    "このファイルには約 {n} 人分の個人情報があります。"
                )
            }
            Message::PersonsInAll(n) => {
                say!(lang, "Personal data of about {n} people in all.", "個人情報は合わせて約 {n} 人分です。")
            }
            Message::Record(n) => say!(lang, "record {n}", "記録 {n}"),
            Message::NothingFound => say!(lang, "Nothing found.", "検出はありません。"),
            Message::Found { findings, files } => {
                say!(
                    lang,
                    "{findings} findings in {files} files.",
                    "{files} 個のファイルで {findings} 件を検出しました。"
                )
            }
            Message::SuppressedCount(n) => {
                say!(
                    lang,
                    "{n} suppressed (list them with --show-suppressed).",
                    "抑止 {n} 件(--show-suppressed で一覧)。"
                )
            }
            Message::LookedAt { files, bytes, unpacked: None, seconds } => say!(
                lang,
                "Looked at {files} files, {bytes}, in {seconds:.2} s.",
                "{files} 個のファイル、{bytes} を {seconds:.2} 秒で検査しました。"
            ),
            Message::LookedAt { files, bytes, unpacked: Some(unpacked), seconds } => say!(
                lang,
                "Looked at {files} files, {bytes} ({unpacked} unpacked), in {seconds:.2} s.",
                "{files} 個のファイル、{bytes}(展開後 {unpacked})を {seconds:.2} 秒で検査しました。"
            ),
            Message::NotText(list) => {
                say!(lang, "Read as bytes, no text: {list}.", "テキストではないためバイト列として検査: {list}。")
            }
            Message::Skipped(list) => say!(lang, "Passed over: {list}.", "対象外: {list}。"),
            Message::SkippedHidden(n) => say!(lang, "{n} hidden", "隠しファイル {n}"),
            Message::SkippedIgnored(n) => say!(lang, "{n} ignored by git", "git の無視対象 {n}"),
            Message::SkippedLinks(n) => say!(lang, "{n} symbolic links", "シンボリックリンク {n}"),
            Message::SkippedSubmodules(n) => say!(lang, "{n} submodules", "サブモジュール {n}"),
            Message::AllowedByTag(tag) => {
                say!(lang, "allowed by another tool's comment: {tag}", "他ツールのコメントによる許可: {tag}")
            }
            Message::AllowedHere(why) => {
                say!(lang, "allowed by the repository's settings: {why}", "リポジトリの設定による許可: {why}")
            }
            Message::SkippedSpecial(n) => say!(lang, "{n} special files", "特殊ファイル {n}"),
            Message::NotLookedAt(n) => {
                say!(lang, "{n} things could not be looked at:", "検査できなかったものが {n} 件あります:")
            }
            Message::NotClean => say!(
                lang,
                "This is not a clean result: see what could not be looked at, above.",
                "検査できなかったものがあるため、「問題なし」とは言えません。上の一覧を確認してください。"
            ),
            Message::Stopped => say!(lang, "The scan was stopped early.", "検査は途中で中止されました。"),
            Message::Progress { files, bytes, findings } => {
                say!(
                    lang,
                    "{files} files, {bytes}, {findings} findings",
                    "{files} ファイル、{bytes}、検出 {findings} 件"
                )
            }
            Message::RulesTaken { file, rules } => {
                say!(lang, "{file}: {rules} rules taken over", "{file}: {rules} 件のルールを取り込みました")
            }
            Message::RuleNote(note) => {
                say!(lang, "  not taken over as it is: {note}", "  そのままでは取り込めません: {note}")
            }
            Message::DemoHere(path) => {
                say!(lang, "A sample home directory, unpacked to {path}:", "見本のホームディレクトリ({path} に展開):")
            }
            Message::DemoRemoved => say!(
                lang,
                "The sample has been removed again. Scan your own files with: sekisho scan ~",
                "見本は削除しました。自分のファイルを検査するには: sekisho scan ~"
            ),
            Message::DemoMatches { expected } => {
                say!(
                    lang,
                    "All {expected} planted items were found, and nothing else.",
                    "仕込んだ {expected} 件をすべて、過不足なく検出しました。"
                )
            }
            Message::DemoDiffers(what) => {
                say!(lang, "The sample was not read as expected: {what}", "見本の検査結果が想定と異なります: {what}")
            }
            Message::DetectorFine { examples, detectors } => say!(
                lang,
                "{detectors} detectors, {examples} examples: all as they should be.",
                "検出器 {detectors} 個、例 {examples} 件: すべて期待どおりです。"
            ),
            Message::DetectorWrong(n) => say!(lang, "{n} mistakes.", "誤りが {n} 件あります。"),
            Message::DetectorWritten(path) => say!(
                lang,
                "Written: {path}. Fill it in, then run: sekisho detectors check {path}",
                "{path} を作成しました。編集後、次を実行してください: sekisho detectors check {path}"
            ),
            Message::ExampleFailed { line, expected, found, how } => say!(
                lang,
                "the example at line {line} ({how}) should find {expected}, but finds {found}",
                "{line} 行目の例({how})で期待したのは {expected}、実際の検出は {found}"
            ),
            Message::ExampleOverlaps { line, other } => say!(
                lang,
                "in the example at line {line} another detector fires: {other}; narrow one of them, or list it in `overlaps`",
                "{line} 行目の例で別の検出器 {other} も反応します。どちらかを狭めるか、`overlaps` に書いてください"
            ),
            Message::Git(message) => message.text(lang),
            Message::UsageError => {
                say!(lang, "sekisho: the command line was not understood:", "sekisho: コマンドの指定に誤りがあります:")
            }
            Message::KeyUnsaved(path) => say!(
                lang,
                "sekisho: the key for fingerprints could not be kept in {path}; fingerprints of this run match no other run's",
                "sekisho: 指紋用の鍵を {path} に保存できません。今回の指紋は他の実行結果と照合できません"
            ),
            Message::ConfigUsed(path) => say!(lang, "sekisho: settings from {path}", "sekisho: 設定ファイル {path}"),
        }
    }
}

/// A number of bytes for people: `512 B`, `1.4 MB` (powers of ten).
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(value < 10.0);
    format!("{value:.digits$} {}", UNITS[unit])
}

/// Text from outside (a file name) as it may be shown on a terminal: control characters and
/// direction overrides are spelled out.
pub fn printable(text: &str) -> Cow<'_, str> {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    if !text.contains(hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hostile(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_short() {
        assert_eq!(
            [bytes(0), bytes(999), bytes(1_400), bytes(999_600), bytes(64_000_000_000)].join(" "),
            "0 B 999 B 1.4 kB 1.0 MB 64 GB"
        );
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(printable("名簿\u{1b}[2J\u{202e}txt"), "名簿\\u{1b}[2J\\u{202e}txt");
        assert!(matches!(printable("名簿.csv"), Cow::Borrowed(_)));
    }
}
