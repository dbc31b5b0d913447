//! Values as they are compared: one way of writing for each.
//!
//! Normalised text (`text`: widths folded) in, what is compared out; `None` where too little is
//! left to mean one person. The same for what a table holds and for what a scan finds.

/// The prefectures of Japan: an address may or may not begin with one.
const PREFECTURES: &str = "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県";

/// What follows a name and is none.
const HONORIFICS: [&str; 5] = ["様", "殿", "さん", "先生", "御中"];

/// A mail address: lower case.
pub(super) fn email(value: &str) -> Option<String> {
    let value = value.trim().trim_start_matches("mailto:").trim_matches(['<', '>', '"']).to_lowercase();
    (value.contains('@') && value.len() >= 6).then_some(value)
}

/// A phone number: digits, the Japanese country code as the 0 it stands for.
pub(super) fn phone(value: &str) -> Option<String> {
    let value = value.trim();
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let national = match value.trim_start_matches(['(', ' ']).strip_prefix('+') {
        Some(_) => digits.strip_prefix("81"),
        None => digits.strip_prefix("01081").or_else(|| digits.strip_prefix("0081")),
    };
    let digits = match national {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => digits,
    };
    (digits.len() >= 9).then_some(digits)
}

/// A name: without spaces and honorifics, lower case.
pub(super) fn name(value: &str) -> Option<String> {
    let mut name: String = value.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if let Some(bare) = HONORIFICS.iter().find_map(|honorific| name.strip_suffix(honorific)) {
        name = bare.to_owned();
    }
    (name.chars().count() >= 2).then_some(name)
}

/// A number or code: letters and digits.
pub(super) fn code(value: &str) -> Option<String> {
    let code: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    (code.chars().count() >= 6).then_some(code)
}

/// An address down to the number of the house: without postal code, prefecture and building,
/// 一丁目9番2号 as 1-9-2.
pub(super) fn address(value: &str) -> Option<String> {
    let bare: String = value.chars().filter(|c| !c.is_whitespace() && *c != '〒').collect();
    let mut rest = bare.as_str();
    let code = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'-').count();
    if code >= 7 {
        rest = &rest[code..];
    }
    if let Some(bare) = PREFECTURES.split(' ').find_map(|prefecture| rest.strip_prefix(prefecture)) {
        rest = bare;
    }
    let chars: Vec<char> = rest.chars().collect();
    let mut out = String::new();
    let mut i = 0;
    let mut numbers = 0;
    while i < chars.len() {
        if let Some((number, length)) = number(&chars[i..]) {
            if numbers > 0 {
                out.push('-');
            }
            out.push_str(&number.to_string());
            numbers += 1;
            i += length;
            i += between(&chars[i..]);
            continue;
        }
        if numbers > 0 {
            // The building begins.
            break;
        }
        out.extend(chars[i].to_lowercase());
        i += 1;
    }
    (numbers > 0 && out.chars().count() >= 5).then_some(out)
}

/// A number of an address and its length: digits, or Japanese numerals before what counts blocks.
fn number(chars: &[char]) -> Option<(u32, usize)> {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        let number = chars[..digits].iter().collect::<String>().parse().ok()?;
        return Some((number, digits));
    }
    let numeral = |c: &char| "〇一二三四五六七八九十".chars().position(|n| n == *c);
    let length = chars.iter().take_while(|c| numeral(c).is_some()).count();
    let counts = chars.get(length).is_some_and(|c| matches!(c, '丁' | '番' | '号' | '条'));
    if length == 0 || length > 3 || !counts {
        return None;
    }
    let mut number = 0;
    for c in &chars[..length] {
        number = match numeral(c)? {
            10 => number.max(1) * 10,
            digit if number % 10 == 0 && number > 0 => number + digit as u32,
            digit => number * 10 + digit as u32,
        };
    }
    Some((number, length))
}

/// Characters between two numbers of an address, where another one follows; else what belongs to
/// the number.
fn between(chars: &[char]) -> usize {
    const WORDS: [&str; 9] = ["丁目", "番地の", "番地", "番", "号", "条", "の", "-", "ノ"];
    let text: String = chars.iter().take(3).collect();
    WORDS.iter().find(|word| text.starts_with(**word)).map_or(0, |word| word.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_in_many_ways() {
        for written in [
            "〒100-0005 東京都千代田区丸の内1-9-2 グラントウキョウ20F",
            "東京都千代田区丸の内一丁目9番2号",
            "千代田区丸の内１丁目９番２号".replace('１', "1").replace('９', "9").replace('２', "2").as_str(),
            "東京都 千代田区 丸の内 1丁目9-2",
        ] {
            assert_eq!(address(written).as_deref(), Some("千代田区丸の内1-9-2"), "{written}");
        }
        assert_eq!(address("福岡県太宰府市宰府十二丁目3"), address("太宰府市宰府12-3"));
        assert_eq!(address("三重県四日市市諏訪町1番5号").as_deref(), Some("四日市市諏訪町1-5"));
        assert_eq!(address("東京都千代田区"), None);
    }

    #[test]
    fn phones_and_names() {
        for written in ["03-1234-5678", "+81 3-1234-5678", "(03)1234-5678", "+81(0)3 1234 5678"] {
            assert_eq!(phone(written).as_deref(), Some("0312345678"), "{written}");
        }
        assert_eq!(phone("+1 202-555-0101").as_deref(), Some("12025550101"));
        assert_eq!(phone("110"), None);
        assert_eq!(name("山田 太郎 様"), name("山田太郎"));
        assert_eq!(name("John  SMITH").as_deref(), Some("johnsmith"));
        assert_eq!(name("李"), None);
        assert_eq!(email(" <Taro@Example.COM>").as_deref(), Some("taro@example.com"));
    }
}
