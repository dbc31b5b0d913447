//! Forms in which a value's label does not stand beside it. `#` marks the value.

use super::*;

fn outline(text: &str, above: Option<&Above>, is_built: bool) -> (String, String) {
    let at = text.find('#').expect("a place");
    let labels = Outline::of(text.as_bytes(), above, is_built).labels(text.as_bytes(), at);
    let said = |label: &[u8]| String::from_utf8_lossy(label).trim().replace('\n', "/");
    (said(labels.own()), said(labels.around()))
}

fn own(text: &str) -> String {
    outline(text, None, false).0
}

fn around(text: &str) -> String {
    outline(text, None, false).1
}

fn built(text: &str) -> String {
    outline(text, None, true).0
}

#[test]
fn a_heading_is_found_wherever_it_stands() {
    assert_eq!(own("氏名,\"住所, 建物\",電話\r\n検証 花子,\"東京都, 関所ビル\",#03-0000-0000\r\n"), "電話");
    let titled = "従業員名簿\n\n2026年11月23日現在,,\n番号,氏名,個人番号\n1021,検証 花子,123\n1022,検証 次郎,#\n";
    assert_eq!(own(titled), "個人番号");
    assert_eq!(built("名簿\n2026年11月\t総務部\n番号\t氏名\t個人番号\n1\t花子\t123\n2\t次郎\t#"), "個人番号");
}

#[test]
fn rows_of_words_do_not_hide_the_heading() {
    let text = "氏名,部署,個人番号\n検証 花子,営業部,123\n検証 次郎,総務部,なし\n検証 三郎,総務部,#\n";
    assert_eq!(outline(text, None, false), ("なし".into(), "個人番号".into()));
}

#[test]
fn headings_over_two_lines_and_merged_cells() {
    assert_eq!(built("氏名\t個人\t\t連絡先\n\t番号\t区分\t電話\n花子\t#\t本人\t123"), "個人 番号/個人番号");
    assert_eq!(built("氏名\t連絡先\n\t電話\t個人番号\n花子\t123\t#"), "連絡先 個人番号/連絡先個人番号");
}

#[test]
fn a_second_table_has_a_heading_of_its_own() {
    let text = "氏名\t注文番号\n花子\t123\n\n氏名\tカード番号\n花子\t#";
    assert_eq!(built(text), "カード番号");
    assert_eq!(own("a,b\n1,2\n\nc,d,e\n1,2,#\n"), "e");
}

#[test]
fn a_row_with_another_number_of_cells_is_not_of_the_table() {
    assert_eq!(own("a,b,c\n1,2,3\n1,2,3\n1,2,3\nx,#\n"), "");
    assert_eq!(own("Dear Sir, how are you?\nI am fine.\nPlease pay # now.\n"), "");
    assert_eq!(own("name\n#\n"), "");
}

#[test]
fn quoted_cells_may_hold_line_ends() {
    let text = "氏名,備考,電話\n花子,\"一行目\n二行目, まで\",#123\n次郎,,03\n";
    assert_eq!(own(text), "電話");
}

#[test]
fn markdown_tables() {
    assert_eq!(own("説明です。\n\n| 氏名 | 個人番号 |\n|---|---:|\n| 花子 | 123 |\n| 次郎 | # |\n"), "個人番号");
}

#[test]
fn a_list_below_one_label() {
    let text = format!("名簿\n個人番号一覧\n{}#\n", "883690060263\n".repeat(20));
    assert_eq!((outline(&text, None, true).1, around(&text)), ("個人番号一覧".into(), "個人番号一覧".into()));
    assert_eq!(around("個人番号一覧\n123\n\n#\n"), "");
    assert_eq!(around("個人番号バッチを開始\n12:30 処理 123\n#\n"), "");
}

#[test]
fn a_transposed_table_has_labels_on_the_left() {
    assert_eq!(outline("氏名\t花子\t次郎\n個人番号\t123\t#", None, true).1, "個人番号");
}

#[test]
fn windows_carry_the_heading() {
    let text = "名簿\n氏名,個人番号\n花子,123\n";
    let above = Above::after(text.as_bytes(), None, false);
    assert_eq!(outline("次郎,#\n", Some(&above), false).0, "個人番号");
    let above = Above::after(b"3,4\n5,6\n", Some(&above), false);
    assert_eq!(outline("次郎,#\n", Some(&above), false).0, "個人番号");
    assert_eq!(Above::with_rows(&above.rows()).rows(), "氏名\t個人番号\n");
}

#[test]
fn keys_of_lists_and_objects() {
    let many = "\"123\", ".repeat(50);
    assert_eq!(own(&format!("{{\"my_numbers\": [{many}\"#\"], \"x\": 1}}")), "my_numbers");
    let text = format!("{{\"my_numbers\": [{}{{\"v\": \"#\"}}]}}", "{\"v\": 1}, ".repeat(30));
    assert_eq!(around(&text), "my_numbers");
    assert_eq!(around(&format!("{{\"customer\": {{\"a\": [{many}], \"b\": {{\"c\": \"#\"}}}}}}")), "b/customer");
    assert_eq!(own(&format!("my_numbers = [\n{many}\n'#'\n]")), "my_numbers");
    assert_eq!(own(&format!("x = 1\nmy_numbers:\n  - a{}\n  - #\n", "\n  - 123".repeat(30))), "my_numbers");
    assert_eq!(own(&format!("my_numbers:\n- a{}\nother:\n- #\n", "\n- 123".repeat(30))), "other");
    let above = Above::after(format!("{{\"my_numbers\": [{many}").as_bytes(), None, false);
    assert_eq!(outline("\"1\", \"#\"]", Some(&above), false).0, "my_numbers");
}

#[test]
fn elements_and_cells_of_markup() {
    let table = "<table><caption>名簿</caption><tr><th>氏名<th colspan=2>連絡先<th><b>個人</b>番号</tr>\
        <tr><td>花子<td>a<td>b<td>123</tr>\n<tr><td>次郎</td><td>a</td><td>b</td><td>#</td></tr></table>";
    assert_eq!(own(table), "個人番号");
    assert_eq!(
        own("<table><tr><td>氏名</td><td>カード番号</td></tr><tr><td>a</td><td>#</td></tr></table>"),
        "カード番号"
    );
    let spans = "<table><tr><td rowspan=2>氏名</td><td colspan=2>連絡先</td></tr><tr><td>電話</td><td>個人番号</td></tr>\
        <tr><td>花子</td><td>03</td><td>#</td></tr></table>";
    assert!(own(spans).ends_with("個人番号"), "{}", own(spans));
    assert_eq!(around("<x><my:Numbers><v>1</v><v>#</v></my:Numbers></x>"), "v/Numbers/x");
}

#[test]
fn columns_of_dumps() {
    assert_eq!(own("INSERT INTO `t` (`id`, `my_number`) VALUES (1,'12'),\n(2,'it''s, (x)'),(3,'#');"), "my_number");
    let create = "CREATE TABLE IF NOT EXISTS `t` (\n `id` int(11) NOT NULL,\n `note` enum('a','b'),\n `my_number` char(12),\n KEY (`id`)\n);\n";
    assert_eq!(own(&format!("{create}insert into t values (1,'a, b','1'),(2,'x','#');")), "my_number");
    assert_eq!(own("COPY public.t (id, my_number) FROM stdin;\n1\t12\n2\t#\n\\.\n"), "my_number");
    let above = Above::after(create.as_bytes(), None, false);
    let above = Above::after(b"INSERT INTO t VALUES (1,'x','1'),", Some(&above), false);
    assert_eq!(outline("'y'),(2,'y','#');", Some(&above), false).0, "my_number");
}

#[test]
fn any_bytes_do_no_harm() {
    for text in [
        "#",
        "\n#",
        "\"#",
        "<#",
        "</#",
        "<t></x>#",
        "{[#",
        "]}#",
        "a,b\n#",
        ",\n,#",
        "INSERT INTO#",
        "CREATE TABLE x (#",
    ] {
        for is_built in [false, true] {
            outline(text, None, is_built);
            let at = text.len();
            let above = Outline::of(text.as_bytes(), None, is_built).after(text.as_bytes(), at);
            outline(text, Some(&above), is_built);
        }
    }
}
