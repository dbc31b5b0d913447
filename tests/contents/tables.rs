//! Values that nothing but the structure around them gives a name: headings far above, keys of
//! long lists, columns of dumps. A number of twelve digits is a My Number only where that is said.

use super::scanned::scan;

const MY_NUMBER: &str = "personal/jp-my-number";
/// Longer than any context reaches.
const FAR: &str = "とても長い備考がここに入りますので前後の行の見出しからは八十文字以上離れることになりますからよろしくお願いいたします。以上、備考でした。";

/// Numbers with right check digits; whose they are nobody knows.
fn numbers(count: u64) -> Vec<String> {
    let body = |n: u64| format!("{:011}", 58_058_632_413 + n * 6_900_007);
    let check = |body: &str| {
        let sum: u32 = body.bytes().rev().zip((2..=7).chain(2..=6)).map(|(d, w)| u32::from(d - b'0') * w).sum();
        if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
    };
    (0..count).map(body).map(|body| format!("{body}{}", check(&body))).collect()
}

fn all_found(name: &str, bytes: &[u8], numbers: &[String]) {
    let found = scan(name, bytes);
    let missing = numbers.iter().filter(|number| found.places(MY_NUMBER, number).is_empty()).count();
    assert_eq!(missing, 0, "{name}: {missing} of {} missing", numbers.len());
}

/// Rows by number, a note in them.
fn rows(numbers: &[String], row: impl Fn(usize, &str) -> String) -> String {
    numbers.iter().enumerate().map(|(i, number)| row(i, number)).collect()
}

#[test]
fn documents_name_their_columns() {
    let folder = format!("{}/tests/fixtures/office", env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(format!("{folder}/expected.tsv")).expect("expected.tsv");
    // In the PDF's table the numbers of the letter are broken over two lines.
    let files = ["roster.xlsx", "roster.xls", "roster.ods", "roster.fods", "roster.pdf", "letter.docx", "letter.pdf"];
    for file in files {
        let listed = if file == "letter.pdf" { "letter.docx" } else { file };
        let values = table.lines().filter_map(|row| row.strip_prefix(listed)?.split('\t').nth(2));
        let numbers: Vec<String> =
            values.filter(|value| value.len() == 12 && value.parse::<u64>().is_ok()).map(str::to_owned).collect();
        assert!(numbers.len() >= 12, "{file}");
        all_found(file, &std::fs::read(format!("{folder}/{file}")).expect("fixture"), &numbers);
    }
}

#[test]
fn a_heading_below_titles() {
    let numbers = numbers(40);
    for (delimiter, name) in [(",", "a.csv"), ("\t", "a.tsv"), (";", "b.csv"), ("|", "c.csv")] {
        let line = |cells: [&str; 4]| cells.join(delimiter) + "\r\n";
        let text = "従業員名簿\r\n\r\n".to_owned()
            + &line(["番号", "氏名", "個人番号", "備考"])
            + &rows(&numbers, |i, number| line([&i.to_string(), "検証 花子", number, FAR]));
        all_found(name, text.as_bytes(), &numbers);
        all_found(name, &encoding_rs::SHIFT_JIS.encode(&text).0, &numbers);
    }
}

#[test]
fn windows_of_long_files_keep_what_things_are_called() {
    let numbers = numbers(6_000);
    let csv = "氏名,備考,個人番号\n".to_owned() + &rows(&numbers, |_, number| format!("検証 花子,{FAR},{number}\n"));
    all_found("a.csv", csv.as_bytes(), &numbers);
    let json = format!(
        "{{\"title\":\"x\",\"my_numbers\":[{}0]}}",
        rows(&numbers, |_, number| format!("\"{number}\",\n{}", " ".repeat(60)))
    );
    all_found("a.json", json.as_bytes(), &numbers);
    let dump = "CREATE TABLE `u` (\n  `id` int(11),\n  `note` text,\n  `my_number` char(12),\n  PRIMARY KEY (`id`)\n);\nINSERT INTO `u` VALUES "
        .to_owned()
        + &rows(&numbers, |i, number| format!("({i},'{FAR}','{number}'),"));
    all_found("a.sql", dump.as_bytes(), &numbers);
}

#[test]
fn markup_and_keys() {
    let numbers = numbers(40);
    let html = "<table><tr><th>氏名<th>備考<th>個人<br>番号</tr>".to_owned()
        + &rows(&numbers, |_, number| format!("<tr><td>花子</td><td>{FAR}</td><td><b>{number}</b></td></tr>\n"));
    all_found("a.html", html.as_bytes(), &numbers);
    let xml = format!(
        "<r><個人番号一覧>{}</個人番号一覧></r>",
        rows(&numbers, |i, number| format!("<item><id>{i}</id><note>{FAR}</note><v>{number}</v></item>"))
    );
    all_found("a.xml", xml.as_bytes(), &numbers);
    let yaml = format!("people:\n  個人番号:\n{}other: 1\n", rows(&numbers, |_, number| format!("    - '{number}'\n")));
    all_found("a.yaml", yaml.as_bytes(), &numbers);
    let json = format!(
        "{{\"my_number\": [{}]}}",
        rows(&numbers, |i, number| format!("{{\"id\": {i}, \"note\": \"{FAR}\", \"value\": \"{number}\"}},"))
    );
    all_found("b.json", json.as_bytes(), &numbers);
}

#[test]
fn columns_of_something_else_stay_silent() {
    let numbers = numbers(40);
    let csv = "番号,氏名,受付番号\n".to_owned() + &rows(&numbers, |i, number| format!("{i},検証 花子,{number}\n"));
    let found = scan("a.csv", csv.as_bytes()).found;
    assert!(!found.iter().any(|(detector, ..)| detector == MY_NUMBER), "{found:?}");
}
