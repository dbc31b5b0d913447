//! The texts of what remembers: `sweep`, `report`, `key`, `doctor`.

use std::borrow::Cow;

use super::{Lang, say};

/// What is said of the state.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum Memory<'a> {
    Created(&'a str),
    Resumes(&'a str),
    ClockBack,
    Full,
    New(u64),
    StillThere(u64),
    Gone(u64),
    FileGone,
    ValueRemoved,
    Judged,
    Since(&'a str),
    Beyond(u64),
    Swept {
        read: u64,
        unchanged: u64,
        bytes: &'a str,
        seconds: f64,
    },
    Totals {
        new: u64,
        open: u64,
        gone: u64,
    },
    NothingOpen,
    Excluded,
    Stopped,
    Stopping,
    AbsentRoot(&'a str),
    NoRoot,
    NotMounted,
    RootMissing,
    OwnRecords,
    Open(u64),
    Ages,
    Age(Age),
    Places,
    Folders,
    /// By its name in JSON, and the service of a cloud folder.
    Place(&'a str, Option<&'a str>),
    PlaceLine {
        count: u64,
        oldest: &'a str,
    },
    Trend,
    TrendHead,
    SweepUnfinished,
    SweepClock,
    Covered,
    Root(&'a str),
    NeverSwept,
    KeyExported(&'a str),
    KeyImported {
        id: &'a str,
    },
    KeyKept(&'a str),
    KeySame,
    KeyNeedsYes {
        id: &'a str,
        needed: &'a str,
    },
    KeyToTerminal,
    Aside(&'a str),
    Repaired {
        rows: u64,
        lost: u64,
        aside: &'a str,
    },
    NothingToRepair,
    NothingToMove,
    DoctorProgram(&'a str),
    DoctorState {
        path: &'a str,
        size: &'a str,
        schema: i64,
        journal: &'a str,
        files: u64,
    },
    DoctorNoState(&'a str),
    DoctorWhole,
    DoctorLast(&'a str),
    DoctorKey {
        path: &'a str,
        id: &'a str,
    },
    DoctorNoKey(&'a str),
    DoctorKeyShared(&'a str),
    DoctorLimit {
        name: &'a str,
        value: &'a str,
    },
    BadDuration(&'a str),
    ApprovedHere(u64),
    SharedCredentials(u64),
    Clients,
    AuditHead {
        seq: i64,
        hash: &'a str,
    },
}

/// How long a finding has been there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Less than a day.
    Day,
    /// Less than a week.
    Week,
    /// Less than 30 days.
    Month,
    /// Less than 90 days.
    Quarter,
    /// Longer.
    Longer,
}

impl Age {
    /// All ages, youngest first.
    pub const ALL: [Age; 5] = [Age::Day, Age::Week, Age::Month, Age::Quarter, Age::Longer];

    /// The age of something that is so many seconds old; a clock that was set back gives 0.
    pub fn of(seconds: i64) -> Age {
        match seconds.max(0) / 86_400 {
            0 => Age::Day,
            1..7 => Age::Week,
            7..30 => Age::Month,
            30..90 => Age::Quarter,
            _ => Age::Longer,
        }
    }

    /// The name in JSON output: days, as a range.
    pub fn name(self) -> &'static str {
        match self {
            Age::Day => "0",
            Age::Week => "1-6",
            Age::Month => "7-29",
            Age::Quarter => "30-89",
            Age::Longer => "90+",
        }
    }
}

impl Memory<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            Memory::ApprovedHere(n) => say!(lang, "Approved ({n}):", "承認済み({n} 件):"),
            Memory::SharedCredentials(n) => say!(
                lang,
                "The same credential in files of several clients ({n}); give each client its own:",
                "同じ認証情報が複数の取引先のファイルにあります({n} 件)。取引先ごとに分けてください:"
            ),
            Memory::Clients => say!(lang, "By client:", "取引先別:"),
            Memory::AuditHead { seq, hash } => {
                say!(lang, "Audit chain: entry {seq}, {hash}", "監査記録: {seq} 件目、{hash}")
            }
            Memory::Created(path) => say!(
                lang,
                "sekisho: no earlier records; beginning new ones in {path}",
                "sekisho: 以前の記録がないため、新しく作成します: {path}"
            ),
            Memory::Resumes(when) => say!(
                lang,
                "sekisho: the sweep of {when} did not come to its end; going on from there",
                "sekisho: {when} の巡回検査は途中で終わっています。続きから再開します"
            ),
            Memory::ClockBack => say!(
                lang,
                "sekisho: the clock stands before the time of an earlier run; ages may be wrong (check the clock)",
                "sekisho: 時計が以前の実行時より前を指しています。経過日数が正しくない可能性があります(時計を確認してください)"
            ),
            Memory::Full => say!(lang, "sekisho: reading everything again", "sekisho: すべて読み直します"),
            Memory::New(n) => say!(lang, "New ({n})", "新規({n} 件)"),
            Memory::StillThere(n) => say!(lang, "Still there ({n})", "残存({n} 件)"),
            Memory::Gone(n) => say!(lang, "Gone ({n})", "解消({n} 件)"),
            Memory::FileGone => say!(lang, "the file is gone", "ファイルがなくなりました"),
            Memory::ValueRemoved => say!(lang, "removed from the file", "ファイルから取り除かれました"),
            Memory::Judged => say!(
                lang,
                "the file is unchanged, but detectors or settings judge it differently now",
                "ファイルは同じですが、検出器または設定の変更により検出されなくなりました"
            ),
            Memory::Since(day) => say!(lang, "since {day}", "{day} から"),
            Memory::Beyond(n) => say!(
                lang,
                "… and {n} more in files that have very many (counted, not listed)",
                "… ほか {n} 件(件数が非常に多いファイルのもの。計数のみ)"
            ),
            Memory::Swept { read, unchanged, bytes, seconds } => say!(
                lang,
                "Read {read} files, {bytes}; {unchanged} were known and unchanged; {seconds:.2} s.",
                "{read} 個のファイル、{bytes} を読み、変更のない {unchanged} 個は記録によりました({seconds:.2} 秒)。"
            ),
            Memory::Totals { new, open, gone } => {
                let still = open.saturating_sub(*new);
                say!(
                    lang,
                    "{open} findings: {new} new, {still} still there. {gone} gone since the last sweep.",
                    "検出 {open} 件(新規 {new}、残存 {still})。前回の巡回検査以降の解消 {gone} 件。"
                )
            }
            Memory::NothingOpen => say!(lang, "No findings.", "検出はありません。"),
            Memory::Excluded => say!(lang, "Passed over by exclusions:", "除外設定により対象外としたもの:"),
            Memory::Stopping => say!(
                lang,
                "sekisho: stopping; the report comes next (once more ends at once)",
                "sekisho: 停止します。結果を報告して終わります(もう一度で即時終了)"
            ),
            Memory::Stopped => say!(
                lang,
                "The sweep was stopped before its end (its time was up, or it was told to); the next one goes on from there.",
                "途中で中断しました(制限時間または停止の指示)。次回は続きから再開します。"
            ),
            Memory::AbsentRoot(why) => {
                say!(
                    lang,
                    "not swept, its findings stay as they were: {why}",
                    "巡回できないため、以前の検出はそのまま残します: {why}"
                )
            }
            Memory::NoRoot => say!(
                lang,
                "nothing to sweep: no home directory is known; name one with --root",
                "巡回する場所がありません(ホームディレクトリ不明)。--root で指定してください"
            ),
            Memory::NotMounted => say!(lang, "nothing is mounted there now", "現在マウントされていません"),
            Memory::RootMissing => say!(lang, "there is no such folder now", "現在そのフォルダーはありません"),
            Memory::OwnRecords => say!(lang, "sekisho's own records", "sekisho 自身の記録"),
            Memory::Open(n) => say!(lang, "{n} findings are open.", "未解消の検出: {n} 件"),
            Memory::Ages => say!(lang, "By age:", "経過日数別:"),
            Memory::Age(Age::Day) => say!(lang, "less than a day", "1 日未満"),
            Memory::Age(Age::Week) => say!(lang, "1 to 6 days", "1〜6 日"),
            Memory::Age(Age::Month) => say!(lang, "7 to 29 days", "7〜29 日"),
            Memory::Age(Age::Quarter) => say!(lang, "30 to 89 days", "30〜89 日"),
            Memory::Age(Age::Longer) => say!(lang, "90 days and more", "90 日以上"),
            Memory::Places => say!(lang, "By place:", "場所別:"),
            Memory::Folders => say!(lang, "By folder:", "フォルダー別:"),
            Memory::Place("cloud-sync", Some(service)) => {
                say!(lang, "synced to the cloud: {service}", "クラウド同期: {service}")
            }
            Memory::Place(name, _) => match *name {
                "local" => say!(lang, "local disk", "ローカルディスク"),
                "cloud-sync" => say!(lang, "synced to the cloud", "クラウド同期"),
                "removable" => say!(lang, "removable medium", "取り外し可能な媒体"),
                "network" => say!(lang, "network share", "ネットワーク共有"),
                "print-spool" => say!(lang, "print spool", "印刷待ち"),
                "temp" => say!(lang, "temporary folder", "一時フォルダー"),
                "trash" => say!(lang, "trash", "ごみ箱"),
                other => say!(lang, "{other}", "{other}"),
            },
            Memory::PlaceLine { count, oldest } => say!(lang, "{count} (oldest {oldest})", "{count} 件(最古 {oldest})"),
            Memory::Trend => say!(lang, "The last sweeps:", "最近の巡回検査:"),
            Memory::TrendHead => say!(
                lang,
                "began                    open   new  gone  problems  read  unchanged",
                "開始                     残存  新規  解消    未検査  読取    変更なし"
            ),
            Memory::SweepUnfinished => say!(lang, "did not come to its end", "途中で終了"),
            Memory::SweepClock => say!(lang, "clock set back", "時計の逆行"),
            Memory::Covered => say!(lang, "The last sweep covered:", "前回の巡回範囲:"),
            Memory::Root(path) => say!(lang, "{path}", "{path}"),
            Memory::NeverSwept => say!(lang, "No sweep has ended yet.", "完了した巡回検査はまだありません。"),
            Memory::KeyExported(id) => say!(
                lang,
                "sekisho: key {id} exported. Whoever has it together with a database can test guesses; pass it on over a safe way only",
                "sekisho: 鍵 {id} を書き出しました。データベースと併せて入手した者は値の推測を試せます。安全な経路でのみ渡してください"
            ),
            Memory::KeyImported { id } => {
                say!(lang, "sekisho: key {id} is in use now", "sekisho: 以後、鍵 {id} を使います")
            }
            Memory::KeyKept(path) => {
                say!(
                    lang,
                    "sekisho: the key in use so far was kept as {path}",
                    "sekisho: これまでの鍵は {path} に残しました"
                )
            }
            Memory::KeySame => say!(lang, "sekisho: this key is in use already", "sekisho: すでに使用中の鍵です"),
            Memory::KeyNeedsYes { id, needed } => say!(
                lang,
                "the records here were made with key {needed}; with key {id} they could not be used any more. To put them aside and begin afresh, add --yes",
                "ここの記録は鍵 {needed} で作られており、鍵 {id} では使えなくなります。記録を退避して新しく始めるには --yes を付けてください"
            ),
            Memory::KeyToTerminal => say!(
                lang,
                "the key would be shown on the terminal; write it to a file with -o FILE, or add --yes",
                "鍵が端末に表示されます。-o ファイル で書き出すか、--yes を付けてください"
            ),
            Memory::Aside(path) => say!(
                lang,
                "sekisho: the records were put aside as {path}; the next sweep begins new ones",
                "sekisho: 記録を {path} に退避しました。次回の巡回検査で新しく作成します"
            ),
            Memory::Repaired { rows, lost: 0, aside } => say!(
                lang,
                "sekisho: all {rows} rows could be read and are in a new database; the next sweep reads every file again to verify them. The old file is kept as {aside}",
                "sekisho: {rows} 行すべてを新しいデータベースに移しました。次回の巡回検査ですべて読み直して確かめます。元のファイルは {aside} に残しました"
            ),
            Memory::Repaired { rows, lost, aside } => say!(
                lang,
                "sekisho: {rows} rows were saved into a new database; {lost} tables could not be read to their end. The next sweep reads every file again; only the first days of lost findings do not come back. The old file is kept as {aside}",
                "sekisho: {rows} 行を新しいデータベースに移しました。{lost} 個の表は最後まで読めませんでした。次回の巡回検査ですべて読み直しますが、失われた検出の初回日は戻りません。元のファイルは {aside} に残しました"
            ),
            Memory::NothingToRepair => {
                say!(
                    lang,
                    "sekisho: the database is whole; nothing to repair",
                    "sekisho: データベースは正常です。修復の必要はありません"
                )
            }
            Memory::NothingToMove => {
                say!(lang, "sekisho: there are no records to put aside", "sekisho: 退避する記録がありません")
            }
            Memory::DoctorProgram(version) => say!(lang, "program    {version}", "プログラム  {version}"),
            Memory::DoctorState { path, size, schema, journal, files } => say!(
                lang,
                "records    {path} ({size}, schema {schema}, journal {journal}, {files} files known)",
                "記録        {path}({size}、スキーマ {schema}、ジャーナル {journal}、既知のファイル {files} 個)"
            ),
            Memory::DoctorNoState(path) => {
                say!(
                    lang,
                    "records    none yet ({path}); sekisho sweep makes them",
                    "記録        まだありません({path})。sekisho sweep が作成します"
                )
            }
            Memory::DoctorWhole => say!(lang, "integrity  every page and row is whole", "整合性      すべて正常"),
            Memory::DoctorLast(when) => say!(lang, "sweep      last ended {when}", "巡回検査    前回の終了 {when}"),
            Memory::DoctorKey { path, id } => say!(lang, "key        {path} (key {id})", "鍵          {path}(鍵 {id})"),
            Memory::DoctorNoKey(path) => {
                say!(
                    lang,
                    "key        none yet ({path}); the first scan makes one",
                    "鍵          まだありません({path})。初回の検査で作成します"
                )
            }
            Memory::DoctorKeyShared(path) => say!(
                lang,
                "key        others can read {path}; make it private: chmod 600 {path}",
                "鍵          {path} を他の利用者が読めます。保護してください: chmod 600 {path}"
            ),
            Memory::DoctorLimit { name, value } => {
                say!(lang, "limit      {name} = {value}", "上限        {name} = {value}")
            }
            Memory::BadDuration(text) => say!(
                lang,
                "`{text}` is no duration (90s, 30m, 2h, 1d)",
                "`{text}` は時間の指定として正しくありません(例: 90s, 30m, 2h, 1d)"
            ),
        }
    }
}
