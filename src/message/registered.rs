//! The texts about documents and tables that are registered of clients.

use std::borrow::Cow;

use super::{Lang, say};

/// What is said of registering.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // The texts below say what each is.
pub enum Registered<'a> {
    Documents { client: &'a str, files: usize, texts: usize, letters: &'a str, total: usize },
    NoText(usize),
    OutsideHome { path: &'a str, client: &'a str },
    NoFile,
    Table { client: &'a str, rows: u32, values: usize, kinds: &'a str },
    LeftOut(&'a str),
    Guessable(&'a str),
    OnlyGuessable(&'a str),
    NothingInTable,
    ColumnForm(&'a str),
    ColumnKind { kind: &'a str, known: &'a str },
    ColumnHeading(&'a str),
    Forgot { client: &'a str, documents: usize, tables: usize },
    ForgotAll(&'a str),
    NothingToForget(&'a str),
    NotRegistered { path: &'a str, client: &'a str },
    ForgetWhat(&'a str),
    Holds { documents: usize, tables: usize, rows: u64 },
    Unusable(&'a str),
    HoldsDocument { name: &'a str, day: &'a str, letters: &'a str },
    HoldsTable { name: &'a str, day: &'a str, rows: u32, kinds: &'a str },
}

impl Registered<'_> {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> Cow<'static, str> {
        match self {
            Registered::Documents { client, files, texts, letters, total } => say!(
                lang,
                "Registered {files} files of {client} ({texts} texts, {letters} letters); {total} documents are registered now. Copies and parts of them are found wherever a scan meets them outside the client's workspace.",
                "{client} のファイル {files} 個(本文 {texts} 件、{letters} 文字)を登録しました。登録文書は計 {total} 件です。作業フォルダーの外にある複製や抜粋を検査で検出します。"
            ),
            Registered::NoText(files) => say!(
                lang,
                "{files} of them have no text that a part could be recognised by; they are recognised as a whole.",
                "うち {files} 個は抜粋を判別できる本文がないため、ファイル全体の一致だけで判別します。"
            ),
            Registered::OutsideHome { path, client } => say!(
                lang,
                "note: {path} lies in no workspace of {client}; the original itself will be reported there (move it, or add the folder to the ledger)",
                "注意: {path} は {client} の作業フォルダーの外にあるため、原本そのものも検出されます(移動するか、台帳の workspaces に追加してください)"
            ),
            Registered::NoFile => say!(lang, "no file to register was found", "登録できるファイルがありません"),
            Registered::Table { client, rows, values, kinds } => say!(
                lang,
                "Registered {rows} rows of {client}: {values} values ({kinds}). They are kept as hashes under a key of this client's own.",
                "{client} の表 {rows} 行を登録しました: 値 {values} 件({kinds})。値はこの取引先専用の鍵によるハッシュとして保存します。"
            ),
            Registered::LeftOut(kinds) => say!(
                lang,
                "Left out, because such values can be found by trying them all if key and records are stolen together: {kinds}. To register them all the same: --include-guessable",
                "総当たりで元の値が判明しうるため登録しなかった列: {kinds}(鍵と記録が同時に盗まれた場合)。それでも登録するには: --include-guessable"
            ),
            Registered::Guessable(kinds) => say!(
                lang,
                "warning: whoever steals this client's key and records together can find out {kinds} by trying every possible value. They are destroyed with: sekisho client forget",
                "警告: この取引先の鍵と記録を同時に盗まれると、総当たりにより次の値が判明しえます: {kinds}。破棄するには: sekisho client forget"
            ),
            Registered::OnlyGuessable(kinds) => say!(
                lang,
                "nothing is left to register: {kinds} can be guessed. Add a column of mail addresses, name and address together, or --include-guessable",
                "登録できる列がありません: {kinds} は推測可能な値です。メールアドレスの列、または氏名と住所の両方の列を加えるか、--include-guessable を付けてください"
            ),
            Registered::NothingInTable => say!(
                lang,
                "no row below the headings has a value that could be registered",
                "見出しの下に、登録できる値のある行がありません"
            ),
            Registered::ColumnForm(part) => say!(
                lang,
                "--columns: `{part}` is not of the form kind=heading (as in name=氏名,email=#4)",
                "--columns: `{part}` は「種類=見出し」の形ではありません(例: name=氏名,email=#4)"
            ),
            Registered::ColumnKind { kind, known } => say!(
                lang,
                "--columns: there is no kind `{kind}`; there are {known}",
                "--columns: `{kind}` という種類はありません。使えるもの: {known}"
            ),
            Registered::ColumnHeading(heading) => say!(
                lang,
                "the first rows have no heading `{heading}` beside the others; a column may also be given by its number (#4)",
                "先頭の行に、他の見出しと並ぶ見出し `{heading}` がありません。列番号(#4)でも指定できます"
            ),
            Registered::Forgot { client, documents, tables } => say!(
                lang,
                "Forgot {documents} documents and {tables} tables of {client}.",
                "{client} の登録文書 {documents} 件と表 {tables} 件を削除しました。"
            ),
            Registered::ForgotAll(client) => say!(
                lang,
                "Everything registered of {client} is destroyed, its key first. No copy of the records can be read any more.",
                "{client} の登録内容を、鍵を先にしてすべて破棄しました。記録の写しが残っていても読み出せません。"
            ),
            Registered::NothingToForget(client) => {
                say!(lang, "nothing is registered of {client}", "{client} の登録内容はありません")
            }
            Registered::NotRegistered { path, client } => {
                say!(lang, "{path} is not registered of {client}", "{path} は {client} の登録内容にありません")
            }
            Registered::ForgetWhat(client) => say!(
                lang,
                "say which files, or --all to destroy everything registered of {client} together with its key",
                "ファイルを指定するか、{client} の登録内容を鍵ごとすべて破棄する場合は --all を付けてください"
            ),
            Registered::Holds { documents, tables, rows } => say!(
                lang,
                "registered: {documents} documents, {tables} tables with {rows} rows",
                "登録内容: 文書 {documents} 件、表 {tables} 件({rows} 行)"
            ),
            Registered::Unusable(why) => say!(lang, "registered: {why}", "登録内容: {why}"),
            Registered::HoldsDocument { name, day, letters } => {
                say!(lang, "{day}  {name} ({letters} letters)", "{day}  {name}({letters} 文字)")
            }
            Registered::HoldsTable { name, day, rows, kinds } => {
                say!(lang, "{day}  {name} ({rows} rows: {kinds})", "{day}  {name}({rows} 行: {kinds})")
            }
        }
    }
}
