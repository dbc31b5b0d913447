//! Recall and false alarms on texts made here, and the search against a slow twin.

use std::collections::HashSet;

use super::*;

/// Pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const JAPANESE: &str = "冷却水 循環量 歩留まり 稼働記録 試作機 振動値 在庫 引当 通関 書類 再検査 原価 差異 待ち時間 返品率 劣化 曲線 輸送 温度 履歴 北倉庫 管理班 開発室 検品 設計部 購買課 試験 調達 窓口 会計 夜間 監視 臨時 監査人 帳票 拠点 数字 補正 匿名 集計 端末 媒体 余裕 計画 決裁 先方 原因 単価 会議 契約 森下 南港 品川 三号 基板 塗装 顧客 燃料 電池 暗号 毎週 翌月 来期 旧来 二割 三年 別室 火曜 奥 仮 余り 控え 工程 分析 保守 請負 現地 法人 見直し 保管";
const BETWEEN: [&str; 12] = ["は", "を", "に", "が", "の", "と", "で", "へ", "から", "まで", "より", "も"];
/// Words in any order: what two texts share, they share by chance.
fn japanese(random: &mut Random, sentences: usize) -> String {
    let words: Vec<&str> = JAPANESE.split(' ').collect();
    let mut text = String::new();
    for word in 0..sentences * 7 {
        text.push_str(random.pick(&words));
        text.push_str(if word % 7 == 6 { "した。" } else { random.pick(&BETWEEN) });
    }
    text
}

/// Words of a language that nobody speaks.
fn latin(random: &mut Random, words: usize) -> String {
    let mut text = String::new();
    for word in 0..words {
        for _ in 0..1 + random.below(3) {
            text.push_str(random.pick(&["b", "d", "f", "gr", "l", "m", "n", "p", "r", "st", "t", "v", "w"]));
            text.push_str(random.pick(&["a", "e", "i", "o", "u", "en", "er"]));
        }
        text.push_str(if word % 11 == 10 { ". " } else { " " });
    }
    text
}

fn registered(texts: &[String]) -> Registered {
    let document = |(i, text): (usize, &String)| {
        let mut print = Print::default();
        print.text(text.as_bytes());
        Document { path: format!("/{i:05}"), print: print.finish(), ..Document::default() }
    };
    let documents: Vec<Document> = texts.iter().enumerate().map(document).collect();
    let bytes = encode(&documents).expect("small");
    assert_eq!(decode(&bytes).as_ref(), Some(&documents));
    assert!(decode(&bytes[..bytes.len() - 1]).is_none());
    Registered::new(&[Stored::parse(&bytes).expect("whole")]).expect("small")
}

fn search(registered: &Registered, text: &str, piece: usize) -> Vec<Copied<usize>> {
    let mut search = Search::default();
    search.begin();
    let mut from = 0;
    while from < text.len() {
        let end = (from + piece..).find(|&end| end >= text.len() || text.is_char_boundary(end)).unwrap_or(text.len());
        let end = end.min(text.len());
        search.text(registered, &text.as_bytes()[from..end], &mut |offset| from + offset);
        from = end;
    }
    search.end(registered)
}

#[test]
fn passages_are_found_and_unrelated_texts_are_not() {
    let random = &mut Random(41);
    for (make, length) in [(japanese as fn(&mut Random, usize) -> String, 30), (latin, 300)] {
        let texts: Vec<String> = (0..60).map(|_| make(random, length)).collect();
        let others: Vec<String> = (0..200).map(|_| make(random, length)).collect();
        let registered = registered(&texts);
        let alarms = others.iter().filter(|text| !search(&registered, text, 1 << 20).is_empty()).count();
        assert!(alarms <= 1, "{alarms} of {}", others.len());
        // By characters of the passage, how many of three hundred must be found.
        for (characters, least) in [(60, 297), (40, 275)] {
            let mut found = 0;
            for _ in 0..300 {
                let document = random.below(texts.len());
                let from = random.below(texts[document].chars().count() - characters);
                let passage: String = texts[document].chars().skip(from).take(characters).collect();
                let host = &others[random.below(others.len())];
                let at = (host.len() / 2..).find(|&at| host.is_char_boundary(at)).unwrap_or(0);
                let text = format!("{}\n{passage}\n{}", &host[..at], &host[at..]);
                let copies = search(&registered, &text, 1 << 20);
                found += usize::from(copies.iter().any(|copied| copied.document == document));
            }
            assert!(found >= least, "{found} of 300 with {characters} characters");
        }
    }
}

/// The slow twin: the longest text that both have, by letters.
fn longest_common(a: &str, b: &str) -> usize {
    let letters = |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (a, b) = (letters(a), letters(b));
    let has = |length: usize| {
        let runs: HashSet<&[char]> = a.windows(length).collect();
        b.windows(length).any(|run| runs.contains(run))
    };
    (1..=a.len()).take_while(|&length| has(length)).last().unwrap_or(0)
}

#[test]
fn whatever_is_told_is_there_and_whatever_is_long_is_told() {
    let random = &mut Random(5);
    let texts: Vec<String> = (0..30).map(|_| japanese(random, 6)).collect();
    let registered = registered(&texts);
    for _ in 0..100 {
        let source = &texts[random.below(texts.len())];
        let length = 10 + random.below(60);
        let from = random.below(source.chars().count() - length);
        let passage: String = source.chars().skip(from).take(length).collect();
        let text = format!("{}{passage}{}", japanese(random, 3), japanese(random, 3));
        let copies = search(&registered, &text, 1 << 20);
        let common: Vec<usize> = texts.iter().map(|known| longest_common(known, &text)).collect();
        for copied in &copies {
            assert!(common[copied.document] >= 13, "{common:?} {copied:?}");
        }
        if common.iter().any(|&common| common >= 34) {
            assert!(!copies.is_empty(), "{text}");
        }
    }
}

#[test]
fn pieces_of_any_size_give_the_same() {
    let random = &mut Random(9);
    let texts: Vec<String> = (0..10).map(|_| japanese(random, 20)).collect();
    let registered = registered(&texts);
    let half: String = texts[3].chars().take(texts[3].chars().count() / 2).collect();
    let text = format!("{}{half}{}{}", japanese(random, 5), latin(random, 50), texts[7]);
    let whole = search(&registered, &text, 1 << 20);
    assert_eq!(whole.iter().map(|copied| copied.document).collect::<Vec<_>>(), [7, 3]);
    assert!(whole[0].percent == 100 && (45..=55).contains(&whole[1].percent), "{whole:?}");
    for piece in [7, 60, 500, 4000] {
        let found = search(&registered, &text, piece);
        let told = |copies: &[Copied<usize>]| copies.iter().map(|c| (c.document, c.percent)).collect::<Vec<_>>();
        assert_eq!(told(&found), told(&whole), "{piece}");
    }
}

#[test]
fn changed_and_set_phrases() {
    let random = &mut Random(77);
    let letter = "平素は格別のご高配を賜り、厚く御礼申し上げます。お手数をおかけいたしますが、ご確認のほどよろしくお願いいたします。";
    let texts: Vec<String> = (0..20).map(|_| format!("{letter}{}", japanese(random, 15))).collect();
    let registered = registered(&texts);
    assert!(search(&registered, &format!("{}{letter}{}", latin(random, 20), japanese(random, 2)), 1 << 20).is_empty());
    // Every twentieth letter of a hundred changed, left out or put in.
    let passage: Vec<char> = texts[4].chars().skip(100).take(100).collect();
    for change in 0..3 {
        let mut changed = passage.clone();
        for at in [90, 70, 50, 30, 10] {
            match change {
                0 => changed[at] = '鬱',
                1 => drop(changed.remove(at)),
                _ => changed.insert(at, '鬱'),
            }
        }
        let changed: String = changed.into_iter().collect();
        assert!(search(&registered, &changed, 1 << 20).iter().any(|copied| copied.document == 4), "{change}");
    }
}

#[test]
fn many_versions_of_one_text_are_one_finding() {
    let random = &mut Random(13);
    let base = japanese(random, 40);
    let texts: Vec<String> = (0..60).map(|i| format!("第{i}版{base}{}", japanese(random, 1))).collect();
    let registered = registered(&texts);
    assert_eq!(search(&registered, &base, 1 << 20).len(), 1);
}

#[test]
fn any_bytes_are_searched() {
    let random = &mut Random(3);
    let registered = registered(&[japanese(random, 20)]);
    let mut search = Search::default();
    for length in [0, 1, 5000] {
        let bytes: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        search.begin();
        search.text(&registered, &bytes, &mut |offset| offset);
        assert!(search.end(&registered).is_empty());
    }
    assert!(super::format::decode(&[0xFF; 40]).is_none());
}
