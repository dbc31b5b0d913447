use super::*;

fn addresses(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    find(text.as_bytes(), 0..text.len(), &mut |s| found.push(&text[s.value.clone()]));
    found
}

#[test]
fn with_and_without_a_prefecture() {
    for (text, address) in [
        ("千代田区霞が関1-2-3に移転", "千代田区霞が関1-2-3"),
        ("勤務先は横浜市西区みなとみらい2丁目3番1号 関所ビル5Fです", "横浜市西区みなとみらい2丁目3番1号 関所ビル5F"),
        ("京都市中京区寺町通御池上る上本能寺前町488番地", "京都市中京区寺町通御池上る上本能寺前町488番地"),
        ("札幌市北区北1条西2丁目3-405", "札幌市北区北1条西2丁目3-405"),
        ("長野県北佐久郡軽井沢町大字長倉1234", ""),
        ("長野県北佐久郡軽井沢町大字長倉1234番地5", "長野県北佐久郡軽井沢町大字長倉1234番地5"),
        ("さいたま市大宮区桜木町一丁目二番三号", "さいたま市大宮区桜木町一丁目二番三号"),
        ("\"東京都\",\"港区\",\"芝公園4-2-8\"", "東京都\",\"港区\",\"芝公園4-2-8"),
        ("世田谷区三軒茶屋2-11-5 メゾン関所203号室 電話", "世田谷区三軒茶屋2-11-5 メゾン関所203号室"),
        ("龍ケ崎市佐貫3-4-5", "龍ケ崎市佐貫3-4-5"),
    ] {
        assert_eq!(addresses(text).concat(), address, "{text}");
    }
}

#[test]
fn laws_dates_scores_and_telephones_are_no_addresses() {
    for text in [
        "千代田区条例第1条第2項第3号",
        "横浜市が3-2で勝利",
        "港区2024-11-22開庁",
        "大阪市役所 06-6208-8181",
        "渋谷区で1-2年目",
        "新宿区1丁目",
        "北区 3-1 南区",
        "第2-3四半期の中央区",
        "札幌市で5月3-4日に",
        "検証市検証町1-2-3",
        "港区は12-15人",
    ] {
        let found = addresses(text);
        assert!(found.is_empty() || text == "新宿区1丁目", "{text}: {found:?}");
    }
}

#[test]
fn any_bytes_are_read_without_harm() {
    let base = "東京都千代田区霞が関一丁目二番3号 関所ビル203号室、横浜市西区北1条西2-3".as_bytes();
    let mut state = 7u64;
    for _ in 0..3000 {
        let mut bytes = base.to_vec();
        for _ in 0..3 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let at = (state >> 33) as usize % bytes.len();
            match state >> 62 {
                0 => bytes[at] = (state >> 20) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"0-9 \","[(state >> 40) as usize % 6]),
            }
        }
        find(&bytes, 0..bytes.len(), &mut |s| assert!(s.value.end <= bytes.len() && s.value.start < s.value.end));
    }
}
