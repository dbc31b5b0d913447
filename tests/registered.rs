//! Documents and tables registered of clients, through the program itself: whole stories from
//! `client ingest` to the finding in a copy.

#![cfg(unix)]
#![allow(clippy::print_stdout)] // A skipped test says so.

mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tools::has;

const SEKISHO: &str = env!("CARGO_BIN_EXE_sekisho");

/// A home of its own, with the client `acme` whose workspace is `work/acme`.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        let home = Home(tempfile::tempdir().expect("folder"));
        fs::create_dir_all(home.path("work/acme")).expect("folder");
        let added = home.run(&["client", "add", "acme", "--name", "アクメ株式会社", "--workspace", "work/acme"]);
        assert!(added.status.success(), "{}", text(&added.stderr));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        fs::write(path, content).expect("file");
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(SEKISHO);
        command
            .args(args)
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            .env("XDG_CONFIG_HOME", self.path(".config"))
            .env("XDG_DATA_HOME", self.path(".data"))
            .env("XDG_STATE_HOME", self.path(".state"))
            .env("LC_ALL", "C");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("runs")
    }

    fn ingest(&self, args: &[&str]) -> Output {
        let output = self.run(&[&["client", "ingest", "acme"], args].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        output
    }

    /// Lines of findings of a detector below a path.
    fn found(&self, detector: &str, path: &str) -> Vec<String> {
        let output = self.run(&["scan", "--format", "jsonl", path]);
        assert!(output.status.code().is_some_and(|code| code != 2), "{}", text(&output.stderr));
        let wanted = format!(r#""detector":"{detector}""#);
        text(&output.stdout).lines().filter(|line| line.contains(&wanted)).map(str::to_owned).collect()
    }

    fn copies(&self, path: &str) -> Vec<String> {
        self.found("client/document-copy", path)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text that nobody else writes, another for every seed: words in any order.
fn prose(seed: u64, sentences: usize) -> String {
    const WORDS: &str = "冷却水 循環量 歩留まり 稼働記録 試作機 振動値 在庫 引当 通関 書類 再検査 原価 差異 待ち時間 返品率 劣化 曲線 輸送 温度 履歴 北倉庫 管理班 開発室 検品 設計部 購買課 試験 調達 窓口 会計 夜間 監視 臨時 監査人 帳票 拠点 数字 補正 匿名 集計 端末 媒体 余裕 計画 決裁 先方 原因 単価 会議 契約 森下 南港 品川 三号 基板 塗装 顧客 燃料 電池 暗号 毎週 翌月 来期 旧来 二割 三年 別室 火曜 奥 仮 余り 控え 工程 分析 保守 請負 現地 法人 見直し 保管";
    const BETWEEN: [&str; 12] = ["は", "を", "に", "が", "の", "と", "で", "へ", "から", "まで", "より", "も"];
    let words: Vec<&str> = WORDS.split(' ').collect();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    };
    let mut text = String::new();
    for _ in 0..sentences {
        for _ in 0..8 {
            text.push_str(words[next(words.len())]);
            text.push_str(BETWEEN[next(BETWEEN.len())]);
        }
        text.push_str("した。");
    }
    text
}

fn middle(text: &str, from: usize, length: usize) -> String {
    text.chars().skip(from).take(length).collect()
}

#[test]
fn copies_are_found_wherever_they_are_and_nothing_else() {
    let home = Home::new();
    let (plan, quote) = (prose(1, 40), prose(2, 12));
    home.write("work/acme/計画.txt", &plan);
    home.write("work/acme/見積/見積書.md", format!("# 見積\n\n{quote}\n"));
    home.write("work/acme/logo.bin", [&[0u8, 1, 2, 3][..]; 600].concat());
    let told = text(&home.ingest(&["work/acme"]).stderr);
    assert!(told.contains("3 files of acme") && told.contains("1 of them have no text"), "{told}");

    // A renamed copy; an excerpt in a mail; all of it in a page; a passage in CP932.
    home.write("out/メモ.dat", &plan);
    let mail = format!(
        "From: me@example.jp\r\nTo: you@example.jp\r\nSubject: =?utf-8?B?5YWx5pyJ?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n「{}」\r\n",
        prose(70, 3),
        middle(&plan, 300, 90)
    );
    home.write("out/mail.eml", mail);
    let page: String = quote.split_inclusive('。').map(|s| format!("<p class=\"x\">{s}</p>\n")).collect();
    home.write("out/page.html", format!("<html><body>{page}</body></html>"));
    let passage = format!("{}\n{}\n{}", prose(71, 4), middle(&quote, 40, 70), prose(72, 4));
    let (cp932, ..) = encoding_rs::SHIFT_JIS.encode(&passage);
    home.write("out/cp932.txt", cp932);
    home.write("out/copy.bin", [&[0u8, 1, 2, 3][..]; 600].concat());
    for n in 0..40 {
        home.write(&format!("other/{n}.txt"), prose(100 + n, 30));
    }
    let found = home.copies("out");
    let of = |name: &str| found.iter().filter(|line| line.contains(&format!("out/{name}\""))).collect::<Vec<_>>();
    assert_eq!(found.len(), 5, "{found:#?}");
    assert!(of("メモ.dat")[0].contains("copy: all of 計画.txt"), "{found:#?}");
    assert!(of("mail.eml")[0].contains("% of 計画.txt"), "{found:#?}");
    assert!(of("page.html")[0].contains("copy: 100 % of 見積書.md"), "{found:#?}");
    assert!(of("cp932.txt")[0].contains("% of 見積書.md"), "{found:#?}");
    assert!(of("copy.bin")[0].contains("copy: all of logo.bin"), "{found:#?}");
    // Nothing of a passage is shown.
    assert!(!found.iter().any(|line| line.contains(&middle(&plan, 302, 8))), "{found:#?}");
    assert!(home.copies("other").is_empty());
    // In its own workspace it is where it belongs.
    assert!(home.copies("work").is_empty());
    // Source code and logs are not looked at for parts.
    home.write("src/lib.rs", format!("// {}\n", middle(&plan, 100, 120)));
    assert!(home.copies("src").is_empty());
}

#[test]
fn a_copy_in_a_zip_in_base64_and_one_in_a_spreadsheet() {
    if !has("python3") {
        return;
    }
    let home = Home::new();
    let plan = prose(3, 30);
    home.write("work/acme/plan.txt", &plan);
    home.ingest(&["work/acme/plan.txt"]);
    home.write("in.txt", format!("{}\n{}\n", prose(60, 2), middle(&plan, 200, 100)));
    let script = r#"
import base64, zipfile, io, sys
data = io.BytesIO()
with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as z: z.write("in.txt", "memo.txt")
open("out.txt", "w").write("attached:\n" + base64.encodebytes(data.getvalue()).decode())
text = open("in.txt").read()
rows = "".join(f'<row><c t="inlineStr"><is><t>{s}。</t></is></c></row>' for s in text.split("。") if s.strip())
with zipfile.ZipFile("book.xlsx", "w") as z:
    z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
    z.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
    z.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
    z.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>')
"#;
    let made = Command::new("python3").args(["-c", script]).current_dir(home.0.path()).output().expect("python runs");
    assert!(made.status.success(), "{}", text(&made.stderr));
    fs::remove_file(home.path("in.txt")).expect("file");
    let found = home.copies("out.txt");
    assert!(found.len() == 1 && found[0].contains("memo.txt") && found[0].contains("% of plan.txt"), "{found:#?}");
    let found = home.copies("book.xlsx");
    assert!(found.len() == 1 && found[0].contains("% of plan.txt"), "{found:#?}");
}

#[test]
fn rows_of_a_table_are_found_and_can_be_forgotten() {
    let home = Home::new();
    let rows = "氏名,住所,電話,メール\n山田 太郎,東京都千代田区丸の内一丁目9番2号,03-1234-5678,taro.yamada@acme-mail.jp\n佐藤 花子,大阪府大阪市北区梅田3丁目1番3号,06-1111-2222,hanako@acme-mail.jp\n";
    home.write("work/acme/customers.csv", rows);
    let table = ["client", "ingest-table", "acme", "work/acme/customers.csv", "--columns"];
    let wrong = home.run(&[&table[..], &["name=なまえ"]].concat());
    assert!(wrong.status.code() == Some(2) && text(&wrong.stderr).contains("なまえ"), "{}", text(&wrong.stderr));
    let phones = home.run(&[&table[..], &["phone=電話"]].concat());
    assert!(phones.status.code() == Some(2) && text(&phones.stderr).contains("--include-guessable"));
    let made = home.run(&[&table[..], &["name=氏名,address=住所,phone=電話,email=メール"]].concat());
    let told = text(&made.stderr);
    assert!(made.status.success() && told.contains("2 rows") && told.contains("Left out"), "{told}");

    home.write("out/note.txt", "連絡先: Taro.Yamada@ACME-mail.jp, 別の人: someone@else-mail.jp, 電話 06-1111-2222\n");
    home.write("out/label.txt", "〒530-0001 大阪府大阪市北区梅田3-1-3 ノースゲート12階\n氏名: 佐藤花子\n");
    let found = home.found("client/record-match", "out");
    let of = |name: &str| found.iter().filter(|line| line.contains(name)).count();
    assert_eq!((of("note.txt"), of("label.txt")), (1, 1), "{found:#?}");
    assert!(found.iter().all(|line| line.contains("row of customers.csv")), "{found:#?}");
    // The phone number counts only once that was asked for.
    let made = home.run(&[&table[..], &["phone=電話,email=メール", "--include-guessable"]].concat());
    assert!(text(&made.stderr).contains("warning"), "{}", text(&made.stderr));
    assert_eq!(home.found("client/record-match", "out/note.txt").len(), 2);
    assert!(home.found("client/record-match", "work").is_empty());
    let list = text(&home.run(&["client", "list"]).stdout);
    assert!(list.contains("1 tables with 2 rows"), "{list}");

    // No value can be found in anything that was written.
    for value in ["taro.yamada", "0312345678", "山田", "丸の内", "花子", "customers.csv"] {
        let grep =
            Command::new("grep").args(["-rlaF", value]).arg(home.path(".state")).arg(home.path(".data")).output();
        assert_eq!(text(&grep.expect("grep").stdout), "", "{value}");
    }
    let forgot = home.run(&["client", "forget", "acme", "--all"]);
    assert!(forgot.status.success(), "{}", text(&forgot.stderr));
    assert!(home.found("client/record-match", "out").is_empty());
    assert!(
        !home.path(".state/sekisho/clients/acme").exists() && !home.path(".data/sekisho/clients/acme.key").exists()
    );
}

#[test]
fn registering_again_replaces_and_one_document_can_be_forgotten() {
    let home = Home::new();
    let (first, second, other) = (prose(4, 20), prose(5, 20), prose(6, 20));
    home.write("work/acme/a.txt", &first);
    home.write("work/acme/b.txt", &other);
    home.ingest(&["work/acme"]);
    home.write("work/acme/a.txt", &second);
    let told = text(&home.ingest(&["work/acme/a.txt"]).stderr);
    assert!(told.contains("2 documents are registered"), "{told}");
    for (name, content) in [("first.txt", &first), ("second.txt", &second), ("other.txt", &other)] {
        home.write(&format!("out/{name}"), content);
    }
    let names = |found: Vec<String>| -> Vec<String> {
        let name =
            |line: &String| ["first", "second", "other"].into_iter().find(|n| line.contains(&format!("out/{n}.")));
        found.iter().filter_map(name).map(str::to_owned).collect()
    };
    assert_eq!(names(home.copies("out")), ["other", "second"]);
    assert_eq!(home.run(&["client", "forget", "acme", "work/acme/none.txt"]).status.code(), Some(2));
    assert!(home.run(&["client", "forget", "acme", "work/acme/b.txt"]).status.success());
    assert_eq!(names(home.copies("out")), ["second"]);
    let list = text(&home.run(&["client", "ingest", "acme", "--list"]).stdout);
    assert!(list.contains("work/acme/a.txt") && !list.contains("b.txt"), "{list}");
}

#[test]
fn a_store_that_cannot_be_used_ends_the_run_with_a_way_out() {
    let home = Home::new();
    home.write("work/acme/a.txt", prose(7, 20));
    home.ingest(&["work/acme"]);
    home.write("out.txt", prose(7, 20));
    let (store, key) =
        (home.path(".state/sekisho/clients/acme/documents.sealed"), home.path(".data/sekisho/clients/acme.key"));
    for private in [&store, &key] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(private).expect("file").permissions());
        assert_eq!(mode & 0o077, 0, "{}", private.display());
    }
    let (sealed, secret) = (fs::read(&store).expect("store"), fs::read(&key).expect("key"));
    let refused = |what: &str| {
        for args in [&["scan", "out.txt"][..], &["client", "ingest", "acme", "work/acme"]] {
            let output = home.run(args);
            let told = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{what}: {told}");
            assert!(told.contains("sekisho client forget acme --all"), "{what}: {told}");
        }
    };
    for at in [20, sealed.len() / 2, sealed.len() - 1] {
        let mut bad = sealed.clone();
        bad[at] ^= 0x10;
        fs::write(&store, bad).expect("store");
        refused("changed");
    }
    fs::write(&store, &sealed[..sealed.len() / 2]).expect("store");
    refused("cut");
    fs::write(&store, "something else").expect("store");
    refused("foreign");
    let mut newer = sealed.clone();
    newer[12] = 2;
    fs::write(&store, newer).expect("store");
    refused("newer");
    fs::write(&store, &sealed).expect("store");
    fs::remove_file(&key).expect("key");
    refused("no key");
    fs::write(&key, [7; 32]).expect("key");
    refused("other key");
    fs::write(&key, [7; 31]).expect("key");
    refused("no key at all");
    fs::write(&key, secret).expect("key");
    assert_eq!(home.copies("out.txt").len(), 1);
}

#[test]
fn two_at_once_and_one_that_is_killed() {
    let home = Home::new();
    for n in 0..6 {
        home.write(&format!("work/acme/{n}.txt"), prose(200 + n, 200));
    }
    let started: Vec<_> = (0..6)
        .map(|n| home.command(&["client", "ingest", "acme", &format!("work/acme/{n}.txt")]).output_later())
        .collect();
    for mut child in started {
        assert!(child.wait().expect("ends").success());
    }
    let list = text(&home.run(&["client", "ingest", "acme", "--list"]).stdout);
    assert_eq!(list.lines().filter(|line| line.contains(".txt")).count(), 6, "{list}");
    for delay in [0, 3, 6, 10, 15, 25, 40] {
        let mut child = home.command(&["client", "ingest", "acme", "work/acme"]).output_later();
        std::thread::sleep(std::time::Duration::from_millis(delay));
        // It may have ended already.
        let _ = child.kill();
        let _ = child.wait();
        let list = text(&home.run(&["client", "ingest", "acme", "--list"]).stdout);
        assert_eq!(list.lines().filter(|line| line.contains(".txt")).count(), 6, "{list}");
    }
    // What a killed one left is cleared away by the next.
    home.write("work/acme/0.txt", prose(300, 5));
    home.ingest(&["work/acme/0.txt"]);
    let left = fs::read_dir(home.path(".state/sekisho/clients/acme")).expect("folder");
    let left = left.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(".writing"));
    assert_eq!(left.count(), 0);
}

trait Later {
    fn output_later(&mut self) -> std::process::Child;
}

impl Later for Command {
    fn output_later(&mut self) -> std::process::Child {
        let quiet = std::process::Stdio::null;
        self.stdout(quiet()).stderr(quiet()).spawn().expect("starts")
    }
}

#[test]
fn what_was_registered_meanwhile_is_found_by_the_next_sweep() {
    let home = Home::new();
    let plan = prose(8, 20);
    home.write("docs/old-copy.txt", &plan);
    let sweep = || text(&home.run(&["sweep", "--root", "docs", "--format", "jsonl"]).stdout);
    assert!(!sweep().contains("client/document-copy"));
    home.write("work/acme/plan.txt", &plan);
    home.ingest(&["work/acme"]);
    let found = sweep();
    assert!(found.contains("client/document-copy") && found.contains("copy: all of plan.txt"), "{found}");
    assert!(home.run(&["client", "forget", "acme", "--all"]).status.success());
    assert!(!sweep().lines().any(|line| line.contains("client/document-copy") && line.contains("\"new\"")));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_registered() {
    let home = Home::new();
    home.write("work/acme/a.txt", prose(9, 20));
    home.write("work/acme/b.rar", b"Rar!\x1a\x07\x01\x00 and more");
    let output = home.run(&["client", "ingest", "acme", "work/acme"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("b.rar"), "{}", text(&output.stderr));
    home.write("out/b.bin", b"Rar!\x1a\x07\x01\x00 and more, but not the same");
    home.write("out/a.txt", prose(9, 20));
    assert_eq!(home.copies("out").len(), 1);
    let nobody = home.run(&["client", "ingest", "nobody", "work/acme"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert_eq!(home.run(&["client", "ingest", "acme", "nowhere"]).status.code(), Some(2));
    assert!(!Path::new(&home.path(".state/sekisho/clients/nobody")).exists());
}
