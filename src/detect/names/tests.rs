use super::*;

fn names(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    in_text(bytes, 0..bytes.len(), &mut |s| {
        found.push((s.value.start, text[s.value.clone()].to_owned() + if s.weak && !s.proven { "?" } else { "" }));
    });
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn full_names_in_running_text() {
    for (text, expected) in [
        ("本日、佐藤健一が伺います。", vec!["佐藤健一"]),
        ("佐藤 健一、鈴木　花子".replace('　', " ").as_str(), vec!["佐藤 健一", "鈴木 花子"]),
        ("担当は髙橋美咲です", vec!["髙橋美咲"]),
        ("代表取締役田中一郎様", vec!["田中一郎"]),
        ("渡辺さくらさんへ", vec!["渡辺さくら"]),
        ("山本さん、中村課長、小林様", vec!["山本", "中村", "小林"]),
        ("ヤマダ タロウ様", vec!["ヤマダ タロウ"]),
        ("一ノ瀬健太(イチノセ ケンタ)", vec!["一ノ瀬健太", "イチノセ ケンタ"]),
    ] {
        assert_eq!(names(text), expected, "{text}");
    }
}

#[test]
fn words_places_and_companies_are_no_names() {
    for text in [
        "東京都千代田区霞が関",
        "株式会社山田製作所",
        "江戸時代の文化",
        "山口県山口市",
        "本日中に林業を",
        "神様、奥様、お客様、皆様各位",
        "渋谷店長会議",
        "原因究明と再発防止",
        "高校生活",
        "石川県知事",
        "個人情報保護法",
        "情報処理推進機構",
        "平成時代",
        "小川のほとり",
        "全体会議",
        "大切な方",
        "中央区長",
        "森林資源",
        "開発部長会議",
        "北海道大学",
        "金子みすず書房",
    ] {
        assert_eq!(names(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn cells_that_could_be_names() {
    let text = "番号,氏名,備考\r\n1,\"龍 璃々亜\",リュウ リリア,090\r\n2,株式会社検証,あり\r\n<td>ジョン・スミス</td>\n{\"name\": \"関\"}\n文の中の名前。\n";
    let mut found = Vec::new();
    in_cells(text.as_bytes(), 0..text.len(), &mut |s| found.push(&text[s.value.clone()]));
    assert_eq!(found, ["番号", "備考", "龍 璃々亜", "リュウ リリア", "あり", "ジョン・スミス", "関"]);
}

#[test]
fn any_bytes_are_read_without_harm() {
    let mut state = 1u64;
    let mut bytes = Vec::new();
    for _ in 0..20_000 {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        bytes.push(match state >> 60 {
            0..=7 => 0xE3 + (state >> 40) as u8 % 7,
            8..=13 => 0x80 + (state >> 40) as u8 % 64,
            _ => (state >> 40) as u8,
        });
    }
    for cut in 0..200 {
        in_text(&bytes[cut..], 0..bytes.len() - cut, &mut |_| {});
        in_text(&bytes, cut..bytes.len() - cut, &mut |s| assert!(s.value.end <= bytes.len()));
    }
}
